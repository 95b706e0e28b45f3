"""Dated snippets pasted one after another -> a Document for each.

Knows no date itself: `rag.dates` finds the prefixes ("Mar 8, 2023 · …") and the titles and addresses above them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.dates import Snippet, parse_date, split_snippets
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import clean
from rag.read.compose import Block, compose
from rag.records import UNDATED, Document, Source

if TYPE_CHECKING:
    from datetime import date

RETRIEVED = re.compile(r"\s*(?:retrieved|accessed|recuperado|consultado)\s*:(.*)(?:\n|\Z)", re.IGNORECASE)


def snippet_documents(text: str, *, path: str, retrieved: date | None) -> tuple[Document, ...]:
    """Return a document for each snippet of a text, from whatever file.

    A first line "retrieved: 2024-05-01" outweighs `retrieved`. What stands before the first dated prefix, or all of
    it where there is none, is a document without a date: nothing of the material is lost.
    """
    retrieved, body = split_retrieved(clean(text), path=path, retrieved=retrieved)
    snippets = split_snippets(body, retrieved=retrieved) or (Snippet(UNDATED, body, 0, len(body)),)
    return tuple(_document(snippet, path=path, retrieved=retrieved) for snippet in snippets if snippet.text.strip())


def begins_with_snippet(text: str) -> bool:
    """Say whether clean text opens with a dated prefix, after the day of retrieval if it names one."""
    found = RETRIEVED.match(text)
    return any(
        snippet.date.origin == "prefix" for snippet in split_snippets(text[found.end() :] if found else text)[:1]
    )


def split_retrieved(text: str, *, path: str, retrieved: date | None) -> tuple[date | None, str]:
    """Return the day of retrieval that a text's first line names, else the one given, and the text without that line.

    Raises `SourceError` where the line names no day.
    """
    found = RETRIEVED.match(text)
    if found is None:
        return retrieved, text
    words = found[1].strip()
    day = parse_date(words, origin="prefix")
    if day.precision != "day":
        raise SourceError(
            path,
            tell(
                es=f"línea 1: «{words}» no es un día; escribe por ejemplo «retrieved: 2024-05-01»",
                en=f"line 1: “{words}” is not a day; write for instance “retrieved: 2024-05-01”",
            ),
        )
    return day.first, text[found.end() :]


def _document(snippet: Snippet, *, path: str, retrieved: date | None) -> Document:
    source = Source(
        id="",
        paths=(path,),
        format="snippet",
        title=snippet.title,
        date=snippet.date,
        retrieved=retrieved,
        url=snippet.url,
    )
    return compose(map(Block, snippet.text.split("\n\n")), source)
