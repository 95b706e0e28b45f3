"""A collection, searched by every method side by side → `Evaluation`: measures by pair of languages, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.evaluate.bench import indexed
from rag.evaluate.measures import MEASURES, Estimate, estimates, query_values
from rag.evaluate.methods import Desk, rankings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.embed import Embedder
    from rag.evaluate.collection import Collection, Half, Query
    from rag.evaluate.measures import Values
    from rag.evaluate.methods import Method
    from rag.progress import Progress
    from rag.retrieve import Reranker

ALL = "all"


@dataclass(frozen=True, slots=True)
class Gain:
    """What hybrid search adds, by a measure, to the better of dense and lexical, query by query."""

    measure: str
    over: Method
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Pair:
    """The queries of one language whose answers are in one language ("es→en"), or all: for each method an estimate of
    each of `MEASURES`.
    """

    name: str
    queries: int
    groups: int
    methods: tuple[tuple[Method, tuple[Estimate, ...]], ...]
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well each method found what a collection says is relevant."""

    collection: str
    half: Half | None
    embedder: str
    documents: int
    chunks: int
    pairs: tuple[Pair, ...]


def evaluate(
    collection: Collection,
    *,
    embedder: Embedder,
    chunk_tokens: int,
    reranker: Reranker | None = None,
    progress: Progress,
) -> Evaluation:
    """Index a collection where it is not yet, and search it by every method.

    Raises `RagError` where the index cannot be written.
    """
    queries = collection.queries
    with indexed(collection, embedder=embedder, chunk_tokens=chunk_tokens, progress=progress) as (index, encoder):
        desk = Desk(index, encoder, collection.ids, reranker)
        encoder.queries([query.text for query in queries])
        ranked: dict[Method, dict[str, tuple[str, ...]]] = {}
        for done, query in enumerate(queries, start=1):
            for method, documents in rankings(query, desk):
                ranked.setdefault(method, {})[query.id] = documents
            progress.queries(done, len(queries))
        chunks = index.catalog.count_chunks()
    values = {method: query_values(queries, found) for method, found in ranked.items()}
    pairs = tuple(_pair(name, rows, queries, values) for name, rows in _pairs(queries).items())
    return Evaluation(collection.name, collection.half, embedder.fingerprint, len(collection.documents), chunks, pairs)


def _pairs(queries: Sequence[Query]) -> dict[str, list[int]]:
    """Return the rows of the queries of each pair of languages; of all first, where there are several pairs."""
    pairs: dict[str, list[int]] = {}
    for row, query in enumerate(queries):
        pairs.setdefault(f"{query.language or '?'}→{query.answers}", []).append(row)
    pairs = dict(sorted(pairs.items()))
    return {ALL: list(range(len(queries)))} | pairs if len(pairs) > 1 else pairs


def _pair(name: str, rows: Sequence[int], queries: Sequence[Query], values: Mapping[Method, Values]) -> Pair:
    groups = [queries[row].group for row in rows]
    held = {method: of_method[rows] for method, of_method in values.items()}
    methods = tuple((method, estimates(of_method, groups)) for method, of_method in held.items())
    return Pair(name, len(rows), len(set(groups)), methods, _gains(held, groups))


def _gains(values: Mapping[Method, Values], groups: Sequence[str]) -> tuple[Gain, ...]:
    single: tuple[Method, ...] = ("dense", "lexical")
    over = [max(single, key=lambda method: values[method][:, column].mean()) for column in range(len(MEASURES))]
    against = {method: estimates(values["hybrid"] - values[method], groups) for method in single}
    return tuple(Gain(name, over[column], against[over[column]][column]) for column, name in enumerate(MEASURES))
