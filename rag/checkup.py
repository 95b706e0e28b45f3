"""A draft of ours, perhaps edited by hand → what is wrong with it now, line by line, and how far the checks saw.

Sentences with markers are checked against the excerpts their entries name; sentences without are the person's own, and
only what asks for a citation is found. It sees whether what is printed stands in the source, not whether it means the
same, and it changes nothing. Draft text, a way to find excerpts by key, a way to search -> Checkup
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.claims import needs_source
from rag.compare import find_quote
from rag.control import control
from rag.draft import read_draft
from rag.errors import RagError
from rag.language import say
from rag.records import Check, Citation, Control, Coverage, Excerpt, Sentence, Verdict, excerpt_hash
from rag.verify import check_author, check_sentence, coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rag.draft import DraftEntry, DraftSection, DraftSentence, DraftText
    from rag.verify import Checked

OFFERS = 3
"""Keys offered for a sentence at most."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """What is wrong on a line of a draft, by which check, and the excerpt keys that may mend it."""

    line: int
    sentence: str
    check: Check
    verdict: Verdict
    reason: str
    offer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """The findings in the order of lines; `control` is None where no sentence cites what could be found."""

    findings: tuple[DraftFinding, ...]
    coverage: Coverage
    control: Control | None


@dataclass(frozen=True, slots=True)
class _Desk:
    """A draft's references resolved: its entries by number, their keys, the excerpts by the whole hash of a key."""

    entries: Mapping[int, tuple[DraftEntry, ...]]
    keys: Mapping[str, tuple[str, ...]]
    excerpts: Mapping[str, Excerpt]
    language: str
    search: Callable[[str], tuple[Excerpt, ...]]

    def named(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the hashes that markers lead to, and printed keys that lead nowhere as they are."""
        printed = (key for number in numbers for entry in self.entries.get(number, ()) for key in entry.keys)
        return tuple(dict.fromkeys(hash_ for key in printed for hash_ in self.keys[key] or (key,)))

    def complete(self, numbers: Iterable[int]) -> bool:
        """Say whether all that markers name was found."""
        entries = [self.entries.get(number, ()) for number in numbers]
        return all(held and all(one.keys and all(self.keys[k] for k in one.keys) for one in held) for held in entries)


def inspect_draft(
    text: str, *, find: Callable[[str], tuple[Excerpt, ...]], search: Callable[[str], tuple[Excerpt, ...]]
) -> Checkup:
    """Check the sentences and the references of a draft.

    `find` gives the excerpts whose key begins as printed: several where that is ambiguous. `search` gives those that
    answer a sentence best; it is asked only where a citation may be offered. Raises `RagError` where there is no
    sentence.
    """
    draft = read_draft(text)
    if "\0" in text or not any(section.sentences for section in draft.sections):
        raise RagError("the draft holds no sentence to check; give a text in Markdown with prose under its headings")
    desk = _desk(draft, find, search)
    findings = [*_entry_findings(draft, desk), *_note_findings(draft, desk)]
    checked: list[Sentence] = []
    for section in draft.sections:
        for sentence in section.sentences:
            result, found = _cited(sentence, desk) if sentence.numbers else _uncited(sentence, section, desk)
            checked.append(result)
            findings += found
    return Checkup(tuple(sorted(findings, key=lambda one: one.line)), coverage(checked), _control(checked, desk))


def checkup_json(checkup: Checkup) -> dict[str, Any]:
    """Return a checkup as `check --json` prints it."""
    planted = checkup.control
    kinds = [{"kind": kind, "made": made, "caught": caught} for kind, made, caught in planted.kinds] if planted else []
    return {
        "findings": [asdict(finding) | {"offer": list(finding.offer)} for finding in checkup.findings],
        "coverage": asdict(checkup.coverage),
        "control": {"passed": planted.passed, "kinds": kinds} if planted else None,
    }


# References


def _desk(
    draft: DraftText, find: Callable[[str], tuple[Excerpt, ...]], search: Callable[[str], tuple[Excerpt, ...]]
) -> _Desk:
    """Resolve every key once. A passage found in two places is one."""
    entries: dict[int, tuple[DraftEntry, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    excerpts: dict[str, Excerpt] = {}
    for entry in draft.entries:
        entries[entry.number] = (*entries.get(entry.number, ()), entry)
        for key in entry.keys:
            found = {excerpt_hash(one.source.id, one.text): one for one in find(key)}
            keys[key] = tuple(sorted(found))
            excerpts |= found
    return _Desk(entries, keys, excerpts, draft.language, search)


def _entry_findings(draft: DraftText, desk: _Desk) -> Iterator[DraftFinding]:
    """Find entries that no marker names, that share a number, or whose keys do not lead to one excerpt."""
    language = desk.language
    marked = {n for section in draft.sections for one in (*section.sentences, *section.notes) for n in one.numbers}
    for entry in draft.entries:
        problems: list[tuple[Verdict, str, tuple[str, ...]]] = []
        if entry.number not in marked:
            es, en = f"ningún marcador remite a [{entry.number}]", f"no marker names [{entry.number}]"
            problems.append(("not_checkable", say(language, es=es, en=en), ()))
        if entry != desk.entries[entry.number][0]:
            es, en = f"hay otra entrada [{entry.number}]", f"there is another entry [{entry.number}]"
            problems.append(("unclear", say(language, es=es, en=en), ()))
        if not entry.keys:
            es = "la entrada no lleva clave: lo que la cita no se puede comprobar"
            en = "the entry has no key: what cites it cannot be checked"
            problems.append(("not_checkable", say(language, es=es, en=en), ()))
        problems += [problem for key in entry.keys for problem in _key_problems(key, desk)]
        for verdict, reason, offer in problems:
            yield DraftFinding(entry.line, entry.text, "dangling", verdict, reason, offer)


def _key_problems(key: str, desk: _Desk) -> Iterator[tuple[Verdict, str, tuple[str, ...]]]:
    """Find a key that leads nowhere or to several excerpts, whose own keys are offered."""
    found = desk.keys[key]
    if not found:
        es, en = f"la clave k:{key} no lleva a ningún extracto", f"the key k:{key} leads to no excerpt"
        yield "unsupported", say(desk.language, es=es, en=en), ()
    if found[1:]:
        es, en = f"con k:{key} empiezan {len(found)} claves", f"{len(found)} keys begin with k:{key}"
        yield "unclear", say(desk.language, es=es, en=en), tuple(desk.excerpts[hash_].key for hash_ in found)


def _note_findings(draft: DraftText, desk: _Desk) -> Iterator[DraftFinding]:
    """Find markers in notes and tables that no entry has."""
    for note in (note for section in draft.sections for note in section.notes):
        for check, reason in _without_entry(note, desk):
            yield DraftFinding(note.line, note.text, check, "unsupported", reason)


def _without_entry(sentence: DraftSentence, desk: _Desk) -> Iterator[tuple[Check, str]]:
    for number in sentence.numbers:
        if number not in desk.entries:
            es, en = f"[{number}] no está en las referencias", f"[{number}] is not among the references"
            yield "dangling", say(desk.language, es=es, en=en)


# Sentences


def _cited(sentence: DraftSentence, desk: _Desk) -> tuple[Sentence, list[DraftFinding]]:
    """Check a sentence against what its markers lead to. Where a part of that is missing, what is not found in the
    rest is unclear.
    """
    citations = tuple(map(Citation, desk.named(sentence.numbers)))
    rebuilt = Sentence(sentence.text, citations=citations)
    result = check_sentence(rebuilt, section="", excerpts=desk.excerpts, language=desk.language)
    held = {citation.key for citation in result.sentence.citations}
    unclear = bool(held) and not desk.complete(sentence.numbers)
    verdict: Verdict = "unclear" if unclear else "unsupported"
    part = say(desk.language, es="; falta parte de lo que cita", en="; part of what it cites is missing")
    problems: list[tuple[Check, Verdict, str]] = [
        *((check, "unsupported", reason) for check, reason in _without_entry(sentence, desk)),
        *((check, verdict, reason + part * unclear) for check, reason in _problems(result, desk)),
    ]
    pool = _pool(sentence.text, desk) if problems else {}
    offer = _same(sentence.text, [one for hash_, one in pool.items() if hash_ not in held], desk.language)
    return result.sentence, [DraftFinding(sentence.line, sentence.text, *problem, offer) for problem in problems]


def _problems(result: Checked, desk: _Desk) -> Iterator[tuple[Check, str]]:
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
    if not cited or any(_stands_in(text, excerpt.text) for excerpt in cited.values()):
        return
    if any(_stands_in(text, excerpt.text) for hash_, excerpt in desk.excerpts.items() if hash_ not in cited):
        es, en = "son palabras de otra fuente, no de la que cita", "these are the words of another source than it cites"
        yield "key", say(desk.language, es=es, en=en)
    if not found and any(_stands_in(_FIGURE.sub("0", text), _FIGURE.sub("0", one.text)) for one in cited.values()):
        es, en = (
            "la fuente da otra cifra con estas mismas palabras",
            "the source gives another figure in these same words",
        )
        yield "number", say(desk.language, es=es, en=en)


def _uncited(sentence: DraftSentence, section: DraftSection, desk: _Desk) -> tuple[Sentence, list[DraftFinding]]:
    """Find what asks for a citation in a sentence of the person's own: a figure, a date, another's view, or the words
    of a source, unless a note of the section offers that source already. A hinge is left alone.
    """
    own, language = Sentence(sentence.text, kind="author"), desk.language
    result = check_sentence(own, section="", excerpts={}, language=language)
    if result.findings:
        offer = _same(sentence.text, tuple(_pool(sentence.text, desk).values()), language)
    else:
        copied = [one for one in desk.excerpts.values() if _stands_in(sentence.text, one.text)]
        offer = _same(sentence.text, copied, language)
    if result.findings and needs_source(sentence.text, language=language):
        verdict: Verdict = "unsupported"
        reason = result.findings[0].reason
    else:
        noted = desk.named(number for note in section.notes for number in note.numbers)
        offered = [desk.excerpts[hash_] for hash_ in noted if hash_ in desk.excerpts]
        if not offer or _same(sentence.text, offered, language):
            return own, []
        verdict = "unclear"
        reason = say(
            language, es="una fuente dice casi lo mismo: puede citarse", en="a source says nearly the same: cite it"
        )
    return own, [DraftFinding(sentence.line, sentence.text, "uncited", verdict, reason, offer)]


def _pool(text: str, desk: _Desk) -> dict[str, Excerpt]:
    """Return the excerpts whose keys may be offered: the draft's own and those found for the text, by hash."""
    return {excerpt_hash(one.source.id, one.text): one for one in desk.search(text)} | dict(desk.excerpts)


def _same(text: str, excerpts: Sequence[Excerpt], language: str) -> tuple[str, ...]:
    """Return the keys of the excerpts that say the same as a text, or nearly."""
    offered = (key for one in check_author(text, excerpts=excerpts, language=language) for key in one.sentence.offers)
    return tuple(dict.fromkeys(offered))[:OFFERS]


def _stands_in(words: str, text: str) -> bool:
    return find_quote(words.rstrip("."), text) is not None


# Control


def _control(sentences: Sequence[Sentence], desk: _Desk) -> Control | None:
    """Plant falsehoods in the sentences that cite something, each narrowed to the one excerpt that carries it."""
    cited = [_narrowed(sentence, desk) for sentence in sentences if sentence.citations]
    return control(cited, excerpts=desk.excerpts, language=desk.language) if cited else None


def _narrowed(sentence: Sentence, desk: _Desk) -> Sentence:
    """Return a sentence with the first of its citations that is enough; with all where none is.

    A marker names a source, and so all excerpts of it: a sentence rests on one of them.
    """
    alone = (replace(sentence, citations=(citation,)) for citation in sentence.citations)
    checks = (check_sentence(one, section="", excerpts=desk.excerpts, language=desk.language) for one in alone)
    return next((result.sentence for result in checks if not result.findings), sentence)
