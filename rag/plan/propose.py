"""A topic and its evidence → an outline to edit: excerpts in groups by meaning, each named by its key phrase.

Asks no chat model and searches nothing. What a vector owes to its language alone is taken off, else groups would part
by language. Their number comes from the words asked for and the silhouette. Where the evidence does not part, the brief
comes back as it was: one section.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.errors import BriefError
from rag.language import os_words, say, stems, tell
from rag.plan.evidence import TO_THE_POINT
from rag.plan.groups import LEAST_GROUPS, LEAST_ROWS, partition, unit
from rag.plan.headings import is_aspect, is_framing
from rag.plan.phrases import background_of, key_phrases
from rag.records import Brief, Heading
from rag.retrieve.choose import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.embed import CachedEmbedder, Vectors
    from rag.plan.evidence import Gate
    from rag.plan.groups import Groups
    from rag.records import Evidence, Excerpt

SECTION_WORDS = 120
"""Words of a section at least, about: two paragraphs with their sources."""
CLOSING_SHARE = 0.7
"""What the conclusion takes of the words, against 1 for a section."""
MOST_SECTIONS = 5
"""Sections besides the conclusion at most."""
LEAST_TEXTS = 2
"""Excerpts that must hold a phrase before it can be a heading."""
PHRASES = 10
"""Phrases of each group, and of all together, that are weighed as headings."""
SINGLE = 0.4
"""What a single word counts as a heading, against 1 for several: "Paquete" says little."""
UNSAID = 0.5
"""What nearness alone counts, where a group has no texts in the language that could hold the phrase."""
LEAST_FIT = 0.15
"""How well a phrase must fit a group to name it, 0 to 1: below, it stands and means much the same elsewhere."""
MOST_SHARED = 0.5
"""Share of the shorter heading's stems from which two headings are nearly alike."""
DECIMALS = 6
"""Distances and scores are rounded before they decide."""


def sections_for(words: int) -> int:
    """Return how many sections besides a conclusion so many words carry.

    >>> [sections_for(words) for words in (200, 300, 500, 900)]
    [1, 2, 3, 5]
    """
    return max(1, min(MOST_SECTIONS, round(words / SECTION_WORDS - CLOSING_SHARE)))


def propose(brief: Brief, found: Sequence[Excerpt], embedder: CachedEmbedder, *, gate: Gate | None = None) -> Brief:
    """Return the brief under headings that its evidence suggests, the nearest to the topic first, and a conclusion.

    It comes back as it is where its words carry one section only, or fewer than two groups say something on the topic
    and can be named in its language. The order of the excerpts does not matter.
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

    groups = tuple(filter(on_topic, partition(vectors, most)))
    titles = _titles(brief, excerpts, vectors, groups, embedder) if len(groups) >= LEAST_GROUPS else ()
    return _under(brief, titles)


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


# Headings


class _Name(NamedTuple):
    """How well a phrase names a group."""

    score: float
    phrase: str
    group: int


def _titles(
    brief: Brief, excerpts: Sequence[Excerpt], vectors: Vectors, groups: Groups, embedder: CachedEmbedder
) -> tuple[str, ...]:
    """Name the groups, the best fitting name first, no two nearly alike; return the names, nearest to the topic first.

    A group that no phrase of the brief's language fits has none.
    """
    names = _names(brief, excerpts, vectors, groups, embedder)
    chosen: list[_Name] = []
    for name in sorted(names, key=lambda name: (-name.score, name.phrase, name.group)):
        free = all(name.group != other.group for other in chosen)
        if (
            free
            and name.score >= LEAST_FIT
            and not any(_alike(name.phrase, other.phrase, brief.language) for other in chosen)
        ):
            chosen.append(name)
    general = {
        name.group: round(float(np.mean([excerpts[row].score for row in groups[name.group]])), DECIMALS)
        for name in chosen
    }
    chosen.sort(key=lambda name: (-general[name.group], name.phrase))
    return tuple(name.phrase[0].upper() + name.phrase[1:] for name in chosen)


def _names(
    brief: Brief, excerpts: Sequence[Excerpt], vectors: Vectors, groups: Groups, embedder: CachedEmbedder
) -> Iterator[_Name]:
    """Rate every phrase for every group: more of its texts hold it than of any other's, and it is nearer in meaning.

    Both count, as their geometric mean. A group without texts in the language is named by nearness alone.
    """
    held = [frozenset(stems(one.text, brief.language)) for one in excerpts]
    own = [[held[row] for row in group if excerpts[row].language == brief.language] for group in groups]
    said = [len(texts) >= LEAST_TEXTS for texts in own]
    shares = {
        phrase: [sum(wanted <= text for text in texts) / max(len(texts), 1) for texts in own]
        for phrase in _phrases(brief, excerpts, groups)
        if (wanted := frozenset(stems(phrase, brief.language)))
    }
    telling = [
        phrase
        for phrase, share in shares.items()
        if any(_lead(share, group) > 0 or not said[group] for group in range(len(groups)))
    ]
    if not telling:
        return
    near = _nearness(telling, vectors, groups, embedder)
    for phrase, nearness in zip(telling, near.tolist(), strict=True):
        weight = SINGLE if len(stems(phrase, brief.language)) == 1 else 1.0
        for group in range(len(groups)):
            nearer, more = _lead(nearness, group), _lead(shares[phrase], group)
            fit = math.sqrt(more * nearer) if said[group] else UNSAID * nearer
            yield _Name(round(weight * fit, DECIMALS), phrase, group)


def _nearness(phrases: Sequence[str], vectors: Vectors, groups: Groups, embedder: CachedEmbedder) -> Vectors:
    """Return the cosine of each phrase, about the mean of all phrases, to the centre of each group."""
    named = embedder.passages(phrases)
    centres = np.stack([vectors[list(group)].mean(axis=0) for group in groups])
    return np.asarray(unit(named - named.mean(axis=0)) @ unit(centres).T)


def _lead(values: list[float], place: int) -> float:
    """Return by how much a value exceeds the highest of the others, 0 at least."""
    return max(values[place] - max(values[:place] + values[place + 1 :]), 0.0)


def _phrases(brief: Brief, excerpts: Sequence[Excerpt], groups: Groups) -> list[str]:
    """Return the phrases of the brief's language that could be headings: of each group against the others, and of all.

    Not those of the topic's own words, those that fit any text, or an acronym by itself.
    """
    language = brief.language
    texts = {row: one.text for row, one in enumerate(excerpts) if one.language == language}
    authors = tuple(author for one in excerpts for author in one.authors)
    found: list[str] = []
    for group in (*groups, tuple(texts)):
        apart = background_of((text for row, text in texts.items() if row not in group), language=language)
        own = [texts[row] for row in group if row in texts]
        found += key_phrases(own, language=language, most=PHRASES, background=apart, without=authors, least=LEAST_TEXTS)
    topic = frozenset(stems(brief.topic, language))
    return [
        phrase
        for phrase in dict.fromkeys(found)
        if not frozenset(stems(phrase, language)) <= topic
        and not is_framing(phrase)
        and not is_aspect(phrase)
        and not phrase.isupper()
    ]


def _alike(one: str, other: str, language: str) -> bool:
    """Say whether two headings share so many stems that one could stand for the other."""
    first, second = frozenset(stems(one, language)), frozenset(stems(other, language))
    return len(first & second) >= MOST_SHARED * min(len(first), len(second))
