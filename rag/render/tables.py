"""Excerpts and plans → tables: lines for a terminal, HTML for a notebook.

All text of sources is escaped; the HTML holds no script, no link and no style but a table's.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rag.language import say
from rag.render.published import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.records import Cost, Evidence, Excerpt, LeftOut, Report

LINE = 80
"""Columns of a terminal's line."""
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
    return _table(("date", "source", "text", "score", "key"), rows)


def plan_table(sections: Sequence[Evidence]) -> str:
    """Return a plan as an HTML table: a row a heading, with what it rests on."""
    rows = ((_indented(each), *_figures(each), each.missing) for each in sections)
    return _table(("heading", "words", "can carry", "excerpts", "sources", "from", "to", "missing"), rows)


def plan_lines(sections: Sequence[Evidence], *, explain: bool = False) -> str:
    """Return a plan as text: a line a heading, under it a line an excerpt, dates first, and what is missing with what
    to search for. With `explain` the parts of each score, and what was left out and why.
    """
    lines = []
    for section in sections:
        words, carry, excerpts, sources, first, last = _figures(section)
        rests = f"evidence for {carry}; {excerpts} excerpts, {sources} sources, {first or '–'} to {last or '–'}"
        lines.append(f"{section.heading.line}  [{words} words, {rests}]")
        if explain:
            lines.append(explain_lines(section.excerpts, section.left_out))
        else:
            lines += [
                f"  {str(one.date) or 'undated':10}  {one.title or one.path}  k:{one.key}" for one in section.excerpts
            ]
        lines += [f"  {section.missing}"] if section.missing else []
        for gap in section.gaps:
            lines.append(f"  {gap.kind}: {gap.reason}")
            lines += [f"    {language}  {searched}" for language, searched in gap.searches]
    return "\n".join(lines)


def explain_lines(excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut]) -> str:
    """Return what each excerpt's score is made of, then what was left out and why."""
    lines = []
    for rank, one in enumerate(excerpts, start=1):
        lines.append(f"{rank:3} {str(one.date) or 'undated':10}  {one.title or one.path}  k:{one.key}")
        lines.append(f"      {one.score:.4f} = {_parts(one.parts)}")
    for left in left_out:
        lines.append(f"  – {str(left.date) or 'undated':10}  {left.title or left.path}  k:{left.key}")
        lines.append(f"      {left.score:.4f} = {_parts(left.parts)}: {left.reason}")
    return "\n".join(lines)


def cost_line(cost: Cost) -> str:
    """Return what a model would be asked, as one line."""
    dollars = "price not known" if cost.price is None else f"about ${cost.price:.4f}"
    tokens = f"at most some {cost.input_tokens} tokens out and {cost.output_tokens} back"
    return f"A model would be asked {cost.calls} times: {tokens}; {dollars}"


def words_lines(report: Report) -> str:
    """Return the words asked for, written, and carried by the evidence, a line a heading."""
    from rag.verify import section_words  # with all checks, which showing what a search found does not need

    language = report.brief.language
    heads = say(language, es="pedidas escritas posibles", en="asked written carried").split()
    rows = [(one.heading.words, section_words(one), one.supportable_words) for one in report.sections]
    titles = ["  " * (one.heading.level - 1) + one.heading.title for one in report.sections]
    sums = tuple(map(sum, zip(*rows, strict=True)))
    titles.append(say(language, es="palabras en total", en="words in all"))
    lines = ["".join(f"{head:>10}" for head in heads)]
    for figures, title in zip([*rows, sums], titles, strict=True):
        lines.append(f"{''.join(f'{figure:10}' for figure in figures)}  {title}"[:LINE].rstrip())
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
