"""Authors, identifiers, languages and dates in file names."""

from __future__ import annotations

import pytest

from rag.read.details import bare_doi, file_name_date, language_code, split_authors, web_link


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ana García", ("Ana García",)),
        ("García, Ana", ("Ana García",)),
        ("Ana García, Luis Pérez y Eva Gil", ("Ana García", "Luis Pérez", "Eva Gil")),
        ("Ann Lee and Bob Roy", ("Ann Lee", "Bob Roy")),
        ("Ann Lee, Bob Roy, and Cy Poe", ("Ann Lee", "Bob Roy", "Cy Poe")),
        ("García Pérez, Ana María; Gil, E. M.", ("Ana María García Pérez", "E. M. Gil")),
        ("García, A. y Gil, E.", ("A. García", "E. Gil")),
        ("William J. Turkel; Adam Crymble", ("William J. Turkel", "Adam Crymble")),
        ("  ", ()),
    ],
)
def test_authors_are_split_and_turned(line: str, names: tuple[str, ...]) -> None:
    """A line of authors gives each name once, the given name first."""
    assert split_authors(line) == names


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("notes/2021-05-03-notes.txt", "2021-05-03"),
        ("20210503_informe.txt", "2021-05-03"),
        ("2021-05 acta.txt", "2021-05"),
        ("ramos_2021.txt", "2021"),
        ("2019/ramos.txt", ""),
        ("2019-2021.txt", ""),
        ("2005.11401.pdf", ""),
        ("1905.07830v2.pdf", ""),
        ("doc2021.txt", ""),
        ("p120210.txt", ""),
        ("2021-13-45.txt", "2021"),
    ],
)
def test_a_date_in_a_file_name(path: str, expected: str) -> None:
    """A written day, month or lone year counts; a range, a preprint's number and a folder do not."""
    published = file_name_date(path)
    assert str(published) == expected
    assert published.origin == ("file name" if expected else None)


def test_identifiers_lose_what_stands_around_them() -> None:
    """A DOI is bare; only http addresses are links."""
    assert bare_doi("https://doi.org/10.1038/s41586-024-07566-y.") == "10.1038/s41586-024-07566-y"
    assert bare_doi("sin DOI") == ""
    assert web_link("<https://example.org/a?b=1>") == "https://example.org/a?b=1"
    assert web_link("javascript:alert(1)") == ""


@pytest.mark.parametrize(("code", "expected"), [("es-ES", "es"), ("EN", "en"), ("es_MX", "es"), ("castellano", "")])
def test_only_codes_name_a_language(code: str, expected: str) -> None:
    """A language is two letters whatever its region; the rest is left to detection."""
    assert language_code(code) == expected
