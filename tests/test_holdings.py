"""What bibliographies and sidecars say, in an index that changes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileState
from rag.config import Config
from rag.index import Index
from rag.language import stems
from rag.parse import Parsers
from rag.pipeline import IndexResult, index_folder
from rag.split import split
from rag.worker import read_source
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rag.parse import Parsed
    from rag.records import Document, Source

TEXT = "Los datos sintéticos protegen la privacidad de los pacientes en los hospitales."
OTHER = "Un hospital de Madrid compartió registros de pacientes simulados con una universidad."
ABSTRACT = "El resumen de un trabajo cuyo texto no está en la carpeta, solo su ficha."
BIB = """@article{{uno, title = {{{title}}}, author = {{Gil, Ana}}, year = 2020, file = {{:uno.txt:TXT}}}}
@article{{dos, title = {{Ausente}}, year = 2021, file = {{:dos.txt:TXT}}, abstract = {{{abstract}}}}}
"""


def bib(title: str = "Datos sintéticos", abstract: str = ABSTRACT) -> str:
    """Write a bibliography of a text that is there and one that may not be."""
    return BIB.format(title=title, abstract=abstract)


def write(corpus: Path, **files: str) -> None:
    """Write files of a corpus, by their names with _ for the dot."""
    corpus.mkdir(exist_ok=True)
    for name, text in files.items():
        (corpus / name.replace("_", ".")).write_text(text, encoding="utf-8")


def run(corpus: Path, index: str = "index", words: WordEmbedder | None = None) -> IndexResult:
    """Index a corpus in a folder beside it."""
    return index_folder(corpus, corpus.parent / index, config=Config(), embedder=words or WordEmbedder())


def sources(folder: Path) -> dict[str, Source]:
    """Return the sources of an index by their first path and title."""
    with Index(folder) as index:
        return {f"{source.paths[0]}: {source.title}": source for source in index.catalog.sources()}


def stored(folder: Path) -> set[tuple[str, str, str]]:
    """Return path, title and authors of every passage as the vector store has them."""
    with Index(folder) as index, index._alone(index.catalog.edition) as chroma:
        held = chroma._collection.get(include=["metadatas"])["metadatas"]
        return {(one["path"], one["title"], one["authors"]) for one in held}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a folder whose files are read in this process, which says the same and starts faster."""

    def parse(self: Parsers, paths: Iterable[str]) -> Iterator[Parsed]:
        read.extend(asked := tuple(paths))
        return (read_source(path, tmp_path / "corpus") for path in asked)

    monkeypatch.setattr(Parsers, "_hire", lambda self, wanted: None)
    monkeypatch.setattr(Parsers, "parse", parse)
    read.clear()
    return tmp_path / "corpus"


read: list[str] = []
"""The files read since the fixture was made."""


def test_a_bibliography_added_changed_and_removed_changes_its_papers_alone(corpus: Path) -> None:
    """Its papers are neither read nor embedded again, and the vector store learns of it."""
    write(corpus, uno_txt=TEXT, tres_txt=OTHER)
    run(corpus)
    before = sources(corpus.parent / "index")
    for title in ("Primero", "Segundo"):
        write(corpus, l_bib=bib(title, abstract=""))
        words = WordEmbedder()
        read.clear()
        run(corpus, words=words)
        assert (read, words.passages_seen) == (["l.bib"], [])
        uno = sources(corpus.parent / "index")[f"uno.txt: {title}"]
        assert (uno.authors, str(uno.date), uno.date.origin) == (("Ana Gil",), "2020", "bibliography")
        assert dict(uno.origins)["title"] == "bibliography"
        assert stored(corpus.parent / "index") == {("uno.txt", title, "Ana Gil"), ("tres.txt", "", "")}
    (corpus / "l.bib").unlink()
    words = WordEmbedder()
    read.clear()
    run(corpus, words=words)
    assert (read, words.passages_seen) == ([], [])
    assert sources(corpus.parent / "index") == before
    assert stored(corpus.parent / "index") == {("uno.txt", "", ""), ("tres.txt", "", "")}


def test_an_abstract_is_a_source_until_its_paper_comes_and_again_when_it_goes(corpus: Path) -> None:
    """In both orders, without reading the bibliography again."""
    write(corpus, uno_txt=TEXT, l_bib=bib())
    assert run(corpus).documents == 2
    read.clear()
    write(corpus, dos_txt=OTHER)
    run(corpus)
    assert set(sources(corpus.parent / "index")) == {"uno.txt: Datos sintéticos", "dos.txt: Ausente"}
    (corpus / "dos.txt").unlink()
    words = WordEmbedder()
    run(corpus, words=words)
    assert set(sources(corpus.parent / "index")) == {"uno.txt: Datos sintéticos", "l.bib: Ausente"}
    assert (read, words.passages_seen) == (["dos.txt"], [])


