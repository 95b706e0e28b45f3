"""Excerpts and plans as tables: what a terminal and a notebook show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates import interval
from rag.records import Cost, Evidence, Excerpt, Gap, Heading, LeftOut, Source
from rag.render import cost_line, excerpt_table, explain_lines, plan_lines, plan_table

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


def test_a_plan_says_what_each_heading_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, evidence, sources and the span of dates; a heading without evidence says what is missing."""
    dated = replace(excerpt(), source=replace(excerpt().source, date=interval(2023, 3)))
    held = (excerpt(title="Un título muy largo " * 9), dated)
    sections = [
        Evidence(SECTION, held, supportable_words=40),
        Evidence(SECTION, (), missing="Nada se dice.", gaps=(Gap("thin", "Dos fuentes.", (("es", "datos"),)),)),
    ]
    assert plan_lines(sections).splitlines() == [
        "## Uno",
        "  100 words; evidence for 40: 2 excerpts, 1 sources, 2023-03 – 2023-03",
        "  undated     k:aaaaaa  Un título muy largo Un título muy largo Un título muy …",
        "  2023-03     k:aaaaaa  Título",
        "",
        "## Uno",
        "  100 words; evidence for 0: 0 excerpts, 0 sources",
        "  Nada se dice.",
        "  thin: Dos fuentes.",
        "    es  datos",
    ]
    assert plan_table(sections).count("<tr>") == 3
    assert "Nada se dice." in plan_table(sections)
    monkeypatch.setenv("RAG_LANGUAGE", "es")
    spanish = plan_lines(sections)
    assert "\n  100 palabras; evidencia para 40: 2 extractos, 1 fuentes, 2023-03 – 2023-03\n  sin fecha   k:" in spanish
    assert "\n  poco: Dos fuentes." in spanish
    assert '<th style="text-align:left">epígrafe</th>' in plan_table(sections)


def test_what_scores_are_made_of_keeps_to_the_line() -> None:
    """Excerpts by rank and what was left out by a dash, dates in one column; long reasons are wrapped."""
    parts = tuple((name, 0.5) for name in ("dense", "lexical", "recency", "reranked", "support"))
    one = replace(excerpt(), parts=parts, score=0.5)
    left = LeftOut("bbbbbb", "menos pertinente que los elegidos", "b.md", "Título", interval(2023), 0.4, parts)
    lines = explain_lines([one], [left]).splitlines()
    assert lines[0] == "1.  undated     k:aaaaaa  Título"
    assert lines[1].startswith("    0.5000 = dense 0.500, lexical 0.500, ")
    assert "–   2023        k:bbbbbb  Título" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("price", "said"), [(None, "price not known"), (0.0123, "about $0.0123")])
def test_what_a_model_would_be_asked(price: float | None, said: str) -> None:
    """Calls, tokens, and the price where it is known."""
    told = cost_line(Cost(3, 6000, 900, price))
    assert " ".join(told.split()) == (
        f"A model would be asked 3 times: at most some 6000 tokens out and 900 back; {said}"
    )
    assert max(map(len, told.splitlines())) <= 80
