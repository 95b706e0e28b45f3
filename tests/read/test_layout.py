"""Lines to paragraphs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.layout import PAGE, Line, paragraphs

FULL = "una línea que llega casi hasta el margen derecho de la"


def lay(*pages: str, height: float = 10.0) -> list[str]:
    """Return the paragraphs of pages written as text."""
    return [block.text for block in paragraphs([[Line(line, height) for line in page.split("\n")] for page in pages])]


def test_words_broken_at_line_ends_are_mended() -> None:
    """Only where both sides are small letters, and not where the text itself writes the hyphen."""
    text = f"{FULL} sinté-\nticos de la COVID-\n19 y Madrid-\nBarcelona, en long-\nterm y un long-term más {FULL}"
    assert lay(text) == [
        PAGE + f"{FULL} sintéticos de la COVID-19 y Madrid-Barcelona, en long-term y un long-term más {FULL}"
    ]


def test_a_short_line_that_ends_a_sentence_ends_the_paragraph() -> None:
    """Lines that fill their width go on."""
    assert lay(f"{FULL}\n{FULL}\ny acaba.\nOtra empieza {FULL}\n{FULL}") == [
        f"{PAGE}{FULL} {FULL} y acaba.",
        f"Otra empieza {FULL} {FULL}",
    ]


def test_running_heads_and_page_numbers_go() -> None:
    """What the edges of pages share is no text, whatever number it bears; what one page says alone is."""
    pages = [
        f"Revista de Salud, {number}\n{FULL} {word}\nFin de {word}.\n{number}" for number, word in enumerate("abc")
    ]
    text = " ".join(lay(*pages))
    assert "Revista" not in text
    assert not any(letter.isdigit() for letter in text)
    assert text.count(FULL) == text.count("Fin de") == 3


def test_a_paragraph_goes_on_over_the_page() -> None:
    """The mark stands inside it, also inside a word; an empty page has its own."""
    assert lay(f"{FULL}\n{FULL} sinté-", f"ticos {FULL}") == [f"{PAGE}{FULL} {FULL} sinté{PAGE}ticos {FULL}"]
    blocks = paragraphs([[Line(FULL, 10)], [], [Line("Fin.", 10)]])
    assert "".join(block.text for block in blocks).count(PAGE) == 3


def test_taller_lines_are_headings() -> None:
    """The tallest has the highest level; a heading of two lines is one."""
    body = [Line(f"{FULL} {number}.", 10) for number in range(6)]
    page = [Line("Título en", 18), Line("dos líneas", 18), *body, Line("Métodos", 12), Line(f"{FULL}.", 10)]
    headings = [(block.level, block.text) for block in paragraphs([page]) if block.level]
    assert headings == [(1, f"{PAGE}Título en dos líneas"), (2, "Métodos")]


LINE = st.builds(Line, st.text("ab -.ÁÉ1", min_size=1).map(str.strip).filter(bool), st.sampled_from([8.0, 10.0, 14.0]))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(LINE, max_size=8), max_size=5))
def test_pages_are_marked_in_order_and_words_are_not_invented(pages: list[list[Line]]) -> None:
    """Each page up to the last with text left has its mark; every letter comes from a line."""
    text = "".join(block.text for block in paragraphs(pages))
    assert text.count(PAGE) <= len(pages)
    given_letters = sorted(letter for page in pages for line in page for letter in line.text if letter.isalnum())
    left = sorted(letter for letter in text if letter.isalnum())
    assert all(left.count(letter) <= given_letters.count(letter) for letter in set(left))
