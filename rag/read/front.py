"""The first page of a PDF and its embedded metadata -> what the paper says of itself: title, date, doi, journal.

Names are for `rag.read.names`. What is not printed is not said, and nothing is taken from the body of the text. The day
the file was made is no day of publication, nor are those on which a paper was received, revised or accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import mode
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.language import fold
from rag.read.characters import one_line
from rag.read.columns import CELL, in_reading_order
from rag.read.details import DOI, bare_doi, split_authors
from rag.read.layout import NOTE, TALLER, edge_lines
from rag.read.names import is_name, printed_names, same_people
from rag.records import UNDATED, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.read.lines import Line

HEAD = 14
"""Lines of the first page among which a paper dates itself."""
LONGEST_TITLE = 300

WORD = re.compile(r"[^\W\d_]{3}")
NO_LETTER = re.compile(r"[\W_]+")
PERIODICAL = (
    r"(?:the )?(?:\w+ ){0,3}(?:journal|proceedings|annals|archives|bulletin|revista|anales|archivos|bolet[ií]n|gaceta"
    r"|cuadernos|actas|transactions|letters|review)\b"
)
LABEL = re.compile(
    rf"{PERIODICAL}.{{0,60}}|(?:original |research |review |short )?(?:article|paper|report|communication)s?"
    r"|art[ií]culos?(?: original(?:es)?| de \w+| especial)?|original(?:es)?|open access|preprint|research|revisi[oó]n",
    re.IGNORECASE,
)
"""What stands over a title in large letters and is none."""
ADDRESS = re.compile(r"@|https?:|www\.", re.IGNORECASE)
DATE = re.compile(
    r"(?:\d{1,2}(?: de)? [^\W\d]{3,}\.?,?(?: del?)? \d{4}|[^\W\d]{3,}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? |del? )?\d{4}"
    r"|\d{4}-\d\d-\d\d)(?=\W*$)"
)
PUBLISHED = re.compile(
    r"(?:first |e-?)?publi(?:shed|cad|caci[oó]n|cation date)|available online|disponible en l[ií]nea", re.IGNORECASE
)
OTHER_DATE = re.compile(
    r"received|submitted|accepted|accessed|revised|recibid|enviad|aceptad|consulta|recuperad|revisad|retrieved|recepci"
    r"|aceptaci|fecha de (?:env|rec|ac)",
    re.IGNORECASE,
)
ARXIV = re.compile(r"arXiv:\S+\s+(?:\[[\w.-]+\]\s+)?(\d{1,2} [A-Z][a-z]{2} \d{4})")
YEAR = r"(?P<year>(?:19|20)\d\d)"
CITATIONS = (
    re.compile(rf"\({YEAR}\)\..*?[.?!] (?P<journal>[A-Z][^.,\d]{{3,80}}), \d+ ?\(\d+\)"),
    re.compile(
        rf"^(?P<journal>[A-Z].{{2,80}}?)[.,]? {YEAR}(?: \w{{3,10}}\.?(?: \d+)?)? ?; ?(?:vol\.? ?)?\d+", re.IGNORECASE
    ),
    re.compile(rf"^(?P<journal>[A-Z][^\d\t]{{3,80}}?),? \d+ ?(?:\(\d+\))? ?\({YEAR}\)"),
    re.compile(rf"^(?P<journal>[A-Z][^\d\t]{{3,80}}?)?[,.]?\s+(?:vol\.? ?)?\d+ ?\(\d+\),? {YEAR}", re.IGNORECASE),
    re.compile(
        rf"^(?P<journal>[A-Z][^\d\t]{{3,80}}?)?[,.]?\s*\bvol(?:\.|umen?)? ?\d+\b.{{0,40}}?\b{YEAR}", re.IGNORECASE
    ),
)
MEETING = re.compile(r"proceedings|actas|memorias|congres|conference|symposium|workshop|jornadas", re.IGNORECASE)
"""What is named for the year it met in, which need not be the year it was printed in."""
FOLIO = re.compile(r"\s\d{1,4}$")
CITED = re.compile(r"(?:citation|cite (?:this|as)|how to cite|c[oó]mo citar|citar como|to cite)\b", re.IGNORECASE)
COPYRIGHT = re.compile(rf"(?:©|\(c\)|copyright)\W*(?:the authors?\W*(?:\(s\))?\W*)?{YEAR}", re.IGNORECASE)
NOBODY = {"anonymous", "unknown", "author", "admin", "administrator", "user", "(anonymous)", "usuario", "autor"}
"""What programs write where nobody gave a name."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a paper says of itself, where that was found, and which lines name its authors."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: PublicationDate = UNDATED
    doi: str = ""
    journal: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    named: frozenset[str] = frozenset()


def read_front(pages: Sequence[Sequence[Line]], metadata: Mapping[str, str]) -> Front:
    """Return what the first page that holds text says, and what the metadata adds that the page bears out."""
    first, *others = [page for page in pages if page] or [()]
    lines = in_reading_order(first)
    title, title_from, rest = _title(lines, one_line(metadata.get("Title", "")))
    embedded = tuple(name for name in split_authors(metadata.get("Author", "")) if name.lower() not in NOBODY)
    authors, authors_from, named = _authors(lines, rest, embedded)
    texts = [line.text for line in lines]
    doi = _doi(texts)
    edges = [line.text for page in (first, *others[:1]) for line in in_reading_order(edge_lines(page))]
    year, journal = _citation(_citations(edges, texts, family=fold(authors[0].split()[-1]) if authors else "", doi=doi))
    date = _date(texts, [line.text for line in first if not line.upright], year)
    found = {"title": title_from, "authors": authors_from}
    found |= {name: "first page" for name, value in (("date", date.known), ("doi", doi), ("journal", journal)) if value}
    origins = tuple((name, place) for name, place in found.items() if place)
    return Front(title, authors, date, doi, journal, origins, named)


