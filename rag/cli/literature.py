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
    app,
    as_fields,
    day_of,
    embedder_of,
    print_json,
    remark,
    settings_of,
)
from rag.config import load_config
from rag.errors import RagError

if TYPE_CHECKING:
    from rag.folder import Changes


@app.command("index")
def index_command(
    corpus: Annotated[Path, typer.Argument(help="Folder of the literature.")] = Path("corpus"),
    index: IndexOption = Path("index"),
    embedder: Annotated[str, typer.Option(help="bundled, or a sentence-transformers model by name or folder.")] = "",
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Compare every file byte by byte.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when a file cannot be read.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read, split, embed and store what is new in a folder."""
    from rag.pipeline import index_folder, plan_index
    from rag.progress import Bars, Progress

    settings = settings_of(config, embedder=embedder or embedder_of(index))
    if plan:
        _print_changes(plan_index(corpus, index, verify=verify), as_json=as_json)
        return
    try:
        with Progress() if quiet else Bars() as progress:
            result = index_folder(corpus, index, config=settings, verify=verify, progress=progress)
    except KeyboardInterrupt as error:
        raise RagError("stopped; what is done is kept, and the same command goes on from here") from error
    if as_json:
        named = [{"path": path, "reason": reason} for path, reason in result.failed]
        skipped = [{"path": path, "reason": reason} for path, reason in result.skipped]
        remarks = [{"path": path, "remark": remark} for path, remark in result.remarks]
        print_json(as_fields(result) | {"failed": named, "skipped": skipped, "remarks": remarks})
    else:
        print(
            f"{result.documents} documents, {result.chunks} chunks, {result.undated} undated. Files: {result.new} new, "
            f"{result.changed} changed, {result.moved} moved, {result.removed} removed, {result.unchanged} unchanged. "
            f"Chunks: {result.embedded} embedded, {result.reused} reused. {result.seconds:.1f} s."
        )
        remark(quiet, *(f"skipped {path}: {reason}" for path, reason in result.skipped))
        remark(quiet, *(f"{path}: {remark}" for path, remark in result.remarks))
        for path, reason in result.failed:
            print(f"not read: {path}: {reason}", file=sys.stderr)
    if strict and result.failed:
        raise typer.Exit(3)


@app.command("add")
def add_command(
    file: Annotated[str, typer.Argument(help="A file of pasted search results; - for what is piped in.")] = "-",
    corpus: Annotated[Path, typer.Option(help="Folder of the literature.")] = Path("corpus"),
    retrieved: Annotated[str, typer.Option(help="Day they were found; today by default.")] = "",
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
        remark(quiet, "paste the search results, then press Ctrl-D (Windows: Ctrl-Z and Enter)")
    text = read_paste(sys.stdin.buffer.read() if file == "-" else Path(file))
    pasted = paste(text, retrieved=day, corpus=corpus)
    if as_json:
        print_json(pasted_json(pasted))
    else:
        print(pasted_lines(pasted))
    remark(quiet, *(f"left out: {line}" for line in pasted.left_out))


def _print_changes(changes: Changes, *, as_json: bool) -> None:
    """Print what indexing would find: a line a file that is not unchanged, or the counts."""
    kinds = ("new", "changed", "moved", "removed", "unchanged")
    if as_json:
        print_json({kind: len(getattr(changes, kind)) for kind in kinds})
        return
    for kind in kinds[:-1]:
        for path in getattr(changes, kind):
            print(f"{kind:8} {' -> '.join(path) if isinstance(path, tuple) else path}")
    print(f"{len(changes.unchanged)} unchanged")
