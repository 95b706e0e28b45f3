"""Lines of a page to the order of reading."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.columns import CELL, in_reading_order
from rag.read.lines import Line


def line(text: str, left: float, right: float, row: float, *, height: float = 10.0) -> Line:
    """Return a line that stands so many rows under the top of its page."""
    return Line(text, left, right, 780 - 12 * row, height, bare=text)


def column(name: str, left: float, right: float, rows: range) -> list[Line]:
    """Return running text between two edges."""
    return [line(f"{name}{row} y lo que sigue en la misma línea", left, right, row) for row in rows]


def order(lines: list[Line]) -> list[str]:
    """Return the first words of lines, mixed and put in order."""
    mixed = random.Random(7).sample(lines, len(lines))  # noqa: S311 - any order will do
    return [found.text.split(" y lo ")[0] for found in in_reading_order(mixed)]


def names(name: str, rows: range) -> list[str]:
    """Return the first words of a column."""
    return [f"{name}{row}" for row in rows]


def test_one_column_is_read_downwards() -> None:
    """Whatever the order in which the file holds the lines."""
    assert order(column("a", 60, 540, range(20))) == names("a", range(20))


def test_columns_are_read_one_by_one_under_what_spans_them() -> None:
    """The title first, then the left column, then the right; each line is told its column's edges."""
    lines = [
        line("Título", 100, 500, 0),
        *column("a", 60, 290, range(2, 22)),
        *column("b", 310, 540, range(2, 22)),
        line("Pie", 60, 540, 24),
    ]
    assert order(lines) == ["Título", *names("a", range(2, 22)), *names("b", range(2, 22)), "Pie"]
    assert {found.column for found in in_reading_order(lines[1:41])} == {(60, 290), (310, 540)}


def test_what_spans_the_columns_parts_the_page() -> None:
    """Above a figure over both columns both are read, and then both below it."""
    lines = [
        *column("a", 60, 290, range(10)),
        *column("b", 310, 540, range(10)),
        line("Figura", 90, 510, 11),
        *column("c", 60, 290, range(13, 23)),
        *column("d", 310, 540, range(13, 23)),
    ]
    expected = [*names("a", range(10)), *names("b", range(10)), "Figura"]
    assert order(lines) == [*expected, *names("c", range(13, 23)), *names("d", range(13, 23))]


def test_a_line_a_little_too_long_does_not_part_the_page() -> None:
    """A formula that runs over the gutter stays in its column."""
    lines = [*column("a", 60, 290, range(20)), *column("b", 310, 540, range(20))]
    lines[5] = line("a5", 60, 330, 5)
    assert order(lines) == [*names("a", range(20)), *names("b", range(20))]


def test_three_columns_are_read_one_by_one() -> None:
    """As many as there are, up to eight."""
    lines = [
        *column("a", 60, 200, range(20)),
        *column("b", 220, 360, range(20)),
        *column("c", 380, 520, range(20)),
    ]
    assert order(lines) == [*names("a", range(20)), *names("b", range(20)), *names("c", range(20))]


def test_a_margin_is_read_last() -> None:
    """Dates and licences beside the text do not come before its title."""
    lines = [line("Título", 160, 480, 0), *column("a", 160, 540, range(2, 30)), *column("m", 40, 140, range(10, 18))]
    assert order(lines) == ["Título", *names("a", range(2, 30)), *names("m", range(10, 18))]


def test_a_table_written_by_rows_is_read_by_rows() -> None:
    """Cells that stand apart are pieces of one line, and marked as such."""
    lines = [line(f"{name}{row}", left, left + 30, row) for row in range(6) for name, left in (("a", 60), ("b", 200))]
    assert [found.text for found in in_reading_order(lines)] == [f"a{row}{CELL}b{row}" for row in range(6)]


def test_a_table_written_by_cells_is_read_by_cells() -> None:
    """The words of a cell of several lines stay together; what stands over and under the table keeps its place."""
    cells = [
        line(f"{name}{row}", left, left + 30, row) for name, left in (("a", 60), ("b", 200)) for row in range(2, 5)
    ]
    lines = [line("sobre", 60, 300, 0), *cells, line("bajo", 60, 300, 6)]
    expected = ["sobre", "a2", "a3", "a4", "b2", "b3", "b4", "bajo"]
    assert [found.text for found in in_reading_order(lines)] == expected


def test_pieces_of_a_line_are_one() -> None:
    """A raised mark and what follows it stand on the line they belong to."""
    pieces = [line("García", 60, 100, 0), line("1", 100, 104, -0.3, height=6), line(", Gil", 104, 130, 0)]
    assert [found.text for found in in_reading_order(pieces)] == ["García1, Gil"]


def test_what_runs_upwards_is_left_out() -> None:
    """The name of an axis is no line of the text."""
    axis = Line("Frecuencia", 10, 90, -40, 8, upright=False)
    assert order([axis, *column("a", 60, 540, range(3))]) == names("a", range(3))


PLACED = st.builds(
    line,
    st.text("abc ", min_size=1, max_size=30).map(lambda text: f"x{text.strip()}"),
    st.integers(40, 320),
    st.integers(330, 560),
    st.integers(0, 40),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(PLACED, max_size=60))
def test_no_letter_is_lost_or_invented(lines: list[Line]) -> None:
    """Every letter comes out once, whatever stands where."""
    found = "".join(line.text for line in in_reading_order(lines))
    assert sorted(found.replace(CELL, "").replace(" ", "")) == sorted(
        "".join(line.text for line in lines).replace(" ", "")
    )
