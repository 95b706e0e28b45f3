"""Claims about five example drafts, from end to end: what is found and put in, and what a change of the index does."""

from __future__ import annotations

import io
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from rag.config import Config
from rag.errors import RagError
from rag.index import Index
from rag.pipeline import check_draft, index_folder
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.drafts.checkup import Checkup

DRAFTS = Path(__file__).parent / "drafts"
ALL = ("numbered.md", "author_year.md", "plain.txt", "footnotes.md", "word.docx")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus of the drafts and its index."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(DRAFTS / "corpus", folder / "corpus")
    build(folder)
    return folder


def build(folder: Path, config: Config | None = None) -> None:
    """Index a library's corpus."""
    index_folder(folder / "corpus", folder / "index", config=config or Config(), embedder=WordEmbedder())


def check(draft: Path, library: Path, *, fixed: Path | None = None) -> Checkup:
    """Check a draft against a library."""
    with Index(library / "index") as index:
        return check_draft(
            draft, index=index, embedder=WordEmbedder(), runs=library / "runs", config=Config(), fixed=fixed
        )


def found(draft: Path, library: Path) -> set[tuple[int, str, str]]:
    """Return what is found as (line, check, verdict)."""
    return {(one.line, one.check, one.verdict) for one in check(draft, library).findings}


def listed_faults(name: str) -> set[tuple[int, str, str]]:
    """Return the faults that FAULTS.md lists for a draft."""
    part = (DRAFTS / "FAULTS.md").read_text(encoding="utf-8").split(f"## {name}")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| (\d+) \|.*\| (\w+), (\w+)", part)
    return {(int(line), check, verdict) for line, check, verdict in rows}


# What is found


@pytest.mark.parametrize("name", ["numbered.md", "author_year.md"])
def test_the_known_faults_are_found_and_nothing_else(name: str, library: Path) -> None:
    """As FAULTS.md lists them, line by line."""
    twice = {(23, "dangling", "not_checkable"), (23, "dangling", "unclear")} if name == "author_year.md" else set()
    expected = {fault for fault in listed_faults(name) if fault[2] != "twice"} | twice
    assert len(expected) >= 7
    assert found(DRAFTS / name, library) == expected


def test_a_sound_text_in_ieee_form_has_one_finding(library: Path) -> None:
    """The sentence that gives a figure and cites nothing, with its source by name."""
    (finding,) = check(DRAFTS / "plain.txt", library).findings
    assert (finding.line, finding.check, finding.verdict) == (9, "uncited", "unsupported")
    assert "Ana García Pérez, «Datos sintéticos en los hospitales públicos», 17 de mayo de 2023" in finding.reason


def test_footnotes_and_keys_lead_to_their_works(library: Path) -> None:
    """A footnote that is the author's own remark is no citation; one without a text dangles."""
    checkup = check(DRAFTS / "footnotes.md", library)
    assert [(one.line, one.check, one.reason) for one in checkup.findings] == [
        (10, "dangling", "[^9] no está en las referencias")
    ]
    sources = {line.sentence[:12]: len(line.sources) for line in checkup.sentences}
    assert sources == {"Los datos si": 1, "El riesgo de": 1, "Así lo entie": 0, "Las comunida": 1, "El 63 % de e": 0}


def test_a_word_file_is_read_as_printed(library: Path) -> None:
    """Raised numbers, a real footnote, a list that Word numbers; "m²" is no marker and what was deleted is gone."""
    checkup = check(DRAFTS / "word.docx", library)
    carried = [(line.line, line.sentence, line.verdict) for line in checkup.sentences if line.sources]
    assert [verdict for _, _, verdict in carried] == ["verbatim"] * 3
    assert carried[1][1] == "El riesgo de reidentificación no desaparece al quitar los nombres."
    assert [(one.line, one.check) for one in checkup.findings] == [(2, "uncited"), (3, "uncited"), (4, "uncited")]
    assert all(one.offer for one in checkup.findings[1:])


@pytest.mark.parametrize("name", ALL)
def test_the_same_draft_twice_gives_the_same(name: str, library: Path) -> None:
    """Findings, sentences and coverage, to the letter."""
    assert check(DRAFTS / name, library) == check(DRAFTS / name, library)


# What is put in


@pytest.mark.parametrize(
    ("name", "marker"),
    [("numbered.md", " [1]"), ("author_year.md", " (García Pérez, 2023a)"), ("plain.txt", " [1]")],
)
def test_a_copy_has_the_citations_offered_and_nothing_else(
    name: str, marker: str, library: Path, tmp_path: Path
) -> None:
    """Taken out again, the draft's bytes are left; checked again, the sentence is carried; the draft is untouched."""
    before = (DRAFTS / name).read_bytes()
    checkup = check(DRAFTS / name, library, fixed=tmp_path / name)
    after = (tmp_path / name).read_bytes()
    added = len(after) - len(before)
    assert added == len(marker.encode())
    place = next(n for n in range(len(before)) if before[n] != after[n])
    starts = range(max(0, place - added), place + 1)
    assert any(after[:n] + after[n + added :] == before and after[n : n + added] == marker.encode() for n in starts)
    assert (DRAFTS / name).read_bytes() == before
    assert any("1 frases" in remark for remark in checkup.remarks)
    again = [line for line in check(tmp_path / name, library).sentences if line.verdict == "verbatim"]
    assert len(again) == 1 + sum(line.verdict == "verbatim" for line in checkup.sentences)


