"""A draft, ours or anyone's → what is wrong with it now, line by line, and how far the checks saw.

Sentences with markers are checked against what these lead to: the excerpts an entry's keys name, else the passages of
the document it names that are nearest to the sentence. Sentences without are the person's own, and only what asks for a
citation is found. It sees whether what is printed stands in the source, not whether it means the same, and it changes
nothing. DraftText, a way to find excerpts by key, a way to search, the documents of an index -> Checkup
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from rag.drafts.cited import Desk
from rag.drafts.draft import DraftText, read_draft
from rag.drafts.loose import DraftFinding, entry_findings, mark_problems
from rag.drafts.uncited import OFFERS, name_source, pool, same, stands_in, uncited
from rag.errors import RagError
from rag.language import say, tell
from rag.records import Citation, Control, Coverage, Excerpt, Sentence, Verdict, excerpt_hash
from rag.verify import Checked, check_sentence, coverage, judge_meaning
from rag.verify.control import control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Result = tuple[Sentence, list["DraftFinding"]]

    from rag.drafts.cited import Find, Shelves, Target
    from rag.drafts.draft import DraftEntry, DraftSentence
    from rag.records import Check, Finding
    from rag.verify.support import Judge

    Problem = tuple[Check, Verdict, str]

__all__ = ["OFFERS", "CheckedLine", "Checkup", "DraftFinding", "checkup_json", "inspect_draft"]

MOST_SENTENCES = 4000
"""Sentences of a draft that are checked: a long book. The rest is not, and that is said."""
_CONTROLLED = 80
"""Sentences that falsehoods are planted in: enough for all kinds."""
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A sentence of the draft with its verdict, its reason, and the works it was checked against."""

    line: int
    sentence: str
    verdict: Verdict
    reason: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """The findings in the order of lines; `control` is None where no sentence cites what could be found. `remarks` say
    what was not looked at, and why.
    """

    findings: tuple[DraftFinding, ...]
    coverage: Coverage
    control: Control | None
    sentences: tuple[CheckedLine, ...] = ()
    remarks: tuple[str, ...] = ()
    offered: tuple[Excerpt, ...] = ()
    listed: tuple[tuple[DraftEntry, str], ...] = ()
    paragraphs: bool = False
    """`offered` are the excerpts that findings offer; `listed` the entries with the id of a document they lead to;
    `paragraphs` says that lines are paragraphs.
    """


def inspect_draft(
    draft: DraftText | str, *, find: Find, search: Find, shelves: Shelves | None = None, judge: Judge | None = None
) -> Checkup:
    """Check the sentences and the references of a draft, given as read or as Markdown.

    `find` gives the excerpts whose key begins as printed: several where that is ambiguous. `search` gives those that
    answer a sentence best; it is asked only where a citation may be offered. `shelves` are the documents that entries
    without keys may name; a `judge` is asked whether meaning is carried. Raises `RagError` where there is no sentence.
    """
    if isinstance(draft, str):
        draft = DraftText((), (), "") if "\0" in draft else read_draft(draft)
    if not any(section.sentences for section in draft.sections):
        raise RagError(
            tell(
                es=(
                    "el borrador no tiene ninguna frase que comprobar; da un texto en Markdown con prosa "
                    "bajo sus epígrafes"
                ),
                en="the draft holds no sentence to check; give a text in Markdown with prose under its headings",
            )
        )
    desk = Desk(draft, find, search, shelves)
    findings = [*entry_findings(desk), *_note_findings(desk)]
    every = [(section, one) for section in draft.sections for one in section.sentences][:MOST_SENTENCES]
    results = [_cited(one, desk) if _cites(one, desk) else uncited(one, section, desk) for section, one in every]
    if judge:
        results = _meant([one for _, one in every], results, judge, desk)
    checked = [result for result, _ in results]
    findings += [finding for _, found in results for finding in found]
    lines = [_line(one, *result, desk) for (_, one), result in zip(every, results, strict=True)]
    return Checkup(
        tuple(sorted(findings, key=lambda one: one.line)),
        coverage(checked),
        _control(checked, desk),
        tuple(lines),
        _remarks(draft, desk),
        _offered(findings, desk),
        tuple((entry, id_) for entry in draft.entries for id_ in _documents(desk.entry(entry), desk)),
        draft.paragraphs,
    )


