"""Files of a corpus: which there are, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read import find_files, read_file

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades."
PAGE = f"<html><body><article><h1>Título</h1><p>{PROSE} {PROSE}</p><p>{PROSE} {PROSE}</p></article></body></html>"


def format_of(path: Path, data: str | bytes, *, corpus: Path) -> str:
    """Write a file and return the format it is read as."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(path, corpus=corpus)[0].source.format


def test_files_are_found_in_order_without_hidden_ones(tmp_path: Path) -> None:
    """Sorted by their path; hidden files and folders, and empty folders, are left out."""
    for name in ("b.txt", "a/z.txt", "a.md", ".oculto.txt", ".git/config", "a/.x/y.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROSE, encoding="utf-8")
    (tmp_path / "vacía").mkdir()
    assert [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)] == ["a.md", "a/z.txt", "b.txt"]


def test_links_do_not_lead_out_or_round(tmp_path: Path) -> None:
    """A link to a file inside counts; one that leads out, nowhere or to a folder does not."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "fuera.txt").write_text("secreto", encoding="utf-8")
    (corpus / "a.txt").write_text(PROSE, encoding="utf-8")
    for name, target in {"b.txt": "a.txt", "c.txt": "../fuera.txt", "d.txt": "nada.txt", "bucle": "."}.items():
        (corpus / name).symlink_to(target)
    assert [path.name for path in find_files(corpus)] == ["a.txt", "b.txt"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A mistyped name does not look like an empty corpus."""
    with pytest.raises(SourceError, match="no such folder"):
        find_files(tmp_path / "nada")


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
    (one,), (other,) = (read_file(path, corpus=tmp_path) for path in find_files(tmp_path))
    assert (one.source.paths, other.source.paths) == (("b.txt",), ("sub/a.txt",))
    assert one.source.id == other.source.id
