"""One text that occurs in several places, or under several dates -> the one source it is.

Does not compare texts: whoever calls knows that they are one. The sources of its occurrences -> Source.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import PublicationDate, Source


def merge_occurrences(occurrences: Sequence[Source]) -> Source:
    """Return one source for a text's occurrences, at least one, in whatever order.

    It has the metadata of the earliest dated one (of several the most precise, then the first by path), the paths of
    all, and as `republished` the latest date that is surely later than its own. A date that may be the same (2023-03-08
    beside 2023), and one counted back that rounding may have made later, is no republication.
    """
    first = min(occurrences, key=_precedence)
    dates = [known for one in occurrences for known in (one.date, one.republished) if _is_later(known, first.date)]
    return replace(
        first,
        paths=tuple(sorted({path for one in occurrences for path in one.paths})),
        republished=min(dates, key=_latest_first, default=UNDATED),
    )


def _precedence(source: Source) -> tuple[bool, date, int, tuple[str, ...], str]:
    """Order dated before undated, what ended earliest first, then the most precise, then by path and all the rest."""
    first, last = _interval(source.date)
    return not source.date.known, last, -first.toordinal(), source.paths, repr(source)


def _latest_first(published: PublicationDate) -> tuple[int, date, str]:
    """Order what begins last first, then the most precise, then by all the rest."""
    first, last = _interval(published)
    return -first.toordinal(), last, repr(published)


def _is_later(one: PublicationDate, other: PublicationDate) -> bool:
    """Say whether a date is later than another beyond doubt."""
    if one.first is None or other.last is None:
        return False
    return (one.first - other.last).days > max(_doubt(one), _doubt(other))


def _doubt(published: PublicationDate) -> int:
    """Return the days by which a date counted back may be off: search engines round, so that what they call "1 year
    ago" when they find it once more may be the day they named before. Weeks and months are wide enough as they stand.
    """
    first, last = _interval(published)
    return {1: 1, 365: 366, 366: 366}.get((last - first).days + 1, 0) if published.resolved_against else 0


def _interval(published: PublicationDate) -> tuple[date, date]:
    return published.first or date.max, published.last or date.max
