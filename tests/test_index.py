"""Claims about an index: its answers are the catalog's, and Chroma is mended without embedding."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from rag import index as module
from rag.catalog import FileState, Making
from rag.chroma import COLLECTION, EF_SEARCH, Chroma
from rag.embed import CachedEmbedder
from rag.errors import IndexFault
from rag.index import Index
from rag.progress import Progress
from rag.records import UNDATED, Chunk, Document, PublicationDate, Source, TimeLimits, document_id
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Split = Callable[[Document], Sequence[Chunk]]

FREE = TimeLimits()
ASKED: dict[str, Any] = {"language": "es", "k": 60, "limits": FREE}
WORDS = ("datos", "sintéticos", "privacidad", "salud", "trigo", "marzo", "hospital", "imagen", "riesgo", "norma", "ley")
TEXTS = tuple(f"{WORDS[n % 11]} {WORDS[n * n % 7]} {WORDS[(3 * n + 1) % 11]} número {n}" for n in range(60))


def document(text: str, *, path: str, year: int | None = None) -> Document:
    """Make a Spanish document, of a year or undated."""
    date = PublicationDate(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", "text") if year else UNDATED
    return Document(Source(document_id(text), (path,), "text", date=date, language="es"), text)


def whole(made: Document) -> tuple[Chunk, ...]:
    """Cut nothing."""
    return (Chunk(made.source.id, 0, len(made.text), made.text),)


def halves(made: Document) -> tuple[Chunk, ...]:
    """Cut in two."""
    middle = made.text.index(" ")
    spans = ((0, middle), (middle + 1, len(made.text)))
    return tuple(Chunk(made.source.id, a, b, made.text[a:b]) for a, b in spans)


def put(index: Index, embedder: WordEmbedder, texts: Sequence[str]) -> CachedEmbedder:
    """Put each text as a file of its own, dated 2000 and on, and embed; return what embedded."""
    for number, text in enumerate(texts):
        made = document(text, path=f"{number}.txt", year=2000 + number % 25 if number % 5 else None)
        index.put_file(FileState(f"{number}.txt", 1, 1, 1, str(number)), [(made, whole(made))], embedder)
    encoder = CachedEmbedder(embedder, index.catalog)
    index.embed_waiting(encoder, Progress())
    return encoder


def adopt(
    index: Index,
    embedder: WordEmbedder,
    *,
    name: str = "words",
    split: Split = whole,
    cut: str = "whole",
    progress: Progress | None = None,
) -> None:
    """Let an index be made by this embedder and cut."""
    making, encoder = Making(name, embedder.fingerprint, cut), CachedEmbedder(embedder, index.catalog)
    index.adopt(making, encoder, split=split, progress=progress or Progress())


def make(folder: Path, embedder: WordEmbedder, texts: Sequence[str] = TEXTS) -> None:
    """Make an index of these texts."""
    with Index(folder, create=True) as index:
        adopt(index, embedder, name="words", split=whole, cut="whole")
        put(index, embedder, texts)


def answers(index: Index, embedder: WordEmbedder, query: str, *, k: int = 10, limits: TimeLimits = FREE) -> list[str]:
    """Return the texts nearest to a query."""
    hits = index.nearest(embedder.queries([query])[0], k=k, limits=limits)
    excerpts = index.excerpts([row for row, _ in hits])
    return [excerpts[row].text for row, _ in hits]


def held(index: Index) -> int:
    """Count what Chroma holds."""
    with index._alone(index.catalog.edition) as chroma:
        return chroma.count()


def likeness(embedder: WordEmbedder, query: str, texts: Sequence[str]) -> list[float]:
    """Return the exact cosines of texts to a query, in the order of the texts."""
    return [float(cosine) for cosine in embedder.passages(texts) @ embedder.queries([query])[0]]


def falling(embedder: WordEmbedder, query: str, texts: Sequence[str]) -> list[float]:
    """Return the exact cosines of texts to a query, the highest first."""
    return sorted(likeness(embedder, query, texts), reverse=True)


@pytest.fixture(scope="module")
def words() -> WordEmbedder:
    """Embed by words."""
    return WordEmbedder()


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, words: WordEmbedder) -> Path:
    """Make an index of all texts; copy it before changing it."""
    folder = tmp_path_factory.mktemp("made") / "index"
    make(folder, words)
    return folder


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """Copy the index."""
    return shutil.copytree(made_once, tmp_path / "index")


# Searching


@pytest.mark.parametrize("query", ["privacidad de datos sintéticos", "trigo", "número 7 ley", "hospital imagen"])
def test_nearest_is_the_exact_order(made_once: Path, words: WordEmbedder, query: str) -> None:
    """The nearest chunks are those of the highest exact cosines, in their order, with their values."""
    with Index(made_once) as index:
        nearest = answers(index, words, query, k=60)
        assert sorted(nearest) == sorted(TEXTS)
        assert likeness(words, query, nearest) == pytest.approx(falling(words, query, TEXTS), abs=2e-6)
        scores = [score for _, score in index.nearest(words.queries([query])[0], k=7, limits=FREE)]
        assert scores == pytest.approx(falling(words, query, TEXTS)[:7], abs=1e-5)


@pytest.mark.parametrize("exact_rows", [0, 20_000], ids=["over-fetching", "exact"])
@pytest.mark.parametrize(
    "limits",
    [
        TimeLimits(since=dt.date(2023, 5, 1)),
        TimeLimits(until=dt.date(2022, 12, 31)),
        TimeLimits(as_of=dt.date(2010, 6, 1), undated="keep"),
        TimeLimits(undated="drop"),
        TimeLimits(since=dt.date(2090, 1, 1)),
    ],
    ids=["narrow", "broad", "as of", "dated", "none"],
)
def test_limits_keep_the_order_of_what_they_allow(
    made_once: Path, words: WordEmbedder, limits: TimeLimits, exact_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a filtered query is answered, it gives the exact order of the allowed chunks alone."""
    monkeypatch.setattr(module, "EXACT_ROWS", exact_rows)
    with Index(made_once) as index:
        allowed = {e.text for e in index.catalog.excerpts(range(1, 100), limits=limits).values()}
        nearest = answers(index, words, "datos de salud", k=3, limits=limits)
        assert set(nearest) <= allowed
        expected = falling(words, "datos de salud", sorted(allowed))[:3] if allowed else []
        assert likeness(words, "datos de salud", nearest) == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("exact_rows", [0, 20_000], ids=["over-fetching", "exact"])
