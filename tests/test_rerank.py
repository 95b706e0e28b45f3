"""Reranking by a real cross-encoder: its order wins among the first, and it stays on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.catalog import Catalog, FileState
from rag.embed import CachedEmbedder, vector_hash
from rag.errors import EmbedderError
from rag.records import Chunk, Document, Source, TimeLimits, document_id
from rag.retrieve import find, search
from rag.retrieve.rerank import CrossEncoderReranker, open_reranker
from tests.tiny_cross_encoder import make_cross_encoder
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
TEXTS = ("privacidad de los datos", "datos de pacientes", "leyes europeas de privacidad", "riesgo de los datos")


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    """A real cross-encoder, loaded from its folder."""
    return CrossEncoderReranker(str(make_cross_encoder(tmp_path_factory.mktemp("reranker"))))


@pytest.fixture
def shelf() -> Iterator[Catalog]:
    """Four texts on a shelf in memory."""
    embedder = WordEmbedder()
    with Catalog(None) as catalog:
        for row, text in enumerate(TEXTS):
            made = Document(Source(document_id(text), (f"{row}.txt",), "text", language="es"), text)
            name = vector_hash(text, side="passage", fingerprint=embedder.fingerprint)
            catalog.put_file(
                FileState(f"{row}", 0, 0, 0, ""), [(made, [Chunk(made.source.id, 0, len(text), text)], [name])]
            )
            catalog.keep_vectors({name: embedder.passages([text])[0]})
        yield catalog


def test_the_reranker_orders_what_was_found(reranker: CrossEncoderReranker, shelf: Catalog) -> None:
    """Excerpts come in the order of its scores, which stand among their parts; nothing is lost."""
    encoder = CachedEmbedder(WordEmbedder(), shelf)
    found = find(
        "privacidad datos", shelves=(shelf,), embedder=encoder, k=9, language="es", limits=TimeLimits(),
        reranker=reranker,
    )  # fmt: skip
    given = dict(zip(TEXTS, reranker.scores("privacidad datos", TEXTS), strict=True))
    assert sorted(one.text for one in found) == sorted(TEXTS)
    assert len(set(given.values())) > 1
    assert [dict(one.parts)["rerank"] for one in found] == sorted(given.values(), reverse=True)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_only_the_first_are_read(
    reranker: CrossEncoderReranker, shelf: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after the candidates keeps its place behind them."""
    monkeypatch.setattr("rag.retrieve.hybrid.RERANKED", 1)
    encoder = CachedEmbedder(WordEmbedder(), shelf)
    plain = search("privacidad datos", shelves=(shelf,), embedder=encoder, k=9, language="es", limits=TimeLimits())
    read = search(
        "privacidad datos", shelves=(shelf,), embedder=encoder, k=9, language="es", limits=TimeLimits(),
        reranker=reranker,
    )  # fmt: skip
    assert [one.key for one in read] == [one.key for one in plain]
    assert ["rerank" in dict(one.parts) for one in read] == [True, False, False, False]


def test_nothing_is_read_for_nothing(reranker: CrossEncoderReranker) -> None:
    """No texts, no scores; no name, no reranker."""
    assert reranker.scores("x", []) == ()
    assert open_reranker("") is None


def test_a_reranker_that_is_not_here_is_named(tmp_path: Path) -> None:
    """Nothing is downloaded; the error says what to give."""
    with pytest.raises(EmbedderError, match="is not on this machine; give the folder"):
        CrossEncoderReranker(str(tmp_path / "nowhere"))
