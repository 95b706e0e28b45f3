"""A PDF -> one Document: the text that a reader of its pages sees, in the order of reading, without running heads.

Reads no image (no OCR), no form and no attachment. The PDF's own creation date is never a publication date.
"""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING, Any

from rag.errors import SourceError
from rag.language import tell
from rag.read.compose import finish
from rag.read.front import read_front
from rag.read.layout import PAGE, paragraphs
from rag.read.lines import Line, page_lines
from rag.records import Document, Section, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Pdf = Any  # pypdfium2 comes without types

PAGES = 5_000
"""A file that claims more is broken or a trap."""
TAIL = 2048
"""Bytes at a file's end in which a whole PDF says that it ends."""


def read_pdf(data: bytes, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a PDF."""
    pages, metadata = _open(data, path=path)
    if not any(pages):
        raise SourceError(path, _scanned(path))
    front = read_front(pages, metadata)
    source = Source(
        id="",
        paths=(path,),
        format="pdf",
        title=front.title,
        authors=front.authors,
        date=front.date,
        doi=front.doi,
        journal=front.journal,
        origins=front.origins,
    )
    return (_compose(pages, source, named=front.named),)


def _scanned(path: str) -> str:
    """Return why a PDF without text is not read, with the command that mends it where a program for it is there."""
    name = shlex.quote(path.rpartition("/")[2])
    command = f"ocrmypdf -l spa+eng {name} {name}"
    if shutil.which("ocrmypdf"):
        return tell(
            es=f"sus páginas no tienen texto (¿escaneadas?); pásale un OCR: {command}",
            en=f"its pages hold no text (scanned?); run OCR on it: {command}",
        )
    if shutil.which("tesseract"):
        return tell(
            es=f"sus páginas no tienen texto (¿escaneadas?); pásale un OCR: pip install ocrmypdf, y luego {command}",
            en=f"its pages hold no text (scanned?); run OCR on it: pip install ocrmypdf, then {command}",
        )
    return tell(
        es="sus páginas no tienen texto (¿escaneadas?); pásale un OCR, por ejemplo con ocrmypdf",
        en="its pages hold no text (scanned?); run OCR on it, for instance with ocrmypdf",
    )


def _broken(data: bytes, code: int) -> str:
    """Return why PDFium does not open a file."""
    import pypdfium2.raw as pdfium

    if code == pdfium.FPDF_ERR_PASSWORD:
        return tell(
            es="está protegido con contraseña; guárdalo sin ella", en="it is locked by a password; save it without one"
        )
    if code == pdfium.FPDF_ERR_SECURITY:
        return tell(
            es="tiene una protección que aquí no se puede abrir; imprímelo a un PDF nuevo",
            en="it is protected in a way that cannot be opened here; print it to a new PDF",
        )
    if data.lstrip().startswith(b"%PDF-") and b"%%EOF" not in data[-TAIL:]:
        return tell(
            es="está cortado antes de su final; descárgalo o cópialo de nuevo",
            en="it is cut off before its end; download or copy it again",
        )
    return tell(
        es="no es un PDF o está roto; descárgalo de nuevo o imprímelo a un PDF nuevo",
        en="it is no PDF or a broken one; download it again or print it to a new PDF",
    )


def _open(data: bytes, *, path: str) -> tuple[list[tuple[Line, ...]], Mapping[str, str]]:
    """Return the lines of each page and the metadata; every handle is closed again."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > PAGES:
                raise SourceError(
                    path,
                    tell(
                        es=f"dice tener {len(pdf)} páginas; divídelo, o imprímelo a un PDF nuevo",
                        en=f"it claims {len(pdf):,} pages; split it, or print it to a new PDF",
                    ),
                )
            return [_page_lines(pdf, number) for number in range(len(pdf))], pdf.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise SourceError(path, _broken(data, error.err_code)) from error


def _page_lines(pdf: Pdf, number: int) -> tuple[Line, ...]:
    """Return the lines of a page; a broken page has none, and does not cost the others."""
    import pypdfium2

    try:
        page = pdf[number]
    except pypdfium2.PdfiumError:
        return ()
    try:
        return page_lines(page, marks=number == 0)
    finally:
        page.close()


def _compose(pages: Sequence[tuple[Line, ...]], source: Source, *, named: frozenset[str]) -> Document:
    """Join the paragraphs, and count where headings and pages begin once the marks are gone."""
    text = ""
    sections: list[Section] = []
    starts: list[int] = []
    for block in paragraphs(pages, named=named):
        start = len(text)
        for piece in re.split(f"({PAGE})", block.text):
            if piece == PAGE:
                starts.append(len(text))
            else:
                text += piece
        if block.level:
            sections.append(Section(start=start, level=block.level, title=text[start:]))
        text += "\n\n"
    text = text.rstrip()
    starts += [len(text)] * (len(pages) - len(starts))
    return finish(text, source, sections=tuple(sections), pages=tuple(starts))
