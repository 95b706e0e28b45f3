"""A bibliography, recognised by its content, or a sidecar, by its name -> what it says.

Everything else, and what is no file to be read, is left to `rag.read.read_file`, which says why. Path -> Bibliography,
or nothing.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.read.bibtex import bibtex_entries
from rag.read.characters import clean, decode
from rag.read.csl import csl_entries
from rag.read.kinds import bytes_kind, text_kind
from rag.read.ris import ris_entries
from rag.read.sidecar import described_path, sidecar_entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.read.entries import Bibliography
    from rag.read.kinds import Kind

HEAD = 4096
"""Bytes that tell a bibliography from anything else."""
LARGEST = 40 * 2**20
"""Bytes of a bibliography at most: one of 40,000 works with their abstracts."""
READERS: dict[Kind, Callable[..., Bibliography]] = {"bibtex": bibtex_entries, "ris": ris_entries, "csl": csl_entries}


def read_bibliography(path: Path, *, corpus: Path) -> Bibliography | None:
    """Return what a bibliography or sidecar of the corpus says; None for anything else."""
    name = path.relative_to(corpus).as_posix()
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or not 0 < found.st_size <= LARGEST:
            return None
        with path.open("rb") as file:
            reader = _reader(file.read(HEAD), name)
            file.seek(0)
            data = file.read() if reader else b""
    except OSError:
        return None
    try:
        return reader(decode(data), path=name) if reader else None
    except ValueError as error:
        raise SourceError(name, str(error)) from error


def _reader(head: bytes, name: str) -> Callable[..., Bibliography] | None:
    """Return what reads a file that begins so and is called so; None where it is no bibliography."""
    if described_path(name):
        return sidecar_entries
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        kind = bytes_kind(head, path=name) or text_kind(clean(head.decode(encoding, "replace")), path=name)
    except SourceError:
        return None
    return READERS.get(kind)
