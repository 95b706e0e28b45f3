"""Retrieval: fusion, repeats, diversity, caps and time, over real shelves in memory and the sample corpus's index."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileState
from rag.dates import interval, parse_limit, time_limits
from rag.embed import CachedEmbedder, vector_hash
from rag.facts.quantities import dates as dates_in
from rag.index import Index
from rag.records import (
    UNDATED,
    Brief,
    CheckedSection,
    Chunk,
    Citation,
    Document,
    Evidence,
    Excerpt,
    Heading,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
    TimeLimits,
    document_id,
)
from rag.render import evidence_json, excerpt_json, excerpt_lines, excerpt_table, to_json, to_markdown
from rag.retrieve import find, search
from rag.retrieve.tongues import Tongues
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.embed import BundledEmbedder, Vectors
    from rag.retrieve import Shelf

FREE = TimeLimits()


def document(text: str, *, language: str = "es", date: PublicationDate = UNDATED, path: str = "") -> Document:
    """Make a document of one text."""
    return Document(
        Source(document_id(text), (path or f"{text[:20]}.txt",), "text", date=date, language=language), text
    )


def excerpt(text: str, *, score: float = 1.0, source: str = "", language: str = "es", key: str = "") -> Excerpt:
    """Return an excerpt with a score; a source of its own unless named."""
    made = Source(source or text, (f"{text[:9]}.txt",), "text", language=language)
    return Excerpt(key or document_id(text)[:8], made, text, 0, len(text), score=score)


def encoder(store: Catalog | None = None) -> CachedEmbedder:
    """Return the readable embedder behind a cache."""
    return CachedEmbedder(WordEmbedder(), store or Catalog(None))


def shelve(documents: Sequence[Document]) -> Catalog:
    """Put each document as one chunk on a shelf in memory."""
    shelf, embedder = Catalog(None), WordEmbedder()
    for row, made in enumerate(documents):
        chunk = Chunk(made.source.id, 0, len(made.text), made.text)
        name = vector_hash(made.text, side="passage", fingerprint=embedder.fingerprint)
        shelf.put_file(FileState(f"{row}", 0, 0, 0, ""), [(made, [chunk], [name])])
        shelf.keep_vectors({name: embedder.passages([made.text])[0]})
    return shelf


class ListedShelf:
    """A shelf whose two answers are given: keys with scores, best first."""

    def __init__(
        self, held: Sequence[Excerpt], *, dense: Sequence[tuple[str, float]], lexical: Sequence[tuple[str, float]]
    ) -> None:
        self._held = list(held)
        self._rows = {made.key: row for row, made in enumerate(held)}
        self._dense, self._lexical = dense, lexical

    def nearest(self, vector: Vectors, *, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the first k of the dense list."""
        return [(self._rows[key], score) for key, score in self._dense][:k]

    def lexical(self, query: str, *, language: str, k: int, limits: TimeLimits) -> list[tuple[int, float]]:
        """Return the first k of the lexical list."""
        return [(self._rows[key], score) for key, score in self._lexical][:k]

    def excerpts(self, ids: Sequence[int]) -> Mapping[int, Excerpt]:
        """Return the held excerpts."""
        return {row: self._held[row] for row in ids}

    @property
    def languages(self) -> frozenset[str]:
        """Return those of the held excerpts."""
        return frozenset(made.language for made in self._held)

    def between(self, first: Excerpt, last: Excerpt) -> Excerpt | None:
        """Hold nothing that touches."""
        return None

    def by_key(self, key: str) -> tuple[Excerpt, ...]:
        """Return the excerpt of that key."""
        return tuple(held for held in self._held if held.key == key)


def fused(*shelves: Shelf, language: str = "es") -> list[tuple[str, float]]:
    """Return keys and scores as found on the shelves."""
    found = find("x", shelves=shelves, embedder=encoder(), k=50, language=language, limits=FREE)
    return [(made.key, made.score) for made in found]


A, B, C = (excerpt(text, key=key) for key, text in zip("abc", ("Alfa uno", "Beta dos", "Gama tres"), strict=True))


