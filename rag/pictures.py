"""Files and passages → pictures, drawn by a process of its own: a page that hangs, crashes or eats memory costs itself.

What it draws is `rag.read.crops`; which files may be opened is for the asker to know (see `rag.surroundings`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rag.codec import dumps, loads
from rag.read.crops import Crop, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    Draw = Callable[[bytes, Sequence[Passage]], tuple[Crop | None, ...]]

PROGRAM = "import sys; sys.path[:] = {path!r}; from rag.pictures import serve; serve()"
START = 60.0
"""Seconds after which a process that has not come up never will."""
MEGABYTES = 1024
"""What drawing may take beyond what the process holds anyway, where the system knows such a limit."""


@dataclass(frozen=True, slots=True)
class Order:
    """A PDF's path and the passages to be pictured in it."""

    path: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Orders:
    """What the process is told: the orders, the seconds each may take, and what draws (`module:function`)."""

    orders: tuple[Order, ...]
    seconds: float
    draw: str


def pictures(
    orders: Sequence[Order], *, seconds: float = 20.0, draw: str = "rag.read.crops:crop_passages"
) -> tuple[tuple[Crop | None, ...], ...]:
    """Return for each order a picture a passage; None where it was not found, or the process ended at that file."""
    drawn: list[tuple[Crop | None, ...]] = []
    silent = 0
    while len(drawn) < len(orders):
        waiting = tuple(orders[len(drawn) :])
        answers = _answers(_Orders(waiting, seconds, draw)) if silent <= 1 else []
        silent = 0 if answers else silent + 1  # two in a row that say nothing: no process can be started here
        drawn += answers
        drawn += [(None,) * len(order.passages) for order in waiting[len(answers) : len(answers) + 1]]
    return tuple(drawn)


def _answers(orders: _Orders) -> list[tuple[Crop | None, ...]]:
    """Return what a process answers until it has answered all, ends, or is late."""
    program = [sys.executable, "-c", PROGRAM.format(path=[str(place) for place in sys.path])]
    limit = START + orders.seconds * len(orders.orders)
    told = b""
    try:
        asked = dumps(orders).encode("utf-8", "surrogatepass")
        told = subprocess.run(  # noqa: S603 - our own program
            program, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limit, check=False
        ).stdout
    except subprocess.TimeoutExpired as late:
        told = late.stdout or b""
    except OSError:
        return []
    answers: list[tuple[Crop | None, ...]] = []
    with suppress(ValueError):  # words that are no answer: as good as its end
        answers += [loads(tuple[Crop | None, ...], line) for line in told.split(b"\n")[:-1]]
    return answers[: len(orders.orders)]


def serve() -> None:
    """Answer the process that started this one; what else is printed here reaches nobody."""
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    with os.fdopen(told, "wb") as outbox:
        answer(sys.stdin.buffer, outbox)


def answer(inbox: IO[bytes], outbox: IO[bytes]) -> None:
    """Write a line of JSON an order."""
    orders = loads(_Orders, inbox.read())
    module, _, name = orders.draw.partition(":")
    draw: Draw = getattr(import_module(module), name)
    for order in orders.orders:
        _end_in(orders.seconds)
        crops = draw(Path(order.path).read_bytes(), order.passages)
        outbox.write(dumps(crops).replace("\n", "").encode() + b"\n")
        outbox.flush()


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + MEGABYTES * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_in(seconds: float) -> None:
    """End this process after so many seconds, also where no line of Python gets a turn; never with 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
