"""Which documents the entries of bibliographies and sidecars speak of, and what a document's metadata are then.

Does not read files, and knows no index: the same sources and entries give the same, in whatever order they came. A
wrong match is worse than none, so what contradicts itself gives nothing.

Sources, Entries -> for each document the entries that speak of it; for each bibliography the documents of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rag.language import fold, tell
from rag.read.entries import DESCRIBED, Entry, says
from rag.read.sidecar import described_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.records import Document, PublicationDate, Source

    Place = tuple[str, int]
    Match = tuple[int, int, Place]

OF_MANY = {"snippet", "bibtex", "ris", "csl"}
"""Formats of which a file holds many sources, each with its own metadata: no entry speaks of these."""
LONG_TITLE = 5
"""Words of a title that hardly a second work has: enough where a year is not known."""
YEARS_APART = 1
"""A work may be dated by its first printing or by its volume."""
BY_FILE, BY_DOI, BY_TITLE = range(3)
"""How an entry is known to speak of a document, the surest first."""
EXACT = {"bibliography", "article metadata", "front matter"}
"""Origins of dates that may be finer than the year a bibliography gives."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What entries say of each document, by its id, the weightiest first; the documents each bibliography holds
    besides, by its path; and remarks on sidecars that speak of nothing, by theirs.
    """

    said: Mapping[str, tuple[Entry, ...]]
    own: Mapping[str, tuple[Document, ...]]
    remarks: Mapping[str, str]


def join(sources: Sequence[Source], entries: Mapping[str, Sequence[Entry]]) -> Joined:
    """Join what bibliographies and sidecars say, by their paths, to the sources as their files know them, each with
    the one path it was found at.
    """
    desk = _Desk(sources, entries)
    said: dict[str, list[Entry]] = defaultdict(list)
    remarks: dict[str, str] = {}
    for path in sorted(entries):
        if target := described_path(path):
            remarks[path] = (
                ""
                if target in desk.by_path
                else tell(
                    es=f"habla de {target}, que aquí no es una fuente única",
                    en=f"it speaks of {target}, which is no single source here",
                )
            )
            for source in desk.by_path.get(target, ()):
                whole = desk.is_whole(source)
                said[source.id] += [entry if whole else _of_volume(entry) for entry in entries[path]]
    matches: dict[str, list[Match]] = defaultdict(list)
    silent = []
    for place in desk.places:
        found = desk.matches(place)
        if not found:
            silent.append(place)
        for source, match in found:
            if desk.is_whole(source) or desk.is_titled(source, place):
                matches[source.id].append(match)
    for id_, found_ in matches.items():
        said[id_] += desk.agreed(sorted(found_))
    return Joined(
        {id_: tuple(dict.fromkeys(map(_bare, told))) for id_, told in said.items() if told},
        desk.own(silent),
        remarks,
    )


def overlaid(source: Source, said: Sequence[Entry]) -> Source:
    """Return a source with what entries say of it, the weightiest first, in the place of what its file says.

    The language is left to the text unless the person's own sidecar names it: what lies in the folder may be a
    translation of what a bibliography lists.
    """
    given = {field: entry for field in DESCRIBED if (entry := _giver(field, said))}
    if not given:
        return source
    values = {field: getattr(entry, field) for field, entry in given.items()}
    origins = dict(source.origins) | {field: entry.place for field, entry in given.items()}
    if "date" in given and given["date"].place == "bibliography":
        values["date"] = _finest(values["date"], said, source)
        if values["date"] == source.date:
            origins["date"] = dict(source.origins).get("date", str(source.date.origin))
    return replace(source, **values, origins=tuple(origins.items()))


def _giver(field: str, said: Sequence[Entry]) -> Entry | None:
    able = (entry for entry in said if says(entry, field))
    return next((entry for entry in able if field != "language" or entry.place == "sidecar"), None)


def _finest(date: PublicationDate, said: Sequence[Entry], source: Source) -> PublicationDate:
    """Return the most precise date within a date: where a bibliography gives the year, the article may know the day."""
    dates = [date, *(entry.date for entry in said if entry.date.known)]
    dates += [source.date] if source.date.origin in EXACT else []
    return max((one for one in dates if _within(one, date)), key=lambda one: len(str(one)))


def _within(one: PublicationDate, other: PublicationDate) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return other.first <= one.first and one.last <= other.last


class _Desk:
    """Sources and entries laid out so that either finds the other."""

    def __init__(self, sources: Sequence[Source], entries: Mapping[str, Sequence[Entry]]) -> None:
        self._entries = entries
        self.places = [
            (path, n) for path in sorted(entries) if not described_path(path) for n in range(len(entries[path]))
        ]
        self.by_path: dict[str, list[Source]] = defaultdict(list)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_doi: dict[str, list[Source]] = defaultdict(list)
        self._by_title: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            if source.format not in OF_MANY:
                self.by_path[source.paths[0]].append(source)
                self._by_name[_name(source.paths[0])].add(source.paths[0])
                self._by_doi[source.doi.lower()].append(source)
                self._by_title[title_key(source.title)].append(source)

    @cached_property
    def _named(self) -> Counter[str]:
        """How many entries name a file so."""
        return Counter(name for place in self.places for name in set(map(_name, self._entry(place).files)))

    def _entry(self, place: Place) -> Entry:
        return self._entries[place[0]][place[1]]

    def is_whole(self, source: Source) -> bool:
        """Say whether a source has its file to itself: an article may lie there with its translations."""
        return len(self.by_path[source.paths[0]]) == 1

    def is_titled(self, source: Source, place: Place) -> bool:
        """Say whether a source bears an entry's title."""
        return title_key(source.title) == title_key(self._entry(place).title)

    def matches(self, place: Place) -> list[tuple[Source, Match]]:
        """Return the sources an entry speaks of, and how that is known; by its title only where no file or DOI is."""
        entry = self._entry(place)
        found = [(BY_FILE, source) for source in self._of_files(place)]
        found += [(BY_DOI, source) for source in self._by_doi.get(entry.doi.lower(), ()) if entry.doi]
        found = found or [(BY_TITLE, source) for source in self._titled(entry)]
        return [(source, (known_by, _years_apart(entry.date, source.date) or 0, place)) for known_by, source in found]

    def _of_files(self, place: Place) -> Iterator[Source]:
        """Give the sources in the files an entry names: at that path, seen from the bibliography or from the corpus;
        else the only file of the corpus called so, where no second entry names such a one and no DOI contradicts.
        """
        entry, folder = self._entry(place), PurePosixPath(place[0]).parent
        for file in entry.files:
            near = next((path for path in (_joined(folder, file), file) if path in self.by_path), "")
            called = self._by_name.get(_name(file), set())
            if near:
                yield from self.by_path[near]
            elif len(called) == 1 and self._named[_name(file)] == 1:
                yield from (source for source in self.by_path[next(iter(called))] if not _contradict(entry, source))

    def _titled(self, entry: Entry) -> Iterator[Source]:
        key = title_key(entry.title)
        for source in self._by_title.get(key, ()) if key else ():
            years = _years_apart(entry.date, source.date)
            near = len(key.split()) >= LONG_TITLE if years is None else years <= YEARS_APART
            if near and not _contradict(entry, source):
                yield source

    def agreed(self, found: Sequence[Match]) -> list[Entry]:
        """Return the entries that speak of one document, the surest first. Where those known in one way are of several
        works (the chapters of a book), none of them counts; what follows must be of the work found first.
        """
        kept: list[Entry] = []
        for way in (BY_FILE, BY_DOI, BY_TITLE):
            told = [self._entry(place) for known_by, _, place in found if known_by == way]
            if kept:
                kept += [entry for entry in told if _same_work(entry, kept[0])]
            elif told and all(_same_work(entry, told[0]) for entry in told):
                kept += told
        return kept

    def own(self, silent: Sequence[Place]) -> dict[str, tuple[Document, ...]]:
        """Return what each bibliography holds besides: the prose of entries that speak of no file here; of two entries
        on one work the first.
        """
        own: dict[str, list[Document]] = {path: [] for path, _ in self.places}
        seen: set[object] = set()
        for path, number in silent:
            entry = self._entry((path, number))
            if entry.prose:
                marks = _marks(entry, entry.prose)
                if not marks & seen:
                    own[path].append(replace(entry.prose, source=replace(entry.prose.source, paths=(path,))))
                seen |= marks
        return {path: tuple(documents) for path, documents in own.items()}


