"""Claims about what is put into a draft: the citations offered, at the end of their sentences, and nothing else."""

from __future__ import annotations

import io
from dataclasses import replace
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates import interval
from rag.drafts.checkup import inspect_draft
from rag.drafts.copies import TextCopy, WordCopy
from rag.drafts.fix import Fixed, fix
from rag.drafts.passages import Passages
from rag.drafts.word import MAIN, read_word
from rag.errors import RagError
from rag.records import Excerpt, Source, excerpt_hash
from tests.drafts.make_word import PARTS, paragraph, run

SAID = (
    "El 37,5 % de los comités de ética pidió una evaluación previa.",
    "En una muestra de 600 personas bastó la fecha de nacimiento para reconocer al 63 %.",
    "El coste medio por registro bajó de 40 a 15 euros en aquel hospital.",
)
AUTHORS = (("Ana García Pérez",), ("Luis López", "Marta Gil"), ("John Smith", "Mary Jones", "Peter Lee"))


def source(number: int, authors: tuple[str, ...]) -> Source:
    """Return a source with a title and a year."""
    title = f"Informe número {number} sobre registros & hospitales <sintéticos>"
    return Source(str(number), (f"{number}.md",), "markdown", title, authors, date=interval(2020 + number))


SOURCES = tuple(source(number, authors) for number, authors in enumerate(AUTHORS))
EXCERPTS = tuple(
    Excerpt(excerpt_hash(one.id, text)[:6], one, text, 0, len(text)) for one, text in zip(SOURCES, SAID, strict=True)
)


class Shelf:
    """Three documents of one passage each."""

    def sources(self) -> tuple[Source, ...]:
        """Return them."""
        return SOURCES

    def passages(self, document_id: str, sentence: str, *, language: str, by_meaning: bool = False) -> Passages:
        """Return the one passage."""
        return Passages((EXCERPTS[int(document_id)],), 1, 1)


def find(key: str) -> tuple[Excerpt, ...]:
    """Return the excerpts whose hash begins so."""
    return tuple(one for one in EXCERPTS if excerpt_hash(one.source.id, one.text).startswith(key))


def fixed(copy: TextCopy | WordCopy) -> Fixed:
    """Return what is to be put into a draft."""
    draft = copy.read(())
    return fix(draft, inspect_draft(draft, find=find, search=lambda _: EXCERPTS, shelves=Shelf()), copy)


def mended(text: str, *, plain: bool = False) -> str:
    """Return a draft with what is put in."""
    copy = TextCopy(text, plain=plain)
    return copy.written(fixed(copy).insertions)


LINKED = SAID[0].replace("comités", "[comités](https://x.org/1)")
LIST = "\n\n## Bibliografía\n\n[1] Otro, A. Cosa distinta. 2001.\n"


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        (SAID[0], SAID[0][:-1] + " [2]."),
        (f"**{SAID[0]}**", f"**{SAID[0][:-1]} [2].**"),
        (f"*{SAID[0][:-1]}*.", f"*{SAID[0][:-1]}* [2]."),
        (f"- {SAID[0][:-1]}", f"- {SAID[0][:-1]} [2]"),
        (SAID[0].replace(" de ética", "\nde ética"), SAID[0].replace(" de ética", "\nde ética")[:-1] + " [2]."),
        (f"Un inciso. {SAID[0]} Otro inciso.", f"Un inciso. {SAID[0][:-1]} [2]. Otro inciso."),
        (f"{SAID[0]} {SAID[0]}", f"{SAID[0][:-1]} [2]. {SAID[0][:-1]} [2]."),
        (LINKED, LINKED[:-1] + " [2]."),
    ],
)  # fmt: skip
def test_a_marker_stands_before_the_closing_point(sentence: str, marked: str) -> None:
    """In emphasis, lists, broken lines, between other sentences, twice, and after links."""
    text = f"# T\n\nOtra cosa [1].\n\n{sentence}{LIST}"
    after = mended(text)
    assert after.startswith(f"# T\n\nOtra cosa [1].\n\n{marked}\n\n## Bib")
    assert after.count("\n[2] Ana García Pérez, ") == 1


def test_author_and_year_in_the_drafts_own_style() -> None:
    """One author, two, three, each with an entry that the marker leads to."""
    text = (
        "# T\n\nOtra cosa (Otro, 2001). " + " ".join(SAID) + "\n\n## Referencias\n\nOtro, A. (2001). Cosa distinta.\n"
    )
    after = mended(text)
    for marker in ("(García Pérez, 2020).", "(López y Gil, 2021).", "(Smith et al., 2022)."):
        assert after.count(marker) == 1
    again = inspect_draft(after, find=find, search=lambda _: (), shelves=Shelf())
    assert [one.sentence[:4] for one in again.findings] == ["Otro"]  # the entry that is not in the library
    assert [line.verdict for line in again.sentences[1:]] == ["verbatim"] * 3


