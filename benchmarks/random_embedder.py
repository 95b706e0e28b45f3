"""An embedder whose vectors say nothing and cost nearly nothing: for measuring what is around the encoder."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import Vectors

DIMENSION = 384


class RandomEmbedder:
    """Gives each text random numbers of its own."""

    dimension, max_tokens, fingerprint = DIMENSION, 120, "random numbers by text"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Draw."""
        drawn = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(DIMENSION) for text in texts]
        rows = np.array(drawn, dtype=np.float32).reshape(-1, DIMENSION)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    queries = passages

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())
