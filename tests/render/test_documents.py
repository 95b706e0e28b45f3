"""Claims about the documents a report becomes; made by the real pandoc and typst where they are installed."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from rag.drafts.draft import read_draft
from rag.drafts.word import read_word
from rag.errors import RagError
from rag.read import read_file
from rag.render import to_markdown
from rag.render.documents import Setting, to_docx, to_pandoc_markdown, to_pdf, to_tex
from rag.render.files import save
from rag.render.pandoc import convert, default
from rag.render.styles import STYLES
from rag.render.word import _CHANGES
from tests.render.pages import AUTHOR, HOSTILE, whole

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pypandoc", reason="the extra “documents” is not installed: pip install 'rag[documents]'")
pytest.importorskip("typst", reason="the extra “documents” is not installed: pip install 'rag[documents]'")

NUMBERS, FOOTNOTES, KEYS = Setting(), Setting("footnotes"), Setting("keys")


def part(docx: bytes, name: str) -> str:
    """Return one part of a Word file."""
    with ZipFile(io.BytesIO(docx)) as archive:
        return archive.read(name).decode()


def pdf_text(pdf: bytes) -> str:
    """Return a PDF's words."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def references(language: str, style: str) -> list[str]:
    """Return the references in a style, as pandoc's Markdown has them."""
    text = to_pandoc_markdown(whole(language), Setting("", style), beside="").decode()
    return [line for line in re.split(r"# Refer\w+", text)[1].split("\n") if line]


def test_a_word_file_is_read_back_as_it_was_written() -> None:
    """A checker of drafts finds in it the headings, and every sentence with every citation and key, as in Markdown."""
    word = read_word(to_docx(whole(), NUMBERS), path="a.docx")
    assert [(one.text, word.level(one)) for one in word.paragraphs if word.level(one)] == [
        ("Uno dos", 1), ("Tres", 2), ("Referencias", 1),
    ]  # fmt: skip
    draft, markdown = word.draft(), read_draft(to_markdown(whole()))
    read = {(one.text, one.numbers) for section in draft.sections for one in section.sentences}
    written = {(one.text, one.numbers) for section in markdown.sections[:2] for one in section.sentences}
    assert {one for one in written if one[1]} <= read
    assert [(one.label, one.keys) for one in draft.entries if one.keys] == [
        ("1", ("aaaaaa",)), ("2", ("bbbbbb",)), ("3", ("cccccc",)), ("4", ("dddddd",)),
    ]  # fmt: skip


def test_the_authors_text_stands_in_a_word_file_letter_by_letter(tmp_path: Path) -> None:
    """Paragraphs, cells and code that the author typed are the same letters for a reader of Word files."""
    save(whole(), tmp_path / "a.docx")
    (document,) = read_file(tmp_path / "a.docx", corpus=tmp_path)
    for words in ("en negrita, con una nota", "control", "12", 'print("[1]")', "La nota del autor."):
        assert words in document.text
    assert document.source.language == "es"
    assert document.source.title == 'El "tema" \\x'


def test_what_the_author_typed_in_markdown_is_real_in_word() -> None:
    """Maths, a table, a footnote explained in another section and code are Word's own."""
    docx = to_docx(whole(), NUMBERS)
    main = part(docx, "word/document.xml")
    assert main.count("<m:oMath>") == 1
    assert main.count("<w:tbl>") == 1
    assert "SourceCode" in main
    assert "La nota del autor." in re.sub("<[^>]+>", "", part(docx, "word/footnotes.xml"))
    assert "<w:b />" in main


def test_word_styles_are_real_ones() -> None:
    """Headings, quiet notes and hanging references have styles; the language is set; pages are numbered."""
    docx = to_docx(whole(), NUMBERS)
    main, styles = part(docx, "word/document.xml"), part(docx, "word/styles.xml")
    for style in ("Heading1", "Heading2", "ReportNote", "Bibliography"):
        assert f'<w:pStyle w:val="{style}" />' in main
    assert 'w:hanging="454"' in styles
    assert all('w:val="es"' in found for found in re.findall("<w:lang [^>]*>", styles))
    assert " PAGE " in part(docx, "word/footer1.xml")
    assert 'typeface="Calibri"' in part(docx, "word/theme/theme1.xml")


def test_every_change_to_pandocs_template_finds_its_place() -> None:
    """A pandoc with another template is noticed here."""
    with ZipFile(io.BytesIO(default("reference.docx"))) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert [old for old, _ in _CHANGES if not re.search(old, styles, re.DOTALL)] == []


