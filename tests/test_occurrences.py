"""One text's occurrences as one source: which date it has, and whether it appeared again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates import interval, parse_date
from rag.occurrences import merge_occurrences
from rag.records import UNDATED, PublicationDate, Source

if TYPE_CHECKING:
    from random import Random

DAYS = st.dates(date(2022, 12, 1), date(2024, 2, 28))
CALENDAR = DAYS.flatmap(
    lambda day: st.sampled_from(
        [interval(day.year), interval(day.year, day.month), interval(day.year, day.month, day.day)]
    )
)
AGO = st.builds(
    "hace {} {}".format, st.integers(1, 13), st.sampled_from(["horas", "días", "semanas", "meses", "años"])
).flatmap(lambda words: DAYS.map(lambda day: parse_date(words, origin="prefix", retrieved=day)))
OCCURRENCES = st.lists(
    st.builds(
        lambda published, path, title: Source("i", (path,), "snippet", title, date=published),
        st.just(UNDATED) | CALENDAR | AGO,
        st.sampled_from(["a.txt", "b.txt", "c.txt"]),
        st.sampled_from(["", "Uno", "Dos"]),
    ),
    min_size=1,
    max_size=6,
)


def occurrence(path: str, published: PublicationDate, title: str = "") -> Source:
    """Return where and when a text occurs."""
    return Source("i", (path,), "snippet", title, date=published)


def read(words: str, retrieved: date | None = None) -> PublicationDate:
    """Return a date as a snippet's prefix gives it."""
    return parse_date(words, origin="prefix", retrieved=retrieved)


def test_a_republished_text_has_its_first_and_its_last_date() -> None:
    """The earliest occurrence gives the metadata, all give their paths, and of the later dates the last is kept."""
    merged = merge_occurrences(
        [
            occurrence("c.txt", read("Apr 2, 2024"), "Copia"),
            occurrence("d.txt", UNDATED, "Sin fecha"),
            occurrence("b.txt", read("8 de marzo de 2023"), "Original"),
            occurrence("a.txt", read("2023-05"), "Otra"),
        ]
    )
    assert (merged.title, merged.paths) == ("Original", ("a.txt", "b.txt", "c.txt", "d.txt"))
    assert (str(merged.date), str(merged.republished)) == ("2023-03-08", "2024-04-02")


@pytest.mark.parametrize(
    ("one", "other", "dates"),
    [
        ("2023-03-08", "2023-03-09", ("2023-03-08", "2023-03-09")),
        ("2023-03-08", "8 de marzo de 2023", ("2023-03-08", "")),
        ("2023-03-08", "2023", ("2023-03-08", "")),
        ("2023-01-01", "2023", ("2023-01-01", "")),
        ("2023-03-08", "2023-03", ("2023-03-08", "")),
        ("2023-03", "2023-04", ("2023-03", "2023-04")),
        ("2023-03", "2024", ("2023-03", "2024")),
        ("2023", "2024-01-01", ("2023", "2024-01-01")),
        ("hace mucho", "2024", ("2024", "")),
        ("hace mucho", "ayer", ("", "")),
    ],
)
def test_only_what_is_surely_later_is_a_republication(one: str, other: str, dates: tuple[str, str]) -> None:
    """One day in other words, a day and its month or year, and what has no date: one publication, not two."""
    merged = merge_occurrences([occurrence("a", read(one)), occurrence("b", read(other))])
    assert (str(merged.date), str(merged.republished)) == dates


@pytest.mark.parametrize(
    ("words", "retrieved", "republished"),
    [
        ("hace 47 días", date(2024, 7, 2), ""),
        ("1 día atrás", date(2024, 5, 18), ""),
        ("hace 1 mes", date(2024, 7, 2), ""),
        ("hace 1 año", date(2025, 8, 1), ""),
        ("1 día atrás", date(2024, 5, 19), "2024-05-18"),
        ("hace 1 mes", date(2024, 8, 2), "2024"),
        ("hace 1 año", date(2026, 8, 1), ""),
        ("hace 1 año", date(2027, 8, 1), "2026"),
    ],
)
def test_a_snippet_found_again_later_is_not_republished_by_rounding(
    words: str, retrieved: date, republished: str
) -> None:
    """What was "1 day ago" on the 17th of May is still that when a search engine calls it "1 month ago" in July; what
    no rounding explains is a republication.
    """
    first = read("1 día atrás", date(2024, 5, 17))
    merged = merge_occurrences([occurrence("a", first), occurrence("b", read(words, retrieved))])
    assert str(merged.republished) == republished


def test_of_later_dates_the_last_to_begin_and_most_precise_is_kept() -> None:
    """2 April 2024 says more than 2024, and 1 January more than the year it opens."""
    for precise in ("2024-04-02", "2024-01-01"):
        found = [occurrence("a", read("2023")), occurrence("b", read("2024")), occurrence("c", read(precise))]
        assert str(merge_occurrences(found).republished) == precise


@settings(deadline=None, max_examples=100)
@given(OCCURRENCES, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(found: list[Source], chance: Random) -> None:
    """For any occurrences, in any order, each once or twice, and merged again, the source is the same."""
    merged = merge_occurrences(found)
    again = [*found, *found]
    chance.shuffle(again)
    assert merge_occurrences(again) == merged
    assert merge_occurrences([merged]) == merged
    assert merge_occurrences([merged, *found]) == merged


@settings(deadline=None, max_examples=100)
@given(OCCURRENCES)
def test_both_dates_are_dates_of_the_text(found: list[Source]) -> None:
    """The first date ends no later than any, the second is one of the text's and begins after the first has ended;
    there is none only where no calendar date does.
    """
    merged = merge_occurrences(found)
    known = [one.date for one in found if one.date.known]
    assert merged.date in known or (not known and merged.date in [one.date for one in found])
    assert merged.paths == tuple(sorted({one.paths[0] for one in found}))
    if merged.date.first is None or merged.date.last is None:
        assert not merged.republished.known
        return
    assert all(merged.date.last <= other.last for other in known if other.last)
    if merged.republished.first:
        assert merged.republished in known
        assert merged.republished.first > merged.date.last
    elif not merged.date.resolved_against:
        later = [one for one in known if one.first and one.first > merged.date.last]
        assert all(one.resolved_against for one in later)


@settings(deadline=None, max_examples=100)
@given(OCCURRENCES)
def test_a_file_at_a_time_gives_the_same_first_date(found: list[Source]) -> None:
    """Merged within each file and then across files, a text has the same metadata and paths, and tells of no
    republication that all its occurrences together do not.
    """
    files = defaultdict(list)
    for one in found:
        files[one.paths].append(one)
    by_file, at_once = merge_occurrences([merge_occurrences(held) for held in files.values()]), merge_occurrences(found)
    assert replace(by_file, republished=UNDATED) == replace(at_once, republished=UNDATED)
    assert at_once.republished.known or not by_file.republished.known


def test_a_day_apart_is_a_republication_on_the_calendar() -> None:
    """No calendar date is rounded: from the next day on a text has appeared twice."""
    first = date(2023, 3, 8)
    for days in range(3):
        later = first + timedelta(days)
        merged = merge_occurrences([occurrence("a", read(str(first))), occurrence("b", read(str(later)))])
        assert merged.republished.known == (days > 0)
