"""How far a run is: heard by `Progress`, which says nothing, and shown by `Bars` on a terminal.

Decides nothing and keeps nothing. Texts go to stderr: the product alone goes to stdout.
"""

from __future__ import annotations

import sys
from typing import Any, Self


class Progress:
    """Hears how a run goes, and says nothing. Use as a context manager."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def say(self, line: str) -> None:
        """Hear what a person should know now: that the run waits, say."""

    def files(self, done: int, total: int) -> None:
        """Hear that so many files of all are read."""

    def chunks(self, done: int, total: int) -> None:
        """Hear that so many chunks of all that wait are embedded."""


class Bars(Progress):
    """Shows a bar for files and one for chunks, each with rate and time left, while they go; lines where stderr is no
    terminal, for what a person should know alone.
    """

    def __init__(self) -> None:
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - what this is for

    def files(self, done: int, total: int) -> None:
        """Move the bar of files."""
        self._move("reading", "files", done, total)

    def chunks(self, done: int, total: int) -> None:
        """Move the bar of chunks."""
        self._move("embedding", "chunks", done, total)

    def _move(self, doing: str, unit: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        if doing not in self._tasks:
            self._tasks[doing] = self._bars.add_task(doing, total=total, unit=unit)
        self._bars.update(self._tasks[doing], completed=done, total=total)


def _bars() -> Any:  # noqa: ANN401 - rich is imported where it is used
    from rich import progress
    from rich.console import Console

    class Rate(progress.ProgressColumn):
        """Units a second."""

        def render(self, task: progress.Task) -> str:
            speed = task.finished_speed or task.speed
            return f"{speed:.1f}/s" if speed else ""

    return progress.Progress(
        progress.TextColumn("{task.description:9}"),
        progress.BarColumn(),
        progress.TextColumn("{task.completed:.0f}/{task.total:.0f} {task.fields[unit]}"),
        Rate(),
        progress.TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        speed_estimate_period=60.0,
    )
