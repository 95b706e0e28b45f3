"""Claims about units: one base for what converts, other things apart, and nothing said of the unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.facts.contradictions import contradictions
from rag.facts.units import Measure, measures, misfits

TABLE = Path(__file__).parent / "labelled" / "quantities.tsv"


def rows() -> list[tuple[str, str, str]]:
    """Return the labelled pairs: relation, Spanish, English."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [(row["relation"], row["spanish"], row["english"]) for row in csv.DictReader(lines, delimiter="\t")]


@pytest.mark.parametrize(("relation", "spanish", "english"), rows())
def test_the_labelled_pairs_compare_as_a_reader_would(relation: str, spanish: str, english: str) -> None:
    """An equal amount or date passes; one figure with another unit, and another figure, are told apart."""
    found = contradictions(spanish, english, language="es", evidence_language="en")
    missing = found.numbers_missing + found.dates_missing
    assert relation == ("unit" if found.units_wrong else "other" if missing else "equal")


def test_the_table_is_large_enough() -> None:
    """The table holds at least eighty pairs, some of each kind."""
    relations = [relation for relation, _, _ in rows()]
    assert len(relations) >= 80
    assert min(relations.count(kind) for kind in ("equal", "unit", "other")) >= 20


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("5 mg", "5"),
        ("5 mg", "5 units"),
        ("5 zorbs", "5 mg"),
        ("5 mg", "5 g or 5 mg"),
        ("5 patients", "5 people"),
        ("5 deaths", "5 patients"),
        ("two cases", "two countries"),
        ("5 mg", "5 mg/kg"),
        ("COVID-19 patients", "COVID-19 in 30 countries"),
    ],
)
def test_where_a_unit_is_unknown_or_may_be_the_same_nothing_is_said(text: str, held: str) -> None:
    """A number without a known unit, a part of the same kind, and small counts in words clash with nothing."""
    assert misfits(measures(text, "en"), measures(held, "en")) == ()


def only(text: str, language: str) -> Measure:
    """Return the one measure of a text."""
    (one,) = measures(text, language)
    return one


def test_a_range_shares_its_unit() -> None:
    """Both ends of a range carry the unit that stands after the last."""
    first, last = measures("entre 5 y 10 mg", "es")
    assert first.unit == last.unit
    assert first.equals(only("5 mg", "en"))


@pytest.mark.parametrize(
    ("text", "tail"), [("5 mg al día", " mg"), ("12 randomized trials", " randomized trials"), ("7", "")]
)
def test_a_measure_ends_where_its_unit_ends(text: str, tail: str) -> None:
    """The end of a measure is the end of its unit, or of its number without one."""
    one = measures(text, "en")[0]
    assert text[one.quantity.end : one.end] == tail


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 10**6))
def test_grams_and_kilograms_convert_both_ways(grams: int) -> None:
    """Any number of grams equals itself in kilograms, and never as many kilograms."""
    one, other = only(f"{grams} g", "en"), only(f"{grams / 1000:.3f} kg", "en")
    assert one.equals(other)
    assert other.equals(one)
    assert one.clashes(only(f"{grams} kg", "en"))


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text(), st.sampled_from(["es", "en", "fr", ""]))
def test_no_text_misfits_itself(text: str, other: str, language: str) -> None:
    """Whatever the text, its own figures are held by it, with anything beside it."""
    own = measures(text, language)
    assert misfits(own, (*own, *measures(other, language))) == ()
