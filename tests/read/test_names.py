"""Lines under a title to names."""

from __future__ import annotations

import pytest

from rag.read.lines import Line
from rag.read.names import is_name, printed_names

TEXT = "Este informe describe los datos sintéticos y cómo se midieron en el hospital."


def lines(*texts: str) -> list[Line]:
    """Return a title and lines under it, then text; what stands after «^» in a word is a raised mark."""
    made = [Line("Un título cualquiera", 60, 400, 760, 18, bare="Un título cualquiera")]
    for row, text in enumerate(texts):
        words = [word.partition("^") for word in text.split(" ")]
        whole = " ".join(name + mark for name, _, mark in words)
        bare = " ".join(name + mark.lstrip("1234567890*†abc") for name, _, mark in words)
        height = 9 if text.startswith("^") else 12
        made.append(Line(whole, 60, 400, 740 - 14 * row, height, bare=bare))
    return [*made, Line(TEXT, 60, 500, 500, 10, bare=TEXT)]


def named(*texts: str) -> tuple[str, ...]:
    """Return the names found in lines under a title."""
    return printed_names(lines(*texts), 1)[0]


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("Ana García",), ("Ana García",)),
        (("Ana García Pérez y Eva Gil",), ("Ana García Pérez", "Eva Gil")),
        (("Ana García^1, Luis de la Fuente^2,3 and Eva M. Gil^1*",), ("Ana García", "Luis de la Fuente", "Eva M. Gil")),
        (
            ("Ana García^a , Luis Pérez-Gil^b ,", "Eva Gil^a", "^1 Hospital Clínico"),
            ("Ana García", "Luis Pérez-Gil", "Eva Gil"),
        ),
        (("Ana García^1, Luis Pé Gil^2, Eva", "Gil Ruiz^1"), ("Ana García", "Luis Pé Gil", "Eva Gil Ruiz")),
        (("Ana García", "Luis Pérez", "Eva Gil", "^Universidad de Jaén"), ("Ana García", "Luis Pérez", "Eva Gil")),
        (("Ana García\tEva Gil", "^Universidad de Jaén"), ("Ana García", "Eva Gil")),
        (("Por Ana García y Eva Gil",), ("Ana García", "Eva Gil")),
        (("García, Ana; Pérez Gil, Luis",), ("Ana García", "Luis Pérez Gil")),
        (("Ana García, MD, Eva Gil, PhD",), ("Ana García", "Eva Gil")),
        (("Ana García", "Eva Gil (eva@ejemplo.org)"), ("Ana García", "Eva Gil")),
        (("Vincent van Gogh, Søren Ågård & Ó. Núñez",), ("Vincent van Gogh", "Søren Ågård", "Ó. Núñez")),
        (("Bernard ’t Hart^1, J. J. O’Neil^2",), ("Bernard ’t Hart", "J. J. O’Neil")),
        (("Samuel Omlin^1", "^1Swiss National Supercomputing Centre"), ("Samuel Omlin",)),
    ],
)
def test_names_are_told(texts: tuple[str, ...], names: tuple[str, ...]) -> None:
    """In order, without marks, degrees and affiliations; a name broken over two lines is one."""
    assert named(*texts) == names


@pytest.mark.parametrize(
    "texts",
    [
        ("Universidad de Jaén",),
        ("Informe del hospital",),
        ("Los datos sintéticos en la práctica",),
        ("Datos Sintéticos",),
        ("Ana García, Universidad de Jaén, Luis Pérez",),
        ("8 de marzo de 2023",),
        ("https://doi.org/10.1000/abc",),
        ("Ana García^1, Luis Pérez^2,",),
        ("ana@ejemplo.org",),
        (),
    ],
)
def test_better_none_than_wrong(texts: tuple[str, ...]) -> None:
    """What is not names to the last word names nobody."""
    assert named(*texts) == ()


def test_a_list_torn_by_affiliations_is_not_half_told() -> None:
    """More names after what came between: the first row alone would be wrong."""
    assert named("Ana García^1\tEva Gil^2", "^Hospital Clínico", "Luis Pérez^3\tPau Roig^4") == ()


def test_the_end_of_a_list_is_not_the_list() -> None:
    """Where the first line of names cannot be told, the next is not taken for the whole."""
    assert named("Ana García^1, Luis X9 Pérez^2, y S. K.", "^Eva Gil^1") == ()
    assert named("Ana García^1, X9,", "Eva Gil^1") == ()


def test_the_lines_of_names_are_told() -> None:
    """So that they are not taken for headings."""
    assert printed_names(lines("Ana García", "^Universidad de Jaén"), 1)[1] == {"Ana García"}


@pytest.mark.parametrize("text", ["ana garcía", "Ana", "Ana García 3", "Ana G.", "A" * 50 + " Gil", ""])
def test_no_names(text: str) -> None:
    """One word, small letters, digits and an initial at the end are no whole name."""
    assert not (text and is_name(text))
