"""The files of an index, the documents they hold, and what bibliographies and sidecars say of these.

Does not search and does not know vectors. Everything about one file changes in one transaction, so a kill leaves either
the old state or the new one. A document is settled after every change: it has the paths of all files it lies in, and
the metadata of the earliest dated one under what is said of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rag import fulltext, rows
from rag.occurrences import merge_occurrences
from rag.projection import Projection
from rag.records import Document
from rag.rows import Counts, FileState, StoredChunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.read.entries import Entry
    from rag.records import Chunk, Source

    Cut = tuple[Document, Sequence[Chunk], Sequence[str]]


class Holdings(Projection):
    """What a catalog holds, by file and by document."""

    _spoken: tuple[str, frozenset[str]] | None = None

    # Files and documents

    def files(self) -> dict[str, FileState]:
        """Return all files by path."""
        found = self._db.execute(f"SELECT {rows.FILE_COLUMNS} FROM file ORDER BY path")  # noqa: S608 - a constant
        return {row[0]: FileState(*row) for row in found}

    def unread(self) -> tuple[FileState, ...]:
        """Return the files that failed or were skipped, by path."""
        query = f"SELECT {rows.FILE_COLUMNS} FROM file WHERE state != 'read' ORDER BY path"  # noqa: S608 - a constant
        return tuple(FileState(*row) for row in self._db.execute(query))

    def remarks(self) -> tuple[tuple[str, str], ...]:
        """Return the files that were read, but not whole, by path, with what is to be said of them."""
        query = "SELECT path, reason FROM file WHERE state = 'read' AND reason != '' ORDER BY path"
        return tuple(self._db.execute(query).fetchall())

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
            db.execute("DELETE FROM entry WHERE path = ?", (path,))
            self._settle(stale)

    def move_file(self, old: str, file: FileState) -> None:
        """Give a file's documents, what it says of others, and what was remarked on it the path it now has."""
        with self._change() as db:
            gone = db.execute("DELETE FROM file WHERE path = ? RETURNING reason", (old,)).fetchone()
            moved_file = file._replace(reason=gone[0]) if gone else file
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", moved_file)
            if file.path != old:
                db.execute("DELETE FROM entry WHERE path = ?", (file.path,))
                db.execute("UPDATE entry SET path = ? WHERE path = ?", (file.path, old))
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
        metadata of the earliest dated occurrence, under what is said of them. What changed waits, so that the vector
        store learns of it.
        """
        from rag.bibliography import overlaid  # brings all readers, which searching does not need

        self._advance()
        self._set("joined", "")
        for id_ in sorted(document_ids):
            found = self._db.execute("SELECT path, source FROM occurrence WHERE document_id = ?", (id_,)).fetchall()
            if not found:
                self._discard_chunks(id_)
                self._db.execute("DELETE FROM document WHERE id = ?", (id_,))
                continue
            said = self._said(id_)
            best = merge_occurrences([overlaid(replace(rows.source(raw), paths=(path,)), said) for path, raw in found])
            self._stem_in(best.language, id_)
            merged = rows.source_row(best)
            changed = self._db.execute(
                "UPDATE document SET source = ?, first = ?, last = ? WHERE id = ? AND (source != ? OR first IS NOT ?)",
                (merged, rows.day(best.date.first), rows.day(best.date.last), id_, merged, rows.day(best.date.first)),
            )
            if changed.rowcount:
                stale = (rows.STALE, id_)
                self._db.execute("UPDATE chunk SET stored = ? WHERE document_id = ? AND stored > 0", stale)

    def _stem_in(self, language: str, document_id: str) -> None:
        """Let a document be found by the stems of this language, where it was put in another's."""
        (held,) = self._db.execute("SELECT source FROM document WHERE id = ?", (document_id,)).fetchone()
        if rows.source(held).language != language:
            query = "SELECT id, text, heading_path FROM chunk WHERE document_id = ?"
            chunks = self._db.execute(query, (document_id,)).fetchall()
            fulltext.remove(self._db, [id_ for id_, _, _ in chunks])
            for id_, text, path in chunks:
                fulltext.put(self._db, id_, text, context=rows.load(path), language=language)

    # What bibliographies and sidecars say

    @property
    def joined(self) -> bool:
        """Whether all that bibliographies and sidecars say has reached the documents."""
        return self.setting("joined") == "yes"

    def put_entries(self, path: str, entries: Sequence[Entry]) -> None:
        """Replace what a file says of sources; it counts once they are joined."""
        held = self._db.execute("SELECT 1 FROM entry WHERE path = ? LIMIT 1", (path,)).fetchone()
        if entries or held:
            with self._change() as db:
                db.execute("DELETE FROM entry WHERE path = ?", (path,))
                kept = [(path, number, rows.entry_row(entry)) for number, entry in enumerate(entries)]
                db.executemany("INSERT INTO entry VALUES (?, ?, ?)", kept)
                self._set("joined", "")

    def note_file(self, file: FileState) -> None:
        """Note a file as read, and leave the documents it holds as they are."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", file)

    def join(self) -> tuple[tuple[FileState, tuple[Document, ...]], ...]:
        """Give every document what is said of it. Return the bibliographies that are to hold other documents than they
        do: those of their entries whose file is not here; what is said counts as joined when these are put.
        """
        from rag.bibliography import join  # as above

        entries = self._entries()
        if not entries and not self._count("SELECT count(*) FROM said"):
            return ()
        found = join(tuple(self._papers()), entries)
        said = {id_: rows.entries_row(told) for id_, told in found.said.items()}
        remarks = [(remark, path) for path, remark in found.remarks.items()]
        with self._change() as db:
            held = dict(db.execute("SELECT document_id, entries FROM said").fetchall())
            db.execute("DELETE FROM said")
            db.executemany("INSERT INTO said VALUES (?, ?)", said.items())
            db.executemany("UPDATE file SET reason = ? WHERE path = ?", remarks)
            self._settle({id_ for id_ in held.keys() | said.keys() if held.get(id_) != said.get(id_)})
        files = self.files()
        return tuple((files[path], own) for path, own in found.own.items() if self._holds_others(path, own))

    def _entries(self) -> dict[str, list[Entry]]:
        entries: dict[str, list[Entry]] = {}
        for path, entry in self._db.execute("SELECT path, entry FROM entry ORDER BY path, number"):
            entries.setdefault(path, []).append(rows.entry(entry))
        return entries

    def _papers(self) -> Iterator[Source]:
        """Give the sources as their files know them, one for each path; what a bibliography held before it was one is
        none.
        """
        query = (
            "SELECT path, source FROM occurrence WHERE path NOT IN (SELECT path FROM entry) ORDER BY path, document_id"
        )
        for path, source in self._db.execute(query):
            yield replace(rows.source(source), paths=(path,))

    def _holds_others(self, path: str, documents: Sequence[Document]) -> bool:
        held = self._db.execute("SELECT document_id, source FROM occurrence WHERE path = ?", (path,)).fetchall()
        return dict(held) != {document.source.id: rows.source_row(document.source) for document in documents}

    def _said(self, document_id: str) -> tuple[Entry, ...]:
        row = self._db.execute("SELECT entries FROM said WHERE document_id = ?", (document_id,)).fetchone()
        return rows.entries(row[0]) if row else ()

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

    def chunks_of(self, document_id: str) -> tuple[StoredChunk, ...]:
        """Return a document's passages in the order of its text; none where it is not held."""
        query = f"SELECT {rows.CHUNK_COLUMNS} FROM current WHERE document_id = ? ORDER BY start"  # noqa: S608 - a constant
        return tuple(map(rows.stored_chunk, self._db.execute(query, (document_id,))))

    def counts(self) -> Counts:
        """Count what the index holds."""
        documents, undated = self._db.execute("SELECT count(*), count(*) - count(first) FROM document").fetchone()
        return Counts(documents, self.count_chunks(), undated)

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the documents held, without the unknown; looked up anew only where the index changed."""
        if self._spoken is None or self._spoken[0] != self.generation:
            query = "SELECT DISTINCT json_extract(source, '$.language') FROM document"
            self._spoken = (self.generation, frozenset(row[0] for row in self._db.execute(query) if row[0]))
        return self._spoken[1]

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day of what is dated; None where nothing is."""
        first, last = self._db.execute("SELECT min(first), max(last) FROM document").fetchone()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
