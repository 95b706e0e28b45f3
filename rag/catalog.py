"""SQLite as the truth of an index: files, documents, chunks, full text, and vectors by content hash.

Does not know Chroma, parse files or embed. One writer at a time; readers work beside it (write-ahead log). Everything
about one file changes in one transaction, so a kill leaves either the old state or the new one.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from rag import fulltext
from rag.errors import IndexFault
from rag.records import (
    KEY_LENGTH,
    Chunk,
    Document,
    Excerpt,
    PublicationDate,
    Section,
    Source,
    TimeLimits,
    excerpt_hash,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.embed import Vectors

SCHEMA_VERSION = "1"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, sha256 TEXT, state TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS document (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, text TEXT NOT NULL, sections TEXT NOT NULL, pages TEXT NOT NULL,
    first TEXT, last TEXT);
CREATE TABLE IF NOT EXISTS occurrence (
    path TEXT NOT NULL, document_id TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (path, document_id));
CREATE INDEX IF NOT EXISTS occurrence_of ON occurrence (document_id);
CREATE TABLE IF NOT EXISTS chunk (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading_path TEXT NOT NULL, page INTEGER, text TEXT NOT NULL, key_hash TEXT NOT NULL, vector_hash TEXT NOT NULL,
    stored INTEGER NOT NULL DEFAULT 0, UNIQUE (document_id, start));
CREATE INDEX IF NOT EXISTS chunk_key ON chunk (key_hash);
CREATE INDEX IF NOT EXISTS chunk_waiting ON chunk (stored) WHERE stored = 0;
CREATE TABLE IF NOT EXISTS discarded (chroma_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS vector (hash TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when last read. `state` is read, failed or skipped, with the `reason` of the last two."""

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


