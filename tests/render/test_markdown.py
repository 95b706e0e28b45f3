"""Claims about the Markdown a report becomes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.brief import topic_brief
from rag.records import (
    UNDATED,
    Brief,
    CheckedSection,
    Citation,
    Excerpt,
    Heading,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
)
from rag.render import escape, to_markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

DAY = PublicationDate(date(2023, 3, 8), date(2023, 3, 8), "day", "prefix", "Mar 8, 2023")
AGO = PublicationDate(origin="prefix", text="1 día atrás")
SNIPPET = "Los datos sintéticos se están volviendo cada vez más importantes."


def entry(
    number: int, *keys: str, text: str = SNIPPET, page: int | None = None, source: Source | None = None
) -> NumberedSource:
    """Return a numbered source with an excerpt for each key."""
    known = source or Source(id=f"{number:032}", paths=("a.txt",), format="snippet", date=DAY)
    return NumberedSource(number, known, tuple(Excerpt(key, known, text, 0, len(text), page=page) for key in keys))


def cited(text: str, *keys: str, opens: bool = False) -> Sentence:
    """Return a written sentence that cites these keys."""
    return Sentence(text, citations=tuple(map(Citation, keys)), opens_paragraph=opens)


def report(*sections: CheckedSection, sources: tuple[NumberedSource, ...] = (), language: str = "es") -> Report:
    """Return a report of these sections."""
    brief = Brief("Datos", tuple(section.heading for section in sections), language=language)
    return Report(brief, sections, sources)


def paragraph(*sentences: Sentence, sources: tuple[NumberedSource, ...]) -> str:
    """Return the only written paragraph of a report of these sentences."""
    section = CheckedSection(Heading("# T", "T", 1), (), sentences)
    return to_markdown(report(section, sources=sources)).split("\n\n")[1]


def test_the_founding_page() -> None:
    """A whole page: headings and the author's text as typed, paragraphs, notes and references."""
    author = Sentence("Juegan un papel clave.", kind="author", offers=("bbbbbb",))
    page = replace(
        report(
            CheckedSection(
                Heading("#  Impacto  de los datos #", "Impacto  de los datos", 1, "Juegan un papel  \nclave [3]."),
                (author,),
                (
                    cited("Son importantes.", "aaaaaa"),
                    cited("Según una fuente: «Sirven para todo».", "bbbbbb", "aaaaaa"),
                    Sentence("A ello se suma el método.", opens_paragraph=True),
                ),
                note="Nada más en el corpus.",
            ),
            CheckedSection(Heading("### Conclusión", "Conclusión", 3), (), (), note="Sin pruebas.\nNi indicios."),
            sources=(
                entry(4, "aaaaaa", "cccccc", page=7),
                entry(
                    5,
                    "bbbbbb",
                    source=Source(
                        "x", ("b.pdf",), "pdf", "Un título.", ("Ana Gil", "Eva Paz"), AGO, doi="10.1000/a(b)"
                    ),
                ),
            ),
        ),
        remarks=("Digesto de frases de las fuentes.",),
    )
    assert to_markdown(page) == (
        "#  Impacto  de los datos #\n"
        "Juegan un papel  \nclave [3].\n"
        "\n"
        "Son importantes [4]. Según una fuente: «Sirven para todo» [4][5].\n"
        "\n"
        "A ello se suma el método.\n"
        "\n"
        "> Nada más en el corpus.\n"
        "> La frase inicial, del autor, dice lo mismo que la fuente 5: puede citarse [5].\n"
        "\n"
        "### Conclusión\n"
        "\n"
        "> Sin pruebas.\n"
        "> Ni indicios.\n"
        "\n"
        "> Digesto de frases de las fuentes.\n"
        "\n"
        "# Referencias\n"
        "\n"
        f"[4] Extracto sin título, 8 de marzo de 2023, p. 7: «{SNIPPET}» `k:aaaaaa` `k:cccccc`\n"
        "\n"
        "[5] Ana Gil; Eva Paz, Un título, sin fecha («1 día atrás»), <https://doi.org/10.1000/a(b)>: "
        f"«{SNIPPET}» `k:bbbbbb`\n"
    )


