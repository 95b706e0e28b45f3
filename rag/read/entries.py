"""What bibliographies and sidecars say of sources: one record for all their formats.

Does not parse any of them, and opens no file they name (see `rag.bibliography` for which file an entry speaks of).
The words of an entry's fields -> Entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from rag.language import count_words, detect
from rag.read.characters import one_line
from rag.read.compose import Block, compose
from rag.read.told import Told
from rag.read.told import source as told_source
from rag.records import UNDATED, Document, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterable

PROSE_WORDS = 8
"""A note of fewer words ("PMID: 123", "In press") is bookkeeping."""
DESCRIBED = ("title", "authors", "date", "doi", "url", "journal", "language")
"""The fields of an entry that a source has too."""
PARAGRAPH = re.compile(r"\n\s*\n")
SEPARATOR = re.compile(r"(?<!\\);")
COLON = re.compile(r"(?<!\\):(?![/\\])")
"""What parts description, path and type; no drive's ("C:/…") and no address's."""
ESCAPED = re.compile(r"\\([:;,&%_#$~{} ])")
KIND = re.compile(r"[a-z]+(?:/[\w.+-]+)?", re.IGNORECASE)
SCHEME = re.compile(r"(?:file|internal-pdf):/{0,3}(?:localhost/)?", re.IGNORECASE)
ADDRESS = re.compile(r"[a-z][a-z+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a bibliography, or a person's sidecar, says of one source; what it does not say is empty.

    `files` are the paths it names, as written, with forward slashes. `prose` is its abstract with its notes: a source
    of its own where the corpus has none of these files.
    """

    place: Literal["sidecar", "bibliography"] = "bibliography"
    files: tuple[str, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    date: PublicationDate = UNDATED
    doi: str = ""
    url: str = ""
    journal: str = ""
    language: str = ""
    prose: Document | None = None


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The entries of one file in their order, and remarks on what of it could not be read."""

    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the entries that hold prose."""
        return tuple(entry.prose for entry in self.entries if entry.prose)


def make_entry(entry: Entry, *, path: str, format: str, prose: Iterable[str] = ()) -> Entry:  # noqa: A002 - as in Source
    """Return the entry with its words made uniform, and the document its prose makes.

    The document is in the language of its words, which need not be the language of what it sums up.
    """
    clean = replace(
        entry,
        title=_line(entry.title),
        authors=tuple(filter(None, map(_line, entry.authors))),
        journal=_line(entry.journal),
    )
    paragraphs = [_line(paragraph) for text in prose for paragraph in PARAGRAPH.split(text)]
    if not any(paragraphs):
        return clean
    told = Told("bibliography", **{field: getattr(clean, field) for field in DESCRIBED if field != "language"})
    source = replace(
        told_source(format, path, told),
        language=detect(" ".join(paragraphs)) or clean.language,
        date=clean.date if clean.date != UNDATED else replace(UNDATED, origin="bibliography"),
    )
    return replace(clean, prose=compose(map(Block, paragraphs), source))


def _line(words: str) -> str:
    """Return a field's words; what was made HTML on the way into the manager, and again on the way out, is undone."""
    return one_line(unescape(unescape(words)))


def says(entry: Entry, field: str) -> bool:
    """Say whether an entry gives a field; a date only where it can be placed in the calendar."""
    return entry.date.known if field == "date" else bool(getattr(entry, field))


def is_prose(note: str) -> bool:
    """Say whether a note is long enough to be worth reading again."""
    return count_words(note) >= PROSE_WORDS


def attached_files(field: str) -> tuple[str, ...]:
    r"""Return the paths in a field of attachments, as reference managers write them.

    >>> attached_files(r"Full Text:files/12/x.pdf:application/pdf; :C\:\\ana\\y.pdf:PDF;z.pdf")
    ('files/12/x.pdf', 'C:/ana/y.pdf', 'z.pdf')
    """
    return tuple(filter(None, map(_attached, SEPARATOR.split(field))))


def _attached(words: str) -> str:
    parts = COLON.split(words.strip())
    if len(parts) > 1 and KIND.fullmatch(parts[-1].strip()):
        parts = parts[1:-1] or parts[:1]
    return file_path(ESCAPED.sub(r"\1", ":".join(parts)))


def file_path(words: str) -> str:
    """Return a path as written, its slashes forward, without "file://"; empty for another address."""
    path = words.strip()
    if SCHEME.match(path):
        path = unquote(SCHEME.sub("", path, count=1))
    return "" if ADDRESS.match(path) else re.sub(r"[\\/]+", "/", path)
