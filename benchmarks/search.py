"""What hybrid search costs beside the bare engines, and what its dense half misses of exact search.

    python -m benchmarks.search [SIZES] [ROUNDS] [FOLDER]

`SIZES` are numbers of chunks (1000,10000,100000); `FOLDER` keeps indexes and vectors for another time. Real passages
and questions come from `RAG_TEST_DATA`; the chunks of the sizes have made-up texts (words as frequent as Zipf has it)
and vectors mixed of real ones. One side is `find` and `search` over an `Index`, the other Chroma's plain query for 50
and FTS5's for 50, unfiltered whatever the filter, with the words that ours asks for. The query's vector is ready on
both sides. Sides alternate; told are medians of ratios, and those of the processor's time, on which others weigh less.
Memory is of a process of its own.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import chromadb
import numpy as np
from chromadb.config import Settings

from benchmarks.passages import SEED, Ready, build, held, made_up, mixed, real, words
from rag import fulltext
from rag.chroma import COLLECTION, Chroma
from rag.embed import CachedEmbedder
from rag.index import Index
from rag.records import TimeLimits
from rag.retrieve import POOL, find, search

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from rag.embed import Vectors

FUNCTION_WORDS = 30
"""The commonest made-up words, which no one asks for."""
CHROMAS_OWN = 100
"""The `ef_search` Chroma sets where none is asked for."""
TARGET, RECALL = 3.0, 0.98


def filters(index: Index) -> dict[str, TimeLimits]:
    """Return limits that let through given shares of the dated chunks."""
    days = sorted(source.date.first for source in index.catalog.sources() if source.date.first)

    def at(share: float) -> dt.date:
        return days[int(share * (len(days) - 1))]

    return {
        "no filter": TimeLimits(),
        "half": TimeLimits(since=at(0.5)),
        "as of, three quarters": TimeLimits(as_of=at(0.75)),
        "a fifth": TimeLimits(since=at(0.8)),
        "1 %": TimeLimits(since=at(0.5), until=at(0.51)),
    }


# Speed


@dataclass(frozen=True, slots=True)
class Bare:
    """Chroma as it comes and FTS5 with nothing around them: a copy of the index's graph, its texts in one table."""

    collection: chromadb.Collection
    db: sqlite3.Connection

    def ask(self, vector: Vectors, expression: str) -> None:
        """Ask both."""
        self.collection.query(query_embeddings=vector.reshape(1, -1), n_results=POOL)
        statement = "SELECT rowid, text, bm25(f) FROM f WHERE f MATCH ? ORDER BY rank LIMIT ?"
        self.db.execute(statement, (expression, POOL)).fetchall()


@contextmanager
def bare(folder: Path, texts: Sequence[str]) -> Iterator[Bare]:
    """Open the bare stores beside an index, made where they are not there yet."""
    place = folder.with_name(f"bare-{folder.name}")
    if not place.exists():
        shutil.copytree(folder / "chroma", place / "chroma")
        with closing(sqlite3.connect(place / "fts.sqlite3")) as db:
            db.execute('CREATE VIRTUAL TABLE f USING fts5 (text, tokenize = "unicode61 remove_diacritics 2")')
            db.executemany("INSERT INTO f VALUES (?)", [(text,) for text in texts])
            db.commit()
    client: Any = chromadb.PersistentClient(str(place / "chroma"), settings=Settings(anonymized_telemetry=False))
    with closing(client), closing(sqlite3.connect(place / "fts.sqlite3")) as db:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        collection.modify(configuration={"hnsw": {"ef_search": CHROMAS_OWN}})
        yield Bare(collection, db)


def questions(texts: Sequence[str], count: int) -> list[str]:
    """Ask for five words of a text, none of the commonest."""
    chance, common = np.random.default_rng(SEED + 4), set(words()[:FUNCTION_WORDS])
    some = [texts[place].rstrip(".").lower().split() for place in chance.integers(len(texts), size=count)]
    return [" ".join(chance.choice([word for word in one if word not in common], size=5)) for one in some]


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds something takes, and the processor's."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def speed(folder: Path, asked: Vectors, rounds: int) -> None:
    """Compare searching with the bare engines, filter by filter."""
    texts, _ = held(folder)
    queries = questions(texts, min(len(asked), 20))
    with Index(folder) as index, bare(folder, texts) as plain:
        encoder = CachedEmbedder(Ready(queries, asked), index.catalog)
        encoder.queries(queries)
        for name, limits in filters(index).items():
            spent: dict[str, list[tuple[float, float]]] = {"bare": [], "find": [], "search": []}
            ours = {
                "find": partial(find, shelves=(index,), embedder=encoder, k=POOL, language="es", limits=limits),
                "search": partial(search, shelves=(index,), embedder=encoder, k=10, language="es", limits=limits),
            }
            first, _ = cost(partial(ours["find"], queries[0]))
            for query, vector in zip(queries, asked, strict=False):
                expression = _words_asked(index, query)
                for _ in range(rounds):
                    spent["bare"].append(cost(partial(plain.ask, vector, expression)))
                    for side, ask in ours.items():
                        spent[side].append(cost(partial(ask, query)))
            print(f"{len(texts)} chunks, {name}: the first time {1000 * first:.0f} ms", flush=True)
            for side in ours:
                told(side, spent[side], spent["bare"])


