"""A query → dated excerpts: dense and lexical lists fused by RRF, near-duplicates once, diverse by MMR.

Does not know briefs. A *shelf* is anything that can be searched by vector and by word: the index, and the brief's own
material. Scores are rounded before ranking and ties broken by key, so the same shelves give the same order anywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.language import say, stems
from rag.records import Excerpt, LeftOut, TimeLimits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.embed import CachedEmbedder, Vectors

POOL = 50
"""Candidates taken from each list of each shelf."""
RRF_CONSTANT = 60
"""The k of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""
CROSS_LANGUAGE_WEIGHT = 0.2
"""Weight of a lexical rank where query and passage differ in language: only shared names can have matched."""
NEAR_DUPLICATE = 0.8
"""Jaccard similarity of stems from which two excerpts say the same."""
RELEVANCE = 0.7
"""The λ of maximal marginal relevance (Carbonell & Goldstein 1998)."""
REUSED = 0.5
"""Share of its relevance that an excerpt keeps for a second heading."""


class Shelf(Protocol):
    """Passages searchable by unit vector and by word, each answer best first with its score."""

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with cosines."""

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with BM25."""

    def excerpts(self, ids: Sequence[int]) -> Mapping[int, Excerpt]:
        """Return excerpts by row number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Excerpts chosen for a query, best first, and those left out with the reason."""

    chosen: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...]


def search(
    query: str, *, shelves: Sequence[Shelf], embedder: CachedEmbedder, k: int, language: str = "", limits: TimeLimits
) -> tuple[Excerpt, ...]:
    """Return the best `k` excerpts for a query, each statement once, best first.

    `language` is the query's, empty where it is not known. Each excerpt's `parts` hold its cosine ("dense") and its
    BM25 ("lexical"), 0 where a list did not have it.
    """
    vector = embedder.queries([query])[0]
    dense, lexical = [], []
    for shelf in shelves:
        near = shelf.nearest(vector, k=max(POOL, k), limits=limits)
        words = shelf.lexical(query, language=language, k=max(POOL, k), limits=limits)
        found = shelf.excerpts(sorted({row for row, _ in (*near, *words)}))
        dense += [(found[row], score) for row, score in near]
        lexical.append([(found[row], score) for row, score in words])
    dense.sort(key=lambda hit: (-round(hit[1], 6), hit[0].key))
    return _without_duplicates(_fuse(dense, lexical, language=language))[0][:k]


def _fuse(
    dense: Sequence[tuple[Excerpt, float]], lexical: Sequence[Sequence[tuple[Excerpt, float]]], *, language: str
) -> list[Excerpt]:
    """Fuse ranked lists by RRF. Each shelf's lexical list counts by itself: BM25 of two shelves do not compare."""
    excerpts: dict[str, Excerpt] = {}
    scores: Counter[str] = Counter()
    parts: dict[str, dict[str, float]] = {}
    for name, hits in (("dense", dense), *(("lexical", hits) for hits in lexical)):
        for rank, (excerpt, raw) in enumerate(hits, start=1):
            crossing = name == "lexical" and language and excerpt.language and excerpt.language != language
            excerpts.setdefault(excerpt.key, excerpt)
            scores[excerpt.key] += (CROSS_LANGUAGE_WEIGHT if crossing else 1.0) / (RRF_CONSTANT + rank)
            parts.setdefault(excerpt.key, {"dense": 0.0, "lexical": 0.0})[name] = round(raw, 6)
    fused = [
        replace(excerpt, score=round(scores[key], 6), parts=tuple(parts[key].items()))
        for key, excerpt in excerpts.items()
    ]
    return sorted(fused, key=lambda excerpt: (-excerpt.score, excerpt.key))


def _without_duplicates(ranked: Sequence[Excerpt]) -> tuple[tuple[Excerpt, ...], dict[str, str]]:
    """Keep the first of excerpts that say the same; return them and, by key of the others, the one they repeat."""
    kept: list[tuple[Excerpt, frozenset[str]]] = []
    repeats: dict[str, str] = {}
    for excerpt in ranked:
        terms = frozenset(stems(excerpt.text, excerpt.language))
        twin = next((other.key for other, known in kept if _jaccard(terms, known) >= NEAR_DUPLICATE), None)
        if twin:
            repeats[excerpt.key] = twin
        else:
            kept.append((excerpt, terms))
    return tuple(excerpt for excerpt, _ in kept), repeats


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def choose(
    ranked: Sequence[Excerpt],
    *,
    embedder: CachedEmbedder,
    k: int,
    per_source: int,
    used: frozenset[str] = frozenset(),
    language: str = "en",
) -> Choice:
    """Choose `k` excerpts by maximal marginal relevance, at most `per_source` of one source.

    Those `used` elsewhere keep a share of their relevance: a section draws on its own evidence first.
    """
    distinct, repeats = _without_duplicates(ranked)
    reasons = {
        key: say(language, es=f"dice lo mismo que k:{twin}", en=f"says the same as k:{twin}")
        for key, twin in repeats.items()
    }
    relevance = {e.key: _scaled(e.score, distinct) * (REUSED if e.key in used else 1.0) for e in distinct}
    closeness = _closeness(distinct, embedder)
    chosen: list[int] = []
    open_rows = set(range(len(distinct)))
    while open_rows and len(chosen) < k:
        best = min(
            open_rows, key=lambda row: (-_marginal(row, chosen, distinct, relevance, closeness), distinct[row].key)
        )
        open_rows.discard(best)
        source = distinct[best].source.id
        if sum(distinct[row].source.id == source for row in chosen) < per_source:
            chosen.append(best)
        else:
            capped = f"{per_source}"
            reasons[distinct[best].key] = say(
                language, es=f"ya hay {capped} extractos de su fuente", en=f"its source already gives {capped} excerpts"
            )
    for row in sorted(open_rows):
        reasons[distinct[row].key] = say(
            language, es="menos pertinente que los elegidos", en="less relevant than those chosen"
        )
    return Choice(
        tuple(distinct[row] for row in chosen),
        tuple(LeftOut(excerpt.key, reasons[excerpt.key]) for excerpt in ranked if excerpt.key in reasons),
    )


def _marginal(
    row: int, chosen: Sequence[int], excerpts: Sequence[Excerpt], relevance: Mapping[str, float], closeness: Vectors
) -> float:
    nearest = max((float(closeness[row, other]) for other in chosen), default=0.0)
    return round(RELEVANCE * relevance[excerpts[row].key] - (1 - RELEVANCE) * nearest, 6)


def _scaled(score: float, ranked: Sequence[Excerpt]) -> float:
    low, high = min(e.score for e in ranked), max(e.score for e in ranked)
    return (score - low) / (high - low) if high > low else 1.0


def _closeness(excerpts: Sequence[Excerpt], embedder: CachedEmbedder) -> Vectors:
    """Return cosines between excerpts, scaled so that the farthest pair has 0: encoders squeeze them differently."""
    vectors = embedder.passages([excerpt.text for excerpt in excerpts])
    cosines = vectors @ vectors.T
    low = cosines.min(initial=1.0)
    return np.asarray((cosines - low) / max(1.0 - low, 1e-6), dtype=np.float32)
