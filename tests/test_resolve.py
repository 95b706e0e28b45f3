"""Claims about which documents an entry of anyone's reference list names."""

from __future__ import annotations

import pytest

from rag.dates import interval
from rag.drafts.resolve import Works, is_named, surname
from rag.records import UNDATED, Source


def source(id_: str, title: str, *authors: str, year: int = 0, doi: str = "", url: str = "") -> Source:
    """Return a source."""
    date = interval(year) if year else UNDATED
    return Source(id_, (f"{id_}.md",), "markdown", title=title, authors=authors, date=date, doi=doi, url=url)


GARCIA = source(
    "a", "Datos sintéticos en los hospitales públicos", "Ana García Pérez", year=2023, doi="10.1234/Salud.5"
)
SECOND = source("b", "Privacidad diferencial para principiantes", "Ana García Pérez", year=2023)
LOPEZ = source("c", "Riesgo de reidentificación", "Luis López", "Marta Gil", year=2021, url="https://www.x.org/2021/r/")
BODY = source("d", "Orientaciones sobre gobernanza", "Organización Mundial de la Salud", year=2022)
UNTITLED = source("e", "", "Eva Ruiz", year=2019)
TWIN = source("f", "Datos sintéticos en los hospitales públicos", "Ana García Pérez", year=2023)
WORKS = Works([GARCIA, SECOND, LOPEZ, BODY, UNTITLED])


@pytest.mark.parametrize(
    ("entry", "found", "how"),
    [
        ("Otro. Cosa distinta. doi:10.1234/salud.5.", ["a"], "doi"),
        ("https://doi.org/10.1234/SALUD.5", ["a"], "doi"),
        ("En línea: http://x.org/2021/r (consultado en 2024).", ["c"], "url"),
        ("García Pérez, A. (2023). Datos sintéticos en los hospitales públicos. Revista, 5.", ["a"], "title"),
        ("García Pérez A. Datos sinteticos en los hopitales públicos. Rev Salud. 2023;5:11-9.", ["a"], "title"),
        ('A. G. Pérez, "DATOS SINTÉTICOS EN LOS HOSPITALES PÚBLICOS," 2024.', ["a"], "title"),
        ("López, L. y Gil, M. (2021). Riesgo de reidentificación.", ["c"], "title"),
        ("Ruiz, E. (2019). Un título que el índice no conoce.", ["e"], "authors"),
        ("Organización Mundial de la Salud. Orientaciones sobre gobernanza. 2022.", ["d"], "title"),
    ],
)
def test_an_entry_leads_to_its_document(entry: str, found: list[str], how: str) -> None:
    """By DOI, by address, by title with a slip of the pen, by author and year where the source has no title."""
    held = WORKS.of_entry(entry)
    assert ([one.id for one in held.sources], held.how) == (found, how)


@pytest.mark.parametrize(
    "entry",
    [
        "García Pérez, A. (2019). Datos sintéticos en los hospitales públicos.",
        "García Pérez, A. (2023). Sobre los vinos de la Rioja alavesa.",
        "Datos sintéticos en los hospitales públicos. doi:10.9999/otro",
        "Soto, P. (2023). Datos sintéticos en los hospitales públicos: progreso y retos.",
        "García Pérez, A. (2023). Privacidad y datos sintéticos para hospitales públicos y privados.",
        "Soto, P. (2010). Riesgo de reidentificación.",
        "Ruiz Gómez, T. y Ruiz, E. (2018). Otra cosa.",
        "Una nota cualquiera.",
        "",
    ],
)
def test_what_contradicts_itself_leads_nowhere(entry: str) -> None:
    """Another year, another title, another DOI, another author of a short title."""
    assert WORKS.of_entry(entry).sources == ()


def test_several_works_are_ambiguous_and_two_copies_are_not() -> None:
    """The same surname and year fit two works; two files of one work are one."""
    both = WORKS.of_authors(("García Pérez",), "2023")
    assert both.ambiguous
    assert {one.id for one in both.sources} == {"a", "b"}
    copies = Works([GARCIA, TWIN]).of_entry("García Pérez, A. (2023). Datos sintéticos en los hospitales públicos.")
    assert len(copies.sources) == 2
    assert not copies.ambiguous


def test_authors_and_year_and_keys_lead_to_a_work() -> None:
    """All surnames must be its authors', the first its first author's; initials stand for a body."""
    assert [one.id for one in WORKS.of_authors(("López", "Gil"), "2021a").sources] == ["c"]
    assert WORKS.of_authors(("Gil",), "2021").sources == ()
    assert WORKS.of_authors(("López", "Soto"), "2021").sources == ()
    assert [one.id for one in WORKS.of_authors(("OMS",), "2022").sources] == ["d"]
    assert [one.id for one in WORKS.of_key("lopez2021riesgo").sources] == ["c"]
    assert WORKS.of_key("nota").sources == ()


def test_a_given_name_is_no_surname() -> None:
    """A first name alone is nobody; the name of a marker is a surname, or a body's whole name."""
    assert not is_named("Ana", "Ana García")
    assert surname("Organización Mundial de la Salud") == "Organización Mundial de la Salud"
    assert surname("Ana Gil") == "Gil"
