"""What a draft's references lead to: excerpts by the keys printed there, else documents of the index, else nothing.

Each entry and each marker is resolved once. It judges no sentence. DraftText, ways to find -> Desk
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

from rag.drafts.marks import cut_marks
from rag.drafts.resolve import Found, Works, is_named
from rag.facts.compare import find_words
from rag.language import fold
from rag.records import Excerpt, excerpt_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rag.drafts.draft import DraftText
    from rag.drafts.listed import DraftEntry
    from rag.drafts.marks import Mark
    from rag.drafts.passages import Passages
    from rag.records import Source

    Find = Callable[[str], tuple[Excerpt, ...]]

State = Literal["excerpts", "documents", "ambiguous", "outside", "nowhere", "aside"]

_HEAD_WORDS = 12
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?|s\. ?f\.|n\. ?d\.")
_ADDRESS = re.compile(r"https?://\S+|\b10\.\d{4,9}/\S+")
_PRINTED = re.compile(r"[«“\"]([^«»“”\"]{30,400})[»”\"]")
_REFERENCE = re.compile(r"\b(?:1[5-9]|20)\d\d|https?://|\b10\.\d{4}")
_QUOTED_WORDS = 12
_SOUGHT = 100
"""Entries whose printed words are searched for at most, where their keys lead nowhere."""


class Shelves(Protocol):
    """Documents that a draft can cite without keys."""

    def sources(self) -> tuple[Source, ...]:
        """Return all documents' sources."""

    def passages(self, document_id: str, sentence: str, *, language: str, by_meaning: bool = False) -> Passages:
        """Return the passages of a document that a sentence can rest on."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a marker or an entry leads to, in the worst `state` of its parts: excerpts by their hashes (a dead key as
    printed), documents, or the works that it may mean.
    """

    state: State
    hashes: tuple[str, ...] = ()
    documents: tuple[Source, ...] = ()
    dead: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all it names was found."""
        return self.state in {"excerpts", "documents"} and not self.dead


@dataclass(slots=True)
class Desk:
    """A draft's references resolved. `excerpts` holds all that were met, by hash: those `printed`, by their keys, and
    those found for its sentences.
    """

    draft: DraftText
    find: Find
    search: Find
    shelves: Shelves | None = None
    excerpts: dict[str, Excerpt] = field(default_factory=dict)
    printed: dict[str, Excerpt] = field(default_factory=dict)
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _entries: dict[int, Target] = field(default_factory=dict)
    _marks: dict[Mark, Target] = field(default_factory=dict)
    _works: Works | None = None
    _sought: int = 0
    _lists: Lists | None = None
    _by_author: bool | None = None

    @property
    def language(self) -> str:
        """The draft's language."""
        return self.draft.language

    @property
    def ours(self) -> bool:
        """Whether `rag` wrote the draft: its references print keys, or say that there are none."""
        entries = self.draft.entries
        return any(entry.keys for entry in entries) or (self.draft.listed and not entries)

    @property
    def works(self) -> Works | None:
        """The documents of the index by what names them; None without an index."""
        if self._works is None and self.shelves is not None:
            self._works = Works(self.shelves.sources())
        return self._works

    def __post_init__(self) -> None:
        """Find the excerpts of every key that is printed; a passage found in two places is one."""
        for key in dict.fromkeys(key for entry in self.draft.entries for key in entry.keys):
            held = {excerpt_hash(one.source.id, one.text): one for one in self.find(key)}
            self.found[key] = tuple(sorted(held))
            self.printed |= held
        self.excerpts |= self.printed

    def entry(self, entry: DraftEntry) -> Target:
        """Return what an entry leads to."""
        place = id(entry)
        if place not in self._entries:
            self._entries[place] = self._of_entry(entry)
        return self._entries[place]

    def entries_of(self, mark: Mark) -> tuple[DraftEntry, ...]:
        """Return the entries a marker names: by label, else by surname and year."""
        if not mark.by_author:
            return self.lists.labelled.get(mark.label, ())
        return self.lists.written(mark)

    def mark(self, mark: Mark) -> Target:
        """Return what a marker leads to."""
        if mark not in self._marks:
            self._marks[mark] = self._of_mark(mark)
        return self._marks[mark]

    @property
    def lists(self) -> Lists:
        """The entries by what names them."""
        if self._lists is None:
            self._lists = Lists(self.draft.entries)
        return self._lists

    @property
    def by_author(self) -> bool:
        """Whether the draft cites by author and year: a marker of that form has an entry, or there is no list."""
        if self._by_author is None:
            marks = [mark for mark in self.draft.marks if mark.by_author]
            self._by_author = not self.draft.listed or any(map(self.entries_of, marks))
        return self._by_author

    def _of_mark(self, mark: Mark) -> Target:
        entries = self.entries_of(mark)
        if mark.by_author and entries[1:]:
            return replace(_joined(map(self.entry, entries)), state="ambiguous")
        if entries:
            return _joined([self._through(one) for one in entries])
        found = Found()
        if self.works and mark.by_author:
            found = self.works.of_authors(mark.authors, mark.year)
        elif self.works and mark.label.startswith("@"):
            found = self.works.of_key(mark.label[1:])
        if mark.by_author and not found.sources and (mark.doubtful or not self.by_author):
            return Target("aside")
        return _target(found, otherwise="nowhere")

    def through(self, note: DraftEntry) -> tuple[DraftEntry, ...]:
        """Return the entries of the list that a footnote names."""
        marks = [mark for _, mark in cut_marks(note.text)[1] if not mark.label.startswith("^")]
        return tuple(one for mark in marks for one in self.entries_of(mark))

    def is_reference(self, note: DraftEntry) -> bool:
        """Say whether a footnote is a reference of its own: it names no entry, and gives a year or an address."""
        return not self.through(note) and _REFERENCE.search(note.text) is not None

    def _through(self, entry: DraftEntry) -> Target:
        """Return what an entry leads to; a footnote may name entries of the list, or be a remark."""
        if not entry.label.startswith("^") or self.is_reference(entry):
            return self.entry(entry)
        named = self.through(entry)
        return _joined(map(self.entry, named)) if named else Target("aside")

    def _of_entry(self, entry: DraftEntry) -> Target:
        hashes = tuple(dict.fromkeys(hash_ for key in entry.keys for hash_ in self.found[key]))
        dead = tuple(key for key in entry.keys if not self.found[key])
        if hashes and not dead:
            return Target("excerpts", hashes)
        found = self.works.of_entry(entry.text) if self.works else Found()
        if dead and not found.sources:
            found = self._holding(entry)
        target = _target(found, otherwise="outside")
        documents = target.documents if target.state == "documents" else ()
        if hashes:
            return Target(
                "documents" if documents else "excerpts", (*hashes, *dead), documents, () if documents else dead
            )
        return target if documents or not dead else Target(target.state, dead, target.documents, dead)

    def _holding(self, entry: DraftEntry) -> Found:
        """Return the document that holds the words an entry prints, where its key leads nowhere any more."""
        printed = _PRINTED.search(entry.text)
        if not printed or self.shelves is None or self._sought >= _SOUGHT:
            return Found()
        self._sought += 1
        words = " ".join(printed[1].removesuffix("…").split()[:_QUOTED_WORDS])
        near = {one.source.id: one.source for one in self.search(words)}
        held = tuple(source for id_, source in near.items() if self._prints(id_, words))
        return Found(held, "words") if held else Found()

    def _prints(self, document_id: str, words: str) -> bool:
        """Say whether words stand in a document, be it across its passages."""
        found = self.shelves.passages(document_id, words, language=self.language).excerpts if self.shelves else ()
        return any(find_words(words, one.text) for one in found)


