"""How well disagreeing figures and words of time are told: `python -m benchmarks.disagreement [DATA [SET…]]`.

Without DATA: precision and recall on the labelled pairs and sentences of `tests/labelled`; the rules are developed on
odd ids, even ids are only reported (`--half odd|even|all`). With the folder of open data: how many pairs of real
sentences from different texts are said to disagree, where hardly any do (each is printed, to be read), and in how many
real sentences it is seen that one figure was changed and nothing else.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.facts.disagree import differing_figures
from rag.facts.figures import figures
from rag.facts.quantities import dates
from rag.facts.scopes import LONGEST, take_apart
from rag.facts.stale import now_words, relative_years
from rag.language import sentence_spans
from rag.read import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LABELLED = Path(__file__).parent.parent / "tests" / "labelled"
COMMON = 400
"""Sentences a stem may stand in to bring two of them together: commoner ones are in no rare pair alone."""

Said = tuple[str, str, str]
"""A text's name, the text or a sentence of it, its language."""

ROWS: dict[str, Callable[[dict[str, Any]], list[Said]]] = {
    "pubmedqa": lambda row: [(row["pmid"], " ".join(part["text"] for part in row["sections"]), "en")],
    "scholarqa_multi": lambda row: [(each["title"], each["text"], "en") for each in row["excerpts"]],
    "expertqa": lambda row: [
        (row["id"], row["claim"], "en"),
        *((each["url"], each["text"], "en") for each in row["evidence"]),
    ],
    "factores_es": lambda row: [(row["claim_id"], row["claim"], "es"), (row["source_url"], row["evidence"], "es")],
}
REAL = (*ROWS, "spaccc_es", "pdf_folder_en", "pdf_folder_es")


def rows(name: str, half: str) -> Iterator[dict[str, Any]]:
    """Give the labelled rows of a half."""
    for row in map(json.loads, (LABELLED / name).read_text(encoding="utf-8").splitlines()):
        if half in ("all", "odd" if row["id"] % 2 else "even"):
            yield row


