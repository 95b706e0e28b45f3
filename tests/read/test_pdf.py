"""PDFs, made with reportlab."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.errors import SourceError
from rag.read.pdf import read_pdf

if TYPE_CHECKING:
    from rag.records import Document

BODY = (
    "Los datos sintéticos imitan a los reales sin copiarlos, y por eso los hos-",
    "pitales los prefieren cuando no pueden compartir sus historias clínicas.",
    "La privacidad se midió con tres ataques, y ninguno de los generadores los",
    "resistió todos.",
    "Otro párrafo empieza aquí y sigue, sin llegar a su fin, en la página que",
)
REST = (
    "viene después de esta. Luego acaba.",
    "Las conclusiones son provisionales y piden más estudio de los datos usados.",
)


def make(
    *pages: tuple[str, ...],
    title: str = "",
    author: str = "",
    head: str = "",
    encrypt: StandardEncryption | None = None,
) -> bytes:
    """Return a PDF: a line a line, the first line of the first page in a larger size when it is a title."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=encrypt)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for number, lines in enumerate(pages, start=1):
        if head:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 820, f"{head} {number}")
        for row, line in enumerate(lines):
            large = number == 1 and row == 0
            canvas.setFont("Helvetica", 18 if large else 11)
            canvas.drawString(60, 780 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(data: bytes, path: str = "a.pdf") -> Document:
    """Return the document of a PDF."""
    (document,) = read_pdf(data, path=path)
    return document


ARTICLE = make(
    ("Datos sintéticos en la salud", "Publicado el 8 de marzo de 2023", "https://doi.org/10.1000/abc", *BODY),
    REST,
    title="Datos sintéticos en la salud",
    author="Ana García y Eva Gil",
    head="Revista de Salud",
)


def test_pages_become_paragraphs() -> None:
    """Accents survive, the broken word is whole, the running head gone, and a paragraph crosses the page."""
    text = read(ARTICLE).text
    assert "los hospitales los prefieren" in text
    assert "Revista" not in text
    assert "\n\nOtro párrafo empieza aquí y sigue, sin llegar a su fin, en la página que viene después de esta." in text
    assert "resistió todos.\n\n" in text


def test_offsets_point_at_pages_and_headings() -> None:
    """The second page begins inside the paragraph that crosses to it."""
    document = read(ARTICLE)
    assert document.pages[0] == 0
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :].startswith("viene después")
    assert [(section.start, section.title) for section in document.sections] == [(0, "Datos sintéticos en la salud")]


def test_the_source_is_read_from_metadata_and_the_first_page() -> None:
    """The day the PDF was made is not a date of publication."""
    source = read(ARTICLE).source
    assert source.title == "Datos sintéticos en la salud"
    assert source.authors == ("Ana García", "Eva Gil")
    assert (str(source.date), source.date.origin, source.date.text) == ("2023-03-08", "text", "8 de marzo de 2023")
    assert (source.doi, source.format, source.language) == ("10.1000/abc", "pdf", "es")


def test_a_title_the_page_does_not_show_is_not_believed() -> None:
    """The tallest line is the title instead; without any date the file's name gives one."""
    source = read(make(("El título impreso", *BODY), title="Microsoft Word - borrador"), "ramos 2021.pdf").source
    assert source.title == "El título impreso"
    assert (str(source.date), source.date.origin) == ("2021", "file name")


@pytest.mark.parametrize(
    ("lines", "iso"),
    [
        (("Madrid, 24 de noviembre de 2015",), "2015-11-24"),
        (("Publicado originalmente en otra parte. Traducido el 15 de marzo de", "2017."), "2017-03-15"),
        (("March 8, 2023",), "2023-03-08"),
        (("Submitted: 08 May 2018", "Published: 30 August 2018"), "2018-08-30"),
        (("Recibido el 3 de mayo de 2019",), ""),
        (("Los casos de marzo de 2020 fueron muchos",), ""),
    ],
)
def test_dates_on_the_first_page(lines: tuple[str, ...], iso: str) -> None:
    """A line that ends in a date counts, publication first; other events and dates inside a sentence do not."""
    assert str(read(make(("Un título", *lines, *BODY))).source.date) == iso


def test_what_nobody_could_see_is_left_out() -> None:
    """Text beyond the page or smaller than a hair is not text of the paper."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(60, 700, BODY[2])
    canvas.drawString(60, 5000, "Fuera de la página.")
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(60, 600, "Letra diminuta.")
    canvas.save()
    assert read(buffer.getvalue()).text == BODY[2]


def test_a_locked_pdf_names_its_remedy() -> None:
    """A password is not guessed."""
    locked = make(BODY, encrypt=StandardEncryption("secreto", ownerPassword="otro"))
    with pytest.raises(SourceError, match=r"a\.pdf: it is locked by a password; save it without one"):
        read(locked)


def test_a_pdf_without_text_is_called_scanned() -> None:
    """Pages of images hold nothing to read."""
    with pytest.raises(SourceError, match=r"scanned.*OCR"):
        read(make((), ()))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"texto", ARTICLE[:200]])
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    """A file that is no PDF, or the beginning of one, gives a reason instead of a crash."""
    with pytest.raises(SourceError, match=r"no PDF or a broken one"):
        read(data)
