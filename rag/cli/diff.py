"""The command that compares two writings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import ConfigOption, IndexOption, JsonOption, QuietOption, command, print_json
from rag.config import load_config
from rag.language import tell


@command("diff", es="Di qué ha cambiado de un texto a otro: secciones, evidencia, frases, fuentes, ajustes.")
def diff_command(
    before: Annotated[
        Path,
        typer.Argument(help=tell(es="La carpeta de una ejecución, en runs/.", en="The folder of a run, under runs/.")),
    ],
    after: Annotated[
        Path, typer.Argument(help=tell(es="La carpeta de una ejecución posterior.", en="The folder of a later run."))
    ],
    index: IndexOption = Path("index"),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say what changed from one writing to another: sections, evidence, sentences, sources, settings."""
    from rag.diff import compare_writings, load_writing
    from rag.render.diff import diff_json, diff_lines

    load_config(config)
    diff = compare_writings(load_writing(before), load_writing(after))
    if as_json:
        print_json(diff_json(diff))
    else:
        print(diff_lines(diff))
