"""Dates as documents and search snippets write them: text -> `PublicationDate`, running text -> dated `Snippet`s.

A small grammar for dates that stand alone ("Mar 8, 2023", "8 de marzo de 2023", "2023-03", "hace 3 días") and for the
prefixes search engines print before a snippet. It does not look for dates inside prose, reads no file times, and never
guesses: what is impossible, ambiguous or relative to an unknown day stays undated and keeps the source's own words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rag.errors import DateError
from rag.language import fold, say
from rag.records import UNDATED, PublicationDate, TimeLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.records import Origin

FIRST_YEAR, LAST_YEAR = 1000, 2100
"""Years outside these are numbers, not years."""


def _numbered(*groups: str) -> dict[str, int]:
    """Return the words of each group with the group's number, from 1."""
    return {word: number for number, group in enumerate(groups, start=1) for word in group.split()}


_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_ENGLISH = "January February March April May June July August September October November December"
_MONTHS = _numbered(
    "enero ene january jan janvier janv janeiro januar gennaio genn gen",
    "febrero feb february fevrier fevr fev fevereiro februar febbraio febbr",
    "marzo mar march mars marco marz mrz",
    "abril abr april apr avril avr aprile",
    "mayo may mai maio maggio mag",
    "junio jun june juin junho juni giugno giu",
    "julio jul july juillet juil julho juli luglio lug",
    "agosto ago august aug aout",
    "septiembre setiembre septembre setembro settembre september sept sep set sett",
    "octubre oct october octobre outubro out oktober okt ottobre ott",
    "noviembre nov november novembre novembro",
    "diciembre dic december dec decembre dezembro dez dezember dicembre",
)
_WEEKDAYS = (
    "lunes martes miercoles jueves viernes sabado domingo lun mar mie jue vie sab dom "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "lundi mardi mercredi jeudi vendredi samedi dimanche mer jeu ven sam dim "
    "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira seg ter qua qui sex "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica gio"
)
_DAYS_BACK = {"hoy": 0, "today": 0, "ayer": 1, "yesterday": 1, "anteayer": 2, "antes de ayer": 2, "antier": 2}
_COUNTS = _numbered(
    "un una uno a an one",
    "dos two",
    "tres three",
    "cuatro four",
    "cinco five",
    "seis six",
    "siete seven",
    "ocho eight",
    "nueve nine",
    "diez ten",
)
_VAGUE = "unos|unas|varios|varias|algunos|algunas|several|some|a few"
_UNITS = {
    "second": "segundos?|seconds?|secs?",
    "minute": "minutos?|minutes?|mins?",
    "hour": "horas?|hours?|hrs?|h",
    "day": "dias?|days?|d",
    "week": "semanas?|weeks?|wks?",
    "month": "mes|meses|months?",
    "year": "anos?|years?|yrs?",
}


