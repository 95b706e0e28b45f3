"""What every format of a report says in the same words: Source, Excerpt -> str, not yet escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.records import CheckedSection, Excerpt, Source

EXCERPT_WORDS = 25
"""Words of an excerpt in the references: enough to recognise it."""

OFFER_WORDS = 6
"""Words of an author's sentence that tell it from its neighbours."""

NAMED_AUTHORS = 6
"""A work of more authors is given by its first three and "et al."."""

_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\s<>\"\\`\[\]|{}]")
_END = re.compile(r"[ \u00a0\u202f]?[.!?…]+\Z")


def closing(text: str) -> tuple[str, str]:
    """Return a sentence without its closing punctuation, and that, with the space French sets before it."""
    end = _END.search(text)
    return (text[: end.start()], end[0]) if end else (text, "")


def beginning(text: str, count: int) -> str:
    """Return the first words of a text, with an ellipsis where it goes on."""
    words = text.split()
    return " ".join(words[:count]) + (" …" if words[count:] else "")


def title(source: Source, language: str) -> str:
    """Return a source's title, or that it has none."""
    return source.title.removesuffix(".") or say(language, es="Extracto sin título", en="Untitled excerpt")


def authors(source: Source) -> str:
    """Return the authors in one line, of many the first three."""
    return "; ".join((*source.authors[:3], "et al.") if source.authors[NAMED_AUTHORS:] else source.authors)


def address(source: Source) -> str:
    """Return a DOI's address, else the web address, with what could end it or begin markup encoded; else nothing."""
    said = f"https://doi.org/{source.doi}" if source.doi else source.url.strip()
    if not said.lower().startswith(("https://", "http://")):
        return ""
    return _UNSAFE_IN_ADDRESS.sub(lambda match: quote(match[0]), said)


def pages(excerpts: Iterable[Excerpt]) -> str:
    """Return the pages of the file that excerpts stand on."""
    found = sorted({excerpt.page for excerpt in excerpts if excerpt.page is not None})
    return f"{'pp.' if found[1:] else 'p.'} {', '.join(map(str, found))}" if found else ""


def quoted(text: str, language: str) -> str:
    """Return the first words of an excerpt between quotation marks."""
    words = beginning(text, EXCERPT_WORDS)
    return say(language, es=f"«{words}»", en=f"“{words}”")


def shown(excerpts: Sequence[Excerpt], sections: Iterable[CheckedSection]) -> str:
    """Return the excerpts' text from the first words of it that the report prints, else from its beginning."""
    texts = {excerpt.key: excerpt.text for excerpt in excerpts}
    for sentence in (sentence for section in sections for sentence in section.written):
        for citation in sentence.citations:
            text, printed = texts.get(citation.key, ""), citation.quote or sentence.text
            if printed and printed in text:
                return text[text.index(printed) :]
    return excerpts[0].text if excerpts else ""
