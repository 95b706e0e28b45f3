"""Lines of pages -> paragraphs and headings, told by what lines look like: their length, their height, their ends.

Does not know PDF. Removes what runs along the edge of the pages and mends words broken at line ends.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.read.compose import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

EDGE = 3
"""Lines at the top and at the bottom of a page that may be running heads or feet."""
SHARE = 0.3
"""What stands at the edge of so many of the pages, odd or even ones, is a running head."""
SHORT, NEARLY_FULL = 0.6, 0.92
"""Shares of the usual width: no running text breaks so early; one that is not nearly full may end a paragraph."""
TALLER = 1.09
"""A heading's height in those of the text; and what is so common that it makes half of it is no heading."""
PAGE = "\f"
"""Marks where a page begins; clean text holds none."""

ENDS_SENTENCE = re.compile(r"[.!?…:][\"”»')\]]*$")
BROKEN_WORD = re.compile(rf"(\w+)-\n({PAGE}*)(\w+)")
COMPOUND = re.compile(r"\w+-\w+")
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of clean text with its height, and the usual number of characters of a line of its page."""

    text: str
    height: float
    width: int = 0

    @property
    def short(self) -> bool:
        """Whether nobody would break running text so early."""
        return len(self.text) < SHORT * self.width


def paragraphs(pages: Sequence[Sequence[Line]]) -> tuple[Block, ...]:
    """Return headings and paragraphs; `PAGE` stands in them where a page begins, also inside a paragraph."""
    lines = tuple(_marked(_without_running_lines(pages)))
    weights = Counter[float]()
    for line in lines:
        weights[line.height] += len(line.text)
    (body, most), *_ = weights.most_common(1) or [(0.0, 0)]
    tall = sorted((height for height in weights if height > TALLER * body and weights[height] < most / 2), reverse=True)
    levels = {height: min(rank, 6) for rank, height in enumerate(tall, start=1)}
    compounds = frozenset(word.lower() for line in lines for word in COMPOUND.findall(line.text))
    return tuple(
        Block(_mend("\n".join(line.text for line in group), compounds), levels.get(group[0].height, 0))
        for group in _groups(lines, levels=levels)
    )


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[Line, ...]]:
    """Give the pages without the lines that their edges share, whatever numbers stand in them."""
    edges = [{_shape(line) for line in (*page[:EDGE], *page[-EDGE:])} for page in pages]
    counts = Counter(shape for edge in edges for shape in edge)
    running = {shape for shape, count in counts.items() if count >= max(2, SHARE * len(pages))}
    for page in pages:
        inner = range(EDGE, len(page) - EDGE)
        yield tuple(line for number, line in enumerate(page) if number in inner or _shape(line) not in running)


def _shape(line: Line) -> str:
    return NUMBER.sub("#", line.text.lower())


def _marked(pages: Iterable[tuple[Line, ...]]) -> Iterator[Line]:
    """Give all lines in order, the first of each page with its mark, with the usual width of their page."""
    marks = ""
    for page in pages:
        marks += PAGE
        lengths = sorted(len(line.text) for line in page)
        width = lengths[len(lengths) * 4 // 5] if lengths else 0
        for line in page:
            yield Line(marks + line.text, line.height, width)
            marks = ""


def _groups(lines: Iterable[Line], *, levels: Mapping[float, int]) -> list[list[Line]]:
    """Return the lines of each heading and each paragraph."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _parted(groups[-1][-1], line, levels=levels):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _parted(before: Line, line: Line, *, levels: Mapping[float, int]) -> bool:
    """Say whether a new paragraph begins with the second line."""
    if before.height in levels or line.height in levels:
        return before.height != line.height
    begins = not line.text.lstrip(PAGE)[0].islower()
    if ENDS_SENTENCE.search(before.text):
        return begins and (line.short or len(before.text) < NEARLY_FULL * before.width)
    return begins and before.short and not before.text.endswith("-")


def _mend(text: str, compounds: frozenset[str]) -> str:
    """Make one line of many: words broken at a line's end whole, except what the text itself writes with a hyphen."""

    def whole(match: re.Match[str]) -> str:
        left, mark, right = match.groups()
        broken = left[-1].islower() and right[0].islower() and f"{left}-{right}".lower() not in compounds
        return f"{left}{mark}{right}" if broken else f"{left}-{mark}{right}"

    return BROKEN_WORD.sub(whole, text).replace("\n", " ")
