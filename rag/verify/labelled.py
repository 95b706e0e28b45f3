"""Claims with their evidence and whether it supports them, a line of JSON each → a fit of `rag.verify.support`.

    {"claim": "…", "evidence": "…" or ["…", "…"], "label": "supports"}

`label` is "supports", "partly" (part of the claim is carried), "refutes" or "neither" (the evidence says nothing on
it). If known: "language" and "evidence_language" ("es"; told from the text otherwise), "group": claims of one group
(an article's, a question's) fall into one half. The group of a claim that names none is its evidence.

Whether a claim is supported is fitted on "supports" against the other three.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import numpy as np

from rag.embed import CachedEmbedder
from rag.errors import RagError
from rag.fitted import Fitted, best_threshold, fit, shares_right
from rag.language import detect, tell
from rag.read import clean
from rag.verify.bearing import FEATURES, Cited, EvidenceReader, figures
from rag.verify.support import PURPOSE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rag.embed import Embedder, Vectors, VectorStore

Label = Literal["supports", "partly", "refutes", "neither"]
FALSE_ALARMS = 0.1
"""Of what is supported, the share that may be called unsupported."""
LET_PASS = 0.25
"""Of what is not supported, the share that may be called supported."""
_LABELS = get_args(Label)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim, the pieces of evidence it cites with the language of each, and what they do for it."""

    claim: str
    evidence: tuple[str, ...]
    label: Label
    language: str
    evidence_languages: tuple[str, ...]
    group: str

    @property
    def cited(self) -> Cited:
        """The claim with its evidence."""
        return Cited(self.claim, self.evidence, self.language, self.evidence_languages)

    @property
    def half(self) -> Literal["first", "second"]:
        """The half it belongs to: always the one of its group."""
        return "second" if hashlib.sha256(self.group.encode()).digest()[0] % 2 else "first"


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read a file of labelled claims. Raises `RagError` that names the line and what is wrong with it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RagError(
            tell(
                es=(
                    f"{path}: no se pueden leer las afirmaciones etiquetadas ({error}); da un archivo de "
                    "líneas JSON en UTF-8"
                ),
                en=f"{path}: labelled claims cannot be read ({error}); give a file of UTF-8 JSON lines",
            )
        ) from error
    rows = tuple(_row(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    if not rows:
        raise RagError(
            tell(
                es=(
                    f"{path}: no contiene afirmaciones etiquetadas; da por cada una una línea de JSON con "
                    "claim, evidence y label"
                ),
                en=f"{path}: no labelled claim in it; give a line of JSON with claim, evidence and label for each",
            )
        )
    return rows


def fit_support(
    rows: Sequence[Labelled], embedder: Embedder, *, store: VectorStore, made_from: Sequence[str]
) -> Fitted:
    """Fit the judge of support for an embedder on labelled claims.

    One half, by group, makes the fit, the other measures it. Vectors are kept in `store`. Raises `RagError` where
    nothing can be learnt.
    """
    halves = [[row for row in rows if row.half == half] for half in ("first", "second")]
    if len({row.label == "supports" for row in halves[0]}) < 2:  # noqa: PLR2004 - yes and no
        raise RagError(
            tell(
                es=(
                    f"{', '.join(made_from)}: la mitad que hace el ajuste necesita afirmaciones "
                    "sostenidas y afirmaciones que no lo están; da más de ambas, en varios grupos"
                ),
                en=(
                    f"{', '.join(made_from)}: the half that makes the fit needs claims that are supported and claims "
                    "that are not; give more of both, in several groups"
                ),
            )
        )
    reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
    reader.prepare(row.cited for row in rows)
    typical = typical_vector(halves[0], reader)
    taught, unseen = ([(told(row, reader, typical), row.label == "supports") for row in half] for half in halves)
    return fit_figures(taught, unseen, embedder.fingerprint, typical=typical, made_from=made_from)


def fit_figures(
    taught: Sequence[tuple[Mapping[str, float], bool]],
    unseen: Sequence[tuple[Mapping[str, float], bool]],
    fingerprint: str,
    *,
    typical: Vectors,
    made_from: Sequence[str],
    judged: Sequence[tuple[Mapping[str, float], bool]] = (),
) -> Fitted:
    """Fit on figures with their answers, and measure on others. The cuts are made on what people `judged`, by default
    all that is taught: examples made by exchange part too easily.
    """
    held = [name for name in FEATURES if any(name in given for given, _ in taught)]
    numbers = [float(number) for number in typical]
    fitted = fit(PURPOSE, fingerprint, taught, features=held, made_from=made_from, typical=numbers)
    fitted = with_cuts(fitted, judged or taught)
    return replace(fitted, measured=shares_right(fitted, unseen))


def typical_vector(rows: Sequence[Labelled], reader: EvidenceReader) -> Vectors:
    """Return the mean vector of the sentences of their evidence."""
    texts = {text for row in rows for one in reader.pieces(row.cited) for text in one.sentences}
    return np.asarray(reader.encoder.passages(sorted(texts)).mean(axis=0), dtype=np.float32)


def told(row: Labelled, reader: EvidenceReader, typical: Vectors) -> dict[str, float]:
    """Return the figures of a claim."""
    pieces, vectors = reader.read(row.cited)
    return figures(row.claim, pieces, language=row.language, vectors=vectors, typical=typical)


def with_cuts(fitted: Fitted, judged: Sequence[tuple[Mapping[str, float], bool]]) -> Fitted:
    """Return a fit with its threshold and cuts on examples that people judged.

    The threshold parts yes from no best. Below the lower cut, "unsupported", no more than `FALSE_ALARMS` of what is
    supported fall; from the upper one on, "supported", no more than `LET_PASS` of what is not.
    """
    sides = [
        np.array([fitted.probability(given) for given, answer in judged if answer is side]) for side in (True, False)
    ]
    middle = best_threshold(sides[0].tolist() + sides[1].tolist(), [True] * len(sides[0]) + [False] * len(sides[1]))
    low = [at for at in _HUNDREDTHS if at <= middle and (sides[0] < at).mean() <= FALSE_ALARMS]
    high = [at for at in _HUNDREDTHS if at >= middle and (sides[1] >= at).mean() <= LET_PASS]
    return replace(fitted, threshold=middle, cuts=(max(low, default=0.01), min(high, default=0.99)))


_HUNDREDTHS = tuple(at / 100 for at in range(1, 100))


def _row(line: str, place: str) -> Labelled:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise RagError(
            tell(
                es=f"{place}: no es JSON ({error}); da un objeto por línea",
                en=f"{place}: not JSON ({error}); give one object a line",
            )
        ) from error
    if not isinstance(raw, dict):
        raise RagError(
            tell(
                es=f'{place}: no es un objeto; da {{"claim": …, "evidence": …, "label": …}}',
                en=f'{place}: not an object; give {{"claim": …, "evidence": …, "label": …}}',
            )
        )
    given = raw.get("evidence")
    pieces = given if isinstance(given, list) else [given]
    evidence = tuple(_text(piece, "evidence", place) for piece in pieces)
    claim, label = _text(raw.get("claim"), "claim", place), raw.get("label")
    if not evidence:
        raise RagError(
            tell(
                es=f"{place}: evidence es una lista vacía; da al menos un texto",
                en=f"{place}: evidence is an empty list; give at least one text",
            )
        )
    if label not in _LABELS:
        raise RagError(
            tell(
                es=f"{place}: label es {json.dumps(label)}; da uno de {', '.join(_LABELS)}",
                en=f"{place}: label is {json.dumps(label)}; give one of {', '.join(_LABELS)}",
            )
        )
    language = _text(raw.get("language") or detect(claim) or "en", "language", place)
    theirs = raw.get("evidence_language")
    languages = tuple(_text(theirs or detect(text) or language, "evidence_language", place) for text in evidence)
    group = str(raw.get("group") or "\n".join(evidence))
    return Labelled(claim, evidence, cast("Label", label), language, languages, group)


def _text(raw: Any, name: str, place: str) -> str:  # noqa: ANN401 - whatever JSON a person writes
    if not isinstance(raw, str) or not raw.strip():
        raise RagError(
            tell(
                es=f"{place}: {name} es {json.dumps(raw)}; da un texto que no esté vacío",
                en=f"{place}: {name} is {json.dumps(raw)}; give a text that is not empty",
            )
        )
    return clean(raw).strip()
