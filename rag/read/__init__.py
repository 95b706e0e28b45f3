"""One file of the corpus -> the documents it holds. One module per format; content decides before the suffix.

Reads nothing outside the corpus, opens no socket, and knows nothing of an index. What cannot be read is a `SourceError`
that says what to do about it. A file is looked at before it is read: what is endless, enormous or empty costs nothing.
"""

from __future__ import annotations

import os
import stat
from importlib import import_module
from typing import TYPE_CHECKING, cast

from rag.errors import SourceError
from rag.language import os_words, tell
from rag.read.characters import clean, decode
from rag.read.kinds import UNKNOWN, archive_kind, bytes_kind, kind_by_name, text_kind
from rag.read.snippets import begins_with_snippet, snippet_documents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.read.kinds import Kind
    from rag.records import Document

    Reader = Callable[..., tuple[Document, ...]]

__all__ = ["PARSER_VERSION", "clean", "read_file", "snippet_documents"]

PARSER_VERSION: int = 3
"""Raised when a reader gives other documents for the same bytes: what an older one read is then read again."""
HEAD = 65536
"""Bytes looked at before a file is read."""
LARGEST = 400 * 2**20
"""Bytes of a PDF or an archive at most: a scanned book takes 300 MB, nearly all of it pictures."""
LARGEST_TEXT = 40 * 2**20
"""Bytes of any other file: 10,000 pages take 25 MB, and reading them takes ten times as much memory."""


def read_file(path: Path, *, corpus: Path) -> tuple[Document, ...]:
    """Return the documents in a file of the corpus: one as a rule; several snippets or entries; none in a bare .bib."""
    name = path.relative_to(corpus).as_posix()
    data, kind = _content(path, name)
    if kind == "zip":
        from rag.read.archive import open_archive

        with open_archive(data, path=name) as archive:
            return _reader(archive_kind(archive))(archive, path=name)
    if kind:
        return _reader(kind)(data, path=name)
    try:
        text = decode(data)
    except ValueError as error:
        if path.suffix.lower() == ".pdf":
            return _reader("pdf")(data, path=name)  # which says what is wrong with it
        raise SourceError(name, str(error) if kind_by_name(name) else tell(**UNKNOWN)) from error
    return _reader(text_kind(clean(text[:HEAD]), path=name))(text, path=name)


def _reader(kind: Kind) -> Reader:
    """Return what reads a format; imported when the first file of it comes, since a search needs none of them."""
    if kind == "text":
        return _read_snippets_or_text
    module = import_module(f"rag.read.{'tables' if kind == 'table' else kind}")
    return cast("Reader", getattr(module, f"read_{kind}"))


def _content(path: Path, name: str) -> tuple[bytes, Kind | None]:
    """Return a file's bytes and the format they announce, None where they may be text."""
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise SourceError(
                name,
                tell(
                    es="no es un archivo; quítalo o pon un archivo en su lugar",
                    en="it is no file; remove it or put a file in its place",
                ),
            )
        with path.open("rb") as file:
            head = file.read(HEAD)
            kind = _announced(head, before.st_size, name)
            file.seek(0)
            data = file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise SourceError(
            name,
            tell(
                es=f"no se puede abrir ({os_words(error)}); comprueba quién puede leerlo",
                en=f"it cannot be opened ({os_words(error)}); check who may read it",
            ),
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise SourceError(
            name,
            tell(
                es="cambió mientras se leía; indexa de nuevo cuando esté completo",
                en="it changed while it was read; index it again when it is whole",
            ),
        )
    return data, kind


def _announced(head: bytes, size: int, name: str) -> Kind | None:
    """Return the format a file's first bytes announce; `SourceError` where the rest need not be read."""
    if not head.strip() and size == len(head):
        raise SourceError(
            name, tell(es="está vacío; quítalo o pon en él el texto", en="it is empty; remove it or put the text in")
        )
    if not head.strip(b"\0"):
        raise SourceError(
            name,
            tell(
                es="empieza solo con ceros, como las descargas fallidas; descárgalo o guárdalo de nuevo",
                en="it begins with nothing but zeros, as broken downloads do; download or save it anew",
            ),
        )
    kind = bytes_kind(head, path=name)
    most = LARGEST if kind in {"pdf", "zip"} else LARGEST_TEXT
    if size > most:
        raise SourceError(
            name,
            tell(
                es=f"ocupa más de {most // 2**20} MB; divídelo o guarda solo su texto",
                en=f"it is larger than {most // 2**20} MB; split it or save only its text",
            ),
        )
    return kind


def _read_snippets_or_text(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the snippets of a text that opens with one, else the one document it is."""
    if begins_with_snippet(clean(text[:HEAD])):
        return snippet_documents(text, path=path, retrieved=None)
    return cast("Reader", import_module("rag.read.text").read_text)(text, path=path)
