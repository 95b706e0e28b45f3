"""The records as JSON: what `write --json`, `search --json` and `plan --json` print.

Field names and values are English whatever the text's language; `reason` and `note` are the reader's. Dates are ISO
8601 cut to their precision, null when undated. It measures nothing but words and chooses nothing. Report -> dict.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rag.records import (
        Brief,
        CheckedSection,
        Control,
        Cost,
        Evidence,
        Excerpt,
        Finding,
        Gap,
        LeftOut,
        NumberedSource,
        Report,
        Sentence,
        Source,
    )


def to_json(report: Report) -> dict[str, Any]:
    """Return a whole report; `run_dir` is null where its run is not kept."""
    numbers = {excerpt.key: entry.number for entry in report.sources for excerpt in entry.excerpts}
    excerpts = {excerpt.key: excerpt for entry in report.sources for excerpt in entry.excerpts}
    return {
        "language": report.brief.language,
        "digest": report.digest,
        "words": _words(report),
        "sections": [_section(section, numbers, excerpts) for section in report.sections],
        "sources": [_source(entry) for entry in report.sources],
        "findings": [finding_json(finding) for finding in report.findings],
        "remarks": [*report.brief.remarks, *report.remarks],
        "coverage": asdict(report.coverage),
        "author_coverage": asdict(report.author_coverage),
        "control": _control(report.control),
        "cost": asdict(report.cost),
        "run_dir": report.run_dir or None,
    }


def excerpt_json(excerpt: Excerpt, rank: int) -> dict[str, Any]:
    """Return a hit of a search; `rank` counts from 1."""
    return {
        "key": excerpt.key,
        "rank": rank,
        "score": excerpt.score,
        "parts": dict(excerpt.parts),
        "text": excerpt.text,
        "path": excerpt.path,
        "title": excerpt.title,
        "authors": list(excerpt.authors),
        **_dates(excerpt.source),
        "journal": excerpt.source.journal,
        "origins": dict(excerpt.source.origins),
        "page": excerpt.page,
        "start": excerpt.start,
        "end": excerpt.end,
        "language": excerpt.language,
    }


def evidence_json(evidence: Evidence, *, today: date | None = None) -> dict[str, Any]:
    """Return a section of a plan; how old its newest evidence is, where a day is given to count from."""
    first, last = _period(evidence.excerpts)
    return {
        "title": evidence.heading.title,
        "level": evidence.heading.level,
        "excerpts": [excerpt_json(excerpt, rank) for rank, excerpt in enumerate(evidence.excerpts, 1)],
        "left_out": [left_out_json(left_out) for left_out in evidence.left_out],
        "words": evidence.heading.words,
        "supportable_words": evidence.supportable_words,
        "from": first,
        "to": last,
        "age_years": evidence.age_years(today) if today else None,
        "sources": len({excerpt.source.id for excerpt in evidence.excerpts}),
        "languages": sorted({excerpt.language for excerpt in evidence.excerpts if excerpt.language}),
        "undated": sum(not excerpt.date.known for excerpt in evidence.excerpts),
        "missing": evidence.missing,
        "sufficiency": evidence.sufficiency,
        "gaps": [_gap(gap) for gap in evidence.gaps],
    }


def plan_json(brief: Brief, sections: Sequence[Evidence], cost: Cost | None, *, today: date) -> dict[str, Any]:
    """Return a plan; `expected` is what a model would be asked, null where none is named."""
    return {
        "language": brief.language,
        "sections": [evidence_json(section, today=brief.limits.as_of or today) for section in sections],
        "remarks": list(brief.remarks),
        "expected": asdict(cost) if cost else None,
    }


def left_out_json(left_out: LeftOut) -> dict[str, Any]:
    """Return an excerpt that was found and not chosen, with the reason."""
    return {
        "key": left_out.key,
        "reason": left_out.reason,
        "path": left_out.path,
        "title": left_out.title,
        "date": str(left_out.date) or None,
        "score": left_out.score,
        "parts": dict(left_out.parts),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    searches = [{"language": language, "words": words} for language, words in gap.searches]
    return {"kind": gap.kind, "reason": gap.reason, "searches": searches}


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return what a check found."""
    return asdict(finding) | {"offer": list(finding.offer)}


def _words(report: Report) -> dict[str, Any]:
    by_section = [_section_words(section) for section in report.sections]
    return {
        "asked": report.brief.words,
        "written": sum(section["written"] for section in by_section),
        "by_section": by_section,
    }


def _section_words(section: CheckedSection) -> dict[str, Any]:
    from rag.verify import section_words  # with all checks, which showing what a search found does not need

    return {
        "title": section.heading.title,
        "asked": section.heading.words,
        "written": section_words(section),
        "supportable": section.supportable_words,
    }


def _section(section: CheckedSection, numbers: Mapping[str, int], excerpts: Mapping[str, Excerpt]) -> dict[str, Any]:
    keys = dict.fromkeys(citation.key for sentence in section.written for citation in sentence.citations)
    first, last = _period(tuple(excerpts[key] for key in keys if key in excerpts))
    return {
        "title": section.heading.title,
        "level": section.heading.level,
        "author_text": section.heading.author_text,
        "sentences": [_sentence(sentence, numbers) for sentence in (*section.author, *section.written)],
        "evidence_from": first,
        "evidence_to": last,
        "note": section.note,
    }


def _sentence(sentence: Sentence, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "kind": sentence.kind,
        "citations": [
            {"number": numbers.get(citation.key), "key": citation.key, "quote": citation.quote}
            for citation in sentence.citations
        ],
        "verdict": sentence.verdict,
        "reason": sentence.reason,
        "offers": list(sentence.offers),
    }


def _source(entry: NumberedSource) -> dict[str, Any]:
    source = entry.source
    return {
        "number": entry.number,
        "id": source.id,
        "title": source.title,
        "authors": list(source.authors),
        **_dates(source),
        "journal": source.journal,
        "origins": dict(source.origins),
        "doi": source.doi,
        "url": source.url,
        "path": source.paths[0] if source.paths else "",
        "excerpts": [
            {"key": excerpt.key, "locator": _locator(excerpt), "text": excerpt.text} for excerpt in entry.excerpts
        ],
    }


def _dates(source: Source) -> dict[str, Any]:
    return {
        "date": str(source.date) or None,
        "precision": source.date.precision,
        "origin": source.date.origin,
        "date_text": source.date.text,
        "republished": str(source.republished) or None,
    }


def _locator(excerpt: Excerpt) -> str:
    """Say where in its source an excerpt stands: its page, then the headings above it."""
    page = f"p. {excerpt.page}" if excerpt.page is not None else ""
    return ", ".join(filter(None, (page, " › ".join(excerpt.heading_path))))


def _period(excerpts: Sequence[Excerpt]) -> tuple[str | None, str | None]:
    """Return the earliest and the latest date of the evidence, each cut to its precision."""
    dates = [excerpt.date for excerpt in excerpts]
    firsts = [(published.first, str(published)) for published in dates if published.first is not None]
    lasts = [(published.last, str(published)) for published in dates if published.last is not None]
    return (min(firsts)[1] if firsts else None, max(lasts)[1] if lasts else None)


def _control(control: Control | None) -> dict[str, Any] | None:
    if control is None:
        return None
    kinds = [{"kind": kind, "made": made, "caught": caught} for kind, made, caught in control.kinds]
    return {"passed": control.passed, "kinds": kinds}
