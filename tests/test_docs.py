"""The pages for people: what is generated is what the code says now, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.reference import all_pages

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


def test_settings_and_commands_are_documented_as_they_are() -> None:
    """In English and Spanish; `make docs` writes them anew."""
    for path, text in all_pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is old: run make docs"


@pytest.mark.parametrize("page", [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    """A link inside the project names a file that is there."""
    for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_english_and_the_spanish_pages_are_the_same_ones() -> None:
    """Each page is there in both languages."""
    english, spanish = ({path.name for path in (ROOT / "docs" / language).glob("*.md")} for language in ("en", "es"))
    assert english == spanish
