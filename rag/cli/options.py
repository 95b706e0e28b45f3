"""What commands share: the application, its options, and the way from words to briefs, limits and opened indexes."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.config import Config, load_config
from rag.errors import RagError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rag.embed import Embedder
    from rag.index import Index
    from rag.records import Brief, TimeLimits

app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

IndexOption = Annotated[Path, typer.Option("--index", help="Folder of the index.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="TOML file of settings.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.")]
SinceOption = Annotated[str, typer.Option(help="Only sources published on or after this: 2023, 2023-05, 2023-05-17.")]
UntilOption = Annotated[str, typer.Option(help="Only sources published on or before this.")]
AsOfOption = Annotated[str, typer.Option(help="As if it were this day: nothing later exists.")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="What each score is made of, and why the next fell out.")
]
ModelOption = Annotated[str, typer.Option(help="A chat model's name; without one the digest is written.")]
ModelUrlOption = Annotated[str, typer.Option(help="An OpenAI-compatible URL that serves it.")]
UndatedOption = Annotated[str, typer.Option(help="Undated sources: keep or drop (default: drop under a limit).")]


def settings_of(path: Path | None, *, embedder: str = "", model: str = "", model_url: str = "") -> Config:
    """Return the settings of a file and the environment; what the command line says wins."""
    from dataclasses import replace

    settings = load_config(path)
    return replace(
        settings,
        embedder=embedder or settings.embedder,
        model=model or settings.model,
        model_url=model_url or settings.model_url,
    )


def embedder_of(folder: Path) -> str:
    """Return the embedder an index was made with, so that adding to it needs no option; empty for a new index."""
    from rag.catalog import Catalog

    database = folder / "catalog.sqlite3"
    if not database.exists():
        return ""
    with Catalog(database) as catalog:
        return catalog.setting("embedder")


def limits_of(since: str, until: str, as_of: str, undated: str) -> TimeLimits:
    """Return the limits in time that the options set."""
    from rag.dates import time_limits

    if undated not in {"", "keep", "drop"}:
        raise typer.BadParameter(f"{undated!r} is neither keep nor drop", param_hint="--undated")
    return time_limits(since=since, until=until, as_of=as_of, undated=undated)


def day_of(words: str) -> date:
    """Return the day of `--retrieved`; today where none is given."""
    from datetime import datetime

    from rag.dates import parse_limit

    if not words:
        return datetime.now().astimezone().date()
    found = parse_limit(words)
    if found.precision != "day" or found.first is None:
        raise RagError(f"--retrieved: “{words}” is no day; write for instance 2024-05-17")
    return found.first


def asked_brief(name: str, words: int, language: str, retrieved: str, limits: TimeLimits) -> Brief:
    """Return the brief in a file, or one of a single section for a topic; what the command line says wins."""
    from rag.brief import read_brief, topic_brief
    from rag.dates import parse_limit
    from rag.errors import BriefError

    day: date | None = parse_limit(retrieved).first if retrieved else None
    if Path(name).is_file():
        brief = read_brief(Path(name), retrieved=day)
    elif "/" in name or "\\" in name or name.endswith((".md", ".txt")):
        raise BriefError(f"{name}: no such brief; name a file that exists, or give a topic in quotes")
    else:
        brief = topic_brief(name)
    return overridden(brief, words, language, limits)


def overridden(brief: Brief, words: int, language: str, limits: TimeLimits) -> Brief:
    """Return a brief with what the command line says of it."""
    from dataclasses import fields, replace

    given = {f.name: getattr(limits, f.name) for f in fields(limits) if getattr(limits, f.name) is not None}
    brief = replace(brief, limits=replace(brief.limits, **given))
    return replace(brief, words=words or brief.words, language=language or brief.language)


@contextmanager
def opened_index(folder: Path, settings: Config, quiet: bool) -> Iterator[tuple[Index | None, Embedder]]:
    """Open an index with the embedder that made it; where there is none, the embedder alone: material may be enough."""
    from rag.embed import open_embedder
    from rag.index import Index

    if not (folder / "catalog.sqlite3").exists():
        yield None, open_embedder(settings.embedder)
        return
    with Index(folder) as index:
        embedder = open_embedder(index.embedder_name)
        index.require(embedder)
        yield index, embedder
        remark_rebuilt(index, quiet)


def remark_rebuilt(index: Index, quiet: bool) -> None:
    """Tell of a vector store that opening had to mend."""
    if index.rebuilt:
        remark(quiet, f"the vector store was damaged: {index.rebuilt} chunks were put back, none embedded")


def remark(quiet: bool, *lines: str) -> None:
    """Say something beside the product, on stderr."""
    if not quiet:
        for line in lines:
            print(line, file=sys.stderr)


def as_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return a record as a dictionary."""
    from dataclasses import asdict

    return asdict(value)


def print_json(value: dict[str, Any]) -> None:
    """Print the one object of `--json`."""
    print(json.dumps(value, ensure_ascii=False, indent=1))
