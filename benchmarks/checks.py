"""What the checks that need no model catch, and what they blame in vain, by kind and set.

    python -m benchmarks.checks DATA [first|second]

True sentences: translations against their original, near-copies against their text, experts' sentences against what
they cite, claims against evidence that supports them. Falsehoods are planted in them one at a time, as `control`
does. Wordings were chosen on the first half (by block of text, claim or question); the second is the one to quote.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections import defaultdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.facts.contradictions import contradictions
from rag.language import sentence_spans
from rag.records import Citation, Excerpt, Sentence, Source, excerpt_hash
from rag.verify import check_sentence
from rag.verify.distortions import denied, other_names, other_units, turned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TABLE = Path(__file__).parent.parent / "tests" / "labelled" / "quantities.tsv"
KINDS = ("number", "date", "unit", "name", "negation", "meaning")
BLOCK = 20
"""Sentences of a translated text that stand or fall together in the split."""
NEIGHBOURS = 2
"""Sentences on either side of the original that make up its excerpt."""
PLANTED = 2
"""Falsehoods of a kind planted in one sentence at most."""
PLANTS: dict[str, Callable[[str, str], Iterator[str]]] = {
    "unit": other_units,
    "name": lambda text, _: other_names(text, ()),
    "negation": denied,
    "meaning": turned,
}


class Row(NamedTuple):
    """A sentence with what it cites; `group` decides its half."""

    name: str
    group: str
    text: str
    language: str
    excerpts: tuple[Excerpt, ...]
    known: tuple[str, ...] = ()


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@cache
def excerpt(text: str, language: str, *, title: str = "", authors: tuple[str, ...] = ()) -> Excerpt:
    """Return a text as an excerpt of a source of its own."""
    source = Source(excerpt_hash(title, text), ("a.txt",), "text", title=title, authors=authors, language=language)
    return Excerpt(excerpt_hash(source.id, text)[:6], source, text, 0, len(text))


def true_rows(data: Path) -> Iterator[Row]:
    """Give the sentences that are true of what they cite."""
    yield from _translations(rows(data / "tico19" / "tico19.jsonl"))
    for row in rows(data / "scifact" / "scifact.jsonl"):
        if row["label"] == "supports":
            yield Row(
                "scifact",
                "scifact" + row["title"],
                row["claim"],
                "en",
                (excerpt(row["abstract"], "en", title=row["title"]),),
            )
    for row in rows(data / "factores_es" / "factores.jsonl"):
        if row["stance"] == "Positive":
            yield Row("factores", f"factores{row['claim_id']}", row["claim"], "es", (excerpt(row["evidence"], "es"),))
    yield from _experts(rows(data / "scholarqa_multi" / "scholarqa_multi.jsonl"))
    for row in rows(data / "expertqa" / "claims.jsonl"):
        if row["support"] == "Complete":
            held = tuple(excerpt(one["text"], "en") for one in row["evidence"])
            yield Row("expertqa", f"expertqa{row['id']}", _plain(row["claim"]), "en", held, (row["question"],))


def _translations(pairs: list[dict[str, Any]]) -> Iterator[Row]:
    """Give each sentence against the excerpt its original or itself stands in."""
    whole = [row for row in pairs if row.get("en") and row.get("es") and not row["doc"].startswith("CMU")]
    for place, row in enumerate(whole):
        near = [r for r in whole[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1] if r["doc"] == row["doc"]]
        group = f"{row['doc']}{int(row['id'].rsplit(':', 1)[1]) // BLOCK}"
        held = {language: excerpt("\n\n".join(r[language] for r in near), language) for language in ("es", "en")}
        for mine, theirs in (("es", "en"), ("en", "es"), ("es", "es"), ("en", "en")):
            lead = "" if mine != theirs else "Además, " if mine == "es" else "Moreover, "
            yield Row(f"tico19 {mine}>{theirs}", "tico" + group, lead + row[mine], mine, (held[theirs],))


def _experts(answers: list[dict[str, Any]]) -> Iterator[Row]:
    """Give the sentences of experts' answers that cite excerpts by number."""
    for answer in answers:
        known = {each["n"]: each for each in answer["excerpts"]}
        for start, end in sentence_spans(answer["answer"], "en"):
            text = answer["answer"][start:end]
            numbers = [int(n) for mark in re.findall(r"\[([\d, ]+)\]", text) for n in re.findall(r"\d+", mark)]
            cited = tuple(
                excerpt(e["text"], "en", title=e["title"], authors=(*e["authors"], str(e["year"])))
                for e in (known[n] for n in numbers if n in known)
                if isinstance(e["text"], str)
            )
            if cited:
                yield Row(
                    "scholarqa", "scholarqa" + str(answer["id"]), _plain(text), "en", cited, (answer["question"],)
                )


