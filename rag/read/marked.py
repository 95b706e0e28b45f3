"""What is no prose (a row of a table, a line of code) → a paragraph that says so: it begins with "| ".

It is kept for searching. The mark tells a writer that what follows is no sentence, wherever the text is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.read.characters import one_line
from rag.read.compose import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "|"


def row(cells: Iterable[str]) -> Block:
    """Return a table's row as one paragraph, without its empty cells."""
    return _marked(" | ".join(filter(None, map(one_line, cells))))


def table(lines: Iterable[Sequence[Iterable[Block]]]) -> Iterator[Block]:
    """Give a table's rows, each of cells that hold blocks; a table of one column is a frame around its blocks."""
    lines = tuple(lines)
    if all(len(cells) <= 1 for cells in lines):
        return (block for cells in lines for cell in cells for block in cell)
    return (row(" ".join(block.text for block in cell) for cell in cells) for cells in lines)


def code(text: str) -> Iterator[Block]:
    """Give each line of code as a paragraph."""
    return (_marked(one_line(line)) for line in text.splitlines())


def _marked(text: str) -> Block:
    return Block(f"{MARK} {text}" if text else "")
