"""What a shell completes beside names of commands, options and files: the headings of a text."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002 - typer reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator


def titles(context: typer.Context) -> list[str]:
    """Return the headings of the text or brief that the command names before."""
    named = [*context.args, str(context.params.get("brief", ""))]  # what is typed last does not parse yet
    return [_as_word(title) for title in _titles(Path(named[0]))]


def _titles(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    yield from (line.strip().lstrip("#").strip() for line in lines if line.lstrip().startswith("#"))


def _as_word(title: str) -> str:
    """Return a title as its shell takes it for one word: bash puts in what it is given, others quote it."""
    begun = os.environ.get("COMP_WORDS", "").split("\n")[-1]
    if os.environ.get("_RAG_COMPLETE") != "complete_bash" or begun.startswith(("'", '"')):
        return title
    return re.sub(r"(\W)", r"\\\1", title)
