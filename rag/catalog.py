"""SQLite as the truth of an index: files, documents, chunks, full text, and vectors by content hash.

Does not know Chroma, parse files or embed. One writer at a time; readers work beside it (write-ahead log). Everything
about one file changes in one transaction, so a kill leaves either the old state or the new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rag import fulltext, rows
from rag.holdings import Holdings
from rag.projection import Making
from rag.records import KEY_LENGTH, UNDATED, Excerpt, TimeLimits, excerpt_hash
from rag.rows import Counts, FileState, StoredChunk, chroma_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.embed import Vectors

__all__ = ["Catalog", "Counts", "FileState", "Making", "StoredChunk", "chroma_id"]

_JOINED = "FROM document CROSS JOIN current AS chunk ON chunk.document_id = document.id"
"""Crossing fixes the order: by date."""
JOINED = 4
"""Neighbouring chunks that one excerpt joins at most."""
DECIMALS = 6
"""Likeness is rounded before ranking, so that ties do not hang on the machine."""


class Catalog(Holdings):
    """What an index holds. Use as a context manager or call `close`."""

    _held: tuple[tuple[str, TimeLimits], list[int], Vectors] | None = None
    _listed: tuple[str, TimeLimits] | None = None
    _sized = ("none", 0, False)
    _put_together: str | None = None

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

    @property
    def total(self) -> int:
        """How many chunks there are to search."""
        return self._sizes()[0]

    def count_allowed(self, limits: TimeLimits) -> int:
        """Count the chunks the limits allow."""
        return self._count("SELECT count(*) FROM allowed") if self._allowed(limits) else self.total

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the best `k` chunks by BM25 among those the limits allow, with scores, best first."""
        return fulltext.match(self._db, query, language=language, k=k, among=self._allowed(limits))

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest by exact cosine among those the limits allow, best first, ties by key."""
        ids, numbers = self._allowed_vectors(limits)
        similarity = np.vecdot(numbers.reshape(-1, len(vector)), vector)  # row by row: @ starts threads, for nothing
        best = np.argsort(-np.round(similarity, DECIMALS), kind="stable")[:k]
        return [(ids[row], float(similarity[row])) for row in best]

    def ranked(self, cosines: Mapping[str, float], *, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the chunks that the vector store knows by these ids, but for those the limits forbid, with their
        cosines, best first, ties by key.
        """
        query = f"""
            SELECT chunk.id, key_hash, json_extract(named.value, '$[3]') FROM json_each(?) AS named
            CROSS JOIN current AS chunk ON document_id = json_extract(named.value, '$[0]')
            AND start = json_extract(named.value, '$[1]') AND "end" = json_extract(named.value, '$[2]')
            {_where("+chunk.id", self._allowed(limits))}"""  # noqa: S608 - constants; + keeps the order of the tables
        named = [(*rows.passage_of(id_), cosine) for id_, cosine in cosines.items()]
        found = self._db.execute(query, (rows.dump(named),)).fetchall()
        found.sort(key=lambda row: (-round(row[2], DECIMALS), row[1], row[0]))
        return [(id_, cosine) for id_, _, cosine in found]

    def _sizes(self) -> tuple[int, bool]:
        """Return how many chunks there are to search, and whether there are others, of another edition."""
        if self._sized[0] != self.generation:
            self._sized = (self.generation, self.count_chunks(), bool(self.other_editions()))
        return self._sized[1:]

    def _allowed(self, limits: TimeLimits) -> str:
        """Return the condition on a row number that keeps what the limits allow; empty where that is all there is.

        The row numbers lie in a table of this connection, read anew only where limits or index are others than before.
        """
        if not limits.limited and limits.allows(UNDATED) and not self._sizes()[1]:
            return ""
        state = (self.generation, limits)
        if self._listed != state:
            where, parameters = rows.allowed(limits)
            with self._change() as db:
                db.execute("CREATE TEMP TABLE IF NOT EXISTS allowed (id INTEGER PRIMARY KEY)")
                db.execute("DELETE FROM allowed")
                db.execute(f"INSERT INTO allowed SELECT chunk.id {_JOINED} WHERE true {where}", parameters)
            self._listed = state
        return "IN allowed"

    def _allowed_vectors(self, limits: TimeLimits) -> tuple[list[int], Vectors]:
        """Return the allowed chunks that have a vector, in the order of keys, and their vectors in one row of numbers.

        They are read anew only where the limits or the index are others than before.
        """
        state = (self.generation, limits)
        if self._held and self._held[0] == state:
            return self._held[1:]
        query = f"""
            SELECT chunk.id, value FROM current AS chunk LEFT JOIN vector ON hash = vector_hash
            {_where("chunk.id", self._allowed(limits))} ORDER BY key_hash, chunk.id"""  # noqa: S608 - a constant
        found = self._db.execute(query).fetchall()
        kept = [row for row in found if row[1]]
        ids, values = [id_ for id_, _ in kept], b"".join(value for _, value in kept)
        numbers = np.frombuffer(values, dtype=np.float32)
        self._held = (state, ids, numbers) if len(kept) == len(found) else None
        return ids, numbers

    # Excerpts

    def excerpts(self, ids: Sequence[int], *, limits: TimeLimits | None = None) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number, without those the limits forbid."""
        query = f"""
            SELECT key_hash, source, chunk.text, start, "end", heading_path, page, chunk.id
            FROM chunk JOIN document ON document.id = document_id WHERE chunk.id {rows.AMONG}"""  # noqa: S608 - a constant
        found = self._db.execute(query, (rows.dump(list(ids)),)).fetchall()
        keys = self._keys([row[0] for row in found])
        return {
            id_: Excerpt(keys[hash_], rows.source(source), text, start, end, tuple(rows.load(path)), page)
            for hash_, source, text, start, end, path, page, id_ in found
            if limits is None or limits.allows(rows.source(source).date)
        }

    def between(self, first: Excerpt, last: Excerpt) -> Excerpt | None:
        """Return the first excerpt reaching on to the last's end, with a key of its own; None where they are not of one
        document held here, or more than space lies between them.
        """
        whole = self._text(first.source.id)
        if first.source.id != last.source.id or last.start < first.end or not whole:
            return None
        return None if whole[first.end : last.start].strip() else self._reaching(first, last.end)

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts whose key hash begins so: none, one, or several where it is too short to tell them apart.

        Where no chunk has the key, it is sought among what `between` makes of up to `JOINED` neighbours. What is
        shorter than a key names nothing; a passage that stands twice in its document counts once.
        """
        if len(key) < KEY_LENGTH:
            return ()
        query = "SELECT min(id) FROM current WHERE key_hash >= ? AND key_hash < ? GROUP BY key_hash"
        found = self.excerpts([row[0] for row in self._db.execute(query, (key, key + "~"))])
        return tuple(sorted(found.values() or self._joined(key), key=lambda excerpt: excerpt.key))

    def _joined(self, key: str) -> list[Excerpt]:
        """Return the joined excerpts whose key hash begins so.

        All are put together for the first key that is asked for, and again when the index has changed.
        """
        if self._put_together != (generation := self.generation):
            with self._change() as db:
                db.execute(
                    "CREATE TEMP TABLE IF NOT EXISTS run (key_hash TEXT PRIMARY KEY, first INTEGER, stop INTEGER)"
                )
                db.execute("DELETE FROM run")
                db.executemany("INSERT OR IGNORE INTO run VALUES (?, ?, ?)", self._runs())
            self._put_together = generation
        query = "SELECT first, stop FROM run WHERE key_hash >= ? AND key_hash < ?"
        found = self._db.execute(query, (key, key + "~")).fetchall()
        firsts = self.excerpts([first for first, _ in found])
        return [self._reaching(firsts[first], stop) for first, stop in found]

    def _runs(self) -> Iterator[tuple[str, int, int]]:
        """Yield, for every run of chunks with space alone between them, its key hash, first row number, and end."""
        query = 'SELECT id, start, "end" FROM current WHERE document_id = ? ORDER BY start'
        for document_id, text in self._db.execute("SELECT id, text FROM document"):
            chunks = self._db.execute(query, (document_id,)).fetchall()
            for place, (id_, start, end) in enumerate(chunks):
                stop = end
                for _, after, next_stop in chunks[place + 1 : place + JOINED]:
                    if text[stop:after].strip():
                        break
                    stop = next_stop
                    yield excerpt_hash(document_id, text[start:stop]), id_, stop

    def _reaching(self, first: Excerpt, stop: int) -> Excerpt:
        """Return an excerpt that begins as the first does and reaches on to another end in its document."""
        text = self._text(first.source.id)[first.start : stop]
        hash_ = excerpt_hash(first.source.id, text)
        return replace(first, key=self._keys([hash_])[hash_], text=text, end=stop)

    def _text(self, document_id: str) -> str:
        """Return a document's text, empty where it is not held."""
        row = self._db.execute("SELECT text FROM document WHERE id = ?", (document_id,)).fetchone()
        return str(row[0]) if row else ""

    def _keys(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return by key hash its shortest beginning, of at least `KEY_LENGTH`, that no other passage shares: one letter
        more than it shares with its neighbours in the order of hashes.
        """
        query = """
            SELECT value, (SELECT max(key_hash) FROM current WHERE key_hash < value),
            (SELECT min(key_hash) FROM current WHERE key_hash > value) FROM json_each(?)"""
        found = self._db.execute(query, (rows.dump(list(hashes)),))
        return {
            hash_: hash_[: max(KEY_LENGTH, *(_shared(hash_, other or "") + 1 for other in neighbours))]
            for hash_, *neighbours in found
        }


def _shared(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _where(id_: str, allowed: str) -> str:
    """Return a condition on a row number as the whole of a `WHERE`, empty where there is none."""
    return f"WHERE {id_} {allowed}" if allowed else ""
