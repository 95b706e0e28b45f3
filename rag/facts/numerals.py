"""Numbers written in words, Spanish and English: "treinta y cinco", "two hundred and fifty", "tres cuartas partes".

Gives the pattern of such a number in running text and the value of what it matched. In another language, or none, both
vocabularies hold. It reads no ordinals and no verbs ("se duplicó").
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ONES = {
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "en": "one two three four five six seven eight nine",
}
_TEENS = {
    "es": "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós "
    "veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
}
_TENS = {
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
}
_HUNDREDS = "dosc tresc cuatroc quin seisc setec ochoc novec"  # + "ientos", "ientas"
_OTHERS = {
    "es": {"cien": 100, "veintiún": 21, "veintiuna": 21, "dieciseis": 16, "veintidos": 22, "veintitres": 23,
           "veintiseis": 26},
    "en": {"twice": 2, "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10},
}  # fmt: skip
_MULTIPLES = {
    "es": r"(?<=\bel\s)(?:doble|triple)(?=\s(?:de|que)\b)", "en": r"double(?=\sth(?:e|at|ose)\b)",
}  # fmt: skip
_SCALES = {
    "es": {"mil": 10**3, "docena": 12, "docenas": 12, "millar": 10**3}
    | dict.fromkeys(("millón", "millon", "millones"), 10**6)
    | dict.fromkeys(("millardo", "millardos"), 10**9)
    | dict.fromkeys(("billón", "billon", "billones"), 10**12),
    "en": {"hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
}
_HALF = r"medi[oa]|half\s+an?"  # before a scale: "medio millón", "half a dozen"
_PARTS = {
    "tercio": 3, "tercera": 3, "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "décima": 10,
    "third": 3, "quarter": 4, "fifth": 5, "tenth": 10,
}  # fmt: skip
_SHARES = {
    "es": r"mitad|un\s+(?:tercio|cuarto|quinto)(?=\s+del?\b)|(?:dos|tres|cuatro)\s+(?:tercios|cuartos|quintos)"
    r"|(?:una|dos|tres|cuatro)\s+(?:tercera|cuarta|quinta|décima)s?\s+partes?|(?<=\bla\s)(?:tercera|cuarta|quinta)\s+parte",
    "en": r"half(?!\s+an?\s+(?:dozen|million|billion))|(?:one|an?)[\s-](?:third|quarter|fifth|tenth)(?=\s+of\b)"
    r"|(?:two|three|four)[\s-](?:thirds|quarters|fifths)",
}


def number(language: str) -> str:
    """Return the pattern of a number in words below a million, or of the article before a scale ("un millón")."""
    spelt = "|".join(_spelt(each) for each in _languages(language))
    if language not in _SCALES:  # "once" is no number in English
        spelt = re.sub(r"\bonce\|", "", spelt)
    scaled = rf"(?:{_HALF}|una?|an?)(?=[\s-]+(?:{scales(language)})\b)"
    return rf"(?:{spelt}|{scaled})(?!-(?:first|second|third|\w+th)\b)"


def value(words: str) -> Fraction:
    """Return the value of what `number` matched.

    >>> [int(value(words)) for words in ("treinta y cinco", "dos mil trescientos", "two hundred and five")]
    [35, 2300, 205]
    """
    if re.fullmatch(_HALF, words, re.IGNORECASE):
        return Fraction(1, 2)
    total = current = 0
    for word in re.findall(r"[^\W\d_]+", words.lower()):
        if word in ("mil", "thousand"):
            total, current = total + max(current, 1) * 1000, 0
        elif word == "hundred":
            current = max(current, 1) * 100
        else:
            current += _values().get(word, 0)
    return Fraction(total + current)


def scales(language: str) -> str:
    """Return the alternatives of the words that multiply a number."""
    return _any(word for each in _languages(language) for word in _SCALES[each])


def scale(words: str) -> int:
    """Return the product of scale words: "mil millones" is 10^9."""
    known = {word: size for table in _SCALES.values() for word, size in table.items()}
    return prod(known.get(word, 1) for word in re.findall(r"\w+", words.lower()))


def share(language: str) -> str:
    """Return the pattern of a part in words: "la mitad", "two thirds", "tres cuartas partes", "un tercio de"."""
    return "|".join(_SHARES[each] for each in _languages(language))


def share_values(words: str) -> tuple[Fraction, ...]:
    """Return a part in per cent, exact and as it is rounded: "dos tercios" is 66 2/3, 67, 66.7 and 66.67."""
    found = re.findall(r"[^\W\d_]+", words.lower())
    size = next((_PARTS[word.removesuffix("s")] for word in found if word.removesuffix("s") in _PARTS), 2)
    exact = Fraction(100 * max(_values().get(found[0], 1), 1), size)
    return tuple(dict.fromkeys((exact, *(Fraction(round(exact * 10**n), 10**n) for n in range(3)))))


def _spelt(language: str) -> str:
    """Return the pattern of a spelt number below a million: hundreds and tens, before and after a thousand."""
    ones, teens, tens = (_any(table[language].split()) for table in (_ONES, _TEENS, _TENS))
    single = rf"{_MULTIPLES[language]}|{teens}|{_any(_OTHERS[language])}|{ones}"
    if language == "es":
        tens = rf"(?:(?:(?:{tens})(?:\s+y\s+(?:una?|{ones}))?|{single})\b)"
        below = rf"(?:(?<!por\s)(?:ciento|(?:{_any(_HUNDREDS.split())})ient[oa]s)\b(?:\s+{tens})?|{tens})"
        return rf"(?:{below}\s+)?mil\s+{below}|mil\b|{below}"
    tens = rf"(?:(?:(?:{tens})(?:[\s-](?:{ones}))?|{single})\b)"
    last = rf"{tens}(?![\s-]+(?:hundred|thousand)\b)"  # "between one hundred and five hundred" is no 105
    below = rf"(?:(?:{ones}|an?)[\s-]hundred\b(?:\s+(?:and\s+)?{last})?|{tens})"
    return rf"{below}\s+thousand,?\s+(?:and\s+)?{below}|{below}"


def _languages(language: str) -> tuple[str, ...]:
    """Return the vocabularies a language reads: its own, or both."""
    return (language,) if language in _SCALES else tuple(_SCALES)


def _any(words: Iterable[str]) -> str:
    """Return the alternatives of words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _values() -> dict[str, int]:
    """Return what each word adds."""
    values = {"un": 1, "una": 1, "a": 1, "an": 1, "doble": 2, "double": 2, "triple": 3, "ciento": 100}
    for language in _SCALES:
        for words, first, step in ((_ONES, 1, 1), (_TEENS, 10, 1), (_TENS, 30 if language == "es" else 20, 10)):
            values |= {word: first + step * place for place, word in enumerate(words[language].split())}
        values |= _OTHERS[language]
    for place, stem in enumerate(_HUNDREDS.split(), start=2):
        values |= {f"{stem}ientos": 100 * place, f"{stem}ientas": 100 * place}
    return values
