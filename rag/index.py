"""A folder's index: the catalog, and Chroma kept in step with it. The only importer of chromadb.

Does not read files or rank excerpts. The catalog is the truth; Chroma is a projection of it, rebuilt from it without
embedding. A chunk counts as stored only after Chroma holds it, so a kill costs one batch at most.
"""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from rag.catalog import DECIMALS, Catalog, FileState, StoredChunk
from rag.embed import BUNDLED, CachedEmbedder, Embedder, vector_hash
from rag.errors import IndexFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rag.embed import Vectors
    from rag.records import Chunk, Document, Excerpt, TimeLimits

EMBEDDED_AT_ONCE = 16
"""Chunks handed to the encoder in one step: what a kill can cost."""
STORED_AT_ONCE = 512
"""Chunks handed to Chroma in one step; their vectors are kept by then, so storing them again costs little."""
ITSELF = 1e-3
"""Cosine distance up to which a stored vector is found as itself."""
EXACT_ROWS = 20_000
"""Up to this many allowed rows a filtered query is answered by exact dot products; above it by over-fetching."""


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
        self._client: Any = None
        self._collection: Any = None
        try:
            self._open_chroma()
        except BaseException:
            self.catalog.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog and Chroma."""
        self.catalog.close()
        self._close_chroma()

    @property
    def embedder_name(self) -> str:
        """The name of the embedder this index was made with."""
        return self.catalog.setting("embedder") or BUNDLED

    def require(self, embedder: Embedder) -> None:
        """Raise `IndexFault` unless this embedder, opened by the index's own name for it, made the index's vectors."""
        made_by = self.catalog.setting("fingerprint")
        if made_by != embedder.fingerprint:
            remedy = shlex.join(["rag", "index", "--embedder", self.embedder_name, "--index", str(self.folder)])
            raise IndexFault(
                f"{self.folder}: its vectors were made by {made_by or 'no embedder yet'}, not by "
                f"{embedder.fingerprint}; embed it anew with: {remedy} CORPUS"
            )

    # Writing

    def adopt(self, embedder: Embedder, *, name: str, split: Callable[[Document], Sequence[Chunk]], cut: str) -> None:
        """Make this embedder and this way of cutting the index's own; where either is another than before, cut every
        held document anew and let all vectors wait. `cut` names the way of cutting.
        """
        settings = {"embedder": name, "fingerprint": embedder.fingerprint, "cut": cut}
        if any(self.catalog.setting(key) != value for key, value in settings.items() if key != "embedder"):
            self.catalog.set_setting("fingerprint", "")  # whoever finds it half done begins again
            for document in self.catalog.documents():
                chunks = split(document)
                self.catalog.replace_chunks(document, chunks, _hashes(chunks, embedder))
            self._empty_chroma()
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
        while batch := self.catalog.waiting(STORED_AT_ONCE):
            vectors = []
            for start in range(0, len(batch), EMBEDDED_AT_ONCE):
                texts = [stored.chunk.text for stored in batch[start : start + EMBEDDED_AT_ONCE]]
                vectors.append(embedder.passages(texts))
                progress(len(texts))
            self._store(batch, np.concatenate(vectors))
        self._generation = self.catalog.generation

    def _store(self, batch: Sequence[StoredChunk], vectors: Vectors) -> None:
        """Hand chunks to Chroma, then note that it holds them."""
        excerpts = self.catalog.excerpts([stored.id for stored in batch])
        self._collection.upsert(
            ids=[stored.chroma_id for stored in batch],
            embeddings=vectors,
            documents=[stored.chunk.text for stored in batch],
            metadatas=[_metadata(excerpts[stored.id]) for stored in batch],
        )
        self.catalog.mark_stored([stored.id for stored in batch])

    # Searching

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` chunks nearest to a unit vector among those the limits allow, with cosines, best first.

        Chroma answers where nothing is filtered; a narrow filter is answered exactly by the catalog, a broad one by
        asking Chroma for more and dropping.
        """
        total = self.catalog.count_chunks()
        allowed = self.catalog.count_allowed(limits)
        if allowed < total and allowed <= EXACT_ROWS:
            return self.catalog.nearest(vector, k=k, limits=limits)
        wanted = min(total, k if allowed == total else 2 * k * total // max(allowed, 1))
        near = self._ask_chroma(vector, wanted) if wanted else {}
        permitted = self.catalog.excerpts(tuple(near), limits=limits)
        ranked = sorted(permitted, key=lambda row: (-round(near[row], DECIMALS), permitted[row].key))
        return [(row, near[row]) for row in ranked[:k]]

    def _ask_chroma(self, vector: Vectors, wanted: int) -> dict[int, float]:
        """Return the rows nearest to a vector with their cosines; anew from the disk where another process wrote."""
        if self._generation != self.catalog.generation:
            self._close_chroma()
            self._open_chroma()
        answer = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=wanted, include=["distances"])
        near = dict(zip(answer["ids"][0], answer["distances"][0], strict=True))
        return {row: 1.0 - float(near[id_]) for id_, row in self.catalog.ids_of(tuple(near)).items()}

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the `k` best chunks by full text among those the limits allow, with BM25, best first."""
        return self.catalog.lexical(query, language=language, k=k, limits=limits)

    def excerpts(self, ids: Sequence[int]) -> dict[int, Excerpt]:
        """Return chunks as excerpts by row number."""
        return self.catalog.excerpts(ids)

    # Chroma

    def _open_chroma(self) -> None:
        """Open Chroma; where its files are gone, unreadable or not whole, fill it anew from the catalog."""
        import chromadb.errors

        self._generation = self.catalog.generation
        expected, probes = self.catalog.count_stored(), self.catalog.outermost_stored()
        try:
            self._connect()
            whole = self._collection.count() >= expected and self._holds(probes)
        except (chromadb.errors.ChromaError, ValueError, OSError) as error:
            if "locked" in str(error):
                raise IndexFault(f"{self.folder}: another run is writing to it; try again when it has ended") from error
            self._close_chroma()
            _forget_client(self.folder / "chroma")
            shutil.rmtree(self.folder / "chroma", ignore_errors=True)
            self._connect()
            whole = False
        if not whole:
            self._refill()

    def _connect(self) -> None:
        self._client = _client(self.folder / "chroma")
        self._collection = _collection(self._client)

    def _close_chroma(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _holds(self, probes: Sequence[StoredChunk]) -> bool:
        """Ask for stored vectors and expect them: a Chroma that lost its vectors counts them still."""
        if not probes:
            return True
        kept = self.catalog.vectors([probe.vector_hash for probe in probes])
        answer = self._collection.query(
            query_embeddings=np.stack(list(kept.values())), n_results=1, include=["distances"]
        )
        return all(distances and distances[0] <= ITSELF for distances in answer["distances"])

    def _refill(self) -> None:
        """Give an emptied Chroma every chunk whose vector is kept."""
        self._empty_chroma()
        while batch := self.catalog.waiting(STORED_AT_ONCE, embedded=True):
            kept = self.catalog.vectors([stored.vector_hash for stored in batch])
            self._store(batch, np.stack([kept[stored.vector_hash] for stored in batch]))
        self._generation = self.catalog.generation

    def _empty_chroma(self) -> None:
        self._client.delete_collection("chunks")
        self._collection = _collection(self._client)
        self.catalog.mark_all_waiting()


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported where it is used
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _forget_client(folder: Path) -> None:
    """Take a client that could not start out of Chroma's cache, which would hand it out again."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001 - chromadb offers no other way to let go of it


def _collection(client: Any) -> Any:  # noqa: ANN401 - chromadb is imported where it is used
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
