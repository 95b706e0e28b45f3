"""A query → its ten best documents, by each way of searching an index.

Does not measure. Every way is one function from a query to excerpts, best first; a document ranks where its best
excerpt does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.retrieve import find
from rag.retrieve.choose import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.embed import CachedEmbedder
    from rag.evaluate.collection import Query
    from rag.index import Index
    from rag.records import Excerpt
    from rag.retrieve import Reranker

Method = Literal["dense", "lexical", "hybrid", "hybrid+MMR", "reranked"]

POOL = 50
"""Excerpts taken from each list."""
DEPTH = 10
"""Documents that count."""
DIVERSE = 20
"""Excerpts chosen by MMR: enough for ten documents in all but rare cases; each is compared with all others."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a query is searched with. `ids` are the collection's ids of documents by that of their source."""

    index: Index
    encoder: CachedEmbedder
    ids: Mapping[str, tuple[str, ...]]
    reranker: Reranker | None = None


def rankings(query: Query, desk: Desk) -> Iterator[tuple[Method, tuple[str, ...]]]:
    """Yield the best documents by each method, best first."""
    fused = _hybrid(query, desk)
    found: dict[Method, Sequence[Excerpt]] = {
        "dense": _dense(query, desk),
        "lexical": _lexical(query, desk),
        "hybrid": fused,
        "hybrid+MMR": _diverse(fused, desk),
    }
    if desk.reranker:
        found["reranked"] = _hybrid(query, desk, reranker=desk.reranker)
    for method, excerpts in found.items():
        yield method, best_documents(excerpts, desk.ids)


def best_documents(excerpts: Iterable[Excerpt], ids: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the documents in the order of their best excerpts; those that say the same together."""
    documents = dict.fromkeys(id_ for excerpt in excerpts for id_ in ids[excerpt.source.id])
    return tuple(documents)[:DEPTH]


def _dense(query: Query, desk: Desk) -> Sequence[Excerpt]:
    vector = desk.encoder.queries([query.text])[0]
    return _in_order(desk.index.nearest(vector, k=POOL, limits=query.limits), desk)


def _lexical(query: Query, desk: Desk) -> Sequence[Excerpt]:
    return _in_order(desk.index.lexical(query.text, language=query.language, k=POOL, limits=query.limits), desk)


def _in_order(hits: Sequence[tuple[int, float]], desk: Desk) -> Sequence[Excerpt]:
    excerpts = desk.index.excerpts([row for row, _ in hits])
    return [excerpts[row] for row, _ in hits]


def _hybrid(query: Query, desk: Desk, *, reranker: Reranker | None = None) -> Sequence[Excerpt]:
    return find(
        query.text,
        shelves=(desk.index,),
        embedder=desk.encoder,
        k=POOL,
        language=query.language,
        limits=query.limits,
        reranker=reranker,
    )


def _diverse(fused: Sequence[Excerpt], desk: Desk) -> Sequence[Excerpt]:
    return choose(fused, embedder=desk.encoder, k=DIVERSE, per_source=DIVERSE).chosen