def test_an_entry_of_the_same_name_and_year_is_not_doubled() -> None:
    """A marker that would name another entry is left out, and that is said."""
    text = (
        f"Una cosa (García Pérez, 2020). {SAID[0]}\n\n# Referencias\n\nGarcía Pérez, B. (2020). Sobre vinos de Haro.\n"
    )
    copy = TextCopy(text, plain=False)
    done = fixed(copy)
    assert (done.insertions, done.cited) == ((), 0)
    assert [line for line, _ in done.left] == [1]


def test_a_source_without_author_is_left_to_the_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """(Anonymous, n. d.) is not made up."""
    nameless = replace(EXCERPTS[0], source=replace(SOURCES[0], authors=()))
    draft = TextCopy(f"Una cosa (Otro, 2001). {SAID[0]}\n\n# Referencias\n\nOtro, A. (2001). Cosa.\n", plain=False)
    read = draft.read(())
    checkup = inspect_draft(read, find=find, search=lambda _: (nameless,), shelves=Shelf())
    assert fix(read, checkup, draft).insertions == ()


def test_a_key_is_added_to_the_entry_of_a_source_cited_already() -> None:
    """Where it is one of ours: its marker then carries the new sentence."""
    other = f"`k:{EXCERPTS[0].key}`"
    text = (
        f"# T\n\n{SAID[0][:-1]} [1]. {SAID[1]}\n\n# Referencias\n\n[1] Ana García Pérez, Informe, 2020: «El» {other}\n"
    )
    after = mended(text)
    assert "reconocer al 63 % [2]." in after
    assert after.count("`k:") == 2


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
PIECES = st.lists(
    WORDS | st.sampled_from([*SAID, "# T", "- x", "> nota", "[1]", "```", "Otro (García, 2020).", "\r\n", "\n\n"]),
    max_size=9,
)


@settings(deadline=None, max_examples=60)
@given(PIECES, st.sampled_from(["\n\n", "\r\n\r\n", " "]), st.booleans())
def test_what_is_put_in_is_all_that_changes(pieces: list[str], between: str, plain: bool) -> None:
    """Whatever the draft: without the insertions its text is left, and the sentences read are the same."""
    text = between.join([*pieces, SAID[0]])
    copy = TextCopy(text, plain=plain)
    try:
        draft = copy.read(())
        done = fixed(copy)
    except RagError:
        return
    after, shift = copy.written(done.insertions), 0
    for one in done.insertions:
        place = one.place + shift
        assert after[place : place + len(one.words)] == one.words
        after = after[:place] + after[place + len(one.words) :]
        shift += 0
    assert after == text
    again = copy.read(done.insertions)
    assert [s.text for part in again.sections for s in part.sentences] == [
        s.text for part in draft.sections for s in part.sentences
    ]


def word(*paragraphs: str) -> bytes:
    """Return a Word file of these paragraphs."""
    head, _, rest = PARTS[MAIN].partition("<w:body>")
    body = f"{head}<w:body>{''.join(paragraphs)}{rest[rest.index('<w:sectPr') :]}"
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, text in (PARTS | {MAIN: body}).items():
            archive.writestr(name, text)
    return out.getvalue()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from([*SAID, " Otra. ", "El 37,5 % ", "& <", "ñ 𝒳 é"]), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_a_word_file_changes_by_what_is_put_in_alone(texts: list[list[str]]) -> None:
    """Whatever runs its text is cut into: without the insertions the main part's bytes are left."""
    escaped = [[one.replace("&", "&amp;").replace("<", "&lt;") for one in runs] for runs in texts]
    data = word(*(paragraph(*map(run, runs)) for runs in escaped), paragraph(run(SAID[0][:20]), run(SAID[0][20:])))
    copy = WordCopy(data, path="a.docx")
    done = fixed(copy)
    assert done.cited >= 1
    part = ZipFile(io.BytesIO(copy.written(done.insertions))).read(MAIN)
    for one in done.insertions:
        words = one.words.encode()
        assert part[one.place : one.place + len(words)] == words
        part = part[: one.place] + part[one.place + len(words) :]
    assert part == ZipFile(io.BytesIO(data)).read(MAIN)
    assert len(read_word(copy.written(done.insertions), path="a").paragraphs) > len(texts) + 2
