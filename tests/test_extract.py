"""The digest: the sources' own statements under the brief's headings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.brief import read_brief
from rag.catalog import Catalog
from rag.config import Config
from rag.embed import CachedEmbedder
from rag.extract import ExtractiveWriter
from rag.extract.candidates import Candidate, Pool, closing_rows, list_candidates
from rag.extract.deal import deal
from rag.extract.order import paragraphs
from rag.language import count_words
from rag.pipeline import write_brief
from rag.records import (
    Brief,
    CheckedSection,
    Citation,
    Evidence,
    Excerpt,
    Heading,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
)
from rag.remarks import foreign_remark
from rag.statements import Statement
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.embed import BundledEmbedder
    from rag.write import Manuscript

FOUNDING = Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt"


@pytest.fixture(scope="module")
def founding(bundled: BundledEmbedder) -> Report:
    """The founding brief written from its four snippets alone, with the real encoder."""
    return write_brief(read_brief(FOUNDING), index=None, embedder=bundled, config=Config())


def printed(report: Report) -> list[str]:
    """Return the written sentences in order."""
    return [sentence.text for section in report.sections for sentence in section.written]


def test_the_digest_says_nothing_its_snippets_do_not_say(founding: Report) -> None:
    """Every sentence is a snippet's own, or an attributed quotation of one."""
    material = " ".join(document.text for document in founding.brief.material)
    for section in founding.sections:
        for sentence in section.written:
            quote = sentence.citations[0].quote
            assert sentence.verdict == "verbatim"
            assert (quote or sentence.text) in material


def test_two_sentences_that_say_the_same_are_said_once(founding: Report) -> None:
    """Snippet 3 says one thing twice."""
    text = " ".join(printed(founding))
    assert ("Utilizamos los datos sintéticos como conjunto" in text) + (
        "Mientras que los datos sintéticos" in text
    ) <= 1


def test_what_the_author_says_is_offered_its_source_and_not_said_again(founding: Report) -> None:
    """The author's line is nearly snippet 4's second sentence."""
    assert not any("papel clave" in text for text in printed(founding))
    (author,) = founding.sections[0].author
    offered = [excerpt for source in founding.sources for excerpt in source.excerpts if excerpt.key in author.offers]
    assert [excerpt.text.startswith("Los LLMs transforman") for excerpt in offered] == [True]


def test_sentences_that_speak_for_their_authors_are_quoted(founding: Report) -> None:
    """«Este informe», «investiguamos» and «Utilizamos» stand only inside « »."""
    for text in printed(founding):
        outside = text.partition("«")[0]
        assert not any(voice in outside for voice in ("Este informe", "investiguamos", "Utilizamos"))


def test_sections_rest_on_different_evidence_and_none_is_a_copied_snippet(founding: Report) -> None:
    """Three headings say different things; a section of more than one sentence draws on more than one source."""
    sections = [[sentence.text for sentence in section.written] for section in founding.sections]
    assert all(sections)
    assert len({text for section in sections for text in section}) == sum(map(len, sections))
    for section in founding.sections:
        keys = {citation.key for sentence in section.written for citation in sentence.citations}
        assert len(section.written) == 1 or len(keys) > 1


def test_a_caveat_goes_with_what_it_limits(founding: Report) -> None:
    """«Sin embargo, su eficacia …» never stands without the sentence before it, nor that one without it."""
    text = " ".join(printed(founding))
    assert ("Los avances recientes" in text) == ("Sin embargo, su eficacia" in text)


def test_short_is_said_to_be_short(founding: Report) -> None:
    """The remark names the words written and asked, and nothing is padded."""
    written = sum(count_words(text) for text in printed(founding)) + count_words(founding.brief.headings[0].author_text)
    assert written < 0.9 * 500
    assert f"alcanza para {written} de las 500 palabras" in founding.remarks[0]


TOPICS = ("privacidad pacientes", "sesgos modelos", "leyes europeas", "historias clínicas", "docencia simulada")


CLAIMS = (
    ("La revisión", "describe catorce hospitales donde el resultado cambia"),
    ("Un registro", "contiene pacientes raros que ningún generador conserva"),
    ("El comité", "autoriza proyectos cuya utilidad queda demostrada"),
    ("La norma", "exige pruebas independientes antes del uso clínico"),
)