def title_key(title: str) -> str:
    """Return what two spellings of one title share.

    >>> title_key("Datos sintéticos: «una» guía") == title_key("DATOS SINTETICOS - Una Guía.")
    True
    """
    return " ".join(re.findall(r"\w+", fold(title)))


def _marks(entry: Entry, prose: Document) -> set[object]:
    """Return what tells that two entries are of one work: its DOI, its title with its year, its very words."""
    title, year = title_key(entry.title), str(entry.date)[:4]
    return (
        ({entry.doi.lower()} if entry.doi else set())
        | ({(title, year)} if title and year else set())
        | {prose.source.id}
    )


def _same_work(one: Entry, other: Entry) -> bool:
    if one.doi and other.doi:
        return one.doi.lower() == other.doi.lower()
    return title_key(one.title) == title_key(other.title)


def _contradict(entry: Entry, source: Source) -> bool:
    return bool(entry.doi and source.doi) and entry.doi.lower() != source.doi.lower()


def _years_apart(one: PublicationDate, other: PublicationDate) -> int | None:
    """Return how many years lie between two dates; None where one of them is not known."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    return max(one.first.year - other.last.year, other.first.year - one.last.year, 0)


def _joined(folder: PurePosixPath, file: str) -> str:
    """Return a path of a bibliography as the corpus knows it; empty where it leads out."""
    parts: list[str] = []
    for part in (folder / file).parts:
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _name(path: str) -> str:
    return PurePosixPath(path).name.lower()


def _of_volume(entry: Entry) -> Entry:
    """Return what a sidecar says of every source in a file of several: neither title, authors nor language."""
    return replace(entry, title="", authors=(), language="")


def _bare(entry: Entry) -> Entry:
    """Return an entry without what leads to its source."""
    return replace(entry, files=(), prose=None)
