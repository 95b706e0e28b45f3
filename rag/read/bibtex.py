"""A bibliography -> a Document for each entry that holds prose: its abstract, then its notes.

Bare bibliographic fields are never text. An entry without prose is no document and no error. Files that an entry names
are not opened.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import count_words
from rag.read.characters import clean, one_line
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, language_code, web_link
from rag.records import UNDATED, Document, PublicationDate, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROSE_WORDS = 8
"""A note of fewer words ("PMID: 123", "In press") is bookkeeping."""
SIGN = re.compile(r"(?<!\\)[%&]")
TILDE = re.compile(r"(?<=/)~")
PARAGRAPH = re.compile(r"\n\s*\n")


def read_bibtex(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the documents of a bibliography's entries, in their order."""
    entries = _entries(clean(text))
    if not entries:
        raise SourceError(path, "none of its entries can be read; check the braces and commas of the first one")
    return tuple(_documents(entries, path=path))


def _entries(text: str) -> list[Mapping[str, str]]:
    """Return the fields of each entry by lower-case name, LaTeX decoded; also of one that repeats a key or a field."""
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would say becomes a SourceError
    # To LaTeX a bare % opens a comment, & ends a cell and ~ is a space; here they are percentages, names and addresses.
    safe = TILDE.sub(r"\\textasciitilde{}", SIGN.sub(r"\\\g<0>", text))
    found = parse_string(safe, parse_stack=()).blocks
    blocks = [getattr(block, "ignore_error_block", None) or block for block in found]
    for number, block in enumerate(blocks):
        if isinstance(block, Entry):
            block.key = str(number)  # two entries of one key are two documents
    library = Library(blocks, fail_on_duplicate_key=False)
    for middleware in (
        middlewares.NormalizeFieldKeys(),
        middlewares.ResolveStringReferencesMiddleware(),
        middlewares.RemoveEnclosingMiddleware(),
    ):
        library = middleware.transform(library)
    for entry in library.entries:
        for field in entry.fields:
            field.value = _given_first(field.value) if field.key == "author" else field.value
    decoded = middlewares.LatexDecodingMiddleware().transform(library)
    return [{field.key: str(field.value) for field in entry.fields} for entry in decoded.entries]


def _given_first(authors: str) -> str:
    """Return "Family, Given and …" as "Given Family; …", while braces still hold the names of bodies together."""
    from bibtexparser.middlewares.names import (
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    names = (parse_single_name_into_parts(name, strict=False) for name in split_multiple_persons_names(authors))
    return "; ".join(name.merge_first_name_first for name in names)


def _documents(entries: list[Mapping[str, str]], *, path: str) -> Iterator[Document]:
    for fields in entries:
        notes = [note for name in ("annote", "annotation", "note") if _is_prose(note := fields.get(name, ""))]
        paragraphs = PARAGRAPH.split("\n\n".join([fields.get("abstract", ""), *notes]).strip())
        if not any(map(one_line, paragraphs)):
            continue
        source = Source(
            id="",
            paths=(path,),
            format="bibtex",
            title=fields.get("title", ""),
            authors=tuple(name for name in fields.get("author", "").split(";") if name.strip() != "others"),
            date=_date(fields),
            doi=bare_doi(fields.get("doi", "")),
            url=web_link(fields.get("url", "")),
            language=language_code(fields.get("langid", "") or fields.get("language", "")),
        )
        yield compose(map(Block, paragraphs), source)


def _is_prose(note: str) -> bool:
    return count_words(note) >= PROSE_WORDS


def _date(fields: Mapping[str, str]) -> PublicationDate:
    """Return the date, or the first of a range; else the year with its month where that can be read."""
    whole, year, month = (one_line(fields.get(name, "")) for name in ("date", "year", "month"))
    if whole or not year:
        return parse_date(whole.split("/")[0], origin="bibliography") if whole else UNDATED
    named = f"{year}-{int(month):02}" if month.isdecimal() else f"{month} {year}"
    published = parse_date(named, origin="bibliography")
    return published if published.known else parse_date(year, origin="bibliography")
