"""Numbers and dates of running text as values that compare across Spanish and English.

Takes a text and its language, gives `Quantity` and `DateMention` values with their spans. It knows no units, and no
dates relative to another day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from rag.dates import parse_date
from rag.facts import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.records import PublicationDate

_SPACE = "[ \u00a0\u2009\u202f]"
# The bounds keep a page of digits from becoming one number.
_DIGITS = rf"\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,9}}(?!\d)(?:[.,]\d{{1,30}})?|\d{{1,30}}(?:[.,'’]\d{{1,30}}){{0,12}}"
BETWEEN = re.compile(r"\s*[-–—]\s*|\s+(?:a|al|y|o|to|and|or)\s+(?:el\s+|un\s+|al\s+)?", re.IGNORECASE)

_MONTH = (
    r"(?:ene(?:ro)?|jan(?:uary)?|feb(?:rero|ruary)?|mar(?:zo|ch)?|abr(?:il)?|apr(?:il)?|mayo?|jun(?:io|e)?|jul(?:io|y)?"
    r"|ago(?:sto)?|aug(?:ust)?|sept?(?:iembre|ember)?|set(?:iembre)?|oct(?:ubre|ober)?|nov(?:iembre|ember)?"
    r"|dic(?:iembre)?|dec(?:ember)?)\b\.?"
)
_YEAR, _DAY = r"(?:19|20)\d\d", r"\d{1,2}(?:st|nd|rd|th|[.]?[ºª°])?"
_DATE = re.compile(
    rf"(?<![\w/])(?<!\d[.,])(?:{_YEAR}-\d\d(?:-\d\d)?|{_DAY}\s+(?:de\s+|of\s+)?{_MONTH}(?:\s+del?\b|,)?\s+{_YEAR}"
    rf"|{_MONTH}\s+{_DAY},?\s+{_YEAR}|{_MONTH}(?:\s+del?\b|\s+of\b|,)?\s+{_YEAR}|{_YEAR})"
    r"(?![\w/]|[.,]\d|[-–]\d\d?(?!\d)|\s?%|\s+(?:mil|mill[oó]n|bill[oó]n|thousand|trillion|por\s+ciento|per\s?cent)"
    r"|\s(?:[kmµμ]?g|[kcmn]?m|m?[lL]|kcal|[kMG]?Hz|euros|d[oó]lares|dollars)\b)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<![\w/.,])((19|20)\d\d)(?:–|-(?=1[3-9]|[2-9]))(\d\d)(?![\w/–-]|[.,]\d|\s?%)")  # "2019–20"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the text. `values` are its possible readings, the likeliest first: "3.500" may be 3500 or 3.5."""

    values: tuple[Fraction, ...]
    kind: Literal["number", "percent"]
    start: int
    end: int
    text: str

    @property
    def in_words(self) -> bool:
        """Whether it is written without digits."""
        return not any(character.isdigit() for character in self.text)

    def matches(self, other: Quantity) -> bool:
        """Say whether both may mean the same value of the same kind."""
        return self.kind == other.kind and not set(self.values).isdisjoint(other.values)


@dataclass(frozen=True, slots=True)
class DateMention:
    """An absolute date of the text, as an interval of days."""

    date: PublicationDate
    start: int
    end: int
    text: str

    def contains(self, other: PublicationDate) -> bool:
        """Say whether the other date lies inside this one: "2023" contains "8 de marzo de 2023"."""
        mine = self.date
        if mine.first is None or mine.last is None or other.first is None or other.last is None:
            return False
        return mine.first <= other.first and other.last <= mine.last


