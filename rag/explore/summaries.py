"""Index, evidence → rows of tables: what is held, from when to when it reaches, what it lacks, what changed between two
plans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.language import tell
from rag.render import evidence_json

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from rag.catalog import Catalog
    from rag.records import Evidence, Excerpt


def documents(catalog: Catalog) -> list[dict[str, Any]]:
    """Return a row a document, by date and with the undated last: what is known of it, how its date is known, and its
    number of chunks.
    """
    sources = sorted(catalog.sources(), key=lambda one: (not one.date.known, str(one.date), one.paths, one.id))
    return [
        {
            "date": str(one.date) or None, "date_from": one.date.origin, "title": one.title,
            "authors": "; ".join(one.authors), "language": one.language, "format": one.format,
            "chunks": len(catalog.chunks_of(one.id)), "path": one.paths[0] if one.paths else "",
        }
        for one in sources
    ]  # fmt: skip


def periods(sections: Sequence[Evidence], *, today: date) -> list[dict[str, Any]]:
    """Return a row a heading: from when to when its evidence reaches, and how old the newest is today, in years."""
    names = ("from", "to", "age_years", "undated", "sources", "languages")
    return [
        {"heading": section.heading.title, "excerpts": len(section.excerpts)}
        | {name: value for name, value in evidence_json(section, today=today).items() if name in names}
        for section in sections
    ]


def gaps(sections: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Return a row a search that would mend a gap, the most promising of each gap first; one without where there is
    none.
    """
    return [
        {"heading": section.heading.title, "gap": gap.kind, "reason": gap.reason, "language": language, "search": words}
        for section in sections
        for gap in section.gaps
        for language, words in gap.searches or (("", ""),)
    ]


def changes(
    before: Sequence[Evidence], after: Sequence[Evidence], *, as_of: date | None = None
) -> list[dict[str, Any]]:
    """Return a row an excerpt that either plan chose for a heading, the later one's first, with its rank in each.

    `as_of` is the day the earlier plan looked from. `change` is "published since" that day; of what was there, "kept"
    under its heading, "moved" from another or "added"; or "gone" from this one. Raises `RagError` where the headings
    are not the same.
    """
    if [one.heading.title for one in before] != [one.heading.title for one in after]:
        raise RagError(
            tell(
                es="estos dos planes tienen epígrafes distintos: compara planes de un mismo encargo",
                en="these two plans have different headings: compare plans of one brief",
            )
        )
    known = frozenset(excerpt.key for section in before for excerpt in section.excerpts)
    return [
        {"heading": later.heading.title, **row}
        for earlier, later in zip(before, after, strict=True)
        for row in _changed(earlier.excerpts, later.excerpts, known, as_of)
    ]


def _changed(
    before: Sequence[Excerpt], after: Sequence[Excerpt], known: frozenset[str], as_of: date | None
) -> list[dict[str, Any]]:
    then = {one.key: rank for rank, one in enumerate(before, start=1)}
    now = {one.key: rank for rank, one in enumerate(after, start=1)}
    came = {one.key: _came(one, then, known, as_of) for one in after}
    every = {one.key: one for one in (*after, *before)}
    return [
        {
            "change": came.get(key, "gone"),
            "before": then.get(key),
            "after": now.get(key),
            "date": str(one.date) or None,
            "title": one.title,
            "path": one.path,
            "key": key,
        }
        for key, one in every.items()
    ]


def _came(excerpt: Excerpt, then: Collection[str], known: frozenset[str], as_of: date | None) -> str:
    """Say how an excerpt came to serve a heading. What is undated is not said to be new."""
    if excerpt.key in then:
        return "kept"
    if excerpt.key in known:
        return "moved"
    return "published since" if as_of and excerpt.date.last and excerpt.date.last > as_of else "added"
