"""A document and a sentence that cites it → the passages of it that the sentence can rest on.

A document has many passages and a citation names none: those that share the sentence's words and figures are chosen,
and, where asked, those nearest in meaning. It judges nothing. Document id, sentence -> Passages
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rag.language import stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.catalog import Catalog
    from rag.embed import CachedEmbedder
    from rag.records import Excerpt, Source
    from rag.rows import StoredChunk

CHOSEN = 12
"""Passages of a document that a sentence is checked against: some 10,000 characters, all of a short report."""
NEAREST = 6
"""Of those, nearest in meaning where that is asked."""
SEARCHES = 300
"""Sentences of a draft that are embedded at most: some ten seconds."""
_FIGURE_WEIGHT = 3
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Passages:
    """The excerpts chosen, neighbours joined, and how many passages were read of how many there are."""

    excerpts: tuple[Excerpt, ...] = ()
    read: int = 0
    held: int = 0

    @property
    def partial(self) -> bool:
        """Whether a part of the document was not read."""
        return self.read < self.held


class Stacks:
    """The documents of a catalog, for sentences that cite them."""

    def __init__(self, catalog: Catalog, encoder: CachedEmbedder) -> None:
        self._catalog, self._encoder = catalog, encoder
        self.searches = 0
        self._held: dict[str, tuple[StoredChunk, ...]] = {}

    def sources(self) -> tuple[Source, ...]:
        """Return what the catalog holds."""
        return tuple(self._catalog.sources())

    def may_search(self) -> bool:
        """Say whether one more sentence may be embedded, and count it."""
        self.searches += 1
        return self.searches <= SEARCHES

    def passages(self, document_id: str, sentence: str, *, language: str, by_meaning: bool = False) -> Passages:
        """Return the passages of a document for a sentence: by its words, and where asked also those with its figures
        and, while there is leave to embed, the nearest by meaning.
        """
        if document_id not in self._held:
            self._held[document_id] = self._catalog.chunks_of(document_id)
        chunks = self._held[document_id]
        ranked = by_words(sentence, [each.chunk.text for each in chunks], language=language)
        chosen = set(ranked[:CHOSEN])
        if by_meaning and len(chunks) > CHOSEN:
            chosen |= set(_with_figures(sentence, ranked, chunks)[:CHOSEN])
            chosen |= set(self._nearest(sentence, chunks)[:NEAREST]) if self.may_search() else set()
        return Passages(self._joined([chunks[place].id for place in sorted(chosen)]), len(chosen), len(chunks))

    def _nearest(self, sentence: str, chunks: Sequence[StoredChunk]) -> list[int]:
        """Return the places of the chunks by cosine, nearest first; what has no vector yet is left out."""
        vector = self._encoder.queries([sentence])[0]
        held = self._catalog.vectors([each.vector_hash for each in chunks])
        likeness = {
            place: round(float(np.dot(held[each.vector_hash], vector)), 6)
            for place, each in enumerate(chunks)
            if each.vector_hash in held
        }
        return sorted(likeness, key=lambda place: (-likeness[place], place))

    def _joined(self, ids: Sequence[int]) -> tuple[Excerpt, ...]:
        """Return chunks as excerpts, those that follow one another as one: a quotation may pass into the next."""
        found = self._catalog.excerpts(ids)
        joined: list[Excerpt] = []
        for excerpt in (found[id_] for id_ in ids if id_ in found):
            whole = self._catalog.between(joined[-1], excerpt) if joined else None
            if whole is None:
                joined.append(excerpt)
            else:
                joined[-1] = whole
        return tuple(joined)


def by_words(sentence: str, texts: Sequence[str], *, language: str) -> list[int]:
    """Return the places of the texts by the words they share with a sentence, a rare word counting more and a figure
    most; most first, ties in order.
    """
    wanted = set(stems(sentence, language)) | set(_FIGURE.findall(sentence))
    held = [_words(text, language) & wanted for text in texts]
    frequency = Counter(word for words in held for word in words)
    weight = {word: (_FIGURE_WEIGHT if word.isdigit() else 1) / count for word, count in frequency.items()}
    scores = [round(sum(weight[word] for word in sorted(words)), 6) for words in held]
    return sorted(range(len(texts)), key=lambda place: (-scores[place], place))


def _with_figures(sentence: str, ranked: Sequence[int], chunks: Sequence[StoredChunk]) -> list[int]:
    """Return the places of the chunks that hold a figure of the sentence, in their rank."""
    figures = set(_FIGURE.findall(sentence))
    return [place for place in ranked if figures & set(_FIGURE.findall(chunks[place].chunk.text))]


@lru_cache(maxsize=20_000)
def _words(text: str, language: str) -> frozenset[str]:
    return frozenset(stems(text, language)) | frozenset(_FIGURE.findall(text))
