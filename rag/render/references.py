"""The sources a report cites → items of a bibliography in CSL, under keys a person can type, for any style to set.

Dates are no more precise than known; an undated source has none, and its own words in the item's note. What a field
holds is plain text. Report -> items; items -> CSL-JSON
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from rag.language import content_words, fold, say, sentence_spans
from rag.render.people import csl_name
from rag.render.wording import address, closing, pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.records import NumberedSource, PublicationDate, Report, Source

TITLE_WORDS = 20
"""Words by which a text without a title is known, as APA has it for what people post."""
SHORT_TITLE = 6
"""Those of them by which it is cited in a text."""

PREPRINTS = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|psyarxiv|ssrn)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A cited source as CSL knows it: its key in this report, and its `fields` by their CSL names."""

    key: str
    source: NumberedSource
    fields: dict[str, Any]

    @property
    def noted(self) -> dict[str, Any]:
        """The fields with what none is made for: an undated source's own words in the note, which styles print, and
        the excerpts' keys in the annotation, which they do not.
        """
        date = self.source.source.date
        said = "" if date.known else " ".join(date.text.split())
        keys = " ".join(f"k:{excerpt.key}" for excerpt in self.source.excerpts)
        return self.fields | ({"note": f"«{said}»"} if said else {}) | ({"annote": keys} if keys else {})


def bibliography(report: Report) -> tuple[Item, ...]:
    """Return the items of the sources cited, in the report's order."""
    language = report.brief.language
    keys = _keys([_stem(entry.source, language) for entry in report.sources])
    return tuple(
        Item(key, entry, {"id": key, **_fields(entry, language)})
        for key, entry in zip(keys, report.sources, strict=True)
    )


def to_csl_json(items: Sequence[Item]) -> str:
    """Return the items as CSL-JSON."""
    return json.dumps([item.noted for item in items], ensure_ascii=False, indent=1) + "\n"


def locator(item: Item, keys: Sequence[str]) -> str:
    """Return the pages of the file that these excerpts stand on; none for an article, whose journal counts its own."""
    if item.source.source.journal or item.source.source.doi:
        return ""
    return pages(excerpt for excerpt in item.source.excerpts if excerpt.key in keys)


def _fields(entry: NumberedSource, language: str) -> dict[str, Any]:
    source = entry.source
    said = {
        "type": _type(source),
        "title": source.title.removesuffix(".") or _untitled(entry, language),
        "title-short": "" if source.title else _cut(_untitled(entry, language), SHORT_TITLE),
        "author": [csl_name(name, source.language) for name in source.authors if name.strip()],
        "issued": _issued(source.date),
        "accessed": _day(source.retrieved),
        "container-title": source.journal,
        "DOI": source.doi,
        "URL": "" if source.doi else address(source),
        "language": source.language,
        "genre": say(language, es="extracto de un buscador", en="search-engine snippet") if _is_snippet(source) else "",
    }
    return {name: value for name, value in said.items() if value}


def _type(source: Source) -> str:
    if _is_snippet(source):
        return "webpage"
    if source.doi or PREPRINTS.search(source.url):
        return "article-journal" if source.journal and not PREPRINTS.search(source.journal) else "article"
    if source.journal:
        return "article-journal"
    return "webpage" if address(source) else "document"


def _is_snippet(source: Source) -> bool:
    return source.format == "snippet"


def _untitled(entry: NumberedSource, language: str) -> str:
    """Return what stands for a title: the first words of the text, which tell it from others."""
    text = entry.excerpts[0].text if entry.excerpts else ""
    for start, end in sentence_spans(text, language)[:1]:
        sentence = closing(" ".join(text[start:end].split()))[0]
        return sentence if len(sentence.split()) <= TITLE_WORDS else _cut(sentence, TITLE_WORDS)
    return say(language, es="[Extracto sin título]", en="[Untitled excerpt]")


def _cut(text: str, count: int) -> str:
    """Return the first words; with three dots, after which styles set no full stop as they do after an ellipsis."""
    words = text.split()
    return " ".join(words[:count]) + ("..." if words[count:] else "")


def _issued(published: PublicationDate) -> dict[str, Any]:
    """Return the date as precise as it is known, a range where it spans years; nothing for an undated source."""
    if published.first is None or published.last is None:
        return {}
    count = {"year": 1, "month": 2, "day": 3}[published.precision or "year"]
    ends = [[day.year, day.month, day.day][:count] for day in (published.first, published.last)]
    return {"date-parts": ends if ends[0] != ends[1] else ends[:1]}


def _day(day: date | None) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}


def _stem(source: Source, language: str) -> str:
    """Return what a key begins with: the first author's family name, else the title's first word; and the year."""
    name = csl_name(source.authors[0], source.language) if source.authors else {}
    words = (*name.get("family", name.get("literal", "")).split(), *content_words(source.title, source.language))
    plain = (re.sub(r"[^a-z]", "", fold(word)) for word in words)
    who = next(filter(None, plain), say(language, es="extracto", en="excerpt"))
    return who + (str(source.date.first.year) if source.date.first else "")


def _keys(stems: Sequence[str]) -> list[str]:
    """Return a key for each stem; those that are the same get a letter each."""
    counts: dict[str, int] = {}
    keys = []
    for stem in stems:
        counts[stem] = counts.get(stem, -1) + 1
        keys.append(stem + (_letters(counts[stem]) if stems.count(stem) > 1 else ""))
    return keys


def _letters(number: int) -> str:
    """Return a, b … z, aa, ab and so on."""
    more, last = divmod(number, len(ascii_lowercase))
    return (_letters(more - 1) if more else "") + ascii_lowercase[last]
