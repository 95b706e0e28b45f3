"""Claims about batches."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.e5.bulk import TOKENS_PER_BATCH, batches


@given(lengths=st.lists(st.integers(3, 512), max_size=60))
@settings(deadline=None, max_examples=100)
def test_every_text_is_in_one_batch_and_no_batch_is_too_large(lengths: list[int]) -> None:
    """Each place comes once; padded to its longest, a batch keeps to its tokens; batches go from short to long."""
    made = list(batches(lengths))
    assert sorted(place for batch in made for place in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[place] for place in batch) <= TOKENS_PER_BATCH for batch in made)
    flat = [lengths[place] for batch in made for place in batch]
    assert flat == sorted(flat)


def test_a_text_longer_than_a_batch_goes_alone() -> None:
    """No text is left out for its length."""
    assert list(batches([TOKENS_PER_BATCH + 1, 5, TOKENS_PER_BATCH + 2])) == [[1], [0], [2]]
