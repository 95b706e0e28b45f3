"""A BibTeX bibliography -> what its entries say, and a Document for each with prose: its abstract, then its notes.

Bare bibliographic fields are never text. An entry without prose is no document and no error. Files that an entry names
are not opened.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import clean, one_line
from rag.read.details import bare_doi, language_code, web_link
from rag.read.entries import Bibliography, Entry, attached_files, is_prose, make_entry
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.records import Document, PublicationDate

    Found = Any  # bibtexparser's blocks share no typed parent with what they stand for

SIGN = re.compile(r"(?<!\\)[%&]")
TILDE = re.compile(r"(?<=/)~")
ESCAPED_TILDE = r"\textasciitilde{}"
NAMED = re.compile(r"@(\w+)\s*[{(]\s*([^\s,{}=\"]*)")
BACKSLASH = re.compile(r"\$?\\backslash\$?|\\textbackslash(?:\{\}| )?")
BETWEEN = "\x1f"
"""What stands between names, and in none of them."""
RAW = "file"
"""The field whose backslashes are no LaTeX."""


def read_bibtex(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the documents of a bibliography's entries, in their order."""
    return bibtex_entries(text, path=path).documents


def bibtex_entries(text: str, *, path: str) -> Bibliography:
    """Return what a bibliography's entries say; what cannot be read is named, by its line and key."""
    blocks = _blocks(clean(text))
    remarks = tuple(_remarks(blocks))
    entries = tuple(_entry(fields, path=path) for fields in _decoded(blocks))
    if not entries:
        raise SourceError(
            path,
            "; ".join(
                (
                    tell(
                        es="no se puede leer ninguna de sus entradas; revisa las llaves y las comas",
                        en="none of its entries can be read; check the braces and commas",
                    ),
                    *remarks,
                )
            ),
        )
    return Bibliography(entries, remarks)


def _blocks(text: str) -> list[Found]:
    """Return the blocks of a file; also an entry that repeats a key or a field is one."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would say becomes a remark
    # To LaTeX a bare % opens a comment, & ends a cell and ~ is a space; here they are percentages, names and addresses.
    safe = TILDE.sub(lambda _: ESCAPED_TILDE, SIGN.sub(r"\\\g<0>", text))
    repeated = (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)
    found = parse_string(safe, parse_stack=()).blocks
    return [(block.ignore_error_block or block) if isinstance(block, repeated) else block for block in found]


def _remarks(blocks: list[Found]) -> Iterator[str]:
    """Name the entries that cannot be read, and those lost in the braces of the one before."""
    from bibtexparser.model import ParsingFailedBlock

    for block in blocks:
        if isinstance(block, ParsingFailedBlock):
            line = (block.start_line or 0) + 1
            names = [key or kind for kind, key in NAMED.findall(block.raw or "")] or ["it"]
            what = " and ".join(f"“{name}”" for name in names)
            yield tell(
                es=f"línea {line}: no se puede leer {what}; revisa sus llaves, comillas y comas",
                en=f"line {line}: {what} cannot be read; check its braces, quotes and commas",
            )


def _decoded(blocks: list[Found]) -> list[Mapping[str, str]]:
    """Return the fields of each entry by lower-case name, LaTeX decoded."""
    from bibtexparser import middlewares
    from bibtexparser.library import Library
    from bibtexparser.model import Entry as Block

    for number, block in enumerate(blocks):
        if isinstance(block, Block):
            block.key = str(number)  # two entries of one key are two documents
    library = Library(blocks, fail_on_duplicate_key=False)
    for middleware in (
        middlewares.NormalizeFieldKeys(),
        middlewares.ResolveStringReferencesMiddleware(),
        middlewares.RemoveEnclosingMiddleware(),
    ):
        library = middleware.transform(library)
    raw = [_split_raw(entry) for entry in library.entries]
    decoded = middlewares.LatexDecodingMiddleware().transform(library)
    fields = [{field.key: str(field.value) for field in entry.fields} for entry in decoded.entries]
    return [one | rest for one, rest in zip(fields, raw, strict=True)]


def _split_raw(entry: Found) -> dict[str, str]:
    """Turn an entry's names to "Given Family" while braces hold the names of bodies together, and take out its
    paths before LaTeX is decoded.
    """
    raw = {field.key: str(field.value).replace(ESCAPED_TILDE, "~") for field in entry.fields if field.key == RAW}
    entry.fields = [field for field in entry.fields if field.key != RAW]
    for field in entry.fields:
        if field.key in {"author", "editor"}:
            field.value = _given_first(field.value)
    return raw


def _given_first(authors: str) -> str:
    from bibtexparser.middlewares.names import (
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    names = (parse_single_name_into_parts(name, strict=False) for name in split_multiple_persons_names(authors))
    return BETWEEN.join(name.merge_first_name_first for name in names)


def _entry(fields: Mapping[str, str], *, path: str) -> Entry:
    notes = [note for name in ("annote", "annotation", "note") if is_prose(note := fields.get(name, ""))]
    entry = Entry(
        files=attached_files(BACKSLASH.sub(r"\\", fields.get(RAW, ""))),
        title=fields.get("title", ""),
        authors=tuple(name for name in fields.get("author", "").split(BETWEEN) if name.strip() != "others"),
        date=_date(fields),
        doi=bare_doi(fields.get("doi", "")),
        url=web_link(fields.get("url", "")),
        journal=next((fields[name] for name in ("journal", "journaltitle", "booktitle") if name in fields), ""),
        language=language_code(fields.get("langid", "") or fields.get("language", "")),
    )
    return make_entry(entry, path=path, format="bibtex", prose=(fields.get("abstract", ""), *notes))


def _date(fields: Mapping[str, str]) -> PublicationDate:
    """Return the date, or the first of a range; else the year with its month where that can be read."""
    whole, year, month = (one_line(fields.get(name, "")) for name in ("date", "year", "month"))
    if whole or not year:
        return parse_date(whole.split("/")[0], origin="bibliography") if whole else UNDATED
    named = f"{year}-{int(month):02}" if month.isdecimal() else f"{month} {year}"
    published = parse_date(named, origin="bibliography")
    return published if published.known else parse_date(year, origin="bibliography")
