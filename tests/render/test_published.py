"""Claims about when a source was published, in words."""

from __future__ import annotations

import pytest

from rag.dates import interval, parse_date
from rag.records import UNDATED, PublicationDate, Source
from rag.render.published import published


@pytest.mark.parametrize(
    ("again", "spanish", "english"),
    [
        (UNDATED, "8 de marzo de 2023", "8 March 2023"),
        (
            interval(2024, 4, 2),
            "8 de marzo de 2023 (publicado de nuevo el 2 de abril de 2024)",
            "8 March 2023 (published again on 2 April 2024)",
        ),
        (
            interval(2024, 4),
            "8 de marzo de 2023 (publicado de nuevo en abril de 2024)",
            "8 March 2023 (published again in April 2024)",
        ),
        (
            interval(2024),
            "8 de marzo de 2023 (publicado de nuevo en 2024)",
            "8 March 2023 (published again in 2024)",
        ),
    ],
)
def test_both_dates_are_said_as_precisely_as_known(again: PublicationDate, spanish: str, english: str) -> None:
    """A day, a month and a year each with the preposition it takes; in short without the verb."""
    source = Source("i", (), "snippet", date=interval(2023, 3, 8), republished=again)
    assert [published(source, language) for language in ("es", "en")] == [spanish, english]
    assert published(source, "es", short=True) == spanish.replace("publicado de", "de")
    assert published(source, "en", short=True) == english.replace("published again", "again")


def test_an_undated_source_shows_its_own_words() -> None:
    """Where no date is known there is none to come after it."""
    source = Source("i", (), "snippet", date=parse_date("1 día atrás", origin="prefix"))
    assert published(source, "es") == published(source, "es", short=True) == "sin fecha («1 día atrás»)"
