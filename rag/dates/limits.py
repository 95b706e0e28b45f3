"""Limits of time as people write them -> `TimeLimits`: 2023, 2023-05 or 2023-05-17, nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.dates.expressions import interval
from rag.errors import DateError
from rag.language import tell
from rag.records import UNDATED, PublicationDate, TimeLimits


def parse_limit(text: str) -> PublicationDate:
    """Read a limit given as 2023, 2023-05 or 2023-05-17; `since` counts from its first day, the others to its last."""
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
    try:
        limit = interval(*(int(part) for part in parts.groups() if part)) if parts else UNDATED
    except ValueError:
        limit = UNDATED
    if not limit.known:
        raise DateError(
            tell(
                es=f"«{text}» no es una fecha del calendario: escribe 2023, 2023-05 o 2023-05-17",
                en=f"“{text}” is no date of the calendar: write 2023, 2023-05 or 2023-05-17",
            )
        )
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
