"""Claims about excerpts and columns in a terminal."""

from __future__ import annotations

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import UNDATED, Excerpt, PublicationDate, Source
from rag.render import excerpt_lines
from rag.render.columns import columns, cut, line_width, padded, plain, wrapped
from rag.render.lines import finding_lines

ANY = st.text(st.characters(exclude_categories=()), max_size=200) | st.sampled_from(
    ["数据" * 60, "n\u0303" * 90, "\x1b[31mrojo\x07", "a\u202eb\u200bc\u2028d", "palabra" * 40]
)
MONTH = PublicationDate(date(2023, 3, 1), date(2023, 3, 31), "month", "text", "marzo de 2023")


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def excerpt(text: str = "Texto.", **about: object) -> Excerpt:
    """Return an excerpt of a source of which so much is known."""
    source = Source(**({"id": "i", "paths": ("a/b.pdf",), "format": "pdf", "date": MONTH, "language": "es"} | about))  # type: ignore[arg-type]
    return Excerpt("abc234", source, text, 0, len(text), page=7, score=0.12345)


def test_an_excerpt_in_a_terminal() -> None:
    """The date first, as known, then the title; where it lies with key and score; the passage, wrapped and indented."""
    shown = excerpt_lines(excerpt("palabra " * 30, title="Un\ntítulo"), 3).split("\n")
    assert shown[0] == "3.  2023-03     Un título"
    assert shown[1] == "    a/b.pdf · p. 7 · k:abc234 · 0.123"
    assert all(line.startswith("    palabra") and len(line) <= 80 for line in shown[2:])
    assert " ".join(shown[2:]).split() == ["palabra"] * 30


def test_a_republished_excerpt_in_a_terminal() -> None:
    """The later date stands where the excerpt lies; without a title the path takes its place."""
    again = PublicationDate(date(2024, 4, 2), date(2024, 4, 2), "day", "prefix")
    assert excerpt_lines(excerpt(republished=again), 1).split("\n")[:2] == [
        "1.  2023-03     a/b.pdf",
        "    again 2024-04-02 · p. 7 · k:abc234 · 0.123",
    ]


def test_an_undated_excerpt_keeps_the_words_it_was_dated_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as many columns as a dated one; in Spanish for whom that is the language."""
    undated = excerpt(date=PublicationDate(text="1 day ago"))
    assert excerpt_lines(undated, 1).startswith("1.  undated     a/b.pdf\n    “1 day ago” · p. 7 · ")
    monkeypatch.setenv("RAG_LANGUAGE", "es")
    assert excerpt_lines(undated, 1).startswith("1.  sin fecha   a/b.pdf\n    «1 day ago» · p. 7 · ")


def test_of_a_long_path_the_name_is_shown() -> None:
    """Folders give way, key and score do not."""
    where = excerpt_lines(excerpt(title="T", paths=("carpeta/" * 20 + "artículo.pdf",)), 1).split("\n")[1]
    assert where == "    artículo.pdf · p. 7 · k:abc234 · 0.123"


@given(ANY, ANY, ANY)
def test_no_line_is_wider_than_the_terminal(text: str, title: str, path: str) -> None:
    """Whatever title, path and text hold: wide and combining characters, controls, words without end."""
    shown = excerpt_lines(excerpt(text, title=title, paths=(path,), date=UNDATED), 10)
    lines = [*shown.split("\n"), *finding_lines("a.md:1", "date", text, title).split("\n")]
    assert all(columns(line) <= 80 and line.isprintable() for line in lines)


@given(ANY, st.integers(4, 40))
def test_cutting_and_wrapping_keep_to_the_columns(text: str, width: int) -> None:
    """What is cut fits and says so; what is wrapped loses nothing but space."""
    short = cut(plain(text), width)
    assert columns(short) <= width
    assert short == plain(text) or short.endswith(" …")
    lines = wrapped(text, width, indent=2).split("\n")
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(plain(text).split())
    assert columns(padded(short, width)) == width


@pytest.mark.parametrize(("asked", "used"), [("20", 40), ("72", 72), ("80", 80), ("250", 100)])
def test_a_line_is_as_wide_as_the_terminal_within_reason(
    asked: str, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COLUMNS counts where it is set; wider than a hundred columns is hard to read."""
    monkeypatch.setenv("COLUMNS", asked)
    assert line_width() == used


def test_without_a_terminal_a_line_has_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is piped into a file is the same everywhere."""
    monkeypatch.delenv("COLUMNS")

    def no_terminal(_: int) -> os.terminal_size:
        raise OSError

    monkeypatch.setattr(os, "get_terminal_size", no_terminal)
    assert line_width() == 80
