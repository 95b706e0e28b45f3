"""Two dated sources give different figures for the same quantity → shown side by side with their dates, never averaged.

Two sentences speak of the same quantity when their figures are of one kind and the words around them are the same but
for words that say nothing ("reaches", "is estimated at"); across Spanish and English, when they share a name and what
is measured. Stays silent where they may differ in place, people or time, and about what one study tells of itself.
So it misses much and is seldom wrong. Sentence and excerpts → `Disagreement`s.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.facts.scopes import LONGEST, take_apart
from rag.language import say, sentence_spans
from rag.records import UNDATED, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.facts.figures import Figure
    from rag.facts.scopes import Said, Scope
    from rag.records import Excerpt, PublicationDate, Sentence

MOST = 3
"""Disagreements shown for one sentence: more tell the reader nothing new."""
LEAST_SHARED = 3
"""Words that must be the same around two figures; two, where one of them is a name."""

_QUOTATION = re.compile(r"[^«“\"]{1,400}:\s*[«“\"](?P<words>.+)[»”\"]\W*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence's figure beside another source's: each with its excerpt's key and date.

    `key` is empty, and `date` undated, for a sentence that cites nothing. `other_sentence` is the excerpt's own.
    """

    sentence: str
    key: str
    figure: str
    date: PublicationDate
    other_key: str
    other_figure: str
    other_date: PublicationDate
    other_sentence: str


def disagreements(
    sentence: Sentence, *, excerpts: Mapping[str, Excerpt], evidence: Sequence[Excerpt], language: str
) -> tuple[Disagreement, ...]:
    """Return what other sources of the evidence give for a sentence's figures, the newest first, then by key.

    `excerpts` resolve what the sentence cites; those sources are not set against it. One disagreement for a figure and
    source, at most `MOST`.
    """
    cited = [excerpts[citation.key] for citation in sentence.citations if citation.key in excerpts]
    known = {excerpt.source.id for excerpt in cited}
    own_text, own_language = _own_words(sentence.text, cited, language)
    found: dict[tuple[str, str], Disagreement] = {}
    for excerpt in sorted(evidence, key=lambda each: each.key):
        if excerpt.source.id in known:
            continue
        tongue = excerpt.language or language
        for said in _sentences(excerpt.text, tongue):
            for mine, other in differing_figures(own_text, said, language=own_language, other_language=tongue):
                own = _own_source(cited, mine)
                found.setdefault(
                    (mine, excerpt.source.id),
                    Disagreement(
                        sentence.text, own.key if own else "", mine, own.date if own else UNDATED,
                        excerpt.key, other, excerpt.date, said,
                    ),
                )  # fmt: skip
    return tuple(sorted(found.values(), key=_newest_first))[:MOST]


def disagreement_finding(disagreement: Disagreement, *, section: str, language: str) -> Finding:
    """Return a disagreement as a finding that offers the other source."""
    reason = disagreement_reason(disagreement, language)
    return Finding(section, disagreement.sentence, "number", "partly", reason, (disagreement.other_key,))


def disagreement_reason(disagreement: Disagreement, language: str) -> str:
    """Say both figures with their dates, the newer first."""
    other = say(
        language,
        es=f"otra fuente, {_of(disagreement.other_date, language)}, da «{disagreement.other_figure}»",
        en=f"another source, {_of(disagreement.other_date, language)}, gives “{disagreement.other_figure}”",
    )
    if not disagreement.key:
        return say(
            language,
            es=f"{other} donde la frase dice «{disagreement.figure}»",
            en=f"{other} where the sentence says “{disagreement.figure}”",
        )
    own = say(
        language,
        es=f"la citada, {_of(disagreement.date, language)}, «{disagreement.figure}»",
        en=f"the one cited, {_of(disagreement.date, language)}, “{disagreement.figure}”",
    )
    return ", ".join((own, other) if _last(disagreement.date) > _last(disagreement.other_date) else (other, own))


