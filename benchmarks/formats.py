"""Pages a second by format, and the bare parser of each beside it, both sides by turns in one run.

    python -m benchmarks.formats DATA [ROUNDS]

DATA holds programming_historian (Markdown lessons) and scielo_jats. The lessons' words are also made into DOCX, ODT,
EPUB and HTML files. A page is 3,000 characters of our text. Bare is what a parser needs to give any text at all: lxml's
words of the main part for XML, DOCX, ODT and EPUB, markdown-it's tokens, trafilatura's main text. PDFs: `pdf_text.py`.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
import zipfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from rag.read import read_file
from tests.read.packages import docx, epub, odt

if TYPE_CHECKING:
    from collections.abc import Callable

    Bare = Callable[[bytes], object]

PAGE = 3_000
LESSONS = 12


def words(*parts: str) -> Bare:
    """Return what takes the words out of the named parts of an archive."""

    def taken(data: bytes) -> object:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [
                "".join(etree.fromstring(archive.read(name)).itertext())
                for name in archive.namelist()
                if name.endswith(parts)
            ]

    return taken


def markdown(data: bytes) -> object:
    """Parse Markdown."""
    from markdown_it import MarkdownIt

    return MarkdownIt().parse(data.decode("utf-8"))


def html(data: bytes) -> object:
    """Take the main text out of a page."""
    import trafilatura

    return trafilatura.extract(data.decode("utf-8"))


def jats(data: bytes) -> object:
    """Take all words out of XML."""
    return "".join(etree.fromstring(data).itertext())


def files(data: Path, folder: Path) -> dict[str, tuple[list[Path], Bare]]:
    """Return the files of each format, made where there are none."""
    lessons = sorted((data / "programming_historian" / "md").rglob("*.md"))[:LESSONS]
    made: dict[str, list[Path]] = {"docx": [], "odt": [], "epub": [], "html": []}
    for lesson in lessons:
        paragraphs = [escape(part) for part in lesson.read_text(encoding="utf-8").split("\n\n") if part.strip()]
        pages = "".join(f"<p>{part}</p>" for part in paragraphs)
        for form, content in {
            "docx": docx("".join(f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in paragraphs)),
            "odt": odt("".join(f"<text:p>{part}</text:p>" for part in paragraphs)),
            "epub": epub(pages),
            "html": f"<html><body><article>{pages}</article></body></html>".encode(),
        }.items():
            path = folder / f"{lesson.stem}.{form}"
            path.write_bytes(content)
            made[form].append(path)
    return {
        "Markdown": (lessons, markdown),
        "HTML": (made["html"], html),
        "JATS": (sorted((data / "scielo_jats" / "xml").glob("*.xml")), jats),
        "DOCX": (made["docx"], words("texto.xml")),
        "ODT": (made["odt"], words("content.xml")),
        "EPUB": (made["epub"], words("xhtml")),
    }


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print a row a format."""
    data, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        for form, (paths, bare) in files(data, Path(folder)).items():
            read = {path: read_file(path, corpus=path.parent) for path in paths}
            pages = sum(len(document.text) for documents in read.values() for document in documents) / PAGE
            held = [path.read_bytes() for path in paths]
            pairs = [
                (
                    seconds(lambda: [read_file(path, corpus=path.parent) for path in paths]),  # noqa: B023 - called at once
                    seconds(lambda: [bare(one) for one in held]),  # noqa: B023 - as above
                )
                for _ in range(rounds)
            ]
            ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(f"{form:9} {pages / ours:8.0f} pages/s, bare {pages / theirs:8.0f}, ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