def test_a_sidecar_wins_over_everything_and_is_no_source(corpus: Path) -> None:
    """Its mistakes are named; taken away, the bibliography counts again."""
    write(corpus, uno_txt=TEXT, l_bib=bib(abstract=""), uno_txt_toml="title = 'Mío'\ndate = 2019")
    result = run(corpus)
    (uno,) = sources(corpus.parent / "index").values()
    assert (result.documents, uno.title, uno.authors, str(uno.date)) == (1, "Mío", ("Ana Gil",), "2019")
    assert dict(uno.origins)["date"] == "sidecar"
    write(corpus, uno_txt_toml="titel = 'Mío'")
    result = run(corpus)
    assert [path for path, _ in result.failed] == ["uno.txt.toml"]
    assert [source.title for source in sources(corpus.parent / "index").values()] == ["Datos sintéticos"]


def test_what_was_read_but_not_whole_is_told_on_every_run(corpus: Path) -> None:
    """Broken entries, and sidecars of nothing, until they are mended."""
    write(corpus, uno_txt=TEXT, l_bib=bib() + "@book{roto, title = {x", no_pdf_toml="title = 'x'")
    for _ in range(2):
        remarks = dict(run(corpus).remarks)
        assert remarks.keys() == {"l.bib", "no.pdf.toml"}
        assert "“roto”" in remarks["l.bib"]
        assert "no.pdf" in remarks["no.pdf.toml"]
    (corpus / "no.pdf.toml").rename(corpus / "uno.txt.toml")
    write(corpus, l_bib=bib())
    assert run(corpus).remarks == ()
    assert "uno.txt: x" in sources(corpus.parent / "index")


def test_a_language_a_person_gives_changes_how_a_text_is_found(corpus: Path) -> None:
    """Its stems are made anew, also in a new index, and back again."""
    write(corpus, uno_txt=TEXT)
    run(corpus)
    write(corpus, uno_txt_toml="language = 'en'")
    for name in ("index", "anew"):
        run(corpus, index=name)
        assert full_text(corpus.parent / name) == [" ".join(stems(TEXT, "en"))]
    (corpus / "uno.txt.toml").unlink()
    run(corpus)
    assert full_text(corpus.parent / "index") == [" ".join(stems(TEXT, "es"))] != [" ".join(stems(TEXT, "en"))]


def full_text(folder: Path) -> list[str]:
    """Return the stems by which the passages of an index are found."""
    with Index(folder) as index:
        return [row[0] for row in index.catalog._db.execute("SELECT stems FROM full_text")]


def test_workers_pass_on_what_a_bibliography_says(tmp_path: Path) -> None:
    """Read in processes of their own, entries and remarks come back whole."""
    corpus = tmp_path / "corpus"
    write(corpus, uno_txt=TEXT, l_bib=bib() + "@book{roto, title = {x", m_json=json.dumps([{"id": "a", "title": "x"}]))
    result = run(corpus)
    assert (result.documents, [path for path, _ in result.remarks], result.failed) == (2, ["l.bib"], ())
    assert set(sources(tmp_path / "index")) == {"uno.txt: Datos sintéticos", "l.bib: Ausente"}


# Brought up to date as made anew

BROKEN = bib() + "@book{roto, title = {x"
RIS = f"TY  - JOUR\nTI  - Ausente\nPY  - 2021\nAB  - {ABSTRACT}\nER  -\nTY  - JOUR\nTI  - Y\nL1  - uno.txt\nER  -\n"
SIDECAR = "title = 'Mío'\nlanguage = 'en'\n"
BEFORE = {"uno.txt": TEXT, "l.bib": BROKEN, "uno.txt.toml": SIDECAR}
CONTENTS = {
    "uno.txt": (TEXT, OTHER, f"Mar 8, 2023 · {TEXT} Feb 27, 2024 · {ABSTRACT}", bib()),
    "dos.txt": (OTHER, TEXT),
    "x/uno.txt": (TEXT,),
    "l.bib": (bib(), BROKEN, bib("Otro título", ABSTRACT + " Y más.")),
    "x/l.bib": (bib(),),
    "m.ris": (RIS,),
    "uno.txt.toml": (SIDECAR, "date = 2018", "titel = 1"),
    "dos.txt.toml": (SIDECAR,),
}
CHANGES = st.one_of(
    st.sampled_from([(name, text) for name, texts in CONTENTS.items() for text in texts]),
    st.sampled_from([(name, None) for name in BEFORE]),
    st.sampled_from([("uno.txt", "x/uno.txt"), ("uno.txt", "dos.txt"), ("l.bib", "x/l.bib"), ("dos.txt", "uno.txt")]),
    st.sampled_from([("uno.txt.toml", "dos.txt.toml"), ("x/l.bib", "l.bib"), ("x/uno.txt", "uno.txt")]),
)


