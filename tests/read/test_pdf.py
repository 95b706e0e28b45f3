"""PDFs, made with reportlab."""

from __future__ import annotations

import io
import re
from itertools import zip_longest
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.errors import SourceError
from rag.read.pdf import read_pdf
from rag.split import split

if TYPE_CHECKING:
    from pathlib import Path

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


def columns(*pages: tuple[tuple[str, ...], tuple[str, ...]]) -> bytes:
    """Return a PDF whose pages hold two columns, written row by row across both; numbered at the foot."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number, (left, right) in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 9)
        for row, pair in enumerate(zip_longest(left, right, fillvalue="")):
            for x, line in zip((50, 310), pair, strict=True):
                canvas.drawString(x, 780 - 11 * row, line)
        canvas.drawString(300, 40, str(number))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


LEFT = (
    "La primera columna de la página empieza arriba, a la iz-",
    "quierda, y llega hasta donde el papel lo permite. Luego",
    "sigue con otra oración, que no acaba aquí sino más allá,",
    "en la segunda columna, a la que el lector salta sin más,",
    "porque sabe que después de la última línea de la primera",
)
RIGHT = (
    "viene la primera de la segunda. En ella se habla de otra",
    "cosa, que tampoco tiene importancia para esta prueba, ni",
    "para ninguna otra: solo llena el espacio que hace falta,",
    "que es el de cinco líneas por lo menos, y al final salta",
    "a la página siguiente, donde la frase llega a su término",
)
NEXT = (
    "con un punto. Y ya está todo dicho, aunque falta un poco",
    "más de texto para que la página tenga dos columnas de lo",
    "mismo, que no dicen nada que no se haya dicho ya antes y",
    "solo sirven de relleno. Cuando se acaban, se acaba todo:",
    "no hay más páginas, ni columnas, ni líneas que leer hoy.",
)
LAST = (
    "Esta es la última columna de la última página del texto,",
    "y tiene tantas líneas como las otras, para que no parezca",
    "una tabla ni un margen. En un artículo de verdad estarían",
    "aquí las conclusiones, los agradecimientos y las fuentes,",
    "que nadie lee. Aquí no hay nada de eso.",
)


def test_two_columns_are_read_one_after_the_other() -> None:
    """Whatever the order in which the file holds them; sentences go on over the column and over the page."""
    text = read(columns((LEFT, RIGHT), (NEXT, LAST))).text
    assert "a la izquierda, y llega" in text
    assert "línea de la primera viene la primera de la segunda" in text
    assert "llega a su término con un punto. Y ya está todo dicho" in text


def test_the_list_of_sources_is_a_section() -> None:
    """What stands in it is in the text, and is no chunk."""
    document = read(make(("Un título", *BODY, *REST, "Referencias", "Gil E. Los datos. Gac Sanit. 2021;12:3-9.")))
    assert [section.title for section in document.sections] == ["Un título", "Referencias"]
    assert "Gac Sanit" in document.text
    chunks = split(document, count_tokens=len, max_tokens=300)
    assert chunks
    assert not [chunk for chunk in chunks if "Gac Sanit" in chunk.text]


def test_the_source_says_where_each_field_is_from() -> None:
    """Embedded metadata that the page bears out, and the page itself."""
    origins = dict(read(ARTICLE).source.origins)
    assert origins == {"title": "embedded", "authors": "embedded", "date": "first page", "doi": "first page"}


def test_a_file_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is broken or a trap."""
    monkeypatch.setattr("rag.read.pdf.PAGES", 1)
    with pytest.raises(SourceError, match=r"it claims 2 pages; split it"):
        read(ARTICLE)


def test_a_broken_page_does_not_cost_the_others() -> None:
    """A page that cannot be opened is an empty one."""
    broken = re.sub(rb"/Kids \[ (\d+ 0 R)", rb"/Kids [ 999 0 R", ARTICLE)
    document = read(broken)
    assert len(document.pages) == 2
    assert "Las conclusiones son provisionales" in document.text
    assert "Los datos sintéticos imitan" not in document.text


def test_a_locked_pdf_names_its_remedy() -> None:
    """A password is not guessed."""
    locked = make(BODY, encrypt=StandardEncryption("secreto", ownerPassword="otro"))
    with pytest.raises(SourceError, match=r"a\.pdf: it is locked by a password; save it without one"):
        read(locked)


@pytest.mark.parametrize(
    ("installed", "command"),
    [
        ((), r"for instance with ocrmypdf"),
        (("tesseract",), r"pip install ocrmypdf, then ocrmypdf -l spa\+eng 'mi acta.pdf' 'mi acta.pdf'"),
        (("ocrmypdf", "tesseract"), r"OCR on it: ocrmypdf -l spa\+eng 'mi acta.pdf' 'mi acta.pdf'"),
    ],
)
def test_a_pdf_without_text_is_called_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...], command: str
) -> None:
    """Pages of images hold nothing to read; the command is named where the program for it is there."""
    for name in installed:
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match=rf"scanned\?.*{command}$"):
        read(make((), ()), "actas/mi acta.pdf")


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"%PDF-1.7\n", "cut off"), (ARTICLE[:200], "cut off"), (b"texto", "no PDF"), (b"%PDF-1.7\n%%EOF", "broken one")],
)
def test_a_broken_pdf_is_refused(data: bytes, reason: str) -> None:
    """A file that is no PDF, or the beginning of one, gives a reason instead of a crash."""
    with pytest.raises(SourceError, match=reason):
        read(data)
