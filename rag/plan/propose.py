"""A topic and its evidence → an outline to edit: excerpts in groups by meaning, each with a title.

Searches nothing. What a vector owes to its language alone is taken off, else groups would part by language. Their
number comes from the words asked for and the silhouette. Where the evidence does not part, the brief comes back as it
was: one section. A titler may give titles and the order to read them in; what does not fit its group is not taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.errors import BriefError
from rag.language import os_words, say, tell
from rag.plan.evidence import TO_THE_POINT
from rag.plan.groups import DECIMALS, LEAST_GROUPS, LEAST_ROWS, partition, unit
from rag.plan.headings import is_framing
from rag.plan.titles import Grouped, fitting_titles, is_alike, phrase_titles
from rag.records import Brief, Heading
from rag.retrieve.choose import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.embed import CachedEmbedder, Vectors
    from rag.plan.evidence import Gate
    from rag.plan.groups import Group, Groups
    from rag.records import Evidence, Excerpt

SECTION_WORDS = 120
"""Words of a section at least, about: two paragraphs with their sources."""
CLOSING_SHARE = 0.7
"""What the conclusion takes of the words, against 1 for a section."""
MOST_SECTIONS = 5
"""Sections besides the conclusion at most."""


def sections_for(words: int) -> int:
    """Return how many sections besides a conclusion so many words carry.

    >>> [sections_for(words) for words in (200, 300, 500, 900)]
    [1, 2, 3, 5]
    """
    return max(1, min(MOST_SECTIONS, round(words / SECTION_WORDS - CLOSING_SHARE)))


class Titler(Protocol):
    """Gives groups of texts titles."""

    def titles(self, topic: str, groups: Sequence[Sequence[Excerpt]], *, language: str) -> Sequence[tuple[int, str]]:
        """Return titles in the order to read them, each with its group's place; they are checked by who asks."""


def propose(
    brief: Brief,
    found: Sequence[Excerpt],
    embedder: CachedEmbedder,
    *,
    gate: Gate | None = None,
    titler: Titler | None = None,
) -> Brief:
    """Return the brief under headings that its evidence suggests, and a conclusion. First come those a titler gives, in
    its order; then key phrases, the nearest to the topic first, of groups that by themselves say something on it.

    It comes back as it is where its words carry one section only, or fewer than two groups can be named in its
    language. The order of the excerpts does not matter.
    """
    excerpts, beside = _to_the_point(found, brief.language)
    most = min(sections_for(brief.words), len(excerpts) // LEAST_ROWS)
    if most < LEAST_GROUPS:
        return brief
    vectors = _levelled(excerpts, embedder)

    def on_topic(group: Sequence[int]) -> bool:
        held = (*(excerpts[row] for row in group), *beside)
        judged = gate.judge(brief.topic, held, language=brief.language) if gate else None
        return judged is None or judged.enough

    every = _nearest_first(partition(vectors, most), excerpts)
    sure = Grouped(excerpts, vectors, tuple(filter(on_topic, every)))
    phrases = phrase_titles(brief, sure, embedder) if len(sure.groups) >= LEAST_GROUPS else {}
    given: dict[Group, str] = {}
    if titler and len(every) >= LEAST_GROUPS:
        grouped = Grouped(excerpts, vectors, every)
        shown = [grouped.central(group) for group in every]
        titles = titler.titles(brief.topic, shown, language=brief.language)
        given = fitting_titles(brief, grouped, titles, embedder, beside=phrases.values())
    others = (
        phrase
        for group, phrase in phrases.items()
        if group not in given and not is_alike(phrase, given.values(), brief.language)
    )
    return _under(brief, (*given.values(), *others))


def with_evidence(brief: Brief, sections: Sequence[Evidence]) -> Brief:
    """Return the brief of a topic under those proposed headings that something was found for, and a conclusion."""
    held = (one.heading.title for one in sections if one.excerpts)
    return _under(brief, [title for title in held if not is_framing(title) and title != brief.topic])


def _under(brief: Brief, titles: Sequence[str]) -> Brief:
    if len(titles) < LEAST_GROUPS:
        return brief
    closing = say(brief.language, es="Conclusión", en="Conclusions")
    return replace(brief, headings=tuple(Heading(f"# {title}", title, 1) for title in (*titles, closing)))


def outline_text(brief: Brief) -> str:
    """Write a brief without material as a file that `read_brief` reads back: front matter and headings."""
    import yaml

    limits = brief.limits
    settings = {
        "topic": brief.topic,
        "role": brief.role,
        "words": brief.words,
        "language": brief.language,
        "since": limits.since,
        "until": limits.until,
        "as_of": limits.as_of,
        "undated": limits.undated,
    }
    given = {key: value if key == "words" else str(value) for key, value in settings.items() if value}
    front = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=float("inf"))
    parts = (
        f"{heading.line}\n" + (f"\n{heading.author_text}\n" if heading.author_text else "")
        for heading in brief.headings
    )
    return f"---\n{front}---\n\n" + "\n".join(parts)


def save_outline(brief: Brief, path: Path) -> None:
    """Write a brief's outline to a new file, or leave one that says the same.

    Raises `BriefError` where the file says something else, which may be somebody's work, or cannot be written.
    """
    text = outline_text(brief)
    try:
        if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BriefError(
            tell(
                es=f"{path}: no se puede escribir ({os_words(error)}); nombra otro archivo",
                en=f"{path}: cannot be written ({os_words(error)}); name another file",
            )
        ) from error


def _to_the_point(found: Sequence[Excerpt], language: str) -> tuple[tuple[Excerpt, ...], tuple[Excerpt, ...]]:
    """Return each statement once, of what is nearer to the topic than the mean, by key; and what lies beside."""
    ranked = sorted(found, key=lambda one: (-one.score, one.key))
    near = [one for one in ranked if one.score >= TO_THE_POINT]
    once = distinct(near, language=language).chosen
    return tuple(sorted(once, key=lambda one: one.key)), tuple(ranked[len(near) :])


# Groups


def _levelled(excerpts: Sequence[Excerpt], embedder: CachedEmbedder) -> Vectors:
    """Return unit vectors about the mean of their language; about the mean of all for one with few excerpts."""
    vectors = embedder.passages([one.text for one in excerpts])
    level = np.repeat(vectors.mean(axis=0, keepdims=True), len(excerpts), axis=0)
    for language, count in Counter(one.language for one in excerpts).items():
        if count >= LEAST_ROWS:
            rows = [row for row, one in enumerate(excerpts) if one.language == language]
            level[rows] = vectors[rows].mean(axis=0)
    return unit(vectors - level)


def _nearest_first(groups: Groups, excerpts: Sequence[Excerpt]) -> Groups:
    """Order groups by how near their excerpts are to the topic."""
    near = {group: round(float(np.mean([excerpts[row].score for row in group])), DECIMALS) for group in groups}
    return tuple(sorted(groups, key=lambda group: (-near[group], group)))
