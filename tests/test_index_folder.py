"""Claims about indexing a folder of files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.config import Config
from rag.embed import CachedEmbedder
from rag.errors import RagError
from rag.index import Index
from rag.parse import Parsed, Parsers
from rag.pipeline import IndexResult, index_folder
from rag.progress import Progress
from rag.records import Excerpt, TimeLimits
from rag.retrieve import search
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parent.parent
FILES = {
    "uno.txt": "Los datos sintéticos protegen la privacidad.\n\nNo siempre lo logran en la práctica clínica.",
    "dos.md": "# Modelos\n\nLas redes generativas producen imágenes.\n\n## Límites\n\nTardan mucho en entrenarse.",
    "dir/tres.txt": "Un hospital de Madrid compartió registros de pacientes simulados.",
    "snippets.txt": "Mar 8, 2023 · La privacidad diferencial añade ruido. Feb 27, 2024 · El ruido cuesta utilidad.",
}
BRIEF = "---\ntopic: Datos\n---\n# Uno\n# Dos\n"
OURS = "# Datos\n\nLa privacidad importa [1].\n\n# Referencias\n[1] Extracto, 2023: «x» `k:abc234`\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write a small corpus."""
    folder = tmp_path / "corpus"
    for name, text in FILES.items():
        write(folder, name, text)
    return folder


@pytest.fixture
def read_paths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the files that are read from now on, in order."""
    paths: list[str] = []
    parse = Parsers.parse

    def noted(self: Parsers, asked: Iterable[str]) -> Iterator[Parsed]:
        asked = tuple(asked)
        paths.extend(asked)
        return parse(self, asked)

    monkeypatch.setattr(Parsers, "parse", noted)
    return paths


def write(folder: Path, name: str, text: str) -> None:
    """Write a file of a corpus."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def run(corpus: Path, *, index: str = "index", embedder: WordEmbedder | None = None) -> IndexResult:
    """Index a corpus in a folder beside it."""
    words = embedder or WordEmbedder()
    return index_folder(corpus, corpus.parent / index, config=Config(), embedder=words)


def changes(result: IndexResult) -> dict[str, int]:
    """Return what became of the files, without zeros."""
    names = ("new", "changed", "moved", "removed", "unchanged")
    return {name: getattr(result, name) for name in names if getattr(result, name)}


def held(folder: Path) -> set[tuple[str, tuple[str, ...], str]]:
    """Return the documents of an index: id, paths, date."""
    with Index(folder) as index:
        return {(d.source.id, d.source.paths, str(d.source.date)) for d in index.catalog.documents()}


def found(folder: Path, query: str) -> tuple[Excerpt, ...]:
    """Search an index."""
    with Index(folder) as index:
        encoder = CachedEmbedder(WordEmbedder(), index.catalog)
        return search(query, shelves=(index,), embedder=encoder, k=20, language="es", limits=TimeLimits())


# What became of the files


def test_a_first_run_reads_and_embeds_everything_once(corpus: Path, read_paths: list[str]) -> None:
    """Each file is read once, each text embedded once; snippets are documents of their own."""
    words = WordEmbedder()
    result = run(corpus, embedder=words)
    assert changes(result) == {"new": 4}
    assert (result.documents, result.undated, result.failed, result.skipped) == (5, 3, (), ())
    assert result.embedded == result.chunks == len(words.passages_seen) == len(set(words.passages_seen))
    assert sorted(read_paths) == sorted(FILES)


def test_a_second_run_reads_and_embeds_nothing(corpus: Path, read_paths: list[str]) -> None:
    """Nothing changed, nothing done."""
    first = run(corpus)
    read_paths.clear()
    words = WordEmbedder()
    second = run(corpus, embedder=words)
    assert changes(second) == {"unchanged": 4}
    assert (second.documents, second.chunks, second.embedded) == (first.documents, first.chunks, 0)
    assert read_paths == words.passages_seen == []


def test_every_change_is_told_apart(corpus: Path, read_paths: list[str]) -> None:
    """New, changed, moved, removed and unchanged files are counted, and only the first two are read."""
    write(corpus, "cuatro.txt", "Otra cosa distinta sobre el trigo.")
    run(corpus)
    read_paths.clear()
    write(corpus, "cinco.txt", "Un texto que no estaba antes.")
    write(corpus, "uno.txt", FILES["uno.txt"] + "\n\nUn párrafo más.")
    (corpus / "otro").mkdir()
    (corpus / "dir/tres.txt").rename(corpus / "otro/tres.txt")
    (corpus / "cuatro.txt").unlink()
    result = run(corpus)
    assert changes(result) == {"new": 1, "changed": 1, "moved": 1, "removed": 1, "unchanged": 2}
    assert sorted(read_paths) == ["cinco.txt", "uno.txt"]
    paths = {path for _, paths, _ in held(corpus.parent / "index") for path in paths}
    assert paths == {"uno.txt", "dos.md", "otro/tres.txt", "snippets.txt", "cinco.txt"}


