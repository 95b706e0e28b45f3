"""Which words of an excerpt a sentence prints, or leans on: sentences and excerpts → marks. Judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.facts.alignment import Passage, nearest, statement
from rag.facts.compare import SHORTEST_QUOTE, find_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.records import Excerpt

LIKE = 0.3
"""Share of a sentence's stems that one of the excerpt must hold to be shown as what it leans on."""

_PRINTED = re.compile(r"«([^»]+)»|“([^”]+)”|\"([^\"]+)\"")
_ELISION = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of an excerpt's text, from `start` to `end`, and the id of the sentence `by` which they are marked.

    `exact` says that the sentence prints them; else they are what it is most like.
    """

    start: int
    end: int
    by: str
    exact: bool = True


def marks(words: str, excerpt: Excerpt, *, by: str, quote: str = "", language: str) -> tuple[Mark, ...]:
    """Return the marks of a sentence's words in an excerpt: its quotation, else all of it, else what it prints in
    quotation marks, else the sentence of the excerpt most like it, else none.
    """
    printed = (next(filter(None, match.groups())) for match in _PRINTED.finditer(words))
    for tried in ((quote,), (words,), printed):
        if spans := [span for one in tried if one for span in _spans(one, excerpt.text)]:
            return tuple(Mark(start, end, by) for start, end in spans)
    return tuple(Mark(start, end, by, exact=False) for start, end in _nearest(words, excerpt, language))


def cuts(length: int, marked: Sequence[Mark]) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """Part a text of that length wherever a mark begins or ends; give each part with the marks over it."""
    edges = sorted({0, length, *(edge for one in marked for edge in (one.start, one.end))})
    for start, end in pairwise(edges):
        yield start, end, tuple(one for one in marked if one.start <= start and end <= one.end)


def _spans(quote: str, text: str) -> list[tuple[int, int]]:
    """Return where each part of a quotation stands, in order; nothing where one is missing or all is too short."""
    spans: list[tuple[int, int]] = []
    for part in filter(None, _ELISION.split(quote.strip())):
        span = find_words(part, text, begin=spans[-1][1] if spans else 0)
        if span is None:
            return []
        spans.append(span)
    return spans if sum(end - start for start, end in spans) >= SHORTEST_QUOTE else []


def _nearest(words: str, excerpt: Excerpt, language: str) -> Iterator[tuple[int, int]]:
    found, like = nearest(statement(words, language), [Passage(excerpt.text, excerpt.language or language)])
    if found and like >= LIKE:
        start = excerpt.text.index(found.text)
        yield start, start + len(found.text)
