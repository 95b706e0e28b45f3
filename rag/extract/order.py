"""What a section says → paragraphs in reading order.

A paragraph is about one thing: statements are grouped by closeness. The section and each paragraph open with what is
general; then each statement follows the one nearest to it, without going back in time where it need not. What stands
in one excerpt keeps its order. Chooses nothing and leaves nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.embed import Vectors
    from rag.extract.candidates import Candidate

PARAGRAPH_WORDS = 110
"""About how long a paragraph is."""
LEAST_STATEMENTS = 2
"""Statements of a paragraph, where the section has so many: one alone is no paragraph."""
BACK_IN_TIME = 0.025
"""What each year costs by which a statement is older than the one before it, at most `LONGEST_WAY_BACK` of them."""
LONGEST_WAY_BACK = 10
GENERAL, CENTRAL = 1.5, 5.0
"""What being general and being close to the rest count for opening a paragraph, against being near to the heading."""


def paragraphs(chosen: Sequence[Candidate], row: int, closeness: Vectors) -> tuple[tuple[Candidate, ...], ...]:
    """Return the statements of the section in `row` in reading order, paragraph by paragraph."""
    groups = [tuple(_in_order(group, row, closeness)) for group in _grouped(chosen, closeness)]
    if not groups:
        return ()
    first = min(groups, key=lambda group: (-_leads(group, row, chosen, closeness), _place(group[0])))
    ordered, left = [first], [group for group in groups if group is not first]
    while left:
        following = min(left, key=lambda group: (_step(ordered[-1][-1], group[0], closeness), _place(group[0])))
        ordered.append(following)
        left = [group for group in left if group is not following]
    return tuple(ordered)


def _grouped(chosen: Sequence[Candidate], closeness: Vectors) -> list[list[Candidate]]:
    """Join the closest groups (by their mean closeness) until there are as many as the length makes paragraphs, none
    alone and none far too long.
    """
    groups = [[candidate] for candidate in sorted(chosen, key=_place)]
    words = sum(candidate.words for candidate in chosen)
    wanted = max(1, round(words / PARAGRAPH_WORDS))
    longest = 1.5 * words / wanted
    while len(groups) > wanted or (len(groups) > 1 and min(map(len, groups)) < LEAST_STATEMENTS):
        pairs = [
            (_length(one) + _length(other) > longest, -round(_mean(one, other, closeness), 4), i, j)
            for i, one in enumerate(groups)
            for j, other in enumerate(groups[:i])
            if len(groups) > wanted or min(len(one), len(other)) < LEAST_STATEMENTS
        ]
        *_, i, j = min(pairs)
        groups[j] = groups[j] + groups[i]
        del groups[i]
    return groups


def _in_order(group: Sequence[Candidate], row: int, closeness: Vectors) -> list[Candidate]:
    """Put one paragraph in order, the general first and then always the nearest."""
    left = list(group)
    ordered: list[Candidate] = []
    while left:
        ready = [one for one in left if not any(_precedes(other, one) for other in left)]
        following = min(
            ready,
            key=lambda one: (
                _step(ordered[-1], one, closeness) if ordered else -_opens(one, row, group, closeness),
                _place(one),
            ),
        )
        ordered.append(following)
        left.remove(following)
    return ordered


def _leads(group: Sequence[Candidate], row: int, others: Sequence[Candidate], closeness: Vectors) -> float:
    """Return how well a paragraph comes first: near to the heading as a whole, and opened well."""
    near = sum(float(candidate.nearness[row]) for candidate in group) / len(group)
    return round(2 * near + _opens(group[0], row, others, closeness), 4)


def _opens(candidate: Candidate, row: int, others: Sequence[Candidate], closeness: Vectors) -> float:
    """Return how well a statement opens: general, near to the heading, close to what follows."""
    near = [float(closeness[candidate.row, other.row]) for other in others if other is not candidate]
    central = sum(near) / len(near) if near else 0.0
    return round(float(candidate.nearness[row]) + GENERAL * candidate.general + CENTRAL * central, 4)


def _step(before: Candidate, after: Candidate, closeness: Vectors) -> float:
    """Return what it costs the reader to go from one statement to another: distance in meaning, and back in time."""
    one, other = before.statement.excerpt.date.first, after.statement.excerpt.date.first
    back = max((one - other).days / 365.25, 0.0) if one and other else 0.0
    return round(BACK_IN_TIME * min(back, LONGEST_WAY_BACK) - float(closeness[before.row, after.row]), 4)


def _precedes(one: Candidate, other: Candidate) -> bool:
    """Say whether a statement stands before another in the same excerpt."""
    mine, its = one.statement, other.statement
    return one is not other and mine.excerpt.key == its.excerpt.key and mine.start < its.start


def _place(candidate: Candidate) -> tuple[str, str, int]:
    excerpt = candidate.statement.excerpt
    return str(excerpt.date) or "9999", excerpt.key, candidate.statement.start


def _length(group: Sequence[Candidate]) -> int:
    return sum(candidate.words for candidate in group)


def _mean(one: Sequence[Candidate], other: Sequence[Candidate], closeness: Vectors) -> float:
    pairs = [float(closeness[a.row, b.row]) for a in one for b in other]
    return sum(pairs) / len(pairs)
