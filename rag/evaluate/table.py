"""`Evaluation` → lines of 100 or of 80 columns, or plain values for JSON."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.evaluate.measures import MEASURES
from rag.language import tell
from rag.render.columns import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.evaluate.evaluation import Evaluation, Pair
    from rag.evaluate.measures import Estimate

NAME, CELL, MEAN = 12, 22, 16
"""Columns of a method's name, of a mean beside its interval, and of a mean over its interval."""
_MEAN_AND_SPAN = re.compile(r"(\S+) (\[.*\])(.*)")


def table(evaluation: Evaluation, *, width: int = 100) -> str:
    """Return a table of methods by measures for each pair of languages; where the width does not hold a mean beside its
    interval, the interval stands under it.
    """
    is_wide = width >= NAME + len(MEASURES) * CELL
    blocks = (_block(pair, is_wide=is_wide) for pair in evaluation.pairs)
    said = wrapped(f"{evaluation.collection}: {_size(evaluation)}", width)
    return "\n\n".join([f"{said}\n{evaluation.embedder}", *blocks, _legend(width)])


def _size(evaluation: Evaluation) -> str:
    size = tell(
        es=f"{evaluation.documents} documentos, {evaluation.chunks} fragmentos",
        en=f"{evaluation.documents} documents, {evaluation.chunks} chunks",
    )
    if not evaluation.half:
        return size
    which = tell(es="primera" if evaluation.half == "first" else "segunda", en=evaluation.half)
    half = tell(es=f"{which} mitad de las consultas", en=f"{which} half of the queries")
    return f"{size}, {half}"


def _legend(width: int) -> str:
    means = tell(
        es="Media de las consultas [95 % de las medias del bootstrap, por grupos enteros]; cuentan los diez mejores "
        "documentos.",
        en="Mean over queries [95 % of bootstrap means, whole groups drawn]; the ten best documents count.",
    )
    gain = tell(
        es="gain: híbrido menos el mejor de denso (d) y léxico (l), consulta por consulta.",
        en="gain: hybrid less the better of dense (d) and lexical (l), query by query.",
    )
    return f"{wrapped(means, width)}\n{wrapped(gain, width)}"


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


def _block(pair: Pair, *, is_wide: bool) -> str:
    gains = [f"{interval(gain.estimate, sign='+')} {gain.over[0]}" for gain in pair.gains]
    means = [(method, [interval(estimate) for estimate in found]) for method, found in pair.methods]
    rows = (_row(name, cells, is_wide=is_wide) for name, cells in (*means, ("gain", gains)))
    return "\n".join((_sum(pair), _line("", MEASURES, CELL if is_wide else MEAN), *rows))


def _sum(pair: Pair) -> str:
    if pair.groups > 1:
        groups = tell(es=f"{pair.groups} grupos", en=f"{pair.groups} groups")
    else:
        groups = tell(es="un solo grupo, que no da intervalo", en="one group, which tells no interval")
    return f"{pair.name}: {tell(es=f'{pair.queries} consultas', en=f'{pair.queries} queries')}, {groups}"


def _row(name: str, cells: Sequence[str], *, is_wide: bool) -> str:
    """Return means and intervals, side by side or one over the other."""
    if is_wide:
        return _line(name, cells, CELL)
    parts = [_MEAN_AND_SPAN.fullmatch(cell) for cell in cells]
    means = [f"{part[1]}{part[3]}" for part in parts if part]
    spans = [part[2] for part in parts if part]
    return f"{_line(name, means, MEAN)}\n{_line('', spans, MEAN)}"


def _line(name: str, cells: Sequence[str], width: int) -> str:
    return f"{name:{NAME}}{''.join(f'{cell:{width}}' for cell in cells)}".rstrip()


def _values(pair: Pair) -> dict[str, Any]:
    methods = {
        method: {name: asdict(estimate) for name, estimate in zip(MEASURES, found, strict=True)}
        for method, found in pair.methods
    }
    gain = {gain.measure: {"over": gain.over} | asdict(gain.estimate) for gain in pair.gains}
    return {"pair": pair.name, "queries": pair.queries, "groups": pair.groups, "methods": methods, "gain": gain}