def test_nothing_later_comes_through_an_as_of(
    made_once: Path, words: WordEmbedder, exact_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever day is set, by vector and by word only what was out by then is found, and all of it: the undated too
    where they are to be kept.
    """
    monkeypatch.setattr(module, "EXACT_ROWS", exact_rows)
    chance = np.random.default_rng(5)
    with Index(made_once) as index:
        dates = {row: excerpt.date for row, excerpt in index.excerpts(range(1, 100)).items()}
        for _ in range(60):
            day = dt.date(1999, 6, 1) + dt.timedelta(days=int(chance.integers(0, 27 * 365)))
            limits = TimeLimits(as_of=day, undated=("keep", "drop", None)[chance.integers(3)])
            query = f"{WORDS[chance.integers(11)]} {WORDS[chance.integers(11)]} número"
            out = {row for row, date in dates.items() if (date.last <= day if date.last else limits.undated == "keep")}
            near = index.nearest(words.queries([query])[0], k=60, limits=limits)
            lexical = index.lexical(query, language="es", k=60, limits=limits)
            assert {row for row, _ in near} == out
            assert {row for row, _ in lexical} <= out


def test_a_broad_filter_gives_all_it_was_asked_for(
    made_once: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what it forbids lies nearest to the query, so that Chroma gave nothing else."""
    monkeypatch.setattr(module, "EXACT_ROWS", 0)
    monkeypatch.setattr(module, "SPARE", 1)
    limits = TimeLimits(since=dt.date(2001, 1, 1), undated="keep")
    with Index(made_once) as index:
        for number in (0, 25, 50):  # of 2000
            near = answers(index, words, TEXTS[number], k=2, limits=limits)
            assert len(near) == 2
            allowed = {one.text for one in index.catalog.excerpts(range(1, 100), limits=limits).values()}
            expected = falling(words, TEXTS[number], sorted(allowed))[:2]
            assert likeness(words, TEXTS[number], near) == pytest.approx(expected, abs=2e-6)


def test_neighbours_join_and_are_found_by_their_key(tmp_path: Path, words: WordEmbedder) -> None:
    """An index joins what follows one another as its catalog does."""
    made = document("datos sintéticos de salud", path="a.txt")
    with Index(tmp_path / "index", create=True) as index:
        index.put_file(FileState("a.txt", 1, 1, 1, "a"), [(made, halves(made))], words)
        first, last = index.excerpts([1, 2]).values()
        one = index.between(first, last)
        assert one is not None
        assert one.text == made.text
        assert index.by_key(one.key) == (one,)
        assert index.by_key(first.key) == (first,)


def test_an_empty_index_answers_nothing(tmp_path: Path, words: WordEmbedder) -> None:
    """No chunk, no answer and no error."""
    make(tmp_path / "index", words, ())
    with Index(tmp_path / "index") as index:
        assert answers(index, words, "datos") == []
        assert index.lexical("datos", language="es", k=3, limits=FREE) == []


def test_removed_passages_leave_chroma(folder: Path, words: WordEmbedder) -> None:
    """What a file no longer holds is found no more, before and after Chroma is told."""
    with Index(folder) as index:
        gone = answers(index, words, "datos", k=1)[0]
        index.catalog.remove_file(f"{TEXTS.index(gone)}.txt")
        assert gone not in answers(index, words, "datos", k=60)
        index.embed_waiting(CachedEmbedder(words, index.catalog), Progress())
        assert held(index) == len(TEXTS) - 1


# Mending


def lose_folder(chroma: Path) -> None:
    """Delete Chroma's folder."""
    shutil.rmtree(chroma)


def truncate(chroma: Path) -> None:
    """Cut Chroma's database in half."""
    database = chroma / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def empty(chroma: Path) -> None:
    """Leave nothing in Chroma's database."""
    (chroma / "chroma.sqlite3").write_bytes(b"")


def overwrite(chroma: Path) -> None:
    """Put something else in the place of Chroma's database."""
    (chroma / "chroma.sqlite3").write_bytes(b"no database at all" * 1000)


@pytest.mark.parametrize("harm", [lose_folder, truncate, empty, overwrite])
def test_a_harmed_chroma_is_filled_anew_on_opening(
    folder: Path, words: WordEmbedder, harm: Callable[[Path], None]
) -> None:
    """Whatever became of Chroma's files, the next opening answers as before, and no passage is embedded."""
    with Index(folder) as index:
        before = answers(index, words, "privacidad", k=20)
    harm(folder / "chroma")
    asked = len(words.passages_seen)
    for _ in range(2):
        with Index(folder) as index:
            assert answers(index, words, "privacidad", k=20) == before
            assert held(index) == len(TEXTS)
            assert index.waiting == 0
    assert len(words.passages_seen) == asked


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An index of so many texts that Chroma writes its graph to files (from 1000 on), and the texts; to be copied."""
    texts = [f"{WORDS[n % 11]} número {n}" for n in range(1100)]
    folder = tmp_path_factory.mktemp("many") / "index"
    make(folder, WordEmbedder(), texts)
    return folder, texts


def graph_of(folder: Path) -> Path:
    """Return the folder of Chroma's graph."""
    (graph,) = (path for path in (folder / "chroma").iterdir() if path.is_dir())
    return graph


def test_lost_vectors_are_noticed_though_chroma_counts_them(
    many: tuple[Path, list[str]], tmp_path: Path, words: WordEmbedder
) -> None:
    """Where Chroma's graph is gone, it answers with what its log still holds and counts all: opening mends that."""
    folder, texts = shutil.copytree(many[0], tmp_path / "index"), many[1]
    shutil.rmtree(graph_of(folder))
    with Chroma(folder / "chroma") as chroma:
        ((found,),) = chroma.nearest(words.queries(texts[24:25]), 1)
        assert chroma.count() == 1100
        assert found[1] > module.ITSELF
    found_again(folder, texts)


@pytest.mark.parametrize("file", ["length.bin", "data_level0.bin", "link_lists.bin", "header.bin"])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_graph_cut_short_is_made_anew(many: tuple[Path, list[str]], tmp_path: Path, file: str, share: float) -> None:
    """Also where Chroma's engine would end the whole process on reading it."""
    folder, texts = shutil.copytree(many[0], tmp_path / "index"), many[1]
    path = graph_of(folder) / file
    os.truncate(path, int(path.stat().st_size * share))
    found_again(folder, texts)


def found_again(folder: Path, texts: list[str]) -> None:
    """Assert that an index answers as if nothing had happened, and embeds nothing for it."""
    embedder = WordEmbedder()
    with Index(folder) as index:
        nearest = answers(index, embedder, texts[0], k=20)
        assert likeness(embedder, texts[0], nearest) == pytest.approx(falling(embedder, texts[0], texts)[:20], abs=1e-5)
        assert index.rebuilt in {0, 1100}
        assert held(index) == 1100


def test_a_kill_between_embedding_and_storing_costs_nothing(
    folder: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors are kept before Chroma is asked: a run cut short there embeds nothing again, and nothing doubles."""
    new = [f"nuevo {number}" for number in range(3)]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with Index(folder) as index:
        with monkeypatch.context() as patch:
            patch.setattr(Index, "_store", killed)
            with pytest.raises(KeyboardInterrupt):
                put(index, words, new)
        assert index.waiting == 3
    with Index(folder) as index:
        encoder = CachedEmbedder(words, index.catalog)
        index.embed_waiting(encoder, Progress())
        assert (encoder.embedded, encoder.reused) == (0, 3)
        assert held(index) == index.catalog.counts().chunks == len(TEXTS)


def test_changed_metadata_reach_chroma(folder: Path, words: WordEmbedder) -> None:
    """Whoever opens the collection themselves sees the path a file has now, without anything embedded."""
    with Index(folder) as index:
        index.catalog.move_file("7.txt", FileState("siete.txt", 1, 1, 1, "7"))
        encoder = CachedEmbedder(words, index.catalog)
        index.embed_waiting(encoder, Progress())
        assert encoder.embedded == 0
        with index._alone(1) as chroma:
            held = chroma._collection.get(where={"path": "siete.txt"})
        assert held["documents"] == [TEXTS[7]]
        assert held["metadatas"][0]["last_day"] == 20071231


# Embedders


def test_another_embedder_is_refused_with_the_command(folder: Path) -> None:
    """Vectors of two encoders do not mix."""
    with Index(folder) as index:
        index.require(WordEmbedder())
        with pytest.raises(IndexFault, match=r"words/64, not by words/32; .*rag index --embedder words"):
            index.require(WordEmbedder(dimension=32))


def test_adopting_an_embedder_cuts_and_embeds_anew(folder: Path, words: WordEmbedder) -> None:
    """All documents are cut as the new embedder asks, and answered with its vectors; the old one is refused then."""
    other = WordEmbedder(dimension=32)
    with Index(folder) as index:
        adopt(index, other, name="other", split=halves, cut="halves")
        index.embed_waiting(CachedEmbedder(other, index.catalog), Progress())
        index.require(other)
        pieces = [text for made in TEXTS for text in (made.split(" ", 1))]
        assert sorted(other.passages_seen) == sorted(set(pieces))
        assert held(index) == 2 * len(TEXTS)
        assert answers(index, other, "privacidad", k=1)[0].startswith("privacidad")
        with pytest.raises(IndexFault):
            index.require(words)


def test_adopting_the_same_embedder_changes_nothing(folder: Path, words: WordEmbedder) -> None:
    """Same vectors, same cut: nothing waits."""
    with Index(folder) as index:
        adopt(index, words, name="words", split=halves, cut="whole")
        assert index.waiting == 0


def test_another_name_for_the_same_embedder_keeps_what_chroma_must_let_go(folder: Path, words: WordEmbedder) -> None:
    """What a run that was cut short removed leaves Chroma with the next, whatever name the embedder goes by then."""
    with Index(folder) as index:
        index.catalog.remove_file("7.txt")
        adopt(index, words, name="words by another name")
        index.embed_waiting(CachedEmbedder(words, index.catalog), Progress())
        assert held(index) == index.catalog.counts().chunks == len(TEXTS) - 1


def test_while_an_edition_is_made_the_old_one_answers(folder: Path, words: WordEmbedder) -> None:
    """Up to the moment it is whole, a new edition changes nothing for who searches; then the old one is gone."""
    other = WordEmbedder(dimension=32)
    told: list[list[str]] = []
    with Index(folder) as index, Index(folder) as reader:

        def found() -> list[str]:
            lexical = reader.excerpts([row for row, _ in reader.lexical("salud", **ASKED)])
            return [*answers(reader, words, "salud", k=60), *sorted(one.text for one in lexical.values())]

        class Looking(Progress):
            def chunks(self, done: int, total: int) -> None:
                reader.require(words)
                told.append(found())

        before = found()
        adopt(index, other, name="other", split=halves, cut="halves", progress=Looking())
        assert told == [before] * len(told) != []
        with pytest.raises(IndexFault, match="embedded anew with another embedder; open it again"):
            answers(reader, words, "salud")
        reader.require(other)
        assert answers(reader, other, "privacidad", k=1)[0].startswith("privacidad")
        assert index.catalog.other_editions() == ()
    assert [path.name for path in folder.glob("chroma*") if path.is_dir()] == ["chroma-2"]


def test_an_adoption_cut_short_goes_on(folder: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a kill the old embedder is still the index's own; the run that goes on embeds what is not yet, alone."""
    monkeypatch.setattr(module, "EMBEDDED_AT_ONCE", 8)
    other = WordEmbedder(dimension=32)

    class Killed(Progress):
        def chunks(self, done: int, total: int) -> None:
            if done > 40:
                raise KeyboardInterrupt

    with Index(folder) as index, pytest.raises(KeyboardInterrupt):
        adopt(index, other, name="other", split=halves, cut="halves", progress=Killed())
    with Index(folder) as index:
        index.require(words)
        assert sorted(answers(index, words, "salud", k=60)) == sorted(TEXTS)
        adopt(index, other, name="other", split=halves, cut="halves")
        assert (
            len(other.passages_seen)
            == len(set(other.passages_seen))
            == len({p for t in TEXTS for p in t.split(" ", 1)})
        )
        index.require(other)
        assert index.catalog.counts().chunks == held(index) == 2 * len(TEXTS)


def test_an_edition_begun_otherwise_is_dropped(folder: Path, words: WordEmbedder) -> None:
    """Who goes back to the old embedder, or on to a third, finds nothing of the one begun."""
    other = WordEmbedder(dimension=32)

    class Killed(Progress):
        def chunks(self, done: int, total: int) -> None:
            raise KeyboardInterrupt

    for next_, cut, split in ((words, "whole", whole), (WordEmbedder(dimension=16), "halves", halves)):
        with Index(folder) as index, pytest.raises(KeyboardInterrupt):
            adopt(index, other, name="other", split=halves, cut="halves", progress=Killed())
        with Index(folder) as index:
            adopt(index, next_, split=split, cut=cut)
            index.require(next_)
            assert index.catalog.other_editions() == ()
            assert index.catalog.counts().chunks == held(index)
            assert index.waiting == 0
    assert len([path for path in folder.glob("chroma*") if path.is_dir()]) == 1


# Opening and closing


def test_there_must_be_an_index_to_open(tmp_path: Path) -> None:
    """A folder without one is named with the command that makes one, and nothing is left there."""
    with pytest.raises(IndexFault, match="no index here; make one with: rag index"):
        Index(tmp_path / "index")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """An index cannot be made where a file lies."""
    (tmp_path / "index").write_text("x", encoding="utf-8")
    with pytest.raises(IndexFault, match="cannot be written here"):
        Index(tmp_path / "index", create=True)


def test_closing_twice_is_no_error(folder: Path) -> None:
    """A closed index can be closed, and opened again."""
    for _ in range(3):
        index = Index(folder)
        held = index.catalog.counts()
        index.close()
        index.close()
    with Index(folder) as again:
        assert again.catalog.counts() == held


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from tests.test_index import put
from tests.word_embedder import WordEmbedder
from rag.index import Index
with Index(Path(sys.argv[1])) as index:
    put(index, WordEmbedder(), ["cuarzo feldespato"] + ["granito"] * 2)
"""


def test_what_another_process_wrote_is_found(folder: Path, words: WordEmbedder) -> None:
    """An open index answers with what has been indexed since, though Chroma's open handle does not see it."""
    with Index(folder) as index:
        assert "cuarzo feldespato" not in answers(index, words, "cuarzo", k=60)
        subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, str(folder)], check=True)
        assert answers(index, words, "cuarzo", k=1) == ["cuarzo feldespato"]


