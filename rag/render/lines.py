"""Excerpts as lines for a terminal: what `search` prints for a person. Excerpt -> str."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rag.render.published import published

if TYPE_CHECKING:
    from rag.records import Excerpt

WIDTH = 100
"""Columns a passage is wrapped to: wider lines are hard to read."""


def excerpt_lines(excerpt: Excerpt, rank: int) -> str:
    """Return an excerpt's head line (rank, date, title, where it lies, key, score) and its wrapped text."""
    page = f"p. {excerpt.page}" if excerpt.page is not None else ""
    head = (
        published(excerpt.source, excerpt.language, short=True),
        " ".join(excerpt.title.split()),
        excerpt.path,
        page,
        f"k:{excerpt.key}",
        f"{excerpt.score:.3f}",
    )
    text = textwrap.fill(excerpt.text, WIDTH, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False)
    return f"{rank}. {' · '.join(filter(None, head))}\n{text}"
