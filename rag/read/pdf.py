"""A PDF -> one Document: the text of its pages in their own order, without running heads.

Reads no image (no OCR), no form and no attachment; leaves out text beyond the page or too small to see. The PDF's own
creation date is never a publication date.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from statistics import mode
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import fold
from rag.read.characters import one_line
from rag.read.compose import finish
from rag.read.details import DOI, bare_doi, split_authors
from rag.read.layout import PAGE, TALLER, Line, paragraphs
from rag.records import UNDATED, Document, PublicationDate, Section, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Pdf = Any  # pypdfium2 comes without types

PAGES = 5_000
"""A file that claims more is broken or a trap."""
HEAD = 12
"""Lines of the first page among which a paper dates itself."""
LEGIBLE = 2.0
"""Points: smaller text is not meant to be read by people."""
LONGEST_TITLE = 300

TEXT = re.compile(r"[^\r\n]+")
WORD = re.compile(r"[^\W\d_]{3}")
HYPHEN_AT_LINE_END = re.compile("[\x02\ufffe]")
DATE = re.compile(
    r"(?:\d{1,2}(?: de)? [^\W\d]{3,}\.?,?(?: del?)? \d{4}|[^\W\d]{3,}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? |del? )?\d{4}"
    r"|\d{4}-\d\d-\d\d)(?=\W*$)"
)
PUBLISHED = re.compile(r"publi(?:shed|cad|caci[oó]n)", re.IGNORECASE)
OTHER_DATE = re.compile(
    r"received|submitted|accepted|accessed|revised|recibid|enviad|aceptad|consulta|recuperad|revisad", re.IGNORECASE
)
NOBODY = {"anonymous", "unknown", "author", "admin", "administrator", "user", "(anonymous)"}
"""What programs write where nobody gave a name."""


def read_pdf(data: bytes, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a PDF."""
    pages, metadata = _open(data, path=path)
    if not any(pages):
        raise SourceError(path, "its pages hold no text (scanned?); run OCR on it, for instance with ocrmypdf")
    first = [line.text for line in next(filter(None, pages))]
    source = Source(
        id="",
        paths=(path,),
        format="pdf",
        title=_title(pages, metadata.get("Title", "")),
        authors=tuple(name for name in split_authors(metadata.get("Author", "")) if name.lower() not in NOBODY),
        date=_date(first),
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
            return [_page_lines(pdf, number) for number in range(len(pdf))], pdf.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise SourceError(path, "it is locked by a password; save it without one") from error
        raise SourceError(path, "it is no PDF or a broken one; download it again or print it to a new PDF") from error


def _page_lines(pdf: Pdf, number: int) -> tuple[Line, ...]:
    """Return the lines of a page; a broken page has none, and does not cost the others."""
    import pypdfium2

    try:
        page = pdf[number]
    except pypdfium2.PdfiumError:
        return ()
    textpage = page.get_textpage()
    try:
        # Letter by letter: the ranges pypdfium2 returns lose step with the indexes on rare letters.
        letters = (pypdfium2.raw.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars()))
        found = [line for match in TEXT.finditer("".join(map(chr, letters))) for line in _lines(match, textpage, page)]
    finally:
        textpage.close()
        page.close()
    return tuple(found)


def _lines(match: re.Match[str], textpage: Pdf, page: Pdf) -> Iterator[Line]:
    """Give the legible lines of a run of text; a hyphen PDFium took for a line's end makes two."""
    printed = [index for index in range(*match.span()) if not match.string[index].isspace()]
    if not printed:
        return
    left, bottom, right, top = textpage.get_charbox(printed[len(printed) // 2], loose=True)
    box = page.get_bbox()
    seen = left < box[2] and right > box[0] and bottom < box[3] and top > box[1]
    if seen and not 0 < top - bottom < LEGIBLE:
        for piece in HYPHEN_AT_LINE_END.sub("-\n", match[0]).split("\n"):
            if text := one_line(piece):
                yield Line(text, height=round(2 * (top - bottom)) / 2)


def _title(pages: Sequence[tuple[Line, ...]], embedded: str) -> str:
    """Return the embedded title if the first page shows it too, else that page's tallest lines."""
    first = next(filter(None, pages))
    shown = fold(" ".join(line.text for line in first))
    if fold(one_line(embedded)) in shown and len(embedded.split()) > 1:
        return embedded
    worded = [line for line in first if WORD.search(line.text)] or list(first)
    heights = [line.height for line in worded]
    if max(heights) < TALLER * mode(heights):
        return worded[0].text
    rest = worded[heights.index(max(heights)) :]
    title = " ".join(line.text for line in takewhile(lambda line: line.height == max(heights), rest))
    return title if len(title) <= LONGEST_TITLE else worded[0].text


def _date(lines: Sequence[str]) -> PublicationDate:
    """Return the date in words that ends a line: one said to be of publication, else the first at the page's head."""
    said = [line for line in lines if PUBLISHED.match(line)]
    broken = [f"{line} {rest}" for line, rest in pairwise(lines[:HEAD]) if not rest[0].isupper()]
    found = (DATE.search(words) for words in (*said, *lines[:HEAD], *broken) if not OTHER_DATE.match(words))
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
