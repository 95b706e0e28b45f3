"""Blocks of a source to a Document: paragraphs joined by blank lines, headings at their offsets.

Does not parse any format. A reader gives what the source says of itself as a `Source` without id; what follows from
the text and the file's name (id, language, a year) is filled in here. Blocks, Source -> Document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.language import detect, tell
from rag.read.characters import one_line
from rag.read.details import file_name_date
from rag.records import UNDATED, Document, Section, Source, document_id

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED_DATES = ("snippet", "bibtex")
"""Formats of many sources in a file, whose name cannot date them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when it has a `level`."""

    text: str
    level: int = 0


def compose(blocks: Iterable[Block], source: Source) -> Document:
    """Return the document of these blocks; empty ones are left out."""
    paragraphs: list[str] = []
    sections: list[Section] = []
    offset = 0
    for block in blocks:
        paragraph = one_line(block.text)
        if not paragraph:
            continue
        if block.level:
            sections.append(Section(start=offset, level=block.level, title=paragraph))
        paragraphs.append(paragraph)
        offset += len(paragraph) + len("\n\n")
    return finish("\n\n".join(paragraphs), source, sections=tuple(sections))


def finish(text: str, source: Source, *, sections: tuple[Section, ...] = (), pages: tuple[int, ...] = ()) -> Document:
    """Return the document of this clean text, with what the source did not say of itself."""
    if not text:
        raise SourceError(
            source.paths[0],
            tell(
                es="no contiene texto; quítalo o pon en él el texto",
                en="it holds no text; remove it or put the text in",
            ),
        )
    date = source.date
    if date == UNDATED and source.format not in UNNAMED_DATES:
        date = file_name_date(source.paths[0])
    whole = replace(
        source,
        id=document_id(text),
        title=one_line(source.title),
        authors=tuple(filter(None, map(one_line, source.authors))),
        date=date,
        language=source.language or detect(text),
    )
    return Document(source=whole, text=text, sections=sections, pages=pages)
