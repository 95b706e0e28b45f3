"""The timeline of the evidence: sources cited and sources found, each at its date. Report → SVG.

A day is a dot, a month or a year a bar over all of it. What is undated stands beside the axis, never on it. Places and
sizes are attributes and colours are the page's, so that no style stands in the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rag.render.page.apparatus import named
from rag.render.page.markup import NOTHING, Html, joined, tag, text
from rag.render.published import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.records import Report, Source
    from rag.render.page.apparatus import Apparatus

WIDE, NARROW = 640, 324
"""Widths of the two drawings, of which one is shown: text is never made smaller to fit."""
EDGE, AXIS, ROW, DOT = 10, 22, 11, 4
"""Margin, height of the line of years, distance of two rows, half a mark's height."""
TALLEST = 330
"""Height of the marks at most: with more rows they come closer."""
UNDATED_PART = 0.16
"""Share of the width that what is undated has."""
LABEL = 46
"""Width of the label of a year."""
LEAST_DAYS = 365
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A source on the timeline, its number where it is cited."""

    source: Source
    number: int | None

    @property
    def order(self) -> tuple[str, bool, str]:
        """Sort by date, those cited first."""
        return str(self.source.date), self.number is None, self.source.id


@dataclass(frozen=True, slots=True)
class _Mark:
    """A source's place in the drawing: its row from below, and from where to where it reaches."""

    one: _Dated
    row: int
    left: float
    right: float


def timeline(report: Report, apparatus: Apparatus) -> Html:
    """Return the figure; a line where there is nothing to show."""
    held = sorted(_held(report), key=lambda one: one.order)
    if not held:
        return tag("p", text(apparatus.say(es="No se halló ninguna fuente.", en="No source was found.")))
    label = _label(held, apparatus)
    drawings = (_drawing(held, width, label, apparatus) for width in (WIDE, NARROW))
    return tag("figure", *drawings, tag("figcaption", _legend(held, apparatus)), class_="timeline")


def _held(report: Report) -> Iterator[_Dated]:
    numbers = {entry.source.id: entry.number for entry in report.sources}
    sources = {entry.source.id: entry.source for entry in report.sources}
    for excerpt in (excerpt for section in report.sections for excerpt in section.evidence):
        sources.setdefault(excerpt.source.id, excerpt.source)
    yield from (_Dated(source, numbers.get(id_)) for id_, source in sources.items())


def _label(held: Sequence[_Dated], apparatus: Apparatus) -> str:
    cited = sum(one.number is not None for one in held)
    years = [str(one.source.date)[:4] for one in held if one.source.date.known]
    undated = len(held) - len(years)
    period = apparatus.say(es=f", de {years[0]} a {years[-1]}", en=f", from {years[0]} to {years[-1]}") if years else ""
    more = apparatus.say(es=f"; {undated} sin fecha", en=f"; {undated} undated") if undated else ""
    return apparatus.say(
        es=f"Cronología: {cited} fuentes citadas y {len(held) - cited} halladas sin citar{period}{more}",
        en=f"Timeline: {cited} sources cited and {len(held) - cited} found and not cited{period}{more}",
    )


def _drawing(held: Sequence[_Dated], width: int, label: str, apparatus: Apparatus) -> Html:
    dated = [one for one in held if one.source.date.known]
    undated = [one for one in held if not one.source.date.known]
    strip = width * UNDATED_PART if undated else 0.0
    right = width - EDGE - strip
    scale = _Scale([one.source for one in dated], EDGE, right)
    marks = [*_packed([(one, *scale.span(one.source)) for one in dated]), *_beside(undated, right + EDGE, strip)]
    rows = 1 + max((mark.row for mark in marks), default=0)
    step = min(ROW, TALLEST / rows)
    bottom = EDGE + rows * step
    return tag(
        "svg",
        *scale.ticks(bottom),
        tag("path", d=f"M{EDGE} {_short(bottom)}H{_short(right)}", class_="axis"),
        _strip(right + EDGE, strip, bottom, apparatus) if undated else NOTHING,
        *(_drawn(mark, bottom - (mark.row + 0.5) * step, min(DOT, 0.42 * step), apparatus) for mark in marks),
        viewBox=f"0 0 {width} {_short(bottom + AXIS)}", role="img", aria_label=label,
        class_="wide" if width == WIDE else "narrow",
    )  # fmt: skip


def _strip(left: float, width: float, bottom: float, apparatus: Apparatus) -> Html:
    """Return the ground on which what is undated stands, and its name."""
    name = text(apparatus.say(es="sin fecha", en="undated"))
    top, height = EDGE / 2, bottom - EDGE / 2
    ground = tag("rect", x=_short(left), y=top, width=_short(width), height=_short(height), class_="strip")
    label = tag("text", name, x=_short(left + width / 2), y=_short(bottom + AXIS - 6), text_anchor="middle")
    return joined([ground, label])


