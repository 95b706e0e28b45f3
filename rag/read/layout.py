"""Lines of pages -> paragraphs and headings, told by what lines look like: their place, their height, their ends.

Does not know PDF. Removes what runs along the edge of the pages, mends words broken at line ends, and joins a paragraph
that a figure, a table, a note or the page's end tears in two.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from rag.read.columns import CELL, in_reading_order
from rag.read.compose import Block
from rag.read.references import is_references_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.read.lines import Line

EDGE = 3
"""Rows at the top and at the bottom of a page that may be running heads or feet."""
SHARE = 0.3
"""What stands at the edge of so many of the pages, odd or even ones, is a running head."""
SHORT, NEARLY_FULL = 0.6, 0.92
"""Shares of the column's width: no running text breaks so early; one that is not nearly full may end a paragraph."""
TALLER = 1.09
"""A heading's height in those of the text; and what is so common that it makes half of it is no heading."""
OTHER = 0.94
"""A line this much smaller than another is of another text."""
APART, INDENT = 1.35, 0.8
"""The usual distances of lines that part paragraphs, and the heights by which a first line stands back."""
LONGEST_HEADING = 200
FARTHEST = 60
"""Paragraphs (the words in a figure are such) that may stand between the halves of a torn one."""
PAGE = "\f"
"""Marks where a page begins; clean text holds none."""

ENDS_SENTENCE = re.compile(r"[.!?…:;][\"”»')\]]*$")
BULLET = re.compile(r"[•▪◦‣■–—][ \w]|\[\d+\] ")
CAPTION = re.compile(
    r"(?:fig(?:ure|ura)?|table|tabla|cuadro|gr[aá]fic[oa]|listing|algorithm|scheme|imagen|ilustraci[oó]n|mapa|box)\.? ?"
    r"[A-Z]?\d",
    re.IGNORECASE,
)
NO_HEADING = re.compile(rf"{CAPTION.pattern}|{BULLET.pattern}|.*\.{{4}}", re.IGNORECASE)
"""What stands over a table, in a list or in a table of contents."""
NOTE = re.compile(r"[\d*†‡§¶∗]{1,3} ?[\w\"“«(]")
BROKEN_WORD = re.compile(rf"((?<!-)\b\w+)-\n({PAGE}*)(\w+)")
BROKEN_COMPOUND = re.compile(rf"-\n(?={PAGE}*\w)")
BROKEN_LINK = re.compile(rf"((?:https?://|doi:|10\.\d{{4,9}}/)\S*[/._=&?-])\n({PAGE}*[a-z0-9])")
COMPOUND = re.compile(r"\w+-\w+")
NUMBER = re.compile(r"\d+")
SAYS = re.compile(rf"\w|{PAGE}")
"""An ornament that stands alone has nothing of this."""
FOLIO = re.compile(r"[\W\d_]*\d[\W\d_]*|(?:page|p[aá]g(?:ina|\.)?) \d+(?: (?:of|de) \d+)?", re.IGNORECASE)
"""A page's number, or a volume's, that stands alone at the edge."""
WORD = re.compile(r"[^\W\d_]{3}")


Style = tuple[float, bool]
"""The height of letters, and whether they are bold."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is usual in a text: the height of its letters, the distance of lines by height, the styles of headings."""

    body: float
    leading: Mapping[float, float]
    levels: Mapping[Style, int]
    named: frozenset[str]

    def level(self, line: Line) -> int:
        """Return the level of the heading that a line looks like; 0 where it looks like none."""
        if line.text in self.named:
            return 0
        if is_references_title(line.text) and line.height >= OTHER * self.body:
            return self.levels.get(_style(line), 1 + max(self.levels.values(), default=0))
        return self.levels.get(_style(line), 0)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines that belong together, each with its page's number, and their level where they are a heading."""

    lines: tuple[tuple[int, Line], ...]
    level: int = 0

    @property
    def first(self) -> Line:
        return self.lines[0][1]

    @property
    def last(self) -> Line:
        return self.lines[-1][1]

    @property
    def open(self) -> bool:
        """Whether its last sentence goes on elsewhere."""
        return not self.level and _full(self.last) and not ENDS_SENTENCE.search(self.last.text)


