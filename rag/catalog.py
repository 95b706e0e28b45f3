"""SQLite as the truth of an index: files, documents, chunks, full text, and vectors by content hash.

Does not know Chroma, parse files or embed. One writer at a time; readers work beside it (write-ahead log). Everything
about one file changes in one transaction, so a kill leaves either the old state or the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag import fulltext, rows
from rag.holdings import Holdings
from rag.projection import Making
from rag.records import KEY_LENGTH, UNDATED, Chunk, Excerpt, Source, TimeLimits, excerpt_hash
from rag.rows import Counts, FileState, StoredChunk, chroma_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.embed import Vectors

__all__ = ["Catalog", "Counts", "FileState", "Making", "StoredChunk", "chroma_id"]

_JOINED = "FROM document CROSS JOIN current AS chunk ON chunk.document_id = document.id"
"""Crossing fixes the order: by date."""
DECIMALS = 6
"""Likeness is rounded before ranking, so that ties do not hang on the machine."""


class Catalog(Holdings):
    """What an index holds. Use as a context manager or call `close`."""

    _held: tuple[tuple[str, TimeLimits], list[int], Vectors] | None = None

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
