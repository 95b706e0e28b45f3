"""Does an index say the same in all its places? Corpora to ask it of, and the comparison, chunk by chunk.

Written against the files themselves: what the index's own reading of them would hide is not hidden here.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.chroma import Chroma
from rag.folder import corpus_files
from rag.index import Index
from rag.read import read_file
from rag.records import document_id
from rag.split import split
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ITSELF = 1e-3
"""Cosine distance up to which a vector is found as itself."""
MISSED = 0.01
"""Share of vectors the approximate search may miss: seen was one in 300, in one opening of ten, where passages had been
put a second time.
"""
SAME = 1e-6
"""How far a number of a vector may be off in Chroma."""


def write_corpus(folder: Path, files: int, *, seed: int = 0, paragraphs: int = 3) -> None:
    """Write texts, Markdown and dated snippets about nothing; some in two places."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    words = ["".join(chance.choices("aeioulnrstdcmp", k=chance.randint(3, 9))) for _ in range(3000)]

    def paragraph() -> str:
        return " ".join(chance.choices(words, k=chance.randint(60, 110))).capitalize() + "."

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        body = [paragraph() for _ in range(paragraphs)]
        place = folder / f"carpeta{number % 7}"
        place.mkdir(exist_ok=True)
        if number % 10 == 9:
            text = " ".join(f"Mar {day}, 2023 · {one}" for day, one in enumerate(body, start=1))
        elif number % 3 == 0:
            text = "\n\n".join(f"# Sección {count}\n\n{one}" for count, one in enumerate(body))
        else:
            text = "\n\n".join(body)
        year = f"_{2000 + number % 25}" if number % 4 else ""
        name = f"{number:04}{year}.{'md' if number % 3 == 0 else 'txt'}"
        (place / name).write_text(text, encoding="utf-8")
        if number % 20 == 1:
            (folder / f"copia-{name}").write_text(text, encoding="utf-8")


def disagreements(folder: Path, corpus: Path, *, dimension: int = 64, chunk_tokens: int = 200) -> list[str]:
    """Return what the catalog, Chroma, the full text and the corpus say differently of the index in `folder`."""
    embedder = WordEmbedder(dimension=dimension)
    with closing(sqlite3.connect(folder / "catalog.sqlite3")) as db:
        edition = int(dict(db.execute("SELECT name, value FROM setting")).get("edition") or 1)
        chunks = db.execute(
            'SELECT chunk.id, edition, stored, document_id, start, "end", chunk.text, document.text, value, source'
            " FROM chunk LEFT JOIN document ON document.id = document_id LEFT JOIN vector ON hash = vector_hash"
        ).fetchall()
        found = [*_of_files(db, corpus), *_of_cuts(db, corpus, embedder, chunk_tokens)]
        found += [*_of_chunks(chunks, edition), *_of_full_text(db, chunks)]
    with closing(Chroma(folder / ("chroma" if edition == 1 else f"chroma-{edition}"))) as chroma:
        found += _of_chroma(chroma, chunks, embedder)
    stray = {path.name for path in folder.glob("chroma*") if path.is_dir()}
    return found if len(stray) == 1 else [*found, f"folders: {sorted(stray)}"]


def held(folder: Path) -> tuple[dict[str, Any], set[tuple[str, int, int, str]]]:
    """Return the sources of an index by id, and its passages with their keys."""
    with Index(folder) as index:
        catalog = index.catalog
        ids = [row[0] for row in catalog._db.execute("SELECT id FROM current")]
        passages = {(one.source.id, one.start, one.end, one.key) for one in catalog.excerpts(ids).values()}
        return {source.id: source for source in catalog.sources()}, passages


