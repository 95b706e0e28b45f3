"""Records ↔ rows of the catalog: its tables, what a row of them is as a value, and time limits as a condition in SQL.

Does not open a database. Source, Entry, FileState → columns; columns → Source, Entry, StoredChunk.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.codec import dumps, loads
from rag.records import UNDATED, Chunk, PublicationDate, Section, Source, TimeLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.read.entries import Entry
    from rag.records import Document

SCHEMA_VERSION = "2"

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, sha256 TEXT, state TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS document (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, text TEXT NOT NULL, sections TEXT NOT NULL, pages TEXT NOT NULL,
    first TEXT, last TEXT);
CREATE INDEX IF NOT EXISTS document_dates ON document (first, last, id);
CREATE TABLE IF NOT EXISTS occurrence (
    path TEXT NOT NULL, document_id TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (path, document_id));
CREATE INDEX IF NOT EXISTS occurrence_of ON occurrence (document_id);
CREATE TABLE IF NOT EXISTS entry (path TEXT, number INTEGER, entry TEXT NOT NULL, PRIMARY KEY (path, number));
CREATE TABLE IF NOT EXISTS said (document_id TEXT PRIMARY KEY, entries TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chunk (
    id INTEGER PRIMARY KEY, edition INTEGER NOT NULL, document_id TEXT NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, heading_path TEXT NOT NULL, page INTEGER, text TEXT NOT NULL, key_hash TEXT NOT NULL,
    vector_hash TEXT NOT NULL, stored INTEGER NOT NULL DEFAULT 0, UNIQUE (document_id, edition, start));
CREATE INDEX IF NOT EXISTS chunk_key ON chunk (edition, key_hash);
CREATE INDEX IF NOT EXISTS chunk_stored ON chunk (edition, stored);
CREATE VIEW IF NOT EXISTS current AS
    SELECT * FROM chunk
    WHERE edition = coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'edition'), 1);
CREATE TABLE IF NOT EXISTS discarded (chroma_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS vector (hash TEXT PRIMARY KEY, value BLOB NOT NULL);
"""

AMONG = "IN (SELECT value FROM json_each(?))"
STALE = 2
"""What `stored` says of a chunk that the vector store holds with metadata of before; 1: it holds it, 0: not."""
FILE_COLUMNS = "path, size, mtime_ns, inode, sha256, state, reason"
CHUNK_COLUMNS = 'id, document_id, start, "end", text, heading_path, page, vector_hash'


class FileState(NamedTuple):
    """A file as it was when last read. `state` is read, failed or skipped, with the `reason` of the last two.

    A tuple, since an index of 10,000 files makes 10,000 of them to see that nothing changed.
    """

    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    state: str = "read"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its row number and the hash its vector is kept under."""

    id: int
    chunk: Chunk
    vector_hash: str

    @property
    def chroma_id(self) -> str:
        """The chunk's id in the vector store: the same for the same passage of the same text."""
        return chroma_id(self.chunk.document_id, self.chunk.start, self.chunk.end)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an index holds."""

    documents: int
    chunks: int
    undated: int


def chroma_id(document_id: str, start: int, end: int) -> str:
    """Return the id under which the vector store holds a passage."""
    return f"{document_id}:{start}-{end}"


def passage_of(chroma_id: str) -> tuple[str, int, int]:
    """Return the document id, start and end that `chroma_id` names.

    >>> passage_of(chroma_id("3f9a", 10, 25))
    ('3f9a', 10, 25)
    """
    document_id, _, span = chroma_id.partition(":")
    start, _, end = span.partition("-")
    return document_id, int(start), int(end)


def stored_chunk(row: tuple[Any, ...]) -> StoredChunk:
    """Return a chunk from its `CHUNK_COLUMNS`."""
    id_, document_id, start, end, text, heading_path, page, vector_hash = row
    return StoredChunk(id_, Chunk(document_id, start, end, text, tuple(json.loads(heading_path)), page), vector_hash)


def layout_row(document: Document) -> tuple[str, str]:
    """Return a document's sections and pages as their columns."""
    return dump([(section.start, section.level, section.title) for section in document.sections]), dump(document.pages)


def layout(sections: str, pages: str) -> tuple[tuple[Section, ...], tuple[int, ...]]:
    """Return a document's sections and pages from their columns."""
    return tuple(Section(*section) for section in json.loads(sections)), tuple(json.loads(pages))


def source_row(source: Source) -> str:
    """Return a source as its column."""
    return dump(asdict(source))


@lru_cache(maxsize=1024)
def source(row: str) -> Source:
    """Return a source from its column."""
    raw = json.loads(row)
    raw |= {name: _published(raw[name]) for name in ("date", "updated", "republished")}
    raw["retrieved"] = date.fromisoformat(raw["retrieved"]) if raw["retrieved"] else None
    raw["origins"] = tuple((field, place) for field, place in raw["origins"])
    return Source(**raw | {"paths": tuple(raw["paths"]), "authors": tuple(raw["authors"])})


def entry_row(entry: Entry) -> str:
    """Return what a bibliography or sidecar says of one source as its column."""
    return dumps(entry)


def entry(row: str) -> Entry:
    """Return an entry from its column."""
    from rag.read.entries import Entry  # with all readers, which searching does not need

    return loads(Entry, row)


def entries_row(entries: Sequence[Entry]) -> str:
    """Return what is said of one document as its column."""
    return dumps(tuple(entries))


def entries(row: str) -> tuple[Entry, ...]:
    """Return what is said of one document from its column."""
    from rag.read.entries import Entry  # as above

    return loads(tuple[Entry, ...], row)


def day(value: date | None) -> str | None:
    """Return a day as its column; in ISO form days sort as text does."""
    return value.isoformat() if value else None


def dump(value: object) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def load(value: str) -> list[Any]:
    """Return a list from JSON."""
    return list(json.loads(value))


def allowed(limits: TimeLimits) -> tuple[str, tuple[str, ...]]:
    """Return the limits as a further condition on `document`, with its parameters: what `TimeLimits.allows` says."""
    bounds = (
        (limits.since, "document.last >= ?"),
        (limits.until, "document.first <= ?"),
        (limits.as_of, "document.last <= ?"),
    )
    set_ = [(bound.isoformat(), condition) for bound, condition in bounds if bound is not None]
    dated = " AND ".join(["document.first IS NOT NULL", *(condition for _, condition in set_)])
    undated = " OR document.first IS NULL" if limits.allows(UNDATED) else ""
    return f" AND ({dated}{undated})", tuple(bound for bound, _ in set_)


def _published(raw: dict[str, Any]) -> PublicationDate:
    days = {name: date.fromisoformat(raw[name]) for name in ("first", "last", "resolved_against") if raw[name]}
    return PublicationDate(**raw | days)
