"""A page of a PDF -> the pieces of its text that nobody who looks at the page can see.

White or as the ground it stands on, drawn as invisible, clipped away, under an image or a painted area: what could be
any of these is taken out of the page, and is unseen when the page then looks the same. The text that a scanner's
program lays under the image of a page is kept: there it is all the text there is.

Does not know where words begin; text off the page or too small is for `rag.read.lines`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Raw = Any  # pypdfium2 comes without types
    Box = tuple[float, float, float, float]
    Matrix = tuple[float, float, float, float, float, float]

DEPTH, MOST = 3, 20_000
"""Forms inside forms, and objects of a page, that are looked at."""
LIGHT, FAINT = 200, 64
"""Colours from so light on (of 255), and so little opaque, may not be seen."""
ALIKE = 48
"""Colours that differ by less may not be told apart."""
NO_FILL = frozenset({3, 7})
"""Ways to draw text that draw nothing."""
SCALE, DIFFERENCE = 1.5, 20
"""Pixels a point at which a page is compared, and how much one must change (of 255) to be seen."""
LARGEST = 2500
"""Pixels of the longer side of a page that is compared."""
SCANNED, OVERLAY = 0.5, 0.2
"""An image of so much of the page is a scan, unless the text that is seen is more than that share of all."""
NO_COLOR, OTHER_COLOR = (-999,) * 4, (999,) * 4
"""Stand for the colours of images and patterns, which are like no other."""
TOGETHER = 256
"""Texts compared at once with all that is painted on a page."""
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Object:
    """Something drawn on a page: its number in the order of drawing, its kind and its box on the page."""

    number: int
    kind: int
    raw: Raw
    box: Box
    color: tuple[int, int, int, int] | None

    @property
    def area(self) -> float:
        left, bottom, right, top = self.box
        return max(right - left, 0) * max(top - bottom, 0)


def address(pointer: Raw) -> int:
    """Return what tells one object of a page from another."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def unseen_objects(page: Raw) -> frozenset[int]:
    """Return the addresses of the objects whose text nobody sees."""
    import pypdfium2.raw as pdfium

    objects = list(_objects(page))
    texts = [one for one in objects if one.kind == pdfium.FPDF_PAGEOBJ_TEXT]
    suspects = _suspects(texts, [one for one in objects if one.kind != pdfium.FPDF_PAGEOBJ_TEXT])
    if not suspects:
        return frozenset()
    hidden = [suspect for suspect, changed in zip(suspects, _changes(page, suspects), strict=True) if not changed]
    width, height = page.get_size()
    scans = [one for one in objects if one.kind == pdfium.FPDF_PAGEOBJ_IMAGE and one.area > SCANNED * width * height]
    seen = sum(one.area for one in texts) - sum(one.area for one in hidden)
    if scans and seen <= OVERLAY * sum(one.area for one in texts):
        return frozenset()
    return frozenset(address(one.raw) for one in hidden)


def _objects(page: Raw) -> Iterator[_Object]:
    """Give texts, images and painted areas in the order in which they are drawn, also those inside forms."""
    import pypdfium2.raw as pdfium

    for number, (raw, matrix) in enumerate(_drawn(page)):
        if number == MOST:
            return
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            mode = ctypes.c_int()
            pdfium.FPDFPath_GetDrawMode(raw, mode, ctypes.c_int())
            if not mode.value:
                continue
        yield _Object(number, kind, raw, _box(raw, matrix), _color(raw))


