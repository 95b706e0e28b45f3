"""Commands that bring literature in: index, add."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    ConfigOption,
    IndexOption,
    JsonOption,
    QuietOption,
    as_fields,
    command,
    day_of,
    embedder_of,
    print_json,
    remark,
    settings_of,
    shown,
)
from rag.config import load_config
from rag.errors import RagError
from rag.language import tell

if TYPE_CHECKING:
    from rag.folder import Changes
    from rag.pipeline import IndexResult

CORPUS = tell(es="Carpeta de la literatura.", en="Folder of the literature.")

_Corpus = Annotated[Path, typer.Argument(help=CORPUS)]
_Embedder = Annotated[
    str,
    typer.Option(
        help=tell(
            es="bundled, o un modelo de sentence-transformers por su nombre o carpeta.",
            en="bundled, or a sentence-transformers model by name or folder.",
        )
    ),
]
_Plan = Annotated[
    bool, typer.Option("--plan", help=tell(es="Di solo qué se haría.", en="Only say what would be done."))
]
_Verify = Annotated[
    bool,
    typer.Option("--verify", help=tell(es="Compara cada archivo byte a byte.", en="Compare every file byte by byte.")),
]
_Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help=tell(es="Sale con 3 si un archivo no se puede leer.", en="Exit 3 when a file cannot be read."),
    ),
]


@command("index", es="Lee, divide, codifica y guarda lo nuevo de una carpeta.")
def index_command(
    corpus: _Corpus = Path("corpus"),
    index: IndexOption = Path("index"),
    embedder: _Embedder = "",
    plan: _Plan = False,
    verify: _Verify = False,
    strict: _Strict = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read, split, embed and store what is new in a folder."""
    from rag.pipeline import index_folder, plan_index

    settings = settings_of(config, embedder=embedder or embedder_of(index))
    if plan:
        _print_changes(plan_index(corpus, index, verify=verify), as_json=as_json)
        return
    try:
        with shown(quiet) as progress:
            result = index_folder(corpus, index, config=settings, verify=verify, progress=progress)
    except KeyboardInterrupt as error:
        raise RagError(
            tell(
                es="detenido; lo hecho se conserva, y la misma orden continúa desde aquí",
                en="stopped; what is done is kept, and the same command goes on from here",
            )
        ) from error
    if as_json:
        named = [{"path": path, "reason": reason} for path, reason in result.failed]
        skipped = [{"path": path, "reason": reason} for path, reason in result.skipped]
        remarks = [{"path": path, "remark": said} for path, said in result.remarks]
        print_json(as_fields(result) | {"failed": named, "skipped": skipped, "remarks": remarks})
    else:
        print(_summary(result))
        left_out = tell(es="saltado", en="skipped")
        remark(quiet, *(f"{left_out} {path}: {reason}" for path, reason in result.skipped))
        remark(quiet, *(f"{path}: {said}" for path, said in result.remarks))
        for path, reason in result.failed:
            print(f"{tell(es='no leído', en='not read')}: {path}: {reason}", file=sys.stderr)
    if strict and result.failed:
        raise typer.Exit(3)


@command(
    "add",
    es="Guarda en el corpus resultados de búsqueda pegados: fechados por el día en que se hallaron, cada uno una vez.",
)
def add_command(
    file: Annotated[
        str,
        typer.Argument(
            help=tell(
                es="Un archivo de resultados de búsqueda pegados; - para lo que llega por la entrada.",
                en="A file of pasted search results; - for what is piped in.",
            )
        ),
    ] = "-",
    corpus: Annotated[Path, typer.Option(help=CORPUS)] = Path("corpus"),
    retrieved: Annotated[
        str,
        typer.Option(
            help=tell(es="Día en que se hallaron; si no se dice, hoy.", en="Day they were found; today by default.")
        ),
    ] = "",
    index: IndexOption = Path("index"),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Save pasted search results under the corpus: dated by the day they were found, split, each once."""
    from rag.paste import paste, read_paste
    from rag.render import pasted_json, pasted_lines

    load_config(config)
    day = day_of(retrieved)
    if file == "-" and sys.stdin.isatty():
        remark(
            quiet,
            tell(
                es="pega los resultados de la búsqueda y pulsa Ctrl-D (Windows: Ctrl-Z e Intro)",
                en="paste the search results, then press Ctrl-D (Windows: Ctrl-Z and Enter)",
            ),
        )
    text = read_paste(sys.stdin.buffer.read() if file == "-" else Path(file))
    pasted = paste(text, retrieved=day, corpus=corpus)
    if as_json:
        print_json(pasted_json(pasted))
    else:
        print(pasted_lines(pasted))
    remark(quiet, *(f"{tell(es='descartado', en='left out')}: {line}" for line in pasted.left_out))


def _summary(result: IndexResult) -> str:
    """Return what the index holds and what became of files and chunks, wrapped."""
    from rag.render.columns import line_width, wrapped

    said = tell(
        es=f"{result.documents} documentos, {result.chunks} fragmentos, {result.undated} sin fecha. Archivos: "
        f"{result.new} nuevos, {result.changed} cambiados, {result.moved} movidos, {result.removed} quitados, "
        f"{result.unchanged} sin cambios. Fragmentos: {result.embedded} codificados, {result.reused} reutilizados. "
        f"{result.seconds:.1f} s.",
        en=f"{result.documents} documents, {result.chunks} chunks, {result.undated} undated. Files: {result.new} new, "
        f"{result.changed} changed, {result.moved} moved, {result.removed} removed, {result.unchanged} unchanged. "
        f"Chunks: {result.embedded} embedded, {result.reused} reused. {result.seconds:.1f} s.",
    )
    return wrapped(said, line_width())


def _print_changes(changes: Changes, *, as_json: bool) -> None:
    """Print what indexing would find: a line a file that is not unchanged, or the counts."""
    kinds = ("new", "changed", "moved", "removed", "unchanged")
    if as_json:
        print_json({kind: len(getattr(changes, kind)) for kind in kinds})
        return
    for kind in kinds[:-1]:
        for path in getattr(changes, kind):
            print(f"{tell(es=_KINDS[kind], en=kind):8} {' -> '.join(path) if isinstance(path, tuple) else path}")
    print(f"{len(changes.unchanged)} {tell(es='sin cambios', en='unchanged')}")


_KINDS = {"new": "nuevo", "changed": "cambiado", "moved": "movido", "removed": "quitado"}
