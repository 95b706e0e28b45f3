"""Claims about pictures of passages: what is cut out of a page, and where its words stand in it."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rag.read.crops import Crop, Passage, WordBox, crop_passages
from rag.read.pdf import read_pdf
from tests.render.shown_reports import LINES, PDF_TEXT, pdf_page


def crop(data: bytes, text: str, *, page: int = 1, start: int = 0) -> Crop | None:
    """Return the picture of one passage."""
    (found,) = crop_passages(data, [Passage(page, text, start)])
    return found


def png(picture: Crop) -> io.BytesIO:
    """Return the picture as a file."""
    return io.BytesIO(base64.b64decode(picture.png))


def dark(picture: Crop, word: WordBox) -> float:
    """Return the share of a word's box that is ink."""
    pixels = np.asarray(Image.open(png(picture)).convert("L"))
    return float((pixels[word.top : word.bottom, word.left : word.right] < 128).mean())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_every_word_is_boxed_where_it_is_drawn(rotation: int) -> None:
    """Each box holds ink and lies in the picture, also on a turned page; there PDFium gives the lines in another
    order, and a word that is broken over two of them is not found.
    """
    found = crop(pdf_page(*LINES, rotation=rotation), PDF_TEXT)
    assert found is not None
    words = [PDF_TEXT[word.start : word.end] for word in found.words]
    assert words == [word for word in PDF_TEXT.split() if word != "hospitales" or word in words]
    assert "hospitales" in words or rotation
    for word in found.words:
        assert 0 <= word.left < word.right <= found.width
        assert 0 <= word.top < word.bottom <= found.height
        assert dark(found, word) > 0.05


def test_a_word_broken_at_a_line_end_is_boxed_in_both_lines() -> None:
    """What the reader made whole, "hos-pitales", reaches over the two lines it stands on."""
    found = crop(pdf_page(*LINES), PDF_TEXT)
    assert found is not None
    broken = next(word for word in found.words if PDF_TEXT[word.start : word.end] == "hospitales")
    other = next(word for word in found.words if PDF_TEXT[word.start : word.end] == "prefieren")
    assert broken.bottom - broken.top > 1.5 * (other.bottom - other.top)


def test_letters_are_counted_from_where_the_passage_is_said_to_begin() -> None:
    """A passage that is the second part of an excerpt has boxes that count from the excerpt's beginning."""
    found = crop(pdf_page(*LINES), "La privacidad se midió", start=100)
    assert found is not None
    assert (found.words[0].start, found.words[-1].end) == (100, 122)


def test_only_the_passage_and_a_margin_are_cut_out() -> None:
    """One line of a page is a low picture of its own width."""
    whole, line = crop(pdf_page(*LINES), PDF_TEXT), crop(pdf_page(*LINES), LINES[2])
    assert whole is not None
    assert line is not None
    assert line.height < whole.height
    assert line.width < whole.width <= 1000


@pytest.mark.parametrize(
    ("data", "page", "text"),
    [
        pytest.param(pdf_page(*LINES), 1, "Ninguna de estas palabras aparece impresa ahí.", id="other words"),
        pytest.param(pdf_page(*LINES), 2, PDF_TEXT, id="no such page"),
        pytest.param(pdf_page(*LINES)[:200], 1, PDF_TEXT, id="cut off"),
        pytest.param(b"no PDF", 1, PDF_TEXT, id="no PDF"),
        pytest.param(pdf_page(*LINES), 1, "", id="nothing"),
    ],
)
def test_what_cannot_be_found_has_no_picture(data: bytes, page: int, text: str) -> None:
    """It is None, never a wrong picture and never an error."""
    assert crop(data, text, page=page) is None


def test_the_same_page_gives_the_same_bytes() -> None:
    """And a PNG that others read."""
    one, other = crop(pdf_page(*LINES), PDF_TEXT), crop(pdf_page(*LINES), PDF_TEXT)
    assert one is not None
    assert one == other
    with Image.open(png(one)) as picture:
        assert (picture.format, picture.size) == ("PNG", (one.width, one.height))


@pytest.mark.data
def test_nearly_all_words_of_real_papers_are_found() -> None:
    """In papers of one and two columns, 97 % of the words of passages taken anywhere have a box."""
    data = os.environ.get("RAG_TEST_DATA", "")
    if not data:
        pytest.skip("RAG_TEST_DATA is not set")
    asked = found = 0
    for path in sorted(Path(data, "pdf_folder_en", "pdf").glob("*.pdf"))[::15]:
        (document,) = read_pdf(path.read_bytes(), path=path.name)
        begins = document.pages[:3]
        passages = [Passage(page, document.text[start : start + 900]) for page, start in enumerate(begins, start=1)]
        for passage, picture in zip(passages, crop_passages(path.read_bytes(), passages), strict=True):
            asked += len(passage.text.split())
            found += len(picture.words) if picture else 0
    assert asked > 1_000
    assert found > 0.97 * asked
