"""Claims about the files a report is written to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.errors import RagError
from rag.render import pandoc, to_markdown
from rag.render.files import check_output, save
from tests.render.pages import whole

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the extra."""
    monkeypatch.setattr(pandoc, "find_spec", lambda _: None)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.tex", "a.bib"])
def test_without_the_extra_the_remedy_is_told_before_anything_is_spent(tmp_path: Path, name: str) -> None:
    """The check that comes first names what to install, and nothing is written."""
    with pytest.raises(RagError, match=r"pip install '\.\[documents\]'"):
        check_output(tmp_path / name)
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("bare")
def test_what_needs_no_extra_is_written_without_it(tmp_path: Path) -> None:
    """Markdown, JSON, the ledger and CSL-JSON; a style is told to need it."""
    for name in ("a.md", "a.json", "a.csv", "a.csl.json"):
        assert save(whole(), tmp_path / name) == tmp_path / name
    assert (tmp_path / "a.md").read_bytes() == to_markdown(whole()).encode()
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfsection,kind,")
    assert json.loads((tmp_path / "a.csl.json").read_bytes())[0]["id"] == "garcia2021"
    with pytest.raises(RagError, match="pip install"):
        check_output(tmp_path / "b.md", style="apa")


@pytest.mark.parametrize(
    ("name", "style", "citations", "said"),
    [
        ("a.xyz", "", "", "this version writes .md, .json, .csv"),
        ("a.json", "apa", "", "a style sets texts"),
        ("a.csv", "", "footnotes", "a style sets texts"),
        ("a.docx", "", "letters", "citations are numbers, footnotes, keys"),
        ("a.docx", "apa", "footnotes", "leave out one of the two"),
        ("a.docx", "", "keys", "name a .md or .tex file"),
        ("a.md", "appa", "", "no style; name apa, vancouver, ieee or a CSL file"),
    ],
)
def test_what_cannot_be_set_is_told_first(tmp_path: Path, name: str, style: str, citations: str, said: str) -> None:
    """Each with what to do, before anything is written."""
    pytest.importorskip("pypandoc", reason="the extra “documents” is not installed: pip install '.[documents]'")
    with pytest.raises(RagError, match=said):
        check_output(tmp_path / name, style=style, citations=citations)
    assert not [*tmp_path.iterdir()]


def test_a_bibliography_of_ones_own_is_not_written_over(tmp_path: Path) -> None:
    """The one beside a text is written anew where it is ours, and no other."""
    pytest.importorskip("pypandoc", reason="the extra “documents” is not installed: pip install '.[documents]'")
    save(whole(), tmp_path / "a.tex")
    save(whole(), tmp_path / "a.tex")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.bib", "a.tex"]
    (tmp_path / "a.bib").write_text("@book{mine, title = {Mine}}", encoding="utf-8")
    with pytest.raises(RagError, match="not rag's; name another"):
        save(whole(), tmp_path / "a.tex")
    assert "mine" in (tmp_path / "a.bib").read_text(encoding="utf-8")


def test_a_failing_program_is_told_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a half file nor a traceback is left."""
    pytest.importorskip("pypandoc", reason="the extra “documents” is not installed: pip install '.[documents]'")
    with pytest.raises(RagError, match=r"pandoc could not make the document: .*[Uu]nknown"):
        pandoc.convert(b"a", to="no-such-format", source="markdown")
    monkeypatch.setattr(pandoc, "_program", lambda: str(tmp_path / "nothing"))
    with pytest.raises(RagError, match="pandoc cannot be run"):
        save(whole(), tmp_path / "a.docx")
    assert not [*tmp_path.iterdir()]


def test_a_fault_of_typst_is_told() -> None:
    """With what it says."""
    pytest.importorskip("typst", reason="the extra “documents” is not installed: pip install '.[documents]'")
    with pytest.raises(RagError, match="typst could not make the PDF: unknown variable"):
        pandoc.to_pdf("#nothing")


def test_pandoc_that_does_not_come_with_its_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when nothing is installed."""
    pypandoc = pytest.importorskip("pypandoc", reason="the extra “documents” is not installed")

    def missing() -> str:
        raise OSError("No pandoc was found")

    monkeypatch.setattr(pypandoc, "get_pandoc_path", missing)
    pandoc._program.cache_clear()
    with pytest.raises(RagError, match=r"pandoc is not installed: pip install"):
        pandoc.check_installed(".docx")
    pandoc._program.cache_clear()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder of that name, a file in the place of a folder, a bibliography that is no text."""
    (tmp_path / "a.md").mkdir()
    with pytest.raises(RagError, match="a folder has this name"):
        check_output(tmp_path / "a.md")
    (tmp_path / "b").write_bytes(b"x")
    with pytest.raises(RagError, match="cannot be written"):
        check_output(tmp_path / "b" / "c.md")
    pytest.importorskip("pypandoc", reason="the extra “documents” is not installed")
    (tmp_path / "d.bib").write_bytes(b"\xff")
    with pytest.raises(RagError, match="not rag's"):
        check_output(tmp_path / "d.tex")
