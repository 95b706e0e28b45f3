"""Planning: what each heading looks for, its share of the words, and its evidence from shelves in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileState
from rag.embed import CachedEmbedder, vector_hash
from rag.language import count_words
from rag.plan import LEAST, Judgement, Means, gather, share_words

# Means, gather, share_words
from rag.records import (
    UNDATED,
    Brief,
    Chunk,
    Document,
    Evidence,
    Excerpt,
    Heading,
    PublicationDate,
    Source,
    TimeLimits,
    document_id,
)
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.plan import Gate


def heading(title: str, *, level: int = 1, text: str = "") -> Heading:
    """Return a heading with its author's text."""
    return Heading(f"{'#' * level} {title}", title, level, text)


def brief(*headings: Heading, words: int = 500, language: str = "es", limits: TimeLimits | None = None) -> Brief:
    """Return a brief on synthetic data in health."""
    return Brief("Datos sintéticos en salud", headings, words, language, limits=limits or TimeLimits())


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


def plan(
    asked: Brief,
    *shelves: Catalog,
    excerpts: int = 8,
    per_source: int = 3,
    gate: Gate | None = None,
    pinned: Sequence[Excerpt] = (),
    banned: Sequence[Excerpt] = (),
) -> tuple[Evidence, ...]:
    """Gather a brief's evidence with the readable embedder."""
    embedder = CachedEmbedder(WordEmbedder(), Catalog(None))
    return gather(asked, Means(shelves, embedder, excerpts, per_source, gate), pinned=pinned, banned=banned)


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
    """What overlaps a banned excerpt is not among the evidence, whatever its score."""
    asked = brief(heading("Privacidad de los pacientes"))
    best = plan(asked, shelf())[0].excerpts[0]
    (without,) = plan(asked, shelf(), banned=(replace(best, key="joined", end=best.end + 9),))
    assert best.text not in {excerpt.text for excerpt in without.excerpts}
    assert best.key not in {left.key for left in without.left_out}


def test_a_pinned_excerpt_serves_the_heading_it_is_nearest_to() -> None:
    """It comes first there, once, and does not appear under the others."""
    asked = brief(heading("Privacidad de los pacientes"), heading("Sesgo de los registros"))
    shelved = shelf()
    pin = next(one for each in plan(asked, shelved) for one in each.excerpts if one.text == SENTENCES[2])
    first, second = plan(asked, shelved, excerpts=1, pinned=(pin,))
    assert second.excerpts[0].key == pin.key
    assert dict(second.excerpts[0].parts)["pinned"] == 1.0
    assert pin.key not in {excerpt.key for excerpt in first.excerpts}
    assert len({excerpt.key for excerpt in second.excerpts}) == len(second.excerpts)


def test_an_excerpt_is_left_to_the_heading_that_wants_it_most() -> None:
    """What a later heading is far nearer to does not go to an earlier one that has others."""
    first, second = plan(
        brief(heading("Privacidad de los pacientes y hospitales"), heading("Sesgo de los registros y modelos")),
        shelf(SENTENCES[:4]),
        excerpts=1,
    )
    assert first.excerpts[0].text == SENTENCES[0]
    assert second.excerpts[0].text == SENTENCES[2]


def test_what_is_beside_the_point_is_named_as_such() -> None:
    """What is farther than the mean of what was found is no candidate, and says so."""
    (found,) = plan(brief(heading("Privacidad de los pacientes")), shelf())
    far = [left for left in found.left_out if left.reason == "más lejos que la media de lo hallado"]
    assert far
    assert max(left.score for left in far) <= min(excerpt.score for excerpt in found.excerpts)


LISTED = "Pérez, Ana. Privacidad de los pacientes de los hospitales de Europa: una guía. Madrid: Síntesis, 2019: 12-31."


def test_what_holds_no_sentence_takes_no_place() -> None:
    """An entry of a list of sources is on the subject and says nothing; where other excerpts are there, they serve."""
    (found,) = plan(brief(heading("Privacidad de los pacientes")), shelf((LISTED, *SENTENCES)))
    assert LISTED not in [one.text for one in found.excerpts]
    assert "no contiene ninguna frase entera" in [left.reason for left in found.left_out]
    (alone,) = plan(brief(heading("Privacidad de los pacientes")), shelf((LISTED,)))
    assert [one.text for one in alone.excerpts] == [LISTED]


class Doubting:
    """A gate that finds too little for one subject."""

    def __init__(self, subject: str) -> None:
        self._subject = subject

    def judge(self, query: str, found: Sequence[Excerpt], *, language: str) -> Judgement | None:
        """Doubt that subject alone."""
        return Judgement(0.1, enough=False) if query.startswith(self._subject) else Judgement(0.9, enough=True)


def test_a_heading_the_shelves_say_nothing_on_gets_nothing() -> None:
    """The gate leaves it empty, with one line, its probability and what came nearest; the others keep theirs, and what
    the person pinned passes the gate.
    """
    asked = brief(heading("Recetas con garbanzos"), heading("Privacidad de los pacientes"))
    silent, said = plan(asked, shelf(), gate=Doubting("Recetas"))
    assert (silent.excerpts, silent.supportable_words, silent.sufficiency) == ((), 0, 0.1)
    assert "no dicen nada" in silent.missing
    assert "probabilidad 0.10" in silent.left_out[0].reason
    assert said.excerpts
    assert (said.missing, said.sufficiency) == ("", 0.9)
    pin = plan(brief(heading("Recetas")), shelf())[0].excerpts[0]
    (pinned,) = plan(brief(heading("Recetas con garbanzos")), shelf(), gate=Doubting("Recetas"), pinned=(pin,))
    assert pin.key in {excerpt.key for excerpt in pinned.excerpts}


YEARS = [PublicationDate(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", "text") for year in (2012, 2024)]


def two_reports() -> Catalog:
    """Return two reports that are as near to a heading as each other, of different years, and an undated one."""
    catalog, embedder = Catalog(None), WordEmbedder()
    for row, date in enumerate((*YEARS, UNDATED)):
        text = f"La privacidad de los pacientes preocupa {'abc'[row]}lfa{'xyz'[row]}."
        made = Document(Source(document_id(text), (f"{row}.txt",), "text", date=date, language="es"), text)
        name = vector_hash(text, side="passage", fingerprint=embedder.fingerprint)
        catalog.put_file(
            FileState(f"{row}.txt", 0, 0, 0, ""), [(made, [Chunk(made.source.id, 0, len(text), text)], [name])]
        )
        catalog.keep_vectors({name: embedder.passages([text])[0]})
    return catalog


@pytest.mark.parametrize(("title", "first"), [("Situación actual de la privacidad", "2024"), ("Privacidad", "2024")])
def test_the_newer_of_equals_comes_first(title: str, first: str) -> None:
    """The newest counts in full, the undated half; what newness adds stands among the parts."""
    (found,) = plan(brief(heading(title)), two_reports())
    by_year = {str(excerpt.date): dict(excerpt.parts)["recency"] for excerpt in found.excerpts}
    assert by_year[first] == max(by_year.values())
    assert by_year[""] == pytest.approx(by_year[first] / 2, abs=1e-6)
    assert by_year["2012"] == pytest.approx(by_year[first] / 8, rel=0.01)


def test_a_history_asks_for_nothing_new() -> None:
    """Under such a heading newness adds nothing."""
    (found,) = plan(brief(heading("Historia de la privacidad")), two_reports())
    assert not any("recency" in dict(excerpt.parts) for excerpt in found.excerpts)


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
