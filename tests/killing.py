"""A round of kills: indexing a corpus, killed at random moments, gone on with each time, and looked at in the end."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.index import EMBEDDED_AT_ONCE
from tests import noted_rag
from tests.agreement import disagreements, held

if TYPE_CHECKING:
    import random
    from pathlib import Path

Kind = Literal["new", "changed", "embedder", "cut", "wavering"]
"""What the runs of a round have to do: make a new index, bring one in step with a changed corpus, embed it anew with
another embedder, cut it anew, or now this, now that: each run other than the one killed before.
"""
OTHER_DIMENSION, OTHER_TOKENS = 48, 60


@dataclass(frozen=True, slots=True)
class Round:
    """What a round showed: in what phases kills fell, texts embedded more than once, and what was found wrong."""

    phases: tuple[str, ...]
    redone: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """How a run is to make the index."""

    dimension: int = 64
    chunk_tokens: int = 200


GOALS: dict[Kind, tuple[Goal, ...]] = {
    "new": (Goal(),),
    "changed": (Goal(),),
    "embedder": (Goal(dimension=OTHER_DIMENSION),),
    "cut": (Goal(chunk_tokens=OTHER_TOKENS),),
    "wavering": (Goal(dimension=OTHER_DIMENSION), Goal(chunk_tokens=OTHER_TOKENS), Goal(dimension=32)),
}
"""What the runs of a round aim at, in turn; the last run at the first again."""


def begin(place: Path, name: str, goal: Goal, *, pause: float) -> noted_rag.Run:
    """Start indexing `corpus` in a folder of this name beside it."""
    settings = place / f"{goal.chunk_tokens}.toml"
    settings.write_text(f"chunk_tokens = {goal.chunk_tokens}\n", encoding="utf-8")
    words = ("index", place / "corpus", "--index", place / name, "--config", settings)
    return noted_rag.start(place / f"diary of {name}", *words, pause=pause, dimension=goal.dimension)


def index_at_once(place: Path, name: str, goal: Goal = Goal(), *, pause: float = 0.0) -> float:
    """Index without a kill; return the seconds from when it is up."""
    run = begin(place, name, goal, pause=pause)
    while not run.phase and run.process.poll() is None:
        time.sleep(0.005)
    started = time.monotonic()
    _, said = run.process.communicate()
    assert run.process.returncode == 0, said
    return time.monotonic() - started


def change(corpus: Path) -> None:
    """Change some files of a corpus, move, remove and add some."""
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    for number, path in enumerate(paths):
        if number % 4 == 0:
            path.write_text(path.read_text(encoding="utf-8") + "\n\nUn párrafo más, y distinto.", encoding="utf-8")
        elif number % 9 == 1:
            path.rename(path.with_name(f"otro-{path.name}"))
        elif number % 9 == 2:
            path.unlink()
        elif number % 9 == 4:
            text = f"Texto nuevo del fichero {number}.\n\n" + path.read_text(encoding="utf-8")[::-1]
            path.with_name(f"nuevo-{path.name}").write_text(text, encoding="utf-8")


def kill_round(
    place: Path, kind: Kind, *, kills: int, span: float, chance: random.Random, pause: float, whole: Path | None = None
) -> Round:
    """Index `corpus` of a folder, killed so many times at moments up to `span` seconds after it is up, then let it end.

    The folder `whole` holds an index of that corpus, copied first where the round begins with one.
    """
    if whole and kind != "new":
        for name in ("index", "diary of index"):
            shutil.copytree(whole / name, place / name)
    if kind == "changed":
        change(place / "corpus")
    phases, faults, goals = list[str](), list[str](), GOALS[kind]
    for number in range(kills):
        run = begin(place, "index", goals[number % len(goals)], pause=pause)
        phase = _killed(run, chance.uniform(0.0, span))
        if left := run.left_behind():
            faults.append(f"left behind: {left}")
        if not phase:
            break
        phases.append(phase)
    run = begin(place, "index", goals[0], pause=0.0)
    _, said = run.process.communicate()
    faults += [f"the last run: {said}"] if run.process.returncode else _compared(place, goals[0])
    embedded = noted_rag.embedded(place / "diary of index")
    redone = len(embedded) - len(set(embedded))
    if redone > EMBEDDED_AT_ONCE * len(phases):
        faults.append(f"{redone} texts embedded more than once after {len(phases)} kills")
    return Round(tuple(phases), redone, tuple(faults))


def _killed(run: noted_rag.Run, seconds: float) -> str:
    """Kill a run some time after it is up; return what it was at, nothing where it had ended by itself."""
    run.wait_for()
    time.sleep(seconds)
    ended = run.process.poll() is not None
    run.kill()
    return "" if ended else run.phase


def _compared(place: Path, goal: Goal) -> list[str]:
    """Return what is wrong with an index, and where it is another than one made in one go."""
    index_at_once(place, "at once", goal)
    settings = {"dimension": goal.dimension, "chunk_tokens": goal.chunk_tokens}
    faults = disagreements(place / "index", place / "corpus", **settings)
    same = held(place / "index") == held(place / "at once")
    return faults if same else [*faults, "another index than one made at once"]
