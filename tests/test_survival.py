"""Claims about an index whose making is killed, interrupted, run twice at once, watched, or out of room."""

from __future__ import annotations

import ctypes
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.config import Config
from rag.index import Index
from rag.pipeline import index_folder
from rag.records import TimeLimits
from tests import killing, noted_rag
from tests.agreement import disagreements, write_corpus
from tests.killing import Goal, index_at_once, kill_round
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.killing import Kind

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")

PAUSE = 0.15
"""Seconds a batch takes to embed: long enough to be met there."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and an index of it, with its diary; copy it before changing it."""
    place = tmp_path_factory.mktemp("made")
    write_corpus(place / "corpus", 20)
    index_at_once(place, "index")
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A corpus that has no index yet."""
    shutil.copytree(made / "corpus", tmp_path / "corpus")
    return tmp_path


def begin(place: Path, *, pause: float = PAUSE, **settings: Any) -> noted_rag.Run:
    """Start indexing."""
    words = ("index", place / "corpus", "--index", place / "index")
    return noted_rag.start(place / "diary", *words, pause=pause, **settings)


def ended(run: noted_rag.Run) -> tuple[int, str]:
    """Wait for a run's end; return its exit status and what it said on stderr."""
    _, said = run.process.communicate(timeout=60)
    return run.process.returncode, said


def assert_goes_on(place: Path) -> None:
    """The next run completes, everything agrees, and no more than a batch was embedded twice."""
    assert ended(begin(place, pause=0.0)) == (0, "")
    assert disagreements(place / "index", place / "corpus") == []
    embedded = noted_rag.embedded(place / "diary")
    assert len(embedded) - len(set(embedded)) <= 32


def assert_one_line(said: str) -> None:
    """What a person is told is one line of ours."""
    assert said.startswith("rag: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said


# Kills


@pytest.mark.parametrize(("kind", "kills"), [("new", 2), ("wavering", 2)])
def test_after_kills_everything_agrees_and_little_is_redone(made: Path, place: Path, kind: Kind, kills: int) -> None:
    """Killed at random moments, new or embedded anew, an index is in the end what it is made at once, chunk by chunk;
    each kill costs a batch of the encoder at most, and no process outlives its parent for long.
    """
    chance = random.Random(4)  # noqa: S311 - not for secrets
    result = kill_round(place, kind, kills=kills, span=3.0, chance=chance, pause=PAUSE, whole=made)
    assert result.faults == ()
    assert result.phases


@pytest.mark.parametrize("other", [Goal(chunk_tokens=40), Goal(dimension=32)], ids=["cut", "embedder"])
def test_an_edition_given_up_half_made_leaves_no_trace(made: Path, place: Path, other: Goal) -> None:
    """Killed while it is embedded anew, then embedded anew in yet another way, an index holds nothing of the first."""
    shutil.copytree(made / "index", place / "index")
    run = killing.begin(place, "index", Goal(chunk_tokens=12), pause=PAUSE)
    run.wait_for("Chroma write")
    run.wait_for("embedding")
    run.kill()
    index_at_once(place, "index", other)
    settings = {"dimension": other.dimension, "chunk_tokens": other.chunk_tokens}
    assert disagreements(place / "index", place / "corpus", **settings) == []


def test_an_interrupted_run_says_so_and_leaves_nothing_behind(place: Path) -> None:
    """Ctrl-C while reading and while embedding ends the run soon, with one line; the next goes on."""
    for phase in ("putting files", "embedding"):
        run = begin(place)
        run.wait_for(phase)
        run.signal(signal.SIGINT)
        _, said = run.process.communicate(timeout=10)
        assert run.process.returncode in {1, 130}
        assert said.count("\n") == 1
        assert "Traceback" not in said
        assert run.left_behind() == []
    assert_goes_on(place)


# Company


def test_of_two_runs_at_once_one_waits_and_does_nothing_twice(place: Path) -> None:
    """The second says on stderr that it waits, and then finds all done."""
    first = begin(place)
    first.wait_for("parsing", "putting files")
    second = begin(place)
    assert ended(first) == (0, "")
    status, said = ended(second)
    assert (status, said.count("\n")) == (0, 1)
    assert "another run is writing" in said
    assert disagreements(place / "index", place / "corpus") == []
    embedded = noted_rag.embedded(place / "diary")
    assert len(embedded) == len(set(embedded))


def test_searching_works_while_another_process_indexes(place: Path) -> None:
    """An open index answers at every moment, knows more and more, and in the end what was indexed last."""
    words = WordEmbedder()
    (place / "corpus" / "primero.txt").write_text("El trigo de la primera cosecha.", encoding="utf-8")
    early = place / "early"
    early.mkdir()
    shutil.copy(place / "corpus" / "primero.txt", early)
    index_folder(early, place / "index", config=Config(), embedder=words)
    write_corpus(place / "corpus", 100)
    vector, known = words.queries(["cosecha de trigo"])[0], [0]
    with Index(place / "index") as index:
        run = begin(place, pause=0.02)
        while run.process.poll() is None:
            near = index.nearest(vector, k=1000, limits=TimeLimits())
            assert index.lexical("trigo", language="es", k=5, limits=TimeLimits())
            known.append(len(near))
        assert ended(run) == (0, "")
        rows = [row for row, _ in index.nearest(vector, k=1000, limits=TimeLimits())]
        assert sorted(known) == known
        assert len(rows) == index.catalog.count_chunks() > 300
        assert len(set(known)) > 2
        everything = index.excerpts(rows)
        assert {e.source.paths[0] for e in everything.values()} >= {"primero.txt"}
    assert disagreements(place / "index", place / "corpus") == []


# No room, no right


@pytest.mark.parametrize(
    ("phase", "most"), [("putting files", 100_000), ("embedding", 200_000), ("Chroma write", 200_000)]
)
def test_files_that_may_not_grow_stop_the_run_with_a_remedy(place: Path, phase: str, most: int) -> None:
    """Where writing fails midway, one line names the folder and what to do; with room again the run completes."""
    run = begin(place)
    run.wait_for(phase)
    resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (most, most))
    status, said = ended(run)
    assert status == 1
    assert_one_line(said)
    assert str(place / "index") in said
    assert "room" in said
    assert_goes_on(place)


