"""What a chat model as judge promises: data stays data, and an answer that cannot be read decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.referee import ChatJudge, prompt, read_answer

if TYPE_CHECKING:
    from rag.records import Verdict
    from rag.verify.support import Support

SENTENCE = "Los datos sintéticos protegen la privacidad."


def judged(*replies: str, language: str = "es") -> Support:
    """Judge a sentence with as many sources as the replies are for: one for one, else all and then each."""
    queue = list(replies)
    sources = [f"Fuente {number}." for number in range(max(len(replies) - 1, 1))]
    judge = ChatJudge(lambda asked: queue.pop(0) if SENTENCE in asked else "")
    return judge.judge(SENTENCE, sources, language=language, evidence_languages=["es"] * len(sources))


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        pytest.param("SOSTIENE", "supported", id="es supports"),
        pytest.param("**Supports.**", "supported", id="en supports"),
        pytest.param("Parcial: falta la cifra", "partly", id="es partly"),
        pytest.param("partly", "partly", id="en partly"),
        pytest.param("Las fuentes contradicen la frase.", "unsupported", id="es contradicts"),
        pytest.param("CONTRADICTS", "unsupported", id="en contradicts"),
        pytest.param("NADA", "unsupported", id="es nothing"),
        pytest.param("They say nothing on it.", "unsupported", id="en nothing"),
        pytest.param("", "unclear", id="empty"),
        pytest.param("42", "unclear", id="something else"),
        pytest.param("SUPPORTS or CONTRADICTS", "unclear", id="two answers"),
        pytest.param("The source does not support it", "unclear", id="a denial"),
        pytest.param("no sostiene", "unclear", id="una negación"),
    ],
)
def test_answers_are_read_in_both_languages(reply: str, verdict: Verdict) -> None:
    """One of four answers in the first line; several, none or a denial of one is unclear."""
    assert judged(reply).verdict == verdict


def test_each_citation_is_asked_for() -> None:
    """With several citations the model is asked for all, then each: one that says nothing is of no use."""
    said = judged("SUPPORTS", "NOTHING", "SUPPORTS", language="en")
    assert (said.probability, said.each, said.useful) == (1.0, (0.0, 1.0), (False, True))
    both = judged("SUPPORTS", "PARTLY", "PARTLY")
    assert both.useful == (True, True)


def test_the_reason_is_in_the_readers_language() -> None:
    """Short, in Spanish or English, also where nothing could be read."""
    assert "dice lo contrario" in judged("CONTRADICE").reason
    assert "says the opposite" in judged("CONTRADICTS", language="en").reason
    assert "legible" in judged("?").reason


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_source_closes_the_fence(sentence: str, source: str) -> None:
    """Whatever a source holds, the fence around it is not in it."""
    asked = prompt(sentence, [source], language="es")
    fence = asked.split("<<<")[1].split(" ")[0]
    assert fence not in sentence + source
    assert asked.count(f"<<<{fence}\n") == 2


@given(st.text())
def test_any_reply_is_read(reply: str) -> None:
    """Nothing a model says breaks the run."""
    assert read_answer(reply) in {None, "supports", "partly", "contradicts", "nothing"}
