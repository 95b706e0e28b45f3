"""An article in JATS XML -> a Document of it, and one for each text published with it (translation, response, review).

A translation is a Document of its own in its own language, with the article's authors, date and DOI: the same source in
other words. An abstract in another language stays with the article, its heading naming the language. References,
footnotes and acknowledgements are left out. Entities are not resolved, nothing is fetched.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import say, tell
from rag.read.characters import clean, one_line
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, language_code, web_link
from rag.read.marked import row
from rag.read.told import Told, source
from rag.read.xml import attribute, children, local_name, named, named_characters, parse_xml
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.records import Document, PublicationDate

    Element = Any  # lxml comes without types

PUBLISHED = {"pub", "epub", "ppub", "epub-ppub", "publication", ""}
"""Kinds of date on which the article itself appeared, electronic or printed."""
ISSUE = {"collection", "issue", "issue-pub"}
"""Kinds that date the volume: they stand in where the article has no date of its own."""
UPDATED = {"corrected", "updated", "rev-pub"}
TEXTS = ("sub-article", "response")
LEFT_OUT = {
    "ref-list", "fn-group", "fn", "ack", "graphic", "media", "object-id", "label", "tex-math", "inline-graphic",
    "permissions", "attrib", "table-wrap-foot", "contrib-group",
}  # fmt: skip
OWN_BLOCKS = {
    "p", "sec", "title", "list", "list-item", "def-list", "def-item", "term", "def", "disp-quote", "boxed-text", "fig",
    "fig-group", "table-wrap", "table-wrap-group", "table", "tr", "disp-formula", "statement", "verse-group",
    "abstract", "trans-abstract", "app", "app-group", "supplementary-material", "caption", "speech", "alternatives",
}  # fmt: skip
FLOATS = {"fig", "table-wrap", "supplementary-material", "boxed-text"}
MARKS = {"bibr", "fn", "table-fn", "aff", "corresp"}
"""Kinds of cross-reference that point to what is left out."""
BARE_MARK = re.compile(r"[\W\d]*|[a-z]", re.IGNORECASE)
RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")  # every minus there is


def read_jats(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the article, then the texts published with it."""
    root = parse_xml(named_characters(clean(text)), path=path)
    article = root if local_name(root) == "article" else next(named(root, "article"), None)
    if article is None:
        raise SourceError(
            path,
            tell(
                es="es XML, pero no un artículo en JATS; guarda el artículo mismo como texto o PDF",
                en="it is XML, but no article in JATS; save the article itself as text or PDF",
            ),
        )
    told = _told(article)
    documents = [compose(_blocks_of(article, told), source("jats", path, told))]
    for part in named(article, *TEXTS):
        its = _told(part)
        if attribute(part, "article-type") == "translation":
            its = _translated(its, told)
        with suppress(SourceError):  # a title without a text
            documents.append(compose(_blocks_of(part, its), source("jats", path, its)))
    return tuple(documents)


# What it says of itself


def _told(article: Element) -> Told:
    front = next(children(article, "front", "front-stub"), article)
    meta = next(children(front, "article-meta"), front)
    titles = (
        title for group in children(meta, "title-group") for title in children(group, "article-title", "subtitle")
    )
    ids = (found for found in children(meta, "article-id") if attribute(found, "pub-id-type") == "doi")
    journal = next(named(front, "journal-title"), None)
    return Told(
        "article metadata",
        title=one_line(": ".join(filter(None, map(_line, titles)))),
        authors=tuple(_authors(meta)),
        date=_published(meta),
        updated=_updated(meta),
        doi=next((doi for found in ids if (doi := bare_doi(_line(found)))), ""),
        url=next((link for uri in children(meta, "self-uri") if (link := web_link(attribute(uri, "href")))), ""),
        journal=_line(journal) if journal is not None else "",
        language=language_code(attribute(article, "lang")),
    )


def _translated(its: Told, article: Told) -> Told:
    """Return what a translation says of itself; the rest is the article's, but for its title."""
    return replace(
        article,
        title=its.title,
        authors=its.authors or article.authors,
        doi=its.doi or article.doi,
        language=its.language,
    )


def _authors(meta: Element) -> Iterator[str]:
    """Give the authors' names in order, given name first; editors, translators and the like are none."""
    for contributor in (one for group in children(meta, "contrib-group") for one in children(group, "contrib")):
        if attribute(contributor, "contrib-type") not in {"author", ""}:
            continue
        name = next(named(contributor, "name", "string-name", "collab"), None)
        if name is None:
            continue
        parts = {local_name(part): _line(part) for part in name}
        if local_name(name) == "collab":
            yield one_line("".join([name.text or "", *(part.tail or "" for part in name)])) or parts.get(
                "institution", ""
            )
        elif "surname" in parts:
            yield " ".join(filter(None, map(parts.get, ("given-names", "surname", "suffix"))))
        else:
            yield _line(name)


