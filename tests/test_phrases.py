"""Key phrases: what may be one, how it is written, in what order, and how rarity weighs."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.plan.phrases import Background, background_of, key_phrases, own_phrases

DATA = os.environ.get("RAG_TEST_DATA")

SPANISH = (
    "Los datos sintéticos pueden proteger la privacidad de los pacientes. El hospital genera datos sintéticos.",
    "La protección de datos exige cautela. Los datos sintéticos permiten entrenar un modelo de lenguaje grande.",
    "En este estudio, los resultados muestran que la protección de datos depende del modelo de lenguaje grande.",
)
ENGLISH = (
    "Synthetic data can protect the privacy of patients. The hospital generates synthetic data for its research.",
    "The quality of care depends on training data. Results show that synthetic data preserves the quality of care.",
    "We use the MIMIC-III database. The MIMIC-III database was released by MIT for research on the quality of care.",
)
LANGUAGES = st.sampled_from(("es", "en", "fr", ""))
TEXTS = st.lists(
    st.text(max_size=80) | st.sampled_from((*SPANISH, *ENGLISH, 'site:evil.org "x" -datos OR datos', "a\x00b\nc")),
    max_size=5,
)


def test_a_phrase_is_a_noun_with_what_belongs_to_it() -> None:
    """No half phrase, no verb at an end, and "de" stays inside."""
    phrases = key_phrases(SPANISH, language="es")
    assert phrases[:3] == ("modelo de lenguaje grande", "datos sintéticos", "protección de datos")
    assert not any(re.search("pueden|permiten|genera|muestran|depende|exige", phrase) for phrase in phrases)


def test_english_keeps_of_inside_and_names_as_they_are() -> None:
    """Capitals of names and acronyms stay, those of a sentence's beginning do not."""
    phrases = key_phrases(ENGLISH, language="en")
    assert {"synthetic data", "quality of care", "MIMIC-III database"} <= {*phrases}
    assert "Synthetic data" not in phrases


def test_words_of_any_study_are_no_phrase() -> None:
    """What stands in every paper names none."""
    assert key_phrases(["Los resultados de este estudio. Los resultados de este estudio."], language="es") == ()
    assert key_phrases(["The results of this paper. The results of this paper."], language="en") == ()


def test_a_phrase_is_written_as_it_is_most_often() -> None:
    """Singular and plural are one phrase."""
    text = "El dato sintético sirve. Los datos sintéticos sirven. Con datos sintéticos se investiga."
    assert key_phrases([text], language="es", most=1) == ("datos sintéticos",)


def test_a_part_of_a_phrase_counts_for_what_it_is_alone() -> None:
    """Nobody says "lenguaje grande" without "modelo"; what says "datos" alone is held by longer phrases."""
    phrases = key_phrases(SPANISH, language="es", most=50)
    assert "lenguaje grande" not in phrases
    assert "datos" not in phrases


def test_what_is_seen_once_is_believed_only_when_short() -> None:
    """Two words that close a sentence are a phrase; four that met once are not."""
    phrases = key_phrases(
        ["El hospital hizo en marzo una evaluación clínica. Sirve un registro nacional oncológico público."],
        language="es",
    )
    assert "evaluación clínica" in phrases
    assert not any(len(phrase.split()) > 2 for phrase in phrases)


def test_addresses_operators_and_authors_are_no_phrases() -> None:
    """Neither what names a place of work, nor what a search engine obeys, nor who wrote it."""
    text = (
        "The University of Liverpool and the University of Liverpool helped. Write to ana@uni.es or www.uni.es. "
        "The Sarmin attack works. The Sarmin attack OR the inference attack works. An inference attack works."
    )
    phrases = key_phrases([text, text], language="en", most=50, without=["Sarmin, T."])
    assert phrases
    assert not re.search(r"university|uni|sarmin|\bor\b|@", " ".join(phrases), re.IGNORECASE)


def test_rarity_puts_first_what_the_corpus_at_large_has_not() -> None:
    """Without a background the frequent phrase leads, with one the telling one."""
    texts = ["Synthetic data and differential privacy. Synthetic data. Differential privacy. Synthetic data."]
    assert key_phrases(texts, language="en")[0] == "synthetic data"
    large = background_of(["synthetic data"] * 99 + texts, language="en")
    assert key_phrases(texts, language="en", background=large)[0] == "differential privacy"


def test_rarity_is_one_where_nothing_is_known() -> None:
    """An unseen stem counts as held by one text."""
    assert Background().rarity("x") == 1
    assert Background(3, {"x": 3}).rarity("x") == 1
    assert Background(3, {}).rarity("x") == 2


def test_least_asks_for_several_texts() -> None:
    """What one text repeats is not what several share."""
    assert key_phrases([ENGLISH[2]], language="en", least=2) == ()
    assert "quality of care" in key_phrases(ENGLISH, language="en", least=2)


def test_other_languages_have_none() -> None:
    """Without its function words no language can be cut into phrases."""
    assert key_phrases(["La protection des données est un droit."], language="fr") == ()
    assert own_phrases("La protection des données", language="fr") == ()


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Impacto de los datos sintéticos en la salud", "es", ("datos sintéticos", "salud")),
        ("Desafíos éticos y técnicos", "es", ("desafíos éticos y técnicos",)),
        ("Conclusión", "es", ()),
        ("Impact of synthetic data on health care", "en", ("synthetic data", "health care")),
        ("Regulation of AI in the EU", "en", ("regulation of AI", "EU")),
        ('site:x.org "privacy" -risk', "en", ("privacy", "risk")),
    ],
)
def test_a_title_has_phrases_of_its_own(title: str, language: str, expected: tuple[str, ...]) -> None:
    """Each as long as it goes, without what says only how it is looked at."""
    assert own_phrases(title, language=language) == expected


@given(TEXTS, LANGUAGES, st.integers(0, 8))
@settings(deadline=None, max_examples=60)
def test_phrases_are_few_clean_and_independent_of_order(texts: list[str], language: str, most: int) -> None:
    """Whatever the texts: no more than asked for, no mark but inner hyphens and apostrophes, no operator."""
    phrases = key_phrases(texts, language=language, most=most)
    assert phrases == key_phrases(texts[::-1], language=language, most=most)
    assert len(phrases) == len({*phrases}) <= most
    for phrase in phrases:
        assert all(word.isalnum() for word in re.split(r"[ \-’']", phrase)), phrase
        assert not {"OR", "AND", "NOT"} & {*phrase.split()}


@pytest.mark.data
@pytest.mark.skipif(not DATA, reason="needs RAG_TEST_DATA")
def test_clinical_cases_of_a_specialty_are_told_by_their_phrases() -> None:
    """No phrase ends on a function word or a verb of the closed lists, in some hundred real texts."""
    lines = (Path(DATA or "") / "casimedicos" / "casimedicos.jsonl").read_text(encoding="utf-8").splitlines()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in map(json.loads, lines):
        groups[row["lang"], row["specialty"]].append(row["case"] + "\n\n" + row["explanation"])
    ends = re.compile(r"\b(?:de|la|el|que|puede|es|muestra|of|the|can|is|shows|and)$")
    for (language, _), texts in sorted(groups.items())[:6]:
        phrases = key_phrases(texts, language=language)
        assert phrases
        assert not any(map(ends.search, phrases))