def test_the_page_in_english() -> None:
    """Notes, dates, quotation marks and the last heading are in the brief's language."""
    heading = Heading("## Uses", "Uses", 2, "One is here. Two is there as well, and goes on for long.")
    author = (
        Sentence("One is here.", kind="author"),
        Sentence("Two is there as well, and goes on for long.", kind="author", offers=("aaaaaa", "bbbbbb")),
    )
    sources = (entry(1, "aaaaaa", text="Text."), entry(2, "bbbbbb", text="Text."))
    page = to_markdown(report(CheckedSection(heading, author, ()), sources=sources, language="en"))
    assert (
        "> The author's sentence “Two is there as well, and …” says the same as sources 1, 2: [1][2] can be cited."
        in page
    )
    assert "\n## References\n\n[1] Untitled excerpt, 8 March 2023: “Text.” `k:aaaaaa`\n" in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("los pacientes.", "los pacientes [1][3]."),
        ("los pacientes", "los pacientes [1][3]"),
        ("¿los pacientes?", "¿los pacientes [1][3]?"),
        ("¡los pacientes!", "¡los pacientes [1][3]!"),
        ("los pacientes…", "los pacientes [1][3]…"),
        ("los pacientes...", "los pacientes [1][3]..."),
        ("dice: «texto».", "dice: «texto» [1][3]."),
        ("dice: «texto.»", "dice: «texto.» [1][3]"),
        ('it says "text".', 'it says "text" [1][3].'),
        ("(los pacientes.)", "(los pacientes.) [1][3]"),
        ("los pacientes:", "los pacientes: [1][3]"),
        (" los pacientes. ", "los pacientes [1][3]."),
        ("en 2023.", "en 2023 [1][3]."),
        ("2023.", "2023 [1][3]."),
        ("est-ce vrai ?", "est-ce vrai [1][3] ?"),
    ],
)
def test_markers(text: str, expected: str) -> None:
    """Markers stand before the closing punctuation after one space, once for each source, in ascending order."""
    sources = (entry(1, "aaaaaa", "bbbbbb"), entry(3, "cccccc"))
    assert paragraph(cited(text, "cccccc", "bbbbbb", "aaaaaa"), sources=sources) == expected


def test_a_key_without_a_source_prints_no_marker() -> None:
    """A key that resolves to nothing cannot become a number; findings name it."""
    assert (
        paragraph(cited("Nada.", "zzzzzz"), cited("Algo.", "aaaaaa"), sources=(entry(1, "aaaaaa"),))
        == "Nada. Algo [1]."
    )


def test_the_references_come_last_at_the_top_level() -> None:
    """Ours is the last heading and of the brief's top level, also when the brief has one of that name."""
    sections = [
        CheckedSection(Heading(line, line.strip("# "), line.count("#")), (), ()) for line in ("### A", "## Referencias")
    ]
    page = to_markdown(report(*sections, sources=(entry(1, "aaaaaa"),)))
    assert [line for line in page.splitlines() if line.startswith("#")] == ["### A", "## Referencias", "## Referencias"]
    assert page.rindex("## Referencias") < page.index("[1] ")


def test_no_source_is_said() -> None:
    """A text that cites nothing says so under its references."""
    page = to_markdown(Report(topic_brief("Datos", language="es"), (), ()))
    assert page == "# Referencias\n\n> No se cita ninguna fuente.\n"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(24, "palabra»"), (25, "palabra»"), (26, "palabra …»")],
)
def test_long_excerpts_are_cut(count: int, expected: str) -> None:
    """An excerpt is printed up to 25 words, with an ellipsis where it goes on."""
    page = to_markdown(report(sources=(entry(1, "aaaaaa", text=" ".join(["palabra"] * count)),)))
    assert f"palabra {expected} `k:aaaaaa`" in page
    assert page.count("palabra") == min(count, 25)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            Source("i", (), "pdf", "T", url="https://a.org/x?y=1&z=[2]`"),
            "[1] T, sin fecha, <https://a.org/x?y=1&z=%5B2%5D%60>: ",
        ),
        (Source("i", (), "pdf", "T", url="https://a.org/> <b>x"), "[1] T, sin fecha, <https://a.org/%3E%20%3Cb%3Ex>: "),
        (Source("i", (), "pdf", "T", url="javascript:alert(1)"), "[1] T, sin fecha, javascript:alert(1): "),
        (Source("i", (), "pdf", "T", tuple("ABCDEF")), "[1] A; B; C; D; E; F, T, sin fecha: "),
        (Source("i", (), "pdf", "T", journal="Revista *R*"), "[1] T, Revista \\*R\\*, sin fecha: "),
        (Source("i", (), "pdf", "T", tuple("ABCDEFG")), "[1] A; B; C; et al., T, sin fecha: "),
    ],
)
def test_references(source: Source, expected: str) -> None:
    """A reference names authors, title, date and an address that can only be a web link."""
    assert expected in to_markdown(report(sources=(entry(1, "aaaaaa", source=source),)))