class Lists:
    """Entries by label, and by surname and year."""

    def __init__(self, entries: Sequence[DraftEntry]) -> None:
        self.labelled: dict[str, tuple[DraftEntry, ...]] = {}
        self._dated: dict[str, list[tuple[DraftEntry, str]]] = defaultdict(list)
        for entry in entries:
            if entry.label:
                self.labelled[entry.label] = (*self.labelled.get(entry.label, ()), entry)
            if not entry.label.startswith("^"):
                for year in dict.fromkeys(year_of(found) for found in years_of(entry)):
                    self._dated[year].append((entry, _head(entry.text)))

    def written(self, mark: Mark) -> tuple[DraftEntry, ...]:
        """Return the entries that begin with a marker's first surname, hold the others, and are of its year: of the
        year with its letter where one is.
        """
        near = [entry for entry, head in self._dated.get(year_of(mark.year), ()) if _begins(head, mark.authors[0])]
        kept = [entry for entry in near if all(_holds(entry.text, name) for name in mark.authors[1:])]
        lettered = [entry for entry in kept if mark.year in years_of(entry)] if mark.year[-1:].isalpha() else []
        return tuple(lettered or kept)


def years_of(entry: DraftEntry) -> list[str]:
    """Return the years an entry gives, with their letters, addresses apart."""
    return _YEAR.findall(_ADDRESS.sub(" ", entry.text))


def year_of(year: str) -> str:
    """Return a year without its letter; one that is not known in one form for its language."""
    return year[:4] if year[:4].isdigit() else year.replace(" ", "")


def _head(text: str) -> str:
    return " ".join(text.split()[:_HEAD_WORDS])


def _begins(head: str, name: str) -> bool:
    """Say whether the first words of an entry are a surname's or body's, whatever initials stand before."""
    words, wanted = re.findall(r"\w+", fold(head)), re.findall(r"\w+", fold(name))
    places = [place for place in range(len(words)) if words[place : place + len(wanted)] == wanted]
    if places and places[0] <= 4:  # noqa: PLR2004 - "J. R. R. Tolkien"
        return True
    body = re.split(r"[.(,]", head)[0]
    return len(body.split()) > 1 and len(wanted) == 1 and is_named(name, body) and name.isupper()


def _holds(text: str, name: str) -> bool:
    return set(re.findall(r"\w+", fold(name))) <= set(re.findall(r"\w+", fold(text)))


def _target(found: Found, *, otherwise: State) -> Target:
    if not found.sources:
        return Target(otherwise)
    return Target("ambiguous" if found.ambiguous else "documents", documents=found.sources)


_WORST: tuple[State, ...] = ("excerpts", "documents", "aside", "ambiguous", "outside", "nowhere")


def _joined(targets: Iterable[Target]) -> Target:
    """Return several targets as one, in the worst of their states."""
    parts = tuple(targets)
    documents = {one.id: one for part in parts for one in part.documents}
    return Target(
        max((part.state for part in parts), key=_WORST.index),
        tuple(dict.fromkeys(hash_ for part in parts for hash_ in part.hashes)),
        tuple(documents.values()),
        tuple(key for part in parts for key in part.dead),
    )
