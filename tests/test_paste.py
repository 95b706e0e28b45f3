"""What becomes of pasted search results."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import RagError
from rag.paste import Pasted, paste
from rag.read import read_file

MONDAY, TUESDAY = date(2024, 5, 20), date(2024, 5, 21)
PAGE = """Datos sintéticos: guía rápida
Ejemplo
https://www.ejemplo.org › blog
hace 2 días — Una introducción para quien empieza…

Un Diario · Mar 8, 2023 · Los datos se comparten sin…
Sin fecha alguna
https://tercera.example/x
El texto de la tercera página.

Una nota suelta."""


def shown(pasted: Pasted) -> list[tuple[str, str, str, str]]:
    """Return the date, title, address and text of what is new."""
    return [(str(one.source.date), one.source.title, one.source.url, one.text) for one in pasted.new]


def test_a_page_of_results_is_split_dated_and_saved(tmp_path: Path) -> None:
    """Relative dates count from the day of retrieval; what has no date is undated, not its neighbour's; the file says
    when it was retrieved and reads back as what was shown.
    """
    pasted = paste(PAGE, retrieved=MONDAY, corpus=tmp_path)
    assert shown(pasted) == [
        (
            "2024-05-18",
            "Datos sintéticos: guía rápida",
            "https://www.ejemplo.org",
            "Una introducción para quien empieza…",
        ),
        ("2023-03-08", "", "", "Los datos se comparten sin…"),
        ("", "Sin fecha alguna", "https://tercera.example/x", "El texto de la tercera página."),
        ("", "", "", "Una nota suelta."),
    ]
    assert pasted.path == tmp_path / "snippets" / "2024-05-20.txt"
    assert pasted.path.read_text(encoding="utf-8").startswith("retrieved: 2024-05-20\n\nDatos sintéticos")
    assert read_file(pasted.path, corpus=tmp_path) == pasted.new
    assert {one.source.retrieved for one in pasted.new} == {MONDAY}


def test_a_second_paste_of_the_day_has_a_file_of_its_own(tmp_path: Path) -> None:
    """Nothing is overwritten, and nothing but the pastes is left in the folder."""
    for number in range(3):
        paste(f"ayer · La frase número {number}.", retrieved=MONDAY, corpus=tmp_path)
    names = ["2024-05-20-2.txt", "2024-05-20-3.txt", "2024-05-20.txt"]
    assert sorted(path.name for path in (tmp_path / "snippets").iterdir()) == names
    assert "número 0" in (tmp_path / "snippets" / "2024-05-20.txt").read_text(encoding="utf-8")


def test_what_is_there_already_is_not_saved_again(tmp_path: Path) -> None:
    """Twice in a paste, in an earlier paste, or lying there otherwise; the same day in other words is no other date."""
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "mine.txt").write_text("8 mar 2023 — Una frase mía.", encoding="utf-8")
    text = "Mar 8, 2023 · Una frase mía.\n\nhoy · Otra frase.\n\nOtra frase."
    pasted = paste(text, retrieved=MONDAY, corpus=tmp_path)
    assert [one.text for one in pasted.new] == ["Otra frase."]
    assert [one.text for one in pasted.known] == ["Una frase mía.", "Otra frase."]
    again = paste("ayer · Otra frase.", retrieved=TUESDAY, corpus=tmp_path)
    assert (again.path, again.new, len(again.known)) == (None, (), 1)


def test_a_text_with_another_date_is_a_republication(tmp_path: Path) -> None:
    """It is kept; so is one that dates what was undated, or says the day of what had a month."""
    for words in ("undated", "mar 2023", "8 mar 2023", "9 abr 2024"):
        pasted = paste(f"{words} · Una frase entera.", retrieved=MONDAY, corpus=tmp_path)
        assert len(pasted.new) == 1, words
    for words in ("undated", "mar 2023", "8 mar 2023", "2023"):
        assert paste(f"{words} · Una frase entera.", retrieved=MONDAY, corpus=tmp_path).path is None, words


def test_the_paste_may_name_its_own_day(tmp_path: Path) -> None:
    """It outweighs the day given."""
    pasted = paste("retrieved: 2023-01-10\n\nayer · Una frase.", retrieved=MONDAY, corpus=tmp_path)
    assert (pasted.retrieved, str(pasted.new[0].source.date)) == (date(2023, 1, 10), "2023-01-09")
    assert pasted.path == tmp_path / "snippets" / "2023-01-10.txt"


def test_a_bare_address_is_reported(tmp_path: Path) -> None:
    """It is no text of a source, and not lost without a word."""
    pasted = paste("hoy · Una frase.\nhttps://a.example/x", retrieved=MONDAY, corpus=tmp_path)
    assert ([one.text for one in pasted.new], pasted.left_out) == (["Una frase."], ("https://a.example/x",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no words"),
        (" \n…\n", "holds no words"),
        ("retrieved: ayer\nhoy · Uno.", "line 1: “ayer” is not a day"),
    ],
)
def test_a_paste_that_cannot_be_saved_says_why(text: str, message: str, tmp_path: Path) -> None:
    """One line with the remedy, and no file."""
    with pytest.raises(RagError, match=message):
        paste(text, retrieved=MONDAY, corpus=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_corpus_that_is_none_is_an_error(tmp_path: Path) -> None:
    """A missing folder, and one that cannot be written to, are named; no draft is left behind."""
    with pytest.raises(RagError, match="no such folder"):
        paste("hoy · Uno.", retrieved=MONDAY, corpus=tmp_path / "corpus")
    (tmp_path / "snippets").write_text("a file", encoding="utf-8")
    with pytest.raises(RagError, match="cannot be saved"):
        paste("hoy · Uno.", retrieved=MONDAY, corpus=tmp_path)


def test_a_disk_that_fails_loses_no_earlier_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file gets its name only when it is whole."""
    paste("hoy · Uno solo.", retrieved=MONDAY, corpus=tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RagError, match="No space left"):
        paste("hoy · Dos solos.", retrieved=MONDAY, corpus=tmp_path)
    assert [path.name for path in (tmp_path / "snippets").iterdir()] == ["2024-05-20.txt"]


