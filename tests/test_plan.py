"""Planning: what each heading looks for, its share of the words, and its evidence from shelves in memory."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileState
from rag.embed import CachedEmbedder, vector_hash
from rag.language import count_words
from rag.plan import LEAST, gather, heading_query, is_framing, same_place, share_words
from rag.records import (
    UNDATED,
    Brief,
    Chunk,
    Document,
    Evidence,
    Heading,
    PublicationDate,
    Source,
    TimeLimits,
    document_id,
)
from tests.word_embedder import WordEmbedder


def heading(title: str, *, level: int = 1, text: str = "") -> Heading:
    """Return a heading with its author's text."""
    return Heading(f"{'#' * level} {title}", title, level, text)


def brief(*headings: Heading, words: int = 500, language: str = "es", limits: TimeLimits | None = None) -> Brief:
    """Return a brief on synthetic data in health."""
    return Brief("Datos sintéticos en salud", headings, words, language, limits=limits or TimeLimits())


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


# Words


def test_grouping_headings_get_no_words() -> None:
    """A heading without text over a deeper one groups; with text it is a section like others."""
    shared = share_words(brief(heading("Usos"), heading("Docencia", level=2), heading("Ensayos", level=2)))
    assert [each.words for each in shared] == [0, 250, 250]
    spoken = share_words(brief(heading("Usos", text="Hay dos."), heading("Docencia", level=2), words=100))
    assert [each.words for each in spoken] == [50, 50]


def test_framing_headings_get_less() -> None:
    """0.7 to 1, as stated: 500 · 0.7 / 2.4 = 146 and 500 / 2.4 = 208."""
    shared = share_words(brief(heading("Introducción"), heading("Privacidad"), heading("Conclusión")))
    assert [each.words for each in shared] == [146, 208, 146]


