"""A query and texts → scores by a cross-encoder, which reads both at once. Optional: none is configured by default.

Any sentence-transformers CrossEncoder that is on this machine, by name or folder (Nogueira & Cho 2019). Nothing is
downloaded. Its scores order excerpts and are not compared with others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.embed import loading
from rag.errors import EmbedderError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Sequence


class CrossEncoderReranker:
    """A cross-encoder by name or folder. Raises `EmbedderError` where it is not on this machine."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder  # ten seconds

        try:
            with loading():
                self._model = CrossEncoder(name, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            remedy = tell(
                es="da la carpeta que lo contiene, o descárgalo antes (hf download …)",
                en="give the folder that holds it, or fetch it first (hf download …)",
            )
            raise EmbedderError(
                tell(
                    es=f"el reordenador «{name}» no está en esta máquina; {remedy}",
                    en=f"the reranker “{name}” is not on this machine; {remedy}",
                )
            ) from error

    def scores(self, query: str, texts: Sequence[str]) -> tuple[float, ...]:
        """Return how well each text answers the query, higher is better."""
        if not texts:
            return ()
        found = self._model.predict([(query, text) for text in texts], show_progress_bar=False)
        return tuple(round(float(score), 6) for score in found)


def open_reranker(name: str) -> CrossEncoderReranker | None:
    """Open a reranker by name or folder; none for the empty name."""
    return CrossEncoderReranker(name) if name else None
