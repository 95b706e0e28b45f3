"""SQLite as the truth of an index: files, documents, chunks, full text, and vectors by content hash.

Does not know Chroma, parse files or embed. One writer at a time; readers work beside it (write-ahead log). Everything
about one file changes in one transaction, so a kill leaves either the old state or the new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag import fulltext, rows
from rag.occurrences import merge_occurrences
from rag.projection import Making, Projection
from rag.records import KEY_LENGTH, UNDATED, Chunk, Document, Excerpt, Source, TimeLimits, excerpt_hash
from rag.rows import Counts, FileState, StoredChunk, chroma_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.embed import Vectors

    Cut = tuple[Document, Sequence[Chunk], Sequence[str]]

__all__ = ["Catalog", "Counts", "FileState", "Making", "StoredChunk", "chroma_id"]

_JOINED = "FROM document CROSS JOIN current AS chunk ON chunk.document_id = document.id"
"""Crossing fixes the order: by date."""
DECIMALS = 6
"""Likeness is rounded before ranking, so that ties do not hang on the machine."""


class Catalog(Projection):
    """What an index holds. Use as a context manager or call `close`."""

    _held: tuple[tuple[str, TimeLimits], list[int], Vectors] | None = None

    # Files and documents

    def files(self) -> dict[str, FileState]:
        """Return all files by path."""
        found = self._db.execute("SELECT path, size, mtime_ns, inode, sha256, state, reason FROM file ORDER BY path")
        return {row[0]: FileState(*row) for row in found}

    def unread(self) -> tuple[FileState, ...]:
        """Return the files that failed or were skipped, by path."""
        query = (
            "SELECT path, size, mtime_ns, inode, sha256, state, reason FROM file WHERE state != 'read' ORDER BY path"
        )
        return tuple(FileState(*row) for row in self._db.execute(query))

    def put_file(self, file: FileState, documents: Sequence[Cut] = ()) -> None:
        """Replace what a file held: its documents, each with its chunks and their vectors' hashes.

        Documents of one text are one, with the dates of all.
        """
        first: dict[str, Cut] = {}
        for document, chunks, hashes in documents:
            held = first.setdefault(document.source.id, (document, chunks, hashes))[0]
            source = merge_occurrences((held.source, document.source))
            first[source.id] = (replace(held, source=source), *first[source.id][1:])
        with self._change() as db:
            stale = self._forget_occurrences(file.path)
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", file)
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
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", file)
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
        self._put_chunks(chunks, hashes, language=document.source.language, edition=self.edition)

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
            best = merge_occurrences([replace(rows.source(raw), paths=(path,)) for path, raw in found])
            merged = rows.source_row(best)
            changed = self._db.execute(
                "UPDATE document SET source = ?, first = ?, last = ? WHERE id = ? AND (source != ? OR first IS NOT ?)",
                (merged, rows.day(best.date.first), rows.day(best.date.last), id_, merged, rows.day(best.date.first)),
            )
            if changed.rowcount:
                self._db.execute("UPDATE chunk SET stored = 2 WHERE document_id = ? AND stored = 1", (id_,))

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

    def counts(self) -> Counts:
        """Count what the index holds."""
        documents, undated = self._db.execute("SELECT count(*), count(*) - count(first) FROM document").fetchone()
        return Counts(documents, self.count_chunks(), undated)

    # Vectors

    def vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Return the kept vectors among these."""
        query = f"SELECT hash, value FROM vector WHERE hash {rows.AMONG}"  # noqa: S608 - only constants and marks are put in
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
        query = 'SELECT id FROM current WHERE document_id = ? AND start = ? AND "end" = ?'
        found = ((id_, self._db.execute(query, rows.passage_of(id_)).fetchone()) for id_ in chroma_ids)
        return {id_: row[0] for id_, row in found if row}

    def excerpts(self, ids: Sequence[int], *, limits: TimeLimits | None = None) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number, without those the limits forbid."""
        stored = self._chunks(f"FROM chunk WHERE id {rows.AMONG}", (rows.dump(list(ids)),))
        query = f"SELECT id, source FROM document WHERE id {rows.AMONG}"  # noqa: S608 - a constant
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
        query = "SELECT min(id) FROM current WHERE key_hash >= ? AND key_hash < ? GROUP BY key_hash"
        found = self.excerpts([row[0] for row in self._db.execute(query, (key, key + "~"))])
        return tuple(sorted(found.values(), key=lambda excerpt: excerpt.key))

    def _excerpt(self, chunk: Chunk, source: Source) -> Excerpt:
        key = self._key(excerpt_hash(chunk.document_id, chunk.text))
        return Excerpt(key, source, chunk.text, chunk.start, chunk.end, chunk.heading_path, chunk.page)

    def _key(self, whole: str) -> str:
        """Return the shortest beginning of a key hash, of at least `KEY_LENGTH`, that no other passage shares."""
        query = "SELECT 1 FROM current WHERE key_hash >= ? AND key_hash < ? AND key_hash != ? LIMIT 1"
        for length in range(KEY_LENGTH, len(whole)):
            if not self._db.execute(query, (whole[:length], whole[:length] + "~", whole)).fetchone():
                return whole[:length]
        return whole
