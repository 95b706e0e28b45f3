"""Groups of a topic's excerpts → a title for each: its key phrase, or one that somebody gives and that fits it.

Asks no chat model. A phrase names the group whose texts hold it and whose meaning is nearest. A title that is given is
taken where it could be a heading, its words stand in the group's texts, and it is nearer to them than to the others'.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.language import spanish_or_english, stems
from rag.orders import gives_order
from rag.plan.groups import unit
from rag.plan.headings import is_aspect, is_framing
from rag.plan.phrases import background_of, key_phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from rag.embed import CachedEmbedder, Vectors
    from rag.plan.groups import Group, Groups
    from rag.records import Brief, Excerpt

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
LONGEST = 80
"""Letters of a title that is given at most: a line."""
MOSTLY = 0.5
"""Share of a group's texts in the brief's language from which they are asked what they say."""
LEAST_SAID = 0.5
"""Share of a given title's stems, the topic's apart, that the group's texts must hold."""
CENTRAL = 3
"""Excerpts that stand for a group: the nearest to its centre."""
DECIMALS = 6
"""Distances and scores are rounded before they decide."""

_AROUND = re.compile(
    r"^(?:[\s#*_>«“\"'`-]|\d{1,2}[.):]|(?:grupo|group|secci[oó]n|section|t[ií]tulo|title)\s*\d*\s*:)+"
    r"|[\s*_»”\"'`.:;,-]+$",
    re.IGNORECASE,
)
"""What stands around a title and is not of it: marks, quotes, numbers, "Section 2:"."""
_PLAIN = re.compile(r"[^\W\d_][^<>\[\]{}|`\\*#\n]*")
"""A line that begins with a letter and holds no markup."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Excerpts, a unit vector for each, and the rows that lie together, the group nearest to the topic first."""

    excerpts: tuple[Excerpt, ...]
    vectors: Vectors
    groups: Groups

    def texts(self, group: Group, language: str) -> list[str]:
        """Return a group's texts in a language."""
        return [self.excerpts[row].text for row in group if self.excerpts[row].language == language]

    def central(self, group: Group) -> tuple[Excerpt, ...]:
        """Return the excerpts nearest to a group's centre that give no order, the nearest first."""
        rows = [row for row in group if not gives_order(self.excerpts[row].text)]
        centre = self.vectors[list(group)].mean(axis=0)
        nearness = {row: round(float(self.vectors[row] @ centre), DECIMALS) for row in rows}
        ranked = sorted(rows, key=lambda row: (-nearness[row], self.excerpts[row].key))
        return tuple(self.excerpts[row] for row in ranked[:CENTRAL])


class _Name(NamedTuple):
    """How well a phrase names a group."""

    score: float
    phrase: str
    group: int


def phrase_titles(brief: Brief, grouped: Grouped, embedder: CachedEmbedder) -> dict[Group, str]:
    """Name groups by their key phrases, the best fitting first, no two nearly alike; return the names in the groups'
    order. A group that no phrase of the brief's language fits has none.
    """
    chosen: dict[int, str] = {}
    for name in sorted(_names(brief, grouped, embedder), key=lambda name: (-name.score, name.phrase, name.group)):
        if (
            name.group not in chosen
            and name.score >= LEAST_FIT
            and not is_alike(name.phrase, chosen.values(), brief.language)
        ):
            chosen[name.group] = name.phrase
    return {grouped.groups[place]: phrase[0].upper() + phrase[1:] for place, phrase in sorted(chosen.items())}


def fitting_titles(
    brief: Brief,
    grouped: Grouped,
    given: Iterable[tuple[int, str]],
    embedder: CachedEmbedder,
    *,
    beside: Collection[str],
) -> dict[Group, str]:
    """Return those titles given for groups, by their places, that could be headings of the brief and fit, in
    their order.

    A title fits whose words the group's texts hold and which is nearest to its group, about the mean of all titles and
    those that stand `beside` them.
    """
    asked = [
        (place, _tidied(said, grouped.texts(grouped.groups[place], brief.language), brief))
        for place, said in given
        if place in range(len(grouped.groups))
    ]
    near = _nearness([*(title for _, title in asked), *beside], grouped, embedder) if asked else ()
    taken: dict[Group, str] = {}
    for (place, title), nearness in zip(asked, near, strict=False):
        group = grouped.groups[place]
        if (
            group not in taken
            and _lead(nearness.tolist(), place) > 0
            and _could_be_heading(title, brief)
            and _is_said(title, group, grouped, brief)
            and not is_alike(title, taken.values(), brief.language, topic=brief.topic)
        ):
            taken[group] = title
    return taken


def is_alike(title: str, others: Collection[str], language: str, *, topic: str = "") -> bool:
    """Say whether a heading shares so many stems, the topic's apart, with another that one could stand for both."""
    own = _own_stems(title, language, topic)
    return any(
        len(own & other) >= MOST_SHARED * min(len(own), len(other))
        for other in (_own_stems(each, language, topic) for each in others)
    )