# Fusion


def test_the_parts_say_what_the_score_is_made_of() -> None:
    """Cosine and BM25 as the lists gave them, 0 where a list did not have the excerpt."""
    shelf = ListedShelf((A, C), dense=(("a", 0.9),), lexical=(("c", 5.0),))
    found = find("x", shelves=(shelf,), embedder=encoder(), k=50, language="es", limits=FREE)
    assert {made.key: made.parts for made in found} == {
        "a": (("dense", 0.9), ("lexical", 0.0)),
        "c": (("dense", 0.0), ("lexical", 5.0)),
    }


def test_a_document_on_both_shelves_counts_once() -> None:
    """The brief's own copy of an indexed text gains nothing by being there twice, and appears once."""
    one = ListedShelf((A,), dense=(("a", 0.9),), lexical=(("a", 5.0),))
    two = ListedShelf((A, B), dense=(("a", 0.9), ("b", 0.8)), lexical=(("b", 9.0), ("a", 5.0)))
    assert sorted(key for key, _ in fused(one, two)) == ["a", "b"]


ENGLISH = tuple(
    excerpt(text, key=key, language="en") for key, text in (("e", "Alpha one"), ("f", "Beta two"), ("g", "Gamma three"))
)


def test_neither_language_drowns_the_other() -> None:
    """Two lists that differ by what the encoder gives a language alone are mixed; with one language nothing changes."""
    languages = Tongues(encoder())
    vector = WordEmbedder().queries(["los datos de la salud"])[0]
    levels = languages.levels(vector)
    assert sum(levels.values()) == pytest.approx(0)
    assert levels["es"] > levels["en"]
    dense = [(made.key, 0.5 + levels["es"] - row / 100) for row, made in enumerate((A, B, C))]
    dense += [(made.key, 0.5 + levels["en"] - row / 100 - 0.005) for row, made in enumerate(ENGLISH)]
    dense.sort(key=lambda hit: -hit[1])
    shelf = ListedShelf((A, B, C, *ENGLISH), dense=dense, lexical=())
    found = find("los datos de la salud", shelves=(shelf,), embedder=encoder(), k=50, limits=FREE)
    assert [made.key for made in found] == ["a", "e", "b", "f", "c", "g"]
    assert dict(found[1].parts)["dense"] == pytest.approx(dict(dense)["e"], abs=1e-6)


def test_the_other_language_is_looked_for_further_down() -> None:
    """Where a shelf holds both, passages of the other language that lie behind the first ranks are found."""
    spanish = [excerpt(f"texto {row}", key=f"s{row}") for row in range(9)]
    levels = Tongues(encoder()).levels(WordEmbedder().queries(["los datos de la salud"])[0])
    owed = levels["es"] - levels["en"]
    dense = [(made.key, 0.9 - owed * row / 100) for row, made in enumerate(spanish)] + [("e", 0.9 - owed / 2)]
    shelf = ListedShelf((*spanish, ENGLISH[0]), dense=dense, lexical=())
    found = find("los datos de la salud", shelves=(shelf,), embedder=encoder(), k=4, limits=FREE)
    assert "e" in {made.key for made in found}


def test_a_republished_text_is_found_once_on_real_shelves() -> None:
    """The same words under another path are one document; nearly the same words are one statement."""
    text = "Los datos sintéticos protegen la privacidad de los pacientes en los hospitales públicos"
    shelves = (shelve([document(text)]), shelve([document(text), document(f"{text} hoy")]))
    found = search("datos sintéticos", shelves=shelves, embedder=encoder(), k=9, language="es", limits=FREE)
    assert len(found) == 1
    assert len(find("datos sintéticos", shelves=shelves, embedder=encoder(), k=9, language="es", limits=FREE)) == 2


# Time


DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31))
DATES = st.one_of(
    st.just(UNDATED),
    st.tuples(DAYS, st.integers(0, 400)).map(
        lambda pair: PublicationDate(pair[0], pair[0] + dt.timedelta(pair[1]), "year", "text", "")
    ),
)
LIMITS = st.builds(
    TimeLimits,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    as_of=st.none() | DAYS,
    undated=st.sampled_from([None, "keep", "drop"]),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(DATES, min_size=1, max_size=6), LIMITS)
