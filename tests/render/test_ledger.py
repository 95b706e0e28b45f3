"""Claims about the table a report becomes."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from rag.render.ledger import COLUMNS, to_ledger
from tests.render.pages import whole


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows by their columns."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_sentence_and_each_thing_it_cites_has_a_row() -> None:
    """In the report's order, with the excerpt's words, who and when, and the verdict."""
    found = rows(to_ledger(whole()))
    assert [(row["kind"], row["use"], row["number"], row["key"]) for row in found] == [
        ("author", "offered", "4", "dddddd"),
        ("written", "cited", "1", "aaaaaa"),
        ("written", "cited", "2", "bbbbbb"),
        ("written", "cited", "2", "bbbbbb"),
        ("written", "cited", "3", "cccccc"),
        ("written", "cited", "4", "dddddd"),
    ]
    assert tuple(found[1]) == COLUMNS
    assert found[1] == {
        "section": "Uno *dos*", "kind": "written", "sentence": "Crecen cada año.", "use": "cited", "number": "1",
        "key": "aaaaaa", "quote": "", "excerpt": "Son importantes. Y más.", "source": "Evaluación de la privacidad",
        "authors": "Ana García Pérez; José Luis Gil de la Vega", "date": "2021-06", "precision": "month",
        "date_text": "", "place": "p. 4", "address": "https://doi.org/10.1000/(a)b", "verdict": "supported",
        "reason": "",
    }  # fmt: skip
    assert found[3]["quote"] == "Son importantes"
    assert (found[4]["date"], found[4]["date_text"]) == ("", "1 día atrás")


@given(st.text(max_size=40))
@example("=HYPERLINK(A1)")
@example("\t=1+1")
@example(" -2")
@example("＝1")
@example('a";=1\r\n=2')
@example("\ud800")
@example("'")
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever a source says, a spreadsheet computes nothing, and the words stay."""
    found = rows(to_ledger(whole(text=text or "a")))
    for row in found:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert len(found) == 6
    said, written = ("".join(words.split()) for words in (found[1]["sentence"], text or "a"))
    assert said in {written, f"'{written}"} or not text.isprintable()
