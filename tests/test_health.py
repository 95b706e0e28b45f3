"""What an index holds and what ails it."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from rag.config import Config
from rag.health import examine, read_status
from rag.index import Index
from rag.pipeline import index_folder
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path


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


def test_an_empty_index_is_an_ailment(tmp_path: Path) -> None:
    """An index of files that are no sources can answer nothing."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "x.bin").write_bytes(bytes(range(256)))
    config = Config()
    index_folder(
        tmp_path / "corpus", tmp_path / "index", config=config, embedder=WordEmbedder(), progress=lambda _: None
    )
    assert {"the index holds no documents", "a file could not be read"} <= {p.what for p in examine(tmp_path / "index")}
