"""A sentence → its figures: what is counted or measured, in which unit, and how exactly.

A figure is a number with its unit or with the noun it counts; a range, a bound ("more than 200"), "one in four" and a
confidence interval are one figure each. Of a unit that `units` does not know, the word is a noun that is counted.
Leaves out numbers that are names ("GPT-4", "Table 3", "p < 0.05"). Text and language → tuple of `Figure`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.units import measures
from rag.language import content_words, stems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from rag.facts.quantities import Quantity
    from rag.facts.units import Measure

ROUND = 0.05
"""How far a round number ("2,000") may lie from what it rounds, as a share of it."""
ABOUT = 0.10
"""The same where the text says that it is about so many."""
ALIKE = 0.02
"""Figures nearer than this share are one: two counts of the same thing seldom agree to the last digit."""

_MONEY_BEFORE = re.compile(r"[$€£]\s?$")
_NOUN = re.compile(r"(?:\s(?:de|of))?\s([^\W\d_]+)")
_NAME = re.compile(  # numbers that are part of a name, a reference or a test of significance
    r"https?://\S+|www\.\S+|\[[^\[\]]{0,40}\]|\b[^\W\d_]+[-–‑]?\d[\w.-]*|\b\d+[^\W\d_]+-?\d\w*"
    r"|\b(?:p|n|r|t|f|z|k|χ2|or|rr|hr|i2)\s?[=<>≤≥]\s?[-−]?[\d.,]*\d"
    r"|\b(?:tablas?|tables?|figuras?|fig(?:ure)?s?\.?|cap[ií]tulos?|chapters?|secci[oó]n|sections?|tipos?|types?|grados?|grades?"
    r"|stages?|estadios?|fases?|phases?|niveles|nivel|levels?|n[uú]m(?:ero)?\.?|no\.|page|p[aá]g(?:ina)?s?\.?|pp?\.|version|versi[oó]n"
    r"|art(?:[ií]culo|icle)?s?\.?|grupos?|groups?|vol(?:umen|ume)?\.?|casos?|cases?|ley|law|decreto)\s(?:n\.?º\s)?\d[\d.,/-]*(?!\s?%)"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b|\b\w+/\d[\d.]*|(?<=[^\W\d][.,])\d+|\b(?:1[0-9]|20)?\d0s\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"\s*[(\[][^()\[\]]*\b(?:IC|CI|intervalo|interval)\b[^()\[\]]*[)\]]", re.IGNORECASE)
_TO = re.compile(r"\s*[-–—]\s*|\s+(?:a|al|to)\s+(?:los\s+|las\s+|the\s+|un\s+|el\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:y|and)\s+(?:los\s+|las\s+|the\s+|un\s+|el\s+)?", re.IGNORECASE)
_SPREAD = re.compile(r"\s*(?:±|\+/-)\s*")
_OUT_OF = re.compile(r"\s+(?:de\s+cada|in(?:\s+every)?|out\s+of(?:\s+every)?|of\s+every)\s+", re.IGNORECASE)
_LEAD = r"\s*(?:(?:el|la|los|las|un|una|the|an?)\s+)?[$€]?\s?$"
_BETWEEN = re.compile(r"\b(?:entre|between)" + _LEAD, re.IGNORECASE)
_ABOVE = re.compile(
    r"(?:\b(?:m[aá]s de|al menos|por lo menos|como m[ií]nimo|por encima del?|superior(?:es)? al?"
    r"|mayor(?:es)? (?:de|que)|supera\w*|over|more than|at least|above|exceed\w*|greater than|older than)|[>≥])"
    + _LEAD,
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:menos de|hasta|como m[aá]ximo|por debajo del?|inferior(?:es)? al?|menor(?:es)? (?:de|que)|no m[aá]s de"
    r"|up to|fewer than|less than|under|below|at most|no more than|younger than)|[<≤])" + _LEAD,
    re.IGNORECASE,
)
_NEARLY = re.compile(
    r"(?:\b(?:unos|unas|cerca del?|alrededor del?|aproximadamente|casi|en torno al?|sobre|about|around|approximately"
    r"|nearly|almost|roughly|some|circa|close to)|[~≈∼])" + _LEAD,
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a figure may mean: from `low` to `high`, in its kind's base unit, give or take `tolerance`."""

    low: float
    high: float
    tolerance: float

    def agrees(self, other: Reading) -> bool:
        """Say whether both can be true of one quantity: they meet, or lie as near as rounding explains."""
        gap = max(self.low - other.high, other.low - self.high)
        ends = [abs(end) for end in (self.low, self.high, other.low, other.high) if math.isfinite(end)]
        least = ALIKE * max(ends, default=0.0)
        return gap <= max(self.tolerance, other.tolerance, least)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence: `kind` is what its unit measures ("percent", "time", …) or "", then `noun` is the stem
    of what it counts, where a noun follows it. `factor` is the size of its unit in the kind's base; `text` the figure
    as written, with its unit.
    """

    readings: tuple[Reading, ...]
    kind: str
    noun: str
    factor: float
    start: int
    end: int
    text: str

    def agrees(self, other: Figure) -> bool:
        """Say whether some reading of both can be true of one quantity."""
        return any(one.agrees(another) for one in self.readings for another in other.readings)


@lru_cache(maxsize=4096)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures of a sentence in order.

    >>> [(figure.text, figure.kind, figure.noun) for figure in figures("340 camas y 1,5 horas al 20 %", "es")]
    [('340 camas', '', 'cam'), ('1,5 horas', 'time', ''), ('20 %', 'percent', '')]
    """
    names = [match.span() for match in _NAME.finditer(text)]
    found = [
        _figure(measure, text, language)
        for measure in measures(text, language)
        if not any(start < measure.quantity.end and measure.quantity.start < end for start, end in names)
    ]
    return tuple(_single(figure) for figure in _joined(found, text) if not _is_pronoun(figure))


