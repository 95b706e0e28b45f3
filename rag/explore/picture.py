"""A figure laid out in inches from its upper left corner, that shows itself in a notebook.

All colours are its own, whatever style is set: it follows the page into the dark as SVG, and has paper of its own as
PNG. Text of sources is drawn as it is: no mathematics, no TeX, cut to the room it has.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.textpath import TextToPath

from rag.errors import RagError
from rag.explore.svg import Hover, to_svg
from rag.language import os_words, say, tell

if TYPE_CHECKING:
    import os

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from rag.records import Excerpt, PublicationDate

INK, SOFT, RULE, BAND, PAPER = "#1f2328", "#59636e", "#c8cdd3", "#f1f3f5", "#ffffff"
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
"""Colours that the colour-blind tell apart (Okabe & Ito 2008), the first ones in grey as well."""
OTHER = "#767676"
SHADES = ("#cfe1f2", "#93c4de", "#4a97c9", "#17659f", "#083d73")
"""From little to much, or from old to new: told apart in grey as well."""
DARK = {
    INK: "#e6edf3", SOFT: "#9aa4af", RULE: "#3d444d", BAND: "#22272e", PAPER: "#15191f", OTHER: "#8b949e",
    PALETTE[0]: "#3391d6",
    **dict(zip(SHADES, ("#14324a", "#1b4f78", "#2a6ea1", "#7db6dc", "#cfe6f7"), strict=True)),
}  # fmt: skip
"""What each colour is on a dark page; the rest of the palette stays."""
ROW = 0.25
"""Inches from one row to the next."""
MARGIN = 0.2
"""Inches around everything."""
SMALL, TEXT, LARGE = 7.5, 8.5, 11.0
"""Sizes of type, in points."""
FAMILY = "DejaVu Sans"  # comes with matplotlib, so that text is as wide everywhere
_DOTS = 96  # to the inch in a notebook; drawn twice as fine
_POINTS = 72  # to the inch
_UNKNOWN = "□"
_BEGINS = 200  # characters of an excerpt that its mark says
_PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
{picture}
"""


class Picture(Figure):
    """A figure of so many inches; it needs neither pyplot nor a magic command to be shown."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), facecolor=PAPER, edgecolor=PAPER)
        self.set_layout_engine("none")
        self._inches = (width, height)
        self._label = ""
        self._hovers: list[Hover] = []

    def _repr_html_(self) -> str:
        return to_svg(self, self._hovers, label=self._label, width=round(self._inches[0] * _DOTS), dark=DARK)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file whose ending says how (.svg, .html, .png); return its path.

        Raises `RagError` for another ending or a folder that cannot be written.
        """
        place = Path(path)
        match place.suffix.lower():
            case ".svg":
                data = self._repr_html_().encode()
            case ".html":
                data = _PAGE.format(title=escape(self._label), picture=self._repr_html_()).encode()
            case ".png":
                data = self._repr_png_()[0]
            case _:
                raise RagError(
                    tell(
                        es=f"{place}: un dibujo se guarda en .svg, .html o .png; acaba así su nombre",
                        en=f"{place}: a picture is saved as .svg, .html or .png; end its name so",
                    )
                )
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        except OSError as error:
            raise RagError(
                tell(
                    es=f"{place}: no se puede escribir ({os_words(error)}); nombra otra carpeta",
                    en=f"{place}: cannot be written ({os_words(error)}); name another folder",
                )
            ) from error
        return place

    def hover(self, mark: Artist, text: str) -> None:
        """Let a mark say this under the pointer."""
        self._hovers.append((mark, "".join(sign for sign in text if sign == "\n" or _seen(sign))))

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        drawn = BytesIO()
        self.savefig(drawn, format="png", dpi=2 * _DOTS, transparent=False, facecolor=PAPER)
        width, height = (round(side * _DOTS) for side in self._inches)
        return drawn.getvalue(), {"width": width, "height": height}

    def panel(self, left: float, top: float, width: float, rows: float) -> Axes:
        """Return axes for so many rows, the first at 0 and above the second; without a frame and without ticks."""
        across, down = self._inches
        height = rows * ROW
        place = (left / across, 1 - (top + height) / down, width / across, height / down)
        axes = self.add_axes(place, facecolor=PAPER)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_yticks([])
        axes.tick_params(colors=SOFT, labelsize=SMALL, length=3, width=0.6, labelfontfamily=FAMILY)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes

    def write(
        self,
        text: str,
        left: float,
        top: float,
        *,
        room: float,
        size: float = TEXT,
        colour: str = INK,
        bold: bool = False,
        align: Literal["left", "center"] = "left",
    ) -> None:
        """Write one line, its middle at `top`, cut to the `room` it has in inches."""
        across, down = self._inches
        weight = "bold" if bold else "normal"
        self.text(
            left / across, 1 - top / down, fit(text, room, size=size, bold=bold), fontsize=size, color=colour,
            fontweight=weight, fontfamily=FAMILY, ha=align, va="center_baseline", parse_math=False, usetex=False,
        )  # fmt: skip

    def title(self, text: str) -> None:
        """Write what the picture shows, over all of its width."""
        self._label = plain(text)
        self.write(text, MARGIN, MARGIN + 0.05, room=self._inches[0] - 2 * MARGIN, size=LARGE, bold=True)

    def nothing(self, language: str) -> None:
        """Write that there is nothing to show."""
        room = self._inches[0] - 2 * MARGIN
        self.write(say(language, es="Sin extractos", en="No excerpts"), MARGIN, 0.55, room=room, colour=SOFT)

    def rule(self, top: float) -> None:
        """Draw a line from margin to margin."""
        across, down = self._inches
        edge, height = MARGIN / across, 1 - top / down
        self.add_artist(Line2D((edge, 1 - edge), (height, height), color=RULE, linewidth=0.8))


