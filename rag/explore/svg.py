"""A figure → SVG that follows light and dark, and whose marks say what they are under the pointer.

Text stays text: it is searched, copied and read aloud. Nothing is fetched and nothing runs; text of sources becomes
text of elements, never markup. The same figure gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Hover = tuple["Artist", str]

_SVG = "http://www.w3.org/2000/svg"
_PLAINLY: Any = {"svg.fonttype": "none", "svg.hashsalt": "rag"}
_FAMILIES = "'DejaVu Sans', Verdana, sans-serif"
"""The second is as wide as the first, so that text cut for one fits in the other."""
_LIGHT_PAGE = '[data-jp-theme-light="true"] {0}, .vscode-light {0}'
_DARK_PAGE = '[data-jp-theme-light="false"] {0}, .vscode-dark {0}'
"""How Jupyter and VS Code say which theme is on; elsewhere the reader's system does."""


def to_svg(figure: Figure, hovers: Sequence[Hover], *, label: str, width: int, dark: Mapping[str, str]) -> str:
    """Return a figure as one SVG element, `width` pixels wide at most, with the colours `dark` has for its own on a
    dark page.
    """
    drawn = _drawn(figure, hovers)
    name = f"rag-{hashlib.sha256(drawn).hexdigest()[:12]}"
    root = ElementTree.fromstring(drawn)  # noqa: S314 - matplotlib wrote it a line above
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        node.attrib = {key.rpartition("}")[2]: _own(key, value, name) for key, value in node.attrib.items()}
    for node in root.findall("metadata"):
        root.remove(node)
    for path in root.iterfind(".//defs/path"):  # what is used takes its colours from where it is used
        path.set("style", re.sub(r"(fill|stroke): #\w+", "", path.get("style", "")))
    _tell(root, name, [text for _, text in hovers])
    style = root.find("./defs/style")
    assert style is not None  # noqa: S101 - matplotlib always writes it
    style.text = _style(name, dark)
    size = {"viewBox": root.attrib["viewBox"], "width": str(width), "style": "max-width:100%;height:auto"}
    root.attrib = {"xmlns": _SVG, "class": name, "role": "group", "aria-label": label} | size
    return ElementTree.tostring(root, encoding="unicode")


def _tell(root: ElementTree.Element, name: str, texts: Sequence[str]) -> None:
    """Let each mark say its text under the pointer."""
    for number, text in enumerate(texts):
        mark = root.find(f".//*[@id='{name}-mark-{number}']")
        if mark is not None:  # what lies outside of its axes is not drawn
            title = ElementTree.Element("title")
            title.text = text
            mark.insert(0, title)


def _drawn(figure: Figure, hovers: Sequence[Hover]) -> bytes:
    """Return matplotlib's SVG, in which the mark of each hover has its number as id."""
    named = [artist.get_gid() for artist, _ in hovers]
    drawn = BytesIO()
    try:
        for number, (artist, _) in enumerate(hovers):
            artist.set_gid(f"mark-{number}")
        with mpl.rc_context(_PLAINLY):
            figure.savefig(
                drawn, format="svg", transparent=False, facecolor=figure.get_facecolor(), metadata={"Date": None}
            )
    finally:
        for (artist, _), gid in zip(hovers, named, strict=True):
            artist.set_gid(gid)
    return drawn.getvalue()


def _own(key: str, value: str, name: str) -> str:
    """Return an attribute with ids that no other picture of the page has, and with fonts to fall back on."""
    if key == "id":
        return f"{name}-{value}"
    if key.endswith("href"):
        return value.replace("#", f"#{name}-", 1)
    return re.sub(r"url\(#", f"url(#{name}-", value).replace("'DejaVu Sans'", _FAMILIES)


def _style(name: str, dark: Mapping[str, str]) -> str:
    """Return rules for this picture alone: its colours by theme, and what matplotlib says of all lines."""
    own = f".{name}"
    by_day = "".join(f"--c{number}:{light};" for number, light in enumerate(dark))
    by_night = "".join(f"--c{number}:{colour};" for number, colour in enumerate(dark.values()))
    rules = [
        f"{own} *{{stroke-linejoin:round;stroke-linecap:butt}}",
        f"{own}{{{by_day}}}",
        f"@media (prefers-color-scheme: dark){{{own}{{{by_night}}}}}",
        f"{_LIGHT_PAGE.format(own)}{{{by_day}}}",
        f"{_DARK_PAGE.format(own)}{{{by_night}}}",
        f"@media print{{{3 * own}{{{by_day}}}}}",  # thrice, to outweigh the two before
    ]
    rules += [
        f'{own} [style*="{part}: {light}"]{{{part}:var(--c{number})!important}}'
        for number, light in enumerate(dark)
        for part in ("fill", "stroke")
    ]
    return "\n".join(rules)
