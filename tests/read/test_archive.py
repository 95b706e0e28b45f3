"""Archives that cannot explode, and XML that cannot either."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read import archive as archives
from rag.read import read_file
from rag.read.archive import open_archive
from tests.read.packages import LAUGHS, OUTSIDE, PROSE, docx, epub, odt, package

if TYPE_CHECKING:
    from pathlib import Path

ODF = "application/vnd.oasis.opendocument"
OUTWARDS: dict[str, str | bytes] = {"../../fuera.txt": "x", "/abs.txt": "x", "dentro.docx": docx(PROSE)}
MANY = 20_000_000
BOMBS = {
    "a.docx": docx("<w:p><w:r><w:t>" + "a" * MANY + "</w:t></w:r></w:p>"),
    "a.odt": odt("<text:p>" + "a" * MANY + "</text:p>"),
    "a.epub": epub("<p>" + "a " * (MANY // 2) + "</p>"),
    "lista.epub": epub(PROSE, metadata=" " * MANY),
}


def refusal(folder: Path, name: str, data: bytes) -> str:
    """Return why a file is refused."""
    (folder / name).write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_file(folder / name, corpus=folder)
    assert caught.value.path == name
    return caught.value.reason


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, name: str) -> None:
    """Twenty megabytes packed in twenty kilobytes are not inflated whole; the reason has a remedy."""
    read_file_once = docx(f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>")
    (tmp_path / "antes.docx").write_bytes(read_file_once)
    read_file(tmp_path / "antes.docx", corpus=tmp_path)  # what is imported and built once
    tracemalloc.start()
    reason = refusal(tmp_path, name, BOMBS[name])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "inflates beyond all measure" in reason
    assert "save it anew" in reason
    assert most < MANY // 2


def test_what_each_part_may_hold_all_together_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is on all that is read of an archive."""
    monkeypatch.setattr(archives, "MOST_INFLATED", 10_000)
    with open_archive(package({"a": "x" * 8000, "b": "x" * 8000}), path="a.epub") as archive:
        assert len(archive.read("a")) == 8000
        with pytest.raises(SourceError, match="inflates beyond all measure"):
            archive.read("b")


def test_an_archive_of_endless_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of parts has a bound too."""
    monkeypatch.setattr(archives, "MOST_MEMBERS", 10)
    assert "more than 10 parts" in refusal(tmp_path, "a.docx", package({f"word/{n}": "" for n in range(11)}))


@pytest.mark.parametrize("prolog", [LAUGHS, OUTSIDE, '<!DOCTYPE x [<!ENTITY i "texto oculto">]>'])
@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_entities_a_file_makes_up_are_refused(tmp_path: Path, form: str, prolog: str) -> None:
    """Neither a billion laughs nor another file's text can come of them, in no format."""
    made = {
        "docx": docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", prolog=prolog),
        "odt": odt("<text:p>&i;</text:p>", prolog=prolog),
        "epub": epub(f"{prolog}<html><body><p>&i;</p></body></html>"),
    }
    reason = refusal(tmp_path, f"a.{form}", made[form])
    assert "XML makes up entities" in reason
    assert "save it without them" in reason


def test_entities_in_attributes_are_refused(tmp_path: Path) -> None:
    """XML resolves those whatever a reader asks for."""
    assert "XML makes up entities" in refusal(tmp_path, "a.docx", docx('<w:p w:x="&i;"/>', prolog=LAUGHS))


def test_depth_is_refused(tmp_path: Path) -> None:
    """Elements inside elements without end are an error of the file, not of the program."""
    body = "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    assert "elements in elements without end; save it anew" in refusal(tmp_path, "a.docx", docx(body))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"PK\x03\x04\xff\x00", "archive is damaged"),
        ("a.docx", docx(PROSE)[:-40], "archive is damaged"),
        ("a.zip", package(OUTWARDS), "it is an archive; unpack"),
        ("a.docx", package({"xl/workbook.xml": "<x/>"}), "spreadsheet; save its table as CSV"),
        ("a.docx", package({"ppt/presentation.xml": "<x/>"}), "presentation; save it as PDF"),
        ("a.odt", package({"mimetype": f"{ODF}.graphics", "content.xml": "<x/>"}), "no text"),
        ("a.docx", package({"word/otra.xml": "<x/>"}), "no text of Word's"),
        ("a.odt", package({"mimetype": f"{ODF}.text"}), "no text of a writer's"),
        ("a.odt", odt("<text:p>sin cierre"), "XML cannot be read"),
        ("a.epub", package({"META-INF/container.xml": "<container/>"}), "no whole book"),
        ("a.epub", epub("<p> </p>"), "holds no text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old Office or locked by a password"),
        ("a.rar", b"Rar!\x1a\x07\x00" + b"x" * 99, "RAR archive; unpack"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"x" * 99, "picture"),
    ],
)  # fmt: skip
def test_what_is_no_document_says_so(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """Each with what to do about it; nothing is unpacked anywhere."""
    assert reason in refusal(tmp_path, name, data)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    """A flipped byte is found by the archive's own check sum."""
    data = bytearray(docx(f"<w:p><w:r><w:t>{PROSE * 20}</w:t></w:r></w:p>"))
    at = data.index(b"word/texto.xml") + 60
    data[at] ^= 0xFF
    assert "its part word/texto.xml is damaged" in refusal(tmp_path, "a.docx", bytes(data))


def test_a_locked_part_is_refused() -> None:
    """An archive locked by a password says so."""
    data = bytearray(package({"a.xml": "<a/>"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with open_archive(bytes(data), path="a.docx") as archive, pytest.raises(SourceError, match="password"):
        archive.read("a.xml")