def test_a_copy_of_a_word_file_keeps_every_other_part(library: Path, tmp_path: Path) -> None:
    """Markers stand in the runs they close; the text around them and all other parts are the same to the byte."""
    check(DRAFTS / "word.docx", library, fixed=tmp_path / "out.docx")
    old, new = (ZipFile(io.BytesIO(path.read_bytes())) for path in (DRAFTS / "word.docx", tmp_path / "out.docx"))
    assert old.namelist() == new.namelist()
    for name in old.namelist():
        part = new.read(name)
        assert (part.replace(b" [1]", b"") if name == "word/document.xml" else part) == old.read(name)
    assert new.read("word/document.xml").count(b" [1]") == 2
    assert [one.line for one in check(tmp_path / "out.docx", library).findings] == [2]


def test_a_draft_without_references_gets_a_list(library: Path, tmp_path: Path) -> None:
    """In Markdown, plain text and Word: a heading and an entry with its key, by which it is checked again."""
    sentence = "El 37,5 % de los comités de ética pidió una evaluación previa."
    (tmp_path / "a.md").write_text(f"# Uno\r\n\r\n{sentence}\r\n", encoding="utf-8", newline="")
    (tmp_path / "a.txt").write_text(sentence, encoding="utf-8")
    for name in ("a.md", "a.txt"):
        fixed = tmp_path / f"fixed-{name}"
        check(tmp_path / name, library, fixed=fixed)
        text = fixed.read_bytes().decode()
        before = (tmp_path / name).read_bytes().decode()
        assert re.sub(r" \[1\](?=\.)|(?s:\r?\n\r?\n(?:# )?Referencias.*)", "", text).rstrip() == before.rstrip()
        assert "[1] Ana García Pérez, Datos sintéticos en los hospitales públicos" in text
        checkup = check(fixed, library)
        assert checkup.findings == ()
        assert [line.verdict for line in checkup.sentences] == ["verbatim"]


def test_a_new_work_gets_the_next_number_in_the_lists_own_form(library: Path, tmp_path: Path) -> None:
    """The number and the point as in a list of Markdown."""
    draft = (DRAFTS / "numbered.md").read_text(encoding="utf-8")
    draft = draft.replace("registros con", "x").replace("es de ellas [1]", "x")
    draft = (
        re.sub(r"(?m)^2\. .*\n", "", draft)
        .replace("[2, 3]", "[3]")
        .replace("reconocer al 63 % de ellas [1]", "reconocer al 63 % de ellas")
    )
    (tmp_path / "n.md").write_text(draft, encoding="utf-8")
    check(tmp_path / "n.md", library, fixed=tmp_path / "out.md")
    text = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "al 63 % de ellas [8]." in text
    assert re.search(r"(?m)^8\. Luis López; Marta Gil, Riesgo de reidentificación .*`k:\w{6}`$", text)
    assert not [one for one in check(tmp_path / "out.md", library).findings if "63 %" in one.sentence]


def test_nothing_is_put_in_that_a_source_does_not_say(library: Path, tmp_path: Path) -> None:
    """A figure that no source gives, and one that a source gives otherwise, are found and left alone."""
    text = "El 38,5 % de los comités de ética pidió una evaluación previa.\n\nLos ataques subieron un 12 %.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert len(check(tmp_path / "a.md", library, fixed=tmp_path / "b.md").findings) == 2
    assert (tmp_path / "b.md").read_text(encoding="utf-8") == text


def test_what_cannot_be_fixed_is_an_error_of_one_line(library: Path, tmp_path: Path) -> None:
    """A draft of footnotes, a copy of another kind, a file that is there already."""
    (tmp_path / "there.md").write_text("x", encoding="utf-8")
    for draft, fixed, words in (
        ("footnotes.md", "out.md", "footnotes or keys"),
        ("word.docx", "out.md", r"name it \*.docx"),
        ("numbered.md", "there.md", "is there already"),
    ):
        with pytest.raises(RagError, match=words) as raised:
            check(DRAFTS / draft, library, fixed=tmp_path / fixed)
        assert "\n" not in str(raised.value)


# An index that changes

OURS = """# Datos

Los datos sintéticos permiten compartir registros clínicos sin exponer a los pacientes [1]. El coste medio por registro bajó de 40 a 15 euros cuando los datos se generaron en el propio hospital [1].

El riesgo de reidentificación no desaparece al quitar los nombres [2].

# Referencias

[1] Ana García Pérez, Datos sintéticos en los hospitales públicos, 17 de mayo de 2023: «Los datos sintéticos permiten compartir registros clínicos sin exponer a los pacientes. …» `k:{garcia}`

[2] Extracto sin título, 2021: «El riesgo de reidentificación no desaparece al quitar los nombres. En una muestra …» `k:{lopez}`
"""  # noqa: E501 - lines of the draft


