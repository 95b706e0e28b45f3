"""What a person says of a file beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.sidecar import described_path, sidecar_entries

if TYPE_CHECKING:
    from rag.read.entries import Entry

WHOLE = """
title = "Datos sintéticos"
authors = ["Ana García", "World Health Organization"]
date = "2023-05"
doi = "https://doi.org/10.1000/abc"
url = "https://example.org/a"
journal = "Revista de Salud"
language = "es"
"""


def read(text: str) -> Entry:
    """Read a sidecar."""
    (entry,) = sidecar_entries(text, path="a.pdf.toml").entries
    return entry


def test_every_key_lands_in_its_place() -> None:
    """It holds no document, and says that a person said it."""
    entry = read(WHOLE)
    assert (entry.place, entry.title, str(entry.date)) == ("sidecar", "Datos sintéticos", "2023-05")
    assert entry.authors == ("Ana García", "World Health Organization")
    assert (entry.doi, entry.url) == ("10.1000/abc", "https://example.org/a")
    assert (entry.journal, entry.language, entry.prose) == ("Revista de Salud", "es", None)


@pytest.mark.parametrize("date", ["2023-05-17", '"2023-05-17"', "2023-05-17T10:00:00Z", '"17 de mayo de 2023"'])
def test_a_day_in_any_form(date: str) -> None:
    """TOML's own dates and words give the same day."""
    assert str(read(f"date = {date}").date) == "2023-05-17"


def test_a_year_may_be_a_number_and_authors_one_text() -> None:
    """As people write it first."""
    entry = read('date = 2023\nauthors = "García, Ana; Pérez Gil, Luis"')
    assert (str(entry.date), entry.authors) == ("2023", ("Ana García", "Luis Pérez Gil"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('titel = "x"', "no key “titel”; known are title, authors"),
        ("title = x", "no TOML"),
        ("title = 3", "title is not a text"),
        ("authors = [1]", "authors is not a list of names"),
        ('date = "spring 2023"', "date “spring 2023” is none; write 2023"),
        ('doi = "abc"', "doi “abc” is none"),
        ('language = "Spanish"', "language “Spanish” is none; write two letters"),
        ('url = "javascript:alert(1)"', "url “javascript"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(text: str, told: str) -> None:
    """A typing error must not pass as nothing said."""
    with pytest.raises(SourceError, match=r"a\.pdf\.toml: ") as caught:
        read(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("x/a b.pdf.toml", "x/a b.pdf"),
        ("a.PDF.TOML", "a.PDF"),
        ("pyproject.toml", ""),
        ("v1.2/notes.toml", ""),
        ("a.pdf", ""),
    ],
)
def test_a_sidecar_is_known_by_its_name(path: str, target: str) -> None:
    """It bears the whole name of the file it speaks of."""
    assert described_path(path) == target
