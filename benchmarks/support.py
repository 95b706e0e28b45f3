"""How well the judge of support tells what is carried, set by set; makes the fits that are shipped.

    python -m benchmarks.support DATA CACHE.sqlite3 [EMBEDDER] [--keep] [--time]

One half of each set, by question, claim or paper, makes the fit: people's labels, half of the evidence of another
source, one in six sentences altered. Reported are the other halves, and each whole set by a fit that has not seen it.
Intervals are bootstrapped over groups. Each line weighs what is supported and what is not the same.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.support_sets import SETS, Case, cases
from rag.catalog import Catalog
from rag.embed import CachedEmbedder, open_embedder
from rag.fitted import SHIPPED, Fitted, fit, keep_fit, shares_right
from rag.verify.bearing import EvidenceReader
from rag.verify.labelled import fit_figures, told, typical_vector, with_cuts
from rag.verify.support import FittedJudge, verdict_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.embed import Embedder

    Figures = Mapping[str, float]
    Score = Callable[[Figures], float]

ALTERED = ("negation", "direction", "digit")
LINES = (
    ("expertqa", ("natural",), ("partly", "neither")), ("factores_es", ("natural",), ("neither", "refutes")),
    ("factores_es", ("natural",), ("neither",)), ("factores_es", ("natural",), ("refutes",)),
    ("scifact", ("natural",), ("refutes",)), ("scifact", ("another source",), ("neither",)),
    ("expertqa", ("another source",), ("neither",)), ("factores_es", ("another source",), ("neither",)),
    ("scholarqa_multi", ("another source",), ("neither",)), ("tico19", ("translation",), ("neither",)),
    *((name, (kind,), ("refutes",)) for kind in ALTERED for name in SETS[:4]),
)  # fmt: skip
"""Set, how the unsupported were made, their labels. What is supported is always as people labelled it."""
TAKEN = {"another source": 2, "negation": 6, "direction": 6, "digit": 6}
"""Of examples made so, one in how many a fit learns from."""
DRAWS = 400
LANGUAGES = {"factores_es": "es", "tico19": "es↔en"}


@dataclass(frozen=True, slots=True)
class Told:
    """A case with its figures."""

    case: Case
    figures: Figures

    @property
    def supported(self) -> bool:
        """Whether the evidence carries the claim."""
        return self.case.row.label == "supports"


def part(made: Sequence[Told], name: str, kinds: Sequence[str], labels: Sequence[str]) -> list[Told]:
    """Return what is supported of a set, and what is not in these ways."""
    return [
        one
        for one in made
        if one.case.name == name
        and (
            (one.supported and one.case.kind in {"natural", "translation"})
            or (one.case.kind in kinds and one.case.row.label in labels)
        )
    ]


def taught(made: Sequence[Told], names: Sequence[str], half: str | None) -> list[tuple[Figures, bool]]:
    """Return what a fit learns from: all that people labelled, and of what was made so much as not to outweigh that."""
    return [
        (one.figures, one.supported)
        for one in made
        if one.case.name in names
        and half in {None, one.case.row.half}
        and hashlib.sha256(f"{one.case.kind}{one.case.row.claim}".encode()).digest()[0] % TAKEN.get(one.case.kind, 1)
        == 0
    ]


def judged(made: Sequence[Told], names: Sequence[str], half: str | None) -> list[tuple[Figures, bool]]:
    """Return what people labelled."""
    return _plain(
        [
            one
            for one in made
            if one.case.name in names and half in {None, one.case.row.half} and one.case.kind == "natural"
        ]
    )


def auroc(part: Sequence[Told], score: Score) -> float:
    """Return how often what is supported scores higher than what is not; equal scores count half."""
    sides = [np.array([score(one.figures) for one in part if one.supported is side]) for side in (True, False)]
    if not len(sides[0]) or not len(sides[1]):
        return float("nan")
    apart = sides[0][:, None] - sides[1][None, :]
    return float((apart > 0).mean() + (apart == 0).mean() / 2)


def draws(part: Sequence[Told]) -> list[list[Told]]:
    """Draw samples of the groups."""
    groups: dict[str, list[Told]] = defaultdict(list)
    for one in part:
        groups[one.case.row.group].append(one)
    chance, names = random.Random(0), sorted(groups)  # noqa: S311 - draws, not secrets
    return [[one for name in chance.choices(names, k=len(names)) for one in groups[name]] for _ in range(DRAWS)]


def interval(values: Sequence[float]) -> str:
    """Write the middle 95 %."""
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return f"[{low:.2f}, {high:.2f}]"


def overlap(figures: Figures) -> float:
    """Score by words alone."""
    return figures.get("share", 0.0)


def similarity(figures: Figures) -> float:
    """Score by the best sentence alone."""
    return figures.get("best", figures.get("best_foreign", 0.0))


def table(made: Sequence[Told], fits: Sequence[Fitted]) -> None:
    """Print AUROC and the shares of "unsupported" for words, similarity and the cascade."""
    heads = (
        "set", "unsupported", "claims (groups)", "AUROC words", "best sentence", "cascade", "F1 words",
        "F1 best sentence", "cascade precision, recall, F1", "at the middle: F1 words", "best sentence", "cascade",
    )  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    low = [replace(one, threshold=one.cuts[0]) for one in fits]
    for name, kinds, labels in LINES:
        chosen = part(made, name, kinds, labels)
        if len({one.supported for one in chosen}) < 2:
            continue
        samples = draws(chosen)
        cells = []
        for score in (overlap, similarity, fits[2].probability):
            held = {id(one): score(one.figures) for one in chosen}
            drawn = [_auroc_of(sample, held) for sample in samples]
            cells.append(f"{_auroc_of(chosen, held):.2f} {interval(drawn)}")
        shares = [shares_right(fitted, _plain(chosen)) for fitted in low]
        cells += [f"{one['F1 of no']:.2f}" for one in shares[:2]]
        f1 = interval([shares_right(low[2], _plain(sample))["F1 of no"] for sample in samples[:100]])
        of_no = [shares[2][f"{which} of no"] for which in ("precision", "recall", "F1")]
        cells.append(", ".join(f"{one:.2f}" for one in of_no) + f" {f1}")
        cells += [f"{shares_right(fitted, _plain(chosen))['F1 of no']:.2f}" for fitted in fits]
        groups = len({one.case.row.group for one in chosen})
        shown = (
            f"{name} {LANGUAGES.get(name, 'en')} | {', '.join(kinds)}: {', '.join(labels)} | {len(chosen)} ({groups})"
        )
        print(f"| {shown} | {' | '.join(cells)} |")


def _auroc_of(sample: Sequence[Told], held: Mapping[int, float]) -> float:
    sides = [np.array([held[id(one)] for one in sample if one.supported is side]) for side in (True, False)]
    if not len(sides[0]) or not len(sides[1]):
        return float("nan")
    order = np.sort(sides[1])
    below = np.searchsorted(order, sides[0], "left")
    level = np.searchsorted(order, sides[0], "right") - below
    return float((below + level / 2).mean() / len(order))


def _plain(part: Sequence[Told]) -> list[tuple[Figures, bool]]:
    return [(one.figures, one.supported) for one in part]


def verdicts(made: Sequence[Told], fitted: Fitted) -> None:
    """Print which verdicts are given, by set and label."""
    print("| set | how made, label | claims | supported | partly | unclear | unsupported |")
    print("|---|---|---|---|---|---|---|")
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in made:
        label = f"{one.case.kind}: {one.case.row.label}"
        cells[one.case.name, label][verdict_of(fitted, fitted.probability(one.figures))] += 1
    for (name, label), counts in sorted(cells.items()):
        count = sum(counts.values())
        shares = [f"{counts[verdict] / count:.2f}" for verdict in ("supported", "partly", "unclear", "unsupported")]
        print(f"| {name} | {label} | {count} | {' | '.join(shares)} |")


def left_out(made: Sequence[Told], fingerprint: str) -> None:
    """Print AUROC on each whole set, by a fit on the other sets alone."""
    print("| set left out | unsupported | words | best sentence | cascade |")
    print("|---|---|---|---|---|")
    for name, kinds, labels in LINES:
        chosen = part(made, name, kinds, labels)
        others = [other for other in SETS if other != name]
        other = fit_figures(
            taught(made, others, None), _plain(chosen), fingerprint, typical=np.empty(0, np.float32), made_from=others
        )
        scores = [auroc(chosen, score) for score in (overlap, similarity, other.probability)]
        print(f"| {name} | {', '.join(kinds)}: {', '.join(labels)} | {' | '.join(f'{one:.2f}' for one in scores)} |")


def ablate(made: Sequence[Told], fitted: Fitted) -> None:
    """Print what each figure is worth: AUROC on the other halves without it, people's labels and altered apart."""
    print("| without | expertqa | factores_es | scifact | altered expertqa |")
    print("|---|---|---|---|---|")
    lines = (*((n, k, lb) for n, k, lb in LINES[:2]), LINES[4], ("expertqa", ALTERED, ("refutes",)))
    unseen = [one for one in made if one.case.row.half == "second"]
    for without in ("", *fitted.features):
        features = [name for name in fitted.features if name != without]
        other = fit("support", "", taught(made, SETS, "first"), features=features, made_from=())
        scores = [auroc(part(unseen, *line), other.probability) for line in lines]
        print(f"| {without or 'nothing'} | {' | '.join(f'{one:.3f}' for one in scores)} |")


