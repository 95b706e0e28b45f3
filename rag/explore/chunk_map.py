"""Chunks with their vectors → a map: those alike in meaning lie near each other.

The places come from `nearness`; they have no unit and no direction.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.explore.groups import MapGrouping, Sign, grouped
from rag.explore.nearness import NEIGHBOURS, places
from rag.explore.picture import INK, MARGIN, PAPER, ROW, RULE, SMALL, SOFT, Picture, told, wrap
from rag.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from rag.catalog import Catalog
    from rag.embed import Vectors
    from rag.explore.nearness import Places
    from rag.records import Excerpt

MOST = 1_000
"""Chunks that a map shows at most; of more, so many evenly taken. A thousand take three to five seconds."""
FIELD, LEGEND = 5.6, 4.3
"""Inches of the map's side, and of what stands beside it."""
_ABOVE = 0.6  # inches over the map
_LINE = 0.165  # inches from one line of a note to the next
_SIZES = ((150, 7.0), (500, 5.0), (MOST, 4.0))
"""Up to so many chunks, a mark is so many points wide."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """Chunks with their vectors, row by row, and how many there are in all."""

    excerpts: tuple[Excerpt, ...]
    vectors: Vectors
    total: int


def embedded_chunks(catalog: Catalog, *, most: int = MOST) -> Chunks:
    """Return the chunks of an index that are embedded, by document and place; evenly taken where there are more than
    `most`.
    """
    held = [chunk for source in catalog.sources() for chunk in catalog.chunks_of(source.id)]
    taken = [held[place * len(held) // most] for place in range(most)] if len(held) > most else held
    kept = catalog.vectors([chunk.vector_hash for chunk in taken])
    excerpts = catalog.excerpts([chunk.id for chunk in taken])
    shown = [chunk for chunk in taken if chunk.vector_hash in kept]
    vectors = [kept[chunk.vector_hash] for chunk in shown]
    stacked = np.stack(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)
    return Chunks(tuple(excerpts[chunk.id] for chunk in shown), stacked, len(held))


def chunk_map(
    chunks: Chunks, *, language: str, by: MapGrouping = "source", marked: Collection[Excerpt] = ()
) -> Picture:
    """Draw a mark a chunk, under the pointer its title and first words, and a ring around those that share text with
    one `marked`.
    """
    picture = Picture(2 * MARGIN + FIELD + LEGEND, _ABOVE + FIELD + MARGIN)
    picture.title(say(language, es="Qué se parece a qué en su sentido", en="What is like what in meaning"))
    if not chunks.excerpts:
        picture.nothing(language)
        return picture
    names, signs = grouped(chunks.excerpts, by, language)
    spots, kept = places(chunks.vectors)
    axes = _field(picture, spots)
    size = next(points for most, points in _SIZES if len(names) <= most)
    undated = say(language, es="sin fecha", en="undated")
    for excerpt, name, spot in zip(chunks.excerpts, names, spots, strict=True):
        if any(_overlap(excerpt, one) for one in marked):
            _draw(axes, spot, Sign("o", INK, hollow=True), 2.2 * size)
        picture.hover(_draw(axes, spot, signs[name], size), told(excerpt, undated))
    rings = {say(language, es="señalado", en="marked"): Sign("o", INK, hollow=True)} if marked else {}
    top = _legend(picture, signs | rings, Counter(names))
    for line, text in enumerate(_notes(chunks, kept, language)):
        picture.write(text, MARGIN + FIELD + 0.25, top + line * _LINE, room=LEGEND - 0.25, size=SMALL, colour=SOFT)
    return picture


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return one.source.id == other.source.id and one.start < other.end and other.start < one.end


def _field(picture: Picture, spots: Places) -> Axes:
    """Return square axes around all spots, framed, without ticks: distances have no unit."""
    axes = picture.panel(MARGIN, _ABOVE, FIELD, FIELD / ROW)
    middle = (spots.max(axis=0) + spots.min(axis=0)) / 2
    reach = 0.54 * float((spots.max(axis=0) - spots.min(axis=0)).max()) or 1.0
    axes.set_xlim(middle[0] - reach, middle[0] + reach)
    axes.set_ylim(middle[1] - reach, middle[1] + reach)
    axes.set_xticks([])
    for spine in axes.spines.values():
        spine.set(visible=True, color=RULE, linewidth=0.8)
    return axes


def _draw(axes: Axes, spot: Places, sign: Sign, size: float) -> Line2D:
    face, edge = (PAPER, sign.colour) if sign.hollow else (sign.colour, INK)
    return axes.plot(
        [spot[0]], [spot[1]], marker=sign.shape, markersize=size, markerfacecolor=face, markeredgecolor=edge,
        markeredgewidth=1.0 if sign.hollow else 0.4, linestyle="none",
    )[0]  # fmt: skip


def _legend(picture: Picture, signs: Mapping[str, Sign], counts: Mapping[str, int]) -> float:
    """Write the groups beside the map, each after its sign and before its number of chunks; return where it ends."""
    left = MARGIN + FIELD + 0.2
    axes = picture.panel(left, _ABOVE, 0.3, len(signs))
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    for row, (name, sign) in enumerate(signs.items()):
        top = _ABOVE + (row + 0.5) * ROW
        picture.hover(_draw(axes, np.array((0.5, row)), sign, 7.0 if name in counts else 12.0), name)
        picture.write(name, left + 0.35, top, room=LEGEND - 1.0, size=SMALL)
        picture.write(str(counts.get(name, "")), left + LEGEND - 0.6, top, room=0.5, size=SMALL, colour=SOFT)
    return _ABOVE + len(signs) * ROW + 0.3


def _notes(chunks: Chunks, kept: float | None, language: str) -> Iterator[str]:
    """Give the lines that say how to read the map, and how far it can be trusted."""
    shown, total = len(chunks.excerpts), chunks.total
    some = say(language, es=f"{shown} de {total} fragmentos", en=f"{shown} of {total} chunks")
    read = say(
        language,
        es="Cerca: parecido en su sentido. Los ejes no tienen unidad, y lo lejos que esté un grupo de otro dice poco.",
        en="Near: alike in meaning. The axes have no unit, and how far one group lies from another says little.",
    )
    trust = say(
        language,
        es=f"Confianza {kept or 0:.2f}: 1 si junto a cada uno solo están los {NEIGHBOURS} más parecidos.",
        en=f"Trustworthiness {kept or 0:.2f}: 1 if beside each lie only the {NEIGHBOURS} most like it.",
    )
    for text in (some, read, *([trust] if kept is not None else [])):
        yield from wrap(text, LEGEND - 0.3, lines=5, size=SMALL)
        yield ""
