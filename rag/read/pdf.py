"""A PDF -> one Document: the text of its pages in their own order, without running heads.

Reads no image (no OCR), no form and no attachment; leaves out text beyond the page or too small to see. The PDF's own
creation date is never a publication date.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import fold
from rag.read.characters import one_line
from rag.read.compose import finish
from rag.read.details import DOI, bare_doi, split_authors
from rag.read.layout import PAGE, Line, paragraphs
from rag.records import UNDATED, Document, PublicationDate, Section, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Page = Any  # pypdfium2 comes without types

PAGES = 5_000
"""A file that claims more is broken or a trap."""
HEAD = 12
"""Lines of the first page among which a paper dates itself."""
LEGIBLE = 2.0
"""Points: smaller text is not meant to be read by people."""
LONGEST_TITLE = 300

TEXT = re.compile(r"[^\r\n]+")
HYPHEN_AT_LINE_END = re.compile("[\x02\ufffe]")
DATE = re.compile(
    r"(?:\d{1,2}(?: de)? [^\W\d]{3,}\.?,?(?: del?)? \d{4}|[^\W\d]{3,}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? |del? )?\d{4}"
    r"|\d{4}-\d\d-\d\d)(?=\W*$)"
)
OTHER_DATE = re.compile(r"(?:received|accessed|accepted|recibido|aceptado|consulta|recuperado)", re.IGNORECASE)


def read_pdf(data: bytes, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a PDF."""
    pages, metadata = _open(data, path=path)
    if not any(pages):
        raise SourceError(path, "it is scanned: its pages hold no text; run OCR on it, for instance with ocrmypdf")
    first = [line.text for line in next(filter(None, pages))]
    source = Source(
        id="",
        paths=(path,),
        format="pdf",
        title=_title(pages, metadata.get("Title", "")),
        authors=split_authors(metadata.get("Author", "")),
        date=_date(first[:HEAD]),
        doi=_doi(first),
    )
    return (_compose(pages, source),)


def _open(data: bytes, *, path: str) -> tuple[list[tuple[Line, ...]], Mapping[str, str]]:
    """Return the lines of each page and the metadata; every handle is closed again."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > PAGES:
                raise SourceError(path, f"it claims {len(pdf):,} pages; split it, or print it to a new PDF")
            return [_page_lines(pdf[number]) for number in range(len(pdf))], pdf.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise SourceError(path, "it is locked by a password; save it without one") from error
        raise SourceError(path, "it is no PDF or a broken one; download it again or print it to a new PDF") from error


def _page_lines(page: Page) -> tuple[Line, ...]:
    from pypdfium2.raw import FPDFText_GetUnicode

    textpage = page.get_textpage()
    try:
        # Character by character: the ranges pypdfium2 returns lose step with the indexes on rare letters.
        text = "".join(chr(FPDFText_GetUnicode(textpage, index)) for index in range(textpage.count_chars()))
        found = [line for match in TEXT.finditer(text) for line in _lines(match, textpage, page.get_bbox())]
    finally:
        textpage.close()
        page.close()
    return tuple(found)


def _lines(match: re.Match[str], textpage: Page, box: tuple[float, ...]) -> Iterator[Line]:
    """Give the legible lines of a run of text; a hyphen PDFium took for a line's end makes two."""
    middle = match.start() + len(match[0].rstrip()) // 2
    left, bottom, right, top = textpage.get_charbox(middle, loose=True)
    seen = left < box[2] and right > box[0] and bottom < box[3] and top > box[1]
    if seen and top - bottom >= LEGIBLE:
        for piece in HYPHEN_AT_LINE_END.sub("-\n", match[0]).split("\n"):
            if text := one_line(piece):
                yield Line(text, height=round(2 * (top - bottom)) / 2)


def _title(pages: Sequence[tuple[Line, ...]], embedded: str) -> str:
    """Return the embedded title if the first page shows it too, else that page's tallest lines."""
    first = next(filter(None, pages))
    shown = fold(" ".join(line.text for line in first))
    if fold(one_line(embedded)) in shown and len(embedded.split()) > 1:
        return embedded
    tallest = max(line.height for line in first)
    start = next(number for number, line in enumerate(first) if line.height == tallest)
    lines = takewhile(lambda line: line.height == tallest, first[start:])
    title = " ".join(line.text for line in lines)
    return title if len(title) <= LONGEST_TITLE else first[0].text


def _date(lines: Sequence[str]) -> PublicationDate:
    """Return the first date in words at the end of one of the lines, those of other events apart."""
    found = (DATE.search(line) for line in lines if not OTHER_DATE.match(line))
    dates = (parse_date(match[0], origin="text") for match in found if match)
    return next((published for published in dates if published.known), UNDATED)


def _doi(lines: Sequence[str]) -> str:
    """Return the DOI on the first page if it shows no other."""
    found = {bare_doi(doi) for line in lines for doi in DOI.findall(line)}
    return found.pop() if len(found) == 1 else ""


def _compose(pages: Sequence[tuple[Line, ...]], source: Source) -> Document:
    """Join the paragraphs, and count where headings and pages begin once the marks are gone."""
    text = ""
    sections: list[Section] = []
    starts: list[int] = []
    for block in paragraphs(pages):
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
