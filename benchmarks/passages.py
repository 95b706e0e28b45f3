"""Passages to search: real ones with the bundled encoder's vectors, and made-up ones with vectors mixed of those.

Real passages and questions come from the open sets under `RAG_TEST_DATA` and are embedded once for a folder. Made-up
texts have words as frequent as Zipf has it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.catalog import Catalog, FileState, Making
from rag.embed import BundledEmbedder, CachedEmbedder
from rag.index import Index
from rag.progress import Progress
from rag.records import UNDATED, Chunk, Document, PublicationDate, Source, document_id
from rag.split import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.embed import Vectors

SEED = 7
PASSAGES, QUESTIONS = 2_800, 240
"""Real passages and questions at most."""
CHUNK_TOKENS = 200
VOCABULARY = 30_000
PER_DOCUMENT = 10
UNDATED_SHARE = 0.1
FIRST_DAY, DAYS = dt.date(1990, 1, 1), 13_000


@dataclass(frozen=True, slots=True)
class Real:
    """Real passages, cut as an index cuts them, and real questions, with the bundled encoder's vectors."""

    passages: tuple[str, ...]
    vectors: Vectors
    questions: tuple[str, ...]
    asked: Vectors


def real(folder: Path) -> Real:
    """Return the real passages and questions, embedded once for this folder."""
    kept = folder / "real-vectors.npz"
    if not kept.exists():
        passages, questions = _read(Path(os.environ["RAG_TEST_DATA"]))
        with Catalog(None) as catalog:
            encoder = CachedEmbedder(BundledEmbedder(), catalog)
            asked = encoder.queries(questions)
            encoder.expect(len(passages))
            vectors = encoder.passages(passages)
        np.savez(kept, passages=passages, vectors=vectors, questions=questions, asked=asked)
    with np.load(kept) as held:
        return Real(tuple(held["passages"].tolist()), held["vectors"], tuple(held["questions"].tolist()), held["asked"])


def _read(data: Path) -> tuple[list[str], list[str]]:
    """Return passages and questions of four open sets, in Spanish and English."""
    counter, texts = BundledEmbedder(), dict[str, None]()
    for language, text in _documents(data):
        document = Document(Source(document_id(text), ("x",), "text", language=language), text)
        cut = split(document, count_tokens=counter.count_tokens, max_tokens=CHUNK_TOKENS)
        texts |= dict.fromkeys(chunk.text for chunk in cut)
    questions = [row["question"] for row in _rows(data / "pubmedqa/pubmedqa.jsonl")]
    questions += [row["question"] for row in _rows(data / "xquad/queries.jsonl")]
    chance = np.random.default_rng(SEED)
    some = (
        sorted(chance.permutation(len(every))[:count]) for every, count in ((texts, PASSAGES), (questions, QUESTIONS))
    )
    passages = list(texts)
    return [passages[place] for place in next(some)], [questions[place] for place in next(some)]


def _documents(data: Path) -> Iterator[tuple[str, str]]:
    for row in _rows(data / "pubmedqa/pubmedqa.jsonl"):
        yield "en", "\n\n".join([*(section["text"] for section in row["sections"]), row["conclusion"]])
    for row in _rows(data / "xquad/corpus.jsonl"):
        yield row["lang"], row["text"]
    for path in sorted((data / "spaccc_es/txt").glob("*.txt")):
        yield "es", path.read_text(encoding="utf-8")
    for row in _rows(data / "timeqa/timeqa.jsonl"):
        yield "en", "\n\n".join(row["paras"][:12])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Ready:
    """An embedder whose vectors are there already, by text."""

    fingerprint, max_tokens = "ready", CHUNK_TOKENS

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self._places, self._vectors = {text: place for place, text in enumerate(texts)}, vectors
        self.dimension = vectors.shape[1]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Look up."""
        return self._vectors[[self._places[text] for text in texts]]

    queries = passages

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())


def words() -> list[str]:
    """Make up words, the commonest first."""
    chance, letters = np.random.default_rng(SEED), list("aeioulnrstdcmp")
    return ["".join(chance.choice(letters, size=chance.integers(3, 10))) for _ in range(VOCABULARY)]


def made_up(count: int) -> list[str]:
    """Write texts of words as frequent as Zipf has it."""
    chance, share = np.random.default_rng(SEED + 1), 1 / np.arange(1, VOCABULARY + 1)
    known = np.array(words())
    drawn = (
        known[chance.choice(VOCABULARY, size=chance.integers(80, 130), p=share / share.sum())] for _ in range(count)
    )
    return list(dict.fromkeys(" ".join(some).capitalize() + "." for some in drawn))


def mixed(vectors: Vectors, count: int) -> Vectors:
    """Mix real vectors two by two, with a little noise."""
    chance = np.random.default_rng(SEED + 2)
    one, other = (vectors[chance.integers(len(vectors), size=count)] for _ in range(2))
    share = chance.uniform(size=(count, 1))
    rows = share * one + (1 - share) * other + chance.normal(0, 0.005, size=(count, vectors.shape[1]))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def build(folder: Path, texts: Sequence[str], vectors: Vectors) -> None:
    """Index texts with ready vectors, some to a document, dated over some 35 years; where it is not there yet."""
    if folder.exists():
        return
    chance, embedder = np.random.default_rng(SEED + 3), Ready(texts, vectors)
    with Index(folder, create=True) as index:
        encoder, progress = CachedEmbedder(embedder, index.catalog), Progress()
        index.adopt(Making("ready", "ready", "ready"), encoder, split=lambda _: (), progress=progress)
        for first in range(0, len(texts), PER_DOCUMENT):
            day = FIRST_DAY + dt.timedelta(days=int(chance.integers(DAYS)))
            date = UNDATED if chance.random() < UNDATED_SHARE else PublicationDate(day, day, "day", "prefix", str(day))
            path = f"{first:06}.txt"
            cut = _document(texts[first : first + PER_DOCUMENT], path, date)
            index.put_file(FileState(path, 1, 1, 1, path), [cut], embedder)
        index.embed_waiting(encoder, progress)


def _document(texts: Sequence[str], path: str, date: PublicationDate) -> tuple[Document, list[Chunk]]:
    """Join texts to a document of which each is a chunk."""
    text = "\n\n".join(texts)
    id_ = document_id(text)
    starts = np.cumsum([0, *(len(one) + 2 for one in texts)]).tolist()
    chunks = [Chunk(id_, start, start + len(one), one) for start, one in zip(starts, texts, strict=False)]
    return Document(Source(id_, (path,), "text", title=path, date=date, language="es"), text), chunks


def held(folder: Path) -> tuple[list[str], Vectors]:
    """Return the texts of an index in the order of its rows, and their vectors."""
    with Index(folder) as index:
        stored = index.catalog.stored_chunks(range(1, index.catalog.count_chunks() + 1))
        kept = index.catalog.vectors([one.vector_hash for one in stored])
        return [one.chunk.text for one in stored], np.stack([kept[one.vector_hash] for one in stored])
