"""A sentence of a person's own → whether it states what a reader will ask the source of.

Knows figures, dates, quotations and others' views by their form. It does not know whether they are true, nor whether a
sentence without them claims something. str -> bool
"""

from __future__ import annotations

import re

from rag.language import count_words
from rag.quantities import dates, numbers

_LARGE = 100  # from here on one number in words is a figure; "dos caras" holds none, "tres de cada cuatro" does
_QUOTED_WORDS = 4  # fewer words in quotation marks are a term, not a quotation
_QUOTATION = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"")
_NO_FIGURE = re.compile(r"(?:https?://|www\.)\S+|\b[^\W\d]+[-–]?\d+\w*")  # addresses; GPT-4, COVID-19, H1N1

_OTHERS = (
    r"(?:informes?|estudios?|investigaci[oó]n(?:es)?|art[ií]culos?|encuestas?|autor(?:es|as?)?|expert[oa]s?"
    r"|investigador(?:es|as?)?|reports?|stud(?:y|ies)|research(?:ers)?|articles?|papers?|surveys?|authors?|experts?)\b"
)
_HOLD = (
    r"(?:(?:de)?muestr|(?:de)?mostr|indic|sugi(?:er|r)|revel|conclu|señal|afirm|show|suggest|reveal|find|found"
    r"|demonstrat)"
)
_ACCORDING = r"(?:seg[uú]n|de acuerdo con|en palabras de|according to|in the words of)"
_ARTICLE = r"(?:(?:el|la|los|las|un[oa]s?|un|muchos|the|an?|many)\s+)?"
_ATTRIBUTION = re.compile(
    rf"\b(?i:{_ACCORDING})\s+(?i:{_ARTICLE})(?:[A-ZÁÉÍÓÚÑ]|(?i:{_OTHERS}))"
    rf"|\b(?i:{_OTHERS}\s+(?:(?!no\b|not\b)\w+\s+)?(?:(?:han?|have|has)\s+)?{_HOLD})"
)


def needs_source(text: str, *, language: str) -> bool:
    """Say whether a sentence gives a figure, a date or a quotation, or says what another holds.

    >>> needs_source("Según la OMS, la cobertura crece.", language="es")
    True
    >>> needs_source("El método tiene dos caras, como COVID-19 enseñó.", language="es")
    False
    """
    words = _NO_FIGURE.sub(" ", text)
    quoted = (match[0] for match in _QUOTATION.finditer(text))
    return (
        _counts(words, language)
        or bool(dates(words, language))
        or _ATTRIBUTION.search(text) is not None
        or any(count_words(quote) >= _QUOTED_WORDS for quote in quoted)
    )


def _counts(words: str, language: str) -> bool:
    """Say whether there is a number in digits, a percentage, a large number, or one number set against another."""
    found = numbers(words, language)
    return len(found) > 1 or any(
        not one.in_words or one.kind == "percent" or max(one.values) >= _LARGE for one in found
    )
