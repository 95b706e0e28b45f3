"""How well sentences that need a citation are told: `python -m benchmarks.claims DATA [--failures]`.

On the worthiness labels of expertqa (experts said of each claim of an answer whether it needs a citation) and on the
components of casimedicos (sentences of doctors' explanations that make a claim or premise, and those that make none).
Each is split in two halves by a hash of its question or document; forms are chosen on the first, the second is only
reported. Beside it stands "always yes", whose precision is the share of sentences that need one and whose recall is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rag.drafts.claims import forms
from rag.language import sentence_spans

_MARK = re.compile(r"\s*\[\d+\]")
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its group (question or document), its language, whether it needs a source, and forms found."""

    group: str
    text: str
    language: str
    needs: bool

    @property
    def half(self) -> str:
        """Which half its group is in."""
        return ("first", "second")[int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % 2]


def expertqa(data: Path) -> list[Labelled]:
    """Return the claims with their worthiness, without their markers."""
    lines = (data / "expertqa" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Labelled(row["question"], _MARK.sub("", row["claim"]), "en", row["worthiness"] == "Yes") for row in rows]


def casimedicos(data: Path, language: str) -> list[Labelled]:
    """Return the sentences of explanations, and whether a component makes up half of one or lies in it."""
    lines = (data / "casimedicos" / "casimedicos.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in (row for row in map(json.loads, lines) if row["lang"] == language):
        parts = ["".join(part["text"].split()) for part in row["components"]]
        for start, end in sentence_spans(row["explanation"], language):
            text = row["explanation"][start:end]
            bare = "".join(text.split())
            needs = any(part in bare or bare.rstrip(".") in part for part in parts)
            found.append(Labelled(str(row["doc"]), text, language, needs))
    return found


def scores(rows: list[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of (needs, said) pairs."""
    right = sum(needs and said for needs, said in rows)
    precision = right / max(1, sum(said for _, said in rows))
    recall = right / max(1, sum(needs for needs, _ in rows))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def interval(rows: list[Labelled], said: dict[str, bool], which: int) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a score, groups drawn whole."""
    groups: dict[str, list[tuple[bool, bool]]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append((row.needs, said[row.text]))
    chance = random.Random(7)  # noqa: S311 - no secret
    names = sorted(groups)
    drawn = sorted(scores([pair for _ in names for pair in groups[chance.choice(names)]])[which] for _ in range(ROUNDS))
    return drawn[int(0.025 * ROUNDS)], drawn[int(0.975 * ROUNDS)]


def report(name: str, rows: list[Labelled], *, failures: bool) -> None:
    """Print a set's two halves."""
    found = {row.text: forms(row.text, language=row.language) for row in rows}
    said = {text: bool(held) for text, held in found.items()}
    for half in ("first", "second"):
        part = [row for row in rows if row.half == half]
        base = sum(row.needs for row in part) / len(part)
        precision, recall, f1 = scores([(row.needs, said[row.text]) for row in part])
        low, high = interval(part, said, 0)
        silent = sum(not said[row.text] for row in part if not row.needs) / max(1, sum(not row.needs for row in part))
        print(
            f"{name:14} {half:6} {len(part):5} sentences  always yes P {base:.2f} R 1.00 F1 "
            f"{2 * base / (1 + base):.2f} | forms P {precision:.2f} [{low:.2f}, {high:.2f}] R {recall:.2f} F1 {f1:.2f}"
            f"; of those that need none, left alone {silent:.2f}"
        )
        if half == "first":
            by = Counter((form, row.needs) for row in part for form in found[row.text])
            shares = {form: f"{by[form, True]}/{by[form, True] + by[form, False]}" for form, _ in sorted(by)}
            print(f"{'':14} by form, need one / found: {shares}")
            if failures:
                for row in part:
                    if row.needs != said[row.text]:
                        print("   ", "MISSED" if row.needs else f"FALSE {found[row.text]}", row.text[:180])


def main() -> None:
    """Report all sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--failures", action="store_true")
    given = parser.parse_args()
    report("expertqa", expertqa(given.data), failures=given.failures)
    for language in ("es", "en"):
        report(f"casimedicos {language}", casimedicos(given.data, language), failures=given.failures)


if __name__ == "__main__":
    main()
