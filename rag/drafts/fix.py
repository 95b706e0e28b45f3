"""A draft and what was found in it → where the citations offered would stand, and nothing else.

Only sentences without a citation that a source says, or nearly, are given one. Each insertion is tried: the draft with
it must read as before but for the marker and the entry, else it is left out and named. It writes no file.
DraftText, Checkup, a way to place and to read again -> Insertion
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.drafts.cited import Lists, year_of, years_of
from rag.drafts.copies import Insertion
from rag.drafts.marks import cut_marks
from rag.drafts.resolve import surname
from rag.errors import RagError
from rag.language import os_words, say, tell
from rag.records import Brief, NumberedSource, Report
from rag.render import to_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.drafts.checkup import Checkup
    from rag.drafts.copies import Copy
    from rag.drafts.draft import DraftEntry, DraftSentence, DraftText
    from rag.drafts.marks import Mark
    from rag.records import Excerpt, Source


@dataclass(frozen=True, slots=True)
class Fixed:
    """The insertions that hold, and the sentences that were offered a citation and did not get it, with the reason."""

    insertions: tuple[Insertion, ...]
    cited: int
    left: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cure:
    """A sentence with the marker it is to get, and the new works it names, by their label."""

    sentence: DraftSentence
    marker: str
    works: tuple[tuple[str, Excerpt], ...] = ()
    keys: tuple[tuple[DraftEntry, str], ...] = ()


def save_fixed(path: Path, draft: DraftText, checkup: Checkup, copy: Copy) -> Checkup:
    """Write the copy with the citations offered; return the checkup with remarks on what was put in and what was not.

    Raises `RagError` where the file is there already or cannot be written.
    """
    done = fix(draft, checkup, copy)
    written = copy.written(done.insertions)
    try:
        with path.open("xb") as file:
            file.write(written.encode() if isinstance(written, str) else written)
    except FileExistsError as error:
        raise RagError(
            tell(
                es=f"{path}: ya existe; da un nombre nuevo para la copia",
                en=f"{path}: is there already; name a new file for the copy",
            )
        ) from error
    except OSError as error:
        raise RagError(
            tell(
                es=f"{path}: no se puede escribir ({os_words(error)}); comprueba la ruta y los permisos",
                en=f"{path}: cannot be written ({os_words(error)}); check the path and its permissions",
            )
        ) from error
    es, en = f"{path}: citas puestas en {done.cited} frases", f"{path}: citations put in for {done.cited} sentences"
    said = say(draft.language, es=es, en=en)
    left = (f"{say(draft.language, es='línea', en='line')} {line}: {reason}" for line, reason in done.left)
    return replace(checkup, remarks=(*checkup.remarks, said, *left))


def fix(draft: DraftText, checkup: Checkup, copy: Copy) -> Fixed:
    """Return what to put into a draft so that each sentence that a source says cites it.

    Raises `RagError` where the draft cites in a form that cannot be continued.
    """
    cures, left = _cures(draft, checkup)
    placed: list[tuple[Cure, Insertion]] = []
    begin, wanted = 0, {id(cure.sentence): cure for cure in cures}
    for sentence in (one for section in draft.sections for one in section.sentences):
        found = copy.place(sentence, begin)
        begin = found[1] if found else begin
        cure = wanted.get(id(sentence))
        if cure and found:
            placed.append((cure, Insertion(found[0], f" {cure.marker}")))
        elif cure:
            left.append((sentence.line, say(draft.language, es="no se halla su final", en="its end is not found")))
    kept = placed if _holds(draft, placed, copy) else [one for one in placed if _holds(draft, [one], copy)]
    kept = kept if _holds(draft, kept, copy) else []
    reason = say(draft.language, es="la marca cambiaría el texto", en="the marker would change the text")
    left += [(cure.sentence.line, reason) for cure, _ in placed if not any(cure is one for one, _ in kept)]
    return Fixed(_insertions(draft, kept, copy), len(kept), tuple(sorted(left)))


def _holds(draft: DraftText, placed: Sequence[tuple[Cure, Insertion]], copy: Copy) -> bool:
    """Say whether the draft with insertions reads as before, with these markers and entries besides."""
    if not placed:
        return True
    new = copy.read(_insertions(draft, placed, copy))
    cured = {id(cure.sentence): cure.marker for cure, _ in placed}
    before = [one for section in draft.sections for one in section.sentences]
    after = [one for section in new.sections for one in section.sentences]
    if [one.text for one in before] != [one.text for one in after]:
        return False
    if any((a.marks != b.marks) != (id(b) in cured) for a, b in zip(after, before, strict=True)):
        return False
    added = len({label for cure, _ in placed for label, _ in cure.works})
    old = [(one.label, one.text) for one in draft.entries]
    return len(new.entries) == len(old) + added and set(old) <= {(one.label, one.text) for one in new.entries}


def _insertions(draft: DraftText, placed: Sequence[tuple[Cure, Insertion]], copy: Copy) -> tuple[Insertion, ...]:
    found = [insertion for _, insertion in placed]
    works: dict[str, list[Excerpt]] = {}
    for cure, _ in placed:
        for label, excerpt in cure.works:
            works.setdefault(label, []).append(excerpt)
    if works:
        lines = [_reference(held, draft.language) for held in works.values()]
        listed = [one for one in draft.entries if not one.label.startswith("^")]
        last = max(listed, key=lambda one: one.line, default=None)
        found.append(copy.entries(lines, tuple(works), last, draft.language))
    for entry, key in dict.fromkeys(pair for cure, _ in placed for pair in cure.keys):
        if (more := copy.key(entry, key)) is not None:
            found.append(more)
    return tuple(sorted(found, key=lambda one: one.place))


def _reference(excerpts: Sequence[Excerpt], language: str) -> str:
    """Return an entry in our form, without its number."""
    once = tuple({one.key: one for one in excerpts}.values())
    report = Report(Brief("", (), language=language), (), (NumberedSource(1, once[0].source, once),))
    return to_markdown(report).rstrip("\n").rpartition("\n")[2].removeprefix("[1] ")


# What to put in


def _cures(draft: DraftText, checkup: Checkup) -> tuple[list[Cure], list[tuple[int, str]]]:
    offered = {excerpt.key: excerpt for excerpt in checkup.offered}
    wanted = {
        (one.line, one.sentence): [offered[key] for key in one.offer if key in offered]
        for one in checkup.findings
        if one.check == "uncited" and one.offer
    }
    style = _by_author if _cites_authors(draft) else _by_number
    give = style(draft, {id_: entry for entry, id_ in reversed(checkup.listed)})
    cures: list[Cure] = []
    left: list[tuple[int, str]] = []
    for sentence in (one for section in draft.sections for one in section.sentences):
        if excerpts := wanted.get((sentence.line, sentence.text)):
            cure = give(sentence, excerpts)
            if isinstance(cure, Cure):
                cures.append(cure)
            else:
                left.append((sentence.line, cure))
    return cures, left


def _cites_authors(draft: DraftText) -> bool:
    """Say whether a draft cites by author and year. `RagError` where it cites by footnotes or keys alone."""
    marks = draft.marks
    counts = {
        "author": sum(mark.by_author for mark in marks),
        "number": sum(mark.label.isdigit() for mark in marks),
        "other": sum(mark.label[0] in "^@" for mark in marks),
    }
    if counts["other"] > max(counts["author"], counts["number"]):
        raise RagError(
            tell(
                es=(
                    "el borrador cita con notas al pie o con claves, que --fix no puede continuar: cita "
                    "a mano lo que se ofrece, o comprueba sin --fix"
                ),
                en=(
                    "the draft cites by footnotes or keys, which --fix cannot continue: cite by hand what is offered, "
                    "or check without --fix"
                ),
            )
        )
    unlabelled = any(not entry.label for entry in draft.entries)
    return counts["author"] > counts["number"] or (unlabelled and not counts["number"])


class _by_number:  # noqa: N801 - called as a function
    """Gives each work its number, the next free one where it has none."""

    def __init__(self, draft: DraftText, listed: dict[str, DraftEntry]) -> None:
        labels = (*(one.label for one in draft.entries), *(one.label for one in draft.marks))
        numbers = [int(label) for label in labels if label.isdigit()]
        self._next = max(numbers, default=0) + 1
        self._listed = {id_: entry for id_, entry in listed.items() if entry.label.isdigit()}
        self._new: dict[str, str] = {}

    def __call__(self, sentence: DraftSentence, excerpts: Sequence[Excerpt]) -> Cure | str:
        """Return the cure of a sentence."""
        labels, works, keys = [], [], []
        for excerpt in excerpts:
            id_ = excerpt.source.id
            if entry := self._listed.get(id_):
                labels.append(entry.label)
                keys += [(entry, excerpt.key)] if entry.keys and excerpt.key not in entry.keys else []
                continue
            if id_ not in self._new:
                self._new[id_], self._next = str(self._next), self._next + 1
            labels.append(self._new[id_])
            works.append((self._new[id_], excerpt))
        marker = "".join(f"[{label}]" for label in sorted(dict.fromkeys(labels), key=int))
        return Cure(sentence, marker, tuple(works), tuple(keys))


class _by_author:  # noqa: N801 - called as a function
    """Names each work by surname and year."""

    def __init__(self, draft: DraftText, listed: dict[str, DraftEntry]) -> None:
        self._language = draft.language
        self._listed = listed
        self._lists = Lists(draft.entries)
        self._ours: dict[str, str] = {}

    def __call__(self, sentence: DraftSentence, excerpts: Sequence[Excerpt]) -> Cure | str:
        """Return the cure of a sentence, or why it has none."""
        names, works = [], []
        for excerpt in excerpts:
            source, entry = excerpt.source, self._listed.get(excerpt.source.id)
            name = self._name(source, entry)
            named = self._lists.written(_mark(name)) if name else ()
            if not name or [one.line for one in named] != [one.line for one in (entry,) if one]:
                continue
            if entry is None:
                if self._ours.setdefault(name, source.id) != source.id:
                    continue
                works.append((name, excerpt))
            names.append(name)
        if not names:
            return say(
                self._language,
                es="su fuente no tiene autor o año, o ya hay otra así: cítela a mano",
                en="its source has no author or year, or another is named so: cite it by hand",
            )
        return Cure(sentence, f"({'; '.join(dict.fromkeys(names))})", tuple(works))

    def _name(self, source: Source, entry: DraftEntry | None) -> str:
        """Return how a marker names a source, by the year that its entry gives; empty where it cannot."""
        if not source.authors or source.date.first is None or source.date.last is None:
            return ""
        year = str(source.date.first.year)
        if source.date.last.year != source.date.first.year:
            return ""
        first = surname(source.authors[0])
        if len(source.authors) == 2:  # noqa: PLR2004 - two are both named
            first += f" {say(self._language, es='y', en='and')} {surname(source.authors[1])}"
        elif source.authors[2:]:
            first += " et al."
        given = next((one for one in years_of(entry) if year_of(one) == year), year) if entry else year
        return f"{first}, {given}"


def _mark(name: str) -> Mark:
    """Return the marker of a name and year."""
    return cut_marks(f"({name})")[1][0][1]
