"""A draft in Markdown or plain text, anyone's → its sentences with their markers, and its references.

Headings, code, HTML and comments are no sentences; notes, footnotes and tables are kept apart, for their markers alone.
It resolves nothing and judges nothing: that is `resolve`'s and `checkup`'s. Path -> str -> DraftText
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rag.drafts.listed import ADDRESS_MARK, KEY_MARK, Block, DraftEntry, footnote, list_entries
from rag.drafts.marks import Mark, cut_marks, protect
from rag.errors import RagError
from rag.language import count_words, detect, fold, os_words, sentence_spans, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from markdown_it.token import Token

__all__ = ["Block", "DraftEntry", "DraftSection", "DraftSentence", "DraftText", "Mark", "assemble", "load_draft"]

LARGEST = 20_000_000
"""Bytes of a draft at most: ten long books."""
_REFERENCES = frozenset(
    {
        "referencias", "references", "bibliografia", "bibliography", "works cited", "obras citadas", "trabajos citados",
        "referencias bibliograficas", "literature cited", "literatura citada", "reference list", "lista de referencias",
        "bibliografia citada", "bibliografia consultada", "cited references", "references cited", "fuentes citadas",
        "fuentes", "sources", "referencias citadas", "references and notes", "referencias y notas",
        "notas y referencias",
    }
)  # fmt: skip
_NUMBERED_TITLE = re.compile(r"^\s*(?:[\divx]+[.)]\s*)*|[\s:.*_]+$")
_FRONT = re.compile(r"\A---[^\S\n]*\r?\n.{0,20000}?\n(?:---|\.\.\.)[^\S\n]*(?=\r?\n|\Z)", re.DOTALL)
_ASIDE = {"blockquote_open", "table_open"}
_ASIDE_ENDS = {"blockquote_close", "table_close"}
_BREAKS = {"softbreak", "hardbreak"}
_PRINTED_KEY = re.compile(r"`(k:[^`\n]{1,60})`")
_ADDRESS = re.compile(f"{ADDRESS_MARK}[^{ADDRESS_MARK}]*{ADDRESS_MARK}")
_RAISED = re.compile(r"\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*")
_TITLE_WORDS = 8
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence without its markers, what these name, the line it begins on (from 1), and the last of its paragraph.

    In a Word draft paragraphs are counted, not lines.
    """

    line: int
    text: str
    marks: tuple[Mark, ...] = ()
    last: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers its markers name."""
        return tuple(int(mark.label) for mark in self.marks if mark.label.isdigit())


@dataclass(frozen=True, slots=True)
class DraftSection:
    """The sentences between one heading and the next, and the notes and table cells that stand among them."""

    sentences: tuple[DraftSentence, ...]
    notes: tuple[DraftSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as read. `language` is that of its sentences, empty where it cannot be told. `listed` says that it has a
    reference list, be it an empty one; `paragraphs` that its lines are Word's paragraphs.
    """

    sections: tuple[DraftSection, ...]
    entries: tuple[DraftEntry, ...]
    language: str
    listed: bool = False
    paragraphs: bool = False

    @property
    def marks(self) -> frozenset[Mark]:
        """All that its markers name, in notes too."""
        return frozenset(
            mark for section in self.sections for one in (*section.sentences, *section.notes) for mark in one.marks
        )


def load_draft(path: Path) -> str:
    """Return a draft's text; `RagError` where the file cannot be read, is too large, or is no text in UTF-8."""
    data = load_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = tell(es=f"el byte {error.start} no lo es", en=f"byte {error.start} is none")
        raise RagError(
            tell(
                es=f"{path}: no es un texto en UTF-8 ({where}); da el borrador en .md, .txt o .docx, guardado en UTF-8",
                en=f"{path}: not a text in UTF-8 ({where}); give the draft as .md, .txt or .docx, saved as UTF-8",
            )
        ) from error


def load_bytes(path: Path) -> bytes:
    """Return a draft's bytes; `RagError` where the file cannot be read or is too large."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RagError(
            tell(
                es=f"{path}: no se puede leer ({os_words(error)}); comprueba la ruta y los permisos",
                en=f"{path}: cannot be read ({os_words(error)}); check the path and its permissions",
            )
        ) from error
    if len(data) > LARGEST:
        raise RagError(
            tell(
                es=f"{path}: ocupa más de {LARGEST // 10**6} MB; compruébalo por partes",
                en=f"{path}: larger than {LARGEST // 10**6} MB; check it part by part",
            )
        )
    return data


def read_draft(text: str) -> DraftText:
    """Read a draft in Markdown. The references stand under the last heading of such a name, up to the next heading of
    its level.
    """
    return assemble(_markdown_blocks(text))


def read_plain(text: str) -> DraftText:
    """Read a draft in plain text: paragraphs parted by blank lines, a short line without a full stop a heading."""
    return assemble(_plain_blocks(text))


def assemble(parts: Iterable[Block]) -> DraftText:
    """Put a draft together from its blocks."""
    blocks = tuple(parts)
    listing = _listing(blocks)
    body = [block for block in blocks if block.section not in listing and not block.heading and not footnote(block)]
    cut = {id(block): cut_marks(_ADDRESS.sub("", block.words).replace(KEY_MARK, "")) for block in body}
    language = detect("\n\n".join(cut[id(block)][0] for block in body if not block.aside))
    listed = [block for block in blocks if block.section in listing and not block.aside and not block.heading]
    notes = [block for block in blocks if footnote(block) and block not in listed]
    sections = groupby(body, key=lambda block: block.section)
    numbered = any(mark.label.isdigit() for _, marks in cut.values() for _, mark in marks)
    return DraftText(
        tuple(_section([(block, *cut[id(block)]) for block in held], language) for _, held in sections),
        list_entries([*listed, *notes], numbered=numbered),
        language,
        listed=bool(listing),
        paragraphs=any(block.whole for block in blocks),
    )


def is_references(title: str) -> bool:
    """Say whether a heading opens a reference list."""
    return _NUMBERED_TITLE.sub("", fold(title)).strip() in _REFERENCES


def _listing(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the sections of the reference list: that of the last such heading, and those of smaller ones under it."""
    headings = [block for block in blocks if block.heading]
    last = next((n for n in reversed(range(len(headings))) if is_references(headings[n].words)), None)
    if last is None:
        return frozenset()
    sections = [headings[last].section]
    for block in headings[last + 1 :]:
        if block.level <= headings[last].level:
            break
        sections.append(block.section)
    return frozenset(sections)


