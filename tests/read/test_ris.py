"""RIS bibliographies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.read.ris import read_ris, ris_entries

if TYPE_CHECKING:
    from rag.read.entries import Bibliography

ZOTERO = """TY  - JOUR
TI  - Datos sintéticos y privacidad
AU  - García Pérez, Ana
AU  - World Health Organization
T2  - Revista de Salud
DA  - 2023/03/08/
PY  - 2023
DO  - https://doi.org/10.1000/ABC_1
UR  - https://example.org/a
LA  - es
AB  - Los datos sintéticos protegen a los pacientes
 cuando se generan bien.
L1  - files/12/Garcia 2023.pdf
ER  -

TY  - BOOK
T1  - Sin resumen
A1  - Gil, Eva
Y1  - 2020///
L1  - file:///home/eva/gil%202020.pdf
L1  - https://example.org/no.pdf
N1  - PMID: 123
ER  -
"""


def read(text: str) -> Bibliography:
    """Read a bibliography."""
    return ris_entries(text, path="l.ris")


def test_the_fields_of_a_record_land_in_their_places() -> None:
    """As a reference manager exports them."""
    first, second = read(ZOTERO).entries
    assert (first.title, first.journal, first.language) == ("Datos sintéticos y privacidad", "Revista de Salud", "es")
    assert first.authors == ("Ana García Pérez", "World Health Organization")
    assert (str(first.date), first.doi, first.url) == ("2023-03-08", "10.1000/ABC_1", "https://example.org/a")
    assert (first.files, second.files) == (("files/12/Garcia 2023.pdf",), ("home/eva/gil 2020.pdf",))
    assert (second.title, second.authors, str(second.date)) == ("Sin resumen", ("Eva Gil",), "2020")


def test_an_abstract_is_a_document_and_a_short_note_is_none() -> None:
    """A line without a tag goes on with the one before."""
    (document,) = read_ris(ZOTERO, path="l.ris")
    assert document.text == "Los datos sintéticos protegen a los pacientes cuando se generan bien."
    assert (document.source.title, document.source.format) == ("Datos sintéticos y privacidad", "ris")


@pytest.mark.parametrize(
    ("lines", "date", "words"),
    [
        ("PY  - 2018///\nDA  - 31/02/2018", "2018", "2018"),
        ("PY  - in press", "", "in press"),
        ("PY  - 2018/05//Spring", "2018-05", "2018-05"),
        ("DA  - 2018/Spring\nPY  - 2018", "2018", "2018"),
        ("KW  - x", "", ""),
    ],
)
def test_dates_are_as_precise_as_they_can_be_believed(lines: str, date: str, words: str) -> None:
    """A day in no calendar is none; what is no date keeps its words."""
    (entry,) = read(f"TY  - JOUR\nTI  - x\n{lines}\n").entries
    assert (str(entry.date), entry.date.text) == (date, words)


def test_records_without_an_end_are_told_apart() -> None:
    """Each TY begins one; none is lost or run into another."""
    found = read("TY  - JOUR\nTI  - Uno\nPY  - 2020\nTY  - JOUR\nTI  - Dos")
    assert [(entry.title, str(entry.date)) for entry in found.entries] == [("Uno", "2020"), ("Dos", "")]
    assert found.remarks == ()


def test_what_belongs_to_no_record_is_named() -> None:
    """By its line."""
    found = read("Exported by a program\nTI  - lost\nTY  - JOUR\nTI  - Uno\nER  - \n")
    assert [entry.title for entry in found.entries] == ["Uno"]
    assert [remark.split(" belongs")[0] for remark in found.remarks] == ["line 1", "line 2"]


def test_a_file_without_a_record_is_refused() -> None:
    """The message says what is looked for."""
    with pytest.raises(SourceError, match=r"l\.ris: .*TY"):
        read("no RIS at all")


LINES = st.sampled_from(
    ["TY  - JOUR", "ER  - ", "TI  - Uno", "AU  - Gil, Eva", "PY  - 2020/13/45", "N2  - ñ", "más", ""]
)


@given(st.lists(LINES, max_size=20))
@settings(deadline=None, max_examples=100)
def test_lines_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    """Every beginning with anything under it is a record."""
    try:
        found = read("\n".join(lines))
    except SourceError:
        return
    assert 0 < len(found.entries) <= lines.count("TY  - JOUR")