def mount(*words: object) -> subprocess.CompletedProcess[str]:
    """Ask the system to mount something."""
    return subprocess.run(["/usr/bin/env", "mount", *map(str, words)], check=False, capture_output=True, text=True)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 3 MB."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", folder)
        if mounted.returncode:
            pytest.skip(f"mounting is not allowed here: {mounted.stderr.strip()}")
        yield Path(folder)
        subprocess.run(["/usr/bin/env", "umount", folder], check=True)


def test_a_disk_that_fills_stops_the_run_with_a_remedy(place: Path, small_disk: Path) -> None:
    """One line names the folder and what to do; once the disk has room, the run completes and everything agrees."""
    index = small_disk / "index"
    (place / "index").symlink_to(index)
    index.mkdir()
    (small_disk / "ballast").write_bytes(bytes(2_000_000))
    status, said = ended(begin(place))
    assert status == 1
    assert_one_line(said)
    assert str(place / "index") in said
    assert "room" in said
    (small_disk / "ballast").unlink()
    assert mount("-o", "remount,size=50m", small_disk).returncode == 0
    assert_goes_on(place)


def without_privilege() -> None:
    """Let the permissions of files bind a process of root's as well (PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_folder_that_turns_read_only_stops_the_run_with_a_remedy(place: Path) -> None:
    """One line names the folder and what to do; once it can be written, the run completes and everything agrees."""
    run = begin(place, preexec_fn=without_privilege)
    run.wait_for("embedding")
    folders = [path for path in (place / "index", *(place / "index").rglob("*")) if path.is_dir()]
    for folder in folders:
        for path in folder.iterdir():
            path.chmod(0o500 if path.is_dir() else 0o400)
        folder.chmod(0o500)
    status, said = ended(run)
    for folder in folders:
        folder.chmod(0o700)
        for path in folder.iterdir():
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert status == 1
    assert_one_line(said)
    assert str(place / "index") in said
    assert_goes_on(place)
