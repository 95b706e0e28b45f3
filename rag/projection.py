"""What the vector store is to hold: which chunks it has, which wait, which it must let go; and the next edition.

An *edition* is all chunks as one embedder and one way of cutting made them. Searching sees the current one; another is
cut and embedded beside it and becomes current in one step, when it is whole. Does not know Chroma, does not embed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag import fulltext, rows
from rag.database import Database
from rag.language import tell
from rag.records import excerpt_hash
from rag.rows import StoredChunk, chroma_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.records import Chunk

DROPPED_AT_ONCE = 2_000
"""Chunks of an old edition deleted in one transaction, so that others get their turn to write."""


_LOST = "FROM chunk WHERE stored > 0 AND NOT EXISTS (SELECT 1 FROM vector WHERE hash = vector_hash)"


@dataclass(frozen=True, slots=True)
class Making:
    """How an edition's chunks and vectors are made: the embedder's name as asked for, its fingerprint, and the way of
    cutting. Two of one fingerprint and one cut make the same.
    """

    embedder: str = ""
    fingerprint: str = ""
    cut: str = ""

    @property
    def identity(self) -> str:
        """What two makings of the same chunks and vectors share."""
        return rows.dump([self.fingerprint, self.cut])


class Projection(Database):
    """The chunks of a catalog as the vector store is to hold them."""

    # Editions

    @property
    def edition(self) -> int:
        """The number of the edition that is searched."""
        return int(self.setting("edition") or 1)

    @property
    def making(self) -> Making:
        """How the current edition is made; its fields are empty in a new index."""
        return Making(self.setting("embedder"), self.setting("fingerprint"), self.setting("cut"))

    @property
    def generation(self) -> str:
        """What changes whenever chunks or the vector store do."""
        return self.setting("generation")

    def begin_edition(self, making: Making) -> int:
        """Begin the next edition, or go on with it where it was begun so; one begun otherwise is dropped."""
        number = self.edition + 1
        if self.begun is None or self.begun.identity != making.identity:
            self.drop_edition(number)
        self.set_setting("next", rows.dump([making.embedder, making.fingerprint, making.cut]))
        return number

    @property
    def begun(self) -> Making | None:
        """How the next edition is made, where one was begun and is not whole."""
        return Making(*json.loads(self.setting("next"))) if self.setting("next") else None

    def switch_edition(self, number: int, making: Making) -> None:
        """Make an edition the current one."""
        with self._change():
            if number != self.edition:
                self._db.execute("DELETE FROM discarded")  # they were the old one's
            settings = {"edition": str(number), "next": "", "embedder": making.embedder}
            for name, value in (settings | {"fingerprint": making.fingerprint, "cut": making.cut}).items():
                self._set(name, value)
            self._advance()

    def drop_edition(self, number: int) -> None:
        """Delete an edition's chunks. Their vectors stay, should it be wanted again."""
        query = "SELECT id FROM chunk WHERE edition = ? LIMIT ?"
        while gone := self._db.execute(query, (number, DROPPED_AT_ONCE)).fetchall():
            with self._change() as db:
                db.executemany("DELETE FROM chunk WHERE id = ?", gone)
                fulltext.remove(db, [row[0] for row in gone])

    def forget_next(self) -> None:
        """Give up the next edition; `drop_edition` deletes what there is of it."""
        self.set_setting("next", "")

    def other_editions(self) -> tuple[int, ...]:
        """Return the editions that are not the current one."""
        query = "SELECT DISTINCT edition FROM chunk WHERE edition != ? ORDER BY edition"
        return tuple(row[0] for row in self._db.execute(query, (self.edition,)))

    def uncut(self, edition: int) -> Iterator[str]:
        """Yield the ids of documents that an edition has no chunks of, in their order."""
        query = (
            "SELECT id FROM document WHERE NOT EXISTS"
            " (SELECT 1 FROM chunk WHERE document_id = document.id AND edition = ?) ORDER BY id"
        )
        yield from [row[0] for row in self._db.execute(query, (edition,))]

    # Chunks

    def put_chunks(self, chunks: Sequence[Chunk], hashes: Sequence[str], *, language: str, edition: int) -> None:
        """Add a document's chunks, each with the hash its vector is kept under, in one transaction."""
        with self._change():
            self._put_chunks(chunks, hashes, language=language, edition=edition)
            self._advance()

    def _put_chunks(self, chunks: Sequence[Chunk], hashes: Sequence[str], *, language: str, edition: int) -> None:
        for chunk, vector_hash in zip(chunks, hashes, strict=True):
            key_hash = excerpt_hash(chunk.document_id, chunk.text)
            place = (edition, chunk.document_id, chunk.start, chunk.end, rows.dump(chunk.heading_path), chunk.page)
            cursor = self._db.execute(
                'INSERT INTO chunk (edition, document_id, start, "end", heading_path, page, text, key_hash,'
                " vector_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*place, chunk.text, key_hash, vector_hash),
            )
            fulltext.put(self._db, cursor.lastrowid or 0, chunk.text, context=chunk.heading_path, language=language)

    def _discard_chunks(self, document_id: str) -> None:
        gone = self._db.execute(
            'DELETE FROM chunk WHERE document_id = ? RETURNING id, edition, start, "end"', (document_id,)
        ).fetchall()
        fulltext.remove(self._db, [row[0] for row in gone])
        current = self.edition
        ids = [(chroma_id(document_id, start, end),) for _, edition, start, end in gone if edition == current]
        self._db.executemany("INSERT OR IGNORE INTO discarded VALUES (?)", ids)

    def count_chunks(self) -> int:
        """Count the chunks."""
        return self._count("SELECT count(*) FROM current")

    def count_stored(self, edition: int = 0) -> int:
        """Count the chunks the vector store should hold of an edition, the current one by default."""
        return self._count("SELECT count(*) FROM chunk WHERE edition = ? AND stored > 0", (edition or self.edition,))

    def count_unembedded(self, edition: int) -> int:
        """Count the waiting texts no vector is kept of."""
        query = """
            SELECT count(DISTINCT vector_hash) FROM chunk WHERE edition = ? AND stored = 0
            AND NOT EXISTS (SELECT 1 FROM vector WHERE hash = vector_hash)"""
        return self._count(query, (edition,))

    def waiting(self, edition: int, *, embedded: bool = False) -> tuple[int, ...]:
        """Return the chunks the vector store does not hold yet; on request only those with a kept vector.

        What tells most comes first: the beginnings of documents (titles, abstracts), the newest first, then the rest,
        the newest first. The order is the same however the chunks came in.
        """
        query = """
            SELECT chunk.id FROM chunk JOIN document ON document.id = document_id
            WHERE edition = ? AND stored = 0 AND (NOT ? OR EXISTS (SELECT 1 FROM vector WHERE hash = vector_hash))
            ORDER BY start > (SELECT min(start) FROM chunk AS other
                              WHERE other.document_id = document.id AND other.edition = chunk.edition),
                     last IS NULL, last DESC, document_id, start"""
        return tuple(row[0] for row in self._db.execute(query, (edition, embedded)))

    def stored_chunks(self, ids: Sequence[int]) -> tuple[StoredChunk, ...]:
        """Return chunks by row number, in this order."""
        found = {one.id: one for one in self._chunks(f"FROM chunk WHERE id {rows.AMONG}", (rows.dump(list(ids)),))}
        return tuple(found[id_] for id_ in ids if id_ in found)

    def sampled_stored(self, edition: int, count: int) -> tuple[StoredChunk, ...]:
        """Return so many of the chunks the vector store should hold of an edition, from the first to the last."""
        total = self.count_stored(edition)
        places = sorted({place * (total - 1) // max(count - 1, 1) for place in range(min(count, total))})
        query = "SELECT id FROM chunk WHERE edition = ? AND stored > 0 ORDER BY stored, id LIMIT 1 OFFSET ?"
        return self.stored_chunks([self._count(query, (edition, place)) for place in places])

    def stale(self) -> tuple[int, ...]:
        """Return the chunks the vector store holds with metadata of before."""
        query = "SELECT id FROM current WHERE stored = ? ORDER BY id"
        return tuple(row[0] for row in self._db.execute(query, (rows.STALE,)))

    def mark_stored(self, ids: Iterable[int]) -> None:
        """Note that the vector store holds these chunks."""
        with self._change() as db:
            db.executemany("UPDATE chunk SET stored = 1 WHERE id = ?", [(id_,) for id_ in ids])
            self._advance()

    def mark_waiting(self, edition: int) -> None:
        """Note that the vector store holds nothing of an edition."""
        with self._change() as db:
            db.execute("UPDATE chunk SET stored = 0 WHERE edition = ?", (edition,))
            db.execute("DELETE FROM discarded")
            self._advance()

    def discarded(self) -> tuple[str, ...]:
        """Return ids the vector store should no longer hold."""
        return tuple(row[0] for row in self._db.execute("SELECT chroma_id FROM discarded ORDER BY chroma_id"))

    def forget_discarded(self, ids: Iterable[str]) -> None:
        """Note that the vector store no longer holds these."""
        with self._change() as db:
            db.executemany("DELETE FROM discarded WHERE chroma_id = ?", [(id_,) for id_ in ids])
            self._advance()

    # What does not agree

    def disagreement(self) -> str:
        """Say what of the chunks contradicts the rest of the catalog, and `mend` mends; empty where nothing does."""
        if fulltext.is_damaged(self._db) or self._count(fulltext.COUNT) != self._count("SELECT count(*) FROM chunk"):
            return tell(
                es="el texto completo no concuerda con los fragmentos",
                en="the full text does not agree with the chunks",
            )
        lost = self._count(f"SELECT count(*) {_LOST}")
        return tell(es=f"se han perdido {lost} vectores", en=f"{lost} vectors are lost") if lost else ""

    def mend(self) -> None:
        """Make the full text anew where it does not agree with the chunks; let chunks wait whose vectors are lost."""
        if not self.disagreement():
            return
        with self._change() as db:
            fulltext.clear(db)
            query = (
                "SELECT c.id, c.text, heading_path, source FROM chunk AS c JOIN document ON document.id = document_id"
            )
            for id_, text, path, source in db.execute(query).fetchall():
                fulltext.put(db, id_, text, context=json.loads(path), language=rows.source(source).language)
            db.execute(f"UPDATE chunk SET stored = 0 WHERE id IN (SELECT id {_LOST})")  # noqa: S608 - a constant
            self._advance()

    def _advance(self) -> None:
        """Let whoever has the index open see that it changed."""
        self._set("generation", str(int(self.generation or 0) + 1))

    def _chunks(self, where: str, parameters: Sequence[Any]) -> tuple[StoredChunk, ...]:
        found = self._db.execute(f"SELECT {rows.CHUNK_COLUMNS} {where}", tuple(parameters))
        return tuple(rows.stored_chunk(row) for row in found)

    def _count(self, query: str, parameters: Sequence[Any] = ()) -> int:
        return int(self._db.execute(query, tuple(parameters)).fetchone()[0])
