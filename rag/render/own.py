"""What a person typed in a brief → nodes: read as Markdown, so that its maths, tables and footnotes are real ones, or
set as it is where the document is Markdown itself. Markers of ours among it become citations like all others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.render import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.records import CheckedSection, Report
    from rag.render.tree import Node

    Read = Callable[[str], list[Node]]
    Cite = Callable[[Sequence[int]], list[Node]]

_SEAM = "\U000f0030{}\U000f0031"
"""Stands between the pieces that are read together, so that a footnote may be explained in another section."""
_MARKERS = re.compile(r"((?:\[[0-9]{1,6}\])+)")
_TYPED = re.compile(r"(?<!\\)(?:\[[0-9]{1,6}\])+")
_ESCAPED = re.compile(r"\\\[(?=\d)")


class Own(Protocol):
    """What a person typed, as nodes."""

    def above(self, section: CheckedSection) -> list[Node]:
        """Return a section's heading and what the author wrote under it, or left there."""

    def sentence(self, text: str) -> list[Node]:
        """Return a sentence that the author put among the written ones."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Sets the Markdown as it is; `cite` says what stands for markers of ours."""

    cite: Callable[[Sequence[int]], str]

    def above(self, section: CheckedSection) -> list[Node]:
        """Return heading and text as one block."""
        under = self._cited(section.body) if section.body else section.heading.author_text
        return [tree.raw("\n".join(filter(None, (section.heading.line, under))), "markdown")]

    def sentence(self, text: str) -> list[Node]:
        """Return the sentence as it is."""
        return [tree.raw_inline(self._cited(text), "markdown")]

    def _cited(self, text: str) -> str:
        return _TYPED.sub(lambda found: self.cite(_numbers(found[0])) or found[0], text)


class Parsed:
    """Reads all that a person typed at once; `cite` gives what stands for markers of ours, nothing for others."""

    def __init__(self, report: Report, read: Read, cite: Cite) -> None:
        pieces = [piece for section in report.sections for piece in _pieces(section)]
        self._cite = cite
        self._read = dict(zip(pieces, _read_all(pieces, read), strict=True))

    def above(self, section: CheckedSection) -> list[Node]:
        """Return the heading with the inlines it was typed with, and the blocks under it."""
        heading, level = section.heading, section.heading.level
        read = self._read[heading.line]
        plain = len(read) != 1 or read[0]["t"] != "Header"
        line = tree.words(heading.title) if plain else read[0]["c"][2]
        under = self._read[_under(section)] if _under(section) else []
        return [tree.heading(level, line), *tree.respelled(under, self._split)]

    def sentence(self, text: str) -> list[Node]:
        """Return the sentence's inlines; where it is more than a paragraph, its words."""
        read = self._read[text]
        one = len(read) == 1 and read[0]["t"] == "Para"
        return list(tree.respelled(read[0]["c"] if one else tree.words(text), self._split))

    def _split(self, string: Node) -> list[Node]:
        pieces = _MARKERS.split(string["c"])
        nodes = [
            (place % 2 and self._cite(_numbers(piece))) or [tree.string(piece)] for place, piece in enumerate(pieces)
        ]
        return [node for piece in nodes for node in piece if node["c"]]


def _under(section: CheckedSection) -> str:
    return _ESCAPED.sub(rf"\\[{tree.JOINER}", section.body) if section.body else section.heading.author_text


def _pieces(section: CheckedSection) -> list[str]:
    own = [] if section.body else [one.text for one in section.written if one.kind == "author"]
    return [section.heading.line, *filter(None, (_under(section), *own))]


def _read_all(pieces: Sequence[str], read: Read) -> list[list[Node]]:
    """Return the blocks of each piece, read together; each alone where one swallows what comes after it."""
    seams = [_SEAM.format(place) for place in range(len(pieces))]
    places: Mapping[str, int] = {seam: place for place, seam in enumerate(seams)}
    found: list[list[Node]] = []
    for block in read("\n\n".join(f"{seam}\n\n{piece}" for seam, piece in zip(seams, pieces, strict=True))):
        words = block["c"] if block["t"] == "Para" else []
        if len(words) == 1 and words[0]["t"] == "Str" and words[0]["c"] in places:
            found.append([])
        elif found:
            found[-1].append(block)
    return found if len(found) == len(pieces) else [read(piece) for piece in pieces]


def _numbers(markers: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", markers)]
