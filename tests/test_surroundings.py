"""Claims about what stands around an excerpt: words before and after, pictures, and which files are opened for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.catalog import Catalog, FileState
from rag.read.pdf import read_pdf
from rag.records import Brief, Document, Excerpt, NumberedSource, Report, Source, document_id
from rag.surroundings import WORDS_AROUND, Surrounding, surroundings
from tests.render.shown_reports import LINES, pdf_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Shelf:
    """Documents and files, as a catalog holds them."""

    def __init__(self, *documents: Document, files: Mapping[str, bytes] | None = None) -> None:
        self._documents = {document.source.id: document for document in documents}
        self._files = {path: _state(path, data) for path, data in (files or {}).items()}

    def document(self, document_id: str) -> Document:
        """Return a document."""
        return self._documents[document_id]

    def files(self) -> Mapping[str, FileState]:
        """Return the files."""
        return self._files


def _state(path: str, data: bytes) -> FileState:
    from hashlib import sha256

    return FileState(path, len(data), 0, 0, sha256(data).hexdigest())


def note(text: str) -> Document:
    """Return a document of Markdown."""
    return Document(Source(document_id(text), ("nota.md",), "markdown"), text)


def taken(document: Document, words: str, key: str = "aaaaaa") -> Excerpt:
    """Return the words as an excerpt of a document."""
    start = document.text.index(words)
    return Excerpt(key, document.source, words, start, start + len(words))


def cites(*excerpts: Excerpt, material: tuple[Document, ...] = ()) -> Report:
    """Return a report that cites these excerpts, each of a source of its own."""
    sources = tuple(NumberedSource(place, one.source, (one,)) for place, one in enumerate(excerpts, start=1))
    return Report(Brief("T", (), material=material), (), sources)


def test_words_before_and_after_are_the_documents_own() -> None:
    """So many on either side, as they stand there; it is known where the document begins or ends."""
    words = [f"p{number}" for number in range(200)]
    document = note(" ".join(words))
    found = surroundings(cites(taken(document, "p100 p101")), holdings=Shelf(document), corpus=None)["aaaaaa"]
    assert found.before.split() == words[100 - WORDS_AROUND : 100]
    assert found.after.split() == words[102 : 102 + WORDS_AROUND]
    assert (found.starts, found.stops) == (False, False)
    assert document.text.find(found.before + "p100 p101" + found.after) > 0
    edge = surroundings(cites(taken(document, document.text)), holdings=Shelf(document), corpus=None)["aaaaaa"]
    assert edge == Surrounding("", "", starts=True, stops=True)


def test_the_briefs_own_material_needs_no_index() -> None:
    """Its documents are in the brief."""
    document = note("Antes. Dentro. Después.")
    report = cites(taken(document, "Dentro."), material=(document,))
    assert surroundings(report, holdings=None, corpus=None)["aaaaaa"].after == " Después."


def test_what_is_not_held_or_reads_otherwise_has_none() -> None:
    """A replay on another machine, or a document that is another by now, shows the excerpt alone."""
    document = note("Antes. Dentro. Después.")
    excerpt = taken(document, "Dentro.")
    assert surroundings(cites(excerpt), holdings=Shelf(), corpus=None) == {}
    assert surroundings(cites(excerpt), holdings=None, corpus=None) == {}
    other = replace(document, text="Antes, otra cosa. Después.")
    assert surroundings(cites(excerpt), holdings=Shelf(other), corpus=None) == {}


@pytest.fixture
def paper(tmp_path: Path) -> tuple[Path, bytes, Document]:
    """A corpus folder with a PDF in it, its bytes, and its document."""
    data = pdf_page("Título del estudio", "", *LINES)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.pdf").write_bytes(data)
    (document,) = read_pdf(data, path="a.pdf")
    return tmp_path / "corpus", data, document


def test_a_pdf_is_pictured(paper: tuple[Path, bytes, Document]) -> None:
    """The picture is of the page the words stand on, and its boxes count from the excerpt's beginning."""
    corpus, data, document = paper
    excerpt = taken(document, "los hospitales los prefieren")
    found = surroundings(cites(excerpt), holdings=Shelf(document, files={"a.pdf": data}), corpus=corpus)["aaaaaa"]
    (crop,) = found.crops
    assert crop.page == 1
    assert [excerpt.text[word.start : word.end] for word in crop.words] == excerpt.text.split()
    assert found.lack == ""


def test_a_catalog_is_such_a_shelf(paper: tuple[Path, bytes, Document], tmp_path: Path) -> None:
    """What an index holds serves as it is."""
    corpus, data, document = paper
    with Catalog(tmp_path / "catalog.sqlite3") as catalog:
        catalog.put_file(_state("a.pdf", data), [(document, (), ())])
        (held,) = catalog.documents()
        found = surroundings(cites(taken(held, "tres ataques")), holdings=catalog, corpus=corpus)
    assert len(found["aaaaaa"].crops) == 1


def test_another_file_of_that_name_is_not_shown(paper: tuple[Path, bytes, Document]) -> None:
    """The words around it come from the index; why there is no picture is told."""
    corpus, data, document = paper
    report = cites(taken(document, "tres ataques"))
    shelf = Shelf(document, files={"a.pdf": data})
    (corpus / "a.pdf").write_bytes(pdf_page("Otra cosa", *LINES))
    changed = surroundings(report, holdings=shelf, corpus=corpus)["aaaaaa"]
    (corpus / "a.pdf").unlink()
    moved = surroundings(report, holdings=shelf, corpus=corpus)["aaaaaa"]
    assert (changed.lack, changed.crops, moved.lack) == ("changed", (), "moved")
    assert changed.before


@pytest.mark.parametrize("name", ["../secret.pdf", "link.pdf", "/etc/hostname"])
def test_no_file_outside_the_corpus_is_opened(paper: tuple[Path, bytes, Document], name: str) -> None:
    """Neither by a path that climbs, nor by a link, nor by an absolute path, whatever the index says."""
    corpus, data, document = paper
    secret = corpus.parent / "secret.pdf"
    secret.write_bytes(data)
    (corpus / "link.pdf").symlink_to(secret)
    path = str(secret) if name.startswith("/") else name
    outside = replace(document, source=replace(document.source, paths=(path,)))
    shelf = Shelf(outside, files={path: data})
    found = surroundings(cites(taken(outside, "tres ataques")), holdings=shelf, corpus=corpus)["aaaaaa"]
    assert (found.crops, found.lack) == ((), "moved")


def test_pictures_stop_at_so_many_bytes(paper: tuple[Path, bytes, Document]) -> None:
    """The first sources have theirs; the rest say that the page is full and keep their words."""
    corpus, data, document = paper
    excerpts = [taken(document, "tres ataques", key) for key in ("aaaaaa", "bbbbbb", "cccccc")]
    shelf = Shelf(document, files={"a.pdf": data})
    free = surroundings(cites(*excerpts), holdings=shelf, corpus=corpus)
    each = len(free["aaaaaa"].crops[0].png)
    found = surroundings(cites(*excerpts), holdings=shelf, corpus=corpus, most_images=2 * each)
    assert [len(found[one.key].crops) for one in excerpts] == [1, 1, 0]
    assert (found["cccccc"].lack, found["cccccc"].before) == ("too much", free["cccccc"].before)