def _meant(sentences: Sequence[DraftSentence], results: Sequence[Result], judge: Judge, desk: Desk) -> list[Result]:
    """Ask a judge for the meaning of what no check settled; what it doubts is a finding."""
    unjudged = [Checked(result) for result, _ in results]
    judged = judge_meaning(unjudged, judge, section="", excerpts=desk.excerpts, language=desk.language)
    return [
        (one.sentence, [*found, *(_doubt(sentence, doubt) for doubt in one.findings if doubt.verdict != "unclear")])
        for sentence, one, (_, found) in zip(sentences, judged, results, strict=True)
    ]


def _doubt(sentence: DraftSentence, finding: Finding) -> DraftFinding:
    return DraftFinding(sentence.line, sentence.text, finding.check, finding.verdict, finding.reason)


def checkup_json(checkup: Checkup) -> dict[str, Any]:
    """Return a checkup as `check --json` prints it."""
    planted = checkup.control
    kinds = [{"kind": kind, "made": made, "caught": caught} for kind, made, caught in planted.kinds] if planted else []
    return {
        "findings": [asdict(finding) | {"offer": list(finding.offer)} for finding in checkup.findings],
        "coverage": asdict(checkup.coverage),
        "control": {"passed": planted.passed, "kinds": kinds} if planted else None,
        "sentences": [asdict(line) | {"sources": list(line.sources)} for line in checkup.sentences],
        "remarks": list(checkup.remarks),
    }


def _offered(findings: Sequence[DraftFinding], desk: Desk) -> tuple[Excerpt, ...]:
    keys = {key for finding in findings for key in finding.offer}
    return tuple({one.key: one for one in desk.excerpts.values() if one.key in keys}.values())


def _documents(target: Target, desk: Desk) -> tuple[str, ...]:
    named = target.documents if target.state == "documents" else ()
    held = (desk.excerpts[hash_].source.id for hash_ in target.hashes if hash_ in desk.excerpts)
    return tuple(dict.fromkeys((*(one.id for one in named), *held)))


def _remarks(draft: DraftText, desk: Desk) -> tuple[str, ...]:
    total = sum(len(section.sentences) for section in draft.sections)
    if total <= MOST_SENTENCES:
        return ()
    es = f"solo se han comprobado las primeras {MOST_SENTENCES} frases de {total}: divida el borrador"
    en = f"only the first {MOST_SENTENCES} of {total} sentences were checked: check the draft in parts"
    return (say(desk.language, es=es, en=en),)


def _note_findings(desk: Desk) -> Iterator[DraftFinding]:
    """Find markers in notes and tables that no entry has."""
    for note in (note for section in desk.draft.sections for note in section.notes):
        for check, verdict, reason in mark_problems(note.marks, desk):
            yield DraftFinding(note.line, note.text, check, verdict, reason)


def _line(sentence: DraftSentence, result: Sentence, found: Sequence[DraftFinding], desk: Desk) -> CheckedLine:
    """Return what became of a sentence: where something was found, the worst of it."""
    verdicts = {finding.verdict for finding in found}
    verdict = next((each for each in ("unsupported", "unclear") if each in verdicts), result.verdict)
    reason = "; ".join(dict.fromkeys(finding.reason for finding in found)) or result.reason
    works = {one.key: desk.excerpts[one.key].source for one in result.citations if one.key in desk.excerpts}
    named = dict.fromkeys(name_source(source, desk.language) for source in works.values())
    return CheckedLine(sentence.line, sentence.text, verdict, reason, tuple(named))


# Sentences that cite


def _cites(sentence: DraftSentence, desk: Desk) -> bool:
    """Say whether one of a sentence's markers is one: "(Madrid, 2021)" and a footnote of the author's own are not."""
    return any(desk.mark(mark).state != "aside" for mark in sentence.marks)


def _cited(sentence: DraftSentence, desk: Desk) -> tuple[Sentence, list[DraftFinding]]:
    """Check a sentence against what its markers lead to. Where a part of that is missing, what is not found in the
    rest is unclear.
    """
    targets = [target for target in map(desk.mark, sentence.marks) if target.state != "aside"]
    loose = list(mark_problems(sentence.marks, desk))
    hashes, note = _rests_on(sentence, targets, desk)
    if not hashes:
        reason = say(desk.language, es="lo que cita no está en la biblioteca", en="what it cites is not in the library")
        unread = Sentence(sentence.text, verdict="not_checkable", reason=reason)
        return unread, _findings(sentence, loose, (), desk)
    result = _checked(sentence.text, hashes, desk)
    problems = list(_problems(result, desk))
    if problems and any(target.documents for target in targets):
        hashes, note = _rests_on(sentence, targets, desk, by_meaning=True)
        result = _checked(sentence.text, hashes, desk)
        problems = list(_problems(result, desk))
    held = {citation.key for citation in result.sentence.citations}
    whole = all(target.complete for target in targets)
    unclear = bool(held) and not whole
    verdict: Verdict = "unclear" if unclear else "unsupported"
    part = say(desk.language, es="; falta parte de lo que cita", en="; part of what it cites is missing") * unclear
    loose += [(check, verdict, reason + part + note) for check, reason in problems]
    return result.sentence, _findings(sentence, loose, tuple(held), desk)