def test_a_republished_source_has_both_dates() -> None:
    """A reference says in the brief's language when the text appeared again, as precisely as that is known."""
    again = PublicationDate(date(2024, 4, 1), date(2024, 4, 30), "month", "prefix", "Apr 2024")
    sources = (entry(1, "aaaaaa", source=Source("i", ("a.txt",), "snippet", "T", date=DAY, republished=again)),)
    assert "[1] T, 8 de marzo de 2023 (publicado de nuevo en abril de 2024): «" in to_markdown(report(sources=sources))
    english = to_markdown(report(sources=sources, language="en"))
    assert "[1] T, 8 March 2023 (published again in April 2024): “" in english


def test_a_reference_shows_what_was_printed() -> None:
    """The excerpt is shown from the first words of it that the text prints, so that a reader finds them."""
    text = "Primero. Los datos sirven. Y aún más."
    shown = [
        to_markdown(
            report(CheckedSection(Heading("# A", "A", 1), (), (sentence,)), sources=(entry(1, "aaaaaa", text=text),))
        )
        for sentence in (
            cited("Los datos sirven.", "aaaaaa"),
            Sentence("Según una fuente: «Y aún más».", citations=(Citation("aaaaaa", "Y aún más"),)),
            cited("Dicho de otro modo.", "aaaaaa"),
            cited("", "aaaaaa"),
        )
    ]
    assert ["«Los datos sirven. Y aún más.»" in page for page in shown] == [True, False, False, False]
    assert "«Y aún más.» `k" in shown[1]
    assert all(f"«{text}»" in page for page in shown[2:])


def test_pages_of_all_excerpts() -> None:
    """A source cited on several pages lists them in order, each once."""
    known = entry(1, "aaaaaa").source
    excerpts = tuple(Excerpt(f"{page}aaaaa", known, SNIPPET, 0, 1, page=page) for page in (9, 2, 9))
    assert ", pp. 2, 9: «" in to_markdown(report(sources=(NumberedSource(1, known, excerpts),)))


@pytest.mark.parametrize(
    "plain",
    [
        "p < 0.05 y 3 > 2 (n = 12), un 5 % más",
        "snake_case y self-made, 2 * 3 = 6",
        "~500 palabras, AT&T, C#, #etiqueta",
        "El 8 de marzo de 2023: «algo», nada más…",
        "-5 grados, 1.5 veces, $5 y a/b",
    ],
)
def test_ordinary_text_is_left_alone(plain: str) -> None:
    """What Markdown would not act on gets no backslash."""
    assert escape(plain) == plain


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("| a | b |", r"\| a \| b \|"),
        ("véase http://a.org o www.a.org", r"véase http:\//a.org o www\.a.org"),
        ("=== y ---", r"\=== y ---"),
        ("H~2~O", r"H\~2\~O"),
        ("2023. El año", r"2023\. El año"),
    ],
)
def test_what_other_renderers_act_on(text: str, escaped: str) -> None:
    """Tables, bare addresses and underlining cannot arise either, where a renderer goes beyond CommonMark."""
    assert escape(text) == escaped


# No text of a source or of a model can act as Markdown