def _of_files(db: sqlite3.Connection, corpus: Path) -> Iterator[str]:
    """Compare the files noted with those that are there."""
    there = {
        path.relative_to(corpus).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
        for path in (corpus / name for name in corpus_files(corpus))
    }
    noted = {path: (sha256, size) for path, sha256, size in db.execute("SELECT path, sha256, size FROM file")}
    if noted != there:
        yield f"files: {sorted(set(noted.items()) ^ set(there.items()))[:4]}"
    if unread := db.execute("SELECT path, reason FROM file WHERE state != 'read'").fetchall():
        yield f"not read: {unread[:4]}"
    if gone := db.execute("SELECT count(*) FROM discarded").fetchone()[0]:
        yield f"{gone} passages wait to be let go"
    if (fault := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        yield f"catalog: {fault}"


def _of_cuts(db: sqlite3.Connection, corpus: Path, embedder: WordEmbedder, chunk_tokens: int) -> Iterator[str]:
    """Compare documents, where they lie and how they are cut with what reading the corpus gives."""
    read = {
        (path.relative_to(corpus).as_posix(), document.source.id): document
        for path in (corpus / name for name in corpus_files(corpus))
        for document in read_file(path, corpus=corpus)
    }
    if lying := set(db.execute("SELECT path, document_id FROM occurrence")) ^ set(read):
        yield f"occurrences: {sorted(lying)[:4]}"
    documents = {id_: document for (_, id_), document in read.items()}
    if differing := {row[0] for row in db.execute("SELECT id FROM document")} ^ set(documents):
        yield f"documents: {sorted(differing)[:4]}"
    limit = min(chunk_tokens, embedder.max_tokens)
    cut = {
        (id_, chunk.start, chunk.end)
        for id_, document in documents.items()
        for chunk in split(document, count_tokens=embedder.count_tokens, max_tokens=limit)
    }
    if uneven := cut ^ set(db.execute('SELECT document_id, start, "end" FROM chunk')):
        yield f"{len(uneven)} chunks are not as the corpus is cut: {sorted(uneven)[:2]}"


def _of_chunks(chunks: list[tuple[Any, ...]], edition: int) -> Iterator[str]:
    """Compare chunks with their documents."""
    for id_, its_edition, stored, document, start, end, text, whole, value, _ in chunks:
        if its_edition != edition or not stored or value is None:
            yield f"chunk {id_}: edition {its_edition}, stored {stored}, vector {value is not None}"
        if whole is None or whole[start:end] != text or document_id(whole) != document:
            yield f"chunk {id_}: not its document's text"


def _of_full_text(db: sqlite3.Connection, chunks: list[tuple[Any, ...]]) -> Iterator[str]:
    """Compare the full text with the chunks."""
    rows = dict(db.execute("SELECT rowid, text FROM full_text"))
    if rows != {chunk[0]: chunk[6] for chunk in chunks}:
        yield f"full text: {len(rows)} rows, {len(chunks)} chunks, or other texts"
    try:
        db.execute("INSERT INTO full_text (full_text) VALUES ('integrity-check')")
    except sqlite3.Error as error:
        yield f"full text: {error}"


def _of_chroma(chroma: Chroma, chunks: list[tuple[Any, ...]], embedder: WordEmbedder) -> Iterator[str]:
    """Compare what Chroma holds and finds with the chunks."""
    got = chroma._collection.get(include=["documents", "embeddings", "metadatas"])
    kept = dict(zip(got["ids"], zip(got["documents"], got["embeddings"], got["metadatas"], strict=True), strict=True))
    wanted = {f"{chunk[3]}:{chunk[4]}-{chunk[5]}": chunk for chunk in chunks}
    if set(kept) != set(wanted) or len(kept) != chroma.count():
        yield f"Chroma: {len(set(kept) - set(wanted))} too many, {len(set(wanted) - set(kept))} too few"
    for id_ in sorted(set(kept) & set(wanted)):
        _, _, _, document, _, _, text, _, value, source = wanted[id_]
        vector, right = np.frombuffer(value, dtype=np.float32), embedder.passages([text])[0]
        if not np.array_equal(vector, right):
            yield f"catalog: {id_} has another vector"
        if kept[id_][0] != text or kept[id_][1].shape != right.shape or np.abs(kept[id_][1] - right).max() > SAME:
            yield f"Chroma: {id_} has another text or vector"
        said = kept[id_][2]
        if said["path"] != json.loads(source)["paths"][0] or said["document"] != document:
            yield f"Chroma: {id_} has another path or document"
    vectors = np.stack([np.frombuffer(chunk[8], dtype=np.float32) for chunk in wanted.values()])
    lost = sum(not near or near[0][1] > ITSELF for near in chroma.nearest(vectors, 1))
    if lost > MISSED * len(vectors):
        yield f"Chroma: {lost} vectors are not found"
