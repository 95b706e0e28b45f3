"""Two runs → what changed between them, as a table that shows itself and as rows.

Tells what `rag.diff` found, and finds nothing itself. Text of sources is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.diff import compare_writings, load_writing
from rag.render.diff import diff_json, diff_lines

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from rag.diff import Diff

_SIGNS = {"added": "+", "removed": "−", "changed": "~", "moved": "↕"}
_BEHIND = {"excerpt", "source"}  # what stands behind the text: shown when asked for
_COLUMNS = ("section", "what", "change", "date", "before", "after")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to a later one: shows as a table; `rows` are for a frame."""

    diff: Diff

    def __bool__(self) -> bool:
        return bool(self.diff)

    def __repr__(self) -> str:
        return diff_lines(self.diff)

    def _repr_html_(self) -> str:
        rows = self.rows()
        if not rows:
            return "nothing differs"
        text = [row for row in rows if row["what"] not in _BEHIND]
        behind = [row for row in rows if row["what"] in _BEHIND]
        opened = f"<details><summary>evidence: {len(behind)} changes</summary>{_table(behind)}</details>"
        return _table(text) + (opened if behind else "")

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a setting, section, sentence, excerpt or source that was added, removed, changed or moved."""
        told = diff_json(self.diff)
        settings = (_row("", one["name"], "changed", one["before"], one["after"]) for one in told["settings"])
        sections = (row for section in told["sections"] for row in _section_rows(section))
        return [*settings, *sections, *_turnover_rows("", "source cited", told["sources"])]


def compare_runs(before: str | os.PathLike[str], after: str | os.PathLike[str]) -> Comparison:
    """Return what changed from the run in one folder to that in another.

    Raises `RagError` where either is not a finished run.
    """
    return Comparison(compare_writings(load_writing(Path(before)), load_writing(Path(after))))


def _section_rows(section: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    before, after = section["before"], section["after"]
    title = (after or before)["title"]
    if section["change"] != "kept":
        yield _row(title, "section", section["change"], *(one and one["title"] for one in (before, after)))
    for one in section["sentences"]:
        yield _row(title, "sentence", one["change"], *(one[side] and one[side]["text"] for side in ("before", "after")))
    yield from _turnover_rows(title, "excerpt", section["evidence"])
    yield from _turnover_rows(title, "source", section["literature"])


def _turnover_rows(title: str, what: str, turnover: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in turnover["new"]:
        yield _row(title, what, "added", None, one.get("text") or _name(one), date=_date(one))
    for one in turnover["gone"]:
        yield _row(title, what, "removed", one.get("text") or _name(one), None, date=_date(one))


def _row(section: str, what: str, change: str, before: object, after: object, *, date: str = "") -> dict[str, Any]:
    return dict(zip(_COLUMNS, (section, what, change, date, before, after), strict=True))


def _name(source: Mapping[str, Any]) -> str:
    return str(source["title"] or source["url"] or source["path"])


def _date(one: Mapping[str, Any]) -> str:
    return str(one.get("source", one)["date"] or "")


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as an HTML table under the titles of their sections: sign, kind, date, and what it was and is."""
    body = ""
    for title, held in groupby(rows, key=itemgetter("section")):
        body += f'<tr><th colspan="4" style="text-align:left">{escape(title) or "the whole text"}</th></tr>'
        body += "".join(map(_row_html, held))
    return f"<table><tbody>{body}</tbody></table>"


def _row_html(row: Mapping[str, Any]) -> str:
    before, after = ("–" if row[side] in {None, ""} else str(row[side]) for side in ("before", "after"))
    if row["change"] in {"added", "removed"}:
        words = escape(after if row["change"] == "added" else before)
    elif row["what"] == "sentence":
        words = _parted(before, after)
    else:
        words = f"{escape(before)} → {escape(after)}"
    cells = (_SIGNS[row["change"]], escape(row["what"]), escape(row["date"]), words)
    return f"<tr>{''.join(map(_cell, cells))}</tr>"


def _cell(html: str) -> str:
    return f'<td style="text-align:left;vertical-align:top">{html}</td>'


def _parted(before: str, after: str) -> str:
    """Return a sentence in both wordings at once: what is gone struck out, what is new underlined."""
    was, now = before.split(), after.split()
    words = []
    for same, i, j, k, m in SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        words += (
            [escape(" ".join(was[i:j]))] if same == "equal" else [_tagged("del", was[i:j]), _tagged("ins", now[k:m])]
        )
    return " ".join(filter(None, words))


def _tagged(tag: str, words: Sequence[str]) -> str:
    return f"<{tag}>{escape(' '.join(words))}</{tag}>" if words else ""