def _is_pronoun(figure: Figure) -> bool:
    """Say whether a figure is "one" or "uno", a pronoun more often than not."""
    return figure.text.split()[0].lower() in {"one", "uno"} and figure.kind != "percent"


def _figure(measure: Measure, text: str, language: str) -> Figure:
    """Return a number with the unit or the noun that follows it."""
    quantity, unit = measure.quantity, measure.unit
    shown = quantity.text.strip()
    start = quantity.start + len(quantity.text) - len(quantity.text.lstrip())
    end, noun, kind = start + len(shown), "", _kind(measure)
    if kind:
        end = max(end, measure.end)
        money = _MONEY_BEFORE.search(text, max(0, start - 2), start)
        start = money.start() if money else start
    elif (after := _NOUN.match(text, end)) and content_words(after[1], language):
        noun, end = stems(after[1], language)[0], after.end()
    factor = float(unit.factor) if kind and unit and unit.factor else 1.0
    readings = tuple(_reading(value, quantity, factor) for value in quantity.values)
    return Figure(readings, kind, noun, factor, start, end, text[start:end])


def _kind(measure: Measure) -> str:
    """Return what a unit measures, with the currency or what it is per; nothing where it only counts."""
    if measure.unit is None or (measure.unit.factor is None and measure.unit.kind != "money"):
        return ""
    per = measure.per
    parts = (measure.unit.kind, measure.unit.member, f"{per.kind} {per.factor}" if per else "")
    return "/".join(part for part in parts if part)


def _reading(value: Fraction, quantity: Quantity, factor: float) -> Reading:
    """Return a value with half a unit of its last digit as tolerance; more for a round number, up to `ROUND`."""
    digits = re.sub(r"\D", "", quantity.text) or str(abs(value.numerator))
    significant = digits.strip("0") or "0"
    size = abs(float(value))
    half = 0.5 * 10.0 ** (math.floor(math.log10(size)) - len(significant) + 1) if size else 0.5
    if digits.endswith("0") and value.denominator == 1:
        half = max(min(half, ROUND * size), min(half, 0.5))
    return Reading(float(value) * factor, float(value) * factor, half * factor)


