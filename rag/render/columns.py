"""Text laid out by the columns of a terminal: cut, filled up and wrapped. str -> str.

Of a source's text nothing but what is seen comes out: no control character, no mark that turns the direction.
"""

from __future__ import annotations

import shutil
import unicodedata
from itertools import accumulate

WIDEST, NARROWEST = 100, 40
"""Columns that are used at most, since wider lines are hard to read, and at least."""
ELSEWHERE = (80, 24)
"""What is taken for the size of a terminal where there is none."""


def line_width() -> int:
    """Return how many columns a line may take: the terminal's, or what COLUMNS says; 80 where stdout is no terminal."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size(ELSEWHERE).columns))


def columns(text: str) -> int:
    """Return how many columns a terminal gives a text: two for a wide character, none for one that combines.

    >>> columns("año"), columns("数据")
    (3, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def seen(text: str) -> str:
    """Return a text on one line, without what is not seen, a space for each break."""
    return text if text.isprintable() else "".join(one if one.isprintable() else " " * one.isspace() for one in text)


def plain(text: str) -> str:
    """Return a text on one line, without what is not seen, and words one space apart."""
    return " ".join(seen(text).split())


def cut(text: str, width: int) -> str:
    """Return a text that takes so many columns at most, shortened between words where that does not cost half of it."""
    if columns(text) <= width:
        return text
    kept = text[: _fitting(text, width - 2)]
    at_word = kept if text[len(kept)] == " " else kept.rpartition(" ")[0]
    return f"{at_word.rstrip()} …" if columns(at_word) > width // 2 else f"{kept.rstrip()} …"


def padded(text: str, width: int) -> str:
    """Return a text filled up with spaces to so many columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int, *, indent: int = 0) -> str:
    """Return a text in lines of so many columns at most, all indented."""
    room = width - indent
    lines = [""]
    for word in _pieces(text, room):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(" " * indent + line for line in lines)


def _pieces(text: str, room: int) -> list[str]:
    """Return the words, those that no line holds in pieces."""
    pieces = []
    for word in plain(text).split():
        while columns(word) > room:
            end = max(1, _fitting(word, room))
            pieces.append(word[:end])
            word = word[end:]  # noqa: PLW2901 - what is left of it
        pieces.append(word)
    return pieces


def _fitting(text: str, width: int) -> int:
    """Return how many characters from the beginning take so many columns at most."""
    return sum(reached <= width for reached in accumulate(map(_columns_of, text)))


def _columns_of(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
