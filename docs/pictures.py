"""The pictures of the pages for people, from the founding brief over the sample literature. `make pictures` makes them.

`python docs/pictures.py` needs the index (`rag index corpus`), Chromium and Playwright; it writes docs/pictures.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from rag.library import Library

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
BRIEF = ROOT / "briefs" / "brief-datos-sinteticos.txt"
QUERY = "privacidad de datos sintéticos"
LARGEST = 200_000
"""Bytes of a picture: a page of the documentation shows several."""
COLOURS = 128
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS = (
    ("page-light", (1280, 800), "light", True),
    ("page-dark", (1280, 800), "dark", True),
    ("page-phone", (390, 760), "light", False),
)
"""Name, size, colours, and whether a citation is open."""
PICTURED = """() => Math.max(0, Array.from(document.querySelectorAll("button.cite")).findIndex((one) =>
  one.dataset.keys.split(" ").some((key) => document.getElementById("x-" + key)?.querySelector("img"))))"""
"""The first citation whose passage is pictured as it is printed, else the first."""


def main(index: Path) -> None:
    """Make every picture and say how large it is; exit 1 where one is too large."""
    import rag

    PICTURES.mkdir(exist_ok=True)
    with rag.open(index) as library, TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_report_page(library, Path(folder) / "run"), encoding="utf-8")
        made = [*_page_pictures(page), *_plots(library)]
    sizes = [(path.stat().st_size, path) for path in made]
    sys.stdout.writelines(f"{size:8} {path.relative_to(ROOT)}\n" for size, path in sizes)
    sys.exit(any(size > LARGEST for size, _ in sizes))


def _report_page(library: Library, run: Path) -> str:
    """Write the founding brief as a digest and return its page, with what stands around each excerpt."""
    import rag
    from rag.render.page import to_html
    from rag.run import load_run
    from rag.surroundings import surroundings

    report = library.write(rag.read_brief(BRIEF), run_dir=run).report
    around = surroundings(report, holdings=library.index.catalog, corpus=ROOT / "corpus")
    return to_html(report, surroundings=around, run=load_run(run))


def _page_pictures(page: Path) -> Iterator[Path]:
    """Show the page in a browser: light, dark and on a phone."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(FLAGS))
        for name, size, colours, is_open in SHOTS:
            shown = _shown(browser, page, size, colours)
            if is_open:
                shown.locator("button.cite").nth(shown.evaluate(PICTURED)).click()
            path = PICTURES / f"{name}.png"
            path.write_bytes(_small(shown.screenshot()))
            yield path
        browser.close()


def _shown(browser: Browser, page: Path, size: tuple[int, int], colours: str) -> Page:
    """Return the page in a window of that size."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if colours == "dark" else "light",
        reduced_motion="reduce",
    )
    shown = context.new_page()
    shown.goto(page.as_uri())
    return shown


def _small(png: bytes) -> bytes:
    """Return a picture in as few colours as a page of text needs."""
    from PIL import Image

    made = BytesIO()
    held = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    held.save(made, format="PNG", optimize=True)
    return made.getvalue()


def _chromium() -> str:
    """Return the browser: Debian's, or what CHROMIUM names."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        sys.exit("no Chromium: install it (apt-get install chromium), or name it in CHROMIUM")
    return found


def _plots(library: Library) -> Iterator[Path]:
    """Draw what `rag.explore` draws of the founding brief's plan and of the index."""
    import rag

    plan, hits = library.plan(rag.read_brief(BRIEF)), library.search(QUERY, k=5)
    drawn = {
        "timeline": plan.timeline(),
        "heatmap": plan.heatmap(),
        "map": library.map(marked=tuple(hits), language="es"),
    }
    for name, picture in drawn.items():
        yield picture.save(PICTURES / f"{name}.svg")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "index")
