"""Claims about the catalog: what it holds after any changes, its keys, its time limits and its full text."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import JOINED, Catalog, FileState, Making, chroma_id
from rag.errors import IndexFault
from rag.records import (
    KEY_LENGTH,
    UNDATED,
    Chunk,
    Document,
    Excerpt,
    PublicationDate,
    Section,
    Source,
    TimeLimits,
    document_id,
    excerpt_hash,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

CLOSE = settings(deadline=None, max_examples=60)
FREE = TimeLimits()


def document(text: str, *, path: str = "a.txt", date: PublicationDate = UNDATED, title: str = "") -> Document:
    """Make a Spanish document of one text."""
    return Document(Source(document_id(text), (path,), "text", title=title, date=date, language="es"), text)


def cut(made: Document) -> tuple[Chunk, ...]:
    """Cut a document into its paragraphs."""
    chunks, start = [], 0
    for paragraph in made.text.split("\n\n"):
        chunks.append(Chunk(made.source.id, start, start + len(paragraph), paragraph))
        start += len(paragraph) + 2
    return tuple(chunks)


def put(catalog: Catalog, path: str, documents: Iterable[Document]) -> None:
    """Put a file with its documents; the hash of a vector is its text."""
    entries = [(made, cut(made), [f"v:{chunk.text}" for chunk in cut(made)]) for made in documents]
    catalog.put_file(FileState(path, 1, 2, 3, f"sha {path}"), entries)


def year(number: int) -> PublicationDate:
    """Return a year as a publication date."""
    return PublicationDate(dt.date(number, 1, 1), dt.date(number, 12, 31), "year", "text", str(number))


# What it holds

TEXTS = ("perro negro", "gato blanco\n\npájaro azul", "pez rojo\n\npez rojo\n\nperro negro", "vaca lenta")
PATHS = ("a.txt", "b.txt", "dir/c.md")
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(PATHS), st.sets(st.sampled_from(TEXTS)).map(sorted)),
        st.tuples(st.just("remove"), st.sampled_from(PATHS), st.just([])),
        st.tuples(st.just("move"), st.sampled_from(PATHS), st.sampled_from(PATHS).map(lambda path: [path])),
        st.tuples(st.just("store"), st.just(""), st.just([])),
        st.tuples(st.just("recut"), st.just(""), st.just([])),
    ),
    max_size=12,
)


def recut(catalog: Catalog, chroma: set[str]) -> None:
    """Cut every document anew, each as one chunk, as another edition; its vector store is another too."""
    making = Making("e", "f", f"cut {catalog.edition}")
    number = catalog.begin_edition(making)
    for id_ in catalog.uncut(number):
        made = catalog.document(id_)
        whole = Chunk(id_, 0, len(made.text), made.text)
        catalog.put_chunks([whole], [f"v:{made.text}"], language="es", edition=number)
    catalog.switch_edition(number, making)
    for old in catalog.other_editions():
        catalog.drop_edition(old)
    chroma.clear()


def store(catalog: Catalog, chroma: set[str]) -> None:
    """Do what keeps the vector store in step."""
    chroma -= set(catalog.discarded())
    catalog.forget_discarded(catalog.discarded())
    batch = catalog.stored_chunks(catalog.waiting(catalog.edition))
    chroma |= {stored.chroma_id for stored in batch}
    catalog.mark_stored([stored.id for stored in batch])


@CLOSE
@given(CHANGES)
def test_any_changes_leave_a_whole_catalog(changes: list[tuple[str, str, list[str]]]) -> None:
    """After any puts, moves and removals the catalog holds what a plain dict of files holds: the same documents with
    the same paths, their chunks alone in the full text, and a vector store in step holds exactly those chunks.
    """
    files: dict[str, list[str]] = {}
    chroma: set[str] = set()
    with Catalog(None) as catalog:
        for what, path, given_ in changes:
            if what == "put":
                put(catalog, path, [document(text, path=path) for text in given_])
                files[path] = given_
            elif what == "remove":
                catalog.remove_file(path)
                files.pop(path, None)
            elif what == "move" and path in files and given_[0] not in files:
                catalog.move_file(path, FileState(given_[0], 1, 2, 3, "sha"))
                files[given_[0]] = files.pop(path)
            elif what == "store":
                store(catalog, chroma)
            elif what == "recut":
                recut(catalog, chroma)
            agree(catalog, files)
        store(catalog, chroma)
        held = {chroma_id(c.document_id, c.start, c.end) for _, c in stored_chunks(catalog)}
        assert chroma == held
        assert catalog.count_stored() == len(held)


def agree(catalog: Catalog, files: dict[str, list[str]]) -> None:
    """Assert that the catalog holds what the files hold."""
    expected = {
        document_id(text): tuple(sorted(path for path, texts in files.items() if text in texts))
        for texts in files.values()
        for text in texts
    }
    assert {made.source.id: made.source.paths for made in catalog.documents()} == expected
    assert set(catalog.files()) == set(files)
    chunks = stored_chunks(catalog)
    assert {chunk.document_id for _, chunk in chunks} == set(expected)
    for id_, chunk in chunks:
        assert catalog.document(chunk.document_id).text[chunk.start : chunk.end] == chunk.text
        word = chunk.text.split()[0]
        assert id_ in {row for row, _ in catalog.lexical(word, language="es", k=100, limits=FREE)}
    every = {row for row, _ in catalog.lexical("perro gato pájaro pez vaca", language="es", k=100, limits=FREE)}
    assert every == {id_ for id_, _ in chunks}
    assert catalog.counts().chunks == len(chunks)


def stored_chunks(catalog: Catalog) -> list[tuple[int, Chunk]]:
    """Return all chunks by row number."""
    return [(stored.id, stored.chunk) for stored in catalog._chunks("FROM current", ())]


def test_a_document_comes_back_as_it_was_put() -> None:
    """Every field survives, dates with their precision, origin and words included."""
    day = dt.date(2024, 2, 27)
    date = PublicationDate(day, day, "day", "prefix", "1 día atrás", dt.date(2024, 2, 28))
    text = "Título\n\nTexto con acentos: ñandú."
    source = Source(
        document_id(text),
        ("d/á.md",),
        "markdown",
        "Título",
        ("Ana García", "Luis Pérez"),
        date,
        year(2025),
        dt.date(2025, 1, 2),
        "10.1/x",
        "https://e.org",
        "es",
    )
    made = Document(source, text, (Section(0, 1, "Título"),), (0, 8))
    with Catalog(None) as catalog:
        put(catalog, "d/á.md", [made])
        assert catalog.document(source.id) == made
        assert list(catalog.documents()) == [made]
        with pytest.raises(KeyError):
            catalog.document("none")


def test_one_text_in_two_files_is_one_document_of_the_earliest_date() -> None:
    """It lists both paths and takes the metadata of its earliest dated occurrence, whatever came first."""
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        occurrences = [
            document("lo mismo", path="a.txt", title="sin fecha"),
            document("lo mismo", path="b.txt", title="posterior", date=year(2024)),
            document("lo mismo", path="c.txt", title="primera", date=year(2021)),
        ]
        with Catalog(None) as catalog:
            for number in order:
                put(catalog, occurrences[number].source.paths[0], [occurrences[number]])
            (held,) = catalog.documents()
            assert held.source.paths == ("a.txt", "b.txt", "c.txt")
            assert (held.source.title, held.source.date) == ("primera", year(2021))
            assert catalog.counts() == type(catalog.counts())(1, 1, 0)
            catalog.remove_file("c.txt")
            assert catalog.document(held.source.id).source.title == "posterior"
            catalog.remove_file("b.txt")
            assert catalog.counts().undated == 1


def test_a_snippet_twice_in_a_file_keeps_its_earliest_date() -> None:
    """A snippet pasted twice with two dates is one document of the first of them."""
    twice = [document("lo mismo", date=year(2024)), document("lo mismo", date=year(2021)), document("lo mismo")]
    with Catalog(None) as catalog:
        put(catalog, "a.txt", twice)
        (held,) = catalog.documents()
        assert held.source.date == year(2021)
        assert held.source.paths == ("a.txt",)


def test_new_metadata_keep_the_chunks_and_reach_the_vector_store() -> None:
    """When only the date of a text changes its rows and keys stay, and the vector store is told."""
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document(TEXTS[1])])
        store(catalog, set())
        before = stored_chunks(catalog)
        put(catalog, "a.txt", [document(TEXTS[1])])
        assert catalog.waiting(1) == ()
        put(catalog, "a.txt", [document(TEXTS[1], date=year(2020))])
        assert stored_chunks(catalog) == before
        assert catalog.stale() == tuple(id_ for id_, _ in before)
        assert catalog.discarded() == ()


def test_new_sections_of_the_same_text_cut_it_anew() -> None:
    """A text whose headings are read otherwise than before gets its chunks anew."""
    made = document("Título\n\nTexto")
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [made])
        read_again = Document(made.source, made.text, (Section(0, 1, "Título"),))
        chunk = Chunk(made.source.id, 8, 13, "Texto", ("Título",))
        catalog.put_file(FileState("a.txt", 1, 2, 3, "sha"), [(read_again, [chunk], ["v"])])
        assert [held for _, held in stored_chunks(catalog)] == [chunk]
        assert catalog.document(made.source.id).sections == read_again.sections


def test_the_generation_moves_with_what_is_held_alone(tmp_path: Path) -> None:
    """Reading and keeping vectors leave it; putting, storing and removing move it, for other readers too."""
    path = tmp_path / "catalog.sqlite3"
    with Catalog(path) as catalog, Catalog(path) as reader:
        seen = [reader.generation]
        changes: tuple[Callable[[], None], ...] = (
            lambda: put(catalog, "a.txt", [document(TEXTS[0])]),
            lambda: store(catalog, set()),
            lambda: recut(catalog, set()),
            lambda: catalog.remove_file("a.txt"),
        )
        for change in changes:
            change()
            catalog.keep_vectors({"x": np.zeros(3, dtype=np.float32)})
            catalog.lexical("perro", language="es", k=1, limits=FREE)
            seen.append(reader.generation)
        assert len(set(seen)) == 5


# Opening


def test_a_file_that_is_no_catalog_is_an_error_of_one_line(tmp_path: Path) -> None:
    """A damaged file, a folder in its place, and another version are named with a remedy."""
    damaged, folder, other = tmp_path / "damaged", tmp_path / "folder", tmp_path / "other"
    damaged.write_bytes(b"no database at all" * 100)
    folder.mkdir()
    with Catalog(other) as catalog:
        catalog.set_setting("schema", "0")
    for path in (damaged, folder, other):
        with pytest.raises(IndexFault, match=r"rag index") as caught:
            Catalog(path)
        assert str(caught.value).startswith(str(path))
        assert "\n" not in str(caught.value)


def test_a_catalog_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A write that SQLite refuses is an `IndexFault`, and nothing of it stays."""
    path = tmp_path / "catalog.sqlite3"
    with Catalog(path) as catalog:
        put(catalog, "a.txt", [document(TEXTS[0])])
        catalog._db.execute("PRAGMA query_only = ON")
        with pytest.raises(IndexFault, match="cannot be written"):
            put(catalog, "b.txt", [document(TEXTS[1])])
        catalog._db.execute("PRAGMA query_only = OFF")
        assert set(catalog.files()) == {"a.txt"}


