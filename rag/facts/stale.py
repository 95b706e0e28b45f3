"""Words that mean "now" over old evidence, years counted from a source's own day, and sections whose support is old.

Every age is counted from a day that is given, never from the clock. Words quoted with their source's date keep their
own time, and so does a sentence that names a date. Sentence or excerpts → findings, or a line for the reader.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.facts.quantities import dates
from rag.language import say
from rag.records import Finding, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.records import Excerpt, Sentence

ALL_OF_ONE_DATE = 3
"""Sources from which on it is worth a line that all are of one date."""

_WORK = {
    "es": r"estudios|trabajos|investigaci[oó]n(?:es)?|avances|desarrollos|informes|datos|encuestas|ensayos|revisiones"
    r"|an[aá]lisis|literatura|tendencias|evidencias?|publicaciones|progresos|hallazgos|art[ií]culos",
    "en": r"stud(?:y|ies)|works?|research|advances?|developments?|reports?|data|surveys?|trials?|reviews?|analys[ei]s"
    r"|literature|trends?|evidence|publications?|progress|findings|papers?|articles?|experiments|breakthroughs?",
}
_FEW = {
    "es": r"(?:(?:dos|tres|cuatro|cinco|diez|quince|veinte|pocos|\d{1,2})\s+)?",
    "en": r"(?:(?:two|three|four|five|ten|fifteen|twenty|few|couple of|several|\d{1,2})\s+)?",
}
_OF_SOMETHING = {  # the last years of a life, a school, a study
    "es": r"(?!\s+de(?:l|\s+(?:su|la|el|los|las|vida|carrera|reinado|gobierno|estudio|bachillerato|escuela))\b)",
    "en": r"(?!\s+of\s+(?:his|her|its|their|the|life|school|study|follow))",
}
_NOW = {
    "es": re.compile(
        r"\b(?:(?<!ad[oa]s )(?<!id[oa]s )recientemente"  # patients diagnosed recently: their past, not ours
        r"(?!\s+(?:diagnosticad|operad|intervenid|ingresad|nacid|divorciad|jubilad|contratad))"
        r"|actualmente|en la actualidad|hoy en d[ií]a|(?:a d[ií]a de|hasta) hoy|hasta la fecha|hasta el momento"
        r"|hasta ahora|de un tiempo a esta parte|en estos momentos|hoy por hoy|hace poco(?: tiempo)?"
        rf"|(?:estos|los) [uú]ltimos\s+{_FEW['es']}años{_OF_SOMETHING['es']}|años recientes"
        rf"|(?:la|esta) [uú]ltima d[eé]cada{_OF_SOMETHING['es']}"
        rf"|[uú]ltimas\s+{_FEW['es']}d[eé]cadas{_OF_SOMETHING['es']}"
        r"|tiempos (?:actuales|recientes)|[eé]poca actual|estado del arte"
        rf"|(?:{_WORK['es']})\s+(?:m[aá]s\s+)?(?:recientes?|actuales)|recientes\s+(?:{_WORK['es']})"
        r"|(?<!diario )(?<!peri[oó]dico )(?<!de )hoy(?!,?\s+(?:mism[oa]|publica|paciente)))\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:(?<!most )recently"
        r"(?!\s+(?:diagnosed|operated|admitted|born|divorced|retired|used|hired|hospitali[sz]ed))"
        r"|currently(?!\s+(?:smok|pregnant|married))|nowadays|(?<!up )to date|at present|at the moment"
        r"|(?:until|up to) now|present-day|(?<!one of )these days|right now"
        rf"|(?:the|these) (?:last|past)\s+{_FEW['en']}(?:years|decades?){_OF_SOMETHING['en']}"
        rf"|recent (?:years|decades|times|months)|(?:recent|latest)\s+(?:\w+\s+)?(?:{_WORK['en']})"
        r"|current (?:literature|evidence|research|trends)|state[- ]of[- ]the[- ]art"
        r"|(?<!usa )(?<!psychology )today(?!['’]s (?:date|session)))\b",
        re.IGNORECASE,
    ),
}
_RELATIVE = {
    "es": re.compile(
        r"\b(?:(?:el |del |al |este )?(?P<last>año pasado(?!\s+por\b)|pasado año)"
        r"|(?P<this>este (?:mismo )?año(?!\s+(?:acad[eé]mico|escolar|fiscal|de)\b)|(?:lo que va|lo que llevamos) de año"
        r"|año en curso)|(?:el |al |del )?(?P<next>pr[oó]ximo año|año que viene)"
        r"|(?:el |del |al )?(?P<month>mes pasado|pasado mes|pr[oó]ximo mes|mes que viene)"
        r"|(?<!desde )hace (?P<count>un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d{1,2}) años?)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:(?<!the )(?<!their )(?<!his )(?<!her )(?P<last>last year(?!\s+of\b))"
        r"|(?P<this>this year|the current year)|(?<!the )(?P<next>next year)"
        r"|(?<!the )(?P<month>(?:last|next|this) month)"
        r"|(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) years? ago)\b",
        re.IGNORECASE,
    ),
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        ("a an one un", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
         "eight ocho", "nine nueve", "ten diez"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Words of a sentence that count from the day it was written.

    `years` is how far the year they mean lies from that day's: −1 for "last year"; None where they mean no one year.
    It is `rough` for "three years ago".
    """

    text: str
    start: int
    end: int
    years: int | None = None
    rough: bool = False


