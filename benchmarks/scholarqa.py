"""How good a digest is on experts' questions: `python -m benchmarks.scholarqa DATA CACHE.sqlite3 [--sample 50]`.

scholarqa_multi: a question is the heading, all excerpts of its subject are the literature, those of the other questions
too. The digest and two leads are written to the same length: *lead* takes the first sentences of the evidence chosen
for the digest, one of each excerpt in turn, the best first; *ranked lead* those of a bare search without any choice.
Measured are how many of the excerpts that the expert cited are cited (recall) and how many of the cited are the
expert's (precision), how much of the expert's wording is met, what is repeated, how many sources there are to 100
words, the words reached, and ALCE's citation recall and precision by the project's own judge, which for verbatim
sentences only say how well the judge knows a copy. Intervals are bootstrapped over questions, differences paired.
Settings are chosen on the first half of the questions; the second is reported.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.catalog import Catalog
from rag.desk import lay_out
from rag.embed import CachedEmbedder, open_embedder
from rag.evaluate.measures import estimates
from rag.extract import ExtractiveWriter
from rag.facts.compare import same_statement
from rag.language import content_words, count_words, sentence_spans, stems
from rag.records import UNDATED, Brief, Document, Heading, PublicationDate, Source, document_id
from rag.retrieve import search
from rag.verify.support import open_judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.embed import Embedder
    from rag.evaluate.measures import Values
    from rag.records import Excerpt
    from rag.verify.support import Judge

WORDS = 225
"""The median length of the experts' answers."""
GRAM = 4
MEASURES = (
    "experts' excerpts cited (recall)", "cited are the expert's (precision)", "expert's wording met",
    "repeated 4-grams", "near-duplicate sentences", "sources per 100 words", "words reached / asked",
    "ALCE recall", "ALCE precision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its expert's answer and the ids of the documents it cites, among those of its subject."""

    text: str
    subject: str
    answer: str
    expected: frozenset[str]

    @property
    def half(self) -> str:
        """Which half it is in."""
        return ("first", "second")[int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 2]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as printed, with the excerpts it cites."""

    text: str
    cited: tuple[Excerpt, ...]


class Cached:
    """An embedder that remembers what it embedded in a file."""

    def __init__(self, embedder: Embedder, store: Catalog) -> None:
        cached = CachedEmbedder(embedder, store)
        self.fingerprint, self.dimension, self.max_tokens = (
            embedder.fingerprint,
            embedder.dimension,
            embedder.max_tokens,
        )
        self.passages, self.queries, self.count_tokens = cached.passages, cached.queries, embedder.count_tokens


def questions(data: Path) -> tuple[list[Question], dict[str, tuple[Document, ...]]]:
    """Return the questions, and by subject the documents: one for each excerpt, dated by its year."""
    held: dict[str, dict[str, Document]] = defaultdict(dict)
    asked = []
    for line in (data / "scholarqa_multi" / "scholarqa_multi.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        documents = [_document(one) for one in row["excerpts"] if isinstance(one["text"], str) and one["text"].strip()]
        held[row["subject"]] |= {document.source.id: document for document in documents}
        expected = frozenset(document.source.id for document in documents)
        asked.append(Question(row["question"], row["subject"], row["answer"], expected))
    return asked, {subject: tuple(documents.values()) for subject, documents in held.items()}


def _document(row: dict[str, Any]) -> Document:
    text, year = row["text"].strip(), int(row["year"] or 0)
    days = (dt.date(year, 1, 1), dt.date(year, 12, 31)) if year else None
    date = PublicationDate(*days, "year", "bibliography", str(year)) if days else UNDATED
    name = document_id(text)
    return Document(Source(name, (f"{name[:8]}.txt",), "text", str(row["title"] or ""), date=date, language="en"), text)


def written(
    question: Question, documents: Sequence[Document], embedder: Embedder, store: Catalog
) -> tuple[dict[str, list[Line]], frozenset[str]]:
    """Return each method's text, and the ids of the documents that the evidence holds."""
    heading = Heading(f"# {question.text}", question.text, 1)
    brief = Brief(question.text, (heading,), words=WORDS, language="en", material=tuple(documents))
    with lay_out(brief, None, embedder, chunk_tokens=200, excerpts=8, per_source=3) as desk:
        (evidence,) = desk.evidence
        known = {excerpt.key: excerpt for excerpt in evidence.excerpts}
        writer = ExtractiveWriter(CachedEmbedder(embedder, store), foreign_share=0.2)
        (draft,) = writer.write(desk.brief, desk.evidence).drafts
        digest = [Line(s.text, tuple(known[citation.key] for citation in s.citations)) for s in draft.sentences]
        best = sorted(evidence.excerpts, key=lambda one: (-one.score, one.key))
        ranked = search(
            question.text, shelves=desk.shelves, embedder=desk.encoder, k=30, language="en", limits=brief.limits
        )
    held = frozenset(one.source.id for one in evidence.excerpts)
    return {"digest": digest, "lead": list(_lead(best)), "ranked lead": list(_lead(ranked))}, held


def _lead(excerpts: Sequence[Excerpt]) -> Iterator[Line]:
    """Yield first sentences, one of each excerpt in turn, as long as they fit."""
    spans = {one.key: sentence_spans(one.text, "en") for one in excerpts}
    room = WORDS
    for turn in range(max(map(len, spans.values()), default=0)):
        for excerpt in excerpts:
            if turn < len(spans[excerpt.key]):
                start, end = spans[excerpt.key][turn]
                text = excerpt.text[start:end]
                if count_words(text) <= room:
                    room -= count_words(text)
                    yield Line(text, (excerpt,))


def measured(question: Question, lines: Sequence[Line], judge: Judge) -> list[float]:
    """Return the `MEASURES` of a text."""
    cited = {excerpt.source.id for line in lines for excerpt in line.cited}
    words = sum(count_words(line.text) for line in lines)
    answer, said = set(stems(question.answer, "en")), {stem for line in lines for stem in stems(line.text, "en")}
    again = sum(
        any(same_statement(line.text, other.text, language="en") for other in lines[:row])
        for row, line in enumerate(lines)
    )
    judged = [
        judge.judge(
            line.text, [one.text for one in line.cited], language="en", evidence_languages=["en"] * len(line.cited)
        )
        for line in lines
    ]
    useful = [flag for one in judged for flag in one.useful]
    return [
        len(cited & question.expected) / len(question.expected),
        len(cited & question.expected) / max(len(cited), 1),
        len(answer & said) / len(answer),
        _repeated(lines),
        again / max(len(lines), 1),
        100 * len(cited) / max(words, 1),
        words / WORDS,
        sum(one.carried for one in judged) / max(len(lines), 1),
        sum(useful) / max(len(useful), 1),
    ]


def _repeated(lines: Sequence[Line]) -> float:
    """Return the share of runs of four content words that came before."""
    grams: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        held = content_words(line.text, "en")
        grams.update(held[at : at + GRAM] for at in range(len(held) - GRAM + 1))
    return (grams.total() - len(grams)) / max(grams.total(), 1)


def report(asked: Sequence[Question], values: dict[str, Values], held: Sequence[frozenset[str]]) -> None:
    """Print each measure, and the digest's paired difference from each lead with its interval. `held` are the
    documents in each question's evidence: no writer cites others.
    """
    for half in ("first", "second"):
        rows = [row for row, question in enumerate(asked) if question.half == half]
        groups = [asked[row].text for row in rows]
        print(f"\n{half} half, {len(rows)} questions, {WORDS} words")
        found = [(asked[row].expected, held[row]) for row in rows]
        reach = sum(len(expected & one) / len(expected) for expected, one in found) / len(rows)
        print(f"the evidence holds {reach:.3f} of the experts' excerpts; none for {sum(not one for _, one in found)}")
        print(f"| measure | {' | '.join(values)} | digest − lead | digest − ranked lead |")
        print("|---|" + "---|" * 5)
        tables = {name: estimates(table[rows], groups) for name, table in values.items()}
        apart = [estimates(values["digest"][rows] - values[name][rows], groups) for name in ("lead", "ranked lead")]
        for column, name in enumerate(MEASURES):
            means = " | ".join(f"{table[column].mean:.3f}" for table in tables.values())
            differences = " | ".join(
                f"{one[column].mean:+.3f} [{one[column].low:+.3f}, {one[column].high:+.3f}]" for one in apart
            )
            print(f"| {name} | {means} | {differences} |")


def sample(asked: Sequence[Question], texts: Sequence[dict[str, list[Line]]], count: int) -> None:
    """Print sentences of the digest drawn by chance from the second half, each with its question, the sentence printed
    before it, and its excerpt.
    """
    held = [
        (question.text, before, line)
        for question, methods in zip(asked, texts, strict=True)
        if question.half == "second"
        for before, line in pairwise((Line("–", ()), *methods["digest"]))
    ]
    drawn = random.Random(7).sample(held, min(count, len(held)))  # noqa: S311 - draws, not secrets
    for number, (question, before, line) in enumerate(drawn, 1):
        print(f"\n{number}. Q: {question}\n   after: {before.text}\n   S: {line.text}")
        print(f"   E: {line.cited[0].title} | {line.cited[0].text}")


def main() -> None:
    """Write, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    given = parser.parse_args()
    asked, documents = questions(given.data)
    with Catalog(given.cache) as store:
        embedder: Any = Cached(open_embedder("bundled"), store)
        judge = open_judge(embedder, store)
        both = [written(question, documents[question.subject], embedder, store) for question in asked]
        texts = [methods for methods, _ in both]
        values = {
            name: np.array([measured(q, methods[name], judge) for q, methods in zip(asked, texts, strict=True)])
            for name in texts[0]
        }
    report(asked, values, [held for _, held in both])
    if given.sample:
        sample(asked, texts, given.sample)


if __name__ == "__main__":
    main()
