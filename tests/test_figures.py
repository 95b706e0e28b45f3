"""Claims about figures: what counts as one, and when two can both be true."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.figures import Figure, Reading, figures


def only(text: str, language: str = "en") -> Figure:
    """Return the one figure of a text."""
    found = figures(text, language)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("It takes 15 to 50 minutes.", "en", 15 * 60, 50 * 60),
        ("Baja entre un 20 y un 45 %.", "es", 20, 45),
        ("The share is 31 % (95 % CI 24–38).", "en", 24, 38),
        ("More than 500 schools closed.", "en", 500, math.inf),
        ("Hasta 30 escuelas cerraron.", "es", -math.inf, 30),
        ("It weighs 3 ± 1 kg.", "en", 2_000, 4_000),
        ("Uno de cada cuatro adultos ronca.", "es", 25, 25),
    ],
)
def test_what_is_said_of_a_number_is_part_of_its_figure(text: str, language: str, low: float, high: float) -> None:
    """A range, a bound, a spread, an interval and a share are one figure each."""
    reading = only(text, language).readings[0]
    assert (reading.low, reading.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["GPT-4 and COVID-19 in Table 3 [12]", "p < 0.05, n = 40", "Type 2 of the 1990s", "CoRR, abs/1512.01274."]
)
def test_numbers_in_names_are_no_figures(text: str) -> None:
    """What names a model, a table, a test, an era or a reference counts nothing."""
    assert figures(text, "en") == ()


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("12.4 %", "12 %", True),
        ("12.4 %", "13 %", False),
        ("2,000 trees", "1,912 trees", True),
        ("2,000 trees", "1,700 trees", False),
        ("about 400 trees", "365 trees", True),
        ("90 minutes", "1.5 hours", True),
        ("91.2 %", "92 %", True),
    ],
)
def test_rounding_explains_what_it_can(one: str, other: str, agrees: bool) -> None:
    """Figures agree where one may be the other rounded, said roughly, or converted."""
    assert only(one).agrees(only(other)) is only(other).agrees(only(one)) is agrees


PIECES = "12 3,5 1.000 % ± – y a de cada entre más hasta km mg/kg $ € ( ) IC uno mil /"
ENDS = st.floats(-1e12, 1e12)


@given(a=st.tuples(ENDS, ENDS), b=st.tuples(ENDS, ENDS), tolerances=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)))
def test_agreement_has_no_direction(
    a: tuple[float, float], b: tuple[float, float], tolerances: tuple[float, float]
) -> None:
    """Each reading agrees with itself, and with another as that one does with it."""
    one, other = Reading(min(a), max(a), tolerances[0]), Reading(min(b), max(b), tolerances[1])
    assert one.agrees(one)
    assert one.agrees(other) == other.agrees(one)


@given(st.text(max_size=120), st.sampled_from(["es", "en", "", "fr"]))
def test_any_text_has_figures_in_order(text: str, language: str) -> None:
    """Whatever the text, its figures stand in it one after another."""
    found = figures(text, language)
    assert all(0 <= figure.start < figure.end <= len(text) for figure in found)
    assert all(one.start < other.start for one, other in pairwise(found))


@given(st.lists(st.sampled_from(PIECES.split())))
def test_any_run_of_numbers_and_signs_is_read(pieces: list[str]) -> None:
    """No order of numbers, units and signs stops the reading."""
    for language in ("es", "en"):
        assert figures(" ".join(pieces), language) == figures(" ".join(pieces), language)
