"""Pages to lines, in PDFs made with reportlab."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from rag.read.lines import Line, page_lines

if TYPE_CHECKING:
    from collections.abc import Callable


def lines(draw: Callable[[Canvas], None], *, marks: bool = False) -> tuple[Line, ...]:
    """Return the lines of a page that is drawn so."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("Helvetica", 12)
    draw(canvas)
    canvas.save()
    with pypdfium2.PdfDocument(buffer.getvalue()) as pdf:
        page = pdf[0]
        try:
            return page_lines(page, marks=marks)
        finally:
            page.close()


def test_a_line_has_its_place_size_and_weight() -> None:
    """In points from the lower left corner."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Una línea")
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(80, 600, "Un título")

    one, other = lines(draw)
    assert (one.text, one.left, one.base, one.height, one.bold) == ("Una línea", 60, 700, 12, False)
    assert (other.text, other.left, other.base, other.height, other.bold) == ("Un título", 80, 600, 18, True)
    assert 60 < one.right < 60 + 12 * len(one.text)


def test_letters_scaled_by_the_page_have_the_size_that_is_seen() -> None:
    """A font of one point, drawn twelve times as large, is no tiny text."""

    def draw(canvas: Canvas) -> None:
        canvas.scale(12, 12)
        canvas.setFont("Helvetica", 1)
        canvas.drawString(5, 60, "Una línea")

    assert [(line.text, line.height) for line in lines(draw)] == [("Una línea", 12)]


def test_words_far_apart_are_two_lines() -> None:
    """Columns written row by row are not mixed."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "izquierda")
        canvas.drawString(300, 700, "derecha")

    assert [line.text for line in lines(draw)] == ["izquierda", "derecha"]


def test_a_raised_mark_is_no_part_of_a_name() -> None:
    """Also where a comma follows it."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        for name, mark in (("Ana García", "1,2"), (", Eva Gil", "3")):
            text.textOut(name)
            text.setRise(5)
            text.setFont("Helvetica", 7)
            text.textOut(mark)
            text.setRise(0)
            text.setFont("Helvetica", 12)
        canvas.drawText(text)

    (line,) = lines(draw, marks=True)
    assert (line.text, line.bare) == ("Ana García, Eva Gil³", "Ana García, Eva Gil")


def test_raised_digits_are_no_part_of_a_number() -> None:
    """A power is not a larger number, and the mark of a note does not change a figure; lowered digits stay."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        for base, small, rise in (("10", "6", 5), (" de 10", "-3", 5), (" m; en 2023", "4", 5), (" de H", "2", -3)):
            text.setFont("Helvetica", 12)
            text.textOut(base)
            text.setFont("Helvetica", 7)
            text.setRise(rise)
            text.textOut(small)
            text.setRise(0)
        canvas.drawText(text)

    (line,) = lines(draw)
    assert line.text == "10⁶ de 10⁻³ m; en 2023 de H2"


def test_letters_set_in_wide_cells_are_words() -> None:
    """As listings print code; an empty cell is a space."""

    def draw(canvas: Canvas) -> None:
        for cell, letter in enumerate("using Distributed"):
            canvas.drawString(60 + 9 * cell, 700, letter)

    assert [line.text for line in lines(draw)] == ["using Distributed"]


def test_what_runs_upwards_is_told_apart() -> None:
    """On an upright page; a page that is all printed sideways is turned."""

    def stamp(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(300, -20, "arXiv:2101.00001v2 [cs.CL] 3 Jan 2021")

    def both(canvas: Canvas) -> None:
        for row in range(3):
            canvas.drawString(60, 700 - 15 * row, "Una línea de texto que se lee como siempre")
        stamp(canvas)

    assert [line.upright for line in lines(both)] == [True, True, True, False]
    (line,) = lines(stamp)
    assert (line.text, line.upright) == ("arXiv:2101.00001v2 [cs.CL] 3 Jan 2021", True)
    assert line.left < line.right


RARE = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R
/Resources << /Font << /F 4 0 R >> >> >> endobj
4 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >> endobj
5 0 obj << /Length 72 >> stream
BT /F 12 Tf 60 700 Td (AAAA AAAA) Tj 0 -50 Td (tres) Tj ET
endstream endobj
6 0 obj << /Length 170 >> stream
/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar <41> <D835DC00> endbfchar
endcmap end end
endstream endobj
trailer << /Root 1 0 R >>
%%EOF"""
"""A page whose A is a letter beyond sixteen bits."""


def test_rare_letters_do_not_shift_the_others() -> None:
    """A letter that PDFium gives in two halves is one, and does not move what stands after it."""
    with pypdfium2.PdfDocument(RARE) as pdf:
        page = pdf[0]
        found = page_lines(page)
        page.close()
    assert (found[-1].text, found[-1].base, found[-1].left) == ("tres", 650, 60)
    assert (found[0].text, found[0].base) == ("\U0001d400" * 4 + " " + "\U0001d400" * 4, 700)
