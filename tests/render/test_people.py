"""Claims about names in a bibliography."""

from __future__ import annotations

import pytest

from rag.render.people import csl_name


@pytest.mark.parametrize(
    ("name", "language", "family", "given"),
    [
        ("Mauro Giuffrè", "en", "Giuffrè", "Mauro"),
        ("Drew F. K. Williamson", "en", "Williamson", "Drew F. K."),
        ("Ana García Pérez", "es", "García Pérez", "Ana"),
        ("Ana García Pérez", "en", "Pérez", "Ana García"),
        ("José Luis García", "es", "García", "José Luis"),
        ("José Luis García Pérez", "es", "García Pérez", "José Luis"),
        ("Miguel de Cervantes Saavedra", "es", "de Cervantes Saavedra", "Miguel"),
        ("María P. Soto", "es", "Soto", "María P."),
        ("Ludwig van Beethoven", "de", "van Beethoven", "Ludwig"),
        ("Ana Gil", "es", "Gil", "Ana"),
    ],
)
def test_a_persons_name_has_two_parts(name: str, language: str, family: str, given: str) -> None:
    """The last word is the family name; in Spanish the last two, unless the second is a given name."""
    assert csl_name(name, language) == {"family": family, "given": given}


def test_what_stands_after_or_between_names_has_its_place() -> None:
    """Portuguese particles go after the given name; Jr. is no family name."""
    silva = {"family": "Silva", "given": "Marcos José", "dropping-particle": "da"}
    assert csl_name("Marcos José da Silva", "en") == silva
    assert csl_name("Ana de Souza", "pt")["dropping-particle"] == "de"
    assert csl_name("Martin Luther King Jr.", "en") == {
        "family": "King", "given": "Martin Luther", "suffix": "Jr.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "Parlamento Europeo", "Consejo de la Unión Europea", "World Health Organization", "OMS", "Plato",
        "Jefatura del Estado", "Ministerio de Sanidad", "The PLOS team", "Ana & Eva", "Grupo 7",
    ],
)  # fmt: skip
def test_a_bodys_name_stays_whole(name: str) -> None:
    """Nothing of it is taken for a family name."""
    assert csl_name(name, "es") == {"literal": name}