def now_words(text: str, language: str) -> tuple[TimeWords, ...]:
    """Return the words that claim to speak of the present, in order: "recientemente", "to date", "recent studies"."""
    found = (match for tongue in _tongues(language) for match in _NOW[tongue].finditer(text))
    return _apart([TimeWords(match[0], match.start(), match.end()) for match in found])


def relative_years(text: str, language: str) -> tuple[TimeWords, ...]:
    """Return the words that name a year or a month by its distance: "el año pasado", "three years ago"."""
    found = (match for tongue in _tongues(language) for match in _RELATIVE[tongue].finditer(text))
    return _apart(
        [TimeWords(match[0], match.start(), match.end(), _distance(match), bool(match["count"])) for match in found]
    )


def stale_findings(
    sentence: Sentence,
    *,
    excerpts: Mapping[str, Excerpt],
    day: dt.date,
    years: float,
    section: str,
    language: str,
) -> tuple[Finding, ...]:
    """Return what is wrong with a written sentence's time: "now" over evidence older than `years` on the `day`, and
    years counted from a source's day that the reader would count from his own.

    The newest excerpt cited counts; without a dated one nothing can be said.
    """
    cited = [excerpts[citation.key] for citation in sentence.citations if citation.key in excerpts]
    newest = max((excerpt.date for excerpt in cited if excerpt.date.last), key=_last, default=None)
    text = _unquoted(sentence.text, language)
    if newest is None or not text or dates(text, language):
        return ()
    now = now_words(text, language)[:1] if _age(newest, day) > years else ()
    reasons = [_old(words, newest, day, language) for words in now]
    reasons += [
        _meant(words, newest, language)
        for words in relative_years(text, language)
        if newest.last and newest.last.year != day.year
    ]
    return tuple(Finding(section, sentence.text, "date", "partly", reason) for reason in reasons)


def section_age(excerpts: Sequence[Excerpt], *, day: dt.date, years: float, language: str) -> str:
    """Return a line for the reader where the newest of the excerpts a section cites is older than `years` on the
    `day`, or where all its sources are of one date; else "".
    """
    sources = {excerpt.source.id: excerpt.date for excerpt in excerpts}
    known = [published for published in sources.values() if published.last]
    if not known:
        return ""
    newest = max(known, key=_last)
    when = format_date(newest, language)
    if _age(newest, day) > years:
        age = _before(newest, day, language)
        return say(
            language,
            es=f"Lo más reciente en que se apoya esta sección es {_of(newest, language)}: {age}.",
            en=f"The newest support of this section is of {when}: {age}.",
        )
    if len(sources) >= ALL_OF_ONE_DATE and len(known) == len(sources) and len({str(each) for each in known}) == 1:
        return say(
            language,
            es=f"Las {len(sources)} fuentes de esta sección son todas {_of(newest, language)}.",
            en=f"All {len(sources)} sources of this section are of {when}.",
        )
    return ""


def _tongues(language: str) -> tuple[str, ...]:
    return (language,) if language in _NOW else tuple(_NOW)


def _apart(found: list[TimeWords]) -> tuple[TimeWords, ...]:
    """Return words in order, without those that lie within others."""
    kept: list[TimeWords] = []
    for words in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or words.start >= kept[-1].end:
            kept.append(words)
    return tuple(kept)


def _distance(match: re.Match[str]) -> int | None:
    if match["this"]:
        return 0
    if match["next"]:
        return 1
    if match["month"]:
        return None
    if count := match["count"]:
        return -(int(count) if count.isdigit() else _COUNTS[count.lower()])
    return -1


def _unquoted(text: str, language: str) -> str:
    """Return a sentence without its quotations where what is left names their date; as it is where it does not."""
    rest = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    if rest != text and dates(rest, language):
        return ""
    return text


def _old(words: TimeWords, newest: PublicationDate, day: dt.date, language: str) -> str:
    age = _before(newest, day, language)
    return say(
        language,
        es=f"«{words.text}» se apoya en una fuente {_of(newest, language)}: {age}",
        en=f"“{words.text}” rests on a source of {format_date(newest, language)}: {age}",
    )


def _meant(words: TimeWords, newest: PublicationDate, language: str) -> str:
    """Say from which day the words are counted, and which year they mean where that is sure."""
    sure = newest.first is not None and newest.last is not None and newest.first.year == newest.last.year
    when = format_date(newest, language)
    if sure and words.years is not None and newest.last is not None:
        about = say(language, es="hacia ", en="about ") if words.rough else ""
        meant = say(language, es=": es ", en=": it means ") + f"{about}{newest.last.year + words.years}"
    else:
        meant = ""
    return say(
        language,
        es=f"«{words.text}» cuenta desde la fuente, {_of(newest, language)}{meant}",
        en=f"“{words.text}” counts from its source, of {when}{meant}",
    )


def _age(published: PublicationDate, day: dt.date) -> float:
    """Return how many years lie between a date's last day and a day; negative where it lies after it."""
    return (day - _last(published)).days / 365.25


def _before(published: PublicationDate, day: dt.date, language: str) -> str:
    """Write an age in whole years, in months below two years."""
    months = int(12 * _age(published, day))
    many = months >= 2 * 12
    unit = say(language, es="años" if many else "meses", en="years" if many else "months")
    until = format_date(PublicationDate(day, day, "day"), language)
    return say(
        language,
        es=f"{months // 12 if many else months} {unit} antes del {until}",
        en=f"{months // 12 if many else months} {unit} before {until}",
    )


def _last(published: PublicationDate) -> dt.date:
    return published.last or dt.date.min


def _of(published: PublicationDate, language: str) -> str:
    return ("del " if published.precision == "day" else "de ") + format_date(published, language)
