"""What writing a brief with a chat model will ask for and cost. Brief, Evidence → Cost.

It asks nothing; tokens are estimated from letters, from above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.outline import author_words
from rag.prompt import prompt_tokens, section_prompt
from rag.prompt import reply_tokens as expected_reply
from rag.records import Cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import Brief, Evidence

TOO_FEW_WORDS = 8
"""Words left after the author's text below which a heading is full: no sentence fits."""


def expected_cost(
    brief: Brief, evidence: Sequence[Evidence], *, window: int, reply_tokens: int, prices: tuple[float, float]
) -> Cost:
    """Foresee the calls and tokens of writing a brief, each section asked for once and nothing mended; an estimate
    from above.

    `prices` are dollars for a million tokens sent and received, 0 where they are not known.
    """
    sent = received = calls = 0
    for row, one in enumerate(evidence):
        words = words_left(one)
        if one.excerpts and words >= TOO_FEW_WORDS:
            written = [
                excerpt.text for earlier in evidence[:row] for excerpt in earlier.excerpts
            ]  # stands for the sections
            prompt = section_prompt(brief, one, earlier=written, words=words, room=window - reply_tokens)
            calls, sent, received = calls + 1, sent + prompt_tokens(prompt), received + expected_reply(words)
    return Cost(calls, sent, received, price(sent, received, prices))


def price(sent: int, received: int, prices: tuple[float, float]) -> float | None:
    """Return dollars for tokens sent and received; None where prices are not known."""
    return round((sent * prices[0] + received * prices[1]) / 1e6, 6) if any(prices) else None


def words_left(evidence: Evidence) -> int:
    """Return how many words are to be written: the heading's less the author's, and no more than evidence carries."""
    left = evidence.heading.words - author_words(evidence.heading)
    return min(left, evidence.supportable_words or left)
