"""A query → dated excerpts: dense and lexical lists fused by RRF, near-duplicates once, diverse by MMR.

Does not know briefs. A *shelf* is anything that can be searched by vector and by word: the index, and the brief's own
material; a text that lies on several is one source. Scores are rounded before ranking and ties broken by key, so the
same shelves give the same order anywhere. Nothing found tells of a republication after an `as_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.embed import CachedEmbedder
from rag.language import say, stems
from rag.occurrences import merge_occurrences
from rag.records import UNDATED, Excerpt, LeftOut, TimeLimits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.embed import Embedder, Vectors
    from rag.index import Index
    from rag.records import Source

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
_NEGATIONS = frozenset(("no", "ni", "sin", "nunc", "ningun", "not", "never", "without", "nor"))
"""Stems that turn a sentence into its contrary."""


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
    pool = find(query, shelves=shelves, embedder=embedder, k=max(POOL, k), language=language, limits=limits)
    return _without_duplicates(pool)[0][:k]


def search_index(query: str, index: Index, *, embedder: Embedder, k: int, limits: TimeLimits) -> tuple[Excerpt, ...]:
    """Return the `k` excerpts of an index that answer a query best; the query's vector is kept in the index."""
    return search(query, shelves=(index,), embedder=CachedEmbedder(embedder, index.catalog), k=k, limits=limits)


def find(
    query: str, *, shelves: Sequence[Shelf], embedder: CachedEmbedder, k: int, language: str = "", limits: TimeLimits
) -> tuple[Excerpt, ...]:
    """Return all that the lists of `k` of every shelf hold for a query, best first; what says the same is all there."""
    vector = embedder.queries([query])[0]
    dense: dict[str, tuple[Excerpt, float]] = {}
    lexical = []
    sources: dict[str, set[Source]] = {}
    for shelf in shelves:
        near = shelf.nearest(vector, k=k, limits=limits)
        words = shelf.lexical(query, language=language, k=k, limits=limits)
        found = shelf.excerpts(sorted({row for row, _ in (*near, *words)}))
        dense = {found[row].key: (found[row], score) for row, score in near} | dense
        lexical.append([(found[row], score) for row, score in words])
        for excerpt in found.values():
            sources.setdefault(excerpt.source.id, set()).add(excerpt.source)
    nearest = sorted(dense.values(), key=lambda hit: (-round(hit[1], 6), hit[0].key))
    known = {id_: _as_known(merge_occurrences(tuple(held)), limits) for id_, held in sources.items()}
    fused = _fuse(nearest, lexical, language=language)
    return tuple(replace(excerpt, source=known[excerpt.source.id]) for excerpt in fused)


def _as_known(source: Source, limits: TimeLimits) -> Source:
    """Return a source without a republication that was still to come as of the day the limits set."""
    again = source.republished.last
    to_come = limits.as_of is not None and again is not None and again > limits.as_of
    return replace(source, republished=UNDATED) if to_come else source


def _fuse(
    dense: Sequence[tuple[Excerpt, float]], lexical: Sequence[Sequence[tuple[Excerpt, float]]], *, language: str
) -> list[Excerpt]:
    """Fuse ranked lists by RRF. Each shelf's lexical list counts by itself: BM25 of two shelves do not compare.

    An excerpt on two shelves counts in its better lexical list alone.
    """
    excerpts: dict[str, Excerpt] = {}
    shares: dict[str, dict[str, float]] = {}
    parts: dict[str, dict[str, float]] = {}
    for name, hits in (("dense", dense), *(("lexical", hits) for hits in lexical)):
        for rank, (excerpt, raw) in enumerate(hits, start=1):
            crossing = name == "lexical" and language and excerpt.language and excerpt.language != language
            share = (CROSS_LANGUAGE_WEIGHT if crossing else 1.0) / (RRF_CONSTANT + rank)
            excerpts.setdefault(excerpt.key, excerpt)
            before = shares.setdefault(excerpt.key, {"dense": 0.0, "lexical": 0.0})
            raws = parts.setdefault(excerpt.key, {"dense": 0.0, "lexical": 0.0})
            if share > before[name]:
                before[name], raws[name] = share, round(raw, 6)
    fused = [
        replace(excerpt, score=round(sum(shares[key].values()), 6), parts=tuple(parts[key].items()))
        for key, excerpt in excerpts.items()
    ]
    return sorted(fused, key=lambda excerpt: (-excerpt.score, excerpt.key))


