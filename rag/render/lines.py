"""Excerpts as lines for a terminal: what `search` prints for a person. Excerpt -> str.

Dates stand first, as far as they are known: 2023-05-17, 2023-05, 2023. Texts of ours are in the language of who reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.language import tell
from rag.render.columns import cut, line_width, padded, plain, wrapped

if TYPE_CHECKING:
    from rag.records import Check, Excerpt, PublicationDate, Verdict

DATE = 10
"""Columns of a date."""
INDENT = 4


def excerpt_lines(excerpt: Excerpt, rank: int) -> str:
    """Return an excerpt's date and title on a line, where it lies, its key and its score on the next, and its text."""
    width = line_width()
    return "\n".join((
        f"{f'{rank}.':{INDENT}}{dated(excerpt.date, titled(excerpt), width=width - INDENT)}",
        " " * INDENT + _place(excerpt, width - INDENT),
        wrapped(excerpt.text, width, indent=INDENT),
    ))  # fmt: skip


def dated(date: PublicationDate, *parts: str, width: int) -> str:
    """Return a line that begins with a date, its parts two spaces apart, cut where the line ends."""
    line = "  ".join((padded(day(date), DATE), *map(plain, parts)))
    return cut(line, width)


def day(date: PublicationDate) -> str:
    """Return a date as precisely as it is known."""
    return str(date) or tell(es="sin fecha", en="undated")


def titled(excerpt: Excerpt) -> str:
    """Return a title, or the path where there is none."""
    return plain(excerpt.title) or excerpt.path


def finding_lines(place: str, check: Check, sentence: str, *notes: str) -> str:
    """Return where a check found something and which, under it what, and how the sentence begins."""
    width = line_width()
    begins = cut(plain(sentence), width - INDENT - len("| "))
    said = (wrapped(note, width, indent=INDENT) for note in notes)
    return "\n".join((f"{place}: {tell(es=_CHECKS[check], en=check)}", *said, f"{' ' * INDENT}| {begins}"))


def verdict_words(verdict: Verdict) -> str:
    """Return how a sentence fared, in words."""
    return tell(es=_VERDICTS[verdict], en=verdict.replace("_", " "))


def _place(excerpt: Excerpt, width: int) -> str:
    """Return where an excerpt lies and what it goes by; of a long path the file's name."""
    date, again = excerpt.date, excerpt.source.republished
    words = tell(es=f"«{date.text}»", en=f"“{date.text}”") if date.text and not date.known else ""
    later = tell(es=f"de nuevo {again}", en=f"again {again}") if again.known else ""
    page = f"p. {excerpt.page}" if excerpt.page is not None else ""
    ends = " · ".join(filter(None, (page, f"k:{excerpt.key}", f"{excerpt.score:.3f}")))
    begins = " · ".join(filter(None, (plain(words), later)))
    path = plain(excerpt.path) if excerpt.title else ""
    whole = " · ".join(filter(None, (begins, path, ends)))
    if len(whole) <= width:
        return whole
    room = width - len(ends) - len(" · ")
    return f"{cut(' · '.join(filter(None, (begins, path.rpartition('/')[2]))), room)} · {ends}"


_VERDICTS: dict[Verdict, str] = {
    "verbatim": "literal",
    "supported": "sostenida",
    "partly": "sostenida en parte",
    "unsupported": "sin sostén",
    "unclear": "dudosa",
    "not_checkable": "sin nada que comprobar",
    "not_checked": "sin comprobar",
}
_CHECKS: dict[Check, str] = {
    "key": "clave",
    "quote": "cita literal",
    "number": "cifra",
    "date": "fecha",
    "unit": "unidad",
    "name": "nombre",
    "negation": "negación",
    "meaning": "sentido",
    "language": "idioma",
    "repeat": "repetición",
    "uncited": "sin cita",
    "dangling": "suelta",
}
