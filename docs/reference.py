"""The settings and the commands as pages, from the code itself. `make docs` writes them; a test holds them against it.

`python docs/reference.py` writes docs/en and docs/es; with a language it prints its pages, as JSON by file name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en", "es")
_VALUES = {"path": "FILE", "int": "N", "float": "N", "str": "TEXT"}


def pages(language: str) -> dict[str, str]:
    """Return the generated pages of a language by file name. The commands speak it only in a process of their own that
    was started with it.
    """
    return {"settings.md": _settings(language), "commands.md": _commands(language)}


def all_pages() -> dict[Path, str]:
    """Return every generated page by its path, each language from a process that speaks it."""
    found: dict[Path, str] = {}
    for language in LANGUAGES:
        spoken = {**os.environ, "RAG_LANGUAGE": language}
        run = subprocess.run([sys.executable, __file__, language], env=spoken, capture_output=True, check=True)
        found |= {HERE / language / name: text for name, text in json.loads(run.stdout).items()}
    return found


def _settings(language: str) -> str:
    from rag.config import Config

    spanish = language == "es"
    head = (
        "# Ajustes\n\nEn un archivo TOML (`rag.toml` junto a quien llama, o `--config FILE`), o en el entorno "
        "(`RAG_EXCERPTS=12`). Manda la línea de órdenes, luego el entorno, luego el archivo. Las claves de servicios "
        "no son ajustes: se quedan en el entorno.\n\n| ajuste | por defecto | por qué |\n|---|---|---|\n"
        if spanish
        else "# Settings\n\nIn a TOML file (`rag.toml` beside the caller, or `--config FILE`), or in the environment "
        "(`RAG_EXCERPTS=12`). The command line wins, then the environment, then the file. Keys of services are no "
        "settings: they stay in the environment.\n\n| setting | default | why |\n|---|---|---|\n"
    )
    rows = (f"| `{one.name}` | `{one.default!r}` | {one.metadata[language]} |" for one in fields(Config))
    return head + "\n".join(rows) + "\n"


def _commands(language: str) -> str:
    import typer

    from rag.cli import app

    title = "Órdenes" if language == "es" else "Commands"
    group = typer.main.get_command(app)
    parts = [f"# {title}"]
    for name, command in getattr(group, "commands", {}).items():
        parts.append("\n\n".join([f"## `rag {name}`", " ".join((command.help or "").split()), _options(command)]))
    return "\n\n".join(parts) + "\n"


def _options(command: Any) -> str:  # noqa: ANN401 - typer brings its own copy of click, without public types
    return "\n".join(f"- `{names}`{told}" for names, told in map(_option, command.params))


def _option(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    """Return how a parameter is written, and its help with its default."""
    if parameter.param_type_name == "argument":
        names = parameter.name.upper()
    else:
        names = ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {_VALUES[_kind(parameter)]}")
    words, default = parameter.help or "", parameter.default
    shown = "" if default in {None, "", False} or callable(default) else f" (`{default}`)"
    return names, f": {words}{shown}" if words or shown else ""


def _kind(parameter: Any) -> str:  # noqa: ANN401 - as above
    annotation = str(parameter.type_descriptor.annotation)
    return next((name for name in _VALUES if name in annotation.lower()), "str")


def main(arguments: list[str]) -> None:
    """Print the pages of one language, or write all."""
    if arguments:
        sys.stdout.write(json.dumps(pages(arguments[0])))
        return
    for path, text in all_pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    main(sys.argv[1:])
