"""A PDF and passages of its text → pictures of where they stand on their pages, with a box around each of their words.

Draws in grey, no wider and no taller than needed, as PNG made here: the same page gives the same bytes. A passage that
is not found on its page has no picture. It reads no text for use elsewhere (see `rag.read.pdf`).
"""

from __future__ import annotations

import ctypes
import math
import re
import struct
import sys
import unicodedata
import zlib
from base64 import b64encode
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Raw = Any  # pypdfium2 comes without types

BESIDE, ABOVE = 12.0, 6.0
"""Points shown at a passage's sides, and above and below it, where the next line begins."""
WIDEST, SHARPEST = 1000, 2.25
"""Pixels of a picture's width, and pixels a point, at most."""
TALLEST = 2400
"""Pixels of a picture's height: what is taller is drawn smaller."""
DEVICE = 16
"""Steps a point in which places are asked for."""
WINDOWS = (16, 8, 4, 2)
"""Words that are looked for together, the most first."""
LETTERS, APART = 10, 24
"""Letters that words looked for together have at least; and where they are not found after the last, but anywhere."""
SHADES = 15

_WORD = re.compile(r"\S+")
_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand on a page, which counts from 1; `start` is where they begin in whatever they are a part of."""

    page: int
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where a word stands in a picture, in its pixels from the upper left corner; `start` and `end` as in `Passage`."""

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a page as a picture, a PNG in base64, and the boxes of the words looked for, in their order."""

    page: int
    png: str
    width: int
    height: int
    words: tuple[WordBox, ...]


Area = tuple[float, float, float, float]
"""Left, top, right, bottom: points from the upper left corner of the page as it is looked at."""


def crop_passages(data: bytes, passages: Sequence[Passage]) -> tuple[Crop | None, ...]:
    """Return for each passage its picture; None where its words are not found, or the file cannot be opened."""
    import pypdfium2

    pictures: dict[int, Crop | None] = {}
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            ordered = sorted(range(len(passages)), key=lambda place: passages[place].page)
            for number, places in groupby(ordered, key=lambda place: passages[place].page):
                if 0 < number <= len(pdf):
                    pictures |= _on_page(pdf, number, {place: passages[place] for place in places})
    except pypdfium2.PdfiumError:
        return (None,) * len(passages)
    return tuple(pictures.get(place) for place in range(len(passages)))


def _on_page(pdf: Raw, number: int, wanted: dict[int, Passage]) -> dict[int, Crop | None]:
    import pypdfium2

    try:
        page = pdf[number - 1]
    except pypdfium2.PdfiumError:
        return {}
    try:
        letters = _Letters(page)
        return {place: _crop(page, letters, passage) for place, passage in wanted.items()}
    finally:
        page.close()


def _crop(page: Raw, letters: _Letters, passage: Passage) -> Crop | None:
    found = list(_found(passage.text, letters))
    if not found:
        return None
    width, height = page.get_size()
    left, top, right, bottom = frame = _frame([area for _, _, area in found], width, height)
    if right - left < 1 or bottom - top < 1:
        return None
    scale = min(SHARPEST, WIDEST / (right - left), TALLEST / (bottom - top))
    grey = _drawn(page, scale, (left, height - bottom, width - right, top))
    rows, columns = grey.shape
    words = (
        WordBox(passage.start + start, passage.start + end, *_pixels(area, frame, scale, columns, rows))
        for start, end, area in found
    )
    return Crop(passage.page, b64encode(_png(grey)).decode("ascii"), columns, rows, tuple(words))


def _frame(areas: Sequence[Area], width: float, height: float) -> Area:
    """Return the areas together with some room around them, as far as the page reaches."""
    lefts, tops, rights, bottoms = zip(*areas, strict=True)
    return (
        max(min(lefts) - BESIDE, 0.0),
        max(min(tops) - ABOVE, 0.0),
        min(max(rights) + BESIDE, width),
        min(max(bottoms) + ABOVE, height),
    )


def _pixels(area: Area, frame: Area, scale: float, columns: int, rows: int) -> tuple[int, int, int, int]:
    """Return where an area stands in a picture of the frame."""
    left, top, right, bottom = (round((edge - frame[side % 2]) * scale) for side, edge in enumerate(area))
    return max(left, 0), max(top, 0), min(right, columns), min(bottom, rows)


def _drawn(page: Raw, scale: float, cut: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    """Return a page without what is cut off at its left, bottom, right and top, as shades of grey."""
    bitmap = page.render(scale=scale, crop=cut, grayscale=True, may_draw_forms=False)
    try:
        pixels: NDArray[np.uint8] = np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        bitmap.close()
    return pixels.reshape(pixels.shape[0], pixels.shape[1])


class _Letters:
    """The letters and digits of a page, levelled; for each the number under which PDFium knows it."""

    def __init__(self, page: Raw) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium, self._page = pdfium, page
        self._textpage = page.get_textpage()  # closed with its page
        self._numbers: list[int] = []
        pieces: list[str] = []
        for number in range(pdfium.FPDFText_CountChars(self._textpage.raw)):
            code = pdfium.FPDFText_GetUnicode(self._textpage.raw, number)
            pieces.append(_level(chr(code)) if code <= sys.maxunicode else "")
            self._numbers += [number] * len(pieces[-1])
        self.text = "".join(pieces)
        self._size = tuple(math.ceil(side * DEVICE) for side in page.get_size())

    def area(self, first: int, end: int) -> Area:
        """Return where the letters from one to before another stand, on the page as it is looked at."""
        boxes = [self._box(number) for number in dict.fromkeys(self._numbers[first:end])]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def _box(self, number: int) -> Area:
        box = self._pdfium.FS_RECTF()
        self._pdfium.FPDFText_GetLooseCharBox(self._textpage.raw, number, box)
        (x1, y1), (x2, y2) = self._seen_at(box.left, box.top), self._seen_at(box.right, box.bottom)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def _seen_at(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        self._pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, *self._size, 0, x, y, across, down)
        return across.value / DEVICE, down.value / DEVICE


def _found(passage: str, letters: _Letters) -> Iterator[tuple[int, int, Area]]:
    """Give the words of a passage that are found on a page: where they begin and end in it, and their area.

    Several are looked for at once, from where the last were found on; what a page holds between them (a note, a
    figure, a mark) parts them.
    """
    words = [(match.start(), match.end(), _level(match[0])) for match in _WORD.finditer(passage)]
    at, cursor = 0, 0
    while at < len(words):
        taken, place = _longest(words[at : at + WINDOWS[0]], letters.text, cursor)
        if not taken:
            at += 1
            continue
        for start, end, level in words[at : at + taken]:
            if level:
                yield start, end, letters.area(place, place + len(level))
            place += len(level)
        at, cursor = at + taken, place


def _longest(words: Sequence[tuple[int, int, str]], page: str, cursor: int) -> tuple[int, int]:
    """Return how many of the words are found together, and where; none: 0."""
    for count in dict.fromkeys(min(window, len(words)) for window in WINDOWS):
        together = "".join(level for _, _, level in words[:count])
        if len(together) >= LETTERS and (place := page.find(together, cursor)) >= 0:
            return count, place
        if len(together) >= APART and (place := page.find(together)) >= 0:
            return count, place
    short = words[0][2] if words else ""
    return (1, cursor) if short and page.startswith(short, cursor) and cursor else (0, 0)


def _level(words: str) -> str:
    """Return the letters and digits alone, in lower case and without accents."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", words)).lower()
    return "".join(letter for letter in folded if letter.isalnum())


def _png(grey: NDArray[np.uint8]) -> bytes:
    """Return a picture as PNG in sixteen shades."""
    rows, columns = grey.shape
    shades = np.full((rows, columns + columns % 2), SHADES, dtype=np.uint8)
    shades[:, :columns] = (grey.astype(np.uint16) * SHADES + 127) // 255
    packed = np.zeros((rows, 1 + shades.shape[1] // 2), dtype=np.uint8)
    packed[:, 1:] = shades[:, 0::2] << 4 | shades[:, 1::2]
    head = struct.pack(">IIBBBBB", columns, rows, 4, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(packed.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
