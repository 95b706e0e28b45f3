"""When a source was published, and when again, in words: Source -> str."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.language import say

if TYPE_CHECKING:
    from rag.records import Source


def published(source: Source, language: str, *, short: bool = False) -> str:
    """Return a source's date as precisely as it is known, and after it when its text appeared last.

    8 de marzo de 2023 (publicado de nuevo en abril de 2024); `short`: 8 March 2023 (again in April 2024).
    """
    first, again = format_date(source.date, language), source.republished
    if not again.known:
        return first
    day = again.precision == "day"
    when = say(language, es="el" if day else "en", en="on" if day else "in") + f" {format_date(again, language)}"
    how = "" if short else say(language, es="publicado ", en="published ")
    return f"{first} ({how}{say(language, es='de nuevo', en='again')} {when})"
