"""Excerpts and plans → tables: lines for a terminal, HTML for a notebook.

All text of sources is escaped; the HTML holds no script, no link and no style but a table's.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rag.language import tell
from rag.render.columns import cut, line_width, plain, wrapped
from rag.render.lines import INDENT, dated
from rag.render.published import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.records import Cost, Evidence, Excerpt, GapKind, LeftOut, Report

SHOWN = 240
"""Characters of an excerpt that a table shows."""


def excerpt_table(excerpts: Sequence[Excerpt]) -> str:
    """Return excerpts as an HTML table: date, source, text, score."""
    rows = (
        (
            published(one.source, one.language or "en", short=True),
            one.title or one.path,
            _cut(one.text),
            f"{one.score:.3f}",
            one.key,
        )
        for one in excerpts
    )
    heads = tell(es="fecha|fuente|texto|puntuación|clave", en="date|source|text|score|key")
    return _table(heads.split("|"), rows)


def plan_table(sections: Sequence[Evidence]) -> str:
    """Return a plan as an HTML table: a row a heading, with what it rests on."""
    rows = ((_indented(each), *_figures(each), each.missing) for each in sections)
    heads = tell(
        es="epígrafe|palabras|alcanza para|extractos|fuentes|desde|hasta|falta",
        en="heading|words|can carry|excerpts|sources|from|to|missing",
    )
    return _table(heads.split("|"), rows)


def plan_lines(sections: Sequence[Evidence], *, explain: bool = False) -> str:
    """Return a plan as text: under each heading what it rests on, a line an excerpt, dates first, and what is missing
    with what to search for. With `explain` the parts of each score, and what was left out and why.
    """
    width = line_width()
    return "\n\n".join("\n".join(_planned(section, width, explain=explain)) for section in sections)


def _planned(section: Evidence, width: int, *, explain: bool) -> Iterator[str]:
    yield wrapped(section.heading.line, width)
    yield wrapped(_rests(section), width, indent=2)
    if explain:
        yield from _explained(section.excerpts, section.left_out, width)
    else:
        yield from (f"  {_excerpt(one, width - 2)}" for one in section.excerpts)
    if section.missing:
        yield wrapped(section.missing, width, indent=2)
    for gap in section.gaps:
        yield wrapped(f"{tell(es=_GAPS[gap.kind], en=gap.kind)}: {gap.reason}", width, indent=2)
        yield from (f"    {language}  {plain(searched)}" for language, searched in gap.searches)  # to be copied whole


def _rests(section: Evidence) -> str:
    """Say how many words a heading gets, and how many its evidence carries."""
    words, carry, excerpts, sources, first, last = _figures(section)
    rests = tell(
        es=f"{words} palabras; evidencia para {carry}: {excerpts} extractos, {sources} fuentes",
        en=f"{words} words; evidence for {carry}: {excerpts} excerpts, {sources} sources",
    )
    return f"{rests}, {first} – {last}" if first else rests


def _excerpt(excerpt: Excerpt | LeftOut, width: int) -> str:
    return dated(excerpt.date, f"k:{excerpt.key}", excerpt.title or excerpt.path, width=width)


def explain_lines(excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut]) -> str:
    """Return what each excerpt's score is made of, then what was left out and why."""
    return "\n".join(_explained(excerpts, left_out, line_width()))


def _explained(excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut], width: int) -> Iterator[str]:
    room = width - INDENT
    for rank, one in enumerate(excerpts, start=1):
        yield f"{f'{rank}.':{INDENT}}{_excerpt(one, room)}"
        yield wrapped(f"{one.score:.4f} = {_parts(one.parts)}", width, indent=INDENT)
    for left in left_out:
        yield f"{'–':{INDENT}}{_excerpt(left, room)}"
        yield wrapped(f"{left.score:.4f} = {_parts(left.parts)}: {left.reason}", width, indent=INDENT)


def cost_line(cost: Cost) -> str:
    """Return what a model would be asked, as one sentence."""
    if cost.price is None:
        dollars = tell(es="precio desconocido", en="price not known")
    else:
        dollars = tell(es=f"unos {cost.price:.4f} dólares", en=f"about ${cost.price:.4f}")
    asked = tell(
        es=f"Se preguntaría a un modelo {cost.calls} veces: como mucho unos {cost.input_tokens} tokens de ida y "
        f"{cost.output_tokens} de vuelta; {dollars}",
        en=f"A model would be asked {cost.calls} times: at most some {cost.input_tokens} tokens out and "
        f"{cost.output_tokens} back; {dollars}",
    )
    return wrapped(asked, line_width())


def words_lines(report: Report) -> str:
    """Return the words asked for, written, and carried by the evidence, a line a heading."""
    from rag.verify import section_words  # with all checks, which showing what a search found does not need

    heads = tell(es="pedidas escritas posibles", en="asked written carried").split()
    rows = [(one.heading.words, section_words(one), one.supportable_words) for one in report.sections]
    titles = ["  " * (one.heading.level - 1) + plain(one.heading.title) for one in report.sections]
    sums = tuple(map(sum, zip(*rows, strict=True)))
    titles.append(tell(es="palabras en total", en="words in all"))
    lines = ["".join(f"{head:>10}" for head in heads)]
    for figures, title in zip([*rows, sums], titles, strict=True):
        lines.append(cut(f"{''.join(f'{figure:10}' for figure in figures)}  {title}", line_width()))
    return "\n".join(lines)


def _parts(parts: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in parts) or "–"


def _figures(section: Evidence) -> tuple[str, str, str, str, str, str]:
    dates = sorted(str(one.date) for one in section.excerpts if one.date.known)
    sources = {one.source.id for one in section.excerpts}
    counts = (section.heading.words, section.supportable_words, len(section.excerpts), len(sources))
    words, carry, excerpts, source_count = map(str, counts)
    return words, carry, excerpts, source_count, dates[0] if dates else "", dates[-1] if dates else ""


def _indented(section: Evidence) -> str:
    return "\u2003" * (section.heading.level - 1) + section.heading.title


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else words[:SHOWN].rsplit(" ", 1)[0] + " …"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return an HTML table, all to the left, whose first column is never broken."""
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in heads)
    body = "".join(
        f"<tr>{''.join(_cell(cell, first=not place) for place, cell in enumerate(row))}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str, *, first: bool) -> str:
    return f'<td style="text-align:left{";white-space:nowrap" if first else ""}">{escape(text)}</td>'


_GAPS: dict[GapKind, str] = {"silent": "nada", "thin": "poco", "old": "antiguo", "one-sided": "de un solo lado"}
