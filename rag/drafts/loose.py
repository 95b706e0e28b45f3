"""What dangles in a draft, both ways: markers without an entry, entries without a marker, entries that lead nowhere.

It checks no sentence. Desk -> DraftFinding
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.drafts.cited import Desk
    from rag.drafts.listed import DraftEntry
    from rag.drafts.marks import Mark
    from rag.records import Check, Source, Verdict

    Problem = tuple[Verdict, str, tuple[str, ...]]

__all__ = ["DraftFinding", "entry_findings", "mark_problems"]

_NAMED = 3
"""Works named where it is not clear which is meant."""


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """What is wrong on a line of a draft (in Word: a paragraph), by which check, and the excerpt keys that may mend
    it.
    """

    line: int
    sentence: str
    check: Check
    verdict: Verdict
    reason: str
    offer: tuple[str, ...] = ()


def mark_problems(marks: Sequence[Mark], desk: Desk) -> Iterator[tuple[Check, Verdict, str]]:
    """Find markers that no entry has, and those that may name several."""
    for mark in marks:
        target, entries, name = desk.mark(mark), desk.entries_of(mark), _printed(mark)
        if target.state == "aside":
            continue
        if not entries and not desk.draft.listed and (mark.by_author or mark.label.startswith("@")):
            yield from _unlisted(name, target.state, target.documents, desk)
        elif not entries:
            es, en = f"{name} no está en las referencias", f"{name} is not among the references"
            yield "dangling", "unsupported", say(desk.language, es=es, en=en)
        elif mark.by_author and entries[1:]:
            es = f"{name} puede ser {len(entries)} entradas: añada una letra al año"
            en = f"{name} may be {len(entries)} entries: add a letter to the year"
            yield "dangling", "unclear", say(desk.language, es=es, en=en)


def _unlisted(name: str, state: str, works: Sequence[Source], desk: Desk) -> Iterator[tuple[Check, Verdict, str]]:
    """Say of a marker in a draft without a list what the library knows of it: one work is enough."""
    if state == "ambiguous":
        es = f"el borrador no tiene referencias y {name} puede ser {_works(works)}"
        en = f"the draft has no references and {name} may be {_works(works)}"
        yield "dangling", "unclear", say(desk.language, es=es, en=en)
    elif not works:
        es = f"el borrador no tiene referencias y {name} no está en la biblioteca"
        en = f"the draft has no references and {name} is not in the library"
        yield "dangling", "unclear", say(desk.language, es=es, en=en)


def _printed(mark: Mark) -> str:
    return f"({mark.label})" if mark.by_author else f"[{mark.label}]"


def entry_findings(desk: Desk) -> Iterator[DraftFinding]:
    """Find entries that no marker names, that share a label, or that do not lead to one excerpt or document."""
    named = {id(entry) for mark in desk.draft.marks for entry in desk.entries_of(mark)}
    named |= {id(entry) for note in desk.draft.entries if note.label.startswith("^") for entry in desk.through(note)}
    for entry in desk.draft.entries:
        problems = [*_naming_problems(entry, named, desk), *_leading_problems(entry, desk)]
        for verdict, reason, offer in problems:
            yield DraftFinding(entry.line, entry.text, "dangling", verdict, reason, offer)


def _naming_problems(entry: DraftEntry, named: set[int], desk: Desk) -> Iterator[Problem]:
    first = desk.lists.labelled.get(entry.label, (entry,))[0]
    twice = entry is not first
    if id(entry) not in named and not twice:
        name = f"[{entry.label}]" if entry.label else say(desk.language, es="esta entrada", en="this entry")
        es, en = f"ningún marcador remite a {name}", f"no marker names {name}"
        yield "not_checkable", say(desk.language, es=es, en=en), ()
    if twice:
        es, en = f"hay otra entrada [{entry.label}]", f"there is another entry [{entry.label}]"
        yield "unclear", say(desk.language, es=es, en=en), ()


def _leading_problems(entry: DraftEntry, desk: Desk) -> Iterator[Problem]:
    """Find what an entry does not lead to. One that only repeats or remarks in a footnote need not lead anywhere."""
    target, language = desk.entry(entry), desk.language
    found = target.documents if target.state == "documents" else ()
    for key in entry.keys:
        yield from _key_problems(key, found, desk)
    if entry.keys or target.state == "documents" or (entry.label.startswith("^") and not desk.is_reference(entry)):
        return
    if target.state == "ambiguous":
        es = f"puede ser {_works(target.documents)}: añada el DOI"
        en = f"it may be {_works(target.documents)}: add the DOI"
        yield "unclear", say(language, es=es, en=en), _first_keys(target.documents, desk)
    elif desk.shelves is None:
        es = "la entrada no lleva clave: lo que la cita no se puede comprobar"
        en = "the entry has no key: what cites it cannot be checked"
        yield "not_checkable", say(language, es=es, en=en), ()
    else:
        es = "no está en la biblioteca (ni por DOI, dirección, título, ni autor y año): lo que la cita no se comprueba"
        en = "not in the library (by DOI, address, title, author and year): what cites it is not checked"
        yield "unclear", say(language, es=es, en=en), ()


def _key_problems(key: str, found: Sequence[Source], desk: Desk) -> Iterator[Problem]:
    """Find a key that leads nowhere or to several excerpts, whose own keys are offered; where its document is still
    held, its sentences are checked against that.
    """
    held = desk.found[key]
    if not held and found:
        es = f"la clave k:{key} ya no lleva a ningún extracto; se usa el documento: {_works(found)}"
        en = f"the key k:{key} no longer leads to an excerpt; its document is used: {_works(found)}"
        yield "unclear", say(desk.language, es=es, en=en), _first_keys(found, desk)
    elif not held:
        es, en = f"la clave k:{key} no lleva a ningún extracto", f"the key k:{key} leads to no excerpt"
        gone = say(desk.language, es="; su fuente tampoco está", en="; its source is gone too") if desk.shelves else ""
        yield "unsupported", say(desk.language, es=es, en=en) + gone, ()
    if held[1:]:
        es, en = f"con k:{key} empiezan {len(held)} claves", f"{len(held)} keys begin with k:{key}"
        yield "unclear", say(desk.language, es=es, en=en), tuple(desk.excerpts[hash_].key for hash_ in held)


def _works(sources: Sequence[Source]) -> str:
    named = [f"«{source.title or source.paths[0]}»" for source in sources[:_NAMED]]
    return "; ".join([*named, "…"] if sources[_NAMED:] else named)


def _first_keys(sources: Sequence[Source], desk: Desk) -> tuple[str, ...]:
    """Return for each work the key of its first passage, by which it can be named."""
    if desk.shelves is None:
        return ()
    found = (desk.shelves.passages(one.id, one.title, language=desk.language).excerpts for one in sources[:_NAMED])
    return tuple(excerpts[0].key for excerpts in found if excerpts)
