"""Whether two texts say the same: word for word (a quotation in its source) or nearly so (two statements).

Takes two texts, gives a span or a yes. It levels what typesetting changes (spaces, hyphenation, quotation marks,
dashes, Unicode forms) and nothing that carries meaning; it does not compare across languages.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.quantities import dates, numbers
from rag.language import fold, stems

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_QUOTE = 12
"""Characters below which a quotation is found anywhere, and so supports nothing."""

_FEWEST_STEMS = 5
_SAME = 0.75
_PART_WORDS = 3
_ELISION = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")
_HYPHEN = r"(?<=[^\W\d_])[-‐‑\u00ad](?:[^\S\n]*\n\s*)?(?=[^\W\d_])"
_PIECE = re.compile(
    rf"(?P<hyphen>{_HYPHEN})|(?P<nothing>[\u00ad\u200b-\u200d\u2060\ufeff])|(?P<space>\s+)|.[\u0300-\u036f]*"
)
_MARKS = str.maketrans(dict.fromkeys("«»“”„‟‹›‘’‚‛'`´", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_NEGATION = re.compile(r"\b(?:no|nunca|jamas|sin|ni|tampoco|ningun[oa]?|not|never|without|nor|cannot|neither|\w+n't)\b")


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Return where the words of a quotation stand in the text, or None.

    Digits, accents, negations and letter case must be the text's own; only the first letter may change its case. An
    ellipsis leaves out words of the text: the parts around it are found in order, each of three words or more.
    """
    if len(_bare(quote)) < SHORTEST_QUOTE:
        return None
    whole = find_words(quote, text)
    if whole is not None:
        return whole
    parts = [part for part in _ELISION.split(quote) if part]
    if not parts or any(len(part.split()) < _PART_WORDS for part in parts):
        return None
    spans: list[tuple[int, int]] = []
    for part in parts:
        span = find_words(part, text, begin=spans[-1][1] if spans else 0)
        if span is None:
            return None
        spans.append(span)
    return spans[0][0], spans[-1][1]


def ends_at_cut(words: str, text: str) -> bool:
    """Say whether words pass the place where a search engine cut a text off for the end of a sentence."""
    if words.rstrip(' »”"').endswith(("…", "...")):
        return False
    span = find_words(words.rstrip(".!?"), text)
    return span is not None and not any(letter.isalnum() for letter in text[span[1] :])


def find_words(words: str, text: str, *, begin: int = 0) -> tuple[int, int] | None:
    """Return where the words stand in the text without a gap, whole words and numbers only, from `begin` on."""
    levelled, spans = _level(text)
    needle = _bare(words)
    if not needle:
        return None
    pattern = f"(?:{re.escape(needle[0])}|{re.escape(needle[0].swapcase())}){re.escape(needle[1:])}"
    before = r"(?<!\d[.,])(?<!(?<!\w)-)(?<!\w)" if needle[0].isdigit() else r"(?<!\w)" if needle[0].isalpha() else ""
    after = r"(?!\w|[.,]\d)" if needle[-1].isdigit() else r"(?!\w)" if needle[-1].isalpha() else ""
    for match in re.finditer(before + pattern + after, levelled):
        if spans[match.start()][0] >= begin:
            return spans[match.start()][0], spans[match.end() - 1][1]
    return None


def containment(a: str, b: str, *, language: str) -> float:
    """Return the share of the shorter text's content stems that the other holds too, 0 to 1."""
    one, other = set(stems(a, language)), set(stems(b, language))
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def same_statement(a: str, b: str, *, language: str) -> bool:
    """Say whether the shorter of two sentences says nothing, or nearly nothing, that the other does not say.

    Other figures, other dates, or a negation in one of them alone make them two statements.
    """
    one, other = set(stems(a, language)), set(stems(b, language))
    if min(len(one), len(other)) < _FEWEST_STEMS or containment(a, b, language=language) < _SAME:
        return False
    shorter, longer = (a, b) if len(one) <= len(other) else (b, a)
    return _negated(a) == _negated(b) and _same_quantities(shorter, longer, language)


def _negated(text: str) -> bool:
    """Say whether the text holds a word of negation."""
    return _NEGATION.search(fold(text).replace("’", "'")) is not None


def _same_quantities(shorter: str, longer: str, language: str) -> bool:
    """Say whether two texts give the same figures and dates; the longer alone may give some."""
    mine, theirs = numbers(shorter, language), numbers(longer, language)
    my_dates = {(mention.date.first, mention.date.last) for mention in dates(shorter, language)}
    their_dates = {(mention.date.first, mention.date.last) for mention in dates(longer, language)}
    if not mine and not my_dates:
        return True
    return (
        my_dates == their_dates
        and all(any(one.matches(other) for other in theirs) for one in mine)
        and all(any(one.matches(other) for one in mine) for other in theirs)
    )


def _bare(quote: str) -> str:
    """Return a quotation levelled, without the marks around it and the point or comma that closes it."""
    return _level(quote)[0].strip(' "').rstrip('.,;: "')


@lru_cache(maxsize=512)
def _level(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text without what typesetting changes, and for each character left the span it comes from."""
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece, start, end in _pieces(text):
        characters.extend(piece)
        spans.extend([(start, end)] * len(piece))
    return "".join(characters), tuple(spans)


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each piece of the text levelled, with its span. Superscripts stay what they are: 10² is not 102."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        if match["hyphen"] or match["nothing"]:
            continue
        if match["space"]:
            piece = " "
        elif unicodedata.category(piece[0]) != "No":
            piece = unicodedata.normalize("NFKC", piece)
        yield piece.translate(_MARKS), match.start(), match.end()
