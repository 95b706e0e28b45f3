"""The blocks of a reference list → its entries: numbered or not, in the styles of APA, Vancouver and IEEE, and ours.

It does not know what an entry's words mean, nor whether it leads anywhere. Blocks -> DraftEntry
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.drafts.marks import restore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY_MARK = "\0"
"""Stands around an excerpt key that is printed as one; no draft holds it."""
ADDRESS_MARK = "\U000f0020"
"""Stands around the address of a link, which the body of a text does not print."""
_BRACKETED = re.compile(r"\s*\[(\d{1,6})\](?::|(?=\s|\Z))")
_POINTED = re.compile(r"\s*(?:\((\d{1,4})\)|(\d{1,4})[.)])(?=\s)|\s*(\d{1,4})\t")
_FOOTNOTE = re.compile(r"\s*\[\^([^\]\[\s]{1,60})\]:\s*")
_PANDOC = re.compile(r"\s*\[@([^\]\[\s]{1,80})\]:?\s+")
_PRINTED = re.compile(rf"{KEY_MARK}k:([^{KEY_MARK}]*){KEY_MARK}")
_DATED = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bs\. ?f\.|\bn\. ?d\.|\bs\. ?a\.", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|\bdoi\b|\b10\.\d{4}", re.IGNORECASE)
_OPENING = re.compile(r"\s*[^\W\d_a-zß-öø-ÿ][\w'’-]+(?:,|\.|\s[^\W\d_a-zß-öø-ÿ])")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or cell with its markers. `section` counts the headings above it, `line` and `last` are its
    lines; `level` is a heading's, 0 for text; `item` the number of the list's item it is; `whole` says that it is one
    line, whatever breaks it holds.
    """

    section: int
    line: int
    last: int
    words: str
    level: int = 0
    aside: bool = False
    item: str = ""
    whole: bool = False

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return self.level > 0


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A line of the references: its label ("3", "^note", "@key", empty where it has none), its words, and the excerpt
    keys it ends with.
    """

    line: int
    label: str
    text: str
    keys: tuple[str, ...] = ()
    last: int = field(default=0, compare=False)


def footnote(block: Block) -> bool:
    """Say whether a block is a footnote's text."""
    return _FOOTNOTE.match(block.words) is not None


def list_entries(blocks: Sequence[Block], *, numbered: bool) -> tuple[DraftEntry, ...]:
    """Return the entries of a list. Where the draft cites by number and no entry has one, they are numbered in order,
    as a word processor prints them.
    """
    lines = [line for block in blocks for line in block.words.split("\n")]
    notes = tuple(entry for block in blocks if footnote(block) for entry in _labelled(block, _FOOTNOTE, "^"))
    listed = [block for block in blocks if not footnote(block)]
    if any(map(_BRACKETED.match, lines)):
        found = [entry for block in listed for entry in _labelled(block, _BRACKETED, "")]
    elif any(map(_PANDOC.match, lines)):
        found = [entry for block in listed for entry in _labelled(block, _PANDOC, "@")]
    elif any(block.item.isdigit() for block in listed) or sum(map(bool, map(_POINTED.match, lines))) * 2 > len(listed):
        found = [entry for block in listed for entry in _pointed(block)]
    else:
        found = [entry for block in listed for entry in _unlabelled(block)]
        if numbered:
            found = [replace(entry, label=str(number)) for number, entry in enumerate(found, start=1)]
    return (*found, *notes)


def _labelled(block: Block, label: re.Pattern[str], sign: str) -> Iterator[DraftEntry]:
    """Give the entries of a paragraph: each begins with its label on a line of its own."""
    entries: list[tuple[int, str, list[str]]] = []
    for line, words in enumerate(block.words.split("\n"), block.line):
        opening = label.match(words)
        if opening:
            named = next(group for group in opening.groups() if group)
            entries.append((line, sign + (str(int(named)) if named.isdecimal() else named), [words[opening.end() :]]))
        elif entries:
            entries[-1][2].append(words)
    for (line, name, words_), last in zip(entries, [*(entry[0] - 1 for entry in entries[1:]), block.last], strict=True):
        yield _entry(block.line if block.whole else line, name, words_, last)


def _pointed(block: Block) -> Iterator[DraftEntry]:
    """Give the entries "3. Title": as items of a list, or as printed."""
    if block.item.isdigit():
        yield _entry(block.line, block.item, [block.words], block.last)
    else:
        yield from _labelled(block, _POINTED, "")


def _unlabelled(block: Block) -> Iterator[DraftEntry]:
    """Give the entries of a paragraph without labels: one, or one a line where each begins like one. What has neither
    a year nor an address is a remark.
    """
    groups: list[tuple[int, list[str]]] = []
    for line, words in enumerate(block.words.split("\n"), block.line):
        complete = groups and _is_reference(" ".join(groups[-1][1]))
        if not groups or (complete and _OPENING.match(words) and _DATED.search(words)):
            groups.append((line, [words]))
        else:
            groups[-1][1].append(words)
    for (line, words_), last in zip(groups, [*(group[0] - 1 for group in groups[1:]), block.last], strict=True):
        if _is_reference(" ".join(words_)):
            yield _entry(block.line if block.whole else line, "", words_, last)


def _is_reference(words: str) -> bool:
    return bool(_DATED.search(words) or _ADDRESS.search(words) or _PRINTED.search(words))


def _entry(line: int, label: str, lines: Sequence[str], last: int) -> DraftEntry:
    words = " ".join(lines)
    keys = tuple(key.strip() for key in _PRINTED.findall(words))
    return DraftEntry(
        line, label, " ".join(restore(_PRINTED.sub("", words)).replace(ADDRESS_MARK, " ").split()), keys, last
    )
