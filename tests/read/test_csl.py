"""Bibliographies in CSL-JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.csl import csl_entries, read_csl

if TYPE_CHECKING:
    from rag.read.entries import Entry

ITEM = {
    "id": "garcia2023",
    "type": "article-journal",
    "title": "Datos <i>sintéticos</i> &amp; privacidad",
    "author": [
        {"given": "Ana", "family": "García"},
        {"literal": "World Health Organization"},
        {"given": "Jan", "non-dropping-particle": "van der", "family": "Berg", "suffix": "Jr."},
    ],
    "container-title": "Revista de Salud",
    "issued": {"date-parts": [[2023, "3", 8], [2023, 4]]},
    "DOI": "10.1000/abc",
    "URL": "https://example.org/a",
    "language": "es-ES",
    "abstract": "<jats:title>Resumen</jats:title><jats:p>Los datos sintéticos protegen.</jats:p><p>No siempre.</p>",
}


def entry(**fields: object) -> Entry:
    """Read one item."""
    (found,) = csl_entries(json.dumps([{"type": "book", "title": "x", **fields}]), path="l.json").entries
    return found


def test_the_fields_of_an_item_land_in_their_places() -> None:
    """Markup goes, particles stay where they belong; of a range the first day counts."""
    found = entry(**ITEM)
    assert (found.title, found.journal) == ("Datos sintéticos & privacidad", "Revista de Salud")
    assert found.authors == ("Ana García", "World Health Organization", "Jan van der Berg Jr.")
    assert (str(found.date), found.doi, found.language) == ("2023-03-08", "10.1000/abc", "es")
    (document,) = read_csl(json.dumps(ITEM), path="l.json")
    assert document.text == "Resumen\n\nLos datos sintéticos protegen.\n\nNo siempre."


@pytest.mark.parametrize(
    ("issued", "date", "words"),
    [
        ({"date-parts": [[2020, 13, 45]]}, "", "2020-13-45"),
        ({"raw": "Spring 2019"}, "", "Spring 2019"),
        ({"literal": "8 de marzo de 2023"}, "2023-03-08", "8 de marzo de 2023"),
        ({"date-parts": [["2999"]]}, "", "2999"),
        ({"date-parts": [[-44, 3, 15]]}, "", "-44-03-15"),
        ({"date-parts": [[2019]]}, "2019", "2019"),
        ({"date-parts": []}, "", ""),
        ([2019], "", ""),
    ],
)
def test_dates_are_believed_or_keep_their_words(issued: object, date: str, words: str) -> None:
    """Nothing is guessed from what is in no calendar."""
    found = entry(issued=issued)
    assert (str(found.date), found.date.text) == (date, words)


@pytest.mark.parametrize("odd", [None, 3, [], {"a": 1}, [None, {"given": None}]])
def test_values_of_any_kind_are_no_words(odd: object) -> None:
    """What an export leaves null or fills wrongly is missing, and no error."""
    found = entry(DOI=odd, author=odd, abstract=odd, URL=odd, issued=odd)
    assert (found.doi, found.url, found.prose, found.date.known) == ("", "", None, False)


def test_what_is_no_item_is_named() -> None:
    """By its number; the others are read."""
    found = csl_entries(json.dumps([ITEM, 7, {"text": "a snippet"}]), path="l.json")
    assert len(found.entries) == 1
    assert [remark.split(" is")[0] for remark in found.remarks] == ["item 2", "item 3"]


@pytest.mark.parametrize("text", ["[", "[]", "{}", '[{"text": "a snippet"}]', "[" * 100_000])
def test_what_holds_no_bibliography_is_refused(text: str) -> None:
    """Broken JSON and other JSON are named for what they are."""
    with pytest.raises(SourceError, match=r"l\.json: it (is no JSON|holds no bibliography)"):
        csl_entries(text, path="l.json")
