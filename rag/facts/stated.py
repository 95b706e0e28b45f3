"""What an excerpt states in figures and dates, with its source's title, authors and date; and whether it holds one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.quantities import dates
from rag.facts.units import holds, measures

if TYPE_CHECKING:
    from rag.facts.quantities import DateMention
    from rag.facts.units import Measure
    from rag.records import Excerpt, PublicationDate


@dataclass(frozen=True, slots=True)
class Stated:
    """The figures and dates of an excerpt and its source. `calendar` are days and years as bare numbers."""

    figures: tuple[Measure, ...]
    dates: tuple[PublicationDate, ...]
    calendar: frozenset[Fraction]

    def holds_figure(self, one: Measure) -> bool:
        """Say whether a figure is stated, be it as part of a date or in another unit."""
        in_calendar = one.quantity.kind == "number" and not self.calendar.isdisjoint(one.quantity.values)
        return in_calendar or holds(self.figures, one)

    def holds_date(self, mention: DateMention) -> bool:
        """Say whether a date is stated as precisely, be it a year written like any number ("2016/679")."""
        if any(mention.contains(date) for date in self.dates):
            return True
        years = {value for one in self.figures if one.quantity.kind == "number" for value in one.quantity.values}
        return mention.date.precision == "year" and mention.date.first is not None and mention.date.first.year in years


@lru_cache(maxsize=1024)
def stated(excerpt: Excerpt) -> Stated:
    """Return the figures and dates that an excerpt or its source's title, authors and date give."""
    texts = (excerpt.text, excerpt.title, "; ".join(excerpt.authors), excerpt.date.text)
    mentioned = [mention.date for text in texts for mention in dates(text, excerpt.language)]
    known = (*mentioned, *([excerpt.date] if excerpt.date.known else []))
    return Stated(
        figures=tuple(measure for text in texts for measure in measures(text, excerpt.language)),
        dates=known,
        calendar=frozenset(
            Fraction(part) for date in known if date.first for part in (date.first.year, date.first.day)
        ),
    )
