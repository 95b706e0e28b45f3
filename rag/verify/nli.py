"""A claim and premises → whether they entail it, by a cross-encoder. Optional: none is configured by default.

Any sentence-transformers CrossEncoder with the labels entailment, neutral and contradiction that is on this machine, by
name or folder (Bowman et al. 2015; Reimers & Gurevych 2019). Nothing is downloaded; nothing is cut off in silence:
a premise that the model cannot read whole beside the claim is read in windows of whole sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed import loading
from rag.errors import EmbedderError
from rag.language import sentence_spans, tell
from rag.verify.bearing import parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LABELS = ("entailment", "neutral", "contradiction")
_WIDEST = 512
"""Tokens read where a model's tokenizer does not say."""
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Entailment:
    """How likely a premise entails the claim or contradicts it; the rest says nothing on it."""

    entails: float
    contradicts: float

    @property
    def decided(self) -> float:
        """How likely it says anything on the claim."""
        return self.entails + self.contradicts


class CrossEncoderNLI:
    """An NLI cross-encoder by name or folder.

    Raises `EmbedderError` where it is not on this machine, or does not say which of its outputs means what.
    """

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
                    es=f"el modelo de inferencia «{name}» no está en esta máquina; {remedy}",
                    en=f"the NLI model “{name}” is not on this machine; {remedy}",
                )
            ) from error
        self._order = _order(name, self._model.config.id2label)
        self._tokenizer: Any = self._model.tokenizer
        told = getattr(self._model.config, "max_position_embeddings", _WIDEST)
        self._widest = min(int(self._tokenizer.model_max_length), int(told))

    def judge(self, premises: Sequence[str], claim: str, *, languages: Sequence[str]) -> tuple[Entailment, ...]:
        """Return what each premise says of the claim: of one read in windows, the window that says most.

        A window of one sentence that is still too long is parted between words; a claim that leaves no room for any
        premise is judged to be on its own: nothing is entailed.
        """
        windows = [self._windows(text, claim, language) for text, language in zip(premises, languages, strict=True)]
        pairs = [(window, claim) for read in windows for window in read]
        if not pairs:
            return tuple(Entailment(0.0, 0.0) for _ in premises)
        logits = np.asarray(self._model.predict(pairs, apply_softmax=False, show_progress_bar=False), dtype=np.float64)
        told = iter(_probabilities(logits)[:, self._order])
        judged = []
        for read in windows:
            said = [Entailment(*(round(float(one), _DECIMALS) for one in next(told)[[0, 2]])) for _ in read]
            judged.append(max(said, key=lambda one: one.decided, default=Entailment(0.0, 0.0)))
        return tuple(judged)

    def fits(self, premise: str, claim: str) -> bool:
        """Say whether the model reads a premise and a claim whole."""
        return len(self._tokenizer(premise, claim, truncation=False, verbose=False)["input_ids"]) <= self._widest

    def _windows(self, premise: str, claim: str, language: str) -> list[str]:
        """Part a premise between sentences, or words where one is too long, into windows that are read whole."""
        if self.fits(premise, claim):
            return [premise]
        windows: list[str] = []
        for start, end in sentence_spans(premise, language):
            for part in parts(premise[start:end], lambda text: self.fits(text, claim)):
                if not self.fits(part, claim):
                    continue
                if windows and self.fits(f"{windows[-1]} {part}", claim):
                    windows[-1] = f"{windows[-1]} {part}"
                else:
                    windows.append(part)
        return windows


def open_nli(name: str) -> CrossEncoderNLI | None:
    """Open an NLI model by name or folder; none for the empty name."""
    return CrossEncoderNLI(name) if name else None


def _order(name: str, labels: Mapping[int, str] | None) -> list[int]:
    """Return which outputs are entailment, neutral and contradiction, by the labels in the model's configuration."""
    held = {re.sub(r"[^a-z]", "", str(label).lower()): int(place) for place, label in (labels or {}).items()}
    if sorted(held) != sorted(_LABELS):
        shown = ", ".join(map(str, (labels or {}).values())) or "none"
        raise EmbedderError(
            tell(
                es=(
                    f"el modelo de inferencia «{name}» tiene las etiquetas {shown}; da uno cuyo "
                    "config.json nombre entailment, neutral y contradiction en id2label"
                ),
                en=(
                    f"the NLI model “{name}” has the labels {shown}; give one whose config.json names entailment, "
                    "neutral and contradiction in id2label"
                ),
            )
        )
    return [held[label] for label in _LABELS]


def _probabilities(logits: Any) -> Any:  # noqa: ANN401 - numpy's arrays of doubles
    """Return the softmax of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
