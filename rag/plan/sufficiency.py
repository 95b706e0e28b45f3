"""A heading's query and what was found for it → how likely the sources say anything on it.

Does not search and does not write. Four figures of what was found go into a model fitted for the embedder
(`rag.fitted`): no cosine means the same in two encoders, so no threshold stands here. `calibrate` makes the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import CachedEmbedder
from rag.fitted import Fitted, read_fit
from rag.language import stems
from rag.plan.evidence import Judgement
from rag.retrieve import POOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import Embedder, Vectors, VectorStore
    from rag.records import Excerpt, Source

PURPOSE = "sufficiency"
FEATURES = ("nearness", "lead", "words", "foreign")
"""The figures that a fit weighs; see `figures`."""
BEST = 3
"""Excerpts nearest by meaning in which the query's words are looked for."""
FIELD = 10
"""Excerpts nearest by meaning that may answer; what comes after is what the sources say anyway."""
FEW = 2
"""A query of so few words is no question, which the fit was made on: the sources say something on it where the nearest
hold all of them."""
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FittedGate:
    """Judges by a model fitted for the embedder."""

    fitted: Fitted
    embedder: CachedEmbedder

    def judge(self, query: str, found: Sequence[Excerpt], *, language: str) -> Judgement:
        """Judge a query by what was found for it; where that is nothing, nothing is there."""
        if not found:
            return Judgement(0.0, enough=False)
        vector = self.embedder.queries([query])[0]
        near = self._nearest(vector, found)
        told = figures(query, vector=vector, language=language, found=near, typical=self.fitted.typical)
        probability = self.fitted.probability(told)
        named = len(set(stems(query, language))) <= FEW and told.get("words", 0.0) == 1.0
        return Judgement(probability, enough=named or probability >= self.fitted.threshold)

    def _nearest(self, vector: Vectors, found: Sequence[Excerpt]) -> list[Excerpt]:
        """Return what was found, by meaning with the cosine to this query: another wording may have found it."""
        by_meaning = [excerpt for excerpt in found if _cosine(excerpt)]
        cosines = self.embedder.passages([excerpt.text for excerpt in by_meaning]) @ vector
        parts = [(("dense", round(float(cosine), _DECIMALS)),) for cosine in cosines]
        near = [replace(excerpt, parts=part) for excerpt, part in zip(by_meaning, parts, strict=True)]
        near.sort(key=lambda excerpt: (-_cosine(excerpt), excerpt.key))
        return near[:POOL] + [excerpt for excerpt in found if not _cosine(excerpt)]


def open_gate(embedder: Embedder, store: VectorStore) -> FittedGate | None:
    """Return the gate for an embedder; None where nobody fitted one: then nothing is kept from being written."""
    fitted = read_fit(PURPOSE, embedder.fingerprint)
    return FittedGate(fitted, CachedEmbedder(embedder, store)) if fitted else None


def figures(
    query: str, *, vector: Vectors, language: str, found: Sequence[Excerpt], typical: Sequence[float] | Vectors
) -> dict[str, float]:
    """Return what tells whether what was found answers a query.

    `nearness`: the best cosine less the query's cosine to the `typical` passage. `lead`: the best cosine less the mean
    of those after the first `FIELD`; missing where there are few. `words`: the share of the query's words, by stem,
    that stand in the `BEST` nearest excerpts; one that stands in few of those found weighs more. `foreign`: 1 where
    the nearest excerpt is in another language; words tell nothing then and are missing.
    """
    near = sorted(found, key=lambda excerpt: (-_cosine(excerpt), excerpt.key))
    cosines = [_cosine(excerpt) for excerpt in near if _cosine(excerpt)]
    best = max(cosines, default=0.0)
    told = {"nearness": best - float(vector @ np.asarray(typical, dtype=np.float32)) if len(typical) else best}
    if len(cosines) > FIELD + 1:
        told["lead"] = best - sum(cosines[FIELD:]) / len(cosines[FIELD:])
    foreign = not _speaks(near[0], language)
    told["foreign"] = float(foreign)
    if not foreign and (asked := frozenset(stems(query, language))):
        told["words"] = _share(asked, found, [excerpt for excerpt in near[:BEST] if _speaks(excerpt, language)])
    return {name: round(value, _DECIMALS) for name, value in told.items()}


def _cosine(excerpt: Excerpt) -> float:
    return dict(excerpt.parts).get("dense", 0.0)


def _speaks(text: Excerpt | Source, language: str) -> bool:
    return not language or not text.language or text.language == language


def _share(asked: frozenset[str], found: Sequence[Excerpt], best: Sequence[Excerpt]) -> float:
    """Return the share of the stems that stand in the best excerpts; one that is rare among all found weighs more."""
    held = [_stems(excerpt) for excerpt in found]
    weights = {stem: math.log(1 + len(held) / (sum(stem in one for one in held) + 0.5)) for stem in sorted(asked)}
    known = frozenset[str]().union(*map(_stems, best))
    return sum(weight for stem, weight in weights.items() if stem in known) / sum(weights.values())


def _stems(excerpt: Excerpt) -> frozenset[str]:
    return _stems_of(" \n\n".join((*excerpt.heading_path, excerpt.text)), excerpt.language)


@lru_cache(maxsize=4_000)
def _stems_of(text: str, language: str) -> frozenset[str]:
    """Return a text's stems; headings of one brief find much the same."""
    return frozenset(stems(text, language))
