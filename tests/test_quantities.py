"""Claims about numbers and dates as values, across Spanish and English."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.facts.quantities import DateMention, Quantity, dates, numbers

EQUAL = [
    ("3,5", "es", "3.5", "en"),
    ("0,05", "es", "0.05", "en"),
    ("p < ,05", "", "p < .05", "en"),
    ("1.000 pacientes", "es", "1,000 patients", "en"),
    ("1.000", "", "1,000", "en"),
    ("1,000", "", "1.000", "en"),
    ("3.500", "es", "3,500", "en"),
    ("3.500", "es", "3.500", "en"),
    ("3500", "es", "3,500", "en"),
    ("12.345", "es", "12,345", "en"),
    ("1.234.567", "es", "1,234,567", "en"),
    ("1.234,5", "es", "1,234.5", "en"),
    ("10 000", "es", "10,000", "en"),
    ("10\u202f000", "es", "10000", "en"),
    ("1’000’000", "es", "1 million", "en"),
    ("mil millones", "es", "1 billion", "en"),
    ("2,3 mil millones", "es", "2.3 billion", "en"),
    ("un billón", "es", "a trillion", "en"),
    ("un millón", "es", "one million", "en"),
    ("5 millones", "es", "5,000,000", "en"),
    ("cinco mil", "es", "five thousand", "en"),
    ("25 mil", "es", "25,000", "en"),
    ("cien", "es", "a hundred", "en"),
    ("doce ensayos", "es", "12 trials", "en"),
    ("once", "es", "eleven", "en"),
    ("Tres", "es", "three", "en"),
    ("25 %", "es", "25%", "en"),
    ("25 por ciento", "es", "25 percent", "en"),
    ("25,5 por ciento", "es", "25.5 per cent", "en"),
    ("la mitad", "es", "half", "en"),
    ("la mitad", "es", "50 %", "en"),
    ("−0,5", "es", "-0.5", "en"),
    ("10-15 %", "es", "10% to 15%", "en"),
    ("entre 10 y 15 %", "es", "10–15%", "en"),
    ("2 a 3 millones", "es", "2,000,000 to 3,000,000", "en"),
    ("Reglamento 2016/679", "es", "Regulation 2016/679", "en"),
    ("COVID-19", "es", "covid 19", "en"),
    ("GPT-4", "es", "GPT 4", "en"),
    ("art. 10(5)", "es", "Article 10, paragraph 5", "en"),
    ("3–5 años", "es", "3 to 5 years", "en"),
    ("dos veces", "es", "twice", "en"),
    ("20 %-25 %", "es", "20-25%", "en"),
    ("1,2,3", "es", "1, 2, 3", "en"),
    ("versión 1.2.3", "es", "1, 2, 3", "en"),
]
DIFFERENT = [
    ("3,5", "es", "3.6", "en"),
    ("3,5", "es", "35", "en"),
    ("1.000", "es", "1", "en"),
    ("1,000", "en", "1.000", "en"),
    ("12.345", "es", "1,2345", "en"),
    ("mil millones", "es", "1 million", "en"),
    ("un billón", "es", "one billion", "en"),
    ("25 %", "es", "25", "en"),
    ("25 %", "es", "2.5 %", "en"),
    ("-0,5", "es", "0.5", "en"),
    ("cinco mil", "es", "5", "en"),
    ("0,125", "es", "125", "en"),
    ("19 %", "es", "COVID-19", "en"),
    ("la mitad", "es", "5 %", "en"),
]
SAME_DAY = [
    ("8 de marzo de 2023", "March 8, 2023"),
    ("8 de marzo de 2023", "Mar 8, 2023"),
    ("8 de marzo de 2023", "8 March 2023"),
    ("8 de marzo del 2023", "8th of March 2023"),
    ("8 mar 2023", "March 8th, 2023"),
    ("1 de enero de 2020", "2020-01-01"),
    ("24 de octubre de 2023", "Oct 24, 2023"),
    ("marzo de 2023", "March 2023"),
    ("marzo de 2023", "2023-03"),
    ("setiembre de 2023", "Sept. 2023"),
    ("en 2023", "in 2023"),
    ("la pandemia de 2019-2020", "the 2019–20 pandemic"),
    ("entre 1957 y 1958", "1957-58"),
    ("el curso 2010-2015", "from 2010 to 2015"),
]
OTHER_DAY = [
    ("8 de marzo de 2023", "March 9, 2023"),
    ("8 de marzo de 2023", "8 May 2023"),
    ("8 de marzo de 2023", "March 8, 2024"),
    ("marzo de 2023", "mayo de 2023"),
    ("2023", "2024"),
    ("2023", "March 2023"),
]


@pytest.mark.parametrize(("one", "language", "other", "another"), EQUAL)
def test_equal_values_match(one: str, language: str, other: str, another: str) -> None:
    """The same values written in two ways match one by one, and nothing is left over."""
    first, second = numbers(one, language), numbers(other, another)
    assert len(first) == len(second) > 0
    assert all(a.matches(b) and b.matches(a) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(("one", "language", "other", "another"), DIFFERENT)
def test_near_misses_do_not_match(one: str, language: str, other: str, another: str) -> None:
    """Values that only look alike do not match."""
    first, second = numbers(one, language), numbers(other, another)
    assert first
    assert second
    assert not any(a.matches(b) for a in first for b in second)


@pytest.mark.parametrize(("one", "other"), SAME_DAY)
def test_equal_dates_are_equal_intervals(one: str, other: str) -> None:
    """A date is the same interval in both languages and in ISO, and leaves no number behind."""
    first, second = dates(one, "es"), dates(other, "en")
    assert first
    assert [(a.date.first, a.date.last) for a in first] == [(b.date.first, b.date.last) for b in second]
    assert numbers(one, "es") == numbers(other, "en") == ()


@pytest.mark.parametrize(("one", "other"), OTHER_DAY)
def test_other_dates_are_other_intervals(one: str, other: str) -> None:
    """A date that differs in day, month, year or precision is another interval."""
    (first,), (second,) = dates(one, "es"), dates(other, "en")
    assert (first.date.first, first.date.last) != (second.date.first, second.date.last)


def test_a_year_contains_its_days_and_not_the_reverse() -> None:
    """2023 contains 8 March 2023; 8 March 2023 does not contain 2023."""
    (year,), (day,) = dates("2023", "es"), dates("8 de marzo de 2023", "es")
    assert year.contains(day.date)
    assert not day.contains(year.date)


@pytest.mark.parametrize("text", ["2016/679", "2000 %", "2000 millones", "2.023", "31 de febrero de 2023", "2019/20"])
def test_what_only_looks_like_a_date_is_numbers(text: str) -> None:
    """Identifiers, amounts and impossible days are numbers, not dates."""
    assert dates(text, "es") == ()
    assert numbers(text, "es")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Once the data are shared", "en"), ("miles de millones", "es"), ("half-life", "en"), ("doble ciego", "es"),
     ("a third trial", "en"), ("the twenty-first", "en"), ("por ciento", "es"), ("once upon", "")],
)  # fmt: skip
def test_words_that_are_no_number_alone_give_none(text: str, language: str) -> None:
    """Words that are part of a longer number, or none at all, are not read as a number."""
    assert numbers(text, language) == ()


def test_ambiguous_grouping_keeps_both_readings() -> None:
    """Where a point may group or divide, both values stay open, the language's custom first."""
    assert numbers("3.500", "es")[0].values == (Fraction(3500), Fraction(7, 2))
    assert numbers("3.500", "")[0].values == (Fraction(7, 2), Fraction(3500))
    assert numbers("3.500", "en")[0].values == (Fraction(7, 2),)


@settings(deadline=None, max_examples=100)
@given(st.text(), st.sampled_from(["es", "en", "fr", ""]))
def test_spans_hold_the_words_as_written(text: str, language: str) -> None:
    """Whatever the text, every number and date stands where it says, and no two overlap."""
    found: list[Quantity | DateMention] = [*numbers(text, language), *dates(text, language)]
    assert all(text[each.start : each.end] == each.text for each in found)
    found.sort(key=lambda each: each.start)
    assert all(one.end <= other.start for one, other in pairwise(found))


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_is_the_same_in_both_languages(whole: int, hundredths: int) -> None:
    """Any number printed the Spanish way shares a value with itself printed the English way."""
    english = f"{whole:,}.{hundredths:02}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    (one,), (other,) = numbers(f"son {spanish} euros", "es"), numbers(f"it is {english} euros", "en")
    assert one.matches(other)
    assert other.values == (Fraction(whole) + Fraction(hundredths, 100),)
