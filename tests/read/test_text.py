"""Plain text with a head of title and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.read.text import read_text

if TYPE_CHECKING:
    from rag.records import Document

NOTE = """Datos sintéticos en la salud
Fecha: 8 de marzo de 2023
Autores: Ana García y Eva Gil
DOI: 10.1000/abc
Fuente: https://example.org/nota

La generación de datos sintéticos juega un papel
clave en la comprensión de las enfermedades.

- primero
- segundo
"""


def read(text: str, path: str = "nota.txt") -> Document:
    """Return the document of a plain text."""
    (document,) = read_text(text, path=path)
    return document


def test_title_and_fields_are_read_from_the_head() -> None:
    """The lines under the title are of the source, not of the text."""
    document = read(NOTE)
    source = document.source
    assert source.title == "Datos sintéticos en la salud"
    assert source.authors == ("Ana García", "Eva Gil")
    assert (str(source.date), source.date.origin) == ("2023-03-08", "text")
    assert (source.doi, source.url) == ("10.1000/abc", "https://example.org/nota")
    assert "Fecha" not in document.text


def test_wrapped_lines_are_joined_and_items_are_not() -> None:
    """A paragraph is one line; a bullet begins another."""
    assert read(NOTE).text.split("\n\n")[1:] == [
        "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades.",
        "primero",
        "segundo",
    ]


def test_the_title_is_a_heading_of_the_text() -> None:
    """It stands first, as a section."""
    document = read(NOTE)
    assert [(section.start, section.title) for section in document.sections] == [(0, document.source.title)]


@pytest.mark.parametrize("first", ["Una frase corta que acaba.", "palabra " * 21, "Una línea\nque sigue en la otra"])
def test_a_sentence_is_no_title(first: str) -> None:
    """A period, many words or a line that goes on make it text."""
    document = read(f"{first}\n\nEl resto del texto.")
    assert document.source.title == ""
    assert document.sections == ()


def test_fields_stand_without_a_title_and_after_a_blank_line() -> None:
    """The head may begin with a field, or leave a line free."""
    assert read("Título: Una nota\nDate: May 2022\n\nTexto.").source.title == "Una nota"
    assert str(read("Una nota\n\nDate: May 2022\n\nTexto.").source.date) == "2022-05"


def test_a_field_further_down_is_text() -> None:
    """Only the head is read for fields."""
    document = read("Una nota\n\nTexto.\n\nFecha: 2023")
    assert not document.source.date.known
    assert "Fecha: 2023" in document.text


def test_without_a_date_the_file_name_gives_one() -> None:
    """A date in the text outweighs it."""
    assert str(read("Texto sin fecha, en una línea.", "ramos 2021.txt").source.date) == "2021"
    assert str(read(NOTE, "ramos 2021.txt").source.date) == "2023-03-08"


def test_a_title_alone_is_the_text() -> None:
    """A file of one short line is not empty."""
    document = read("Solo esto")
    assert (document.source.title, document.text) == ("", "Solo esto")


def test_lines_nobody_wrapped_are_paragraphs() -> None:
    """A file with a paragraph on each line keeps them apart."""
    long = "Una frase larga que nadie partiría a mano porque ocupa mucho más que una línea. " * 3
    assert read(f"{long}\n{long}").text.count("\n\n") == 1


def test_each_field_stands_on_the_first_page() -> None:
    """A plain text has no other place to say what it is."""
    (document,) = read_text("Título\nFecha: 2023-05\nAutora: Ana Gil\n\nTexto.", path="a.txt")
    assert dict(document.source.origins) == dict.fromkeys(("title", "date", "authors"), "first page")