def test_an_index_brought_up_to_date_is_one_made_anew(corpus: Path) -> None:
    """After changes an index holds and answers what a new index of the same files does."""
    run(corpus)
    write(corpus, "cinco.txt", "La privacidad de los pacientes, otra vez.")
    write(corpus, "copia.txt", FILES["uno.txt"])
    write(corpus, "dos.md", "# Modelos\n\nLas redes producen texto con privacidad.")
    (corpus / "snippets.txt").rename(corpus / "busqueda.txt")
    (corpus / "dir/tres.txt").unlink()
    run(corpus)
    run(corpus, index="anew")
    assert held(corpus.parent / "index") == held(corpus.parent / "anew")
    one, other = (found(corpus.parent / name, "privacidad de los datos") for name in ("index", "anew"))
    assert [(e.key, e.text, e.source, e.score) for e in one] == [(e.key, e.text, e.source, e.score) for e in other]


def test_a_file_touched_but_not_changed_is_unchanged(corpus: Path, read_paths: list[str]) -> None:
    """Another time and inode mean nothing where the bytes are the same."""
    run(corpus)
    read_paths.clear()
    shutil.copy(corpus / "uno.txt", corpus / "x")
    (corpus / "x").rename(corpus / "uno.txt")
    os.utime(corpus / "dos.md", (1, 1))
    assert changes(run(corpus)) == {"unchanged": 4}
    assert read_paths == []


def test_the_same_bytes_under_another_name_embed_nothing(corpus: Path) -> None:
    """A copy is a new file of a known document, which lists both paths."""
    run(corpus)
    write(corpus, "copia.txt", FILES["uno.txt"])
    words = WordEmbedder()
    result = run(corpus, embedder=words)
    assert changes(result) == {"new": 1, "unchanged": 4}
    assert (result.documents, words.passages_seen) == (5, [])
    assert ("copia.txt", "uno.txt") in {paths for _, paths, _ in held(corpus.parent / "index")}


def test_two_copies_removed_at_once_are_both_removed(corpus: Path) -> None:
    """Files of the same bytes that go away are counted, and forgotten, one by one."""
    write(corpus, "copia.txt", FILES["uno.txt"])
    run(corpus)
    (corpus / "copia.txt").unlink()
    (corpus / "uno.txt").unlink()
    assert changes(run(corpus)) == {"removed": 2, "unchanged": 3}
    assert not any("uno.txt" in paths or "copia.txt" in paths for _, paths, _ in held(corpus.parent / "index"))


def test_a_file_moved_to_two_places_lies_in_both(corpus: Path) -> None:
    """Of two copies of a file that went away one is it, the other is new; its document lists both."""
    run(corpus)
    (corpus / "uno.txt").unlink()
    write(corpus, "a.txt", FILES["uno.txt"])
    write(corpus, "b.txt", FILES["uno.txt"])
    assert changes(run(corpus)) == {"new": 1, "moved": 1, "unchanged": 3}
    assert ("a.txt", "b.txt") in {paths for _, paths, _ in held(corpus.parent / "index")}


def test_a_name_that_dates_its_text_dates_it_after_a_move(corpus: Path) -> None:
    """A year in a file's name counts as it does in a new index, also where the file is only renamed."""
    run(corpus)
    (corpus / "uno.txt").rename(corpus / "uno_2021.txt")
    run(corpus)
    run(corpus, index="anew")
    assert held(corpus.parent / "index") == held(corpus.parent / "anew")


# What is no source


def test_a_failing_file_is_named_and_the_rest_indexed(corpus: Path, read_paths: list[str]) -> None:
    """It is listed on every run with its reason, without being read again, until it changes."""
    write(corpus, "vacio.txt", "  \n")
    (corpus / "datos.xlsx").write_bytes(b"PK\x03\x04\x00\xff\xfe")
    first = run(corpus)
    assert [path for path, _ in first.failed] == ["datos.xlsx", "vacio.txt"]
    assert all(reason and "\n" not in reason for _, reason in first.failed)
    assert first.documents == 5
    read_paths.clear()
    second = run(corpus)
    assert (second.failed, read_paths) == (first.failed, [])
    write(corpus, "vacio.txt", "Ahora dice algo sobre el trigo.")
    third = run(corpus)
    assert [path for path, _ in third.failed] == ["datos.xlsx"]
    assert (third.documents, read_paths) == (6, ["vacio.txt"])


def test_a_name_that_is_no_text_is_named(corpus: Path) -> None:
    """A file whose name is not UTF-8 is told of in letters that can be printed and kept, on each run."""
    (corpus / os.fsdecode(b"\xff\xfe.txt")).write_text("Una nota.", encoding="utf-8")
    for _ in range(2):
        assert run(corpus).failed == (("\\xff\\xfe.txt", "its name is not UTF-8; rename it"),)


def test_a_file_that_fails_now_holds_nothing(corpus: Path) -> None:
    """What was read from a file before it broke is no longer held."""
    run(corpus)
    write(corpus, "uno.txt", " ")
    result = run(corpus)
    assert [path for path, _ in result.failed] == ["uno.txt"]
    assert result.documents == 4
    assert not any(e.path == "uno.txt" for e in found(corpus.parent / "index", "privacidad"))


