"""A Word document (DOCX) → one Document: paragraphs, headings by style, rows of tables, notes after what they explain.

Leaves out what the printed page does not show: tracked deletions, hidden, white and tiny text, comments, page headers,
tables of contents. Knows no pages: Word counts them when it lays the text out.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import one_line
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, language_code, split_authors
from rag.read.hidden import drop
from rag.read.marked import code, table
from rag.read.told import Told, source
from rag.read.xml import attribute, children, local_name, named, nearest
from rag.records import UNDATED, Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.read.archive import Archive

    Element = Any  # lxml comes without types

GONE = ("del", "moveFrom", "Fallback", "instrText", "rt")
"""Deleted, moved away, said again in an older form, computed, how a word is read aloud."""
PROPERTIES = {"pPr", "rPr", "sdtPr"}
SPACES = {"tab", "br", "cr", "ptab"}
HEADING = re.compile(r"heading ([1-9])")
LISTING = re.compile(r"toc \d|toc heading|table of figures")
CODE = {"source code", "html preformatted", "code", "macro"}
BODY_TEXT = "9"
"""The outline level that is none."""
WHITE = "FFFFFF"
TINY = 4
"""Half points below which nobody reads a letter."""
NO_NAMES = {"user", "usuario", "usuaria", "admin", "administrador", "administrator", "author", "autor", "python-docx"}
NO_TITLES = re.compile(r"microsoft word - .*|untitled|sin título|word document|document\d*|documento\d*", re.IGNORECASE)
"""What programs write where the author's words belong."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says: its name as Word's English has it, the level of a heading (0: text), whether it hides."""

    name: str = ""
    level: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block with the name of its style."""

    style: str
    block: Block


