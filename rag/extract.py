"""Evidence → a digest: the sources' own statements, verbatim and cited, within the length. Needs no model.

Does not rewrite, join or shorten a sentence. Statements are dealt to the headings in turn, each heading taking what is
nearest to it, farthest from the others and newest against what is already said; the same input gives the same text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from rag.edit import quotation
from rag.facts.compare import same_statement
from rag.language import count_words, say, sentence_spans
from rag.plan.headings import is_framing, same_place
from rag.records import Brief, Citation, Cost, Draft, Evidence, Heading, Sentence
from rag.statements import Statement, statements
from rag.write import Manuscript

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.embed import CachedEmbedder, Vectors

SPECIFICITY = 1.0
"""How much being nearer to this heading than to the others counts, against being near to it."""
SAME_PLACE = 1.5
"""What standing under a conclusion in its source is worth for a conclusion."""
NOVELTY = 0.25
"""How much likeness to what is already said costs."""
SAME_SOURCE = 0.4
"""What each statement the section already has from a source costs the next from it."""
QUOTED = 1.0
"""What having to be quoted costs: a text of quotations reads badly."""
OFF_POINT = 0.0
"""Nearness below which a statement is off the heading's point: used only where the length is not reached without."""
SLACK = 0.05
"""Share of its room by which a section may run over with its last statement."""
PARAGRAPH_WORDS = 110
"""A paragraph longer than this ends where the source changes."""


@dataclass(slots=True)
class _Candidate:
    """A statement that may be used, with how near it is to each heading, and which headings' evidence holds it."""

    statement: Statement
    row: int
    words: int
    nearness: Vectors
    headings: frozenset[int]


@dataclass(slots=True)
class _Section:
    """A section in the making."""

    room: int
    chosen: list[_Candidate] = field(default_factory=list)
    closed: bool = False

    @property
    def words(self) -> int:
        return sum(candidate.words for candidate in self.chosen)

    @property
    def fullness(self) -> float:
        return self.words / self.room if self.room > 0 else 1.0


class ExtractiveWriter:
    """The writer that needs no model. `foreign_share` bounds the words quoted in other languages than the brief's."""

    def __init__(self, embedder: CachedEmbedder, *, foreign_share: float) -> None:
        self._embedder = embedder
        self._foreign_share = foreign_share

    def write(self, brief: Brief, evidence: Sequence[Evidence]) -> Manuscript:
        """Write every section of the brief from its evidence."""
        candidates = self._candidates(brief, evidence)
        sections = [_Section(e.heading.words - count_words(e.heading.author_text)) for e in evidence]
        dealer = _Dealer(sections, candidates, self._closeness(candidates), brief, self._foreign_share)
        dealer.deal()
        dealer.share_spare_room()
        dealer.deal()
        drafts = [_draft(section, e, brief.language) for section, e in zip(sections, evidence, strict=True)]
        return Manuscript(tuple(drafts), Cost(), digest=True)

    def _candidates(self, brief: Brief, evidence: Sequence[Evidence]) -> list[_Candidate]:
        """List the statements of all evidence once, without what the author says already."""
        said = [
            heading.author_text[a:b]
            for heading in brief.headings
            for a, b in sentence_spans(heading.author_text, brief.language)
        ]
        serves: dict[str, set[int]] = {}
        found: dict[tuple[str, str], Statement] = {}
        for row, section in enumerate(evidence):
            for excerpt in section.excerpts:
                serves.setdefault(excerpt.key, set()).add(row)
                for statement in statements(excerpt, language=brief.language):
                    if not any(
                        same_statement(s, own, language=brief.language) for s in statement.sentences for own in said
                    ):
                        found[excerpt.key, statement.text] = statement
        usable = list(found.values())
        nearness = self._nearness(usable, brief)
        return [
            _Candidate(s, row, _printed_words(s, brief.language), nearness[row], frozenset(serves[s.excerpt.key]))
            for row, s in enumerate(usable)
        ]

    def _nearness(self, usable: Sequence[Statement], brief: Brief) -> Vectors:
        """Return how near each statement (row) is to each heading (column), in standard deviations per heading."""
        if not usable:
            return np.empty((0, len(brief.headings)), dtype=np.float32)
        queries = self._embedder.queries([_subject(brief, heading) for heading in brief.headings])
        cosines = self._embedder.passages([_in_place(statement) for statement in usable]) @ queries.T
        nearness = (cosines - cosines.mean(axis=0)) / np.maximum(cosines.std(axis=0), 1e-6)
        for row, statement in enumerate(usable):
            for column, heading in enumerate(brief.headings):
                nearness[row, column] += SAME_PLACE * same_place(heading.title, statement.excerpt.heading_path)
        return np.asarray(nearness, dtype=np.float32)

    def _closeness(self, candidates: Sequence[_Candidate]) -> Vectors:
        """Return how close statements are to each other, in standard deviations over all pairs."""
        vectors = self._embedder.passages([_in_place(candidate.statement) for candidate in candidates])
        cosines = vectors @ vectors.T
        return np.asarray((cosines - cosines.mean()) / max(float(cosines.std()), 1e-6) if cosines.size else cosines)


def _subject(brief: Brief, heading: Heading) -> str:
    """Return what a heading's statements should be near to: its title, since its evidence is on the topic already."""
    return f"{heading.title}: {brief.topic}" if is_framing(heading.title) else heading.title


def _in_place(statement: Statement) -> str:
    """Return a statement under the heading it stands under in its source, which tells what it is about."""
    return ". ".join((*statement.excerpt.heading_path[-1:], statement.text))


