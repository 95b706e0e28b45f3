"""Excerpt → the statements of it that can stand in another's text, whole and verbatim.

A *statement* is a run of the source's own sentences. A sentence that leans on the one before it ("Sin embargo, …")
brings it along, and what the next sentence takes back is not said without it; one that speaks for its authors
("investiguamos", "this report") or in another language can only be quoted with its source. Sentences that are not
whole, point to another place of their text, address their reader or give orders are in no statement. Does not choose
among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.language import say, sentence_spans
from rag.orders import gives_order
from rag.sentences import (
    addresses_reader,
    announces,
    is_whole,
    leans,
    names_own_work,
    points_elsewhere,
    speaks_for_authors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import Excerpt, Source

__all__ = ["Statement", "attribution", "holds_a_sentence", "leans", "speaks_for_authors", "statements"]

MOST_SENTENCES = 3
"""Sentences of one statement: they carry a thought; more would be copying."""

_ITEM = re.compile(r"^(?:[•·*–-]|\d{1,2}[.)])\s+")
_QUOTATION_MARKS = re.compile("[«»“”]")
_CONTRAST = {
    "es": re.compile(
        r"(?:sin embargo|no obstante|pero|ahora bien|a[uú]n así|en cambio|con todo(?=,)|por el contrario|"
        r"(?:a pesar|pese) (?:de |a )?(?:ell|est|es)o)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:however|but|nevertheless|nonetheless|yet|even so|that said|(?:in|by) contrast|conversely|despite this)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Consecutive sentences of one excerpt. `quoted` ones must be printed as their source's words."""

    excerpt: Excerpt
    sentences: tuple[str, ...]
    text: str
    quoted: bool

    @property
    def announces(self) -> bool:
        """Whether it tells what its source is going to say, and not what it says."""
        return announces(self.sentences[0], language=self.excerpt.language)

    @property
    def start(self) -> int:
        """Where the statement begins in its document."""
        return self.excerpt.start + self.excerpt.text.index(self.text)


def statements(excerpt: Excerpt, *, language: str) -> tuple[Statement, ...]:
    """Return the excerpt's statements in order, as a text in `language` may carry them."""
    own = excerpt.language or language
    spans = sentence_spans(excerpt.text, own)
    texts = [excerpt.text[a:b] for a, b in spans]
    usable = [_can_stand(text, language=own) for text in texts]
    apart = [a > 0 and "\n\n" in excerpt.text[spans[row - 1][1] : a] for row, (a, _) in enumerate(spans)]
    found = []
    for last in range(len(texts)):
        first = _first_leant_on(texts, apart, last, own)
        if first is None or not all(usable[first : last + 1]) or _is_taken_back(texts, apart, last, own):
            continue
        run = tuple(texts[first : last + 1])
        text = excerpt.text[spans[first][0] : spans[last][1]]
        quoted = own != language or _is_voiced(run, own)
        if not (quoted and _QUOTATION_MARKS.search(text)):
            found.append(Statement(excerpt, run, text, quoted))
    return tuple(found)


def holds_a_sentence(excerpt: Excerpt) -> bool:
    """Say whether an excerpt holds one whole sentence: a list of sources, of aims or of affiliations holds none. What a
    search engine cut off, or is in a language whose sentences are not known here, may.
    """
    if excerpt.cut or excerpt.language not in _CONTRAST:
        return True
    texts = (_ITEM.sub("", excerpt.text[a:b]) for a, b in sentence_spans(excerpt.text, excerpt.language))
    return any(is_whole(text, language=excerpt.language) for text in texts)


def attribution(source: Source, *, language: str) -> str:
    """Return the lead-in of a quotation: who says it and when, from what is known of the source."""
    foreign = source.language and source.language != language
    when = format_date(source.date, language) + (_tongue(source.language, language) if foreign else "")
    who = _names(source.authors, language) or (
        say(language, es=f"«{source.title}»", en=f"“{source.title}”") if source.title else ""
    )
    if who:
        return say(language, es=f"Según {who} ({when})", en=f"According to {who} ({when})")
    if not source.date.known:
        return say(language, es=f"Según una fuente {when}", en=f"According to a source, {when}")
    of = "del" if source.date.precision == "day" else "de"
    return say(language, es=f"Según una fuente {of} {when}", en=f"According to a source of {when}")


def _first_leant_on(texts: Sequence[str], apart: Sequence[bool], last: int, language: str) -> int | None:
    """Return the sentence a run must begin with so that its last can be understood; None where that is out of reach."""
    first = last
    while leans(texts[first], language=language):
        if first == 0 or apart[first] or last - first == MOST_SENTENCES - 1:
            return None
        first -= 1
    return first


def _is_taken_back(texts: Sequence[str], apart: Sequence[bool], last: int, language: str) -> bool:
    """Say whether the next sentence of the paragraph limits this one ("However, …"), so that alone it would mislead."""
    following = last + 1
    contrast = _CONTRAST.get(language)
    return bool(contrast and following < len(texts) and not apart[following] and contrast.match(texts[following]))


def _is_voiced(run: Sequence[str], language: str) -> bool:
    """Say whether a run is its source's own word, so that in another text its source must be named with it."""
    return any(speaks_for_authors(one, language=language) or names_own_work(one, language=language) for one in run)


def _can_stand(sentence: str, *, language: str) -> bool:
    return (
        is_whole(sentence, language=language)
        and not points_elsewhere(sentence)
        and not addresses_reader(sentence, language=language)
        and not gives_order(sentence)
    )


def _names(authors: tuple[str, ...], language: str) -> str:
    if len(authors) < 2:  # noqa: PLR2004 - one and two names are named
        return "".join(authors)
    if len(authors) == 2:  # noqa: PLR2004 - one and two names are named
        return say(language, es=f"{authors[0]} y {authors[1]}", en=f"{authors[0]} and {authors[1]}")
    return say(language, es=f"{authors[0]} y otros", en=f"{authors[0]} and others")


_TONGUES = {"es": ("español", "Spanish"), "en": ("inglés", "English"), "fr": ("francés", "French")}
_TONGUES |= {"pt": ("portugués", "Portuguese"), "de": ("alemán", "German"), "it": ("italiano", "Italian")}


def _tongue(source_language: str, language: str) -> str:
    spanish, english = _TONGUES.get(source_language, (source_language, source_language))
    return say(language, es=f", en {spanish}", en=f", in {english}")
