"""Word documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.archive import open_archive
from rag.read.docx import read_docx
from tests.read.packages import docx

if TYPE_CHECKING:
    from rag.records import Document

STYLES = """
<w:style w:styleId="Ttulo"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Autor"><w:name w:val="Author"/></w:style>
<w:style w:styleId="Fecha"><w:name w:val="Date"/></w:style>
<w:style w:styleId="Ttulo1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Tesis2"><w:name w:val="Capítulo de tesis"/><w:basedOn w:val="Ttulo2"/></w:style>
<w:style w:styleId="Ttulo2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="TDC1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Oculto"><w:name w:val="Nota interna"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="HTML"><w:name w:val="HTML Preformatted"/></w:style>
<w:style w:styleId="a"><w:name w:val="a"/><w:basedOn w:val="b"/></w:style>
<w:style w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="a"/></w:style>"""


def p(text: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph in a style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def r(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def read(body: str, *, styles: str = STYLES, notes: str = "", core: str = "") -> Document:
    """Return the document of a Word file."""
    with open_archive(docx(body, styles=styles, notes=notes, core=core), path="notas/a.docx") as archive:
        (document,) = read_docx(archive, path="notas/a.docx")
    return document


def paragraphs(body: str, *, notes: str = "") -> list[str]:
    """Return the paragraphs of a body."""
    return read(body, notes=notes).text.split("\n\n")


def test_headings_are_sections_by_style_or_level() -> None:
    """Styles are known by their name and what they rest on, whatever the language of the program that made them."""
    body = p("Uno", "Ttulo1") + p("Texto.") + p("Dos", "Tesis2") + p("Tres", properties='<w:outlineLvl w:val="2"/>')
    document = read(body + p("Cuerpo", properties='<w:outlineLvl w:val="9"/>') + p("Círculo", "a"))
    assert [(section.level, section.title) for section in document.sections] == [(1, "Uno"), (2, "Dos"), (3, "Tres")]
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)


def test_title_authors_and_date_of_the_first_page_outweigh_what_is_embedded() -> None:
    """Each says where it comes from; the day the file was made dates nothing."""
    core = "<dc:title>Plantilla</dc:title><dc:creator>Ana García; Luis Gil</dc:creator><dc:language>es-ES</dc:language>"
    core += "<dcterms:created>2020-01-02T00:00:00Z</dcterms:created>"
    body = p("Datos ", "Ttulo") + p("sintéticos", "Ttulo") + p("8 de marzo de 2023", "Fecha") + p("Texto.")
    source = read(body, core=core).source
    assert (source.title, source.authors, source.language) == ("Datos sintéticos", ("Ana García", "Luis Gil"), "es")
    assert (str(source.date), source.date.origin) == ("2023-03-08", "text")
    assert dict(source.origins) == {
        "title": "first page", "date": "first page", "authors": "embedded", "language": "embedded",
    }  # fmt: skip
    assert not read(p("Texto."), core=core).source.date.known


@pytest.mark.parametrize(
    ("core", "title", "authors"),
    [
        ("<dc:title>Word Document</dc:title><dc:creator>python-docx</dc:creator>", "Sección", ()),
        ("<dc:title>Microsoft Word - tesis3.doc</dc:title><dc:creator>Usuario</dc:creator>", "Sección", ()),
        ("<dc:title>Un estudio</dc:title><dc:creator>Gil, Eva</dc:creator>", "Un estudio", ("Eva Gil",)),
        ("", "Sección", ()),
    ],
)
def test_what_programs_write_is_no_title_and_no_author(core: str, title: str, authors: tuple[str, ...]) -> None:
    """Then the heading a text opens with is its title, and authors are missing."""
    source = read(p("Sección", "Ttulo1") + p("Texto."), core=core).source
    assert (source.title, source.authors) == (title, authors)


def test_tracked_changes_are_as_accepted() -> None:
    """What was inserted or moved here is text; what was deleted or moved away is not."""
    deleted = (
        "<w:del><w:r><w:delText>quitado </w:delText></w:r></w:del><w:moveFrom><w:r><w:t>ido </w:t></w:r></w:moveFrom>"
    )
    added = f"<w:ins>{r('añadido ')}</w:ins><w:moveTo>{r('venido')}</w:moveTo>"
    assert paragraphs(f"<w:p>{r('Antes ')}{deleted}{added}</w:p>") == ["Antes añadido venido"]


@pytest.mark.parametrize(
    ("properties", "seen"),
    [
        ("<w:vanish/>", False),
        ('<w:vanish w:val="0"/>', True),
        ('<w:rStyle w:val="Oculto"/>', False),
        ('<w:rStyle w:val="Oculto"/><w:vanish w:val="false"/>', True),
        ('<w:color w:val="ffffff"/>', False),
        ('<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>', True),
        ('<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>', True),
        ('<w:color w:val="FEFEFE"/>', True),
        ('<w:sz w:val="2"/>', False),
        ('<w:sz w:val="16"/>', True),
    ],
)
def test_text_that_is_not_seen_is_left_out(properties: str, seen: bool) -> None:
    """Hidden, white on white and tiny letters are; letters white on a ground of their own are seen."""
    assert ("secreto" in paragraphs(f"<w:p>{r('Visible ')}{r('secreto', properties)}</w:p>")[0]) is seen


def test_white_letters_in_a_cell_or_a_coloured_paragraph_are_seen() -> None:
    """Tables colour their head row by their style."""
    white = r("Año", '<w:color w:val="FFFFFF"/>')
    shaded = f'<w:p><w:pPr><w:shd w:fill="000000"/></w:pPr>{white}</w:p>'
    table = f"<w:tbl><w:tr><w:tc><w:p>{white}</w:p></w:tc><w:tc>{p('n')}</w:tc></w:tr></w:tbl>"
    assert paragraphs(shaded + table) == ["Año", "| Año | n"]


def test_a_hidden_paragraph_and_a_table_of_contents_are_left_out() -> None:
    """Their styles say what they are."""
    assert paragraphs(p("Índice ... 3", "TDC1") + p("Borrador", "Oculto") + p("Texto.")) == ["Texto."]


def test_fields_controls_links_and_line_breaks() -> None:
    """The result of a field is text and its code is not; a reference manager's citation stands in a control."""
    field = "<w:r><w:instrText>ADDIN ZOTERO {secreto}</w:instrText></w:r>"
    control = f"<w:sdt><w:sdtPr><w:t>no</w:t></w:sdtPr><w:sdtContent>{r('(Gil, 2020)')}</w:sdtContent></w:sdt>"
    link = f"<w:hyperlink>{r(' y más')}</w:hyperlink>"
    body = f"<w:p>{r('Según')}<w:r><w:tab/></w:r>{field}{control}{link}<w:r><w:br/></w:r>"
    assert paragraphs(f"{body}{r('bien')}<w:r><w:noBreakHyphen/></w:r>{r('estar')}</w:p>") == [
        "Según (Gil, 2020) y más bien-estar"
    ]


