"""A bibliography in CSL-JSON -> what its items say, and a Document for each that holds an abstract or prose in a note.

The format has no field for files.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.details import bare_doi, language_code, web_link
from rag.read.entries import Bibliography, Entry, is_prose, make_entry
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.records import Document, PublicationDate

    Item = Mapping[str, object]

PARAGRAPH_TAG = re.compile(r"</(?:jats:)?(?:p|title|sec)>")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
NAMES = {"type", "issued", "author", "DOI", "container-title", "id"}
"""What tells an item from any other object with a title."""
NAME = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")


def read_csl(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the documents of a bibliography's items, in their order."""
    return csl_entries(text, path=path).documents


def csl_entries(text: str, *, path: str) -> Bibliography:
    """Return what a bibliography's items say; what is no item is named."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            path,
            tell(
                es=f"no es JSON ({error}); expórtalo de nuevo como CSL-JSON",
                en=f"it is no JSON ({error}); export it anew as CSL-JSON",
            ),
        ) from error
    items = held if isinstance(held, list) else [held]
    entries = tuple(_entry(item, path=path) for item in items if _is_item(item))
    if not entries:
        raise SourceError(
            path,
            tell(
                es="no contiene una bibliografía; expórtala como CSL-JSON, o las tablas de fragmentos como JSONL",
                en="it holds no bibliography; export it as CSL-JSON, or tables of snippets as JSONL",
            ),
        )
    odd = (number for number, item in enumerate(items, start=1) if not _is_item(item))
    return Bibliography(
        entries,
        tuple(
            tell(
                es=f"el elemento {number} no es una entrada de bibliografía",
                en=f"item {number} is no entry of a bibliography",
            )
            for number in odd
        ),
    )


def _is_item(item: object) -> bool:
    return isinstance(item, dict) and bool(NAMES & item.keys()) and bool({"title", "DOI"} & item.keys())


def _entry(item: Item, *, path: str) -> Entry:
    note = _words(item, "note")
    entry = Entry(
        title=_words(item, "title"),
        authors=_authors(item.get("author")),
        date=_date(item.get("issued")),
        doi=bare_doi(_words(item, "DOI")),
        url=web_link(_words(item, "URL")),
        journal=_words(item, "container-title"),
        language=language_code(_words(item, "language")),
    )
    prose = (_words(item, "abstract"), note if is_prose(note) else "")
    return make_entry(entry, path=path, format="csl", prose=prose)


def _words(item: Item, name: str) -> str:
    """Return a field's words without markup; the first of a list, nothing for anything else."""
    value = item.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, str):
        return ""
    return TAG.sub("", PARAGRAPH_TAG.sub("\n\n", value)).strip()


def _authors(names: object) -> tuple[str, ...]:
    people = [cast("Item", name) for name in names if isinstance(name, dict)] if isinstance(names, list) else []
    return tuple(
        _words(one, "literal") or " ".join(filter(None, (_words(one, part) for part in NAME))) for one in people
    )


def _date(issued: object) -> PublicationDate:
    """Return the date, or the first of a range; what is no date of the calendar keeps its words."""
    if not isinstance(issued, dict):
        return UNDATED
    ranges = issued.get("date-parts")
    first = ranges[0] if isinstance(ranges, list) and ranges else None
    parts = [str(part) for part in first if part] if isinstance(first, list) else []
    words = "-".join(part.zfill(2) for part in parts) or _words(issued, "raw") or _words(issued, "literal")
    return parse_date(words, origin="bibliography") if words else UNDATED