LINKS = ("[1]", "[2]: http://evil.example", "[^1]", "![", "](", "[x](y)", ")", "http://a.org", "www.a.org", "<a@b.org>")
BLOCKS = (
    "# ",
    "\n# x\n",
    "\n\n",
    "```",
    "~~~",
    "- ",
    "+ ",
    "1. ",
    "12) ",
    "> ",
    "===",
    "---",
    "- - -",
    "***",
    "    code",
)
TABLES = ("| a | b |", "\n|---|---|\n", "|")
INLINES = ("`", "~~x~~", "*", "**x**", "_", "__x__", "\\", "\\\\", "&amp;", "&#35;", "$x$", ": ")
HTML = ("<b>", "</p>", "<!--", "-->", "<script>", "<http://evil.example>", "<?php", "<![CDATA[")
WORDS = ("palabra", "año", "2023", ".", "!", "?", "…", "»", "«", " ", "\r", "\x0b", "\t")
HOSTILE = st.sampled_from((*LINKS, *BLOCKS, *TABLES, *INLINES, *HTML, *WORDS))
TEXT = st.one_of(
    st.lists(HOSTILE, min_size=1, max_size=8).map("".join),
    st.lists(HOSTILE, min_size=1, max_size=8).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BLOCK_TYPES = {"heading", "paragraph", "blockquote", "inline"}
INERT = {"text", "text_special", "softbreak"}


def visible(text: str) -> str:
    """Return the characters a reader sees, without space."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")


def plain(token: Token) -> str:
    """Return an inline token's text."""
    return "".join(child.content for child in token.children or [])


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXT, min_size=1, max_size=4), TEXT, TEXT, st.booleans())
@example([":", "http://evil.example"], "[9001]: x", "x", True)
@example(["a\n===", "1.", "- x"], "===", "a\n===\nb\n---", False)
def test_foreign_text_stays_text(sentences: list[str], source_text: str, note: str, cites: bool) -> None:
    """Whatever sources and models say, the page has our structure alone, their words in order, and our markers."""
    known = Source("i", ("a",), "pdf", source_text, (source_text,), replace(UNDATED, text=source_text), url=source_text)
    keys = ("aaaaaa", "bbbbbb") if cites else ()
    written = tuple(cited(sentence, *keys, opens=True) for sentence in sentences)
    section = CheckedSection(Heading("## Uno", "Uno", 2, "Texto."), (), written, note=note)
    sources = (
        entry(9001, "aaaaaa", text=source_text, source=known),
        entry(9002, "bbbbbb", text=source_text, source=known),
    )
    page = to_markdown(report(section, sources=sources))

    tokens = PARSER.parse(page)
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= BLOCK_TYPES
    inlines = [token for token in tokens if token.type == "inline"]
    headings = [token.content for before, token in pairwise(tokens) if before.type == "heading_open"]
    assert headings == ["Uno", "Referencias"]
    references = [token for token in inlines if re.match(r"\[900[12]\] ", plain(token))][-2:]
    for token in inlines:
        allowed = INERT | ({"code_inline", "link_open", "link_close"} if token in references else set())
        assert {child.type for child in token.children or []} <= allowed
    for token in references:
        links = [str(child.attrs["href"]) for child in token.children or [] if child.type == "link_open"]
        assert len(links) <= 1
        assert all(link.lower().startswith(("http://", "https://")) for link in links)
        assert [child.content for child in token.children or [] if child.type == "code_inline"] in (
            ["k:aaaaaa"],
            ["k:bbbbbb"],
        )
        assert visible(source_text).removesuffix(".") in visible(plain(token))

    body = [plain(token) for token in inlines[2 : inlines.index(references[0])]]
    shown = visible("".join(body)).replace("[9001][9002]", "")
    assert visible("".join(sentences)) + visible(note) + "Referencias" == shown
    assert "".join(body).count("[9001][9002]") == (len(sentences) if cites else 0)


@settings(deadline=None, max_examples=100)
@given(TEXT)
def test_escaped_text_holds_no_marker(text: str) -> None:
    """An escaped text has no bare bracket, lies on one line, and reads back as its own words."""
    escaped = escape(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", escaped)
    assert len(escaped.splitlines()) <= 1
    inline = [token for token in PARSER.parse(escaped) if token.type == "inline"]
    assert visible("".join(plain(token) for token in inline)) == visible(text)


def test_the_same_bytes() -> None:
    """Rendering twice gives the same bytes."""
    page = report(CheckedSection(Heading("# A", "A", 1), (), (cited("Uno.", "aaaaaa"),)), sources=(entry(1, "aaaaaa"),))
    assert to_markdown(page) == to_markdown(page)
