"""A draft in Word's format (DOCX) → its paragraphs, each letter with its place in the file; and text put in there.

Lines are paragraphs: Word counts lines only when it prints. It reads what is printed (no deletions, hidden text, field
codes), superscript numbers and notes as markers, and changes nothing: what is put in stands between bytes that stay.
bytes -> Paragraphs -> DraftText; bytes, insertions -> bytes
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat
from zipfile import ZipFile

from rag.drafts.draft import DraftText, assemble, is_references
from rag.drafts.listed import KEY_MARK, Block
from rag.errors import RagError, SourceError
from rag.language import tell
from rag.read.archive import open_archive
from rag.read.xml import attribute, children, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAIN = "word/document.xml"
NOTE_STYLE = "ReportNote"
"""The style of notes in the Word files that `rag` writes."""
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_GONE = {"del", "moveFrom", "Fallback", "instrText", "delText", "rt", "txbxContent"}
_HEADING = re.compile(r"(?:heading|t[íi]tulo|encabezado)\s*([1-9])|title", re.IGNORECASE)
_NUMBERS = re.compile(r"\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*")
_PRINTED_KEY = re.compile(r"`(k:[^`\n]{1,60})`")


@dataclass(slots=True)
class Paragraph:
    """A paragraph as printed. `places[n]` is the byte of the part after its letter n, -1 where the letter is none of
    its own; `end` the byte after the paragraph, `properties` its own as in the part.
    """

    number: int
    style: str = ""
    letters: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    properties: bytes = b""
    end: int = 0
    outline: int = 0
    listed: bool = False
    cell: bool = False
    bold: bool = True

    @property
    def text(self) -> str:
        """Its words, with markers for raised numbers and notes."""
        return "".join(self.letters)


@dataclass(frozen=True, slots=True)
class WordDraft:
    """A Word file's main part with its paragraphs; `styles` gives a heading's level by its style's id."""

    part: bytes
    paragraphs: tuple[Paragraph, ...]
    styles: Mapping[str, int]
    notes: tuple[tuple[str, str], ...]

    def level(self, paragraph: Paragraph) -> int:
        """Return the level of a heading, 0 for text. A bold line that names the references is one."""
        if paragraph.outline or paragraph.style in self.styles:
            return paragraph.outline or self.styles[paragraph.style]
        return 9 * (paragraph.bold and not paragraph.cell and is_references(paragraph.text))

    def draft(self) -> DraftText:
        """Return the draft as read."""
        return assemble(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        section = 0
        for one in self.paragraphs:
            if not one.text.strip():
                continue
            level = self.level(one)
            section += level > 0
            words = _PRINTED_KEY.sub(rf"{KEY_MARK}\1{KEY_MARK}", one.text)
            aside = one.cell or one.style == NOTE_STYLE
            yield Block(section, one.number, one.number, words, level, aside=aside, whole=True)
        last = self.paragraphs[-1].number if self.paragraphs else 1
        for label, text in self.notes:
            yield Block(section, last, last, f"[^{label}]: {text}", whole=True)


def read_word(data: bytes, *, path: str) -> WordDraft:
    """Read a Word file; `RagError` where it is none, or is damaged or made to do harm."""
    try:
        with open_archive(data, path=path) as archive:
            part = archive.read(MAIN)
            styles = archive.xml("word/styles.xml")
            roots = [(name, archive.xml(name)) for name in _NOTES]
    except SourceError as error:
        raise RagError(
            tell(es=f"{error}; o da el borrador en .md o .txt", en=f"{error}; or give the draft as .md or .txt")
        ) from error
    if not part:
        raise RagError(
            tell(
                es=f"{path}: no contiene un texto de Word ({MAIN}); guárdalo de nuevo desde Word, o en .md o .txt",
                en=f"{path}: it holds no text of Word's ({MAIN}); save it anew from Word, or as .md or .txt",
            )
        )
    notes = tuple(
        (f"{kind}{attribute(note, 'id')}", " ".join("".join(t.text or "" for t in named(note, "t")).split()))
        for (name, root), kind in zip(roots, ("", "e"), strict=True)
        if root is not None
        for note in (*named(root, "footnote"), *named(root, "endnote"))
        if attribute(note, "type") not in {"separator", "continuationSeparator"}
    )
    levels = {}
    for style in children(styles, "style") if styles is not None else ():
        name = next((attribute(one, "val") for one in children(style, "name")), "")
        if found := _HEADING.fullmatch(name.strip()):
            levels[attribute(style, "styleId")] = int(found[1] or 1)
    return WordDraft(part, tuple(_Reader(part, path).paragraphs), levels, notes)


def put_in(data: bytes, part: bytes, insertions: Iterable[tuple[int, bytes]]) -> bytes:
    """Return a Word file with bytes put into its main part; every other part is the same to the byte."""
    done, pieces = 0, []
    for place, added in sorted(insertions, key=lambda one: one[0]):
        pieces += [part[done:place], added]
        done = place
    changed = b"".join([*pieces, part[done:]])
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, changed if info.filename == MAIN else old.read(info), compress_type=info.compress_type)
    return out.getvalue()


