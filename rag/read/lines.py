"""A page of a PDF as PDFium opens it -> its lines, each with its place, its size and its weight.

Does not order them (see `rag.read.columns`). Leaves out what lies beyond the page, what is too small to be meant for
people, and what `rag.read.unseen` finds that nobody sees. A page printed sideways is turned; a few words that run
upwards on an upright page (the name of an axis, a stamp at the margin) are told apart.
"""

from __future__ import annotations

import ctypes
import math
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from rag.read.characters import one_line
from rag.read.unseen import address, unseen_objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Raw = Any  # pypdfium2 comes without types
    _Place = tuple[float, float, float, float, bool]  # left, right, base, height, upright

LEGIBLE = 2.0
"""Points: smaller text is not meant to be read by people."""
ONE_ROW = 0.5
"""How far apart, in heights, two words of a line may stand up or down; a mark for a footnote is raised by a third."""
GAP = 1.2
"""Heights between words that no space of justified text is wide."""
SPACE, BACK = 0.12, 0.6
"""Heights between words that PDFium took for two lines: from here on they are two; no word runs so far back."""
RAISED, SMALL = 0.12, 0.85
"""A mark is raised by more than this and smaller than that, in heights of its word."""
SPREAD = 8
"""So many words on a line, most of them of one letter, are a line set letter by letter."""

