"""A query → dated excerpts: dense and lexical lists fused, in any language, reranked where something reranks.

Does not know briefs and does not choose. A *shelf* is anything that can be searched by vector and by word: the index,
and the brief's own material; a text that lies on several is one source. Scores are rounded before ranking and ties
broken by key, so the same shelves give the same order anywhere. Nothing found tells of a republication after `as_of`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from rag.embed import CachedEmbedder
from rag.language import function_words, interface_language, say
from rag.occurrences import merge_occurrences
from rag.records import UNDATED, Excerpt, TimeLimits
from rag.retrieve.choose import Choice, distinct, leave_out
from rag.retrieve.fuse import Asked, Hit, fuse
from rag.retrieve.tongues import PARALLEL, Tongues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.embed import Embedder, Vectors
    from rag.index import Index
    from rag.records import Source

POOL = 50
"""Candidates taken from each list of each shelf."""
WIDER = 4
"""How many times as many passages are looked at where shelves hold several languages: those of the query's own fill the
first ranks.
"""
LESS = 0.5
"""What a further wording of a question counts against the first."""
RERANKED = 30
"""Candidates that a reranker reads: what it can lift into a section, in seconds on two cores."""
NEXT = 5
"""Excerpts that an explained search tells of beyond those asked for."""


class Shelf(Protocol):
    """Passages searchable by unit vector and by word, each answer best first with its score."""

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with cosines."""

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with BM25."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages of its passages, without the unknown."""

    def excerpts(self, ids: Sequence[int]) -> Mapping[int, Excerpt]:
        """Return excerpts by row number."""

    def between(self, first: Excerpt, last: Excerpt) -> Excerpt | None:
        """Return the excerpt that reaches from one to the other; None where more than space lies between them."""

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts a key names: none, one, or several where it is too short to tell them apart."""


class Reranker(Protocol):
    """Reads a query and texts together."""

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """Return how well each text answers the query, higher is better."""


def search(
    query: str,
    *,
    shelves: Sequence[Shelf],
    embedder: CachedEmbedder,
    k: int,
    language: str = "",
    limits: TimeLimits,
    reranker: Reranker | None = None,
) -> tuple[Excerpt, ...]:
    """Return the best `k` excerpts for a query, each statement once, best first.

    `language` is the query's, empty where it is not known. Each excerpt's `parts` hold its cosine ("dense") and its
    BM25 ("lexical"), 0 where a list did not have it, and its "rerank" where something reranked.
    """
    return explain(
        query, shelves=shelves, embedder=embedder, k=k, language=language, limits=limits, reranker=reranker
    ).chosen


def explain(
    query: str,
    *,
    shelves: Sequence[Shelf],
    embedder: CachedEmbedder,
    k: int,
    language: str = "",
    limits: TimeLimits,
    reranker: Reranker | None = None,
) -> Choice:
    """Return what `search` returns, with what came next and why it is not among it."""
    pool = find(
        query, shelves=shelves, embedder=embedder, k=max(POOL, k), language=language, limits=limits, reranker=reranker
    )
    reader = language or interface_language()
    once = distinct(pool, language=reader, most=k + NEXT)
    chosen, after = once.chosen[:k], once.chosen[k : k + NEXT]
    late = {
        excerpt.key: leave_out(
            excerpt, say(reader, es=f"puesto {rank}, se pidieron {k}", en=f"rank {rank}, {k} asked for")
        )
        for rank, excerpt in enumerate(after, start=k + 1)
    }
    near = {excerpt.key for excerpt in chosen}
    repeats = [left for left in once.left_out if left.reason.rpartition("k:")[2] in near]
    return Choice(chosen, (*repeats, *late.values()))


def search_index(
    query: str, index: Index, *, embedder: Embedder, k: int, limits: TimeLimits, reranker: Reranker | None = None
) -> Choice:
    """Return the `k` excerpts of an index that answer a query best, and what came next; the query's vector is kept in
    the index.
    """
    encoder = CachedEmbedder(embedder, index.catalog)
    return explain(query, shelves=(index,), embedder=encoder, k=k, limits=limits, reranker=reranker)


def find(
    query: str,
    *,
    shelves: Sequence[Shelf],
    embedder: CachedEmbedder,
    k: int,
    language: str = "",
    limits: TimeLimits,
    reranker: Reranker | None = None,
    also: Sequence[str] = (),
) -> tuple[Excerpt, ...]:
    """Return all that the lists of `k` of every shelf hold for a query, best first; what says the same is all there.

    `also` are further wordings of the same question, which count `LESS`. Where shelves hold several languages, what
    passages owe to their language alone is taken off their cosines.
    """
    wordings = tuple(dict.fromkeys((query, *also)))
    vectors = embedder.queries(wordings)
    tongues = _tongues(shelves, embedder)
    language = language or function_words(query) or (tongues.language_of(vectors[0]) if tongues else "")
    asked = [
        _ask(words, vector, shelves, tongues, k=k, language=language, limits=limits)._replace(weight=weight)
        for words, vector, weight in zip(wordings, vectors, (1.0, *[LESS] * len(also)), strict=False)
    ]
    sources: dict[str, set[Source]] = {}
    for one in asked:
        for hit in (*one.dense, *(hit for hits in one.lexical for hit in hits)):
            sources.setdefault(hit.excerpt.source.id, set()).add(hit.excerpt.source)
    known = {id_: _as_known(merge_occurrences(tuple(held)), limits) for id_, held in sources.items()}
    fused = fuse(asked, language=language)
    excerpts = tuple(replace(excerpt, source=known[excerpt.source.id]) for excerpt in fused)
    return _reranked(query, excerpts, reranker) if reranker else excerpts


def _tongues(shelves: Sequence[Shelf], embedder: CachedEmbedder) -> Tongues | None:
    """Return the places of languages where the shelves hold several."""
    spoken = {language for shelf in shelves for language in shelf.languages}
    return Tongues(embedder) if len(PARALLEL.keys() & spoken) > 1 else None


def _ask(
    words: str,
    vector: Vectors,
    shelves: Sequence[Shelf],
    tongues: Tongues | None,
    *,
    k: int,
    language: str,
    limits: TimeLimits,
) -> Asked:
    """Ask every shelf for one wording: the `k` nearest of all, and each shelf's best by word."""
    levels = tongues.levels(vector) if tongues else {}
    dense: list[Hit] = []
    lexical: list[list[Hit]] = []
    for shelf in shelves:
        near = shelf.nearest(vector, k=WIDER * k if levels else k, limits=limits)
        matched = shelf.lexical(words, language=language, k=k, limits=limits)
        found = shelf.excerpts(sorted({row for row, _ in (*near, *matched)}))
        dense += (Hit(found[row], score - levels.get(found[row].language, 0.0), score) for row, score in near)
        if matched:  # a shelf without any of the words says nothing on what others hold
            lexical.append([Hit(found[row], score, score) for row, score in matched])
    dense.sort(key=lambda hit: (-round(hit.rank_by, 6), hit.excerpt.key))
    once = {hit.excerpt.key: hit for hit in reversed(dense)}
    return Asked(tuple(reversed(once.values()))[:k], lexical)


def _as_known(source: Source, limits: TimeLimits) -> Source:
    """Return a source without a republication that was still to come as of the day the limits set."""
    again = source.republished.last
    to_come = limits.as_of is not None and again is not None and again > limits.as_of
    return replace(source, republished=UNDATED) if to_come else source


def _reranked(query: str, found: Sequence[Excerpt], reranker: Reranker) -> tuple[Excerpt, ...]:
    """Let a reranker order the first `RERANKED`: they share out their scores anew in its order; the rest follow."""
    first, rest = found[:RERANKED], found[RERANKED:]
    given = reranker.scores(query, [excerpt.text for excerpt in first])
    ranked = sorted(zip(first, given, strict=True), key=lambda pair: (-round(pair[1], 6), pair[0].key))
    scored = (
        replace(excerpt, score=before.score, parts=(*excerpt.parts, ("rerank", round(score, 6))))
        for (excerpt, score), before in zip(ranked, first, strict=True)
    )
    return (*scored, *rest)
