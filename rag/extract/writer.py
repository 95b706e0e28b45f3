"""The writer that needs no model: what is dealt to each section, in reading order, as sentences with their keys.

Does not rewrite, join or shorten a sentence; the same input gives the same text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.extract.candidates import Candidate, closing_rows, list_candidates, printed
from rag.extract.deal import deal
from rag.extract.order import paragraphs
from rag.language import say
from rag.outline import author_words
from rag.records import Cost, Draft, Evidence, Sentence
from rag.write import Manuscript

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import CachedEmbedder
    from rag.records import Brief


class ExtractiveWriter:
    """The writer that needs no model. `foreign_share` bounds the words quoted in other languages than the brief's."""

    def __init__(self, embedder: CachedEmbedder, *, foreign_share: float) -> None:
        self._embedder = embedder
        self._foreign_share = foreign_share

    def write(self, brief: Brief, evidence: Sequence[Evidence]) -> Manuscript:
        """Write every section of the brief from its evidence."""
        pool = list_candidates(brief, evidence, self._embedder)
        rooms = [one.heading.words - author_words(one.heading) for one in evidence]
        foreign_words = self._foreign_share * brief.words
        closing = closing_rows(brief)
        dealt = deal(pool, rooms, closing=closing, language=brief.language, foreign_words=foreign_words)
        drafts = [
            _draft(paragraphs(_trimmed(chosen), row, pool.closeness), room, one, brief.language)
            for row, (chosen, room, one) in enumerate(zip(dealt, rooms, evidence, strict=True))
        ]
        return Manuscript(tuple(drafts), Cost(), digest=True)


def _draft(ordered: Sequence[Sequence[Candidate]], room: int, evidence: Evidence, language: str) -> Draft:
    """Print a section's statements in reading order."""
    sentences: list[Sentence] = []
    for paragraph in ordered:
        opens = bool(sentences)
        for candidate in paragraph:
            first, *rest = printed(candidate.statement, language)
            sentences += [replace(first, opens_paragraph=opens), *rest]
            opens = False
    return Draft(tuple(sentences), "" if sentences else _silence(room, evidence, language))


def _trimmed(chosen: Sequence[Candidate]) -> Sequence[Candidate]:
    """Leave a section that only one source carries with one statement of one sentence: more would be copying it."""
    if len({candidate.source for candidate in chosen}) != 1:
        return chosen
    statement = chosen[0].statement
    one = replace(statement, sentences=statement.sentences[:1], text=statement.sentences[0])
    return [replace(chosen[0], statement=one)]


def _silence(room: int, evidence: Evidence, language: str) -> str:
    if room <= 0 or evidence.missing:
        return evidence.missing
    return say(
        language,
        es="Las fuentes disponibles no dan para este apartado ninguna frase que no esté ya dicha.",
        en="The available sources give no sentence for this section that is not said already.",
    )