# Time limits

DAYS = st.integers(0, 6).map(lambda days: dt.date(2023, 12, 29) + dt.timedelta(days=days))
BOUNDS = st.none() | DAYS
DATES = st.just(UNDATED) | st.tuples(DAYS, st.integers(0, 3)).map(
    lambda pair: PublicationDate(pair[0], pair[0] + dt.timedelta(days=pair[1]), "day", "text")
)
LIMITS = st.builds(
    TimeLimits, since=BOUNDS, until=BOUNDS, as_of=BOUNDS, undated=st.sampled_from([None, "keep", "drop"])
)


@CLOSE
@given(st.lists(DATES, min_size=1, max_size=8), st.lists(LIMITS, min_size=1, max_size=4))
def test_limits_in_sql_mean_what_they_say(dates: list[PublicationDate], every: list[TimeLimits]) -> None:
    """Counting, full text and nearest vectors keep exactly the documents that `TimeLimits.allows`."""
    with Catalog(None) as catalog:
        for number, date in enumerate(dates):
            put(catalog, f"{number}.txt", [document(f"datos número {number}", date=date)])
        kept = {f"v:datos número {number}": np.ones(2, dtype=np.float32) for number in range(len(dates))}
        catalog.keep_vectors(kept)
        for limits in every:
            allowed = {f"datos número {number}" for number, date in enumerate(dates) if limits.allows(date)}
            lexical = catalog.lexical("datos", language="es", k=100, limits=limits)
            nearest = catalog.nearest(np.ones(2, dtype=np.float32), k=100, limits=limits)
            assert catalog.count_allowed(limits) == len(allowed)
            for hits in (lexical, nearest):
                assert {e.text for e in catalog.excerpts([row for row, _ in hits]).values()} == allowed
            everything = [id_ for id_, _ in stored_chunks(catalog)]
            assert {e.text for e in catalog.excerpts(everything, limits=limits).values()} == allowed


