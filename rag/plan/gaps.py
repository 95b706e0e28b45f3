"""What a heading's evidence lacks → gaps, each with its reason and what to type into a search engine to mend it.

Does not search: every string is built offline from the brief's own words and from phrases of the sources, in Spanish
and in English. There is no dictionary behind it, so words of the other language come from sources in it. Quotation
marks are ours alone; no sign of a source gets into a string.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, pairwise, repeat
from typing import TYPE_CHECKING, Protocol

from rag.dates import format_date
from rag.language import content_words, fold, say, stems
from rag.plan.phrases import background_of, key_phrases, own_phrases
from rag.records import Gap, TimeLimits

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.embed import CachedEmbedder
    from rag.plan.phrases import Background
    from rag.records import Excerpt, GapKind, Source

LEAST_SOURCES = 2
"""Sources a section needs at least: one alone can be neither confirmed nor contradicted."""
OLD_YEARS = 5
"""Years after which the newest support is called old: a field moves on in less than it takes to write a thesis."""
HOLE_YEARS = 3
"""Years in a row without a source that are called a hole: one or two are chance."""
RECENT_YEARS = 10
"""Years back in which holes are looked for: a law of 1993 beside papers of 2020 leaves none."""
MOST_SEARCHES = 3
"""Search strings for each gap and language: what one tries before giving up."""
MOST_WORDS = 8
"""Words of a search string: with more of them engines find less."""
NEAREST = 12
"""Excerpts not chosen that lend their words where none chosen is in a language."""
LEAST_TEXTS = 2
"""Of those, how many must hold a phrase: what a single one says beside the point is not searched for."""
PHRASES = 12
"""Phrases of the sources that are weighed in each language."""
DECIMALS = 6
"""Nearness is rounded before ranking."""
SHARED = 0.3
"""Share of a language's excerpts that hold the words of what is taken for its subject."""
LANGUAGES = ("es", "en")
"""Languages that searches are written in."""

_REVIEW = {"es": "revisión", "en": "review"}
"""Finds works that look at a question from several sides."""
_NAMED = {"es": ("español", "Spanish"), "en": ("inglés", "English")}


class Order(Protocol):
    """Sorts phrases by a text, best first."""

    def __call__(self, _about: str, phrases: Sequence[str], /) -> Sequence[str]:
        """Return the phrases in order."""


@dataclass(frozen=True, slots=True)
class _Lack:
    """Something missing. `years` and `review` go into the searches; `first` is the language to search in first."""

    kind: GapKind
    reason: str
    first: str
    years: tuple[int, ...] = ()
    review: bool = False


@dataclass(frozen=True, slots=True)
class _Wording:
    """What searches in a language are made of: the subject's phrase, phrases to narrow it, and what those are in."""

    subject: str
    narrower: tuple[str, ...]
    language: str


def as_they_are(_about: str, phrases: Sequence[str]) -> Sequence[str]:
    """Leave phrases in their order."""
    return phrases


def by_meaning(embedder: CachedEmbedder) -> Order:
    """Return an order of phrases by nearness to what they should be about, across languages."""

    def order(about: str, phrases: Sequence[str]) -> Sequence[str]:
        cosines = embedder.passages(list(phrases)) @ embedder.queries([about])[0] if phrases else ()
        near = {phrase: round(float(cosine), DECIMALS) for phrase, cosine in zip(phrases, cosines, strict=True)}
        return sorted(phrases, key=lambda phrase: (-near[phrase], phrase))

    return order


def find_gaps(
    title: str,
    excerpts: Sequence[Excerpt],
    *,
    topic: str,
    language: str,
    words: int = 0,
    supportable_words: int = 0,
    says_nothing: bool = False,
    limits: TimeLimits | None = None,
    covered: tuple[dt.date, dt.date] | None = None,
    today: dt.date | None = None,
    others: Sequence[Excerpt] = (),
    backgrounds: Mapping[str, Background] | None = None,
    order: Order = as_they_are,
    least_sources: int = LEAST_SOURCES,
    old_years: int = OLD_YEARS,
    hole_years: int = HOLE_YEARS,
) -> tuple[Gap, ...]:
    """Return what the evidence under a heading lacks, at most one gap of each kind, the gravest first.

    `says_nothing` is the verdict of the sufficiency gate: the excerpts are then about something else. `words` are
    asked for, `supportable_words` can be said. `covered` is the oldest and newest day of the corpus. Age is counted
    from `today`, else from the brief's limits, else from the newest source: never from the clock. `others` are what
    was found and not chosen, nearest first; `backgrounds` tell by language how common a stem is. `order` sorts phrases
    of the other language by what the heading is about (`by_meaning`).
    """
    limits = limits or TimeLimits()
    about = () if says_nothing else tuple(excerpts)
    if about:
        end = today or limits.as_of or limits.until or _newest((*excerpts, *others), covered)
        found = (
            _thin(about, language, words, supportable_words, least_sources),
            _old(about, language, end, old_years, hole_years) if end else None,
            _one_sided(about, language),
        )
        lacks = [lack for lack in found if lack]
    else:
        lacks = [_Lack("silent", _silence(title, language, limits=limits, near=len(excerpts)), language)]
    if not lacks:
        return ()
    rest = tuple(others) if about else (*excerpts, *others)
    wording = _wording(title, topic, language, about=about, rest=rest, backgrounds=backgrounds or {}, order=order)
    given: set[str] = set()
    return tuple(Gap(lack.kind, lack.reason, tuple(_searches(lack, wording, given))) for lack in lacks)


