"""`Evaluation` → lines of at most 100 columns, or plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.evaluate.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.evaluate.evaluation import Evaluation, Pair
    from rag.evaluate.measures import Estimate

LEGEND = (
    "Mean over queries [95 % of bootstrap means, whole groups drawn]; the ten best documents count.\n"
    "gain: hybrid less the better of dense (d) and lexical (l), query by query."
)


def table(evaluation: Evaluation) -> str:
    """Return a table of methods by measures for each pair of languages."""
    half = f", {evaluation.half} half of the queries" if evaluation.half else ""
    said = f"{evaluation.collection}: {evaluation.documents} documents, {evaluation.chunks} chunks{half}"
    return "\n\n".join([f"{said}\n{evaluation.embedder}", *map(_block, evaluation.pairs), LEGEND])


def as_values(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as the one object of `--json`."""
    return asdict(evaluation) | {"pairs": [_values(pair) for pair in evaluation.pairs]}


def interval(estimate: Estimate, *, sign: str = "") -> str:
    """Return a mean and its interval: 0.812 [.790 .833]; with the sign "+", +.012 [-.003 .030]."""
    mean = f"{estimate.mean:{sign}.3f}"
    return f"{_short(mean) if sign else mean} [{_short(f'{estimate.low:.3f}')} {_short(f'{estimate.high:.3f}')}]"


def _short(number: str) -> str:
    """Return a number without the 0 before its point."""
    return number.replace("0.", ".", 1) if number.lstrip("+-").startswith("0.") else number


def _block(pair: Pair) -> str:
    gains = [f"{interval(gain.estimate, sign='+')} {gain.over[0]}" for gain in pair.gains]
    groups = f"{pair.groups} groups" if pair.groups > 1 else "one group, which tells no interval"
    lines = [
        f"{pair.name}: {pair.queries} queries, {groups}",
        _line("", MEASURES),
        *(_line(method, [interval(estimate) for estimate in found]) for method, found in pair.methods),
        _line("gain", gains),
    ]
    return "\n".join(lines)


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:12}{''.join(f'{cell:22}' for cell in cells)}".rstrip()


def _values(pair: Pair) -> dict[str, Any]:
    methods = {
        method: {name: asdict(estimate) for name, estimate in zip(MEASURES, found, strict=True)}
        for method, found in pair.methods
    }
    gain = {gain.measure: {"over": gain.over} | asdict(gain.estimate) for gain in pair.gains}
    return {"pair": pair.name, "queries": pair.queries, "groups": pair.groups, "methods": methods, "gain": gain}
