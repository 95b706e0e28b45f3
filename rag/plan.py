"""A brief and shelves → evidence for each heading, and each heading's share of the words.

Does not write. Headings are served in the brief's order; an excerpt that serves one counts less for the next, so that
sections rest on evidence of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.language import content_words, count_words, fold, say
from rag.records import Brief, Evidence, Excerpt, Heading
from rag.retrieve import POOL, RRF_CONSTANT, choose, find
from rag.statements import statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import CachedEmbedder
    from rag.retrieve import Shelf

LEAST = 3
"""Excerpts a heading gets at least, where there are any: two sources and a choice."""
_FRAMING = re.compile(
    "introduccion|antecedentes|contexto|resumen|discusion|conclusion(es)?|consideraciones|reflexiones|palabras|"
    "perspectivas|introduction|background|context|summary|abstract|overview|discussion|conclusions|concluding|closing|"
    "remarks|thoughts|outlook"
)
"""Folded words of headings that say where one is in a text, not what it is about."""
_JOINING = frozenset(("a", "and", "de", "final", "finales", "general", "modo", "y"))
"""Folded words that join framing ones and frame nothing alone."""
_COMMON_BEGINNING = 6
"""Letters that "conclusión", "conclusiones" and "conclusions" share."""
PLACE = round(1 / RRF_CONSTANT, 6)
"""What standing in the same place of its source adds to an excerpt's score."""
_FRAMING_SHARE = 0.7
"""A framing section's share of the words, against 1 for the others."""
_QUERY_CHARACTERS = 400
"""Of the author's text, what goes into the query: its beginning tells what it is about."""


def is_framing(title: str) -> bool:
    """Say whether a heading frames the text ("Introducción", "Conclusiones") rather than naming a subject."""
    words = fold(title).replace(":", " ").strip(" .0123456789").split()
    return any(map(_FRAMING.fullmatch, words)) and all(_FRAMING.fullmatch(w) or w in _JOINING for w in words)


def same_place(title: str, heading_path: tuple[str, ...]) -> bool:
    """Say whether a passage stands in its source where a framing heading stands in the brief: under a conclusion for
    a conclusion.
    """
    words = set(content_words(title, "")) - _JOINING
    return is_framing(title) and any(
        is_framing(other) and any(_alike(one, two) for one in words for two in content_words(other, ""))
        for other in heading_path
    )


def _alike(one: str, two: str) -> bool:
    return one[:_COMMON_BEGINNING] == two[:_COMMON_BEGINNING]


def heading_query(brief: Brief, heading: Heading) -> str:
    """Write what to look for under a heading: its title and the topic, and what the author says there.

    A framing title leans on the outline instead.
    """
    if is_framing(heading.title):
        parts = [brief.topic, *(other.title for other in brief.headings if not is_framing(other.title))]
    else:
        parts = [heading.title, brief.topic, heading.author_text[:_QUERY_CHARACTERS]]
    return ". ".join(dict.fromkeys(part.strip().rstrip(".") for part in parts if part.strip()))


def share_words(brief: Brief) -> tuple[Heading, ...]:
    """Share the length asked for over the headings, the author's words included.

    A heading without text over a deeper one only groups and gets nothing; framing ones get less; none gets less than
    the author wrote there, and the others share what is left.
    """
    weights = [_weight(brief.headings, row) for row in range(len(brief.headings))]
    own = [count_words(heading.author_text) for heading in brief.headings]
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
    groups = row + 1 < len(headings) and headings[row + 1].level > heading.level and not heading.author_text
    return 0.0 if groups else _FRAMING_SHARE if is_framing(heading.title) else 1.0


def gather(
    brief: Brief, *, shelves: Sequence[Shelf], embedder: CachedEmbedder, excerpts: int, per_source: int
) -> tuple[Evidence, ...]:
    """Find the evidence for every heading: at most `excerpts` each, at most `per_source` of one source.

    With little material each heading gets few, so that all of it is not said under the first.
    """
    evidence: list[Evidence] = []
    used: frozenset[str] = frozenset()
    counted: set[str] = set()
    headings = share_words(brief)
    written = sum(heading.words > 0 for heading in headings) or 1
    for heading in headings:
        if not heading.words:
            evidence.append(Evidence(heading, ()))
            continue
        found = _find(brief, heading, shelves=shelves, embedder=embedder)
        k = min(excerpts, max(LEAST, -(-len(found) // written) + 1))
        choice = choose(found, embedder=embedder, k=k, per_source=per_source, used=used, language=brief.language)
        used |= {excerpt.key for excerpt in choice.chosen}
        fresh = [excerpt for excerpt in choice.chosen if excerpt.key not in counted]
        counted |= {excerpt.key for excerpt in fresh}
        supportable = sum(_sayable_words(excerpt, brief.language) for excerpt in fresh)
        missing = "" if choice.chosen else _nothing(brief)
        evidence.append(Evidence(heading, choice.chosen, choice.left_out, missing, supportable))
    return tuple(evidence)


def _find(brief: Brief, heading: Heading, *, shelves: Sequence[Shelf], embedder: CachedEmbedder) -> tuple[Excerpt, ...]:
    query = heading_query(brief, heading)
    found = find(query, shelves=shelves, embedder=embedder, k=POOL, language=brief.language, limits=brief.limits)
    placed = (_placed(excerpt, heading.title) for excerpt in found if excerpt.key not in brief.ban)
    return tuple(sorted(placed, key=lambda excerpt: (-excerpt.score, excerpt.key)))


def _placed(excerpt: Excerpt, title: str) -> Excerpt:
    """Give an excerpt from the same place of its source what a first rank in one more list would."""
    if not same_place(title, excerpt.heading_path):
        return excerpt
    return replace(excerpt, score=round(excerpt.score + PLACE, 6), parts=(*excerpt.parts, ("place", PLACE)))


def _sayable_words(excerpt: Excerpt, language: str) -> int:
    """Count the words of what the excerpt can say by itself: an estimate from below of what can be written from it."""
    sayable = {sentence for statement in statements(excerpt, language=language) for sentence in statement.sentences}
    return sum(map(count_words, sayable))


def _nothing(brief: Brief) -> str:
    return say(
        brief.language,
        es="Las fuentes disponibles no dicen nada sobre este apartado.",
        en="The available sources say nothing on this section.",
    )