def test_footnotes_lead_to_the_references() -> None:
    """With footnotes, each cited sentence has one, of its sources by number, date and words; the list stays."""
    word = read_word(to_docx(whole(), FOOTNOTES), path="a.docx")
    draft = word.draft()
    marked = {one.text: one.marks for section in draft.sections for one in section.sentences}
    (mark,) = marked["Crecen cada año."]
    notes = {entry.label: entry.text for entry in draft.entries}
    assert notes[mark.label] == (
        "[1] Ana García Pérez y José Luis Gil de la Vega, junio de 2021, p. 4: «Son importantes. Y más.»."
        "[2] Extracto sin título, 8 de marzo de 2023, p. 4: «Son importantes. Y más.»."
    )
    assert next(entry.keys for entry in draft.entries if entry.keys) == ("aaaaaa",)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_sources_words_are_plain_in_every_format(language: str) -> None:
    """What acts in Markdown, TeX, typst or HTML is printed as it stands, and makes no link, picture or maths."""
    report = whole(language, text=HOSTILE)
    plain = HOSTILE.replace("[3]", "[\u20603]").replace("[@key]", "[@\u2060key]")
    docx = to_docx(report, NUMBERS)
    main = part(docx, "word/document.xml")
    assert any(plain in one.text for one in read_word(docx, path="a.docx").paragraphs)
    assert (main.count("<m:oMath>"), main.count("<w:drawing>"), main.count("<pic:")) == (1, 0, 0)
    targets = re.findall('Target="(http[^"]*)"', part(docx, "word/_rels/document.xml.rels"))
    assert sorted(targets) == ["https://doi.org/10.1000/(a)b", "https://example.org/llm", "https://who.int/x"]
    tex = to_tex(report, Setting("numbers"), beside="").decode()
    assert "input{/etc" not in tex.replace("\\textbackslash input\\{", "")
    again = convert(tex.encode(), "--wrap=none", to="plain", source="latex").decode()
    bare = plain.replace("\u2060", "")
    assert bare.replace("`", "‘") in again.replace("\\![", "![")  # the first is how TeX prints it
    assert bare in pdf_text(to_pdf(report, NUMBERS)).replace("\u2060", "")


def test_a_number_in_brackets_of_a_source_is_no_citation() -> None:
    """A source that says "[3]" cites nothing, for whoever reads the Word file."""
    draft = read_word(to_docx(whole(text="Lo dice la tabla [3] entera."), NUMBERS), path="a.docx").draft()
    numbers = {one.numbers for section in draft.sections for one in section.sentences if "tabla" in one.text}
    assert numbers == {(1, 2)}


