"""An embedder whose vectors are readable: hashed words, so that likeness is word overlap. For tests of mechanism."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from rag.language import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import Vectors


class WordEmbedder:
    """Counts folded words into `dimension` buckets and keeps what it was asked in `passages_seen`, `queries_seen`."""

    def __init__(self, *, dimension: int = 64, max_tokens: int = 120) -> None:
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.fingerprint = f"words/{dimension}"
        self.passages_seen: list[str] = []
        self.queries_seen: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""
        self.passages_seen += texts
        return self._vectors(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries."""
        self.queries_seen += texts
        return self._vectors(texts)

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content_words(text, "es"):
                rows[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
