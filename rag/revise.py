"""A text written before, as the person left it → the brief to write it again from, and what stays of it.

Sentences the person changed or added are theirs from then on; what they took out is not said again; the others may be
written anew. Of one section written anew, all others stay as they are, byte for byte. It writes nothing.

Text or run, kept runs → Revision.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.brief import read_brief
from rag.errors import RagError
from rag.folder import OUR_TEXT
from rag.language import fold, sentence_spans, tell
from rag.outline import read_headings
from rag.records import CheckedSection, Citation, Heading, OwnSentence, Sentence
from rag.render.markdown import escape, marked, to_markdown
from rag.report import Earlier
from rag.run import RUN, load_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.records import Brief, Report

_REFERENCES = re.compile(r"^#{1,6} (?:Referencias|References)[ \t]*\r?$", re.MULTILINE)
_KEY = re.compile(r"`k:([a-z2-7]{6,})`")
_MARKER = re.compile(r"\[(\d{1,6})\]")
_BLANK = re.compile(r"(\n[^\S\n]*(?:\n[^\S\n]*)+)")
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)", re.MULTILINE)
_NO_PROSE = re.compile(r"\s{0,3}(?:[-*+>|#<]|\d{1,9}[.)]\s|```|~~~| {4})")


@dataclass(frozen=True, slots=True)
class Revision:
    """A brief to write again, and what its earlier writing hands on."""

    brief: Brief
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class _Printed:
    """What a report printed beside its sentences: keys by number, lines of notes, and those on the whole text."""

    keys: Mapping[str, tuple[str, ...]]
    notes: frozenset[str]
    remarks: frozenset[str]
    language: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A section as the person left it: its heading with what is theirs, all that stands there in order (written
    sentences as records, theirs as typed), and its bytes.
    """

    heading: Heading
    prose: tuple[Sentence | OwnSentence, ...]
    body: str


