"""Evidence → which heading draws on which source: how many excerpts each source gives to each heading."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from rag.explore.picture import (
    BAND,
    FAMILY,
    INK,
    MARGIN,
    PAPER,
    ROW,
    SHADES,
    SMALL,
    SOFT,
    TEXT,
    Picture,
    dated,
    named,
    wrap,
)  # fmt: skip
from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from rag.records import Evidence, Excerpt

TITLES, CELL, DATES = 4.2, 1.15, 1.0
"""Widths in inches: sources, a heading, dates in figures."""
_DARK = 4  # excerpts from which the figure in the cell is in the paper's colour
_LINES, _LINE = 3, 0.15  # lines of a heading at most, and inches from one to the next


def heatmap(sections: Sequence[Evidence], *, topic: str, language: str) -> Picture:
    """Draw the sources as rows, the oldest first and the undated last, and the headings as columns."""
    sources = _sources(sections)
    undated = say(language, es="sin fecha", en="undated")
    columns = [wrap(section.heading.title, CELL - 0.1, lines=_LINES, size=SMALL) for section in sections]
    above = 0.6 + _LINE * max(map(len, columns), default=1)
    right = MARGIN + TITLES + CELL * max(len(sections), 1)
    picture = Picture(right + DATES + MARGIN, above + max(len(sources), 1) * ROW + MARGIN)
    picture.title(
        say(language, es="Qué fuente sirve a qué apartado: ", en="Which source serves which heading: ") + topic
    )
    if not sources:
        picture.nothing(language)
        return picture
    _heads(picture, columns, above, language)
    for row, source in enumerate(sources):
        top = above + (row + 0.5) * ROW
        picture.write(named(source), MARGIN, top, room=TITLES - 0.15)
        picture.write(dated(source.date, undated), right + 0.1, top, room=DATES - 0.1, size=SMALL)
    axes = picture.panel(MARGIN + TITLES, above, CELL * len(sections), len(sources))
    axes.set_xlim(-0.5, len(sections) - 0.5)
    axes.set_xticks([])
    for column, section in enumerate(sections):
        counts = Counter(excerpt.source.id for excerpt in section.excerpts)
        for row, source in enumerate(sources):
            count = counts[source.source.id]
            cell = _cell(axes, column, row, count)
            if count:
                picture.hover(
                    cell, f"{section.heading.title}\n{named(source)}\n{dated(source.date, undated)} · {count}"
                )
    return picture


def _heads(picture: Picture, columns: Sequence[Sequence[str]], above: float, language: str) -> None:
    """Write what the figures count, and over each column its heading, line by line from below."""
    counted = say(language, es="cuántos extractos da cada una", en="how many excerpts each gives")
    picture.write(counted, MARGIN, above - 0.1, room=TITLES - 0.15, size=SMALL, colour=SOFT)
    for column, lines in enumerate(columns):
        middle = MARGIN + TITLES + CELL * (column + 0.5)
        for line, text in enumerate(reversed(lines)):
            picture.write(text, middle, above - 0.1 - line * _LINE, room=CELL - 0.1, size=SMALL, align="center")


def _sources(sections: Sequence[Evidence]) -> list[Excerpt]:
    """Return for each source the first of its excerpts, ordered by date."""
    held: dict[str, Excerpt] = {}
    for section in sections:
        for excerpt in section.excerpts:
            held.setdefault(excerpt.source.id, excerpt)
    return sorted(held.values(), key=lambda one: (not one.date.known, str(one.date), one.title, one.source.id))


def _cell(axes: Axes, column: int, row: int, count: int) -> Rectangle:
    """Draw a square, and in it how many excerpts, where there are any."""
    shade = SHADES[min(count, len(SHADES)) - 1] if count else BAND
    cell = Rectangle((column - 0.47, row - 0.44), 0.94, 0.88, facecolor=shade, linewidth=0)
    axes.add_patch(cell)
    if count:
        ink = PAPER if count >= _DARK else INK
        axes.text(
            column, row, str(count), ha="center", va="center_baseline", color=ink, fontsize=TEXT, fontfamily=FAMILY
        )  # fmt: skip
    return cell
