"""Sentences made false on purpose: whether the checks of this very run would have seen them.

Checked sentences and their excerpts -> `Control`. Makes, without chance, wrong digits, dates, units and names, denials
and turned directions, keys that lead nowhere and keys of another source. It judges no sentence of the text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from rag.dates import format_date, parse_limit
from rag.facts.compare import find_words, same_statement
from rag.facts.quantities import dates, numbers
from rag.language import fold
from rag.records import Control
from rag.verify.checks import check_sentence
from rag.verify.distortions import denied, names_of, other_names, other_units, turned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rag.records import Excerpt, PublicationDate, Sentence

PLANTED = 40
"""Falsehoods of each kind at most: enough to tell nine in ten, few enough to cost nothing."""

NO_KEY = "000000"
"""Leads nowhere: keys hold no zero."""


def control(sentences: Iterable[Sentence], *, excerpts: Mapping[str, Excerpt], language: str) -> Control:
    """Plant falsehoods in the sentences that passed and count those the checks find."""
    sound = [each for each in sentences if each.citations and each.verdict != "unsupported"]

    def counted(kind: str) -> tuple[str, int, int]:
        planted = (false for each in sound for false in _FALSE[kind](each, excerpts, language))
        false = list(islice(planted, PLANTED))
        checked = [check_sentence(each, section="", excerpts=excerpts, language=language) for each in false]
        return kind, len(false), sum(bool(each.findings) for each in checked)

    return Control(tuple(counted(kind) for kind in _FALSE))


def _wrong_digits(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence with the last digit of each of its numbers changed to one that no excerpt cited holds."""
    text, sources = sentence.text, _sources(sentence, excerpts)
    for number in numbers(text, language):
        places = [place for place in range(number.start, number.end) if text[place] in "0123456789"]
        for place in places[-1:]:
            for digit in _others(text[place]):
                written = text[number.start : place] + digit + text[place + 1 : number.end]
                if written.strip() not in sources:
                    yield replace(sentence, text=text[: number.start] + written + text[number.end :])
                    break


def _wrong_dates(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence with the day, the month and the year of each of its dates changed."""
    text, sources = sentence.text, _sources(sentence, excerpts)
    for mention in dates(text, language):
        for other in _shifted(mention.date):
            written = format_date(other, language)
            if not any(form in sources for form in _written(other)):
                yield replace(sentence, text=text[: mention.start] + written + text[mention.end :])


def _wrong_units(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence with each of its units changed."""
    return _new(sentence, other_units(sentence.text, language), excerpts)


def _wrong_names(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:  # noqa: ARG001 - every falsehood is made with one signature
    """Give the sentence with each of its names changed for one of another source, which those cited do not hold."""
    cited, sources = {citation.key for citation in sentence.citations}, fold(_sources(sentence, excerpts))
    others = names_of([excerpts[key].text for key in sorted(excerpts) if key not in cited])
    strangers = [name for name in others if fold(name) not in sources]
    return _new(sentence, other_names(sentence.text, strangers), excerpts)


def _denials(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence denied."""
    return _new(sentence, denied(sentence.text, language), excerpts)


def _turns(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence with each of its words of direction turned."""
    return _new(sentence, turned(sentence.text, language), excerpts)


def _new(sentence: Sentence, texts: Iterable[str], excerpts: Mapping[str, Excerpt]) -> Iterator[Sentence]:
    """Give the sentence with each of the texts that does not stand so in its sources."""
    sources = _sources(sentence, excerpts)
    return (replace(sentence, text=text) for text in texts if not find_words(text, sources))


def _dead_keys(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:  # noqa: ARG001 - every falsehood is made with one signature
    """Give the sentence with its first key leading nowhere."""
    first, *others = sentence.citations
    yield replace(sentence, citations=(replace(first, key=NO_KEY), *others))


def _other_sources(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Iterator[Sentence]:
    """Give the sentence with all its citations on another source that does not hold its words."""
    own = {excerpts[citation.key].source.id for citation in sentence.citations if citation.key in excerpts}
    for key in sorted(excerpts):
        other = excerpts[key]
        holds = find_words(sentence.text, other.text) or same_statement(sentence.text, other.text, language=language)
        if other.source.id not in own and not holds:
            yield replace(sentence, citations=tuple(replace(each, key=key) for each in sentence.citations))
            return


_FALSE: dict[str, Callable[[Sentence, Mapping[str, Excerpt], str], Iterator[Sentence]]] = {
    "digit": _wrong_digits,
    "date": _wrong_dates,
    "key": _dead_keys,
    "unit": _wrong_units,
    "name": _wrong_names,
    "negation": _denials,
    "direction": _turns,
    "source": _other_sources,
}


def _sources(sentence: Sentence, excerpts: Mapping[str, Excerpt]) -> str:
    """Return all that the excerpts cited and their sources say, in one text."""
    cited = [excerpts[citation.key] for citation in sentence.citations if citation.key in excerpts]
    return "\n".join(
        part for each in cited for part in (each.text, each.title, *each.authors, each.date.text, *_written(each.date))
    )


def _written(published: PublicationDate) -> Sequence[str]:
    """Return a date as both languages write it."""
    return [format_date(published, language) for language in ("es", "en")]


def _others(digit: str) -> Iterator[str]:
    """Give the digits that are neither this one nor nought, from the next on."""
    return (other for other in "123456789"[int(digit) :] + "123456789"[: int(digit)] if other != digit)


def _shifted(published: PublicationDate) -> Iterator[PublicationDate]:
    """Give the date a year, a month and a day later, as far as its precision goes."""
    iso = str(published)
    if not published.first:
        return
    yield parse_limit(f"{published.first.year + 1:04}" + iso[4:7] + ("-01" if iso[7:] else ""))
    if published.precision == "month":
        yield parse_limit((published.first + timedelta(days=31)).isoformat()[:7])
    if published.precision == "day":
        yield parse_limit((published.first + timedelta(days=1)).isoformat())
        yield parse_limit((published.first + timedelta(days=31)).isoformat())
