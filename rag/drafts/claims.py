"""A sentence → whether it states what a reader will ask the source of, and by what form that is seen.

Knows figures, dates, quotations, others' views, causes, comparisons and superlatives by their words. Questions, what a
text says of itself ("en esta sección…") and bare transitions state nothing. It does not know whether a claim is true,
or common knowledge, nor whether a sentence without these forms claims something. str -> forms
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from rag.facts.quantities import dates, numbers
from rag.language import count_words

if TYPE_CHECKING:
    from collections.abc import Callable

Form = Literal["figure", "date", "quotation", "attribution", "cause", "comparison", "superlative"]

STRONG: frozenset[Form] = frozenset({"figure", "date", "quotation", "attribution"})
"""Forms that always need a source; causes, comparisons and superlatives may be common knowledge."""

_LARGE = 100  # from here on one number in words is a figure; "dos caras" holds none, "tres de cada cuatro" does
_QUOTED_WORDS = 4  # fewer words in quotation marks are a term, not a quotation
_FEWEST_WORDS = 4  # "Peor aún:" compares nothing
_QUOTATION = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"")
_NO_FIGURE = re.compile(r"(?:https?://|www\.)\S+|\b[^\W\d_]+[-–]?\d+\w*")  # addresses; GPT-4, COVID-19, H1N1

_OTHERS = (
    r"(?:informes?|estudios?|investigaci[oó]n(?:es)?|art[ií]culos?|encuestas?|autor(?:es|as?)?|expert[oa]s?|ensayos?"
    r"|investigador(?:es|as?)?|metaan[aá]lisis|reports?|stud(?:y|ies)|research(?:ers)?|articles?|papers?|surveys?"
    r"|authors?|experts?|trials?|meta-analys[ei]s|evidence|evidencia|scholars?|scientists?|cient[ií]fic[oa]s)\b"
)
_HOLD = (
    r"(?:(?:de)?muestr|(?:de)?mostr|indic|sugi(?:er|r)|revel|conclu|señal|afirm|sostien|estim|show|suggest|reveal|find"
    r"|found|demonstrat|report|argue|estimate|recommend|recomiend)"
)
_ACCORDING = r"(?:seg[uú]n|de acuerdo con|en palabras de|according to|in the words of)"
_ARTICLE = r"(?:(?:el|la|los|las|un[oa]s?|un|muchos|the|an?|many)\s+)?"
_ATTRIBUTION = re.compile(
    rf"\b(?i:{_ACCORDING})\s+(?i:{_ARTICLE})(?:[A-ZÁÉÍÓÚÑ]|(?i:{_OTHERS}))"
    rf"|\b(?i:{_OTHERS}\s+(?:(?!no\b|not\b)\w+\s+)?(?:(?:han?|have|has)\s+)?{_HOLD})"
    r"|\b(?i:ha sido (?:demostrad|comprobad)[oa]|est[áa] (?:demostrad|comprobad)[oa]|se ha (?:demostrado|comprobado"
    r"|observado|descrito)|(?:has|have) been (?:shown|reported|demonstrated|found|associated)|(?:is|are) known to"
    r"|it is (?:well )?known that|se sabe que|se considera(?:n)? (?:el|la|los|las|que)|(?:is|are) considered)\b"
)
_CAUSE = re.compile(
    r"\b(?:caus(?:a|an|ó|aron|ado|ada|ados|adas|ar|ando)\b(?!\s+(?:de\s+)?(?:efecto|alguna))|debid[oa]s?\s+a\b|provoc"
    r"(?:a|an|ó|aron|ar|ando|ad[oa]s?)\b|conduc(?:e|en)\s+a|llev(?:a|an|ó|aron)\s+a\b|da\s+lugar\s+a|dan\s+lugar\s+a"
    r"|contribuy(?:e|en|ó|eron)\s+a|favorec(?:e|en|ió)|reduc(?:e|en|ir|ido|ida)\b|redujo|redujeron|disminuy(?:e|en|ó|eron)|aument(?:a|an|ó|aron)\b|increment(?:a|an|ó|aron)\b|mejor(?:ó|aron)\b"
    r"|empeor(?:a|an|ó|aron)\b|previen(?:e|en)|evit(?:a|an)\b|a\s+causa\s+de|como\s+consecuencia|por\s+culpa\s+de|gracias\s+a|se\s+asocia(?:n|ba|ron)?\b"
    r"|asociad[oa]s?\s+(?:a|con)|influy(?:e|en|ó)\s+en|depend(?:e|en)\s+de|impid(?:e|en)|responsables?\s+de(?:l)?\b"
    r"|caus(?:e|es|ed|ing)\b|(?:lead|leads|led|leading)\s+to|due\s+to|because\s+of|owing\s+to|result(?:s|ed|ing)?\s+in|result(?:s|ed|ing)?\s+from|"
    r"contribut(?:e|es|ed|ing)\s+to|increas(?:e|es|ed|ing)\b|reduc(?:e|es|ed|ing)\b|decreas(?:e|es|ed|ing)\b|improv(?:e|es|ed|ing)\b|"
    r"prevent(?:s|ed|ing)?\b|(?:is|are|was|were)\s+(?:associated|linked|correlated)\s+(?:with|to)|trigger(?:s|ed)?\b|induc(?:e|es|ed)\b|"
    r"affect(?:s|ed|ing)?\b|impair(?:s|ed)?\b|depends?\s+on|risk\s+of|riesgo\s+de)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:m[áa]s|menos|mayor(?:es)?|menor(?:es)?|mejor(?:es)?|peor(?:es)?|superior(?:es)?|inferior(?:es)?)\b(?:\s+\w+){0,4}?\s+"
    r"(?:que|de\s+lo\s+que|a\s+l[oa]s?|al)\b|\b(?:tan|tant[oa]s?)\s+\w+(?:\s+\w+)?\s+como\b|\b(?:supera|superan|superó|superaron)\b|\bel\s+doble\b|\ben\s+comparaci[óo]n\s+con|"
    r"\b(?:\w{3,}er|more|less|fewer|better|worse)\b(?:\s+\w+){0,4}?\s+than\b|\bcompared\s+(?:to|with)|\bas\s+\w+\s+as\b|\btwice\b|\boutperform|\bunlike\b|\ba\s+diferencia\s+de\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:el|la|los|las|lo)\s+(?:\w+\s+)?(?:m[áa]s|menos)\s+\w+|\b(?:el|la|los|las)\s+(?:mayor|menor|mejor|peor|principal|primer|primera)(?:es)?\b"
    r"|\bla\s+mayor[íi]a\b|\b(?:es|son|era|eran|is|are|was|were)\s+(?:muy|m[áa]s|poco|very|quite)?\s*(?:frecuente|com[úu]n|rar[oa]|habitual|common|rare)(?:e?s)?\b"
    r"|\bthe\s+(?:\w+\s+)?(?:most|least|largest|smallest|highest|lowest|best|worst|first|main|leading|primary|only|greatest|earliest|\w{3,}est)\b|\bmost\s+(?:of\s+)?\w+|\bone\s+of\s+the\s+\w+"
    r"|\b(?:typically|commonly|frequently|usually|generally|widely|often)\b",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"\b(?:en\s+(?:esta|este|la\s+siguiente|el\s+siguiente)\s+(?:secci[óo]n|apartado|trabajo|art[íi]culo|cap[íi]tulo|informe|texto|"
    r"ep[íi]grafe|ensayo|documento)|(?:este|el\s+presente)\s+(?:trabajo|art[íi]culo|cap[íi]tulo|texto|documento|ensayo)\s+(?:se\s+)?(?:analiza|presenta|describe|propone|aborda|examina|revisa|estudia|explica|expone|resume)|"
    r"a\s+continuaci[óo]n(?:,)?\s+se|(?:veremos|analizaremos|describiremos|presentaremos|abordaremos|discutiremos|revisaremos|examinaremos|explicaremos)\b|"
    r"(?:nuestro|el)\s+objetivo\s+(?:de\s+este|es)|se\s+(?:ver[áa]|abordar[áa]|analizar[áa]|describir[áa]|presentar[áa]|examinar[áa])n?\b|"
    r"in\s+th(?:is|e\s+(?:next|following))\s+(?:section|chapter|paper|article|report|essay|text|document)|this\s+(?:section|chapter|paper|article|essay|text|document)\s+(?:will|aims?|presents?|describes?|reviews?|examines?|discusses?|explores?)|"
    r"we\s+(?:will|shall)\s+\w+|(?:our|the)\s+(?:aim|goal|purpose)\s+(?:of\s+this|is|here)|(?:tabla|figura|table|figure|fig\.)\s+\d+\s+(?:muestra|resume|recoge|shows|summari[sz]es|lists))",
    re.IGNORECASE,
)


def forms(text: str, *, language: str) -> tuple[Form, ...]:
    """Return the forms of claim in a sentence; none in a question or in what a text says of itself.

    >>> forms("El tabaco causa más muertes que el alcohol.", language="es")
    ('cause', 'comparison')
    >>> forms("En esta sección se describen las causas.", language="es")
    ()
    """
    if text.rstrip(' »”"').endswith("?") or _OF_ITSELF.search(text):
        return ()
    words = _NO_FIGURE.sub(" ", text)
    long = count_words(text) >= _FEWEST_WORDS
    tests: tuple[tuple[Form, Callable[[], bool]], ...] = (
        ("figure", lambda: _counts(words, language)),
        ("date", lambda: bool(dates(words, language))),
        ("quotation", lambda: any(count_words(quote[0]) >= _QUOTED_WORDS for quote in _QUOTATION.finditer(text))),
        ("attribution", lambda: _ATTRIBUTION.search(text) is not None),
        ("cause", lambda: long and _CAUSE.search(text) is not None),
        ("comparison", lambda: long and _COMPARISON.search(text) is not None),
        ("superlative", lambda: long and _SUPERLATIVE.search(text) is not None),
    )
    return tuple(form for form, holds in tests if holds())


def needs_source(text: str, *, language: str) -> bool:
    """Say whether a sentence makes a claim of one of the `forms`.

    >>> needs_source("Según la OMS, la cobertura crece.", language="es")
    True
    >>> needs_source("El método tiene dos caras, como COVID-19 enseñó.", language="es")
    False
    """
    return bool(forms(text, language=language))


def _counts(words: str, language: str) -> bool:
    """Say whether there is a number in digits, a percentage, a large number, or one number set against another."""
    found = numbers(words, language)
    return len(found) > 1 or any(
        not one.in_words or one.kind == "percent" or max(one.values) >= _LARGE for one in found
    )
