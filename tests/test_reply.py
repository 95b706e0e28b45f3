"""Replies of chat models: what is read out of them, and what never is."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.errors import BadReply
from rag.reply import read_reply

KEYS = ("abc234", "def567", "sanida")
ONE = {"text": "La privacidad importa.", "keys": ["abc234"]}
TWO = {"text": "El método también.", "keys": ["def567"]}
BOTH = [("La privacidad importa.", ["abc234"]), ("El método también.", ["def567"])]


def read(reply: str, language: str = "es") -> list[tuple[str, list[str]]]:
    """Return each sentence with its keys."""
    sentences = read_reply(reply, keys=KEYS, language=language)
    return [(sentence.text, [citation.key for citation in sentence.citations]) for sentence in sentences]


WHOLE = json.dumps({"sentences": [ONE, TWO]}, ensure_ascii=False)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(WHOLE, id="as asked"),
        pytest.param(json.dumps([ONE, TWO]), id="a bare list"),
        pytest.param(json.dumps({"result": {"sentences": [ONE, TWO]}}), id="wrapped"),
        pytest.param(f"```json\n{WHOLE}\n```", id="fenced"),
        pytest.param(f"Claro, aquí tienes el JSON:\n\n{WHOLE}\n\nEspero que ayude.", id="inside prose"),
        pytest.param(f"{WHOLE[:-2]}, {{'text': 'Y una terc", id="cut short"),
        pytest.param(f"{json.dumps(ONE)}\n{json.dumps(TWO)}", id="one a line"),
        pytest.param(WHOLE.replace(" ", "\n"), id="line ends inside strings"),
        pytest.param("La privacidad importa [k:abc234]. El método también [k:def567].", id="before the stop"),
        pytest.param("La privacidad importa. [k:abc234] El método también. [k:def567]", id="after the stop"),
        pytest.param("La privacidad importa [abc234]. El método también (def567).", id="without k:"),
        pytest.param("La privacidad importa (K:ABC234). El método también (`k:def567`).", id="capitals, code marks"),
        pytest.param("La privacidad importa k:abc234. El método también, k:def567.", id="bare"),
        pytest.param("- [k:abc234] La privacidad importa.\n- [k:def567] El método también.", id="bullets, key first"),
        pytest.param("1. La privacidad importa. [k:abc234]\n2. El método también. [k:def567]", id="numbered"),
        pytest.param(
            "# Desafíos\n\nLa **privacidad** importa [k:abc234].\n\n**Método**\n\nEl _método_ también [k:def567].",
            id="headings, emphasis",
        ),
        pytest.param("**La privacidad importa [k:abc234].**\n\n**El método también** [k:def567].", id="all bold"),
        pytest.param(
            "Sure! Here is the section:\n\nLa privacidad importa [k:abc234] [1]. El método también [2, 3][k:def567].\n"
            "\n## Referencias\n[1] Un título k:abc234\n[2] Otro k:def567",
            id="numbers and a list of references",
        ),
        pytest.param(
            "La privacidad importa [fuente: k:abc234]. El [método](https://a.b/c) también (ver k:def567).", id="links"
        ),
        pytest.param(f"<think>¿Qué digo? [k:zzz222] Nada.</think>{WHOLE}", id="thought"),
        pytest.param(f"<think>Uno <think>dos.</think> tres [k:zzz222].</think>\n{WHOLE}", id="thought in thought"),
        pytest.param(f"Pienso que [k:zzz222] no.\n</think>\n\n{WHOLE}", id="thought opened by the prompt"),
        pytest.param(f"Thinking...\nPienso [k:zzz222].\n...done thinking.\n\n{WHOLE}", id="thought as in a terminal"),
        pytest.param(f"{WHOLE}\n<think>¿Está bien? [k:zzz222].", id="a thought never ended"),
    ],
)
def test_the_same_two_sentences_are_read_from_every_form(reply: str) -> None:
    """However a model dresses the reply, its sentences and the keys of each are the same."""
    assert [(" ".join(text.split()), keys) for text, keys in read(reply)] == BOTH


def test_several_keys_in_one_bracket_or_sentence_are_all_kept_once() -> None:
    """Keys of one sentence come in their order, each once."""
    assert read("Uno dos [k:abc234, def567; k:abc234] y tres [k:sanida].") == [("Uno dos y tres.", list(KEYS))]


def test_a_word_in_brackets_is_no_key() -> None:
    """Brackets that hold words, years or names of models stay text; a word that is a key shown is one."""
    text = "La sanidad (pública), el modelo (llama3), [sic] y el año (2023) importan"
    assert read(f"{text} [k:abc234].") == [(f"{text}.", ["abc234"])]
    assert read("Importa (sanida).") == [("Importa.", ["sanida"])]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Conclusión: los datos ayudan a los hospitales.", "Los datos ayudan a los hospitales."),
        ("Resumen y conclusiones: queda mucho por medir.", "Queda mucho por medir."),
        ("Dos riesgos persisten: la fuga y el sesgo.", "Dos riesgos persisten: la fuga y el sesgo."),
        ("Queda una cosa sin su punto", "Queda una cosa sin su punto."),
        ("Un texto dice «así es»", "Un texto dice «así es»."),
    ],
)
def test_a_sentence_has_its_full_stop_and_no_label(said: str, read: str) -> None:
    """What frames a text ("Conclusión:") is the heading's; a sentence's own colon stays."""
    reply = json.dumps({"sentences": [{"text": said, "keys": ["abc234"]}]})
    (sentence,) = read_reply(reply, keys=["abc234"], language="es")
    assert sentence.text == read


def test_unknown_keys_pass() -> None:
    """A key that no excerpt has is passed on, in JSON and in prose, for verification to report."""
    assert read('{"sentences": [{"text": "Uno.", "keys": ["k:ZZZ999", "mal"]}]}') == [("Uno.", ["zzz999", "mal"])]
    assert read("Uno dos [k:zzz999] y [xyz222].") == [("Uno dos y.", ["zzz999", "xyz222"])]


def test_an_object_of_several_sentences_is_split_with_its_keys() -> None:
    """Each sentence of one object rests on the object's keys and on those in its own words; quotes stay."""
    item = {"text": "Según el Dr. Pérez, uno. Tres cuatro [k:def567].", "keys": "abc234", "quote": "uno"}
    first, second = read_reply(json.dumps([item]), keys=KEYS, language="es")
    assert (first.text, second.text) == ("Según el Dr. Pérez, uno.", "Tres cuatro.")
    assert [(c.key, c.quote) for c in first.citations] == [("abc234", "uno")]
    assert [(c.key, c.quote) for c in second.citations] == [("abc234", "uno"), ("def567", "")]