def evidence(language: str = "es", *, sources: int = 5, words: int = 150) -> tuple[Brief, tuple[Evidence, ...]]:
    """Return a brief of two headings and evidence of several sources for each."""
    headings = tuple(Heading(f"# {title}", title, 1, "", words // 2) for title in ("Privacidad", "Modelos"))
    excerpts = []
    for number, topic in enumerate(TOPICS[:sources]):
        text = " ".join(f"{subject} de {topic} {verb} {number}{n} veces." for n, (subject, verb) in enumerate(CLAIMS))
        source = Source(str(number), (f"{number}.md",), "markdown", f"Nota {number}", ("Ana Ruiz",), language=language)
        excerpts.append(Excerpt(f"key{'abcdefgh'[number]}aa", source, text, 0, len(text)))
    return Brief("Tema", headings, words=words, language="es"), tuple(Evidence(h, tuple(excerpts)) for h in headings)


def digest(brief: Brief, found: tuple[Evidence, ...]) -> Manuscript:
    """Write a digest with the readable embedder."""
    with Catalog(None) as catalog:
        writer = ExtractiveWriter(CachedEmbedder(WordEmbedder(), catalog), foreign_share=0.2)
        return writer.write(brief, found)


def test_the_digest_fills_the_length_where_there_is_enough() -> None:
    """Within ten per cent of the words asked for."""
    brief, found = evidence()
    words = sum(count_words(s.text) for draft in digest(brief, found).drafts for s in draft.sentences)
    assert 0.9 * 150 <= words <= 1.1 * 150


def test_the_digest_is_deterministic() -> None:
    """The same evidence gives the same text."""
    brief, found = evidence()
    assert digest(brief, found) == digest(brief, found)


def test_sources_in_another_language_are_quoted_up_to_a_share() -> None:
    """With all evidence foreign, a fifth of the words is quoted and the rest left unsaid."""
    brief, found = evidence(language="en")
    sentences = [s for draft in digest(brief, found).drafts for s in draft.sentences]
    assert sentences
    assert all("en inglés): «" in sentence.text for sentence in sentences)
    assert sum(count_words(sentence.text) for sentence in sentences) <= 0.2 * brief.words


def test_one_source_alone_gives_a_section_one_sentence() -> None:
    """A section is never one source's sentences in their order."""
    brief, found = evidence(sources=1)
    assert [len(draft.sentences) for draft in digest(brief, found).drafts] == [1, 1]


def test_a_heading_without_evidence_says_so() -> None:
    """The evidence's own line is the note."""
    brief, found = evidence()
    silent = replace(found[1], excerpts=(), missing="Nada se dice.")
    drafts = digest(brief, (found[0], silent)).drafts
    assert drafts[1].sentences == ()
    assert drafts[1].note == "Nada se dice."


def test_the_text_leans_on_no_source_more_than_on_the_others() -> None:
    """Where all sources say as much, none says more than twice its share."""
    brief, found = evidence(words=160)
    cited = Counter(s.citations[0].key for draft in digest(brief, found).drafts for s in draft.sentences)
    assert len(cited) == len(TOPICS)
    assert max(cited.values()) <= 2 * sum(cited.values()) / len(TOPICS)


def headings(*titles: str) -> tuple[Heading, ...]:
    """Return headings of one level with room for two short sentences."""
    return tuple(Heading(f"# {title}", title, 1, "", 24) for title in titles)


def test_a_text_is_closed_by_the_framing_headings_after_its_last_subject() -> None:
    """An introduction closes nothing, and a text of framing headings alone has no conclusion."""
    titles = ("Introducción", "Privacidad", "Discusión", "Conclusiones")
    assert closing_rows(Brief("Tema", headings(*titles))) == {2, 3}
    assert closing_rows(Brief("Tema", headings("Privacidad", "Modelos"))) == frozenset()
    assert closing_rows(Brief("Tema", headings("Introducción", "Conclusión"))) == frozenset()


def test_a_conclusion_draws_on_the_sections_and_first_on_what_their_sources_conclude() -> None:
    """It has no evidence of its own here: all of the sections' is open to it, announcements apart."""
    section, conclusion = headings("Privacidad", "Consideraciones finales")
    brief = Brief("Privacidad", (section, conclusion), words=48, language="es")
    texts = (
        ("La privacidad de los pacientes preocupa a los hospitales europeos.", ()),
        ("La privacidad de los registros exige permisos y comités de ética.", ()),
        ("Este informe aborda la privacidad de los registros clínicos.", ("Conclusiones",)),
        ("La privacidad de los registros exige normas y comités de ética.", ("Conclusiones",)),
    )
    excerpts = tuple(
        Excerpt(f"key{n}", Source(str(n), (f"{n}.md",), "markdown", language="es"), text, 0, len(text), path)
        for n, (text, path) in enumerate(texts)
    )
    with Catalog(None) as catalog:
        found = (Evidence(section, excerpts), Evidence(conclusion, ()))
        held = list_candidates(brief, found, CachedEmbedder(WordEmbedder(), catalog)).candidates
    assert [sorted(one.headings) for one in held] == [[0, 1], [0, 1], [0], [0, 1]]
    assert max((one for one in held if 1 in one.headings), key=lambda one: one.pull[1]).row == 3
    assert held[1].pull[0] > held[3].pull[0]


def candidate(row: int, text: str, *, key: str, language: str = "es", day: int | None = None) -> Candidate:
    """Return a candidate for one heading, as near to it as any other."""
    first = dt.date(day, 1, 1) if day else None
    date = PublicationDate(first, first, "day" if first else None)
    source = Source(key, (f"{key}.md",), "markdown", "Nota", ("Ana Ruiz",), date=date, language=language)
    statement = Statement(Excerpt(key, source, text, 0, len(text)), (text,), text, quoted=False)
    near = np.zeros(1, dtype=np.float32)
    return Candidate(statement, row, count_words(text), near, near, frozenset({0}), 0.5)


TRANSLATED = ("El mapa antiguo muestra caminos perdidos del valle.", "The old map shows lost roads of the valley.")


@pytest.mark.parametrize(("close", "said"), [(0.55, 2), (0.1, 3)])
def test_a_translation_is_not_said_beside_what_it_translates(close: float, said: int) -> None:
    """Two statements in two languages that are close in meaning are one; far ones are two."""
    texts = (*TRANSLATED, "Los archivos del norte guardan cartas de comerciantes.")
    held = tuple(
        candidate(row, text, key=f"key{row}", language="en" if row == 1 else "es") for row, text in enumerate(texts)
    )
    closeness = np.eye(3, dtype=np.float32)
    closeness[0, 1] = closeness[1, 0] = close
    (dealt,) = deal(Pool(held, closeness), [60], closing=(), language="es", foreign_words=60)
    assert len(dealt) == said


def test_figures_apart_make_two_statements_of_two_close_ones() -> None:
    """The same sentence with another figure is another finding."""
    texts = ("La medida subió del 20 % al 60 % en el ensayo.", "La medida subió del 70 % al 80 % en el otro.")
    held = tuple(candidate(row, text, key=f"key{row}") for row, text in enumerate(texts))
    (dealt,) = deal(Pool(held, np.ones((2, 2), dtype=np.float32)), [60], closing=(), language="es", foreign_words=0)
    assert len(dealt) == 2


def test_a_paragraph_is_about_one_thing() -> None:
    """Eight statements on two things make two paragraphs, whatever their dates; each goes forward in time."""
    held = [
        candidate(row, " ".join(["palabra"] * 28) + f" {row}.", key=f"key{row}", day=2010 + row) for row in range(8)
    ]
    closeness = np.array([[1.0 if (a - b) % 2 == 0 else -0.5 for a in range(8)] for b in range(8)], dtype=np.float32)
    ordered = [[one.row for one in paragraph] for paragraph in paragraphs(held, 0, closeness)]
    assert ordered == [[0, 2, 4, 6], [1, 3, 5, 7]]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(2000, 2026)), max_size=9), st.integers(0, 99))