def timing(made: Sequence[Told], fitted: Fitted, embedder: Embedder) -> None:
    """Print what judging a sentence takes, with and without vectors, and how many texts it embeds."""
    rows = [one.case.row for one in made if one.case.name == "expertqa" and one.case.kind == "natural"][:400:20]
    for name, prepared in (("one by one", False), ("prepared", True)):
        with Catalog(None) as store:
            encoder = CachedEmbedder(embedder, store)
            judge = FittedJudge(fitted, EvidenceReader(embedder, encoder))
            begun = time.perf_counter()
            if prepared:
                judge.reader.prepare(row.cited for row in rows)
            for _ in range(2):
                for row in rows:
                    judge.judge(
                        row.claim, row.evidence, language=row.language, evidence_languages=row.evidence_languages
                    )
                taken = 1000 * (time.perf_counter() - begun) / len(rows)
                print(f"{name}: {taken:.0f} ms a sentence, {encoder.embedded / len(rows):.1f} texts embedded for each")
                begun = time.perf_counter()


def main() -> None:
    """Fit, report and, with --keep, ship."""
    data, cache, *rest = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    embedder = open_embedder(*rest)
    with Catalog(Path(cache)) as store:
        reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
        rows = [case for name in SETS for case in cases(Path(data), name)]
        texts = reader.prepare(case.row.cited for case in rows)
        print(f"{len(texts)} texts, {reader.encoder.embedded} embedded", file=sys.stderr)
        typical = typical_vector([case.row for case in rows if case.row.half == "first"], reader)
        made = [Told(case, told(case.row, reader, typical)) for case in rows]
    unseen = [one for one in made if one.case.row.half == "second"]
    learnt, people = taught(made, SETS, "first"), judged(made, SETS, "first")
    fitted = fit_figures(
        learnt, judged(unseen, SETS, None), embedder.fingerprint, typical=typical, made_from=SETS, judged=people
    )
    alone = [with_cuts(fit("support", "", learnt, features=[name], made_from=()), people) for name in ("share", "best")]
    weights = {name: round(weight, 2) for name, weight in zip(fitted.features, fitted.weights, strict=True)}
    print(f"threshold {fitted.threshold}, cuts {fitted.cuts}, {fitted.examples} examples, weights {weights}\n")
    table(unseen, [*alone, fitted])
    verdicts(unseen, fitted)
    left_out(made, embedder.fingerprint)
    ablate(made, fitted)
    if "--time" in sys.argv:
        timing(made, fitted, embedder)
    if "--keep" in sys.argv:
        print(keep_fit(fitted, SHIPPED))


if __name__ == "__main__":
    main()
