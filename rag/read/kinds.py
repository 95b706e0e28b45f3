"""The beginning of a file → the format it is in. The suffix only decides where the content says nothing.

Does not read the file: a reader may still refuse it. What no reader reads has a reason that says what to do.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from rag.errors import SourceError
from rag.language import tell

if TYPE_CHECKING:
    from rag.read.archive import Archive

Kind = Literal[
    "pdf", "zip", "docx", "odt", "epub", "rtf", "html", "jats", "bibtex", "ris", "csl", "table", "markdown", "text"
]  # fmt: skip

SUFFIXES: dict[str, Kind] = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".bib": "bibtex",
    ".bibtex": "bibtex",
    ".ris": "ris",
    ".csv": "table",
    ".tsv": "table",
    ".jsonl": "table",
    ".ndjson": "table",
}
"""What a text is that does not say so itself."""
MISNAMED = {".pdf", ".docx", ".doc", ".odt", ".rtf", ".epub"}
"""Suffixes of other formats we read: a text that bears one was saved under a wrong name."""
UNKNOWN = {
    "en": "its format is not read; save it as PDF, DOCX, ODT, EPUB, HTML, Markdown or plain text",
    "es": "su formato no se lee; guárdalo como PDF, DOCX, ODT, EPUB, HTML, Markdown o texto sin formato",
}
FAILED_DOWNLOAD = {
    "en": "it is a web page, as failed downloads are; download the document again, or give the page a name in .html",
    "es": "es una página web, como las descargas fallidas; descarga de nuevo el documento, o llama a la página *.html",
}
PICTURE = {
    "en": "it is a picture; save its text as PDF or plain text",
    "es": "es una imagen; guarda su texto como PDF o texto sin formato",
}
FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        {
            "en": "it is of an old Office or locked by a password; save it as DOCX or PDF without one",
            "es": "es de un Office antiguo o está protegido con contraseña; guárdalo como DOCX o PDF sin ella",
        },
    ),
    (
        b"\x1f\x8b",
        {
            "en": "it is compressed; unpack it and put what is in it here",
            "es": "está comprimido; descomprímelo y pon aquí lo que contiene",
        },
    ),
    (
        b"7z\xbc\xaf\x27\x1c",
        {
            "en": "it is a 7z archive; unpack it and put the files in it here",
            "es": "es un archivo 7z; descomprímelo y pon aquí sus archivos",
        },
    ),
    (
        b"Rar!\x1a\x07",
        {
            "en": "it is a RAR archive; unpack it and put the files in it here",
            "es": "es un archivo RAR; descomprímelo y pon aquí sus archivos",
        },
    ),
    (b"\x89PNG\r\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"AT&TFORM", {"en": "DjVu is not read; save it as PDF", "es": "DjVu no se lee; guárdalo como PDF"}),
    (
        b"SQLite format 3",
        {
            "en": "it is a database; save what is in it as CSV",
            "es": "es una base de datos; guarda como CSV lo que contiene",
        },
    ),
)
WORD, BOOK, WRITER = "word/", "META-INF/container.xml", "application/vnd.oasis.opendocument.text"
PARTS = (
    (
        "xl/",
        {"en": "it is a spreadsheet; save its table as CSV", "es": "es una hoja de cálculo; guarda su tabla como CSV"},
    ),
    ("ppt/", {"en": "it is a presentation; save it as PDF", "es": "es una presentación; guárdala como PDF"}),
    (
        "content.xml",
        {
            "en": "it is an OpenDocument file, but no text; save it as PDF",
            "es": "es un archivo OpenDocument, pero no un texto; guárdalo como PDF",
        },
    ),
    (
        "",
        {
            "en": "it is an archive; unpack it and put the files in it here",
            "es": "es un archivo comprimido; descomprímelo y pon aquí sus archivos",
        },
    ),
)
"""What an archive is that holds a part of such a name."""
XML_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*+(?:<!DOCTYPE\s+|<)(?:\w+:)?([\w.-]+)", re.IGNORECASE | re.DOTALL
)
DECLARED = re.compile(r"\s*<(?:\?xml|!DOCTYPE)\s", re.IGNORECASE)
ARTICLES = {"article", "pmc-articleset"}
BIBTEX = re.compile(r"(?:\s|%.*\n)*@[a-z]+\s*\{\s*[^\s,{}=\"]+\s*,", re.IGNORECASE)
RIS = re.compile(r"\s*TY {1,2}- ")
JSON_LINE = re.compile(r"\s*\{.*\}[ \t]*(?:\n|\Z)")
JSON = re.compile(r"\s*(?:\[\s*[{\]]|\{\s*\")")
FRONT_MATTER = re.compile(r"---[ \t]*\n(?:title|título|author|autor|date|fecha)\w*:", re.IGNORECASE)


def bytes_kind(head: bytes, *, path: str) -> Kind | None:
    """Return the format these first bytes announce; None where they may be text; `SourceError` for a foreign one."""
    start = head.lstrip()
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    for magic, reason in FOREIGN:
        if head.startswith(magic):
            raise SourceError(path, tell(**reason))
    return None


def archive_kind(archive: Archive) -> Kind:
    """Return the format of an archive by the parts it holds; `SourceError` where it is none we read."""
    if BOOK in archive.names:
        return "epub"
    if archive.read("mimetype").startswith(WRITER.encode()):
        return "odt"
    if any(name.startswith(WORD) for name in archive.names):
        return "docx"
    found = (reason for part, reason in PARTS if not part or any(name.startswith(part) for name in archive.names))
    raise SourceError(archive.path, tell(**next(found)))


def text_kind(text: str, *, path: str) -> Kind:
    """Return the format of a text by its beginning, else by its suffix; `SourceError` where it is none we read."""
    named = kind_by_name(path)
    kind = _markup(text) or _records(text)
    if kind == "csl" and named == "table":  # a line of JSON longer than what was looked at
        kind = "table"
    kind = kind or named
    if kind is None or (kind == "text" and DECLARED.match(text)):
        raise SourceError(path, tell(**UNKNOWN))
    if kind == "html" and PurePosixPath(path).suffix.lower() in MISNAMED:
        raise SourceError(path, tell(**FAILED_DOWNLOAD))
    return kind


def kind_by_name(path: str) -> Kind | None:
    """Return the format of a text that does not say it itself; None where its suffix is of no text we read."""
    suffix = PurePosixPath(path).suffix.lower()
    return "text" if suffix in MISNAMED else SUFFIXES.get(suffix)


def _markup(text: str) -> Kind | None:
    root = XML_ROOT.match(text)
    name = root[1].lower() if root else ""
    if name == "html":
        return "html"
    if name in ARTICLES:
        return "jats"
    return "markdown" if FRONT_MATTER.match(text) else None


def _records(text: str) -> Kind | None:
    if BIBTEX.match(text):
        return "bibtex"
    if RIS.match(text):
        return "ris"
    if JSON_LINE.match(text):
        return "table"
    return "csl" if JSON.match(text) else None
