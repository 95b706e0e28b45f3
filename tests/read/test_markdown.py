"""Markdown with and without front matter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.read.markdown import read_markdown

if TYPE_CHECKING:
    from rag.records import Document

NOTE = """---
title: "Datos sintéticos: una revisión"
authors: [Ana García, {name: "Gil, Eva"}]
date: 2023-03-08
updated: marzo de 2024
retrieved: 2024-05-01
doi: https://doi.org/10.1000/abc
url: https://example.org/nota
lang: es-ES
---

# Introducción

Los datos **sintéticos** imitan [a los reales](https://example.org) sin `copiarlos`.
Se usan en salud.[^1] ![figura](a.png)

- uno
- dos

> Una cita
> partida.

```python
secreto = 1
```

<div>oculto</div>

| Año | n |
|-----|---|
| 2023 | 5 |

Métodos
-------
{% include figure.html %}Fin &amp; final.
"""


def read(text: str) -> Document:
    """Return the document of a Markdown text."""
    (document,) = read_markdown(text, path="notes/n.md")
    return document


def test_front_matter_is_the_source_speaking_of_itself() -> None:
    """Every field lands in its place, with its origin."""
    source = read(NOTE).source
    assert source.title == "Datos sintéticos: una revisión"
    assert source.authors == ("Ana García", "Eva Gil")
    assert (str(source.date), source.date.origin) == ("2023-03-08", "front matter")
    assert str(source.updated) == "2024-03"
    assert source.retrieved == date(2024, 5, 1)
    assert (source.doi, source.url, source.language) == ("10.1000/abc", "https://example.org/nota", "es")
    assert source.paths == ("notes/n.md",)


def test_the_body_is_plain_paragraphs() -> None:
    """Markup, images, HTML and template tags go; words, items and quotations stay; rows and code are marked."""
    assert read(NOTE).text.split("\n\n") == [
        "Introducción",
        "Los datos sintéticos imitan a los reales sin copiarlos. Se usan en salud.",
        "uno",
        "dos",
        "Una cita partida.",
        "| secreto = 1",
        "| Año | n",
        "| 2023 | 5",
        "Métodos",
        "Fin & final.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">\n\nsecreto\n\n</div>', "<span hidden>secreto</span>", "<!-- secreto -->",
        "[//]: # (secreto)",
        '<p style="font-size: 0;">secreto</p>',
    ],
)  # fmt: skip
def test_what_a_page_made_of_it_hides_is_left_out(hidden: str) -> None:
    """HTML inside Markdown may hide words; comments are none."""
    assert read(f"Uno.\n\n{hidden}\n\nDos.").text == "Uno.\n\nDos."


def test_what_html_shows_stays() -> None:
    """Words between other tags are words."""
    assert read('Uno <span style="font-size: 0.8em">dos</span> <kbd>tres</kbd>.').text == "Uno dos tres."


def test_each_field_names_its_origin() -> None:
    """Front matter is the text's own metadata; a heading stands on its first page."""
    origins = dict(read(NOTE).source.origins)
    assert origins == dict.fromkeys(
        ("title", "authors", "date", "updated", "retrieved", "doi", "url", "language"), "article metadata"
    )
    assert read("# Título\n\nTexto.").source.origins == (("title", "first page"),)


def test_headings_are_sections_at_their_offsets() -> None:
    """Both kinds of heading are found, with their level."""
    document = read(NOTE)
    assert [(section.level, section.title) for section in document.sections] == [(1, "Introducción"), (2, "Métodos")]
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    """It stays a section, and the file's name may date the text."""
    (document,) = read_markdown("# El *título*\n\nTexto.", path="2021-05-nota.md")
    assert document.source.title == "El título"
    assert document.text == "El título\n\nTexto."
    assert (str(document.source.date), document.source.date.origin) == ("2021-05", "file name")


@pytest.mark.parametrize(
    ("value", "iso"), [("2021", "2021"), ("'2021-05'", "2021-05"), ("2021-05-03 10:00:00", "2021-05-03")]
)
def test_dates_keep_the_precision_they_are_written_with(value: str, iso: str) -> None:
    """A YAML number, text or moment gives a year, a month or a day."""
    assert str(read(f"---\ndate: {value}\n---\nTexto.").source.date) == iso


@pytest.mark.parametrize("words", ["en prensa", "2023-02-31"])
def test_a_date_that_cannot_be_read_keeps_its_words(words: str) -> None:
    """It is not replaced by the file's name."""
    (document,) = read_markdown(f"---\ndate: {words}\n---\nTexto.", path="2021.md")
    assert (document.source.date.known, document.source.date.text) == (False, words)


def test_a_translation_came_out_when_it_was_translated() -> None:
    """Of two dates the translation's is the text's."""
    source = read("---\ndate: 2012-07-17\ntranslation_date: 2017-03-15\n---\nTexto.").source
    assert str(source.date) == "2017-03-15"


@pytest.mark.parametrize("author", ["author: Gil, Eva", "author: Eva Gil", "authors:\n- Gil, Eva"])
def test_one_author_in_any_form(author: str) -> None:
    """A name may be a text or a list, and turned or not."""
    assert read(f"---\n{author}\n---\nTexto.").source.authors == ("Eva Gil",)


@pytest.mark.parametrize(
    ("front", "line"),
    [("title: uno: dos", 2), ("title: a\ntags: [b", 4), ("a: 1\n\tb: 2", 3)],
)
def test_broken_front_matter_is_named_by_its_line(front: str, line: int) -> None:
    """The reader finds the line and the remedy in the message."""
    with pytest.raises(SourceError, match=rf"n\.md: front matter, line {line}: .*mend the YAML"):
        read(f"---\n{front}\n---\nTexto.")


@pytest.mark.parametrize("text", ["---\n\nTexto sin cierre.", "---\nprosa\n---\nTexto sin cierre."])
def test_a_rule_is_no_front_matter(text: str) -> None:
    """What stands between two rules is text unless it is a table of fields."""
    assert "Texto sin cierre." in read(text).text


def test_front_matter_holds_no_traps() -> None:
    """Nested lists and aliases are not unfolded into a title."""
    bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]\nurl: javascript:alert(1)\n---\nTexto."
    assert (read(bomb).source.title, read(bomb).source.url) == ("", "")


MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "## ", "---\n", "title: ", "\n\n", "\n", "- ", "> ", "```", "|", "|-|-|\n", "[", "](", ": ", "&#0;"]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=100)
@given(MARKDOWN)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but a SourceError is raised, and sections stand where they say."""
    try:
        document = read(text)
    except SourceError:
        return
    assert document.text == document.text.strip()
    assert all(document.text.startswith(section.title, section.start) for section in document.sections)
