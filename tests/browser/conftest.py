"""One headless Chromium for all tests here, which are skipped, with the reason, where it or Playwright is missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, WIDE = (390, 844), (1440, 900)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


class Opened:
    """A page as it was opened, with all that it asked for, said and tried."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """A function that opens HTML from disk: `show(html, size=…, dark=…, scripts=…)`."""
    contexts = []

    def opened(html: str, *, size: tuple[int, int] = WIDE, dark: bool = False, scripts: bool = True) -> Opened:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(5_000)
        shown = Opened(context.new_page())
        shown.page.goto(path.as_uri())
        return shown

    yield opened
    for context in contexts:
        context.close()