def _published(meta: Element) -> PublicationDate:
    """Return the earliest date on which the article appeared, else that of its issue, else the words it is dated by.

    Its issue may be dated before it or after; received and accepted are no publication.
    """
    dates = [(_kind(found), _date(found)) for found in children(meta, "pub-date")]
    for kinds in (PUBLISHED, ISSUE):
        known = [published for kind, published in dates if kind in kinds and published.known]
        if known:
            return min(known, key=_ended)
    return next((published for kind, published in dates if kind in PUBLISHED), UNDATED)


def _updated(meta: Element) -> PublicationDate:
    dates = (_date(found) for found in named(meta, "pub-date", "date") if _kind(found) in UPDATED)
    return max((found for found in dates if found.known), key=_ended, default=UNDATED)


def _ended(published: PublicationDate) -> tuple[date, int]:
    """Order by the last day, then the most precise first: 8 March 2023 comes before 2023."""
    return published.last or date.max, -(published.first or date.min).toordinal()


def _kind(found: Element) -> str:
    return attribute(found, "date-type") or attribute(found, "pub-type")


def _date(found: Element) -> PublicationDate:
    """Return the date of an element, as precise as it is given; a season is no date."""
    parts = {local_name(part): _line(part) for part in found}
    words = parts.get("year", "")
    for name in ("month", "day"):
        if not words or not parts.get(name):
            break
        words += f"-{parts[name].zfill(2)}"
    words = words or attribute(found, "iso-8601-date")[:10]
    return parse_date(words, origin="article metadata") if words else UNDATED


# Its text


def _blocks_of(article: Element, told: Told) -> Iterator[Block]:
    """Give the title, the abstracts, the body and the appendices."""
    front = next(children(article, "front", "front-stub"), article)
    meta = next(children(front, "article-meta"), front)
    texts: list[Block] = []
    for abstract in children(meta, "abstract", "trans-abstract"):
        texts += _abstract(abstract, told.language)
    for body in children(article, "body"):
        texts += _blocks(body, level=2)
    for back in children(article, "back"):
        for part in children(back, "app-group", "app", "sec"):
            texts += _blocks(part, level=2)
    if any(block.text and not block.level for block in texts):  # a title alone is no text
        yield Block(told.title, level=1)
        yield from texts


def _abstract(abstract: Element, language: str) -> Iterator[Block]:
    """Give an abstract under its heading, which names its language where that is not the article's."""
    its = language_code(attribute(abstract, "lang")) or language
    title = next(children(abstract, "title"), None)
    heading = _line(title).rstrip(" :.") if title is not None else say(its, es="Resumen", en="Abstract")
    yield Block(heading if its == language else f"{heading} ({its})", level=2)
    blocks = (block for block in _blocks(abstract, level=3) if one_line(block.text))
    yield from islice(blocks, title is not None, None)


def _blocks(element: Element, *, level: int) -> Iterator[Block]:
    """Give the headings, paragraphs, captions and rows under an element, in order; what is left out, not."""
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in OWN_BLOCKS and name not in LEFT_OUT:
            yield Block("".join(pieces))
            pieces = []
            if name == "title":
                yield Block(_line(child), level=level)
            elif name == "tr":
                yield row(map(_line, child))
            elif name in FLOATS:
                yield Block(_caption(child))
                yield from _beside_caption(child, level)
            else:
                yield from _blocks(child, level=level + (name == "sec"))
        elif name not in LEFT_OUT:
            pieces.append(_inline(child))
        pieces.append(child.tail or "")
    yield Block("".join(pieces))


def _caption(element: Element) -> str:
    """Return the label and caption of a figure or table as one paragraph."""
    label = next(children(element, "label"), None)
    words = [_line(part) for caption in children(element, "caption") for part in children(caption, "title", "p")]
    return " ".join(filter(None, [_line(label) if label is not None else "", *words]))


def _beside_caption(element: Element, level: int) -> Iterator[Block]:
    for child in element:
        if local_name(child) in OWN_BLOCKS - {"caption"} - LEFT_OUT:
            yield from _blocks(child, level=level + 1)


def _line(element: Element) -> str:
    return one_line(_inline(element))


def _inline(element: Element) -> str:
    """Return the words of an element without what is left out, marks of notes and references, and comments."""
    name = local_name(element)
    if not name or name in LEFT_OUT - {"label"}:
        return ""
    inside = "".join([element.text or "", *(_inline(child) + (child.tail or "") for child in element)])
    if name == "xref" and attribute(element, "ref-type") in MARKS and BARE_MARK.fullmatch(inside):
        return ""
    if name == "sup":
        return _raised(inside, marks=any(True for _ in named(element, "xref")))
    return " " if name == "break" else inside


def _raised(text: str, *, marks: bool) -> str:
    """Return what stands above the line so that 10³ does not become 103; nothing where it were marks alone."""
    if marks and BARE_MARK.fullmatch(text):
        return ""
    raised = text.translate(RAISED)
    return text if any(letter.isascii() and letter.isalnum() for letter in raised) else raised
