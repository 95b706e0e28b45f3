"""Running text -> dated `Snippet`s, split at the prefixes that search results print before a snippet.

Knows where a prefix may stand, which mark may close it and what may stand before its date; what a date is, it asks
`rag.dates.expressions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from rag.dates.expressions import LONGEST, form_of, read_date
from rag.dates.headers import Header, header_before
from rag.dates.words import COUNTED, PUBLISHED, UPDATED
from rag.language import fold
from rag.records import UNDATED, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rag.dates.expressions import Form

FIRST_YEAR_ALONE = 1990
"""An earlier year that stands alone is what a text is about: no web page was published in 1945."""

_MOST_MARKS = 5
_REACH = 3 * LONGEST  # characters from the beginning of a prefix to its last mark
_LONGEST_NAME, _MOST_NAME_WORDS = 60, 6
_PLACE = re.compile(  # where a prefix may begin; the day of "- 8 mar 2023" may also be part of a date ("8. März 2023")
    r"(?P<line>\A\s*+|(?<!\s)[^\S\n]*+\n\s*+)(?P<item>(?:[-*•>]|\d{1,3}[.)]|\[[^\]\n]{1,12}\])[^\S\n]++)?"
    r"|(?:(?<=[.!?…»”\"’])|(?<=[.!?…][)\]]))\s++"
)
_MARK = re.compile(
    r"(?P<point>[^\S\n]*(?:[·•|・⋅∙‧●｜]|&(?:middot|bull);)\s*|[^\S\n]+»\s+)"
    r"|(?P<dash>[^\S\n]+(?:[—–―-]|--)\s+|[^\S\n]*&[mn]dash;\s*)"
    r"|(?P<tight>[^\S\n]*[—–][^\S\n]*)"
    r"|(?P<stop>\.\s?[-–—]+\s*)"
    r"|(?P<dots>[^\S\n]*(?:…|\.\.\.)\s*)"
    r"|(?P<colon>:\s+)"
    r"|(?P<line>[^\S\n]*\n(?!\s*\n))"
)
_LINK_WORD = r"(?: (?:el|on|le|em|am|il|dia|por ultima vez|fue))*"
_LABEL = re.compile(rf"(?P<label>(?:{PUBLISHED}|{UPDATED}){_LINK_WORD} ?:? ?)(?=\S)")
_COUNTED = re.compile(COUNTED)
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/ ›].{0,100})?", re.IGNORECASE)
_NO_NAME = re.compile(r"[.!?…;:](?:\s|$)|\A\W*\d*\W*\Z")
_BYLINE = re.compile(r"\A\s*(?:by|de|por|par|von|di) [^\W\d_][^\n·•|]{1,60}[·•|-]\s*\Z")
_DATELINE = re.compile(r"[A-ZÁÉÍÓÚÜÑ][^\d\n,.:;]{1,30}, ")
_UNDATED = re.compile(r"undated|sin fecha|n\. ?d\.|s\. ?f\.")
_SENTENCE = re.compile(r"[«“\"¿¡(…]?(?:[A-ZÁÉÍÓÚÜÑÀÂÇÈÊÎÔÖÄ]|\d)[^\n]*[.!?…][»”\")]?[^\S\n]*(?=\n|\Z)")
_OPENING = tuple("«“\"¿¡(…'")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A dated piece of a running text: there, `[start:end]` is `text`. The prefix that dates it is not part of it.

    `title` and `url` are what a page of search results prints on lines of their own above it, `prefix` all that stands
    between these and the text.
    """

    date: PublicationDate
    text: str
    start: int
    end: int
    title: str = ""
    url: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class _Prefix:
    """What stands before a snippet: it begins, with the space before it, at `start` and ends at `end`."""

    start: int
    end: int
    date: PublicationDate
    header: Header | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that may be a date, between where a prefix begins and a mark."""

    words: str
    mark: re.Match[str]
    opens_line: bool
    led: bool

    @property
    def kind(self) -> str:
        return str(self.mark.lastgroup)

    @property
    def before(self) -> str:
        """What leads in the words, on their line."""
        start = self.mark.start() - len(self.words)
        return self.mark.string[self.mark.string.rfind("\n", 0, start) + 1 : start]

    @property
    def following(self) -> str:
        return self.mark.string[self.mark.end() : self.mark.end() + LONGEST]

    @property
    def bare(self) -> str:
        """The words without "Published:" and the like."""
        return self.words[_label_length(self.words) :].strip()

    @property
    def begins_sentence(self) -> bool:
        return self.following[:1].isupper() or self.following[:1].isdigit() or self.following.startswith(_OPENING)


def split_snippets(text: str, *, retrieved: date | None = None) -> tuple[Snippet, ...]:
    """Split running text at its dated prefixes; () when it holds none.

    A prefix is a date expression closed by · • | – — - or … at the beginning of the text, of a line or of a sentence;
    at the beginning of a line also one closed by a colon or the line's end, or led in by a label ("Updated:"), the
    name of a site or a count ("Cited by 120 ·"). What stands before the first prefix is an undated snippet. A prefix
    with nothing after it gives none. A day later than `retrieved` dates nothing, nor does "undated ·".
    """
    prefixes = _with_headers(text, tuple(_prefixes(text, retrieved)))
    if not prefixes:
        return ()
    starts = [prefix.header.start if prefix.header else prefix.start for prefix in prefixes]
    lead = _snippet(text, _Prefix(0, 0, UNDATED), starts[0])
    pieces = (_snippet(text, prefix, end) for prefix, end in zip(prefixes, [*starts[1:], len(text)], strict=True))
    dated = tuple(snippet for snippet in pieces if snippet.text)
    return ((lead,) if lead.text else ()) + dated if dated else ()


def _with_headers(text: str, prefixes: tuple[_Prefix, ...]) -> tuple[_Prefix, ...]:
    """Give each prefix the title and address above it; addresses under snippets, seen at the first, are left alone."""
    found: list[_Prefix] = []
    floor, usual = 0, False
    for prefix in prefixes:
        header = header_before(text, floor, prefix.start)
        kept = header if header and (header.apart or usual) else None
        usual = usual or (not found and kept is not None)
        found.append(replace(prefix, header=kept))
        floor = prefix.end
    return tuple(found)


def _snippet(text: str, prefix: _Prefix, end: int) -> Snippet:
    """Return the snippet between a prefix and an offset, without outer space."""
    piece = text[prefix.end : end]
    first = prefix.end + len(piece) - len(piece.lstrip())
    words, header = text[prefix.start : prefix.end].lstrip(), prefix.header or Header(0)
    return Snippet(prefix.date, piece.strip(), first, first + len(piece.strip()), header.title, header.url, words)


def _prefixes(text: str, retrieved: date | None) -> Iterator[_Prefix]:
    """Give each prefix in order."""
    end = 0
    for place in _PLACE.finditer(text):
        if place.start() >= end or place.end() >= end:
            prefix = _prefix_at(text, place, max(place.start(), end), retrieved)
            if prefix:
                end = prefix.end
                yield prefix


def _prefix_at(text: str, place: re.Match[str], start: int, retrieved: date | None) -> _Prefix | None:
    """Return the prefix that begins at a place, if one does."""
    opens_line = place["line"] is not None
    begins = [place.start("item"), place.end()] if place["item"] else [place.end()]
    own = len(begins)
    if opens_line and (dateline := _DATELINE.match(text, place.end())):
        begins.append(dateline.end())
    for mark in islice(_MARK.finditer(text, place.end(), place.end() + _REACH), _MOST_MARKS):
        for number, begin in enumerate(begins):
            words = _Words(text[begin : mark.start()], mark, opens_line, led=number >= own)
            published = _date(words, retrieved)
            if published is not None and (opens_line or not _goes_on(text[:start], words.words)):
                return _extended(text, _Prefix(start, mark.end(), published), retrieved)
        if opens_line and _may_lead(text[begins[-1] : mark.start()], str(mark.lastgroup)):
            begins.append(mark.end())
    return None


def _date(words: _Words, retrieved: date | None) -> PublicationDate | None:
    """Return the date of a prefix, perhaps unresolved; None where the words are no prefix."""
    if words.opens_line and words.kind == "point" and _UNDATED.fullmatch(fold(words.bare)):
        return replace(UNDATED, origin="prefix")
    published = read_date(words.bare, retrieved)
    if published is None or not _is_prefix(words, form_of(words.bare), published):
        return None
    certain = published if _is_certain(words.bare, published, retrieved) else UNDATED
    return replace(certain, origin="prefix", text=words.bare)


def _is_certain(words: str, published: PublicationDate, retrieved: date | None) -> bool:
    """Say whether a date is that of one day, and no later than a clock elsewhere may have shown on being retrieved."""
    if form_of(words) == "figures" and published.precision == "year":
        return False
    return retrieved is None or published.first is None or published.first <= retrieved + timedelta(days=1)


def _is_prefix(words: _Words, form: Form, published: PublicationDate) -> bool:
    """Say whether a date closed by a mark dates what follows, rather than beginning a sentence, a title or a range."""
    if words.led and (words.kind not in {"point", "dash", "stop"} or not words.begins_sentence):
        return False
    if form == "partial":
        led = words.led and not _BYLINE.search(words.before)
        return not led and words.kind in {"point", "dash"} and _stands_before_sentence(words)
    if words.kind in {"colon", "stop", "line"}:
        return words.opens_line and _closes_line(words, form, published)
    if words.kind in {"dash", "tight"}:
        begins = (form != "relative" and published.precision in {"day", None}) or words.begins_sentence
        return begins and not _opens_range(words, published) and (words.kind == "dash" or not words.bare.isalnum())
    return words.kind == "point" or " " in words.bare


def _closes_line(words: _Words, form: Form, published: PublicationDate) -> bool:
    """Say whether a date is closed by what only closes one at the beginning of a line: a colon, ".-" or its end."""
    if words.kind == "line":
        whole = " " in words.bare and words.bare == words.words and words.begins_sentence
        return whole and (form == "relative" or published.precision == "day")
    return form != "relative" and published.precision in ({"day", "month"} if words.kind == "colon" else {"day"})


def _stands_before_sentence(words: _Words) -> bool:
    """Say whether whole sentences follow, as after the year of a search result; titles have no period."""
    year = int(words.bare) if words.bare.isdigit() else FIRST_YEAR_ALONE
    return year >= FIRST_YEAR_ALONE and _SENTENCE.match(words.mark.string, words.mark.end()) is not None


def _opens_range(words: _Words, published: PublicationDate) -> bool:
    """Say whether a later date of the same precision follows."""
    following = words.following.split()
    others = (read_date(" ".join(following[:count]), None) or UNDATED for count in range(1, 6))
    return any(other.precision == published.precision and _is_earlier(published, other) for other in others)


def _is_earlier(one: PublicationDate, other: PublicationDate) -> bool:
    return one.first is not None and other.first is not None and one.first < other.first


def _goes_on(before: str, words: str) -> bool:
    """Say whether a date goes on from the word before it: the period of "8 mar. 2023" ends no sentence."""
    last = before[-LONGEST:].split()[-1:]
    return bool(last) and read_date(f"{last[0]} {words}", None) is not None


def _may_lead(words: str, kind: str) -> bool:
    """Say whether words with a mark after them may stand before a date: a site, its address, a count, or nothing."""
    words = words.strip()
    if kind not in {"point", "dash"} or "\n" in words:
        return False
    if not words or _COUNTED.fullmatch(fold(words)) or _ADDRESS.fullmatch(words):
        return True
    if _BYLINE.fullmatch(f"{words} ·"):
        return True
    name = len(words) <= _LONGEST_NAME and len(words.split()) <= _MOST_NAME_WORDS
    return (
        name
        and (words[0].isupper() or words[0].isdigit())
        and _NO_NAME.search(words) is None
        and read_date(words, None) is None
    )


def _extended(text: str, prefix: _Prefix, retrieved: date | None) -> _Prefix:
    """Take in the counts and the second labelled date that follow a date; of two dates the earlier is the first."""
    for mark in islice(_MARK.finditer(text, prefix.end, prefix.end + _REACH), _MOST_MARKS):
        words = text[prefix.end : mark.start()].strip()
        other = read_date(words[_label_length(words) :], retrieved) if _label_length(words) else None
        if mark.lastgroup in {"point", "dash"} and (other or _COUNTED.fullmatch(fold(words))):
            dates = [known for known in (prefix.date, other) if known and known.first]
            first = min(dates, key=lambda known: str(known.first), default=prefix.date)
            prefix = replace(prefix, end=mark.end(), date=replace(first, origin="prefix", text=prefix.date.text))
    return prefix


def _label_length(words: str) -> int:
    """Return the length of a label before a date: "Updated on", "Publicado:"."""
    label = _LABEL.match(fold(words))
    return len(label["label"]) if label else 0
