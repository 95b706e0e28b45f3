"""SQLite as the truth of an index: files, documents, chunks, full text, and vectors by content hash.

Does not know Chroma, parse files or embed. One writer at a time; readers work beside it (write-ahead log). Everything
about one file changes in one transaction, so a kill leaves either the old state or the new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rag import fulltext, rows
from rag.database import Database
from rag.records import KEY_LENGTH, UNDATED, Chunk, Document, Excerpt, Source, TimeLimits, excerpt_hash
from rag.rows import Counts, FileState, StoredChunk, chroma_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.embed import Vectors

    Cut = tuple[Document, Sequence[Chunk], Sequence[str]]

__all__ = ["Catalog", "Counts", "FileState", "StoredChunk", "chroma_id"]

_JOINED = "FROM document CROSS JOIN chunk ON chunk.document_id = document.id"  # crossing fixes the order: by date
_AMONG = "IN (SELECT value FROM json_each(?))"
DECIMALS = 6
"""Likeness is rounded before ranking, so that ties do not hang on the machine."""


class Catalog(Database):
    """What an index holds. Use as a context manager or call `close`."""

    _held: tuple[tuple[str, TimeLimits], list[int], Vectors] | None = None

    # Files and documents

    def files(self) -> dict[str, FileState]:
        """Return all files by path."""
        found = self._db.execute("SELECT path, size, mtime_ns, inode, sha256, state, reason FROM file ORDER BY path")
        return {row[0]: FileState(*row) for row in found}

    def put_file(self, file: FileState, documents: Sequence[Cut] = ()) -> None:
        """Replace what a file held: its documents, each with its chunks and their vectors' hashes.

        Of documents with one text the earliest dated stays.
        """
        first: dict[str, Cut] = {}
        for cut in sorted(documents, key=lambda cut: rows.precedence(cut[0].source)):
            first.setdefault(cut[0].source.id, cut)
        with self._change() as db:
            stale = self._forget_occurrences(file.path)
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", rows.file_row(file))
            for document, chunks, hashes in first.values():
                self._put_document(file.path, document, chunks, hashes)
            self._settle(stale | set(first))

    def remove_file(self, path: str) -> None:
        """Forget a file, and the documents that lie in no other."""
        with self._change() as db:
            stale = self._forget_occurrences(path)
            db.execute("DELETE FROM file WHERE path = ?", (path,))
            self._settle(stale)

    def move_file(self, old: str, file: FileState) -> None:
        """Give a file's documents the path it now has."""
        with self._change() as db:
            db.execute("DELETE FROM file WHERE path = ?", (old,))
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", rows.file_row(file))
            replaced = self._forget_occurrences(file.path) if file.path != old else set()
            moved = db.execute(
                "UPDATE occurrence SET path = ? WHERE path = ? RETURNING document_id", (file.path, old)
            ).fetchall()
            self._settle(replaced | {row[0] for row in moved})

    def _forget_occurrences(self, path: str) -> set[str]:
        forgotten = self._db.execute("DELETE FROM occurrence WHERE path = ? RETURNING document_id", (path,))
        return {row[0] for row in forgotten.fetchall()}

    def _put_document(self, path: str, document: Document, chunks: Sequence[Chunk], hashes: Sequence[str]) -> None:
        """Note that a file holds this text, and hold the text; cut anew where no other file holds it and its sections
        are others than before.
        """
        id_, source, layout = document.source.id, rows.source_row(document.source), rows.layout_row(document)
        elsewhere = self._db.execute("SELECT 1 FROM occurrence WHERE document_id = ?", (id_,)).fetchone()
        self._db.execute("INSERT INTO occurrence VALUES (?, ?, ?)", (path, id_, source))
        held = self._db.execute("SELECT sections, pages FROM document WHERE id = ?", (id_,)).fetchone()
        if held is not None and (elsewhere or held == layout):
            return
        self._discard_chunks(id_)
        row = (id_, source, document.text, *layout, None, None)
        self._db.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._put_chunks(chunks, hashes, language=document.source.language)

    def _put_chunks(self, chunks: Sequence[Chunk], hashes: Sequence[str], *, language: str) -> None:
        for chunk, vector_hash in zip(chunks, hashes, strict=True):
            key_hash = excerpt_hash(chunk.document_id, chunk.text)
            place = (chunk.document_id, chunk.start, chunk.end, rows.dump(chunk.heading_path), chunk.page)
            cursor = self._db.execute(
                'INSERT INTO chunk (document_id, start, "end", heading_path, page, text, key_hash, vector_hash)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*place, chunk.text, key_hash, vector_hash),
            )
            fulltext.put(self._db, cursor.lastrowid or 0, chunk.text, context=chunk.heading_path, language=language)

    def _settle(self, document_ids: set[str]) -> None:
        """Bring documents in line with where they occur: gone with their last file, else with all paths and the
        metadata of the earliest dated occurrence. What changed waits, so that the vector store learns of it.
        """
        self._advance()
        for id_ in sorted(document_ids):
            found = self._db.execute("SELECT path, source FROM occurrence WHERE document_id = ?", (id_,)).fetchall()
            if not found:
                self._discard_chunks(id_)
                self._db.execute("DELETE FROM document WHERE id = ?", (id_,))
                continue
            best = min((replace(rows.source(raw), paths=(path,)) for path, raw in found), key=rows.precedence)
            merged = rows.source_row(replace(best, paths=tuple(sorted(path for path, _ in found))))
            changed = self._db.execute(
                "UPDATE document SET source = ?, first = ?, last = ? WHERE id = ? AND (source != ? OR first IS NOT ?)",
                (merged, rows.day(best.date.first), rows.day(best.date.last), id_, merged, rows.day(best.date.first)),
            )
            if changed.rowcount:
                self._db.execute("UPDATE chunk SET stored = 0 WHERE document_id = ?", (id_,))

    def _discard_chunks(self, document_id: str) -> None:
        gone = self._db.execute(
            'DELETE FROM chunk WHERE document_id = ? RETURNING id, start, "end"', (document_id,)
        ).fetchall()
        fulltext.remove(self._db, [row[0] for row in gone])
        ids = [(chroma_id(document_id, start, end),) for _, start, end in gone]
        self._db.executemany("INSERT OR IGNORE INTO discarded VALUES (?)", ids)

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of ids."""
        ids = [row[0] for row in self._db.execute("SELECT id FROM document ORDER BY id")]
        for id_ in ids:
            yield self.document(id_)

    def sources(self) -> Iterator[Source]:
        """Yield every document's source in the order of ids, without its text."""
        for row in self._db.execute("SELECT source FROM document ORDER BY id"):
            yield rows.source(row[0])

    def document(self, document_id: str) -> Document:
        """Return a document by id; `KeyError` where there is none."""
        query = "SELECT source, text, sections, pages FROM document WHERE id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        if row is None:
            raise KeyError(document_id)
        return Document(rows.source(row[0]), row[1], *rows.layout(row[2], row[3]))

    def replace_chunks(self, document: Document, chunks: Sequence[Chunk], hashes: Sequence[str]) -> None:
        """Cut a held document anew."""
        with self._change():
            self._discard_chunks(document.source.id)
            self._put_chunks(chunks, hashes, language=document.source.language)
            self._advance()

    def counts(self) -> Counts:
        """Count what the index holds."""
        documents, undated = self._db.execute("SELECT count(*), count(*) - count(first) FROM document").fetchone()
        return Counts(documents, self.count_chunks(), undated)

    def count_chunks(self) -> int:
        """Count the chunks."""
        return int(self._db.execute("SELECT count(*) FROM chunk").fetchone()[0])

    # Keeping the vector store in step

    @property
    def generation(self) -> str:
        """What changes whenever chunks or the vector store do."""
        return self.setting("generation")

    def waiting(self, limit: int, *, embedded: bool = False) -> tuple[StoredChunk, ...]:
        """Return chunks the vector store does not hold yet, in a fixed order; on request those with a kept vector."""
        kept = "AND vector_hash IN (SELECT hash FROM vector)" if embedded else ""
        return self._chunks(f"WHERE stored = 0 {kept} ORDER BY id LIMIT ?", (limit,))

    def mark_stored(self, ids: Sequence[int]) -> None:
        """Note that the vector store holds these chunks."""
        with self._change() as db:
            db.executemany("UPDATE chunk SET stored = 1 WHERE id = ?", [(id_,) for id_ in ids])
            self._advance()

    def count_stored(self) -> int:
        """Count the chunks the vector store should hold."""
        return int(self._db.execute("SELECT count(*) FROM chunk WHERE stored = 1").fetchone()[0])

    def outermost_stored(self) -> tuple[StoredChunk, ...]:
        """Return the first and the last chunk the vector store should hold."""
        outermost = "SELECT min(id) FROM chunk WHERE stored = 1 UNION SELECT max(id) FROM chunk WHERE stored = 1"
        return self._chunks(f"WHERE id IN ({outermost})", ())

    def mark_all_waiting(self) -> None:
        """Note that the vector store holds nothing."""
        with self._change() as db:
            db.execute("UPDATE chunk SET stored = 0")
            db.execute("DELETE FROM discarded")
            self._advance()

    def discarded(self) -> tuple[str, ...]:
        """Return ids the vector store should no longer hold."""
        return tuple(row[0] for row in self._db.execute("SELECT chroma_id FROM discarded ORDER BY chroma_id"))

    def forget_discarded(self, ids: Sequence[str]) -> None:
        """Note that the vector store no longer holds these."""
        with self._change() as db:
            db.executemany("DELETE FROM discarded WHERE chroma_id = ?", [(id_,) for id_ in ids])
            self._advance()

    def _advance(self) -> None:
        number = int(self.generation or 0) + 1
        self._db.execute("INSERT OR REPLACE INTO setting VALUES ('generation', ?)", (number,))

    def _chunks(self, where: str, parameters: Sequence[Any]) -> tuple[StoredChunk, ...]:
        found = self._db.execute(f"SELECT {rows.CHUNK_COLUMNS} FROM chunk {where}", parameters)  # noqa: S608 - only constants and marks are put in
        return tuple(rows.stored_chunk(row) for row in found)

    # Vectors

    def vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Return the kept vectors among these."""
        query = f"SELECT hash, value FROM vector WHERE hash {_AMONG}"  # noqa: S608 - only constants and marks are put in
        found = self._db.execute(query, (rows.dump(list(hashes)),))
        return {hash_: np.frombuffer(value, dtype=np.float32) for hash_, value in found}

    def keep_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by hash, in one transaction."""
        kept = [(hash_, np.asarray(vector, dtype=np.float32).tobytes()) for hash_, vector in vectors.items()]
        with self._change() as db:
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", kept)

    # Search

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the best `k` chunks by BM25 among those the limits allow, with scores, best first."""
        where, parameters = rows.allowed(limits)
        return fulltext.match(self._db, query, language=language, k=k, where=where, parameters=parameters)

    def count_allowed(self, limits: TimeLimits) -> int:
        """Count the chunks the limits allow."""
        if not limits.limited and limits.allows(UNDATED):
            return self.count_chunks()
        where, parameters = rows.allowed(limits)
        return int(self._db.execute(f"SELECT count(*) {_JOINED} WHERE true {where}", parameters).fetchone()[0])

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest by exact cosine among those the limits allow, best first, ties by key."""
        ids, numbers = self._allowed_vectors(limits)
        similarity = numbers.reshape(-1, len(vector)) @ vector
        best = np.argsort(-np.round(similarity, DECIMALS), kind="stable")[:k]
        return [(ids[row], float(similarity[row])) for row in best]

    def _allowed_vectors(self, limits: TimeLimits) -> tuple[list[int], Vectors]:
        """Return the allowed chunks that have a vector, in the order of keys, and their vectors in one row of numbers.

        They are read anew only where the limits or the index are others than before.
        """
        state = (self.generation, limits)
        if self._held and self._held[0] == state:
            return self._held[1:]
        where, parameters = rows.allowed(limits)
        query = f"SELECT key_hash, chunk.id, value {_JOINED} LEFT JOIN vector ON hash = vector_hash WHERE true {where}"
        found = self._db.execute(query, parameters).fetchall()
        kept = sorted((row for row in found if row[2]), key=lambda row: row[:2])
        ids, values = [id_ for _, id_, _ in kept], b"".join(value for _, _, value in kept)
        numbers = np.frombuffer(values, dtype=np.float32)
        self._held = (state, ids, numbers) if len(kept) == len(found) else None
        return ids, numbers

    def ids_of(self, chroma_ids: Sequence[str]) -> dict[str, int]:
        """Return the row numbers of passages by the ids the vector store knows them by."""
        query = 'SELECT id FROM chunk WHERE document_id = ? AND start = ? AND "end" = ?'
        found = ((id_, self._db.execute(query, rows.passage_of(id_)).fetchone()) for id_ in chroma_ids)
        return {id_: row[0] for id_, row in found if row}

    def excerpts(self, ids: Sequence[int], *, limits: TimeLimits | None = None) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number, without those the limits forbid."""
        stored = self._chunks(f"WHERE id {_AMONG}", (rows.dump(list(ids)),))
        query = f"SELECT id, source FROM document WHERE id {_AMONG}"  # noqa: S608 - a constant
        found = self._db.execute(query, (rows.dump([one.chunk.document_id for one in stored]),))
        sources = {id_: rows.source(raw) for id_, raw in found}
        return {
            one.id: self._excerpt(one.chunk, sources[one.chunk.document_id])
            for one in stored
            if limits is None or limits.allows(sources[one.chunk.document_id].date)
        }

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts whose key hash begins so: none, one, or several where it is too short to tell them apart.

        What is shorter than a key names nothing; a passage that stands twice in its document counts once.
        """
        if len(key) < KEY_LENGTH:
            return ()
        query = "SELECT min(id) FROM chunk WHERE key_hash >= ? AND key_hash < ? GROUP BY key_hash"
        found = self.excerpts([row[0] for row in self._db.execute(query, (key, key + "~"))])
        return tuple(sorted(found.values(), key=lambda excerpt: excerpt.key))

    def _excerpt(self, chunk: Chunk, source: Source) -> Excerpt:
        key = self._key(excerpt_hash(chunk.document_id, chunk.text))
        return Excerpt(key, source, chunk.text, chunk.start, chunk.end, chunk.heading_path, chunk.page)

    def _key(self, whole: str) -> str:
        """Return the shortest beginning of a key hash, of at least `KEY_LENGTH`, that no other passage shares."""
        query = "SELECT 1 FROM chunk WHERE key_hash >= ? AND key_hash < ? AND key_hash != ? LIMIT 1"
        for length in range(KEY_LENGTH, len(whole)):
            if not self._db.execute(query, (whole[:length], whole[:length] + "~", whole)).fetchone():
                return whole[:length]
        return whole
