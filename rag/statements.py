"""Excerpt → the statements of it that can stand in another's text, whole and verbatim.

A *statement* is a run of the source's own sentences. A sentence that leans on the one before it ("Sin embargo, …")
brings it along; one that speaks for its authors ("investiguamos", "this report") or in another language can only be
quoted with its source. Cut-off sentences, questions and fragments are no statements. Does not choose among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.language import content_words, count_words, fold, say, sentence_spans

if TYPE_CHECKING:
    from rag.records import Excerpt, Source

SHORTEST, LONGEST = 6, 60
"""Words of a sentence that says something by itself and can be read in one breath."""

_WHOLE = re.compile(r"[«“\"(¡]?[A-ZÁÉÍÓÚÜÑ0-9ÀÂÇÈÊÎÔÖ].*[^.…][.!][»”\")]?", re.DOTALL)
_CLUTTER = re.compile(r"https?://|\||[{}<>\\]|\.{3}|…|[«»“”]")

_WORKS = (
    "estudio|informe|trabajo|articulo|artículo|documento|capitulo|capítulo|revision|revisión|ensayo|proyecto|guia|guía|"
    "libro|manuscrito|tesis|nota|analisis|análisis|investigacion|investigación|encuesta|study|report|paper|article|work|"
    "chapter|review|essay|project|guide|book|thesis|note|survey|analysis|manuscript|research"
)
_OWN_VOICE = {
    "es": re.compile(rf"\b(?:nosotr[oa]s|nuestr[oa]s?)\b|\b(?:est[ea]|(?:el|la) presente|dicho) (?:{_WORKS})\b"),
    "en": re.compile(rf"\b(?:we|our|ours|us|i|my)\b|\b(?:this|the present) (?:{_WORKS})\b"),
}
_FIRST_PERSON_PLURAL = re.compile(r"\b\w{2,}(?:a|e|i|á|é|í)mos\b")
_NOT_VERBS = re.compile(
    r"(?:gr|tr|r|extr|supr|pr|rac|m|prox|ult|max|min|opt|pes|legit|int|marit|anon|sinon|homon|autonom|algorit)[aei]mos$"
)

_LEANING = {
    "es": re.compile(
        r"(?:sin embargo|no obstante|además|asimismo|también|por (?:ello|eso|esto|tanto|lo tanto|consiguiente|"
        r"otro lado|otra parte|el contrario|último|su parte|ejemplo)|en (?:cambio|consecuencia|este sentido|"
        r"ese sentido|efecto|particular|concreto|ambos|todos ellos|ellos|ella)|así|pero|y|aun así|"
        r"de (?:hecho|este modo|esta forma|esta manera|ahí|igual modo)|entonces|luego|después|finalmente|a su vez|"
        r"es (?:decir|más)|con (?:ello|todo|este|esta|estos|estas)|al mismo tiempo|a pesar de (?:ello|esto)|"
        r"ell[oa]s?|él|est[aeo]s?|es[aeo]s?|dich[oa]s?|aquell?[oa]s?|aquel|sus?|ambos|ambas|tal(?:es)?|otr[oa]s?|"
        r"el (?:primero|segundo|último)|la (?:primera|segunda|última)|según (?:est[ea]|dich[oa])|"
        r"lo (?:anterior|mismo))\b"
    ),
    "en": re.compile(
        r"(?:however|moreover|furthermore|in addition|additionally|also|therefore|thus|hence|consequently|as a result|"
        r"nevertheless|nonetheless|still|yet|but|and|or|so|instead|in contrast|by contrast|conversely|similarly|"
        r"likewise|for example|for instance|in particular|specifically|in fact|indeed|finally|then|next|meanwhile|"
        r"on the other hand|otherwise|besides|this|that|these|those|it|they|he|she|its|their|his|her|such|both|"
        r"the (?:former|latter|same)|here|there|another|others)\b"
    ),
}
_OWN_WORK = re.compile(r"(?:este|esta|this) (?:" + _WORKS + r")\b")
_BARE_VERB = re.compile(r"(?!\w+mente\b)(\w+(?:a|e|an|en|ó|aron|ieron)) (?:el|la|los|las|un|una|que|cómo)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """Consecutive sentences of one excerpt. `quoted` ones must be printed as their source's words."""

    excerpt: Excerpt
    sentences: tuple[str, ...]
    text: str
    quoted: bool

    @property
    def start(self) -> int:
        """Where the statement begins in its document."""
        return self.excerpt.start + self.excerpt.text.index(self.text)