# What is missing


def _silence(title: str, language: str, *, limits: TimeLimits, near: int) -> str:
    within = say(language, es=" dentro del plazo pedido", en=" within the dates asked for") if limits.limited else ""
    title = " ".join(title.split())
    if near:
        return say(
            language,
            es=f"Ninguno de los {near} extractos más cercanos trata de «{title}»{within}.",
            en=f"None of the {near} nearest excerpts is about “{title}”{within}.",
        )
    return say(language, es=f"No hay nada sobre «{title}»{within}.", en=f"There is nothing on “{title}”{within}.")


def _thin(excerpts: Sequence[Excerpt], language: str, words: int, supportable: int, least_sources: int) -> _Lack | None:
    count = len(_sources(excerpts))
    few = say(
        language,
        es=f"solo {count} de las {least_sources} fuentes que hacen falta",
        en=f"only {count} of the {least_sources} sources needed",
    )
    short = say(
        language,
        es=f"da para unas {supportable} palabras de {words}",
        en=f"carries some {supportable} of {words} words",
    )
    parts = [*([few] if count < least_sources else []), *([short] if supportable < words else [])]
    return _Lack("thin", _sentence(parts), language) if parts else None


def _old(excerpts: Sequence[Excerpt], language: str, end: dt.date, old_years: int, hole_years: int) -> _Lack | None:
    """Look for age and holes. What lies after `end` counts as of that day."""
    dated = sorted((s for s in _sources(excerpts) if s.date.last), key=lambda s: (s.date.last or end, s.id))
    if not dated:
        return None
    newest = dated[-1].date
    last = newest.last or end
    age = end.year - last.year - ((end.month, end.day) < (last.month, last.day))
    if age >= old_years:
        when = format_date(newest, language)
        reason = say(
            language,
            es=f"lo más reciente es de {when}, {age} años antes de {end.year}",
            en=f"the newest is of {when}, {age} years before {end.year}",
        )
        return _Lack("old", _sentence([reason]), language, years=tuple(range(end.year, last.year, -1)))
    held = sorted(
        {
            year
            for s in dated
            if s.date.first and s.date.last
            for year in range(s.date.first.year, min(s.date.last.year, end.year) + 1)
        }
    )
    holes = [range(max(one + 1, end.year - RECENT_YEARS), other) for one, other in pairwise(held)]
    hole = next((hole for hole in reversed(holes) if len(hole) >= hole_years), None)
    if hole is None:
        return None
    reason = say(
        language,
        es=f"entre {hole[0]} y {hole[-1]} no hay ninguna fuente",
        en=f"there is no source between {hole[0]} and {hole[-1]}",
    )
    return _Lack("old", _sentence([reason]), language, years=tuple(reversed(hole)))


def _one_sided(excerpts: Sequence[Excerpt], language: str) -> _Lack | None:
    """Look for what all of several sources share. Only English sources are no lack where English is asked for."""
    sources = _sources(excerpts)
    if len(sources) < LEAST_SOURCES:
        return None
    every = len(sources)
    authors = sorted(set.intersection(*({*source.authors} for source in sources)))
    tongues = {source.language for source in sources}
    years = {str(source.date)[:4] for source in sources}
    parts, first = [], language
    if authors:
        parts.append(
            say(language, es=f"las {every} fuentes son de {authors[0]}", en=f"all {every} sources are by {authors[0]}")
        )
    if len(tongues) == 1 and (tongue := tongues.pop()) in LANGUAGES and {tongue, language} != {"en"}:
        spanish, english = _NAMED[tongue]
        parts.append(
            say(language, es=f"las {every} fuentes están en {spanish}", en=f"all {every} sources are in {english}")
        )
        first = next(side for side in LANGUAGES if side != tongue)
    if len(years) == 1 and (year := years.pop()):
        parts.append(say(language, es=f"las {every} fuentes son de {year}", en=f"all {every} sources are of {year}"))
    return _Lack("one-sided", _sentence(parts), first, review=True) if parts else None


def _newest(excerpts: Iterable[Excerpt], covered: tuple[dt.date, dt.date] | None) -> dt.date | None:
    days = [excerpt.date.last for excerpt in excerpts if excerpt.date.last]
    return covered[1] if covered else max(days, default=None)


def _sources(excerpts: Iterable[Excerpt]) -> tuple[Source, ...]:
    return tuple({excerpt.source.id: excerpt.source for excerpt in excerpts}.values())


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


# What to type


