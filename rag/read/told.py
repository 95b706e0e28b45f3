"""What each place in a file says of its source → a Source, each field from the first place that has it, and its origin.

Does not look for what nobody says, and judges no place: the reader gives them in their order. Told → Source.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from rag.records import UNDATED, PublicationDate, Source

if TYPE_CHECKING:
    import datetime

Place = Literal["sidecar", "bibliography", "article metadata", "first page", "embedded", "file name"]


@dataclass(frozen=True, slots=True)
class Told:
    """What one place says of a source; the fields are those of `Source`."""

    place: Place
    title: str = ""
    authors: tuple[str, ...] = ()
    date: PublicationDate = UNDATED
    updated: PublicationDate = UNDATED
    retrieved: datetime.date | None = None
    doi: str = ""
    url: str = ""
    journal: str = ""
    language: str = ""


SAID = tuple((field.name, field.default) for field in fields(Told) if field.name != "place")


def source(form: str, path: str, *places: Told) -> Source:
    """Return the source these places tell of, the first being the one most believed."""
    best: dict[str, Any] = {}
    origins: list[tuple[str, str]] = []
    for name, nothing in SAID:
        told = next((told for told in places if getattr(told, name) != nothing), None)
        if told:
            best[name] = getattr(told, name)
            origins.append((name, told.place))
    return Source(id="", paths=(path,), format=form, origins=tuple(origins), **best)
