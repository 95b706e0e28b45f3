"""How well searching answers over many collections, every method side by side; or the ranked lists for study.

    python -m benchmarks.retrieval table FOLDER [NAME …] [--embedder NAME] [--half first|second] [--measure R@10]
    python -m benchmarks.retrieval dump FOLDER [NAME …] [--embedder NAME] --out FOLDER

`FOLDER` is what `benchmarks.collections` wrote; a name may hold `*`. `table` prints Markdown: a row for each pair of
languages, a column for each method, means with 95 % intervals (see `rag eval --help`). Where queries have times of
their own, a last line tells how often a text comes when it is asked of the year before it appeared: it must be never.
`dump` writes each query's 100 best chunks by vector and by word with their scores, so that fusion can be studied
without embedding again. Vectors are kept in the cache folder for all collections.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.catalog import Catalog
from rag.e5.cache import cache_folder
from rag.embed import CachedEmbedder, Embedder, open_embedder
from rag.evaluate import MEASURES, Collection, Evaluation, Pair, Query, evaluate, interval, read_collection
from rag.evaluate.bench import indexed
from rag.evaluate.methods import Desk, rankings
from rag.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.embed import Vectors
    from rag.index import Index

CHUNK_TOKENS = 200
DUMPED = 100
MANY = 1_000
"""Passages that are expected, so that the encoder's fast form is opened."""
METHODS = ("dense", "lexical", "hybrid", "hybrid+MMR")


class SharedEmbedder:
    """An embedder whose vectors are kept for all collections: several hold the same texts."""

    def __init__(self, embedder: Embedder, catalog: Catalog) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self.max_tokens, self.count_tokens = embedder.max_tokens, embedder.count_tokens
        self._cached = CachedEmbedder(embedder, catalog)
        self._cached.expect(MANY)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""
        return self._cached.passages(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries."""
        return self._cached.queries(texts)


def chosen(folder: Path, names: Sequence[str]) -> Iterator[Collection]:
    """Yield the collections named, in that order; all where none is."""
    for name in names or ("*",):
        for path in sorted(folder.glob(name)):
            if (path / "corpus.jsonl").exists():
                yield read_collection(path)


def table(collections: Sequence[Collection], embedder: Embedder, measures: Sequence[str]) -> None:
    """Print a Markdown table for each measure."""
    evaluations = []
    for collection in collections:
        started = time.monotonic()
        made = evaluate(collection, embedder=embedder, chunk_tokens=CHUNK_TOKENS, progress=Progress())
        evaluations.append(made)
        print(f"<!-- {collection.name}: {time.monotonic() - started:.0f} s -->", flush=True)
    for measure in measures:
        print(f"\n**{measure}**, {embedder.fingerprint}\n")
        print(f"| collection | queries (groups) | {' | '.join(METHODS)} | hybrid − better |")
        print("|---|---|" + "---|" * (len(METHODS) + 1))
        for evaluation in evaluations:
            for pair in evaluation.pairs:
                print(_row(evaluation, pair, MEASURES.index(measure)))
    for collection in collections:
        if any(query.limits.limited for query in collection.queries):
            came = out_of_time(collection, embedder)
            print(f"\n{collection.name}: {came} of {len(collection.queries)} texts came when asked of the year before.")


def _row(evaluation: Evaluation, pair: Pair, column: int) -> str:
    found = dict(pair.methods)
    cells = [interval(found[name][column]) for name in METHODS if name in found]
    gain = pair.gains[column]
    cells.append(f"{interval(gain.estimate, sign='+')} {gain.over[0]}")
    return f"| {evaluation.collection} {pair.name} | {pair.queries} ({pair.groups}) | {' | '.join(cells)} |"


def out_of_time(collection: Collection, embedder: Embedder) -> int:
    """Count the queries whose text comes, by any method, when it is asked of the year before."""
    came = 0
    with indexed(collection, embedder=embedder, chunk_tokens=CHUNK_TOKENS, progress=Progress()) as (index, encoder):
        desk = Desk(index, encoder, collection.ids)
        for query in collection.queries:
            found = rankings(_asked_before(query), desk)
            came += any(query.relevant.keys() & set(documents) for _, documents in found)
    return came


def _asked_before(query: Query) -> Query:
    """Return the query with its times a year earlier, none of them in common with its own."""
    year, limits = timedelta(days=366), query.limits
    earlier = replace(limits, since=limits.since and limits.since - year, until=limits.until and limits.until - year)
    return replace(query, limits=earlier)


def dump(collections: Sequence[Collection], embedder: Embedder, out: Path) -> None:
    """Write the ranked lists of the collections."""
    out.mkdir(parents=True, exist_ok=True)
    for collection in collections:
        started = time.monotonic()
        with indexed(collection, embedder=embedder, chunk_tokens=CHUNK_TOKENS, progress=Progress()) as held:
            index, encoder = held
            vectors = encoder.queries([query.text for query in collection.queries])
            asked = zip(collection.queries, vectors, strict=True)
            rows = [_lists(query, vector, index, collection.ids) for query, vector in asked]
            count = index.catalog.count_chunks()
        made = {"collection": collection.name, "embedder": embedder.fingerprint, "chunks": count, "queries": rows}
        partial = out / f".{collection.name}.json"
        partial.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        partial.rename(out / f"{collection.name}.json")
        print(f"{collection.name}: {count} chunks, {len(rows)} queries, {time.monotonic() - started:.0f} s", flush=True)


def _lists(query: Query, vector: Vectors, index: Index, ids: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    near = index.nearest(vector, k=DUMPED, limits=query.limits)
    words = index.lexical(query.text, language=query.language, k=DUMPED, limits=query.limits)
    excerpts = index.excerpts([row for row, _ in (*near, *words)])

    def listed(hits: Sequence[tuple[int, float]]) -> list[tuple[str, str, str, float]]:
        return [
            (id_, excerpts[row].key, excerpts[row].language, round(score, 6))
            for row, score in hits
            for id_ in ids[excerpts[row].source.id]
        ]

    return {
        "id": query.id, "language": query.language, "group": query.group, "half": query.half, "text": query.text,
        "relevant": dict(query.relevant), "dense": listed(near), "lexical": listed(words),
    }  # fmt: skip


def main() -> None:
    """Print the table or write the lists."""
    parser = argparse.ArgumentParser(usage=str(__doc__))
    parser.add_argument("mode", choices=("table", "dump"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--measure", choices=MEASURES, action="append")
    parser.add_argument("--out", type=Path, default=Path("dumps"))
    asked = parser.parse_args()
    collections = [collection.part(half=asked.half) for collection in chosen(asked.folder, asked.names)]
    with Catalog(cache_folder() / f"vectors-{Path(asked.embedder).name}.sqlite3") as catalog:
        embedder = SharedEmbedder(open_embedder(asked.embedder), catalog)
        if asked.mode == "dump":
            dump(collections, embedder, asked.out)
        else:
            table(collections, embedder, asked.measure or MEASURES[:1])


if __name__ == "__main__":
    main()
