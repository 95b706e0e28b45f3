"""`PublicationDate` -> words for a reader, in Spanish or English, no more precise than it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.dates.words import ENGLISH, SPANISH
from rag.language import say

if TYPE_CHECKING:
    from rag.records import PublicationDate


def format_date(published: PublicationDate, language: str) -> str:
    """Write a date in words as precisely as it is known, in Spanish or else in English.

    An undated one shows the source's own words: sin fecha («1 día atrás»).
    """
    if published.first is None or published.precision is None:
        words = " ".join(published.text.split())
        shown = say(language, es=f" («{words}»)", en=f" (“{words}”)") if words else ""
        return say(language, es="sin fecha", en="undated") + shown
    day, year = published.first.day, str(published.first.year)
    if published.precision == "year":
        return year
    name = say(language, es=SPANISH, en=ENGLISH).split()[published.first.month - 1]
    month = say(language, es=f"{name} de {year}", en=f"{name} {year}")
    return month if published.precision == "month" else say(language, es=f"{day} de {month}", en=f"{day} {month}")
