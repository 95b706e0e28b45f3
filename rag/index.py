"""A folder's index: the catalog, and Chroma kept in step with it. The only importer of chromadb.

Does not read files or rank excerpts. The catalog is the truth; Chroma is a projection of it, rebuilt from it without
embedding. A chunk counts as stored only after Chroma holds it, so a kill costs one batch at most.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from rag.catalog import Catalog, FileState, StoredChunk
from rag.embed import BUNDLED, CachedEmbedder, Embedder, vector_hash
from rag.errors import IndexFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rag.embed import Vectors
    from rag.records import Chunk, Document, Excerpt, TimeLimits

BATCH = 16
"""Chunks embedded and stored in one step: what a kill can cost."""
EXACT_ROWS = 20_000
"""Up to this many allowed rows a filtered query is answered by exact dot products; above it by over-fetching."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a folder's files are against the index: paths, and for moved ones (old, new) pairs."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


class Index:
    """An index opened from its folder. Use as a context manager or call `close`."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        database = folder / "catalog.sqlite3"
        if not create and not database.exists():
            raise IndexFault(f"{folder}: no index here; make one with: rag index CORPUS --index {folder}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexFault(
                f"{folder}: the index cannot be written here ({error.strerror}); name another folder with --index"
            ) from error
        self.catalog = Catalog(database)
        self._client, self._collection = self._open_chroma()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog and Chroma."""
        self.catalog.close()
        self._client.close()

    @property
    def embedder_name(self) -> str:
        """The name of the embedder this index was made with."""
        return self.catalog.setting("embedder") or BUNDLED

    def require(self, embedder: Embedder) -> None:
        """Raise `IndexFault` unless this embedder made the index's vectors."""
        if self.catalog.setting("fingerprint") != embedder.fingerprint:
            raise IndexFault(
                f"{self.folder}: its vectors were made by {self.catalog.setting('fingerprint') or 'no embedder yet'}, "
                f"not by {embedder.fingerprint}; embed it anew with: rag index --embedder {self.embedder_name}"
            )

    # Writing

    def adopt(self, embedder: Embedder, *, name: str, split: Callable[[Document], Sequence[Chunk]], cut: str) -> None:
        """Make this embedder and this way of cutting the index's own; where either is another than before, cut every
        held document anew and let all vectors wait. `cut` names the way of cutting.
        """
        settings = {"embedder": name, "fingerprint": embedder.fingerprint, "cut": cut}
        if any(self.catalog.setting(key) != value for key, value in settings.items() if key != "embedder"):
            for document in self.catalog.documents():
                chunks = split(document)
                self.catalog.replace_chunks(document, chunks, _hashes(chunks, embedder))
            self._client.delete_collection("chunks")
            self._collection = _collection(self._client)
            self.catalog.mark_all_waiting()
        for key, value in settings.items():
            self.catalog.set_setting(key, value)

    def put_file(
        self, file: FileState, documents: Sequence[tuple[Document, Sequence[Chunk]]], embedder: Embedder
    ) -> None:
        """Replace what a file held by these documents and their chunks; their vectors wait."""
        self.catalog.put_file(file, [(document, chunks, _hashes(chunks, embedder)) for document, chunks in documents])

    def embed_waiting(self, embedder: CachedEmbedder, progress: Callable[[int], None]) -> None:
        """Take discarded passages out of Chroma, then embed and store what waits, batch by batch."""
        gone = self.catalog.discarded()
        if gone:
            self._collection.delete(ids=list(gone))
            self.catalog.forget_discarded(gone)
        while batch := self.catalog.waiting(BATCH):
            vectors = embedder.passages([stored.chunk.text for stored in batch])
            self._upsert(batch, vectors)
            self.catalog.mark_stored([stored.id for stored in batch])
            progress(len(batch))

    def _upsert(self, batch: Sequence[StoredChunk], vectors: Vectors) -> None:
        excerpts = self.catalog.excerpts([stored.id for stored in batch])
        self._collection.upsert(
            ids=[stored.chroma_id for stored in batch],
            embeddings=np.asarray(vectors),
            documents=[stored.chunk.text for stored in batch],
            metadatas=[_metadata(excerpts[stored.id]) for stored in batch],
        )

    # Searching

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest to a unit vector among those the limits allow, with cosines, best first.

        Chroma answers where nothing is filtered; a narrow filter is answered exactly by the catalog, a broad one by
        asking Chroma for more and dropping.
        """
        total = self.catalog.counts().chunks
        allowed = self.catalog.count_allowed(limits)
        if allowed < total and allowed <= EXACT_ROWS:
            return self.catalog.nearest(vector, k=k, limits=limits)
        wanted = min(total, k if allowed == total else 2 * k * total // max(allowed, 1))
        if not wanted:
            return []
        answer = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=wanted, include=["distances"])
        rows = self.catalog.ids_of(answer["ids"][0])
        near = [
            (rows[id_], 1.0 - d) for id_, d in zip(answer["ids"][0], answer["distances"][0], strict=True) if id_ in rows
        ]
        permitted = self.catalog.excerpts([row for row, _ in near], limits=limits)
        return [(row, similarity) for row, similarity in near if row in permitted][:k]

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` best chunks by full text among those the limits allow, with BM25, best first."""
        return self.catalog.lexical(query, language=language, k=k, limits=limits)

    def excerpts(self, ids: Sequence[int]) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number."""
        return self.catalog.excerpts(ids)

    # Chroma

    def _open_chroma(self) -> tuple[Any, Any]:
        """Open Chroma; where its files are gone or unreadable, or hold less than was stored, start it anew empty."""
        import chromadb.errors

        folder = self.folder / "chroma"
        try:
            client = _client(folder)
            collection = _collection(client)
            whole = collection.count() >= self.catalog.count_stored()
        except (chromadb.errors.ChromaError, ValueError, OSError):
            shutil.rmtree(folder, ignore_errors=True)
            client = _client(folder)
            collection, whole = _collection(client), False
        if not whole:
            client.delete_collection("chunks")
            collection = _collection(client)
            self.catalog.mark_all_waiting()
        return client, collection


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported where it is used
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _collection(client: Any) -> Any:  # noqa: ANN401 - as above
    return client.get_or_create_collection(
        "chunks", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )


def _hashes(chunks: Sequence[Chunk], embedder: Embedder) -> list[str]:
    return [vector_hash(chunk.text, side="passage", fingerprint=embedder.fingerprint) for chunk in chunks]


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
