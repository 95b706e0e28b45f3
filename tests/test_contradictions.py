"""Claims about denial, direction and reservation: found between sentences that say about the same, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.facts.alignment import statement
from rag.facts.contradictions import Signals, contradictions
from rag.facts.direction import swapped_comparison
from rag.facts.polarity import denies


def signals(sentence: str, evidence: str, language: str = "en", evidence_language: str = "") -> Signals:
    """Return what speaks against the sentence in the evidence."""
    return contradictions(sentence, evidence, language=language, evidence_language=evidence_language or language)


EVIDENCE = "Daily exercise reduces the risk of heart failure in older adults with diabetes. Nothing else was measured."
PRUEBA = "El ejercicio diario reduce el riesgo de insuficiencia cardiaca en adultos mayores con diabetes."


@pytest.mark.parametrize(
    ("sentence", "evidence", "language"),
    [
        ("Daily exercise does not reduce the risk of heart failure in older adults.", EVIDENCE, "en"),
        ("Daily exercise fails to reduce the risk of heart failure in older adults.", EVIDENCE, "en"),
        ("Daily exercise doesn’t reduce the risk of heart failure in older adults.", EVIDENCE, "en"),
        ("El ejercicio diario no reduce el riesgo de insuficiencia cardiaca en adultos.", PRUEBA, "es"),
        ("El ejercicio diario nunca reduce el riesgo de insuficiencia cardiaca en adultos.", PRUEBA, "es"),
        (PRUEBA, PRUEBA.replace("reduce", "no reduce"), "es"),
        (EVIDENCE, EVIDENCE.replace("reduces", "does not reduce"), "en"),
    ],
)
def test_a_denial_of_one_side_is_found(sentence: str, evidence: str, language: str) -> None:
    """A negation that the sentence alone or its source alone has is a denial."""
    assert signals(sentence.partition(". ")[0], evidence, language).negation


@pytest.mark.parametrize(
    ("sentence", "evidence", "language"),
    [
        ("Daily exercise not only reduces the risk of heart failure in older adults.", EVIDENCE, "en"),
        ("There is no doubt daily exercise reduces the risk of heart failure in adults.", EVIDENCE, "en"),
        ("Sin duda el ejercicio diario reduce el riesgo de insuficiencia cardiaca en adultos.", PRUEBA, "es"),
        ("No solo el ejercicio diario reduce el riesgo de insuficiencia cardiaca en adultos.", PRUEBA, "es"),
        ("No hay duda de que el ejercicio diario reduce el riesgo de insuficiencia cardiaca.", PRUEBA, "es"),
        ("Daily exercise without supervision lowers costs for hospitals and insurers.", EVIDENCE, "en"),
        ("El ejercicio no está libre de críticas entre los especialistas europeos.", PRUEBA, "es"),
        ("The drug is never without side effects in older adults.", "The drug has side effects in older adults.", "en"),
        ("Nunca se vio ningún caso entre adultos sanos.", "No se vio caso alguno entre adultos sanos.", "es"),
        ("Cases lack symptoms in healthy young adults.", "Cases show no symptoms in healthy young adults.", "en"),
    ],
)
def test_what_is_no_denial_is_not_found(sentence: str, evidence: str, language: str) -> None:
    """Not only, sin duda, a double negation, another subject and the same denial in other words are none."""
    assert not signals(sentence, evidence, language).negation


@pytest.mark.parametrize(
    ("sentence", "evidence", "language"),
    [
        ("Daily exercise increases the risk of heart failure in older adults.", EVIDENCE, "en"),
        ("El ejercicio diario aumenta el riesgo de insuficiencia cardiaca en adultos.", PRUEBA, "es"),
        ("The test was negative in most young patients.", "The test was positive in most young patients.", "en"),
        (
            "La vacuna empeora la respuesta inmune de los pacientes.",
            "La vacuna mejora la respuesta inmune de los pacientes.",
            "es",
        ),
        (
            "The measure is ineffective against seasonal influenza.",
            "The measure is effective against seasonal influenza.",
            "en",
        ),
    ],
)
def test_the_other_direction_is_found(sentence: str, evidence: str, language: str) -> None:
    """An opposite said of the same thing is another direction, within its table or by its prefix."""
    assert signals(sentence, evidence, language).direction


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Daily exercise lowers the risk of heart failure in older adults.", EVIDENCE),
        (
            "Mortality was lower under aspirin than under warfarin.",
            "Mortality was higher under warfarin than under aspirin.",
        ),
        (
            "Exercise raises costs and reduces the risk of heart failure.",
            "Exercise reduces the risk of heart failure and costs.",
        ),
        ("Older adults have a higher risk of falls.", "In older adults exercise lowers blood pressure."),
        (
            "It does not increase the risk of heart failure in adults.",
            "It reduces the risk of heart failure in adults.",
        ),
    ],
)
def test_what_agrees_or_goes_both_ways_is_not_found(sentence: str, evidence: str) -> None:
    """A synonym, a comparison turned twice, both ways at once, another matter and a denial are no reversal."""
    assert not signals(sentence, evidence).direction


def test_swapped_sides_of_a_comparison_are_found() -> None:
    """What stands on the other side of "than" is another claim, unless the comparison is turned too."""
    evidence = statement("Transformers learn long sequences better than recurrent networks.", "en")
    swapped = statement("Recurrent networks learn long sequences better than transformers.", "en")
    turned = statement("Recurrent networks learn long sequences worse than transformers.", "en")
    assert swapped_comparison(swapped, evidence)
    assert not swapped_comparison(turned, evidence)
    assert not swapped_comparison(evidence, evidence)


def test_a_lost_reservation_is_found_and_a_kept_one_is_not() -> None:
    """What the source only supposes, or says of some, is not asserted of all; being more careful is only a sign."""
    may = "Exercise may reduce the risk of heart failure in adults."
    flat = "Exercise reduces the risk of heart failure in adults."
    assert signals(flat, may).doubt_lost
    assert not signals(flat, may).doubt_gained
    assert signals(may, flat).doubt_gained
    assert not signals("Exercise could reduce the risk of heart failure.", may).doubt_lost
    assert signals(
        "Todos los hospitales comparten sus datos clínicos.", "Algunos hospitales comparten sus datos clínicos.", "es"
    ).generalised


def test_across_languages_only_anchored_sentences_are_compared() -> None:
    """Without shared figures or names there is no opinion; with them a plain denial is found."""
    english = "In Wuhan the FDA approved 29 tests in 2020."
    assert signals("En Wuhan la FDA no aprobó 29 pruebas en 2020.", english, "es", "en").negation
    assert not signals("En Wuhan la FDA aprobó 29 pruebas en 2020.", english, "es", "en").negation
    assert not signals("La agencia no aprobó las pruebas.", english, "es", "en").negation


def test_loose_signs_are_given_where_the_checks_stay_silent() -> None:
    """A sentence half like its evidence gets its likeness, and the denial and opposites between them."""
    found = signals("Exercise does not reduce pain or improve sleep in older adults.", EVIDENCE)
    assert not found.negation
    assert 0.4 <= found.likeness < 0.7
    assert found.denied_apart


@settings(deadline=None, max_examples=60)
@given(st.text(), st.sampled_from(["es", "en", "fr", ""]))
def test_no_text_contradicts_itself(text: str, language: str) -> None:
    """Whatever the text, as evidence of itself it speaks against nothing in it."""
    found = signals(text, text, language)
    assert not any((found.negation, found.direction, found.swapped, found.doubt_lost, found.generalised))
    assert found.units_wrong == found.names_missing == found.numbers_missing == 0


@pytest.mark.parametrize(
    ("text", "language"), [("Carece de datos.", "es"), ("It can't work.", "en"), ("Ni uno ni otro.", "es")]
)
def test_denials_are_told_by_their_words(text: str, language: str) -> None:
    """Lacking, contracted and paired negations are negations."""
    assert denies(statement(text, language))
