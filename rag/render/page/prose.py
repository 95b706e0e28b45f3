"""The text itself: headings, the author's words, what was written, notes. Report → HTML of its sections."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from rag.outline import without_markers
from rag.render.page.apparatus import place_id
from rag.render.page.markup import NOTHING, Html, joined, tag, text
from rag.render.page.signs import verdict_line, verdict_sign
from rag.render.wording import closing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.records import CheckedSection, Finding, Report, Sentence
    from rag.render.page.apparatus import Apparatus

BEGINNING = 6
"""Words that tell a sentence from its neighbours."""
LOWEST = 6
"""The lowest level of heading that HTML has."""

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LINE_END = re.compile(r"(?:[^\S\n]{2,}|\\)?\n(?=[^\S\n]*(?:[-*+>|]|\d+[.)])[^\S\n])|(?:[^\S\n]{2,}|\\)\n")
"""A line's end that the author meant: before the item of a list, after two spaces or a backslash."""
_EMPHASES = (
    (re.compile(r"(?<![`\w])`([^`<>]+)`(?![`\w])"), "code"),
    (re.compile(r"(?<![*\w\\])\*\*(?=[^\s*])([^*<>]*[^\s*])\*\*(?![*\w])"), "strong"),
    (re.compile(r"(?<![*\w\\])\*(?=[^\s*])([^*<>]*[^\s*])\*(?![*\w])"), "em"),
)


def prose(report: Report, apparatus: Apparatus, told: Mapping[int, tuple[Finding, ...]]) -> Html:
    """Return all sections in order, then what concerns the whole text."""
    levels = _levels([section.heading.level for section in report.sections])
    sections = [
        _section(place, section, level, apparatus, told.get(place, ()))
        for place, (section, level) in enumerate(zip(report.sections, levels, strict=True))
    ]
    remarks = [text(line) for remark in report.remarks for line in remark.splitlines()]
    return joined([*sections, _notes(remarks, "remarks")])


def _levels(levels: Sequence[int]) -> list[int]:
    """Return the levels in HTML, below the page's own title: none is skipped on the way down."""
    top, found = min(levels, default=1), [1]
    for level in levels:
        found.append(min(level - top + 2, found[-1] + 1, LOWEST))
    return found[1:]


def _section(place: int, section: CheckedSection, level: int, apparatus: Apparatus, told: Sequence[Finding]) -> Html:
    heading = section.heading
    id_ = f"h{place}"
    blocks = [tag(f"h{level}", text(heading.title), id=id_, class_=f"level-{level}")]
    if heading.author_text:
        blocks.append(_author(place, section, apparatus))
    blocks += _paragraphs(place, section.written, apparatus)
    notes = [text(line) for line in section.note.splitlines() if line.strip()]
    notes += _offers(place, section.author, apparatus)
    notes += [_told(place_id("n", place, row), finding, apparatus) for row, finding in enumerate(told)]
    return tag("section", *blocks, _notes(notes, "notes"), aria_labelledby=id_)


def _notes(lines: Sequence[Html], class_: str) -> Html:
    return tag("ul", *(tag("li", line) for line in lines), class_=class_) if lines else NOTHING


# The author's text


def _author(place: int, section: CheckedSection, apparatus: Apparatus) -> Html:
    """Return the author's text as typed, marked as the author's, with its verdicts where any were given."""
    unchecked = all(sentence.verdict == "not_checked" for sentence in section.author)
    label = apparatus.say(es="Texto del autor", en="The author’s text")
    if unchecked:
        label += apparatus.say(es=", sin comprobar", en=", not checked")
    sentences = list(enumerate(section.author))
    paragraphs = [
        tag("p", _author_paragraph(place, paragraph, sentences, apparatus))
        for paragraph in _BLANK.split(section.heading.author_text)
        if paragraph.strip()
    ]
    return tag(
        "div", tag("p", text(label), class_="whose"), *paragraphs, class_="author", role="group", aria_label=label
    )


