"""Files of a corpus: who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read import read_file

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades."
PAGE = f"<html><body><article><h1>Título</h1><p>{PROSE} {PROSE}</p><p>{PROSE} {PROSE}</p></article></body></html>"


def format_of(path: Path, data: str | bytes, *, corpus: Path) -> str:
    """Write a file and return the format it is read as."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(path, corpus=corpus)[0].source.format


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", PROSE, "text"),
        ("a.txt", f"Mar 8, 2023 · {PROSE}", "snippet"),
        ("a.txt", f"retrieved: 2024-05-01\n1 día atrás · {PROSE}", "snippet"),
        ("a.txt", f"Una nota\n\n{PROSE} Mar 8, 2023 · {PROSE}", "text"),
        ("a.md", f"Mar 8, 2023 · {PROSE}", "markdown"),
        ("a.MD", PROSE, "markdown"),
        ("a.html", PAGE, "html"),
        ("a.txt", PAGE, "html"),
        ("a.dat", f"<!-- guardado --><!DOCTYPE html>{PAGE}", "html"),
        ("a.bib", "@misc{a, abstract = {Texto.}}", "bibtex"),
        ("a.txt", "% comentario\n@misc{a, abstract = {Texto.}}", "bibtex"),
        ("LEEME", PROSE, "text"),
    ],
)
def test_content_decides_before_the_extension(tmp_path: Path, name: str, text: str, expected: str) -> None:
    """What a file holds outweighs what it is called."""
    assert format_of(tmp_path / name, text, corpus=tmp_path) == expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", "\u200b\u200b".encode(), "holds no text"),
        ("a.docx", b"PK\x03\x04\xff\x00", "format is not read; save it as PDF"),
        ("a.xml", b"<a>texto</a>", "format is not read; save it as PDF"),
        ("a.txt", b"\xff\x00\x01\x02", "neither UTF-8"),
        ("a.txt", b"%PDF-1.4 roto", "broken"),
        ("a.pdf", b"<html>error 404</html>", "no PDF"),
        ("carpeta/a.md", b"---\na: [\n---\n", "front matter, line"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """The error names the file by its path in the corpus, and the reason without it."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_file(path, corpus=tmp_path)
    assert caught.value.path == name
    assert reason in caught.value.reason


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """A file removed meanwhile is one file's failure."""
    with pytest.raises(SourceError, match=r"a\.txt: it cannot be opened \(No such file"):
        read_file(tmp_path / "a.txt", corpus=tmp_path)


def test_paths_are_relative_and_the_id_is_of_the_text(tmp_path: Path) -> None:
    """The same text elsewhere, in another encoding, has the same id."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(PROSE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(PROSE, encoding="cp1252")
    (one,), (other,) = (read_file(path, corpus=tmp_path) for path in (tmp_path / "b.txt", tmp_path / "sub" / "a.txt"))
    assert (one.source.paths, other.source.paths) == (("b.txt",), ("sub/a.txt",))
    assert one.source.id == other.source.id
