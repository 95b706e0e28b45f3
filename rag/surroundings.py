"""What stands around the excerpts a report cites: the words before and after, and for PDFs pictures of the passage.

Catalog, the brief's own material, the corpus folder and a report → `Surrounding` by key. It reads a PDF only inside
that folder, and only where its bytes are those that were indexed; it renders nothing for a reader (see `rag.render`).
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Literal, Protocol

from rag.pictures import Order, pictures
from rag.read.crops import Crop, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.records import Document, Excerpt, Report
    from rag.rows import FileState

WORDS_AROUND = 45
"""Words shown before an excerpt, and after it."""
MOST_IMAGES = 6_000_000
"""Bytes of pictures in one report, as they are written into a page; those of the first sources go first."""
MOST_PAGES = 3
"""Pages of a passage that are pictured."""

_WORD = re.compile(r"\S+")

Lack = Literal["", "moved", "changed", "not found", "too much"]
"""Why a PDF's passage has no picture: its file is gone, is another, its words are not found, or the page is full."""


class Holdings(Protocol):
    """What an index knows of documents and files, as a catalog does."""

    def document(self, document_id: str) -> Document:
        """Return a document by id; `KeyError` where there is none."""

    def files(self) -> Mapping[str, FileState]:
        """Return the files by path."""


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What stands around an excerpt in its document, and how its passage looks on its pages.

    `starts` and `stops` say that nothing of the document comes before `before` or after `after`. The boxes of `crops`
    count letters from the excerpt's own beginning.
    """

    before: str = ""
    after: str = ""
    starts: bool = False
    stops: bool = False
    crops: tuple[Crop, ...] = ()
    lack: Lack = ""


def surroundings(
    report: Report, *, holdings: Holdings | None, corpus: Path | None, most_images: int = MOST_IMAGES
) -> dict[str, Surrounding]:
    """Return what stands around each excerpt that the report's sources hold; excerpts of documents that are not held,
    or hold other text there, have none.

    `corpus` is the folder the indexed paths are relative to; None pictures nothing.
    """
    placed = tuple(_placed(report, holdings))
    pictured = _pictures(placed, holdings, corpus)
    found: dict[str, Surrounding] = {}
    left = most_images
    for (document, excerpt), (crops, lack) in zip(placed, pictured, strict=True):
        cost = sum(len(crop.png) for crop in crops)
        full = cost > left
        left -= 0 if full else cost
        shown: tuple[tuple[Crop, ...], Lack] = ((), "too much") if full else (crops, lack)
        found[excerpt.key] = _around(document.text, excerpt, *shown)
    return found


def _placed(report: Report, holdings: Holdings | None) -> Iterator[tuple[Document, Excerpt]]:
    """Give the excerpts that stand in their documents as they are, each with its document."""
    material = {document.source.id: document for document in report.brief.material}
    for entry in report.sources:
        document = material.get(entry.source.id) or _held(holdings, entry.source.id)
        if document is not None:
            for excerpt in entry.excerpts:
                if document.text[excerpt.start : excerpt.end] == excerpt.text:
                    yield document, excerpt


def _held(holdings: Holdings | None, document_id: str) -> Document | None:
    with suppress(KeyError):
        return holdings.document(document_id) if holdings else None
    return None


def _around(text: str, excerpt: Excerpt, crops: tuple[Crop, ...], lack: Lack) -> Surrounding:
    before, after = text[: excerpt.start], text[excerpt.end :]
    first, last = _last_words(before), _first_words(after)
    return Surrounding(
        before[first:],
        after[:last],
        starts=not before[:first].strip(),
        stops=not after[last:].strip(),
        crops=crops,
        lack=lack,
    )


def _last_words(text: str) -> int:
    """Return where the last words of a text begin."""
    at = len(text)
    for _ in range(WORDS_AROUND):
        head = text[:at].rstrip()
        at = max(head.rfind(" "), head.rfind("\n")) + 1
        if not at:
            break
    return at


def _first_words(text: str) -> int:
    """Return where the first words of a text end."""
    ends = (match.end() for match in _WORD.finditer(text))
    return max(islice(ends, WORDS_AROUND), default=0)


def _pictures(
    placed: Sequence[tuple[Document, Excerpt]], holdings: Holdings | None, corpus: Path | None
) -> list[tuple[tuple[Crop, ...], Lack]]:
    """Return for each excerpt its pictures, and why there are none where it stands in a PDF."""
    if corpus is None or holdings is None:
        return [((), "")] * len(placed)
    files = _Files(holdings.files(), corpus)
    wanted: dict[Path, list[tuple[int, Passage]]] = {}
    lacks: list[Lack] = [""] * len(placed)
    for place, (document, excerpt) in enumerate(placed):
        if document.source.format == "pdf":
            path, lacks[place] = files.of(document)
            if path is not None:
                wanted.setdefault(path, []).extend((place, part) for part in _parts(document, excerpt))
    orders = [Order(str(path), tuple(part for _, part in parts)) for path, parts in wanted.items()]
    held: list[list[Crop]] = [[] for _ in placed]
    for parts, crops in zip(wanted.values(), pictures(orders), strict=True):
        for (place, _), crop in zip(parts, crops, strict=True):
            held[place] += [crop] if crop else []
            lacks[place] = "" if held[place] else "not found"
    return [(tuple(crops), lack) for crops, lack in zip(held, lacks, strict=True)]


def _parts(document: Document, excerpt: Excerpt) -> Iterator[Passage]:
    """Give the part of an excerpt that stands on each page."""
    edges = [*document.pages, len(document.text)]
    parts = 0
    for number, (first, last) in enumerate(pairwise(edges), start=1):
        start, end = max(first, excerpt.start), min(last, excerpt.end)
        if start < end and parts < MOST_PAGES and document.text[start:end].strip():
            parts += 1
            yield Passage(number, document.text[start:end], start - excerpt.start)


class _Files:
    """The files of a corpus, each looked at once: not those outside it, nor others that now bear an indexed name."""

    def __init__(self, known: Mapping[str, FileState], corpus: Path) -> None:
        self._known, self._home = known, corpus.resolve()
        self._found: dict[str, tuple[Path | None, Lack]] = {}

    def of(self, document: Document) -> tuple[Path | None, Lack]:
        """Return the file a document was read from, or why it is not to be shown."""
        found = [self._look(name) for name in document.source.paths]
        lack: Lack = "changed" if any(why == "changed" for _, why in found) else "moved"
        return next(((path, why) for path, why in found if path), (None, lack))

    def _look(self, name: str) -> tuple[Path | None, Lack]:
        if name not in self._found:
            self._found[name] = self._looked(name)
        return self._found[name]

    def _looked(self, name: str) -> tuple[Path | None, Lack]:
        path = (self._home / name).resolve()
        if name not in self._known or not path.is_relative_to(self._home):
            return None, "moved"
        try:
            with path.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == self._known[name].sha256
        except OSError:
            return None, "moved"
        return (path, "") if same else (None, "changed")
