"""What is said already, and a section's sentences without it and within their length.

Repeats are told by their words in order; sentences that say the same in others are `rag.edit`'s to find.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.language import count_words, fold
from rag.outline import author_says

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.records import Brief, Draft, Evidence, Excerpt, Heading, Sentence


def written(evidence: Sequence[Evidence], drafts: Sequence[Draft]) -> list[str]:
    """Return what the sections so far say: what is the author's, and the sentences written after it; without those
    whose keys are no excerpt's, which will not stand, and which a small model takes for a model to copy.
    """
    said: list[str] = []
    for one, draft in zip(evidence, drafts, strict=False):
        keys = {excerpt.key for excerpt in one.excerpts}
        stand = (each for each in draft.sentences if not each.citations or any(c.key in keys for c in each.citations))
        said.extend([*authored(one.heading), *(sentence.text for sentence in stand)])
    return said


def said_of(excerpts: Iterable[Excerpt], drafts: Sequence[Draft]) -> list[str]:
    """Return the sentences of drafts that rest on some of these excerpts: what another section that is written from
    them might say again. The rest is not shown to a model: a small one copies what it is told not to repeat.
    """
    keys = {excerpt.key for excerpt in excerpts}
    return [
        sentence.text
        for draft in drafts
        for sentence in draft.sentences
        if any(citation.key in keys for citation in sentence.citations)
    ]


def authored(heading: Heading) -> list[str]:
    """Return the texts of the author's under a heading."""
    return [*filter(None, [heading.author_text]), *(one.text for one in heading.own)]


def sayings(brief: Brief) -> list[str]:
    """Return the author's sentences and the titles, which no section may say again."""
    return [*author_says(brief), *(heading.title for heading in brief.headings)]


def without_repeats(sentences: Iterable[Sentence], said: Iterable[str]) -> tuple[Sentence, ...]:
    """Return the sentences that are not said yet, each once."""
    seen = {_folded(text) for text in said}
    new: list[Sentence] = []
    for sentence in sentences:
        if (folded := _folded(sentence.text)) not in seen:
            seen.add(folded)
            new.append(sentence)
    return tuple(new)


def within(sentences: Sequence[Sentence], words: float) -> tuple[Sentence, ...]:
    """Return the sentences that begin the text within so many words; the first one whatever its length."""
    kept = 0
    for sentence in sentences:
        words -= count_words(sentence.text)
        if words < 0:
            break
        kept += 1
    return tuple(sentences[: max(kept, 1)])


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