def test_vectors_in_chroma_are_those_of_the_catalog(made_once: Path, words: WordEmbedder) -> None:
    """Chroma is a projection: each id, text and vector is the catalog's."""
    with Index(made_once) as index:
        with index._alone(1) as chroma:
            held = chroma._collection.get(include=["embeddings", "documents"])
        chunks = {stored.chroma_id: stored.chunk.text for stored in index.catalog.stored_chunks(range(1, 100))}
        assert dict(zip(held["ids"], held["documents"], strict=True)) == chunks
        assert np.allclose(held["embeddings"], words.passages(held["documents"]), atol=1e-6)


def test_a_collection_made_with_chromas_own_settings_gets_ours(tmp_path: Path) -> None:
    """One made by an earlier version, or by hand, is walked as far as those made now."""
    client: Any = chromadb.PersistentClient(str(tmp_path), settings=Settings(anonymized_telemetry=False))
    with closing(client):
        client.create_collection(COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)
    for _ in range(2):
        with Chroma(tmp_path) as chroma:
            assert chroma._collection.configuration_json["hnsw"]["ef_search"] == EF_SEARCH


def test_nothing_of_the_memory_is_left_in_chromas_files(tmp_path: Path) -> None:
    """The engine writes a length for each vector, or whatever its memory held there: pieces of texts, or a key. All
    vectors are of length 1, and that is what is left.
    """
    rows = np.random.default_rng(7).standard_normal((300, 8)).astype(np.float32)
    vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [f"id{row}" for row in range(len(vectors))]
    with Chroma(tmp_path / "chroma") as chroma:
        chroma.put(ids, vectors, ids, [{"row": row} for row in range(len(ids))])
        nearest = chroma.nearest(vectors[:5], 3)
    held = [np.fromfile(path, dtype="<f4") for path in (tmp_path / "chroma").glob("*/length.bin")]
    assert held
    assert all((lengths == 1).all() for lengths in held)
    with Chroma(tmp_path / "chroma") as chroma:
        assert chroma.nearest(vectors[:5], 3) == nearest