def is_our_text(path: Path) -> bool:
    """Say whether a file is a text that `rag write` printed."""
    try:
        return path.suffix.lower() == ".md" and OUR_TEXT.search(path.read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def revise(path: Path, *, runs: Path, section: str = "") -> Revision:
    """Return what to write again: of a text of ours, edited or not, of a run's folder, or of a brief written before.

    With a `section`, by its title, all others stay as they are. Raises `RagError` where its run is not among the `runs`
    or there is no such section.
    """
    report = _report(path, runs)
    text = path.read_text(encoding="utf-8") if is_our_text(path) else to_markdown(report)
    sections = _sections(text, report, name=path.name)
    brief = replace(report.brief, headings=tuple(one.heading for one in sections))
    typed = any(one.keys for heading in brief.headings for one in heading.own)
    numbers = {entry.source.id: entry.number for entry in report.sources} if section or typed else {}
    excerpts = tuple(excerpt for entry in report.sources for excerpt in entry.excerpts)
    if not section:
        return Revision(brief, Earlier(numbers, excerpts))
    row = _row(section, brief.headings)
    standing = {other: _standing(one, report) for other, one in enumerate(sections) if other != row}
    findings = tuple(one for one in report.findings if one.section != brief.headings[row].title)
    return Revision(brief, Earlier(numbers, excerpts, standing, findings))


def _row(title: str, headings: Sequence[Heading]) -> int:
    """Return the row of the one heading of that title, whatever its case and accents."""
    rows = [row for row, heading in enumerate(headings) if fold(heading.title) == fold(title.strip().lstrip("# "))]
    if len(rows) == 1:
        return rows[0]
    known = " · ".join(heading.title for heading in headings)
    what = (
        tell(
            es="está ahí más de una vez: haz que su título sea distinto",
            en="stands there more than once: make its title differ",
        )
        if rows
        else tell(es=f"no es un epígrafe de ahí; los que hay: {known}", en=f"is no heading there; there are: {known}")
    )
    raise RagError(tell(es=f"--section: «{title}» {what}", en=f"--section: “{title}” {what}"))


# The run it comes from


def _report(path: Path, runs: Path) -> Report:
    """Return the report of a run's folder, of the run a text came from, or of the last run of a brief."""
    if (path / RUN).exists():
        return load_report(path)
    if is_our_text(path):
        keys = set(_KEY.findall(path.read_text(encoding="utf-8").rpartition("\n# ")[2]))
        found = next((report for report in _reports(runs) if keys <= _keys(report)), None)
        remedy = tell(
            es="da la carpeta de su ejecución, o escribe su encargo de nuevo",
            en="give its run's folder instead, or write its brief again",
        )
        said = tell(
            es=f"la ejecución de la que salió este texto no está en {runs}/",
            en=f"the run this text came from is not under {runs}/",
        )
    else:
        lines = [heading.line for heading in read_brief(path).headings]
        found = next((one for one in _reports(runs) if [held.line for held in one.brief.headings] == lines), None)
        remedy = tell(es="escríbelo entero antes", en="write it whole first")
        said = tell(
            es=f"en {runs}/ no hay ninguna ejecución de este encargo", en=f"no run of this brief is under {runs}/"
        )
    if found is None:
        raise RagError(f"{path}: {said}; {remedy}")
    return found


def _reports(runs: Path) -> Iterator[Report]:
    """Give the texts of the kept runs, the newest first."""
    for folder in sorted(runs.glob("*/"), reverse=True):
        with suppress(RagError):
            yield load_report(folder)


def _keys(report: Report) -> set[str]:
    return {excerpt.key for entry in report.sources for excerpt in entry.excerpts}


# What the person made of it


def _sections(text: str, report: Report, *, name: str) -> list[_Section]:
    """Read a text section by section, each against what was printed there."""
    numbers = {excerpt.key: entry.number for entry in report.sources for excerpt in entry.excerpts}
    lines = to_markdown(report).splitlines()
    beside = _Printed(
        {str(entry.number): tuple(one.key for one in entry.excerpts) for entry in report.sources},
        frozenset(line for line in lines if line.startswith(">")),
        frozenset(f"> {escape(line)}" for remark in report.remarks for line in remark.splitlines()),
        report.brief.language,
    )
    waiting = list(report.sections)
    read: list[_Section] = []
    outline = _without_references(text)
    for heading in read_headings(outline, name=name):
        gap, outline = _gap(heading.line, outline)
        same = (one for one in waiting if (one.heading.title, one.heading.level) == (heading.title, heading.level))
        before = next(same, None)
        if before:
            waiting.remove(before)
        printed = {marked(one, numbers): one for one in before.written if one.kind == "written"} if before else {}
        section = _section(heading, before, printed, beside)
        read.append(replace(section, body=gap + section.body))
    return read


def _gap(line: str, text: str) -> tuple[str, str]:
    """Return the blank lines that follow a heading's line, and the text after them."""
    found = re.search(rf"^[ \t]*{re.escape(line.strip())}[ \t]*\n((?:[ \t]*\n)*)", text + "\n", re.MULTILINE)
    return (found[1], text[found.end() :]) if found else ("", text)


def _without_references(text: str) -> str:
    """Return a text without its references, which are written anew."""
    found = list(_REFERENCES.finditer(text))
    return (text[: found[-1].start()] if found else text).replace("\r\n", "\n")


def _section(
    heading: Heading, before: CheckedSection | None, printed: Mapping[str, Sentence], beside: _Printed
) -> _Section:
    """Tell the person's words in a section from what was printed there.

    Leading paragraphs that hold neither a written sentence nor a marker of ours are the author's text.
    """
    author, body = "", ""
    prose: list[Sentence | OwnSentence] = []
    for gap, block in _blocks(heading.author_text):
        if stays := _less(block, beside.remarks):
            body += gap * bool(body) + stays
        left = _less(block, beside.notes)
        pieces = list(_pieces(left, printed)) if left else []
        ours = any(isinstance(one, Sentence) for one in pieces) or bool(_cited(left, beside.keys))
        if pieces and not prose and not ours:
            author += gap * bool(author) + left
            continue
        for place, piece in enumerate(pieces):
            prose += [piece] if isinstance(piece, Sentence) else _own(piece, beside, opens=not place)
    standing = [one for one in prose if isinstance(one, Sentence)]
    removed = (one.text for one in printed.values() if one not in standing)
    known = before.heading.removed if before else ()
    theirs = replace(
        before.heading if before else heading,
        author_text=author,
        own=_placed(prose, len(standing)),
        removed=tuple(dict.fromkeys((*known, *removed))),
    )
    return _Section(theirs, tuple(prose), body)


def _less(block: str, lines: frozenset[str]) -> str:
    """Return a block without these lines; nothing where only space is left."""
    left = "\n".join(line for line in block.split("\n") if line.strip() not in lines)
    return left if left.strip() else ""


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    """Give what stands between blank lines, each with the gap before it; a block of code is one."""
    gap, held = "", ""
    for place, piece in enumerate(_BLANK.split(body)):
        if place % 2 and not held:
            gap = piece
        elif place % 2 or len(_FENCE.findall(held + piece)) % 2:
            held += piece
        else:
            yield gap, held + piece
            gap, held = "", ""
    if held:
        yield gap, held


def _pieces(block: str, printed: Mapping[str, Sentence]) -> Iterator[Sentence | str]:
    """Part a block into the written sentences that stand in it, however wrapped, and the words between them."""
    spans: list[tuple[int, int, Sentence]] = []
    for words, sentence in sorted(printed.items(), key=lambda item: -len(item[0])):
        pattern = r"(?<!\S)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\S)"
        found = re.search(pattern, block)
        if found and not any(start < found.end() and found.start() < end for start, end, _ in spans):
            spans.append((found.start(), found.end(), sentence))
    done = 0
    for start, end, sentence in sorted(spans, key=lambda span: span[0]):
        if between := block[done:start].strip():
            yield between
        yield sentence
        done = end
    if rest := (block[done:].strip() if spans else block):
        yield rest


def _own(words: str, beside: _Printed, *, opens: bool) -> list[OwnSentence]:
    """Return words of the person's sentence by sentence, what is no running text as one."""
    whole = _NO_PROSE.match(words) is not None
    spans = ((0, len(words)),) if whole else sentence_spans(words, beside.language)
    return [
        OwnSentence(words[a:b], _cited(words[a:b], beside.keys), opens_paragraph=opens and not place)
        for place, (a, b) in enumerate(spans)
    ]


def _cited(words: str, keys: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(key for number in dict.fromkeys(_MARKER.findall(words)) for key in keys.get(number, ()))


def _placed(prose: Sequence[Sentence | OwnSentence], standing: int) -> tuple[OwnSentence, ...]:
    """Return the person's sentences, each with the share of the written ones that stands before it."""
    own: list[OwnSentence] = []
    passed = 0
    for one in prose:
        if isinstance(one, Sentence):
            passed += 1
        else:
            own.append(replace(one, place=round(passed / standing, 4) if standing else 0.0))
    return tuple(own)


# What stays


def _standing(section: _Section, report: Report) -> CheckedSection:
    """Return a section that stays as it is: the one written before, or what the person made of it."""
    headings = [one.heading for one in report.sections]
    lines = [(one.line, one.author_text) for one in headings]
    if not section.heading.own and (section.heading.line, section.heading.author_text) in lines:
        before = report.sections[lines.index((section.heading.line, section.heading.author_text))]
        if section.prose == before.written:
            return before
    before_ = next((one for one in report.sections if one.heading.title == section.heading.title), None)
    written = tuple(
        one
        if isinstance(one, Sentence)
        else Sentence(one.text, "author", tuple(map(Citation, one.keys)), opens_paragraph=one.opens_paragraph)
        for one in section.prose
    )
    evidence = before_.evidence if before_ else ()
    carried = before_.supportable_words if before_ else 0
    return CheckedSection(
        section.heading, (), written, evidence=evidence, supportable_words=carried, body=section.body
    )  # fmt: skip
