"""The title and the address that a page of search results prints above a snippet, each on a line of its own.

Takes a text and where a prefix stands in it; gives a `Header` only where the form leaves no doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_LINES = 4
_TITLE_WORDS = 25
_URL = re.compile(r"(https?://[^\s<>\"›]+)(?: ?› ?\S.*)?|(?:[\w-]+\.)+[a-z]{2,}(?: ?› ?\S.*)")
_NO_LINE_END, _BLANK_LINE = re.compile(r"[^\S\n]*(?!\n)\S"), re.compile(r"[^\S\n]*\n[^\S\n]*\n")
_ENDS = re.compile(r"[.!?…][»”\")\]]?\Z|\.\.\.\Z")


@dataclass(frozen=True, slots=True)
class Header:
    """Lines above a prefix, from `start`. `apart` says that nothing stands right above them."""

    start: int
    title: str = ""
    url: str = ""
    apart: bool = True


def header_before(text: str, floor: int, end: int) -> Header | None:
    """Return the header that ends where a prefix begins, above it no further than `floor`; None where there is none.

    An address stands in it, and at most a title above or under it and the site's name above both. A second line that
    is not the site's name may be the end of what stands above: then the title stays unknown.
    """
    if _NO_LINE_END.match(text, end) or _BLANK_LINE.match(text, end):
        return None
    lines, apart = _lines_above(text, floor, end)
    row = next((row for row in (0, 1) if row < len(lines) and _URL.fullmatch(lines[row][1])), None)
    if row is None:
        return None
    match = _URL.fullmatch(lines[row][1])
    address = (match[1] or "") if match else ""
    above = lines[row + 1 :]
    site = 1 if len(above) > 1 and _names_site(above[0][1], lines[row][1]) else 0
    title = lines[0][1] if row else ""
    used = row + 1 + site
    if not title and len(above) == site + 1:
        title, used = above[site][1], used + 1
    if len(title.split()) > _TITLE_WORDS:
        title, used = "", used - 1
    return Header(lines[used - 1][0], title, address, apart=apart and used == len(lines))


def _lines_above(text: str, floor: int, end: int) -> tuple[list[tuple[int, str]], bool]:
    """Return (offset, line) of the lines right above, nearest first, up to one that ends a sentence or is blank; and
    whether the text's beginning or a blank line stands above them.
    """
    lines: list[tuple[int, str]] = []
    stop = end
    while len(lines) < _MOST_LINES:
        start = text.rfind("\n", 0, stop) + 1
        line = text[start:stop].strip()
        if not line:
            return lines, True
        if start < floor or _ENDS.search(line):
            return lines, False
        lines.append((start, line))
        if start == 0:
            return lines, True
        stop = start - 1
    return lines, False


def _names_site(line: str, address: str) -> bool:
    """Say whether a line is the name of the site an address belongs to."""
    name, host = (re.sub(r"[^a-z0-9]", "", words.lower()) for words in (line, address.partition("›")[0]))
    return bool(name) and name in host
