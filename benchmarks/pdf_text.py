"""What is read of PDFs: titles, authors and dates against the truth, text and its order against another extractor.

    python benchmarks/pdf_text.py front FOLDER…       FOLDER holds index.jsonl and what its "file" names
    python benchmarks/pdf_text.py text FOLDER OTHER   OTHER: pip install --target OTHER pdfminer.six pypdf
    python benchmarks/pdf_text.py speed FOLDER [ROUNDS]

Every second file of a folder is one half; the halves are reported apart, since the reader was developed on the first.
`text`: of the other extractor's runs of five words, the share that our text holds; and of the sentences both hold, the
longest run that stands in the same order. `speed`: pages a second, and bare text extraction by PDFium in the same run.
"""

from __future__ import annotations

import json
import re
import sys
import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import pypdfium2

from rag.language import fold
from rag.read.pdf import read_pdf

if TYPE_CHECKING:
    from rag.records import Document

WORDS = re.compile(r"\w+")
LOW = 0.8
"""A file below this is named, if it is of the first half."""
SENTENCE = re.compile(r"[^.!?]{60,400}[.!?]")


def entries(folder: Path) -> list[dict[str, Any]]:
    """Return what is true of each file."""
    lines = (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(path: Path) -> Document:
    """Return a PDF's document, under a name that says nothing."""
    return read_pdf(path.read_bytes(), path="a.pdf")[0]


def named(people: list[str]) -> list[tuple[str, str]]:
    """Return people as citations tell them apart: the first letter and the family name, as fold writes them."""
    words = [fold(re.sub(r"&amp;nbsp;|[.]", " ", name)).split() for name in people]
    return [(name[0][0], name[-1]) for name in words if name]


def judged(entry: dict[str, Any], document: Document) -> dict[str, str]:
    """Return right, none or wrong for each field whose truth is known."""
    source = document.source
    true = entry.get("translation_date") or entry["date"]
    first, last = str(source.date.first), str(source.date.last)
    verdicts = {
        "title": (source.title, fold(source.title) == fold(" ".join(entry["title"].split()))),
        "date": (source.date.known, first <= true <= last),
        "day": (source.date.known, str(source.date) == true),
        "doi": (source.doi, source.doi.lower() == entry["doi"].lower()),
        "journal": (source.journal, fold(source.journal).removeprefix("the ") == fold(entry.get("journal", ""))),
    }
    if entry["authors"]:
        verdicts["authors"] = (source.authors, named(list(source.authors)) == named(entry["authors"]))
        verdicts["authors, to the letter"] = (source.authors, list(source.authors) == entry["authors"])
    return {field: "right" if right else "wrong" if given else "none" for field, (given, right) in verdicts.items()}


def front(folders: list[Path]) -> None:
    """Print how many titles, authors and dates are right, by halves, and which are wrong."""
    for folder in folders:
        counts: Counter[tuple[int, str, str]] = Counter()
        for number, entry in enumerate(entries(folder)):
            document = read(folder / entry["file"])
            for field, verdict in judged(entry, document).items():
                counts[number % 2, field, verdict] += 1
                if (
                    verdict == "wrong"
                    and field in {"title", "authors", "date"}
                    and (number % 2 == 0 or "-v" in sys.argv)
                ):
                    print(f"  {entry['file']}: {field}: {document.source.title} {document.source.authors}")
        print(f"{folder.name} | field | right, none, wrong in the first half | in the second")
        for field in sorted({field for _, field, _ in counts}):
            halves = [
                ", ".join(str(counts[half, field, said]) for said in ("right", "none", "wrong")) for half in (0, 1)
            ]
            print(f"| {field} | {halves[0]} | {halves[1]} |")


def body(pages: list[str]) -> str:
    """Return the text of pages without the lines that several of them share, hyphens at line ends mended."""
    lines = [page.splitlines() for page in pages]
    shapes = Counter(shape for page in lines for shape in {re.sub(r"\d+", "#", line) for line in page})
    kept = [line for page in lines for line in page if shapes[re.sub(r"\d+", "#", line)] < max(2, 0.3 * len(pages))]
    return re.sub(r"-\s*\n\s*", "", "\n".join(kept))


def others(path: Path) -> dict[str, str]:
    """Return what other extractors make of a file."""
    from pdfminer.high_level import extract_text  # type: ignore[import-not-found]
    from pypdf import PdfReader  # type: ignore[import-not-found]

    read = {
        "pdfminer": extract_text(path).split("\f"),
        "pypdf": [page.extract_text() for page in PdfReader(path).pages],
    }
    return {name: body(pages) for name, pages in read.items()}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of five words, but for those of single letters: code set letter by letter, formulas."""
    words = WORDS.findall(fold(text))
    runs = zip(*(words[start:] for start in range(5)), strict=False)
    return Counter(run for run in runs if sum(len(word) == 1 for word in run) < 3)


def in_order(text: str, other: str) -> float:
    """Return the share of sentences found in both that stand in one order: the longest increasing run."""
    flat = " ".join(WORDS.findall(fold(other)))
    sentences = (" ".join(WORDS.findall(fold(found[0]))) for found in SENTENCE.finditer(" ".join(text.split())))
    places = [flat.find(sentence) for sentence in sentences]
    found = [place for place in places if place >= 0]
    tails: list[int] = []
    for place in found:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails) / len(found) if found else 1.0


def text(folder: Path, other: str) -> None:
    """Print how much of other extractors' text ours holds, and how far their orders agree, by halves."""
    sys.path.append(other)
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for number, entry in enumerate(entries(folder)):
        ours = read(folder / entry["file"]).text
        held = shingles(ours)
        for name, theirs in others(folder / entry["file"]).items():
            shared = held & shingles(theirs)
            row = (shared.total() / shingles(theirs).total(), shared.total() / held.total(), in_order(ours, theirs))
            rows.setdefault(name, []).append(row)
            if min(row) < LOW and number % 2 == 0:
                print(f"  {entry['file']}: {name}: {', '.join(f'{value:.3f}' for value in row)}")
    for name, found in rows.items():
        for half in (0, 1):
            recall, precision, order = (mean(column) for column in zip(*found[half::2], strict=True))
            print(
                f"{folder.name}, {name}, {half + 1}: recall {recall:.3f}, precision {precision:.3f}, order {order:.3f}"
            )


def speed(folder: Path, rounds: int) -> None:
    """Print pages a second, ours and bare, side by side."""
    files = [(folder / entry["file"]).read_bytes() for entry in entries(folder)]
    pages, ratios, ours = 0, [], []
    for _ in range(rounds):
        started, pages = time.perf_counter(), 0
        for data in files:
            with pypdfium2.PdfDocument(data) as pdf:
                pages += len(pdf)
                for page in pdf:
                    page.get_textpage().get_text_range()
        middle = time.perf_counter()
        for data in files:
            read_pdf(data, path="a.pdf")
        ours.append(pages / (time.perf_counter() - middle))
        ratios.append((time.perf_counter() - middle) / (middle - started))
    print(f"{pages} pages, {median(ours):.0f} a second, {median(ratios):.1f} times the time of bare extraction")


def main() -> None:
    """Do what the first word says."""
    what, *rest = (word for word in sys.argv[1:] if word != "-v")
    if what == "front":
        front([Path(folder) for folder in rest])
    elif what == "text":
        text(Path(rest[0]), rest[1])
    else:
        speed(Path(rest[0]), int(rest[1]) if len(rest) > 1 else 3)


if __name__ == "__main__":
    main()
