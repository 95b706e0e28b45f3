"""Claims about which words of a running text are markers, and what they name."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.drafts.marks import cut_marks, protect


@pytest.mark.parametrize(
    ("words", "text", "labels"),
    [
        ("Sube [1].", "Sube.", ["1"]),
        ("Sube [1][3].", "Sube.", ["1", "3"]),
        ("Sube [1, 2].", "Sube.", ["1", "2"]),
        ("Sube [1-3].", "Sube.", ["1", "2", "3"]),
        ("Sube [1]–[3].", "Sube.", ["1", "2", "3"]),
        ("Sube [2, p. 45].", "Sube.", ["2"]),
        ("Sube mucho.¹", "Sube mucho.", ["1"]),
        ("Sube [^nota].", "Sube.", ["^nota"]),
        ("Sube [@garcia2023; véase @lee2020, p. 3].", "Sube.", ["@garcia2023", "@lee2020"]),
        ("Sube (García, 2023).", "Sube.", ["García, 2023"]),
        ("Sube (García y López, 2023; Smith et al., 2021a).", "Sube.", ["García y López, 2023", "Smith et al., 2021a"]),
        ("Sube (véase García, 2021, 2023, p. 45).", "Sube.", ["García, 2021", "García, 2023"]),
        ("Sube (García 2023).", "Sube.", ["García 2023".replace(" ", ", ")]),
        ("García et al. (2023) lo niegan.", "García et al. lo niegan.", ["García et al., 2023"]),
        ("Según García (2023), no.", "Según García, no.", ["García, 2023"]),
        ("Como dicen De la Cruz y Gil (2020: 33), no.", "Como dicen De la Cruz y Gil, no.", ["Cruz y Gil, 2020"]),
        ("The World Health Organization (2021) says so.", "The World Health Organization says so.",
         ["World Health Organization, 2021"]),
        ("Baja (O'Neil, 2016).", "Baja.", ["O'Neil, 2016"]),
    ],
)  # fmt: skip
def test_markers_are_cut_out_and_named(words: str, text: str, labels: list[str]) -> None:
    """Numbers, lists and ranges, raised numbers, notes, keys, author and year in both places."""
    read, marks = cut_marks(words)
    assert (read, [mark.label for _, mark in marks]) == (text, labels)


@pytest.mark.parametrize(
    "words",
    [
        "Crece (marzo de 2023).", "Crece (en 2021).", "Entre [2020-2023] creció.", "La muestra (n = 2020) basta.",
        "La ley (Ley 3/2018, de 5 de diciembre) rige.", "Mide 3 m² o más.", "Escriba a ana@x.org hoy.", "Son [9-9999].",
        "Una nota (que no es tal).", "El [enlace] no.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_marker_stays(words: str) -> None:
    """Dates, years in brackets, units, laws and addresses are text; of a range beyond measure only the ends count."""
    read, marks = cut_marks(words)
    if "9999" in words:
        assert [mark.label for _, mark in marks] == ["9", "9999"]
    else:
        assert (read, marks) == (words, [])


def test_a_place_with_a_year_is_doubtful() -> None:
    """What follows "en" names a work only where there is one."""
    assert cut_marks("En Madrid (2021) creció.")[1][0][1].doubtful
    assert not cut_marks("Según Madrid (2021) creció.")[1][0][1].doubtful


def test_protected_brackets_make_no_marker() -> None:
    """What was escaped or in code comes back as it was."""
    assert cut_marks(protect("a[1] (García, 2023)")) == ("a[1] (García, 2023)", [])


@given(st.text(st.characters(codec="utf-8"), max_size=80))
@settings(deadline=None)
def test_any_words_can_be_read(words: str) -> None:
    """No text is an error, places never go back, and nothing is added but what `restore` gives back."""
    read, marks = cut_marks(words)
    places = [place for place, _ in marks]
    assert places == sorted(places)
    assert all(0 <= place <= len(read) for place in places)


@pytest.mark.parametrize(
    "bait", ["(" * 20_000, "[1" * 20_000, "(A A " * 5_000 + "2023)", "A, " * 5_000 + "(2023)", "[@" * 9_000]
)
def test_hostile_words_take_little_time(bait: str) -> None:
    """Brackets without end and names without end are read in linear time."""
    started = time.monotonic()
    cut_marks(bait)
    assert time.monotonic() - started < 5