_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})"
_NTH = rf"{_DAY}\.?(?:st|nd|rd|th|o|ro|er|°)?\.?"
_WEEKDAY = rf"(?:(?:{_WEEKDAYS.replace(' ', '|')}) )?"
_OF = r"(?: |-|/| de | del | of )"
_ABSOLUTE = tuple(
    re.compile(rf"{_WEEKDAY}(?:{pattern})", re.ASCII)
    for pattern in (
        rf"{_NTH}{_OF}{_NAME}{_OF}{_YEAR}",
        rf"{_NAME}{_OF}{_YEAR}",
        rf"{_NAME} {_NTH}(?: de| del| of)? {_YEAR}",
        rf"{_YEAR}[ /-]{_NAME}(?:[ /-]{_DAY})?",
        rf"{_YEAR}(?:(?P<cut>[-/]){_MONTH}(?:(?P=cut){_DAY})?)?",
        rf"{_MONTH}[-/]{_YEAR}",
        rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    )
)
_EITHER_ORDER = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/])(\d{{1,2}})\2(\d{{4}}|\d\d)", re.ASCII)
_RELATIVE = re.compile(
    rf"(?P<hace>hace )?(?:(?P<count>\d{{1,4}}|{'|'.join(_COUNTS)})|{_VAGUE}) ?"
    rf"(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _UNITS.items())})(?(hace)(?: atras)?| (?:atras|ago))",
    re.ASCII,
)
_TIME = re.compile(
    r"(?<=\d)(?:t| a las | at | um | )\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap] ?m)?(?: ?h(?:rs)?)?"
    r"(?: ?(?:utc|gmt|cet|cest|est|edt|pst|pdt|z))?(?: ?[+-]\d\d:?\d\d)?$",
    re.ASCII,
)
_LONGEST = 64  # characters of the longest date expression, with weekday, time and zone
_PREFIX = re.compile(
    r"(?:(?P<line>\A\s*+|(?<!\s)[^\S\n]*+\n\s*+)(?P<item>(?:[-*•>]|\d{1,3}[.)])[^\S\n]++)?"
    r"|(?:(?<=[.!?…»”\"’])|(?<=[.!?…][)\]]))\s++)"
    rf"(?=(?P<date>[^\s·•|][^\n·•|]{{0,{_LONGEST}}}?)(?P<mark>[^\S\n]*[·•|]\s*|[^\S\n]+[—–-]\s+|:\s+))"
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A dated piece of a running text: there, `[start:end]` is `text`. The prefix that dates it is not part of it."""

    date: PublicationDate
    text: str
    start: int
    end: int


def interval(year: int, month: int | None = None, day: int | None = None) -> PublicationDate:
    """Return a calendar year, month or day as an interval; ValueError when the calendar has none such."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if month is None:
        return PublicationDate(date(year, 1, 1), date(year, 12, 31), "year")
    if day is None:
        first = date(year, month, 1)
        return PublicationDate(first, first.replace(day=monthrange(year, month)[1]), "month")
    return PublicationDate(date(year, month, day), date(year, month, day), "day")


def parse_date(text: str, *, origin: Origin, retrieved: date | None = None) -> PublicationDate:
    """Read a whole text as one date expression; undated, with the text kept, when it cannot be resolved.

    - 08/03/2023 is a day in March or in August: all that is certain is 2023. 13/03/2023 and 05/05/2023 are certain.
    - A relative date is counted back from `retrieved`, and is undated without it. Days and less give a day, months
      that calendar month, years that calendar year. Weeks are rounded by some and cut down by others: 2 weeks ago is
      any day from 20 to 11 days before, and its precision the month or year which holds all of these (undated where
      New Year lies between).
    - A weekday or a time beside a date is not used, a time zone neither: the day is the one that is written.
    """
    found = _read(text, retrieved) or UNDATED
    return replace(found, origin=origin, text=text.strip())


def parse_limit(text: str) -> PublicationDate:
    """Read a limit given as 2023, 2023-05 or 2023-05-17; `since` counts from its first day, the others to its last."""
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
    try:
        limit = interval(*(int(part) for part in parts.groups() if part)) if parts else UNDATED
    except ValueError:
        limit = UNDATED
    if not limit.known:
        raise DateError(f"“{text}” is no date of the calendar: write 2023, 2023-05 or 2023-05-17")
    return replace(limit, text=text.strip())


def time_limits(*, since: str = "", until: str = "", as_of: str = "", undated: str = "") -> TimeLimits:
    """Return the limits people write (2023, 2023-05, 2023-05-17), each by the end of its interval that counts.

    Raises `DateError` for anything else.
    """
    return TimeLimits(
        since=parse_limit(since).first if since else None,
        until=parse_limit(until).last if until else None,
        as_of=parse_limit(as_of).last if as_of else None,
        undated="keep" if undated == "keep" else "drop" if undated == "drop" else None,
    )


def format_date(published: PublicationDate, language: str) -> str:
    """Write a date in words as precisely as it is known, in Spanish or else in English.

    An undated one shows the source's own words: sin fecha («1 día atrás»).
    """
    if published.first is None or published.precision is None:
        words = " ".join(published.text.split())
        shown = say(language, es=f" («{words}»)", en=f" (“{words}”)") if words else ""
        return say(language, es="sin fecha", en="undated") + shown
    day, year = published.first.day, str(published.first.year)
    if published.precision == "year":
        return year
    name = say(language, es=_SPANISH, en=_ENGLISH).split()[published.first.month - 1]
    month = say(language, es=f"{name} de {year}", en=f"{name} {year}")
    return month if published.precision == "month" else say(language, es=f"{day} de {month}", en=f"{day} {month}")


def split_snippets(text: str, *, retrieved: date | None = None) -> tuple[Snippet, ...]:
    """Split running text at its dated prefixes; () when it holds none.

    A prefix is a date expression followed by · • | – — or - at the beginning of the text, of a line or of a sentence;
    a colon counts at the beginning of a line only. What stands before the first prefix is an undated snippet. A
    prefix with nothing after it gives none.
    """
    prefixes = tuple(_prefixes(text, retrieved))
    if not prefixes:
        return ()
    ends = [start for start, _, _ in prefixes[1:]] + [len(text)]
    pieces = [(UNDATED, 0, prefixes[0][0])]
    pieces += [(published, after, end) for (_, after, published), end in zip(prefixes, ends, strict=True)]
    snippets = tuple(snippet for piece in pieces if (snippet := _stripped(text, *piece)).text)
    return snippets if snippets and snippets[-1].date != UNDATED else ()


def _stripped(text: str, published: PublicationDate, start: int, end: int) -> Snippet:
    """Return the snippet that lies between two offsets, without outer space."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return Snippet(published, piece.strip(), first, first + len(piece.strip()))


def _prefixes(text: str, retrieved: date | None) -> Iterator[tuple[int, int, PublicationDate]]:
    """Give each prefix: where it and the space before it begin, where it ends, and its date."""
    for match in _PREFIX.finditer(text):
        for words in ((match["item"] or "") + match["date"], match["date"]):  # "8. März 2023" is no item of a list
            published = _read(words, retrieved)
            if published is not None and _is_prefix(published, match):
                yield match.start(), match.end("mark"), replace(published, origin="prefix", text=words)
                break


def _is_prefix(published: PublicationDate, match: re.Match[str]) -> bool:
    """Say whether a date with a mark after it dates what follows, rather than beginning a sentence or a range."""
    words, mark, start, end = match["date"], match["mark"].strip(), match.start(), match.end("mark")
    before, following = match.string[max(0, start - _LONGEST) : start].split(), match.string[end : end + _LONGEST]
    if match["line"] is None and before and _read(f"{before[-1]} {words}", None):
        return False  # "8 mar. 2023": the period ends no sentence
    if mark in {"·", "•"}:
        return True
    if mark == ":":
        return match["line"] is not None and published.precision in {"day", "month"} and not published.resolved_against
    if words.isalnum():  # "2023 - fecha de entrada", "Hoy — más que nunca": only before what begins a sentence
        return following[:1].isupper() or following[:1] in tuple('«“"¿¡(…')
    others = (_read(" ".join(following.split()[:count]), None) for count in range(1, 6))
    return not any(other is not None and other.precision == published.precision for other in others)


def _read(text: str, retrieved: date | None) -> PublicationDate | None:
    """Read a date expression: None when it is none, `UNDATED` when it is one that cannot be resolved."""
    if len(text) > 2 * _LONGEST:
        return None
    words = " ".join(re.sub(r"(?<=[a-z])\.|,", " ", fold(text)).split()).rstrip(" .;:")
    try:
        return _relative(words, retrieved) or _absolute(_TIME.sub("", words))
    except (ValueError, OverflowError):  # no such day in the calendar
        return UNDATED


def _absolute(words: str) -> PublicationDate | None:
    """Read a date of the calendar; ValueError when the calendar has no such day."""
    if match := _EITHER_ORDER.fullmatch(words):
        return _either_order(match)
    for pattern in _ABSOLUTE:
        if match := pattern.fullmatch(words):
            part = match.groupdict()
            month = _MONTHS.get(part.get("name") or "", part.get("month"))
            day = part.get("day")
            return interval(*(int(number) for number in (part["year"], month, day) if number is not None))
    return None


def _either_order(match: re.Match[str]) -> PublicationDate:
    """Read 08/03/2023: the day where one order only is possible or both agree, else the year they share."""
    one, other, year = int(match[1]), int(match[3]), int(match[4])
    if one != other and min(one, other) > 0 and max(one, other) <= 12:  # noqa: PLR2004 - months of a year
        return interval(year)
    return interval(year, *((other, one) if other <= one else (one, other)))


def _relative(words: str, retrieved: date | None) -> PublicationDate | None:
    """Read a date counted back from the day of retrieval."""
    match = _RELATIVE.fullmatch(words)
    if match is None and words not in _DAYS_BACK:
        return None
    if retrieved is None or (match and match["count"] is None):
        return UNDATED
    count, unit = _DAYS_BACK.get(words, 0), "day"
    if match:
        count = _COUNTS.get(match["count"]) or int(match["count"])
        unit = next(unit for unit in _UNITS if match[unit])
    back = _back(retrieved, count, unit)
    return replace(back, resolved_against=retrieved) if back.known else UNDATED


def _back(retrieved: date, count: int, unit: str) -> PublicationDate:
    """Return the interval that lies a count of units before a day."""
    if unit == "year":
        return interval(retrieved.year - count)
    if unit == "month":
        year, month = divmod(retrieved.year * 12 + retrieved.month - 1 - count, 12)
        return interval(year, month + 1)
    if unit == "week":
        return _smallest(retrieved - timedelta(days=7 * count + 6), retrieved - timedelta(days=7 * count - 3))
    day = retrieved - timedelta(days=timedelta(**{f"{unit}s": count}).days)  # 30 hours are one whole day
    return interval(day.year, day.month, day.day)


def _smallest(first: date, last: date) -> PublicationDate:
    """Return an interval with the finest of month and year that holds all of it; undated when none does."""
    if first.year != last.year or not FIRST_YEAR <= first.year <= LAST_YEAR:
        return UNDATED
    return PublicationDate(first, last, "month" if first.month == last.month else "year")
