"""Evidence → what may be said: statements, how near each is to every heading, how close they are to each other.

Chooses nothing. Nearness is told in standard deviations over what the evidence holds, closeness apart from what all of
it has in common: encoders squeeze cosines differently, so that no constant means the same in two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.edit import quotation
from rag.facts.compare import same_statement
from rag.language import count_words, fold
from rag.outline import author_says
from rag.plan.headings import is_aspect, is_framing, same_place
from rag.records import Citation, Sentence
from rag.retrieve.tongues import Tongues
from rag.statements import Statement, statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import CachedEmbedder, Vectors
    from rag.records import Brief, Evidence, Heading

SPECIFICITY = 1.0
"""How much being nearer to a heading than to the others counts, against being near to it."""
RETRIEVED = 4.0
"""What the score counts by which its excerpt was found for the heading, 1 for the best."""
SAME_PLACE = 1.5
"""What standing under a conclusion in its source is worth for a conclusion."""
RESERVED = 0.75
"""What taking what a source concludes costs a section before the conclusion."""
STANDING = 1.5
"""What it is worth for a conclusion to come from the source that the sections rest on most."""
NEWEST = 0.3
"""What being the newest of the dated sources is worth for a conclusion: it decides among equals."""
SHORT = 15
"""Words up to which a statement is short."""
ENOUGH = 5
"""Statements of a language whose mean tells what all of it say."""
_CONCLUSION = "Conclusión"
_NUMBERING = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[IVXivx]{1,4}|[a-zA-Z])[.)]?\s+(?=\S)")
_DETAIL = re.compile(
    r"^(?:un[oa] de l[oa]s|one of|another|otr[oa]s?)\b|\d+(?:[.,]\d+)*|\([^)]*\)"
    r"|(?<=[\w,;:] )[A-ZÁÉÍÓÚÑ][\w-]*|\b[A-Z]{2,}\w*"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may be used: how near it is to each heading, how much it belongs under each, which headings may
    take it (by row), how general it is (1: short, without figure, name or aside).
    """

    statement: Statement
    row: int
    words: int
    nearness: Vectors
    pull: Vectors
    headings: frozenset[int]
    general: float

    @property
    def source(self) -> str:
        """The id of its source."""
        return self.statement.excerpt.source.id


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be said, and how close each candidate is to each other (rows and columns by `Candidate.row`)."""

    candidates: tuple[Candidate, ...]
    closeness: Vectors


def list_candidates(brief: Brief, evidence: Sequence[Evidence], embedder: CachedEmbedder) -> Pool:
    """List the statements of all evidence once, without what the author says already.

    A heading takes from its own evidence; one that closes the text takes from all.
    """
    usable, serves = _usable(brief, evidence)
    vectors = embedder.passages([in_place(statement) for statement in usable])
    nearness = _nearness(brief, usable, vectors, embedder)
    closing = closing_rows(brief)
    pull = _pull(brief, usable, nearness, evidence)
    known = frozenset(fold(f"{brief.topic} {' '.join(heading.title for heading in brief.headings)}").split())
    candidates = tuple(
        Candidate(
            statement,
            row,
            sum(count_words(sentence.text) for sentence in printed(statement, brief.language)),
            nearness[row],
            pull[row],
            serves[statement.excerpt.key] - closing if statement.announces else serves[statement.excerpt.key] | closing,
            _generality(statement, known),
        )
        for row, statement in enumerate(usable)
    )
    return Pool(candidates, _closeness(usable, vectors))


def printed(statement: Statement, language: str) -> tuple[Sentence, ...]:
    """Print a statement: its sentences as they are, or as one attributed quotation without its final period."""
    key = statement.excerpt.key
    if not statement.quoted:
        return tuple(Sentence(text, citations=(Citation(key),)) for text in statement.sentences)
    return (quotation(statement.excerpt, statement.text, language=language),)


def closing_rows(brief: Brief) -> frozenset[int]:
    """Return the headings that close the text: framing ones after the last that names a subject."""
    subjects = [row for row, heading in enumerate(brief.headings) if not is_framing(heading.title)]
    return frozenset(range(subjects[-1] + 1, len(brief.headings))) if subjects else frozenset()


def in_place(statement: Statement) -> str:
    """Return a statement under the heading it stands under in its source, where that tells what it is about."""
    above = [title for title in statement.excerpt.heading_path[-1:] if not is_framing(title)]
    return ". ".join((*above, statement.text))


def _usable(brief: Brief, evidence: Sequence[Evidence]) -> tuple[list[Statement], dict[str, frozenset[int]]]:
    """Return the statements that the author does not say, and for each excerpt's key the rows it serves."""
    language = brief.language
    said = author_says(brief)
    serves: dict[str, frozenset[int]] = {}
    found: dict[tuple[str, str], Statement] = {}
    for row, section in enumerate(evidence):
        for excerpt in section.excerpts:
            new = excerpt.key not in serves
            serves[excerpt.key] = serves.get(excerpt.key, frozenset()) | {row}
            for statement in statements(excerpt, language=language) if new else ():
                if not any(same_statement(s, own, language=language) for s in statement.sentences for own in said):
                    found[excerpt.key, statement.text] = statement
    return list(found.values()), serves


