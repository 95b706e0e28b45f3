"""An OpenDocument text (ODT) → one Document: paragraphs, headings, rows of tables, notes after what they explain.

Leaves out what the printed page does not show: tracked deletions, hidden, white and tiny text, comments, indexes. Knows
no pages: a writer counts them when it lays the text out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import one_line
from rag.read.compose import Block, compose
from rag.read.details import language_code, split_authors
from rag.read.hidden import drop
from rag.read.marked import code, table
from rag.read.told import Told, source
from rag.read.xml import attribute, children, local_name, named, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.read.archive import Archive
    from rag.records import Document

    Element = Any  # lxml comes without types

GONE = (
    "tracked-changes", "annotation", "note-citation", "ruby-text", "hidden-text", "hidden-paragraph",
    "table-of-content", "illustration-index", "table-index", "object-index", "alphabetical-index", "user-index",
)  # fmt: skip
SPACES = {"s", "tab", "line-break"}
DRAWN = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
CODE = {"Preformatted_20_Text", "Source_20_Code", "Source_20_Text"}
TITLE = "Title"
WHITE = "#ffffff"
SMALLEST = 2
"""Points below which nobody reads a letter."""
POINTS = re.compile(r"(\d*\.?\d+)pt")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says, with all it rests on: their names, and how its letters look."""

    names: frozenset[str] = frozenset()
    display: str = ""
    color: str = ""
    ground: str = ""
    size: str = ""

    @property
    def hides(self) -> bool:
        """Whether its text is not there, or too small for anyone."""
        points = POINTS.fullmatch(self.size)
        return self.display == "none" or (points is not None and float(points[1]) < SMALLEST)


def read_odt(archive: Archive, *, path: str) -> tuple[Document, ...]:
    """Return the one document of an OpenDocument text."""
    root = archive.xml("content.xml")
    body = None if root is None else next((text for office in children(root, "body") for text in office), None)
    if body is None:
        raise SourceError(
            path,
            tell(
                es="no contiene un texto de procesador; guárdalo de nuevo desde el programa del que viene",
                en="it holds no text of a writer's; save it anew from the program it comes from",
            ),
        )
    for element in tuple(named(body, *GONE)):
        drop(element)
    styles = [style for part in (archive.xml("styles.xml"), root) if part is not None for style in named(part, "style")]
    text = _Text(_styles(styles))
    blocks = tuple(text.blocks(body))
    titles = (title for title in named(body, "p", "h") if TITLE in text.style(title).names)
    title = " ".join(one_line("".join(text.words(part))) for part in titles)
    opening = next((block for block in blocks if block.text), Block(""))
    first = Told("first page", title=opening.text if opening.level == 1 else "")
    told = (Told("first page", title=title), _embedded(archive.xml("meta.xml")), first)
    return (compose(blocks, source("odt", path, *told)),)


def _styles(elements: list[Element]) -> dict[str, Style]:
    """Return the styles by name; what one does not say it takes from its parent."""
    found = {attribute(element, "name"): element for element in elements}
    styles: dict[str, Style] = {}
    for name in found:
        chain = [name]
        while (parent := attribute(found[chain[-1]], "parent-style-name")) in found and parent not in chain:
            chain.append(parent)
        said: dict[str, str] = {}
        for element in (found[one] for one in chain):
            for properties in children(element, "paragraph-properties", "text-properties"):
                said = {key.rpartition("}")[2]: value for key, value in properties.attrib.items()} | said
        ground = said.get("background-color", "").removeprefix("transparent")
        styles[name] = Style(
            frozenset((*chain, parent)),
            said.get("display", ""),
            said.get("color", ""),
            ground,
            said.get("font-size", ""),
        )
    return styles


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text with its styles by name."""

    styles: Mapping[str, Style]

    def style(self, element: Element) -> Style:
        """Return the style of an element; one that is nowhere described still has its name."""
        name = attribute(element, "style-name")
        return self.styles.get(name, Style(frozenset({name})))

    def blocks(self, element: Element) -> Iterator[Block]:
        """Give the paragraphs, rows and notes under an element, in order."""
        for child in element:
            match local_name(child):
                case "p" | "h":
                    yield from self._paragraph(child)
                case "table":
                    lines = nearest(child, "table-row")
                    yield from table(
                        [tuple(self.blocks(cell)) for cell in nearest(line, "table-cell")] for line in lines
                    )
                case "section" if attribute(child, "display") == "none":
                    pass
                case _:
                    yield from self.blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        style = self.style(paragraph)
        level = attribute(paragraph, "outline-level") if local_name(paragraph) == "h" else ""
        text = "".join(self.words(paragraph))
        yield from (
            code(text) if style.names & CODE else (Block(one_line(text), int(level) if level.isdecimal() else 0),)
        )
        for inside in paragraph.iter():
            if _is_apart(inside) and not any(map(_is_apart, _between(inside, paragraph))):
                yield from self.blocks(inside)

    def words(self, element: Element) -> Iterator[str]:
        """Give the pieces of a paragraph that are printed, without notes and frames."""
        if self._is_hidden(element):
            return
        yield element.text or ""
        for child in element:
            if local_name(child) in SPACES:
                yield "\n" if local_name(child) == "line-break" else " "
            elif not _is_apart(child):
                yield from self.words(child)
            yield child.tail or ""

    def _is_hidden(self, element: Element) -> bool:
        style = self.style(element)
        white = style.color == WHITE and not style.ground
        return style.hides or (white and not any(_has_ground(place) for place in element.iterancestors()))


def _is_apart(element: Element) -> bool:
    """Say whether an element inside a paragraph holds paragraphs of its own."""
    return local_name(element) == "note" or (isinstance(element.tag, str) and element.tag.startswith(DRAWN))


def _between(element: Element, paragraph: Element) -> Iterator[Element]:
    """Give the elements around one, up to its paragraph."""
    while (element := element.getparent()) is not paragraph:
        yield element


def _has_ground(element: Element) -> bool:
    """Say whether an element may have a colour of its own behind it."""
    return local_name(element) == "table-cell" or (isinstance(element.tag, str) and element.tag.startswith(DRAWN))


def _embedded(meta: Element | None) -> Told:
    """Return what the program noted: its `creator` is who saved it last, and its dates are no publication dates."""
    if meta is None:
        return Told("embedded")
    said = {local_name(field): one_line(field.text or "") for field in meta.iter()}
    return Told(
        "embedded",
        title=said.get("title", ""),
        authors=split_authors(said.get("initial-creator", "")),
        language=language_code(said.get("language", "")),
    )
