"""Lines to paragraphs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.layout import PAGE, paragraphs
from rag.read.lines import Line

FULL = "una línea que llega casi hasta el margen derecho de la"
OTHER = "otra línea que también llega casi hasta ese mismo borde"
THIRD = "tercera línea, que se lee después de las otras y al fin"
WIDTH = 5.0
"""Points that a letter takes."""


def line(text: str, row: float, *, height: float = 10.0, left: float = 60.0, bold: bool = False) -> Line:
    """Return a line that stands so many rows under the top of its page."""
    right = left + WIDTH * len(text)
    return Line(text, left, right, 800 - 12 * row, height, bold=bold, bare=text)


def page(text: str) -> list[Line]:
    """Return a page written as text."""
    return [line(words, row) for row, words in enumerate(text.split("\n"))]


def lay(*pages: str) -> list[str]:
    """Return the paragraphs of pages written as text."""
    return [block.text for block in paragraphs([page(text) for text in pages])]


def test_words_broken_at_line_ends_are_mended() -> None:
    """Only where both sides are small letters, and not where the text itself writes the hyphen."""
    text = f"{FULL} sinté-\nticos de la COVID-\n19 y Madrid-\nBarcelona, en long-\nterm y un long-term más {FULL}"
    assert lay(text) == [
        PAGE + f"{FULL} sintéticos de la COVID-19 y Madrid-Barcelona, en long-term y un long-term más {FULL}"
    ]


def test_a_compound_of_three_keeps_its_hyphens() -> None:
    """What has one hyphen already was not broken for want of room."""
    assert lay(f"{FULL} speech-to-\ntext y {FULL}") == [f"{PAGE}{FULL} speech-to-text y {FULL}"]


def test_a_link_broken_at_a_line_end_is_mended() -> None:
    """A slash or a full stop inside an address ends no word."""
    assert lay(f"{FULL} https://ejemplo.org/\ndatos y {FULL}") == [f"{PAGE}{FULL} https://ejemplo.org/datos y {FULL}"]


def test_a_short_line_that_ends_a_sentence_ends_the_paragraph() -> None:
    """Lines that fill their width go on."""
    assert lay(f"{FULL}\n{FULL}\ny acaba.\nOtra empieza {FULL[:41]}\n{FULL}\n{FULL}") == [
        f"{PAGE}{FULL} {FULL} y acaba.",
        f"Otra empieza {FULL[:41]} {FULL} {FULL}",
    ]


def test_a_first_line_that_stands_back_begins_a_paragraph() -> None:
    """Also where the line before it is full."""
    end = f"{FULL[:-1]}."
    lines = [*page(f"{FULL}\n{end}"), line(f"Otro {FULL[:40]}", 2, left=75), line(FULL, 3), line(FULL, 4)]
    assert len(paragraphs([lines])) == 2


def test_a_wide_space_parts_paragraphs() -> None:
    """What stands apart is another paragraph, unless a sentence goes on there."""
    lines = [line(FULL, 0), line(f"{FULL[:-1]}.", 1), line(f"El {FULL[:50]}", 3), line(FULL, 4), line(FULL, 5)]
    assert len(paragraphs([lines])) == 2
    going_on = [line(FULL, 0), line(FULL, 1), line(FULL, 3), line(FULL, 4)]
    assert len(paragraphs([going_on])) == 1


def test_running_heads_and_page_numbers_go() -> None:
    """What the edges of pages share is no text, whatever number it bears; what one page says alone is."""
    pages = [
        f"Revista de Salud, {number}\n{FULL} {word}\nFin de {word}.\n{number}" for number, word in enumerate("abc")
    ]
    text = " ".join(lay(*pages))
    assert "Revista" not in text
    assert not any(letter.isdigit() for letter in text)
    assert text.count(FULL) == text.count("Fin de") == 3


def test_a_page_number_goes_also_from_a_single_page() -> None:
    """A number alone at the edge is no text; one in the middle of the page is."""
    assert lay(f"{FULL}\n{FULL}\n{FULL}\n2023\n{FULL}\n{FULL}\n{FULL}\n- 7 -")[0].endswith(FULL)
    assert "2023" in " ".join(lay(f"{FULL}\n{FULL}\n{FULL}\n2023\n{FULL}\n{FULL}\n{FULL}\n- 7 -"))


def test_a_paragraph_goes_on_over_the_page() -> None:
    """The mark stands inside it, also inside a word; an empty page has its own."""
    assert lay(f"{FULL}\n{FULL} sinté-", f"ticos {FULL}") == [f"{PAGE}{FULL} {FULL} sinté{PAGE}ticos {FULL}"]
    blocks = paragraphs([[line(FULL, 0)], [], [line("Fin.", 0)]])
    assert "".join(block.text for block in blocks).count(PAGE) == 3


def test_a_note_and_a_figure_do_not_tear_a_sentence() -> None:
    """The note of its page comes before it, the figure of the next page after it."""
    first = [*page(f"{FULL}\n{OTHER}"), line("1 Una nota de esas que van al pie.", 3, height=8)]
    second = [
        line("Eje de la figura", 0, height=7),
        line("Figura 2. Lo que se mide.", 1, height=8),
        *(replace(words, base=words.base - 36) for words in page(f"{THIRD}\ny acaba.")),
    ]
    assert [block.text for block in paragraphs([first, second])] == [
        f"{PAGE}1 Una nota de esas que van al pie.",
        f"{FULL} {OTHER} {PAGE}{THIRD} y acaba.",
        "Eje de la figura",
        "Figura 2. Lo que se mide.",
    ]


def test_a_sentence_that_ends_is_not_joined_over_a_figure() -> None:
    """What stands between two whole paragraphs stays between them."""
    first = page(f"{FULL}\n{FULL[:-1]}.")
    second = [line("Figura 2. Lo que se mide.", 0, height=8), *page(f"\n\nOtro {OTHER[:40]}\n{THIRD}\n{THIRD}")[2:]]
    assert len(paragraphs([first, second])) == 3


def test_taller_lines_are_headings() -> None:
    """The tallest has the highest level; a heading of two lines is one; bold ones come after the tall."""
    body = [line(f"{FULL} {number}.", 3 + number) for number in range(6)]
    lines = [
        line("Título en", 0, height=18),
        line("dos líneas", 1.5, height=18),
        *body,
        line("Métodos", 12, height=12),
        line(f"{FULL}.", 13),
        line("Muestra", 15, bold=True),
        line(f"{FULL}.", 16),
    ]
    headings = [(block.level, block.text) for block in paragraphs([lines]) if block.level]
    assert headings == [(1, f"{PAGE}Título en dos líneas"), (2, "Métodos"), (3, "Muestra")]


def test_a_title_is_not_taken_for_the_running_head_that_repeats_it() -> None:
    """What runs along the edge is as high on each page."""
    pages = [
        [line("Un título", 0, height=18), *page(f"\n\n{FULL}\n{OTHER}")[2:]],
        *([line("Un título", 0, height=8), *page(f"\n\n{text}")[2:]] for text in (THIRD, "Otra cosa.", "Y otra más.")),
    ]
    assert [block.text for block in paragraphs(pages)].count(f"{PAGE}Un título") == 1


def test_tables_of_contents_and_lists_are_no_headings() -> None:
    """Bold as they may be."""
    lines = [
        *page(f"{FULL}\n{OTHER}\n{THIRD}"),
        line("1 Introducción ....... 3", 4, bold=True),
        line("• un punto de la lista", 6, bold=True),
        line("Tabla 2: Lo que se midió", 8, bold=True),
        line("Métodos", 10, bold=True),
        *(line(text, row) for row, text in enumerate((FULL, OTHER, THIRD) * 3, start=12)),
    ]
    assert [block.text for block in paragraphs([lines]) if block.level] == ["Métodos"]


def test_names_are_no_headings() -> None:
    """Tall lines that name the authors are a paragraph."""
    lines = [line("Un título", 0, height=18), line("Ana García", 2, height=14), *page(f"\n\n\n\n{FULL}\n{FULL}")[4:]]
    blocks = paragraphs([lines], named=frozenset({"Ana García"}))
    assert [block.level for block in blocks] == [1, 0, 0]


def test_references_alone_on_a_line_are_a_heading() -> None:
    """Also where they look like the text; the word in a sentence or before a page's number is none."""
    lines = page(f"{FULL}\n{FULL[:-1]}.\nReferencias\n[1] A. García. Datos. 2021.\nReferencias 12\n{FULL}")
    assert [block.text for block in paragraphs([lines]) if block.level] == ["Referencias"]


LINE = st.builds(
    line,
    st.text("ab -.ÁÉ1", min_size=1).map(str.strip).filter(bool),
    st.integers(0, 12),
    height=st.sampled_from([8.0, 10.0, 14.0]),
    left=st.sampled_from([60.0, 75.0, 320.0]),
    bold=st.booleans(),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(LINE, max_size=14), max_size=5))
def test_pages_are_marked_in_order_and_words_are_not_invented(pages: list[list[Line]]) -> None:
    """Each page up to the last with text left has its mark; every letter comes from a line."""
    text = "".join(block.text for block in paragraphs(pages))
    assert text.count(PAGE) <= len(pages)
    given_letters = sorted(letter for page in pages for line in page for letter in line.text if letter.isalnum())
    left = sorted(letter for letter in text if letter.isalnum())
    assert all(left.count(letter) <= given_letters.count(letter) for letter in set(left))