def _author_paragraph(place: int, paragraph: str, sentences: list[tuple[int, Sentence]], apparatus: Apparatus) -> Html:
    """Return a paragraph of the author's; the sentences found in it are taken off the list."""
    pieces: list[Html] = []
    at = 0
    while sentences and (start := paragraph.find(sentences[0][1].text, at)) >= 0:
        row, sentence = sentences.pop(0)
        end = start + len(sentence.text)
        sign = verdict_sign(sentence.verdict, apparatus.language) if sentence.verdict != "not_checked" else NOTHING
        body = joined([_lines(paragraph, start, end), sign])
        pieces += [_lines(paragraph, at, start), _sentence(place_id("a", place, row), sentence, body, apparatus)]
        at = end
    return joined([*pieces, _lines(paragraph, at, len(paragraph))])


def _lines(paragraph: str, start: int, end: int) -> Html:
    """Return a part of a paragraph with the line ends that are meant."""
    lines, at = [], start
    for match in _LINE_END.finditer(paragraph, start):
        if match.start() >= end:
            break
        lines.append(paragraph[at : match.start()])
        at = match.end()
    lines.append(paragraph[at:end])
    return Html("<br>".join(_emphasised(text(line.replace("\n", " "))) for line in lines))


def _emphasised(words: Html) -> Html:
    """Return the author's words with what they set in italics, bold or as code; other Markdown stays as typed."""
    for pattern, element in _EMPHASES:
        words = Html(pattern.sub(rf"<{element}>\1</{element}>", words))
    return words


def _offers(place: int, author: Sequence[Sentence], apparatus: Apparatus) -> Iterator[Html]:
    """Say which sources the author's own sentences could cite; one among several is told by its first words."""
    for row, sentence in enumerate(author):
        if markers := apparatus.markers(sentence.offers, by=place_id("a", place, row)):
            words = beginning(sentence.text) if author[1:] else ""
            whose = apparatus.say(
                es=f"La frase «{words}», del autor," if words else "La frase inicial, del autor,",
                en=f"The author’s sentence “{words}”" if words else "The opening sentence, the author’s,",
            )
            says = apparatus.say(
                es=" dice lo mismo que una fuente: puede citarse ", en=" says what a source says: it may cite "
            )
            yield joined([text(whose), text(says), markers, text(".")])


# What was written


def _paragraphs(place: int, written: Sequence[Sentence], apparatus: Apparatus) -> list[Html]:
    paragraphs: list[list[Html]] = []
    for row, sentence in zip(count(), written, strict=False):
        if sentence.opens_paragraph or not paragraphs:
            paragraphs.append([])
        id_ = place_id("s", place, row)
        paragraphs[-1].append(_sentence(id_, sentence, _cited(sentence, id_, apparatus), apparatus))
    return [tag("p", joined(paragraph, " ")) for paragraph in paragraphs]


def _cited(sentence: Sentence, id_: str, apparatus: Apparatus) -> Html:
    """Return a sentence with its markers before its closing punctuation, after a closing quotation mark; a line never
    begins with any of these.
    """
    own = sentence.kind == "author"
    words = (without_markers(sentence.text) if own else sentence.text).strip()
    markers = apparatus.markers((citation.key for citation in sentence.citations), by=id_)
    body, end = closing(words) if markers else (words, "")
    sign = verdict_sign(sentence.verdict, apparatus.language)
    held = tag("span", Html("&nbsp;") if markers else NOTHING, markers, text(end), sign, class_="end")
    return joined([_emphasised(text(body)) if own else text(body), held])


def _sentence(id_: str, sentence: Sentence, body: Html, apparatus: Apparatus) -> Html:
    said = verdict_line(sentence, apparatus.language)
    whose = "sentence own" if sentence.kind == "author" else "sentence"
    return tag("span", body, class_=whose, id=id_, data_verdict=sentence.verdict, data_said=said)


def _told(id_: str, finding: Finding, apparatus: Apparatus) -> Html:
    """Say what a reader should know of a sentence that stands, with the sources that say otherwise."""
    words, reason = beginning(finding.sentence), finding.reason.rstrip(".")
    told = apparatus.say(es=f"Sobre «{words}»: {reason}", en=f"On “{words}”: {reason}")
    markers = apparatus.markers(finding.offer, by=id_)
    body = joined([text(told), Html(" ") if markers else NOTHING, markers, text(".")])
    return tag("span", body, class_="sentence", id=id_, data_verdict=finding.verdict, data_said=reason)


def beginning(words: str) -> str:
    """Return the first words of a sentence."""
    held = words.split()
    return " ".join(held[:BEGINNING]) + " …" if held[BEGINNING:] else " ".join(held).rstrip(".")
