"""Claims about how documents are cut into chunks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.records import Document, Section, Source, document_id
from rag.split import split

CLOSE = settings(deadline=None, max_examples=60)

WORDS = st.one_of(
    st.sampled_from(["datos", "sintéticos", "privacidad.", "Sin", "embargo,", "EE. UU.", "2023.", "¿Qué?", "—"]),
    st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40),
)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
PARTS = st.lists(st.tuples(st.integers(0, 3), PARAGRAPHS), min_size=1, max_size=8)
"""Paragraphs; those with a level above 0 are headings."""


def count_words(text: str) -> int:
    """Count as an encoder does that reads a word in pieces of eight characters."""
    return sum(1 + len(word) // 8 for word in text.split())


def made(parts: list[tuple[int, str]], *, pages: tuple[int, ...] = ()) -> Document:
    """Compose a document from (level, paragraph) pairs."""
    sections, offset = [], 0
    for level, paragraph in parts:
        if level:
            sections.append(Section(offset, level, paragraph))
        offset += len(paragraph) + 2
    text = "\n\n".join(paragraph for _, paragraph in parts)
    source = Source(document_id(text), ("a.txt",), "text", language="es")
    return Document(source, text, tuple(sections), pages)


@CLOSE
@given(PARTS, st.integers(6, 60))
def test_every_chunk_is_its_span(parts: list[tuple[int, str]], limit: int) -> None:
    """A chunk's text is what stands in the document from its start to its end, without outer blank space."""
    document = made(parts)
    for chunk in split(document, count_tokens=count_words, max_tokens=limit):
        assert chunk.text == document.text[chunk.start : chunk.end] == chunk.text.strip()
        assert chunk.document_id == document.source.id


@CLOSE
@given(PARTS, st.integers(6, 60))
def test_chunks_are_disjoint_and_in_order(parts: list[tuple[int, str]], limit: int) -> None:
    """Each chunk begins where the one before it has ended, or later."""
    chunks = split(made(parts), count_tokens=count_words, max_tokens=limit)
    assert all(one.start < one.end <= other.start for one, other in pairwise(chunks))


@CLOSE
@given(PARTS, st.integers(6, 60))
def test_chunks_cover_all_but_headings(parts: list[tuple[int, str]], limit: int) -> None:
    """Every character but blank space lies in one chunk, unless it is a heading's, which lies in none."""
    document = made(parts)
    headings = [range(section.start, section.start + len(section.title)) for section in document.sections]
    covered = {
        at
        for chunk in split(document, count_tokens=count_words, max_tokens=limit)
        for at in range(chunk.start, chunk.end)
    }
    for at, character in enumerate(document.text):
        in_heading = any(at in heading for heading in headings)
        assert in_heading or character.isspace() or at in covered
        assert not (in_heading and at in covered)


@CLOSE
@given(PARTS, st.integers(6, 60))
def test_every_chunk_fits(parts: list[tuple[int, str]], limit: int) -> None:
    """No chunk has more tokens than the encoder reads."""
    assert all(count_words(c.text) <= limit for c in split(made(parts), count_tokens=count_words, max_tokens=limit))


@CLOSE
@given(PARTS)
def test_no_chunk_crosses_a_section_border(parts: list[tuple[int, str]]) -> None:
    """Whatever the room, a chunk stays under its heading and is told the headings over it, outermost first."""
    document = made(parts)
    for chunk in split(document, count_tokens=count_words, max_tokens=10_000):
        before = [section for section in document.sections if section.start < chunk.start]
        assert not [s for s in document.sections if chunk.start < s.start < chunk.end]
        path: list[Section] = []
        for section in before:
            path = [*(above for above in path if above.level < section.level), section]
        assert chunk.heading_path == tuple(section.title for section in path)


