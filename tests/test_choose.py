"""Choosing: each statement once, diverse, so many of one source, and every reason told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog
from rag.embed import CachedEmbedder
from rag.records import Excerpt, PublicationDate, Source, document_id
from rag.retrieve.choose import choose, distinct, join
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence


def excerpt(text: str, *, score: float = 1.0, source: str = "", language: str = "es", key: str = "") -> Excerpt:
    """Return an excerpt with a score; a source of its own unless named."""
    made = Source(source or text, (f"{text[:9]}.txt",), "text", language=language)
    return Excerpt(key or document_id(text)[:8], made, text, 0, len(text), score=score)


def encoder() -> CachedEmbedder:
    """Return the readable embedder behind a cache."""
    return CachedEmbedder(WordEmbedder(), Catalog(None))


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
    assert [made.key for made in choice.chosen] == [first.key]
    assert [(left.key, left.reason) for left in choice.left_out] == [(again.key, f"dice lo mismo que k:{first.key}")]


def on(day: dt.date, text: str, *, score: float) -> Excerpt:
    """Return an excerpt published on a day."""
    made = excerpt(text, score=score)
    return replace(made, source=replace(made.source, date=PublicationDate(day, day, "day", "text")))


def test_what_says_the_same_counts_once_with_its_first_and_last_date() -> None:
    """The earliest stands for all at the place of the best, and is told to be republished."""
    late = on(dt.date(2024, 5, 1), f"{LONG} hoy", score=0.9)
    early = on(dt.date(2019, 3, 8), LONG, score=0.5)
    other = excerpt("imágenes dermatología piel lesiones", score=0.7)
    once = distinct((late, other, early), language="es")
    assert [(made.key, made.score) for made in once.chosen] == [(early.key, 0.9), (other.key, 0.7)]
    assert str(once.chosen[0].date) == "2019-03-08"
    assert str(once.chosen[0].source.republished) == "2024-05-01"
    assert [(left.key, left.reason) for left in once.left_out] == [(late.key, f"dice lo mismo que k:{early.key}")]


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


def test_the_reason_names_what_an_excerpt_is_like() -> None:
    """What scores more than the last chosen and fell out for likeness says beside what it adds little."""
    best = excerpt("privacidad pacientes hospitales datos riesgo ataques", score=1.0)
    similar = excerpt("privacidad pacientes hospitales datos riesgo normas", score=0.95)
    other = excerpt("imágenes dermatología diagnóstico piel lesiones raras", score=0.9)
    choice = choose([best, similar, other], embedder=encoder(), k=2, per_source=9, language="en")
    assert [left.reason for left in choice.left_out] == [f"adds little beside k:{best.key}"]
    assert dict(choice.chosen[0].parts)["diversity"] == 0.0
    assert dict(choice.chosen[1].parts)["diversity"] <= 0.0


def test_what_is_pinned_comes_first_and_on_top() -> None:
    """However many are pinned, whatever their score or source, they are all chosen."""
    pins = [excerpt(text, source="p", score=0.01) for text in ("leyes europeas", "sesgos modelos", "piel oscura")]
    best = excerpt("privacidad hospitales", score=1.0)
    first = frozenset(made.key for made in pins)
    choice = choose([best, *pins], embedder=encoder(), k=2, per_source=1, first=first)
    assert {made.key for made in choice.chosen} == first


# Joining


def part(start: int, end: int, *, source: str = "a", score: float = 1.0) -> Excerpt:
    """Return a stretch of a text of the alphabet."""
    text = "abcdefghijklmnopqrstuvwxyz"[start:end]
    return Excerpt(f"{source}{start}", Source(source, ("a.txt",), "text"), text, start, end, score=score)


def touching(first: Excerpt, last: Excerpt) -> Excerpt | None:
    """Join what touches."""
    return replace(part(first.start, last.end), key=f"{first.key}+{last.key}") if first.end == last.start else None


def test_neighbours_become_one_excerpt_at_the_place_of_the_better() -> None:
    """Two that go on from one another are one; a third begins anew; another source's and a gap stay apart."""
    second, far, first, third, foreign = (
        part(5, 9, score=0.9),
        part(20, 22),
        part(0, 5),
        part(9, 12),
        part(9, 12, source="b"),
    )
    joined = join((second, far, first, third, foreign), touching)
    assert [(made.start, made.end, made.source.id) for made in joined] == [
        (0, 9, "a"), (20, 22, "a"), (9, 12, "a"), (9, 12, "b"),
    ]  # fmt: skip
    assert joined[0].score == 1.0
