"""What indexing costs beside the engines it stands on, when nothing changed, and as a folder grows.

    python -m benchmarks.indexing reused [CHUNKS] [ROUNDS]      every vector there already / bare Chroma + bare FTS5
    python -m benchmarks.indexing encoder [CHUNKS] [ROUNDS]     with the bundled encoder / the bare encoder
    python -m benchmarks.indexing unchanged [FILES] [ROUNDS]    nothing changed / os.walk + os.stat;
                                                                then one changed, one renamed, one removed

Sides alternate in one run; printed are the medians of the rounds' ratios with the extremes. Texts are made of random
words; but for `encoder`, vectors are random numbers drawn by text (384 of them), not meaning.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.random_embedder import RandomEmbedder
from benchmarks.stages import Stages, ran, seconds
from rag.chroma import Chroma
from rag.config import Config
from rag.embed import BundledEmbedder, CachedEmbedder, bulk
from rag.index import STORED_AT_ONCE, Index
from tests.agreement import write_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import Embedder, Vectors

    Row = tuple[str, str, dict[str, str | int]]

PARAGRAPHS = 10
"""Of a text of many chunks; each becomes one."""


def told(name: str, ratios: list[float], target: float) -> None:
    """Print the median of ratios."""
    print(f"{name}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), target {target}", flush=True)


def bare_stores(folder: Path, rows: Sequence[Row], vectors: Vectors) -> None:
    """Put ids, texts and metadata into Chroma, and texts into FTS5, with nothing else."""
    with closing(Chroma(folder)) as chroma:
        for first in range(0, len(rows), STORED_AT_ONCE):
            ids, texts, metadata = zip(*rows[first : first + STORED_AT_ONCE], strict=True)
            chroma.put(ids, vectors[first : first + STORED_AT_ONCE], texts, metadata)
    with closing(sqlite3.connect(folder / "fts.sqlite3")) as db:
        db.execute('CREATE VIRTUAL TABLE f USING fts5 (text, tokenize = "unicode61 remove_diacritics 2")')
        db.executemany("INSERT INTO f VALUES (?)", [(text,) for _, text, _ in rows])
        db.commit()


def rows_of(folder: Path) -> list[Row]:
    """Return what an index's Chroma holds: ids, texts, metadata."""
    with closing(Chroma(folder / "chroma")) as chroma:
        got = chroma._collection.get(include=["documents", "metadatas"])  # noqa: SLF001 - what it holds, as it holds it
        return list(zip(got["ids"], got["documents"], got["metadatas"], strict=True))


