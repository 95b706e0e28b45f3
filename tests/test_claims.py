"""Claims about which sentences of a person's own ask for a source."""

from __future__ import annotations

import pytest

from rag.drafts.claims import Form, forms, needs_source


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El 12 % de los registros se repite.", "es"),
        ("La mitad de los hospitales los usa.", "es"),
        ("Tres de cada cuatro médicos los usan.", "es"),
        ("Costó dos millones de euros.", "es"),
        ("La ley se aprobó en marzo de 2024.", "es"),
        ("Desde 2019 nadie lo discute.", "es"),
        ("Según la OMS, la cobertura crece.", "es"),
        ("De acuerdo con los expertos, la privacidad peligra.", "es"),
        ("Los estudios demuestran que funcionan.", "es"),
        ("Varias investigaciones recientes han mostrado que sirven.", "es"),
        ("Su autora habla de «una promesa que nadie ha cumplido».", "es"),
        ("It fell by 3.5 points.", "en"),
        ("According to many experts, it works.", "en"),
        ("Studies have shown that it works.", "en"),
        ("She called it “a promise that nobody kept”.", "en"),
    ],
)
def test_what_a_reader_asks_the_source_of(text: str, language: str) -> None:
    """Figures, dates, quotations and others' views are seen by their form."""
    assert needs_source(text, language=language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Los datos sintéticos juegan un papel clave en la salud.", "es"),
        ("El método tiene dos caras.", "es"),
        ("Es uno de los problemas abiertos.", "es"),
        ("GPT-4 y COVID-19 son nombres, como H1N1.", "es"),
        ("Puede leerse en https://ejemplo.org/2023/05 entero.", "es"),
        ("El resultado varía según el hospital y la edad.", "es"),
        ("Los estudios no muestran nada por sí solos.", "es"),
        ("Lo llaman «dato sintético».", "es"),
        ("It has two sides, according to taste.", "en"),
    ],
)
def test_what_a_person_may_say_alone(text: str, language: str) -> None:
    """Names, terms, addresses and a small number in words are no claims."""
    assert not needs_source(text, language=language)


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("El tabaco causa daños en los pulmones.", "es", "cause"),
        ("La caída fue debida a la sequía.", "es", "cause"),
        ("Poor sleep leads to more mistakes at work.", "en", "cause"),
        ("Stress is associated with poor sleep.", "en", "cause"),
        ("Los hospitales grandes gastan más que los pequeños.", "es", "comparison"),
        ("Costs are higher in the city than in the country.", "en", "comparison"),
        ("Es el método más usado en los hospitales.", "es", "superlative"),
        ("It is the most common cause of blindness.", "en", "superlative"),
        ("Se ha demostrado que el método funciona.", "es", "attribution"),
        ("It is known that the method works.", "en", "attribution"),
    ],
)
def test_causes_comparisons_and_superlatives_are_claims(text: str, language: str, form: Form) -> None:
    """By their words, in both languages."""
    assert form in forms(text, language=language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Causa el tabaco más muertes que el alcohol?", "es"),
        ("En esta sección se comparan las causas más frecuentes.", "es"),
        ("A continuación se describen los métodos.", "es"),
        ("This section reviews the most common causes of blindness.", "en"),
        ("We will compare costs in 2019 and 2020.", "en"),
        ("Veamos por qué.", "es"),
        ("Peor que antes.", "es"),
        ("Conviene, por tanto, ir con cuidado.", "es"),
    ],
)
def test_questions_and_what_a_text_says_of_itself_are_no_claims(text: str, language: str) -> None:
    """Whatever words they hold; nor are transitions."""
    assert forms(text, language=language) == ()