def fit(text: str, room: float, *, size: float, bold: bool = False) -> str:
    """Return a text on one line, cut to so many inches, with signs that cannot be drawn replaced."""
    line = plain(text)
    if _inches(line, size, bold) <= room:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _inches(line[:middle].rstrip() + "…", size, bold) <= room else (low, middle - 1)
    return line[:low].rstrip() + "…"


def wrap(text: str, room: float, *, lines: int, size: float) -> tuple[str, ...]:
    """Return a text on at most so many lines of so many inches, the last one cut."""
    words = plain(text).split()
    broken: list[str] = []
    while words and len(broken) < lines - 1:
        taken = 1
        while taken < len(words) and _inches(" ".join(words[: taken + 1]), size, bold=False) <= room:
            taken += 1
        broken.append(fit(" ".join(words[:taken]), room, size=size))
        words = words[taken:]
    return (*broken, fit(" ".join(words), room, size=size)) if words else tuple(broken)


def plain(text: str) -> str:
    """Return a text on one line, without control characters, signs the font lacks as □."""
    spaced = " ".join(text.split())
    return "".join(sign if ord(sign) in _drawable() else _UNKNOWN for sign in spaced if _seen(sign))


def told(excerpt: Excerpt, undated: str) -> str:
    """Return what a mark says of an excerpt under the pointer: title, date, page and key, then how it begins."""
    page = (f"p. {excerpt.page}",) if excerpt.page else ()
    known = " · ".join((dated(excerpt.date, undated), *page, f"k:{excerpt.key}"))
    words = " ".join(excerpt.text.split())
    begins = words if len(words) <= _BEGINS else words[:_BEGINS].rpartition(" ")[0] + " …"
    return "\n".join((excerpt.title or excerpt.path, known, begins))


def named(excerpt: Excerpt) -> str:
    """Return the title of an excerpt's source; of one without, its own first words."""
    return excerpt.title or f"«{excerpt.text[:200]}»"


def dated(published: PublicationDate, undated: str) -> str:
    """Return a date as it is known: ISO, else the source's own words, else what undated is called."""
    return str(published) or (f"«{published.text}»" if published.text else undated)


def _seen(sign: str) -> bool:
    """Say whether a sign is one to be seen: no control, no direction, no half of another, nothing unassigned."""
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Cn"}


@lru_cache(maxsize=2)
def _properties(*, bold: bool) -> FontProperties:
    return FontProperties(family=[FAMILY], weight="bold" if bold else "normal")


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    """Return the signs that the font has, plain and bold."""
    fonts = [get_font(findfont(_properties(bold=bold))).get_charmap() for bold in (False, True)]
    return frozenset(fonts[0]) & frozenset(fonts[1])


def _inches(line: str, size: float, bold: bool) -> float:  # noqa: FBT001 - private
    prop = _properties(bold=bold).copy()
    prop.set_size(size)
    width, _, _ = TextToPath().get_text_width_height_descent(line, prop, ismath=False)
    return float(width) / _POINTS