class _Dealer:
    """Deals statements to sections in turn, the emptiest first."""

    def __init__(
        self, sections: list[_Section], candidates: list[_Candidate], closeness: Vectors, brief: Brief, foreign: float
    ) -> None:
        self._sections, self._candidates, self._closeness = sections, candidates, closeness
        self._language = brief.language
        self._foreign_room = foreign * brief.words
        self._least_nearness: float = OFF_POINT

    def deal(self) -> None:
        """Give each section what it should say next until none has room or nothing that fits is left."""
        while open_ := [row for row, section in enumerate(self._sections) if not section.closed and section.room > 0]:
            row = min(open_, key=lambda row: (self._sections[row].fullness, row))
            best = min(self._fitting(row), key=lambda candidate: self._rank(candidate, row), default=None)
            if best is None:
                self._sections[row].closed = True
                continue
            self._sections[row].chosen.append(best)
            self._foreign_room -= best.words if _is_foreign(best, self._language) else 0
            self._candidates = [c for c in self._candidates if not _overlaps(c, best, self._language)]

    def share_spare_room(self) -> None:
        """Where much is left unsaid, give the room to all sections and let them say what is less to the point."""
        spare = sum(max(section.room - section.words, 0) for section in self._sections)
        takers = [section for section in self._sections if section.room > 0]
        if spare <= SLACK * sum(section.room for section in takers):
            return
        self._least_nearness = -np.inf
        for section in takers:
            section.room = section.words + round(spare / len(takers))
            section.closed = False

    def _fitting(self, row: int) -> list[_Candidate]:
        section = self._sections[row]
        limit = section.room + max(4, round(SLACK * section.room)) - section.words
        return [
            candidate
            for candidate in self._candidates
            if row in candidate.headings
            and candidate.nearness[row] >= self._least_nearness
            and candidate.words <= limit
            and (candidate.words <= self._foreign_room or not _is_foreign(candidate, self._language))
            and _keeps_mixed(section, candidate)
        ]

    def _rank(self, candidate: _Candidate, row: int) -> tuple[float, str, int]:
        """Return what sorts the most worthwhile first, ties by key and place."""
        excerpt = candidate.statement.excerpt
        chosen = self._sections[row].chosen
        said = [other.row for section in self._sections for other in section.chosen]
        near, elsewhere = float(candidate.nearness[row]), np.delete(candidate.nearness, row)
        specific = near - float(elsewhere.mean()) if elsewhere.size else 0.0
        likeness = max((float(self._closeness[candidate.row, other]) for other in said), default=0.0)
        repeats = sum(other.statement.excerpt.source.id == excerpt.source.id for other in chosen)
        worth = near + SPECIFICITY * specific - NOVELTY * max(likeness, 0.0)
        worth -= SAME_SOURCE * repeats + QUOTED * candidate.statement.quoted
        return -round(worth, 4), excerpt.key, candidate.statement.start


def _keeps_mixed(section: _Section, candidate: _Candidate) -> bool:
    """Say whether the section would still not be one source's sentences in their order."""
    sources = {chosen.statement.excerpt.source.id for chosen in section.chosen}
    return not section.chosen or len(sources | {candidate.statement.excerpt.source.id}) > 1


def _overlaps(one: _Candidate, other: _Candidate, language: str) -> bool:
    """Say whether two statements share a sentence or say the same."""
    return any(
        a == b or same_statement(a, b, language=language)
        for a in one.statement.sentences
        for b in other.statement.sentences
    )


def _is_foreign(candidate: _Candidate, language: str) -> bool:
    return (candidate.statement.excerpt.language or language) != language


def _printed_words(statement: Statement, language: str) -> int:
    return sum(count_words(sentence.text) for sentence in _sentences(statement, language))


def _draft(section: _Section, evidence: Evidence, language: str) -> Draft:
    """Put a section's statements in reading order: by date, undated last, a source's own in its order."""
    chosen = _trimmed(section.chosen)
    chosen.sort(key=lambda c: (c.statement.excerpt.date.first is None, str(c.statement.excerpt.date.first),
                               c.statement.excerpt.source.id, c.statement.start))  # fmt: skip
    sentences: list[Sentence] = []
    paragraph = 0
    source = ""
    for candidate in chosen:
        now = candidate.statement.excerpt.source.id
        opens = paragraph > PARAGRAPH_WORDS and now != source
        paragraph, source = candidate.words + (0 if opens else paragraph), now
        first, *rest = _sentences(candidate.statement, language)
        sentences += [replace(first, opens_paragraph=opens), *rest]
    return Draft(tuple(sentences), "" if sentences else _silence(section, evidence, language))


def _trimmed(chosen: Iterable[_Candidate]) -> list[_Candidate]:
    """Leave a section that only one source carries with one statement of one sentence: more would be copying it."""
    rows = list(chosen)
    if len({candidate.statement.excerpt.source.id for candidate in rows}) != 1:
        return rows
    statement = rows[0].statement
    return [
        replace(rows[0], statement=replace(statement, sentences=statement.sentences[:1], text=statement.sentences[0]))
    ]


def _silence(section: _Section, evidence: Evidence, language: str) -> str:
    if section.room <= 0 or evidence.missing:
        return evidence.missing
    return say(
        language,
        es="Las fuentes disponibles no dan para este apartado ninguna frase que no esté ya dicha.",
        en="The available sources give no sentence for this section that is not said already.",
    )


def _sentences(statement: Statement, language: str) -> tuple[Sentence, ...]:
    """Print a statement: its sentences as they are, or as one attributed quotation without its final period."""
    key = statement.excerpt.key
    if not statement.quoted:
        return tuple(Sentence(text, citations=(Citation(key),)) for text in statement.sentences)
    return (quotation(statement.excerpt, statement.text, language=language),)
