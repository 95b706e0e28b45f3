"""The language of a text, its sentences and its words."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language import (
    content_words,
    count_words,
    detect,
    detect_ours,
    fold,
    say,
    sentence_spans,
    spanish_or_english,
    stems,
)

PROSE = st.text(alphabet=st.sampled_from("aA éÑ1.?!…,;:()«»“”'\"[]-*\n\t  \u00a0\u2028😀"), max_size=120)
ANYTHING = st.one_of(PROSE, st.text(max_size=120), st.text(alphabet=st.characters(), max_size=40))
LANGUAGE = st.sampled_from(["es", "en", "fr", "pt", "de", "it", "", "zz"])


def sentences(text: str, language: str = "es") -> list[str]:
    """Return the sentences themselves."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


def test_say_speaks_spanish_to_spanish_and_english_to_all_others() -> None:
    """A language that is not Spanish, known or not, gets the English wording."""
    assert [say(language, es="sí", en="yes") for language in ("es", "en", "fr", "")] == ["sí", "yes", "yes", "yes"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Impacto de los datos sintéticos en la salud", "es"),
        ("Desafíos éticos y técnicos", "es"),
        ("Impact of synthetic data on health", "en"),
        ("L'impact des données synthétiques sur la santé", "fr"),
        ("Os dados sintéticos em saúde são úteis", "pt"),
        ("Die Gesundheit der Bevölkerung ist wichtig", "de"),
        ("I dati sintetici nella sanità italiana", "it"),
        ("LOS DATOS SINTÉTICOS SON CADA VEZ MÁS IMPORTANTES", "es"),
    ],
)
def test_a_sentence_has_its_language(text: str, language: str) -> None:
    """A title of four words or more is enough to tell the six languages apart."""
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", " \n", "12 34 56 78 90", "datos", "Conclusión", "GPT-4", "日本語 テキスト です 四つ" * 9]
)
def test_what_cannot_be_told_has_no_language(text: str) -> None:
    """Without enough words, without words, or in another script, the answer is empty, not a guess."""
    assert detect(text) == ""


def test_few_words_have_a_language_only_when_unmistakable() -> None:
    """Two words that are Spanish only are Spanish; two that are Portuguese as well are nothing."""
    assert (detect("Buenos días"), detect("datos de salud")) == ("es", "")


@pytest.mark.parametrize(
    "sentence",
    [
        "El Dr. Pérez, la Dra. Ruiz y los Sres. García fueron.",
        "Esto vale, p. ej. en EE. UU. y en la UE.",
        "Según García et al. (2023) los datos sirven.",
        "López y cols. describen lo mismo.",
        "Pesa aprox. 30 kg, cf. Ruiz.",
        "Véanse la fig. 3, la pág. 4 y los arts. 5 y 6 de la ley.",
        "El vol. II cuesta 1.000 euros y sube un 3.5 %.",
        "1. Primero vienen los datos.",
        "Trata de una línea\nque sigue en otra.",
        "Tres puntos... y sigue.",
        "El modelo funciona [3].",
        "«Hola. Adiós», dijo.",
    ],
)
def test_what_is_one_sentence_stays_one(sentence: str) -> None:
    """Abbreviations, numbers, initials and line breaks do not end a sentence."""
    assert sentences(f"Antes hay otra. {sentence} Después viene más.") == [
        "Antes hay otra.",
        sentence,
        "Después viene más.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nació en 2023. Murió.", ["Nació en 2023.", "Murió."]),
        ("Tardó 30 ms. Después paró.", ["Tardó 30 ms.", "Después paró."]),
        ("¿Funciona? ¡Sí! Claro.", ["¿Funciona?", "¡Sí!", "Claro."]),
        ("Es así (véase aquí). «Otra cosa.»", ["Es así (véase aquí).", "«Otra cosa.»"]),
        ("Y esto. «Abre y no cierra. Otra.", ["Y esto.", "«Abre y no cierra.", "Otra."]),
        ("Un título\n\nUn párrafo", ["Un título", "Un párrafo"]),
        ("según et al.\n \nnuevo párrafo", ["según et al.", "nuevo párrafo"]),
        ("Una lista:\n- uno\n- dos", ["Una lista:", "- uno", "- dos"]),
        ("Fin. * * *", ["Fin. * * *"]),
        ("Uno.\n\n***\n\nDos.", ["Uno.", "***", "Dos."]),
        ("  Uno.\r\n\r\nDos.  ", ["Uno.", "Dos."]),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    """Marks, blank lines and list items part sentences; a piece without letters goes with the one before."""
    assert sentences(text) == expected


def test_english_sentences() -> None:
    """English abbreviations hold a sentence together as the Spanish ones do."""
    text = "Smith et al. (2020) saw it in E. coli. See Fig. 3 and cf. Jones. Is it no. 5? No. It was."
    assert sentences(text, "en") == [
        "Smith et al. (2020) saw it in E. coli.",
        "See Fig. 3 and cf. Jones.",
        "Is it no. 5?",
        "No.",
        "It was.",
    ]