def _joined(found: list[Figure], text: str) -> Iterator[Figure]:
    """Give the figures with ranges, spreads, "one in four" and confidence intervals as one each."""
    row = 0
    while row < len(found):
        this, taken = found[row], 1
        if row + 1 < len(found) and (whole := _pair(this, found[row + 1], text)):
            this, taken = whole, 2
        if interval := _INTERVAL.match(text, this.end):
            inside = [figure for figure in found[row + taken :] if figure.start < interval.end()]
            this, taken = _widened(this, inside[1:]), taken + len(inside)
        yield _bounded(this, text)
        row += taken


def _pair(this: Figure, following: Figure, text: str) -> Figure | None:
    """Return two neighbours as the one figure they are, or None where they are two."""
    number_end = this.start + len(re.match(r"[$€]?[^a-zA-Z%]*%?", this.text)[0].rstrip())  # type: ignore[index]
    for end in dict.fromkeys((this.end, min(number_end, this.end))):
        between = text[end : following.start]
        if _OUT_OF.fullmatch(between):
            return _share(this, following)
        spread = _SPREAD.fullmatch(between)
        ranged = _TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(text, 0, this.start))
        if (spread or ranged) and (this.kind in {following.kind, ""} or not following.kind):
            readings = tuple(_reach(reading, this, following, spread=bool(spread)) for reading in this.readings)
            last = following if following.kind or following.noun else this
            whole = text[this.start : following.end]
            return Figure(readings, last.kind, last.noun, last.factor, this.start, following.end, whole)
    return None


def _reach(reading: Reading, this: Figure, following: Figure, *, spread: bool) -> Reading:
    """Return a range from its first end, or a value with its spread; the first has the last one's unit if none."""
    last = following.readings[0]
    first = reading.low * (following.factor if following.kind and not this.kind else 1.0)
    low, high = (first - last.high, first + last.high) if spread else (first, last.high)
    return Reading(min(low, high), max(low, high), last.tolerance)


def _share(this: Figure, following: Figure) -> Figure | None:
    """Return "three in ten" as per cent."""
    part, whole = this.readings[0], following.readings[0]
    if not 0 < part.high < whole.high:
        return None
    percent = 100 * part.high / whole.high
    text = f"{this.text} / {following.text}"
    return Figure((Reading(percent, percent, ROUND * percent),), "percent", "", 1.0, this.start, following.end, text)


def _widened(figure: Figure, inside: list[Figure]) -> Figure:
    """Return a figure with its confidence interval as its range."""
    ends = [end for each in inside for reading in each.readings[:1] for end in (reading.low, reading.high)]
    if not ends:
        return figure
    readings = tuple(replace(r, low=min(r.low, *ends), high=max(r.high, *ends)) for r in figure.readings)
    return replace(figure, readings=readings)


def _bounded(figure: Figure, text: str) -> Figure:
    """Return a figure with what the words before it say: more than, up to, about."""
    begin = max(0, figure.start - 30)
    readings = figure.readings
    if _ABOVE.search(text, begin, figure.start):
        readings = tuple(replace(reading, high=math.inf) for reading in readings)
    elif _BELOW.search(text, begin, figure.start):
        readings = tuple(replace(reading, low=-math.inf) for reading in readings)
    elif _NEARLY.search(text, begin, figure.start):
        readings = tuple(replace(r, tolerance=max(r.tolerance, ABOUT * abs(r.high))) for r in readings)
    return replace(figure, readings=readings)


def _single(figure: Figure) -> Figure:
    """Return a figure with its text on one line."""
    return replace(figure, text=" ".join(figure.text.split()))
