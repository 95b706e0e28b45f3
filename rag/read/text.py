"""Plain text -> one Document, or one for each dated snippet.

Reads a title and a few fields ("Fecha: …") at the head; knows no other structure than paragraphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.read.characters import clean
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, language_code, split_authors, web_link
from rag.read.told import Told, source
from rag.records import UNDATED, Document, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE_WORDS = 20
"""A first line of more words is a sentence that lacks its period."""
WRAPPED = 150
"""Characters beyond which nobody wraps lines by hand: a longer line is a paragraph of its own."""
BULLET = re.compile(r"[-*•·‣–—]\s+")
NAMES = {
    "title": ("title", "título", "titulo"),
    "date": ("fecha", "date", "publicado", "published", "fecha de publicación", "publication date"),
    "updated": ("actualizado", "updated"),
    "authors": ("autor", "autora", "autores", "autoras", "autor(es)", "author", "authors", "author(s)", "por", "by"),
    "retrieved": ("retrieved", "accessed", "recuperado", "consultado"),
    "doi": ("doi",),
    "url": ("url", "fuente", "source"),
    "language": ("idioma", "language", "lang"),
}
FIELDS = {name: field for field, names in NAMES.items() for name in names}
FIELD = re.compile(r"([^\W\d][\w() ]*?)\s*:\s*(\S.*)")


def read_text(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a plain text."""
    lines = [line.strip() for line in clean(text).strip().split("\n")]
    title, rest = _split_title(lines)
    fields, rest = _split_fields(rest)
    title = title or fields.get("title", "")
    body = tuple(_paragraphs(rest))
    if not any(block.text for block in body):  # a title and nothing under it is the text
        title, fields, body = "", {}, tuple(_paragraphs(lines))
    retrieved = _date(fields, "retrieved")
    told = Told(
        "first page",
        title=title,
        authors=split_authors(fields.get("authors", "")),
        date=_date(fields, "date"),
        updated=_date(fields, "updated"),
        retrieved=retrieved.first if retrieved.precision == "day" else None,
        doi=bare_doi(fields.get("doi", "")),
        url=web_link(fields.get("url", "")),
        language=language_code(fields.get("language", "")),
    )
    return (compose((Block(title, level=1), *body), source("text", path, told)),)


def _split_title(lines: list[str]) -> tuple[str, list[str]]:
    first, under = lines[0], lines[1] if len(lines) > 1 else ""
    short = 0 < len(first.split()) <= TITLE_WORDS and not first.endswith((".", ":", ",", ";"))
    alone = not under or _field(under) is not None
    return (first, lines[1:]) if short and alone and _field(first) is None else ("", lines)


def _split_fields(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields at the head and the lines under them; blank lines before a field do not end the head."""
    fields: dict[str, str] = {}
    end = 0
    for number, line in enumerate(lines, start=1):
        field = _field(line)
        if field is not None:
            fields.setdefault(*field)
            end = number
        elif line:
            break
    return fields, lines[end:]


def _field(line: str) -> tuple[str, str] | None:
    found = FIELD.fullmatch(line)
    name = FIELDS.get(found[1].lower()) if found else None
    return (name, found[2]) if found and name else None


def _date(fields: Mapping[str, str], name: str) -> PublicationDate:
    return parse_date(fields[name].strip(), origin="text") if name in fields else UNDATED


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """Join hard-wrapped lines; a blank line, a bullet and a line nobody wrapped stand for a new paragraph."""
    paragraph: list[str] = []
    for line in lines:
        whole = len(line) > WRAPPED
        if not line or whole or BULLET.match(line):
            yield Block(" ".join(paragraph))
            paragraph = []
        if whole:
            yield Block(line)
        else:
            paragraph.append(BULLET.sub("", line, count=1) if BULLET.match(line) else line)
    yield Block(" ".join(paragraph))
