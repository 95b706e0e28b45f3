"""What an index holds and what ails it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from rag.catalog import Making
from rag.config import Config
from rag.health import examine, read_status
from rag.index import Index, writing
from rag.pipeline import index_folder
from rag.progress import Progress
from tests.conftest import ROOT
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.embed import BundledEmbedder


def test_status_counts_what_is_held(sample_index: Path, tmp_path: Path) -> None:
    """Documents, chunks, languages, formats and the span of dates of the sample corpus."""
    shutil.copytree(sample_index, tmp_path / "index")
    with Index(tmp_path / "index") as index:
        status = read_status(index)
    assert (status.waiting, status.failed, status.undated) == (0, 0, 0)
    assert status.embedded == status.chunks > status.documents
    assert set(status.formats) == {"bibtex", "html", "markdown", "pdf", "snippet", "text"}
    assert sum(status.languages.values()) == sum(status.formats.values()) == status.documents
    assert (status.first, status.last) == ("1993", "2025-06-05")
    assert status.embedder == "bundled"


def test_a_sound_index_has_no_problem(sample_index: Path, tmp_path: Path) -> None:
    """Nothing is invented."""
    shutil.copytree(sample_index, tmp_path / "index")
    assert examine(tmp_path / "index") == ()


def test_each_ailment_is_named_with_what_mends_it(sample_index: Path, tmp_path: Path) -> None:
    """No index, a damaged catalog, an unread file, chunks that wait, another embedder's vectors."""
    (none,) = examine(tmp_path / "none")
    assert "rag index" in none.remedy
    damaged = tmp_path / "damaged"
    shutil.copytree(sample_index, damaged)
    (damaged / "catalog.sqlite3").write_bytes(b"no database at all" * 100)
    assert examine(damaged)[0].what == "the index cannot be opened"
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    db = sqlite3.connect(index / "catalog.sqlite3")
    with db:
        db.execute("UPDATE chunk SET stored = 0 WHERE id = 1")
        db.execute("INSERT INTO file VALUES ('x.pdf', 1, 1, 1, '', 'failed', 'no text (scanned?)')")
        db.execute("UPDATE setting SET value = 'other/1' WHERE name = 'fingerprint'")
    db.close()
    problems = {problem.what: problem for problem in examine(index)}
    assert "rag index" in problems["1 chunks wait to be embedded"].remedy
    assert problems["a file could not be read"].where == "x.pdf"
    assert "rag index --embedder" in problems["the embedder is another than the index was made with"].remedy


def lose_vector_store(index: Path) -> None:
    """Delete Chroma's folder."""
    shutil.rmtree(index / "chroma")


def cut_vector_store(index: Path) -> None:
    """Cut Chroma's database in half."""
    database = index / "chroma" / "chroma.sqlite3"
    os.truncate(database, database.stat().st_size // 2)


def lose_full_text(index: Path) -> None:
    """Take a row out of the full text."""
    with closing(sqlite3.connect(index / "catalog.sqlite3")) as db, db:
        db.execute("DELETE FROM full_text WHERE rowid = 3")


def lose_metadata(index: Path) -> None:
    """Let chunks wait."""
    with closing(sqlite3.connect(index / "catalog.sqlite3")) as db, db:
        db.execute("UPDATE chunk SET stored = 0 WHERE id < 5")


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lose_vector_store, "the vector store is gone"),
        (cut_vector_store, "the vector store cannot be opened"),
        (lose_full_text, "the full text does not agree with the chunks"),
        (lose_metadata, "4 chunks wait to be embedded"),
    ],
)
def test_what_doctor_names_its_command_mends_without_embedding(
    sample_index: Path, tmp_path: Path, bundled: BundledEmbedder, harm: Callable[[Path], None], named: str
) -> None:
    """Each damage is told with a remedy; after that command nothing is left to tell, and no text was embedded."""
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    harm(index)
    (problem,) = examine(index)
    assert problem.what.startswith(named)
    assert f"rag index CORPUS --index {index}" in problem.remedy
    verify = problem.remedy.endswith("--verify")
    result = index_folder(ROOT / "corpus", index, config=Config(), embedder=bundled, verify=verify)
    assert (result.embedded, result.new, result.changed) == (0, 0, 0)
    assert examine(index) == ()


def test_an_edition_left_unfinished_is_named(sample_index: Path, tmp_path: Path) -> None:
    """Whoever stopped an embedding anew is told how to go on and how to give it up."""
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    with Index(index) as opened:
        opened.catalog.begin_edition(Making("other model", "other/1", "200 tokens"))
    (problem,) = examine(index)
    assert problem.what == "embedding it anew with other model was not finished"
    assert "--embedder 'other model'" in problem.remedy


def test_a_run_that_writes_is_named_before_all_else(sample_index: Path, tmp_path: Path) -> None:
    """While another run writes nothing is judged half done."""
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    with writing(index, Progress()):
        assert [problem.what for problem in examine(index)] == ["another run is writing to it at this moment"]
    assert examine(index) == ()


def test_an_empty_index_is_an_ailment(tmp_path: Path) -> None:
    """An index of files that are no sources can answer nothing."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "x.bin").write_bytes(bytes(range(256)))
    config = Config()
    index_folder(tmp_path / "corpus", tmp_path / "index", config=config, embedder=WordEmbedder())
    assert {"the index holds no documents", "a file could not be read"} <= {p.what for p in examine(tmp_path / "index")}
