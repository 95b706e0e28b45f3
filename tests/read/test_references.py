"""Which titles announce a list of sources, and which texts are one."""

from __future__ import annotations

import pytest

from rag.read.references import is_references_title, lists_sources


@pytest.mark.parametrize(
    "title",
    [
        "References",
        "REFERENCES",
        "References:",
        "7. References",
        "5.1 Bibliography",
        "VI. Literature Cited",
        "Works cited",
        "Referencias",
        "Referencias bibliográficas",
        "REFERENCIAS BIBLIOGRAFICAS",
        "Bibliografía",
        "Bibliografia",
        "8. Literatura citada",
        "Fuentes",
    ],
)
def test_titles_of_lists_of_sources(title: str) -> None:
    """Numbered or not, in capitals or not, with accents or without."""
    assert is_references_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "References 12",
        "References and borrowing",
        "Reference intervals in children",
        "Fuentes de error",
        "references",
        "Referencias ........ 45",
        "Cross references",
        "Bibliografía y anexos de la tesis",
        "",
    ],
)
def test_other_titles(title: str) -> None:
    """The word in a longer title, a line of a table of contents or the end of a sentence is none."""
    assert not is_references_title(title)


def test_a_list_of_sources_is_told_by_its_years() -> None:
    """Prose under the same title is no list."""
    assert lists_sources("García A. Datos sintéticos. Gac Sanit. 2021;12:3-9.\n\nGil E. Más datos. https://ejemplo.org")
    assert not lists_sources("A reference borrows a value without owning it. " * 20)
