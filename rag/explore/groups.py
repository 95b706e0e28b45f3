"""Excerpts → the group of each, and how a group is drawn: by a colour and a shape, for grey tells them apart too."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from rag.explore.picture import OTHER, PALETTE, SHADES
from rag.language import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import Excerpt

MapGrouping = Literal["source", "language", "year"]
"""What chunks are told apart by: what they are from, its language, or when it was published."""

NAMED = 12
"""Sources that have a sign of their own at most: those with the most chunks."""
_SHAPES = "os^DvP"


class Sign(NamedTuple):
    """How the chunks of a group are drawn; `shape` as matplotlib names markers."""

    shape: str
    colour: str
    hollow: bool = False


Grouped = tuple[list[str], dict[str, Sign]]

_NONE = Sign("D", OTHER, hollow=True)


def grouped(excerpts: Sequence[Excerpt], by: MapGrouping, language: str) -> Grouped:
    """Return the name of each excerpt's group, and the groups with their signs in the order of a legend."""
    match by:
        case "source":
            return _by_source(excerpts, language)
        case "language":
            return _by_language(excerpts, language)
        case "year":
            return _by_year(excerpts, language)
        case _:
            assert_never(by)


def _by_source(excerpts: Sequence[Excerpt], language: str) -> Grouped:
    """Tell apart by title, or by path where there is none: all snippets of a file are one group."""
    names = [excerpt.title or excerpt.path for excerpt in excerpts]
    ranked = [name for name, _ in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))]
    own = ranked if len(ranked) <= NAMED else ranked[: NAMED - 1]
    signs = {name: _nth(place) for place, name in enumerate(own)}
    if own == ranked:
        return names, signs
    count = len(ranked) - len(own)
    rest = say(language, es=f"otras {count} fuentes", en=f"{count} other sources")
    return [name if name in signs else rest for name in names], signs | {rest: _NONE}


def _by_language(excerpts: Sequence[Excerpt], language: str) -> Grouped:
    """Give a language the same sign in every picture."""
    unknown = say(language, es="otro o desconocido", en="another or unknown")
    names = [excerpt.language if excerpt.language in LANGUAGES else unknown for excerpt in excerpts]
    signs = {name: _nth(place) for place, name in enumerate(LANGUAGES)} | {unknown: _NONE}
    return names, {name: sign for name, sign in signs.items() if name in names}


def _by_year(excerpts: Sequence[Excerpt], language: str) -> Grouped:
    """Put years together into at most as many spans as there are shades, about as many chunks in each."""
    undated = say(language, es="sin fecha", en="undated")
    years = [excerpt.date.first.year if excerpt.date.first else None for excerpt in excerpts]
    known = sorted(year for year in years if year is not None)
    spans = _spans(known)
    names = [undated if year is None else spans[year] for year in years]
    ordered = list(dict.fromkeys(spans[year] for year in known))
    shades = SHADES[len(SHADES) - len(ordered) :]
    signs = {name: Sign(_SHAPES[place], shades[place]) for place, name in enumerate(ordered)} | {undated: _NONE}
    return names, {name: sign for name, sign in signs.items() if name in names}


def _spans(known: Sequence[int]) -> dict[int, str]:
    """Return for each year that is held the span it falls into, "2021" or "2018–2020"; `known` ascends."""
    starts = sorted({known[place * len(known) // len(SHADES)] for place in range(len(SHADES))}) if known else []
    spans: dict[int, str] = {}
    for place, start in enumerate(starts):
        until = starts[place + 1] if len(starts) > place + 1 else known[-1] + 1
        held = [year for year in dict.fromkeys(known) if start <= year < until]
        spans |= dict.fromkeys(held, "–".join(map(str, dict.fromkeys((held[0], held[-1])))))
    return spans


def _nth(place: int) -> Sign:
    """Return the sign of a place: six colours with a shape each, then the colours with the next shape."""
    return Sign(_SHAPES[(place + place // len(PALETTE)) % len(_SHAPES)], PALETTE[place % len(PALETTE)])
