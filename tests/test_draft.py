"""Claims about reading a draft of ours, as written and as edited by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates import interval
from rag.drafts.draft import DraftEntry, DraftSentence, load_draft, read_draft
from rag.errors import RagError
from rag.records import Brief, CheckedSection, Citation, Excerpt, Heading, NumberedSource, Report, Sentence, Source
from rag.render import to_markdown

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = tuple(
    NumberedSource(number, source, (Excerpt(f"aaaaa{number}", source, "«a» [9] `k:zzzzzz`\n[8] b", 0, 24),))
    for number in (2, 3)
    for source in (Source(str(number), ("a.txt",), "text", title="T [7] `k:yyyyyy`"),)
)


def sentences(text: str) -> list[tuple[int, str, tuple[int, ...]]]:
    """Return what is read of a text as (line, words, numbers)."""
    return [(one.line, one.text, one.numbers) for section in read_draft(text).sections for one in section.sentences]


DRAFT = """# Impacto
Una frase del autor,
en dos líneas. Y otra.

La primera es cierta [1][3]. La segunda no cita nada. «Tercera. Entera» [2].

> La frase inicial dice lo mismo que la fuente 3: puede citarse [3].

## Detalle 2023

- Un punto de la lista [2]
- Otro punto. [1, 3] Y algo más

```
código [9]
```

<!-- un comentario [8]. -->

| cosa [4] | 12 |
|---|---|
| x | y |

# Referencias

[1] Ana Gil, Título, 2023: «Texto» `k:aaaaaa` `k:bbbbbb`
[2] Extracto sin título: «Texto
partido» `k:cccccc`

[3] Sin clave.

> Una nota [5].
"""


def test_a_draft_is_sentences_with_their_lines_and_markers() -> None:
    """Markers before or after the closing mark, single or listed, belong to the sentence they follow; a quotation of
    several sentences is one; headings, code, comments, tables, notes and references are no sentences.
    """
    assert sentences(DRAFT) == [
        (2, "Una frase del autor, en dos líneas.", ()),
        (3, "Y otra.", ()),
        (5, "La primera es cierta.", (1, 3)),
        (5, "La segunda no cita nada.", ()),
        (5, "«Tercera. Entera».", (2,)),
        (11, "Un punto de la lista", (2,)),
        (12, "Otro punto.", (1, 3)),
        (12, "Y algo más", ()),
    ]


def test_a_draft_has_its_references_and_the_markers_of_its_notes() -> None:
    """Each entry with its line, its words and its keys, also where lines have run together; markers of notes and tables
    are kept with their section.
    """
    read = read_draft(DRAFT)
    assert read.language == "es"
    assert read.entries == (
        DraftEntry(26, "1", "Ana Gil, Título, 2023: «Texto»", ("aaaaaa", "bbbbbb")),
        DraftEntry(27, "2", "Extracto sin título: «Texto partido»", ("cccccc",)),
        DraftEntry(30, "3", "Sin clave."),
    )
    notes = [[(note.line, note.numbers) for note in section.notes if note.numbers] for section in read.sections]
    assert notes == [[(7, (3,))], [(20, (4,))]]


@pytest.mark.parametrize(
    ("line", "text", "numbers"),
    [
        (r"Un corchete \[1\] no es marca [2].", "Un corchete [1] no es marca.", (2,)),
        ("El código `a[1]` tampoco [2].", "El código a[1] tampoco.", (2,)),
        ("**Negrita** y *cursiva* [2].", "Negrita y cursiva.", (2,)),
        ("Un [enlace](https://x.org/1) [2].", "Un enlace.", (2,)),
        ("Véase <https://x.org/2023> [2].", "Véase.", (2,)),
        (r"A\_b \`c\` \&amp; p \< 1 [2].", "A_b `c` &amp; p < 1.", (2,)),
        ("[2] Empieza por la marca.", "Empieza por la marca.", (2,)),
        ("Con <!-- [1] --> comentario [2]", "Con comentario", (2,)),
        ("Dos veces [2] la misma [2].", "Dos veces la misma.", (2,)),
        ("¿Pregunta [2]? ", "¿Pregunta?", (2,)),
        ("Una frase [2].\n---", "Una frase.", (2,)),
        ("Una frase [2].\n\n[2]: https://x.org", "Una frase.", (2,)),
    ],
)
def test_markup_is_undone(line: str, text: str, numbers: tuple[int, ...]) -> None:
    """Only brackets that a reader sees as a marker are one, and the words are those a reader sees."""
    assert sentences(f"# T\n\n{line}\n")[0] == (3, text, numbers)


def test_the_last_heading_of_that_name_holds_the_references() -> None:
    """A section of the same name before it is prose, and so is what a hand put under another heading after it."""
    text = "# Referencias\n\nLas hay.\n\n# References\n\n[1] Uno `k:aaaaaa`\n\n# Anexo\n\nUna frase [1].\n"
    assert [words for _, words, _ in sentences(text)] == ["Las hay.", "Una frase."]
    assert [entry.keys for entry in read_draft(text).entries] == [("aaaaaa",)]


def test_entries_in_the_form_of_link_definitions_are_entries() -> None:
    """A hand writes "[1]: Title" too."""
    read = read_draft("Una frase [1][2].\n\n# Referencias\n\n[1]: https://x.org\n[2]: Título `k:aaaaaa`\n")
    assert read.entries == (DraftEntry(5, "1", "https://x.org"), DraftEntry(6, "2", "Título", ("aaaaaa",)))


def test_headings_in_notes_and_lists_open_no_section() -> None:
    """As in a brief, only top-level headings count."""
    text = "# Uno\n\nUna frase [1].\n\n> # Referencias\n\nOtra frase [1].\n\n# Referencias\n\n[1] A `k:aaaaaa`\n"
    read = read_draft(text)
    assert [len(section.sentences) for section in read.sections] == [2]
    assert [entry.keys for entry in read.entries] == [("aaaaaa",)]
    assert len(read_draft("# Uno\n\nUna.\n\n> # Nota\n\nDos.\n").sections) == 1


def test_lines_are_counted_across_line_ends_and_comments() -> None:
    """Windows line ends, a byte order mark and a comment of several lines do not shift the lines."""
    text = "\ufeff# T\r\n\r\nUna\r\nfrase <!-- a\r\nb --> larga.\r\nOtra frase [1].\r\n"
    assert [(line, words) for line, words, _ in sentences(text)] == [(3, "Una frase larga."), (6, "Otra frase.")]


RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""In any draft a raised number after a word or a stop is a marker, and so it is in ours, where a source has one."""
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters=RAISED), max_size=30
) | st.sampled_from(
    ["[1]", "`k:aaaaaa`", "<!--", "> nota", "# T", "1.", "- x", "|", "\\", "[a](b)", "&amp;", "***", "~~~", "```"]
)
TEXTS = st.tuples(
    st.sampled_from(["Palabra", "Los datos", "¿Qué"]), WORDS, st.sampled_from(["fin.", "fin", "fin?"])
).map(" ".join)
WRITTEN = st.builds(
    lambda text, keys, opens: Sentence(text, citations=tuple(map(Citation, keys)), opens_paragraph=opens),
    TEXTS,
    st.lists(st.sampled_from(["aaaaa2", "aaaaa3"]), unique=True),
    st.booleans(),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(WRITTEN, min_size=1, max_size=4))
