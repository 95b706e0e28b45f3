"""What the page says by a sign, a colour and a word, in the reader's language: verdicts, origins of dates, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rag.language import say
from rag.render.page.markup import Html, heard, tag, unheard

if TYPE_CHECKING:
    from rag.records import Sentence, Verdict


class Sign(NamedTuple):
    """A verdict's sign, its name and what it means, in Spanish and English."""

    sign: str
    es: str
    en: str
    es_means: str
    en_means: str


VERDICTS: dict[Verdict, Sign] = {
    "verbatim": Sign(
        "=", "literal", "verbatim", "son palabras de la fuente", "these are the source’s own words"
    ),
    "supported": Sign(
        "✓", "sostenida", "supported", "lo que cita dice lo mismo", "what it cites says the same"
    ),
    "partly": Sign(
        "≈", "en parte", "partly", "lo que cita dice solo una parte, o lo dice con reservas",
        "what it cites says a part of it only, or says it with reserve",
    ),
    "unsupported": Sign(
        "✗", "sin sostén", "unsupported", "lo que cita no lo dice, o dice otra cosa",
        "what it cites does not say so, or says otherwise",
    ),
    "unclear": Sign("?", "dudosa", "unclear", "no se ha podido decidir", "it could not be decided"),
    "not_checkable": Sign(
        "–", "sin cita", "nothing to cite", "no afirma nada que citar", "it claims nothing to be cited"
    ),
    "not_checked": Sign(
        "○", "sentido no comprobado", "meaning not checked",
        "nadie ha comprobado si lo que cita lo dice", "nobody checked whether what it cites says so",
    ),
}  # fmt: skip
"""Every verdict has a sign of its own beside its colour: neither is needed to read the other."""

CONTROLS = {
    "digit": ("cifra cambiada", "changed figure"),
    "date": ("fecha cambiada", "changed date"),
    "key": ("clave inventada", "invented key"),
    "source": ("fuente equivocada", "wrong source"),
    "unit": ("unidad cambiada", "changed unit"),
    "name": ("nombre cambiado", "changed name"),
    "negation": ("negación", "negation"),
    "direction": ("sentido contrario", "opposite direction"),
}
"""Kinds of false sentences made on purpose."""

ORIGINS = {
    "prefix": ("comienzo del extracto", "the excerpt’s beginning"),
    "front matter": ("cabecera del archivo", "the file’s front matter"),
    "bibliography": ("bibliografía", "a bibliography"),
    "article metadata": ("metadatos del artículo", "the article’s metadata"),
    "text": ("texto", "the text"),
    "file name": ("nombre del archivo", "the file’s name"),
}
"""Where a date comes from."""


def verdict_name(verdict: Verdict, language: str) -> str:
    """Return a verdict in a word or two."""
    sign = VERDICTS[verdict]
    return say(language, es=sign.es, en=sign.en)


def verdict_sign(verdict: Verdict, language: str) -> Html:
    """Return a verdict's sign in its colour, read aloud by its name."""
    name = verdict_name(verdict, language)
    return tag(
        "span",
        unheard(VERDICTS[verdict].sign),
        heard(f"({name})"),
        class_=f"verdict v-{verdict}",
        title=name,
    )


def verdict_line(sentence: Sentence, language: str) -> str:
    """Return a sentence's verdict with its reason."""
    name = verdict_name(sentence.verdict, language)
    return f"{name}: {sentence.reason}" if sentence.reason else name
