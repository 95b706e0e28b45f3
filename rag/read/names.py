"""The lines under a printed title -> the names of a paper's authors, in order, without marks and affiliations.

Better none than wrong: what is not a list of names to the last word gives no name at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.language import fold
from rag.read.columns import CELL
from rag.read.details import given_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.read.lines import Line

MOST_LINES, SKIPPED = 40, 2
"""Lines that may hold names, and lines between title and names."""
LONGEST = 45
PARTICLES = (
    "de|del|la|las|los|van|von|der|den|di|da|do|dos|das|y|e|i|al|el|bin|ibn|ter|ten|zu|zur|af|av|du|le|san|’t|'t|"
    "della|degli|vom|op|in|het"
)
NAME_WORD = rf"(?:(?:{PARTICLES})|(?:d[’']|[lL][’']|O[’'])?[^\W\d_a-zß-öø-ÿ][\w’'‐-]*\.?(?:-?[A-Z]\.)*)"
NAME = re.compile(rf"{NAME_WORD}(?: {NAME_WORD}){{1,6}}")
CONTENT = re.compile(r"[^\W\d_]{2}")
MARKS = re.compile(r"^[\s\d*†‡§¶∗#,.:|⋆✉]+|[\s\d*†‡§¶∗#,:|⋆✉]+$|(?<=\w)[*†‡§¶∗⋆✉]+")
MAIL = re.compile(r"[(<\[{]?[\w.+-]+@[\w.-]+\w[)>\]}]?")
PRIVATE = re.compile("[\ue000-\uf8ff]")
BY = re.compile(r"^(?:by|por|authors?:|autor(?:es|a|as)?:)\s+", re.IGNORECASE)
DEGREE = re.compile(r",? (?:Ph\.?D|M\.?D|M\.?Sc|MPH|Dr\.? ?PH|Jr|RN)\.?(?=,|$| and)|\b(?:Dr|Prof|Dra|Lic|Ing)\.? ")
BETWEEN = re.compile(rf"\s*(?:,|;|{CELL})\s*(?:(?:and|y|e|&)\s+)?|\s+(?:and|y|&)\s+")
SEVERAL = re.compile(rf"[,;{CELL}]| (?:and|y|&) ")
NO_PERSON = re.compile(
    r"\b(?:universi\w*|departa?ment\w*|institut\w*|faculta\w*|facult\w*|school|colegio|college|cent(?:er|re|ro)\w*|"
    r"hospital\w*|laborator\w*|escuela|division|divisi[oó]n|servicio|ministeri\w*|academ\w*|compan\w*|inc|ltd|corp\w*|"
    r"abstract|resumen|summary|introducci[oó]n|introduction|keywords|palabras|version|report|informe|volume|journal|"
    r"revista|license|licencia|research|group|grupo|consejo|council|research|national|nacional)\b|@|https?:|www\.|doi",
    re.IGNORECASE,
)
LOWER = re.compile(r"\b[^\W\d_]{3,}\b")


def printed_names(lines: Sequence[Line], start: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the authors printed after a title that ends before line `start`, and the lines they stand in."""
    common = {word for line in lines for word in LOWER.findall(line.text) if word.islower()}
    for skipped in range(SKIPPED + 1):
        block = _block(lines[start + skipped : start + skipped + MOST_LINES])
        names = _names(block)
        marked = any(line.bare != line.text for line in lines[start + skipped : start + skipped + 1])
        sure = marked or len(names) > 1 or (skipped == 0 and not _worded(names, common))
        if names and (sure and not _more(lines[start + skipped + len(block) :][:MOST_LINES], block[0])):
            return names, frozenset(line.text for line in block)
        if names or marked or (block and SEVERAL.search(block[0].text)):
            break
    return (), frozenset()


def same_people(some: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether the family names of the second are all among those of the first."""
    families = " ".join(fold(name) for name in some)
    return all(fold(name.rsplit(maxsplit=1)[-1]) in families for name in others)


def _block(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, as high and as bold as the first, up to one that begins with a mark or names no person."""
    block: list[Line] = []
    for line in lines:
        alike = not block or (line.height == block[0].height and line.bold == block[0].bold)
        if not alike or NO_PERSON.search(MAIL.sub("", line.text)) or (block and line.text[0].isdigit()):
            break
        if block and not SEVERAL.search(" ".join(before.bare for before in block)) and not _names([line]):
            break
        block.append(line)
    return block


def _names(block: Sequence[Line]) -> tuple[str, ...]:
    """Return the names in these lines; none when anything else stands in them."""
    texts = [MAIL.sub("", PRIVATE.sub("", line.bare)).strip() for line in block]
    flowing = [BY.sub("", " ".join(texts))] if any(SEVERAL.search(text.strip(", ;")) for text in texts) else texts
    names = [name for text in flowing for name in _split(DEGREE.sub("", text)) if name]
    whole = not flowing[-1].endswith((",", ";", " and", " y", "&")) if flowing else False
    return tuple(names) if whole and all(map(is_name, names)) else ()


def _split(text: str) -> list[str]:
    """Return the pieces of a line of names."""
    if ";" in text:
        return [given_first(MARKS.sub("", piece)) for piece in text.split(";")]
    return [MARKS.sub("", piece).strip() for piece in BETWEEN.split(text)]


def is_name(text: str) -> bool:
    """Say whether a text can be the whole name of a person."""
    return len(text) <= LONGEST and bool(NAME.fullmatch(text)) and bool(CONTENT.search(text.rsplit(maxsplit=1)[-1]))


def _worded(names: Sequence[str], common: set[str]) -> bool:
    """Say whether one name is made of words that the page also writes small."""
    return all(fold(word) in {fold(other) for other in common} for name in names for word in LOWER.findall(name))


def _more(lines: Sequence[Line], first: Line) -> bool:
    """Say whether more names, set like the first, follow what came between: then the list is not whole."""
    alike = [line for line in lines if (line.height, line.bold) == (first.height, first.bold)]
    return any(line.bare != line.text and not line.text[0].isdigit() and _names([line]) for line in alike)