@settings(deadline=None, max_examples=100)
@given(text=ANYTHING, language=LANGUAGE)
def test_sentence_spans_cover_a_text_in_order(text: str, language: str) -> None:
    """For any text the spans are ordered, disjoint, in bounds, without outer space, and leave out nothing but space."""
    spans = sentence_spans(text, language)
    edges = [0, *(offset for span in spans for offset in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@settings(deadline=None, max_examples=50)
@given(first=PROSE, second=PROSE)
def test_a_blank_line_always_parts_sentences(first: str, second: str) -> None:
    """No sentence reaches over a blank line, whatever stands on both sides."""
    text = f"{first}x\n \nx{second}"
    assert all(not start <= len(first) + 1 < end for start, end in sentence_spans(text, "es"))


def test_fold_takes_case_and_accents() -> None:
    """Ñ becomes n, ligatures and full-width characters become plain."""
    assert fold("ÑANDÚ Übergröße ﬁn ８") == "nandu ubergroße fin 8"


@settings(deadline=None, max_examples=100)
@given(text=st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own folded form."""
    assert fold(fold(text)) == fold(text)


def test_words_are_pieces_with_a_letter_or_a_digit() -> None:
    """Dashes and lone marks are no words; "GPT-4" and "(sí)," are one each."""
    assert count_words("El GPT-4 — (sí), 3,5 % ¡! de\n\tlo ... dicho") == 7
    assert count_words("") == 0


def test_content_words_leave_out_function_words_of_their_language_only() -> None:
    """Each language has its own function words; numbers stay whole; order and repetitions are kept."""
    text = "La generación de los datos y los datos: 3,5 % en 7 casos"
    assert content_words(text, "es") == ("generacion", "datos", "datos", "3,5", "7", "casos")
    assert "la" in content_words(text, "en")
    assert content_words("The data of the clinics", "en") == ("data", "clinics")
    assert content_words("The data of a clinic", "") == ("the", "data", "of", "clinic")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("es", "generación sintética", "GENERACIONES SINTÉTICAS"),
        ("es", "clínica", "clinicas"),
        ("en", "generated models", "generating model"),
        ("fr", "données cliniques", "donnée clinique"),
        ("pt", "pacientes", "paciente"),
        ("de", "Krankheiten", "Krankheit"),
        ("it", "pazienti", "paziente"),
    ],
)
def test_forms_of_one_word_share_a_stem(language: str, one: str, other: str) -> None:
    """Number, case and accents do not change a stem."""
    assert stems(one, language) == stems(other, language)


def test_different_words_have_different_stems() -> None:
    """Stemming does not make everything alike."""
    assert len(set(stems("privacidad paciente modelo hospital", "es"))) == 4


@settings(deadline=None, max_examples=100)
@given(text=ANYTHING, language=LANGUAGE)
def test_words_and_stems_go_together(text: str, language: str) -> None:
    """There is a folded stem for each content word; in an unknown language it is the word."""
    words, roots = content_words(text, language), stems(text, language)
    assert len(words) == len(roots)
    assert all(fold(word) == word and not any(map(str.isspace, word)) for word in words + roots)
    if language == "zz":
        assert words == roots


def test_importing_it_loads_no_library() -> None:
    """The splitter, the identifier and the stemmers are loaded when first used."""
    heavy = "{'sentencex', 'py3langid', 'snowballstemmer', 'numpy'}"
    code = f"import sys, rag.language, rag.dates; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_row_is_one_sentence() -> None:
    """What stands in the cells of a table, or in a comment of code, is never taken for prose of its own."""
    text = "Una frase. Otra.\n\n| # Lee los datos. Luego cuenta.\n\nFin."
    spans = [text[start:end] for start, end in sentence_spans(text, "es")]
    assert spans == ["Una frase.", "Otra.", "| # Lee los datos. Luego cuenta.", "Fin."]


@pytest.mark.parametrize(
    ("topic", "language"),
    [("Datos abiertos", "es"), ("Salud mental", "es"), ("Open data", "en"), ("Mental health", "en")],
)
def test_a_topic_of_two_words_is_given_a_language(topic: str, language: str) -> None:
    """What is too short to be sure of is still written in one of two languages."""
    assert spanish_or_english(topic) == language


@pytest.mark.parametrize(
    ("topic", "language"),
    [
        ("Análisis de redes históricas", "es"),
        ("Análise de redes históricas", "pt"),
        ("Dados sintéticos em saúde pública", "pt"),
        ("Confidentialité des données de santé", "fr"),
        ("Digital editions and text encoding", "en"),
    ],
)
def test_a_topic_that_could_be_spanish_is(topic: str, language: str) -> None:
    """Where Portuguese is only a little likelier by the letters; plain Portuguese and French stay what they are."""
    assert detect_ours(topic) == language
