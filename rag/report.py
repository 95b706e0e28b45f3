"""Drafts → the checked report: edited, every sentence checked, what fails left out and named, sources numbered.

Writes nothing and asks no model; the checks are `rag.verify`'s.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.edit import edit
from rag.facts.disagree import disagreement_finding, disagreements
from rag.facts.stale import section_age, stale_findings
from rag.orders import order_remarks
from rag.outline import without_markers
from rag.records import (
    Brief,
    CheckedSection,
    Citation,
    Draft,
    Evidence,
    Excerpt,
    Finding,
    Heading,
    NumberedSource,
    OwnSentence,
    Report,
    Sentence,
)
from rag.remarks import text_remarks, told_removed
from rag.verify import Checked, check_author, check_sentence, coverage, judge_meaning
from rag.verify.control import control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from rag.verify.support import Judge
    from rag.write import Manuscript

_MARKER = re.compile(r"\[(\d{1,6})\]")


@dataclass(frozen=True, slots=True)
class Checking:
    """How a text is checked. Meaning by a `judge`, where there is one; a sentence it doubts is removed where
    `remove_doubtful` is set, else flagged. Age is counted in years from a `day`; None: it is not told.
    """

    judge: Judge | None = None
    remove_doubtful: bool = False
    day: date | None = None
    recent_years: float = 3.0
    old_years: float = 5.0


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier writing hands on to the next: the numbers of its sources by their ids, the excerpts it cites, and
    by row the sections that stay as they are, with what was found of them.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    excerpts: tuple[Excerpt, ...] = ()
    standing: Mapping[int, CheckedSection] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def make_report(
    brief: Brief,
    evidence: Sequence[Evidence],
    manuscript: Manuscript,
    *,
    offers: Sequence[Excerpt] = (),
    checking: Checking | None = None,
    given: Sequence[Draft] = (),
    earlier: Earlier | None = None,
) -> Report:
    """Return the checked text of a manuscript. `offers` are excerpts the author's own sentences may be found to say;
    `given` the drafts before they were mended, against which what was removed is counted; `earlier` is what an earlier
    writing hands on.
    """
    report = check(
        brief, evidence, manuscript.drafts, offers=offers, checking=checking, given=given, earlier=earlier
    )  # fmt: skip
    aside = order_remarks(evidence, language=brief.language)
    remarks = (*text_remarks(report, digest=manuscript.digest), *aside)
    return replace(report, cost=manuscript.cost, digest=manuscript.digest, remarks=remarks)


def check(
    brief: Brief,
    evidence: Sequence[Evidence],
    drafts: Sequence[Draft],
    *,
    offers: Sequence[Excerpt] = (),
    checking: Checking | None = None,
    given: Sequence[Draft] = (),
    earlier: Earlier | None = None,
) -> Report:
    """Check every sentence against what it cites, leave out those that fail, and number the sources by first use.

    `offers` are excerpts the author's own sentences may be found to say; `given` the drafts before they were mended.
    Sections that stand from an `earlier` writing are neither checked nor changed, and its sources keep their numbers.
    """
    how, before = checking or Checking(), earlier or Earlier()
    found_now = (excerpt for section in evidence for excerpt in section.excerpts)
    excerpts = {excerpt.key: excerpt for excerpt in (*before.excerpts, *offers, *found_now)}
    sections: list[CheckedSection] = []
    fit, left_out = edit(brief, drafts, excerpts)
    findings = [*before.findings, *left_out]
    for row, (section, first, draft) in enumerate(zip(evidence, given or drafts, fit, strict=True)):
        if row in before.standing:
            sections.append(before.standing[row])
            continue
        checked, found = _checked(brief, section, draft, excerpts, how, removed=len(first.sentences))
        findings += found
        sections.append(checked)
    prose = [sentence for section in sections for sentence in section.written]
    written = tuple(sentence for sentence in prose if sentence.kind == "written")
    own = [sentence for sentence in prose if sentence.kind == "author"]
    return Report(
        brief,
        tuple(sections),
        _numbered(sections, excerpts, findings, _numbers(brief, before.numbers), before),
        tuple(findings),
        coverage(written),
        coverage((*(sentence for section in sections for sentence in section.author), *own)),
        control=control(written, excerpts=excerpts, language=brief.language),
    )


def failing(report: Report, drafts: Sequence[Draft]) -> tuple[dict[str, str], ...]:
    """Return for each section of the drafts the sentences that failed, with why: those left out and those in doubt."""
    return tuple(
        _faults(section, draft, report.findings) for section, draft in zip(report.sections, drafts, strict=True)
    )


def _faults(section: CheckedSection, draft: Draft, findings: Sequence[Finding]) -> dict[str, str]:
    reasons: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.section == section.heading.title and finding.verdict == "unsupported":
            reasons.setdefault(finding.sentence, {})[finding.reason] = None
    stand = {sentence.text for sentence in section.written if sentence.verdict != "unsupported"}
    texts = [sentence.text for sentence in draft.sentences if sentence.text not in stand]
    return {text: "; ".join(reasons[text]) for text in texts if text in reasons}


def _checked(
    brief: Brief, section: Evidence, draft: Draft, excerpts: Mapping[str, Excerpt], how: Checking, *, removed: int
) -> tuple[CheckedSection, list[Finding]]:
    """Check one section; `removed` sentences were given, of which those that fail are counted in its note."""
    heading, language = section.heading, brief.language
    author = check_author(heading.author_text, excerpts=tuple(excerpts.values()), language=language)
    known = (brief.topic, heading.title)
    results = tuple(
        check_sentence(each, section=heading.title, excerpts=excerpts, language=language, known=known)
        for each in draft.sentences
    )
    if how.judge:
        results = judge_meaning(results, how.judge, section=heading.title, excerpts=excerpts, language=language)
    kept = tuple(result.sentence for result in results if _stays(result, how))
    later = _own(heading, how, excerpts, language)
    own = (*(result.sentence for result in author), *(result.sentence for result in later))
    findings = [finding for result in (*author, *later, *results) for finding in result.findings]
    findings += _differing(section, (*own, *kept), excerpts, language)
    findings += _outdated(heading.title, kept, excerpts, how, language)
    cited = [excerpts[citation.key] for each in kept for citation in each.citations if citation.key in excerpts]
    age = section_age(cited, day=how.day, years=how.old_years, language=language) if how.day else ""
    note = " ".join(filter(None, (draft.note, told_removed(removed - len(kept), language), age)))
    theirs = tuple(result.sentence for result in author)
    prose = _woven(kept, heading.own, [result.sentence for result in later])
    supportable = section.supportable_words
    return CheckedSection(heading, theirs, prose, note, section.excerpts, supportable), findings


def _own(heading: Heading, how: Checking, excerpts: Mapping[str, Excerpt], language: str) -> tuple[Checked, ...]:
    """Check the sentences a person put among the written ones: what they cite is checked, and they stay whatever is
    found; what cites nothing is offered what says the same.
    """
    checked: list[Checked] = []
    for one in heading.own:
        plain = without_markers(one.text)
        sentence = Sentence(plain, citations=tuple(map(Citation, one.keys)))
        if one.keys:
            done = check_sentence(sentence, section=heading.title, excerpts=excerpts, language=language)
            if how.judge:
                (done,) = judge_meaning(
                    [done], how.judge, section=heading.title, excerpts=excerpts, language=language
                )  # fmt: skip
        else:
            offered = check_author(plain, excerpts=tuple(excerpts.values()), language=language)
            done = offered[0] if len(offered) == 1 else Checked(sentence)
        as_typed = replace(done.sentence, text=one.text, kind="author", opens_paragraph=one.opens_paragraph)
        checked.append(replace(done, sentence=as_typed))
    return tuple(checked)


def _woven(written: Sequence[Sentence], places: Sequence[OwnSentence], own: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the written sentences with the person's among them, each after its share of what is written."""
    prose: list[Sentence] = []
    waiting = list(zip((round(one.place * len(written)) for one in places), own, strict=True))
    for count in range(len(written) + 1):
        while waiting and waiting[0][0] <= count:
            prose.append(waiting.pop(0)[1])
        prose += written[count : count + 1]
    return tuple(prose)


