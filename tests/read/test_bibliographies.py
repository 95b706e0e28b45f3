"""Which files are bibliographies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.bibliographies import LARGEST, read_bibliography

if TYPE_CHECKING:
    from pathlib import Path

BIB = "% exported\n@article{a, title = {Uno}, year = 2020}"
RIS = "TY  - JOUR\nTI  - Uno\nER  - \n"
CSL = '[{"id": "a", "type": "book", "title": "Uno"}]'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("l.bib", BIB.encode()),
        ("l.txt", BIB.encode()),
        ("l.txt", RIS.encode()),
        ("l.ris", b"\xef\xbb\xbf" + RIS.encode()),
        ("l.bib", BIB.encode("utf-16")),
        ("l.json", CSL.encode()),
        ("x.pdf.toml", b'title = "Uno"'),
    ],
)
def test_content_decides_before_the_extension(tmp_path: Path, name: str, data: bytes) -> None:
    """A bibliography under another name, or in another encoding, is one."""
    (tmp_path / name).write_bytes(data)
    found = read_bibliography(tmp_path / name, corpus=tmp_path)
    assert found is not None
    assert [entry.title for entry in found.entries] == ["Uno"]


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.toml", "a.md", "a.csv"])
def test_anything_else_is_left_to_the_readers(tmp_path: Path, name: str) -> None:
    """Prose that mentions BibTeX is prose."""
    (tmp_path / name).write_text("See @article{a, title}.", encoding="utf-8")
    assert read_bibliography(tmp_path / name, corpus=tmp_path) is None


def test_a_bibliography_in_no_known_encoding_says_so(tmp_path: Path) -> None:
    """With its name and the line."""
    (tmp_path / "l.ris").write_bytes(b"TY  - JOUR\nTI  - \x81\x8d")
    with pytest.raises(SourceError, match=r"l\.ris: line 2"):
        read_bibliography(tmp_path / "l.ris", corpus=tmp_path)


@pytest.mark.parametrize("name", ["missing.bib", "empty.bib", "folder.bib", "waits.bib", "huge.bib"])
def test_what_is_no_file_to_read_is_left_to_be_refused(tmp_path: Path, name: str) -> None:
    """Nothing there, nothing in it, a folder, a pipe nobody writes to, more than memory holds: none is opened."""
    (tmp_path / "empty.bib").touch()
    (tmp_path / "folder.bib").mkdir()
    os.mkfifo(tmp_path / "waits.bib")
    with (tmp_path / "huge.bib").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert read_bibliography(tmp_path / name, corpus=tmp_path) is None
