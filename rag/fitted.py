"""A logistic model fitted for one embedder: named figures → a probability, with the threshold that parts yes from no.

Does not know what the figures mean. The package brings fits in `rag/fits`; what a user fitted lies in their own cache
and wins. An embedder that nobody fitted has none: what one encoder calls near means nothing to another.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.codec import dumps, loads
from rag.e5.cache import cache_folder
from rag.errors import RagError
from rag.language import os_words, tell
from rag.records import ADDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHIPPED = Path(__file__).parent / "fits"
"""The fits that the package brings."""
_DECIMALS = 6
_FARTHEST = 500.0
"""Beyond this a logit is 0 or 1 to every digit, and its power overflows."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit: what it tells (`purpose`), the embedder it holds for, the model, and when and on what it was made.

    A feature less its mean, by its scale, times its weight goes into the logit. `measured` are figures of data that
    the fit has not seen, by name; `typical` is the mean vector of its passages, for purposes that need one; `cuts`,
    for those with more than two answers, are the probabilities that part them.
    """

    purpose: str
    fingerprint: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    made: date
    made_from: tuple[str, ...]
    examples: int
    measured: Mapping[str, float]
    typical: tuple[float, ...]
    cuts: tuple[float, ...] = field(default=(), metadata=ADDED)

    def probability(self, figures: Mapping[str, float]) -> float:
        """Return how likely the answer is yes, 0 to 1. A feature that is not among the figures counts as its mean."""
        logit = self.intercept
        for name, mean, scale, weight in zip(self.features, self.means, self.scales, self.weights, strict=True):
            logit += weight * (figures.get(name, mean) - mean) / scale
        return round(1 / (1 + math.exp(-max(min(logit, _FARTHEST), -_FARTHEST))), _DECIMALS)


def fit(
    purpose: str,
    fingerprint: str,
    examples: Sequence[tuple[Mapping[str, float], bool]],
    *,
    features: Sequence[str],
    made_from: Sequence[str],
    typical: Sequence[float] = (),
) -> Fitted:
    """Fit the model on figures with their answers. Yes and no weigh the same, however many there are of each.

    Raises `RagError` where all answers are one.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # a second

    answers = [answer for _, answer in examples]
    if len(set(answers)) < 2:  # noqa: PLR2004 - yes and no
        raise RagError(
            tell(
                es=f"{purpose}: nada se aprende de ejemplos con una sola respuesta; da algunos de la otra",
                en=f"{purpose}: nothing can be learnt from examples of one answer alone; give some of the other",
            )
        )
    table = np.array([[figures.get(name, math.nan) for name in features] for figures, _ in examples])
    means = np.nanmean(table, axis=0)
    scales = np.maximum(np.nanstd(table, axis=0), 1e-6)
    model = LogisticRegression(class_weight="balanced").fit(np.nan_to_num((table - means) / scales), answers)
    made = Fitted(
        purpose, fingerprint, tuple(features), _rounded(means), _rounded(scales), _rounded(model.coef_[0]),
        _rounded(model.intercept_)[0], 0.5, datetime.now().astimezone().date(), tuple(made_from), len(examples), {},
        _rounded(typical),
    )  # fmt: skip
    return replace(made, threshold=best_threshold([made.probability(figures) for figures, _ in examples], answers))


def best_threshold(probabilities: Sequence[float], answers: Sequence[bool]) -> float:
    """Return the hundredth that parts yes from no best, both weighing the same: the middle of those that do."""
    sides = [
        np.array([p for p, yes in zip(probabilities, answers, strict=True) if yes is side]) for side in (True, False)
    ]
    right = [round(float((sides[0] >= at).mean() + (sides[1] < at).mean()), _DECIMALS) for at in _HUNDREDTHS]
    best = [at for at, share in zip(_HUNDREDTHS, right, strict=True) if share == max(right)]
    return best[len(best) // 2]


def shares_right(fitted: Fitted, examples: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """Return precision, recall and F1 (van Rijsbergen 1979) of yes and of no, both weighing the same."""
    told = [(fitted.probability(figures) >= fitted.threshold, answer) for figures, answer in examples]
    right = {side: [guess is side for guess, answer in told if answer is side] for side in (True, False)}
    recall = {side: sum(hits) / len(hits) if hits else 0.0 for side, hits in right.items()}
    measured: dict[str, float] = {"examples": len(told)}
    for name, side in (("yes", True), ("no", False)):
        claimed = recall[side] + 1 - recall[not side]
        precision = recall[side] / claimed if claimed else 0.0
        whole = precision + recall[side]
        f1 = 2 * precision * recall[side] / whole if whole else 0.0
        measured |= {f"precision of {name}": precision, f"recall of {name}": recall[side], f"F1 of {name}": f1}
    return {name: round(value, 4) for name, value in measured.items()}


_HUNDREDTHS = tuple(at / 100 for at in range(1, 100))


def read_fit(purpose: str, fingerprint: str) -> Fitted | None:
    """Return the user's own fit for an embedder, else the package's, else none.

    Raises `RagError` where the user's cannot be read.
    """
    name = _name(purpose, fingerprint)
    for folder in (_own(), SHIPPED):
        if (path := folder / name).is_file():
            try:
                return loads(Fitted, path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise RagError(
                    tell(
                        es=f"{path}: no se puede leer el ajuste ({error}); bórralo, o hazlo de nuevo",
                        en=f"{path}: the fit cannot be read ({error}); remove it, or make it anew",
                    )
                ) from error
    return None


def keep_fit(fitted: Fitted, folder: Path | None = None) -> Path:
    """Write a fit where `read_fit` finds it, the user's own folder by default; return its path."""
    folder = folder or _own()
    path = folder / _name(fitted.purpose, fitted.fingerprint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(dumps(fitted) + "\n", encoding="utf-8")
    except OSError as error:
        raise RagError(
            tell(
                es=f"{path}: no se puede escribir el ajuste ({os_words(error)}); da una carpeta con RAG_CACHE",
                en=f"{path}: the fit cannot be written ({os_words(error)}); name a folder by RAG_CACHE",
            )
        ) from error
    return path


def _own() -> Path:
    return cache_folder() / "fits"


def _name(purpose: str, fingerprint: str) -> str:
    return f"{purpose}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}.json"


def _rounded(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(number), _DECIMALS) for number in numbers)
