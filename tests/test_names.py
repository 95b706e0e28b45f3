"""Claims about names: told by their form, known again in their other forms, and asked for only where that is fair."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.facts.names import missing_names, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Según la OMS, el modelo GPT-4 gustó a Ana.", ["OMS", "GPT-4", "Ana"]),
        ("The CTGAN and TVAE models learn from COVID-19 records.", ["CTGAN", "TVAE", "COVID-19"]),
        ("Patients improved. Others did not: Some left.", []),
        ("On Monday, 5 March, the first 12 km were run.", []),
        ("En el siglo XIX se midió en kHz y en mL.", []),
        ("Deep Learning For Synthetic Medical Records In Practice", []),
        ("iPSC-derived neurons express ApoE4.", ["iPSC", "ApoE4"]),
    ],
)
def test_names_are_told_by_their_form(text: str, found: list[str]) -> None:
    """Acronyms, codes and inner capitals are names; first words, months, units, numerals and headings are not."""
    assert [name.text for name in names(text)] == found


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The LLMs of OpenAI's team", "an LLM by OpenAI"),
        ("Las normas de la OMS cambian", "La Organización Mundial de la Salud las cambia"),
        ("Rules of the World Health Organization change", "the WHO changed them"),
        ("They tested COVID19 and GPT4", "tests of COVID-19 and GPT-4"),
        ("Hospitales de España lo usan", "los hospitales españoles lo usan"),
        ("Trials with magnetic resonance imaging (MRI) grow", "magnetic resonance imaging in trials"),
        ("In the QA task", "the TriviaQA task"),
        ("The patients of Ramírez improved", "Ramirez treated patients"),
        ("In the US it fell", "it fell in the United States"),
    ],
)
def test_a_name_is_known_again_in_its_other_forms(sentence: str, evidence: str) -> None:
    """Plurals, accents, hyphens, spelt-out and shortened forms, peoples and parts of a name are the name."""
    assert missing_names(sentence, (evidence,), same_language=True) == ()


@pytest.mark.parametrize(
    ("sentence", "evidence", "missing"),
    [
        ("The model GPT-5 won", "The model GPT-4 won", "GPT-5"),
        ("They used CTGAN twice", "They used TVAE twice", "CTGAN"),
        ("Según Martínez, mejora", "Según Gutiérrez, mejora", "Martínez"),
        ("It was held in Germany", "It was held in Spain", "Germany"),
    ],
)
def test_a_name_of_nowhere_is_missing(sentence: str, evidence: str, missing: str) -> None:
    """A code, an acronym, a person or a country that the evidence does not hold is named."""
    assert missing_names(sentence, (evidence,), same_language=True) == (missing,)


@pytest.mark.parametrize(
    ("sentence", "evidence", "missing"),
    [
        ("La OTAN y el Reino Unido firman", "NATO and the United Kingdom sign", ()),
        ("La enzima ECA2 y el código CIE-10", "The enzyme ACE2 and the ICD-10 code", ()),
        ("El Ministerio de Sanidad lo niega", "The Ministry of Health denies it", ()),
        ("El modelo ChatGPT lo escribe", "The model LLaMA writes it", ("ChatGPT",)),
        ("La variante BA2 crece", "The variant XE7 grows", ("BA2",)),
    ],
)
def test_across_languages_only_what_does_not_translate_is_asked_for(
    sentence: str, evidence: str, missing: tuple[str, ...]
) -> None:
    """Acronyms and places translate, codes may change their letters' order; ChatGPT stays ChatGPT."""
    assert missing_names(sentence, (evidence,), same_language=False) == missing


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_a_text_holds_its_own_names(text: str) -> None:
    """Whatever the text, none of its names is missing from it, and each stands where it says."""
    assert missing_names(text, (text,), same_language=True) == ()
    assert all(text.startswith(name.text, name.start) for name in names(text))