class _Reader:
    """Reads the main part letter by letter, so that each has its place."""

    def __init__(self, part: bytes, path: str) -> None:
        self.paragraphs: list[Paragraph] = []
        self._part, self._path = part, path
        self._open: list[tuple[str, int]] = []
        self._current: Paragraph | None = None
        self._gone = self._cells = 0
        self._hidden = self._raised = self._bold = False
        self._run = ""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._letters
        self._parser.StartDoctypeDeclHandler = self._refuse
        try:
            self._parser.Parse(part, True)  # noqa: FBT003 - expat's
        except expat.ExpatError as error:
            raise RagError(
                tell(
                    es=f"{path}: {MAIN} no se puede leer ({error}); guárdalo de nuevo desde Word, o en .md",
                    en=f"{path}: {MAIN} cannot be read ({error}); save it anew from Word, or as .md",
                )
            ) from error

    def _refuse(self, *_: object) -> None:
        raise RagError(
            tell(
                es=(
                    f"{self._path}: {MAIN} define entidades, cosa que ningún archivo de Word hace; "
                    "guárdalo de nuevo, o en .md"
                ),
                en=f"{self._path}: {MAIN} makes up entities, which no Word file does; save it anew, or as .md",
            )
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        value = next((one for key, one in attributes.items() if key.rpartition(":")[2] == "val"), "")
        self._open.append((name, self._parser.CurrentByteIndex))
        self._gone += name in _GONE
        self._cells += name == "tc"
        if self._gone:
            return
        if name == "p":
            self._current = Paragraph(len(self.paragraphs) + 1, cell=self._cells > 0)
            self.paragraphs.append(self._current)
        elif name == "r":
            self._hidden = self._raised = self._bold = False
            self._run = ""
        elif self._current is not None:
            self._property(name, value, attributes)

    def _property(self, name: str, value: str, attributes: dict[str, str]) -> None:
        current = self._current
        if current is None:
            return
        inside = {name for name, _ in self._open[-4:-1]}
        if "pPr" in inside and "rPr" not in inside:
            current.style = value if name == "pStyle" else current.style
            current.listed = current.listed or name == "numPr"
            if name == "outlineLvl" and value.isdecimal() and int(value) < 9:  # noqa: PLR2004 - 9 is text
                current.outline = int(value) + 1
        elif "rPr" in inside:
            on = value not in {"0", "false", "off"}
            self._hidden = self._hidden or (name == "vanish" and on)
            self._raised = self._raised or (name == "vertAlign" and value == "superscript")
            self._bold = self._bold or (name == "b" and on)
        elif name in {"tab", "br", "cr"}:
            self._add("\t" if name == "tab" else "\n", -1)
        elif name in {"footnoteReference", "endnoteReference"}:
            label = next((one for key, one in attributes.items() if key.rpartition(":")[2] == "id"), "")
            for letter in f"[^{'e' * (name[0] == 'e')}{label}]":
                self._add(letter, -1)

    def _end(self, name: str) -> None:
        name, begun = name.rpartition(":")[2], self._open.pop()[1]
        after = self._part.index(b">", self._parser.CurrentByteIndex) + 1
        if not self._gone and self._current is not None:
            if name == "pPr" and begun < self._parser.CurrentByteIndex:
                self._current.properties = self._part[begun:after]
            elif name == "r":
                self._close_run()
            elif name == "p":
                self._current.end = after
                self._current = None
        self._gone -= name in _GONE
        self._cells -= name == "tc"

    def _letters(self, words: str) -> None:
        if self._gone or self._hidden or self._current is None or not self._open or self._open[-1][0] != "t":
            return
        place = self._parser.CurrentByteIndex
        if len(words) == 1 and self._part[place : place + 1] == b"&":
            self._add(words, self._part.index(b";", place) + 1)
            return
        for letter in words:
            place += len(letter.encode())
            self._add(letter, place)

    def _add(self, letter: str, place: int) -> None:
        """Add a letter; in a superscript run it waits for the run's end, which may be a marker."""
        if self._current is None:
            return
        if self._raised:
            self._run += letter
            return
        self._current.bold = self._current.bold and (self._bold or not letter.strip())
        self._current.letters.append(letter)
        self._current.places.append(place)

    def _close_run(self) -> None:
        """Write a superscript run as the marker it is, or as it stands."""
        run, self._raised = self._run, False
        for letter in f"[{run.strip()}]" if _NUMBERS.fullmatch(run) and self._after_word() else run:
            self._add(letter, -1)
        self._run = ""

    def _after_word(self) -> bool:
        """Say whether a raised number is no exponent: "10²" and "m²" are."""
        text = "".join(self._current.letters[-5:]) if self._current else ""
        return re.search(r"(?:[^\W\d_]{3}|[.,;:!?)»”\]])\s?$", text) is not None
