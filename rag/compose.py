"""A writer's first draft → the checked text: what fails mended once, what is then much too short continued once.

It writes and checks nothing itself. Manuscript and how it is checked → Report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rag.records import Brief, Draft, Evidence
from rag.report import failing
from rag.write import Mender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import CheckedSection, Finding, Report
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


def settled(made: Making, writer: Writer, manuscript: Manuscript, task: Task) -> tuple[Report, Manuscript]:
    """Return the checked text, by a writer that can its failing sentences mended once and what is then much too short
    continued once, and the manuscript it is of. What was found before stays told.
    """
    report, given = made(manuscript), manuscript.drafts
    if not isinstance(writer, Mender):
        return report, manuscript
    told: tuple[Finding, ...] = ()
    faults = failing(report, manuscript.drafts)
    if any(faults):
        told = tuple(one for one in report.findings if any(one.sentence in each for each in faults))
        manuscript = writer.mend(task.brief, task.evidence, manuscript, faults)
        report = made(manuscript, given=given)
    longer = writer.lengthen(task.brief, task.evidence, manuscript, printed=_printed(report))
    if longer.drafts != manuscript.drafts:
        told = (*told, *report.findings)
        added = zip(given, manuscript.drafts, longer.drafts, strict=True)
        given = tuple(
            replace(first, sentences=(*first.sentences, *after.sentences[len(before.sentences) :]))
            for first, before, after in added
        )
        report = made(longer, given=given)
    findings = tuple(dict.fromkeys((*told, *report.findings)))
    return replace(report, findings=findings, cost=longer.cost), longer


def _printed(report: Report) -> tuple[Draft, ...]:
    """Return what is printed of each section that was written."""
    sections = (tuple(one for one in section.written if one.kind == "written") for section in report.sections)
    return tuple(map(Draft, sections))
