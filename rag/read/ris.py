"""A RIS bibliography -> what its records say, and a Document for each that holds an abstract or prose in its notes.

Records need no end: many exports lack it. Files that a record names are not opened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.characters import clean
from rag.read.details import bare_doi, given_first, language_code, web_link
from rag.read.entries import Bibliography, Entry, attached_files, file_path, is_prose, make_entry
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.records import Document, PublicationDate

    Record = Mapping[str, list[str]]

LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?")
BEGIN, END = "TY", "ER"
JOURNAL = ("JO", "JF", "T2", "JA", "J2", "BT")


def read_ris(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the documents of a bibliography's records, in their order."""
    return ris_entries(text, path=path).documents


def ris_entries(text: str, *, path: str) -> Bibliography:
    """Return what a bibliography's records say; lines that belong to none are named."""
    remarks: list[str] = []
    entries = tuple(_entry(record, path=path) for record in _records(clean(text), remarks))
    if not entries:
        raise SourceError(
            path,
            tell(
                es="no tiene ningún registro que empiece por una línea «TY  - »; expórtalo de nuevo como RIS",
                en="it holds no record that begins with a line “TY  - ”; export it anew as RIS",
            ),
        )
    return Bibliography(entries, tuple(remarks))


def _records(text: str, remarks: list[str]) -> Iterator[Record]:
    """Give the values of each record by tag. A line without a tag goes on with the value before it."""
    record: dict[str, list[str]] = {}
    values: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        tag, value = found.groups("") if (found := LINE.fullmatch(line.rstrip())) else ("", line.strip())
        if tag in {BEGIN, END}:
            if len(record) > 1:
                yield record
            record, values = ({BEGIN: [value]} if tag == BEGIN else {}), []
        elif tag and record:
            values = record.setdefault(tag, [])
            values.append(value.strip())
        elif values and not tag:
            values[-1] += f"\n{value}"
        elif value:
            remarks.append(
                tell(
                    es=f"la línea {number} no pertenece a ningún registro; empieza cada uno por «TY  - »",
                    en=f"line {number} belongs to no record; begin each with “TY  - ”",
                )
            )
    if len(record) > 1:
        yield record


def _entry(record: Record, *, path: str) -> Entry:
    notes = [note for tag in ("N1", "RN") for note in record.get(tag, ()) if is_prose(note)]
    attached = [name for tag in ("L1", "L2", "LK") for value in record.get(tag, ()) for name in _files(value)]
    entry = Entry(
        files=tuple(dict.fromkeys(attached)),
        title=_first(record, "TI", "T1", "CT"),
        authors=tuple(given_first(name) for tag in ("AU", "A1") for name in record.get(tag, ())),
        date=_date(record),
        doi=bare_doi(_first(record, "DO", "M3")),
        url=next((link for value in record.get("UR", ()) if (link := web_link(value))), ""),
        journal=_first(record, *JOURNAL),
        language=language_code(_first(record, "LA")),
    )
    return make_entry(entry, path=path, format="ris", prose=(_first(record, "AB", "N2"), *notes))


def _first(record: Record, *tags: str) -> str:
    return next((value for tag in tags for value in record.get(tag, ()) if value), "")


def _files(value: str) -> tuple[str, ...]:
    """Return the paths in a link: an address of the web is none."""
    if web_link(value):
        return ()
    return attached_files(value) if ";" in value else tuple(filter(None, (file_path(value),)))


def _date(record: Record) -> PublicationDate:
    """Return the most precise date of a record: 2018/03/08/, 2018///spring and 2018 are all in use.

    A day that is in no calendar costs no more than itself; without any date the record's own words stay.
    """
    words = [value for tag in ("DA", "PY", "Y1") for value in record.get(tag, ())]
    read = [parse_date(_dashed(value), origin="bibliography") for value in words]
    known = [published for published in read if published.known]
    return max(known, key=lambda one: len(str(one)), default=read[0] if read else UNDATED)


def _dashed(value: str) -> str:
    """Return year, month and day as 2018-03-08; what stands behind a third slash is a season or a remark."""
    parts = [part.strip() for part in value.split("/")[:3]]
    if not re.fullmatch(r"\d{4}", parts[0]):
        return value
    year, *rest = parts
    numbers = [f"{int(part):02}" for part in rest if part.isdecimal()]
    return "-".join([year, *numbers])
