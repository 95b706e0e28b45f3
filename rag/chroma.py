"""One folder of Chroma: open, ask, put, take out, and look at its files. The only importer of chromadb.

Knows nothing of the catalog and decides nothing: what is whole, and what to do where it is not, `rag.index` says. Two
processes must not be in here at once; whoever calls holds the lock.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from rag.errors import IndexFault
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.embed import Vectors

COLLECTION = "chunks"
EF_SEARCH = 200
"""Candidates kept while the graph is walked (Malkov & Yashunin 2018). With Chroma's own 100, of the 50 nearest of real
e5 vectors 3 % are missed; with 200, 0.6 %.
"""
PROBED = 256
"""Vectors that must find themselves before files that are not as they were left are trusted."""
PROBE = """
import sys
import chromadb
from chromadb.config import Settings
client = chromadb.PersistentClient(sys.argv[1], settings=Settings(anonymized_telemetry=False))
collection = client.get_collection("chunks", embedding_function=None)
ids = collection.get(include=[])["ids"]
some = ids[:: max(1, len(ids) // int(sys.argv[2]))]
if some:
    vectors = collection.get(ids=some, include=["embeddings"])["embeddings"]
    nearest = collection.query(query_embeddings=vectors, n_results=1, include=["distances"])["distances"]
    sys.exit(any(not distances or distances[0] > 1e-3 for distances in nearest))
"""
_WALK: Any = {"ef_search": EF_SEARCH}
_openings = itertools.count(1)


class ChromaFault(IndexFault):
    """Chroma refused: its files are not what they were, or cannot be written."""


class Chroma:
    """A collection of vectors in cosine space, with texts and metadata by id. Call `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._written = folder, False
        with self._translated():
            self._client = _client(folder)
            try:
                self._collection = self._client.get_or_create_collection(
                    COLLECTION, configuration={"hnsw": {"space": "cosine", **_WALK}}, embedding_function=None
                )
                _widen(self._collection)
            except BaseException:
                self._client.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()
        if self._written:
            _fill_lengths(self._folder)

    def count(self) -> int:
        """Count the ids, also those whose vectors are lost."""
        with self._translated():
            return int(self._collection.count())

    def nearest(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """Return for each of the unit vectors the ids of the `k` nearest with their cosine distances, nearest first."""
        with self._translated():
            found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        pairs = zip(found["ids"], found["distances"], strict=True)
        return [list(zip(ids, map(float, distances), strict=True)) for ids, distances in pairs]

    def put(
        self, ids: Sequence[str], vectors: Vectors, texts: Sequence[str], metadata: Sequence[Mapping[str, str | int]]
    ) -> None:
        """Hold these, in the place of what had their ids."""
        self._written = True
        with self._translated():
            self._collection.upsert(ids=list(ids), embeddings=vectors, documents=list(texts), metadatas=list(metadata))

    def describe(self, ids: Sequence[str], metadata: Sequence[Mapping[str, str | int]]) -> None:
        """Hold these with other metadata."""
        with self._translated():
            self._collection.update(ids=list(ids), metadatas=list(metadata))

    def remove(self, ids: Sequence[str]) -> None:
        """Let go of these."""
        with self._translated():
            self._collection.delete(ids=list(ids))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say in one line what Chroma refuses."""
        import chromadb.errors

        try:
            yield
        except (chromadb.errors.ChromaError, ValueError, OSError) as error:
            raise self._fault(error) from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":  # what Chroma's engine raises is no Exception
                raise self._fault(error) from error
            raise

    def _fault(self, error: BaseException) -> ChromaFault:
        what = " ".join(str(error).split())
        if "locked" in what:
            remedy = tell(
                es="otro programa lo tiene abierto; ciérralo y ejecuta la orden de nuevo",
                en="another program holds it open; close that and run the command again",
            )
        else:
            remedy = tell(
                es=(
                    "comprueba que queda sitio en el disco y que se puede escribir en la carpeta, y "
                    "ejecuta la orden de nuevo"
                ),
                en="see that the disk has room and the folder can be written, and run the command again",
            )
        return ChromaFault(
            tell(
                es=f"{self._folder}: el almacén de vectores se ha negado ({what}); {remedy}; lo hecho se conserva",
                en=f"{self._folder}: the vector store refused ({what}); {remedy}; what is done is kept",
            )
        )


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported where it is used
    """Open a client that reads the files as they are now.

    Chroma shares what it once read with every client of a path in this process, also what has become stale; but it
    knows a path by its spelling, so each gets one of its own.
    """
    import chromadb
    from chromadb.config import Settings

    spelling = f"{folder}/{'./' * next(_openings)}"
    return chromadb.PersistentClient(spelling, settings=Settings(anonymized_telemetry=False))


def _widen(collection: Any) -> None:  # noqa: ANN401 - as above
    """Let a collection that was made with another `ef_search` be walked as far as those made now."""
    if collection.configuration_json["hnsw"]["ef_search"] != EF_SEARCH:
        with warnings.catch_warnings():  # Chroma warns of its own default, that there is no embedding function
            warnings.simplefilter("ignore", DeprecationWarning)
            collection.modify(configuration={"hnsw": _WALK})


def _fill_lengths(folder: Path) -> None:
    """Write 1 for the length of every vector, which all are of, where Chroma left what its memory happened to hold:
    pieces of texts, and it may be a key.
    """
    import numpy as np

    for path in folder.glob("*/length.bin"):
        with suppress(OSError), path.open("r+b") as file:
            size = path.stat().st_size
            file.write(np.ones(size // 4, dtype="<f4").tobytes() + bytes(size % 4))


def files_of(folder: Path) -> str:
    """Return the names and sizes of a Chroma folder's files, as JSON."""
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return json.dumps(sizes, sort_keys=True)


def survives(folder: Path, left: str) -> bool:
    """Say whether Chroma's files, `left` with these names and sizes, can be opened and asked.

    Some cut-off files make its engine end the whole process, past any handler. They only ever grow; so one that is gone
    or smaller is damaged, and where one has grown (a kill came between a write and its note) another process tries.
    """
    now, before = json.loads(files_of(folder)), json.loads(left or "{}")
    if now == before:
        return True
    if any(now.get(name, -1) < size for name, size in before.items()):
        return False
    tried = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROBE, str(folder), str(PROBED)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0
