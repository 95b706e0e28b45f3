"""A writer's first draft → the checked text: what fails mended once, what is then much too short continued once, and
where nothing stands, what another writer says.

It writes and checks nothing itself. Manuscript and how it is checked → Report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rag.records import Brief, Draft, Evidence
from rag.report import failing
from rag.write import Mender, notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import CheckedSection, Report, Sentence
    from rag.report import Earlier
    from rag.write import Manuscript, Writer


class Making(Protocol):
    """Checks a manuscript; `given` are the drafts before any was mended or continued."""

    def __call__(self, manuscript: Manuscript, *, given: Sequence[Draft] = ()) -> Report:
        """Return the checked text."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a writer is given: a brief, and the evidence of each heading."""

    brief: Brief
    evidence: tuple[Evidence, ...]


def task_beside(brief: Brief, evidence: Sequence[Evidence], earlier: Earlier) -> Task:
    """Return what is to be written beside what stands from an earlier writing: that counts as said by the author, and
    nothing is written there.
    """
    rows = tuple(
        _done(one, earlier.standing[row]) if row in earlier.standing else one for row, one in enumerate(evidence)
    )
    return Task(replace(brief, headings=tuple(row.heading for row in rows)), rows)


def _done(evidence: Evidence, section: CheckedSection) -> Evidence:
    said = "\n\n".join(filter(None, (section.heading.author_text, *(one.text for one in section.written))))
    return Evidence(replace(evidence.heading, author_text=said, own=(), words=0), ())


def settled(
    made: Making, writer: Writer, manuscript: Manuscript, task: Task, *, stand_in: Writer | None = None
) -> tuple[Report, Manuscript]:
    """Return the checked text and the manuscript it is of. By a writer that can, failing sentences are mended once, and
    what is then much too short is continued once; what that adds in doubt is padding, and goes. A section of which
    nothing stands is left to the `stand_in`. What was found before stays told.
    """
    text = _Text(made(manuscript), manuscript, manuscript.drafts)
    if not isinstance(writer, Mender):
        return text.report, manuscript
    text = _mended(made, writer, text, task)
    text = _lengthened(made, writer, text, task)
    if stand_in:
        text = _stood_in(made, stand_in, text, task)
    return text.report, text.manuscript


@dataclass(frozen=True, slots=True)
class _Text:
    """A manuscript as checked, and the drafts as they were given before anything was taken out."""

    report: Report
    manuscript: Manuscript
    given: tuple[Draft, ...]

    def again(self, made: Making, manuscript: Manuscript, given: Sequence[Draft]) -> _Text:
        """Return the text with another manuscript; what was found before stays told."""
        report = made(manuscript, given=given)
        findings = tuple(dict.fromkeys((*self.report.findings, *report.findings)))
        return _Text(replace(report, findings=findings, cost=manuscript.cost), manuscript, tuple(given))


def _mended(made: Making, writer: Mender, text: _Text, task: Task) -> _Text:
    """Have what fails written anew; of what was found, that is told which was asked about."""
    faults = failing(text.report, text.manuscript.drafts)
    if not any(faults):
        return text
    told = tuple(one for one in text.report.findings if any(one.sentence in each for each in faults))
    asked = replace(text, report=replace(text.report, findings=told))
    return asked.again(made, writer.mend(task.brief, task.evidence, text.manuscript, faults), text.given)


def _lengthened(made: Making, writer: Mender, text: _Text, task: Task) -> _Text:
    """Have what is much too short continued; keep of it what the checks do not doubt."""
    before = text.manuscript.drafts
    longer = writer.lengthen(task.brief, task.evidence, text.manuscript, printed=_printed(text.report))
    if longer.drafts == before:
        return replace(text, report=replace(text.report, cost=longer.cost), manuscript=longer)
    added = tuple(after.sentences[len(first.sentences) :] for first, after in zip(before, longer.drafts, strict=True))
    given = _with_more(text.given, added)
    tried = text.again(made, longer, given)
    sure = tuple(
        tuple(one for one in new if one.text not in _doubted(section))
        for new, section in zip(added, tried.report.sections, strict=True)
    )
    if sure == added:
        return tried
    return tried.again(made, replace(longer, drafts=_with_more(before, sure, under=longer.drafts)), given)


def _doubted(section: CheckedSection) -> set[str]:
    return {one.text for one in section.written if one.verdict in {"unsupported", "unclear"}}


def _stood_in(made: Making, stand_in: Writer, text: _Text, task: Task) -> _Text:
    """Fill sections that the writer was asked for and of which nothing stands, beside all that does; not those on which
    it found nothing to say, which is an answer.
    """
    silence = notes.nothing_new(task.brief.language)
    asked = {exchange.section for exchange in text.manuscript.exchanges}
    sections, drafts = text.report.sections, text.manuscript.drafts
    empty = {
        row
        for row, (section, one) in enumerate(zip(sections, task.evidence, strict=True))
        if one.excerpts
        and one.heading.title in asked
        and drafts[row].note != silence
        and not any(each.kind == "written" for each in section.written)
    }
    if not empty:
        return text
    rows = tuple(one if row in empty else _done(one, sections[row]) for row, one in enumerate(task.evidence))
    brief = replace(task.brief, headings=tuple(one.heading for one in rows))
    new = stand_in.write(brief, rows).drafts
    filled = {row for row in empty if new[row].sentences}
    theirs = notes.stood_in(brief.language)
    both = tuple(
        replace(new[row], note=" ".join(filter(None, (draft.note, theirs)))) if row in filled else draft
        for row, draft in enumerate(drafts)
    )
    given = _with_more(text.given, [new[row].sentences if row in filled else () for row in range(len(drafts))])
    return text.again(made, replace(text.manuscript, drafts=both), given) if filled else text


def _with_more(
    drafts: Sequence[Draft], added: Sequence[Sequence[Sentence]], *, under: Sequence[Draft] = ()
) -> tuple[Draft, ...]:
    """Return drafts with sentences after theirs, under the notes of others where these are given."""
    return tuple(
        replace(draft, sentences=(*draft.sentences, *new), note=other.note)
        for draft, new, other in zip(drafts, added, under or drafts, strict=True)
    )


def _printed(report: Report) -> tuple[Draft, ...]:
    """Return what is printed of each section that was written."""
    sections = (tuple(one for one in section.written if one.kind == "written") for section in report.sections)
    return tuple(map(Draft, sections))
