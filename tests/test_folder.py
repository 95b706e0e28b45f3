"""A folder against what is known of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rag.errors import RagError
from rag.folder import JUST_NOW, Changes, compare, corpus_files

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades."


def test_files_are_found_in_order_without_hidden_ones(tmp_path: Path) -> None:
    """Sorted by their path; hidden files and folders, and empty folders, are left out."""
    for name in ("b.txt", "a/z.txt", "a.md", ".oculto.txt", ".git/config", "a/.x/y.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROSE, encoding="utf-8")
    (tmp_path / "vacía").mkdir()
    assert list(corpus_files(tmp_path)) == ["a.md", "a/z.txt", "b.txt"]


def test_links_do_not_lead_out_or_round(tmp_path: Path) -> None:
    """A link to a file inside counts; one that leads out, nowhere or to a folder does not."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "fuera.txt").write_text("secreto", encoding="utf-8")
    (corpus / "a.txt").write_text(PROSE, encoding="utf-8")
    for name, target in {
        "b.txt": "a.txt",
        "c.txt": "../fuera.txt",
        "d.txt": "nada.txt",
        "e.txt": "e.txt",
        "bucle": ".",
    }.items():
        (corpus / name).symlink_to(target)
    assert list(corpus_files(corpus)) == ["a.txt", "b.txt"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A mistyped name does not look like an empty corpus."""
    with pytest.raises(RagError, match="no such folder"):
        corpus_files(tmp_path / "nada")


@pytest.mark.parametrize(
    ("touched", "seen"),
    [(0, True), (-JUST_NOW // 2, True), (JUST_NOW, True), (-2 * JUST_NOW, False)],
    ids=["as it ran", "a second before", "after", "well before"],
)
def test_a_change_that_the_clock_hides_is_seen_where_it_can_be(tmp_path: Path, touched: int, seen: bool) -> None:
    """A file touched within two seconds of the last run is compared by its bytes: other bytes of its length may have
    come after the run under the same time. One that lay still before is not opened.
    """
    note, indexed = tmp_path / "a.txt", 1_700_000_000_000_000_000
    note.write_text("uno", encoding="utf-8")
    os.utime(note, ns=(indexed + touched, indexed + touched))
    known = compare({}, tmp_path, corpus_files(tmp_path)).found
    note.write_text("dos", encoding="utf-8")
    os.utime(note, ns=(indexed + touched, indexed + touched))
    changes = compare(known, tmp_path, corpus_files(tmp_path), indexed_ns=indexed)
    assert changes == Changes(
        changes.found, (), ("a.txt",) if seen else (), (), (), () if seen else ("a.txt",), touched=()
    )
    assert compare(known, tmp_path, corpus_files(tmp_path), indexed_ns=indexed, verify=True).changed == ("a.txt",)


def test_a_folder_that_may_not_be_opened_is_listed_to_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not cost the other files."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text(PROSE, encoding="utf-8")
    scandir = os.scandir

    def refused(folder: Path | str) -> object:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refused)
    assert list(corpus_files(tmp_path)) == ["closed", "open.txt"]
