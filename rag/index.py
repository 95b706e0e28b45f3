"""A folder's index: the catalog, and Chroma kept in step with it.

Does not read files or rank excerpts. The catalog is the truth; Chroma is a projection of it, rebuilt from it without
embedding. A chunk counts as stored only after Chroma holds it, so a kill costs one batch at most. One process writes
at a time (`writing`), others may read meanwhile; Chroma's files are touched by one process at a time.
"""

from __future__ import annotations

import shlex
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import numpy as np
from filelock import FileLock, Timeout

from rag.catalog import Catalog, FileState, Making
from rag.chroma import Chroma, ChromaFault, files_of, survives
from rag.embed import BUNDLED, CachedEmbedder, Embedder, vector_hash
from rag.errors import IndexFault
from rag.language import os_words, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rag.catalog import StoredChunk
    from rag.embed import Vectors
    from rag.progress import Progress
    from rag.records import Chunk, Document, Excerpt, TimeLimits

EMBEDDED_AT_ONCE = 32
"""Chunks handed to the encoder in one step: what a kill can cost."""
STORED_AT_ONCE = 256
"""Chunks handed to Chroma in one step; their vectors are kept by then, so storing them again costs little."""
ITSELF = 1e-3
"""Cosine distance up to which a stored vector is found as itself."""
PROBES = 8
"""Stored vectors asked for on opening. A sound graph may miss one of some hundred; one that lost a part misses more."""
SPARE = 4
"""How many times over Chroma is asked for what a broad filter will leave: the last of those it gives are its vaguest.
With 2, of the 50 nearest of 100,000 under a filter of half it missed 2 %.
"""
EXACT_ROWS = 20_000
"""Up to this many allowed rows a filtered query is answered by exact dot products; above it by over-fetching."""


@contextmanager
def writing(folder: Path, progress: Progress) -> Iterator[None]:
    """Be the only one who writes to the index in a folder, made where there is none; wait for another, and say so."""
    with _made(folder):
        lock = FileLock(folder / "writing.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress.say(
                tell(
                    es=f"otro proceso escribe en {folder}; se espera a que termine",
                    en=f"another run is writing to {folder}; waiting for it to end",
                )
            )
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder of an index; say in one line what is in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise IndexFault(
            tell(
                es=f"{folder}: el índice no se puede escribir aquí ({os_words(error)}); da otra carpeta con --index",
                en=f"{folder}: the index cannot be written here ({os_words(error)}); name another folder with --index",
            )
        ) from error


def is_writing(folder: Path) -> bool:
    """Say whether a process is writing to the index in a folder."""
    try:
        with FileLock(folder / "writing.lock", timeout=0):
            return False
    except Timeout:
        return True