def differing_figures(one: str, other: str, *, language: str, other_language: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of figures, as written, that two sentences give for the same quantity and that cannot both be true.

    >>> differing_figures(
    ...     "La prevalencia de asma en Bilbao es del 14 %.", "En Bilbao, la prevalencia de asma alcanza el 18 %.",
    ...     language="es", other_language="es",
    ... )
    (('14 %', '18 %'),)
    """
    mine, theirs = take_apart(one, language), take_apart(other, other_language)
    if mine.times != theirs.times:
        return ()
    alone = _single(mine.scopes), _single(theirs.scopes)
    return tuple(
        (a.figure.text, b.figure.text)
        for a in alone[0]
        for b in alone[1]
        if a.figure.kind == b.figure.kind
        and not _stands(a.figure, theirs)
        and not _stands(b.figure, mine)
        and _same_beside(a, b)
        and (_same_words(a, b) if language == other_language else _same_thing(a, b))
    )


def _own_words(text: str, cited: Sequence[Excerpt], language: str) -> tuple[str, str]:
    """Return what a sentence states and its language: of a quotation with its lead-in, the words quoted."""
    match = _QUOTATION.fullmatch(text)
    if match is None:
        return text, language
    return match["words"], next((excerpt.language for excerpt in cited if excerpt.language), language)


def _sentences(text: str, language: str) -> Iterator[str]:
    for start, end in sentence_spans(text, language):
        if end - start <= LONGEST and any(character.isdigit() for character in text[start:end]):
            yield text[start:end]


def _own_source(cited: Sequence[Excerpt], figure: str) -> Excerpt | None:
    """Return the newest excerpt cited, of those that write the figure so where there are such."""
    holding = [excerpt for excerpt in cited if figure in " ".join(excerpt.text.split())] or cited
    return max(holding, key=lambda excerpt: (_last(excerpt.date), excerpt.key), default=None)


def _newest_first(disagreement: Disagreement) -> tuple[int, str, str]:
    return -_last(disagreement.other_date).toordinal(), disagreement.other_key, disagreement.figure


def _last(published: PublicationDate) -> dt.date:
    return published.last or dt.date.min


def _of(published: PublicationDate, language: str) -> str:
    """Write "del 3 de mayo de 2024", "de 2024", "sin fecha"; "of 3 May 2024", "undated"."""
    when = format_date(published, language)
    if not published.known:
        return when
    return say(language, es=f"{'del' if published.precision == 'day' else 'de'} {when}", en=f"of {when}")


def _stands(figure: Figure, said: Said) -> bool:
    """Say whether a sentence gives the figure too, or one that agrees with it."""
    return any(figure.kind == scope.figure.kind and figure.agrees(scope.figure) for scope in said.scopes)


def _single(scopes: Sequence[Scope]) -> list[Scope]:
    """Return the figures that are the only one of their kind and noun: of several, which is meant cannot be told."""
    kinds = [(scope.figure.kind, scope.figure.noun) for scope in scopes]
    return [scope for scope, kind in zip(scopes, kinds, strict=True) if kinds.count(kind) == 1]


def _same_beside(a: Scope, b: Scope) -> bool:
    """Say whether the other figures of both clauses are the same: ages, doses and durations limit what is counted."""
    return all(
        any(one.kind == other.kind and one.readings == other.readings for other in others)
        for some, others in ((a.beside, b.beside), (b.beside, a.beside))
        for one in some
    )


def _same_words(a: Scope, b: Scope) -> bool:
    """Say whether two figures of one language stand in the same words: one side may have a few harmless ones more."""
    if a.figure.noun != b.figure.noun:
        return False
    shared, mine, theirs = a.stems & b.stems, a.stems - b.stems, b.stems - a.stems
    least = LEAST_SHARED - bool(a.names & b.names)
    if sum(not stem.isdigit() for stem in shared) < least or (mine and theirs):
        return False
    longer, more = (a, mine) if mine else (b, theirs)
    return not more or (len(more) <= len(shared) // LEAST_SHARED and more.isdisjoint(longer.bound))


def _same_thing(a: Scope, b: Scope) -> bool:
    """Say whether two figures of two languages share a name and what is measured, and differ in no known word."""
    if not a.figure.kind or not a.names or not a.concepts or a.concepts != b.concepts or not _alike(a.names, b.names):
        return False
    return len(a.plain ^ b.plain) <= 1


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Say whether two sets of names are the same but for how each language writes them: "Japón", "Japan"."""
    return {name[:4] for name in some} == {name[:4] for name in others}
