"""A brief and shelves → evidence for each heading, and each heading's share of the words.

Does not write. Headings are served in the brief's order; an excerpt that serves one counts less for the next, so that
sections rest on evidence of their own. What the person pinned serves the heading it is nearest to; what they banned
serves none, nor does what gives orders to its reader, unless pinned. A heading the shelves say nothing on gets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rag.language import count_words, say
from rag.orders import order_in, set_aside
from rag.outline import author_words
from rag.plan.gaps import by_meaning, find_gaps
from rag.plan.headings import heading_query, is_framing, named_in, newness, own_query, same_place, subject_query
from rag.records import Brief, Evidence, Excerpt, Heading, TimeLimits
from rag.retrieve import POOL, find
from rag.retrieve.choose import choose, join, leave_out
from rag.statements import holds_a_sentence, statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.embed import CachedEmbedder
    from rag.records import Gap, LeftOut
    from rag.retrieve import Reranker, Shelf

LEAST = 3
"""Excerpts a heading gets at least, where there are any: two sources and a choice."""
PLACE = 0.1
"""What standing in the same place of its source adds to the score of an excerpt that is to the point."""
TITLED = 0.1
"""What a source whose title holds all of a heading's words adds to its excerpts' scores."""
TO_THE_POINT = 0.5
"""The score from which an excerpt is nearer to the heading than the mean of what was found."""
NEARER = 0.1
"""By how much more another heading must want an excerpt for this one to leave it to that."""
HALF_LIFE = 4.0
"""Years in which newness halves: about how fast evidence ages between reviews of a field."""
UNDATED_NEWNESS = 0.5
"""What an undated excerpt counts for: neither new nor old."""
SHOWN_OFF_TOPIC = 5
"""Excerpts named as what came nearest where nothing is on the topic."""
_FRAMING_SHARE = 0.7
"""A framing section's share of the words, against 1 for the others."""


class Judgement(NamedTuple):
    """How likely what was found says anything on what was asked, 0 to 1, and whether that is enough to write from."""

    probability: float
    enough: bool


class Gate(Protocol):
    """Judges whether the shelves say anything on a query; None where it cannot."""

    def judge(self, query: str, found: Sequence[Excerpt], *, language: str) -> Judgement | None:
        """Judge a query by what was found for it, best first."""


def share_words(brief: Brief) -> tuple[Heading, ...]:
    """Share the length asked for over the headings, the author's words included.

    A heading without text over a deeper one only groups and gets nothing; framing ones get less; none gets less than
    the author wrote there, and the others share what is left.
    """
    weights = [_weight(brief.headings, row) for row in range(len(brief.headings))]
    own = [author_words(heading) for heading in brief.headings]
    full: set[int] = set()
    while True:
        rest = brief.words - sum(own[row] for row in full)
        total = sum(weight for row, weight in enumerate(weights) if row not in full) or 1.0
        share = [own[row] if row in full else max(round(rest * w / total), 0) for row, w in enumerate(weights)]
        overfull = {row for row in range(len(own)) if own[row] > share[row]}
        if not overfull:
            return tuple(replace(heading, words=words) for heading, words in zip(brief.headings, share, strict=True))
        full |= overfull


def _weight(headings: Sequence[Heading], row: int) -> float:
    heading = headings[row]
    groups = row + 1 < len(headings) and headings[row + 1].level > heading.level and not author_words(heading)
    return 0.0 if groups else _FRAMING_SHARE if is_framing(heading.title) else 1.0


class _Used:
    """What earlier headings took: the keys they were served from, and those whose words are counted."""

    def __init__(self) -> None:
        self.keys: frozenset[str] = frozenset()
        self._counted: set[str] = set()

    def take(self, chosen: Sequence[Excerpt], served: Sequence[Excerpt], language: str) -> int:
        """Note what serves a heading; return the words that nothing before it carried."""
        self.keys |= {excerpt.key for excerpt in (*chosen, *served)}
        fresh = [excerpt for excerpt in served if excerpt.key not in self._counted]
        self._counted |= {excerpt.key for excerpt in fresh}
        return sum(_sayable_words(excerpt, language) for excerpt in fresh)


@dataclass(frozen=True, slots=True)
class Means:
    """What evidence is gathered with: at most `excerpts` for each heading, at most `per_source` of one source.

    `covered` is the first and the last day of what the shelves hold; `seek_gaps` asks what the evidence lacks.
    """

    shelves: Sequence[Shelf]
    embedder: CachedEmbedder
    excerpts: int
    per_source: int
    gate: Gate | None = None
    reranker: Reranker | None = None
    covered: tuple[date, date] | None = None
    seek_gaps: bool = False


