"""The first page to what a paper says of itself."""

from __future__ import annotations

import pytest

from rag.read.front import Front, read_front
from rag.read.lines import Line

BODY = ["Los datos sintéticos imitan a los reales sin copiarlos, y por eso los hos-", "pitales los prefieren hoy."] * 6


def page(*rows: str | tuple[str, float], top: float = 800) -> list[Line]:
    """Return a page of lines, those with a height as high as that."""
    lines, base = [], top
    for row in rows:
        text, height = row if isinstance(row, tuple) else (row, 10.0)
        base -= 1.4 * height
        lines.append(Line(text, 60, 60 + 0.5 * height * len(text), base, height, bare=text))
    return lines


def front(*rows: str | tuple[str, float], foot: tuple[str, ...] = (), **metadata: str) -> Front:
    """Return what a first page says."""
    whole = page(*rows, *BODY) + page(*((text, 8.0) for text in foot), top=80)
    return read_front([whole], {name.title(): value for name, value in metadata.items()})


TITLE = ("Datos sintéticos en la salud", 18.0)


def test_the_tallest_lines_are_the_title() -> None:
    """Of two lines where it has two, and not the name of the journal over it."""
    found = front(("Revista Española de Salud", 24.0), ("Datos sintéticos en la salud:", 18.0), ("una revisión", 18.0))
    assert found.title == "Datos sintéticos en la salud: una revisión"
    assert dict(found.origins) == {"title": "first page"}


def test_a_line_with_an_address_is_no_title() -> None:
    """Where the tallest line is one word, the next tallest may be the author's."""
    assert front(("Libtasn1", 24.0), ("Ana García (ana@ejemplo.org)", 18.0)).title == "Libtasn1"


def test_the_embedded_title_counts_where_the_page_shows_it() -> None:
    """However the page breaks and writes it; what the page does not show is not believed."""
    shown = front(("Datos sintéticos en", 18.0), ("la SALUD", 18.0), title="Datos sintéticos en la salud")
    assert (shown.title, dict(shown.origins)["title"]) == ("Datos sintéticos en la salud", "embedded")
    assert front(TITLE, title="Microsoft Word - borrador final").title == "Datos sintéticos en la salud"


def test_a_page_of_text_has_no_title() -> None:
    """The beginning of a sentence is none."""
    assert read_front([page(*BODY)], {}).title == ""


def test_authors_are_read_from_the_page_first() -> None:
    """The metadata counts where it names the same people, and where the page names nobody."""
    assert front(TITLE, ("Ana García y Eva Gil", 12.0), author="mgarcia").authors == ("Ana García", "Eva Gil")
    assert front(TITLE, ("Ana García y Eva Gil", 12.0), author="Ana García").authors == ("Ana García", "Eva Gil")
    same = front(TITLE, ("A. García y E. Gil", 12.0), author="Ana García; Eva Gil")
    assert (same.authors, dict(same.origins)["authors"]) == (("Ana García", "Eva Gil"), "embedded")
    assert front(TITLE, author="Ana García").authors == ("Ana García",)
    assert front(TITLE, author="Administrator").authors == ()
    assert front(TITLE, author="](http://ejemplo.org").authors == ()


@pytest.mark.parametrize(
    ("rows", "foot", "date"),
    [
        (("Recibido: 3 de mayo de 2019", "Publicado: 8 de marzo de 2020"), (), "2020-03-08"),
        (("Received 3 May 2019; accepted 8 March 2020",), (), ""),
        (("Available online 8 March 2020",), (), "2020-03-08"),
        (("Publicado el 8 de marzo de 2020",), ("Gac Sanit. 2021;12(3):3-9",), "2020-03-08"),
        ((), ("Gac Sanit. 2021;12(3):3-9",), "2021"),
        ((), ("Rev Esp Salud Pública. 2021; Vol. 95: 10 de marzo e1-12.",), "2021"),
        ((), ("Journal of Foo 12 (2021) 3-9",), "2021"),
        ((), ("Journal of Foo, Vol. 12, No. 3, May 2021",), "2021-05"),
        ((), ("1 Gac Sanit. 2021;12(3):3-9",), ""),
        ((), ("Proceedings of Foo 1(1), 2019",), ""),
        (("© 2022 The Authors. Published by Foo.",), (), "2022"),
        (("Citar como: García A. Los datos. Gac Sanit 2021;12:3.",), (), "2021"),
        (("Cómo citar: García A (2021). Los datos. Gaceta Sanitaria, 3(16), 4",), (), "2021"),
    ],
)
def test_dates_by_what_they_are_said_to_be(rows: tuple[str, ...], foot: tuple[str, ...], date: str) -> None:
    """Published before cited before copyright; received and accepted never, nor the year of a note or a meeting."""
    assert str(front(TITLE, *rows, foot=foot).date) == date


def test_the_stamp_of_a_preprint_dates_it() -> None:
    """It runs upwards along the margin."""
    stamp = Line("arXiv:2101.00001v2 [cs.CL] 3 Jan 2021", 200, 600, -20, 20, upright=False)
    found = read_front([[stamp, *page(TITLE, *BODY)]], {})
    assert (str(found.date), found.date.text, found.title) == ("2021-01-03", "3 Jan 2021", TITLE[0])


def test_the_journal_is_read_from_the_citation() -> None:
    """Also where it goes on in a second line after the page's number."""
    assert front(TITLE, foot=("Gaceta Sanitaria. 2021;12(3):3-9",)).journal == "Gaceta Sanitaria"
    assert front(TITLE, "Citar como: García A. Los datos. Gac Sanit 2021;12:3.").journal == ""
    foot = ("García et al., (2021). Los datos. Journal of Open 7", "Source Education, 2(16), 49.")
    found = front(TITLE, ("Ana García y Eva Gil", 12.0), foot=foot)
    assert (found.journal, str(found.date)) == ("Journal of Open Source Education", "2021")


def test_the_doi_is_read_if_it_is_the_only_one() -> None:
    """A part of it at a line's end is no other; two are none."""
    assert front(TITLE, "https://doi.org/10.1000/abc.1", "doi: 10.1000/abc.").doi == "10.1000/abc.1"
    assert front(TITLE, "https://doi.org/10.1000/abc.1", "10.1000/xyz").doi == ""


def test_nothing_says_nothing() -> None:
    """No page, no word."""
    assert read_front([], {}) == Front()
