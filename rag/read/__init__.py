"""One file of the corpus -> the documents it holds. One module per format; content decides before the extension.

Reads nothing outside the corpus, opens no socket, and knows nothing of an index. What cannot be read is a `SourceError`
that says what to do about it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.read.bibtex import read_bibtex
from rag.read.characters import clean, decode
from rag.read.html import read_html
from rag.read.markdown import read_markdown
from rag.read.pdf import read_pdf
from rag.read.snippets import begins_with_snippet, snippet_documents
from rag.read.text import read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.records import Document

__all__ = ["PARSER_VERSION", "clean", "read_file", "snippet_documents"]

PARSER_VERSION: int = 1
"""Raised when a reader gives other documents for the same bytes: what an older one read is then read again."""

FORMATS = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".bib": "bibtex",
    ".pdf": "pdf",
}
HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
BIBTEX = re.compile(r"(?:\s|%.*\n)*@[a-z]+\s*\{\s*[^\s,{}=\"]+\s*,", re.IGNORECASE)
UNKNOWN = "its format is not read; save it as PDF, HTML, Markdown, BibTeX or plain text"


def read_file(path: Path, *, corpus: Path) -> tuple[Document, ...]:
    """Return the documents in a file of the corpus: one as a rule; several snippets or entries; none in a bare .bib."""
    name = path.relative_to(corpus).as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(name, f"it cannot be opened ({error.strerror}); check who may read it") from error
    if not data.strip():
        raise SourceError(name, "it is empty; remove it or put the text in")
    if data.lstrip().startswith(b"%PDF-") or FORMATS.get(path.suffix.lower()) == "pdf":
        return read_pdf(data, path=name)
    try:
        text = decode(data)
    except ValueError as error:
        raise SourceError(name, str(error) if path.suffix.lower() in FORMATS else UNKNOWN) from error
    return _reader(text, name)(text, path=name)


def _reader(text: str, name: str) -> Callable[..., tuple[Document, ...]]:
    """Return what reads a text: by its beginning, else by the file's extension."""
    if HTML.match(text):
        return read_html
    if BIBTEX.match(text):
        return read_bibtex
    match FORMATS.get(PurePosixPath(name).suffix.lower()):
        case "html":
            return read_html
        case "bibtex":
            return read_bibtex
        case "markdown":
            return read_markdown
        case "text":
            return read_snippets_or_text
    raise SourceError(name, UNKNOWN)


def read_snippets_or_text(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the snippets of a text that opens with one, else the one document it is."""
    if begins_with_snippet(clean(text)):
        return snippet_documents(text, path=path, retrieved=None)
    return read_text(text, path=path)
