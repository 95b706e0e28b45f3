"""Drafts → the checked report: edited, every sentence checked, what fails left out and named, sources numbered.

Writes nothing and asks no model; the checks are `rag.verify`'s.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.control import control
from rag.edit import edit
from rag.language import say
from rag.records import Brief, CheckedSection, Draft, Evidence, Excerpt, NumberedSource, Report
from rag.verify import check_author, check_sentence, coverage, section_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.write import Manuscript

SHORT = 0.9
"""Below this share of the words asked for, the reader is told why."""


def make_report(
    brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, *, offers: Sequence[Excerpt] = ()
) -> Report:
    """Return the checked text of a manuscript. `offers` are excerpts the author's own sentences may be found to say."""
    report = check(brief, evidence, manuscript.drafts, offers=offers)
    remarks = _remarks(report, digest=manuscript.digest)
    return replace(report, cost=manuscript.cost, digest=manuscript.digest, remarks=remarks)


def check(
    brief: Brief, evidence: Sequence[Evidence], drafts: Sequence[Draft], *, offers: Sequence[Excerpt] = ()
) -> Report:
    """Check every sentence against what it cites, leave out those that fail, and number the sources by first use.

    `offers` are excerpts the author's own sentences may be found to say.
    """
    excerpts = {excerpt.key: excerpt for excerpt in (*offers, *(e for section in evidence for e in section.excerpts))}
    sections: list[CheckedSection] = []
    fit, left_out = edit(brief, drafts, excerpts)
    findings = list(left_out)
    for section, given, draft in zip(evidence, drafts, fit, strict=True):
        heading, language = section.heading, brief.language
        held = tuple(excerpts.values())
        author = check_author(heading.author_text, excerpts=held, language=language)
        results = [
            check_sentence(s, section=heading.title, excerpts=excerpts, language=language) for s in draft.sentences
        ]
        kept = tuple(result.sentence for result in results if result.sentence.verdict != "unsupported")
        note = " ".join(filter(None, (draft.note, _removed(len(given.sentences) - len(kept), language))))
        findings += [finding for result in (*author, *results) for finding in result.findings]
        sections.append(CheckedSection(heading, tuple(a.sentence for a in author), kept, note, section.excerpts))
    written = tuple(sentence for section in sections for sentence in section.written)
    return Report(
        brief,
        tuple(sections),
        _numbered(sections, excerpts, first=_first_free_number(brief)),
        tuple(findings),
        coverage(written),
        coverage(tuple(sentence for section in sections for sentence in section.author)),
        control=control(written, excerpts=excerpts, language=brief.language),
    )


def _removed(count: int, language: str) -> str:
    if not count:
        return ""
    return say(
        language,
        es=f"Frases retiradas por repetidas o por no sostenerse en lo que citan: {count}.",
        en=f"Sentences removed as repeats or for not standing in what they cite: {count}.",
    )


def _first_free_number(brief: Brief) -> int:
    """Return the number after the largest marker the author typed."""
    typed = (int(n) for heading in brief.headings for n in re.findall(r"\[(\d{1,6})\]", heading.author_text))
    return max(typed, default=0) + 1


def _numbered(
    sections: Sequence[CheckedSection], excerpts: Mapping[str, Excerpt], *, first: int
) -> tuple[NumberedSource, ...]:
    """Give sources their numbers by first use: a section's written sentences, then what is offered to its author."""
    used: dict[str, dict[str, Excerpt]] = {}
    for section in sections:
        keys = [citation.key for sentence in section.written for citation in sentence.citations]
        keys += [key for sentence in section.author for key in sentence.offers]
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
    return (" ".join(remarks),) if remarks else ()
