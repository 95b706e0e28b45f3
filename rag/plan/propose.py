"""A topic and its evidence → an outline to edit: excerpts in groups by meaning, each named by its key phrase.

Asks no model and searches nothing. What a vector owes to its language alone is taken off, else groups would part by
language. Their number comes from the words asked for and the silhouette. Where the evidence does not part, the brief
comes back as it was: one section.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.errors import BriefError
from rag.language import content_words, say, stems
from rag.plan.evidence import TO_THE_POINT
from rag.plan.headings import is_aspect, is_framing
from rag.plan.phrases import background_of, key_phrases
from rag.records import Brief, Heading
from rag.retrieve.choose import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.embed import CachedEmbedder, Vectors
    from rag.records import Excerpt

SECTION_WORDS = 120
"""Words of a section at least, about: two paragraphs with their sources."""
CLOSING_SHARE = 0.7
"""What the conclusion takes of the words, against 1 for a section."""
MOST_SECTIONS = 5
"""Sections besides the conclusion at most."""
LEAST_EXCERPTS = 3
"""Excerpts of a group at least: what lies alone is an outlier."""
NEARLY = 0.8
"""Share of the best silhouette that more groups must reach to be taken: short sections on one thing each read better."""
MOST_OUTLIERS = 0.25
"""Share of the excerpts that may lie outside all groups."""
LEAST_TEXTS = 2
"""Excerpts that must hold a phrase before it can be a heading."""
PHRASES = 15
"""Phrases of each group, and of all together, that are weighed as headings."""
SINGLE = 0.4
"""What a single word counts as a heading, against 1 for several: "Paquete" says little."""
LEAST_FIT = 0.12
MOST_SHARED = 0.5
"""Share of the shorter heading's stems that two headings may have in common, less than this."""
DECIMALS = 6
"""Distances and scores are rounded before they decide."""

_Groups = tuple[tuple[int, ...], ...]


def sections_for(words: int) -> int:
    """Return how many sections besides a conclusion so many words carry.

    >>> [sections_for(words) for words in (200, 300, 500, 900)]
    [1, 2, 3, 5]
    """
    return max(1, min(MOST_SECTIONS, round(words / SECTION_WORDS - CLOSING_SHARE)))


def propose(brief: Brief, found: Sequence[Excerpt], embedder: CachedEmbedder) -> Brief:
    """Return the brief under headings that its evidence suggests, the nearest to the topic first, and a conclusion.

    It comes back as it is where its words carry one section only, or fewer than two groups can be named in its
    language. The order of the excerpts does not matter.
    """
    excerpts = _to_the_point(found, brief.language)
    most = min(sections_for(brief.words), len(excerpts) // LEAST_EXCERPTS)
    if most < 2:
        return brief
    vectors = _levelled(excerpts, embedder)
    groups = partition(vectors, most)
    titles = _titles(brief, excerpts, vectors, groups, embedder)
    if len(titles) < 2:
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
    given = {key: value for key, value in settings.items() if value}
    front = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=float("inf"))
    parts = (f"{heading.line}\n" + (f"\n{heading.author_text}\n" if heading.author_text else "") for heading in brief.headings)
    return f"---\n{front}---\n\n" + "\n".join(parts)


