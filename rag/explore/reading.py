"""A checked text → each sentence with its verdict, and under it, opened by a click, the excerpts it rests on.

The words a sentence took or quotes are marked in the excerpt where they stand there. Text of sources is escaped;
nothing runs and nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rag.explore.picture import dated
from rag.language import say
from rag.records import Citation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.records import Excerpt, Report, Sentence

_SIGNS = {"verbatim": "“”", "supported": "✓", "partly": "≈", "unsupported": "✗", "unclear": "?"}
_ENDS = " .…»”\")'"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to be read sentence by sentence: shows as headings and sentences that open."""

    report: Report

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        return "".join(self._blocks())

    def _lines(self) -> Iterator[str]:
        """Give the headings, each sentence with its verdict, and under it date, title and key of what it cites."""
        excerpts = _excerpts(self.report)
        for section in self.report.sections:
            yield section.heading.line
            for sentence in (*section.author, *section.written):
                yield f"  {_verdict(sentence)}  {' '.join(sentence.text.split())}"
                yield from (f"      {self._known(excerpts[one.key])}" for one in _cited(sentence, excerpts))

    def _blocks(self) -> Iterator[str]:
        excerpts = _excerpts(self.report)
        for section in self.report.sections:
            yield f"<p><b>{escape(section.heading.title)}</b></p>"
            for sentence in (*section.author, *section.written):
                head = f"<code>{escape(_verdict(sentence))}</code> {escape(sentence.text)}"
                cited = [self._excerpt(one, sentence, excerpts[one.key]) for one in _cited(sentence, excerpts)]
                told = sentence.reason and sentence.verdict != "verbatim"
                reason = f"<p><i>{escape(sentence.reason)}</i></p>" if told else ""
                body = f'<div style="margin:.3em 0 .8em 2em">{reason}{"".join(cited)}</div>'
                yield f"<details><summary>{head}</summary>{body}</details>" if cited or reason else f"<p>{head}</p>"

    def _excerpt(self, citation: Citation, sentence: Sentence, excerpt: Excerpt) -> str:
        return (
            f"<p><b>{escape(self._known(excerpt))}</b><br>{_marked(excerpt.text, citation.quote or sentence.text)}</p>"
        )

    def _known(self, excerpt: Excerpt) -> str:
        """Return an excerpt's date, title, page and key."""
        undated = say(self.report.brief.language, es="sin fecha", en="undated")
        page = (f"p. {excerpt.page}",) if excerpt.page else ()
        return " · ".join((dated(excerpt.date, undated), excerpt.title or excerpt.path, *page, f"k:{excerpt.key}"))


def _excerpts(report: Report) -> dict[str, Excerpt]:
    return {one.key: one for entry in report.sources for one in entry.excerpts}


def _cited(sentence: Sentence, excerpts: Mapping[str, Excerpt]) -> list[Citation]:
    """Return the first citation of each excerpt that is known, then what the author's own sentence could cite."""
    named = (*sentence.citations, *map(Citation, sentence.offers))
    first = {citation.key: citation for citation in reversed(named) if citation.key in excerpts}
    return [first[key] for key in dict.fromkeys(citation.key for citation in named) if key in first]


def _verdict(sentence: Sentence) -> str:
    """Return a verdict as a sign and a word, or whose sentence it is."""
    if sentence.kind == "author" and sentence.verdict == "not_checked":
        return "author"
    return f"{_SIGNS.get(sentence.verdict, '–')} {sentence.verdict.replace('_', ' ')}"


def _marked(text: str, words: str) -> str:
    """Return an excerpt in HTML with these words marked, where it holds them."""
    whole, sought = " ".join(text.split()), " ".join(words.split()).rstrip(_ENDS)
    before, found, after = whole.partition(sought) if sought else (whole, "", "")
    return f"{escape(before)}<mark>{escape(found)}</mark>{escape(after)}" if found else escape(whole)
