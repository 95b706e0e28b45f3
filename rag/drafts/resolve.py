"""An entry of anyone's reference list, or an author and a year → the documents of the index that they name.

By DOI, then address, then title, then authors and year; the surest way that finds something decides. A wrong match is
worse than none: what contradicts itself finds nothing, and what fits several works finds them all, to be told apart by
the person. It reads no document. Sources; words -> Found
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz

from rag.bibliography import title_key
from rag.language import fold
from rag.read.details import DOI, LINK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.records import Source

How = Literal["doi", "url", "title", "authors", "words", ""]

LIKE_TITLE = 92
"""`partial_ratio` from which an entry holds a title: a letter or two in twenty may be another."""
OTHER_TITLE = 88
"""`partial_ratio` below which an entry of the same author and year names another work."""
LONG_TITLE, SHORT_TITLE = 5, 2
"""Words of a title that hardly a second work has; and of one that tells nothing without author and year."""
YEARS_APART = 1
"""A work may be dated by its first printing or by its volume."""
_RAREST = 2
_HEAD_WORDS = 8
_LONGEST = 2000
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d")
_NAME_YEAR = re.compile(r"([a-z]{3,})[\w:.-]*?((?:19|20)\d\d)", re.IGNORECASE)
_SMALL = {
    "de",
    "del",
    "la",
    "las",
    "los",
    "el",
    "y",
    "e",
    "of",
    "the",
    "and",
    "for",
    "van",
    "von",
    "der",
    "da",
    "do",
    "di",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What words name: the documents, and how that is known. Several documents of one work (an article and its
    translation, two copies) are no ambiguity; several works are.
    """

    sources: tuple[Source, ...] = ()
    how: How = ""

    @property
    def ambiguous(self) -> bool:
        """Whether several works fit."""
        return self.how in {"title", "authors"} and len({title_key(one.title) or one.id for one in self.sources}) > 1


class Works:
    """The sources of an index, laid out so that what names one finds it."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_doi: dict[str, list[Source]] = defaultdict(list)
        self._by_url: dict[str, list[Source]] = defaultdict(list)
        self._by_year: dict[int, list[Source]] = defaultdict(list)
        self._by_word: dict[str, list[Source]] = defaultdict(list)
        held = tuple(sources)
        frequency = Counter(word for source in held for word in set(title_key(source.title).split()))
        for source in held:
            if source.doi:
                self._by_doi[source.doi.lower()].append(source)
            if source.url:
                self._by_url[_bare_url(source.url)].append(source)
            for year in _years(source):
                self._by_year[year].append(source)
            words = sorted(set(title_key(source.title).split()), key=lambda word: (frequency[word], word))
            for word in words[:_RAREST]:
                self._by_word[word].append(source)

    def of_entry(self, text: str) -> Found:
        """Return what an entry of a reference list names."""
        text = text[:_LONGEST]
        for doi in DOI.findall(text):
            if found := self._by_doi.get(doi.lower().rstrip(".,;)»”")):
                return Found(tuple(found), "doi")
        for link in LINK.findall(text):
            if found := self._by_url.get(_bare_url(link.rstrip(".,;)»”"))):
                return Found(tuple(found), "url")
        if titled := self._titled(text):
            return Found(titled, "title")
        if written := tuple(self._written(text)):
            return Found(written, "authors")
        return Found()

    def of_authors(self, authors: Sequence[str], year: str) -> Found:
        """Return the works of these surnames, the first of them the first author's, from that year."""
        digits = _YEAR.match(year)
        near = self._by_year.get(int(digits[0]), ()) if digits else ()
        found = [one for one in near if one.authors and is_named(authors[0], one.authors[0])]
        rest = authors[1:]
        found = [one for one in found if all(any(is_named(name, a) for a in one.authors) for name in rest)]
        return Found(tuple(found), "authors") if found else Found()

    def of_key(self, key: str) -> Found:
        """Return the works that a citation key of the form `garcia2023datos` names."""
        named = _NAME_YEAR.match(fold(key))
        return self.of_authors((named[1],), named[2]) if named else Found()

    def _titled(self, text: str) -> tuple[Source, ...]:
        """Return the sources whose title an entry holds, the longest title alone."""
        words = title_key(text)
        near = {one.id: one for word in set(words.split()) for one in self._by_word.get(word, ())}
        held = [one for one in near.values() if _holds_title(words, one) and _fits(text, one)]
        longest = max((len(title_key(one.title)) for one in held), default=0)
        kept = [one for one in held if len(title_key(one.title)) > longest * LIKE_TITLE / 100]
        return tuple(sorted(kept, key=lambda one: one.id))

    def _written(self, text: str) -> Iterator[Source]:
        """Give the sources whose first author opens an entry of the same year, if their title is not another."""
        head = " ".join(text.split()[:_HEAD_WORDS])
        words = title_key(text)
        for year in dict.fromkeys(map(int, _YEAR.findall(text))):
            for one in self._by_year.get(year, ()):
                if one.authors and _opens(head, one.authors[0]) and _like_title(words, one):
                    yield one


