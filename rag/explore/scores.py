"""Excerpts chosen and left out → what each was weighed by, side by side, and why it fell out.

The parts of a score are of different kinds (a cosine, a BM25, what newness adds): each has an axis of its own, and they
are not stacked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rag.explore.picture import BAND, MARGIN, PALETTE, PAPER, ROW, SMALL, SOFT, Picture, dated, named
from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from rag.records import Excerpt, LeftOut

KEYS, DATES, TITLES, PART, REASONS = 0.7, 0.85, 3.1, 0.95, 2.0
"""Widths in inches: keys, dates in figures, sources, each part, reasons."""
NEXT = 8
"""How many of those left out are drawn."""

_NAMES = {
    "score": ("puntuación", "score"),
    "dense": ("coseno", "cosine"),
    "lexical": ("BM25", "BM25"),
    "rerank": ("relectura", "rerank"),
    "place": ("lugar", "place"),
    "recency": ("novedad", "recency"),
    "diversity": ("diversidad", "diversity"),
    "pinned": ("fijado", "pinned"),
}
_LISTS = frozenset(("dense", "lexical"))  # parts whose 0 means that the list did not have the excerpt
_CHOSEN, _LEFT_OUT = PALETTE[0], PALETTE[4]
_ABOVE, _BELOW = 0.85, 0.4  # inches over the first row, and below the last
_HEAD = _ABOVE - ROW / 2


class _Row(NamedTuple):
    """A line of the picture; `reason` only where an excerpt was left out."""

    key: str
    date: str
    name: str
    reason: str
    parts: dict[str, float]
    chosen: bool


def scores(
    excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut], *, title: str, language: str, most: int = NEXT
) -> Picture:
    """Draw what the score of each excerpt chosen is made of, and below of the first `most` left out.

    A cosine or BM25 of an excerpt that the list did not have is a dash.
    """
    rows = _rows(excerpts, left_out[:most], say(language, es="sin fecha", en="undated"))
    places = [place if row.chosen else place + 1 for place, row in enumerate(rows)]  # one free before those left out
    names = list(dict.fromkeys(name for row in rows for name in row.parts))
    left = MARGIN + KEYS + DATES + TITLES
    right = left + PART * max(len(names), 2)
    picture = Picture(right + REASONS + MARGIN, _ABOVE + (len(rows) + 1) * ROW + _BELOW)
    picture.title(say(language, es="Por qué salió: ", en="Why it came up: ") + title)
    if not rows:
        picture.nothing(language)
        return picture
    _heads(picture, len(excerpts), len(rows), language, right=right)
    for place, row in zip(places, rows, strict=True):
        _label(picture, _ABOVE + (place + 0.5) * ROW, row, right=right)
    for column, name in enumerate(names):
        spanish, english = _NAMES.get(name, (name, name))
        middle = left + PART * (column + 0.5)
        picture.write(say(language, es=spanish, en=english), middle, _HEAD, room=PART, size=SMALL, align="center")
        axes = picture.panel(left + PART * column + 0.1, _ABOVE, PART - 0.2, len(rows) + 1)
        held = [(place, row.parts[name], row.chosen) for place, row in zip(places, rows, strict=True)
                if name in row.parts]  # fmt: skip
        for dot, value in _dots(axes, held, name):
            picture.hover(dot, f"{say(language, es=spanish, en=english)} {value:.4f}")
    return picture


def _rows(excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut], undated: str) -> list[_Row]:
    chosen = (
        _Row(one.key, dated(one.date, undated), named(one), "", {"score": one.score, **dict(one.parts)}, chosen=True)
        for one in excerpts
    )
    rest = (
        _Row(
            one.key, dated(one.date, undated), one.title or one.path, one.reason,
            {"score": one.score, **dict(one.parts)}, chosen=False,
        )
        for one in left_out
    )  # fmt: skip
    return [*chosen, *rest]


def _label(picture: Picture, top: float, row: _Row, *, right: float) -> None:
    picture.write(f"k:{row.key}", MARGIN, top, room=KEYS, size=SMALL, colour=SOFT)
    picture.write(row.date, MARGIN + KEYS, top, room=DATES - 0.1, size=SMALL)
    picture.write(row.name, MARGIN + KEYS + DATES, top, room=TITLES - 0.1)
    picture.write(row.reason, right + 0.1, top, room=REASONS - 0.1, size=SMALL)


def _dots(axes: Axes, held: Sequence[tuple[int, float, bool]], name: str) -> Iterator[tuple[Line2D, float]]:
    """Draw a dot a value, full where chosen, and give them; write the least and the greatest below."""
    shown = [value for _, value, _ in held if value or name not in _LISTS] + [0.0] * (name == "lexical")
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    spare = 0.08 * (high - low) or 1.0
    axes.set_xlim(low - spare, high + spare)
    texts = {f"{round(end, 2) + 0.0:.2f}": end for end in (low, high)}  # without a sign before 0.00
    ticks = axes.set_xticks(list(texts.values()), labels=list(texts))
    if len(ticks) > 1:  # inwards, clear of the next panel's
        ticks[0].label1.set_horizontalalignment("left")
        ticks[1].label1.set_horizontalalignment("right")
    for place, value, chosen in held:
        axes.axhline(place, color=BAND, linewidth=0.8, zorder=0)
        colour = _CHOSEN if chosen else _LEFT_OUT
        if value or name not in _LISTS:
            face = colour if chosen else PAPER
            yield (
                axes.plot([value], [place], marker="o", color=colour, markerfacecolor=face, linestyle="none")[0],
                value,
            )
        else:
            axes.plot([low], [place], marker="_", markersize=6, color=SOFT, linestyle="none")


def _heads(picture: Picture, chosen: int, rows: int, language: str, *, right: float) -> None:
    """Write over each of the two groups what it is, and below what a dash is."""
    names = (
        (_HEAD, chosen, "elegidos", "chosen"),
        (_HEAD + (chosen + 1) * ROW, rows - chosen, "no elegidos", "left out"),
    )
    for top, held, spanish, english in names:
        if held:
            picture.write(say(language, es=spanish, en=english), MARGIN, top, room=KEYS + DATES, bold=True)
            picture.rule(top + ROW / 2)
    if chosen < rows:
        reason = say(language, es="por qué no", en="why not")
        picture.write(reason, right + 0.1, _HEAD + (chosen + 1) * ROW, room=REASONS - 0.1, size=SMALL)
    dash = say(language, es="– : fuera de la lista de esa medida", en="– : not in that measure's list")
    picture.write(dash, right + 0.1, _ABOVE + (rows + 1) * ROW + 0.15, room=REASONS - 0.1, size=SMALL, colour=SOFT)
