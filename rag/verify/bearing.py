"""A sentence and the evidence it cites → figures of what the evidence bears of it: by meaning, by words, by signs.

Does not decide: `support` weighs the figures with a fit for the embedder. Only sentences are embedded: two in a
row, and the text whole, are the means of their vectors, which tell no less than vectors of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rag.facts.quantities import numbers
from rag.language import fold, sentence_spans, stems
from rag.verify.signs import against

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rag.embed import CachedEmbedder, Embedder, Vectors

MOST = 12
"""Sentences of one piece of evidence that are embedded: those with most of the sentence's words."""
FEATURES = (
    "window", "whole", "share", "names", "numbers", "denies", "opposite", "rejected",
    "best_foreign", "whole_foreign", "names_foreign", "numbers_foreign",
)  # fmt: skip
"""The figures that a fit weighs; see `figures`."""
FOREIGN = "_foreign"
"""Ends the name of a figure of evidence that is in other languages than the sentence."""
AT_ONCE = 256
"""Texts handed to the encoder in one step."""
_DECIMALS = 6
_NAME = re.compile(r"(?<=[^.!?:]\s)[A-ZÁÉÍÓÚÑ][\w-]+|\b[A-Z]{2,}[\w-]*|\b[A-Za-z]+\d[\w-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence, and its sentences that count for a claim, in order."""

    text: str
    language: str
    sentences: tuple[str, ...]


def piece(text: str, language: str, *, asked: frozenset[str], fits: Callable[[str], bool]) -> Piece:
    """Choose what counts of a text for a sentence of these stems.

    `fits` says whether an encoder reads a text whole: a sentence beyond that is parted.
    """
    sentences = tuple(part for one in _sentences(text, language) for part in parts(one, fits))
    if len(sentences) > MOST:
        held = [len(asked & set(stems(one, language))) for one in sentences]
        chosen = sorted(range(len(sentences)), key=lambda place: (-held[place], place))[:MOST]
        sentences = tuple(sentences[place] for place in sorted(chosen))
    return Piece(text, language, sentences)


def parts(text: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """Part a text in halves between words until each is read whole; a word beyond that stays one."""
    words = text.split()
    if len(words) < 2 or fits(text):  # noqa: PLR2004 - one word has no halves
        return (text,)
    middle = len(words) // 2
    return (*parts(" ".join(words[:middle]), fits), *parts(" ".join(words[middle:]), fits))


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence with the evidence it cites, and the language of each."""

    sentence: str
    evidence: tuple[str, ...]
    language: str
    evidence_languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceReader:
    """Parts evidence for an encoder, and embeds it, nothing twice."""

    embedder: Embedder
    encoder: CachedEmbedder

    def read(self, cited: Cited) -> tuple[tuple[Piece, ...], Callable[[Sequence[str]], Vectors]]:
        """Return the pieces of evidence, and what gives the vectors of the sentence and of any of their texts."""
        pieces = self.pieces(cited)
        several = tuple(dict.fromkeys((cited.sentence, *(text for one in pieces for text in one.sentences))))
        held = dict(zip(several, self.encoder.passages(several), strict=True))
        return pieces, lambda asked: np.stack([held[text] for text in asked])

    def prepare(self, many: Iterable[Cited]) -> tuple[str, ...]:
        """Embed ahead what many sentences need, much faster than one by one; return the texts."""
        texts: set[str] = set()
        for cited in many:
            texts |= {cited.sentence, *(text for one in self.pieces(cited) for text in one.sentences)}
        ordered = tuple(sorted(texts, key=lambda text: (len(text), text)))
        self.encoder.expect(len(ordered))
        for start in range(0, len(ordered), AT_ONCE):
            self.encoder.passages(ordered[start : start + AT_ONCE])
        return ordered

    def pieces(self, cited: Cited) -> tuple[Piece, ...]:
        """Part the evidence."""
        asked = frozenset(stems(cited.sentence, cited.language))
        languages = zip(cited.evidence, cited.evidence_languages, strict=True)
        return tuple(piece(text, language, asked=asked, fits=self._fits) for text, language in languages)

    def _fits(self, text: str) -> bool:
        """Say whether the encoder reads a text whole; few letters are few tokens in every tokenizer."""
        most = self.embedder.max_tokens
        return len(text) < most // 2 or self.embedder.count_tokens(text) <= most


@lru_cache(maxsize=4096)
def _sentences(text: str, language: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text, language)) or (text,)


def figures(
    sentence: str,
    pieces: Sequence[Piece],
    *,
    language: str,
    vectors: Callable[[Sequence[str]], Vectors],
    typical: Sequence[float] | Vectors,
) -> dict[str, float]:
    """Return what tells whether pieces of evidence, taken together, carry a sentence. What cannot be told is missing.

    `best`, `window`, `whole`: the cosines of its nearest sentence, two sentences and text (see `nearness`). `share`: of
    its stems; `names`, `numbers`: of its names and numbers, those that the evidence holds. `denies`, `opposite`,
    `rejected`: signs against it (`signs`). Where all the evidence is in other languages, cosines and shares are
    figures of their own name, and words tell nothing.
    """
    near = nearness(sentence, pieces, vectors=vectors, typical=typical)
    told = {"best": near.best, "window": near.window, "whole": near.whole}
    told |= _held(sentence, pieces, language)
    own = [stem for one in pieces if one.language == language for stem in stems(one.text, language)]
    if all(one.language != language for one in pieces):
        told = {f"{name}{FOREIGN}": value for name, value in told.items()}
    elif asked := frozenset(stems(sentence, language)):
        told["share"] = len(asked & frozenset(own)) / len(asked)
    told |= against(sentence, near.two, [one.text for one in pieces], nearness=max(near.window, 0.0))
    return {name: round(value, _DECIMALS) for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Near:
    """What of the evidence is nearest to a sentence: a sentence and two in a row, with the cosines of these and of the
    nearest text.
    """

    one: str
    two: str
    best: float
    window: float
    whole: float


def nearness(
    sentence: str,
    pieces: Sequence[Piece],
    *,
    vectors: Callable[[Sequence[str]], Vectors],
    typical: Sequence[float] | Vectors,
) -> Near:
    """Find what of the evidence is nearest to a sentence.

    Cosines are taken as seen from the `typical` vector, so that they spread in encoders that squeeze them.
    """
    seen = _seen(vectors([sentence, *(text for one in pieces for text in one.sentences)]), typical)
    asked, rows = seen[0], seen[1:]
    ones: list[tuple[float, str]] = []
    twos: list[tuple[float, str]] = []
    wholes: list[float] = []
    for one in pieces:
        count, step = len(one.sentences), min(len(one.sentences), 2)
        own, rows = rows[:count], rows[count:]
        pairs = _unit(own[: count - step + 1] + own[step - 1 :])
        ones += zip(_cosines(own, asked), one.sentences, strict=True)
        texts = [" ".join(one.sentences[place : place + step]) for place in range(len(pairs))]
        twos += zip(_cosines(pairs, asked), texts, strict=True)
        wholes += _cosines(_unit(own.mean(axis=0, keepdims=True)), asked)
    (best, nearest), (window, two) = (max(found, key=lambda pair: pair[0]) for found in (ones, twos))
    return Near(nearest, two, best, window, max(wholes))


def _seen(rows: Vectors, typical: Sequence[float] | Vectors) -> Vectors:
    """Return vectors as seen from the typical one."""
    return _unit(rows - np.asarray(typical, dtype=np.float32)) if len(typical) else rows


def _cosines(rows: Vectors, asked: Vectors) -> list[float]:
    return [round(float(cosine), _DECIMALS) for cosine in rows @ asked]


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _held(sentence: str, pieces: Sequence[Piece], language: str) -> dict[str, float]:
    """Return the shares of the sentence's names and numbers that the evidence holds; missing where it has none."""
    told = {}
    text = fold(" ".join(one.text for one in pieces))
    if names := {fold(name) for name in _NAME.findall(sentence)}:
        told["names"] = sum(name in text for name in names) / len(names)
    if asked := numbers(sentence, language):
        given = [number for one in pieces for number in numbers(one.text, one.language)]
        told["numbers"] = sum(any(one.matches(other) for other in given) for one in asked) / len(asked)
    return told
