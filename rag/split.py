"""Document → chunks, cut at the document's own seams: sections, then paragraphs, then sentences, then words.

Does not overlap chunks, does not embed. Every chunk fits `max_tokens` of the encoder that will read it, so nothing is
ever truncated; the chunks of a document cover all of it but headings (kept as `heading_path`), blank space and lists of
sources: what a text cites is not what it says. They stay in the document's text, and what follows them is cut again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from rag.language import sentence_spans
from rag.read.references import is_references_title, lists_sources
from rag.records import Chunk, Document, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Span = tuple[int, int]

_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
_WORD = re.compile(r"\S+")


def split(document: Document, *, count_tokens: Callable[[str], int], max_tokens: int) -> tuple[Chunk, ...]:
    """Cut the document into chunks of at most `max_tokens`, in order, each inside one section.

    Neighbouring pieces are packed together while they fit: a chunk is as large as its section and the window allow.
    """
    text = document.text

    def fits(start: int, end: int) -> bool:
        return count_tokens(text[start:end]) <= max_tokens

    chunks: list[Chunk] = []
    for start, end, path in _section_bodies(document):
        for first, last in _pack(_pieces(document, start, end, fits), fits):
            chunks.append(Chunk(document.source.id, first, last, text[first:last], path, _page(document, first)))
    return tuple(chunks)


def _section_bodies(document: Document) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the spans between headings that do not list sources, each with the titles of the headings over it."""
    start, end = 0, len(document.text)
    open_sections: list[Section] = []
    for section in (*document.sections, None):
        stop = section.start if section else end
        if not (_in_references(open_sections) and lists_sources(document.text[start:stop])):
            yield start, stop, tuple(above.title for above in open_sections)
        if section:
            open_sections = [above for above in open_sections if above.level < section.level] + [section]
            start = section.start + len(section.title)


def _in_references(sections: list[Section]) -> bool:
    return any(is_references_title(section.title) for section in sections)


def _pieces(document: Document, start: int, end: int, fits: Callable[[int, int], bool]) -> Iterator[Span]:
    """Yield spans that each fit: whole paragraphs where they do, else sentences, else runs of words."""
    for paragraph in _PARAGRAPH.finditer(document.text, start, end):
        first, last = paragraph.span()
        if fits(first, last):
            yield first, last
            continue
        for a, b in sentence_spans(document.text[first:last], document.source.language):
            if fits(first + a, first + b):
                yield first + a, first + b
            else:
                words = (word.span() for word in _WORD.finditer(document.text, first + a, first + b))
                yield from _pack((half for word in words for half in _halves(word, fits)), fits)


def _halves(span: Span, fits: Callable[[int, int], bool]) -> Iterator[Span]:
    """Cut a word without seams (a long address, a table run together) in halves until each fits."""
    start, end = span
    if end - start == 1 or fits(start, end):
        yield span
        return
    middle = (start + end) // 2
    yield from _halves((start, middle), fits)
    yield from _halves((middle, end), fits)


def _pack(pieces: Iterator[Span], fits: Callable[[int, int], bool]) -> Iterator[Span]:
    """Join consecutive spans while their union fits."""
    current: Span | None = None
    for start, end in pieces:
        if current is None:
            current = (start, end)
        elif fits(current[0], end):
            current = (current[0], end)
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


def _page(document: Document, offset: int) -> int | None:
    return bisect_right(document.pages, offset) if document.pages else None