def _title(lines: Sequence[Line], embedded: str) -> tuple[str, str, int]:
    """Return the title, where it is from, and the number of the first line after it."""
    printed, rest = _printed_title(lines)
    shown = _letters("".join(line.text for line in lines))
    if len(embedded.split()) > 1 and _letters(embedded) in shown:
        return embedded, "embedded", _after(lines, embedded)
    return (printed, "first page", rest) if printed else ("", "", 0)


def _after(lines: Sequence[Line], title: str) -> int:
    """Return the number of the line after the one with which the title is complete."""
    wanted, shown = _letters(title), ""
    for number, line in enumerate(lines, start=1):
        shown += _letters(line.text)
        if wanted in shown:
            return number
    return 0


def _letters(text: str) -> str:
    """Return a text by which two ways to print it can be told to be one."""
    return NO_LETTER.sub("", fold(text))


def _printed_title(lines: Sequence[Line]) -> tuple[str, int]:
    """Return the first of the tallest lines that can be a title, and the number of the line after them."""
    worded = [line for line in lines if WORD.search(line.text)]
    if not worded:
        return "", 0
    usual = mode(line.height for line in worded for _ in line.text)
    for height in sorted({line.height for line in worded if line.height > TALLER * usual}, reverse=True):
        for number, line in enumerate(lines):
            if line.height == height and WORD.search(line.text) and not LABEL.fullmatch(line.text):
                group = list(takewhile(lambda line: line.height == height, lines[number:]))  # noqa: B023 - used at once
                title = " ".join(line.bare or line.text for line in group)
                if len(title.split()) > 1 and len(title) <= LONGEST_TITLE and not ADDRESS.search(title):
                    return title, number + len(group)
                break
    first = worded[0]
    alone = not re.search(r"[.,;:]$", first.text) and first.right < 0.9 * max(line.right for line in worded)
    return (first.text, list(lines).index(first) + 1) if first.bold or alone else ("", 0)


def _authors(
    lines: Sequence[Line], rest: int, embedded: tuple[str, ...]
) -> tuple[tuple[str, ...], str, frozenset[str]]:
    """Return the authors, where they are from and the lines that print them.

    The page counts before the metadata, unless that names the same people and no fewer.
    """
    printed, named = printed_names(lines, rest)
    shown = _letters(" ".join(line.bare or line.text for line in lines))
    known = embedded and all(_letters(name.split()[-1]) in shown for name in embedded)
    if printed and not (known and len(embedded) >= len(printed) and same_people(embedded, printed)):
        return printed, "first page", named
    if embedded and (known or all(map(is_name, embedded))):
        return embedded, "embedded", named
    return (), "", named


def _date(lines: Sequence[str], stamps: Sequence[str], cited: str) -> PublicationDate:
    """Return the date of publication: as said, as stamped, as at the page's head, as cited, the copyright's year."""
    wrapped = [f"{line} {rest}" for line, rest in pairwise(lines[:HEAD]) if not rest[0].isupper()]
    said = [line for line in (*lines, *wrapped) if PUBLISHED.match(line)]
    candidates = [
        *_last_dates(said),
        *(found[1] for line in (*stamps, *lines) if (found := ARXIV.search(line))),
        *_last_dates((*lines[:HEAD], *wrapped)),
        cited,
        *(found["year"] for line in lines if (found := COPYRIGHT.search(line))),
    ]
    dates = (parse_date(words, origin="text") for words in candidates if words)
    return next((published for published in dates if published.known), UNDATED)


def _last_dates(lines: Sequence[str]) -> Iterator[str]:
    """Give the dates that end lines, unless the line is about another event."""
    for line in lines:
        if not OTHER_DATE.search(line) and (found := DATE.search(line)):
            yield found[0]


def _citations(edges: Sequence[str], lines: Sequence[str], *, family: str, doi: str) -> Iterator[str]:
    """Give the lines in which the paper cites itself: at its edges and no note, with its author or its doi, or said so.

    A page's number at the end of a line is no part of it.
    """
    for line, rest in pairwise((*(FOLIO.sub("", line) for line in edges), "")):
        if (family and family in fold(line[:40])) or (doi and doi in f"{line}{rest}"):
            yield f"{line} {rest}"
        elif not NOTE.match(line):
            yield line
    for number, line in enumerate(lines):
        if CITED.match(line):
            yield " ".join(lines[number : number + 3])


def _citation(lines: Iterator[str]) -> tuple[str, str]:
    """Return the year and the journal of the first citation; a meeting's volume has no year of publication."""
    for line in lines:
        for form in CITATIONS:
            if found := form.search(line):
                journal = one_line((found["journal"] or "").strip(" .,"))
                whole = form is CITATIONS[0] or not CITED.match(line)
                return "" if MEETING.search(journal) else found["year"], journal if whole else ""
    return "", ""


def _doi(lines: Sequence[str]) -> str:
    """Return the DOI on the first page if it shows no other; a part of it at a line's end is no other."""
    found = {bare_doi(doi) for line in lines for doi in DOI.findall(line.replace(CELL, " "))}
    whole = [doi for doi in found if not any(other != doi and other.startswith(doi) for other in found)]
    return whole[0] if len(whole) == 1 else ""