def test_notes_follow_the_paragraph_they_explain() -> None:
    """Each once; one that cites itself does no harm."""
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="2">{p("La nota.")}<w:p>{reference}</w:p></w:footnote>'
    assert paragraphs(f"<w:p>{r('Uno')}{reference}</w:p>" + p("Dos"), notes=notes) == ["Uno", "La nota.", "Dos"]


def test_text_boxes_are_read_once() -> None:
    """Word writes them twice, for itself and for older programs."""
    box = f"<w:txbxContent>{p('En un cuadro.')}</w:txbxContent>"
    both = (
        f"<w:r><w:AlternateContent><w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback></w:AlternateContent></w:r>"
    )
    assert paragraphs(f"<w:p>{r('Fuera.')}{both}</w:p>") == ["Fuera.", "En un cuadro."]


def test_tables_are_rows_and_frames_are_text() -> None:
    """A table of one column only frames its text; one inside a cell stays in its row."""

    def table(*rows: tuple[str, ...]) -> str:
        lines = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
        return f"<w:tbl>{lines}</w:tbl>"

    body = table((p("Año"), p("n")), (p("2023"), p("5") + p("y 6")), (p("total"),)) + table((p("Marco."),))
    assert paragraphs(body) == ["| Año | n", "| 2023 | 5 y 6", "| total", "Marco."]
    assert paragraphs(table((table((p("a"), p("b"))), p("c")))) == ["| | a | b | c"]


def test_code_is_marked_line_by_line() -> None:
    """Paragraphs in a style for code are no prose."""
    body = f'<w:p><w:pPr><w:pStyle w:val="HTML"/></w:pPr>{r("x = 1")}<w:r><w:br/></w:r>{r("y = 2")}</w:p>'
    assert paragraphs(body) == ["| x = 1", "| y = 2"]


def test_formulas_keep_their_letters() -> None:
    """Mathematics is text of another name space."""
    formula = '<m:oMath xmlns:m="urn:m"><m:r><m:t>x=3</m:t></m:r></m:oMath>'
    assert paragraphs(f"<w:p>{r('Con ')}{formula}</w:p>") == ["Con x=3"]


def test_a_document_without_text_is_refused() -> None:
    """There is nothing to cite."""
    with pytest.raises(SourceError, match="holds no text"):
        read(p(""))