def _own_stems(title: str, language: str, topic: str) -> frozenset[str]:
    return frozenset(stems(title, language)) - frozenset(stems(topic, language))


# Titles that are given


def _tidied(said: str, texts: Sequence[str], brief: Brief) -> str:
    """Return a title without what stands around it and without the topic before a colon, in the case of the texts."""
    plain = " ".join(said.split())
    while (shorter := _AROUND.sub("", plain)) != plain:
        plain = shorter
    before, colon, after = plain.partition(":")
    if colon and not _own_stems(before, brief.language, brief.topic):
        plain = after.strip()
    title = _in_their_case(plain, " ".join(texts)) if brief.language in {"es", "en"} else plain
    return title[:1].upper() + title[1:]


def _in_their_case(title: str, text: str) -> str:
    """Return a title whose words are capitalised where the text has them so: with a neighbour as here, or always and
    not at the beginning of a sentence alone.
    """
    words = title.split(" ")

    def as_written(place: int) -> str:
        word = words[place]
        pairs = (" ".join(words[max(place - 1, 0) : place + 1]), " ".join(words[place : place + 2]))
        named = any(" " in pair and pair in text for pair in pairs)
        always = re.search(rf"[^\W\d_,;] {re.escape(word)}\b", text) and not re.search(rf"\b{word.lower()}\b", text)
        return word if named or always or not word.istitle() or len(word) == 1 else word.lower()

    return " ".join([words[0], *map(as_written, range(1, len(words)))])


def _could_be_heading(title: str, brief: Brief) -> bool:
    """Say whether a title is short, plain, of the brief's language, and names a subject that is not the topic."""
    return bool(
        _PLAIN.fullmatch(title)
        and len(title) <= LONGEST
        and _own_stems(title, brief.language, brief.topic)
        and (brief.language not in {"es", "en"} or spanish_or_english(title) == brief.language)
        and not is_framing(title)
        and not is_aspect(title)
        and not gives_order(title)
    )


def _is_said(title: str, group: Group, grouped: Grouped, brief: Brief) -> bool:
    """Say whether a group's texts hold what a title says; where most are in other languages, nobody can say."""
    texts = grouped.texts(group, brief.language)
    if len(texts) < MOSTLY * len(group):
        return True
    own = _own_stems(title, brief.language, brief.topic)
    held = {stem for text in texts for stem in stems(text, brief.language)}
    return len(own & held) >= LEAST_SAID * len(own)


# Phrases


def _names(brief: Brief, grouped: Grouped, embedder: CachedEmbedder) -> Iterator[_Name]:
    """Rate every phrase for every group: more of its texts hold it than of any other's, and it is nearer in meaning.

    Both count, as their geometric mean. A group without texts in the language is named by nearness alone.
    """
    groups = range(len(grouped.groups))
    own = [
        [frozenset(stems(text, brief.language)) for text in grouped.texts(group, brief.language)]
        for group in grouped.groups
    ]
    said = [len(texts) >= LEAST_TEXTS for texts in own]
    shares = {
        phrase: [sum(wanted <= text for text in texts) / max(len(texts), 1) for texts in own]
        for phrase in _phrases(brief, grouped)
        if (wanted := frozenset(stems(phrase, brief.language)))
    }
    telling = [
        phrase
        for phrase, share in shares.items()
        if any(_lead(share, group) > 0 or not said[group] for group in groups)
    ]
    if not telling:
        return
    near = _nearness(telling, grouped, embedder)
    for phrase, nearness in zip(telling, near.tolist(), strict=True):
        weight = SINGLE if len(stems(phrase, brief.language)) == 1 else 1.0
        for group in groups:
            nearer, more = _lead(nearness, group), _lead(shares[phrase], group)
            fit = math.sqrt(more * nearer) if said[group] else UNSAID * nearer
            yield _Name(round(weight * fit, DECIMALS), phrase, group)


def _nearness(phrases: Sequence[str], grouped: Grouped, embedder: CachedEmbedder) -> Vectors:
    """Return the cosine of each phrase, about the mean of all phrases, to the centre of each group."""
    named = embedder.passages(phrases)
    centres = np.stack([grouped.vectors[list(group)].mean(axis=0) for group in grouped.groups])
    return np.asarray(unit(named - named.mean(axis=0)) @ unit(centres).T)


def _lead(values: list[float], place: int) -> float:
    """Return by how much a value exceeds the highest of the others, 0 at least."""
    return max(values[place] - max(values[:place] + values[place + 1 :]), 0.0)


def _phrases(brief: Brief, grouped: Grouped) -> list[str]:
    """Return the phrases of the brief's language that could be headings: of each group against the others, and of all.

    Not those of the topic's own words, those that fit any text, or an acronym by itself.
    """
    language = brief.language
    texts = {row: one.text for row, one in enumerate(grouped.excerpts) if one.language == language}
    authors = tuple(author for one in grouped.excerpts for author in one.authors)
    found: list[str] = []
    for group in (*grouped.groups, tuple(texts)):
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