def gather(
    brief: Brief, means: Means, *, pinned: Sequence[Excerpt] = (), banned: Sequence[Excerpt] = ()
) -> tuple[Evidence, ...]:
    """Find the evidence for every heading.

    With little material each heading gets few, so that all of it is not said under the first. `pinned` excerpts come
    on top of that.
    """
    brief = replace(brief, headings=share_words(brief))
    queries = tuple(heading_query(brief, heading) if heading.words else "" for heading in brief.headings)
    pins = _nearest_heading(pinned, queries, means.embedder)
    pools = [
        _pool(brief, heading, query, means, apart=(*banned, *pinned)) if query else _Pool((), ())
        for heading, query in zip(brief.headings, queries, strict=True)
    ]
    used = _Used()
    return tuple(
        _evidence(brief, heading, pool, means, pins=pins[row], elsewhere=_elsewhere(row, pools), used=used)
        if queries[row]
        else Evidence(heading, ())
        for row, (heading, pool) in enumerate(zip(brief.headings, pools, strict=True))
    )


class _Pool(NamedTuple):
    """What was found for a heading, best first, and what was set aside because it gives orders."""

    found: tuple[Excerpt, ...]
    aside: tuple[LeftOut, ...]


def _pool(brief: Brief, heading: Heading, query: str, means: Means, *, apart: Sequence[Excerpt]) -> _Pool:
    """Find what may serve a heading and lies not `apart`."""
    hits = find(
        query, shelves=means.shelves, embedder=means.embedder, k=POOL, language=brief.language, limits=brief.limits,
        reranker=means.reranker, also=tuple(filter(None, [own_query(brief, heading)])),
    )  # fmt: skip
    kept = (hit for hit in hits if not any(_overlap(hit, one) for one in apart))
    free, aside = set_aside(kept, language=brief.language)
    return _Pool(_weighed(free, heading, brief), tuple(aside))


def _elsewhere(row: int, pools: Sequence[_Pool]) -> frozenset[str]:
    """Return the keys of what is far nearer to another heading than to this one."""
    best: dict[str, float] = {}
    for pool in (other for number, other in enumerate(pools) if number != row):
        for excerpt in pool.found:
            best[excerpt.key] = max(excerpt.score, best.get(excerpt.key, 0.0))
    return frozenset(one.key for one in pools[row].found if best.get(one.key, 0.0) > one.score + NEARER)