class Catalog:
    """One SQLite file (or memory, where `path` is None). Use as a context manager or call `close`."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._db = sqlite3.connect(path or ":memory:", timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA + fulltext.SCHEMA)
        except sqlite3.Error as error:
            raise IndexFault(
                f"{path}: the catalog cannot be opened ({error}); see that the folder is writable"
            ) from error
        version = self.setting("schema") or SCHEMA_VERSION
        if version != SCHEMA_VERSION:
            raise IndexFault(f"{path}: made by another version (schema {version}); remove the index and run: rag index")
        self.set_setting("schema", SCHEMA_VERSION)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    # Settings

    def setting(self, name: str) -> str:
        """Return a setting of the index, empty where it was never set."""
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting of the index."""
        if self.setting(name) != value:
            with self._db:
                self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # Files and documents

    def files(self) -> dict[str, FileState]:
        """Return all files by path."""
        rows = self._db.execute("SELECT path, size, mtime_ns, inode, sha256, state, reason FROM file ORDER BY path")
        return {row[0]: FileState(*row) for row in rows}

    def put_file(
        self, file: FileState, documents: Sequence[tuple[Document, Sequence[Chunk], Sequence[str]]] = ()
    ) -> None:
        """Replace what a file held: its documents, each with its chunks and their vectors' hashes."""
        with self._db:
            stale = self._forget_occurrences(file.path)
            self._db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(_values(file)))
            for document, chunks, hashes in documents:
                self._put_document(file.path, document, chunks, hashes)
            self._settle(stale | {document.source.id for document, _, _ in documents})

    def remove_file(self, path: str) -> None:
        """Forget a file, and the documents that lie in no other."""
        with self._db:
            stale = self._forget_occurrences(path)
            self._db.execute("DELETE FROM file WHERE path = ?", (path,))
            self._settle(stale)

    def move_file(self, old: str, file: FileState) -> None:
        """Give a file's documents the path it now has."""
        with self._db:
            moved = {row[0] for row in self._db.execute("SELECT document_id FROM occurrence WHERE path = ?", (old,))}
            self._db.execute("DELETE FROM file WHERE path = ?", (old,))
            self._db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(_values(file)))
            self._db.execute("UPDATE OR REPLACE occurrence SET path = ? WHERE path = ?", (file.path, old))
            self._settle(moved)

    def _forget_occurrences(self, path: str) -> set[str]:
        rows = self._db.execute("DELETE FROM occurrence WHERE path = ? RETURNING document_id", (path,)).fetchall()
        return {row[0] for row in rows}

    def _put_document(self, path: str, document: Document, chunks: Sequence[Chunk], hashes: Sequence[str]) -> None:
        source = document.source
        self._db.execute("INSERT OR REPLACE INTO occurrence VALUES (?, ?, ?)", (path, source.id, _dump(asdict(source))))
        if self._db.execute("SELECT 1 FROM document WHERE id = ?", (source.id,)).fetchone():
            return
        sections = _dump([(s.start, s.level, s.title) for s in document.sections])
        row = (source.id, _dump(asdict(source)), document.text, sections, _dump(document.pages), None, None)
        self._db.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._put_chunks(chunks, hashes, language=source.language)

    def _put_chunks(self, chunks: Sequence[Chunk], hashes: Sequence[str], *, language: str) -> None:
        for chunk, vector_hash in zip(chunks, hashes, strict=True):
            key_hash = excerpt_hash(chunk.document_id, chunk.text)
            row = (chunk.document_id, chunk.start, chunk.end, _dump(chunk.heading_path), chunk.page, chunk.text)
            cursor = self._db.execute(
                'INSERT INTO chunk (document_id, start, "end", heading_path, page, text, key_hash, vector_hash)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, key_hash, vector_hash),
            )
            fulltext.put(self._db, cursor.lastrowid or 0, chunk.text, context=chunk.heading_path, language=language)

    def _settle(self, document_ids: set[str]) -> None:
        """Bring documents in line with where they occur: gone with their last file, else with all paths and the
        metadata of the earliest dated occurrence.
        """
        for id_ in sorted(document_ids):
            rows = self._db.execute("SELECT path, source FROM occurrence WHERE document_id = ?", (id_,)).fetchall()
            if not rows:
                self._discard_chunks(id_)
                self._db.execute("DELETE FROM document WHERE id = ?", (id_,))
                continue
            sources = [replace(_source(json.loads(raw)), paths=(path,)) for path, raw in rows]
            best = min(sources, key=lambda source: (not source.date.known, str(source.date), source.paths))
            merged = replace(best, paths=tuple(sorted(source.paths[0] for source in sources)))
            self._db.execute(
                "UPDATE document SET source = ?, first = ?, last = ? WHERE id = ?",
                (_dump(asdict(merged)), _iso(merged.date.first), _iso(merged.date.last), id_),
            )

    def _discard_chunks(self, document_id: str) -> None:
        rows = self._db.execute(
            'DELETE FROM chunk WHERE document_id = ? RETURNING id, start, "end"', (document_id,)
        ).fetchall()
        fulltext.remove(self._db, [row[0] for row in rows])
        gone = [(chroma_id(document_id, start, end),) for _, start, end in rows]
        self._db.executemany("INSERT OR IGNORE INTO discarded VALUES (?)", gone)

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of ids."""
        ids = [row[0] for row in self._db.execute("SELECT id FROM document ORDER BY id")]
        for id_ in ids:
            yield self.document(id_)

    def document(self, document_id: str) -> Document:
        """Return a document by id; `KeyError` where there is none."""
        row = self._db.execute(
            "SELECT source, text, sections, pages FROM document WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            raise KeyError(document_id)
        sections = tuple(Section(*section) for section in json.loads(row[2]))
        return Document(_source(json.loads(row[0])), row[1], sections, tuple(json.loads(row[3])))

    def replace_chunks(self, document: Document, chunks: Sequence[Chunk], hashes: Sequence[str]) -> None:
        """Cut a held document anew."""
        with self._db:
            self._discard_chunks(document.source.id)
            self._put_chunks(chunks, hashes, language=document.source.language)

    def counts(self) -> Counts:
        """Count what the index holds."""
        documents, undated = self._db.execute("SELECT count(*), count(*) - count(first) FROM document").fetchone()
        return Counts(documents, self._db.execute("SELECT count(*) FROM chunk").fetchone()[0], undated)

    # Keeping the vector store in step

    def waiting(self, limit: int) -> tuple[StoredChunk, ...]:
        """Return chunks the vector store does not hold yet, in a fixed order."""
        return self._chunks("WHERE stored = 0 ORDER BY id LIMIT ?", (limit,))

    def mark_stored(self, ids: Sequence[int]) -> None:
        """Note that the vector store holds these chunks."""
        with self._db:
            self._db.executemany("UPDATE chunk SET stored = 1 WHERE id = ?", [(id_,) for id_ in ids])

    def count_stored(self) -> int:
        """Count the chunks the vector store should hold."""
        return int(self._db.execute("SELECT count(*) FROM chunk WHERE stored = 1").fetchone()[0])

    def mark_all_waiting(self) -> None:
        """Note that the vector store holds nothing."""
        with self._db:
            self._db.execute("UPDATE chunk SET stored = 0")
            self._db.execute("DELETE FROM discarded")

    def discarded(self) -> tuple[str, ...]:
        """Return ids the vector store should no longer hold."""
        return tuple(row[0] for row in self._db.execute("SELECT chroma_id FROM discarded ORDER BY chroma_id"))

    def forget_discarded(self, ids: Sequence[str]) -> None:
        """Note that the vector store no longer holds these."""
        with self._db:
            self._db.executemany("DELETE FROM discarded WHERE chroma_id = ?", [(id_,) for id_ in ids])

    def _chunks(self, where: str, parameters: Sequence[Any]) -> tuple[StoredChunk, ...]:
        columns = 'id, document_id, start, "end", text, heading_path, page, vector_hash'
        rows = self._db.execute(f"SELECT {columns} FROM chunk {where}", parameters)  # noqa: S608 - `where` is ours
        return tuple(
            StoredChunk(row[0], Chunk(row[1], row[2], row[3], row[4], tuple(json.loads(row[5])), row[6]), row[7])
            for row in rows
        )

    # Vectors

    def vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Return the kept vectors among these."""
        marks = _marks(hashes)
        rows = self._db.execute(f"SELECT hash, value FROM vector WHERE hash IN ({marks})", tuple(hashes))  # noqa: S608 - marks only
        return {hash_: np.frombuffer(value, dtype=np.float32) for hash_, value in rows}

    def keep_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by hash, in one transaction."""
        with self._db:
            rows = [(hash_, np.asarray(vector, dtype=np.float32).tobytes()) for hash_, vector in vectors.items()]
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    # Search

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the best `k` chunks by BM25 among those the limits allow, with scores, best first."""
        where, parameters = _allowed(limits)
        return fulltext.match(self._db, query, language=language, k=k, where=where, parameters=parameters)

    def count_allowed(self, limits: TimeLimits) -> int:
        """Count the chunks the limits allow."""
        where, parameters = _allowed(limits)
        return int(self._db.execute(f"SELECT count(*) {_JOINED} WHERE true {where}", parameters).fetchone()[0])

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest by exact cosine among those the limits allow, best first, ties by id."""
        where, parameters = _allowed(limits)
        query = (
            f"SELECT chunk.id, value {_JOINED} JOIN vector ON vector.hash = vector_hash WHERE true {where} ORDER BY 1"
        )
        rows = self._db.execute(query, parameters).fetchall()
        if not rows:
            return []
        matrix = np.frombuffer(b"".join(value for _, value in rows), dtype=np.float32).reshape(len(rows), -1)
        similarity = matrix @ vector
        best = np.argsort(-similarity, kind="stable")[:k]
        return [(rows[i][0], float(similarity[i])) for i in best]

    def ids_of(self, chroma_ids: Sequence[str]) -> dict[str, int]:
        """Return the row numbers of passages by the ids the vector store knows them by."""
        found = {}
        for id_ in chroma_ids:
            document, _, span = id_.partition(":")
            query = "SELECT id FROM chunk WHERE document_id = ? AND start = ?"
            if row := self._db.execute(query, (document, int(span.partition("-")[0]))).fetchone():
                found[id_] = row[0]
        return found

    def excerpts(self, ids: Sequence[int], *, limits: TimeLimits | None = None) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number, without those the limits forbid."""
        excerpts = {}
        sources: dict[str, Source] = {}
        for stored in self._chunks(f"WHERE id IN ({_marks(ids)})", ids):
            chunk = stored.chunk
            source = sources.setdefault(chunk.document_id, self.source(chunk.document_id))
            if limits is None or limits.allows(source.date):
                key = self._key(excerpt_hash(chunk.document_id, chunk.text))
                place = (chunk.text, chunk.start, chunk.end, chunk.heading_path, chunk.page)
                excerpts[stored.id] = Excerpt(key, source, *place)
        return excerpts

    def source(self, document_id: str) -> Source:
        """Return a held document's source."""
        return _source(
            json.loads(self._db.execute("SELECT source FROM document WHERE id = ?", (document_id,)).fetchone()[0])
        )

    def _key(self, whole: str) -> str:
        """Return the shortest beginning of a key hash, of at least `KEY_LENGTH`, that no other passage shares."""
        for length in range(KEY_LENGTH, len(whole)):
            query = "SELECT 1 FROM chunk WHERE key_hash >= ? AND key_hash < ? AND key_hash != ? LIMIT 1"
            if not self._db.execute(query, (whole[:length], whole[:length] + "~", whole)).fetchone():
                return whole[:length]
        return whole


