"""Evidence → when it was published: a mark an excerpt, under its heading, on one axis of time.

A date is drawn as precisely as it is known: a day as a point, a month or a year as a bar over all of it. What is
undated stands beside the axis, never on it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, assert_never

from matplotlib.dates import AutoDateFormatter, AutoDateLocator, date2num
from matplotlib.patches import Rectangle

from rag.explore.picture import (
    BAND,
    INK,
    MARGIN,
    OTHER,
    PALETTE,
    PAPER,
    ROW,
    RULE,
    SMALL,
    SOFT,
    Picture,
    dated,
    named,
    told,
)  # fmt: skip
from rag.language import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from rag.records import Evidence, Excerpt

Grouping = Literal["language", "format"]
"""What marks are coloured by: the source's language, or what it is read from (snippet, pdf …)."""

TITLES, TIME, STRIP, DATES, KEYS = 4.4, 3.7, 0.75, 0.9, 0.65
"""Widths in inches: sources, the axis, what is undated, dates in figures, keys."""
LEAST_DAYS = 365
"""Days that the axis spans at least."""
_ABOVE = 0.85  # inches over the first row: title, legend, years
_BELOW = 0.35
_LEGEND = 0.52  # inches down to it


class _Row(NamedTuple):
    """A line of the picture: a heading, an excerpt under it, or a heading's lack of any."""

    heading: str = ""
    excerpt: Excerpt | None = None
    note: str = ""


def timeline(sections: Sequence[Evidence], *, topic: str, language: str, by: Grouping = "language") -> Picture:
    """Draw every excerpt at its date under its heading, the oldest first; the undated in a strip of their own."""
    rows = _rows(sections, language)
    undated = say(language, es="sin fecha", en="undated")
    width = 2 * MARGIN + TITLES + TIME + STRIP + DATES + KEYS
    picture = Picture(width, _ABOVE + max(len(rows), 1) * ROW + _BELOW)
    picture.title(say(language, es="Qué se dijo cuándo: ", en="What was said when: ") + topic)
    excerpts = [row.excerpt for row in rows if row.excerpt]
    if not excerpts:
        picture.nothing(language)
    colours = _colours([_group(excerpt, by) for excerpt in excerpts], by)
    axis = picture.panel(MARGIN + TITLES, _ABOVE, TIME, max(len(rows), 1))
    strip = picture.panel(MARGIN + TITLES + TIME + 0.05, _ABOVE, STRIP - 0.1, max(len(rows), 1))
    for place, row in enumerate(rows):
        _label(picture, place, row, undated)
        if row.excerpt:
            mark = _mark(axis, strip, place, row.excerpt, colours[_group(row.excerpt, by)])
            picture.hover(mark, told(row.excerpt, undated))
    _scale(axis, excerpts)
    _strip(strip, undated if any(not excerpt.date.known for excerpt in excerpts) else "")
    _legend(picture, colours, {_shape(excerpt) for excerpt in excerpts}, language)
    return picture


def _rows(sections: Sequence[Evidence], language: str) -> list[_Row]:
    rows = []
    for section in sections:
        rows.append(_Row(heading=section.heading.title))
        ordered = sorted(section.excerpts, key=lambda one: (not one.date.known, str(one.date), one.key))
        rows += [_Row(excerpt=excerpt) for excerpt in ordered]
        if not ordered:
            rows.append(_Row(note=section.missing or say(language, es="sin extractos", en="no excerpts")))
    return rows


def _label(picture: Picture, place: int, row: _Row, undated: str) -> None:
    """Write what stands to the left and to the right of a row."""
    top = _ABOVE + (place + 0.5) * ROW
    if row.heading:
        picture.rule(top - ROW / 2)
        picture.write(row.heading, MARGIN, top, room=TITLES - 0.1, bold=True)
    elif row.excerpt:
        right = MARGIN + TITLES + TIME + STRIP
        picture.write(named(row.excerpt), MARGIN + 0.15, top, room=TITLES - 0.3)
        picture.write(dated(row.excerpt.date, undated), right + 0.05, top, room=DATES - 0.1, size=SMALL)
        picture.write(f"k:{row.excerpt.key}", right + DATES, top, room=KEYS, size=SMALL, colour=SOFT)
    else:
        picture.write(row.note, MARGIN + 0.15, top, room=TITLES - 0.3, colour=SOFT)