def numbers(text: str, language: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text in order, without those that belong to its dates.

    >>> [str(quantity.values[0]) for quantity in numbers("2,3 mil millones, el 25 %", "es")]
    ['2300000000', '25']
    """
    found: list[Quantity] = []
    taken = dates(text, language)
    for match in _number(language).finditer(text):
        if not any(date.start < match.end() and match.start() < date.end for date in taken):
            found.extend(_quantities(match, language))
    return _with_shared_units(tuple(found), text)


def dates(text: str, language: str) -> tuple[DateMention, ...]:  # noqa: ARG001 - every reader has one signature
    """Return the absolute dates of a text in order; a bare year from 1900 to 2099 is one."""
    mentions = [_mention(match[0], match.start(), match.end()) for match in _DATE.finditer(text)]
    for match in _YEARS.finditer(text):
        mentions.append(_mention(match[1], match.start(1), match.end(1)))
        mentions.append(_mention(match[3], match.start(3), match.end(3), century=match[2]))
    return tuple(sorted((each for each in mentions if each.date.known), key=lambda each: each.start))


def _mention(words: str, start: int, end: int, *, century: str = "") -> DateMention:
    """Return the mention of a date, which stays unknown where the calendar has no such day."""
    return DateMention(parse_date(century + " ".join(words.split()), origin="text"), start, end, words)


@cache
def _number(language: str) -> re.Pattern[str]:
    """Return the pattern of a number: digits or words, then scales ("mil millones"), then a percent sign; or a part."""
    scales = numerals.scales(language)
    return re.compile(
        rf"(?<![\w-])(?P<share>{numerals.share(language)})(?![\w-])"
        rf"|(?:(?P<digits>(?:(?<![\w%])(?<!\d\s)[-−])?(?:{_DIGITS})|(?<=[\s=<>(±≤≥])[.,]\d{{1,30}})"
        rf"|(?<!\w)(?<!ty-)(?P<words>{numerals.number(language)})\b)"
        rf"(?P<scales>(?:[\s-]+(?:{scales})\b){{0,4}})(?P<percent>\s?%|\s+(?:por\s+ciento|per\s?cent)\b)?",
        re.IGNORECASE,
    )


def _quantities(match: re.Match[str], language: str) -> Iterator[Quantity]:
    """Give what a match means: one quantity, or one for each piece of a list or version ("1.2.3")."""
    if match["share"]:
        yield Quantity(numerals.share_values(match["share"]), "percent", match.start(), match.end(), match[0])
        return
    kind: Literal["number", "percent"] = "percent" if match["percent"] else "number"
    scale = numerals.scale(match["scales"] or "")
    values = _readings(match["digits"], language) if match["digits"] else (numerals.value(match["words"]),)
    if values:
        yield Quantity(tuple(value * scale for value in values), kind, match.start(), match.end(), match[0])
        return
    for piece in re.finditer(r"\d+", match["digits"]):
        start = match.start() + piece.start()
        yield Quantity((Fraction(int(piece[0])),), "number", start, start + len(piece[0]), piece[0])


def _readings(digits: str, language: str) -> tuple[Fraction, ...]:
    """Return what digits with points and commas may mean, likeliest first; none when they are no single number."""
    sign = -1 if digits[0] in "-−" else 1
    body = re.sub(rf"{_SPACE}|['’−-]", "", digits)
    marks = re.sub(r"\d", "", body)
    if len(marks) <= 1:
        values = _one_mark(body, language)
    elif re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", body):
        grouped = marks[:-1] if marks[-1] != marks[0] else marks
        values = (Fraction(body.replace(grouped[0], "").replace(",", ".")),)
    else:
        values = ()
    return tuple(sign * value for value in values)


def _one_mark(body: str, language: str) -> tuple[Fraction, ...]:
    """Return the readings of a number with one point or comma, or none.

    Three digits after it may be a group. English groups by commas only. Spanish groups by points where the custom is
    European and by commas where it is American, so both stay open there, except that nobody writes 1 as "1.000".
    """
    decimal = Fraction(body.replace(",", "."))
    if not re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        return (decimal,)
    group = Fraction(re.sub(r"[.,]", "", body))
    if language == "en":
        return (group,) if "," in body else (decimal,)
    if language == "es" and "." in body:
        return (group,) if body.endswith(".000") else (group, decimal)
    return (decimal, group)


def _with_shared_units(found: tuple[Quantity, ...], text: str) -> tuple[Quantity, ...]:
    """Give the first end of a range the percent sign or the scale that stands after its last: "10-15 %"."""
    shared = []
    for this, following in pairwise(found):
        near = BETWEEN.fullmatch(text, this.end, following.start) is not None
        shared.append(_like(this, following) if near else this)
    return (*shared, *found[-1:])


def _like(this: Quantity, following: Quantity) -> Quantity:
    """Return the quantity with the other's percent sign, or with its scale as one more reading."""
    if this.kind == "number" and following.kind == "percent":
        return Quantity(this.values, "percent", this.start, this.end, this.text)
    scales = re.search(r"[^\W\d]+(?:\s+[^\W\d]+)*$", following.text)
    if this.kind == "number" and not following.in_words and not this.text[-1].isalpha() and scales:
        scaled = (value * numerals.scale(scales[0]) for value in this.values)
        return Quantity((*this.values, *scaled), this.kind, this.start, this.end, this.text)
    return this
