"""Bibliographies."""

from __future__ import annotations

import re

import pytest

from rag.errors import SourceError
from rag.read.bibtex import bibtex_entries, read_bibtex

LIBRARY = r"""
% Encoding: UTF-8
@string{jan = "January"}
@article{uno,
  title = {{D}atos sint{\'e}ticos},
  author = {Garc{\'\i}a P{\'e}rez, Ana and {World Health Organization} and van der Berg, Jan and others},
  year = 2023, month = mar,
  doi = {https://doi.org/10.1000/abc_1}, url = {https://example.org/~ana/a_b?c=1&d=2},
  abstract = {El 50% de los pacientes & el 5\% restante.

    Segundo p\'arrafo.},
  note = {PMID: 123},
}
@book{sin_texto, title = {Nada}, author = {Gil, Eva}, year = {2020}}
@article{roto, title = {Falta una llave, abstract = "x
@misc{uno,
  Title = {Duplicate key}, Date = {2021-05-03/2021-06-01},
  Annote = {A note of prose that says enough to be worth reading again.}
}
@misc{dos, title = {Twice}, title = {Twice again}, year = {in press}, abstract = {Two titles, one abstract.}}
"""


def test_entries_with_prose_are_documents() -> None:
    """An entry without text, a broken one and a repeated key cost no other entry."""
    documents = read_bibtex(LIBRARY, path="l.bib")
    assert [document.source.title for document in documents] == ["Datos sintéticos", "Duplicate key", "Twice again"]
    assert {document.source.paths for document in documents} == {("l.bib",)}


def test_latex_is_decoded_and_nothing_of_the_text_lost() -> None:
    """Percentages and ampersands survive; a short note is no text."""
    first, *_ = read_bibtex(LIBRARY, path="l.bib")
    assert first.text == "El 50% de los pacientes & el 5% restante.\n\nSegundo párrafo."


def test_names_are_given_first_and_bodies_stay_whole() -> None:
    """Braces hold a body's name together; "others" is nobody."""
    first, *_ = read_bibtex(LIBRARY, path="l.bib")
    assert first.source.authors == ("Ana García Pérez", "World Health Organization", "Jan van der Berg")
    (entry,) = bibtex_entries("@misc{a, title = {x}, author = {’t&amp;nbsp;Hart, Ana and Gil; Eva}}", path="l").entries
    assert entry.authors == ("Ana ’t Hart", "Gil; Eva")


def test_fields_land_in_their_places() -> None:
    """Dates are as precise as written, and of the bibliography; addresses are not mangled."""
    first, second, third = read_bibtex(LIBRARY, path="refs-2019.bib")
    assert (str(first.source.date), first.source.date.origin) == ("2023-03", "bibliography")
    assert str(second.source.date) == "2021-05-03"
    assert (third.source.date.known, third.source.date.text) == (False, "in press")
    assert (first.source.doi, first.source.url) == ("10.1000/abc_1", "https://example.org/~ana/a_b?c=1&d=2")


@pytest.mark.parametrize("month", ["5", "{May}", "may", "{mayo}", "05"])
def test_a_month_in_any_form(month: str) -> None:
    """Numbers, abbreviations and names give the same month."""
    (document,) = read_bibtex(f"@misc{{a, year = {{2021}}, month = {month}, abstract = {{Texto.}}}}", path="l.bib")
    assert str(document.source.date) == "2021-05"


def test_a_bare_bibliography_holds_no_documents() -> None:
    """That is no error: there is nothing to read."""
    assert read_bibtex("@book{a, title = {Nada}, year = 2020}", path="l.bib") == ()


@pytest.mark.parametrize("text", ["@article{roto, title = {Falta", "solo prosa"])
def test_a_file_without_one_readable_entry_is_refused(text: str) -> None:
    """The message says where to look."""
    with pytest.raises(SourceError, match=r"l\.bib: none of its entries.*braces"):
        read_bibtex(text, path="l.bib")


def test_what_cannot_be_read_is_named_by_line_and_key() -> None:
    """An entry that swallowed the next names both; the others are read."""
    found = bibtex_entries(LIBRARY, path="l.bib")
    assert len(found.entries) == 4
    (remark,) = found.remarks
    assert re.match(r"line 15: “roto” cannot be read", remark)


def test_paths_are_read_as_written() -> None:
    """LaTeX is not decoded in them, nor lost where they hold what LaTeX knows."""
    files = {
        r"PDF:C\:\\ana\\x_1 & 50%.pdf:application/pdf": "C:/ana/x_1 & 50%.pdf",
        r":C$\backslash$:/ana/x\_1.pdf:pdf": "C:/ana/x_1.pdf",
        "a~b/~c.pdf": "a~b/~c.pdf",
    }
    for written, path in files.items():
        (entry,) = bibtex_entries(f"@misc{{a, title = {{x}}, file = {{{written}}}}}", path="l.bib").entries
        assert entry.files == (path,)


def test_an_entry_without_prose_still_says_what_it_knows() -> None:
    """Its metadata are for the file it names."""
    entry = bibtex_entries(LIBRARY, path="l.bib").entries[1]
    assert (entry.title, entry.authors, str(entry.date), entry.prose) == ("Nada", ("Eva Gil",), "2020", None)
