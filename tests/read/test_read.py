"""Files of a corpus: who reads them."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

import rag.read
from rag.errors import SourceError
from rag.read import read_file
from tests.read.packages import PROSE, docx, epub, odt

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
        ("a.docx", docx(f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"), "docx"),
        ("a.zip", docx(f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"), "docx"),
        ("a.pdf", odt(f"<text:p>{PROSE}</text:p>"), "odt"),
        ("a", epub(f"<p>{PROSE}</p>"), "epub"),
        ("a.doc", rf"{{\rtf1 {PROSE}}}".encode("cp1252"), "rtf"),
        ("a.pdf", PROSE, "text"),
        ("a.docx", f"---\ntitle: Nota\n---\n{PROSE}", "markdown"),
        ("a.txt", PROSE.encode("utf-16-be"), "text"),
        ("a.txt", f"<?xml version='1.0'?><article><body><p>{PROSE}</p></body></article>", "jats"),
        ("a.xml", f"<!-- x --><!DOCTYPE article><article><body><p>{PROSE}</p></body></article>", "jats"),
        ("a.txt", f"\ufeffTY  - JOUR\nTI  - a\nAB  - {PROSE}\nER  - ", "ris"),
        ("a.json", f'[{{"id": "a", "title": "a", "abstract": "{PROSE}"}}]', "csl"),
        ("a.txt", f'{{"fecha": "2023", "texto": "{PROSE}"}}\n' * 2, "snippet"),
        ("a.csv", f"fecha;texto\n2023;{PROSE}\n", "snippet"),
        ("a.jsonl", f'{{"texto": "{PROSE * 1000}"}}', "snippet"),
    ],
)
def test_content_decides_before_the_extension(tmp_path: Path, name: str, text: str | bytes, expected: str) -> None:
    """What a file holds outweighs what it is called."""
    assert format_of(tmp_path / name, text, corpus=tmp_path) == expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "empty"),
        ("a.txt", "\u200b\u200b".encode(), "holds no text"),
        ("a.xyz", b"\xff\x00\x01\x02", "format is not read; save it as PDF"),
        ("a.py", PROSE.encode(), "format is not read; save it as PDF"),
        ("a.txt", b"<?xml version='1.0'?><tei/>", "format is not read; save it as PDF"),
        ("a.xml", b"<a>texto</a>", "format is not read; save it as PDF"),
        ("a.txt", b"\xff\x00\x01\x02", "neither UTF-8"),
        ("a.txt", b"%PDF-1.4 roto", "download"),
        ("a.pdf", b"<html>error 404</html>", "a web page, as failed downloads are; download the document again"),
        ("a.pdf", b"\xff\x00\x01\x02", "no PDF"),
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


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.iso"])
def test_endless_zeros_are_refused_at_a_glance(tmp_path: Path, name: str) -> None:
    """Two hundred megabytes of nothing cost neither time nor memory."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"nothing but zeros.*download or save it anew"):
        read_file(path, corpus=tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20


@pytest.mark.parametrize(("head", "megabytes"), [(b"Texto. ", 41), (b"%PDF-1.7\n", 401)])
def test_a_file_beyond_all_measure_is_refused_unread(tmp_path: Path, head: bytes, megabytes: int) -> None:
    """A PDF may be larger than a text."""
    path = tmp_path / "a.pdf"
    path.write_bytes(head)
    os.truncate(path, megabytes * 2**20)
    with pytest.raises(SourceError, match=rf"larger than {megabytes - 1} MB; split it"):
        read_file(path, corpus=tmp_path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder named like a paper, and a pipe that nobody writes to: reading it would wait for ever."""
    (tmp_path / "a.pdf").mkdir()
    os.mkfifo(tmp_path / "b.pdf")
    for name in ("a.pdf", "b.pdf"):
        with pytest.raises(SourceError, match="it is no file"):
            read_file(tmp_path / name, corpus=tmp_path)


def test_a_head_of_comments_is_no_trap(tmp_path: Path) -> None:
    """A thousand comments can be told apart in one way alone."""
    path = tmp_path / "a.txt"
    path.write_text("<!-- -->" * 1000 + PROSE, encoding="utf-8")
    assert read_file(path, corpus=tmp_path)[0].source.format == "text"


def test_a_file_nobody_may_read_says_so(tmp_path: Path) -> None:
    """The reason is the system's, the remedy ours."""
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read everything")
    with pytest.raises(SourceError, match=r"cannot be opened \(Permission denied\); check who may read it"):
        read_file(path, corpus=tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of one version and half of another is no text; the next run reads it whole."""
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")

    def written_meanwhile(head: bytes, **settings: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(PROSE)

    with monkeypatch.context() as patched:
        patched.setattr(rag.read, "bytes_kind", written_meanwhile)
        with pytest.raises(SourceError, match="it changed while it was read; index it again"):
            read_file(path, corpus=tmp_path)
    assert read_file(path, corpus=tmp_path)[0].text == PROSE * 2


def test_a_file_that_vanishes_while_it_is_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are still there for who opened it."""
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")
    monkeypatch.setattr(rag.read, "bytes_kind", lambda head, **settings: path.unlink())
    assert read_file(path, corpus=tmp_path)[0].text == PROSE


@pytest.mark.parametrize("name", ["-rf.txt", "con\nsalto.txt", "emoji😀.txt", "á" * 123 + ".txt", "%2e%2e.txt"])
def test_odd_names_are_read(tmp_path: Path, name: str) -> None:
    """A name is only a name."""
    assert format_of(tmp_path / name, PROSE, corpus=tmp_path) == "text"


def test_a_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    """A name in an old encoding keeps its bytes."""
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xff.txt"))
    try:
        path.write_text(PROSE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")
    (document,) = read_file(path, corpus=tmp_path)
    assert os.fsencode(document.source.paths[0]) == b"\xff.txt"


def test_one_line_of_megabytes_is_read(tmp_path: Path) -> None:
    """Some programs write no line ends at all; mixed ones are the same."""
    path = tmp_path / "a.txt"
    path.write_text(f"{PROSE} " * 20_000, encoding="utf-8")
    assert len(read_file(path, corpus=tmp_path)[0].text) == len(PROSE) * 20_000 + 19_999
    path.write_bytes(f"{PROSE}\r\n\r{PROSE}\n\r\n{PROSE}".encode())
    assert read_file(path, corpus=tmp_path)[0].text == "\n\n".join([PROSE] * 3)


def test_a_short_pdf_keeps_its_headings() -> None:
    """Also where all of them stand on the first page: the sample review has a title and three sections."""
    corpus = Path(__file__).parents[2] / "corpus"
    (document,) = read_file(corpus / "giuffre-shung-2023.pdf", corpus=corpus)
    assert [(section.level, section.title) for section in document.sections][1:] == [
        (2, "Impacto de los datos sintéticos"),
        (2, "Desafíos éticos y técnicos"),
        (2, "Conclusión"),
    ]
