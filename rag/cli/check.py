"""The command that checks a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    ConfigOption,
    IndexOption,
    JsonOption,
    QuietOption,
    app,
    opened_index,
    print_json,
    remark,
)
from rag.config import load_config

if TYPE_CHECKING:
    from rag.checkup import Checkup


@app.command("check")
def check_command(
    draft: Annotated[Path, typer.Argument(help="A text that `rag write` made, perhaps edited by hand.")],
    index: IndexOption = Path("index"),
    runs: Annotated[Path, typer.Option(help="Folder of kept runs: where a brief's own material is found.")] = Path(
        "runs"
    ),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a draft against what it cites, line by line; exit 3 when something is found."""
    from rag.checkup import checkup_json
    from rag.pipeline import check_draft

    settings = load_config(config)
    with opened_index(index, settings, quiet) as (opened, embedder):
        checkup = check_draft(draft, index=opened, embedder=embedder, runs=runs)
    if as_json:
        print_json(checkup_json(checkup))
    else:
        lines = (f"{draft}:{one.line}: {one.check}: {one.reason}{_offered(one.offer)}" for one in checkup.findings)
        print("\n".join(lines) or "nothing found")
        remark(quiet, _coverage_line(checkup))
    if checkup.findings:
        raise typer.Exit(3)


def _offered(keys: tuple[str, ...]) -> str:
    return f" (could cite {', '.join(f'k:{key}' for key in keys)})" if keys else ""


def _coverage_line(checkup: Checkup) -> str:
    """Say how far the checks saw, beside what they found."""
    seen = checkup.coverage
    proven = checkup.control is not None and checkup.control.passed
    return (
        f"{seen.sentences} sentences: {seen.verbatim} verbatim, {seen.checkable} others cite something; their keys, "
        f"quotations, figures and dates were compared, their meaning was not. Control "
        f"{'passed' if proven else 'not passed: treat this as not checked'}."
    )