def _section(blocks: Sequence[tuple[Block, str, list[tuple[int, Mark]]]], language: str) -> DraftSection:
    return DraftSection(
        tuple(sentence for block in blocks if not block[0].aside for sentence in _sentences(*block, language)),
        tuple(_note(*block) for block in blocks if block[0].aside),
    )


def _note(block: Block, text: str, marks: list[tuple[int, Mark]]) -> DraftSentence:
    named = tuple(dict.fromkeys(mark for _, mark in marks))
    return DraftSentence(block.line, " ".join(text.split()), named, block.last)


def _sentences(block: Block, text: str, marks: list[tuple[int, Mark]], language: str) -> Iterator[DraftSentence]:
    """Give a paragraph's sentences, each with the markers that stand in it or right after it."""
    spans = sentence_spans(text, language)
    named: list[list[Mark]] = [[] for _ in spans]
    owner = 0
    for place, mark in marks:
        while owner + 1 < len(spans) and spans[owner + 1][0] < place:
            owner += 1
        if spans:
            named[owner].append(mark)
    for (start, end), own in zip(spans, named, strict=True):
        words = " ".join(text[start:end].split())
        if count_words(words):
            line = block.line if block.whole else block.line + text.count("\n", 0, start)
            yield DraftSentence(line, words, tuple(dict.fromkeys(own)), block.last)


# Markdown


def _markdown_blocks(text: str) -> Iterator[Block]:
    """Give what holds words, in order; a heading belongs to the section it opens."""
    from markdown_it import MarkdownIt  # `--help` does without

    parser = (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
        .enable("table")
        .disable(["lheading", "reference", "text_join"])
    )
    text = _FRONT.sub(lambda match: "\n" * match[0].count("\n"), text.removeprefix("\ufeff"), count=1)
    section = asides = level = 0
    items: list[str] = []
    for token in parser.parse(text):
        asides += (token.type in _ASIDE) - (token.type in _ASIDE_ENDS)
        if token.type == "list_item_open":
            items.append(token.info)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "heading_open":
            level = int(token.tag[1:]) if token.level == 0 else 0
            section += level > 0
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline" and token.map:
            words = _flatten(token.children or ())
            titled = not level and not asides and token.level <= 1 and _is_bold_title(words, token.content)
            section += titled
            item = items[-1] if items else ""
            first, last = token.map
            yield Block(section, first + 1, last, words, level or 9 * titled, aside=asides > 0, item=item)


def _is_bold_title(words: str, raw: str) -> bool:
    """Say whether a paragraph is the title of the reference list, in bold in the place of a heading."""
    return raw.startswith(("**", "__")) and len(words) < 60 and is_references(words)  # noqa: PLR2004


def _flatten(tokens: Sequence[Token]) -> str:
    """Return the words without markup; markers stay, and addresses and printed keys between marks of their own.

    Brackets that are escaped or in code can make no marker.
    """
    text, in_address, raised = "", False, False
    for token in tokens:
        if token.type == "link_open":
            in_address = token.markup == "autolink"
            text += f"{ADDRESS_MARK}{token.attrGet('href')}{ADDRESS_MARK}"
        elif token.type == "link_close":
            in_address = False
        elif token.type in _BREAKS:
            text += "\n"
        elif token.type == "html_inline":
            raised = token.content.lower().startswith("<sup")
            text += "\n" * token.content.count("\n")
        elif token.type == "text" and not in_address:
            text += f"[{token.content.strip()}]" if raised and _RAISED.fullmatch(token.content) else token.content
        elif token.type == "code_inline" and token.content.startswith("k:"):
            text += f"{KEY_MARK}{protect(token.content)}{KEY_MARK}"
        elif token.type in {"text_special", "code_inline"}:
            text += protect(token.content)
    return text


# Plain text


def _plain_blocks(text: str) -> Iterator[Block]:
    """Give the paragraphs, in order; a heading belongs to the section it opens."""
    section, line, listing = 0, 1, False
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for piece in re.split(r"(\n[^\S\n]*(?:\n[^\S\n]*)+)", text):
        first, _, rest = piece.partition("\n")
        words, begin = piece, line
        if is_references(first.lstrip("# ")):
            section, listing = section + 1, True
            yield Block(section, line, line, first.lstrip("# "), 1)
            words, begin = rest, line + 1
        if words.strip():
            heading = not listing and _is_title(words)
            section += heading
            words = _PRINTED_KEY.sub(rf"{KEY_MARK}\1{KEY_MARK}", words)
            yield Block(section, begin, begin + words.count("\n"), words, int(heading))
        line += piece.count("\n")


def _is_title(words: str) -> bool:
    return "\n" not in words and count_words(words) <= _TITLE_WORDS and words.strip()[-1] not in '.!?…:;»”"])'