# Vectors


def test_nearest_is_read_anew_when_the_catalog_changes() -> None:
    """A vector kept late, a file added and a file removed show in the next answer."""
    one = np.array([1, 0], dtype=np.float32)
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document("uno")])
        assert catalog.nearest(one, k=5, limits=FREE) == []
        catalog.keep_vectors({"v:uno": one, "v:dos": -one})
        assert [score for _, score in catalog.nearest(one, k=5, limits=FREE)] == [1.0]
        put(catalog, "b.txt", [document("dos")])
        assert [score for _, score in catalog.nearest(one, k=5, limits=FREE)] == [1.0, -1.0]
        catalog.remove_file("a.txt")
        assert [score for _, score in catalog.nearest(one, k=5, limits=FREE)] == [-1.0]


def test_more_values_than_a_statement_takes_are_no_trouble() -> None:
    """Tens of thousands of hashes or rows are asked for at once."""
    with Catalog(None) as catalog:
        catalog.keep_vectors({"h5": np.ones(2, dtype=np.float32)})
        assert list(catalog.vectors([f"h{number}" for number in range(40_000)])) == ["h5"]
        put(catalog, "a.txt", [document("uno")])
        assert [excerpt.text for excerpt in catalog.excerpts(range(40_000)).values()] == ["uno"]


