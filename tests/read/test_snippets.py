"""Pasted snippets, each a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.errors import SourceError
from rag.occurrences import merge_occurrences
from rag.read import snippet_documents
from rag.records import Excerpt, document_id
from rag.statements import statements

FOUNDING = (
    "Mar 8, 2023 · Los avances recientes en los modelos de lenguaje han demostrado un desempeño excepcional. "
    "Feb 27, 2024 · Los datos sintéticos se están volviendo cada vez más importantes. "
    "1 día atrás · La generación de datos sintéticos juega un papel clave."
)


def test_each_snippet_is_a_document() -> None:
    """Date, words and id are the snippet's own; a relative date without a day of retrieval stays undated."""
    documents = snippet_documents(FOUNDING, path="s.txt", retrieved=None)
    assert [str(document.source.date) for document in documents] == ["2023-03-08", "2024-02-27", ""]
    assert documents[2].source.date.text == "1 día atrás"
    assert documents[1].text == "Los datos sintéticos se están volviendo cada vez más importantes."
    for document in documents:
        assert document.source.id == document_id(document.text)
        assert (document.source.format, document.source.title) == ("snippet", "")
        assert document.source.date.origin == "prefix"
        assert document.source.language == "es"


@pytest.mark.parametrize("header", ["retrieved: 2024-05-01", "Recuperado: 1 de mayo de 2024"])
def test_the_first_line_may_name_the_day_of_retrieval(header: str) -> None:
    """Relative dates are counted from it, and it outweighs the caller's."""
    *_, last = snippet_documents(f"{header}\n{FOUNDING}", path="s.txt", retrieved=date(2020, 1, 1))
    assert str(last.source.date) == "2024-04-30"
    assert last.source.retrieved == date(2024, 5, 1)
    assert "2024" not in last.text


def test_a_day_of_retrieval_that_is_none_is_an_error() -> None:
    """It names the line and shows how to write it."""
    with pytest.raises(SourceError, match=r"s\.txt: line 1: “ayer” is not a day.*2024-05-01"):
        snippet_documents(f"retrieved: ayer\n{FOUNDING}", path="s.txt", retrieved=None)


def test_material_without_a_date_is_not_lost() -> None:
    """Text before the first prefix, or without any, is an undated document."""
    lead, dated = snippet_documents("Una nota suelta.\n\nMar 8, 2023 · Otra.", path="s.txt", retrieved=None)
    assert (lead.text, lead.source.date.known) == ("Una nota suelta.", False)
    assert dated.text == "Otra."
    (only,) = snippet_documents("Sin fecha alguna.", path="s.txt", retrieved=None)
    assert not only.source.date.known
    assert snippet_documents(" \n", path="s.txt", retrieved=None) == ()


def test_one_text_under_two_dates_is_two_documents_of_one_id() -> None:
    """Nothing is merged while a file is read: each occurrence keeps its own date, and the id says they are one text."""
    text = f"{FOUNDING}\n\nApr 2, 2024 - Los datos sintéticos se están volviendo cada vez más importantes.\n"
    documents = snippet_documents(text, path="s.txt", retrieved=None)
    first, again = (document for document in documents if document.source.id == documents[1].source.id)
    assert first.text == again.text
    assert [str(document.source.date) for document in (first, again)] == ["2024-02-27", "2024-04-02"]
    merged = merge_occurrences([again.source, first.source])
    assert (str(merged.date), str(merged.republished)) == ("2024-02-27", "2024-04-02")


@pytest.mark.parametrize(
    ("prefixes", "dates"),
    [
        (("hace 2 días", "29 abr 2024"), ("2024-04-29", "")),
        (("hace 2 días", "30 abr 2024"), ("2024-04-29", "")),
        (("hace 2 días", "8 mar 2023"), ("2023-03-08", "2024-04-29")),
        (("hace 1 mes", "8 ene 2023"), ("2023-01-08", "2024")),
        (("hace 1 mes", "31 mar 2024"), ("2024-03-31", "")),
        (("hace unos días", "8 mar 2023"), ("2023-03-08", "")),
    ],
)
def test_relative_prefixes_of_one_text(prefixes: tuple[str, str], dates: tuple[str, str]) -> None:
    """Counted from the day of retrieval they say which day or month it was; the same day in other words, or one that a
    search engine's rounding moves, is no second publication, and a prefix that cannot be resolved dates nothing.
    """
    found = "\n\n".join(f"{prefix} · La misma frase." for prefix in prefixes)
    documents = snippet_documents(found, path="s.txt", retrieved=date(2024, 5, 1))
    assert len(documents) == 2
    assert {document.source.id for document in documents} == {document_id("La misma frase.")}
    merged = merge_occurrences([document.source for document in documents])
    assert (str(merged.date), str(merged.republished)) == dates


def test_without_a_day_of_retrieval_a_relative_prefix_dates_nothing() -> None:
    """The dated occurrence gives the text its date; the undated one adds none."""
    found = "hace 2 días · La misma frase.\n\n8 mar 2023 · La misma frase."
    documents = snippet_documents(found, path="s.txt", retrieved=None)
    merged = merge_occurrences([document.source for document in documents])
    assert (str(merged.date), merged.republished.known) == ("2023-03-08", False)


def test_title_and_address_are_kept() -> None:
    """What a page of results prints above a snippet is the source's, not the text's."""
    found = "Una guía\nhttps://a.example/guia\n8 mar 2023 — Una frase."
    (document,) = snippet_documents(found, path="s.txt", retrieved=None)
    assert (document.source.title, document.source.url) == ("Una guía", "https://a.example/guia")
    assert document.text == "Una frase."


def test_a_sentence_that_was_cut_off_is_never_said() -> None:
    """A snippet that ends in an ellipsis is marked, and what stands before the cut is no statement; the rest is."""
    whole = "Los datos sintéticos permiten ensayar programas sin pacientes."
    for end in ("…", "...", " …"):
        found = f"8 mar 2023 — {whole} Además, los hospitales comparten registros sin{end}"
        (document,) = snippet_documents(found, path="s.txt", retrieved=None)
        excerpt = Excerpt("abcdef", document.source, document.text, 0, len(document.text))
        assert excerpt.cut
        assert [statement.text for statement in statements(excerpt, language="es")] == [whole]
    assert not Excerpt("abcdef", document.source, whole, 0, len(whole)).cut
    assert not replace(excerpt, source=replace(document.source, format="text")).cut
