"""Claims about the ONNX model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx

from rag.e5.cache import kept_bytes
from rag.e5.graph import WIDE_BLOCK, _Graph

if TYPE_CHECKING:
    from pathlib import Path

    from rag.e5 import BulkEmbedder


def refuse() -> bytes:
    """Build nothing: the model must be in the cache."""
    raise AssertionError("built again")


def test_the_model_is_small_and_well_formed(in_bulk: BulkEmbedder, cache: Path) -> None:
    """It is kept in the cache once, under 80 MB, and takes ids and mask of any shape."""
    (path,) = cache.glob("*.onnx")
    data = kept_bytes(path.name, refuse)
    assert len(data) < 80e6
    model = onnx.load_model_from_string(data)
    assert [value.name for value in (*model.graph.input, *model.graph.output)] == ["ids", "mask", "vectors"]
    assert len({name for node in model.graph.node for name in node.output}) == sum(
        len(n.output) for n in model.graph.node
    )


def test_matrices_are_rounded_to_eight_bits_a_block() -> None:
    """No weight moves by more than half a step, a 254th of its block's largest; a block of zeros stays."""
    matrix = np.random.default_rng(0).standard_normal((3, 2 * WIDE_BLOCK)).astype(np.float32)
    matrix[1, :WIDE_BLOCK] = 0
    graph = _Graph()
    graph.multiply("x", matrix)
    numbers, scales = (onnx.numpy_helper.to_array(constant) for constant in graph.constants)
    back = (numbers.astype(np.float32) - 128) * scales[..., None]
    blocks = matrix.reshape(numbers.shape)
    assert np.all(np.abs(back - blocks) <= np.abs(blocks).max(axis=-1, keepdims=True) / 254 + 1e-7)
    assert not back[1, 0].any()
