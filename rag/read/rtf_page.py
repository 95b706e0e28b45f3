"""Words, ends of cells, rows and paragraphs, as rich text gives them in a stream → blocks.

Does not know control words (see `rag.read.rtf`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.read.characters import one_line
from rag.read.compose import Block
from rag.read.marked import table

if TYPE_CHECKING:
    from collections.abc import Iterable

BULLETS = "•· "


@dataclass(slots=True)
class Page:
    """What has been printed: blocks, and the rows, cells, words and notes of those not yet ended."""

    blocks: list[Block] = field(default_factory=list)
    rows: list[list[tuple[Block]]] = field(default_factory=list)
    cells: list[tuple[Block]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def end_paragraph(self, level: int = 0) -> None:
        """End a paragraph outside tables; what was a table ends before it."""
        self.blocks += table(self.rows)
        self.blocks.append(Block(joined(self.words).lstrip(BULLETS), level))
        self.blocks += map(Block, map(joined, self.notes))
        self.rows, self.words, self.notes = [], [], []

    def end_cell(self) -> None:
        """End a cell of a table; its notes follow the table."""
        self.cells.append((Block(joined(self.words)),))
        self.words = []

    def end_row(self) -> None:
        """End a row of a table."""
        self.rows.append(self.cells)
        self.cells = []


def joined(pieces: Iterable[str]) -> str:
    """Return pieces as one line; characters written as two halves are made whole."""
    return one_line("".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
