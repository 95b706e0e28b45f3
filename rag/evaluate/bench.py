"""A collection's documents in an index of their own, kept in the user's cache: `Collection` → `Index`.

Does not measure. The documents are cut, embedded and searched as a folder's are. The index is found again by what the
documents say, the embedder and the size of chunks, so that asking again costs the queries alone; where this code cuts
otherwise than the code that made it, it is cut anew, and only what is new to it is embedded.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag import fulltext, language, rows
from rag import split as splitter
from rag.catalog import FileState, Making
from rag.e5.cache import cache_folder
from rag.embed import CachedEmbedder
from rag.errors import RagError
from rag.index import Index, writing
from rag.language import os_words, tell
from rag.split import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.embed import Embedder
    from rag.evaluate.collection import Collection
    from rag.progress import Progress
    from rag.records import Chunk, Document

_CORPUS = "corpus.jsonl"


@contextmanager
def indexed(
    collection: Collection, *, embedder: Embedder, chunk_tokens: int, progress: Progress
) -> Iterator[tuple[Index, CachedEmbedder]]:
    """Open the index of a collection, made where it is not there or not whole, and the embedder that fills it.

    Raises `RagError` where it cannot be written.
    """
    limit = min(chunk_tokens, embedder.max_tokens)

    def cut(document: Document) -> tuple[Chunk, ...]:
        return split(document, count_tokens=embedder.count_tokens, max_tokens=limit)

    making = Making("", embedder.fingerprint, f"{limit} tokens")
    folder = _made(cache_folder() / "evaluations" / _name(collection, making))
    with writing(folder, progress), Index(folder, create=True) as index:
        encoder, code = CachedEmbedder(embedder, index.catalog), _code()
        index.adopt(making, encoder, split=cut, progress=progress)
        if index.catalog.setting("code") != code:
            index.catalog.remove_file(_CORPUS)
            file = FileState(_CORPUS, 0, 0, 0, "")
            index.put_file(file, [(document, cut(document)) for document in collection.documents], embedder)
            index.catalog.set_setting("code", code)
        if not index.settled():
            index.embed_waiting(encoder, progress)
        yield index, encoder


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = tell(
            es="da con RAG_CACHE una carpeta en la que se pueda escribir",
            en="name a cache folder that can be written by RAG_CACHE",
        )
        raise RagError(
            tell(
                es=f"{folder}: el índice no se puede guardar aquí ({os_words(error)}); {remedy}",
                en=f"{folder}: the index cannot be kept here ({os_words(error)}); {remedy}",
            )
        ) from error
    return folder


def _name(collection: Collection, making: Making) -> str:
    """Return the name of a collection's index: its own, and a hash of all that the index depends on but the code."""
    digest = hashlib.sha256(f"{rows.SCHEMA_VERSION}\0{making.identity}".encode())
    for document in collection.documents:
        digest.update(f"\0{document.source.id}\0{document.source.language}\0{document.source.date}".encode())
    return f"{collection.name}-{digest.hexdigest()[:16]}"


def _code() -> str:
    """Return a hash of the code that cuts documents and puts their words into the index."""
    sources = (Path(str(module.__file__)).read_bytes() for module in (splitter, fulltext, language))
    return hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]
