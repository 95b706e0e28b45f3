r"""Rich text (RTF) → one Document: paragraphs, headings by outline level, rows of tables, notes.

A file is a tree of groups {…} of text and control words (\par), each group with the look and the purpose of its text.
Leaves out what the printed page does not show: hidden, deleted, white and tiny text, comments, page headers, the codes
of fields. Does not read embedded objects.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.read.compose import Block, compose
from rag.read.details import split_authors
from rag.read.rtf_page import Page, joined
from rag.read.told import Told, source

if TYPE_CHECKING:
    from rag.records import Document

TOKEN = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
CHARACTERS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "column": " ",
    "nestcell": " ", "nestrow": " ",
}  # fmt: skip
SIGNS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}"}
LEFT_OUT = {
    "annotation", "atnid", "atnauthor", "atntime", "atndate", "atnref", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "pict", "objdata", "fldinst", "xe", "tc", "rxe", "filetbl", "revtbl",
    "listtext", "pntext", "pntxtb", "pntxta", "nonesttables", "bkmkstart", "bkmkend", "themedata", "datafield", "do",
    "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "atrfstart", "atrfend", "listtable", "listoverridetable", "rsidtbl",
}  # fmt: skip
"""What the text of these groups is for, is not to be read on the page."""
BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
NOTE, UNREAD = "footnote", "unread"
TABLES = {"fonttbl", "colortbl", "stylesheet", "info"}
CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
FULL = 255
"""Of each colour in white."""
TINY = 4
"""Half points below which nobody reads a letter."""
LAST_LEVEL = 9
"""The last level of headings; what lies deeper is text."""


@dataclass(slots=True)
class _Group:
    """What holds inside a group; a group in it begins with the same. `purpose` is empty where its text is printed."""

    purpose: str = ""
    optional: bool = False
    hidden: bool = False
    deleted: bool = False
    tiny: bool = False
    ground: bool = False
    in_table: bool = False
    color: int = 0
    font: int = -1
    style: int = -1
    level: int = 0
    stand_ins: int = 1

    def look(self, word: str, number: int) -> None:
        """Take in a control word that changes how the text that follows looks."""
        match word:
            case "plain":
                self.hidden = self.deleted = self.tiny = self.ground = False
                self.color, self.font = 0, -1
            case "v":
                self.hidden = bool(number)
            case "deleted":
                self.deleted = bool(number)
            case "fs":
                self.tiny = number < TINY
            case "highlight" | "cb" | "chcbpat":
                self.ground = bool(number)
            case "cf":
                self.color = number
            case "f":
                self.font = number
            case "uc":
                self.stand_ins = number


def read_rtf(data: bytes, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a rich text."""
    reader = _Reader()
    for token in TOKEN.finditer(_without_binary(data).decode("latin-1")):
        reader.take(token)
    reader.end()
    blocks = reader.page.blocks
    title, authors = (joined(reader.info.get(name, "")) for name in ("title", "author"))
    opening = next((block for block in blocks if block.text), Block(""))
    told = Told("embedded", title=title, authors=split_authors(authors))
    first = Told("first page", title=opening.text if opening.level == 1 else "")
    return (compose(blocks, source("rtf", path, told, first)),)


def _without_binary(data: bytes) -> bytes:
    """Return the file without the raw bytes of pictures, which may look like anything."""
    kept: list[bytes] = []
    at = 0
    while found := BINARY.search(data, at):
        kept.append(data[at : found.start()])
        at = found.end() + int(found[1])
    return b"".join((*kept, data[at:]))


