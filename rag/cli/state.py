"""Commands that look after an index: status, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rag.cli.options import (
    ConfigOption,
    IndexOption,
    JsonOption,
    QuietOption,
    as_fields,
    command,
    print_json,
)
from rag.config import load_config
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator


@command("status", es="Di qué contiene un índice.")
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
        print("\n".join(_rows(status)))


@command("doctor", es="Nombra lo que le pasa a un índice y qué lo remedia; sale con 3 si le pasa algo.")
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
        said = (f"{one.where}: {one.what}\n    {one.remedy}" for one in problems)
        print("\n".join(said) or tell(es="nada que señalar", en="nothing found"))
    if problems:
        raise typer.Exit(3)


def _rows(status: dict[str, Any]) -> Iterator[str]:
    """Give what an index holds, a line each, what wraps under its own beginning."""
    from rag.render.columns import line_width, wrapped

    names = {name: tell(es=_NAMES[name], en=name) for name in status}
    margin = max(map(len, names.values())) + 2
    for name, value in status.items():
        text = ", ".join(f"{one} {count}" for one, count in value.items()) if isinstance(value, dict) else value
        shown = wrapped("–" if text in {None, ""} else str(text), line_width(), indent=margin)
        yield f"{names[name]:{margin}}{shown.lstrip()}"


_NAMES = {
    "documents": "documentos",
    "chunks": "fragmentos",
    "embedded": "codificados",
    "waiting": "en espera",
    "failed": "no leídos",
    "undated": "sin fecha",
    "languages": "idiomas",
    "formats": "formatos",
    "from": "desde",
    "to": "hasta",
    "embedder": "codificador",
    "fingerprint": "huella",
}
