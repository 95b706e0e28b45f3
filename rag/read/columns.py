"""Lines of a page in any order -> the same lines in the order in which people read them, each told its column.

Looks at places alone, not at words. A gutter is where no line of running text passes while lines stand to both sides;
what spans it parts the page into bands, read from the top, each column by column. A side much narrower than the other
(a margin with notes) is read last.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.read.lines import Line

FEWEST, NARROWEST = 5, 7.0
"""Lines that make a column, and how wide, in their heights, the lines are that hold most letters: less is a table."""
MARGIN = 0.45
"""A side this much narrower than the other is a margin."""
BESIDE = 0.3
"""How much of the shorter side's height must stand beside the other side."""
SPANS = 0.12
"""A line spans the gutter if it goes this far into the page's width on both sides; less is a line too long."""
SAME_ROW = 0.45
"""How far apart, in heights, what lines stand on may lie for them to be pieces of one."""
WIDE = 2.0
"""Heights between two pieces of a line that part cells or names, and are marked."""
LONGEST_CELL = 40
"""Lines of a file that may lie between the pieces of a row if they belong to its cells."""
CELL = "\t"
"""Stands between pieces of a line with a wide gap; clean text holds none."""
DEPTH = 3
"""Columns inside columns."""


def in_reading_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a page in order, pieces of one line joined."""
    upright = [line for line in lines if line.upright]
    return tuple(_ordered(upright, depth=DEPTH))


def _ordered(lines: Sequence[Line], *, depth: int) -> Iterator[Line]:
    """Give lines by bands and columns."""
    gutter = _gutter(lines) if depth else None
    if gutter is None:
        yield from _rows(lines)
        return
    far = SPANS * (max(line.right for line in lines) - min(line.left for line in lines))
    sides = [_side(line, gutter, far) for line in lines]
    left, spanning, right = ([line for line, at in zip(lines, sides, strict=True) if at == side] for side in (-1, 0, 1))
    if (narrow := _margin(left, right)) is not None:
        yield from _ordered([line for line in lines if line not in narrow], depth=depth - 1)
        yield from _ordered(narrow, depth=depth - 1)
        return
    edges = [float("inf"), *(line.base for line in _rows(spanning)), float("-inf")]
    rows = iter(_rows(spanning))
    for top, bottom in pairwise(edges):
        for side in (left, right):
            yield from _ordered([line for line in side if bottom < line.base <= top], depth=depth - 1)
        yield from ([next(rows)] if bottom != float("-inf") else [])


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where the page is best parted in columns, if it is."""
    if len(lines) < 2 * FEWEST:
        return None
    lefts, rights = np.array([line.left for line in lines]), np.array([line.right for line in lines])
    weights = np.array([len(line.text) for line in lines])
    best, found = 0.0, None
    for x in sorted({round(line.left) - 1.0 for line in lines}):
        before, after = rights <= x, lefts >= x
        crossing = weights[~before & ~after].sum()
        worth = min(weights[before].sum(), weights[after].sum()) - crossing / 4
        if worth > best and _are_columns(lines, before, after):
            best, found = worth, x
    return found


def _are_columns(lines: Sequence[Line], before: np.ndarray, after: np.ndarray) -> bool:
    """Say whether lines that stand on two sides are running text side by side."""
    sides = [[lines[int(number)] for number in np.flatnonzero(side)] for side in (before, after)]
    if any(len(side) < FEWEST for side in sides):
        return False
    widths = [median(line.width / max(line.height, 1) for line in side for _ in line.text) for side in sides]
    if min(widths) < NARROWEST:
        return False
    (low, high), (other_low, other_high) = ((min(x.base for x in side), max(x.base for x in side)) for side in sides)
    beside = min(high, other_high) - max(low, other_low)
    return beside >= BESIDE * min(high - low, other_high - other_low)


def _side(line: Line, gutter: float, far: float) -> int:
    """Return on which side of the gutter a line stands: -1 left, 1 right, 0 both, if it goes far into them."""
    if line.left < gutter - far and line.right > gutter + far:
        return 0
    return -1 if line.left + line.right < 2 * gutter else 1


def _margin(left: Sequence[Line], right: Sequence[Line]) -> Sequence[Line] | None:
    """Return the side that is a margin beside the text, if one is."""
    widths = [max(line.right for line in side) - min(line.left for line in side) for side in (left, right)]
    if min(widths) > MARGIN * max(widths):
        return None
    return left if widths[0] < widths[1] else right


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Return lines from the top, pieces of one line joined from the left; each is told the edges of them all.

    Rows that the file weaves into each other (a table written cell by cell) stay in the order of the file.
    """
    rows: list[list[int]] = []
    for number in sorted(range(len(lines)), key=lambda number: -lines[number].base):
        line, last = lines[number], lines[rows[-1][0]] if rows else None
        if last and last.base - line.base < SAME_ROW * max(line.height, last.height):
            rows[-1].append(number)
        else:
            rows.append([number])
    joined = [line for stretch in _stretches(rows) for line in _read(stretch, lines)]
    if not joined:
        return []
    column = (_edge([line.left for line in joined], 0.1), _edge([line.right for line in joined], 0.9))
    return [replace(line, column=column) for line in joined]


def _stretches(rows: Sequence[Sequence[int]]) -> list[list[Sequence[int]]]:
    """Return rows, those together that the file weaves into each other: lines of one lie between those of another."""
    stretches: list[list[Sequence[int]]] = []
    low = high = -1
    for row in rows:
        first, last = min(row), max(row)
        crossing = first < low < last < high or low < first < high < last
        within = low < first <= last < high and high - low <= LONGEST_CELL
        if crossing or within:
            stretches[-1].append(row)
            low, high = min(first, low), max(last, high)
        else:
            stretches.append([row])
            low, high = first, last
    return stretches


def _read(stretch: Sequence[Sequence[int]], lines: Sequence[Line]) -> list[Line]:
    """Return the lines of rows: one of a row that stands by itself, else its pieces as the file has them."""
    if len(stretch) == 1:
        return [_joined(sorted((lines[number] for number in stretch[0]), key=lambda line: line.left))]
    return [lines[number] for number in sorted(number for row in stretch for number in row)]


def _edge(places: list[float], share: float) -> float:
    """Return the place that so large a share of the places do not exceed."""
    return sorted(places)[round(share * (len(places) - 1))]


def _joined(pieces: Sequence[Line]) -> Line:
    """Return one line of pieces that stand side by side."""
    first, *others = pieces
    for piece in others:
        gap = piece.left - first.right
        between = CELL if gap > WIDE * piece.height else " " if gap > 0 else ""
        longer = first if len(first.text) >= len(piece.text) else piece
        first = replace(
            longer,
            text=first.text + between + piece.text,
            bare=first.bare + between + piece.bare,
            left=min(first.left, piece.left),
            right=max(first.right, piece.right),
            bold=first.bold and piece.bold,
        )
    return first
