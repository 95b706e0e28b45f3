"""An author's name as it stands, given name first → the parts a bibliography sorts and shortens it by.

What is no person's name stays whole. Spanish names have two family names and often two given ones, so where their
seam lies is a guess, told by words that are given names. str -> CSL name
"""

from __future__ import annotations

import re

from rag.language import fold

_LINKS = "de del la las los y e da do das dos di der den van von ter ten le du al el bin ibn"
LINKS = frozenset(_LINKS.split())
"""Small words that belong to the family name after them."""
PORTUGUESE = frozenset({"da", "do", "das", "dos"})
"""Those that a bibliography sets after the given name: Silva, M. da."""
LAST = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
BODY = re.compile(
    r"\b(?:parlamento|parliament|consejo|council|comision|commission|comite|committee|organi[sz]a\w+|agenc\w+|"
    r"asociacion|association|sociedad|society|fundacion|foundation|gobierno|government|ministeri\w+|ministry|"
    r"jefatura|congreso|congress|senado|senate|corte|court|tribunal|estado|state|union|nations|naciones|banco|bank|"
    r"universi\w+|institut\w+|facult\w+|depart\w+|hospital|cent(?:er|re|ro)\w*|laborator\w+|offic\w+|oficina|servicio|"
    r"service|group|grupo|team|equipo|network|red|consorti\w+|consorcio|collaborat\w+|project|proyecto|company|inc|"
    r"ltd|press|editorial|world|mundial|national|nacional|european?|europe[ao]|internacional|international|research|"
    r"academ\w+|federa\w+|redaccion|revista|journal|times|news|observatorio|secretaria|autoridad|authority|"
    r"supervisor|board|junta|colegio|college|school|escuela|working|trabajo|data|datos|de la salud|health)\b"
)
"""Words, folded, that stand in the names of bodies and hardly in a person's."""
_SECOND = (
    "maria jose luis carlos antonio manuel miguel angel juan francisco javier jesus pablo andres fernando alberto "
    "eduardo enrique rafael david daniel alejandro alberto ricardo ignacio ramon felipe pedro jorge isabel carmen "
    "pilar dolores teresa ana elena cristina luisa mercedes rosa elisa lucia beatriz patricia victoria eugenia "
    "concepcion mar rosario soledad fernanda alejandra gabriela paula andrea cecilia ines margarita julia laura "
    "emilia augusto cesar mario esteban humberto gabriel arturo guillermo martin tomas vicente alfonso agustin "
    "armando gustavo hugo ivan oscar raul roberto sergio victor adolfo alonso camilo leonardo mauricio santiago "
    "sebastian eugenio rodrigo julian german hernan dario fabian marcela catalina milena paola liliana claudia "
    "adriana marina susana silvia viviana lorena mariana carolina angelica esperanza"
)
SECOND_GIVEN = frozenset(_SECOND.split())
"""Given names, folded, that are often the second of two."""
PERSON_WORDS = 7


def csl_name(name: str, language: str) -> dict[str, str]:
    """Return a name in CSL's parts: `family` and `given`, or `literal` for a body's; `language` is the source's.

    >>> csl_name("Ana María Gil de la Vega", "es")
    {'family': 'Gil de la Vega', 'given': 'Ana María'}
    >>> csl_name("Parlamento Europeo", "es")
    {'literal': 'Parlamento Europeo'}
    """
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in LAST else ""  # noqa: PLR2004 - two names before it
    if is_body(name) or len(words) < 2:  # noqa: PLR2004 - a given and a family name
        return {"literal": " ".join(name.split())}
    seam = _seam(words, language)
    dropped = words[seam] if words[seam].lower() in PORTUGUESE or (language == "pt" and words[seam] == "de") else ""
    family = words[seam + 1 :] if dropped else words[seam:]
    parts = {"family": " ".join(family), "given": " ".join(words[:seam])}
    return parts | {key: said for key, said in (("dropping-particle", dropped), ("suffix", suffix)) if said}


def is_body(name: str) -> bool:
    """Say whether a name is a body's, not a person's."""
    words = name.split()
    lower = [word for word in words if word.islower() and word not in LINKS]
    capitals = name.isupper() and len(words) == 1
    return bool(
        BODY.search(fold(name)) or lower or capitals or len(words) > PERSON_WORDS or re.search(r"[\d@&/]", name)
    )


def _seam(words: list[str], language: str) -> int:
    """Return where the family names begin: at the last word, or in Spanish at the last two."""
    seam = len(words) - 1
    seam = _before_links(words, seam)
    if language == "es" and seam > 1 and not _is_given(words[seam - 1], words[: seam - 1]):
        seam = _before_links(words, seam - 1)
    return max(seam, 1)


def _before_links(words: list[str], seam: int) -> int:
    while seam > 1 and words[seam - 1].lower() in LINKS:
        seam -= 1
    return seam


def _is_given(word: str, before: list[str]) -> bool:
    """Say whether a word after the first is a second given name: an initial, or one that is known and the only one."""
    return word.endswith(".") or len(word) == 1 or (len(before) == 1 and fold(word) in SECOND_GIVEN)
