"""Tables of dated snippets."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.read.tables import read_table

if TYPE_CHECKING:
    from rag.records import Document

SPANISH = """fecha;título;texto;enlace;autor;fuente;idioma
8 mar 2023;Uno;"Los datos; dice «la ley»,
son sintéticos.";https://example.org/a;García, Ana;El País;es
03/04/2023;Dos;Otra frase con fecha dudosa.;;;;
;Tres;;;;;
;Cuatro;Sin fecha alguna.;;;;
"""


def read(text: str) -> list[Document]:
    """Read a table."""
    return list(read_table(text, path="t_2019.csv"))


def test_each_row_with_text_is_a_snippet_with_its_fields() -> None:
    """Quoted cells keep their semicolons; a row without text is nothing."""
    first, second, third = read(SPANISH)
    source = first.source
    assert first.text == "Los datos; dice «la ley», son sintéticos."
    assert (source.format, source.title, str(source.date), source.date.origin) == (
        "snippet",
        "Uno",
        "2023-03-08",
        "bibliography",
    )
    assert (source.url, source.authors, source.journal) == ("https://example.org/a", ("Ana García",), "El País")
    assert source.language == "es"
    assert [document.source.title for document in (second, third)] == ["Dos", "Cuatro"]


def test_an_ambiguous_day_is_not_guessed() -> None:
    """03/04/2023 is some day of 2023 and keeps its words; no row is dated by the name of the file."""
    _, second, third = read(SPANISH)
    assert (str(second.source.date), second.source.date.text) == ("2023", "03/04/2023")
    assert not third.source.date.known


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(
    rows=st.lists(
        st.tuples(st.text('abñ ,;|\t"\n.', min_size=1), st.sampled_from(["2023-03-08", "2021", ""])), min_size=1
    )
)
@settings(deadline=None, max_examples=30)
def test_what_a_spreadsheet_writes_is_read_back(delimiter: str, rows: list[tuple[str, str]]) -> None:
    """Whatever delimiter, quotes and line ends the cells hold, every text and its date come back."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("Text", "Date"), *rows])
    wanted = [(" ".join(text.split()), date) for text, date in rows if text.split()]
    if not wanted:
        return
    found = [(" ".join(document.text.split()), str(document.source.date)) for document in read(out.getvalue())]
    assert found == wanted


def test_jsonl_is_a_table_too() -> None:
    """Each line an object; lists of authors, numbers as years, names of columns in any case."""
    lines = [
        {"Snippet": "The cat sat on the mat.", "date": "Mar 8, 2023", "author": ["Ana Gil", "Luis Paz"]},
        {"Snippet": "Another.", "date": 2021, "n": None},
    ]
    first, second = read("\n\n".join(map(json.dumps, lines)))
    assert (str(first.source.date), first.source.authors) == ("2023-03-08", ("Ana Gil", "Luis Paz"))
    assert str(second.source.date) == "2021"


def test_a_relative_date_is_counted_from_its_rows_day_of_retrieval() -> None:
    """Without one it stays undated with its words."""
    one, other = read("date,text,retrieved\n2 days ago,One.,2024-05-03\n2 days ago,Two.,\n")
    assert (str(one.source.date), one.source.retrieved) == ("2024-05-01", date(2024, 5, 3))
    assert (str(other.source.date), other.source.date.text) == ("", "2 days ago")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "no column of text; name one “text” or “texto” (found: a, b)"),
        ('{"a": "1"}', "(found: a)"),
        ("text,date\nsome, more, words\n", "line 2 has 3 cells under 2 columns"),
        ('text\n"open\n', "line 2 cannot be read"),
        ('{"text": "a"}\nnope', "line 2 is no JSON"),
        ('{"text": "a"}\n[1]', "line 2 is no object"),
        ("text\n\n", "its column “text” is empty"),
        ("text,retrieved\na,2024\n", "line 2: “2024” is not a day of retrieval"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, told: str) -> None:
    """Columns found, line, and remedy; always in one line."""
    with pytest.raises(SourceError, match=r"t_2019\.csv: ") as caught:
        read(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
