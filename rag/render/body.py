"""A checked report → the blocks of one document, the same for every format: headings, paragraphs, notes, references.

How a citation looks is decided by whoever passes a `Manner`; what is the author's own comes as blocks read from their
Markdown. Every word of a source or a model is plain text. It checks nothing and drops nothing. Report -> nodes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.language import say
from rag.render import tree, wording
from rag.render.published import published

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from rag.records import CheckedSection, Finding, NumberedSource, Report, Sentence, Source
    from rag.render.own import Own
    from rag.render.tree import Node

NOTE, REFERENCES = "note", "references"
"""The kinds of group that each format dresses in its own way."""


class Cite(Protocol):
    """How a citation is set."""

    def __call__(self, entries: Sequence[NumberedSource], keys: Sequence[str]) -> list[Node]:
        """Return what stands for a citation of these sources by these of their excerpts."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How citations are set: after which `gap`, and `after` the closing punctuation or before it."""

    cite: Cite
    gap: str
    after: bool = False


def blocks(report: Report, own: Own, manner: Manner, references: Sequence[Node] | None) -> list[Node]:
    """Return a document's blocks; `references` stand under the last heading, at the brief's top level. Where there
    are none, whoever reads the document sets them.
    """
    language = report.brief.language
    made: list[Node] = []
    for section in report.sections:
        made += own.above(section)
        if not section.body:
            made += _section(section, report, own, manner)
    made += _noted([tree.words(line) for remark in report.remarks for line in remark.splitlines()])
    if references is None:
        return made
    top = min((section.heading.level for section in report.sections), default=1)
    made.append(tree.heading(top, tree.words(references_title(language))))
    if not report.sources:
        none = say(language, es="No se cita ninguna fuente.", en="No source is cited.")
        return [*made, *_noted([tree.words(none)])]
    return [*made, *references]


def references_title(language: str) -> str:
    """Return the title of the last section."""
    return say(language, es="Referencias", en="References")


def _section(section: CheckedSection, report: Report, own: Own, manner: Manner) -> Iterator[Node]:
    """Give what was written in a section, then its notes."""
    from rag.report import notable  # with all checks, which showing what a search found does not need

    paragraphs: list[list[Node]] = []
    for sentence in section.written:
        if sentence.opens_paragraph or not paragraphs:
            paragraphs.append([])
        elif paragraphs[-1]:
            paragraphs[-1].append(tree.SPACE)
        typed = sentence.kind == "author"
        paragraphs[-1] += own.sentence(sentence.text) if typed else _marked(sentence, report, manner)
    yield from map(tree.paragraph, paragraphs)
    found = [_told(finding, report, manner) for finding in notable(section, report.findings)]
    plain = [tree.words(line) for line in section.note.splitlines() if line.strip()]
    author = (*section.author, *(one for one in section.written if one.kind == "author"))
    yield from _noted([*plain, *_offers(author, report, manner), *found])


def _marked(sentence: Sentence, report: Report, manner: Manner) -> list[Node]:
    """Return a sentence with what it cites, before its closing punctuation or after it."""
    keys = [citation.key for citation in sentence.citations]
    return _with_citation(sentence.text.strip(), _cited(keys, report, manner), manner)


def _with_citation(text: str, cited: list[Node], manner: Manner) -> list[Node]:
    if not cited:
        return tree.words(text)
    body, closing = (text, "") if manner.after else wording.closing(text)
    return [*tree.words(body), *tree.words(manner.gap), *cited, *([tree.string(closing)] if closing else [])]


def _cited(keys: Iterable[str], report: Report, manner: Manner) -> list[Node]:
    """Return what stands for the citation of these excerpts, nothing where no source has them."""
    wanted = set(keys)
    held = [(entry, [excerpt.key for excerpt in entry.excerpts if excerpt.key in wanted]) for entry in report.sources]
    cited = [(entry, own) for entry, own in held if own]
    return manner.cite([entry for entry, _ in cited], [key for _, own in cited for key in own]) if cited else []


def _offers(author: Sequence[Sentence], report: Report, manner: Manner) -> Iterator[list[Node]]:
    """Say which sources the author's own sentences could cite; one among several is quoted by its first words."""
    language = report.brief.language
    for sentence in author:
        if cited := _cited(sentence.offers, report, manner):
            words = wording.beginning(sentence.text, wording.OFFER_WORDS) if author[1:] else ""
            yield _with_citation(_offer(words, language), cited, manner)