def _without_duplicates(ranked: Sequence[Excerpt]) -> tuple[tuple[Excerpt, ...], dict[str, str]]:
    """Keep the first of excerpts that say the same; return them and, by key of the others, the one they repeat."""
    kept: list[tuple[Excerpt, frozenset[str]]] = []
    repeats: dict[str, str] = {}
    for excerpt in ranked:
        terms = frozenset(stems(excerpt.text, excerpt.language))
        twin = next((other.key for other, known in kept if _say_the_same(terms, known)), None)
        if twin:
            repeats[excerpt.key] = twin
        else:
            kept.append((excerpt, terms))
    return tuple(excerpt for excerpt, _ in kept), repeats


def _say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two texts share nearly all stems; with another figure or a negation more they disagree."""
    if any(term[0].isdigit() or term in _NEGATIONS for term in one ^ other):
        return False
    return one == other or len(one & other) / len(one | other) >= NEAR_DUPLICATE


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
    best_score = max((excerpt.score for excerpt in distinct), default=0.0) or 1.0
    relevance = {e.key: e.score / best_score * (REUSED if e.key in used else 1.0) for e in distinct}
    rows, capped = _pick(distinct, relevance, _closeness(distinct, embedder), k=k, per_source=per_source)
    less = say(language, es="menos pertinente que los elegidos", en="less relevant than those chosen")
    cap = say(
        language, es=f"tope de extractos por fuente: {per_source}", en=f"most excerpts of one source: {per_source}"
    )
    reasons = {distinct[row].key: cap if row in capped else less for row in set(range(len(distinct))) - set(rows)}
    reasons |= {
        key: say(language, es=f"dice lo mismo que k:{twin}", en=f"says the same as k:{twin}")
        for key, twin in repeats.items()
    }
    return Choice(
        tuple(distinct[row] for row in rows),
        tuple(LeftOut(excerpt.key, reasons[excerpt.key]) for excerpt in ranked if excerpt.key in reasons),
    )


def _pick(
    excerpts: Sequence[Excerpt], relevance: Mapping[str, float], closeness: Vectors, *, k: int, per_source: int
) -> tuple[list[int], set[int]]:
    """Pick rows one by one, the marginally best each time; return them and those passed over for their source."""
    picked: list[int] = []
    capped: set[int] = set()
    waiting = set(range(len(excerpts)))
    while waiting and len(picked) < k:
        best = min(
            waiting, key=lambda row: (-_marginal(row, picked, excerpts, relevance, closeness), excerpts[row].key)
        )
        waiting.discard(best)
        source = excerpts[best].source.id
        if sum(excerpts[row].source.id == source for row in picked) < per_source:
            picked.append(best)
        else:
            capped.add(best)
    return picked, capped


def _marginal(
    row: int, chosen: Sequence[int], excerpts: Sequence[Excerpt], relevance: Mapping[str, float], closeness: Vectors
) -> float:
    nearest = max((float(closeness[row, other]) for other in chosen), default=0.0)
    return round(RELEVANCE * relevance[excerpts[row].key] - (1 - RELEVANCE) * nearest, 6)


def _closeness(excerpts: Sequence[Excerpt], embedder: CachedEmbedder) -> Vectors:
    """Return cosines between excerpts, scaled so that the farthest pair has 0: encoders squeeze them differently."""
    vectors = embedder.passages([excerpt.text for excerpt in excerpts])
    cosines = vectors @ vectors.T
    low = cosines.min(initial=1.0)
    return np.asarray((cosines - low) / max(1.0 - low, 1e-6), dtype=np.float32)
