"""Claims about the bundled encoder as a sentence-transformers folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.embed import BUNDLED_FOLDER, SentenceTransformerEmbedder, open_embedder
from rag.errors import EmbedderError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.embed import BundledEmbedder

TEXTS = ("Los datos sintéticos protegen la privacidad de los pacientes.", "Synthetic data: ½ of ﬁve?", "数据 🙂")


def test_by_its_name_the_same_weights_give_the_same_vectors(
    bundled: BundledEmbedder, cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Vectors of both sides and counts are the engine's; opened again it is the same embedder; nothing is printed."""
    embedder = open_embedder(BUNDLED_FOLDER)
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert (embedder.dimension, embedder.max_tokens) == (bundled.dimension, bundled.max_tokens)
    for ours, engines in ((embedder.passages, bundled.passages), (embedder.queries, bundled.queries)):
        assert np.sum(ours(TEXTS) * engines(TEXTS), axis=1).min() >= 0.999
    assert [embedder.count_tokens(text) for text in TEXTS] == [bundled.count_tokens(text) for text in TEXTS]
    assert open_embedder(BUNDLED_FOLDER).fingerprint == embedder.fingerprint != bundled.fingerprint
    assert sum((path / "modules.json").exists() for path in cache.iterdir()) == 1
    assert capfd.readouterr() == ("", "")


def test_where_it_cannot_be_written_the_line_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that cannot be made is named with the variable that moves it."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "file"))
    with pytest.raises(EmbedderError, match=r"cannot be written \(.+\); name a folder that can by RAG_CACHE"):
        open_embedder(BUNDLED_FOLDER)