def _evidence(
    brief: Brief,
    heading: Heading,
    pool: _Pool,
    means: Means,
    *,
    pins: Sequence[Excerpt],
    elsewhere: frozenset[str],
    used: _Used,
) -> Evidence:
    """Choose the evidence for one heading: what is pinned to it, and the best of what was found."""
    language, found = brief.language, pool.found
    judged = _judged(brief, heading, found, means)
    if judged and not judged.enough and not pins:
        silent = _silent(heading, found, judged, language)
        silent = replace(silent, left_out=(*pool.aside, *silent.left_out))
        return replace(silent, gaps=_gaps(brief, silent, found, means))
    written = sum(1 for other in brief.headings if other.words)
    near, far = _to_the_point(found, language)
    choice = choose(
        (*pins, *near),
        embedder=means.embedder,
        k=min(means.excerpts, max(LEAST, -(-len(found) // written) + 1)),
        per_source=means.per_source,
        used=used.keys | elsewhere,
        first=frozenset(pin.key for pin in pins),
        language=language,
    )
    served = join(choice.chosen, lambda first, last: _between(first, last, means.shelves))
    supportable = used.take(choice.chosen, served, language)
    missing = "" if served else nothing_said(language)
    likely = judged.probability if judged else None
    evidence = Evidence(heading, served, (*pool.aside, *choice.left_out, *far), missing, supportable, likely)
    return replace(evidence, gaps=_gaps(brief, evidence, found, means))


def _judged(brief: Brief, heading: Heading, found: Sequence[Excerpt], means: Means) -> Judgement | None:
    """Judge whether the sources say anything on a heading; within a period also without its bounds: the fewer texts a
    period leaves, the more any of them seems to stand out. As of a day, nothing later is looked at.
    """
    if means.gate is None:
        return None
    query, language = subject_query(brief, heading), brief.language
    judged = means.gate.judge(query, found, language=language)
    unbounded = replace(brief.limits, since=None, until=None)
    if unbounded == brief.limits or not judged or not judged.enough:
        return judged
    whole = find(query, shelves=means.shelves, embedder=means.embedder, k=POOL, language=language, limits=unbounded)
    of_all = means.gate.judge(query, whole, language=language)
    return min(filter(None, (of_all, judged)), key=lambda one: (one.enough, one.probability))


def _to_the_point(found: Sequence[Excerpt], language: str) -> tuple[tuple[Excerpt, ...], tuple[LeftOut, ...]]:
    """Return what is nearer than the mean of what was found, and the first few in any case; and the rest as left out:
    diversity is no reason to take what is beside the point. Where enough is left, so is what holds no sentence.
    """
    far = say(language, es="más lejos que la media de lo hallado", en="farther than the mean of what was found")
    mute = say(language, es="no contiene ninguna frase entera", en="it holds no whole sentence")
    near = tuple(one for rank, one in enumerate(found) if rank < LEAST or one.score >= TO_THE_POINT)
    saying = tuple(filter(holds_a_sentence, near))
    kept = saying if len(saying) >= LEAST else near
    reasons = {one.key: mute if one in near else far for one in found if one not in kept}
    return kept, tuple(leave_out(one, reasons[one.key]) for one in found if one.key in reasons)


def _gaps(brief: Brief, evidence: Evidence, found: Sequence[Excerpt], means: Means) -> tuple[Gap, ...]:
    """Return what the evidence lacks, where that is asked for."""
    if not means.seek_gaps:
        return ()
    heading, chosen = evidence.heading, {excerpt.key for excerpt in evidence.excerpts}
    return find_gaps(
        heading.title,
        evidence.excerpts,
        topic=brief.topic,
        language=brief.language,
        words=max(heading.words - author_words(heading), 0),
        supportable_words=evidence.supportable_words,
        says_nothing=not evidence.excerpts,
        limits=brief.limits,
        covered=means.covered,
        others=[excerpt for excerpt in found if excerpt.key not in chosen],
        order=by_meaning(means.embedder),
    )


def _nearest_heading(
    pinned: Sequence[Excerpt], queries: Sequence[str], embedder: CachedEmbedder
) -> list[tuple[Excerpt, ...]]:
    """Return for each query the pinned excerpts that are nearest to it; none for an empty one."""
    asked = [row for row, query in enumerate(queries) if query]
    pins: list[list[Excerpt]] = [[] for _ in queries]
    if pinned and asked:
        nearness = embedder.passages([one.text for one in pinned]) @ embedder.queries([queries[row] for row in asked]).T
        for excerpt, near in zip(pinned, nearness.round(6), strict=True):
            pins[asked[int(near.argmax())]].append(replace(excerpt, score=1.0, parts=(("pinned", 1.0),)))
    return [tuple(held) for held in pins]


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return one.source.id == other.source.id and one.start < other.end and other.start < one.end


def _between(first: Excerpt, last: Excerpt, shelves: Sequence[Shelf]) -> Excerpt | None:
    """Return the excerpt from one to the other on the first shelf that has both; none where together they give an
    order.
    """
    joined = next((whole for shelf in shelves if (whole := shelf.between(first, last))), None)
    return None if joined is None or order_in(joined) else joined


def _weighed(found: Sequence[Excerpt], heading: Heading, brief: Brief) -> tuple[Excerpt, ...]:
    """Weigh excerpts by their source's title, their place in it, and how new they are where the heading asks for it."""
    best = max((excerpt.score for excerpt in found), default=0.0)
    counts, now = newness(heading.title) * best, _reference(found, brief.limits)
    weighed = []
    for excerpt in found:
        recency = round(counts * _recency(excerpt, now), 6) if now else 0.0
        here = excerpt.score >= TO_THE_POINT and same_place(heading.title, excerpt.heading_path)
        title = round(TITLED * named_in(heading.title, excerpt.title), 6)
        parts = (("place", PLACE * here), ("title", title), ("recency", recency))
        score = round(excerpt.score + sum(value for _, value in parts), 6)
        weighed.append(replace(excerpt, score=score, parts=(*excerpt.parts, *(part for part in parts if part[1]))))
    return tuple(sorted(weighed, key=lambda excerpt: (-excerpt.score, excerpt.key)))


def _reference(found: Sequence[Excerpt], limits: TimeLimits) -> date | None:
    """Return the day that newness is counted from: the limits' own, or the newest evidence, never the clock."""
    return limits.as_of or max((one.date.last for one in found if one.date.last), default=None)


def _recency(excerpt: Excerpt, now: date) -> float:
    """Return 1 for what is published on that day, a half for what is `HALF_LIFE` older."""
    if excerpt.date.last is None:
        return UNDATED_NEWNESS
    years = max((now - excerpt.date.last).days, 0) / 365.25
    return float(0.5 ** (years / HALF_LIFE))


def _silent(heading: Heading, found: Sequence[Excerpt], judged: Judgement, language: str) -> Evidence:
    """Return a heading that nothing is said on, with what came nearest."""
    reason = say(
        language,
        es=f"no trata de esto (probabilidad {judged.probability:.2f})",
        en=f"not about this (probability {judged.probability:.2f})",
    )
    left: tuple[LeftOut, ...] = tuple(leave_out(excerpt, reason) for excerpt in found[:SHOWN_OFF_TOPIC])
    return Evidence(heading, (), left, nothing_said(language), 0, judged.probability)


def _sayable_words(excerpt: Excerpt, language: str) -> int:
    """Count the words of what the excerpt can say by itself: an estimate from below of what can be written from it."""
    sayable = {sentence for statement in statements(excerpt, language=language) for sentence in statement.sentences}
    return sum(map(count_words, sayable))


def nothing_said(language: str) -> str:
    """Return the line of a heading without evidence."""
    return say(
        language,
        es="Las fuentes disponibles no dicen nada sobre este apartado.",
        en="The available sources say nothing on this section.",
    )