@pytest.mark.parametrize("setting", [NUMBERS, Setting("", "apa")])
def test_documents_are_the_same_to_the_byte(setting: Setting) -> None:
    """Made twice they do not differ, nor do they hold a clock's time."""
    assert to_docx(whole(), setting) == to_docx(whole(), setting)
    assert to_pdf(whole(), setting) == to_pdf(whole(), setting)
    docx = to_docx(whole(), setting)
    assert "dcterms:" not in part(docx, "docProps/core.xml").replace("xmlns:dcterms", "")
    with ZipFile(io.BytesIO(docx)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert str(date.today().year).encode() not in re.findall(rb"/CreationDate[^)]*", to_pdf(whole(), setting))  # noqa: DTZ011


def test_a_pdf_gives_its_title_and_language() -> None:
    """Readers for the blind and search engines find both; the headings make the outline."""
    import pypdfium2

    pdf = to_pdf(whole(), NUMBERS)
    document = pypdfium2.PdfDocument(pdf)
    assert document.get_metadata_dict()["Title"] == 'El "tema" \\x'
    assert [one.get_title() for one in document.get_toc()] == ["Uno dos", "Tres", "Referencias"]
    document.close()
    assert b"/Lang" in pdf


APA = {
    "es": """\
*Datos y modelos*. (s.\u00a0f.). \\[Extracto de un buscador\\]. Recuperado el 26 de noviembre de 2026, de <https://example.org/llm>
García Pérez, A. y Gil de la Vega, J. L. (2021). Evaluación de la privacidad. *Revista de Salud*. <https://doi.org/10.1000/(a)b>
*Son importantes*. (2023, 8 de marzo). \\[Extracto de un buscador\\].
World Health Organization. (2021). *Ethics of AI*. <https://who.int/x>""",
    "en": """\
*Datos y modelos*. (n.d.). \\[Search-engine snippet\\]. Retrieved November 26, 2026, from <https://example.org/llm>
García Pérez, A., & Gil de la Vega, J. L. (2021). Evaluación de la privacidad. *Revista de Salud*. <https://doi.org/10.1000/(a)b>
*Son importantes*. (2023, March 8). \\[Search-engine snippet\\].
World Health Organization. (2021). *Ethics of AI*. <https://who.int/x>""",
}  # fmt: skip


@pytest.mark.parametrize("language", ["es", "en"])
def test_references_by_apa(language: str) -> None:
    """Names, "s. f.", days and days of retrieval are those of APA in the brief's language."""
    assert references(language, "apa") == APA[language].split("\n")


def test_references_by_vancouver_and_ieee() -> None:
    """They are numbered in the report's order; a page of the web gives its whole date."""
    assert references("es", "vancouver")[1] == ("2. Son importantes \\[extracto de un buscador\\]. 8 de marzo de 2023.")
    assert references("en", "vancouver")[2] == (
        "3. Datos y modelos \\[search-engine snippet\\] \\[Internet\\]. \\[cited 2026 Nov 26\\]. "
        "Available from: <https://example.org/llm>"
    )
    assert references("en", "ieee")[1] == "\\[2\\] “Son importantes,” Mar. 08, 2023."
    assert references("es", "ieee")[0] == (
        "\\[1\\] A. García Pérez y J. L. Gil de la Vega, «Evaluación de la privacidad», *Revista de Salud*, jun. 2021, "
        "doi: [10.1000/(a)b](https://doi.org/10.1000/(a)b)."
    )


@pytest.mark.parametrize("style", STYLES)
def test_every_style_makes_every_format(style: str, tmp_path: Path) -> None:
    """A style that comes along sets Word, PDF, LaTeX and Markdown, and writes nothing beside them."""
    for ending in ("docx", "pdf", "tex", "md"):
        save(whole(), tmp_path / f"a.{ending}", style=style)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.md", "a.pdf", "a.tex"]


def test_any_csl_file_is_a_style(tmp_path: Path) -> None:
    """A file sets the references; one that is none, or only points to another, is refused with what to do."""
    style = tmp_path / "short.csl"
    style.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>S</title>'
        "<id>s</id><updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout prefix='{' suffix='}'>"
        '<text variable="title"/></layout></citation></style>',
        encoding="utf-8",
    )
    assert "{Evaluación de la privacidad" in to_pandoc_markdown(whole(), Setting("", str(style)), beside="").decode()
    for text in ("no style", '<style xmlns="http://purl.org/net/xbiblio/csl"><info/></style>'):
        style.write_text(text, encoding="utf-8")
        with pytest.raises(RagError, match="not a whole CSL style"):
            to_docx(whole(), Setting("", str(style)))
    with pytest.raises(RagError, match="name apa, vancouver, ieee or a CSL file"):
        to_docx(whole(), Setting("", "apaa"))


def test_latex_cites_by_key_the_bibliography_beside_it(tmp_path: Path) -> None:
    """It holds the same keys as the entries beside it, in the brief's language, and pandoc reads it back."""
    save(whole(), tmp_path / "a.tex")
    tex, bib = (tmp_path / "a.tex").read_text(encoding="utf-8"), (tmp_path / "a.bib").read_text(encoding="utf-8")
    cited = {key for keys in re.findall(r"\\autocites?(?:\[[^]]*\])*\{([^}]*)\}", tex) for key in keys.split(",")}
    assert set(re.findall(r"@\w+\{([^,]+),", bib)) >= cited >= {"garcia2021"}
    assert r"\addbibresource{a.bib}" in tex
    assert r"\printbibliography[title=Referencias]" in tex
    assert "spanish" in tex
    assert "Crecen cada año" in convert(tex.encode(), to="plain", source="latex").decode()


def test_pandocs_markdown_leaves_the_authors_text_as_it_is(tmp_path: Path) -> None:
    """Byte for byte, beside citations by key."""
    save(whole(), tmp_path / "a.md", citations="keys")
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert f"# Uno *dos*\n{AUTHOR}\n" in text
    assert "Crecen cada año [@garcia2021; @extracto2023, p. 4]." in text
    assert "bibliography: a.bib" in text
    assert (tmp_path / "a.bib").exists()


