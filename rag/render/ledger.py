"""A checked report → a table in CSV, a row for each sentence and each thing it cites, to sort and filter.

A cell that a spreadsheet would compute begins with an apostrophe, which it shows as text. Report -> str
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from rag.render.wording import address, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.records import CheckedSection, Excerpt, NumberedSource, Report, Sentence

COLUMNS = (
    "section", "kind", "sentence", "use", "number", "key", "quote", "excerpt", "source", "authors", "date",
    "precision", "date_text", "place", "address", "verdict", "reason",
)  # fmt: skip
_COMPUTED = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet takes for a formula, also written wide."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def to_ledger(report: Report) -> str:
    """Return the table, lines ended as RFC 4180 has it; `use` is cited, or offered to the author's own sentence.

    A sentence that cites nothing has a row of its own.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    held = {excerpt.key: (entry, excerpt) for entry in report.sources for excerpt in entry.excerpts}
    for section in report.sections:
        for sentence in (*section.author, *section.written):
            rows.writerows(map(_cell, row) for row in _rows(section, sentence, held))
    return out.getvalue()


def _rows(
    section: CheckedSection, sentence: Sentence, held: Mapping[str, tuple[NumberedSource, Excerpt]]
) -> Iterator[tuple[str, ...]]:
    uses = [("cited", one.key, one.quote) for one in sentence.citations]
    uses += [("offered", key, "") for key in sentence.offers if key in held]
    for use, key, quote in uses or [("", "", "")]:
        source = _source(*held[key]) if key in held else ("",) * 8
        number = str(held[key][0].number) if key in held else ""
        yield (
            section.heading.title, sentence.kind, sentence.text, use, number, key, quote, *source, sentence.verdict,
            sentence.reason,
        )  # fmt: skip


def _source(entry: NumberedSource, excerpt: Excerpt) -> tuple[str, ...]:
    """Return the cells from `excerpt` to `address`."""
    source = entry.source
    place = " › ".join(filter(None, (pages([excerpt]), *excerpt.heading_path)))
    return (
        excerpt.text, source.title or excerpt.path, "; ".join(source.authors), str(source.date),
        source.date.precision or "", source.date.text, place, address(source),
    )  # fmt: skip


def _cell(text: str) -> str:
    """Return a cell's text, none of which a spreadsheet computes."""
    plain = _UNSEEN.sub("", text)
    return f"'{plain}" if _COMPUTED.match(plain) else plain
