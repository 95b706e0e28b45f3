"""What an index holds, and what ails it with the command that mends it.

Looks at the catalog and at Chroma's files; mends nothing itself. `rag index` mends what can be mended.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.embed import open_embedder
from rag.errors import EmbedderError, RagError
from rag.index import Index, is_writing
from rag.language import tell

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds: documents and chunks (embedded, or waiting for it), files that could not be read, undated
    documents, documents by language and by format, the earliest and latest publication day, and its embedder.
    """

    documents: int
    chunks: int
    embedded: int
    waiting: int
    failed: int
    undated: int
    languages: dict[str, int]
    formats: dict[str, int]
    first: str
    last: str
    embedder: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know of: what, where, and what to do about it."""

    what: str
    where: str
    remedy: str


def read_status(index: Index) -> Status:
    """Say what an index holds."""
    catalog = index.catalog
    counts, sources = catalog.counts(), tuple(catalog.sources())
    dates = [source.date for source in sources if source.date.known]
    stored = catalog.count_stored()
    return Status(
        counts.documents,
        counts.chunks,
        embedded=stored,
        waiting=counts.chunks - stored,
        failed=sum(file.state == "failed" for file in catalog.unread()),
        undated=counts.undated,
        languages=dict(sorted(Counter(source.language for source in sources if source.language).items())),
        formats=dict(sorted(Counter(source.format for source in sources).items())),
        first=min((str(date) for date in dates), default=""),
        last=max((str(date) for date in dates), default=""),
        embedder=index.embedder_name,
        fingerprint=catalog.setting("fingerprint"),
    )


def examine(folder: Path) -> tuple[Problem, ...]:
    """Say what ails the index in a folder: that it is damaged, was left half done, or could not read a file."""
    again = f"rag index CORPUS --index {shlex.quote(str(folder))}"
    if folder.exists() and is_writing(folder):
        return (
            Problem(
                tell(es="otro proceso escribe en él en este momento", en="another run is writing to it at this moment"),
                str(folder),
                tell(es="espera a que termine", en="wait until it has ended"),
            ),
        )
    try:
        with Index(folder) as index:
            if damage := index.catalog.damage():
                away = tell(es=f"apártalo y ejecuta: {again}", en=f"move it away and run: {again}")
                return (
                    Problem(
                        tell(es=f"el catálogo está dañado: {damage}", en=f"the catalog is damaged: {damage}"),
                        str(folder / "catalog.sqlite3"),
                        away,
                    ),
                )
            return (*_damaged(index, again), *_unfinished(index, again), *_unread(index), *_embedder(index, again))
    except RagError as error:
        return (
            Problem(tell(es="no se puede abrir el índice", en="the index cannot be opened"), str(folder), str(error)),
        )


def _damaged(index: Index, again: str) -> tuple[Problem, ...]:
    problems = []
    if disagreement := index.catalog.disagreement():
        problems.append(
            Problem(disagreement, str(index.folder), tell(es=f"ejecuta: {again} --verify", en=f"run: {again} --verify"))
        )
    if ailment := index.ailment():
        problems.append(
            Problem(
                ailment,
                str(index.folder),
                tell(
                    es=f"se hace de nuevo, sin volver a codificar, con: {again}",
                    en=f"it is made anew without embedding by: {again}",
                ),
            )
        )
    return tuple(problems)


def _unfinished(index: Index, again: str) -> tuple[Problem, ...]:
    problems, where = [], str(index.folder)
    if index.waiting:
        problems.append(
            Problem(
                tell(
                    es=f"{index.waiting} fragmentos esperan a ser codificados",
                    en=f"{index.waiting} chunks wait to be embedded",
                ),
                where,
                tell(es=f"ejecuta: {again}", en=f"run: {again}"),
            )
        )
    if begun := index.catalog.begun:
        what = tell(
            es=f"no se terminó de codificar de nuevo con {begun.embedder}",
            en=f"embedding it anew with {begun.embedder} was not finished",
        )
        remedy = tell(
            es=f"continúa con: {again} --embedder {shlex.quote(begun.embedder)}; o abandónalo con: {again}",
            en=f"go on with: {again} --embedder {shlex.quote(begun.embedder)}; or give it up with: {again}",
        )
        problems.append(Problem(what, where, remedy))
    if not index.catalog.counts().documents:
        problems.append(
            Problem(
                tell(es="el índice no contiene documentos", en="the index holds no documents"),
                where,
                tell(es=f"ejecuta: {again}", en=f"run: {again}"),
            )
        )
    return tuple(problems)


def _unread(index: Index) -> tuple[Problem, ...]:
    unread = index.catalog.unread()
    return tuple(
        Problem(tell(es="no se pudo leer un archivo", en="a file could not be read"), file.path, file.reason)
        for file in unread
        if file.state == "failed"
    )


def _embedder(index: Index, again: str) -> tuple[Problem, ...]:
    try:
        index.require(open_embedder(index.embedder_name))
    except EmbedderError as error:
        remedy = tell(
            es=f"{error}; o ejecuta: {again} --embedder bundled", en=f"{error}; or run: {again} --embedder bundled"
        )
        return (
            Problem(
                tell(es="no se puede cargar el codificador", en="the embedder cannot be loaded"),
                index.embedder_name,
                remedy,
            ),
        )
    except RagError as error:
        return (
            Problem(
                tell(
                    es="el codificador no es aquel con el que se hizo el índice",
                    en="the embedder is another than the index was made with",
                ),
                index.embedder_name,
                str(error),
            ),
        )
    return ()
