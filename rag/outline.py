"""The outline of a brief → its headings with what the author wrote under each.

Headings are kept as typed, the author's text byte for byte but for the indentation common to the whole outline and
outer blank lines. Only top-level ATX headings count, not those in code, HTML, quotations or lists. It mends nothing:
what it cannot place is an error. str -> tuple[Heading, ...]
"""

from __future__ import annotations

import re
from os.path import commonprefix
from typing import TYPE_CHECKING

from rag.errors import BriefError
from rag.language import count_words, sentence_spans, tell
from rag.records import Brief, Heading

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_LINE_END = re.compile(r"(?:\r\n|[\r\n])\Z")
_MARKERS = re.compile(r"[^\S\n]*(?:\[\d{1,6}\])+")
_PROBE = "\n\n#\n"
"""A heading set under the outline. If it is swallowed, so would be the text to be written there."""


def split_lines(text: str) -> list[str]:
    """Cut a text into lines with their ends; a lone carriage return is one, as in CommonMark."""
    return _LINE.findall(text)


def dedent(text: str) -> str:
    r"""Take off the indentation that all lines but blank ones share.

    >>> dedent("  # A\n    code\n\n  text")
    '# A\n  code\n\ntext'
    """
    lines = split_lines(text)
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines if not _is_blank(line)]
    common = commonprefix(indents)  # noqa: RUF071 - characters are meant
    return "".join(line[len(common) :] if line.startswith(common) else line.lstrip(" \t") for line in lines)


def read_headings(outline: str, *, name: str, first_line: int = 1) -> tuple[Heading, ...]:
    """Return the headings in order; `name` and `first_line` say where the outline lies, for messages."""
    lines = split_lines(dedent(outline))
    starts = _heading_starts(lines, name=name, first_line=first_line)
    if not starts:
        raise BriefError(
            tell(
                es=f"{name}: línea {first_line}: no hay epígrafes; escribe el esquema en líneas como «# Título»",
                en=f"{name}: line {first_line}: no heading; write the outline as lines like “# Title”",
            )
        )
    bounds = [*(line for line, _ in starts), len(lines)]
    for number, line in enumerate(lines[: bounds[0]], first_line):
        if not _is_blank(line):
            shown = " ".join(line.split())[:40]
            raise BriefError(
                tell(
                    es=f"{name}: línea {number}: «{shown}» está por encima del primer epígrafe; ponle un epígrafe",
                    en=f"{name}: line {number}: “{shown}” stands above the first heading; give it a heading",
                )
            )
    return tuple(
        Heading(_bare(lines[start]), _title(lines[start]), level, _author_text(lines[start + 1 : end]))
        for (start, level), end in zip(starts, bounds[1:], strict=True)
    )


def author_words(heading: Heading) -> int:
    """Count the words of the author's under a heading: the text, and the sentences of their own among written ones."""
    return count_words(heading.author_text) + sum(count_words(without_markers(one.text)) for one in heading.own)


def author_says(brief: Brief) -> tuple[str, ...]:
    """Return the author's sentences, and those the author took out of an earlier writing: none is written again."""
    texts = [
        text
        for heading in brief.headings
        for text in (heading.author_text, *(without_markers(one.text) for one in heading.own), *heading.removed)
    ]
    return tuple(text[start:end] for text in texts for start, end in sentence_spans(text, brief.language))


def without_markers(text: str) -> str:
    """Return the text without its numbers in brackets.

    >>> without_markers("Es un reto [2][3].")
    'Es un reto.'
    """
    return _MARKERS.sub("", text)


def _heading_starts(lines: Sequence[str], *, name: str, first_line: int) -> list[tuple[int, int]]:
    """Return the line and the level of each top-level heading."""
    from markdown_it import MarkdownIt  # `--help` does without

    parser = MarkdownIt("commonmark").disable("lheading")
    parser.core.ruler.enableOnly(["normalize", "block"])
    blocks = [
        (token.map[0], int(token.tag[1:]) if token.type == "heading_open" else 0)
        for token in parser.parse("".join(lines) + _PROBE)
        if token.level == 0 and token.map
    ]
    last_line, last_level = blocks.pop()
    if not last_level:
        where = tell(es=f"{name}: línea {first_line + last_line}", en=f"{name}: line {first_line + last_line}")
        raise BriefError(
            tell(
                es=f"{where}: aquí empieza un bloque de código o de HTML que no termina; ciérralo",
                en=f"{where}: a block of code or HTML begins here and does not end; end it",
            )
        )
    return [(line, level) for line, level in blocks if level]


def _is_blank(line: str) -> bool:
    return not line.strip(" \t\r\n")


def _bare(line: str) -> str:
    """Take off a line's end and nothing else."""
    return _LINE_END.sub("", line)


def _title(line: str) -> str:
    """Return what stands between a heading's hashes."""
    body = _bare(line).strip(" \t").lstrip("#")
    opened = body.rstrip("#")
    return (opened if opened.endswith((" ", "\t")) else body).strip()


def _author_text(lines: Sequence[str]) -> str:
    """Join lines without the blank ones around them and without the last line's end."""
    kept = [index for index, line in enumerate(lines) if not _is_blank(line)]
    return _bare("".join(lines[kept[0] : kept[-1] + 1])) if kept else ""