def _rests_on(
    sentence: DraftSentence, targets: Sequence[Target], desk: Desk, *, by_meaning: bool = False
) -> tuple[tuple[str, ...], str]:
    """Return the hashes of the excerpts that a sentence can rest on, and what is to be said of what was not read."""
    hashes = [hash_ for target in targets for hash_ in target.hashes]
    read = held = 0
    documents = {one.id: one for target in targets for one in target.documents}
    for document in documents.values():
        if desk.shelves is None:
            break
        found = desk.shelves.passages(document.id, sentence.text, language=desk.language, by_meaning=by_meaning)
        named = {excerpt_hash(document.id, one.text): one for one in found.excerpts}
        desk.excerpts |= named
        hashes += named
        read, held = read + found.read, held + found.held
    if read == held:
        return tuple(dict.fromkeys(hashes)), ""
    es = f" (leídos los {read} pasajes más próximos de {held})"
    en = f" (the {read} nearest of {held} passages were read)"
    return tuple(dict.fromkeys(hashes)), say(desk.language, es=es, en=en)


def _checked(text: str, hashes: Sequence[str], desk: Desk) -> Checked:
    rebuilt = Sentence(text, citations=tuple(map(Citation, hashes)))
    return check_sentence(rebuilt, section="", excerpts=desk.excerpts, language=desk.language)


def _findings(
    sentence: DraftSentence, problems: Sequence[Problem], held: Sequence[str], desk: Desk
) -> list[DraftFinding]:
    """Return problems as findings, with the keys of other sources that say the same."""
    near = pool(sentence.text, desk) if problems else {}
    cited = {desk.excerpts[hash_].source.id for hash_ in held if hash_ in desk.excerpts}
    others = [one for hash_, one in near.items() if hash_ not in held and one.source.id not in cited]
    offer = same(sentence.text, others, desk.language)
    return [DraftFinding(sentence.line, sentence.text, *problem, offer) for problem in problems]


def _problems(result: Checked, desk: Desk) -> Iterator[tuple[Check, str]]:
    """Give what the checks found, and what only the other entries' excerpts, or the words around a figure, tell.

    A dead key beside others is its entry's fault alone, and a sentence with a marker is not uncited.
    """
    cited = {citation.key: desk.excerpts[citation.key] for citation in result.sentence.citations}
    found = [
        (finding.check, finding.reason)
        for finding in result.findings
        if finding.check != "uncited" and not (finding.check == "key" and cited)
    ]
    yield from found
    text = result.sentence.text
    if not cited or any(stands_in(text, excerpt.text) for excerpt in cited.values()):
        return
    works = {excerpt.source.id for excerpt in cited.values()}
    if any(stands_in(text, one.text) for one in desk.printed.values() if one.source.id not in works):
        es, en = "son palabras de otra fuente, no de la que cita", "these are the words of another source than it cites"
        yield "key", say(desk.language, es=es, en=en)
    if not found and any(stands_in(_FIGURE.sub("0", text), _FIGURE.sub("0", one.text)) for one in cited.values()):
        es, en = (
            "la fuente da otra cifra con estas mismas palabras",
            "the source gives another figure in these same words",
        )
        yield "number", say(desk.language, es=es, en=en)


# Control


def _control(sentences: Sequence[Sentence], desk: Desk) -> Control | None:
    """Plant falsehoods in the sentences that cite something, each narrowed to the one excerpt that carries it."""
    cited = [_narrowed(one, desk) for one in islice((one for one in sentences if one.citations), _CONTROLLED)]
    keys = {citation.key for one in cited for citation in one.citations}
    read = {hash_: one for hash_, one in desk.excerpts.items() if hash_ in keys} | desk.printed
    return control(cited, excerpts=read, language=desk.language) if cited else None


def _narrowed(sentence: Sentence, desk: Desk) -> Sentence:
    """Return a sentence with the first of its citations that is enough; with all where none is.

    A marker names a source, and so all excerpts of it: a sentence rests on one of them.
    """
    alone = (replace(sentence, citations=(citation,)) for citation in sentence.citations)
    checks = (check_sentence(one, section="", excerpts=desk.excerpts, language=desk.language) for one in alone)
    return next((result.sentence for result in checks if not result.findings), sentence)
