"""How well dates of search snippets are read: `python -m benchmarks.snippet_dates [--failures odd|even]`.

The labelled set of `tests/labelled` is split by a fixed rule: the grammar is developed on odd ids, even ids are only
reported. `RAG_TEST_DATA` adds the dates of Recognizers-Text, reported without tuning.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.dates import parse_date, parse_limit, split_snippets
from rag.read import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.dates import Snippet
    from rag.records import PublicationDate

LABELLED = Path(__file__).parent.parent / "tests" / "labelled" / "snippet-dates.jsonl"
RECOGNIZED = "dates_recognizers/dates.jsonl"
WIDEST = {10: 15, 7: 62, 4: 731}
"""Days an approximate date may span, by the length of its label: a day, a month, a year."""

Result = Literal["right", "coarser", "undated", "wrong cut", "false snippet"]
RESULTS: tuple[Result, ...] = ("right", "coarser", "undated", "wrong cut", "false snippet")
Label = list[tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled line: `labels` are all acceptable readings, each as (date, how the text begins); () is prose."""

    id: int
    text: str
    retrieved: date | None
    labels: tuple[Label, ...]
    approximate: bool
    language: str
    pattern: str

    @property
    def half(self) -> str:
        """Which half the line is in: odd is developed on, even only reported."""
        return "odd" if self.id % 2 else "even"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line, and whether a date in it is silently wrong."""

    line: Line
    result: Result
    wrong: bool
    found: tuple[Snippet, ...]


def read_lines() -> Iterator[Line]:
    """Give the labelled lines."""
    for row in map(json.loads, LABELLED.read_text(encoding="utf-8").splitlines()):
        readings = [row, *(row.get("also") or [])]
        labels = ([(each["date"], each["text_begins"]) for each in reading["expected"]] for reading in readings)
        retrieved = date.fromisoformat(row["retrieved"]) if row["retrieved"] else None
        approximate = row["tolerance"] == "interval"
        yield Line(row["id"], row["text"], retrieved, tuple(labels), approximate, row["language"], row["pattern"])


def judge(line: Line) -> Outcome:
    """Split a line and compare the snippets with every acceptable reading.

    Silently wrong is a known date that agrees with no acceptable label, also where prose was taken for a snippet. A
    date that is true but less precise than its label is "coarser".
    """
    found = split_snippets(clean(line.text), retrieved=line.retrieved)
    wrong = any(snippet.date.known and not _acceptable(snippet.date, line) for snippet in found)
    if not found and [] in line.labels:
        return Outcome(line, "right", wrong, found)
    if not any(line.labels):
        return Outcome(line, "false snippet", wrong, found)
    cuts = [label for label in line.labels if label and _same_cut(found, label)]
    if not cuts:
        return Outcome(line, "wrong cut", wrong, found)
    return Outcome(line, min((_dates(found, label, line) for label in cuts), key=RESULTS.index), wrong, found)


def _same_cut(found: Sequence[Snippet], label: Label) -> bool:
    return len(found) == len(label) and all(
        snippet.text.startswith(begins.strip()) for snippet, (_, begins) in zip(found, label, strict=True)
    )


def _dates(found: Sequence[Snippet], label: Label, line: Line) -> Result:
    pairs = [(snippet.date, day) for snippet, (day, _) in zip(found, label, strict=True)]
    if all(_agrees(published, day, approximate=line.approximate) for published, day in pairs):
        return "right"
    return "undated" if any(day and not published.known for published, day in pairs) else "coarser"


def _acceptable(published: PublicationDate, line: Line) -> bool:
    """Say whether some acceptable label has this date, or this date holds all the days of one."""
    days = [day for label in line.labels for day, _ in label if day]
    return any(_agrees(published, day, approximate=line.approximate) or _holds(published, day) for day in days)


def _agrees(published: PublicationDate, day: str | None, *, approximate: bool) -> bool:
    if day is None or not published.known:
        return day is None and not published.known
    return str(published) == day or (approximate and _near(published, day))


def _near(published: PublicationDate, day: str) -> bool:
    """Say whether an interval touches what is approximately right and is not too wide."""
    label = parse_limit(day)
    if not (published.first and published.last and label.first and label.last):
        return False
    touches = published.first <= label.last and label.first <= published.last
    return touches and (published.last - published.first).days < WIDEST[len(day)]


def _holds(published: PublicationDate, day: str) -> bool:
    label = parse_limit(day)
    if not (published.first and published.last and label.first and label.last):
        return False
    return published.first <= label.first and label.last <= published.last


def table(title: str, groups: dict[str, list[Outcome]]) -> str:
    """Return a table of results, a line for each group."""
    head = f"{title:24} {'lines':>6} " + " ".join(f"{name:>13}" for name in (*RESULTS, "silently wrong"))
    rows = [head]
    for name, outcomes in groups.items():
        counts = Counter(outcome.result for outcome in outcomes)
        figures = [*(counts[result] for result in RESULTS), sum(outcome.wrong for outcome in outcomes)]
        rows.append(f"{name:24} {len(outcomes):6} " + " ".join(f"{figure:13}" for figure in figures))
    return "\n".join(rows)


def _grouped(outcomes: Iterable[Outcome], name: str) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(str(getattr(outcome.line, name)), []).append(outcome)
    return groups


def recognized(path: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Give, for each language, what becomes of single dates of Recognizers-Text that have a reference.

    Only expressions with one value, a day, are asked: whole expressions, read by `parse_date` against the reference.
    """
    counts: dict[str, Counter[str]] = {}
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["lang"] not in {"Spanish", "English"} or not row["reference"]:
            continue
        reference = date.fromisoformat(row["reference"][:10])
        for result in row["results"]:
            values = _days(result)
            if result["type"] not in {"date", "datetimeV2.date"} or not values:
                continue
            found = parse_date(result["text"], origin="text", retrieved=reference)
            counts.setdefault(row["lang"], Counter())[_recognized(found, values)] += 1
    yield from sorted(counts.items())


def _days(result: dict[str, Any]) -> list[date]:
    words = [value.get("value") or value.get("date") for value in result["values"]]
    try:
        return [date.fromisoformat(word) for word in words if word]
    except ValueError:
        return []


def _recognized(found: PublicationDate, values: Sequence[date]) -> str:
    if found.first is None or found.last is None:
        return "undated"
    if not any(found.first <= value <= found.last for value in values):
        return "wrong"
    return "right" if found.precision == "day" else "coarser"


def main(arguments: Sequence[str]) -> None:
    """Print the figures; with "--failures HALF", what went wrong there."""
    outcomes = [judge(line) for line in read_lines()]
    asked = arguments[1] if arguments[:1] == ["--failures"] else ""
    for outcome in outcomes:
        if outcome.line.half == asked and (outcome.wrong or outcome.result != "right"):
            read = [(str(snippet.date), snippet.text) for snippet in outcome.found]
            print(
                f"{outcome.line.id} {outcome.result}{' WRONG' if outcome.wrong else ''}: {outcome.line.text!r} {read}"
            )
    for half in ("odd", "even"):
        mine = [outcome for outcome in outcomes if outcome.line.half == half]
        print(table(f"{half} ids", {"all": mine} | _grouped(mine, "language") | _grouped(mine, "pattern")), "\n")
    place = os.environ.get("RAG_TEST_DATA")
    if place:
        for language, counts in recognized(Path(place) / RECOGNIZED):
            print(language, dict(sorted(counts.items())))


if __name__ == "__main__":
    main(sys.argv[1:])