# Keys


def test_a_key_is_the_beginning_of_its_hash_and_alone_decides() -> None:
    """Keys have six letters and do not change with the documents around them."""
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document(TEXTS[1])])
        alone = {excerpt.text: excerpt.key for excerpt in catalog.excerpts([1, 2]).values()}
        for number in range(40):
            put(catalog, f"{number}.txt", [document(f"otro texto {number}")])
        assert {excerpt.text: excerpt.key for excerpt in catalog.excerpts([1, 2]).values()} == alone
        for text, key in alone.items():
            assert key == excerpt_hash(document_id(TEXTS[1]), text)[:KEY_LENGTH]


def test_keys_that_collide_grow_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two passages whose hashes begin alike get the shortest beginnings that tell them apart; a third keeps six."""
    hashes = {"uno": "aaaaaaaabb", "dos": "aaaaaaaacc", "tres": "aaaaabcdef"}
    for room in ("catalog", "projection"):
        monkeypatch.setattr(f"rag.{room}.excerpt_hash", lambda _, text: hashes[text])
    with Catalog(None) as catalog:
        for text in hashes:
            put(catalog, f"{text}.txt", [document(text)])
        keys = {excerpt.text: excerpt.key for excerpt in catalog.excerpts([1, 2, 3]).values()}
        assert keys == {"uno": "aaaaaaaab", "dos": "aaaaaaaac", "tres": "aaaaab"}
        catalog.remove_file("dos.txt")
        assert catalog.excerpts([1])[1].key == "aaaaaa"


def test_a_key_finds_what_begins_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One passage by its key or its whole hash, several where the key is too short for them, none where nothing or too
    little is asked.
    """
    hashes = {"uno": "aaaaaaaabb", "dos": "aaaaaaaacc", "tres": "aaaaabcdef"}
    for room in ("catalog", "projection"):
        monkeypatch.setattr(f"rag.{room}.excerpt_hash", lambda _, text: hashes[text])
    with Catalog(None) as catalog:
        for text in hashes:
            put(catalog, f"{text}.txt", [document(text)])
        named = {key: [excerpt.text for excerpt in catalog.by_key(key)] for key in ("aaaaab", "aaaaaa", "aaaaaaaac")}
        assert named == {"aaaaab": ["tres"], "aaaaaa": ["uno", "dos"], "aaaaaaaac": ["dos"]}
        assert catalog.by_key("aaaaaaaacc") == catalog.by_key("aaaaaaaac")
        assert [catalog.by_key(key) for key in ("", "aaaaa", "bbbbbb", "aaaaaaaaccc", "aaaaa%")] == [()] * 5


def test_a_passage_that_stands_twice_in_a_document_is_one() -> None:
    """Its key is not ambiguous: both are the same words of the same source."""
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document("pez rojo\n\npez rojo\n\nperro negro")])
        first = catalog.excerpts([1])[1]
        assert catalog.by_key(first.key) == (first,)


# Joined neighbours