def paragraphs(pages: Sequence[Sequence[Line]], *, named: frozenset[str] = frozenset()) -> tuple[Block, ...]:
    """Return headings and paragraphs; `PAGE` stands in them where a page begins, also inside a paragraph.

    `named` are lines that name the authors: tall as they may be, they are no headings.
    """
    ordered = [in_reading_order(page) for page in _without_running_lines(pages)]
    look = _look(ordered, named)
    whole = _whole(_groups(ordered, look), look)
    compounds = frozenset(word.lower() for page in ordered for line in page for word in COMPOUND.findall(line.text))
    blocks: list[Block] = []
    begun = -1
    for paragraph in whole:
        text, begun = _written(paragraph, begun)
        blocks.append(Block(_mend(text, compounds), paragraph.level))
    return tuple(block for block in blocks if SAYS.search(block.text))


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[Line, ...]]:
    """Give the pages without the lines that their edges share, whatever numbers stand in them."""
    edges = [edge_lines(page) for page in pages]
    counts = Counter(shape for edge in edges for shape in {_shape(line) for line in edge})
    running = {shape for shape, count in counts.items() if count >= max(2, SHARE * len(pages))}
    for page, edge in zip(pages, edges, strict=True):
        yield tuple(
            line for line in page if line not in edge or not (_shape(line) in running or FOLIO.fullmatch(line.text))
        )