def test_ordering_leaves_nothing_out_and_keeps_each_excerpts_order(rows: list[tuple[str, int]], seed: int) -> None:
    """Whatever the closeness: all statements once, those of one excerpt in its order, none alone in its paragraph."""
    texts = {key: " ".join(f"{row}{key * 9}" for row in range(len(rows))) for key in "abc"}
    held = []
    for row, (key, day) in enumerate(rows):
        one = candidate(row, f"{row}{key * 9}", key=key, day=day)
        excerpt = replace(one.statement.excerpt, text=texts[key])
        held.append(replace(one, words=40, statement=replace(one.statement, excerpt=excerpt)))
    chance = np.random.default_rng(seed).random((len(rows), len(rows)), dtype=np.float32)
    ordered = paragraphs(held, 0, np.asarray((chance + chance.T) / 2, dtype=np.float32))
    printed_rows = [one.row for paragraph in ordered for one in paragraph]
    assert sorted(printed_rows) == list(range(len(rows)))
    assert all(len(paragraph) > 1 for paragraph in ordered) or len(rows) == 1
    for paragraph in ordered:
        for key in "abc":
            own = [one.row for one in paragraph if one.source == key]
            assert own == sorted(own)


def test_quotations_in_other_languages_are_counted() -> None:
    """In words and as a share, in the text's language; nothing is said where there are none."""
    foreign = Excerpt("aaaaaa", Source("1", ("1.md",), "markdown", language="en"), "Maps lie.", 0, 9)
    own = replace(foreign, key="bbbbbb", source=replace(foreign.source, language="es"))
    text = (
        Sentence("Según una fuente: «Maps lie».", citations=(Citation("aaaaaa", quote="Maps lie"),)),
        Sentence("Los mapas mienten.", citations=(Citation("bbbbbb"),)),
    )
    known = (NumberedSource(1, foreign.source, (foreign,)), NumberedSource(2, own.source, (own,)))
    heading = Heading("# Mapas", "Mapas", 1)
    report = Report(Brief("Mapas", (heading,), language="es"), (CheckedSection(heading, (), text),), known)
    assert foreign_remark(report) == "Citas en otras lenguas: 2 de 8 palabras (25 %)."
    assert foreign_remark(replace(report, sections=(CheckedSection(heading, (), text[1:]),))) == ""