def read_docx(archive: Archive, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a Word file."""
    package = _related(archive, "")
    main = package.get("officeDocument", "word/document.xml")
    parts = _related(archive, main)
    body = archive.xml(main)
    if body is None:
        raise SourceError(
            path,
            tell(
                es="no contiene un texto de Word; guárdalo de nuevo desde el programa del que viene",
                en="it holds no text of Word's; save it anew from the program it comes from",
            ),
        )
    notes: dict[str, Element] = {}
    for kind in ("footnote", "endnote"):
        root = archive.xml(parts.get(f"{kind}s", ""))
        if root is not None:
            notes |= {f"{kind}Reference{attribute(note, 'id')}": note for note in named(_seen(root), kind)}
    styles = archive.xml(parts.get("styles", ""))
    paragraphs = tuple(_Text({} if styles is None else _styles(styles), notes).paragraphs(_seen(body)))
    core = archive.xml(package.get("core-properties", ""))
    told = (_first_page(paragraphs), _embedded(core), _first_heading(paragraphs))
    return (compose((paragraph.block for paragraph in paragraphs), source("docx", path, *told)),)


def _related(archive: Archive, part: str) -> dict[str, str]:
    """Return the names of the parts a part belongs with, by what they are to it."""
    folder, name = posixpath.split(part)
    root = archive.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    if root is None:
        return {}
    return {
        attribute(link, "Type").rpartition("/")[2]: posixpath.normpath(
            posixpath.join("/", folder, attribute(link, "Target"))
        ).lstrip("/")
        for link in children(root, "Relationship")
    }


def _seen(root: Element) -> Element:
    for element in tuple(named(root, *GONE)):
        drop(element)
    return root


def _styles(root: Element) -> dict[str, Style]:
    """Return the styles by their id; what one does not say it takes from the style it rests on."""
    found = {attribute(style, "styleId"): style for style in children(root, "style")}
    styles: dict[str, Style] = {}
    for name in found:
        chain = [name]
        while (base := _value(found[chain[-1]], "basedOn")) in found and base not in chain:
            chain.append(base)
        style = Style()
        for element in (found[one] for one in reversed(chain)):
            style = Style(
                name=_value(element, "name").lower(),
                level=_level(_child(element, "pPr"), _value(element, "name").lower()) or style.level,
                hidden=_is_on(_child(element, "rPr"), "vanish", otherwise=style.hidden),
            )
        styles[name] = style
    return styles


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text with what it needs to be read: styles by id, notes by kind and id."""

    styles: Mapping[str, Style]
    notes: Mapping[str, Element]

    def paragraphs(self, element: Element) -> Iterator[Paragraph]:
        """Give the paragraphs, rows and notes under an element, in order."""
        for child in element:
            match local_name(child):
                case "p":
                    yield from self._paragraph(child)
                case "tbl":
                    yield from self._table(child)
                case _:
                    yield from self.paragraphs(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Paragraph]:
        properties = _child(paragraph, "pPr")
        style = self.styles.get(_value(properties, "pStyle"), Style())
        level = _level(properties, style.name) or style.level
        shown = () if style.hidden or LISTING.fullmatch(style.name) else tuple(self._shown(paragraph))
        text = "".join(map(_words, shown))
        for block in code(text) if style.name in CODE else (Block(one_line(text), level),):
            yield Paragraph(style.name, block)
        for element in shown:
            name = local_name(element)
            if name == "txbxContent":
                yield from self.paragraphs(element)
            elif (note := self.notes.get(name + attribute(element, "id"))) is not None:
                yield from replace(self, notes={}).paragraphs(note)

    def _table(self, element: Element) -> Iterator[Paragraph]:
        lines = ([self._cell(cell) for cell in nearest(line, "tc")] for line in nearest(element, "tr"))
        return (Paragraph("", block) for block in table(lines))

    def _cell(self, cell: Element) -> tuple[Block, ...]:
        return tuple(paragraph.block for paragraph in self.paragraphs(cell))

    def _shown(self, element: Element) -> Iterator[Element]:
        """Give the elements of a paragraph that print something, without those of paragraphs inside it."""
        for child in element:
            name = local_name(child)
            if name not in PROPERTIES and not (name == "r" and self._is_hidden(child)):
                yield child
                if name != "txbxContent":
                    yield from self._shown(child)

    def _is_hidden(self, run: Element) -> bool:
        properties = _child(run, "rPr")
        style = self.styles.get(_value(properties, "rStyle"), Style())
        size = _value(properties, "sz")
        return (
            _is_on(properties, "vanish", otherwise=style.hidden)
            or (size.isdecimal() and int(size) < TINY)
            or (_value(properties, "color").upper() == WHITE and _on_paper(run))
        )


def _on_paper(run: Element) -> bool:
    """Say whether nothing can give a run another ground than white: a colour, a cell, a frame, the page."""
    around = tuple(run.iterancestors())
    paragraph = next((place for place in around if local_name(place) == "p"), run)
    grounds = (*named(paragraph, "shd", "highlight"), *children(around[-1], "background"))
    return not grounds and not {"tc", "txbxContent"} & {local_name(place) for place in around}


def _words(element: Element) -> str:
    name = local_name(element)
    return element.text or "" if name == "t" else "\n" if name in SPACES else "-" if name == "noBreakHyphen" else ""


def _level(properties: Element, style: str) -> int:
    """Return the level of a heading that a paragraph's properties or the name of its style give; 0 for text."""
    outline, found = _value(properties, "outlineLvl"), HEADING.match(style)
    return int(outline) + 1 if outline.isdecimal() and outline != BODY_TEXT else int(found[1]) if found else 0


def _child(element: Element, name: str) -> Element:
    """Return the child of this name; where there is none, what has no children."""
    return next(children(element, name), ())


def _value(element: Element, name: str) -> str:
    return next((attribute(child, "val") for child in children(element, name)), "")


def _is_on(properties: Element, name: str, *, otherwise: bool) -> bool:
    """Say whether a switch is on: it is where it stands without a value."""
    switch = next(children(properties, name), None)
    return otherwise if switch is None else attribute(switch, "val") not in {"0", "false", "off"}


def _first_page(paragraphs: tuple[Paragraph, ...]) -> Told:
    """Return what stands above the text in the styles made for it."""
    said = {name: [one.block.text for one in paragraphs if one.style == name] for name in ("title", "author", "date")}
    return Told(
        "first page",
        title=" ".join(said["title"]),
        authors=tuple(name for line in said["author"] for name in split_authors(line)),
        date=parse_date(said["date"][0], origin="text") if said["date"] else UNDATED,
    )


def _first_heading(paragraphs: tuple[Paragraph, ...]) -> Told:
    """Return the heading a text opens with as its title."""
    first = next((paragraph.block for paragraph in paragraphs if paragraph.block.text), Block(""))
    return Told("first page", title=first.text if first.level == 1 else "")


def _embedded(core: Element | None) -> Told:
    """Return what the program noted; the day it made the file is no publication date."""
    if core is None:
        return Told("embedded")
    said = {local_name(field): one_line(field.text or "") for field in core}
    title, names = said.get("title", ""), split_authors(said.get("creator", ""))
    return Told(
        "embedded",
        title="" if NO_TITLES.fullmatch(title) else title,
        authors=tuple(name for name in names if name.lower() not in NO_NAMES),
        doi=bare_doi(said.get("identifier", "")),
        language=language_code(said.get("language", "")),
    )
