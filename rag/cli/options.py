"""What commands share: the application, its options, and the way from words to briefs, limits and opened indexes."""

from __future__ import annotations

import inspect
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from rag.config import Config, load_config
from rag.errors import RagError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from rag.embed import Embedder
    from rag.index import Index
    from rag.progress import Progress
    from rag.records import Brief, TimeLimits

Command = TypeVar("Command", bound="Callable[..., None]")

app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

IndexOption = Annotated[Path, typer.Option("--index", help=tell(es="Carpeta del índice.", en="Folder of the index."))]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help=tell(es="Archivo TOML de ajustes.", en="TOML file of settings."))
]
JsonOption = Annotated[
    bool, typer.Option("--json", help=tell(es="Imprime un objeto JSON.", en="Print one JSON object."))
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", help=tell(es="Sin progreso ni avisos.", en="No progress, no remarks."))
]
SinceOption = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Solo fuentes publicadas desde entonces: 2023, 2023-05, 2023-05-17.",
            en="Only sources published on or after this: 2023, 2023-05, 2023-05-17.",
        )
    ),
]
UntilOption = Annotated[
    str,
    typer.Option(
        help=tell(es="Solo fuentes publicadas hasta entonces.", en="Only sources published on or before this.")
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Como si fuera ese día: no existe nada posterior.", en="As if it were this day: nothing later exists."
        )
    ),
]
ExplainOption = Annotated[
    bool,
    typer.Option(
        "--explain",
        help=tell(
            es="De qué se compone cada puntuación, y por qué cayeron los siguientes.",
            en="What each score is made of, and why the next fell out.",
        ),
    ),
]
ModelOption = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Nombre de un modelo de chat; sin él se escribe el digesto.",
            en="A chat model's name; without one the digest is written.",
        )
    ),
]
ModelUrlOption = Annotated[
    str,
    typer.Option(
        help=tell(es="URL compatible con OpenAI que lo sirve.", en="An OpenAI-compatible URL that serves it.")
    ),
]
UndatedOption = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Fuentes sin fecha: keep (quedan) o drop (fuera; lo normal bajo un límite).",
            en="Undated sources: keep or drop (default: drop under a limit).",
        )
    ),
]

RetrievedOption = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Día en que se consultó el material: fecha «hace 1 día».",
            en="Day the material was retrieved: dates “1 day ago”.",
        )
    ),
]


def command(name: str, *, es: str) -> Callable[[Command], Command]:
    """Register a command under a name. Its help is its docstring, and in Spanish `es`."""

    def registered(function: Command) -> Command:
        said = tell(es=es, en=" ".join((inspect.getdoc(function) or "").split()))
        return app.command(name, help=said, short_help=said)(function)

    return registered


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
        raise typer.BadParameter(
            tell(es=f"{undated!r} no es keep ni drop", en=f"{undated!r} is neither keep nor drop"),
            param_hint="--undated",
        )
    return time_limits(since=since, until=until, as_of=as_of, undated=undated)


def day_of(words: str) -> date:
    """Return the day of `--retrieved`; today where none is given."""
    from datetime import datetime

    from rag.dates import parse_limit

    if not words:
        return datetime.now().astimezone().date()
    found = parse_limit(words)
    if found.precision != "day" or found.first is None:
        raise RagError(
            tell(
                es=f"--retrieved: «{words}» no es un día; escribe por ejemplo 2024-05-17",
                en=f"--retrieved: “{words}” is no day; write for instance 2024-05-17",
            )
        )
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
        raise BriefError(
            tell(
                es=f"{name}: no existe ese encargo; nombra un archivo que exista, o da un tema entre comillas",
                en=f"{name}: no such brief; name a file that exists, or give a topic in quotes",
            )
        )
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
    put_back = index.rebuilt
    if put_back:
        remark(
            quiet,
            tell(
                es=f"el almacén de vectores estaba dañado: se han repuesto {put_back} fragmentos, ninguno codificado",
                en=f"the vector store was damaged: {put_back} chunks were put back, none embedded",
            ),
        )


def shown(quiet: bool) -> Progress:
    """Return what shows how far a command is: bars on a terminal, unless it shall be quiet."""
    from rag.progress import Bars, Progress

    return Progress() if quiet else Bars()


def remark(quiet: bool, *lines: str) -> None:
    """Say something beside the product, on stderr; what is longer than a terminal's line is wrapped there."""
    from rag.render.columns import line_width, wrapped

    width = line_width() if sys.stderr.isatty() else sys.maxsize
    for line in () if quiet else lines:
        print(wrapped(line, width) if width < len(line) and "\n" not in line else line, file=sys.stderr)


def as_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return a record as a dictionary."""
    from dataclasses import asdict

    return asdict(value)


def print_json(value: dict[str, Any]) -> None:
    """Print the one object of `--json`."""
    print(json.dumps(value, ensure_ascii=False, indent=1))
