"""Markdown with or without YAML front matter -> one Document.

Keeps paragraphs, list items, quotations and headings as plain text; rows of tables and lines of code are marked (see
`rag.read.marked`). Leaves out HTML, what it hides, images, template tags and the marks of footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import clean
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, given_first, language_code, split_authors, web_link
from rag.read.marked import code, row
from rag.read.told import Told, source
from rag.records import UNDATED, Document, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from markdown_it.token import Token

TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{:[^}\n]*\}|\[\^[^\]\s]+\]:?", re.DOTALL)
HIDDEN = re.compile(
    r"<(?P<tag>[a-z]\w*)\b(?=[^<>]*(?:\bhidden\b|display:\s*none|visibility:\s*hidden|font-size:\s*0[^.\d]))[^<>]*>"
    r".*?</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)
"""Text between tags a page made of it does not show."""
PUBLISHED = ("translation_date", "date", "published", "fecha")
"""The keys that date a text, the first one given counts: a translation came out when it was translated."""
UPDATED = ("updated", "modified", "lastmod", "last_modified", "actualizado")


def read_markdown(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the one document of a Markdown text."""
    metadata, body = split_front_matter(clean(text), path=path)
    blocks = tuple(_blocks(TEMPLATE.sub("", HIDDEN.sub("", body))))
    heading = next((block.text for block in blocks if block.level == 1), "")
    retrieved = _date(metadata, ("retrieved", "accessed", "recuperado"), retrieved=None)
    day = retrieved.first if retrieved.precision == "day" else None
    told = Told(
        "article metadata",
        title=_words(metadata.get("title")),
        authors=_authors(metadata),
        date=_date(metadata, PUBLISHED, retrieved=day),
        updated=_date(metadata, UPDATED, retrieved=day),
        retrieved=day,
        doi=bare_doi(_words(metadata.get("doi"))),
        url=web_link(_words(metadata.get("url"))),
        language=language_code(_words(metadata.get("language") or metadata.get("lang"))),
    )
    return (compose(blocks, source("markdown", path, told, Told("first page", title=heading))),)


def split_front_matter(text: str, *, path: str) -> tuple[Mapping[str, object], str]:
    """Return the front matter's fields and the text under it; no fields where there is no front matter."""
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        front, body = handler.split(text)
    except ValueError:  # an opening rule that nothing closes
        return {}, text
    first_line = text.count("\n", 0, text.index(front)) + 1
    try:
        fields = handler.load(front, Loader=yaml.BaseLoader)  # every value as it is written, dates too
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or error
        raise SourceError(
            path,
            tell(
                es=f"metadatos, línea {line}: {problem}; corrige el YAML o pon el valor entre comillas",
                en=f"front matter, line {line}: {problem}; mend the YAML or quote the value",
            ),
        ) from error
    return (fields, body) if isinstance(fields, Mapping) else ({}, text)


def _blocks(body: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    level = 0
    cells: list[str] = []
    opener = ""
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "tr_close":
            yield row(cells)
            cells.clear()
        elif token.type in {"fence", "code_block"}:
            yield from code(token.content)
        elif token.type == "inline" and opener in {"th_open", "td_open"}:
            cells.append(_plain(token))
        elif token.type == "inline":
            yield Block(_plain(token), level)
            level = 0
        opener = token.type


def _plain(inline: Token) -> str:
    """Return the words of a line without its markup."""
    pieces = (
        " " if token.type in {"softbreak", "hardbreak"} else token.content
        for token in inline.children or ()
        if token.type not in {"image", "html_inline"}
    )
    return "".join(pieces)


def _words(value: object) -> str:
    """Return a scalar's words; none for null, and none for lists and tables, whatever they hold."""
    return value.strip() if isinstance(value, str) and value.lower() not in {"null", "~"} else ""


def _date(metadata: Mapping[str, object], keys: tuple[str, ...], *, retrieved: date | None) -> PublicationDate:
    text = next((words for key in keys if (words := _words(metadata.get(key)))), "")
    return parse_date(text, origin="front matter", retrieved=retrieved) if text else UNDATED


def _authors(metadata: Mapping[str, object]) -> tuple[str, ...]:
    given = metadata.get("authors") or metadata.get("author") or metadata.get("autores") or metadata.get("autor")
    if not isinstance(given, list):
        return split_authors(_words(given))
    named = (person.get("name") if isinstance(person, Mapping) else person for person in given)
    return tuple(given_first(name) for person in named if (name := _words(person)))
