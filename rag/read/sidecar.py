"""A sidecar -> what a person says of the file it lies beside: `paper.pdf.toml` speaks of `paper.pdf`.

Knows seven keys and refuses others by name: a typing error must not pass as nothing said. Text -> Entry.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import tell
from rag.read.details import bare_doi, language_code, split_authors, web_link
from rag.read.entries import DESCRIBED, Bibliography, Entry, make_entry
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX = ".toml"
SIDECAR = re.compile(r"(.+\.[^./]+)\.toml", re.IGNORECASE)
KNOWN = ", ".join(DESCRIBED)
EXAMPLE = {
    "date": {"en": "2023, 2023-05 or 2023-05-17", "es": "2023, 2023-05 o 2023-05-17"},
    "doi": {"en": "10.1234/abc", "es": "10.1234/abc"},
    "url": {"en": "https://…", "es": "https://…"},
    "language": {"en": "two letters, as es", "es": "dos letras, como es"},
}


def described_path(path: str) -> str:
    """Return the path of the file a sidecar speaks of; empty for any other file.

    >>> described_path("papers/gil 2020.pdf.toml")
    'papers/gil 2020.pdf'
    """
    found = SIDECAR.fullmatch(path)
    return found[1] if found else ""


def sidecar_entries(text: str, *, path: str) -> Bibliography:
    """Return what a sidecar says, as the one entry of a bibliography."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(
            path,
            tell(
                es=f'no es TOML ({error}); escribe líneas como title = "…"',
                en=f'it is no TOML ({error}); write lines such as title = "…"',
            ),
        ) from error
    if unknown := sorted(set(told) - set(DESCRIBED)):
        raise SourceError(
            path,
            tell(
                es=f"no tiene la clave «{unknown[0]}»; las que hay son {KNOWN}",
                en=f"it has no key “{unknown[0]}”; known are {KNOWN}",
            ),
        )
    entry = Entry(
        place="sidecar",
        title=_words(told, "title", path),
        authors=_authors(told, path),
        date=parse_date(words, origin="front matter") if (words := _words(told, "date", path)) else UNDATED,
        doi=bare_doi(_words(told, "doi", path)),
        url=web_link(_words(told, "url", path)),
        journal=_words(told, "journal", path),
        language=language_code(_words(told, "language", path)),
    )
    for name, example in EXAMPLE.items():
        read = entry.date.known if name == "date" else getattr(entry, name)
        if told.get(name) not in {None, ""} and not read:
            raise SourceError(
                path,
                tell(
                    es=f"{name} «{told[name]}» no lo es; escribe {tell(**example)}",
                    en=f"{name} “{told[name]}” is none; write {tell(**example)}",
                ),
            )
    return Bibliography((make_entry(entry, path=path, format="sidecar"),))


def _words(told: Mapping[str, object], name: str, path: str) -> str:
    value = told.get(name, "")
    if name == "date" and (isinstance(value, date) or type(value) is int):
        return str(value)[:10]
    if not isinstance(value, str):
        raise SourceError(
            path,
            tell(es=f'{name} no es un texto; escribe {name} = "…"', en=f'{name} is not a text; write {name} = "…"'),
        )
    return value


def _authors(told: Mapping[str, object], path: str) -> tuple[str, ...]:
    """Return the names as listed; those in one text are told apart."""
    value = told.get("authors", [])
    if isinstance(value, str):
        return split_authors(value)
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SourceError(
            path,
            tell(
                es='authors no es una lista de nombres; escribe authors = ["Ana García", "Luis Pérez"]',
                en='authors is not a list of names; write authors = ["Ana García", "Luis Pérez"]',
            ),
        )
    return tuple(value)
