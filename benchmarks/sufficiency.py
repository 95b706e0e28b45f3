"""How well the gate tells that nothing is there, by how nothing came to be there; makes the fits that are shipped.

    python -m benchmarks.sufficiency DATA COLLECTIONS CACHE.sqlite3 [EMBEDDER] [--keep]

Four sets make the fit, on one half of their queries by group; reported are their other half and, apart, sets the fit
never saw. Intervals are bootstrapped over groups. Each column weighs "there" and its kind of "not there" the same.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.collections import Collection as Rows
from benchmarks.collections import rows
from rag.catalog import Catalog
from rag.embed import CachedEmbedder, open_embedder
from rag.evaluate.calibrate import Example, Shelved, examples, shelve
from rag.evaluate.collection import Collection, read_collection
from rag.fitted import SHIPPED, Fitted, fit, keep_fit, shares_right
from rag.plan.headings import is_framing
from rag.plan.sufficiency import FEATURES, PURPOSE, figures
from rag.read import read_file
from rag.records import TimeLimits
from rag.retrieve import POOL, find

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.embed import Embedder, Vectors

FITTING = (
    *(f"xquad-{way}" for way in ("es-es", "en-en", "es-en", "en-es", "both")),
    "pubmedqa", "scholarqa", "headings-historian-es",
)  # fmt: skip
HELD_OUT = ("scifact", "headings-pdf-en", "tico19-es-en", "tico19-en-es")
LONG = ("casimedicos-es-es", "casimedicos-en-en", "casimedicos-es-en")
"""Clinical cases of a hundred words, asked for a doctor's explanation: no headings. Told apart."""
DOCUMENTS = {"casimedicos": 100, "pubmedqa": 220, "tico19": 110}
"""Documents taken of the larger sets (of each language), to embed in minutes."""
MOST = 40
"""Queries asked of each collection."""
BEGINNING = 4200
"""Characters of a lesson or paper that are read."""
DRAWS = 400


def headings(data: Path) -> Iterator[tuple[str, Rows]]:
    """Yield what a brief asks, "heading. topic" and the topic alone → the text with that title and that section."""
    for name, folder, language in (
        ("headings-historian-es", "programming_historian", "es"),
        ("headings-pdf-en", "pdf_folder_en", "en"),
    ):
        made = Rows()
        for row in rows(data / folder / "index.jsonl"):
            if row.get("lang", "en") == language:
                _add_paper(made, data / folder / row["file"], row["title"], language, row.get("group", row["file"]))
        yield name, made


def _add_paper(made: Rows, path: Path, title: str, language: str, group: str) -> None:
    document = max(read_file(path, corpus=path.parent), key=lambda one: len(one.text))
    sections = [section for section in document.sections if section.start < BEGINNING]
    starts = [0, *(section.start + len(section.title) for section in sections)]
    ends = [*(section.start for section in sections), BEGINNING]
    text = "\n\n".join(filter(None, (document.text[a:b].strip() for a, b in zip(starts, ends, strict=True))))
    made.documents.append({"_id": path.name, "title": title, "text": text, "language": language})
    told = [one.title.strip(" .") for one in sections if one.start < BEGINNING - 500 and not is_framing(one.title)]
    random.Random(path.name).shuffle(told)  # noqa: S311 - a sample, no secret
    asked = [f"{heading}. {title}" for heading in told if heading != title and len(heading.split()) <= 10][:3]
    for number, query in enumerate((*asked, title)):
        made.queries.append({"_id": f"{path.name}#{number}", "text": query, "language": language, "group": group})
        made.relevant.append((f"{path.name}#{number}", path.name))


def smaller(collection: Collection) -> Collection:
    """Return a collection with some of its documents, and the queries that still have one."""
    most = DOCUMENTS.get(collection.name.partition("-")[0])
    if not most:
        return collection
    parted = {one.source.paths[0].rpartition(".")[0] or one.source.paths[0] for one in collection.documents}
    taken = set(random.Random(1).sample(sorted(parted), most))  # noqa: S311 - as above
    held = [
        one for one in collection.documents if (one.source.paths[0].rpartition(".")[0] or one.source.paths[0]) in taken
    ]
    ids = {one.source.paths[0] for one in held}
    return replace(
        collection, documents=tuple(held), queries=tuple(q for q in collection.queries if ids >= set(q.relevant))
    )


def told(fitted: Fitted, made: Sequence[Example], *kinds: str) -> dict[str, float]:
    """Return the shares that a fit gets right, of what is there and of what is not there in these ways."""
    chosen = [(one.figures, one.there) for one in made if one.there or one.kind in kinds]
    return shares_right(fitted, chosen)


