"""One date expression -> `PublicationDate`: of the calendar, or counted back from the day it was retrieved."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from rag.dates.words import COUNTS, DAYS_BACK, MONTHS, UNITS, VAGUE, WEEKDAYS
from rag.language import fold, tell
from rag.records import UNDATED, PublicationDate

if TYPE_CHECKING:
    from rag.records import Origin

Form = Literal["absolute", "figures", "partial", "relative"]
FIRST_YEAR, LAST_YEAR = 1000, 2100
"""Years outside these are numbers, not years."""
LONGEST = 64
"""Characters of the longest date expression, with weekday, time and zone."""

_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_NAME = rf"(?P<name>{'|'.join(MONTHS)})"
_NTH = rf"{_DAY}\.?(?:st|nd|rd|th|o|ro|er|°)?\.?"
_WEEKDAY = rf"(?:(?:{WEEKDAYS.replace(' ', '|')}) (?:(?:el|le|the|il|den|dem) )?)?"
_OF = r"(?: |-|/| de | del | of )"
_ABSOLUTE = tuple(
    re.compile(rf"{_WEEKDAY}(?:{pattern})", re.ASCII)
    for pattern in (
        rf"{_NTH}{_OF}{_NAME}{_OF}{_YEAR}",
        rf"{_NAME}{_OF}{_YEAR}",
        rf"{_NAME} {_NTH}(?: de| del| of)? {_YEAR}",
        rf"{_NAME}-{_NTH}-{_YEAR}",
        rf"{_YEAR}[ /-]{_NAME}(?:[ /-]{_DAY})?",
        rf"{_YEAR}(?:(?P<cut>[-/]){_MONTH}(?:(?P=cut){_DAY})?)?",
        r"(?P<year>\d{4})\.(?P<month>\d\d)\.(?P<day>\d\d)",
        rf"{_MONTH}[-/]{_YEAR}",
        rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    )
)
_EITHER_ORDER = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/])(\d{{1,2}})\2(\d{{4}}|\d\d)", re.ASCII)
_NO_YEAR = re.compile(
    rf"{_WEEKDAY}(?:{_NTH}{_OF}{_NAME}|(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?)(?P<short>{_OF}'?\d\d)?",
    re.ASCII,
)
_RELATIVE = re.compile(
    rf"(?P<before>(?:hace|ha|il y a|vor) )?(?:(?P<count>\d{{1,4}}|{'|'.join(COUNTS)})|{VAGUE}) ?"
    rf"(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in UNITS.items())})(?(before)(?: atras)?| (?:atras|ago|fa))",
    re.ASCII,
)
_TIME = re.compile(
    r"(?<=[\da-z])(?:t| (?:(?:a las?|at|um|as|alle|a|ore) )?)\d{1,2}(?:[:.]| ?h ?)\d\d(?::\d\d(?:\.\d+)?)?"
    r"(?: ?[ap] ?m)?(?: ?(?:h(?:rs|oras)?|uhr))?"
    r"(?: ?\(?(?:utc|gmt|cet|cest|est|edt|cst|cdt|pst|pdt|z)\)?)?(?: ?[+-]\d\d:?\d\d)?$",
    re.ASCII,
)


def interval(year: int, month: int | None = None, day: int | None = None) -> PublicationDate:
    """Return a calendar year, month or day as an interval; ValueError when the calendar has none such."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            tell(
                es=f"el año {year} no está entre {FIRST_YEAR} y {LAST_YEAR}",
                en=f"year {year} is not between {FIRST_YEAR} and {LAST_YEAR}",
            )
        )
    if month is None:
        return PublicationDate(date(year, 1, 1), date(year, 12, 31), "year")
    if day is None:
        first = date(year, month, 1)
        return PublicationDate(first, first.replace(day=monthrange(year, month)[1]), "month")
    return PublicationDate(date(year, month, day), date(year, month, day), "day")


def parse_date(text: str, *, origin: Origin, retrieved: date | None = None) -> PublicationDate:
    """Read a whole text as one date expression; undated, with the text kept, when it cannot be resolved.

    - 08/03/2023 is a day in March or in August: all that is certain is 2023. 13/03/2023 and 05/05/2023 are certain.
    - A relative date is counted back from `retrieved`, and is undated without it. Days and less give a day. Weeks and
      months are rounded by some and cut down by others: 2 weeks ago is any day from 20 to 11 days before, 2 months ago
      any from 91 to 45, and the precision is the month or year which holds all of these (undated where New Year lies
      between). Years give that calendar year: nothing coarser can be said.
    - A weekday or a time beside a date is not used, a time zone neither: the day is the one that is written.
    """
    found = read_date(text, retrieved) or UNDATED
    return replace(found, origin=origin, text=text.strip())


