"""A draft's file → its text, and a copy of it into which words can be put, all other bytes as they were.

It decides nothing of what is put in. Path -> DraftText, Copy; Insertions -> text or bytes
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from xml.sax.saxutils import escape as escape_xml

from rag.drafts.draft import DraftText, load_bytes, load_draft, read_draft, read_plain
from rag.drafts.word import put_in, read_word
from rag.errors import RagError
from rag.language import say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.drafts.draft import DraftEntry, DraftSentence

_WORD = {".docx", ".docm"}
_PLAIN = {".txt", ".text"}
_POINTS = ".!?…:;"
_NEAR = 6  # letters of markup and space that may stand between two signs
_LABEL = re.compile(r"(\s*(?:>\s*)?)([\[(]?)(\d{1,6})([\])]?[:.)]?)(\s+)")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Insertion:
    """Words to be put in at a place: an offset into the text, in Word into the main part's bytes."""

    place: int
    words: str


class Copy(Protocol):
    """A draft in some form, into which words can be put."""

    def place(self, sentence: DraftSentence, begin: int) -> tuple[int, int] | None:
        """Return where a sentence's marker goes, and where the sentence after it may begin."""

    def entries(self, lines: Sequence[str], labels: Sequence[str], last: DraftEntry | None, language: str) -> Insertion:
        """Return the insertion of new entries after the last one, or with a heading at the end."""

    def key(self, entry: DraftEntry, key: str) -> Insertion | None:
        """Return the insertion of one more key into an entry."""

    def read(self, insertions: Sequence[Insertion]) -> DraftText:
        """Read the draft with these put in."""

    def written(self, insertions: Sequence[Insertion]) -> str | bytes:
        """Return the draft with these put in."""


def open_draft(path: Path) -> tuple[DraftText, Copy]:
    """Read a draft: Word's by its name or its first bytes, plain text by its name (.txt), else Markdown.

    Raises `RagError` where it cannot be read.
    """
    data = load_bytes(path)
    if path.suffix.lower() in _WORD or data[:4] == b"PK\x03\x04":
        word = WordCopy(data, path=str(path))
        return word.read(()), word
    text = load_draft(path)
    if "\0" in text:
        raise RagError(
            tell(
                es=f"{path}: tiene bytes NUL y no es un texto; da el borrador en .md, .txt o .docx",
                en=f"{path}: holds NUL bytes and is no text; give the draft as .md, .txt or .docx",
            )
        )
    plain = TextCopy(text, plain=path.suffix.lower() in _PLAIN)
    return plain.read(()), plain


class TextCopy:
    """A draft in Markdown or plain text."""

    def __init__(self, text: str, *, plain: bool) -> None:
        self._text, self._plain = text, plain
        self._lines = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text)), len(text)]
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def _line(self, number: int) -> int:
        return self._lines[min(number, len(self._lines)) - 1]

    def place(self, sentence: DraftSentence, begin: int) -> tuple[int, int] | None:
        """Return where a sentence's marker goes, and where the sentence after it may begin."""
        begin = max(begin, self._line(sentence.line))
        return _place(
            self._text, sentence.text, begin, self._line(sentence.last + 1) if sentence.last else len(self._text)
        )

    def entries(self, lines: Sequence[str], labels: Sequence[str], last: DraftEntry | None, language: str) -> Insertion:
        """Return the insertion of new entries after the last one, or with a heading at the end."""
        if self._plain:
            lines = [_ESCAPED.sub(r"\1", line) for line in lines]
        gap = self._newline * 2
        if last is None:
            title = say(language, es="Referencias", en="References")
            heading = title if self._plain else f"{'#' * self._top()} {title}"
            lead = "" if self._text.endswith(("\n", "\r")) else self._newline
            listed = [_labelled(label, line, "[", "]", " ") for label, line in zip(labels, lines, strict=True)]
            return Insertion(len(self._text), f"{lead}{self._newline}{heading}{gap}{gap.join(listed)}{self._newline}")
        opening = _LABEL.match(self._text, self._line(last.line)) if last.label else None
        form = (opening[2], opening[4], opening[5]) if opening else ("[", "]", " ")
        numbered = bool(last.label)
        body = [
            _labelled(label, line, *form) if numbered and opening else line
            for label, line in zip(labels, lines, strict=True)
        ]
        end = self._line(last.last + 1)
        place = len(self._text[:end].rstrip("\r\n \t"))
        return Insertion(place, gap + gap.join(body))

    def key(self, entry: DraftEntry, key: str) -> Insertion | None:
        """Return the insertion of one more key into an entry."""
        printed = re.compile(rf"`k:\s*{re.escape(entry.keys[-1])}\s*`")
        found = printed.search(self._text, self._line(entry.line))
        return Insertion(found.end(), f" `k:{key}`") if found else None

    def read(self, insertions: Sequence[Insertion]) -> DraftText:
        """Read the draft with these put in."""
        return (read_plain if self._plain else read_draft)(self.written(insertions))

    def written(self, insertions: Sequence[Insertion]) -> str:
        """Return the text with these put in."""
        return "".join(_pieces(self._text, insertions))

    def _top(self) -> int:
        levels = [len(match[1]) for match in re.finditer(r"(?m)^(#{1,6})\s", self._text)]
        return min(levels, default=1)