def test_briefs_and_our_own_texts_are_skipped_with_the_reason(corpus: Path) -> None:
    """Neither an outline nor a text made of these sources is evidence."""
    write(corpus, "encargo.md", BRIEF)
    write(corpus, "salida.md", OURS)
    for _ in range(2):
        result = run(corpus)
        assert dict(result.skipped).keys() == {"encargo.md", "salida.md"}
        assert "brief" in dict(result.skipped)["encargo.md"]
        assert "written by rag" in dict(result.skipped)["salida.md"]
        assert (result.documents, result.failed) == (5, ())


# What is no corpus or no index


def test_no_corpus_is_an_error_of_one_line(tmp_path: Path) -> None:
    """A missing folder, an empty one, and a file in its place are named with a remedy, and nothing is made."""
    empty, file = tmp_path / "empty", tmp_path / "file.txt"
    empty.mkdir()
    file.write_text("x", encoding="utf-8")
    for corpus in (tmp_path / "missing", empty, file):
        with pytest.raises(RagError, match="rag index") as caught:
            run(corpus)
        assert str(corpus) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "index").exists()


def test_an_index_that_cannot_be_written_is_an_error_of_one_line(corpus: Path) -> None:
    """Where a file stands in the way of the folder, its path is named."""
    write(corpus.parent, "index", "a file")
    with pytest.raises(RagError, match="index: the index cannot be written here") as caught:
        run(corpus)
    assert "\n" not in str(caught.value)


def test_the_last_file_removed_leaves_an_error_not_an_old_index(corpus: Path) -> None:
    """A corpus that has become empty says so."""
    run(corpus)
    shutil.rmtree(corpus)
    corpus.mkdir()
    with pytest.raises(RagError, match="holds no files"):
        run(corpus)


# Same bytes everywhere


def searched(folder: Path, queries: Sequence[str]) -> list[tuple[str, float]]:
    """Return keys and scores of what the queries find."""
    return [(excerpt.key, excerpt.score) for query in queries for excerpt in found(folder, query)]


def test_the_same_corpus_gives_the_same_keys_and_order(tmp_path: Path) -> None:
    """Two indexes of the sample corpus, made in different orders, give the same keys, scores and order."""
    for number in range(2):
        shutil.copytree(ROOT / "corpus", tmp_path / str(number) / "corpus")
    run(tmp_path / "0" / "corpus")
    late = tmp_path / "late"
    late.mkdir()
    names = sorted(path.name for path in (tmp_path / "1" / "corpus").glob("*.md"))
    for name in names:
        (tmp_path / "1" / "corpus" / name).rename(late / name)
    run(tmp_path / "1" / "corpus")
    for name in names[::-1]:
        (late / name).rename(tmp_path / "1" / "corpus" / name)
        run(tmp_path / "1" / "corpus")
    queries = ("privacidad de datos sintéticos", "synthetic patients", "reglamento")
    one, other = (searched(tmp_path / str(number) / "index", queries) for number in range(2))
    assert one == other
    assert len(one) > 20


def test_another_window_cuts_anew_and_reuses_what_stays(corpus: Path) -> None:
    """A changed setting re-cuts without reading files; chunks that stay the same keep their vectors."""
    run(corpus)
    words = WordEmbedder()
    config = Config(chunk_tokens=8)
    result = index_folder(corpus, corpus.parent / "index", config=config, embedder=words)
    assert changes(result) == {"unchanged": 4}
    assert result.embedded == len(words.passages_seen) > 0
    assert all(len(text.split()) <= 8 for text in words.passages_seen)


def test_the_sample_index_answers_with_the_real_encoder(sample_index: Path, bundled: Any) -> None:
    """A Spanish question finds, across languages, the passage of the sample corpus that answers it."""
    with Index(sample_index) as index:
        index.require(bundled)
        encoder = CachedEmbedder(bundled, index.catalog)
        limits = TimeLimits()
        query = "colapso de los modelos entrenados con datos generados por otros modelos"
        best = search(query, shelves=(index,), embedder=encoder, k=3, language="es", limits=limits)
        assert "shumailov-2024.txt" in {excerpt.path for excerpt in best}


def test_progress_tells_how_many_files_are_read_and_chunks_embedded(corpus: Path, tmp_path: Path) -> None:
    """Each file read and each batch embedded moves it, up to all."""

    class Heard(Progress):
        def files(self, done: int, total: int) -> None:
            told.append(("files", done, total))

        def chunks(self, done: int, total: int) -> None:
            told.append(("chunks", done, total))

    told: list[tuple[str, int, int]] = []
    result = index_folder(corpus, tmp_path / "told", config=Config(), embedder=WordEmbedder(), progress=Heard())
    assert [step for step in told if step[0] == "files"] == [("files", n, len(FILES)) for n in range(1, len(FILES) + 1)]
    assert told[-1] == ("chunks", result.chunks, result.chunks)
