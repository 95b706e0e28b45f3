"""A sentence → the sentence of its evidence that it is most like.

Within a language by shared stems; across languages only by the figures and names both hold. Says nothing where nothing
is like it. It judges nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.language import fold, sentence_spans, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKE = 0.7
"""Share of a sentence's stems that another must hold to be about the same."""

_FEWEST = 4  # stems; a shorter sentence is like many
_NEARLY = 0.85  # share of equal tokens of two sentences that are nearly the same
_NAME = 3  # letters of a name at least
_ANCHORS = 2  # figures and names that two sentences of two languages share
_LENGTHS = 1.5  # times as long a translation may be
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:'\w+)?|[^\w\s]")
_POLAR = frozenset({"no", "not", "never", "nunca", "jamas", "sin", "tampoco", "cannot"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of evidence and its language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in tokens: words and marks, folded; beside each its stem, empty for marks and function words."""

    text: str
    language: str
    tokens: tuple[str, ...]
    stems: tuple[str, ...]

    @property
    def content(self) -> frozenset[str]:
        """Its stems."""
        return frozenset(stem for stem in self.stems if stem)


@lru_cache(maxsize=8192)
def statement(text: str, language: str) -> Statement:
    """Return one sentence in tokens and stems. Words of negation have no stem."""
    pieces = _TOKEN.findall(text.replace("’", "'").replace("‘", "'"))
    tokens = tuple(fold(piece) for piece in pieces)
    stemmed = tuple(
        "" if token in _POLAR or "'" in token else next(iter(stems(piece, language)), "")
        for token, piece in zip(tokens, pieces, strict=True)
    )
    return Statement(text, language, tokens, stemmed)


@lru_cache(maxsize=2048)
def statements(passage: Passage) -> tuple[Statement, ...]:
    """Return the sentences of a passage."""
    text, language = passage.text, passage.language
    return tuple(statement(text[start:end], language) for start, end in sentence_spans(text, language))


def alike(sentence: Statement, evidence: Sequence[Passage]) -> tuple[Statement, ...]:
    """Return the sentences of the evidence that say about the same things, the most like first."""
    scored = [
        (likeness(sentence, other), -len(other.content), other) for passage in evidence for other in statements(passage)
    ]
    return tuple(
        one for _, _, one in sorted((each for each in scored if each[0] >= LIKE), key=lambda each: each[:2])[::-1]
    )


def nearest(sentence: Statement, evidence: Sequence[Passage]) -> tuple[Statement | None, float]:
    """Return the sentence of the evidence most like this one, the first of equals, and how like it is."""
    best, most = None, 0.0
    for passage in evidence:
        for other in statements(passage):
            if (near := likeness(sentence, other)) > most:
                best, most = other, near
    return best, most


def likeness(sentence: Statement, other: Statement) -> float:
    """Return the share of the sentence's stems that the other holds; across languages 1 where they are anchored."""
    if sentence.language != other.language:
        return float(_anchored(sentence, other))
    content = sentence.content
    return round(len(content & other.content) / len(content), 6) if len(content) >= _FEWEST else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """What one sentence has where the other, else the same token by token, has something else."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    my_stems: tuple[str, ...]
    their_stems: tuple[str, ...]


@lru_cache(maxsize=8192)
def changes(sentence: Statement, other: Statement) -> tuple[Change, ...]:
    """Return where two sentences differ that are nearly the same token by token; nothing for others."""
    matcher = SequenceMatcher(None, sentence.tokens, other.tokens, autojunk=False)
    if sentence.language != other.language or matcher.ratio() < _NEARLY:
        return ()
    return tuple(
        Change(sentence.tokens[a:b], other.tokens[c:d], _some(sentence.stems[a:b]), _some(other.stems[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )


def _some(stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stem for stem in stems if stem)


def _anchored(sentence: Statement, other: Statement) -> bool:
    """Say whether two sentences of two languages share all their figures and some names, and are about as long."""
    one, another = _anchors(sentence), _anchors(other)
    figures = {anchor for anchor in one ^ another if anchor[0].isdigit()}
    longer, shorter = sorted((len(sentence.content), len(other.content)), reverse=True)
    if len(one & another) < _ANCHORS or figures or longer > _LENGTHS * shorter:
        return False
    return all(len(sentence_spans(each.text, each.language)) == 1 for each in (sentence, other))


@lru_cache(maxsize=8192)
def _anchors(sentence: Statement) -> frozenset[str]:
    """Return the figures of a sentence, and the words with capitals that may stay as they are in translation."""
    words = re.findall(r"\w+", sentence.text)
    figures = {re.sub(r"[.,]", "", token) for token in sentence.tokens if token[0].isdigit()}
    names = {fold(word) for word in words[1:] if len(word) >= _NAME and word[0].isupper() and word[0].isalpha()}
    return frozenset(figures | names)