def _drawn(page: Raw) -> Iterator[tuple[Raw, Matrix]]:
    """Give the objects of a page with what moves them to their place."""
    import pypdfium2.raw as pdfium

    waiting: list[tuple[Raw, Matrix, int]] = [
        (pdfium.FPDFPage_GetObject(page, number), IDENTITY, 0)
        for number in reversed(range(min(pdfium.FPDFPage_CountObjects(page), MOST)))
    ]
    while waiting:
        raw, matrix, depth = waiting.pop()
        if pdfium.FPDFPageObj_GetType(raw) != pdfium.FPDF_PAGEOBJ_FORM:
            yield raw, matrix
        elif depth < DEPTH:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(raw, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            count = min(max(pdfium.FPDFFormObj_CountObjects(raw), 0), MOST)
            waiting += [(pdfium.FPDFFormObj_GetObject(raw, n), inner, depth + 1) for n in reversed(range(count))]


def _times(one: Matrix, other: Matrix) -> Matrix:
    """Return what moves as the first and then as the other."""
    a, b, c, d, e, f = one
    A, B, C, D, E, F = other  # noqa: N806 - the names of the format
    return (a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F)


def _box(raw: Raw, matrix: Matrix) -> Box:
    """Return the box of an object on the page."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top)
    if matrix == IDENTITY:
        return left.value, bottom.value, right.value, top.value
    a, b, c, d, e, f = matrix
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs, ys = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _color(raw: Raw) -> tuple[int, int, int, int] | None:
    """Return the colour an object is painted with, and how opaque; none for a pattern or an image."""
    import pypdfium2.raw as pdfium

    parts = tuple(ctypes.c_uint() for _ in range(4))
    found = pdfium.FPDFPageObj_GetFillColor(raw, *parts)
    return (parts[0].value, parts[1].value, parts[2].value, parts[3].value) if found else None


def _suspects(texts: Sequence[_Object], areas: Sequence[_Object]) -> list[_Object]:
    """Return the texts that may not be seen."""
    found = []
    for start in range(0, len(texts), TOGETHER):
        some = texts[start : start + TOGETHER]
        grounded = _grounded(some, areas) if areas else [False] * len(some)
        found += [text for text, on in zip(some, grounded, strict=True) if on or _undrawn(text)]
    return found


def _undrawn(text: _Object) -> bool:
    """Say whether a text is drawn in a way, in a colour or through a hole in which it may not be seen."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFTextObj_GetTextRenderMode(text.raw) in NO_FILL:
        return True
    if text.color and (min(text.color[:3]) >= LIGHT or text.color[3] < FAINT):
        return True
    clip = pdfium.FPDFPageObj_GetClipPath(text.raw)
    return bool(clip) and pdfium.FPDFClipPath_CountPaths(clip) > 0 and _clipped(text, clip)


def _clipped(text: _Object, clip: Raw) -> bool:
    """Say whether the middle of a text lies outside what its clip leaves of the page."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    left, bottom, right, top = text.box
    for path in range(pdfium.FPDFClipPath_CountPaths(clip)):
        points = []
        for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), MOST)):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, number)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            points.append((x.value, y.value))
        xs, ys = [point[0] for point in points] or [0.0], [point[1] for point in points] or [0.0]
        if not (min(xs) <= (left + right) / 2 <= max(xs) and min(ys) <= (bottom + top) / 2 <= max(ys)):
            return True
    return False


def _grounded(texts: Sequence[_Object], areas: Sequence[_Object]) -> Sequence[bool]:
    """Say which texts lie under something drawn later, or on something of their own colour."""
    boxes, colors = np.array([area.box for area in areas]), np.array([area.color or NO_COLOR for area in areas])
    places, own = np.array([text.box for text in texts]), np.array([text.color or OTHER_COLOR for text in texts])
    x, y = (places[:, 0::2].mean(axis=1), places[:, 1::2].mean(axis=1))
    across = (boxes[:, 0] <= x[:, None]) & (x[:, None] <= boxes[:, 2])
    around = across & (boxes[:, 1] <= y[:, None]) & (y[:, None] <= boxes[:, 3])
    later = np.array([area.number for area in areas]) > np.array([[text.number] for text in texts])
    alike = np.abs(colors[None, :, :3] - own[:, None, :3]).max(axis=2) < ALIKE
    return list((around & (later | alike)).any(axis=1))


def _changes(page: Raw, suspects: Sequence[_Object]) -> Iterator[bool]:
    """Say for each suspect whether the page looks different without all of them."""
    import pypdfium2.raw as pdfium

    scale = min(SCALE, LARGEST / max(page.get_size()))
    before = _drawing(page, scale)
    for suspect in suspects:
        pdfium.FPDFPageObj_SetIsActive(suspect.raw, 0)
    after = _drawing(page, scale)
    for suspect in suspects:
        pdfium.FPDFPageObj_SetIsActive(suspect.raw, 1)
        place = _pixels(page, suspect.box, shape=before.shape[:2])
        difference = np.subtract(before[place], after[place], dtype=np.int16)
        yield bool((np.abs(difference) >= DIFFERENCE).any())


def _drawing(page: Raw, scale: float) -> NDArray[np.uint8]:
    """Return a picture of the page: rows, columns, colours."""
    bitmap = page.render(scale=scale, may_draw_forms=False)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        bitmap.close()


def _pixels(page: Raw, box: Box, *, shape: tuple[int, int]) -> tuple[slice, slice]:
    """Return the rows and columns of a picture of the page in which a box lies."""
    import pypdfium2.raw as pdfium

    rows, columns = shape
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        pdfium.FPDF_PageToDevice(page, 0, 0, columns, rows, 0, across, up, x, y)
        corners.append((x.value, y.value))
    (left, top), (right, bottom) = map(min, *corners), map(max, *corners)
    return slice(max(top, 0), max(bottom, 0) + 1), slice(max(left, 0), max(right, 0) + 1)
