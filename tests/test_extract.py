"""The digest: the sources' own statements under the brief's headings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.brief import read_brief
from rag.catalog import Catalog
from rag.config import Config
from rag.embed import CachedEmbedder
from rag.extract import ExtractiveWriter
from rag.language import count_words
from rag.pipeline import write_brief
from rag.records import Brief, Evidence, Excerpt, Heading, Report, Source
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
