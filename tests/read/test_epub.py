"""Books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.archive import open_archive
from rag.read.epub import read_epub
from tests.read.packages import epub

if TYPE_CHECKING:
    from rag.records import Document

METADATA = """
<dc:title id="t">Datos sintéticos</dc:title><dc:title>Subtítulo</dc:title>
<dc:creator opf:role="aut">García, Ana</dc:creator><dc:creator id="c2">Eva Gil</dc:creator>
<dc:creator opf:role="trl">Quien Traduce</dc:creator><dc:creator id="c4">Quien Dibuja</dc:creator>
<meta refines="#c2" property="role">aut</meta><meta refines="#c4" property="role">ill</meta>
<dc:language>es-MX</dc:language><dc:identifier>urn:isbn:9780000000000</dc:identifier>
<dc:identifier>doi:10.1000/libro</dc:identifier><dc:date>2021-05-03T00:00:00Z</dc:date>
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>"""


def read(*pages: str | bytes, metadata: str = "", parts: dict[str, str | bytes] | None = None) -> Document:
    """Return the document of a book."""
    with open_archive(epub(*pages, metadata=metadata, parts=parts), path="libro.epub") as archive:
        (document,) = read_epub(archive, path="libro.epub")
    return document


def paragraphs(*pages: str | bytes) -> list[str]:
    """Return the paragraphs of a book's pages."""
    return read(*pages).text.split("\n\n")


def test_metadata_are_the_book_speaking_of_itself() -> None:
    """Authors are who wrote it; the day the file was made is none of the book."""
    source = read("<p>Texto.</p>", metadata=METADATA).source
    assert (source.title, source.authors) == ("Datos sintéticos", ("Ana García", "Eva Gil"))
    assert (str(source.date), source.date.origin, source.updated.known) == ("2021-05-03", "article metadata", False)
    assert (source.doi, source.language) == ("10.1000/libro", "es")
    assert set(source.origins) == {
        (name, "article metadata") for name in ("title", "authors", "date", "doi", "language")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "iso"),
    [
        ('<dc:date opf:event="creation">2019</dc:date><dc:date opf:event="publication">2020-05</dc:date>', "2020-05"),
        ('<dc:date opf:event="modification">2019</dc:date>', ""),
        ('<dc:date opf:event="conversion">2019</dc:date><dc:date>2004</dc:date>', "2004"),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", ""),
        ("<dc:date/>", ""),
    ],
)
def test_only_a_date_of_publication_dates_a_book(dates: str, iso: str) -> None:
    """Days of other events do not, and no year is no year."""
    assert str(read("<p>Texto.</p>", metadata=dates).source.date) == iso


def test_pages_come_in_reading_order_with_their_headings() -> None:
    """Names with spaces and accents are found; headings are sections."""
    document = read("<h1>Uno</h1><p>Primera.</p>", "<h2>Dos</h2><p>Segunda.</p>")
    assert document.text.split("\n\n") == ["Uno", "Primera.", "Dos", "Segunda."]
    assert [(section.level, section.title) for section in document.sections] == [(1, "Uno"), (2, "Dos")]
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)


def test_blocks() -> None:
    """What stands between blocks is one too; rows and code are marked, and numbers of notes left out."""
    page = """<div>Suelto <b>y <i>fuerte</i></b><p>Uno<br/>dos<sup><a href="#n1">1</a></sup>, tres<a epub:type="noteref"
        xmlns:epub="urn:e">[2]</a> y 10<sup>3</sup>.</p>resto</div><ul><li>a<ul><li>b</li></ul></li></ul>
        <table><tr><th>Año</th><th>n</th></tr><tr><td><p>2023</p></td><td>5</td></tr></table><pre>x = 1\n  y = 2</pre>
        <a id="x"><p>Tras un ancla.</p></a><nav><p>Índice</p></nav><script>x</script><ruby>漢<rt>kan</rt></ruby>"""
    assert paragraphs(page) == [
        "Suelto y fuerte", "Uno dos, tres y 103.", "resto", "a", "b", "| Año | n", "| 2023 | 5", "| x = 1", "| y = 2",
        "Tras un ancla.", "漢",
    ]  # fmt: skip


def test_what_a_page_hides_is_left_out() -> None:
    """By attribute, by style, by its own style sheet."""
    style = "<html><head><style>.oculto {display: none}</style></head>"
    page = f'{style}<body><p>Uno <span hidden="">secreto</span>dos.</p><p class="oculto">Secreto.</p></body></html>'
    assert paragraphs(page) == ["Uno dos."]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>dise&ntilde;o&nbsp;&amp; m&aacute;s</p>", "diseño & más"),
        ("<p>Uno<p>Dos sin cierre", "Uno\n\nDos sin cierre"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><html><p>diseño</html>".encode("iso-8859-1"), "diseño"),
        (
            "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML' 'x.dtd'><html><head><title/></head><body>a</body></html>",
            "a",
        ),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><body><p>a</p></body></html>".encode("utf-16"), "a"),
    ],
)
def test_pages_of_every_kind(page: str | bytes, text: str) -> None:
    """XHTML with names of HTML, pages that are no XML, other encodings."""
    assert read(page).text == text


def test_a_book_locked_by_its_seller_is_refused() -> None:
    """Fonts may be locked; a page may not."""

    def lock(name: str) -> dict[str, str | bytes]:
        return {"META-INF/encryption.xml": f'<encryption><CipherReference URI="{name}"/></encryption>'}

    assert read("<p>Texto.</p>", parts=lock("libro/letra.otf")).text == "Texto."
    with pytest.raises(SourceError, match="locked by its seller"):
        read("<p>Texto.</p>", parts=lock("libro/p1%20%C3%A1.xhtml"))


def test_a_page_that_is_missing_or_out_of_the_book_is_none() -> None:
    """No path leads out of the archive; the same page is read once."""
    package = """<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="../../../etc/passwd"/>
        <item id="b" href="p1%20%C3%A1.xhtml#x"/><item id="c" href="p1%20%C3%A1.xhtml#y"/><item id="d" href="p9.xhtml"/>
        </manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/><itemref idref="d"/>
        <itemref idref="e"/><itemref idref="d" linear="no"/></spine></package>"""
    assert read("<p>Texto.</p>", parts={"libro/libro.opf": package}).text == "Texto."


def test_an_unreadable_page_is_named() -> None:
    """The reader learns which page it is."""
    with pytest.raises(SourceError, match=r"libro\.epub: libro/p1 á\.xhtml: line 1 is neither UTF-8"):
        read(b"\xff\x00\x01<html>")
