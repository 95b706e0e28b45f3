"""An excerpt in its surroundings: its words with the marks of who cites them, and its place on a page. → HTML."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from rag.render.page.marks import cuts
from rag.render.page.markup import NOTHING, Html, joined, tag, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.read.crops import Crop, WordBox
    from rag.records import Excerpt
    from rag.render.page.apparatus import Apparatus
    from rag.render.page.marks import Mark
    from rag.surroundings import Surrounding

ROUND = 3
"""Pixels by which a mark in a picture is larger than its words."""

_BLANK = re.compile(r"\n\s*\n")


def passage(excerpt: Excerpt, marked: Sequence[Mark], around: Surrounding | None) -> Html:
    """Return the excerpt with its marks, between the words before and after it."""
    own = tag("span", *_own(excerpt.text, marked), class_="own")
    if around is None:
        return own
    before = ("" if around.starts else "… ") + around.before
    after = around.after + ("" if around.stops else " …")
    return joined([_around(before), own, _around(after)])


def _around(words: str) -> Html:
    return tag("span", _close(words), class_="around") if words.strip() else NOTHING


def _close(words: str) -> Html:
    """Return words whose paragraphs are parted by the end of a line alone."""
    return text(_BLANK.sub("\n", words))


def _own(words: str, marked: Sequence[Mark]) -> Iterator[Html]:
    for start, end, over in cuts(len(words), marked):
        yield tag("mark", _close(words[start:end]), **_whose(over)) if over else _close(words[start:end])


def _whose(over: Sequence[Mark]) -> dict[str, str]:
    """Return who marks these words, and how: a sentence that prints them, or one that is only like them."""
    by = " ".join(dict.fromkeys(one.by for one in over))
    return {"data_by": by, "class_": "exact" if any(one.exact for one in over) else "like"}


def pictures(marked: Sequence[Mark], around: Surrounding | None, apparatus: Apparatus) -> Html:
    """Return the excerpt's place on its pages, or why it is not shown."""
    if around is None:
        return NOTHING
    if around.lack:
        return tag("p", text(_lack(around, apparatus)), class_="lack")
    return joined(_picture(crop, marked, apparatus) for crop in around.crops)


def _lack(around: Surrounding, apparatus: Apparatus) -> str:
    es, en = {
        "moved": ("el archivo ya no está donde se indexó", "the file is no longer where it was indexed"),
        "changed": ("el archivo ha cambiado desde que se indexó", "the file has changed since it was indexed"),
        "not found": ("sus palabras no se hallan en la página", "its words are not found on the page"),
        "too much": (
            "las imágenes de este informe ya ocupan lo permitido",
            "this report holds all the pictures it may",
        ),
    }[around.lack or "not found"]
    return apparatus.say(es=f"Sin imagen de la página: {es}.", en=f"No picture of the page: {en}.")


def _picture(crop: Crop, marked: Sequence[Mark], apparatus: Apparatus) -> Html:
    page = apparatus.say(es=f"Página {crop.page}", en=f"Page {crop.page}")
    label = apparatus.say(
        es=f"Imagen de la página {crop.page} con las palabras marcadas; dice lo que el extracto",
        en=f"Picture of page {crop.page} with the words marked; it says what the excerpt says",
    )
    image = tag("image", href=f"data:image/png;base64,{crop.png}", width=crop.width, height=crop.height)
    drawn = tag(
        "svg", image, *_boxes(crop, marked),
        viewBox=f"0 0 {crop.width} {crop.height}", role="img", aria_label=label,
    )  # fmt: skip
    return tag("figure", drawn, tag("figcaption", text(page)), class_="crop")


def _boxes(crop: Crop, marked: Sequence[Mark]) -> Iterator[Html]:
    """Give a box for each run of words on a line that are marked by the same sentences."""
    known = (
        (word, tuple(one for one in marked if one.start < word.end and word.start < one.end)) for word in crop.words
    )
    lines = _lines([(word, over) for word, over in known])
    for line in lines:
        for over, run in groupby(line, key=lambda pair: pair[1]):
            if over:
                words = [word for word, _ in run]
                left, top = min(word.left for word in words) - ROUND, min(word.top for word in words)
                right, bottom = max(word.right for word in words) + ROUND, max(word.bottom for word in words)
                yield tag("rect", x=left, y=top, width=right - left, height=bottom - top, rx=ROUND, **_whose(over))


def _lines(words: Sequence[tuple[WordBox, tuple[Mark, ...]]]) -> Iterator[list[tuple[WordBox, tuple[Mark, ...]]]]:
    """Part words where a new line begins: farther left than the last, or clearly higher or lower."""
    line: list[tuple[WordBox, tuple[Mark, ...]]] = []
    for word, over in words:
        if line and (word.left < line[-1][0].left or word.top > line[-1][0].bottom or word.bottom < line[-1][0].top):
            yield line
            line = []
        line.append((word, over))
    if line:
        yield line