def _holds_title(words: str, source: Source) -> bool:
    title = title_key(source.title)
    if len(title.split()) < SHORT_TITLE or len(title) > len(words):
        return False
    if f" {title} " in f" {words} ":
        return True
    return len(title.split()) >= LONG_TITLE and fuzz.partial_ratio(title, words) >= LIKE_TITLE


def _fits(text: str, source: Source) -> bool:
    """Say whether an entry that holds a source's title is not of another work, whose title may begin so: its DOI is no
    other, its year is near, and an author of the source stands in it; a short title needs author and year.
    """
    dois = {doi.lower().rstrip(".,;)»”") for doi in DOI.findall(text)}
    if source.doi and dois:
        return False
    years = _years(source)
    said = [int(year) for year in _YEAR.findall(text)]
    apart = min((abs(year - other) for year in years for other in said), default=None)
    if apart is not None and apart > YEARS_APART:
        return False
    written = any(_stands(author, text) for author in source.authors)
    if len(title_key(source.title).split()) >= LONG_TITLE:
        return written or not source.authors
    return written and apart is not None


def _stands(author: str, text: str) -> bool:
    """Say whether an author's surname stands in a text."""
    words = set(re.findall(r"\w+", fold(text)))
    names = re.findall(r"\w{2,}", fold(author))
    return any(name in words for name in names[1:] or names if name not in _SMALL)


def _like_title(words: str, source: Source) -> bool:
    title = title_key(source.title)
    return not title or fuzz.partial_ratio(title, words) >= OTHER_TITLE


def _opens(head: str, author: str) -> bool:
    """Say whether an entry's first words name an author: by the surname, with the initial where it is printed."""
    words = re.findall(r"\w+", fold(head))
    surname = re.findall(r"\w{2,}", fold(author))[1:] or re.findall(r"\w{2,}", fold(author))
    return bool(surname) and (surname[-1] in words[:3] or surname[0] in words[:3])


def is_named(name: str, author: str) -> bool:
    """Say whether a surname, or a body's name or initials, is an author's.

    >>> is_named("García", "Ana García Pérez"), is_named("Ana", "Ana García Pérez")
    (True, False)
    >>> is_named("OMS", "Organización Mundial de la Salud")
    True
    """
    said = [word for word in re.findall(r"\w+", fold(name)) if word not in _SMALL]
    held = [word for word in re.findall(r"\w+", fold(author)) if word not in _SMALL]
    if not said or not held:
        return False
    if len(said) == 1 and len(held) > 1 and (said[0] == "".join(word[0] for word in held)):
        return True
    if len(held) == 1 and len(said) > 1 and held[0] == "".join(word[0] for word in said):
        return True
    return set(said) <= set(held) and (len(said) > 1 or len(held) == 1 or said[0] in held[1:])


def surname(author: str) -> str:
    """Return how a marker names an author whose name is given first: the last word, in Spanish of three names the last
    two; a body's whole name.

    >>> surname("Ana Gil"), surname("Ana García Pérez"), surname("Ludwig van Beethoven")
    ('Gil', 'García Pérez', 'Beethoven')
    """
    words = author.split()
    if len(words) > 2 and not set(map(fold, words)) & _SMALL:  # noqa: PLR2004 - given name, two surnames
        return " ".join(word for word in words[-2:] if not word.endswith("."))
    if set(map(fold, words)) & {"de", "del", "of", "for", "la", "the"}:
        return author
    return words[-1] if words else ""


def _bare_url(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|#.*$|/+$", "", url.strip().lower().rstrip("/"))


def _years(source: Source) -> tuple[int, ...]:
    """Return the years a source may be cited by; none where its date is not known or too wide to tell."""
    first, last = source.date.first, source.date.last
    if first is None or last is None or last.year - first.year > YEARS_APART:
        return ()
    return tuple(range(first.year, last.year + 1))
