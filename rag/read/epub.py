"""An EPUB book → one Document: its pages in reading order, headings, rows of tables, and what it says of itself.

Leaves out navigation, what a page hides, and pages outside the reading order. Knows no page numbers: they are those of
the device it is read on. Does not open books their seller locked.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import decode, one_line
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, given_first, language_code
from rag.read.hidden import drop_hidden
from rag.read.marked import code, table
from rag.read.told import Told, source
from rag.read.xml import attribute, local_name, named, named_characters, nearest, parse_xml, undeclared
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.read.archive import Archive
    from rag.records import Document, PublicationDate

    Element = Any  # lxml comes without types

CONTAINER = "META-INF/container.xml"
LOCKS = "META-INF/encryption.xml"
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "math", "mrow", "mi", "mn", "mo", "msup", "msub", "mfrac", "mtext", "semantics",
}  # fmt: skip
"""Elements inside a line; any other stands for itself."""
LEFT_OUT = {
    "head",
    "nav",
    "script",
    "style",
    "svg",
    "audio",
    "video",
    "img",
    "rt",
    "rp",
    "annotation",
    "object",
    "iframe",
}
NOTE_NUMBER = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]{1,3}|[a-z])[\])]?")
UNKNOWN_YEAR = "0101"
"""The year some programs write where they know none."""


def read_epub(archive: Archive, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a book."""
    container = archive.xml(CONTAINER)
    name = (
        next((attribute(root, "full-path") for root in named(container, "rootfile")), "")
        if container is not None
        else ""
    )
    package = archive.xml(name)
    if package is None:
        raise SourceError(
            path,
            tell(
                es="no es un libro completo: falta la lista de sus páginas; guárdalo o descárgalo de nuevo",
                en="it is no whole book: the list of its pages is missing; save or download it anew",
            ),
        )
    pages = tuple(dict.fromkeys(_pages(package, posixpath.dirname(name))))
    if _locked(archive) & set(pages):
        raise SourceError(
            path,
            tell(
                es="está protegido por su vendedor; consíguelo sin esa protección, o en PDF",
                en="it is locked by its seller; get it without such protection, or as PDF",
            ),
        )
    blocks = (block for page in pages for block in _page_blocks(archive, page))
    return (compose(blocks, source("epub", path, _metadata(package))),)


def _pages(package: Element, folder: str) -> Iterator[str]:
    """Give the names of the parts that are the book's pages, in reading order."""
    items = {attribute(item, "id"): attribute(item, "href") for item in named(package, "item")}
    for reference in named(package, "itemref"):
        address = items.get(attribute(reference, "idref"), "")
        if address and attribute(reference, "linear") != "no":
            yield posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0])))


def _locked(archive: Archive) -> set[str]:
    """Return the names of the parts that can only be read with a key."""
    locks = archive.xml(LOCKS)
    return set() if locks is None else {unquote(attribute(part, "URI")) for part in named(locks, "CipherReference")}


def _page_blocks(archive: Archive, name: str) -> Iterator[Block]:
    """Give the blocks of one page; one that is missing or is a picture has none."""
    data = archive.read(name)
    if not data:
        return
    try:
        text = named_characters(decode(data))
    except ValueError as error:
        raise SourceError(archive.path, f"{name}: {error}") from error
    page = _tree(text, path=archive.path)
    drop_hidden(page)
    body = next(named(page, "body"), None)
    yield from _blocks(page if body is None else body)


def _tree(text: str, *, path: str) -> Element:
    """Return a page's elements; one that is no XML, as many are not, is read as a browser would."""
    from lxml import html

    try:
        return parse_xml(text, path=path)
    except SourceError:
        if "<!ENTITY" in text:
            raise
        return html.document_fromstring(undeclared(text))


def _blocks(element: Element) -> Iterator[Block]:
    """Give the blocks of an element: what stands between its blocks is one too."""
    words = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in INLINE and not _holds_blocks(child):
            words.append(_words(child))
        elif name == "br":
            words.append(" ")
        elif name and name not in LEFT_OUT:
            yield Block("".join(words))
            words = []
            yield from _block(child, name)
        words.append(child.tail or "")
    yield Block("".join(words))


def _block(element: Element, name: str) -> Iterator[Block]:
    if name in HEADINGS:
        yield Block(_words(element), HEADINGS[name])
    elif name == "pre":
        yield from code(_words(element))
    elif name == "table":
        rows = nearest(element, "tr")
        yield from table([tuple(_blocks(cell)) for cell in nearest(line, "td", "th")] for line in rows)
    else:
        yield from _blocks(element)


def _holds_blocks(element: Element) -> bool:
    return any(local_name(inside) not in INLINE | LEFT_OUT | {"br", ""} for inside in element.iterdescendants())


def _words(element: Element) -> str:
    """Return the words inside an element as they stand in a line."""
    if local_name(element) in LEFT_OUT or _points_to_note(element):
        return ""
    if local_name(element) == "br":
        return "\n"
    return (element.text or "") + "".join(_words(child) + (child.tail or "") for child in element)


def _points_to_note(element: Element) -> bool:
    """Say whether an element is the number of a note, which stands elsewhere."""
    if "noteref" in (attribute(element, "type"), attribute(element, "role").removeprefix("doc-")):
        return True
    raised = local_name(element) in {"sup", "a"} and {"sup", "a"} <= {local_name(inside) for inside in element.iter()}
    return raised and NOTE_NUMBER.fullmatch("".join(element.itertext()).strip()) is not None


def _metadata(package: Element) -> Told:
    """Return what the book says of itself."""
    said = next(named(package, "metadata"), package)
    refined = {
        attribute(meta, "refines").lstrip("#"): one_line(meta.text or "")
        for meta in named(said, "meta")
        if attribute(meta, "property") == "role"
    }
    creators = [(one_line(person.text or ""), _role(person, refined)) for person in named(said, "creator")]
    identifiers = [one_line(found.text or "") for found in named(said, "identifier", "source")]
    return Told(
        "article metadata",
        title=_first(said, "title"),
        authors=tuple(given_first(name) for name, role in creators if role in {"", "aut"} and name),
        date=_date(said),
        doi=next(filter(None, map(bare_doi, identifiers)), ""),
        language=language_code(_first(said, "language")),
    )


def _role(person: Element, refined: dict[str, str]) -> str:
    return attribute(person, "role") or refined.get(attribute(person, "id"), "")


def _first(said: Element, name: str) -> str:
    return next((words for field in named(said, name) if (words := one_line(field.text or ""))), "")


def _date(said: Element) -> PublicationDate:
    """Return the date of publication; one of another event, or of none where one is named so, is not it."""
    dates = [(attribute(date, "event"), one_line(date.text or "")) for date in named(said, "date")]
    published = [words for event, words in dates if event == "publication"] or [
        words for event, words in dates if not event
    ]
    words = next((words for words in published if not words.startswith(UNKNOWN_YEAR)), "")
    return parse_date(words, origin="article metadata") if words else UNDATED
