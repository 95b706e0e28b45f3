"""Commands that look after an index: status, doctor."""

from __future__ import annotations

from pathlib import Path

import typer

from rag.cli.options import (
    ConfigOption,
    IndexOption,
    JsonOption,
    QuietOption,
    app,
    as_fields,
    print_json,
)
from rag.config import load_config


@app.command("status")
def status_command(
    index: IndexOption = Path("index"),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say what an index holds."""
    from rag.health import read_status
    from rag.index import Index

    load_config(config)
    with Index(index) as opened:
        status = as_fields(read_status(opened))
    status |= {"from": status.pop("first") or None, "to": status.pop("last") or None}
    if as_json:
        print_json(status)
    else:
        print("\n".join(f"{name:12} {_said(value)}" for name, value in status.items()))


@app.command("doctor")
def doctor_command(
    index: IndexOption = Path("index"),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Name what ails an index, each with what mends it; exit 3 when something does."""
    from rag.health import examine

    load_config(config)
    problems = examine(index)
    if as_json:
        print_json({"problems": [as_fields(problem) for problem in problems]})
    else:
        print("\n".join(f"{one.where}: {one.what}. {one.remedy}" for one in problems) or "nothing found")
    if problems:
        raise typer.Exit(3)


def _said(value: object) -> str:
    return ", ".join(f"{name} {count}" for name, count in value.items()) if isinstance(value, dict) else str(value)