def _offer(words: str, language: str) -> str:
    if language == "es":
        whose = f"La frase «{words}», del autor," if words else "La frase inicial, del autor,"
        return f"{whose} dice lo mismo que una fuente y puede citarla."
    whose = f"The author's sentence “{words}”" if words else "The opening sentence, the author's,"
    return f"{whose} says the same as a source and can cite it."


def _told(finding: Finding, report: Report, manner: Manner) -> list[Node]:
    """Say what a reader should know of a sentence that stands, with the sources that say otherwise."""
    words, reason = wording.beginning(finding.sentence, wording.OFFER_WORDS), finding.reason.rstrip(".")
    told = say(report.brief.language, es=f"Sobre «{words}»: {reason}.", en=f"On “{words}”: {reason}.")
    return _with_citation(told, _cited(finding.offer, report, manner), manner)


def _noted(lines: Sequence[list[Node]]) -> list[Node]:
    """Return a group of notes, none where there are no lines."""
    return [tree.group([tree.paragraph(line) for line in lines], kind=NOTE)] if lines else []


# References in our own form: numbered, with some words of the excerpt and the keys by which a draft is checked


def numbered(report: Report) -> list[Node]:
    """Return the sources in the report's order, each under its number."""
    entries = [
        tree.paragraph(_reference(entry, wording.shown(entry.excerpts, report.sections), report.brief.language))
        for entry in report.sources
    ]
    return [tree.group(entries, kind=REFERENCES)]


def by_number(entries: Sequence[NumberedSource], keys: Sequence[str]) -> list[Node]:  # noqa: ARG001 - a `Cite`
    """Return one bracket for each source, which leads to its reference."""
    return [tree.link([tree.string(f"[{entry.number}]")], f"#source-{entry.number}") for entry in entries]


def in_notes(report: Report) -> Cite:
    """Return how citations are set in footnotes: the number, who, when, where, and words of the very excerpts cited,
    these the first time alone.
    """
    told: set[str] = set()

    def cite(entries: Sequence[NumberedSource], keys: Sequence[str]) -> list[Node]:
        notes = [tree.paragraph(_short(entry, keys, told, report)) for entry in entries]
        told.update(keys)
        return [tree.footnote(notes)] if notes else []

    return cite


def _short(entry: NumberedSource, keys: Sequence[str], told: Container[str], report: Report) -> list[Node]:
    source, language = entry.source, report.brief.language
    cited = [excerpt for excerpt in entry.excerpts if excerpt.key in keys]
    known = (_who(source, language), published(source, language), wording.pages(cited))
    shown = [wording.shown([excerpt], report.sections) for excerpt in cited if excerpt.key not in told]
    words = ": " + " ".join(wording.quoted(text, language) for text in shown) if shown else ""
    return [*by_number([entry], keys), tree.SPACE, *tree.words(f"{', '.join(filter(None, known))}{words}.")]


def _who(source: Source, language: str) -> str:
    if source.authors[2:]:
        return f"{source.authors[0]} et al."
    return say(language, es=" y ", en=" and ").join(source.authors) or wording.title(source, language)


def _reference(entry: NumberedSource, shown: str, language: str) -> list[Node]:
    """Return a source's line: what it is, some words of it, the keys of all excerpts cited."""
    source = entry.source
    before = (
        wording.authors(source), wording.title(source, language), source.journal, published(source, language)
    )  # fmt: skip
    pieces = [tree.words(piece) for piece in before if piece]
    pieces += [_address(source)] if source.doi or source.url.strip() else []
    pieces += [tree.words(pages)] if (pages := wording.pages(entry.excerpts)) else []
    line = [tree.span([tree.string(f"[{entry.number}]")], name=f"source-{entry.number}"), tree.SPACE]
    for place, piece in enumerate(pieces):
        line += [tree.string(","), tree.SPACE, *piece] if place else piece
    if entry.excerpts:
        keys = [node for excerpt in entry.excerpts for node in (tree.SPACE, tree.code(f"`k:{excerpt.key}`"))]
        line += [tree.string(":"), tree.SPACE, *tree.words(wording.quoted(shown, language)), *keys]
    return line


def _address(source: Source) -> list[Node]:
    """Return a DOI's address, else a web address, as a link; any other address as plain text."""
    address = wording.address(source)
    return [tree.link([tree.string(address)], address)] if address else tree.words(source.url.strip())