class WordCopy:
    """A draft in Word's format. What is put into a paragraph takes the form of the words before it."""

    def __init__(self, data: bytes, *, path: str) -> None:
        self._data, self._path = data, path
        self._draft = read_word(data, path=path)
        if b"<w:body" not in self._draft.part or b'encoding="UTF-16' in self._draft.part[:200]:
            raise RagError(
                tell(
                    es=(
                        f"{path}: no está escrito como escribe Word, y --fix no puede seguirlo; guárdalo de "
                        "nuevo, o dalo en .md o .txt"
                    ),
                    en=f"{path}: not written as Word writes it, so --fix cannot; save it anew, or give .md or .txt",
                )
            )

    def place(self, sentence: DraftSentence, begin: int) -> tuple[int, int] | None:
        """Return where a sentence's marker goes; where the next may begin is told by the paragraph's letters."""
        paragraph = self._draft.paragraphs[sentence.line - 1]
        number, start = divmod(begin, 10**7)
        found = _place(paragraph.text, sentence.text, start if number == sentence.line else 0, len(paragraph.letters))
        if not found or paragraph.places[found[0] - 1] < 0:
            return None
        return paragraph.places[found[0] - 1], sentence.line * 10**7 + found[1]

    def entries(self, lines: Sequence[str], labels: Sequence[str], last: DraftEntry | None, language: str) -> Insertion:
        """Return the insertion of new paragraphs after the last entry, in its form, or with a heading at the end."""
        lines = [_ESCAPED.sub(r"\1", line) for line in lines]
        if last is None:
            title = say(language, es="Referencias", en="References")
            style = next((name for name, level in self._draft.styles.items() if level == 1), "")
            named = f'<w:pPr><w:pStyle w:val="{escape_xml(style)}"/></w:pPr>' if style else ""
            bold = "" if style else "<w:rPr><w:b/></w:rPr>"
            heading = f"<w:p>{named}<w:r>{bold}<w:t>{title}</w:t></w:r></w:p>"
            body = [_labelled(label, line, "[", "]", " ") for label, line in zip(labels, lines, strict=True)]
            return Insertion(self._end(), heading + "".join(_paragraph(line, "") for line in body))
        paragraph = self._draft.paragraphs[last.line - 1]
        form = paragraph.properties.decode() if b"sectPr" not in paragraph.properties else ""
        opening = None if paragraph.listed else _LABEL.match(paragraph.text)
        body = [
            _labelled(label, line, opening[2], opening[4], opening[5]) if opening else line
            for label, line in zip(labels, lines, strict=True)
        ]
        return Insertion(paragraph.end, "".join(_paragraph(line, form) for line in body))

    def key(self, entry: DraftEntry, key: str) -> Insertion | None:
        """Return the insertion of one more key into an entry."""
        paragraph = self._draft.paragraphs[entry.line - 1]
        found = re.search(rf"`k:\s*{re.escape(entry.keys[-1])}\s*`", paragraph.text)
        place = paragraph.places[found.end() - 1] if found else -1
        return Insertion(place, f" `k:{key}`") if place >= 0 else None

    def read(self, insertions: Sequence[Insertion]) -> DraftText:
        """Read the draft with these put in."""
        return read_word(self.written(insertions), path=self._path).draft()

    def written(self, insertions: Sequence[Insertion]) -> bytes:
        """Return the file with these put in; its other parts are the same to the byte."""
        added = [(one.place, _xml(one.words)) for one in insertions]
        return put_in(self._data, self._draft.part, added)

    def _end(self) -> int:
        """Return where the body ends: before what says how its last pages are laid out."""
        part = self._draft.part
        body = part.rindex(b"</w:body>")
        last = max((one.end for one in self._draft.paragraphs), default=0)
        layout = part.find(b"<w:sectPr", last, body)
        return layout if layout >= 0 else body


def _xml(words: str) -> bytes:
    """Return words as a part holds them; paragraphs are so already."""
    return (words if words.startswith("<w:p>") else escape_xml(words)).encode()


def _paragraph(line: str, properties: str) -> str:
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape_xml(line)}</w:t></w:r></w:p>'


def _labelled(label: str, line: str, before: str, after: str, space: str) -> str:
    return f"{before}{label}{after}{space}{line}" if label.isdigit() else line


def _pieces(text: str, insertions: Sequence[Insertion]) -> Iterator[str]:
    done = 0
    for one in sorted(insertions, key=lambda one: one.place):
        yield text[done : one.place]
        yield one.words
        done = one.place
    yield text[done:]


def _place(text: str, sentence: str, begin: int, stop: int) -> tuple[int, int] | None:
    """Return where a marker goes after a sentence's last word: before the point that closes it, after a closing
    quotation mark; and where the sentence ends. None where its words do not stand so in the text.
    """
    for word in re.findall(r"\w+", sentence):
        begin = _after_word(text, word, begin, stop)
        if begin < 0:
            return None
    rest = "".join(re.split(r"\w", sentence)[-1].split())
    body = rest.rstrip(_POINTS)
    for sign in body:
        found = text.find(sign, begin, min(stop, begin + _NEAR))
        if found < 0:
            return None
        begin = found + 1
    if body == rest:
        begin = _after_markup(text, begin, stop)
        return begin, begin
    point = text.find(rest[len(body)], begin, min(stop, begin + _NEAR))
    return (point, point + len(rest) - len(body)) if point >= 0 else None


def _after_markup(text: str, begin: int, stop: int) -> int:
    while begin < stop and text[begin] in "*_`":
        begin += 1
    return begin


def _after_word(text: str, word: str, begin: int, stop: int) -> int:
    """Return where the next such word ends, -1 where there is none."""
    while (found := text.find(word, begin, stop)) >= 0:
        begin = found + len(word)
        around = text[found - 1 : found] + text[begin : begin + 1]
        if not any(letter.isalnum() or letter == "_" for letter in around):
            return begin
    return -1
