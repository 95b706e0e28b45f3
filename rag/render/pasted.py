"""What became of pasted search results, for a person and as JSON: what `rag add` prints. Pasted -> str, dict."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rag.render.published import published

if TYPE_CHECKING:
    from rag.paste import Pasted
    from rag.records import Document

SHOWN = 72
"""Columns of a text's beginning."""


def pasted_lines(pasted: Pasted) -> str:
    """Return a line for each new snippet (date, title, how it begins), then the sum and what to do next."""
    known = f"{len(pasted.known)} known" if pasted.known else ""
    if pasted.path is None:
        return f"nothing new ({known})" if known else "nothing new"
    lines = [_line(document) for document in pasted.new]
    total = ", ".join(filter(None, (f"{len(pasted.new)} new in {pasted.path}", known)))
    return "\n".join([*lines, f"{total}; make them searchable with: rag index"])


def pasted_json(pasted: Pasted) -> dict[str, Any]:
    """Return what was saved and where, what was known, and the lines that hold no text."""
    return {
        "path": pasted.path.as_posix() if pasted.path else None,
        "retrieved": pasted.retrieved.isoformat(),
        "new": [_document(document) for document in pasted.new],
        "known": [_document(document) for document in pasted.known],
        "left_out": list(pasted.left_out),
    }


def _line(document: Document) -> str:
    source = document.source
    begins = textwrap.shorten(document.text, SHOWN, placeholder=" …")
    return " · ".join(filter(None, (published(source, source.language, short=True), source.title, begins)))


def _document(document: Document) -> dict[str, Any]:
    source = document.source
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "date": str(source.date) or None,
        "precision": source.date.precision,
        "date_text": source.date.text,
        "text": document.text,
    }
