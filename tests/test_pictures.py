"""Claims about the process that draws: a file at which it hangs, crashes or fails costs its own pictures alone."""

from __future__ import annotations

import io
import os
import time
from typing import TYPE_CHECKING

from rag.codec import dumps, loads
from rag.pictures import Order, _Orders, answer, pictures
from rag.read.crops import Crop, Passage, crop_passages
from tests.render.shown_reports import LINES, PDF_TEXT, pdf_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest


def draw_oddly(data: bytes, passages: Sequence[Passage]) -> tuple[Crop | None, ...]:
    """Do what the file says; the process that draws imports this."""
    if data == b"hang":
        time.sleep(600)
    if data == b"crash":
        os.abort()
    if data == b"raise":
        raise ValueError(data)
    return crop_passages(data, passages)


ODDLY = f"{__name__}:draw_oddly"


def order(folder: Path, name: str, data: bytes) -> Order:
    """Return an order for two passages of a file."""
    (folder / name).write_bytes(data)
    return Order(str(folder / name), (Passage(1, PDF_TEXT), Passage(2, "Nada.")))


def test_a_file_that_hangs_or_crashes_costs_itself(tmp_path: Path) -> None:
    """Those before and after it are drawn."""
    good = pdf_page(*LINES)
    files = {"a": good, "b": b"hang", "c": good, "d": b"crash", "e": b"raise", "f": b"no PDF", "g": good}
    drawn = pictures([order(tmp_path, name, data) for name, data in files.items()], seconds=1.5, draw=ODDLY)
    whole = crop_passages(good, [Passage(1, PDF_TEXT)])
    assert drawn == tuple((whole[0] if data is good else None, None) for data in files.values())


def test_an_answer_is_a_line(tmp_path: Path) -> None:
    """Of JSON, for each order, as soon as it is drawn."""
    asked = order(tmp_path, "a", pdf_page(*LINES))
    told = io.BytesIO()
    answer(io.BytesIO(dumps(_Orders((asked, asked), 0, ODDLY)).encode()), told)
    first, second, rest = told.getvalue().split(b"\n")
    assert (first, rest) == (second, b"")
    assert loads(tuple[Crop | None, ...], first) == crop_passages(pdf_page(*LINES), asked.passages)


def test_where_no_process_starts_there_are_no_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried twice, not once for each of many files."""
    monkeypatch.setattr("rag.pictures.sys.executable", "/nowhere/python")
    orders = [order(tmp_path, str(number), b"") for number in range(50)]
    assert pictures(orders) == ((None, None),) * 50


def test_nothing_asked_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without PDFs starts no process."""
    monkeypatch.setattr("rag.pictures.subprocess.run", None)
    assert pictures([]) == ()
