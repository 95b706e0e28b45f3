"""What a worker process does: the name of a file in, what it holds out, line by line, until its input ends.

Does not start processes nor decide what a silence means (see `rag.parse`). Answers are JSON and not pickles: what a
hostile file made of its reader cannot become code in the process that asked.

Orders, then path after path → `READY`, then a Parsed for each path.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from rag.codec import dumps, loads
from rag.errors import SourceError
from rag.folder import why_no_source
from rag.language import detect, tell
from rag.read import read_file
from rag.read.bibliographies import read_bibliography
from rag.read.entries import Entry  # noqa: TC001 - the codec reads the annotations
from rag.records import Document  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    Read = Callable[[str, Path], "Parsed"]

READY = b"ready\n"
OUT_OF_MEMORY = 86
"""The exit status of a worker whose file took more memory than it may."""
GRACE = 2.0
"""Seconds beyond a file's time after which a worker whose parent is gone ends itself."""
LONGEST_FAULT = 120
REMARKS = 10
"""Remarks on one file that are told; a file with more is broken as a whole."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a file of the corpus, with the documents it holds. `path` is relative, with forward slashes.

    Skipped is what is no source; failed what could not be read; `reason` says why, and what to do about it. Of what was
    read it names what could not be. A bibliography and a sidecar hold `entries`; which of these are documents of their
    own, the corpus decides.
    """

    path: str
    documents: tuple[Document, ...] = ()
    state: Literal["read", "skipped", "failed"] = "read"
    reason: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told first: where the files lie, what reads one (`module:function`), and what it may take."""

    corpus: str
    read: str
    seconds: float
    megabytes: int


def read_source(path: str, corpus: Path) -> Parsed:
    """Read one file of the corpus, unless it is a brief or a text of ours."""
    if "\\x" in path and not (corpus / path).exists():
        return Parsed(
            path,
            state="failed",
            reason=tell(es="su nombre no está en UTF-8; cámbialo", en="its name is not UTF-8; rename it"),
        )
    if reason := why_no_source(corpus / path):
        return Parsed(path, state="skipped", reason=reason)
    try:
        if told := read_bibliography(corpus / path, corpus=corpus):
            return Parsed(path, reason=_short(told.remarks), entries=told.entries)
        return Parsed(path, read_file(corpus / path, corpus=corpus))
    except SourceError as error:
        return Parsed(path, state="failed", reason=error.reason)


def _short(remarks: tuple[str, ...]) -> str:
    more = (
        tell(es=f"; y {len(remarks) - REMARKS} más", en=f"; and {len(remarks) - REMARKS} more")
        if len(remarks) > REMARKS
        else ""
    )
    return "; ".join(remarks[:REMARKS]) + more


def serve() -> None:
    """Answer the process that started this one; nothing else that is printed here reaches it or the screen."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to act on
    asked, told, nowhere = os.dup(0), os.dup(1), os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    with os.fdopen(asked, "rb") as inbox, os.fdopen(told, "wb") as outbox:
        status = answer(inbox, outbox)
        os._exit(status)  # at once: what a reader left behind may not keep the process


def answer(inbox: IO[bytes], outbox: IO[bytes]) -> int:
    """Answer line by line until the input ends, and return the exit status."""
    orders = loads(Orders, inbox.readline())
    module, _, name = orders.read.partition(":")
    read: Read = getattr(import_module(module), name)
    corpus = Path(orders.corpus)
    detect("")  # loads what nearly every file needs, while the asker may still be at something else
    _tell(outbox, READY)
    for line in inbox:
        path = cast("str", json.loads(line))
        _limit_memory(orders.megabytes)
        _end_in(orders.seconds + GRACE)
        try:
            reply = as_line(_guarded(read, path, corpus))
        except MemoryError:
            return OUT_OF_MEMORY
        finally:
            _end_in(0)
        _tell(outbox, reply)
    return 0


def as_line(record: object) -> bytes:
    """Return a record as one line of JSON; a line break can only stand between its parts."""
    return dumps(record).replace("\n", "").encode("utf-8", "surrogatepass") + b"\n"


def _guarded(read: Read, path: str, corpus: Path) -> Parsed:
    """Read a file; an error nobody foresaw costs this file alone."""
    try:
        return read(path, corpus)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - libraries raise what they like on files made to break them
        fault = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_FAULT]
        return Parsed(
            path,
            state="failed",
            reason=tell(
                es=f"su lector ha fallado ({fault}); guárdalo de nuevo o en otro formato",
                en=f"its reader failed ({fault}); save it anew or in another format",
            ),
        )


def _limit_memory(megabytes: int) -> None:
    """Let this process take so much more than it holds now. Where the system knows no such limit, there is none."""
    try:
        import resource

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (held + megabytes * 2**20, most))
    except (ImportError, OSError, ValueError):
        return


def _end_in(seconds: float) -> None:
    """End this process after so many seconds, also where no line of Python gets a turn; never with 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=2)
    else:
        faulthandler.cancel_dump_traceback_later()


def _tell(outbox: IO[bytes], line: bytes) -> None:
    outbox.write(line)
    outbox.flush()
