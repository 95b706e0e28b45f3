"""Ranked excerpts → those that serve: each statement once, diverse by MMR, so many of one source, with every reason.

Does not search and knows no briefs. What says the same counts once, with its earliest and latest date; whatever is left
out is named with the reason. Excerpts that go on from one another can be joined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from rag.language import say, stems
from rag.occurrences import merge_occurrences
from rag.records import Excerpt, LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.embed import CachedEmbedder, Vectors

NEAR_DUPLICATE = 0.8
"""Jaccard similarity of stems from which two excerpts say the same."""
RELEVANCE = 0.7
"""The λ of maximal marginal relevance (Carbonell & Goldstein 1998)."""
REUSED = 0.5
"""Share of its relevance that an excerpt keeps for a second heading."""
_NEGATIONS = frozenset(("no", "ni", "sin", "nunc", "ningun", "not", "never", "without", "nor"))
"""Stems that turn a sentence into its contrary."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Excerpts chosen for a query, best first, and those left out with the reason."""

    chosen: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pick:
    """Rows chosen, in order, with what likeness to those before took off; and rows passed over for their source."""

    rows: tuple[int, ...]
    likeness: Mapping[int, tuple[float, int]]
    capped: frozenset[int]


def leave_out(excerpt: Excerpt, reason: str) -> LeftOut:
    """Return an excerpt as one that was not chosen."""
    return LeftOut(excerpt.key, reason, excerpt.path, excerpt.title, excerpt.date, excerpt.score, excerpt.parts)


def distinct(ranked: Sequence[Excerpt], *, language: str = "en", most: int = 0) -> Choice:
    """Return each statement once, at the place of its best excerpt, and the repeats with what they repeat.

    Where `most` is given, so many statements, and nothing that ranks after them. Of excerpts that say the same the
    earliest stands for all, and is told to be republished when the latest was.
    """
    groups: list[tuple[list[Excerpt], frozenset[str]]] = []
    for excerpt in ranked:
        terms = frozenset(stems(excerpt.text, excerpt.language))
        twins = next((held for held, known in groups if _say_the_same(terms, known)), None)
        if twins:
            twins.append(excerpt)
        elif most and len(groups) == most:
            break  # what says the same ranks near
        else:
            groups.append(([excerpt], terms))
    kept = [_earliest(held) for held, _ in groups]
    repeats = [
        leave_out(other, say(language, es=f"dice lo mismo que k:{first.key}", en=f"says the same as k:{first.key}"))
        for first, (held, _) in zip(kept, groups, strict=True)
        for other in held
        if other.key != first.key
    ]
    return Choice(tuple(kept), tuple(repeats))


def _earliest(held: Sequence[Excerpt]) -> Excerpt:
    """Return the excerpt of the earliest source, dated for all of them, with the score of the best."""
    if len(held) == 1:
        return held[0]
    merged = merge_occurrences([excerpt.source for excerpt in held])
    first = next(excerpt for excerpt in held if excerpt.source.id == merged.id)
    source = replace(first.source, republished=merged.republished)
    return replace(first, source=source, score=held[0].score, parts=held[0].parts)


