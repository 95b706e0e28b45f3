"""Vectors → groups of rows that lie together, by Ward's linkage and the silhouette. Knows no texts.

Deterministic: distances are rounded before they decide, and ties go to the first rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.embed import Vectors

LEAST_GROUPS = 2
"""Groups at least: one parts nothing."""
LEAST_ROWS = 3
"""Rows of a group at least: what lies alone is an outlier."""
MOST_OUTLIERS = 0.25
"""Share of the rows that may lie outside all groups."""
NEARLY = 0.8
"""Share of the best silhouette that more groups must reach to be taken: groups of one thing each."""
DECIMALS = 6
"""Distances and scores are rounded before they decide."""

Group = tuple[int, ...]
Groups = tuple[Group, ...]


def partition(vectors: Vectors, most: int) -> Groups:
    """Part rows of unit vectors into two to `most` groups of `LEAST_ROWS` and more; the rows left out are outliers.

    Of the levels of Ward's linkage (1963) those count that leave out few rows; of these the one with most groups whose
    silhouette (Rousseeuw 1987) is nearly the best. None where no level parts better than chance.
    """
    rated: list[tuple[int, float, Groups]] = []
    for level in _linked(vectors):
        groups = tuple(group for group in level if len(group) >= LEAST_ROWS)
        if LEAST_GROUPS <= len(groups) <= most and sum(map(len, groups)) >= (1 - MOST_OUTLIERS) * len(vectors):
            rated.append((len(groups), _silhouette(vectors, groups), groups))
    best = max((score for _, score, _ in rated), default=0.0)
    if best <= 0:
        return ()
    return max((one for one in rated if one[1] >= NEARLY * best), key=lambda one: one[:2])[2]


def _linked(vectors: Vectors) -> Iterator[Groups]:
    """Give the levels of Ward's linkage, each with one group less, from every row alone to all in one."""
    cost = np.round(1.0 - (vectors @ vectors.T).astype(np.float64), DECIMALS)
    np.fill_diagonal(cost, np.inf)
    groups: list[tuple[int, ...]] = [(row,) for row in range(len(vectors))]
    yield tuple(groups)
    for _ in range(len(vectors) - 1):
        one, two = sorted(divmod(int(cost.argmin()), len(groups)))
        sizes = np.array([len(group) for group in groups], dtype=np.float64)
        a, b, apart = sizes[one], sizes[two], cost[one, two]
        joined = np.round(
            ((a + sizes) * cost[one] + (b + sizes) * cost[two] - sizes * apart) / (a + b + sizes), DECIMALS
        )
        cost[one] = cost[:, one] = joined
        cost[one, one] = cost[two] = cost[:, two] = np.inf
        groups[one], groups[two] = tuple(sorted(groups[one] + groups[two])), ()
        yield tuple(filter(None, groups))


def _silhouette(vectors: Vectors, groups: Groups) -> float:
    """Return the mean over all rows of how much nearer their own group is than the next, -1 to 1; 0 outside groups."""
    apart = 1.0 - (vectors @ vectors.T).astype(np.float64)
    widths = []
    for own, group in enumerate(groups):
        sums = np.stack([apart[np.ix_(group, other)].sum(axis=1) for other in groups])
        sizes = np.array([[len(other) - (place == own)] for place, other in enumerate(groups)])
        means = sums / np.maximum(sizes, 1)
        within, beside = means[own], np.delete(means, own, axis=0).min(axis=0)
        widths.append((beside - within) / np.maximum(np.maximum(within, beside), 1e-6))
    return round(float(np.concatenate(widths).sum()) / len(vectors), DECIMALS)


def unit(vectors: Vectors) -> Vectors:
    """Bring rows to length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), dtype=np.float32)