def edge_lines(page: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines in the first and in the last rows of a page."""
    rows = sorted({round(line.base) for line in page if line.upright})
    return tuple(line for line in page if round(line.base) in {*rows[:EDGE], *rows[-EDGE:]})


def _shape(line: Line) -> tuple[str, float]:
    return NUMBER.sub("#", line.text.lower()), line.height


def _style(line: Line) -> Style:
    return line.height, line.bold


def _full(line: Line) -> bool:
    left, right = line.column
    return line.right - left >= NEARLY_FULL * (right - left)


def _look(pages: Sequence[Sequence[Line]], named: frozenset[str]) -> _Look:
    """Return what is usual in these pages.

    What only the first of several pages shows, but for the tallest, are names and places, not headings; unless running
    text follows right under it, more than once.
    """
    lines = [line for page in pages for line in page]
    weights, styles = Counter[float](), Counter[Style]()
    for line in lines:
        weights[line.height] += len(line.text)
        styles[_style(line)] += len(line.text)
    (body, most), *_ = weights.most_common(1) or [(0.0, 0)]
    distances: dict[float, list[float]] = {}
    for page in pages:
        for before, line in pairwise(page):
            if before.height == line.height and 0 < before.base - line.base < 3 * line.height:
                distances.setdefault(line.height, []).append(before.base - line.base)
    headings = sorted((style for style in styles if _heads(style, body) and styles[style] < most / 4), reverse=True)
    later = {_style(line) for page in pages[1:] for line in page} or set(styles)
    over_text = Counter(_style(line) for page in pages[:1] for line, under in pairwise(page) if under.height == body)
    kept = [style for style in headings if style in later or style == headings[0] or over_text[style] > 1]
    ranks = {style: rank for rank, style in enumerate(kept, start=1)}
    return _Look(body, {height: median(found) for height, found in distances.items()}, ranks, named)


def _heads(style: Style, body: float) -> bool:
    height, bold = style
    return height > TALLER * body or (bold and height > OTHER * body)


def _groups(pages: Sequence[Sequence[Line]], look: _Look) -> list[_Paragraph]:
    """Return the lines of each heading and each paragraph, as they follow each other."""
    groups: list[list[tuple[int, Line]]] = []
    for number, page in enumerate(pages):
        for line in page:
            if groups and not _parted(groups[-1][-1], (number, line), look):
                groups[-1].append((number, line))
            else:
                groups.append([(number, line)])
    return [_Paragraph(tuple(group), _level(group, look)) for group in groups]


def _level(group: Sequence[tuple[int, Line]], look: _Look) -> int:
    """Return the level of a heading; 0 for what is too long, or has no word, or stands over a table."""
    text = " ".join(line.text for _, line in group)
    heads = len(text) <= LONGEST_HEADING and WORD.search(text) and not NO_HEADING.match(text)
    return look.level(group[0][1]) if heads else 0


def _parted(one: tuple[int, Line], other: tuple[int, Line], look: _Look) -> bool:
    """Say whether a new paragraph begins with the second line."""
    (page, before), (next_page, line) = one, other
    levels = look.level(before), look.level(line)
    if any(levels) or not OTHER < line.height / before.height < 1 / OTHER:
        unlike = levels[0] != levels[1] or _style(before) != _style(line)
        return unlike or page != next_page or _apart(before, line, look)
    begins = not line.text[0].islower()
    ends = bool(ENDS_SENTENCE.search(before.text))
    if BULLET.match(line.text) or (NOTE.match(line.text) and line.height < OTHER * look.body and ends):
        return True
    if page != next_page or line.base >= before.base or line.column != before.column:
        return begins and (not _full(before) or (ends and _indented(line)))
    if _apart(before, line, look):
        return begins or ends
    back = line.left - before.left
    if ends and begins and ((_indented(line) and back > INDENT * line.height) or not _full(before)):
        return True
    left, right = before.column
    short = before.right - left < SHORT * (right - left)
    return begins and not before.text.endswith("-") and (short or (not _full(before) and back < -INDENT * line.height))


def _apart(before: Line, line: Line, look: _Look) -> bool:
    """Say whether lines stand farther from each other than lines of one paragraph do."""
    usual = look.leading.get(line.height, 1.25 * line.height)
    return not 0 <= before.base - line.base <= APART * max(usual, line.height)


def _indented(line: Line) -> bool:
    return line.left - line.column[0] > INDENT * line.height


def _whole(groups: Sequence[_Paragraph], look: _Look) -> list[_Paragraph]:
    """Return the paragraphs with torn ones joined: what tore them comes before them, or after if on a later page."""
    waiting, found = list(groups), []
    while waiting:
        paragraph = waiting.pop(0)
        aside: list[_Paragraph] = []
        while (place := _continuation(paragraph, waiting, look)) is not None:
            aside += waiting[:place]
            paragraph = replace(paragraph, lines=paragraph.lines + waiting[place].lines)
            del waiting[: place + 1]
        page = paragraph.lines[0][0]
        found += [one for one in aside if one.lines[0][0] <= page]
        found += [paragraph, *(one for one in aside if one.lines[0][0] > page)]
    return found


def _continuation(paragraph: _Paragraph, following: Sequence[_Paragraph], look: _Look) -> int | None:
    """Return the place of what ends a paragraph's sentence, if something stands between."""
    if not paragraph.open or not OTHER < paragraph.last.height / look.body < 1 / OTHER:
        return None
    for place, other in enumerate(following[:FARTHEST]):
        text = other.first.text
        if other.lines[0][0] > paragraph.lines[-1][0] + 1:
            return None
        other_text = _style(other.first) != _style(paragraph.last) or CAPTION.match(text) or BULLET.match(text)
        if other_text and other.level and other.first.height >= look.body:
            return None
        if not other_text and (text[0].islower() or _full(other.first)):
            return place if text[0].islower() or (place and not _indented(other.first)) else None
    return None


def _written(paragraph: _Paragraph, begun: int) -> tuple[str, int]:
    """Return a paragraph's lines with the marks of the pages that begin in it, and the last page begun by then."""
    text = ""
    for page, line in paragraph.lines:
        marks = PAGE * max(page - begun, 0)
        text += ("\n" if text else "") + marks + line.text.replace(CELL, " ")
        begun = max(page, begun)
    return text, begun


def _mend(text: str, compounds: frozenset[str]) -> str:
    """Make one line of many: words broken at a line's end whole, except what the text itself writes with a hyphen."""

    def whole(match: re.Match[str]) -> str:
        left, mark, right = match.groups()
        broken = left[-1].islower() and right[0].islower() and f"{left}-{right}".lower() not in compounds
        return f"{left}{mark}{right}" if broken else f"{left}-{mark}{right}"

    return BROKEN_COMPOUND.sub("-", BROKEN_LINK.sub(r"\1\2", BROKEN_WORD.sub(whole, text))).replace("\n", " ")