def save_outline(brief: Brief, path: Path) -> None:
    """Write a brief's outline to a file. Raises `BriefError` where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(outline_text(brief), encoding="utf-8", newline="\n")
    except OSError as error:
        raise BriefError(f"{path}: cannot be written ({error.strerror}); check the folder and its permissions") from error


def _to_the_point(found: Sequence[Excerpt], language: str) -> tuple[Excerpt, ...]:
    """Return each statement once, of what is nearer to the topic than the mean; by key."""
    ranked = sorted(found, key=lambda one: (-one.score, one.key))
    once = distinct([one for one in ranked if one.score >= TO_THE_POINT], language=language).chosen
    return tuple(sorted(once, key=lambda one: one.key))


# Groups


def _levelled(excerpts: Sequence[Excerpt], embedder: CachedEmbedder) -> Vectors:
    """Return unit vectors about the mean of their language; about the mean of all for one with few excerpts."""
    vectors = embedder.passages([one.text for one in excerpts])
    level = np.repeat(vectors.mean(axis=0, keepdims=True), len(excerpts), axis=0)
    for language, count in Counter(one.language for one in excerpts).items():
        if count >= LEAST_EXCERPTS:
            rows = [row for row, one in enumerate(excerpts) if one.language == language]
            level[rows] = vectors[rows].mean(axis=0)
    return _unit(vectors - level)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def partition(vectors: Vectors, most: int) -> _Groups:
    """Part rows of unit vectors into 2 to `most` groups of `LEAST_EXCERPTS` and more; the rows left out are outliers.

    Of the levels of Ward's linkage (1963) those count that leave out few rows; of these the one with most groups whose
    silhouette (Rousseeuw 1987) is nearly the best. None where no level parts better than chance.
    """
    rated: list[tuple[int, float, _Groups]] = []
    for level in _linked(vectors):
        groups = tuple(group for group in level if len(group) >= LEAST_EXCERPTS)
        if 2 <= len(groups) <= most and sum(map(len, groups)) >= (1 - MOST_OUTLIERS) * len(vectors):
            rated.append((len(groups), _silhouette(vectors, groups), groups))
    best = max((score for _, score, _ in rated), default=0.0)
    if best <= 0:
        return ()
    return max((one for one in rated if one[1] >= NEARLY * best), key=lambda one: one[:2])[2]


def _linked(vectors: Vectors) -> Iterator[_Groups]:
    """Give the levels of Ward's linkage, each with one group less, from every row alone to all in one."""
    cost = np.round(1.0 - (vectors @ vectors.T).astype(np.float64), DECIMALS)
    np.fill_diagonal(cost, np.inf)
    groups: list[tuple[int, ...]] = [(row,) for row in range(len(vectors))]
    yield tuple(groups)
    for _ in range(len(vectors) - 1):
        one, two = sorted(divmod(int(cost.argmin()), len(groups)))
        sizes = np.array([len(group) for group in groups], dtype=np.float64)
        a, b, apart = sizes[one], sizes[two], cost[one, two]
        joined = np.round(((a + sizes) * cost[one] + (b + sizes) * cost[two] - sizes * apart) / (a + b + sizes), DECIMALS)
        cost[one] = cost[:, one] = joined
        cost[one, one] = cost[two] = cost[:, two] = np.inf
        groups[one], groups[two] = tuple(sorted(groups[one] + groups[two])), ()
        yield tuple(filter(None, groups))


def _silhouette(vectors: Vectors, groups: _Groups) -> float:
    """Return the mean over all grouped rows of how much nearer they lie to their own group than to the next, -1 to 1."""
    apart = 1.0 - (vectors @ vectors.T).astype(np.float64)
    widths = []
    for own, group in enumerate(groups):
        sums = np.stack([apart[np.ix_(group, other)].sum(axis=1) for other in groups])
        sizes = np.array([[len(other) - (place == own)] for place, other in enumerate(groups)])
        means = sums / np.maximum(sizes, 1)
        within, beside = means[own], np.delete(means, own, axis=0).min(axis=0)
        widths.append((beside - within) / np.maximum(np.maximum(within, beside), 1e-6))
    return round(float(np.concatenate(widths).mean()), DECIMALS)


# Headings


class _Name(NamedTuple):
    """How well a phrase names a group."""

    score: float
    phrase: str
    group: int