def test_what_is_rendered_is_read_back(written: list[Sentence]) -> None:
    """Whatever sentences and sources hold, their words come back in order, with the markers written and no other, and
    the references with their own keys.
    """
    section = CheckedSection(Heading("# T", "T", 1), (), tuple(written))
    read = read_draft(to_markdown(Report(Brief("T", (section.heading,), language="es"), (section,), SOURCES)))
    back = [one for section in read.sections for one in section.sentences]
    assert "".join("".join(one.text for one in back).split()) == "".join("".join(s.text for s in written).split())
    numbers = {int(citation.key[-1]) for one in written for citation in one.citations}
    assert {number for one in back for number in one.numbers} == numbers
    assert [(entry.label, entry.keys) for entry in read.entries] == [("2", ("aaaaa2",)), ("3", ("aaaaa3",))]


def test_a_republished_source_is_read_back() -> None:
    """Both its dates are words of its entry, and neither is a sentence, a marker or a key."""
    source = Source("i", ("a.txt",), "text", "T", date=interval(2023, 3, 8), republished=interval(2024, 4))
    entry = NumberedSource(1, source, (Excerpt("aaaaaa", source, "Una frase", 0, 9),))
    section = CheckedSection(Heading("# T", "T", 1), (), (Sentence("Una frase.", citations=(Citation("aaaaaa"),)),))
    page = to_markdown(Report(Brief("T", (section.heading,), language="es"), (section,), (entry,)))
    assert sentences(page) == [(3, "Una frase.", (1,))]
    dates = "8 de marzo de 2023 (publicado de nuevo en abril de 2024)"
    assert read_draft(page).entries == (DraftEntry(7, "1", f"T, {dates}: «Una frase»", ("aaaaaa",)),)


@settings(deadline=None, max_examples=60)
@given(WRITTEN)
def test_each_marker_stays_with_its_sentence(one: Sentence) -> None:
    """Between two plain sentences that cite nothing, only the pieces of the cited one carry its markers."""
    around = [Sentence("Esto va delante."), one, Sentence("Esto va detrás.")]
    section = CheckedSection(Heading("# T", "T", 1), (), tuple(around))
    read = read_draft(to_markdown(Report(Brief("T", (section.heading,), language="es"), (section,), SOURCES)))
    carrying = [each for each in read.sections[0].sentences if each.numbers]
    assert len(carrying) == bool(one.citations)


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=100)
def test_any_text_can_be_read(text: str) -> None:
    """No text is an error here, and every line named is one of its lines."""
    read = read_draft(text)
    placed: list[DraftSentence | DraftEntry] = [
        one for section in read.sections for one in (*section.sentences, *section.notes)
    ]
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert all(1 <= one.line <= lines for one in (*placed, *read.entries))


def test_a_file_that_is_no_text_is_an_error_of_one_line(tmp_path: Path) -> None:
    """A missing file, a folder and bytes of another kind name the path and the remedy."""
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04\xff\xfe")
    for path in (tmp_path / "a.docx", tmp_path / "none.md", tmp_path):
        with pytest.raises(RagError, match=r"^[^\n]*; (give|check)[^\n]*$") as raised:
            load_draft(path)
        assert str(path) in str(raised.value)
    (tmp_path / "a.md").write_text("Una frase.", encoding="utf-8")
    assert load_draft(tmp_path / "a.md") == "Una frase."