def line(name: str, fitted: Fitted, made: Sequence[Example], *kinds: str) -> str:
    """Write F1 of both answers with intervals, precision and recall."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for one in made:
        groups[f"{one.collection} {one.query.group}"].append(one)
    drawn, chance = [], random.Random(0)  # noqa: S311 - as above
    names = sorted(groups)
    for _ in range(DRAWS):
        sample = [one for group in chance.choices(names, k=len(names)) for one in groups[group]]
        drawn.append(told(fitted, sample, *kinds))
    whole = told(fitted, made, *kinds)
    cells = []
    for side in ("yes", "no"):
        low, high = np.percentile([one[f"F1 of {side}"] for one in drawn], [2.5, 97.5])
        precision, recall = whole[f"precision of {side}"], whole[f"recall of {side}"]
        cells.append(f"{whole[f'F1 of {side}']:.2f} [{low:.2f}, {high:.2f}] | {precision:.2f}, {recall:.2f}")
    return f"| {name} | {'+'.join(kinds)} | {whole['examples']:.0f} | {' | '.join(cells)} |"


def fitted_on(made: Sequence[Example], fingerprint: str, typical: Sequence[float], features: Sequence[str]) -> Fitted:
    """Fit on the first half of the fitting sets."""
    taught = [(one.figures, one.there) for one in made if one.collection in FITTING and one.query.half == "first"]
    return fit(PURPOSE, fingerprint, taught, features=features, made_from=FITTING, typical=typical)


def report(fitted: Fitted, made: Sequence[Example]) -> None:
    """Print the table: fitting sets' other half, the sets never seen, then each set."""
    unseen = [one for one in made if one.collection in FITTING and one.query.half == "second"]
    apart = [one for one in made if one.collection in HELD_OUT]
    print("| set | not there | examples | F1 there | precision, recall | F1 not there | precision, recall |")
    print("|---|---|---|---|---|---|---|")
    for name, part in (("fitting sets, other half", unseen), ("held-out sets", apart)):
        for kinds in (("field",), ("gone",), ("heading",), ("field", "gone")):
            print(line(name, fitted, part, *kinds))
    for documents in (0, 30, 5):
        part = [one for one in (*unseen, *apart) if one.documents == documents]
        print(line(f"unseen, {documents or 'all'} documents", fitted, part, "field", "gone"))
    for name in (*FITTING, *HELD_OUT, *LONG):
        part = [one for one in made if one.collection == name and (name not in FITTING or one.query.half == "second")]
        for kind in ("field", "gone"):
            if any(one.kind == kind for one in part):
                print(line(name, fitted, part, kind))


def ablate(made: Sequence[Example], fitted: Fitted) -> None:
    """Print what each feature is worth on the fitting half, and on the sets never seen."""
    for dropped in ("", *FEATURES):
        features = [name for name in FEATURES if name != dropped]
        other = fitted_on(made, fitted.fingerprint, fitted.typical, features)
        cells = []
        for part in (
            [one for one in made if one.collection in FITTING and one.query.half == "first"],
            [one for one in made if one.collection in HELD_OUT],
        ):
            for kinds in (("field",), ("gone",), ("heading",)):
                shares = told(other, part, *kinds)
                cells.append(f"{min(shares['F1 of yes'], shares['F1 of no']):.3f}")
        print(
            f"| without {dropped or 'nothing'} | {' | '.join(cells)} |",
            dict(zip(other.features, other.weights, strict=True)),
        )


def periods(fitted: Fitted, shelf: Shelved, encoder: CachedEmbedder) -> None:
    """Print how often "there" is said of a dated question in a year in which its source did not appear."""
    asked = [query for query in shelf.collection.queries if query.half == "second"][:MOST]
    dates = {one.source.paths[0]: one.source for one in shelf.collection.documents}
    said: dict[str, list[bool]] = defaultdict(list)
    for query in asked:
        source = dates[min(query.relevant)]
        if source.date.first is None:
            continue
        other = source.date.first.year - 3
        around = frozenset(
            one.source.id
            for one in shelf.collection.documents
            if one.source.date.first and abs(one.source.date.first.year - other) <= 1
        )
        for name, part in (("limits", replace(shelf, kept=around)), ("words alone", shelf)):
            text = f"{query.text} ({other - 1}-{other + 1})"
            found = find(text, shelves=(part,), embedder=encoder, k=POOL, language="en", limits=TimeLimits())
            vector = encoder.queries([text])[0]
            if found:
                given = figures(text, vector=vector, language="en", found=found, typical=fitted.typical)
                said[name].append(fitted.probability(given) >= fitted.threshold)
    for name, answers in said.items():
        print(f"wrong period by {name}: “there” in {sum(answers)} of {len(answers)}")


def ask(shelves: Sequence[Shelved], encoder: CachedEmbedder, typical: Vectors) -> Iterator[Example]:
    """Ask all collections, and say how far it is."""
    for shelf in shelves:
        print(f"asking {shelf.collection.name}", file=sys.stderr, flush=True)
        yield from examples((shelf,), encoder, among=shelves, typical=typical, most=MOST)


def shelved(folder: Path, embedder: Embedder, encoder: CachedEmbedder) -> Iterator[Shelved]:
    """Put all collections on shelves."""
    for name in (*FITTING, *HELD_OUT, *LONG):
        collection = smaller(read_collection(folder / name))
        yield shelve(collection, embedder, encoder, chunk_tokens=200)


def main() -> None:
    """Fit, report and, with --keep, ship."""
    data, folder, cache, *rest = [argument for argument in sys.argv[1:] if argument != "--keep"]
    embedder = open_embedder(*rest)
    for name, made in headings(Path(data)):
        made.write(Path(folder) / name)
    with Catalog(Path(cache)) as store:
        encoder = CachedEmbedder(embedder, store)
        encoder.expect(500)
        shelves = tuple(shelved(Path(folder), embedder, encoder))
        typical = np.mean([shelf.centre for shelf in shelves if shelf.collection.name in FITTING], axis=0)
        asked = tuple(ask(shelves, encoder, typical))
        fitted = fitted_on(asked, embedder.fingerprint, [float(number) for number in typical], FEATURES)
        unseen = [one for one in asked if one.collection in HELD_OUT]
        fitted = replace(fitted, measured=told(fitted, unseen, "field", "gone"))
        print(fitted.threshold, dict(zip(fitted.features, fitted.weights, strict=True)))
        report(fitted, asked)
        ablate(asked, fitted)
        periods(fitted, next(shelf for shelf in shelves if shelf.collection.name == "pubmedqa"), encoder)
    if "--keep" in sys.argv:
        print(keep_fit(fitted, SHIPPED))


if __name__ == "__main__":
    main()
