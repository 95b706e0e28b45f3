"""A saved web page -> one Document: its main text, and what its metadata say of it.

Leaves out menus, scripts and what the page hides (see `rag.read.hidden`). Fetches nothing. Dates come from the metadata
alone.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import clean
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, given_first, language_code, split_authors, web_link
from rag.read.hidden import drop_hidden
from rag.read.marked import code, row
from rag.read.told import Told, source
from rag.records import UNDATED, Document, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Element = Any  # lxml comes without types

PUBLISHED = (
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "date",
)
UPDATED = ("article:modified_time", "datemodified", "dc.date.modified", "dcterms.modified", "og:updated_time")
JSON_DATE = re.compile(r'"(datePublished|dateModified)"\s*:\s*"([^"]+)"')
OWN_BLOCKS = {"head", "p", "list", "item", "quote", "table", "row", "code", "div"}
LEFT_OUT = {"graphic", "del"}
NO_TEXT = {
    "en": "no main text can be told from its menus; save the article itself as text or PDF",
    "es": "no se distingue un texto principal de sus menús; guarda el artículo mismo como texto o PDF",
}


def read_html(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a web page."""
    from trafilatura import bare_extraction, extract_metadata
    from trafilatura.utils import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it would say becomes a SourceError
    tree: Element = load_html(clean(text))
    if tree is None:
        raise SourceError(path, tell(**NO_TEXT))
    drop_hidden(tree)
    meta = _metadata(tree)
    told = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    body = getattr(bare_extraction(tree, include_comments=False), "body", None)
    if body is None:
        raise SourceError(path, tell(**NO_TEXT))
    url, language = web_link(told.url or ""), tree.get("lang") or _first(meta, "citation_language", "dc.language")
    head = Told(
        "article metadata",
        title=_first(meta, "citation_title", "dc.title", "dcterms.title") or _if_said(meta, told.title),
        authors=tuple(map(given_first, meta.get("citation_author", ()))) or split_authors(_if_said(meta, told.author)),
        date=_date(meta, PUBLISHED),
        updated=_date(meta, UPDATED),
        doi=bare_doi(_first(meta, "citation_doi", "prism.doi", "dc.identifier", "dcterms.identifier")),
        url=url,
        journal=_first(meta, "citation_journal_title", "prism.publicationname"),
        language=language_code(language),
    )
    page = Told("first page", title=told.title or "", authors=split_authors(told.author or ""))
    return (compose(_blocks(body), source("html", path, head, page)),)


def _metadata(tree: Element) -> Mapping[str, list[str]]:
    """Return the page's metadata by lower-case name, in order; those of JSON-LD come after those of `meta`."""
    found: dict[str, list[str]] = {}
    for element in tree.xpath("//meta[@content]"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        found.setdefault(name.lower(), []).append(element.get("content"))
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        for name, value in JSON_DATE.findall(script):
            found.setdefault(name.lower(), []).append(value)
    return found


def _if_said(meta: Mapping[str, list[str]], words: str | None) -> str:
    """Return words that the metadata hold as well; those found on the page alone are not of the article's metadata."""
    return words if words and any(words in value for values in meta.values() for value in values) else ""


def _first(meta: Mapping[str, list[str]], *names: str) -> str:
    return next((value.strip() for name in names for value in meta.get(name, ()) if value.strip()), "")


def _date(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> PublicationDate:
    words = _first(meta, *names)
    return parse_date(words, origin="article metadata") if words else UNDATED


def _blocks(element: Element) -> Iterator[Block]:
    """Give the headings and paragraphs of trafilatura's tree; a table's row is a paragraph."""
    if element.tag == "head":
        yield Block(_text(element), level=int((element.get("rend") or "h2")[-1]))
    elif element.tag == "row":
        yield row(map(_text, element))
    elif element.tag == "code":
        yield from code(_text(element))
    else:
        pieces = [element.text or ""]
        for child in element:
            if child.tag in OWN_BLOCKS and not (child.tag == "code" and element.tag in {"p", "item"}):
                yield Block("".join(pieces))
                yield from _blocks(child)
                pieces = []
            elif child.tag not in LEFT_OUT:
                pieces.append(_text(child))
            pieces.append(child.tail or "")
        yield Block("".join(pieces))


def _text(element: Element) -> str:
    """Return the words inside an element; a break of line within it is one."""
    inside = (_text(child) + (child.tail or "") for child in element)
    return "\n" if element.tag == "lb" else (element.text or "") + "".join(inside)