def _say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two texts share nearly all stems; with another figure or a negation more they disagree."""
    shared = len(one & other)
    if shared < NEAR_DUPLICATE * (len(one) + len(other) - shared):
        return False
    return not any(term[0].isdigit() or term in _NEGATIONS for term in one ^ other)


def choose(
    ranked: Sequence[Excerpt],
    *,
    embedder: CachedEmbedder,
    k: int,
    per_source: int,
    used: frozenset[str] = frozenset(),
    first: frozenset[str] = frozenset(),
    language: str = "en",
) -> Choice:
    """Choose `k` excerpts by maximal marginal relevance, at most `per_source` of one source.

    Keys in `first` are chosen before all others, whatever their number. Those `used` elsewhere keep a share of their
    relevance: a section draws on its own evidence first. A chosen excerpt's parts tell what likeness to those before
    it took off ("diversity").
    """
    once = distinct(ranked, language=language)
    excerpts = once.chosen
    best_score = max((excerpt.score for excerpt in excerpts), default=0.0) or 1.0
    relevance = [e.score / best_score * (REUSED if e.key in used else 1.0) for e in excerpts]
    pick = _pick(excerpts, relevance, _closeness(excerpts, embedder), k=k, per_source=per_source, first=first)
    chosen = tuple(_with_diversity(excerpts[row], pick.likeness[row][0]) for row in pick.rows)
    reasons = {
        excerpts[row].key: _reason(row, excerpts, relevance, pick, used=used, per_source=per_source, language=language)
        for row in range(len(excerpts))
        if row not in pick.rows
    }
    left = {one.key: one for one in once.left_out}
    left |= {excerpt.key: leave_out(excerpt, reasons[excerpt.key]) for excerpt in excerpts if excerpt.key in reasons}
    return Choice(chosen, tuple(left[excerpt.key] for excerpt in ranked if excerpt.key in left))


def _with_diversity(excerpt: Excerpt, likeness: float) -> Excerpt:
    return replace(excerpt, parts=(*excerpt.parts, ("diversity", round(-(1 - RELEVANCE) * likeness, 6))))


def _pick(
    excerpts: Sequence[Excerpt],
    relevance: Sequence[float],
    closeness: Vectors,
    *,
    k: int,
    per_source: int,
    first: frozenset[str],
) -> _Pick:
    """Pick rows one by one, the marginally best each time."""
    picked: list[int] = []
    capped: set[int] = set()
    likeness = dict.fromkeys(range(len(excerpts)), (0.0, -1))
    waiting = set(likeness)
    while waiting and (len(picked) < k or any(excerpts[row].key in first for row in waiting)):
        best = min(waiting, key=lambda row: _order(row, excerpts[row], relevance, likeness, first))
        waiting.discard(best)
        source, pinned = excerpts[best].source.id, excerpts[best].key in first
        if not pinned and sum(excerpts[row].source.id == source for row in picked) >= per_source:
            capped.add(best)
            continue
        picked.append(best)
        for row in waiting:
            likeness[row] = max(likeness[row], (float(closeness[row, best]), best))
    return _Pick(tuple(picked), likeness, frozenset(capped))


def _order(
    row: int,
    excerpt: Excerpt,
    relevance: Sequence[float],
    likeness: Mapping[int, tuple[float, int]],
    first: frozenset[str],
) -> tuple[bool, float, str]:
    """Return what sorts the marginally best first, ties by key."""
    worth = round(RELEVANCE * relevance[row] - (1 - RELEVANCE) * likeness[row][0], 6)
    return excerpt.key not in first, -worth, excerpt.key


def _reason(
    row: int,
    excerpts: Sequence[Excerpt],
    relevance: Sequence[float],
    pick: _Pick,
    *,
    used: frozenset[str],
    per_source: int,
    language: str,
) -> str:
    """Say why an excerpt fell out: its source's share was full, another is like it, or others are more relevant."""
    if row in pick.capped:
        return say(
            language, es=f"tope de extractos por fuente: {per_source}", en=f"most excerpts of one source: {per_source}"
        )
    if excerpts[row].key in used:
        return say(language, es="sirve a otro apartado", en="it serves another section")
    weakest = min((relevance[other] for other in pick.rows), default=0.0)
    like = pick.likeness[row][1]
    if like >= 0 and relevance[row] > weakest:
        key = excerpts[like].key
        return say(language, es=f"aporta poco junto a k:{key}", en=f"adds little beside k:{key}")
    return say(language, es="menos pertinente que los elegidos", en="less relevant than those chosen")


def _closeness(excerpts: Sequence[Excerpt], embedder: CachedEmbedder) -> Vectors:
    """Return cosines between excerpts, scaled so that the farthest pair has 0: encoders squeeze them differently."""
    vectors = embedder.passages([excerpt.text for excerpt in excerpts])
    cosines = vectors @ vectors.T
    low = cosines.min(initial=1.0)
    return np.asarray((cosines - low) / max(1.0 - low, 1e-6), dtype=np.float32)


def join(excerpts: Sequence[Excerpt], between: Callable[[Excerpt, Excerpt], Excerpt | None]) -> tuple[Excerpt, ...]:
    """Join excerpts that go on from one another, two at most, at the place of the better one.

    `between` returns the excerpt that reaches from one to the other, or None where they do not touch.
    """
    order = sorted(excerpts, key=lambda excerpt: (excerpt.source.id, excerpt.start, excerpt.key))
    whole: dict[str, Excerpt] = {}
    for one, other in pairwise(order):
        if one.source.id == other.source.id and one.key not in whole and (joined := between(one, other)):
            better = max(one, other, key=lambda excerpt: excerpt.score)
            joined = replace(joined, source=one.source, score=better.score, parts=better.parts)
            whole |= {one.key: joined, other.key: joined}
    return tuple({made.key: made for one in excerpts for made in (whole.get(one.key, one),)}.values())