def _words_asked(index: Index, query: str) -> str:
    """Return the words that our full text asks for as a plain expression."""
    expression = fulltext._expression(index.catalog._db, query, language="es")  # noqa: SLF001 - the same words
    return " OR ".join(dict.fromkeys(re.findall(r'text : ("[^"]+")', expression)))


def told(name: str, ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]) -> None:
    """Print the medians of the ratios, by the clock and by the processor, with extremes."""
    clock, processor = np.array(ours).T / np.array(theirs).T
    spent = [1000 * median(wall for wall, _ in side) for side in (ours, theirs)]
    print(
        f"  {name} / bare Chroma + bare FTS5: {np.median(clock):.2f} ({clock.min():.2f} to {clock.max():.2f}), "
        f"processor {np.median(processor):.2f}, target {TARGET}; {spent[0]:.1f} ms beside {spent[1]:.1f}",
        flush=True,
    )


# Recall


def recall(name: str, folder: Path, asked: Vectors) -> None:
    """Print the share of the exact 50 nearest that an index finds, filter by filter."""
    texts, vectors = held(folder)
    with Index(folder) as index:
        rows = index.excerpts(range(1, len(texts) + 1))
        for which, limits in filters(index).items():
            allowed = np.array([place for place in range(len(texts)) if limits.allows(rows[place + 1].date)])
            shares = []
            for vector in asked:
                best = np.argsort(-(vectors[allowed] @ vector), kind="stable")[:POOL]
                near = index.nearest(vector, k=POOL, limits=limits)
                assert len(near) == len(best)
                shares.append(len({row - 1 for row, _ in near} & set(allowed[best])) / len(best))
            print(
                f"{name}, {which}: recall@{POOL} {np.mean(shares):.4f}, worst {min(shares):.2f}, target {RECALL}",
                flush=True,
            )


# Memory


def memory(folder: Path, side: str) -> None:
    """Search under every filter, or ask bare Chroma alone, and print this process's peak."""
    with Index(folder) as index:
        row = index.catalog.stored_chunks([1])[0]
        vector, query = index.catalog.vectors([row.vector_hash])[row.vector_hash], row.chunk.text[:60]
        encoder = CachedEmbedder(Ready([query], vector.reshape(1, -1)), index.catalog)
        for limits in filters(index).values() if side == "search" else ():
            search(query, shelves=(index,), embedder=encoder, k=10, language="es", limits=limits)
    if side == "bare Chroma":
        with closing(Chroma(folder / "chroma")) as chroma:
            chroma.nearest(vector.reshape(1, -1), POOL)
    peak = re.search(
        r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="ascii")
    )  # rusage has the parent's
    print(f"  peak memory of {side}: {int(peak[1]) / 1024 if peak else float('nan'):.0f} MB")


def main() -> None:
    """Measure all, or do what the first word says."""
    if sys.argv[1:2] == ["memory"]:
        memory(Path(sys.argv[2]), sys.argv[3])
        return
    sizes, rounds, kept = [*sys.argv[1:], *("1000,10000,100000", "3", "")[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as name:
        place = Path(kept or name)
        known = real(place)
        build(place / "search-real", known.passages, known.vectors)
        recall("real", place / "search-real", known.asked)
        for size in map(int, sizes.split(",")):
            folder = place / f"search-{size}"
            if not folder.exists():
                texts = made_up(size)
                build(folder, texts, mixed(known.vectors, len(texts)))
            speed(folder, known.asked, int(rounds))
            recall(f"{size} mixed of real", folder, known.asked[:60])
            for side in ("search", "bare Chroma", "imports"):
                command = [sys.executable, "-m", "benchmarks.search", "memory", str(folder), side]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)  # noqa: S603 - our own program


if __name__ == "__main__":
    main()