def _nearness(brief: Brief, usable: Sequence[Statement], vectors: Vectors, embedder: CachedEmbedder) -> Vectors:
    """Return how near each statement (row) is to each heading (column), in standard deviations per heading."""
    if not usable:
        return np.empty((0, len(brief.headings)), dtype=np.float32)
    languages = [statement.excerpt.language or brief.language for statement in usable]
    tongues = Tongues(embedder) if len(set(languages)) > 1 else None
    columns = []
    for query in embedder.queries([_subject(brief, heading) for heading in brief.headings]):
        levels = tongues.levels(query) if tongues else {}
        cosines = vectors @ query - np.array([levels.get(language, 0.0) for language in languages])
        columns.append((cosines - cosines.mean()) / max(float(cosines.std()), 1e-6))
    return np.asarray(np.stack(columns, axis=1), dtype=np.float32)


def _subject(brief: Brief, heading: Heading) -> str:
    """Return what a heading's statements should be near to: its title, since its evidence is on the topic already; one
    that names no subject leans on the topic.
    """
    title = _NUMBERING.sub("", heading.title)
    if is_framing(title):
        return brief.topic
    return f"{title}: {brief.topic}" if is_aspect(title) else title


def _pull(brief: Brief, usable: Sequence[Statement], nearness: Vectors, evidence: Sequence[Evidence]) -> Vectors:
    """Return how much each statement (row) belongs under each heading (column): by being nearer to it than to the other
    headings that are written, or where the text closes by what its source weighs; by its place in its source.
    """
    pull = nearness.copy()
    closing = closing_rows(brief)
    written = [row for row, section in enumerate(evidence) if section.heading.words and row not in closing]
    for row, heading in enumerate(brief.headings):
        others = [other for other in written if other != row]
        if row in closing:
            pull[:, row] += _weight_in_closing(usable, evidence, closing)
        elif others:
            pull[:, row] += SPECIFICITY * (nearness[:, row] - nearness[:, others].mean(axis=1))
        serving = evidence if row in closing else [evidence[row]]
        found = {one.key: one.score for section in serving for one in section.excerpts}
        pull[:, row] += [RETRIEVED * found.get(s.excerpt.key, 0.0) for s in usable]
        pull[:, row] += [_worth_of_place(s, heading, closes=row in closing, closed=bool(closing)) for s in usable]
    return pull


def _worth_of_place(statement: Statement, heading: Heading, *, closes: bool, closed: bool) -> float:
    """Return what a statement's place in its source is worth under a heading, which `closes` the text or not; in a text
    that is `closed` at all, what sources conclude is left to that.
    """
    path = statement.excerpt.heading_path
    concludes = same_place(_CONCLUSION, path)
    if same_place(heading.title, path) or (closes and concludes):
        return SAME_PLACE
    return -RESERVED if closed and concludes else 0.0


def _weight_in_closing(
    usable: Sequence[Statement], evidence: Sequence[Evidence], closing: frozenset[int]
) -> Sequence[float]:
    """Return what each statement's source weighs where the text concludes: by how many sections rest on it, and how new
    it is.
    """
    rest = Counter(
        source
        for row, section in enumerate(evidence)
        if row not in closing
        for source in {excerpt.source.id for excerpt in section.excerpts}
    )
    most = max(rest.values(), default=1)
    days = sorted({s.excerpt.date.first for s in usable if s.excerpt.date.first})
    return [
        STANDING * rest[s.excerpt.source.id] / most
        + (NEWEST * (days.index(s.excerpt.date.first) + 1) / len(days) if s.excerpt.date.first else 0.0)
        for s in usable
    ]


def _generality(statement: Statement, known: frozenset[str]) -> float:
    """Return 1 for a short statement that opens a paragraph of its source and holds no figure, name or aside, less for
    what is otherwise; words of the brief are no names.
    """
    text = statement.excerpt.text
    details = sum(fold(found) not in known for found in _DETAIL.findall(statement.text))
    inside = not text[: text.index(statement.text)].endswith("\n\n") and not text.startswith(statement.text)
    longer = max(count_words(statement.text) - SHORT, 0) / SHORT
    return 1 / (1 + details + inside + statement.quoted + longer)


def _closeness(usable: Sequence[Statement], vectors: Vectors) -> Vectors:
    """Return how close statements are to each other: the cosine of what each says beyond what all of its language say,
    so that encoders are comparable and a translation is as close as a paraphrase.
    """
    if not usable:
        return np.empty((0, 0), dtype=np.float32)
    languages = np.array([statement.excerpt.language for statement in usable])
    apart = vectors - vectors.mean(axis=0)
    for language in set(languages):
        own = languages == language
        if own.sum() >= ENOUGH:
            apart[own] = vectors[own] - vectors[own].mean(axis=0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
    return np.asarray(apart @ apart.T, dtype=np.float32)


def is_foreign(candidate: Candidate, language: str) -> bool:
    """Say whether a candidate is in another language than the text's."""
    return (candidate.statement.excerpt.language or language) != language
