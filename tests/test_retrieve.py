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
from rag.index import Index
from rag.quantities import dates as dates_in
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
from rag.retrieve import choose, find, search
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


def fused(*shelves: Shelf, language: str = "es") -> list[tuple[str, float]]:
    """Return keys and scores as found on the shelves."""
    found = find("x", shelves=shelves, embedder=encoder(), k=50, language=language, limits=FREE)
    return [(made.key, made.score) for made in found]


A, B, C = (excerpt(text, key=key) for key, text in zip("abc", ("Alfa uno", "Beta dos", "Gama tres"), strict=True))


# Fusion


def test_fusion_is_the_sum_of_reciprocal_ranks() -> None:
    """By hand with k = 60: a is 1st and 3rd (1/61 + 1/63), b 2nd and 1st (1/62 + 1/61), c 2nd by word (1/62)."""
    shelf = ListedShelf((A, B, C), dense=(("a", 0.9), ("b", 0.8)), lexical=(("b", 7.0), ("c", 5.0), ("a", 3.0)))
    assert fused(shelf) == [("b", 0.032522), ("a", 0.032266), ("c", 0.016129)]


def test_the_parts_say_what_the_score_is_made_of() -> None:
    """Cosine and BM25 as the lists gave them, 0 where a list did not have the excerpt."""
    shelf = ListedShelf((A, C), dense=(("a", 0.9),), lexical=(("c", 5.0),))
    found = find("x", shelves=(shelf,), embedder=encoder(), k=50, language="es", limits=FREE)
    assert [made.parts for made in found] == [(("dense", 0.9), ("lexical", 0.0)), (("dense", 0.0), ("lexical", 5.0))]


def test_ties_go_by_key() -> None:
    """First by meaning and first by word weigh the same; the smaller key leads, whatever the order or the path."""
    late, early = excerpt("Zeta uno", key="a"), excerpt("Alfa dos", key="b")
    for held in ((late, early), (early, late)):
        assert [key for key, _ in fused(ListedShelf(held, dense=(("b", 0.9),), lexical=(("a", 5.0),)))] == ["a", "b"]
        equal = ListedShelf(held, dense=(("b", 0.9), ("a", 0.9)), lexical=())
        assert [key for key, _ in fused(equal)] == ["a", "b"]


def test_dense_lists_merge_by_cosine_and_lexical_lists_stay_apart() -> None:
    """Cosines of two shelves compare, BM25 scores do not: each shelf's first word hit is a first."""
    one = ListedShelf((A, B), dense=(("b", 0.7),), lexical=(("a", 90.0),))
    two = ListedShelf((C,), dense=(("c", 0.8),), lexical=(("c", 1.0),))
    assert dict(fused(one, two)) == {
        "a": round(1 / 61, 6),
        "b": round(1 / 62, 6),
        "c": round(1 / 61 + 1 / 61, 6),
    }


def test_a_foreign_passage_gains_little_by_word() -> None:
    """Across languages a lexical rank counts a fifth (0.2/61); an unknown language counts in full (1/61)."""
    english = excerpt("Alpha one", language="en", key="e")
    shelf = ListedShelf((english,), dense=(), lexical=(("e", 5.0),))
    assert fused(shelf) == [("e", 0.003279)]
    assert fused(shelf, language="") == fused(shelf, language="en") == [("e", 0.016393)]


def test_a_document_on_both_shelves_counts_once() -> None:
    """The brief's own copy of an indexed text gains nothing by being there twice, and appears once."""
    one = ListedShelf((A,), dense=(("a", 0.9),), lexical=(("a", 5.0),))
    two = ListedShelf((A, B), dense=(("a", 0.9), ("b", 0.8)), lexical=(("b", 9.0), ("a", 5.0)))
    assert fused(one, two) == [("a", round(2 / 61, 6)), ("b", round(1 / 62 + 1 / 61, 6))]


def test_a_republished_text_is_found_once_on_real_shelves() -> None:
    """The same words under another path are one document; nearly the same words are one statement."""
    text = "Los datos sintéticos protegen la privacidad de los pacientes en los hospitales públicos"
    shelves = (shelve([document(text)]), shelve([document(text), document(f"{text} hoy")]))
    found = search("datos sintéticos", shelves=shelves, embedder=encoder(), k=9, language="es", limits=FREE)
    assert len(found) == 1
    assert len(find("datos sintéticos", shelves=shelves, embedder=encoder(), k=9, language="es", limits=FREE)) == 2


# Repeats


LONG = "El registro nacional de tumores reúne historias clínicas de dos millones de pacientes de hospitales públicos"