def read_date(text: str, retrieved: date | None) -> PublicationDate | None:
    """Read a date expression: None when it is none, `UNDATED` when it is one that cannot be resolved."""
    words = _folded(text)
    if words is None:
        return None
    words = _TIME.sub("", words)
    try:
        return _relative(words, retrieved) or _absolute(words)
    except (ValueError, OverflowError):  # no such day in the calendar
        return UNDATED


def form_of(text: str) -> Form:
    """Return the form of a date expression; partial is a year alone or a day without its year, which may as
    well begin a title; figures are a day in figures, whose order may be doubtful.
    """
    words = _folded(text) or ""
    if _RELATIVE.fullmatch(words) or _TIME.sub("", words) in DAYS_BACK:
        return "relative"
    if _EITHER_ORDER.fullmatch(_TIME.sub("", words)):
        return "figures"
    found = _NO_YEAR.fullmatch(words)
    return "partial" if re.fullmatch(r"\d{4}", words) or (found and not found["short"]) else "absolute"


def _folded(text: str) -> str | None:
    """Return the words of a date expression in one spelling; None where the text is too long for one."""
    if len(text) > 2 * LONGEST:
        return None
    words = re.sub(r"(?<=[a-z])\.(?=[-/])", "", fold(text).replace("’", "'").replace("primero de ", "1 de "))
    return " ".join(re.sub(r"(?<=[a-z])\.|,", " ", words).split()).rstrip(" .;:")


def _absolute(words: str) -> PublicationDate | None:
    """Read a date of the calendar; ValueError when the calendar has no such day."""
    if match := _EITHER_ORDER.fullmatch(words):
        return _either_order(match)
    for pattern in _ABSOLUTE:
        if match := pattern.fullmatch(words):
            part = match.groupdict()
            month = MONTHS.get(part.get("name") or "", part.get("month"))
            day = part.get("day")
            return interval(*(int(number) for number in (part["year"], month, day) if number is not None))
    return UNDATED if _NO_YEAR.fullmatch(words) else None


def _either_order(match: re.Match[str]) -> PublicationDate:
    """Read 08/03/2023: the day where one order only is possible or both agree, else the year they share."""
    one, other, year = int(match[1]), int(match[3]), int(match[4])
    if one != other and min(one, other) > 0 and max(one, other) <= 12:  # noqa: PLR2004 - months of a year
        return interval(year)
    return interval(year, *((other, one) if other <= one else (one, other)))


def _relative(words: str, retrieved: date | None) -> PublicationDate | None:
    """Read a date counted back from the day of retrieval."""
    match = _RELATIVE.fullmatch(words)
    if match is None and words not in DAYS_BACK:
        return None
    if retrieved is None or (match and match["count"] is None):
        return UNDATED
    count, unit = DAYS_BACK.get(words, 0), "day"
    if match:
        count = COUNTS.get(match["count"]) or int(match["count"])
        unit = next(unit for unit in UNITS if match[unit])
    back = _back(retrieved, count, unit)
    return replace(back, resolved_against=retrieved) if back.known else UNDATED


def _back(retrieved: date, count: int, unit: str) -> PublicationDate:
    """Return the interval that lies a count of units before a day."""
    if unit == "year":
        return interval(retrieved.year - count)
    if unit == "month":
        return _smallest(retrieved, round(30.44 * (count + 1)), 30 * count - 15)
    if unit == "week":
        return _smallest(retrieved, 7 * count + 6, 7 * count - 3)
    day = retrieved - timedelta(days=timedelta(**{f"{unit}s": count}).days)  # 30 hours are one whole day
    return interval(day.year, day.month, day.day)


def _smallest(retrieved: date, most: int, least: int) -> PublicationDate:
    """Return the days between `most` and `least` days back, with the finest of month and year that holds all of them;
    undated when none does.
    """
    first, last = retrieved - timedelta(days=most), retrieved - timedelta(days=max(least, 0))
    if first.year != last.year or not FIRST_YEAR <= first.year <= LAST_YEAR:
        return UNDATED
    return PublicationDate(first, last, "month" if first.month == last.month else "year")
