"""What is no prose and says so."""

from __future__ import annotations

from rag.read.compose import Block
from rag.read.marked import code, row, table
from rag.sentences import is_whole


def test_a_row_is_one_paragraph_that_begins_with_the_mark() -> None:
    """Empty cells are left out, and so is an empty row."""
    assert row(["Año", "", " n\n casos "]) == Block("| Año | n casos")
    assert row(["", " "]) == Block("")


def test_code_is_a_paragraph_a_line() -> None:
    """Blank lines are none."""
    assert [block.text for block in code("x = 1\n\n  y = 2\n")] == ["| x = 1", "", "| y = 2"]


def test_a_table_of_one_column_is_a_frame() -> None:
    """Its blocks stay what they are."""
    heading, text = Block("Uno", level=1), Block("Texto.")
    assert list(table([[(heading, text)], []])) == [heading, text]
    assert list(table([[(heading,), (text,)], [(text,)]])) == [Block("| Uno | Texto."), Block("| Texto.")]


def test_what_is_marked_is_no_sentence() -> None:
    """A line of code that reads like prose stands in no text."""
    prose = "El programa tarda un minuto en leer los datos de la encuesta."
    assert is_whole(prose, language="es")
    assert not is_whole(next(iter(code(prose))).text, language="es")