def found_in(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the figures of a labelled pair that are said to disagree."""
    a, b = row["a"], row["b"]
    return differing_figures(a["text"], b["text"], language=a["language"], other_language=b["language"])


def counts(judged: Iterable[tuple[str, bool, bool]]) -> str:
    """Return a table's line: of (kind, wanted, found), how many are right, with precision and recall."""
    tally = Counter((wanted, found) for _, wanted, found in judged)
    right, false, missed = tally[True, True], tally[False, True], tally[True, False]
    precision, recall = right / max(1, right + false), right / max(1, right + missed)
    return f"right {right}, false {false}, missed {missed}: precision {precision:.2f}, recall {recall:.2f}"


def report_labelled(half: str) -> None:
    """Print precision and recall on the labelled sets."""
    judged = [
        (row["kind"], row["kind"] == "disagree", bool(found_in(row)), row) for row in rows("figure-pairs.jsonl", half)
    ]
    print(f"figures, {half}:", counts((kind, wanted, found) for kind, wanted, found, _ in judged))
    for tongues in ({"es"}, {"en"}, {"es", "en"}):
        of = [one for one in judged if {one[3]["a"]["language"], one[3]["b"]["language"]} == tongues]
        print("  ", "-".join(sorted(tongues)), counts((kind, wanted, found) for kind, wanted, found, _ in of))
    for kind in dict.fromkeys(kind for kind, *_ in judged):
        print(
            "  ",
            kind,
            sum(found for each, _, found, _ in judged if each == kind),
            "found of",
            sum(k == kind for k, *_ in judged),
        )
    for kind, wanted, found, row in judged:
        if wanted != found:
            print("   false:" if found else "   missed:", kind, "|", row["a"]["text"], "|", row["b"]["text"])
    for name, find, wanted in (("now", now_words, "now"), ("relative years", relative_years, "relative")):
        report_words(name, find, wanted, half)


def report_words(name: str, find: Callable[[str, str], tuple[object, ...]], wanted: str, half: str) -> None:
    """Print precision and recall of words of time; a sentence that names a date keeps its own."""
    kinds = {"now": ("now", "not"), "relative": ("relative", "plain")}[wanted]
    judged = [
        (row, bool(find(row["text"], row["language"])) and not dates(row["text"], row["language"]))
        for row in rows("time-words.jsonl", half)
        if row["kind"] in kinds
    ]
    print(f"{name}, {half}:", counts((row["kind"], row["kind"] == wanted, found) for row, found in judged))
    for row, found in judged:
        if found != (row["kind"] == wanted):
            print("   ", row["kind"], "|", row["text"])


def texts(data: Path, name: str) -> Iterator[Said]:
    """Give the texts of a real set, each with its name and language."""
    for path in sorted((data / name).glob("txt/*.txt")):
        yield path.name, path.read_text(encoding="utf-8"), "es"
    for path in sorted((data / name).glob("pdf/*.pdf")):
        yield path.name, " ".join(document.text for document in read_file(path, corpus=path.parent)), name[-2:]
    for path in sorted((data / name).glob("*.jsonl")):
        if path.name != "index.jsonl":
            for row in map(json.loads, path.read_text(encoding="utf-8").rstrip("\n").split("\n")):
                yield from (one for one in ROWS[name](row) if isinstance(one[1], str))


def sentences(data: Path, name: str) -> list[Said]:
    """Return the sentences with a digit in a set, each once."""
    found = [
        (text, body[start:end], language)
        for text, body, language in texts(data, name)
        for start, end in sentence_spans(body, language)
        if end - start <= LONGEST and re.search(r"\d", body[start:end])
    ]
    return list(dict.fromkeys(found))


def report_real(data: Path, name: str) -> None:
    """Print how many pairs of a set's sentences are said to disagree, and every one of them."""
    said = [one for one in sentences(data, name) if take_apart(one[1], one[2]).scopes]
    stands: dict[str, list[int]] = defaultdict(list)
    for number, (_, text, language) in enumerate(said):
        for stem in {stem for scope in take_apart(text, language).scopes for stem in scope.stems}:
            stands[stem].append(number)
    near = {pair for numbers in stands.values() if len(numbers) <= COMMON for pair in combinations(numbers, 2)}
    flagged = []
    for first, second in sorted(near):
        (one, a, language), (other, b, tongue) = said[first], said[second]
        if one != other and (found := differing_figures(a, b, language=language, other_language=tongue)):
            flagged.append((found, one, a, other, b))
    pairs = len(said) * (len(said) - 1) // 2
    print(
        f"{name}: {len(said)} sentences with figures, {pairs} pairs, {len(near)} share a word, {len(flagged)} flagged"
    )
    for found, one, a, other, b in flagged:
        print("  ", found, "\n     ", one[:40], "|", a, "\n     ", other[:40], "|", b)


def report_reach(data: Path, name: str) -> None:
    """Print of how many sentences the rule sees that their first figure was changed."""
    tried = seen = 0
    for _, text, language in sentences(data, name):
        first = next(iter(figures(text, language)), None)
        digits = re.search(r"\d+", first.text) if first else None
        if first and digits:
            changed = first.text.replace(digits[0], str(3 * int(digits[0]) + 1), 1)
            other = text[: first.start] + changed + text[first.end :]
            tried += 1
            seen += bool(differing_figures(text, other, language=language, other_language=language))
    print(f"{name}: a changed figure is seen in {seen} of {tried} sentences ({seen / max(1, tried):.0%})")


def main() -> None:
    """Report on the labelled sets, or on real ones."""
    arguments = sys.argv[1:]
    half = arguments.pop(arguments.index("--half") + 1) if "--half" in arguments else "even"
    folders = [argument for argument in arguments if argument != "--half"]
    if not folders:
        report_labelled(half)
    for name in folders[1:] or REAL if folders else ():
        report_real(Path(folders[0]), name)
        report_reach(Path(folders[0]), name)


if __name__ == "__main__":
    main()
