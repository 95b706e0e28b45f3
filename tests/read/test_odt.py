"""OpenDocument texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.read.archive import open_archive
from rag.read.odt import read_odt
from tests.read.packages import odt

if TYPE_CHECKING:
    from rag.records import Document

STYLES = """
<style:style style:name="P1" style:parent-style-name="Title"/>
<style:style style:name="oculto"><style:text-properties text:display="none"/></style:style>
<style:style style:name="heredado" style:parent-style-name="oculto"/>
<style:style style:name="blanco"><style:text-properties fo:color="#ffffff"/></style:style>
<style:style style:name="rotulo"><style:text-properties fo:color="#ffffff" fo:background-color="#000000"/></style:style>
<style:style style:name="mínimo"><style:text-properties fo:font-size="1pt"/></style:style>
<style:style style:name="P2" style:parent-style-name="Preformatted_20_Text"/>
<style:style style:name="a" style:parent-style-name="b"/><style:style style:name="b" style:parent-style-name="a"/>"""


def read(body: str, *, meta: str = "") -> Document:
    """Return the document of an OpenDocument text."""
    with open_archive(odt(body, styles=STYLES, meta=meta), path="a.odt") as archive:
        (document,) = read_odt(archive, path="a.odt")
    return document


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a body."""
    return read(body).text.split("\n\n")


def test_headings_are_sections() -> None:
    """Their level is the outline's."""
    document = read('<text:h text:outline-level="2">Uno</text:h><text:p>Texto.</text:p><text:h>Sin nivel</text:h>')
    assert [(section.level, section.title) for section in document.sections] == [(2, "Uno")]
    assert document.text.startswith("Uno", document.sections[0].start)


def test_title_of_the_first_page_then_what_is_embedded() -> None:
    """The author is who began the file, not who saved it last; neither day dates the text."""
    meta = "<meta:initial-creator>Ana García</meta:initial-creator><dc:creator>Otra</dc:creator>"
    meta += "<dc:date>2020-01-02</dc:date><meta:creation-date>2019-01-02</meta:creation-date>"
    meta += "<dc:title>De los datos</dc:title>"
    source = read('<text:p text:style-name="P1">El título</text:p><text:p>Texto.</text:p>', meta=meta).source
    assert (source.title, source.authors, source.date.known) == ("El título", ("Ana García",), False)
    assert dict(source.origins) == {"title": "first page", "authors": "embedded"}
    assert read("<text:p>Texto.</text:p>", meta=meta).source.title == "De los datos"
    assert read('<text:h text:outline-level="1">Uno</text:h><text:p>Texto.</text:p>').source.title == "Uno"


def test_deletions_comments_indexes_and_hidden_text_are_left_out() -> None:
    """What the printed page does not show is not there."""
    hidden = "<text:tracked-changes><text:p>Quitado</text:p></text:tracked-changes>"
    hidden += '<text:section text:display="none"><text:p>Sección</text:p></text:section>'
    hidden += "<text:table-of-content><text:index-body><text:p>Uno 1</text:p></text:index-body></text:table-of-content>"
    hidden += '<text:p text:style-name="heredado">Oculto</text:p><text:p text:style-name="a">Bien.</text:p>'
    inside = "<office:annotation><text:p>comentario</text:p></office:annotation><text:hidden-text>no</text:hidden-text>"
    assert paragraphs(f"{hidden}<text:p>Texto{inside}.</text:p>") == ["Bien.", "Texto."]


@pytest.mark.parametrize(
    ("style", "seen"), [("oculto", False), ("blanco", False), ("mínimo", False), ("rotulo", True), ("otro", True)]
)
def test_letters_that_are_not_seen_are_left_out(style: str, seen: bool) -> None:
    """White letters are seen where they stand on a ground of their own, or in a cell."""
    letters = f'<text:span text:style-name="{style}">secreto</text:span>'
    assert paragraphs(f"<text:p>Uno {letters} dos</text:p>") == ["Uno secreto dos" if seen else "Uno dos"]
    cells = f"<table:table-cell><text:p>{letters}</text:p></table:table-cell>" * 2
    row = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    assert ("secreto" in "".join(paragraphs(f"<text:p>Uno</text:p>{row}"))) is (seen or style == "blanco")


def test_spaces_notes_and_frames() -> None:
    """A note and a frame follow their paragraph; several spaces and a tab are one."""
    note = "<text:note><text:note-citation>1</text:note-citation><text:p>La nota.</text:p></text:note>"
    frame = "<draw:frame><draw:text-box><text:p>En un marco.</text:p></draw:text-box></draw:frame>"
    body = f'<text:p>Uno<text:s text:c="3"/>y<text:tab/>dos{note}<text:line-break/>tres{frame}.</text:p>'
    assert paragraphs(f"{body}<text:p>Fin.</text:p>") == ["Uno y dos tres.", "La nota.", "En un marco.", "Fin."]


def test_tables_are_rows_and_code_is_marked() -> None:
    """A head row is a row; cells that are covered hold nothing."""

    def row(*cells: str) -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{inside}<table:covered-table-cell/></table:table-row>"

    head = f"<table:table-header-rows>{row('Año', 'n')}</table:table-header-rows>"
    code = '<text:p text:style-name="P2">x = 1<text:line-break/>y = 2</text:p>'
    assert paragraphs(f"<table:table>{head}{row('2023', '5')}</table:table>{code}") == [
        "| Año | n",
        "| 2023 | 5",
        "| x = 1",
        "| y = 2",
    ]