HEADINGS = st.lists(
    st.builds(
        heading,
        st.sampled_from(["Introducción", "Privacidad", "Sesgos", "Conclusión", "Usos"]),
        level=st.integers(1, 3),
        text=st.integers(0, 60).map(lambda count: "palabra " * count).map(str.strip),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=100)
@given(HEADINGS, st.integers(1, 2000))
def test_the_shares_sum_to_the_length_and_never_cut_the_author(headings: list[Heading], words: int) -> None:
    """For any outline: the sum is the length but for rounding, or the author's own words where they are more."""
    shared = share_words(brief(*headings, words=words))
    assert [(each.line, each.author_text) for each in shared] == [(each.line, each.author_text) for each in headings]
    assert all(each.words >= count_words(each.author_text) for each in shared)
    reached, own = sum(each.words for each in shared), sum(count_words(each.author_text) for each in headings)
    assert words - len(headings) <= reached <= max(words, own) + len(headings)


# Evidence


SENTENCES = (
    "La privacidad de los pacientes preocupa a los hospitales de Europa.",
    "Los ataques de pertenencia revelan quién estaba en la muestra.",
    "El sesgo de los registros pasa a los modelos que aprenden de ellos.",
    "Las imágenes de la piel oscura faltan en las colecciones públicas.",
    "La ley europea exige gobernanza de los datos de entrenamiento.",
    "El consentimiento no siempre alcanza a los usos secundarios.",
    "Los ensayos con brazo sintético necesitan menos voluntarios.",
    "Los estudiantes practican con historias clínicas inventadas.",
)


def shelf(texts: tuple[str, ...] = SENTENCES, *, date: PublicationDate = UNDATED) -> Catalog:
    """Put each text on a shelf in memory as a document of its own."""
    catalog, embedder = Catalog(None), WordEmbedder()
    for row, text in enumerate(texts):
        made = Document(Source(document_id(text), (f"{row}.txt",), "text", date=date, language="es"), text)
        name = vector_hash(text, side="passage", fingerprint=embedder.fingerprint)
        catalog.put_file(
            FileState(f"{row}.txt", 0, 0, 0, ""), [(made, [Chunk(made.source.id, 0, len(text), text)], [name])]
        )
        catalog.keep_vectors({name: embedder.passages([text])[0]})
    return catalog


def plan(asked: Brief, *shelves: Catalog, excerpts: int = 8, per_source: int = 3) -> tuple[Evidence, ...]:
    """Gather a brief's evidence with the readable embedder."""
    embedder = CachedEmbedder(WordEmbedder(), Catalog(None))
    return gather(asked, shelves=shelves, embedder=embedder, excerpts=excerpts, per_source=per_source)


def test_each_heading_gets_its_own_evidence_in_order() -> None:
    """Sections come in the brief's order, what is nearest to a heading among its own."""
    found = plan(brief(heading("Privacidad de los pacientes"), heading("Sesgo de los registros")), shelf(), excerpts=3)
    assert [each.heading.title for each in found] == ["Privacidad de los pacientes", "Sesgo de los registros"]
    assert SENTENCES[0] in {excerpt.text for excerpt in found[0].excerpts}
    assert SENTENCES[2] in {excerpt.text for excerpt in found[1].excerpts}


def test_a_grouping_heading_gets_no_evidence_and_misses_none() -> None:
    """It is printed and passed over."""
    (group, below) = plan(brief(heading("Usos"), heading("Docencia", level=2)), shelf())
    assert (group.excerpts, group.missing, group.heading.words) == ((), "", 0)
    assert below.excerpts


def test_words_that_can_be_carried_are_counted_once() -> None:
    """An excerpt that serves two headings carries its words at the first."""
    found = plan(brief(heading("Privacidad"), heading("Privacidad y ley")), shelf(SENTENCES[:2]))
    assert [each.supportable_words for each in found] == [sum(map(count_words, SENTENCES[:2])), 0]


def test_cut_off_sentences_carry_no_words() -> None:
    """What ends in the middle cannot be said."""
    (found,) = plan(brief(heading("Privacidad")), shelf((SENTENCES[0], "La privacidad de los registros que")))
    assert found.supportable_words == count_words(SENTENCES[0])


def test_a_banned_excerpt_serves_nothing() -> None:
    """A key the brief bans is not among the evidence, whatever its score."""
    asked = brief(heading("Privacidad de los pacientes"))
    key = plan(asked, shelf())[0].excerpts[0].key
    banned = Brief(asked.topic, asked.headings, asked.words, "es", ban=(key,))
    assert key not in {excerpt.key for excerpt in plan(banned, shelf())[0].excerpts}


@pytest.mark.parametrize(("language", "line"), [("es", "no dicen nada"), ("en", "say nothing")])
def test_no_evidence_is_one_honest_line(language: str, line: str) -> None:
    """With nothing that may serve, the heading says so in the brief's language."""
    limits = TimeLimits(as_of=dt.date(2019, 12, 31))
    (found,) = plan(brief(heading("Privacidad"), language=language, limits=limits), shelf())
    assert (found.excerpts, found.supportable_words) == ((), 0)
    assert line in found.missing


@settings(deadline=None, max_examples=25)
@given(HEADINGS, st.integers(1, 6), st.integers(1, 3), st.sets(st.sampled_from(SENTENCES)))
def test_a_plan_keeps_the_outline_and_its_bounds(
    headings: list[Heading], excerpts: int, per_source: int, held: set[str]
) -> None:
    """For any outline: every heading once and in order, bounds kept, no excerpt named twice, silence explained."""
    found = plan(brief(*headings), shelf(tuple(sorted(held))), excerpts=excerpts, per_source=per_source)
    assert [each.heading.line for each in found] == [each.line for each in headings]
    for each in found:
        assert len(each.excerpts) <= min(excerpts, max(LEAST, len(held)))
        keys = [excerpt.key for excerpt in each.excerpts] + [left.key for left in each.left_out]
        assert len(keys) == len(set(keys))
        assert bool(each.missing) == (each.heading.words > 0 and not each.excerpts)