def bring(catalog: Catalog, corpus: Path, known: dict[str, str]) -> dict[str, str]:
    """Bring a catalog in step with a folder as `index_folder` does."""

    def put(file: FileState, documents: Iterable[Document]) -> None:
        cuts = [(one, split(one, count_tokens=lambda text: len(text.split()), max_tokens=50)) for one in documents]
        catalog.put_file(file, [(one, chunks, [chunk.text for chunk in chunks]) for one, chunks in cuts])

    there = {
        path.relative_to(corpus).as_posix(): path.read_text("utf-8") for path in corpus.rglob("*") if path.is_file()
    }
    fresh = [path for path in there if path not in known]
    moved = set()
    for path in sorted(known.keys() - there.keys()):
        new = next((new for new in fresh if _is_moved(path, new, known, there) and new not in moved), None)
        if new and catalog.files()[path].state == "read":
            catalog.move_file(path, FileState(new, 0, 0, 0, ""))
            moved.add(new)
        else:
            catalog.remove_file(path)
    for path in (path for path, text in there.items() if known.get(path) != text and path not in moved):
        parsed = read_source(path, corpus)
        file = FileState(path, 0, 0, 0, "", parsed.state, parsed.reason)
        catalog.put_entries(path, parsed.entries)
        if parsed.entries:
            catalog.note_file(file)
        else:
            put(file, parsed.documents)
    if not catalog.joined:
        for file, documents in catalog.join():
            put(file, documents)
        catalog.set_setting("joined", "yes")
    return there


def _is_moved(old: str, new: str, known: dict[str, str], there: dict[str, str]) -> bool:
    return known[old] == there[new] and old.rpartition(".")[2] == new.rpartition(".")[2]


def all_of(catalog: Catalog) -> list[Any]:
    """Return all that is to be the same, row by row."""
    tables = {
        "document": "id, source, text, first, last",
        "occurrence": "path, document_id",
        "entry": "path, number, json_extract(entry, '$.title')",
        "said": "document_id, entries",
        "file": "path, state, reason",
        "chunk": "document_id, start, text",
        "chunk JOIN full_text ON full_text.rowid = chunk.id": "document_id, start, stems",
    }
    return [
        sorted(catalog._db.execute(f"SELECT {columns} FROM {table}"), key=repr)  # noqa: S608 - constants
        for table, columns in tables.items()
    ]


@given(steps=st.lists(st.lists(CHANGES, min_size=1, max_size=2), min_size=1, max_size=4))
@settings(deadline=None, max_examples=100)
def test_an_index_brought_up_to_date_equals_one_made_anew(steps: Any, tmp_path_factory: Any) -> None:
    """Whatever was added, changed, renamed or taken away, and in whatever order."""
    corpus = tmp_path_factory.mktemp("corpus")
    with Catalog(None) as catalog:
        known: dict[str, str] = {}
        for changes in (list(BEFORE.items()), *steps):
            for name, text in changes:
                change(corpus, name, text)
            known = bring(catalog, corpus, known)
        with Catalog(None) as anew:
            bring(anew, corpus, {})
            assert all_of(catalog) == all_of(anew)
    shutil.rmtree(corpus)


def change(corpus: Path, name: str, text: str | None) -> None:
    """Write a file, remove it where there is no text, or give it the name that stands for one."""
    path = corpus / name
    path.parent.mkdir(exist_ok=True)
    if text is None:
        path.unlink(missing_ok=True)
    elif text not in CONTENTS:
        path.write_text(text, encoding="utf-8")
    elif path.exists():
        (corpus / text).parent.mkdir(exist_ok=True)
        path.rename(corpus / text)


def test_a_kill_between_reading_and_joining_is_made_good(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run joins though no file changed since."""
    write(corpus, uno_txt=TEXT, l_bib=bib())
    monkeypatch.setattr(Catalog, "join", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(corpus)
    monkeypatch.undo()
    monkeypatch.setattr(Parsers, "parse", lambda self, paths: 1 / 0)
    run(corpus)
    assert set(sources(corpus.parent / "index")) == {"uno.txt: Datos sintéticos", "l.bib: Ausente"}


def test_the_passages_of_a_document_come_in_its_order(tmp_path: Path) -> None:
    """Each with its row number and its vector's name, as the full text and the vector store know them."""
    write(tmp_path / "corpus", uno_txt="\n\n".join(f"{TEXT} {n}" for n in range(30)))
    run(tmp_path / "corpus")
    with Index(tmp_path / "index") as index:
        (source,) = index.catalog.sources()
        found = index.catalog.chunks_of(source.id)
        assert len(found) == index.catalog.counts().chunks > 1
        assert [each.chunk.start for each in found] == sorted(each.chunk.start for each in found)
        assert set(index.catalog.vectors([each.vector_hash for each in found])) == {each.vector_hash for each in found}
        assert index.catalog.chunks_of("none") == ()