def reused(place: Path, chunks: int, rounds: int) -> None:
    """Compare indexing with ready vectors with bare Chroma, given the same metadata or one word, and bare FTS5."""
    embedder, corpus = RandomEmbedder(), place / "corpus"
    write_corpus(corpus, chunks // PARAGRAPHS, paragraphs=PARAGRAPHS)
    ran(corpus, place / "first", embedder)
    rows = rows_of(place / "first")
    thin: list[Row] = [(id_, text, {"n": 1}) for id_, text, _ in rows]
    texts = [text for _, text, _ in rows]
    vectors = embedder.passages(texts)
    whole, apart, against_thin = list[float](), list[float](), list[float]()
    for number in range(rounds):
        folder = place / str(number)
        with Index(folder, create=True) as index:
            CachedEmbedder(embedder, index.catalog).passages(texts)
        with Stages() as stages:
            result, taken = ran(corpus, folder, embedder)
        assert (result.chunks, result.embedded) == (len(rows), 0)
        bare = seconds(partial(bare_stores, place / f"bare{number}", rows, vectors))
        thinner = seconds(partial(bare_stores, place / f"thin{number}", thin, vectors))
        reading = stages.seconds["parsing"] + stages.seconds["split"]
        print(
            f"{len(rows)} chunks: {taken:.1f} s, of it parsing and splitting {reading:.1f}; bare {bare:.1f} s, "
            f"with one word of metadata {thinner:.1f} s",
            flush=True,
        )
        whole.append(taken / bare)
        apart.append((taken - reading) / bare)
        against_thin.append((taken - reading) / thinner)
    print(stages.table(taken))
    told("every vector reused, parsing and splitting apart / Chroma + FTS5", apart, 2.0)
    told("the same, Chroma with one word of metadata", against_thin, 2.0)
    told("the same as the first, with parsing and splitting", whole, 2.0)


class Paired:
    """Embeds every batch twice: for the index, and bare; so both sides meet the same moments of the machine."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self.max_tokens, self.count_tokens, self.queries = embedder.max_tokens, embedder.count_tokens, embedder.queries
        self.indexing, self.bare = [0.0], [0.0]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed, the two sides in turn first."""
        sides = [self.indexing, self.bare]
        for side in sides if len(self.bare) % 2 else sides[::-1]:
            started = time.perf_counter()
            rows = self._embedder.passages(texts)
            side.append(time.perf_counter() - started)
        return rows


def encoder(place: Path, chunks: int, rounds: int) -> None:
    """Compare indexing with the encoder alone on the same chunks, in the same batches."""
    corpus = place / "corpus"
    write_corpus(corpus, chunks // PARAGRAPHS // 2, paragraphs=PARAGRAPHS)  # each is cut in two: their words are rare
    embedder = bulk(BundledEmbedder(), chunks)
    embedder.passages(["Una prueba."])
    ratios = []
    for number in range(rounds):
        paired = Paired(embedder)
        with Stages() as stages:
            result, taken = ran(corpus, place / str(number), paired)
        reading, bare = stages.seconds["parsing"] + stages.seconds["split"], sum(paired.bare)
        print(
            f"{result.embedded} chunks by {type(embedder).__name__}: {taken - bare:.1f} s, of it parsing and splitting "
            f"{reading:.1f}; bare encoder {bare:.1f} s, {result.embedded / bare:.1f} a second",
            flush=True,
        )
        ratios.append((taken - bare - reading) / bare)
    print(stages.table(taken))
    told("indexing with the encoder, parsing apart / bare encoder", ratios, 1.05)


def write_files(corpus: Path, files: int) -> None:
    """Write many short texts in folders of a hundred."""
    for number in range(files):
        path = corpus / f"{number // 100:03}" / f"nota-{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"Nota {number}: los datos sintéticos imitan a los reales, y se miden aparte.\n", encoding="utf-8"
        )


def walk(corpus: Path) -> int:
    """Look at every file of a folder."""
    return sum(bool(os.stat(os.path.join(top, name))) for top, _, names in os.walk(corpus) for name in names)  # noqa: PTH116, PTH118


def unchanged(place: Path, files: int, rounds: int) -> None:
    """Compare a run that finds nothing to do with looking at the files; then change, rename and remove one each."""
    embedder, corpus, folder = RandomEmbedder(), place / "corpus", place / "index"
    write_files(corpus, files)
    with Stages() as stages:
        _, taken = ran(corpus, folder, embedder)
    print(f"first run of {files} files: {taken:.1f} s\n{stages.table(taken)}", flush=True)
    time.sleep(2.5)  # what was written just before a run is looked into once more
    ran(corpus, folder, embedder)
    one_process(corpus, folder, embedder, rounds)
    commands(corpus, folder, rounds)
    three_changes(corpus, folder, embedder)


def one_process(corpus: Path, folder: Path, embedder: Embedder, rounds: int) -> None:
    """Compare inside one process."""
    ratios = []
    for _ in range(rounds):
        with Stages() as stages:
            result, taken = ran(corpus, folder, embedder)
        assert (result.new, result.changed, result.embedded, stages.seconds["parsing"]) == (0, 0, 0, 0.0)
        bare = seconds(lambda: walk(corpus))
        ratios.append(taken / bare)
    print(f"nothing changed: {taken:.3f} s, walk and stat {bare:.3f} s; parsed 0, embedded {result.embedded}")
    told("nothing changed / os.walk + os.stat, in one process", ratios, 3.0)


def commands(corpus: Path, folder: Path, rounds: int) -> None:
    """Compare whole commands; the embedder is the bundled one, so the index gets a name it answers to."""
    source = f"import os; [os.stat(os.path.join(t, n)) for t, _, ns in os.walk({str(corpus)!r}) for n in ns]"
    with Index(folder) as index:
        making = index.catalog.making
        index.catalog.set_setting("fingerprint", BundledEmbedder().fingerprint)
        index.catalog.set_setting("cut", f"{Config().chunk_tokens} tokens")
        index.catalog.set_setting("embedder", "bundled")
    ours = [sys.executable, "-m", "rag", "index", str(corpus), "--index", str(folder), "--json"]
    ratios = []
    for _ in range(rounds):
        taken = seconds(lambda: subprocess.run(ours, check=True, capture_output=True))  # noqa: S603 - our own program
        bare = seconds(lambda: subprocess.run([sys.executable, "-c", source], check=True))  # noqa: S603 - our own program
        ratios.append(taken / bare)
    print(f"whole command: {taken:.2f} s, python -c walk {bare:.2f} s")
    told("nothing changed / walk + stat, whole commands", ratios, 3.0)
    with Index(folder) as index:
        for name in ("fingerprint", "cut", "embedder"):
            index.catalog.set_setting(name, getattr(making, name))


def three_changes(corpus: Path, folder: Path, embedder: Embedder) -> None:
    """Change one file, rename one, remove one."""
    paths = sorted(corpus.rglob("*.txt"))
    paths[10].write_text("Otra cosa: el trigo de la cosecha.", encoding="utf-8")
    paths[20].rename(paths[20].with_name("otra.txt"))
    paths[30].unlink()
    with Stages() as stages:
        result, taken = ran(corpus, folder, embedder)
    print(f"one changed, one renamed, one removed: {taken:.2f} s: {result}\n{stages.table(taken)}")


def main() -> None:
    """Do what the first word says."""
    what, *rest = sys.argv[1:]
    defaults = {"reused": (10_000, 3), "encoder": (500, 3), "unchanged": (10_000, 7)}
    tasks = {"reused": reused, "encoder": encoder, "unchanged": unchanged}
    with tempfile.TemporaryDirectory() as name:
        tasks[what](Path(name), *map(int, rest), *defaults[what][len(rest) :])


if __name__ == "__main__":
    main()
