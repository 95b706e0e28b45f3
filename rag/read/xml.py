"""XML → its elements, without anything it could make of a few bytes: entities, other files, addresses, depth.

Does not know any format. lxml reads; what it would refuse, and what it would leave as a hole, is a `SourceError`.

bytes or text → elements.
"""

from __future__ import annotations

import re
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING, Any

from rag.errors import SourceError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    Element = Any  # lxml comes without types

ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
ENTITIES = {
    "en": "its XML makes up entities, which can hide text and other files; save it without them",
    "es": "su XML define entidades, que pueden esconder texto y otros archivos; guárdalo sin ellas",
}
DEPTH = {
    "en": "its XML holds elements in elements without end; save it anew from the program it comes from",
    "es": "su XML contiene elementos dentro de elementos sin fin; guárdalo de nuevo desde el programa del que viene",
}
BOMBS = (("amplification", ENTITIES), ("Excessive depth", DEPTH))
TABLES = {"tbl", "table"}
DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")


def parse_xml(data: bytes | str, *, path: str) -> Element:
    """Return the root element; named characters of HTML (&nbsp;) are read, entities a file makes up are refused."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(undeclared(data) if isinstance(data, str) else data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        known = (tell(**reason) for sign, reason in BOMBS if sign in str(error))
        raise SourceError(
            path,
            next(
                known,
                tell(
                    es=f"no se puede leer su XML ({_words(error)}); guárdalo de nuevo",
                    en=f"its XML cannot be read ({_words(error)}); save it anew",
                ),
            ),
        ) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise SourceError(path, tell(**ENTITIES))
    return root


def undeclared(text: str) -> str:
    """Return a page that is text already, without the encoding its bytes were in."""
    return DECLARED.sub("", text)


def named_characters(text: str) -> str:
    """Return a page with HTML's named characters (&nbsp;) as they are, which XML does not know."""
    return ENTITY.sub(_character, text)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; empty for an entity or a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without namespace; empty where it is not there."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def named(element: Element, *names: str) -> Iterator[Element]:
    """Give the elements of these names at any depth, in the order of the text."""
    return (found for found in element.iter() if local_name(found) in names)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Give the children of these names, in order."""
    return (child for child in element if local_name(child) in names)


def nearest(element: Element, *names: str) -> Iterator[Element]:
    """Give the elements of these names whatever wraps them, but none of a table inside."""
    for child in element:
        if local_name(child) in names:
            yield child
        elif local_name(child) not in TABLES:
            yield from nearest(child, *names)


def _character(match: re.Match[str]) -> str:
    known = html5.get(f"{match[1]};")
    return match[0] if match[1] in XML_ENTITIES or known is None else escape(known)


def _words(error: Exception) -> str:
    return " ".join(str(getattr(error, "msg", error)).split())[:120]
