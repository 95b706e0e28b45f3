"""What a source says about itself, made uniform: names of authors, identifiers, language, the year in a file name.

Does not search a text for them: each function takes the words of one field. str -> str, names or a date.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import PurePosixPath

from rag.dates import parse_date
from rag.read.characters import one_line
from rag.records import UNDATED, PublicationDate

CONJUNCTION = re.compile(r"\s+(?:y|e|and|&)\s+", re.IGNORECASE)
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")
LINK = re.compile(r"https?://[^\s\"<>]+")
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]\w+)*", re.IGNORECASE)
DAY_IN_NAME = re.compile(r"(?<![A-Za-z0-9])((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?![A-Za-z0-9])")
MONTH_IN_NAME = re.compile(r"(?<![A-Za-z0-9])((?:19|20)\d\d)[-_](0[1-9]|1[0-2])(?![A-Za-z0-9])")
YEAR_IN_NAME = re.compile(r"(?<![A-Za-z0-9])(?<!\d\.)((?:19|20)\d\d)(?!\.?\d)(?![A-Za-z])")


def split_authors(text: str) -> tuple[str, ...]:
    """Return the names in a line of authors, given name first.

    >>> split_authors("García, Ana; Pérez Gil, Luis")
    ('Ana García', 'Luis Pérez Gil')
    >>> split_authors("Ana García, Luis Pérez y Eva Gil")
    ('Ana García', 'Luis Pérez', 'Eva Gil')
    >>> split_authors("Zo&#235; Salda&#241;a")
    ('Zoë Saldaña',)
    """
    text = one_line(unescape(text))
    names = text.split(";") if ";" in text else CONJUNCTION.split(text)
    if ";" not in text and not all(map(_turned, names)):
        names = CONJUNCTION.sub(",", text).split(",")
    return tuple(given_first(name) for name in names if name.strip())


def given_first(name: str) -> str:
    """Return one author's "Family, Given" as "Given Family"; any other name, and a body's that lists, as it is."""
    name = unescape(name)
    family, _, given = (part.strip() for part in name.partition(","))
    one_person = family and given and "," not in given and not CONJUNCTION.search(given)
    return f"{given} {family}" if one_person else name.strip()


def _turned(name: str) -> bool:
    """Say whether the one comma in a name can hardly stand between two names."""
    family, _, given = (part.strip() for part in name.partition(","))
    return bool(given) and "," not in given and (" " not in given or " " not in family)


def bare_doi(text: str) -> str:
    """Return the DOI in a field without the address or word before it; empty when there is none.

    >>> bare_doi("(doi:10.1016/S0140-6736(20)30183-5)")
    '10.1016/S0140-6736(20)30183-5'
    """
    found = DOI.search(text)
    doi = one_line(found[0]).rstrip(".,;") if found else ""
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;")
    return doi


def web_link(text: str) -> str:
    """Return the http address in a field; empty for anything else, which no reader should be sent to."""
    found = LINK.search(text)
    return one_line(found[0]).rstrip(".,;)") if found else ""


def language_code(text: str) -> str:
    """Return the two letters of "es", "es-ES" or "es_MX"; empty for anything else."""
    found = LANGUAGE.fullmatch(text.strip())
    return found[1].lower() if found else ""


def file_name_date(path: str) -> PublicationDate:
    """Return the date in a file's name: a day or month written as 2021-05-03, else the only year it holds.

    >>> str(file_name_date("notes/ramos_2021.txt"))
    '2021'
    """
    stem = PurePosixPath(path).stem
    whole = DAY_IN_NAME.search(stem) or MONTH_IN_NAME.search(stem)
    years = YEAR_IN_NAME.findall(stem)
    if whole:
        return parse_date("-".join(whole.groups()), origin="file name")
    return parse_date(years[0], origin="file name") if len(years) == 1 else UNDATED
