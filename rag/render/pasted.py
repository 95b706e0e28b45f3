"""What became of pasted search results, for a person and as JSON: what `rag add` prints. Pasted -> str, dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.language import tell
from rag.render.columns import line_width
from rag.render.lines import dated

if TYPE_CHECKING:
    from rag.paste import Pasted
    from rag.records import Document


def pasted_lines(pasted: Pasted) -> str:
    """Return a line for each new snippet (date, title, how it begins), then the sum and what to do next."""
    known = tell(es=f"{len(pasted.known)} ya guardados", en=f"{len(pasted.known)} known") if pasted.known else ""
    if pasted.path is None:
        nothing = tell(es="nada nuevo", en="nothing new")
        return f"{nothing} ({known})" if known else nothing
    saved = tell(es=f"{len(pasted.new)} nuevos en {pasted.path}", en=f"{len(pasted.new)} new in {pasted.path}")
    total = ", ".join(filter(None, (saved, known)))
    next_step = tell(es="para poder buscarlos: rag index", en="make them searchable with: rag index")
    return "\n".join([*map(_line, pasted.new), f"{total}; {next_step}"])


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
    date, title = document.source.date, document.source.title
    words = tell(es=f"«{date.text}»", en=f"“{date.text}”") if date.text and not date.known else ""
    return dated(date, " · ".join(filter(None, (words, title, document.text))), width=line_width())


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