def _wording(
    title: str,
    topic: str,
    language: str,
    *,
    about: Sequence[Excerpt],
    rest: Sequence[Excerpt],
    backgrounds: Mapping[str, Background],
    order: Order,
) -> dict[str, _Wording]:
    """Gather by language what to search with: the brief's own words where it is in it, and the sources' phrases.

    Where no source is in a language, names stand in, which are the same in both, and the brief's own phrases.
    """
    titled, topical = _phrases(title, language), _phrases(topic, language)
    fitting = [phrase for phrase in topical or titled if _fits(phrase)]
    subject = max(fitting, key=lambda phrase: phrase.count(" "), default="")
    lent = {side: _lent(side, about, rest, backgrounds.get(side)) for side in LANGUAGES}
    brief = [word for phrase in (*titled, *topical) for word in phrase.split() if not word.islower()]
    acronyms = [
        word for side in LANGUAGES for phrase in lent[side].narrower for word in phrase.split() if _is_acronym(word)
    ]
    names = tuple(dict.fromkeys((*brief, *acronyms)))
    wording = {}
    for side in LANGUAGES:
        if side == language:
            own = (" ".join(titled),) if titled else topical
            wording[side] = _Wording(subject, (*own, *lent[side].narrower, *topical), side)
        elif lent[side].subject or lent[side].narrower:
            phrases = order(f"{title}. {topic}", lent[side].narrower)
            wording[side] = _Wording(lent[side].subject, (*phrases, *names, *(() if phrases else titled)), side)
        else:
            wording[side] = _Wording(subject, (*names, *titled, *topical), language)
    return wording


def _lent(side: str, about: Sequence[Excerpt], rest: Sequence[Excerpt], background: Background | None) -> _Wording:
    """Return the phrases of the sources in a language: the subject many share, the telling ones of the nearest.

    What was not chosen lends only where it shares a subject: else it is about anything.
    """
    near, far = ([excerpt for excerpt in found if excerpt.language == side] for found in (about, rest))
    authors = [name for excerpt in (*near, *far) for name in excerpt.authors]
    texts = [excerpt.text for excerpt in (*near, *far)]
    here = background_of(texts, language=side)
    held = {
        phrase: min(here.holding.get(stem, 0) for stem in stems(phrase, side))
        for phrase in key_phrases(texts, language=side, most=PHRASES, without=authors)
        if " " in phrase and _fits(phrase)
    }
    shared = max((phrase for phrase in held if held[phrase] >= SHARED * here.texts), key=held.__getitem__, default="")
    lenders = near or far[: NEAREST if about and shared else 0]
    phrases = key_phrases(
        [excerpt.text for excerpt in lenders],
        language=side,
        most=PHRASES,
        background=background or here,
        without=authors,
        least=1 if near else LEAST_TEXTS,
    )
    return _Wording(shared, phrases, side)


def _phrases(text: str, language: str) -> tuple[str, ...]:
    """Return the phrases of the brief's own words; its content words where its language is one without phrases."""
    return own_phrases(text, language=language) if language in LANGUAGES else content_words(text, language)


def _fits(phrase: str) -> bool:
    """Say whether a phrase leaves room for a narrower word, a year and what finds reviews."""
    return len(phrase.split()) <= MOST_WORDS - 3


def _is_acronym(word: str) -> bool:
    return not word[1:].islower()


def _searches(lack: _Lack, wording: Mapping[str, _Wording], given: set[str]) -> Iterator[tuple[str, str]]:
    """Give the searches for something missing, in both languages by turns; those `given` before are not repeated."""
    sides = sorted(LANGUAGES, key=lambda side: (side != lack.first, side))
    strings = {side: _fresh(_strings(side, wording[side], lack), given) for side in sides}
    for row in range(MOST_SEARCHES):
        yield from ((side, strings[side][row]) for side in sides if row < len(strings[side]))


def _fresh(strings: Iterable[str], given: set[str]) -> list[str]:
    fresh: list[str] = []
    for string in strings:
        if len(fresh) < MOST_SEARCHES and fold(string) not in given:
            given.add(fold(string))
            fresh.append(string)
    return fresh


def _strings(side: str, wording: _Wording, lack: _Lack) -> Iterator[str]:
    """Give every search string in a language, the best first: the subject in quotation marks, a narrower phrase."""
    years = cycle([str(year)] for year in lack.years[:MOST_SEARCHES]) if lack.years else repeat([])
    extra = [_REVIEW[side]] if lack.review else []
    subject = f'"{wording.subject}"' if " " in wording.subject else wording.subject
    room = MOST_WORDS - len(subject.split()) - len(extra) - 1
    narrower = [
        words for phrase in wording.narrower if (words := _added(phrase, wording.subject, wording.language)[:room])
    ]
    if not subject:
        narrower = [[*one, *other][:room] for one, other in pairwise(narrower)] + narrower
    for words in (*narrower, [], *([] if lack.review else [[_REVIEW[side]]])):
        if subject or words:
            yield " ".join((*([subject] if subject else []), *words, *extra, *next(years)))


def _added(phrase: str, subject: str, language: str) -> list[str]:
    """Return the words a phrase adds to the subject; none where it shares only a part of it ("datos reales")."""
    known, own = set(stems(subject, language)), set(stems(phrase, language))
    if known & own and not known <= own:
        return []
    return [word for word in phrase.split() if not known.issuperset(stems(word, language))]
