"""Claims about the cited sources as a bibliography."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.read.bibtex import bibtex_entries
from rag.read.csl import csl_entries
from rag.records import UNDATED, PublicationDate, Report, Source
from rag.render.documents import to_bibtex
from rag.render.references import bibliography, to_csl_json
from tests.render.pages import ARTICLE, BODY, SNIPPET, YEAR, cited, whole

if TYPE_CHECKING:
    from typing import Any


def fields(source: Source, *, language: str = "es", text: str = "Son importantes. Y más.") -> dict[str, Any]:
    """Return the item of one source."""
    report = replace(whole(language), sources=(cited(1, source, "aaaaaa", text),))
    return bibliography(report)[0].fields


def keys(*sources: Source) -> list[str]:
    """Return the keys of several sources."""
    report: Report = replace(whole(), sources=tuple(cited(n, one, f"aaaaa{n}") for n, one in enumerate(sources)))
    return [item.key for item in bibliography(report)]


def test_a_source_is_an_item_with_all_that_is_known() -> None:
    """Its kind, names, title, journal, DOI, language, and the date no more precise than it is."""
    assert fields(ARTICLE) == {
        "id": "garcia2021", "type": "article-journal", "title": "Evaluación de la privacidad",
        "author": [
            {"family": "García Pérez", "given": "Ana"}, {"family": "Gil de la Vega", "given": "José Luis"},
        ],
        "issued": {"date-parts": [[2021, 6]]}, "container-title": "Revista de Salud", "DOI": "10.1000/(a)b",
        "language": "es",
    }  # fmt: skip


def test_a_snippet_is_cited_as_one() -> None:
    """A page of the web, with the day it was retrieved, and its first sentence where it has no title."""
    snippet = replace(SNIPPET, url="https://a.b/c", retrieved=date(2026, 11, 26))
    said = fields(snippet)
    assert (said["type"], said["title"], said["genre"]) == ("webpage", "Son importantes", "extracto de un buscador")
    assert said["accessed"] == {"date-parts": [[2026, 11, 26]]}
    assert said["issued"] == {"date-parts": [[2023, 3, 8]]}
    assert fields(snippet, language="en")["genre"] == "search-engine snippet"


def test_a_long_opening_is_cut() -> None:
    """Twenty words stand for a title, six for one in the text."""
    said = fields(SNIPPET, text="uno dos " * 30)
    assert said["title"] == ("uno dos " * 10).strip() + "..."
    assert said["title-short"] == "uno dos uno dos uno dos..."
    assert fields(SNIPPET, text="")["title"] == "[Extracto sin título]"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (ARTICLE, "article-journal"),
        (replace(ARTICLE, journal=""), "article"),
        (replace(ARTICLE, journal="arXiv"), "article"),
        (replace(ARTICLE, doi=""), "article-journal"),
        (replace(ARTICLE, doi="", journal="", url="https://arxiv.org/abs/2303.04360"), "article"),
        (BODY, "webpage"),
        (replace(BODY, url=""), "document"),
        (replace(BODY, url="javascript:alert(1)"), "document"),
        (SNIPPET, "webpage"),
    ],
)
def test_kinds_of_sources(source: Source, kind: str) -> None:
    """What is printed in a journal, before print, on the web, or nowhere known."""
    assert fields(source)["type"] == kind


def test_dates_are_as_wide_as_known() -> None:
    """A year is a year, a span of years both its ends, and no date none at all."""
    assert fields(BODY)["issued"] == {"date-parts": [[2021]]}
    span = PublicationDate(date(2019, 1, 1), date(2020, 12, 31), "year", "text")
    assert fields(replace(BODY, date=span))["issued"] == {"date-parts": [[2019], [2020]]}
    assert "issued" not in fields(replace(BODY, date=UNDATED))


def test_keys_are_what_a_person_would_type_and_each_ones_own() -> None:
    """Family name and year, with letters where two are the same; without a name a word of the title."""
    assert keys(ARTICLE, BODY, SNIPPET) == ["garcia2021", "world2021", "extracto2023"]
    assert keys(ARTICLE, ARTICLE, replace(BODY, authors=(), date=UNDATED)) == ["garcia2021a", "garcia2021b", "ethics"]
    assert keys(*[BODY] * 28)[-3:] == ["world2021z", "world2021aa", "world2021ab"]


def test_csl_json_is_read_back() -> None:
    """Title, names, date, DOI and address are those of the sources; an undated one's words and the keys are there."""
    text = to_csl_json(bibliography(whole()))
    read = csl_entries(text, path="a.json").entries
    sources = [entry.source for entry in whole().sources]
    assert [entry.authors for entry in read] == [source.authors for source in sources]
    assert [str(entry.date) for entry in read] == [str(source.date) for source in sources]
    assert [entry.doi for entry in read] == [source.doi for source in sources]
    assert [entry.url for entry in read] == [source.url for source in sources]
    items = json.loads(text)
    assert [item["annote"] for item in items] == ["k:aaaaaa", "k:bbbbbb", "k:cccccc", "k:dddddd"]
    assert [item.get("note") for item in items] == [None, None, "«1 día atrás»", None]


def test_bibtex_is_read_back() -> None:
    """Through pandoc's escapes too, whatever a title holds."""
    pytest.importorskip("pypandoc", reason="the extra “documents” is not installed: pip install 'rag[documents]'")
    odd = replace(ARTICLE, title=r"El 5 % de {A} & B_c: $x$ \textbf{no}", date=YEAR)
    report = replace(whole(), sources=(cited(1, odd, "aaaaaa"), *whole().sources[1:]))
    read = bibtex_entries(to_bibtex(report).decode(), path="a.bib").entries
    assert [entry.authors for entry in read] == [entry.source.authors for entry in report.sources]
    assert [str(entry.date) for entry in read] == [str(entry.source.date) for entry in report.sources]
    assert "5 % de" in read[0].title
    assert r"$x$ \textbf{no}" in read[0].title.replace("{[", "[")