def _titles(
    brief: Brief, excerpts: Sequence[Excerpt], vectors: Vectors, groups: _Groups, embedder: CachedEmbedder
) -> tuple[str, ...]:
    """Name the groups, the best fitting name first, no two nearly alike; return the names, nearest to the topic first.

    A group that no phrase of the brief's language fits has none.
    """
    names = _names(brief, excerpts, vectors, groups, embedder)
    chosen: list[_Name] = []
    for name in sorted(names, key=lambda name: (-name.score, name.phrase, name.group)):
        free = all(name.group != other.group for other in chosen)
        if free and name.score >= LEAST_FIT and not any(_alike(name.phrase, other.phrase, brief.language) for other in chosen):
            chosen.append(name)
    general = {
        name.group: round(float(np.mean([excerpts[row].score for row in groups[name.group]])), DECIMALS)
        for name in chosen
    }
    print({name.phrase: general[name.group] for name in chosen}, [round(float(np.mean([excerpts[row].score for row in g])),2) for g in groups])
    chosen.sort(key=lambda name: (-general[name.group], name.phrase))
    return tuple(name.phrase[0].upper() + name.phrase[1:] for name in chosen)


def _names(
    brief: Brief, excerpts: Sequence[Excerpt], vectors: Vectors, groups: _Groups, embedder: CachedEmbedder
) -> Iterator[_Name]:
    """Rate every phrase for every group: more of its texts hold it than of the others', and it is nearer in meaning.

    Across languages nearness alone tells.
    """
    phrases = _phrases(brief, excerpts, groups)
    if not phrases:
        return
    held = [frozenset(stems(one.text, brief.language)) for one in excerpts]
    own = [[held[row] for row in group if excerpts[row].language == brief.language] for group in groups]
    named = embedder.passages(phrases)
    centres = _unit(np.stack([vectors[list(group)].mean(axis=0) for group in groups]))
    near = _unit(named - named.mean(axis=0)) @ centres.T
    for phrase, nearness in zip(phrases, near, strict=True):
        wanted = frozenset(stems(phrase, brief.language))
        share = np.array([sum(wanted <= text for text in texts) / max(len(texts), 1) for texts in own])
        weight = SINGLE if len(wanted) < 2 else 1.0
        for group, texts in enumerate(own):
            nearer = _lead(nearness, group)
            more = _lead(share, group) if len(texts) >= LEAST_TEXTS else nearer*UNSAID
            if SHOW and more*nearer>.02: print("   ", group, len(groups[group]), phrase, round(more,2), round(nearer,2), round(weight*(more*nearer)**.5,2))
            yield _Name(round(weight * float(np.sqrt(more * nearer)), DECIMALS), phrase, group)

UNSAID=0.25
def _lead(values, group):
    return max(float(values[group] - np.delete(values, group).max()), 0.0)
SHOW=False

def _phrases(brief: Brief, excerpts: Sequence[Excerpt], groups: _Groups) -> list[str]:
    """Return the phrases of the brief's language that could be headings: of each group against the others, and of all.

    Neither the topic's own words nor those of headings that fit any text.
    """
    language = brief.language
    texts = {row: one.text for row, one in enumerate(excerpts) if one.language == language}
    authors = tuple(author for one in excerpts for author in one.authors)
    found: list[str] = []
    for group in (*groups, tuple(texts)):
        apart = background_of((text for row, text in texts.items() if row not in group), language=language)
        own = [texts[row] for row in group if row in texts]
        found += key_phrases(
            own, language=language, most=PHRASES, background=apart, without=authors, least=LEAST_TEXTS
        )
    topic = frozenset(stems(brief.topic, language))
    return [
        phrase
        for phrase in dict.fromkeys(found)
        if not frozenset(stems(phrase, language)) <= topic and not is_framing(phrase) and not is_aspect(phrase) and not phrase.isupper()
    ]


def _alike(one: str, other: str, language: str) -> bool:
    """Say whether two headings share so many stems that one could stand for the other."""
    first, second = frozenset(stems(one, language)), frozenset(stems(other, language))
    return len(first & second) >= MOST_SHARED * min(len(first), len(second))