def test_time_limits_hold_on_every_shelf(dates: list[PublicationDate], limits: TimeLimits) -> None:
    """For any dates and limits, both lists of both shelves let through what the limits allow, and all of it."""
    made = [document(f"ensayo número {row} {'xyzwvu'[row]}", date=date) for row, date in enumerate(dates)]
    with shelve(made[::2]) as one, shelve(made[1::2]) as two:
        found = find("ensayo número", shelves=(one, two), embedder=encoder(), k=50, language="es", limits=limits)
    assert {e.source.id for e in found} == {d.source.id for d in made if limits.allows(d.source.date)}


TWICE = (interval(2019, 5, 1), interval(2024, 4, 2))


def occurrences(text: str, dates: Sequence[PublicationDate]) -> list[Document]:
    """Return a text that occurs under several dates."""
    return [document(text, date=date, path=f"{row}.txt") for row, date in enumerate(dates)]


def found_dates(shelves: Sequence[Shelf], limits: TimeLimits = FREE) -> list[tuple[str, str]]:
    """Return when what is found on the shelves was published, and when again."""
    found = find("ensayo", shelves=shelves, embedder=encoder(), k=50, language="es", limits=limits)
    return [(str(made.date), str(made.source.republished)) for made in found]


def test_a_text_on_several_shelves_has_its_first_and_last_date() -> None:
    """Whether its dates lie in one shelf or on two, in whatever order, the text is found once with both."""
    old, new = occurrences("ensayo sobre la piel", TWICE)
    shelves = [shelve(made) for made in ([old], [new], [new, old])]
    for held in (shelves[:2], shelves[1::-1], shelves[2:], shelves):
        assert found_dates(held) == [("2019-05-01", "2024-04-02")]


@pytest.mark.parametrize(
    ("limit", "dates"),
    [
        ("2018", []),
        ("2024-04-01", [("2019-05-01", "")]),
        ("2024-04-02", [("2019-05-01", "2024-04-02")]),
    ],
)
def test_as_of_a_day_no_republication_is_yet_to_come(limit: str, dates: list[tuple[str, str]]) -> None:
    """What is printed again later is found as it was known then; from its last day on the republication is told."""
    assert found_dates([shelve(occurrences("ensayo", TWICE))], time_limits(as_of=limit)) == dates


def test_a_reprint_of_an_old_text_is_not_recent() -> None:
    """The earliest date decides under `since` too, and nothing is lost without it."""
    shelf = shelve(occurrences("ensayo", TWICE))
    assert found_dates([shelf], time_limits(since="2020")) == []
    assert found_dates([shelf], time_limits(since="2019")) == [("2019-05-01", "2024-04-02")]


CALENDAR = DAYS.flatmap(
    lambda day: st.sampled_from(
        [interval(day.year), interval(day.year, day.month), interval(day.year, day.month, day.day)]
    )
)
ISO = re.compile(r"(?<![\w.])[0-9]{4}(?:-[0-9]{2}){0,2}(?!\w)")


