"""Fusion: standard scores summed, words weighing less across languages, and an order that depends on nothing else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from rag.records import Excerpt, Source
from rag.retrieve.fuse import Asked, Hit
from rag.retrieve.fuse import fuse as fuse_all

if TYPE_CHECKING:
    from collections.abc import Sequence


def excerpt(key: str, *, language: str = "es") -> Excerpt:
    """Return an excerpt of a source of its own."""
    return Excerpt(key, Source(key, (f"{key}.txt",), "text", language=language), key, 0, 1)


def hits(*pairs: tuple[str, float], language: str = "es") -> list[Hit]:
    """Return a list as a shelf gives it."""
    return [Hit(excerpt(key, language=language), value, value) for key, value in pairs]


def fuse(dense: Sequence[Hit], lexical: Sequence[Sequence[Hit]], *, language: str) -> list[Excerpt]:
    """Fuse the lists of one wording."""
    return fuse_all([Asked(dense, lexical)], language=language)


def score(total: float) -> float:
    """Return the score that a sum of standard scores gives."""
    return round(1 / (1 + math.exp(-total / 2)), 6)


def test_a_score_is_the_sum_of_standard_scores() -> None:
    """By hand: cosines 0.9, 0.8, 0.7 have mean 0.8 and deviation 0.0816, so 1.2247, 0, -1.2247; a word list of one hit
    of 7 among 50 has mean 0.14 and deviation 0.98, so 7 and, for what it lacks, -0.142857.
    """
    found = fuse(hits(("a", 0.9), ("b", 0.8), ("c", 0.7)), [hits(("b", 7.0))], language="es")
    assert [(made.key, made.score) for made in found] == [
        ("b", score(7.0)),
        ("a", score(1.224745 - 0.142857)),
        ("c", score(-1.224745 - 0.142857)),
    ]
    assert found[0].parts == (("dense", 0.8), ("lexical", 7.0))
    assert found[1].parts == (("dense", 0.9), ("lexical", 0.0))


def test_a_list_that_tells_little_apart_counts_little() -> None:
    """Equal scores are no order: what the other list says decides."""
    flat = hits(("a", 0.5), ("b", 0.5), ("c", 0.5))
    assert [made.key for made in fuse(flat, [hits(("c", 5.0), ("b", 2.0))], language="es")] == ["c", "b", "a"]


def test_words_weigh_less_across_languages_and_meaning_more() -> None:
    """In another language a word hit counts three tenths and a cosine half as much again; where a language is unknown
    both count in full.
    """
    dense = hits(("a", 0.9), ("b", 0.8), ("c", 0.7))
    foreign = [hits(("e", 7.0), language="en")]
    (weak,) = [made.score for made in fuse(dense, foreign, language="es") if made.key == "e"]
    assert weak == score(1.5 * -1.224745 + 0.3 * 7.0)
    for language in ("", "en"):
        (full,) = [made.score for made in fuse(dense, foreign, language=language) if made.key == "e"]
        assert full == score(-1.224745 + 7.0)


def test_word_lists_of_two_shelves_stay_apart() -> None:
    """BM25 of two shelves do not compare: each list's only hit is as good, and the better counts where both have it."""
    one, two = hits(("a", 90.0)), hits(("b", 1.0), ("a", 0.5))
    found = {made.key: made for made in fuse((), [one, hits(("b", 1.0))], language="es")}
    assert found["a"].score == found["b"].score
    both = {made.key: made for made in fuse((), [one, two], language="es")}
    assert dict(both["a"].parts)["lexical"] == 90.0


def test_several_wordings_count_by_their_mean() -> None:
    """What is good for both comes before what is best for one; the parts are the best of any."""
    one, other = hits(("a", 0.9), ("b", 0.88), ("c", 0.2)), hits(("c", 0.9), ("b", 0.88), ("a", 0.2))
    found = fuse_all([Asked(one, []), Asked(other, [])], language="es")
    assert found[0].key == "b"
    assert dict(next(made for made in found if made.key == "c").parts)["dense"] == 0.9


def test_nothing_fuses_to_nothing() -> None:
    """Empty lists are no error, and one hit alone is worth the middle."""
    assert fuse((), (), language="") == []
    assert [made.score for made in fuse(hits(("a", 0.9)), [[]], language="es")] == [0.5]


LISTS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.floats(-5, 50, allow_nan=False)), max_size=8, unique_by=lambda hit: hit[0]
)


@given(LISTS, LISTS)
def test_the_order_depends_on_scores_alone(dense: list[tuple[str, float]], words: list[tuple[str, float]]) -> None:
    """For any lists: each excerpt once, scores between 0 and 1 and falling, whatever order the lists come in."""
    found = fuse(hits(*dense), [hits(*words)], language="es")
    assert sorted(made.key for made in found) == sorted({key for key, _ in (*dense, *words)})
    assert all(0 <= made.score <= 1 for made in found)
    assert [made.score for made in found] == sorted((made.score for made in found), reverse=True)
    again = fuse(hits(*reversed(dense)), [hits(*reversed(words))], language="es")
    assert [made.key for made in again] == [made.key for made in found]