class Index:
    """An index opened from its folder. Use as a context manager or call `close`. Chroma is opened when it is asked."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        database = folder / "catalog.sqlite3"
        if not create and not database.exists():
            raise IndexFault(
                tell(
                    es=f"{folder}: aquí no hay índice; haz uno con: rag index CORPUS --index {folder}",
                    en=f"{folder}: no index here; make one with: rag index CORPUS --index {folder}",
                )
            )
        self.folder = folder
        with _made(folder):
            self.catalog = Catalog(database)
        self.rebuilt = 0
        self._lock = FileLock(folder / "chroma.lock")
        self._chroma: Chroma | None = None
        self._opened = (0, "")
        self._made_by = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        self.catalog.explain(error)

    def close(self) -> None:
        """Close the catalog and Chroma."""
        self.catalog.close()
        self._close_chroma()

    @property
    def embedder_name(self) -> str:
        """The name of the embedder this index was made with."""
        return self.catalog.making.embedder or BUNDLED

    def require(self, embedder: Embedder) -> None:
        """Raise `IndexFault` unless this embedder, opened by the index's own name for it, made the index's vectors."""
        made_by = self.catalog.making.fingerprint
        if made_by != embedder.fingerprint:
            remedy = shlex.join(["rag", "index", "--embedder", self.embedder_name, "--index", str(self.folder)])
            raise IndexFault(
                tell(
                    es=(
                        f"{self.folder}: sus vectores los hizo {made_by or 'ningún codificador aún'}, no "
                        f"{embedder.fingerprint}; codifícalo de nuevo con: {remedy} CORPUS"
                    ),
                    en=(
                        f"{self.folder}: its vectors were made by {made_by or 'no embedder yet'}, not by "
                        f"{embedder.fingerprint}; embed it anew with: {remedy} CORPUS"
                    ),
                )
            )
        self._made_by = made_by

    # Writing

    def adopt(
        self,
        making: Making,
        embedder: CachedEmbedder,
        *,
        split: Callable[[Document], Sequence[Chunk]],
        progress: Progress,
    ) -> None:
        """Let the index be made so. Where it was made otherwise, an edition made so is cut and embedded beside the
        current one, goes on where it was left by a kill, and takes its place when whole; the old one is removed then.
        """
        catalog = self.catalog
        if catalog.making.identity != making.identity and catalog.making.fingerprint:
            if catalog.begun is None or catalog.begun.identity != making.identity:
                shutil.rmtree(self._chroma_folder(catalog.edition + 1), ignore_errors=True)
            number = catalog.begin_edition(making)
            for id_ in catalog.uncut(number):
                document = catalog.document(id_)
                chunks = split(document)
                hashes = _hashes(chunks, making.fingerprint)
                catalog.put_chunks(chunks, hashes, language=document.source.language, edition=number)
            self._embed(number, embedder, progress)
            catalog.switch_edition(number, making)
        elif catalog.making != making:
            catalog.switch_edition(catalog.edition, making)
        catalog.forget_next()
        self._remove_other_editions()

    def put_file(
        self, file: FileState, documents: Sequence[tuple[Document, Sequence[Chunk]]], embedder: Embedder
    ) -> None:
        """Replace what a file held by these documents and their chunks; their vectors wait."""
        fingerprint = embedder.fingerprint
        self.catalog.put_file(file, [(made, chunks, _hashes(chunks, fingerprint)) for made, chunks in documents])

    def settled(self) -> bool:
        """Say whether nothing waits and Chroma's files lie as they were left; opens nothing."""
        edition = self.catalog.edition
        with self._locked():
            kept = self.catalog.setting(_files_setting(edition)) == files_of(self._chroma_folder(edition))
        return kept and not (self.catalog.discarded() or self.catalog.stale() or self.waiting)

    @property
    def waiting(self) -> int:
        """The chunks Chroma does not hold yet."""
        return self.catalog.count_chunks() - self.catalog.count_stored()

    def embed_waiting(self, embedder: CachedEmbedder, progress: Progress) -> None:
        """Take discarded passages out of Chroma, tell it of new metadata, then embed and store what waits, batch by
        batch.
        """
        edition = self.catalog.edition
        with self._alone(edition) as chroma:
            if gone := self.catalog.discarded():
                chroma.remove(gone)
                self.catalog.forget_discarded(gone)
            stale = self.catalog.stale()
            for first in range(0, len(stale), STORED_AT_ONCE):
                batch = self.catalog.stored_chunks(stale[first : first + STORED_AT_ONCE])
                chroma.describe([stored.chroma_id for stored in batch], self._metadata(batch))
                self.catalog.mark_stored([stored.id for stored in batch])
            self._note(edition)
        self._embed(edition, embedder, progress)

    def _embed(self, edition: int, embedder: CachedEmbedder, progress: Progress) -> None:
        """Embed and store what waits in an edition. Texts of a length go to the encoder together: little padding."""
        waiting, done = self.catalog.waiting(edition), 0
        embedder.expect(self.catalog.count_unembedded(edition))
        for first in range(0, len(waiting), STORED_AT_ONCE):
            batch = self.catalog.stored_chunks(waiting[first : first + STORED_AT_ONCE])
            batch = tuple(sorted(batch, key=lambda stored: len(stored.chunk.text)))
            vectors = []
            for start in range(0, len(batch), EMBEDDED_AT_ONCE):
                texts = [stored.chunk.text for stored in batch[start : start + EMBEDDED_AT_ONCE]]
                vectors.append(embedder.passages(texts))
                done += len(texts)
                progress.chunks(done, len(waiting))
            with self._alone(edition) as chroma:
                self._store(chroma, edition, batch, np.concatenate(vectors))

    def _store(self, chroma: Chroma, edition: int, batch: Sequence[StoredChunk], vectors: Vectors) -> None:
        """Hand chunks to Chroma, then note that it holds them."""
        texts = [stored.chunk.text for stored in batch]
        chroma.put([stored.chroma_id for stored in batch], vectors, texts, self._metadata(batch))
        self.catalog.mark_stored([stored.id for stored in batch])
        self._note(edition)

    def _metadata(self, batch: Sequence[StoredChunk]) -> list[dict[str, str | int]]:
        excerpts = self.catalog.excerpts([stored.id for stored in batch])
        return [_metadata(excerpts[stored.id]) for stored in batch]

    def _note(self, edition: int) -> None:
        """Remember how Chroma's files lie after this process wrote to them."""
        self.catalog.set_setting(_files_setting(edition), files_of(self._chroma_folder(edition)))
        self._opened = (edition, self.catalog.generation)

    def _remove_other_editions(self) -> None:
        for number in self.catalog.other_editions():
            self.catalog.drop_edition(number)
        kept = self._chroma_folder(self.catalog.edition)
        for folder in self.folder.glob("chroma*"):
            if folder.is_dir() and folder != kept:
                shutil.rmtree(folder, ignore_errors=True)

    # Searching

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest to a unit vector among those the limits allow, with cosines, best first.

        Chroma answers where nothing is filtered; a narrow filter is answered exactly by the catalog, a broad one by
        asking Chroma for more and dropping. Raises `IndexFault` where the index was embedded anew since it was opened.
        """
        if self._made_by and self._made_by != self.catalog.making.fingerprint:
            raise IndexFault(
                tell(
                    es=f"{self.folder}: se ha codificado de nuevo con otro codificador; ábrelo otra vez",
                    en=f"{self.folder}: it was embedded anew with another embedder; open it again",
                )
            )
        total, allowed = self.catalog.total, self.catalog.count_allowed(limits)
        if allowed < total and allowed <= EXACT_ROWS:
            return self.catalog.nearest(vector, k=k, limits=limits)
        wanted = k + len(self.catalog.discarded()) if allowed == total else SPARE * k * total // max(allowed, 1)
        near = self.catalog.ranked(self._ask_chroma(vector, min(total, wanted)), limits=limits) if total else []
        if len(near) < min(k, allowed):  # what is forbidden lay nearest, or waits for Chroma
            return self.catalog.nearest(vector, k=k, limits=limits)
        return near[:k]

    def _ask_chroma(self, vector: Vectors, wanted: int) -> dict[str, float]:
        """Return the passages nearest to a vector, by Chroma's id, with their cosines."""
        try:
            with self._alone() as chroma:
                (found,) = chroma.nearest(vector.reshape(1, -1), wanted)
        except ChromaFault:  # its files were taken away under it: opening mends that
            self._close_chroma()
            with self._alone() as chroma:
                (found,) = chroma.nearest(vector.reshape(1, -1), wanted)
        return {id_: 1.0 - distance for id_, distance in found}

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` best chunks by full text among those the limits allow, with BM25, best first."""
        return self.catalog.lexical(query, language=language, k=k, limits=limits)

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the documents held, without the unknown."""
        return self.catalog.languages

    def excerpts(self, ids: Sequence[int]) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number."""
        return self.catalog.excerpts(ids)

    def between(self, first: Excerpt, last: Excerpt) -> Excerpt | None:
        """Return the excerpt that reaches from one to the other; None where more than space lies between them."""
        return self.catalog.between(first, last)

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts a key names: none, one, or several where it is too short to tell them apart."""
        return self.catalog.by_key(key)

    # Chroma

    def ailment(self) -> str:
        """Say what is wrong with Chroma's files, empty where nothing is; mends nothing."""
        with self._locked():
            self._close_chroma()
            edition = self.catalog.edition
            if not (folder := self._chroma_folder(edition)).exists():
                return (
                    tell(es="el almacén de vectores ha desaparecido", en="the vector store is gone")
                    if self.catalog.count_stored()
                    else ""
                )
            try:
                self._open_whole(edition, folder).close()
            except ChromaFault as fault:
                return str(fault)
        return ""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Have Chroma's files to oneself."""
        with _made(self.folder):
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _alone(self, edition: int = 0) -> Iterator[Chroma]:
        """Have Chroma's files of an edition (the current one by default) to oneself, as they are now: another process
        may have written since.
        """
        with self._locked():
            edition = edition or self.catalog.edition
            if self._chroma is None or self._opened != (edition, self.catalog.generation):
                self._close_chroma()
                self._open_chroma(edition)
            assert self._chroma is not None  # noqa: S101 - opened above
            yield self._chroma

    def _open_chroma(self, edition: int) -> None:
        """Open Chroma; where its files are gone, unreadable or not whole, fill it anew from the catalog."""
        folder = self._chroma_folder(edition)
        try:
            self._chroma = self._open_whole(edition, folder)
        except ChromaFault:
            shutil.rmtree(folder, ignore_errors=True)
            self._chroma = Chroma(folder)
            self.catalog.mark_waiting(edition)
            self._refill(edition)
        self._opened = (edition, self.catalog.generation)

    def _open_whole(self, edition: int, folder: Path) -> Chroma:
        """Open Chroma as it is; raise `ChromaFault` where it does not hold what it should of an edition."""
        if folder.exists() and not survives(folder, self.catalog.setting(_files_setting(edition))):
            raise ChromaFault(
                tell(es="no se puede abrir el almacén de vectores", en="the vector store cannot be opened")
            )
        chroma = Chroma(folder)
        try:
            if lost := self._lost(chroma, edition):
                raise ChromaFault(lost)  # noqa: TRY301 - one place closes it
        except BaseException:
            chroma.close()
            raise
        return chroma

    def _lost(self, chroma: Chroma, edition: int) -> str:
        """Say what Chroma no longer has. Its own count is right though its vectors be lost, so some are asked for."""
        held, expected = chroma.count(), self.catalog.count_stored(edition)
        if held < expected:
            return tell(
                es=f"el almacén de vectores tiene {held} de {expected} fragmentos",
                en=f"the vector store holds {held} of {expected} chunks",
            )
        probes = self.catalog.sampled_stored(edition, PROBES)
        kept = self.catalog.vectors([probe.vector_hash for probe in probes])
        answers = chroma.nearest(np.stack(list(kept.values())), 1) if kept else []
        missed = sum(not found or found[0][1] > ITSELF for found in answers)
        return (
            tell(es="el almacén de vectores ha perdido vectores", en="the vector store has lost vectors")
            if missed > 1 or 0 < missed == len(answers)
            else ""
        )

    def _refill(self, edition: int) -> None:
        """Give an emptied Chroma every chunk whose vector is kept."""
        waiting = self.catalog.waiting(edition, embedded=True)
        for first in range(0, len(waiting), STORED_AT_ONCE):
            batch = self.catalog.stored_chunks(waiting[first : first + STORED_AT_ONCE])
            kept = self.catalog.vectors([stored.vector_hash for stored in batch])
            assert self._chroma is not None  # noqa: S101 - opened by the caller
            self._store(self._chroma, edition, batch, np.stack([kept[stored.vector_hash] for stored in batch]))
        self.rebuilt += len(waiting)

    def _close_chroma(self) -> None:
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    def _chroma_folder(self, edition: int) -> Path:
        return self.folder / ("chroma" if edition == 1 else f"chroma-{edition}")


def _files_setting(edition: int) -> str:
    return f"files of edition {edition}"


def _hashes(chunks: Sequence[Chunk], fingerprint: str) -> list[str]:
    return [vector_hash(chunk.text, side="passage", fingerprint=fingerprint) for chunk in chunks]


def _metadata(excerpt: Excerpt) -> dict[str, str | int]:
    """Return what someone who opens the collection themselves wants to know; days as integers 20230308 for `$gte`."""
    source = excerpt.source
    metadata: dict[str, str | int] = {
        "key": excerpt.key,
        "path": excerpt.path,
        "title": source.title,
        "authors": "; ".join(source.authors),
        "date": str(source.date),
        "language": source.language,
        "document": source.id,
        "section": " › ".join(excerpt.heading_path),
    }
    if source.date.first and source.date.last:
        metadata |= {"first_day": int(f"{source.date.first:%Y%m%d}"), "last_day": int(f"{source.date.last:%Y%m%d}")}
    return metadata | ({"page": excerpt.page} if excerpt.page else {})