def test_a_word_without_seams_is_cut_to_fit() -> None:
    """A word longer than the window is cut into pieces that fit and lose no character."""
    document = made([(0, "antes " + "x" * 1000 + " después")])
    chunks = split(document, count_tokens=len, max_tokens=64)
    assert all(len(chunk.text) <= 64 for chunk in chunks)
    assert "".join(chunk.text for chunk in chunks).replace(" ", "") == document.text.replace(" ", "")


def test_a_long_sentence_is_cut_between_words() -> None:
    """A sentence longer than the window is cut into runs of whole words."""
    words = [f"palabra{number}" for number in range(100)]
    chunks = split(made([(0, " ".join(words))]), count_tokens=lambda text: len(text.split()), max_tokens=30)
    assert [len(chunk.text.split()) for chunk in chunks] == [30, 30, 30, 10]
    assert [word for chunk in chunks for word in chunk.text.split()] == words


def test_a_paragraph_too_long_is_cut_between_sentences() -> None:
    """Where a paragraph does not fit, chunks end where its sentences end, abbreviations included."""
    text = "El Dr. Ruiz midió el riesgo. Hubo cambios, p. ej. en EE. UU. y en Chile. La utilidad bajó poco."
    chunks = split(made([(0, text)]), count_tokens=lambda piece: len(piece.split()), max_tokens=10)
    assert [chunk.text for chunk in chunks] == [
        "El Dr. Ruiz midió el riesgo.",
        "Hubo cambios, p. ej. en EE. UU. y en Chile.",
        "La utilidad bajó poco.",
    ]


def test_small_paragraphs_share_a_chunk() -> None:
    """Neighbouring paragraphs of a section are packed together while they fit."""
    chunks = split(made([(0, "uno dos")] * 5), count_tokens=lambda text: len(text.split()), max_tokens=6)
    assert [chunk.text.split("\n\n") for chunk in chunks] == [["uno dos"] * 3, ["uno dos"] * 2]


def test_a_chunk_knows_the_page_it_begins_on() -> None:
    """Pages count from 1, by the offset at which the chunk begins; a document without pages has none."""
    parts = [(0, "primera"), (0, "segunda"), (0, "tercera")]
    document = made(parts, pages=(0, 9, 9, 18))
    pages = [chunk.page for chunk in split(document, count_tokens=len, max_tokens=10)]
    assert pages == [1, 3, 4]
    assert {chunk.page for chunk in split(made(parts), count_tokens=len, max_tokens=10)} == {None}


def test_a_document_of_headings_alone_has_no_chunk() -> None:
    """Headings are no passages."""
    assert split(made([(1, "Título"), (2, "Sección")]), count_tokens=count_words, max_tokens=50) == ()


SOURCES = "Gil E. Los datos. Gac Sanit. 2021;12:3-9."


def chunk_texts(*parts: tuple[int, str]) -> list[str]:
    """Return the texts of the chunks of a document made of these."""
    return [chunk.text for chunk in split(made(list(parts)), count_tokens=len, max_tokens=200)]


def test_a_list_of_sources_gives_no_chunk() -> None:
    """What a text cites is not found as what it says; the section after the list is cut again."""
    assert chunk_texts(
        (1, "Métodos"), (0, "Se midió."), (1, "Referencias"), (0, SOURCES), (1, "Anexo"), (0, "Más.")
    ) == [
        "Se midió.",
        "Más.",
    ]


def test_what_stands_under_a_list_of_sources_is_judged_by_itself() -> None:
    """A list in parts is a list; prose under it, as where an appendix has a lower heading, is not."""
    parts = [(1, "References"), (0, SOURCES), (2, "Primary sources"), (0, SOURCES), (2, "Appendix"), (0, "Prose.")]
    assert chunk_texts(*parts) == ["Prose."]


def test_prose_under_the_title_of_a_list_is_cut() -> None:
    """A chapter on references in a programming language is found."""
    prose = "A reference borrows a value without owning it, and ends before the value does. " * 10
    assert chunk_texts((1, "References"), (0, prose.strip()))
