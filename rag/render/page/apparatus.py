"""What ties a report's sentences to its sources: numbers, excerpts, ids, marks, and how often each source is used.

Report → `Apparatus`. Makes the markers that open an excerpt, and nothing else that is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.language import say
from rag.render.page.marks import Mark, marks
from rag.render.page.markup import Html, joined, tag, text
from rag.render.published import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rag.records import Excerpt, Finding, NumberedSource, Report, Source

TITLE_WORDS = 14
"""Words of a title that tell a source from others."""


@dataclass(frozen=True, slots=True)
class Use:
    """A place in the text that leads to excerpts: its id, its words, and the keys with the words quoted from each."""

    id: str
    section: int
    words: str
    quotes: tuple[tuple[str, str], ...]
    written: bool = False


@dataclass(frozen=True, slots=True)
class Apparatus:
    """The sources of a report by number, their excerpts by key, the marks in each, and the places that use each."""

    language: str
    sources: Mapping[int, NumberedSource]
    excerpts: Mapping[str, Excerpt]
    numbers: Mapping[str, int]
    marks: Mapping[str, tuple[Mark, ...]]
    uses: Mapping[int, tuple[Use, ...]]

    def say(self, *, es: str, en: str) -> str:
        """Return the wording in the report's language."""
        return say(self.language, es=es, en=en)

    def cited(self, number: int) -> int:
        """Count the written sentences that cite a source."""
        return sum(use.written for use in self.uses.get(number, ()))

    def markers(self, keys: Iterable[str], *, by: str) -> Html:
        """Return a marker for each source of these keys, in ascending order, that leads to their excerpts."""
        by_number: dict[int, list[str]] = {}
        for key in dict.fromkeys(keys):
            if key in self.numbers:
                by_number.setdefault(self.numbers[key], []).append(key)
        return joined(self._marker(number, by_number[number], by) for number in sorted(by_number))

    def _marker(self, number: int, keys: list[str], by: str) -> Html:
        source = self.sources[number].source
        cite = self.say(es="Cita", en="Citation")
        label = f"{cite} [{number}]: {named(source, self.language)}, {published(source, self.language)}"
        href, held = f"#{excerpt_id(keys[0])}", " ".join(keys)
        return tag("a", text(f"[{number}]"), class_="cite", href=href, data_keys=held, data_by=by, aria_label=label)


def apparatus(report: Report, told: Mapping[int, tuple[Finding, ...]]) -> Apparatus:
    """Return what ties a report together; `told` are the findings that are told under each section, by its place."""
    language = report.brief.language
    excerpts = {excerpt.key: excerpt for entry in report.sources for excerpt in entry.excerpts}
    numbers = {excerpt.key: entry.number for entry in report.sources for excerpt in entry.excerpts}
    found: dict[str, list[Mark]] = {key: [] for key in excerpts}
    used: dict[int, list[Use]] = {}
    for use in _uses(report, told):
        known = [(key, quote) for key, quote in use.quotes if key in excerpts]
        for number in dict.fromkeys(numbers[key] for key, _ in known):
            used.setdefault(number, []).append(use)
        for key, quote in known:
            found[key] += marks(use.words, excerpts[key], by=use.id, quote=quote, language=language)
    return Apparatus(
        language,
        {entry.number: entry for entry in report.sources},
        excerpts,
        numbers,
        {key: tuple(held) for key, held in found.items()},
        {number: tuple(held) for number, held in used.items()},
    )


def _uses(report: Report, told: Mapping[int, tuple[Finding, ...]]) -> Iterator[Use]:
    for place, section in enumerate(report.sections):
        for row, sentence in enumerate(section.author):
            yield Use(place_id("a", place, row), place, sentence.text, tuple((key, "") for key in sentence.offers))
        for row, sentence in enumerate(section.written):
            quotes = tuple((citation.key, citation.quote) for citation in sentence.citations)
            yield Use(place_id("s", place, row), place, sentence.text, quotes, written=True)
        for row, finding in enumerate(told.get(place, ())):
            yield Use(place_id("n", place, row), place, finding.sentence, tuple((key, "") for key in finding.offer))


def place_id(kind: str, section: int, row: int) -> str:
    """Return the id of a sentence: written (s), the author's (a), or noted (n)."""
    return f"{kind}{section}-{row}"


def excerpt_id(key: str) -> str:
    """Return the id of an excerpt's place in the references."""
    return f"x-{key}"


def named(source: Source, language: str) -> str:
    """Return a source's title, shortened; of one without, what it is called."""
    words = source.title.removesuffix(".").split()
    cut = " ".join(words[:TITLE_WORDS]) + (" …" if words[TITLE_WORDS:] else "")
    return cut or say(language, es="Extracto sin título", en="Untitled excerpt")
