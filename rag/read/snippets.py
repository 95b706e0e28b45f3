"""Dated snippets pasted one after another -> a Document for each.

Knows no date itself: `rag.dates` finds the prefixes ("Mar 8, 2023 · …").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.dates import parse_date, split_snippets
from rag.errors import SourceError
from rag.read.characters import clean
from rag.read.compose import Block, compose
from rag.records import UNDATED, Document, PublicationDate, Source

if TYPE_CHECKING:
    from datetime import date

RETRIEVED = re.compile(r"\s*(?:retrieved|accessed|recuperado|consultado)\s*:(.*)(?:\n|\Z)", re.IGNORECASE)


def snippet_documents(text: str, *, path: str, retrieved: date | None) -> tuple[Document, ...]:
    """Return a document for each snippet of a text, from whatever file.

    A first line "retrieved: 2024-05-01" outweighs `retrieved`. What stands before the first dated prefix, or all of
    it where there is none, is a document without a date: nothing of the material is lost.
    """
    header, body = _split_header(clean(text))
    retrieved = _day(header, path=path) if header else retrieved
    pieces = [(snippet.text, snippet.date) for snippet in split_snippets(body, retrieved=retrieved)]
    return tuple(
        _document(piece, published, path=path, retrieved=retrieved)
        for piece, published in pieces or [(body, UNDATED)]
        if piece.strip()
    )


def begins_with_snippet(text: str) -> bool:
    """Say whether clean text opens with a dated prefix, after the day of retrieval if it names one."""
    _, body = _split_header(text)
    return any(snippet.date.origin == "prefix" for snippet in split_snippets(body)[:1])


def _split_header(text: str) -> tuple[str, str]:
    found = RETRIEVED.match(text)
    return (found[1].strip(), text[found.end() :]) if found else ("", text)


def _day(words: str, *, path: str) -> date | None:
    day = parse_date(words, origin="prefix")
    if day.precision != "day":
        raise SourceError(path, f"line 1: “{words}” is not a day; write for instance “retrieved: 2024-05-01”")
    return day.first


def _document(text: str, published: PublicationDate, *, path: str, retrieved: date | None) -> Document:
    source = Source(id="", paths=(path,), format="snippet", date=published, retrieved=retrieved)
    return compose(map(Block, text.split("\n\n")), source)
