r"""Rich text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.read.rtf import read_rtf

if TYPE_CHECKING:
    from rag.records import Document

HEAD = (
    r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}{\f2\fcharset128 Mincho;}}"
    r"{\colortbl;\red255\green0\blue0;\red255\green255\blue255;}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 T\'edtulo uno;}{\s2 heading 2;}{\*\cs10 Default;}}"
    r"{\*\generator Otro programa;}"
)


def read(body: str, *, head: str = HEAD) -> Document:
    """Return the document of a rich text."""
    (document,) = read_rtf(rf"{{\rtf1\ansi\ansicpg1252\deff0{head}{body}}}".encode("latin-1"), path="a.rtf")
    return document


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a body."""
    return read(body).text.split("\n\n")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"sint\'e9ticos", "sintéticos"),
        (r"sint\u233?ticos", "sintéticos"),
        (r"sint\u233\'e9ticos", "sintéticos"),
        (r"\uc2 sint\u233 xxticos", "sintéticos"),
        (r"{\uc0 sint\u233}ticos", "sintéticos"),
        ("sint\xe9ticos", "sintéticos"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\f1 \'b3\'f3d\'9f}", "łódź"),
        (r"{\f2 \'93\'fa\'96\'7b}", "日本"),
        (r"uno\~dos\_tres\-cuatro \{\}\\", "uno dos-trescuatro {}\\"),
        ("par\r\ntido\\\nnueva", "partido\n\nnueva"),
        (r"\ldblquote a\rdblquote \emdash b\tab c\line d", "“a”—b c d"),
        (r"\bullet  uno", "uno"),
    ],
)
def test_characters(body: str, text: str) -> None:
    """Letters come as bytes of a font's code page, as numbers with stand-ins, or as words."""
    assert read(body).text == text


def test_headings_are_sections_by_style_or_level() -> None:
    r"""A style's level holds until \pard."""
    document = read(
        r"\pard\s1 Uno\par\pard Texto.\par\pard\s2 Dos\par\pard\outlinelevel2 Tres\par\pard\outlinelevel9 No.\par"
    )
    assert [(section.level, section.title) for section in document.sections] == [(1, "Uno"), (2, "Dos"), (3, "Tres")]
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)


def test_what_is_embedded_names_title_and_authors() -> None:
    """The day the file was made dates nothing; without a title the heading a text opens with is it."""
    info = r"{\info{\title Datos sint\'e9ticos}{\author Garc\'eda, Ana; Gil, Eva}{\operator Otra}"
    info += r"{\creatim\yr2020\mo1\dy2}}"
    source = read(r"\pard\s1 Uno\par\pard Texto.\par", head=HEAD + info).source
    assert (source.title, source.authors) == ("Datos sintéticos", ("Ana García", "Eva Gil"))
    assert not source.date.known
    assert dict(source.origins) == {"title": "embedded", "authors": "embedded"}
    assert read(r"\pard\s1 Uno\par\pard Texto.\par").source.title == "Uno"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (r"{\v secreto}", False),
        (r"\v secreto\v0 ", False),
        (r"\v \plain secreto", True),
        (r"{\deleted secreto}", False),
        (r"{\cf2 secreto}", False),
        (r"{\cf2\highlight1 secreto}", True),
        (r"{\cf1 secreto}", True),
        (r"{\cf9 secreto}", True),
        (r"{\fs2 secreto}", False),
        (r"{\*\annotation secreto}", False),
        (r"{\header secreto}", False),
        (r"{\field{\*\fldinst INCLUDETEXT secreto}{\fldrslt resultado}}", False),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt secreto}}", True),
        (r"{\*\desconocido secreto}", False),
        (r"{\pict secreto}", False),
        (r"{\*\bkmkstart secreto}", False),
    ],
)
def test_text_that_is_not_seen_is_left_out(body: str, seen: bool) -> None:
    """Hidden, deleted, white and tiny letters are; so are comments, page headers, codes and pictures."""
    text = read(rf"Antes {body} despu\'e9s").text
    assert ("secreto" in text) is seen
    assert text.startswith("Antes")
    assert text.endswith("después")


def test_tables_are_rows_and_notes_follow_their_paragraph() -> None:
    """A row is one paragraph whatever its cells hold."""
    rows = r"\trowd\intbl A\'f1o\cell n\cell\row\trowd\intbl 2023\cell 5\par y 6\cell\row\pard "
    assert paragraphs(rows + r"Uno{\footnote\pard La nota.\par Sigue.} dos.\par Fin.\par") == [
        "| Año | n",
        "| 2023 | 5 y 6",
        "Uno dos.",
        "La nota. Sigue.",
        "Fin.",
    ]
    assert paragraphs(r"\trowd\intbl Marco.\cell\row\pard Fin.\par") == ["Marco.", "Fin."]


def test_binary_data_of_a_picture_is_skipped() -> None:
    """Its bytes may look like anything but text."""
    assert read(r"Uno{\pict\bin5 {{{{{} dos").text == "Uno dos"


def test_a_document_without_text_is_refused() -> None:
    """There is nothing to cite."""
    with pytest.raises(SourceError, match="holds no text"):
        read("")


PIECES = [
    "{",
    "}",
    "\\par ",
    "\\'e9",
    "\\'",
    "\\u233?",
    "\\u99999 ",
    "\\*",
    "\\v ",
    "\\cell",
    "\\row",
    "\\intbl ",
    "\\bin9 ",
]
PIECES += [
    "\\footnote ",
    "\\fonttbl ",
    "\\fcharset128 ",
    "\\f0 ",
    "\\info ",
    "\\title ",
    "\\colortbl;",
    "\\s1",
    "\\uc-3 ",
    "\\",
]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(max_codepoint=255), max_size=6)), max_size=30))
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    """Nothing but a SourceError is raised, and sections stand where they say."""
    try:
        document = read("".join(pieces))
    except SourceError:
        return
    assert document.text == document.text.strip()
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)