@pytest.fixture
def ours(library: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A draft with keys of an index, and a copy of the library to change."""
    shutil.copytree(library, tmp_path / "library")
    with Index(tmp_path / "library" / "index") as index:
        sources = {one.paths[0]: one.id for one in index.catalog.sources()}
        keys = {
            name: index.catalog.excerpts([chunk.id for chunk in index.catalog.chunks_of(sources[path])])
            for name, path in (("garcia", "garcia-2023.md"), ("lopez", "lopez-2021.md"))
        }
    draft = tmp_path / "ours.md"
    draft.write_text(
        OURS.format(**{name: next(iter(held.values())).key for name, held in keys.items()}), encoding="utf-8"
    )
    return draft, tmp_path / "library"


def test_a_draft_of_ours_is_sound(ours: tuple[Path, Path]) -> None:
    """As it stands, by its keys."""
    assert check(*ours).findings == ()


def test_after_a_new_cut_the_documents_are_read(ours: tuple[Path, Path]) -> None:
    """Keys that lead nowhere any more are said on their entries' lines, with new ones; no sentence is flagged."""
    draft, library = ours
    build(library, Config(chunk_tokens=14))
    checkup = check(draft, library)
    assert {(one.line, one.check, one.verdict) for one in checkup.findings} <= {
        (9, "dangling", "unclear"),
        (11, "dangling", "unclear"),
    }
    assert checkup.findings
    assert all(one.offer and "ya no lleva" in one.reason for one in checkup.findings)
    assert {line.verdict for line in checkup.sentences} <= {"verbatim", "not_checked", "supported"}


def test_a_source_removed_is_said_where_it_was_cited(ours: tuple[Path, Path]) -> None:
    """On its entry, and on the sentences that rest on it alone; the others are sound."""
    draft, library = ours
    (library / "corpus" / "lopez-2021.md").unlink()
    build(library)
    findings = check(draft, library).findings
    assert [(one.line, one.check, one.verdict) for one in findings] == [
        (5, "key", "unsupported"),
        (11, "dangling", "unsupported"),
    ]
    assert "su fuente tampoco está" in findings[1].reason


def test_a_hand_edit_is_found_and_the_rest_is_left(ours: tuple[Path, Path]) -> None:
    """A digit, a key taken out: what is valid stays so."""
    draft, library = ours
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("15 euros", "16 euros"), encoding="utf-8")
    assert found(draft, library) == {(3, "number", "unsupported")}
    draft.write_text(re.sub(r" `k:\w+`", "", text), encoding="utf-8")
    assert found(draft, library) <= {(11, "dangling", "unclear")}


# Drafts nobody trusts


@pytest.mark.parametrize(
    "text",
    [
        "Sube un 3 % [1]. " * 5000,
        "".join(f"Sube [{n}]. " for n in range(1, 10_001))
        + "\n\n# Referencias\n\n"
        + "\n\n".join(f"[{n}] Obra {n}, 2020." for n in range(1, 10_001)),
        "".join(f"Sube (Autor{n}, 2020). " for n in range(5000)) + "\n\n# Referencias\n\nOtro, A. (2020). Nada.\n",
        "<div onload=x><script>alert(1)</script>" * 2000 + "\n\nUna frase propia.\n",
        "> " * 80 + "Una nota.\n\n" + "* " * 30 + "Una frase.\n\nUna frase propia.\n" + "[" * 3000,
        "Una frase propia. \u202e\u0000".replace("\u0000", "\ufffd") + "´̀" * 1000,
    ],
    ids=["figures", "numbers", "authors", "html", "nesting", "marks"],
)  # fmt: skip
def test_hostile_drafts_take_bounded_time(text: str, library: Path, tmp_path: Path) -> None:
    """Ten thousand markers, markup without end: an answer within a minute and a half on a busy machine."""
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    started = time.monotonic()
    check(tmp_path / "a.md", library)
    assert time.monotonic() - started < 90


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b"Caf\xe9 con leche."),
        ("a.md", b"Una frase\0 con NUL."),
        ("a.docx", b"PK\x03\x04 no es un archivo"),
        ("a.docx", b"Esto es texto."),
        ("a.txt", b""),
    ],
)
def test_what_is_no_draft_is_an_error_of_one_line(name: str, data: bytes, library: Path, tmp_path: Path) -> None:
    """Other encodings, binary data, damaged archives, nothing at all: named, with the remedy."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RagError, match=r"^[^\n]*(?:give|save)[^\n]*$"):
        check(tmp_path / name, library)


def test_a_word_file_with_entities_of_its_own_is_refused(library: Path, tmp_path: Path) -> None:
    """They could fill the memory."""
    with ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY a "x">]><w:d xmlns:w="x"><w:p>&a;</w:p></w:d>')
    with pytest.raises(RagError, match="entities"):
        check(tmp_path / "a.docx", library)