def told(page: str, product: Mapping[str, object]) -> list[dt.date]:
    """Return the last day of every date that Markdown or JSON gives."""
    words = [mention.date.last for language in ("es", "en") for mention in dates_in(page, language)]
    iso = [parse_limit(found[0]).last for found in ISO.finditer(json.dumps(product))]
    return [day for day in (*words, *iso) if day]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(CALENDAR, min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(st.lists(CALENDAR, min_size=1, max_size=2), max_size=3),
    DAYS,
    st.sampled_from(["es", "en"]),
)
def test_as_of_a_day_no_text_made_tells_of_a_later_one(
    indexed: list[list[PublicationDate]], material: list[list[PublicationDate]], day: dt.date, language: str
) -> None:
    """For any occurrences of any texts on two shelves, all that is rendered of what is found, as Markdown, JSON, lines
    and tables, gives no date after the day; and what was there by then is found.
    """
    limits = TimeLimits(as_of=day)
    texts = [f"ensayo sobre {subject}" for subject in ("la piel", "el riesgo", "los sesgos")]
    held = [
        [made for text, dates in zip(texts, shelf, strict=False) for made in occurrences(text, dates)]
        for shelf in (indexed, material)
    ]
    with shelve(held[0]) as one, shelve(held[1]) as two:
        found = find("ensayo", shelves=(one, two), embedder=encoder(), k=50, language="es", limits=limits)
    sentences = tuple(Sentence(f"{e.text}.", citations=(Citation(e.key),)) for e in found)
    section = CheckedSection(Heading("# T", "T", 1), (), sentences, evidence=found)
    numbered = tuple(NumberedSource(number, e.source, (e,)) for number, e in enumerate(found, start=1))
    report = Report(Brief("T", (section.heading,), language=language, limits=limits), (section,), numbered)
    hits = [excerpt_json(e, rank) for rank, e in enumerate(found, start=1)]
    page = "\n".join([to_markdown(report), excerpt_table(found), *(excerpt_lines(e, 1) for e in found)])
    product = {"text": to_json(report), "hits": hits, "plan": evidence_json(Evidence(section.heading, found))}
    assert all(shown <= day for shown in told(page, product))
    assert len(told(page, product)) >= len(found)
    there = {text for text, dates in zip(texts, indexed, strict=False) if all(map(limits.allows, dates))}
    assert there <= {e.text for e in found}


# The sample corpus, with the real encoder


@pytest.fixture(scope="module")
def sample(
    sample_index: Path, bundled: BundledEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Index, CachedEmbedder]]:
    """The index of the sample corpus, in a copy of its own."""
    folder = tmp_path_factory.mktemp("retrieve") / "index"
    shutil.copytree(sample_index, folder)
    with Index(folder) as index:
        yield index, CachedEmbedder(bundled, index.catalog)


def found_paths(
    sample: tuple[Index, CachedEmbedder], query: str, *, k: int = 8, language: str = "", limits: TimeLimits = FREE
) -> list[str]:
    """Return the paths of what the real index finds."""
    index, embedder = sample
    hits = search(query, shelves=(index,), embedder=embedder, k=k, language=language, limits=limits)
    return [hit.path for hit in hits]


def test_the_ai_act_is_found_first(sample: tuple[Index, CachedEmbedder]) -> None:
    """A Spanish query for the European regulation of artificial intelligence finds its note before all else."""
    assert (
        found_paths(sample, "reglamento europeo inteligencia artificial", language="es")[0] == "reglamento-ia-2024.html"
    )


def test_an_english_query_finds_a_spanish_note(sample: tuple[Index, CachedEmbedder]) -> None:
    """Meaning crosses languages: the Spanish note on the GDPR is among the first five."""
    query = "does anonymous information fall under the general data protection regulation"
    assert "rgpd-2016.txt" in found_paths(sample, query, k=5, language="en")


def test_as_of_lets_nothing_later_through(sample: tuple[Index, CachedEmbedder]) -> None:
    """As of 2019 nothing published later exists, and what was there is found."""
    index, embedder = sample
    limits = TimeLimits(as_of=dt.date(2019, 12, 31))
    hits = search("datos sintéticos en salud", shelves=(index,), embedder=embedder, k=50, language="es", limits=limits)
    assert hits
    assert all(hit.date.last is not None and hit.date.last.year <= 2019 for hit in hits)
    assert "synthea-2018.md" in {hit.path for hit in hits}


def test_the_same_query_gives_the_same_excerpts(sample: tuple[Index, CachedEmbedder]) -> None:
    """Order and scores do not depend on the run."""
    index, embedder = sample
    once, twice = (
        search("privacidad", shelves=(index,), embedder=embedder, k=8, language="es", limits=FREE) for _ in range(2)
    )
    assert once == twice
    assert [hit.score for hit in once] == sorted((hit.score for hit in once), reverse=True)
