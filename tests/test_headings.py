"""Headings: which frame, what each looks for, its place in the outline, and how much it asks for the new."""

from __future__ import annotations

import pytest

from rag.plan.headings import (
    ASKS_FOR_NEW,
    ASKS_FOR_NOTHING,
    heading_query,
    is_aspect,
    is_framing,
    named_in,
    newness,
    own_query,
    path_of,
    same_place,
    subject_query,
)
from rag.records import Brief, Heading


def heading(title: str, *, level: int = 1, text: str = "") -> Heading:
    """Return a heading with its author's text."""
    return Heading(f"{'#' * level} {title}", title, level, text)


def brief(*headings: Heading) -> Brief:
    """Return a brief on synthetic data in health."""
    return Brief("Datos sintéticos en salud", headings, 500, "es")


FRAMING = """
    Introducción | Antecedentes | Contexto | Resumen | Discusión | Conclusión | Conclusiones | Consideraciones finales |
    Reflexiones finales | Perspectivas | 1. Introducción | CONCLUSIÓN | Discusión y conclusiones | Conclusión: |
    Introduction | Background | Context | Summary | Abstract | Overview | Discussion | Conclusions | Outlook |
    Closing remarks | Discussion and conclusions | 5. Conclusion | introduction
"""
SUBJECTS = """
    Impacto de los datos sintéticos en la salud | Desafíos éticos y técnicos | Introducción a los datos sintéticos |
    Contexto legal europeo | Privacidad | Conclusión del ensayo | Marco jurídico | Límites | 2024 | Resultados |
    Introduction to synthetic data | Legal context | Privacy | Ethical challenges | Summary statistics | Methods | Use
"""


def titles(table: str) -> list[str]:
    """Return the titles of a table."""
    return [" ".join(title.split()) for title in table.split("|")]


@pytest.mark.parametrize("title", titles(FRAMING))
def test_a_framing_heading_says_where_one_is(title: str) -> None:
    """Numbers, capitals, accents and two framing words together change nothing."""
    assert is_framing(title)


@pytest.mark.parametrize("title", titles(SUBJECTS))
def test_a_subject_heading_says_what_it_is_about(title: str) -> None:
    """One word of a subject is enough, and a number alone frames nothing."""
    assert not is_framing(title)


def test_a_passage_under_a_conclusion_serves_a_conclusion() -> None:
    """The place is the framing word's, in either language; a subject has no place."""
    assert same_place("Conclusión", ("Nota", "Conclusiones"))
    assert same_place("Conclusión", ("Conclusion",))
    assert not same_place("Conclusión", ("Introducción",))
    assert not same_place("Privacidad", ("Privacidad",))


# Queries


def test_a_subject_is_looked_for_with_its_topic_and_its_author() -> None:
    """Title, topic and the beginning of the author's text, each once."""
    asked = heading("Privacidad.", text="La ley protege a los pacientes." + " más" * 200)
    query = heading_query(brief(asked), asked)
    assert query.startswith("Privacidad. Datos sintéticos en salud. La ley protege a los pacientes. más")
    assert len(query) < 460
    same = heading("Datos sintéticos en salud")
    assert heading_query(brief(same), same) == "Datos sintéticos en salud"


def test_a_framing_heading_is_looked_for_by_the_outline() -> None:
    """A conclusion concludes the topic and the other subjects, not "conclusión"."""
    end = heading("Conclusión")
    asked = brief(heading("Introducción"), heading("Privacidad"), heading("Sesgos"), end)
    assert heading_query(asked, end) == "Datos sintéticos en salud. Privacidad. Sesgos"


def test_a_deeper_heading_leans_on_those_above_it() -> None:
    """Its own title first, then the nearest above, then the topic; a sibling says nothing of it."""
    deep = heading("Límites", level=3)
    asked = brief(heading("Usos"), heading("Docencia", level=2), heading("Ensayos", level=2), deep)
    assert path_of(asked, deep) == ("Usos", "Ensayos")
    assert heading_query(asked, deep) == "Límites. Ensayos. Usos. Datos sintéticos en salud"


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        ("Avances recientes", ASKS_FOR_NEW), ("Situación actual", ASKS_FOR_NEW), ("Current state", ASKS_FOR_NEW),
        ("Tendencias y futuro", ASKS_FOR_NEW), ("Antecedentes", 0.0), ("Historia de los datos", 0.0),
        ("Early history and recent work", 0.0), ("Privacidad", ASKS_FOR_NOTHING), ("Methods", ASKS_FOR_NOTHING),
    ],
)  # fmt: skip
def test_some_headings_ask_for_the_new(title: str, counts: float) -> None:
    """By their words, in both languages; a history asks for none of it."""
    assert newness(title) == counts


@pytest.mark.parametrize(
    "title", ["Desafíos", "Resultados y limitaciones", "3. Limitations", "Results and implications"]
)
def test_an_aspect_is_of_any_subject(title: str) -> None:
    """Whether anything is said on it is a question of the topic; what is looked for names it."""
    asked = brief(heading(title))
    assert is_aspect(title)
    assert subject_query(asked, asked.headings[0]) == asked.topic
    assert heading_query(asked, asked.headings[0]).startswith(title.rstrip("."))


@pytest.mark.parametrize(
    "title", ["Desafíos éticos y técnicos", "Riesgos de reidentificación", "Clinical applications"]
)
def test_an_aspect_of_something_is_a_subject(title: str) -> None:
    """One word of its own is enough, and it is judged by itself."""
    asked = brief(heading(title))
    assert not is_aspect(title)
    assert subject_query(asked, asked.headings[0]) == heading_query(asked, asked.headings[0])


def test_a_heading_is_also_looked_for_without_the_topic() -> None:
    """Under those above it; a framing one has nothing of its own."""
    deep = heading("Ensayos", level=2)
    asked = brief(heading("Usos"), deep, heading("Conclusión"))
    assert own_query(asked, deep) == "Ensayos. Usos"
    assert own_query(asked, asked.headings[-1]) == ""


def test_a_source_may_be_named_for_a_heading() -> None:
    """The share of the heading's stems that its title holds, in either language."""
    assert named_in("Model collapse", "AI models collapse when trained on generated data") == 1.0
    assert named_in("Privacidad y sesgos", "La privacidad en los hospitales") == 0.5
    assert named_in("Model collapse", "") == 0.0
