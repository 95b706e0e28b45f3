"""A checked report → Markdown: the brief's headings and author's text as typed, then what was written, then sources.

Markers, numbers, dates and links come from the records; every word of a source or a model is escaped, so that it can
make none of them. It checks nothing, drops no sentence and adds no claim. Report -> str, the same bytes every time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.language import say
from rag.render.published import published
from rag.render.wording import OFFER_WORDS, address, authors, beginning, closing, pages, quoted, shown, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.records import CheckedSection, Finding, NumberedSource, Report, Sentence

_BREAKS = re.compile(r"\s*[\x00-\x08\n-\x1f\x7f\x85\u2028\u2029]\s*")
_ACTIVE = re.compile(
    r"""
    [\\`\[\]|]                                  # escapes, code, markers and links, tables: always
    | \*(?!\s) | (?<![^\W_])_                   # what can open an emphasis: not "2 * 3", not inside a word
    | ~(?=~) | (?<=\S)~                         # strike-through and subscripts, not "~500"
    | <(?=[A-Za-z/!?])                          # HTML and links
    | &(?=\#?\w+;)                              # entities
    | (?<=:)/(?=/) | (?<=\bwww)\.               # bare addresses, which some renderers turn into links
    | \A(?:>|\#(?![^\s\#.])|[-+*:~](?!\S)|-(?=-)|=(?=[=\s]|\Z))  # what acts at the beginning of a line
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBERED = re.compile(r"\A([0-9]{1,9})([.)])(?!\S)")


def to_markdown(report: Report) -> str:
    """Return the text with its references under a last heading at the brief's top level."""
    language = report.brief.language
    numbers = {excerpt.key: entry.number for entry in report.sources for excerpt in entry.excerpts}
    blocks = [block for section in report.sections for block in _section(section, numbers, report.findings, language)]
    blocks += _quoted(escape(line) for remark in report.remarks for line in remark.splitlines())
    top = min((section.heading.level for section in report.sections), default=1)
    blocks.append("#" * top + " " + say(language, es="Referencias", en="References"))
    blocks += [_reference(entry, shown(entry.excerpts, report.sections), language) for entry in report.sources]
    if not report.sources:
        blocks += _quoted([say(language, es="No se cita ninguna fuente.", en="No source is cited.")])
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    r"""Return the text on one line, with a backslash before each character that Markdown would act on there.

    >>> escape("la tabla [3] de snake_case (p < 0.05) y <b>")
    'la tabla \\[3\\] de snake_case (p < 0.05) y \\<b>'
    """
    line = _ACTIVE.sub(r"\\\g<0>", _BREAKS.sub(" ", text).strip())
    return _NUMBERED.sub(r"\1\\\2", line)


def _section(
    section: CheckedSection, numbers: Mapping[str, int], findings: Sequence[Finding], language: str
) -> list[str]:
    """Return the blocks of a section: the brief's own, the paragraphs, the notes."""
    from rag.report import notable  # with all checks, which showing what a search found does not need

    heading = section.heading
    told = [_told(finding, numbers, language) for finding in notable(section, findings)]
    own = (*section.author, *(one for one in section.written if one.kind == "author"))
    paragraphs: list[list[str]] = []
    for sentence in section.written:
        if sentence.opens_paragraph or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(marked(sentence, numbers))
    if section.body:
        return [f"{heading.line}\n{section.body}"]
    return [
        f"{heading.line}\n{heading.author_text}" if heading.author_text else heading.line,
        *(" ".join(paragraph) for paragraph in paragraphs),
        *_quoted([*map(escape, section.note.splitlines()), *_offers(own, numbers, language), *told]),
    ]


def marked(sentence: Sentence, numbers: Mapping[str, int]) -> str:
    """Return a sentence with its markers before its closing punctuation, after a closing quotation mark; the author's
    as typed.
    """
    if sentence.kind == "author":
        return sentence.text
    markers = _markers((citation.key for citation in sentence.citations), numbers)
    if not markers:
        return escape(sentence.text)
    text = sentence.text.strip()
    body, end = closing(text)
    return f"{escape(body)} {markers}{end}".lstrip()


def _markers(keys: Iterable[str], numbers: Mapping[str, int]) -> str:
    """Return one bracket for each source, in ascending order; a key that no source has gets none."""
    return "".join(f"[{number}]" for number in sorted({numbers[key] for key in keys if key in numbers}))


def _offers(author: Sequence[Sentence], numbers: Mapping[str, int], language: str) -> Iterator[str]:
    """Say which sources the author's own sentences could cite; one among several is quoted by its first words."""
    for sentence in author:
        if markers := _markers(sentence.offers, numbers):
            words = escape(beginning(sentence.text, OFFER_WORDS)) if author[1:] else ""
            yield _offer(words, markers, language)


def _offer(words: str, markers: str, language: str) -> str:
    sources = markers.strip("[]").replace("][", ", ")
    if language == "es":
        whose = f"La frase «{words}», del autor," if words else "La frase inicial, del autor,"
        which, may = ("las fuentes", "pueden") if "," in sources else ("la fuente", "puede")
        return f"{whose} dice lo mismo que {which} {sources}: {may} citarse {markers}."
    whose = f"The author's sentence “{words}”" if words else "The opening sentence, the author's,"
    which = "sources" if "," in sources else "source"
    return f"{whose} says the same as {which} {sources}: {markers} can be cited."


def _told(finding: Finding, numbers: Mapping[str, int], language: str) -> str:
    """Say what a reader should know of a sentence that stands, with the sources that say otherwise."""
    words, reason = escape(beginning(finding.sentence, OFFER_WORDS)), escape(finding.reason.rstrip("."))
    markers = f" {_markers(finding.offer, numbers)}".rstrip()
    return say(language, es=f"Sobre «{words}»: {reason}{markers}.", en=f"On “{words}”: {reason}{markers}.")


def _quoted(lines: Iterable[str]) -> list[str]:
    """Return a block of notes, none where there are no lines."""
    noted = [f"> {line.strip()}" for line in lines if line.strip()]
    return ["\n".join(noted)] if noted else []


def _reference(entry: NumberedSource, words: str, language: str) -> str:
    """Return a source's line: what it is, some words of it, the keys of all excerpts cited."""
    source = entry.source
    known = (
        escape(authors(source)),
        escape(title(source, language)),
        escape(source.journal),
        escape(published(source, language)),
        f"<{address(source)}>" if address(source) else escape(source.url.strip()),
        pages(entry.excerpts),
    )
    line = f"[{entry.number}] {', '.join(filter(None, known))}"
    if not entry.excerpts:
        return line
    keys = " ".join(f"`k:{excerpt.key}`" for excerpt in entry.excerpts)
    return f"{line}: {escape(quoted(words, language))} {keys}"
