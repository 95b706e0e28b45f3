"""Indexing killed with kill -9 at random moments: whether catalog, Chroma, full text and corpus agree in the end.

    python -m benchmarks.kills [KILLS] [FILES] [SEED]

Rounds of up to five kills, each killed run gone on with by the next: new indexes, changed corpora, another embedder,
another cut, and runs that want something else each time. After a round every chunk of every file is compared in all
places and with an index made in one go, texts embedded twice are counted (at most one batch of the encoder a kill), and
processes that outlived their parent. Linux. Ends with status 1 where anything was wrong.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from itertools import cycle
from pathlib import Path

from rag.index import EMBEDDED_AT_ONCE
from tests.agreement import write_corpus
from tests.killing import GOALS, Round, index_at_once, kill_round

PAUSE = 0.25
"""Seconds a batch takes to embed, so that kills fall there as well."""
MOST = 5


def main() -> None:
    """Kill, compare, print."""
    kills, files, seed = (int(word) for word in (*sys.argv[1:], *("30", "200", "1")[len(sys.argv) - 1 :]))
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as name:
        start = Path(name, "start")
        write_corpus(start / "corpus", files, seed=seed)
        span = index_at_once(start, "index", pause=PAUSE)
        for number, kind in enumerate(cycle(GOALS)):
            left = kills - sum(len(one.phases) for one in rounds)
            if not left:
                break
            place = Path(name, str(number))
            shutil.copytree(start / "corpus", place / "corpus")
            wanted = min(left, chance.randint(2, MOST))
            one = kill_round(
                place,
                kind,
                kills=wanted,
                span=span * (0.8 if kind == "new" else 0.4),
                chance=chance,
                pause=PAUSE,
                whole=start,
            )
            moments = ", ".join(one.phases) or "no moment: it was done"
            print(f"{kind}: killed at {moments}; {one.redone} texts embedded twice; {one.faults or 'ok'}", flush=True)
            rounds.append(one)
            shutil.rmtree(place)
    report(rounds)


def report(rounds: list[Round]) -> None:
    """Print all rounds together."""
    phases = Counter(phase for one in rounds for phase in one.phases)
    killed, redone = phases.total(), sum(one.redone for one in rounds)
    print(
        f"{killed} kills in {len(rounds)} rounds: "
        + ", ".join(f"{name} {count}" for name, count in phases.most_common())
    )
    print(f"{redone} texts embedded twice, {redone / max(killed, 1):.1f} a kill; allowed {EMBEDDED_AT_ONCE}")
    wrong = sum(bool(one.faults) for one in rounds)
    print(f"{wrong} rounds ended with something wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