def _mark(axis: Axes, strip: Axes, place: int, excerpt: Excerpt, colour: str) -> Artist:
    first, last = excerpt.date.first, excerpt.date.last
    if first is None or last is None:
        return strip.plot([0.5], [place], marker="D", markersize=5, gid=excerpt.key, **_style(colour))[0]
    axis.axhline(place, color=BAND, linewidth=0.8, zorder=0)
    start, end = float(date2num(first)), float(date2num(last))
    if excerpt.date.precision == "day":
        return axis.plot([start], [place], marker="o", markersize=6, gid=excerpt.key, **_style(colour))[0]
    bar = Rectangle((start, place - 0.22), end + 1 - start, 0.44, facecolor=colour, edgecolor=INK, linewidth=0.5)
    bar.set_gid(excerpt.key)
    return axis.add_patch(bar)


def _style(colour: str) -> dict[str, Any]:
    """Return a filled mark with a thin edge, which light colours need."""
    return {"color": colour, "markeredgecolor": INK, "markeredgewidth": 0.5, "linestyle": "none"}


def _scale(axis: Axes, excerpts: Sequence[Excerpt]) -> None:
    """Let the axis span all dates with some room, and write years (or months, or days) above and below."""
    days = [float(date2num(day)) for one in excerpts for day in (one.date.first, one.date.last) if day is not None]
    if not days:
        axis.set_xticks([])
        return
    spare = max(0.04 * (max(days) - min(days)), (LEAST_DAYS - (max(days) - min(days))) / 2)
    earliest, latest = float(date2num(date.min)), float(date2num(date.max))
    axis.set_xlim(max(min(days) - spare, earliest), min(max(days) + spare, latest))
    locator = AutoDateLocator(minticks=2, maxticks=8)
    formatter = AutoDateFormatter(locator)
    formatter.scaled = {365.0: "%Y", 30.0: "%Y-%m", 1.0: "%Y-%m-%d"}
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(formatter)
    axis.xaxis.grid(visible=True, color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="x", top=True, labeltop=True)


def _strip(strip: Axes, name: str) -> None:
    strip.set_xlim(0, 1)
    strip.set_xticks([0.5] if name else [], labels=[name] if name else [])
    strip.tick_params(axis="x", top=bool(name), labeltop=bool(name), color=PAPER)
    if name:
        strip.set_facecolor(BAND)


def _group(excerpt: Excerpt, by: Grouping) -> str:
    match by:
        case "language":
            return excerpt.language
        case "format":
            return excerpt.source.format
        case _:
            assert_never(by)


def _colours(groups: Sequence[str], by: Grouping) -> dict[str, str]:
    """Give every group a colour: a language always the same, what there is no colour for grey."""
    known = tuple(LANGUAGES) if by == "language" else ()
    others = sorted({group for group in groups if group and group not in known})
    given = dict(zip((*known, *others), PALETTE, strict=False))
    return {group: given.get(group, OTHER) for group in sorted(set(groups))}


def _shape(excerpt: Excerpt) -> str:
    """Return the sign that stands for how precisely an excerpt is dated."""
    return {"day": "●", "month": "▮", "year": "▮", None: "◆"}[excerpt.date.precision]


def _legend(picture: Picture, colours: Mapping[str, str], shapes: Collection[str], language: str) -> None:
    """Write the groups in their colours, each after a square, then what the shapes mean."""
    unknown = say(language, es="desconocido", en="unknown")
    meant = (("●", "día", "day"), ("▮", "mes o año", "month or year"), ("◆", "sin fecha", "undated"))
    entries = [("■", colour, group or unknown) for group, colour in colours.items()]
    entries += [
        (sign, SOFT, say(language, es=spanish, en=english)) for sign, spanish, english in meant if sign in shapes
    ]
    left = MARGIN
    for sign, colour, name in entries:
        picture.write(sign, left, _LEGEND, room=0.2, colour=colour)
        picture.write(name, left + 0.16, _LEGEND, room=1.0, size=SMALL)
        left += 0.4 + 0.075 * len(name)