RUNS = "uno dos\n\ntres\n\ncuatro\n \ncinco\n\nseis"


def in_order(catalog: Catalog) -> list[Excerpt]:
    """Return all chunks as excerpts, in the order of documents and starts."""
    found = catalog.excerpts([id_ for id_, _ in stored_chunks(catalog)])
    return sorted(found.values(), key=lambda excerpt: (excerpt.source.id, excerpt.start))


def joined(catalog: Catalog, run: Sequence[Excerpt]) -> Excerpt:
    """Join a run of neighbours, one after the other."""
    whole = run[0]
    for excerpt in run[1:]:
        reaching = catalog.between(whole, excerpt)
        assert reaching is not None
        whole = reaching
    return whole


def test_neighbours_join_to_one_excerpt_that_its_key_finds() -> None:
    """Two to four neighbours are one excerpt of the document's own text; its key, like any, is of that text and finds
    it again. More neighbours join too, but by no key.
    """
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document(RUNS, date=year(2020))])
        put(catalog, "b.txt", [document("otro")])
        chunks = [excerpt for excerpt in in_order(catalog) if excerpt.text != "otro"]
        for first in range(len(chunks)):
            for last in range(first + 1, len(chunks)):
                one = joined(catalog, chunks[first : last + 1])
                assert one.text == RUNS[one.start : one.end] == RUNS[chunks[first].start : chunks[last].end]
                assert one.key == excerpt_hash(one.source.id, one.text)[:KEY_LENGTH]
                assert (one.source, one.heading_path, one.page) == (chunks[first].source, (), None)
                assert catalog.by_key(one.key) == ((one,) if last - first < JOINED else ())


def test_what_does_not_go_on_is_not_joined() -> None:
    """Another document, a passage in between, the order turned round, or a document that is gone: no excerpt."""
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document("uno\n\ndos\n\ntres")])
        put(catalog, "b.txt", [document("cuatro\n\ncinco")])
        by_text = {excerpt.text: excerpt for excerpt in in_order(catalog)}
        pairs = [("uno", "cuatro"), ("uno", "tres"), ("dos", "uno"), ("uno", "uno"), ("cinco", "cuatro")]
        assert [catalog.between(by_text[one], by_text[other]) for one, other in pairs] == [None] * len(pairs)
        assert catalog.between(by_text["cuatro"], by_text["cinco"]) is not None
        catalog.remove_file("b.txt")
        assert catalog.between(by_text["cuatro"], by_text["cinco"]) is None


def test_neighbours_under_two_headings_are_not_joined() -> None:
    """A heading is more than space: what stands before and after it has no key together."""
    made = Document(document("uno\n\nTítulo\n\ndos").source, "uno\n\nTítulo\n\ndos", (Section(5, 1, "Título"),))
    chunks = [Chunk(made.source.id, 0, 3, "uno"), Chunk(made.source.id, 13, 16, "dos", ("Título",))]
    with Catalog(None) as catalog:
        catalog.put_file(FileState("a.txt", 1, 2, 3, "sha"), [(made, chunks, ["v", "w"])])
        assert catalog.between(*in_order(catalog)) is None
        assert catalog.by_key(excerpt_hash(made.source.id, made.text)) == ()


def test_the_key_of_a_joined_excerpt_follows_the_index() -> None:
    """It is found when its file comes after the first such key was asked for, and not when its file is gone."""
    with Catalog(None) as catalog:
        put(catalog, "a.txt", [document("uno\n\ndos")])
        key = excerpt_hash(document_id(TEXTS[1]), TEXTS[1])[:KEY_LENGTH]
        assert catalog.by_key(key) == ()
        put(catalog, "b.txt", [document(TEXTS[1])])
        assert [excerpt.text for excerpt in catalog.by_key(key)] == [TEXTS[1]]
        catalog.remove_file("b.txt")
        assert catalog.by_key(key) == ()


@CLOSE
@given(st.lists(st.sampled_from(["aa", "ab", "ba"]), min_size=1, max_size=8), st.integers(1, 3))
def test_keys_are_the_shortest_that_no_other_passage_shares(pieces: list[str], least: int) -> None:
    """Whatever the hashes, a key is at least as long as is asked and otherwise the shortest that tells them apart."""
    hashes = sorted({"".join(pieces[place:] + pieces[:place]) for place in range(len(pieces))})
    with pytest.MonkeyPatch.context() as patch, Catalog(None) as catalog:
        patch.setattr("rag.catalog.KEY_LENGTH", least)
        patch.setattr("rag.projection.excerpt_hash", lambda _, text: text)
        for number, hash_ in enumerate(hashes):
            put(catalog, f"{number}.txt", [document(hash_)])
        for excerpt in in_order(catalog):
            others = [hash_ for hash_ in hashes if hash_ != excerpt.text]
            telling = (
                size
                for size in range(least, len(excerpt.text))
                if not any(o.startswith(excerpt.text[:size]) for o in others)
            )
            assert excerpt.key == excerpt.text[: next(telling, len(excerpt.text))]


