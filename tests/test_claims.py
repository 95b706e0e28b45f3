"""Claims about which sentences of a person's own ask for a source."""

from __future__ import annotations

import pytest

from rag.claims import needs_source


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
