"""How many titles, authors, dates and other metadata of real files are right, with and without their bibliography.

    python benchmarks/metadata.py DATA [SET…] [--half first|second]

DATA holds the sets (pdf_folder_en, pdf_folder_es, scielo_jats, programming_historian), each with the truth in its
index.jsonl. Files are read as `rag index` reads them and joined to the bibliographies that lie in the set. *Right* are
titles equal without case, accents and punctuation; authors when they are the same people in the same order, whatever
their middle names and initials; dates when they are the true one, as precise or less, and for a translation its own.
*Other* is what is said and not right; the rest is missing. After the table every one that is not right is printed.
`--half` takes every other file: readers are developed on the first half, the second is reported.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.bibliography import join, overlaid, title_key
from rag.worker import read_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.read.entries import Entry
    from rag.records import Source

SETS = ("pdf_folder_en", "pdf_folder_es", "scielo_jats", "programming_historian")
BIBLIOGRAPHIES = ("library.bib", "library.csl.json")
FIELDS = ("title", "authors", "date", "doi", "journal", "language")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one field of one file: right, other or missing."""

    field: str
    outcome: str
    path: str
    said: str
    truth: str


def main(arguments: Sequence[str]) -> None:
    """Print the table of every set, then what is wrong."""
    half = arguments[arguments.index("--half") + 1] if "--half" in arguments else ""
    data, *sets = [one for one in arguments if one not in {"--half", half}]
    wrong: list[tuple[str, Verdict]] = []
    print("| set | bibliography | files | " + " | ".join(f"{field} right · other · missing" for field in FIELDS) + " |")
    print("|" + "---|" * (3 + len(FIELDS)))
    for name in sets or SETS:
        truths = [json.loads(line) for line in (Path(data) / name / "index.jsonl").read_text("utf-8").splitlines()]
        truths = truths[{"first": 0, "second": 1}.get(half, 0) :: 2 if half else 1]
        sources = read_all(Path(data) / name, [truth["file"] for truth in truths])
        for bibliography in ("", *BIBLIOGRAPHIES):
            if bibliography and not (Path(data) / name / bibliography).exists():
                continue
            entries = {bibliography: read_source(bibliography, Path(data) / name).entries} if bibliography else {}
            verdicts = [one for truth in truths for one in judge(truth, joined(sources, entries).get(truth["file"]))]
            print(f"| {name} | {bibliography or '–'} | {len(truths)} | {table_row(verdicts)} |")
            wrong += [(f"{name} {bibliography}", one) for one in verdicts if one.outcome in {"other", "missing"}]
    for place, one in wrong:
        print(f"{place} {one.path}: {one.field} {one.outcome}\n    said  {one.said}\n    truth {one.truth}")


def read_all(folder: Path, paths: Sequence[str]) -> dict[str, Source]:
    """Return the source of each file, the article itself where it holds several; without one that cannot be read."""
    found = ((path, read_source(path, folder)) for path in paths)
    return {path: parsed.documents[0].source for path, parsed in found if parsed.documents}


def joined(sources: Mapping[str, Source], entries: Mapping[str, Sequence[Entry]]) -> dict[str, Source]:
    """Return the sources with what the bibliographies say of them."""
    said = join(list(sources.values()), entries).said
    return {path: overlaid(source, said.get(source.id, ())) for path, source in sources.items()}


def judge(truth: Mapping[str, Any], source: Source | None) -> list[Verdict]:
    """Compare a source with what is true of it; a field of which nothing true is known is not judged."""
    wanted = dict(truth) | {
        "language": truth.get("lang") or "",
        "date": truth.get("translation_date") or truth["date"],
    }
    found = []
    for field in FIELDS:
        true = wanted.get(field)
        if not true:
            continue
        said = getattr(source, field) if source else ""
        shown, expected = words(said), words(true)
        outcome = "right" if is_right(field, shown, expected) else "other" if shown else "missing"
        found.append(Verdict(field, outcome, truth["file"], shown, expected))
    return found


def is_right(field: str, said: str, truth: str) -> bool:
    """Say whether two spellings are of one value; a date may be less precise than the truth."""
    if field == "date":
        return bool(said) and (truth.startswith(said) or said.startswith(truth))
    if field == "authors":
        people, expected = ([set(name.split()) for name in map(title_key, one.split("; "))] for one in (said, truth))
        return len(people) == len(expected) and all(map(is_person, people, expected))
    return title_key(said) == title_key(truth)


def is_person(one: set[str], other: set[str]) -> bool:
    """Say whether two names can be one person's: of the words that are no initials one has all the other's."""
    one, other = ({word for word in name if len(word) > 1} for name in (one, other))
    return bool(one and other) and (one <= other or other <= one)


def words(value: object) -> str:
    """Return a value in words."""
    return "; ".join(value) if isinstance(value, list | tuple) else str(value)


def table_row(verdicts: Sequence[Verdict]) -> str:
    """Return the counts of each field."""
    counts = Counter((one.field, one.outcome) for one in verdicts)
    cells = ([counts[field, outcome] for outcome in ("right", "other", "missing")] for field in FIELDS)
    return " | ".join(" · ".join(map(str, cell)) if any(cell) else "–" for cell in cells)


if __name__ == "__main__":
    main(sys.argv[1:])