# Full text

PASSAGES = (
    "Los datos sintéticos protegen la privacidad de los pacientes.",
    "El precio del trigo subió un 3,5 % en marzo.",
    "Synthetic data protect the privacy of patients.",
    "La generación sintética de imágenes y su validación clínica.",
)


def found(query: str, *, language: str = "es") -> list[str]:
    """Search the passages."""
    with Catalog(None) as catalog:
        for number, text in enumerate(PASSAGES):
            put(catalog, f"{number}.txt", [document(text)])
        hits = catalog.lexical(query, language=language, k=10, limits=FREE)
        excerpts = catalog.excerpts([row for row, _ in hits])
        return [excerpts[row].text for row, _ in hits]


def test_words_are_found_without_accents_and_inflected() -> None:
    """Full text finds Spanish whatever its accents, number and gender, whether or not the language is told."""
    for language in ("es", ""):
        assert found("sinteticos privacidad", language=language)[0] == PASSAGES[0]
        assert found("PACIENTE", language=language) == [PASSAGES[0]]
        assert PASSAGES[3] in found("validaciones clínicos", language=language)
    assert found("protects patient", language="en") == [PASSAGES[2]]


def test_a_decimal_number_is_found() -> None:
    """A figure is searched as the figure it is."""
    assert found("3,5") == [PASSAGES[1]]


def test_a_query_of_unknown_words_finds_nothing() -> None:
    """No word in common, no answer; the same for a query without words."""
    assert found("xilófono") == found("") == found("¿?") == found("de la") == []


SYNTAX = st.lists(
    st.sampled_from(
        [
            '"',
            "*",
            "NEAR",
            "NEAR(",
            "AND",
            "OR",
            "NOT",
            ":",
            "text :",
            "{text}",
            "(",
            ")",
            "^",
            "+",
            "-",
            "'",
            ";",
            "\\",
        ]
    )
    | st.sampled_from(["datos", "privacidad", "3,5", "1.000,5", "x_y"])
    | st.text(max_size=8),
    max_size=12,
).map(" ".join)


@pytest.fixture(scope="module")
def passages() -> Iterable[Catalog]:
    """Hold the passages."""
    with Catalog(None) as catalog:
        for number, text in enumerate(PASSAGES):
            put(catalog, f"{number}.txt", [document(text)])
        yield catalog


@settings(deadline=None, max_examples=100)
@given(SYNTAX | st.text())
def test_a_query_is_words_whatever_it_holds(passages: Catalog, query: str) -> None:
    """No query is read as syntax or fails; scores fall from the best on."""
    for language in ("es", "en", ""):
        scores = [score for _, score in passages.lexical(query, language=language, k=10, limits=FREE)]
        assert scores == sorted(scores, reverse=True)


def test_equal_scores_are_ordered_by_key() -> None:
    """The order in which equal passages came in does not show."""
    texts = [f"datos {letter}" for letter in "abcdefgh"]
    orders = []
    for order in (texts, texts[::-1]):
        with Catalog(None) as catalog:
            for text in order:
                put(catalog, f"{text}.txt", [document(text)])
            hits = catalog.lexical("datos", language="es", k=5, limits=FREE)
            excerpts = catalog.excerpts([row for row, _ in hits])
            orders.append([excerpts[row].key for row, _ in hits])
    assert orders[0] == orders[1] == sorted(orders[0])


def test_rare_words_are_asked_before_common_ones() -> None:
    """A word in more than a tenth of the passages is asked for only where nothing rarer is known."""
    with Catalog(None) as catalog:
        for number in range(30):
            put(catalog, f"{number}.txt", [document(f"datos {'trigo' if number == 7 else 'x'} {number}")])
        assert len(catalog.lexical("datos trigo", language="es", k=100, limits=FREE)) == 1
        assert len(catalog.lexical("datos cebada", language="es", k=100, limits=FREE)) == 30