def chosen(ranked: Sequence[Excerpt], *, k: int = 9, per_source: int = 9, used: str = "") -> list[str]:
    """Return the texts chosen."""
    choice = choose(ranked, embedder=encoder(), k=k, per_source=per_source, used=frozenset(used.split()))
    return [made.text for made in choice.chosen]


def test_a_near_duplicate_is_left_out_by_name() -> None:
    """Of two excerpts that say the same the better one stays, and the other's reason names it."""
    first, again = excerpt(LONG, score=0.9), excerpt(f"{LONG}, según fuentes", score=0.8)
    choice = choose([first, again], embedder=encoder(), k=9, per_source=9, language="es")
    assert choice.chosen == (first,)
    assert [(left.key, left.reason) for left in choice.left_out] == [(again.key, f"dice lo mismo que k:{first.key}")]


@pytest.mark.parametrize(
    ("before", "after"), [("dos millones", "4 millones"), ("reúne", "no reúne"), ("de hospitales", "sin hospitales")]
)
def test_disagreement_is_not_repetition(before: str, after: str) -> None:
    """Another figure or a negation makes nearly the same words another statement: both are evidence."""
    assert len(chosen([excerpt(LONG), excerpt(LONG.replace(before, after))])) == 2


# Choice


def test_a_diverse_second_is_preferred_to_a_similar_one() -> None:
    """MMR: after the best, what adds something comes before what says nearly the same, though it scores less."""
    best = excerpt("privacidad pacientes hospitales datos riesgo ataques", score=1.0)
    similar = excerpt("privacidad pacientes hospitales datos riesgo normas", score=0.95)
    other = excerpt("imágenes dermatología diagnóstico piel lesiones raras", score=0.9)
    assert chosen([best, similar, other], k=2) == [best.text, other.text]
    assert chosen([best, similar], k=2) == [best.text, similar.text]


def test_what_serves_another_heading_counts_less() -> None:
    """An excerpt used elsewhere yields to a fresh one of nearly its score, and still serves where there is none."""
    used, fresh = excerpt("privacidad hospitales", score=1.0), excerpt("leyes europeas", score=0.9)
    assert chosen([used, fresh], k=1) == [used.text]
    assert chosen([used, fresh], k=1, used=used.key) == [fresh.text]
    assert chosen([used], k=1, used=used.key) == [used.text]


def test_one_source_gives_so_many_and_no_more() -> None:
    """The cap per source leaves its third excerpt out, with that reason, and takes another source's."""
    subjects = ("privacidad hospitales", "leyes europeas", "imágenes piel")
    mine = [excerpt(text, source="a", score=1.0 - row / 10) for row, text in enumerate(subjects)]
    other = excerpt("sesgos modelos", source="b", score=0.1)
    choice = choose([*mine, other], embedder=encoder(), k=3, per_source=2, language="en")
    assert sorted(made.source.id for made in choice.chosen) == ["a", "a", "b"]
    assert [left.reason for left in choice.left_out] == ["most excerpts of one source: 2"]


def test_nothing_found_is_nothing_chosen() -> None:
    """An empty pool is no error."""
    choice = choose([], embedder=encoder(), k=3, per_source=2)
    assert (choice.chosen, choice.left_out) == ((), ())


WORDS = st.sampled_from(["privacidad", "hospital", "sesgo", "ley", "no", "12", "13", "riesgo", "piel", "modelo"])
POOLS = st.lists(
    st.builds(
        excerpt,
        st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
        score=st.floats(0, 1),
        source=st.sampled_from("abc"),
        language=st.sampled_from(["es", "en", ""]),
    ),
    max_size=10,
    unique_by=lambda made: made.key,
)


@settings(deadline=None, max_examples=60)
@given(POOLS, st.integers(0, 6), st.integers(1, 3))
def test_every_excerpt_is_chosen_or_left_out_with_a_reason(pool: list[Excerpt], k: int, per_source: int) -> None:
    """For any pool: nothing is lost or named twice, the bounds hold, and the same pool gives the same choice."""
    choice = choose(pool, embedder=encoder(), k=k, per_source=per_source)
    named = [made.key for made in choice.chosen] + [left.key for left in choice.left_out]
    assert sorted(named) == sorted(made.key for made in pool)
    assert all(left.reason for left in choice.left_out)
    assert len(choice.chosen) <= k
    for source in "abc":
        assert sum(made.source.id == source for made in choice.chosen) <= per_source
    assert choose(pool, embedder=encoder(), k=k, per_source=per_source) == choice


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
