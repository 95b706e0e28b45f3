"""Evidence → which heading draws on which source: how many excerpts each source gives to each heading."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from rag.explore.picture import (
    BAND,
    INK,
    MARGIN,
    PAPER,
    ROW,
    SMALL,
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
_SHADES = ("#cfe1f2", "#93c4de", "#4a97c9", "#17659f", "#083d73")
"""One excerpt, two, … five or more."""
_DARK = 3  # excerpts from which the figure in the cell is white
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
    for column, lines in enumerate(columns):
        middle = MARGIN + TITLES + CELL * (column + 0.5)
        for line, text in enumerate(reversed(lines)):
            picture.write(text, middle, above - 0.1 - line * _LINE, room=CELL - 0.1, size=SMALL, align="center")
    for row, source in enumerate(sources):
        top = above + (row + 0.5) * ROW
        picture.write(named(source), MARGIN, top, room=TITLES - 0.15)
        picture.write(dated(source.date, undated), right + 0.1, top, room=DATES - 0.1, size=SMALL)
    axes = picture.panel(MARGIN + TITLES, above, CELL * len(sections), len(sources))
    axes.set_xlim(-0.5, len(sections) - 0.5)
    axes.set_xticks([])
    _cells(axes, sections, [source.source.id for source in sources])
    return picture


def _sources(sections: Sequence[Evidence]) -> list[Excerpt]:
    """Return for each source the first of its excerpts, ordered by date."""
    held: dict[str, Excerpt] = {}
    for section in sections:
        for excerpt in section.excerpts:
            held.setdefault(excerpt.source.id, excerpt)
    return sorted(held.values(), key=lambda one: (not one.date.known, str(one.date), one.title, one.source.id))


def _cells(axes: Axes, sections: Sequence[Evidence], sources: Sequence[str]) -> None:
    """Draw a square a pair, and in it how many excerpts, where there are any."""
    for column, section in enumerate(sections):
        counts = Counter(excerpt.source.id for excerpt in section.excerpts)
        for row, source in enumerate(sources):
            count = counts[source]
            shade = _SHADES[min(count, len(_SHADES)) - 1] if count else BAND
            axes.add_patch(Rectangle((column - 0.47, row - 0.44), 0.94, 0.88, facecolor=shade, linewidth=0))
            if count:
                ink = PAPER if count >= _DARK else INK
                axes.text(column, row, str(count), ha="center", va="center_baseline", color=ink, fontsize=TEXT)
