"""Drafts → the checked report: edited, every sentence checked, what fails left out and named, sources numbered.

Writes nothing and asks no model; the checks are `rag.verify`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.edit import edit
from rag.facts.disagree import disagreement_finding, disagreements
from rag.facts.stale import section_age, stale_findings
from rag.language import say
from rag.orders import order_remarks
from rag.records import Brief, CheckedSection, Draft, Evidence, Excerpt, Finding, NumberedSource, Report, Sentence
from rag.verify import check_author, check_sentence, coverage, judge_meaning, section_words
from rag.verify.control import control

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rag.verify import Checked
    from rag.verify.support import Judge
    from rag.write import Manuscript

SHORT = 0.9
"""Below this share of the words asked for, the reader is told why."""


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


def make_report(
    brief: Brief,
    evidence: Sequence[Evidence],
    manuscript: Manuscript,
    *,
    offers: Sequence[Excerpt] = (),
    checking: Checking | None = None,
    given: Sequence[Draft] = (),
) -> Report:
    """Return the checked text of a manuscript. `offers` are excerpts the author's own sentences may be found to say;
    `given` the drafts before they were mended, against which what was removed is counted.
    """
    report = check(brief, evidence, manuscript.drafts, offers=offers, checking=checking, given=given)
    aside = order_remarks(evidence, language=brief.language)
    remarks = (*_remarks(report, digest=manuscript.digest), *aside)
    return replace(report, cost=manuscript.cost, digest=manuscript.digest, remarks=remarks)


def check(
    brief: Brief,
    evidence: Sequence[Evidence],
    drafts: Sequence[Draft],
    *,
    offers: Sequence[Excerpt] = (),
    checking: Checking | None = None,
    given: Sequence[Draft] = (),
) -> Report:
    """Check every sentence against what it cites, leave out those that fail, and number the sources by first use.

    `offers` are excerpts the author's own sentences may be found to say; `given` the drafts before they were mended.
    """
    how = checking or Checking()
    excerpts = {excerpt.key: excerpt for excerpt in (*offers, *(e for section in evidence for e in section.excerpts))}
    sections: list[CheckedSection] = []
    fit, left_out = edit(brief, drafts, excerpts)
    findings = list(left_out)
    for section, before, draft in zip(evidence, given or drafts, fit, strict=True):
        checked, found = _checked(brief, section, draft, excerpts, how, removed=len(before.sentences))
        findings += found
        sections.append(checked)
    written = tuple(sentence for section in sections for sentence in section.written)
    return Report(
        brief,
        tuple(sections),
        _numbered(sections, excerpts, findings, first=_first_free_number(brief)),
        tuple(findings),
        coverage(written),
        coverage(tuple(sentence for section in sections for sentence in section.author)),
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
    own = tuple(result.sentence for result in author)
    findings = [finding for result in (*author, *results) for finding in result.findings]
    findings += _differing(section, (*own, *kept), excerpts, language)
    findings += _outdated(heading.title, kept, excerpts, how, language)
    cited = [excerpts[citation.key] for each in kept for citation in each.citations if citation.key in excerpts]
    age = section_age(cited, day=how.day, years=how.old_years, language=language) if how.day else ""
    note = " ".join(filter(None, (draft.note, _removed(removed - len(kept), language), age)))
    return CheckedSection(heading, own, kept, note, section.excerpts), findings


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


def _removed(count: int, language: str) -> str:
    if not count:
        return ""
    return say(
        language,
        es=f"Frases retiradas por repetidas o por no sostenerse en lo que citan: {count}.",
        en=f"Sentences removed as repeats or for not standing in what they cite: {count}.",
    )


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


def _first_free_number(brief: Brief) -> int:
    """Return the number after the largest marker the author typed."""
    typed = (int(n) for heading in brief.headings for n in re.findall(r"\[(\d{1,6})\]", heading.author_text))
    return max(typed, default=0) + 1


def _numbered(
    sections: Sequence[CheckedSection], excerpts: Mapping[str, Excerpt], findings: Sequence[Finding], *, first: int
) -> tuple[NumberedSource, ...]:
    """Give sources their numbers by first use: a section's written sentences, then what is offered to its author, then
    those that say otherwise.
    """
    used: dict[str, dict[str, Excerpt]] = {}
    for section in sections:
        keys = [citation.key for sentence in section.written for citation in sentence.citations]
        keys += [key for sentence in section.author for key in sentence.offers]
        keys += [key for one in notable(section, findings) for key in one.offer if key in excerpts]
        for key in keys:
            used.setdefault(excerpts[key].source.id, {})[key] = excerpts[key]
    return tuple(
        NumberedSource(number, next(iter(held.values())).source, tuple(held.values()))
        for number, held in enumerate(used.values(), start=first)
    )


def _remarks(report: Report, *, digest: bool) -> tuple[str, ...]:
    language, asked, reached = report.brief.language, report.brief.words, sum(map(section_words, report.sections))
    remarks = []
    if digest:
        whole = say(
            language, es="Digesto de frases literales de las fuentes.", en="Digest of the sources' own sentences."
        )
        remarks.append(whole)
    if reached < SHORT * asked:
        excerpts = sum(len(source.excerpts) for source in report.sources)
        who = (
            ("El material alcanza para", "The material carries")
            if digest
            else ("El modelo llegó a", "The model reached")
        )
        remarks.append(
            say(
                language,
                es=f"{who[0]} {reached} de las {asked} palabras pedidas ({len(report.sources)} fuentes, "
                f"{excerpts} extractos citados). No se ha rellenado.",
                en=f"{who[1]} {reached} of the {asked} words asked for ({len(report.sources)} sources, "
                f"{excerpts} excerpts cited). Nothing was padded.",
            )
        )
    if not digest:
        remarks.append(_how_far(report))
    return (" ".join(remarks),) if remarks else ()


def _how_far(report: Report) -> str:
    """Say how far the checks saw, beside what they found; without a score where the control failed."""
    seen, language = report.coverage, report.brief.language
    if report.control is None or not report.control.passed:
        return say(
            language,
            es="Sin comprobar: el control no ha superado sus propias pruebas.",
            en="Not checked: the control did not pass its own tests.",
        )
    planted = {kind: f"{caught}/{made}" for kind, made, caught in report.control.kinds if made}
    names = (("digit", "cifras", "figures"), ("date", "fechas", "dates"), ("key", "claves", "keys"))
    control = ", ".join(
        say(language, es=f"{es} {planted[k]}", en=f"{en} {planted[k]}") for k, es, en in names if k in planted
    )
    return say(
        language,
        es=f"Comprobado: {seen.sentences} frases escritas, {seen.verbatim} literales; de {seen.checkable} que citan "
        f"con otras palabras, {seen.checked} con veredicto y {seen.supported} sostenidas. Errores puestos a prueba y "
        f"hallados: {control}.",
        en=f"Checked: {seen.sentences} written sentences, {seen.verbatim} verbatim; of {seen.checkable} that cite in "
        f"other words, {seen.checked} with a verdict and {seen.supported} supported. Errors planted and found: "
        f"{control}.",
    )