def statements(excerpt: Excerpt, *, language: str) -> tuple[Statement, ...]:
    """Return the excerpt's statements in order, as a text in `language` may carry them."""
    own = excerpt.language or language
    spans = sentence_spans(excerpt.text, own)
    texts = [excerpt.text[a:b] for a, b in spans]
    found = []
    for last in range(len(texts)):
        first = _first_leant_on(texts, spans, last, excerpt.text, own)
        if first is None or not all(_is_whole(text) for text in texts[first : last + 1]):
            continue
        run = tuple(texts[first : last + 1])
        quoted = own != language or any(speaks_for_authors(text, language=own) for text in run)
        found.append(Statement(excerpt, run, excerpt.text[spans[first][0] : spans[last][1]], quoted))
    return tuple(found)


def speaks_for_authors(sentence: str, *, language: str) -> bool:
    """Say whether a sentence speaks in its authors' voice, so that in another's text it would lie."""
    folded = fold(sentence)
    pattern = _OWN_VOICE.get(language)
    if pattern and pattern.search(folded):
        return True
    return language == "es" and any(_is_first_person(word) for word in _FIRST_PERSON_PLURAL.findall(sentence.lower()))


def leans(sentence: str, *, language: str) -> bool:
    """Say whether a sentence cannot be understood without the one before it."""
    opening = sentence.lower().lstrip('«“"(¡¿ ')
    pattern = _LEANING.get(language)
    if pattern is None or _OWN_WORK.match(opening):
        return False
    verb = _BARE_VERB.match(opening) if language == "es" else None
    return bool(pattern.match(opening)) or bool(verb and content_words(verb[1], "es"))


def attribution(source: Source, *, language: str) -> str:
    """Return the lead-in of a quotation: who says it and when, from what is known of the source."""
    foreign = source.language and source.language != language
    when = format_date(source.date, language) + (_tongue(source.language, language) if foreign else "")
    who = _names(source.authors, language) or (
        say(language, es=f"«{source.title}»", en=f"“{source.title}”") if source.title else ""
    )
    if who:
        return say(language, es=f"Según {who} ({when})", en=f"According to {who} ({when})")
    if not source.date.known:
        return say(language, es=f"Según una fuente {when}", en=f"According to a source, {when}")
    of = "del" if source.date.precision == "day" else "de"
    return say(language, es=f"Según una fuente {of} {when}", en=f"According to a source of {when}")


def _first_leant_on(
    texts: list[str], spans: tuple[tuple[int, int], ...], last: int, whole: str, language: str
) -> int | None:
    """Return the sentence a run must begin with so that its last can be understood; None where that is out of reach."""
    first = last
    while leans(texts[first], language=language):
        apart = first == 0 or "\n\n" in whole[spans[first - 1][1] : spans[first][0]]
        if apart or last - first == 2:  # noqa: PLR2004 - three sentences carry a thought; more would be copying
            return None
        first -= 1
    return first


def _is_whole(sentence: str) -> bool:
    return (
        bool(_WHOLE.fullmatch(sentence))
        and not _CLUTTER.search(sentence)
        and SHORTEST <= count_words(sentence) <= LONGEST
    )


def _is_first_person(word: str) -> bool:
    folded = fold(word)
    if _NOT_VERBS.search(folded):
        return False
    return word == folded or word.endswith(("ábamos", "íamos", "áramos", "éramos"))


def _names(authors: tuple[str, ...], language: str) -> str:
    if len(authors) < 2:  # noqa: PLR2004 - one is enough
        return "".join(authors)
    if len(authors) == 2:  # noqa: PLR2004 - two are both named
        return say(language, es=f"{authors[0]} y {authors[1]}", en=f"{authors[0]} and {authors[1]}")
    return say(language, es=f"{authors[0]} y otros", en=f"{authors[0]} and others")


_TONGUES = {"es": ("español", "Spanish"), "en": ("inglés", "English"), "fr": ("francés", "French")}
_TONGUES |= {"pt": ("portugués", "Portuguese"), "de": ("alemán", "German"), "it": ("italiano", "Italian")}


def _tongue(source_language: str, language: str) -> str:
    spanish, english = _TONGUES.get(source_language, (source_language, source_language))
    return say(language, es=f", en {spanish}", en=f", in {english}")
