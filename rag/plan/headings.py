"""A heading of a brief → what to look for under it: its query, its place in the outline, how much it asks for the new.

Searches nothing. A heading that frames the text ("Conclusión") or names only an aspect ("Desafíos") says little by
itself and leans on the topic and the outline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.language import content_words, fold, stems

if TYPE_CHECKING:
    from rag.records import Brief, Heading

_FRAMING = re.compile(
    "introduccion|antecedentes|contexto|resumen|discusion|conclusion(es)?|consideraciones|reflexiones|palabras|"
    "perspectivas|introduction|background|context|summary|abstract|overview|discussion|conclusions|concluding|closing|"
    "remarks|thoughts|outlook"
)
"""Folded words of headings that say where one is in a text, not what it is about."""
_ASPECT = re.compile(
    "desafios?|retos?|problemas|limitaciones|limites|ventajas|inconvenientes|beneficios|riesgos|oportunidades|aplicaciones|"
    "usos|metodos|metodologia|resultados|hallazgos|implicaciones|recomendaciones|propuestas|ejemplos|casos|"
    "challenges?|problems|limitations|limits|advantages|drawbacks|benefits|risks|opportunities|applications|uses|methods|"
    "methodology|results|findings|implications|recommendations|proposals|examples|cases"
)
"""Folded words of headings that name a side of any subject and no subject."""
_JOINING = frozenset(("a", "and", "de", "final", "finales", "general", "modo", "y"))
"""Folded words that join framing ones and frame nothing alone."""
_COMMON_BEGINNING = 6
"""Letters that "conclusión", "conclusiones" and "conclusions" share."""
_QUERY_CHARACTERS = 400
"""Of the author's text, what goes into the query: its beginning tells what it is about."""
_NEW = re.compile(
    r"\b(?:actual(?:es|idad|mente)?|recientes?|novedad(?:es)?|avances|tendencias|hoy|ultim[oa]s|perspectivas|futuro"
    r"|current(?:ly)?|recent|latest|advances|trends|today|now|state of the art|outlook|future|emerging)\b"
)
_OLD = re.compile(
    r"\b(?:antecedentes|historia|historic[oa]s?|origen(?:es)?|evolucion|inicios|background|history|historical|origins?"
    r"|evolution|beginnings|early)\b"
)
ASKS_FOR_NEW, ASKS_FOR_NOTHING = 0.2, 0.05
"""How much of the best excerpt's score being new adds under "Avances recientes", and under most headings: there it
decides between excerpts that are nearly as relevant, no more. Under "Antecedentes" it adds nothing.
"""


def is_framing(title: str) -> bool:
    """Say whether a heading frames the text ("Introducción", "Conclusiones") rather than naming a subject."""
    words = fold(title).replace(":", " ").strip(" .0123456789").split()
    return any(map(_FRAMING.fullmatch, words)) and all(_FRAMING.fullmatch(w) or w in _JOINING for w in words)


def same_place(title: str, heading_path: tuple[str, ...]) -> bool:
    """Say whether a passage stands in its source where a framing heading stands in the brief: under a conclusion for
    a conclusion.
    """
    words = set(content_words(title, "")) - _JOINING
    return is_framing(title) and any(
        is_framing(other) and any(_alike(one, two) for one in words for two in content_words(other, ""))
        for other in heading_path
    )


def _alike(one: str, two: str) -> bool:
    return one[:_COMMON_BEGINNING] == two[:_COMMON_BEGINNING]


def is_aspect(title: str) -> bool:
    """Say whether a heading names only a side of any subject ("Desafíos", "Results and limitations")."""
    words = fold(title).replace(":", " ").strip(" .0123456789").split()
    return any(map(_ASPECT.fullmatch, words)) and all(_ASPECT.fullmatch(w) or w in _JOINING for w in words)


def path_of(brief: Brief, heading: Heading) -> tuple[str, ...]:
    """Return the titles above a heading, the outermost first, without its own."""
    above: list[Heading] = []
    for other in brief.headings:
        if other is heading:
            break
        above = [one for one in above if one.level < other.level]
        above.append(other)
    return tuple(other.title for other in above if other.level < heading.level)


def heading_query(brief: Brief, heading: Heading, *, authored: bool = True) -> str:
    """Write what to look for under a heading: its title, those above it and the topic, and what the author says there.

    A framing title leans on the outline instead.
    """
    above = [title for title in path_of(brief, heading) if not is_framing(title)]
    if is_framing(heading.title):
        parts = [brief.topic, *(other.title for other in brief.headings if not is_framing(other.title))]
    else:
        said = heading.author_text[:_QUERY_CHARACTERS] if authored else ""
        parts = [heading.title, *reversed(above), brief.topic, said]
    return ". ".join(dict.fromkeys(part.strip().rstrip(".") for part in parts if part.strip()))


def subject_query(brief: Brief, heading: Heading) -> str:
    """Write what the sources must say something on for a heading to be written: the topic where the title frames or
    names only an aspect, else the title with those above it and the topic. What the author says there is no reason for
    the sources to be silent.
    """
    generic = is_framing(heading.title) or is_aspect(heading.title)
    return brief.topic if generic else heading_query(brief, heading, authored=False)


def own_query(brief: Brief, heading: Heading) -> str:
    """Write what to look for under a heading apart from the topic, which a whole library may be about: its title under
    those above it; empty for a framing one.
    """
    if is_framing(heading.title):
        return ""
    above = [title for title in path_of(brief, heading) if not is_framing(title)]
    return ". ".join(part.strip().rstrip(".") for part in (heading.title, *reversed(above)) if part.strip())


def named_in(title: str, source_title: str) -> float:
    """Return the share of a heading's words that a source's title holds, by their stems in either language, 0 to 1."""
    shares = [
        len(wanted & set(stems(source_title, language))) / len(wanted)
        for language in ("es", "en")
        if (wanted := set(stems(title, language)))
    ]
    return max(shares, default=0.0)


def newness(title: str) -> float:
    """Return how much being new counts under a heading, as a share of the best score.

    >>> newness("Avances recientes"), newness("Privacidad"), newness("Antecedentes históricos")
    (0.2, 0.05, 0.0)
    """
    folded = fold(title)
    if _OLD.search(folded):
        return 0.0
    return ASKS_FOR_NEW if _NEW.search(folded) else ASKS_FOR_NOTHING
