"""Claims about the report page in a browser: what opens, what keys do, what is shown where, and that nothing leaks."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.render.page import to_html
from tests.browser.conftest import PHONE, WIDE
from tests.render.shown_reports import RUN, crop_of, hostile, many, rich

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Opened

    Show = Callable[..., Opened]


@cache
def rich_page() -> str:
    """The page with all there is to show."""
    report, around = rich()
    return to_html(report, surroundings=around, run=RUN)


@cache
def many_page() -> str:
    """The page of 200 sources, each with a picture."""
    report, around = many(crops=[crop_of()])
    return to_html(report, surroundings=around)


def focused(page: Page) -> str:
    """Return what has the focus: its text."""
    return str(page.evaluate("document.activeElement.textContent"))


def test_a_click_opens_the_excerpt_with_the_words_marked(show: Show) -> None:
    """The panel shows date, page, key and the words quoted, in the text and on the picture of the page."""
    page = show(rich_page()).page
    page.locator("#s0-0 button.cite").click()
    panel = page.locator("#panel")
    assert panel.locator("mark:not(.other)").all_inner_texts() == [
        "los hospitales los prefieren cuando no pueden compartir sus historias clínicas"
    ]
    assert panel.locator("rect:not(.other)").count() == 2  # the words stand on two lines
    told = panel.inner_text()
    for words in ("8 de marzo de 2023, página 1", "k:aaaaaa", "comienzo del extracto: «Mar 8, 2023»", "Antes de ello."):
        assert words in told
    assert panel.locator(".cited-as").inner_text() == "=literal"


def test_words_that_are_only_like_are_marked_otherwise(show: Show) -> None:
    """A paraphrase underlines the sentence it is most like, and says so."""
    page = show(rich_page()).page
    page.locator("#s0-1 button.cite").click()
    assert page.locator("#panel mark.like").inner_text() == "Los modelos pequeños aprenden bien."
    assert "con otras palabras" in page.locator("#panel .key-to-marks").inner_text()
    assert "ha cambiado desde que se indexó" in page.locator("#panel .lack").inner_text()


def test_keys_open_step_and_close(show: Show) -> None:
    """Tab, Enter, arrows and Escape do all that a mouse does; the focus comes back to where it was."""
    page = show(rich_page()).page
    first = page.locator("button.cite").first
    first.focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith("Cita 1 de")
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel-title").inner_text().startswith("Cita 2 de")
    page.keyboard.press("Tab")  # to “previous”
    page.keyboard.press("Space")
    assert page.locator("#panel-title").inner_text().startswith("Cita 1 de")
    assert page.evaluate("document.activeElement.closest('#panel') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert first.evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowRight")
    assert page.locator("button.cite").nth(1).evaluate("one => one === document.activeElement")


def test_every_citation_can_be_reached_by_tab(show: Show) -> None:
    """Each marker is a stop, and says what it opens."""
    page = show(rich_page()).page
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.prose button.cite')"):
            seen.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(seen) == page.locator(".prose button.cite").count() > 10
    assert seen[0] == "Cita [1]: Estudio 1, 8 de marzo de 2023"


def test_sources_are_sorted_by_number_date_and_use(show: Show) -> None:
    """Each head sorts, and again the other way; what is undated stays last."""
    page = show(rich_page()).page

    def order() -> list[str]:
        return page.locator("#sources tbody th").all_inner_texts()

    def sort(name: str) -> str:
        page.locator("#sources th button", has_text=name).click()
        return str(page.locator("#sources th[aria-sort]").get_attribute("aria-sort"))

    assert order() == ["[1]", "[2]", "[3]", "[4]"]
    assert (sort("Fecha"), order()) == ("ascending", ["[3]", "[2]", "[1]", "[4]"])
    assert (sort("Fecha"), order()) == ("descending", ["[1]", "[2]", "[3]", "[4]"])
    assert (sort("Citada"), order()) == ("descending", ["[1]", "[3]", "[2]", "[4]"])
    assert page.locator("[role=status]").inner_text() == "Fuentes por Citada, de mayor a menor"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_hostile_report_runs_nothing_and_asks_nobody(show: Show, scripts: bool) -> None:
    """Each text of a source, a model or a person stays text: no script, no style, no request, no word of the policy."""
    report, around, run = hostile()
    shown = show(to_html(report, surroundings=around, run=run), scripts=scripts)
    page = shown.page
    for button in page.locator("button.cite").all():
        button.click()
    page.locator(".sentence").first.hover()
    asked = [url for url in shown.asked if not url.startswith("data:image/png")]
    assert (asked, shown.said) == ([page.url], [])
    assert page.evaluate("window.ran") is None
    assert page.locator("iframe, base, img, object, embed, form, svg[onload], meta[http-equiv=refresh]").count() == 0
    assert page.evaluate("getComputedStyle(document.body).display") == "block"
    hrefs = page.evaluate("Array.from(document.querySelectorAll('[href]'), one => one.getAttribute('href'))")
    assert {href.split(":")[0] for href in hrefs if not href.startswith("#")} <= {"https", "data"}


def test_the_policy_stops_what_is_put_in_afterwards(show: Show) -> None:
    """Were a script or a picture to get in, the browser would not run or fetch it."""
    shown = show(rich_page())
    shown.page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "window.ran = 1";
        document.body.append(script); const image = document.createElement("img");
        image.src = "https://evil.example/i.png"; document.body.append(image); }"""
    )
    assert shown.page.evaluate("window.ran") is None
    assert len(shown.said) == 2
    assert all("Content Security Policy" in words for words in shown.said)