def test_a_hinge_without_keys_is_kept_and_chatter_is_not() -> None:
    """A sentence that cites nothing stays beside others that do, unless it speaks to whoever asked."""
    reply = "A ello se suma otro problema. La privacidad importa [k:abc234]. Espero que te sirva."
    assert read(reply) == [("A ello se suma otro problema.", []), ("La privacidad importa.", ["abc234"])]


def test_nothing_to_say_is_a_reply() -> None:
    """An empty list of sentences is silence, not a fault."""
    assert read('{"sentences": []}') == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("", "ninguna frase"),
        ("…", "ninguna frase"),
        ("<think>La privacidad importa [k:abc234].", "ninguna frase"),
        ("# Desafíos", "ninguna frase"),
        ('{"sentences": [{"text": "La priv', "JSON"),
        ('{"respuesta": "La privacidad importa."}', "JSON"),
        ('["La privacidad importa [k:abc234]."]', "JSON"),
        ('{"sentences": [{"frase": "La privacidad."}]}', "ninguna frase"),
        ("La privacidad importa. El método también.", "ninguna frase cita"),
        ('{"sentences": [{"text": "La privacidad importa.", "keys": []}]}', "ninguna frase cita"),
        ("Lo siento, no puedo ayudarte con eso.", "se niega"),
        ("I’m sorry, but I can't help with that.", "se niega"),
        ("As an AI language model, I cannot write this.", "se niega"),
        ('{"sentences": [{"text": "I cannot assist with that request.", "keys": []}]}', "se niega"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept(reply: str, said: str) -> None:
    """A refusal, a reply without sentences or keys, or cut in its first sentence: why, with the reply as it was."""
    with pytest.raises(BadReply, match=said) as caught:
        read(reply)
    assert caught.value.reply == reply


FRAGMENTS = st.sampled_from(
    [
        *("La privacidad importa", ". ", "\n", "\n\n", " ", ",", "¿", "…", "secretamente", "\u0000", "\ud800"),
        *("[k:abc234]", "(def567)", "`k:abc234`", "k:def567", "k:", "[1]", "[^2]", "[2-4]", "[", "]", "(", ")", "`"),
        *("<think>", "</think>", "Thinking...", "Aquí tienes el texto:", "Lo siento", "https://a.b/c", "<b>", "</b>"),
        *("# Título\n", "### ", "**", "_", "*", "- ", "1. "),
        *('{"sentences": [', '{"text": "', '", "keys": ["abc234"]}', "]}", "{", "}", '"', "\\"),
    ]
)
UNWANTED = re.compile(
    r"\[\^?\d+\]|\[k:\w{4,}\]|`k:\w{4,}`|\bk:[0-9a-z]{4,}\b|^#{1,6}\s|</?think>|\n|https?://\w", re.IGNORECASE
)


def check(reply: str) -> None:
    """Read any reply: sentences without anything that is not text, or `BadReply`."""
    with suppress(BadReply):
        for sentence in read_reply(reply, keys=KEYS, language="es"):
            assert not UNWANTED.search(sentence.text), sentence
            assert re.search(r"\w", sentence.text)
            assert len({citation.key for citation in sentence.citations}) == len(sentence.citations)


@settings(deadline=None, max_examples=100)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
@example("[[1]1] La [k:ab[1]c234] privacidad [k:abc234].")
@example("<th<think>ink>La privacidad importa [k:abc234].")
@example("# # La privacidad importa [k:abc234].")
@example("(La privacidad importa[k:abc234])[k:abc234]")
def test_any_mixture_of_what_models_write_is_read_or_refused(reply: str) -> None:
    """Markup, markers, thinking and broken JSON in any order never get through, and never raise anything else."""
    check(reply)


@pytest.mark.parametrize(
    "loop", ["\n", "[", "[1,", '{"a": ', "**\n", "- ", "*a ", "<think>", "(k:abc234 ", "La [k:abc234]. "]
)
def test_a_model_caught_in_a_loop_costs_no_time(loop: str) -> None:
    """Ten thousand characters of the same do not hang the parser: the bound is far above what any machine needs."""
    begun = time.perf_counter()
    check(loop * (10_000 // len(loop)))
    assert time.perf_counter() - begun < 30


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(reply: str) -> None:
    """No text raises anything but `BadReply`."""
    check(reply)
    check(json.dumps([{"text": reply, "keys": ["abc234"]}]))
    check(f"{reply} [k:abc234].")


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["sentences", "text", "keys", "quote"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    """JSON of any shape under the names asked for raises nothing but `BadReply`."""
    check(json.dumps(value))
