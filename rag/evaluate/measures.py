"""Ranked documents and what is relevant → measures with their bootstrap intervals.

Does not search. The measures are ir-measures' own (MacAvaney, Macdonald & Ounis 2022), over the ten best documents. An
interval holds the middle 95 % of the means of 2,000 samples of the queries, whole groups drawn with replacement (Efron
1979); two methods are compared on the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.evaluate.collection import Query

Values = NDArray[np.float64]

MEASURES = ("nDCG@10", "R@10", "RR", "Success@1")
SAMPLES = 2_000
SEED = 7
_MIDDLE = (2.5, 97.5)
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries and the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float


def query_values(queries: Sequence[Query], ranked: Mapping[str, Sequence[str]]) -> Values:
    """Return each of `MEASURES` for every query, shape (queries, measures), from its documents, best first."""
    import ir_measures

    relevant = {query.id: dict(query.relevant) for query in queries}
    run = {id_: {document: -float(rank) for rank, document in enumerate(found)} for id_, found in ranked.items()}
    measures: Any = [ir_measures.parse_measure(name) for name in MEASURES]
    row = {query.id: number for number, query in enumerate(queries)}
    column = {str(measure): number for number, measure in enumerate(measures)}
    values = np.zeros((len(queries), len(measures)))
    for metric in ir_measures.iter_calc(measures, relevant, run):
        values[row[metric.query_id], column[str(metric.measure)]] = metric.value
    return values


def estimates(values: Values, groups: Sequence[str]) -> tuple[Estimate, ...]:
    """Return the mean of each column with its interval; `groups` names the group of each row. Differences of two
    methods' values, row by row, give the paired interval.
    """
    names = {name: place for place, name in enumerate(sorted(set(groups)))}
    member = np.zeros((len(names), len(groups)))
    member[[names[group] for group in groups], range(len(groups))] = 1
    drawn = np.random.default_rng(SEED).multinomial(len(names), np.full(len(names), 1 / len(names)), size=SAMPLES)
    means = (drawn @ (member @ values)) / (drawn @ member.sum(axis=1))[:, np.newaxis]
    low, high = np.percentile(means, _MIDDLE, axis=0)
    rows = zip(values.mean(axis=0), low, high, strict=True)
    return tuple(Estimate(*(round(float(number), _DECIMALS) + 0.0 for number in row)) for row in rows)
