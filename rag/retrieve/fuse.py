"""Ranked lists → one: standard scores summed, the lexical ones less across languages.

Does not search. A list's scores become standard scores over the list, so that a list that tells its first from the rest
counts for more than one that does not, whatever its scale (CombSUM over z-scores: Fox & Shaw 1994, Montague & Aslam
2001; against ranks alone: Bruch, Gai & Ingber 2023). Ranked hits → excerpts with score and parts.
"""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.records import Excerpt

CROSS_LANGUAGE = 0.3
"""Weight of a lexical score where query and passage differ in language: only shared names can have matched."""
MEANING_ALONE = 1.5
"""Weight of the cosine there, since words that could speak for the passage cannot match: between 1, as if words spoke
against it, and 2, as if they said what the cosine says.
"""
FULL_LIST = 50
"""A shorter lexical list is filled up with zeros to so many: what holds no word of the query scores nothing."""
_STEEPNESS = 0.5
"""How fast the summed standard scores saturate: 0 gives 0.5, the best of two clear lists (3 + 3) 0.95."""


class Hit(NamedTuple):
    """An excerpt of a list: what it is ranked by, and what the list's own measure gave it."""

    excerpt: Excerpt
    rank_by: float
    raw: float


class Asked(NamedTuple):
    """What one wording of a question found, one list by meaning over all shelves and each shelf's list by word, and how
    much the wording counts.
    """

    dense: Sequence[Hit]
    lexical: Sequence[Sequence[Hit]]
    weight: float = 1.0


def fuse(asked: Sequence[Asked], *, language: str) -> list[Excerpt]:
    """Fuse the lists of one or more wordings of a question, whose weighted mean counts.

    Each shelf's lexical list counts by itself, since BM25 of two shelves do not compare; an excerpt on two shelves
    counts in its better one alone, and what a list lacks is worth the list's least. The score is between 0 and 1 and
    orders the excerpts of one question, no more; `parts` hold the best cosine and BM25 as given, 0 where no list had
    the excerpt.
    """
    standards = [
        (_standard(one.dense, at_least=0), [_standard(hits, at_least=FULL_LIST) for hits in one.lexical])
        for one in asked
    ]
    by_word = [hit for one in reversed(asked) for hits in reversed(one.lexical) for hit in hits]
    by_meaning = [hit for one in reversed(asked) for hit in one.dense]
    excerpts = {hit.excerpt.key: hit.excerpt for hit in (*by_word, *by_meaning)}
    cosines, words = _most(by_meaning), _most(by_word)
    fused = []
    for key, excerpt in excerpts.items():
        crossing = language and excerpt.language and excerpt.language != language
        meaning, word = (MEANING_ALONE, CROSS_LANGUAGE) if crossing else (1.0, 1.0)
        values = [meaning * dense.of(key) + word * _best(key, lexical) for dense, lexical in standards]
        total = fmean(values, weights=[one.weight for one in asked])
        parts = (("dense", round(cosines.get(key, 0.0), 6)), ("lexical", round(words.get(key, 0.0), 6)))
        score = 1 / (1 + math.exp(-_STEEPNESS * total))
        fused.append(replace(excerpt, score=round(score, 6), parts=parts))
    return sorted(fused, key=lambda excerpt: (-excerpt.score, excerpt.key))


def _most(hits: Sequence[Hit]) -> dict[str, float]:
    """Return the most that any list's own measure gave each excerpt."""
    return {hit.excerpt.key: hit.raw for hit in sorted(hits, key=lambda hit: hit.raw)}


class _Standard(NamedTuple):
    """Standard scores by key, and what a list is worth to what it lacks."""

    scores: Mapping[str, float]
    least: float

    def of(self, key: str) -> float:
        return self.scores.get(key, self.least)


def _standard(hits: Sequence[Hit], *, at_least: int) -> _Standard:
    """Return the standard scores of a list that is filled up with zeros to a length."""
    values = [hit.rank_by for hit in hits]
    filled = values + [0.0] * max(at_least - len(values), 0)
    if not filled:
        return _Standard({}, 0.0)
    mean, spread = fmean(filled), pstdev(filled)
    if spread < 1e-9:  # noqa: PLR2004 - no spread at all but for rounding
        return _Standard({}, 0.0)
    return _Standard({hit.excerpt.key: (hit.rank_by - mean) / spread for hit in hits}, (min(filled) - mean) / spread)


def _best(key: str, lexical: Sequence[_Standard]) -> float:
    """Return the best standard score of an excerpt over the shelves' lists; 0 where there is no list."""
    return max((standard.of(key) for standard in lexical), default=0.0)
