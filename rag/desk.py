"""What lies ready to write a brief from: its own material beside the index, what it pins and bans, its evidence.

Writes nothing. The brief's material is embedded once, into the index's cache of vectors. Brief, index → Desk.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rag.catalog import Catalog, FileState
from rag.embed import CachedEmbedder, Embedder, vector_hash
from rag.errors import BriefError, RagError
from rag.language import say, sentence_spans, tell
from rag.orders import order_in
from rag.plan import Means, gather
from rag.plan.sufficiency import open_gate
from rag.retrieve import search
from rag.run import find_excerpt
from rag.split import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.embed import VectorStore
    from rag.index import Index
    from rag.records import Brief, Chunk, Document, Evidence, Excerpt
    from rag.retrieve import Reranker, Shelf

OFFERED = 8
"""Excerpts looked at for what an author's sentence says."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies ready to write a brief from."""

    brief: Brief
    shelves: tuple[Shelf, ...]
    encoder: CachedEmbedder
    store: VectorStore
    evidence: tuple[Evidence, ...]


@contextmanager
def lay_out(
    brief: Brief,
    index: Index | None,
    embedder: Embedder,
    *,
    chunk_tokens: int,
    excerpts: int,
    per_source: int,
    reranker: Reranker | None = None,
    runs: Path | None = None,
    seek_gaps: bool = False,
) -> Iterator[Desk]:
    """Lay the brief's own material beside the index and gather the evidence of every heading.

    `runs` is where kept runs tell what a key that is gone used to name; `seek_gaps` asks what the evidence lacks.
    Raises `RagError` where there is nothing to write from, or a key of the brief leads nowhere.
    """
    if index is None and not brief.material:
        raise RagError(
            tell(
                es="no hay índice y el encargo no trae material; haz un índice con: rag index CORPUS",
                en="there is no index and the brief brings no material; make an index with: rag index CORPUS",
            )
        )
    with Catalog(None) as material:
        store = index.catalog if index else material
        encoder = CachedEmbedder(embedder, store)
        _shelve(material, brief.material, embedder, encoder, chunk_tokens=chunk_tokens)
        shelves: tuple[Shelf, ...] = (material, index) if index else (material,)
        catalogs = (material, index.catalog) if index else (material,)
        undated = sum(catalog.counts().undated for catalog in catalogs)
        periods = [catalog.period for catalog in catalogs if catalog.period]
        covered = (min(first for first, _ in periods), max(last for _, last in periods)) if periods else None
        brief = replace(brief, remarks=(*brief.remarks, *_left_undated(brief, undated)))
        named = partial(_named, brief=brief, shelves=shelves, encoder=encoder, runs=runs)
        pinned, banned = (tuple(map(named, keys)) for keys in (brief.pin, brief.ban))
        _refuse_out_of_time(brief, pinned)
        means = Means(
            shelves,
            encoder,
            excerpts,
            per_source,
            gate=open_gate(embedder, store),
            reranker=reranker,
            covered=covered,
            seek_gaps=seek_gaps,
        )
        yield Desk(brief, shelves, encoder, store, gather(brief, means, pinned=pinned, banned=banned))


def _left_undated(brief: Brief, undated: int) -> tuple[str, ...]:
    """Say how many sources a limit in time leaves out because their date is not known."""
    if not undated or not brief.limits.limited or brief.limits.undated == "keep":
        return ()
    return (
        say(
            brief.language,
            es=f"El límite de tiempo deja fuera las fuentes sin fecha: {undated} (undated: keep las admite).",
            en=f"The limit in time leaves out the undated sources: {undated} (undated: keep admits them).",
        ),
    )


def _named(key: str, *, brief: Brief, shelves: Sequence[Shelf], encoder: CachedEmbedder, runs: Path | None) -> Excerpt:
    """Return the one excerpt that a brief's key names; `BriefError` names the nearest where it is gone."""
    found = {excerpt.key: excerpt for shelf in shelves for excerpt in shelf.by_key(key.removeprefix("k:"))}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise BriefError(
            tell(
                es=(
                    f"la clave {key} corresponde a {len(found)} extractos ({', '.join(sorted(found))}); "
                    "escribe una entera"
                ),
                en=f"the key {key} names {len(found)} excerpts ({', '.join(sorted(found))}); write one in full",
            )
        )
    known = find_excerpt(runs, key.removeprefix("k:")) if runs else None
    near = search(
        known.text if known else brief.topic, shelves=shelves, embedder=encoder, k=1, language=brief.language,
        limits=brief.limits,
    )  # fmt: skip
    what = (
        tell(es="el más próximo a lo que nombraba es ahora", en="the nearest to what it named is now")
        if known
        else tell(es="el más próximo al tema es", en="the nearest to the topic is")
    )
    hint = "".join(f"; {what} {one.key} ({str(one.date) or 'undated'}, {one.title or one.path})" for one in near)
    raise BriefError(
        tell(
            es=(
                f"la clave {key} no corresponde a ningún extracto del índice ni del material{hint}; "
                "corrige pin o ban en el encargo"
            ),
            en=f"the key {key} names no excerpt of the index or the material{hint}; mend pin or ban in the brief",
        )
    )


def _refuse_out_of_time(brief: Brief, pinned: Sequence[Excerpt]) -> None:
    """Raise `BriefError` where the brief pins what its own limits in time forbid."""
    for excerpt in pinned:
        if not brief.limits.allows(excerpt.date):
            raise BriefError(
                tell(
                    es=(
                        f"el extracto fijado {excerpt.key} ({str(excerpt.date) or 'sin fecha'}) queda fuera "
                        "de los límites de tiempo del encargo; amplíalos o quita el pin"
                    ),
                    en=(
                        f"the pinned excerpt {excerpt.key} ({str(excerpt.date) or 'undated'}) lies outside the brief's "
                        "limits in time; widen them or take the pin out"
                    ),
                )
            )


def _shelve(
    shelf: Catalog, documents: Sequence[Document], embedder: Embedder, encoder: CachedEmbedder, *, chunk_tokens: int
) -> None:
    """Put the brief's own material on a shelf of its own, its vectors from the encoder's cache."""
    limit = min(chunk_tokens, embedder.max_tokens)
    files: dict[str, list[tuple[Document, Sequence[Chunk], Sequence[str]]]] = {}
    for document in documents:
        chunks = split(document, count_tokens=embedder.count_tokens, max_tokens=limit)
        hashes = [vector_hash(chunk.text, side="passage", fingerprint=embedder.fingerprint) for chunk in chunks]
        files.setdefault(document.source.paths[0], []).append((document, chunks, hashes))
        shelf.keep_vectors(dict(zip(hashes, encoder.passages([chunk.text for chunk in chunks]), strict=True)))
    for path, held in files.items():
        shelf.put_file(FileState(path, 0, 0, 0, ""), held)


def offerable(brief: Brief, shelves: Sequence[Shelf], encoder: CachedEmbedder) -> tuple[Excerpt, ...]:
    """Find the excerpts that the author's own sentences may say."""
    found: dict[str, Excerpt] = {}
    for heading in brief.headings:
        for a, b in sentence_spans(heading.author_text, brief.language):
            sentence = heading.author_text[a:b]
            hits = search(
                sentence, shelves=shelves, embedder=encoder, k=OFFERED, language=brief.language, limits=brief.limits
            )
            found |= {excerpt.key: excerpt for excerpt in hits if not order_in(excerpt)}
    return tuple(found.values())
