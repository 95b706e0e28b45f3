"""What each place says of a source."""

from __future__ import annotations

from rag.dates import parse_date
from rag.read.told import Told, source

FIRST = Told("first page", title="Título", date=parse_date("2023", origin="text"))
EMBEDDED = Told("embedded", title="Plantilla", authors=("Ana García",), language="es")


def test_each_field_comes_from_the_first_place_that_has_it() -> None:
    """And says from which."""
    told = source("docx", "a.docx", FIRST, EMBEDDED)
    assert (told.title, told.authors, str(told.date), told.language) == ("Título", ("Ana García",), "2023", "es")
    assert told.origins == (
        ("title", "first page"), ("authors", "embedded"), ("date", "first page"), ("language", "embedded"),
    )  # fmt: skip
    assert source("docx", "a.docx", EMBEDDED, FIRST).title == "Plantilla"


def test_missing_is_missing() -> None:
    """What nobody says has no origin."""
    told = source("docx", "a.docx", Told("embedded"))
    assert (told.title, told.authors, told.date.known, told.origins) == ("", (), False, ())


def test_a_date_in_words_nobody_understands_is_said_all_the_same() -> None:
    """It keeps another place from dating the text."""
    told = source("odt", "a.odt", Told("first page", date=parse_date("en prensa", origin="text")), FIRST)
    assert (told.date.known, told.date.text) == (False, "en prensa")