_JOINED = "FROM chunk JOIN document ON document.id = chunk.document_id"


def _allowed(limits: TimeLimits) -> tuple[str, tuple[str, ...]]:
    """Write the limits as SQL: they mean what `TimeLimits.allows` says."""
    conditions, parameters = [], []
    for day, condition in (
        (limits.since, "document.last >= ?"),
        (limits.until, "document.first <= ?"),
        (limits.as_of, "document.last <= ?"),
    ):
        if day is not None:
            conditions.append(condition)
            parameters.append(day.isoformat())
    dated = " AND ".join(conditions) or "true"
    undated = "document.first IS NULL" if limits.allows(PublicationDate()) else "false"
    return f" AND ({undated} OR (document.first IS NOT NULL AND {dated}))", tuple(parameters)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _values(file: FileState) -> Iterable[object]:
    return (file.path, file.size, file.mtime_ns, file.inode, file.sha256, file.state, file.reason)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _source(raw: dict[str, Any]) -> Source:
    raw["date"], raw["updated"] = _published(raw["date"]), _published(raw["updated"])
    raw["retrieved"] = date.fromisoformat(raw["retrieved"]) if raw["retrieved"] else None
    return Source(**raw | {"paths": tuple(raw["paths"]), "authors": tuple(raw["authors"])})


def _published(raw: dict[str, Any]) -> PublicationDate:
    days = {name: date.fromisoformat(raw[name]) for name in ("first", "last", "resolved_against") if raw[name]}
    return PublicationDate(**raw | days)
