"""Running text → the markers in it: [1], [2-4], (García, 2023), García et al. (2023), [@key], [^note], ¹.

It knows forms only: whether a marker has an entry, and whether "(Madrid, 2021)" is one at all, is told elsewhere.
Text -> text without markers, and each marker with the place it stood at
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.language import content_words, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDEST = 60
"""Numbers a range names at most: [1-9999] is no marker."""
_YEARS = range(1900, 2101)
_PROTECTED = {ord(sign): 0xF0010 + place for place, sign in enumerate("[]()@^")}
_RESTORED = {place: chr(sign) for sign, place in _PROTECTED.items()}
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_YEAR = r"(?:(?:1[5-9]|20)\d\d[a-z]?|s\.\s?f\.|n\.\s?d\.)"
_UNIT = r"pp?|p[áa]gs?|p[áa]ginas?|pages?|cap|caps|ch|chap|secs?|§|fig|tab|art|vol|n[úu]m|párr|para"
_LOCATOR = rf"(?:\s*[,:]\s*(?:{_UNIT})?\.?\s*[\divxl][^();]{{0,40}})?"
_MARKER = re.compile(
    rf"""[^\S\n]*(?:
      \[(?P<first>\d{{1,4}})\]\s?[-–—]\s?\[(?P<last>\d{{1,4}})\]
    | \[(?P<numbers>\d{{1,6}}(?:\s*[,;–—-]\s*\d{{1,6}})*)(?:,\s*pp?\.\s*[\d–-]{{1,12}})?\]
    | \[\^(?P<note>[^\]\[\s]{{1,60}})\]
    | \[(?P<keys>[^\[\]@]{{0,80}}@[^\[\]]{{1,400}})\]
    | \((?P<paren>[^()]{{4,400}})\)
    | (?:(?<=[^\W\d_]{{4}})|(?<=\w[.,;:!?»”)]))(?P<raised>[{_RAISED}]{{1,3}}(?:,[{_RAISED}]{{1,3}})*)(?!\w)
    )""",
    re.VERBOSE,
)
_KEY = re.compile(r"-?@\{?([\w][\w:.#$%&+?<>~/-]{0,80})")
_ONLY_YEARS = re.compile(rf"\s*({_YEAR}(?:\s*[,;y&]\s*{_YEAR})*){_LOCATOR}\s*")
_PART = re.compile(rf"(?P<names>[^\d]{{2,200}}?)\s*,?\s*(?P<years>{_YEAR}(?:\s*,\s*{_YEAR})*){_LOCATOR}\s*")
_LEAD = re.compile(
    r"\A(?:v[ée]anse?|v[ée]ase(?:\s+tambi[ée]n)?|ver(?:\s+tambi[ée]n)?|cf\.|cfr\.|see(?:\s+also)?|e\.\s?g\.|p\.\s?ej\."
    r"|por ejemplo|citad[oa]\s+(?:en|por)|cited\s+in|seg[úu]n|como|en|adapted from|adaptado de|datos de"
    r"|data from)[,:]?\s+",
    re.IGNORECASE,
)
_PARTICLES = {
    "de", "del", "la", "las", "los", "el", "van", "von", "der", "den", "di", "da", "do", "dos", "du", "le", "al", "bin",
    "ten", "ter", "for", "of", "the", "on", "and", "y", "e", "para",
}  # fmt: skip
_OTHERS = re.compile(
    r"[\s,]*\b(?:et\.?\s+al\b\.?|y\s+otr[oa]s|y\s+cols?\b\.?|y\s+colaborador[ea]s|and\s+others|and\s+colleagues)\s*$"
)
_BETWEEN = re.compile(r"\s*[,;]\s*(?:(?:y|e|and|&)\s+)?|\s+(?:y|e|and|&|et)\s+(?!al\b)")
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’.\-‐]*|[dDlLoO]['’][^\W\d_][\w'’\-]*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?-?){1,4}")
_MONTHS = frozenset(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "  # noqa: SIM905 - reads as words
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec ene abr ago dic spring summer autumn fall winter primavera verano otono invierno".split()
)
_PLACED = re.compile(r"\b(?:en|desde|hacia|in|at|from)\s+(?:(?:el|la|los|las|the)\s+)?$", re.IGNORECASE)
_REACH = 160
"""Characters before "(2023)" in which its authors stand."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a marker names: an entry by its `label` ("3", "^note", "@key"), or a work by surnames and year; its label is
    then the two as printed. One is `doubtful` that may be a place: "en Madrid (2021)".
    """

    label: str
    authors: tuple[str, ...] = ()
    year: str = ""
    doubtful: bool = False

    @property
    def by_author(self) -> bool:
        """Whether it names a work by author and year."""
        return bool(self.authors)


def protect(words: str) -> str:
    """Return words whose brackets make no marker: they were escaped, or stand in code."""
    return words.translate(_PROTECTED)


def restore(words: str) -> str:
    """Undo `protect`."""
    return words.translate(_RESTORED)


def cut_marks(words: str) -> tuple[str, list[tuple[int, Mark]]]:
    """Return the words without their markers, protected brackets restored, and each marker with the place it stood at.

    >>> cut_marks("Sube un 3 % (García, 2023; Lee et al., 2021a) [2, 4-5].")[0]
    'Sube un 3 %.'
    >>> cut_marks("Según García y López (2023), baja.")[1][0][1].authors
    ('García', 'López')
    """
    text, marks, done = "", [], 0
    for match in _MARKER.finditer(words):
        before = words[done : match.start()]
        named = tuple(_named(match, words[max(0, match.start() - _REACH) : match.start()]))
        if named:
            text = (text + before).rstrip(" ")
            marks += [(len(text), mark) for mark in named]
            done = match.end()
    return restore(text + words[done:]), marks


def _named(match: re.Match[str], before: str) -> Iterator[Mark]:
    """Give what a match names; nothing where it is no marker."""
    if match["first"]:
        yield from _numbers(f"{match['first']}-{match['last']}")
    elif match["numbers"]:
        yield from _numbers(match["numbers"])
    elif match["raised"]:
        yield from _numbers(unicodedata.normalize("NFKC", match["raised"]))
    elif match["note"]:
        yield Mark("^" + match["note"])
    elif match["keys"]:
        yield from (Mark("@" + key.rstrip(".:")) for key in _KEY.findall(match["keys"]))
    elif match["paren"]:
        yield from _parenthesis(match["paren"], before)


def _numbers(words: str) -> Iterator[Mark]:
    """Give the numbers of a list with ranges; years are none."""
    for part in re.split(r"\s*[,;]\s*", words):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 <= ends[1] - ends[0] < WIDEST:  # noqa: PLR2004 - a range has two ends
            yield from (Mark(str(number)) for number in range(ends[0], ends[1] + 1) if number not in _YEARS)
        else:
            yield from (Mark(str(number)) for number in ends if number not in _YEARS)


def _parenthesis(inside: str, before: str) -> Iterator[Mark]:
    """Give the works of "(García, 2023; Lee, 2021)", or of "(2023)" where names stand before it."""
    if alone := _ONLY_YEARS.fullmatch(inside):
        words = _names_at_end(before)
        placed = _PLACED.search(before.rstrip().removesuffix(words)) is not None
        yield from _works(words, authors_of(words), alone[1], doubtful=placed)
        return
    words = ""
    authors: tuple[str, ...] = ()
    for part in inside.split(";"):
        said = _LEAD.sub("", part.strip(), count=1)
        if authors and (years := _ONLY_YEARS.fullmatch(said)):
            yield from _works(words, authors, years[1])
        elif match := _PART.fullmatch(said):
            words = match["names"].strip(" ,")
            authors = authors_of(words)
            yield from _works(words, authors, match["years"])


def _works(words: str, authors: tuple[str, ...], years: str, *, doubtful: bool = False) -> Iterator[Mark]:
    for year in re.findall(_YEAR, years) if authors else ():
        yield Mark(f"{' '.join(words.split())}, {year}", authors, year, doubtful)


def authors_of(words: str) -> tuple[str, ...]:
    """Return the surnames that names in a marker give; none where a piece of them is no name."""
    named = _OTHERS.sub("", words).strip()
    pieces = [piece for piece in _BETWEEN.split(named) if piece and not _INITIALS.fullmatch(piece)]
    return tuple(map(_bare, pieces)) if pieces and all(map(_is_name, pieces)) else ()


def _bare(piece: str) -> str:
    return " ".join(_INITIALS.sub("", piece).split()) or piece


def _is_name(piece: str) -> bool:
    """Say whether words begin with capitals, but for particles, and are no month."""
    words = piece.split()
    names = [word for word in words if _NAME.fullmatch(word)]
    rest = {fold(word) for word in words if not _NAME.fullmatch(word)}
    return bool(names) and len(words) <= 9 and rest <= _PARTICLES and fold(names[-1]).strip(".") not in _MONTHS  # noqa: PLR2004


def _names_at_end(before: str) -> str:
    """Return the names with which the words before "(2023)" end, as printed."""
    others = _OTHERS.search(before)
    head = before[: others.start()] if others else before
    kept: list[str] = []
    for word in reversed(re.split(r"(?<=\s)", head)):
        bare = word.strip()
        name = _NAME.fullmatch(bare.rstrip(",")) is not None
        if not (name or fold(bare) in _PARTICLES or bare == "&") or (bare.endswith(",") and not (kept and name)):
            break
        kept.insert(0, word)
    while kept and not (_NAME.fullmatch(kept[0].strip().rstrip(",")) and _carries(kept[0])):
        kept.pop(0)
    return ("".join(kept) + (others[0] if others else "")).strip()


def _carries(word: str) -> bool:
    """Say whether a capitalised word can begin a name: "Según" and "The" cannot."""
    return all(content_words(word, language) for language in ("es", "en")) and fold(word.strip()) not in {
        "according",
        "acuerdo",
    }
