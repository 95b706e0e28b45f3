"""What indexing takes as a folder grows: memory, time by stage, disk, and what opening and asking cost after.

    python -m benchmarks.growth memory [FILES]     peak memory at 1×, 4×, 16× so many files
    python -m benchmarks.growth large [CHUNKS]     so many chunks, whose vectors cost nothing

Texts are made of random words; vectors are random numbers drawn by text (384 of them). Each measurement is a process of
its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

from benchmarks.random_embedder import RandomEmbedder
from benchmarks.stages import Stages, ran, seconds
from rag.index import Index
from rag.records import TimeLimits
from tests.agreement import write_corpus

PARAGRAPHS = 10
"""Of a text; each becomes a chunk."""


def measured(corpus: Path, folder: Path) -> None:
    """Index in this process and print seconds, its peak memory and that of its largest child, in MB."""
    with Stages() as stages:
        result, taken = ran(corpus, folder, RandomEmbedder())
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"{result.chunks} chunks: {taken:.1f} s; peak {peaks[0]:.0f} MB, largest worker {peaks[1]:.0f} MB")
    print(stages.table(taken))


def fresh(*words: object) -> str:
    """Do something of this program in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.growth", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program


def memory(place: Path, files: int) -> None:
    """Print the peak memory as a folder grows."""
    for times in (1, 4, 16):
        corpus = place / f"corpus{times}"
        write_corpus(corpus, files * times, paragraphs=PARAGRAPHS)
        print(
            f"{times}×, {files * times} files:",
            fresh("measured", corpus, place / f"index{times}").splitlines()[0],
            flush=True,
        )


def large(place: Path, chunks: int) -> None:
    """Index many chunks whose vectors cost nothing; print time, disk and memory, and what opening costs after."""
    write_corpus(place / "corpus", chunks // 50, paragraphs=50)
    print(fresh("measured", place / "corpus", place / "index"), end="", flush=True)
    sizes: dict[str, int] = defaultdict(int)
    for path in (place / "index").rglob("*"):
        if path.is_file():
            sizes["/".join(path.relative_to(place / "index").parts[-1:])] += path.stat().st_size
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"  {name:24}{size / 2**20:9.1f} MB")
    for _ in range(2):
        print(fresh("query", place / "index"), end="", flush=True)


def query(folder: Path) -> None:
    """Print how long opening an index takes, and its first and second query."""
    embedder = RandomEmbedder()
    with Index(folder) as index:
        for number in range(3):
            vector = embedder.queries([f"pregunta {number}"])[0]
            near = seconds(partial(index.nearest, vector, k=10, limits=TimeLimits()))
            words = seconds(partial(index.lexical, "rosa mar tierra", language="es", k=10, limits=TimeLimits()))
            print(f"query {number}: by vector {near:.3f} s, by words {words:.3f} s")
        print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Do what the first word says."""
    what, *rest = sys.argv[1:]
    if what == "measured":
        measured(Path(rest[0]), Path(rest[1]))
        return
    if what == "query":
        query(Path(rest[0]))
        return
    with tempfile.TemporaryDirectory() as name:
        if what == "memory":
            memory(Path(name), int(rest[0]) if rest else 50)
        else:
            large(Path(name), int(rest[0]) if rest else 100_000)


if __name__ == "__main__":
    main()
