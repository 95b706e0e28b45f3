"""`Evaluation` → how well each way of searching does, as a picture with intervals and as rows; how many questions it
would take to know better.

Measures nothing itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rag.evaluate import MEASURES, interval
from rag.explore.picture import BAND, INK, MARGIN, PALETTE, ROW, RULE, SMALL, SOFT, Picture
from rag.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from rag.evaluate import Estimate, Evaluation, Pair

NAMES, MEASURE = 1.15, 1.95
"""Widths in inches: methods, each measure."""
_ABOVE, _BELOW = 0.95, 0.35  # inches over the first pair's rows, and below the last
_HEAD, _TAIL = 1.2, 2.6  # rows of a pair over its methods, and below them


def measures(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return a row a pair of languages, method and measure: the mean and the bounds of its 95 % interval."""
    return [
        {
            "pair": pair.name, "questions": pair.queries, "method": method, "measure": name,
            "mean": one.mean, "low": one.low, "high": one.high,
        }
        for pair in evaluation.pairs
        for method, held in pair.methods
        for name, one in zip(MEASURES, held, strict=True)
    ]  # fmt: skip


def questions_needed(evaluation: Evaluation, *, within: float = 0.05) -> list[dict[str, Any]]:
    """Return a row a pair of languages and measure: how far hybrid search's mean may be off with the questions there
    are, how many it would take for `within`, and how many to tell its gain over the better of dense and lexical from
    none.

    By the square root law from the width of the interval, for questions grouped as these are. None where there is no
    interval, or no gain.
    """
    return [
        {
            "pair": pair.name, "measure": gain.measure, "questions": pair.queries,
            "off_by": round(_half(held[place]), 3), f"for_{within:g}": _enough(pair, held[place], within),
            "gain": round(gain.estimate.mean, 3), "over": gain.over,
            "to_tell_gain": _enough(pair, gain.estimate, abs(gain.estimate.mean)),
        }
        for pair in evaluation.pairs
        for held in [dict(pair.methods)["hybrid"]]
        for place, gain in enumerate(pair.gains)
    ]  # fmt: skip


def _half(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2


def _enough(pair: Pair, estimate: Estimate, within: float) -> int | None:
    if not within or not _half(estimate):
        return None
    return math.ceil(pair.queries * (_half(estimate) / within) ** 2)


def intervals(evaluation: Evaluation, *, language: str = "en") -> Picture:
    """Draw each method's mean as a dot on its 95 % interval, a panel a measure, for each pair of languages."""
    rows = [_HEAD + len(pair.methods) + _TAIL for pair in evaluation.pairs]
    picture = Picture(2 * MARGIN + NAMES + MEASURE * len(MEASURES), _ABOVE + sum(rows) * ROW + _BELOW)
    picture.title(
        say(language, es="Con qué acierto se encuentra: ", en="How well it is found: ") + evaluation.collection
    )
    said = say(
        language,
        es="Punto: media de las preguntas. Línea: intervalo del 95 %. Más a la derecha, mejor; 1 es lo mejor.",
        en="Dot: mean over the questions. Line: its 95 % interval. Further right is better; 1 is best.",
    )
    picture.write(said, MARGIN, 0.55, room=NAMES + MEASURE * len(MEASURES), size=SMALL, colour=SOFT)
    low = min((one.low for pair in evaluation.pairs for _, held in pair.methods for one in held), default=0.0)
    top = _ABOVE
    for pair, height in zip(evaluation.pairs, rows, strict=True):
        _pair(picture, pair, top, floor=max(math.floor(10 * low) / 10, 0.0), language=language)
        top += height * ROW
    return picture


def _pair(picture: Picture, pair: Pair, top: float, *, floor: float, language: str) -> None:
    """Draw the methods of a pair of languages as rows, and write what hybrid search gains below."""
    asked = say(language, es=f"{pair.queries} preguntas", en=f"{pair.queries} questions")
    picture.write(f"{pair.name}: {asked}", MARGIN, top, room=2 * MEASURE, bold=True)
    first = top + _HEAD * ROW
    names = [method for method, _ in pair.methods]
    for row, name in enumerate(names):
        picture.write(name, MARGIN, first + (row + 0.5) * ROW, room=NAMES - 0.1)
    gain = say(language, es="ganancia sobre", en="gain over")
    below = first + (len(names) + 1.35) * ROW
    picture.write(gain, MARGIN, below, room=NAMES - 0.1, size=SMALL, colour=SOFT)
    for column, measure in enumerate(MEASURES):
        left = MARGIN + NAMES + MEASURE * column
        picture.write(measure, left + MEASURE / 2, first - 0.12, room=MEASURE - 0.2, size=SMALL, align="center")
        axes = picture.panel(left + 0.1, first, MEASURE - 0.25, len(names))
        _scale(axes, floor)
        for row, (method, estimates) in enumerate(pair.methods):
            dot = _draw(axes, row, estimates[column])
            picture.hover(dot, f"{pair.name} · {method} · {measure}\n{interval(estimates[column])}")
        gained = pair.gains[column]
        text = f"{gained.over} {interval(gained.estimate, sign='+')}"
        picture.write(text, left + MEASURE / 2, below, room=MEASURE - 0.1, size=SMALL, colour=SOFT, align="center")


def _scale(axes: Axes, floor: float) -> None:
    axes.set_xlim(floor - 0.05, 1.05)
    ticks = [floor, round((1 + floor) / 2, 2), 1.0]
    axes.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axes.xaxis.grid(visible=True, color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)


def _draw(axes: Axes, row: int, estimate: Estimate) -> Line2D:
    axes.axhline(row, color=BAND, linewidth=0.8, zorder=0)
    axes.plot([estimate.low, estimate.high], [row, row], color=PALETTE[0], linewidth=2, solid_capstyle="butt")
    return axes.plot(
        [estimate.mean], [row], marker="o", markersize=6, color=PALETTE[0], markeredgecolor=INK, markeredgewidth=0.5,
        linestyle="none",
    )[0]  # fmt: skip
