"""Excerpts and plans as tables: what a terminal and a notebook show."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.dates import interval
from rag.records import Evidence, Excerpt, Heading, Source
from rag.render import excerpt_table, plan_lines, plan_table

SECTION = Heading("## Uno", "Uno", 2, "", 100)


def excerpt(text: str = "Texto.", title: str = "Título") -> Excerpt:
    """Return an excerpt of an undated note."""
    return Excerpt("aaaaaa", Source("i", ("a.md",), "markdown", title, language="es"), text, 0, len(text))


@given(st.text(), st.text())
def test_no_text_of_a_source_is_markup(text: str, title: str) -> None:
    """For any text the table holds its own tags and no other."""
    tags = set(re.findall(r"</?[^\s>]*", excerpt_table([excerpt(text, title)])))
    assert tags == {f"{slash}{tag}" for slash in ("<", "</") for tag in ("table", "thead", "tbody", "tr", "th", "td")}


def test_a_long_text_is_cut_between_words() -> None:
    """A table shows the beginning, and that there is more."""
    shown = excerpt_table([excerpt("palabra " * 100)])
    assert "palabra …" in shown
    assert shown.count("palabra") < 40


def test_a_republished_text_has_both_dates() -> None:
    """The date's cell says in few words when the text appeared again."""
    undated = excerpt()
    source = replace(undated.source, date=interval(2023, 3, 8), republished=interval(2024))
    shown = excerpt_table([replace(undated, source=source)])
    assert ">8 de marzo de 2023 (de nuevo en 2024)</td>" in shown


def test_a_plan_says_what_each_heading_rests_on() -> None:
    """Words, evidence, sources and the span of dates; a heading without evidence says what is missing."""
    sections = [Evidence(SECTION, (excerpt(),), supportable_words=40), Evidence(SECTION, (), missing="Nada se dice.")]
    assert plan_lines(sections).splitlines() == [
        "## Uno  [100 words, evidence for 40; 1 excerpts, 1 sources, – to –]",
        "  undated     Título  k:aaaaaa",
        "## Uno  [100 words, evidence for 0; 0 excerpts, 0 sources, – to –]",
        "  Nada se dice.",
    ]
    assert plan_table(sections).count("<tr>") == 3
    assert "Nada se dice." in plan_table(sections)