RAISED_DIGITS = str.maketrans("0123456789-−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
HAS_POWERS = re.compile(r"(?:.*[^\w.,])?(?:\d{1,2}|[^\W\d_]{1,3})")
"""What a small raised number is the power of: a number of one or two digits, or a unit or symbol of one to three
letters. After anything else it marks a note."""
ENDS_IN_DIGIT = re.compile(r".+\d[,;.:)\]]*")
WORD = re.compile("[^\\s\x02\ufffe]+[\x02\ufffe]?")
HYPHEN_AT_LINE_END = re.compile("[\x02\ufffe]")
LETTER = re.compile(r"[^\W\d_]")
BOLD = re.compile(rb"bold|black|heavy|medi(?!um)|demi|cmbx|cmssbx|sfbx|-B$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of clean text, or a piece of one between wide gaps: where it stands, how high its letters are.

    Points from the page's lower left corner; `base` is what its letters stand on. `bare` is the text without marks for
    footnotes, where they were looked for. `column` are the edges of the column it stands in, once that is known.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    height: float = 10.0
    bold: bool = False
    upright: bool = True
    bare: str = ""
    column: tuple[float, float] = (0.0, 0.0)

    @property
    def width(self) -> float:
        """How long it is."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as PDFium holds it: the numbers of its first letter and of the one after its last."""

    text: str
    first: int
    left: float
    right: float
    base: float
    height: float
    upright: bool
    spaced: bool
    bare: str

    def continues(self, before: _Word) -> bool:
        """Say whether it stands on the line of the word before it."""
        size = max(self.height, before.height)
        gap = self.left - before.right
        level = abs(self.base - before.base) < ONE_ROW * size
        return self.upright == before.upright and level and -BACK * size < gap < GAP * size


def page_lines(page: Raw, *, marks: bool = False) -> tuple[Line, ...]:
    """Return the lines of a page in the order in which the file holds them; `marks` asks for `bare`."""
    textpage = page.get_textpage()
    try:
        words = tuple(_legible(_words(page, _Letters(textpage.raw), marks=marks), box=page.get_bbox()))
        return tuple(_lines(words, textpage.raw))
    finally:
        textpage.close()


class _Letters:
    """The letters of a page by their numbers, as PDFium counts them."""

    def __init__(self, raw: Raw) -> None:
        import pypdfium2.raw as pdfium

        self.raw = raw
        self._pdfium = pdfium
        self._origin = ctypes.c_double(), ctypes.c_double()
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()

    def text(self) -> str:
        """Return one letter for each that PDFium counts."""
        count = self._pdfium.FPDFText_CountChars(self.raw)
        buffer = (ctypes.c_ushort * (count + 1))()
        written = self._pdfium.FPDFText_GetText(self.raw, 0, count, buffer) - 1
        text = bytes(buffer)[: 2 * written].decode("utf-16-le", "surrogatepass")
        if len(text) == count == written:
            return text
        # PDFium's ranges leave rare letters out and write others as two: then letter by letter.
        letters = (self._pdfium.FPDFText_GetUnicode(self.raw, index) for index in range(count))
        return "".join(chr(letter) if letter <= sys.maxunicode else "\ufffd" for letter in letters)

    def place(self, first: int, last: int) -> _Place:
        """Return where a word stands; one that is not upright as if the page were turned."""
        x, y = self._origin
        box, matrix = self._box, self._matrix
        self._pdfium.FPDFText_GetCharOrigin(self.raw, first, x, y)
        self._pdfium.FPDFText_GetLooseCharBox(self.raw, last, box)
        self._pdfium.FPDFText_GetMatrix(self.raw, first, matrix)
        height = self._pdfium.FPDFText_GetFontSize(self.raw, first) * math.hypot(matrix.c, matrix.d)
        height = height or box.top - box.bottom
        if abs(matrix.a) >= abs(matrix.b):
            return x.value, max(box.right, x.value), y.value, height, True
        if matrix.b > 0:  # upwards: what is up on the page is to the right
            return y.value, max(box.top, y.value), -x.value, height, False
        return -y.value, max(-box.bottom, -y.value), x.value, height, False

    def bare(self, text: str, first: int) -> str:
        """Return a word without small raised letters, such as mark a footnote."""
        raised = self._raised(text, first)
        return "".join(letter for letter, mark in zip(text, raised, strict=True) if not mark)

    def written(self, text: str, first: int) -> str:
        """Return a word with powers as such, for 10⁶ is not 106, and without marks of notes: 2023 is not 20234."""
        if not ENDS_IN_DIGIT.fullmatch(text) or not any(raised := self._raised(text, first)):
            return text
        power = HAS_POWERS.fullmatch(text[: raised.index(True)])
        letters = zip(text, raised, strict=True)
        return "".join(
            letter.translate(RAISED_DIGITS) if mark else letter for letter, mark in letters if power or not mark
        )

    def _raised(self, text: str, first: int) -> list[bool]:
        """Say of each letter of a word whether it is small and raised."""
        last = first + len(text.rstrip(",;.:)]")) - 1
        _, _, base, height, _ = self.place(first, first)
        _, _, end_base, end_height, _ = self.place(last, last)
        if abs(base - end_base) <= RAISED * height and height == end_height:
            return [False] * len(text)
        letters = [self.place(number, number) for number in range(first, first + len(text))]
        tallest, lowest = max(letter[3] for letter in letters), min(letter[2] for letter in letters)
        return [base - lowest > RAISED * tallest and height < SMALL * tallest for _, _, base, height, _ in letters]


def _words(page: Raw, letters: _Letters, *, marks: bool) -> Iterator[_Word]:
    """Give the words that are seen, with their places."""
    import pypdfium2.raw as pdfium

    text = letters.text()
    unseen = unseen_objects(page)
    end = 0
    for match in WORD.finditer(text):
        first = match.start()
        spaced, end = " " in text[end:first], match.end()
        if unseen and address(pdfium.FPDFText_GetTextObject(letters.raw, first)) in unseen:
            continue
        bare = letters.bare(match[0], first) if marks else match[0]
        written = letters.written(match[0], first)
        yield _Word(written, first, *letters.place(first, end - 1), spaced=spaced, bare=bare)


def _legible(words: Iterable[_Word], *, box: tuple[float, float, float, float]) -> Iterator[_Word]:
    """Give the words on the page, turned if most of the page is; the others that run upwards stay told apart."""
    found = [word for word in words if word.height >= LEGIBLE]
    turned = sum(len(word.text) for word in found if not word.upright)
    sideways = turned > sum(len(word.text) for word in found) / 2
    left, bottom, right, top = box
    for word in found:
        x, y = (word.left + word.right) / 2, word.base + word.height / 4
        if not word.upright:
            x, y = (-y, x) if -right <= y <= -left and bottom <= x <= top else (y, -x)
        if left <= x <= right and bottom <= y <= top:
            yield replace(word, upright=not word.upright) if sideways else word


def _lines(words: Sequence[_Word], raw: Raw) -> Iterator[Line]:
    """Give the lines that the words make."""
    start = 0
    for number, word in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else None
        broken = HYPHEN_AT_LINE_END.search(word.text)
        if following is None or broken or not following.continues(word):
            if line := _line(words[start : number + 1], raw):
                yield line
            start = number + 1


def _line(words: Sequence[_Word], raw: Raw) -> Line | None:
    """Return the line of these words; none when no letter of theirs can be read."""
    gaps = ["", *(" " if parted else "" for parted in _gaps(words))]
    text = _cleaned("".join(gap + word.text for gap, word in zip(gaps, words, strict=True)))
    if not text:
        return None
    letters = Counter[float]()
    for word in words:
        letters[round(2 * word.height) / 2] += len(word.text)
    largest = max(words, key=lambda word: len(word.text))
    worded = [word for word in words if LETTER.search(word.text)] or [largest]
    return Line(
        text,
        left=words[0].left,
        right=max(word.right for word in words),
        base=largest.base,
        height=letters.most_common(1)[0][0],
        bold=all(_is_bold(raw, word.first) for word in (worded[0], worded[-1], largest)),
        upright=largest.upright,
        bare=_cleaned("".join(gap + word.bare for gap, word in zip(gaps, words, strict=True))),
    )


def _cleaned(text: str) -> str:
    """Return clean text: a hyphen where PDFium marks one, a whole letter where it gives the halves of a rare one."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return one_line(HYPHEN_AT_LINE_END.sub("-", whole))


def _gaps(words: Sequence[_Word]) -> list[bool]:
    """Say between which words of a line stands a space.

    PDFium sees one around each letter that is set in a wide cell of its own; there it takes an empty cell.
    """
    pairs = list(pairwise(words))
    if len(words) >= SPREAD and median(len(word.text) for word in words) == 1:
        cell = quantiles([(other.left - word.left) / len(word.text) for word, other in pairs])[0]
        return [other.left - word.left > (len(word.text) + 0.5) * cell for word, other in pairs]
    return [other.spaced or other.left - word.right > SPACE * other.height for word, other in pairs]


def _is_bold(raw: Raw, index: int) -> bool:
    """Say whether the name of a letter's font says that it is bold."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, index, name, len(name), ctypes.c_int())
    return bool(BOLD.search(name.value))
