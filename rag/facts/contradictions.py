"""What in a sentence its evidence speaks against: other units, names it does not hold, a denial, the other direction.

Each check takes a sentence, its language and the passages cited, and gives reasons for the reader; `contradictions`
gives the same, and looser signs of it, as plain features. Without a model: what it cannot see by form, it passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.facts.alignment import Passage, alike, nearest, statement
from rag.facts.direction import opposites, reversed_direction, swapped_comparison
from rag.facts.names import missing_names
from rag.facts.polarity import denies, doubt_gained, doubt_lost, generalised, negation
from rag.facts.quantities import dates, numbers
from rag.facts.units import Measure, holds, is_loose, measures, misfits
from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEAR = 0.6  # likeness from which a sentence restates its evidence, so that a name of its own is an intruder
_LOOSELY_NEAR = 0.4  # likeness from which the looser signs are looked for


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks against a sentence in one piece of evidence. Counts, and booleans as the checks find them.

    The last four are looser: they compare the sentence with the one sentence most like it, were it only partly so.
    """

    numbers_missing: int = 0
    dates_missing: int = 0
    units_wrong: int = 0
    names_missing: int = 0
    negation: bool = False
    direction: bool = False
    swapped: bool = False
    doubt_lost: bool = False
    doubt_gained: bool = False
    generalised: bool = False
    likeness: float = 0.0
    denied_apart: bool = False
    opposites: int = 0
    doubt_apart: bool = False


def contradictions(sentence: str, evidence: str, *, language: str, evidence_language: str) -> Signals:
    """Return what in the evidence speaks against the sentence, as features."""
    passages = (Passage(evidence, evidence_language),)
    stated, held = measures(sentence, language), measures(evidence, evidence_language)
    one = statement(sentence, language)
    near, like = nearest(one, passages)
    near = near if like >= _LOOSELY_NEAR else None
    others = alike(one, passages)
    return Signals(
        numbers_missing=sum(not holds(held, measure) for measure in stated if not is_loose(measure)),
        dates_missing=_dates_missing(sentence, evidence, language, evidence_language),
        units_wrong=len(misfits(stated, held)),
        names_missing=len(missing_names(sentence, (evidence,), same_language=language == evidence_language)),
        negation=bool(others) and all(negation(one, other) for other in others),
        direction=bool(others) and all(reversed_direction(one, other) for other in others),
        swapped=bool(others) and all(swapped_comparison(one, other) for other in others),
        doubt_lost=bool(others) and all(doubt_lost(one, other) for other in others),
        doubt_gained=bool(others) and all(doubt_gained(one, other) for other in others),
        generalised=bool(others) and all(generalised(one, other) for other in others),
        likeness=like,
        denied_apart=near is not None and denies(one) != denies(near),
        opposites=opposites(one, near) if near else 0,
        doubt_apart=near is not None and bool(doubt_lost(one, near)),
    )


def wrong_units(text: str, language: str, held: Sequence[Measure]) -> Iterator[str]:
    """Find figures that what is held gives with another unit only."""
    for one in misfits(measures(text, language), held):
        words = text[one.quantity.start : one.end].strip()
        yield say(
            language,
            es=f"la cifra «{words}» está con otra unidad en lo que cita",
            en=f"what it cites gives “{words}” with another unit",
        )


def absent_names(text: str, language: str, evidence: Sequence[Passage], known: Sequence[str]) -> Iterator[str]:
    """Find names that neither the evidence holds nor what else is known: titles, authors, journals, the topic.

    Within a language only in a sentence that restates one of the evidence: one that sums up may name what all know.
    """
    same = all(passage.language == language for passage in evidence)
    if not evidence or (same and nearest(statement(text, language), evidence)[1] < _NEAR):
        return
    for name in missing_names(text, (*(passage.text for passage in evidence), *known), same_language=same):
        yield say(
            language, es=f"el nombre «{name}» no está en lo que cita", en=f"no source cited holds the name “{name}”"
        )


def denials(text: str, language: str, evidence: Sequence[Passage]) -> Iterator[str]:
    """Find a negation that the sentence has and the nearest sentence of the evidence has not, or the reverse."""
    one = statement(text, language)
    found = [negation(one, other) for other in alike(one, evidence)]
    if found and all(found):
        yield say(
            language,
            es=f"una de las dos, la frase o su fuente, niega lo que la otra afirma («{found[0]}»)",
            en=f"either it or its source denies what the other asserts (“{found[0]}”)",
        )


def reversals(text: str, language: str, evidence: Sequence[Passage]) -> Iterator[str]:
    """Find a direction, or the sides of a comparison, that the nearest sentence of the evidence has the other way."""
    one = statement(text, language)
    others = alike(one, evidence)
    found = [reversed_direction(one, other) for other in others]
    if found and all(found) and found[0]:
        mine, theirs = found[0]
        yield say(
            language,
            es=f"dice «{mine}» donde su fuente dice «{theirs}»",
            en=f"it says “{mine}” where its source says “{theirs}”",
        )
    elif others and all(swapped_comparison(one, other) for other in others):
        yield say(language, es="compara al revés que su fuente", en="it compares the other way round than its source")


def overstatements(text: str, language: str, evidence: Sequence[Passage]) -> Iterator[str]:
    """Find what the nearest sentence of the evidence only supposes, or says of some, and the sentence asserts."""
    one = statement(text, language)
    others = alike(one, evidence)
    for lost in (doubt_lost, generalised):
        found = [lost(one, other) for other in others]
        if found and all(found):
            yield say(
                language,
                es=f"afirma sin reserva lo que su fuente dice con «{found[0]}»",
                en=f"it asserts flatly what its source says with “{found[0]}”",
            )
            return


def _dates_missing(sentence: str, evidence: str, language: str, evidence_language: str) -> int:
    given = [mention.date for mention in dates(evidence, evidence_language)]
    years = {value for quantity in numbers(evidence, evidence_language) for value in quantity.values}
    return sum(
        not any(mention.contains(date) for date in given)
        and not (mention.date.precision == "year" and mention.date.first and mention.date.first.year in years)
        for mention in dates(sentence, language)
    )
