"""Collections whose relevant documents are known → the fit of a gate: asked with these documents there, and gone.

Does not read collections. Nothing is there for a query in three ways: its sources are gone, the collection is of
another field, or the topic is there and the heading is of another field. Documents are taken away by leaving their
passages out of whole lists, so that nothing is embedded twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rag.catalog import Catalog
from rag.embed import CachedEmbedder, vector_hash
from rag.fitted import Fitted, fit, shares_right
from rag.plan.sufficiency import FEATURES, PURPOSE, figures
from rag.records import TimeLimits
from rag.retrieve import POOL, find
from rag.rows import FileState
from rag.split import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.embed import Embedder, Vectors, VectorStore
    from rag.evaluate.collection import Collection, Query
    from rag.records import Excerpt

AT_ONCE = 256
"""Passages handed to the encoder in one step."""
SIZES = (0, 30, 0, 5)
"""How many documents are there, in turn from query to query (0: all): a few snippets are judged as a library is."""
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One asking: whether something is `there`, and the figures of what was found.

    `kind` is "there", or how nothing came to be there: its sources were "gone", the collection was of another "field",
    or the topic is there under a "heading" from another field. `documents` is how many there were, 0 for all.
    """

    collection: str
    query: Query
    kind: str
    documents: int
    figures: Mapping[str, float]

    @property
    def there(self) -> bool:
        """Whether something is there."""
        return self.kind == "there"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A collection on a shelf, and on it the documents that are `kept`."""

    collection: Collection
    catalog: Catalog
    passages: Mapping[int, Excerpt]
    centre: Vectors
    kept: frozenset[str]

    @property
    def languages(self) -> frozenset[str]:
        """The languages of all its passages."""
        return self.catalog.languages

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with cosines."""
        return self._kept(self.catalog.nearest(vector, k=len(self.passages), limits=limits))[:k]

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return row numbers with BM25; how rare a word is, is that of the whole collection."""
        return self._kept(self.catalog.lexical(query, language=language, k=len(self.passages), limits=limits))[:k]

    def excerpts(self, ids: Sequence[int]) -> dict[int, Excerpt]:
        """Return excerpts by row number."""
        return {id_: self.passages[id_] for id_ in ids}

    def between(self, first: Excerpt, last: Excerpt) -> Excerpt | None:
        """Return the excerpt that reaches from one to the other."""
        return self.catalog.between(first, last)

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpts a key names."""
        return self.catalog.by_key(key)

    def _kept(self, hits: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        return [hit for hit in hits if self.passages[hit[0]].source.id in self.kept]


def shelve(collection: Collection, embedder: Embedder, encoder: CachedEmbedder, *, chunk_tokens: int) -> Shelved:
    """Put a collection on a shelf in memory; its vectors come from the encoder."""
    catalog, limit = Catalog(None), min(chunk_tokens, embedder.max_tokens)
    held = []
    for document in collection.documents:
        chunks = split(document, count_tokens=embedder.count_tokens, max_tokens=limit)
        hashes = [vector_hash(chunk.text, side="passage", fingerprint=embedder.fingerprint) for chunk in chunks]
        held.append((document, chunks, hashes))
    texts = {hash_: chunk.text for _, chunks, hashes in held for hash_, chunk in zip(hashes, chunks, strict=True)}
    ordered = sorted(texts, key=lambda hash_: (len(texts[hash_]), hash_))
    for first in range(0, len(ordered), AT_ONCE):
        batch = ordered[first : first + AT_ONCE]
        catalog.keep_vectors(dict(zip(batch, encoder.passages([texts[hash_] for hash_ in batch]), strict=True)))
    catalog.put_file(FileState(collection.name, 0, 0, 0, ""), held)
    rows = [row for row, _ in catalog.nearest(np.zeros(embedder.dimension, np.float32), k=10**9, limits=TimeLimits())]
    vectors = np.stack(list(catalog.vectors(ordered).values()))
    passages = catalog.excerpts(rows)
    kept = frozenset(document.source.id for document in collection.documents)
    return Shelved(collection, catalog, passages, vectors.mean(axis=0), kept)


def examples(
    shelves: Sequence[Shelved], encoder: CachedEmbedder, *, among: Sequence[Shelved], typical: Vectors, most: int
) -> Iterator[Example]:
    """Ask `most` queries of each collection, spread over all it has, with their sources there and gone.

    The other fields are looked for `among` collections.
    """
    for here in shelves:
        queries = here.collection.queries
        for turn in range(min(most, len(queries))):
            query = queries[turn * len(queries) // min(most, len(queries))]
            size = SIZES[turn % len(SIZES)]
            for kind, asked, shelf in _askings(query, here, _far(here, among), turn=turn, size=size):
                vector = encoder.queries([asked.text])[0]
                found = find(
                    asked.text, shelves=(shelf,), embedder=encoder, k=POOL, language=asked.language, limits=TimeLimits()
                )
                if found:
                    told = figures(asked.text, vector=vector, language=asked.language, found=found, typical=typical)
                    yield Example(here.collection.name, query, kind, size, told)


def _far(here: Shelved, among: Sequence[Shelved]) -> tuple[Shelved, ...]:
    """Return the collections in the same languages, without a document of this one, that are farther from it in meaning
    than half of them.
    """
    others = [other for other in among if other.languages == here.languages and not other.kept & here.kept]
    apart = sorted(others, key=lambda other: (_likeness(here, other), other.collection.name))
    return tuple(apart[: -(-len(apart) // 2)])


def _likeness(one: Shelved, other: Shelved) -> float:
    lengths = np.linalg.norm(one.centre) * np.linalg.norm(other.centre)
    return round(float(one.centre @ other.centre / lengths), _DECIMALS)


def _askings(
    query: Query, here: Shelved, far: Sequence[Shelved], *, turn: int, size: int
) -> Iterator[tuple[str, Query, Shelved]]:
    """Yield what to ask of what, and why nothing is there where nothing is."""
    ids = {document.source.paths[0]: document.source for document in here.collection.documents}
    akin = [other for other in here.collection.queries if other.group == query.group]
    of_group = frozenset(ids[id_].id for other in akin for id_ in other.relevant)
    own = sorted(ids[id_].id for id_ in query.relevant)
    others = _some(here.kept - of_group, size, query.text)
    yield "there", query, replace(here, kept=frozenset((*own, *others)) if size else here.kept)
    if others:
        yield "gone", query, replace(here, kept=frozenset(others))
    title = ids[min(query.relevant)].title
    if title and title not in query.text:
        yield "there", _under(query, title), here
    if far:
        away = far[turn % len(far)]
        yield "field", query, replace(away, kept=frozenset(_some(away.kept, size, query.text)))
        titles = [
            d.source.title for d in away.collection.documents if d.source.title and d.source.language == query.language
        ]
        if titles:
            yield "heading", _under(query, titles[turn % len(titles)]), away


def _some(ids: frozenset[str], size: int, seed: str) -> list[str]:
    """Return as many ids (0: all), as if at random and always the same."""
    shuffled = sorted(ids, key=lambda id_: hashlib.sha256(f"{seed}\0{id_}".encode()).digest())
    return shuffled[: size or None]


def _under(query: Query, topic: str) -> Query:
    """Return a query as a heading of a text on a topic."""
    return replace(query, text=f"{query.text.rstrip(' ?.')}. {topic}")


def fit_sufficiency(
    collections: Sequence[Collection],
    embedder: Embedder,
    *,
    store: VectorStore,
    chunk_tokens: int,
    most: int = 60,
) -> Fitted:
    """Fit the gate for an embedder on collections, at best of several fields: one field tells nothing of others.

    One half of the queries, by group, makes the fit, the other measures it. Vectors are kept in `store`. Raises
    `RagError` where nothing can be learnt.
    """
    encoder = CachedEmbedder(embedder, store)
    shelves = [shelve(collection, embedder, encoder, chunk_tokens=chunk_tokens) for collection in collections]
    typical = np.mean([shelf.centre for shelf in shelves], axis=0)
    made = list(examples(shelves, encoder, among=shelves, typical=typical, most=most))
    fitted = fit(
        PURPOSE,
        embedder.fingerprint,
        [(example.figures, example.there) for example in made if example.query.half == "first"],
        features=FEATURES,
        made_from=[collection.name for collection in collections],
        typical=[float(number) for number in typical],
    )
    unseen = [(example.figures, example.there) for example in made if example.query.half == "second"]
    return replace(fitted, measured=shares_right(fitted, unseen))