def test_a_report_without_sources_says_so() -> None:
    """There is a last heading and a note under it, and no empty list."""
    from dataclasses import replace

    report = whole()
    bare = replace(report, sources=(), sections=(replace(report.sections[1], written=()),))
    words = [one.text for one in read_word(to_docx(bare, NUMBERS), path="a.docx").paragraphs]
    assert words[-2:] == ["Referencias", "No se cita ninguna fuente."]


def test_a_text_edited_by_hand_keeps_its_body_and_its_citations() -> None:
    """What a person left under a heading is read as Markdown: our markers in it cite, an escaped bracket does not."""
    from dataclasses import replace

    report = whole()
    body = "Mi *texto* sobre la tabla \\[3\\] cita algo [2] y [99].\n\n> Una nota [4]."
    first = replace(report.sections[0], body=body)
    edited = replace(report, sections=(first, report.sections[1]))
    draft = read_word(to_docx(edited, NUMBERS), path="a.docx").draft()
    (sentence,) = draft.sections[0].sentences[:1]
    assert (sentence.text.replace("\u2060", ""), sentence.numbers) == (
        "Mi texto sobre la tabla [3] cita algo y.",
        (2, 99),
    )
    text = to_pandoc_markdown(edited, KEYS, beside="a.bib").decode()
    assert "Mi *texto* sobre la tabla \\[3\\] cita algo [@extracto2023] y [99]." in text


def test_a_sentence_added_by_hand_is_set_as_typed() -> None:
    """It keeps its emphasis, and its own markers cite once."""
    from dataclasses import replace

    from rag.records import Citation, Sentence

    report = whole()
    own = Sentence("Añado *esto* [1].", kind="author", citations=(Citation("aaaaaa"),))
    edited = replace(report, sections=(replace(report.sections[0], written=(own,)), report.sections[1]))
    text = to_pandoc_markdown(edited, KEYS, beside="a.bib").decode()
    assert "\nAñado *esto* [@garcia2021].\n" in text
    draft = read_word(to_docx(edited, NUMBERS), path="a.docx").draft()
    assert ("Añado esto.", (1,)) in {(one.text, one.numbers) for s in draft.sections for one in s.sentences}


def test_a_piece_that_swallows_the_next_is_read_alone() -> None:
    """Code that an author left open ends with its section."""
    from dataclasses import replace

    report = whole()
    heading = replace(report.sections[0].heading, author_text="```\ncódigo abierto")
    edited = replace(report, sections=(replace(report.sections[0], heading=heading), report.sections[1]))
    word = read_word(to_docx(edited, NUMBERS), path="a.docx")
    assert [one.text for one in word.paragraphs if word.level(one)] == ["Uno dos", "Tres", "Referencias"]


def test_what_a_reader_should_know_stands_in_the_notes() -> None:
    """A finding on a sentence that stands is told with who says otherwise; what cites nothing has no citation."""
    from dataclasses import replace

    from rag.records import Finding, Sentence

    report = whole("en")
    plain = Sentence("It is so in 2021.", verdict="partly")
    finding = Finding("Tres", plain.text, "number", "partly", "another source says 12.", ("aaaaaa", "zzzzzz"))
    second = replace(report.sections[1], written=(plain,))
    told = replace(report, sections=(report.sections[0], second), findings=(finding,))
    words = [one.text for one in read_word(to_docx(told, NUMBERS), path="a.docx").paragraphs]
    assert "It is so in 2021." in words
    assert "On “It is so in 2021.”: another source says 12\xa0[1]." in words
    assert "The opening sentence, the author's, says the same as a source and can cite it\xa0[4]." in words


def test_one_of_several_sentences_of_the_author_is_told_by_its_words() -> None:
    """So that it is clear which of them a source supports; an address that is no link stays words."""
    from dataclasses import replace

    from rag.records import Sentence
    from tests.render.pages import BODY, cited

    report = whole()
    own = (Sentence("Una primera frase.", kind="author"), Sentence("Otra más.", kind="author", offers=("dddddd",)))
    sources = (*report.sources[:3], cited(4, replace(BODY, url="biblioteca, estante 3"), "dddddd"))
    several = replace(report, sections=(replace(report.sections[0], author=own), *report.sections[1:]), sources=sources)
    words = [one.text for one in read_word(to_docx(several, NUMBERS), path="a.docx").paragraphs]
    assert "La frase «Otra más.», del autor, dice lo mismo que una fuente y puede citarla\xa0[4]." in words
    assert any("2021, biblioteca, estante 3, p. 4" in one for one in words)
