"""Dates as documents and search snippets write them: text -> `PublicationDate`, running text -> dated `Snippet`s.

A small grammar for dates that stand alone ("Mar 8, 2023", "8 de marzo de 2023", "2023-03", "hace 3 días"), the limits
people set, and the prefixes search engines print before a snippet. It does not look for dates inside prose, reads no
file times, and never guesses: what is impossible, ambiguous or relative to an unknown day stays undated and keeps the
source's own words.
"""

from rag.dates.expressions import interval, parse_date
from rag.dates.limits import parse_limit, time_limits
from rag.dates.prefixes import Snippet, split_snippets
from rag.dates.wording import format_date

__all__ = ["Snippet", "format_date", "interval", "parse_date", "parse_limit", "split_snippets", "time_limits"]