def _stays(result: Checked, how: Checking) -> bool:
    """Say whether a sentence is printed: not where a check refutes it; a judge's doubt removes it by setting."""
    return result.sentence.verdict != "unsupported" or (result.judged and not how.remove_doubtful)


def _differing(
    section: Evidence, sentences: Sequence[Sentence], excerpts: Mapping[str, Excerpt], language: str
) -> list[Finding]:
    """Find figures that another source of the section gives otherwise."""
    title, evidence = section.heading.title, section.excerpts
    return [
        disagreement_finding(each, section=title, language=language)
        for sentence in sentences
        for each in disagreements(sentence, excerpts=excerpts, evidence=evidence, language=language)
    ]


def _outdated(
    title: str, sentences: Sequence[Sentence], excerpts: Mapping[str, Excerpt], how: Checking, language: str
) -> list[Finding]:
    """Find words of today over old evidence."""
    if how.day is None:
        return []
    return [
        finding
        for sentence in sentences
        for finding in stale_findings(
            sentence, excerpts=excerpts, day=how.day, years=how.recent_years, section=title, language=language
        )
    ]


def notable(section: CheckedSection, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what a reader of a section should know of its sentences though they stand: that another source gives
    another figure, that the evidence is old, that the meaning is doubtful.
    """
    texts = {sentence.text for sentence in (*section.author, *section.written)}
    return tuple(
        finding
        for finding in findings
        if finding.section == section.heading.title
        and finding.sentence in texts
        and finding.check in {"number", "date", "meaning"}
        and finding.verdict in {"partly", "unsupported"}
    )


def _numbers(brief: Brief, earlier: Mapping[str, int]) -> Callable[[str], int]:
    """Return what gives a source its number: the one it had earlier, else the next after all that are taken or typed
    by the author.
    """
    texts = [text for h in brief.headings for text in (h.author_text, *(one.text for one in h.own))]
    typed = (int(number) for text in texts for number in _MARKER.findall(text))
    free = itertools.count(max((*typed, *earlier.values()), default=0) + 1)
    given = dict(earlier)

    def number(source: str) -> int:
        if source not in given:
            given[source] = next(free)
        return given[source]

    return number


def _numbered(
    sections: Sequence[CheckedSection],
    excerpts: Mapping[str, Excerpt],
    findings: Sequence[Finding],
    number: Callable[[str], int],
    earlier: Earlier,
) -> tuple[NumberedSource, ...]:
    """Give sources their numbers by first use: a section's written sentences, then what is offered to its author, then
    those that say otherwise. What a person left as it is cites what its markers name.
    """
    used: dict[str, dict[str, Excerpt]] = {}
    for section in sections:
        keys = [citation.key for sentence in section.written for citation in sentence.citations]
        keys += [key for sentence in section.written for key in sentence.offers]
        typed = set(_MARKER.findall(section.body))
        keys += [each.key for each in earlier.excerpts if str(earlier.numbers.get(each.source.id)) in typed]
        keys += [key for sentence in section.author for key in sentence.offers]
        keys += [key for one in notable(section, findings) for key in one.offer if key in excerpts]
        for key in keys:
            used.setdefault(excerpts[key].source.id, {})[key] = excerpts[key]
    numbered = [
        NumberedSource(number(source), next(iter(held.values())).source, tuple(held.values()))
        for source, held in used.items()
    ]
    return tuple(sorted(numbered, key=lambda entry: entry.number))
