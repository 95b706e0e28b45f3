"""Claims about what is made once and kept."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.e5.cache import cache_folder, kept_bytes, kept_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for each test."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def refuse() -> bytes:
    """Make nothing: what is asked for must be there."""
    raise AssertionError("made again")


def write_one(folder: Path) -> None:
    """Make a folder of one file."""
    folder.mkdir()
    (folder / "one").write_text("1", encoding="utf-8")


def write_slowly(folder: Path) -> None:
    """Make a folder long enough for another process to begin too."""
    write_one(folder)
    time.sleep(0.5)


def make_both(folder: Path) -> None:
    """Make a kept file and a kept folder, as one of several processes."""
    kept_bytes("both", lambda: b"abc" * 100_000)
    kept_folder(folder.name, write_slowly)


def test_the_place_is_the_users_unless_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RAG_CACHE names the folder; without it the user's cache folder holds one of ours."""
    assert cache_folder() == own
    monkeypatch.delenv("RAG_CACHE")
    assert "rag" in cache_folder().parts


@given(made=st.binary(max_size=200))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_comes_back(own: Path, made: bytes) -> None:
    """Any bytes are made once and then read."""
    name = f"kept-{made.hex()[:40]}-{len(made)}"
    (own / name).unlink(missing_ok=True)
    assert kept_bytes(name, lambda: made) == made == kept_bytes(name, refuse)


@given(data=st.data())
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_made_again(own: Path, data: st.DataObject) -> None:
    """A file cut short, or with any byte changed, is not taken for what was written."""
    kept_bytes("kept", lambda: b"0123456789")
    whole = (own / "kept").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    (own / "kept").write_bytes(damaged)
    assert kept_bytes("kept", lambda: b"0123456789") == b"0123456789"
    assert (own / "kept").read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_the_making(own: Path) -> None:
    """Bytes are given all the same; a folder has no other place, and says so."""
    own.write_text("a file where the folder should be", encoding="utf-8")
    assert kept_bytes("kept", lambda: b"made") == b"made"
    with pytest.raises(OSError, match=r".+"):
        kept_folder("kept", write_one)


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_making_that_is_broken_off_leaves_nothing(own: Path, fault: type[BaseException]) -> None:
    """Half a folder is never found under its name, and no rest lies about."""

    def half(folder: Path) -> None:
        write_one(folder)
        raise fault

    with pytest.raises(fault):
        kept_folder("kept", half)
    assert list(own.iterdir()) == []
    assert (kept_folder("kept", write_one) / "one").read_text(encoding="utf-8") == "1"


def test_a_disk_that_fills_leaves_nothing_half_written(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that cannot be written whole are given, and the next run makes them again."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert kept_bytes("kept", lambda: b"made") == b"made"
    assert list(own.iterdir()) == []


def test_two_processes_at_once_both_get_the_whole(own: Path) -> None:
    """Whoever is first, one file and one folder stand there in the end, whole, and nothing else."""
    workers = [multiprocessing.get_context("spawn").Process(target=make_both, args=(own / "folder",)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert sorted(path.name for path in own.iterdir()) == ["both", "folder"]
    assert kept_bytes("both", refuse) == b"abc" * 100_000
