"""A Markdown draft of ours, as written or edited by hand → its sentences with their markers, and its references.

Headings, code, HTML and comments are no sentences; notes and tables are kept apart, for their markers alone. It
resolves no key and judges nothing: that is `rag.checkup`'s. Path -> str -> DraftText
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.language import count_words, detect, fold, sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from markdown_it.token import Token

_REFERENCES = {"referencias", "references"}
_MARKER = re.compile(r"[^\S\n]*\[(\d{1,6}(?:\s*[,;]\s*\d{1,6})*)\]")
_ENTRY = re.compile(r"\s*\[(\d{1,6})\](?::|(?=\s|\Z))")
_KEY = "k:"
_ASIDE = {"blockquote_open", "table_open"}
_ASIDE_ENDS = {"blockquote_close", "table_close"}
_BREAKS = {"softbreak", "hardbreak"}


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence without its markers, the line it begins on (from 1), and the numbers its markers name."""

    line: int
    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSection:
    """The sentences between one heading and the next, and the notes and table cells that stand among them."""

    sentences: tuple[DraftSentence, ...]
    notes: tuple[DraftSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A line of the references: its number, its words, and the excerpt keys it ends with."""

    line: int
    number: int
    text: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as read. `language` is that of its sentences, empty where it cannot be told."""

    sections: tuple[DraftSection, ...]
    entries: tuple[DraftEntry, ...]
    language: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading or cell: `section` counts the headings above it, `line` is the first of it."""

    section: int
    line: int
    tokens: tuple[Token, ...]
    heading: bool
    aside: bool


def load_draft(path: Path) -> str:
    """Return a draft's text; `RagError` where the file cannot be read or is no text in UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise RagError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except UnicodeDecodeError as error:
        raise RagError(f"{path}: not a text in UTF-8; give the draft as Markdown, saved as UTF-8") from error


def read_draft(text: str) -> DraftText:
    """Read a draft. The references stand under the last heading of that name, up to the next heading."""
    blocks = tuple(_blocks(text))
    titles = {block.section: fold(_flatten(block.tokens)[0]).strip() for block in blocks if block.heading}
    references = max((section for section, title in titles.items() if title in _REFERENCES), default=-1)
    body = [block for block in blocks if block.section != references and not block.heading]
    language = detect("\n\n".join(_flatten(block.tokens)[0] for block in body if not block.aside))
    listed = (block for block in blocks if block.section == references and not block.aside and not block.heading)
    sections = groupby(body, key=lambda block: block.section)
    return DraftText(
        tuple(_section(tuple(held), language) for _, held in sections),
        tuple(entry for block in listed for entry in _entries(block)),
        language,
    )


def _blocks(text: str) -> Iterator[_Block]:
    """Give what holds words, in order; a heading belongs to the section it opens."""
    from markdown_it import MarkdownIt  # `--help` does without

    parser = MarkdownIt("commonmark").enable("table").disable(["lheading", "reference", "text_join"])
    section = asides = 0
    heading = False
    for token in parser.parse(text.removeprefix("\ufeff")):
        asides += (token.type in _ASIDE) - (token.type in _ASIDE_ENDS)
        if token.type == "heading_open":
            heading = token.level == 0
            section += heading
        elif token.type == "heading_close":
            heading = False
        elif token.type == "inline" and token.map:
            yield _Block(section, token.map[0] + 1, tuple(token.children or ()), heading, asides > 0)


def _flatten(tokens: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """Return the words without markup, addresses and markers, and each marker's number with the place it stood at.

    Brackets that are escaped or in code make no marker.
    """
    text, marks, in_address = "", [], False
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            in_address = token.markup == "autolink" and token.nesting > 0
        elif token.type in _BREAKS:
            text += "\n"
        elif token.type == "html_inline":
            text += "\n" * token.content.count("\n")
        elif token.type == "text" and not in_address:
            *marked, rest = _cut(token.content)
            for words, numbers in marked:
                text = (text + words).rstrip(" ")
                marks += [(len(text), number) for number in numbers]
            text += rest[0]
        elif token.type in {"text_special", "code_inline"}:
            text += token.content
    return text, marks


def _cut(words: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give each piece of the words with the numbers of the marker that ends it; the last piece has none."""
    done = 0
    for match in _MARKER.finditer(words):
        yield words[done : match.start()], tuple(map(int, re.findall(r"\d+", match[1])))
        done = match.end()
    yield words[done:], ()


def _section(blocks: Sequence[_Block], language: str) -> DraftSection:
    return DraftSection(
        tuple(sentence for block in blocks if not block.aside for sentence in _sentences(block, language)),
        tuple(_note(block) for block in blocks if block.aside),
    )


def _note(block: _Block) -> DraftSentence:
    text, marks = _flatten(block.tokens)
    return DraftSentence(block.line, " ".join(text.split()), tuple(dict.fromkeys(number for _, number in marks)))


def _sentences(block: _Block, language: str) -> Iterator[DraftSentence]:
    """Give a paragraph's sentences, each with the markers that stand in it or right after it."""
    text, marks = _flatten(block.tokens)
    spans = sentence_spans(text, language)
    numbers: list[list[int]] = [[] for _ in spans]
    for place, number in marks:
        owner = max((index for index, (start, _) in enumerate(spans) if start < place), default=0)
        if spans:
            numbers[owner].append(number)
    for (start, end), own in zip(spans, numbers, strict=True):
        words = " ".join(text[start:end].split())
        if count_words(words):
            yield DraftSentence(block.line + text.count("\n", 0, start), words, tuple(dict.fromkeys(own)))


def _entries(block: _Block) -> Iterator[DraftEntry]:
    """Give the entries of a paragraph: each begins with its number on a line of its own."""
    entries: list[tuple[int, int, list[Token]]] = []
    for line, tokens in enumerate(_lines(block.tokens), block.line):
        opening = _ENTRY.match(tokens[0].content) if tokens and tokens[0].type == "text" else None
        if opening:
            entries.append((line, int(opening[1]), []))
        if entries:
            entries[-1][2].extend(tokens)
    for line, number, tokens in entries:
        keys = tuple(token.content.removeprefix(_KEY).strip() for token in tokens if _is_key(token))
        words, _ = _flatten([token for token in tokens if not _is_key(token)])
        yield DraftEntry(line, number, " ".join(words.removeprefix(":").split()), keys)


def _lines(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut a paragraph into its lines, each with the break that ends it."""
    lines: list[list[Token]] = [[]]
    for token in tokens:
        lines[-1].append(token)
        if token.type in _BREAKS:
            lines.append([])
    return lines


def _is_key(token: Token) -> bool:
    return token.type == "code_inline" and token.content.startswith(_KEY)
