"""A true sentence → false ones: another unit, another name, a negation put in or taken out, the other direction.

Works on plain text by tables of words, without chance, and changes one place at a time. What it makes is false of the
same source, not always good style. It does not look at any source.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from rag.facts.names import names
from rag.facts.units import measures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UNITS = """
mg/g µg/mg μg/mg kg/g g/kg nm/mm mm/cm cm/m km/m m/km ml/l mL/L l/ml L/mL min/h h/min s/h °C/°F MB/GB GB/MB
segundos/minutos minutos/horas horas/días hora/semana días/semanas día/mes semanas/meses semana/hora meses/años mes/año
años/meses año/mes décadas/años seconds/minutes minutes/hours hours/days hour/week days/weeks day/month weeks/months
week/hour months/years month/year years/months year/month decades/years euros/dólares dólares/euros dollars/euros
miles/feet pacientes/hospitales personas/países casos/estudios muertes/casos países/empresas estudios/pacientes
participantes/hospitales patients/hospitals people/countries cases/studies deaths/cases countries/companies
studies/patients participants/hospitals veces/años times/years kilómetros/metros metros/kilómetros metres/kilometres
meters/kilometers kilogramos/gramos gramos/kilogramos grams/kilograms
"""
_POINTS = {"es": " puntos porcentuales", "en": " percentage points"}
_STRANGERS = ("QRX-8", "Ramsdale")
"""Names for what is coded and for what is not, where no other source lends one: no source holds them."""

_TURNS = {
    "es": """
    aumenta/disminuye aumentan/disminuyen aumentó/disminuyó aumentar/disminuir aumento/descenso mayor/menor
    mayores/menores más/menos mejora/empeora mejoran/empeoran mejorar/empeorar mejor/peor superior/inferior
    superiores/inferiores acelera/retrasa positivo/negativo positiva/negativa positivos/negativos antes/después
    reduce/aumenta reducen/aumentan reducir/aumentar redujo/aumentó alta/baja altos/bajos altas/bajas apoya/rechaza
    activa/inhibe permite/impide permiten/impiden mayoría/minoría facilita/impide
    """,
    "en": """
    increase/decrease increases/decreases increased/decreased increasing/decreasing higher/lower more/less
    greater/smaller improve/worsen improves/worsens improved/worsened better/worse positive/negative before/after
    supports/refutes reduce/increase reduces/increases reduced/increased activates/inhibits promotes/prevents
    promote/prevent high/low accelerates/delays allows/prohibits beneficial/harmful early/late stronger/weaker
    strong/weak
    """,
}
_AUXILIARY = {
    "es": re.compile(
        r"(?<!\b[Nn]o )\b(?:se (?=\w{4,}[ae]n? )|es|son|está|están|fue|fueron|era|eran|ha|han|había|habían|hay|"
        r"puede|pueden|debe|deben|tiene|tienen|requiere|requieren|permite|permiten|existe|existen)\b"
    ),
    "en": re.compile(
        r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|did|does|do)\b"
        r"(?! not\b|n't| no\b)"
    ),
}
_DENIED = {
    "es": re.compile(r"\b[Nn]o (?!solo|obstante|hay duda|sólo)(?=\w)"),
    "en": re.compile(r"(?<=\w) not(?! only\b)(?= )|(?<=\w)n[’']t\b"),
}


def other_units(text: str, language: str) -> Iterator[str]:
    """Give the text with the unit of each number changed for another."""
    others = dict(pair.split("/") for pair in _UNITS.split())
    for one in measures(text, language):
        words = re.split(r"[\s-]", text[one.quantity.end : one.end])
        if words[-1] in others:
            yield text[: one.end - len(words[-1])] + others[words[-1]] + text[one.end :]
        elif one.quantity.text.endswith("%") and language in _POINTS:
            yield text[: one.quantity.end - 1].rstrip() + _POINTS[language] + text[one.quantity.end :]


def other_names(text: str, strangers: Sequence[str]) -> Iterator[str]:
    """Give the text with each of its names changed for the first stranger of its form."""
    candidates = [name for stranger in (*strangers, *_STRANGERS) for name in names(f"dice que {stranger} ahora existe")]
    for name in names(text):
        other = next((one.text for one in candidates if one.coded == name.coded and one.text not in text), None)
        if other:
            yield text[: name.start] + other + text[name.start + len(name.text) :]


def denied(text: str, language: str) -> Iterator[str]:
    """Give the text without its negation, or with one at its first plain verb."""
    if language not in _DENIED:
        return
    negation = _DENIED[language].search(text)
    verb = _AUXILIARY[language].search(text)
    if negation:
        yield text[: negation.start()] + text[negation.end() :]
    elif verb and language == "es":
        yield text[: verb.start()] + "no " + text[verb.start() :]
    elif verb:
        yield text[: verb.end()] + " not" + text[verb.end() :]


def turned(text: str, language: str) -> Iterator[str]:
    """Give the text with each word of direction changed for its opposite."""
    opposite: dict[str, str] = {}
    for one, other in (pair.split("/") for pair in _TURNS.get(language, "").split()):
        opposite.setdefault(one, other)
        opposite.setdefault(other, one)
    for word in re.finditer(r"[^\W\d_]+", text):
        if word[0] in opposite:
            yield text[: word.start()] + opposite[word[0]] + text[word.end() :]


def names_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the names that stand in texts, each once, in order."""
    return tuple(dict.fromkeys(chain.from_iterable((name.text for name in names(text)) for text in texts)))