class _Reader:
    """Takes one token after the other."""

    def __init__(self) -> None:
        self.page = Page()
        self.info: dict[str, str] = {}
        self._groups = [_Group()]
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._colors: list[dict[str, int]] = [{}]
        self._bytes = bytearray()
        self._skip = 0

    def take(self, token: re.Match[str]) -> None:
        """Take a token in."""
        if token["byte"]:
            self._byte(int(token["byte"], 16))
            return
        if token[0].strip("\r\n"):
            self._end_bytes()
        if token["text"]:
            text = token["text"][self._skip :]
            self._skip = max(0, self._skip - len(token["text"]))
            self._text(text if text.isascii() else text.encode("latin-1").decode(self._encoding(), "ignore"))
        elif token["brace"]:
            self._brace(token["brace"])
        elif token["sign"]:
            self._sign(token["sign"])
        elif token["word"]:
            self._word(token["word"], 1 if token["number"] is None else int(token["number"]))

    def end(self) -> None:
        """End what is not ended yet."""
        self._end_bytes()
        self.page.end_paragraph()

    def _end_bytes(self) -> None:
        if self._bytes:
            self._text(self._bytes.decode(self._encoding(), "ignore"))
            self._bytes.clear()

    def _encoding(self) -> str:
        return self._fonts.get(self._groups[-1].font, self._code_page)

    def _byte(self, byte: int) -> None:
        """Keep a byte until its neighbours are known: some characters take two."""
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(byte)

    def _brace(self, brace: str) -> None:
        self._skip = 0
        if brace == "{":
            self._groups.append(replace(self._groups[-1], optional=False))
        elif len(self._groups) > 1:
            self._groups.pop()

    def _sign(self, sign: str) -> None:
        group = self._groups[-1]
        if sign == "*":
            group.optional = True
        elif sign in "\r\n":
            self._word("par", 1)
        else:
            self._text(SIGNS.get(sign, ""))

    def _word(self, word: str, number: int) -> None:
        """Take a control word in: the purpose of its group, a character, a look, or the shape of the text."""
        group = self._groups[-1]
        self._skip = 0
        if group.purpose == UNREAD:
            return
        if word == NOTE and not group.purpose:
            group.purpose = NOTE
            self.page.notes.append("")
        elif word in LEFT_OUT or (group.optional and not group.purpose):
            group.purpose = UNREAD
        elif word in TABLES:
            group.purpose = word
        elif word == "u":
            self._text(chr(number % 0x10000))
            self._skip = group.stand_ins
        elif word in CHARACTERS:
            self._text(CHARACTERS[word])
        elif word == "ansicpg":
            self._code_page = _known(f"cp{number}")
        elif group.purpose:
            self._describe(group, word, number)
        else:
            self._shape(group, word, number)
        group.look(word, number)

    def _describe(self, group: _Group, word: str, number: int) -> None:
        """Take in what the tables at the head say of fonts, colours, styles and the document."""
        match group.purpose, word:
            case "info", _:
                group.purpose = f"info {word}"
            case "fonttbl", "fcharset":
                self._fonts[group.font] = CODE_PAGES.get(number, self._code_page)
            case "colortbl", "red" | "green" | "blue":
                self._colors[-1][word] = number
            case "stylesheet", "s":
                group.style = number
            case "stylesheet", "outlinelevel":
                self._levels[group.style] = number + 1
            case "footnote", "par":
                self.page.notes[-1] += "\n"

    def _shape(self, group: _Group, word: str, number: int) -> None:
        """Take in what ends and begins paragraphs, and what they are."""
        match word:
            case "par" | "sect" | "page" if group.in_table:
                self.page.words.append("\n")
            case "par" | "sect" | "page":
                level = group.level or self._levels.get(group.style, 0)
                self.page.end_paragraph(level if level <= LAST_LEVEL else 0)
            case "cell":
                self.page.end_cell()
            case "row":
                self.page.end_row()
            case "pard":
                group.in_table, group.level, group.style = False, 0, -1
            case "trowd" | "intbl":
                group.in_table = True
            case "s":
                group.style = number
            case "outlinelevel":
                group.level = number + 1

    def _text(self, text: str) -> None:
        """Put text where its group wants it."""
        group = self._groups[-1]
        if group.hidden or group.deleted or group.tiny:
            return
        match group.purpose:
            case "":
                if group.ground or group.in_table or not self._is_white(group.color):
                    self.page.words.append(text)
            case "footnote":
                self.page.notes[-1] += text
            case "colortbl":
                self._colors += ({} for _ in range(text.count(";")))
            case "stylesheet":
                if found := HEADING.match(text):
                    self._levels.setdefault(group.style, int(found[1]))
            case purpose if purpose.startswith("info "):
                name = purpose.removeprefix("info ")
                self.info[name] = self.info.get(name, "") + text

    def _is_white(self, color: int) -> bool:
        known = 0 < color < len(self._colors)
        return known and all(self._colors[color].get(name) == FULL for name in ("red", "green", "blue"))


def _known(encoding: str) -> str:
    """Return the encoding if there is one of this name, else the usual one."""
    with suppress(LookupError):
        return codecs.lookup(encoding).name
    return "cp1252"