def false_rows(data: Path) -> Iterator[Row]:
    """Give the claims that people found refuted by the evidence."""
    for row in rows(data / "scifact" / "scifact.jsonl"):
        if row["label"] == "refutes":
            yield Row(
                "scifact refutes", "scifact" + row["title"], row["claim"], "en", (excerpt(row["abstract"], "en"),)
            )
    for row in rows(data / "factores_es" / "factores.jsonl"):
        if row["stance"] == "Negative":
            yield Row(
                "factores Negative", f"factores{row['claim_id']}", row["claim"], "es", (excerpt(row["evidence"], "es"),)
            )


def found(row: Row, text: str) -> set[tuple[str, str]]:
    """Return the checks that find something in a text that cites the row's excerpts, with their verdicts."""
    sentence = Sentence(text, citations=tuple(Citation(each.key) for each in row.excerpts))
    held = {each.key: each for each in row.excerpts}
    result = check_sentence(sentence, section="", excerpts=held, language=row.language, known=row.known)
    return {(one.check, one.verdict) for one in result.findings}


def in_half(row: Row, half: str) -> bool:
    """Say whether the row's group belongs to a half."""
    return (int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % 2 == 0) == (half == "first")


def false_alarms(data: Path, half: str) -> None:
    """Print how many true sentences, and refuted claims, each check blames."""
    for title, every in (("true sentences blamed", true_rows(data)), ("refuted claims blamed", false_rows(data))):
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in (each for each in every if in_half(each, half)):
            counts[row.name]["all"] += 1
            for check, verdict in found(row, row.text):
                counts[row.name]["partly" if verdict == "partly" else check] += 1
        print(f"\n{title} ({half} half)\n| set | sentences | " + " | ".join((*KINDS, "partly")) + " |")
        for name, by_kind in counts.items():
            print(f"| {name} | {by_kind['all']} | " + " | ".join(str(by_kind[k]) for k in (*KINDS, "partly")) + " |")


def planted(data: Path, half: str) -> None:
    """Print how many planted falsehoods are caught, by any check and by their own."""
    made: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in (each for each in true_rows(data) if in_half(each, half)):
        innocent = not found(row, row.text)
        for kind, plant in PLANTS.items():
            for text in islice(plant(row.text, row.language), PLANTED) if innocent else ():
                checks = {check for check, _ in found(row, text)}
                made[row.name, kind] = [
                    a + b for a, b in zip(made[row.name, kind], (1, bool(checks), kind in checks), strict=True)
                ]
    print(f"\nplanted and caught by any check, by its own ({half} half)\n| set | " + " | ".join(PLANTS) + " |")
    for name in dict.fromkeys(name for name, _ in made):
        cells = (made[name, kind] for kind in PLANTS)
        print(f"| {name} | " + " | ".join(f"{caught} and {own} of {total}" for total, caught, own in cells) + " |")


def table() -> None:
    """Print how many labelled pairs of figures and dates are told right."""
    right: dict[str, list[bool]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            signs = contradictions(row["spanish"], row["english"], language="es", evidence_language="en")
            missing = signs.numbers_missing + signs.dates_missing
            said = "unit" if signs.units_wrong else "other" if missing else "equal"
            right[row["relation"]].append(said == row["relation"])
    print("| labelled pairs es-en | right | of |")
    for relation, told in right.items():
        print(f"| {relation} | {sum(told)} | {len(told)} |")


def _plain(text: str) -> str:
    return re.sub(r"\s*\[[\d, ]+\]", "", text)


if __name__ == "__main__":
    table()
    for chosen in sys.argv[2:] or ["second"]:
        false_alarms(Path(sys.argv[1]), chosen)
        planted(Path(sys.argv[1]), chosen)