class _Scale:
    """Days to places from left to right, over all the days of these sources."""

    def __init__(self, sources: Iterable[Source], left: float, right: float) -> None:
        days = [day.toordinal() for one in sources for day in (one.date.first, one.date.last) if day]
        first, last = min(days, default=0), max(days, default=LEAST_DAYS)
        spare = max((LEAST_DAYS - (last - first)) / 2, 0)
        self._first, self._last = first - spare, last + 1 + spare
        self._left, self._right = left, right

    def place(self, day: float) -> float:
        """Return where a day begins."""
        share = (day - self._first) / (self._last - self._first)
        return self._left + share * (self._right - self._left)

    def span(self, source: Source) -> tuple[float, float]:
        """Return from where to where a source's mark reaches: a dot around its day, or a bar over its days."""
        first, last = source.date.first, source.date.last
        if first is None or last is None:
            return 0.0, 0.0
        left, right = self.place(first.toordinal()), self.place(last.toordinal() + 1)
        if source.date.precision == "day" or right - left < 2 * DOT:
            middle = (left + right) / 2
            return middle - DOT, middle + DOT
        return left, right

    def ticks(self, bottom: float) -> Iterator[Html]:
        """Give a line and a label for the beginning of a year, of so many as there is room for."""
        years = range(max(_year(self._first), 1), min(_year(self._last) + 1, date.max.year) + 1)
        most = max((self._right - self._left) / LABEL, 1)
        step = next((step for step in _STEPS if len(years) / step <= most), _STEPS[-1])
        for year in years:
            at = self.place(date(year, 1, 1).toordinal())
            if year % step == 0 and self._left - 1 <= at <= self._right + 1:
                yield tag("path", d=f"M{_short(at)} {EDGE / 2:g}V{_short(bottom + 4)}", class_="grid")
                anchor = "end" if at > self._right - EDGE else "start" if at < self._left + EDGE else "middle"
                yield tag("text", text(str(year)), x=_short(at), y=_short(bottom + AXIS - 6), text_anchor=anchor)


def _packed(spans: Sequence[tuple[_Dated, float, float]]) -> Iterator[_Mark]:
    """Give each span the lowest row in which it touches no other."""
    ends: list[float] = []
    for one, left, right in sorted(spans, key=lambda span: (span[1], span[2], span[0].order)):
        row = next((row for row, end in enumerate(ends) if end + 2 <= left), len(ends))
        ends[row : row + 1] = [right]
        yield _Mark(one, row, left, right)


def _beside(undated: Sequence[_Dated], left: float, width: float) -> Iterator[_Mark]:
    """Give what is undated places in rows, in the middle of their strip."""
    each = 2 * DOT + 3
    across = max(min(int(width // each), len(undated)), 1)
    begin = left + (width - across * each + 3) / 2
    for place, one in enumerate(undated):
        at = begin + (place % across) * each
        yield _Mark(one, place // across, at, at + 2 * DOT)


def _drawn(mark: _Mark, middle: float, half: float, apparatus: Apparatus) -> Html:
    source, number = mark.one.source, mark.one.number
    named_by = f"[{number}] " if number is not None else ""
    title = f"{named_by}{named(source, apparatus.language)}, {published(source, apparatus.language)}"
    return tag(
        "rect", tag("title", text(title)),
        x=_short(mark.left), y=_short(middle - half), width=_short(mark.right - mark.left), height=_short(2 * half),
        rx=_short(half if source.date.precision in {"day", None} else 1.5),
        class_="cited" if number is not None else "found", data_number=number,
    )  # fmt: skip


def _legend(held: Sequence[_Dated], apparatus: Apparatus) -> Html:
    """Say what is full, what is hollow, and what a bar is."""
    entries: list[tuple[str, float, int, str]] = [("cited", DOT, 2 * DOT, apparatus.say(es="citada", en="cited"))]
    if any(one.number is None for one in held):
        entries.append(("found", DOT, 2 * DOT, apparatus.say(es="hallada y no citada", en="found, not cited")))
    if any(one.source.date.precision in {"month", "year"} for one in held):
        bar = apparatus.say(es="fecha conocida solo por mes o año", en="dated to the month or year only")
        entries.append(("cited", 1.5, 5 * DOT, bar))
    return joined((tag("span", _sample(name, rx, width), text(words)) for name, rx, width, words in entries), " ")


def _sample(name: str, rx: float, width: int) -> Html:
    mark = tag("rect", x=1, y=1, width=width, height=2 * DOT, rx=rx, class_=name)
    box = f"0 0 {width + 2} {2 * DOT + 2}"
    return tag("svg", mark, viewBox=box, width=width + 2, height=2 * DOT + 2, aria_hidden="true")


def _year(day: float) -> int:
    return date.fromordinal(min(max(int(day), 1), date.max.toordinal())).year


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