LINES = st.sampled_from(
    [
        "8 mar 2023 — Una frase entera.",
        "hace 2 semanas · Otra que se corta…",
        "Un Diario · ayer · Lo que dijo.",
        "2019 — Capítulo sobre la peste.",
        "2019 — Capítulo sobre",
        "la peste y el agua.",
        "31 feb 2023 · No existe.",
        "sin fecha · Nada.",
        "Un título",
        "https://a.example/x",
        "https://www.b.example › c",
        "Actualizado: 3 ene 2022",
        "- Mar 8, 2023 · Con guion. 7 may 2023 · Y otra.",
        "1. algo",
        "",
        "retrieved: 2024-01-01",
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    lines=st.lists(
        st.one_of(LINES, LINES, st.text(st.characters(exclude_categories=["Cs"]), max_size=20)), min_size=1, max_size=12
    )
)
def test_a_paste_reads_back_and_loses_nothing(lines: list[str]) -> None:
    """For any paste: the file gives the documents that were shown, and every word of it is in the file or reported."""
    text = "\n".join(["hoy · Principio del texto.", *lines])
    with TemporaryDirectory() as folder:
        pasted = paste(text, retrieved=MONDAY, corpus=Path(folder))
        assert pasted.path
        assert read_file(pasted.path, corpus=Path(folder)) == pasted.new
        saved = pasted.path.read_text(encoding="utf-8")
        assert paste(saved, retrieved=MONDAY, corpus=Path(folder)).path is None
    kept = " ".join((saved, *pasted.left_out, *(one.text for one in pasted.known)))
    for line in lines:
        if re.fullmatch(r"[\w .…]+", line, re.ASCII):
            assert all(word in kept for word in line.split()), line
