"""How far a run is: heard by `Progress`, which says nothing, and shown by `Bars` on a terminal.

Decides nothing and keeps nothing. Texts go to stderr: the product alone goes to stdout.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Literal, Self

from rag.language import tell

Stage = Literal["gather", "write", "check"]
IMMOBILE = {"dumb", "unknown"}
"""Terminals that can write and nothing else."""
SLOWEST = 0.1
"""Units a second below which a rate says nothing beside the time left."""


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

    def queries(self, done: int, total: int) -> None:
        """Hear that so many queries of all are answered."""

    def sections(self, done: int, total: int) -> None:
        """Hear that a model has written so many sections of all."""

    def stage(self, stage: Stage) -> None:
        """Hear what begins now, and that what went before it has ended."""


class Bars(Progress):
    """Shows on a terminal a bar for whatever is counted, with rate and time left, and else what is being done, while it
    goes. Where stderr is no terminal it prints what a person should know, and no more.
    """

    def __init__(self) -> None:
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}
        self._stage: Any = None

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._end_stage()
            self._bars.stop()

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - what this is for

    def files(self, done: int, total: int) -> None:
        """Move the bar of files."""
        self._move(tell(es="lee", en="reading"), tell(es="archivos", en="files"), done, total)

    def chunks(self, done: int, total: int) -> None:
        """Move the bar of chunks."""
        self._move(tell(es="codifica", en="embedding"), tell(es="fragmentos", en="chunks"), done, total)

    def queries(self, done: int, total: int) -> None:
        """Move the bar of queries."""
        self._move(tell(es="busca", en="searching"), tell(es="consultas", en="queries"), done, total)

    def sections(self, done: int, total: int) -> None:
        """Move the bar of sections, which takes the place of the stage."""
        self._end_stage()
        self._move(tell(es="escribe", en="writing"), tell(es="secciones", en="sections"), done, total, timed="taken")

    def stage(self, stage: Stage) -> None:
        """Show what is being done, and for how long."""
        if not self._is_shown():
            return
        self._end_stage()
        doing = {
            "gather": tell(es="reúne evidencia", en="gathering evidence"),
            "write": tell(es="escribe", en="writing"),
            "check": tell(es="comprueba", en="checking"),
        }
        self._stage = self._bars.add_task(doing[stage], total=None, unit="", timed="taken")

    def _move(self, doing: str, unit: str, done: int, total: int, *, timed: str = "left") -> None:
        if not self._is_shown():
            return
        if doing not in self._tasks:
            self._tasks[doing] = self._bars.add_task(doing, total=total, unit=unit, timed=timed)
        self._bars.update(self._tasks[doing], completed=done, total=total)

    def _is_shown(self) -> bool:
        """Say whether there is a terminal that can move its cursor, and have the bars there."""
        if self._bars is None and sys.stderr.isatty() and os.environ.get("TERM") not in IMMOBILE:
            self._bars = _bars()
            self._bars.start()
        return self._bars is not None

    def _end_stage(self) -> None:
        if self._stage is not None:
            self._bars.remove_task(self._stage)
            self._stage = None


def _bars() -> Any:  # noqa: ANN401 - rich is imported where it is used
    from rich import progress
    from rich.console import Console
    from rich.text import Text

    class Count(progress.ProgressColumn):
        """So many of all, and how many a second; nothing where there is nothing to count."""

        def render(self, task: progress.Task) -> Text:
            if task.total is None:
                return Text()
            speed = task.finished_speed or task.speed or 0.0
            rate = f"  {speed:.1f}/s" if speed >= SLOWEST else ""
            return Text(f"{task.completed:.0f}/{task.total:.0f} {task.fields['unit']}{rate}")

    class Time(progress.TimeRemainingColumn):
        """The time left or the time taken, and at the end always that."""

        def render(self, task: progress.Task) -> Text:
            taken = task.fields["timed"] == "taken"
            return progress.TimeElapsedColumn().render(task) if taken else super().render(task)

    return progress.Progress(
        progress.TextColumn("{task.description:9}"),
        progress.BarColumn(bar_width=24),
        Count(),
        Time(elapsed_when_finished=True),
        console=Console(stderr=True),
        speed_estimate_period=60.0,
    )
