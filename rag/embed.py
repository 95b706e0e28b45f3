"""Texts → unit vectors, by one `Embedder` Protocol; and a cache so that no text is embedded twice.

Does not store chunks or search. Encoders: the bundled multilingual one, any sentence-transformers model that is on
this machine, by name or folder, any OpenAI-compatible endpoint, by address. Nothing is downloaded or sent elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rag.e5 import WORTH_BULK, BulkEmbedder, BundledEmbedder, Vectors
from rag.endpoint import asking, only_model, open_client
from rag.errors import EmbedderError
from rag.language import tell
from rag.read import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "BUNDLED", "BUNDLED_FOLDER", "BulkEmbedder", "BundledEmbedder", "CachedEmbedder", "Embedder", "EndpointEmbedder",
    "SentenceTransformerEmbedder", "VectorStore", "Vectors", "bulk", "open_embedder", "vector_hash",
]  # fmt: skip

BUNDLED = "bundled"
BUNDLED_FOLDER = "multilingual-e5-small-q4"
"""The bundled encoder as a sentence-transformers model."""

TEXTS_PER_REQUEST = 32
"""Texts sent to an endpoint at once: the most that common servers take unless told otherwise."""


class Embedder(Protocol):
    """An encoder of passages and queries. `fingerprint` names model, weights, dimension and prefixes: two embedders
    with one fingerprint make the same vectors. `max_tokens` is what it reads of a passage, counted by `count_tokens`.
    """

    @property
    def fingerprint(self) -> str:
        """What the vectors depend on."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens read of a passage."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries."""

    def count_tokens(self, text: str) -> int:
        """Count the tokens read of a passage."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or folder, with its own prompts (Reimers & Gurevych 2019)."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer  # ten seconds

        try:
            with loading():
                self._model = SentenceTransformer(name, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            remedy = tell(
                es="da la carpeta que lo contiene, descárgalo antes (hf download …) o da un servidor (http://…)",
                en="give the folder that holds it, fetch it first (hf download …), or give an endpoint (http://…)",
            )
            raise EmbedderError(
                tell(
                    es=f"el codificador «{name}» no está en esta máquina; {remedy}",
                    en=f"the embedder “{name}” is not on this machine; {remedy}",
                )
            ) from error
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


@contextmanager
def loading() -> Iterator[None]:
    """Keep the hub's client off the net (with `local_files_only` it still asks the hub about its caller), and quiet."""
    import transformers.utils.logging
    from huggingface_hub import constants

    bars: Any = transformers.utils.logging  # typed in part
    logger = logging.getLogger("sentence_transformers")
    before = constants.HF_HUB_OFFLINE, bars.is_progress_bar_enabled(), logger.level
    constants.HF_HUB_OFFLINE = True
    bars.disable_progress_bar()
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before[0]
        if before[1]:
            bars.enable_progress_bar()
        logger.setLevel(before[2])


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


class EndpointEmbedder:
    """Any model behind an OpenAI-compatible endpoint, named `http://host:port/v1#model`; without `#model`, the only
    model that the server lists. Nothing is asked of it before something is needed.

    It embeds what it is sent: no prefix goes before a passage or query; one trained with them (e5) needs a server that
    adds them.

    Two servers may serve other weights under one name, and vectors mixed would be wrong without a sign: the fingerprint
    holds the address, the model asked for, the name of what answered, and the dimension. Moving a server so costs
    embedding anew, the lesser harm; weights replaced under the same names go unseen.
    """

    max_tokens = 512
    """What most encoders read; an endpoint does not tell."""

    def __init__(self, name: str, *, timeout: float = 120.0, retries: int = 3) -> None:
        address, _, self._named = name.partition("#")
        self._name, self._address = name, address.rstrip("/")
        self._client = open_client(address, timeout=timeout, retries=retries)

    @property
    def fingerprint(self) -> str:
        """Address, model asked for, model that answered, dimension."""
        answering, dimension = self._identity
        return f"endpoint/{self._address}#{self._model}/{answering}/{dimension}"

    @property
    def dimension(self) -> int:
        """Numbers in a vector, learnt by embedding one word."""
        return self._identity[1]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, as they are."""
        starts = range(0, len(texts), TEXTS_PER_REQUEST)
        batches = [self._batch(texts[start : start + TEXTS_PER_REQUEST]) for start in starts]
        return np.concatenate(batches) if batches else np.empty((0, self.dimension), dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries, as they are."""
        return self.passages(texts)

    def count_tokens(self, text: str) -> int:
        """Count with a margin, for want of its tokenizer: a token to 2.5 characters, and no fewer than words."""
        return max(-(-2 * len(text) // 5), len(text.split()))

    def _batch(self, texts: Sequence[str]) -> Vectors:
        identity, (answering, vectors) = self._identity, self._embed(texts)
        if (answering, vectors.shape[1]) != identity:
            raise EmbedderError(
                tell(
                    es=(
                        f"codificador {self._name}: {answering or 'el servidor'} ha respondido con "
                        f"{vectors.shape[1]} dimensiones, y {identity[0] or 'el mismo'} con {identity[1]} "
                        "antes: ahora sirve otro modelo; ejecuta la orden de nuevo"
                    ),
                    en=(
                        f"embedder {self._name}: {answering or 'the server'} answered with {vectors.shape[1]} "
                        f"dimensions, and {identity[0] or 'it'} with {identity[1]} before: it serves another model "
                        "now; run the command again"
                    ),
                )
            )
        return vectors

    @cached_property
    def _identity(self) -> tuple[str, int]:
        """The name the server gives the model that answers, and the dimension of its vectors."""
        answering, vectors = self._embed(["datos"])
        return answering, vectors.shape[1]

    @cached_property
    def _model(self) -> str:
        """The model to ask for."""
        return self._named or only_model(self._client, address=self._address)

    def _embed(self, texts: Sequence[str]) -> tuple[str, Vectors]:
        model = self._model
        with asking(self._name, "embeddings"):
            create = self._client.embeddings.with_raw_response.create
            return _read(json.loads(create(model=model, input=list(texts), encoding_format="float").text), len(texts))


def _read(reply: Any, count: int) -> tuple[str, Vectors]:  # noqa: ANN401 - whatever JSON a server sends
    """Return the model's name and the unit vectors of a reply, in the order of the texts."""
    held = {item["index"]: item["embedding"] for item in reply["data"]}
    rows = np.array([held[place] for place in range(count)], dtype=np.float64)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if len(reply["data"]) != count or not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise ValueError(tell(es="no hay un vector por texto", en="not one vector for each text"))
    return str(reply.get("model") or ""), np.asarray(rows / lengths, dtype=np.float32)


def open_embedder(name: str = BUNDLED) -> Embedder:
    """Open an embedder by name: "bundled"; "multilingual-e5-small-q4", the same weights as a sentence-transformers
    folder, written once into the user's cache; a sentence-transformers model's name or folder; or an endpoint's address
    (`http://host:port/v1#model`). Raises `EmbedderError`; for an endpoint, once something is needed of it.
    """
    if name in {"", BUNDLED}:
        return BundledEmbedder()
    if name == BUNDLED_FOLDER:
        return SentenceTransformerEmbedder(str(BundledEmbedder().folder()))
    return EndpointEmbedder(name) if "://" in name else SentenceTransformerEmbedder(name)


def bulk(embedder: Embedder, count: int) -> Embedder:
    """Return what embeds that many passages fastest with the same vectors: the bundled encoder through onnxruntime
    where its start is won back, else the embedder itself.
    """
    if isinstance(embedder, BundledEmbedder) and count >= WORTH_BULK:
        return embedder.in_bulk() or embedder
    return embedder


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

    def expect(self, count: int) -> None:
        """Get ready to embed so many passages: what embeds few at once is not what embeds many fast."""
        self._embedder = bulk(self._embedder, count)

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