def test_two_hundred_sources_stay_quick(show: Show) -> None:
    """Opening the page, stepping and sorting each take a moment."""
    started = time.monotonic()
    page = show(many_page()).page
    page.locator("button.cite").first.click()
    opened = time.monotonic() - started
    steps = page.evaluate(
        """() => { const next = document.querySelector("#panel .next"); const times = [];
        for (let i = 0; i < 100; i++) { const from = performance.now(); next.click(); document.body.offsetHeight;
        times.push(performance.now() - from); } times.sort((a, b) => a - b); return times; }"""
    )
    sort = page.evaluate(
        """() => { const from = performance.now(); document.querySelectorAll("#sources th button")[1].click();
        document.body.offsetHeight; return performance.now() - from; }"""
    )
    assert page.locator("#sources tbody tr").count() == 200
    assert opened < 5
    assert steps[50] < 100
    assert sort < 500


def test_nothing_is_wider_than_the_screen(show: Show) -> None:
    """There is no scrolling sideways, neither on the page nor in an open panel, from 320 pixels up."""
    report, around, run = hostile()
    for html in (rich_page(), many_page(), to_html(report, surroundings=around, run=run)):
        page = show(html).page
        page.locator("button.cite").first.click()
        for width in (320, 360, 390, 820, 1150, 1440):
            page.set_viewport_size({"width": width, "height": 740})
            for where in ("document.documentElement", "document.querySelector('#panel .scroll')"):
                assert page.evaluate(f"{where}.scrollWidth <= {where}.clientWidth"), (where, width)


def test_a_phone_has_a_sheet_below_the_sentence(show: Show) -> None:
    """The panel takes the lower part of the screen at most, and the sentence that cites stays in sight above it."""
    page = show(rich_page(), size=PHONE).page
    button = page.locator("#s0-9 button.cite").last
    button.click()
    sheet, marker = page.locator("#panel").bounding_box(), button.bounding_box()
    assert sheet is not None
    assert marker is not None
    assert (sheet["x"], sheet["width"]) == (0, PHONE[0])
    assert sheet["y"] + sheet["height"] == PHONE[1]
    assert 0 <= marker["y"] < marker["y"] + marker["height"] <= sheet["y"]


def test_print_shows_the_references_whole(show: Show) -> None:
    """On paper there are no panels and no buttons to press; each excerpt stands whole under its number."""
    page = show(rich_page()).page
    page.locator("button.cite").first.click()
    page.emulate_media(media="print")
    assert not page.locator("#panel").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("#x-aaaaaa blockquote .own").inner_text().startswith("Los datos sintéticos imitan")
    assert page.locator("#x-aaaaaa").get_by_text("k:aaaaaa").is_visible()
    assert not page.locator("#x-aaaaaa .crop").is_visible()
    assert page.locator(".findings").is_visible() or page.evaluate("CSS.supports('selector(::details-content)')")


def test_without_scripts_all_is_there_to_read(show: Show) -> None:
    """Markers are links to excerpts that stand open in the references, pictures too."""
    page = show(rich_page(), scripts=False).page
    page.locator("#s0-0 a.cite").click()
    assert page.url.endswith("#x-aaaaaa")
    for words in (".own", ".around", ".crop", "dl"):
        assert page.locator(f"#x-aaaaaa {words}").first.is_visible()
    assert not page.locator("#panel").is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_axe_finds_nothing(show: Show, size: tuple[int, int], dark: bool) -> None:
    """Names, roles, order and contrast hold by the rules of axe-core, with the panel closed and open."""
    program = pytest.importorskip("axe_playwright_python", reason="pip install axe-playwright-python")
    axe = (Path(program.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page = show(rich_page(), size=size, dark=dark).page
    page.evaluate(axe)
    assert _violations(page) == []
    page.locator("details").first.locator("summary").click()
    page.locator("#s0-0 button.cite").click()
    assert _violations(page) == []


def _violations(page: Page) -> list[Any]:
    rules = "{rules: {'target-size': {enabled: true}}}"
    found = page.evaluate(f"axe.run({rules}).then(result => result.violations)")
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
