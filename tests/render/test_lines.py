"""Claims about excerpts in a terminal."""

from __future__ import annotations

from datetime import date

from rag.records import Excerpt, PublicationDate, Source
from rag.render import excerpt_lines


def test_an_excerpt_in_a_terminal() -> None:
    """The head says what and when in the source's language; the passage follows, wrapped and indented."""
    month = PublicationDate(date(2023, 3, 1), date(2023, 3, 31), "month", "text", "marzo de 2023")
    source = Source("i", ("a/b.pdf",), "pdf", "Un\ntítulo", date=month, language="es")
    shown = excerpt_lines(Excerpt("abc234", source, "palabra " * 30, 0, 240, page=7, score=0.12345), 3).split("\n")
    assert shown[0] == "3. marzo de 2023 · Un título · a/b.pdf · p. 7 · k:abc234 · 0.123"
    assert all(line.startswith("   palabra") and len(line) <= 100 for line in shown[1:])
    assert " ".join(shown[1:]).split() == ["palabra"] * 30


def test_a_republished_excerpt_in_a_terminal() -> None:
    """The head has both dates, in few words."""
    first, again = (PublicationDate(day, day, "day", "prefix") for day in (date(2023, 3, 8), date(2024, 4, 2)))
    source = Source("i", ("s.txt",), "snippet", date=first, language="es", republished=again)
    head, _ = excerpt_lines(Excerpt("abc234", source, "Texto.", 0, 6), 1).split("\n")
    assert head == "1. 8 de marzo de 2023 (de nuevo el 2 de abril de 2024) · s.txt · k:abc234 · 0.000"


def test_what_is_not_known_leaves_no_gap() -> None:
    """Without title and page the head goes from the date to the path."""
    source = Source("i", ("s.txt",), "snippet", date=PublicationDate(text="1 day ago"), language="en")
    assert excerpt_lines(Excerpt("abc234", source, "Text.", 0, 5), 1) == (
        "1. undated (“1 day ago”) · s.txt · k:abc234 · 0.000\n   Text."
    )
