"""The command that writes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.completion import titles
from rag.cli.options import (
    AsOfOption,
    ConfigOption,
    IndexOption,
    JsonOption,
    ModelOption,
    ModelUrlOption,
    QuietOption,
    RetrievedOption,
    SinceOption,
    UndatedOption,
    UntilOption,
    asked_brief,
    command,
    limits_of,
    opened_index,
    overridden,
    print_json,
    remark,
    settings_of,
    shown,
)
from rag.errors import ModelError, RagError
from rag.language import tell

if TYPE_CHECKING:
    from rag.config import Config
    from rag.embed import Embedder
    from rag.index import Index
    from rag.plan.propose import Titler
    from rag.records import Brief, Report, TimeLimits
    from rag.report import Earlier
    from rag.run import Run
    from rag.surroundings import Surrounding


_Brief = Annotated[
    str,
    typer.Argument(
        help=tell(
            es="Un encargo, un tema entre comillas, o un texto o ejecución que escribir de nuevo.",
            en="A brief, a topic in quotes, or a text or run to write again.",
        ),
        show_default=False,
    ),
]
_Words = Annotated[
    int,
    typer.Option(
        min=0,
        help=tell(
            es="Extensión pedida; si no se dice, la del encargo.",
            en="Length asked for; the brief's own by default.",
        ),
    ),
]
_Language = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Idioma del texto (es, en …); si no se dice, el del encargo.",
            en="Language of the text (es, en …); the brief's by default.",
        )
    ),
]
_Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help=tell(
            es="FILE.md, .html, .docx, .pdf, .tex, .json, .csv, .bib o .csl.json.",
            en="FILE.md, .html, .docx, .pdf, .tex, .json, .csv, .bib or .csl.json.",
        ),
    ),
]
_Style = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Referencias según apa, vancouver, ieee o FILE.csl.",
            en="References by apa, vancouver, ieee or FILE.csl.",
        )
    ),
]
_Citations = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Cómo cita el texto: numbers, footnotes (al pie) o keys ([@clave] y un .bib al lado).",
            en="How the text cites: numbers, footnotes, or keys ([@key] and a .bib beside it).",
        )
    ),
]
_RunDir = Annotated[
    Path | None,
    typer.Option(
        help=tell(
            es="Carpeta en que se guarda la ejecución; si no se dice, una nueva en runs/.",
            en="Folder to keep the run in; a new one under runs/.",
        )
    ),
]
_Replay = Annotated[
    Path | None,
    typer.Option(
        help=tell(
            es="Vuelve a componer una ejecución guardada, sin modelo ni índice.",
            en="Render a kept run again, without model or index.",
        )
    ),
]
_Section = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Escribe de nuevo la sección de este epígrafe; las demás quedan como están.",
            en="Write this heading's section anew; the others stay as they are.",
        ),
        autocompletion=titles,
    ),
]
_Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help=tell(
            es="Sale con 3 si una frase escrita no se sostenía.",
            en="Exit 3 when a written sentence was unsupported.",
        ),
    ),
]


@command("write", es="Escribe un encargo (o un tema) con el índice y el material del encargo, citado y comprobado.")
def write_command(
    brief: _Brief = "",
    index: IndexOption = Path("index"),
    words: _Words = 0,
    language: _Language = "",
    retrieved: RetrievedOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    model: ModelOption = "",
    model_url: ModelUrlOption = "",
    output: _Output = None,
    style: _Style = "",
    citations: _Citations = "",
    run_dir: _RunDir = None,
    replay: _Replay = None,
    section: _Section = "",
    strict: _Strict = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a brief (or a topic) from the index and the brief's own material, cited and checked."""
    from rag.render import check_output, save, to_json, to_markdown, words_lines
    from rag.render.lines import finding_lines
    from rag.run import load_report

    _refuse_misuse(brief, replay, output, style or citations)
    settings = settings_of(config, model=model, model_url=model_url)
    if output:
        check_output(output, style=style, citations=citations)
    if replay:
        report = load_report(replay)
    else:
        limits = limits_of(since, until, as_of, undated)
        asked, again = _asked(brief, section, words, language, retrieved, limits)
        is_topic = again is None and not Path(brief).is_file()
        report = _written(asked, index, settings, run_dir, quiet, is_topic=is_topic, earlier=again)
    if output:
        around, run = _page_parts(report, index) if output.suffix.lower() == ".html" else ({}, None)
        save(report, output, style=style, citations=citations, surroundings=around, run=run)
    if as_json:
        print_json(to_json(report))
    elif not output:
        print(to_markdown(report), end="")
    findings = (finding_lines(one.section, one.check, one.sentence, one.reason) for one in report.findings)
    remark(quiet, *report.brief.remarks, *findings, words_lines(report))
    if strict and any(finding.verdict == "unsupported" for finding in report.findings):
        raise typer.Exit(3)


def _page_parts(report: Report, index: Path) -> tuple[dict[str, Surrounding], Run | None]:
    """Return what a page shows beside the report: what stands around its excerpts, as far as the index is here, and how
    its run went.
    """
    from rag.index import Index
    from rag.pipeline import surroundings_of
    from rag.run import RUN, load_run

    folder = Path(report.run_dir)
    run = load_run(folder) if report.run_dir and (folder / RUN).exists() else None
    if not (index / "catalog.sqlite3").exists():
        return surroundings_of(report, None), run
    with Index(index) as opened:
        return surroundings_of(report, opened), run


def _refuse_misuse(brief: str, replay: Path | None, output: Path | None, setting: str) -> None:
    """Raise `BadParameter` for arguments that do not go together; `setting` is how a file's citations are set."""
    if bool(brief) == bool(replay):
        raise typer.BadParameter(
            tell(es="da un encargo, o una ejecución con --replay", en="give a brief, or a run with --replay"),
            param_hint="BRIEF",
        )
    if setting and not output:
        raise typer.BadParameter(
            tell(es="un estilo es para un archivo: nómbralo con -o", en="a style sets a file: name one with -o"),
            param_hint="--style",
        )


def _asked(
    name: str, section: str, words: int, language: str, retrieved: str, limits: TimeLimits
) -> tuple[Brief, Earlier | None]:
    """Return what to write, and where that was written before what its earlier writing hands on."""
    from rag.revise import is_our_text, revise

    path = Path(name)
    if not (section or path.is_dir() or is_our_text(path)):
        return asked_brief(name, words, language, retrieved, limits), None
    if not path.exists():
        raise RagError(
            tell(
                es=f"{name}: no existe; --section admite un texto, un encargo ya escrito o la carpeta de una ejecución",
                en=f"{name}: does not exist; --section takes a text, a brief written before, or a run's folder",
            )
        )
    revision = revise(path, runs=Path("runs"), section=section)
    return overridden(revision.brief, words, language, limits), revision.earlier


def _written(
    brief: Brief,
    index: Path,
    settings: Config,
    run_dir: Path | None,
    quiet: bool,
    *,
    is_topic: bool,
    earlier: Earlier | None = None,
) -> Report:
    """Write a brief and keep the run; beside it the outline proposed for a topic."""
    from datetime import datetime

    from rag.pipeline import chain_writer, chat_titler, write_brief
    from rag.run import new_run_folder

    kept = run_dir or new_run_folder(Path("runs"), brief.topic, now=datetime.now().astimezone())
    go_on = tell(
        es=f"lo respondido se conserva: continúa con la misma orden y --run-dir {kept}",
        en=f"what was answered is kept: go on with the same command and --run-dir {kept}",
    )
    with shown(quiet) as progress, ExitStack() as stack:
        titler = chat_titler(settings, run_dir=kept)
        opened, embedder = stack.enter_context(opened_index(index, settings, quiet))
        if is_topic:
            progress.stage("gather")
            brief = outlined(brief, opened, embedder, settings, titler, save_to=kept / "proposed.md", quiet=quiet)
        asked = titler.exchanges if titler else ()
        writer = chain_writer(settings, run_dir=kept, progress=progress, asked=asked)
        try:
            return write_brief(
                brief, index=opened, embedder=embedder, writer=writer, config=settings, run_dir=kept,
                runs=Path("runs"), earlier=earlier, progress=progress,
            )  # fmt: skip
        except ModelError as error:
            raise ModelError(f"{error}; {go_on}") from error
        except KeyboardInterrupt as error:
            if writer is None:
                raise
            raise RagError(f"{tell(es='detenido', en='stopped')}; {go_on}") from error


def outlined(
    topic: Brief,
    index: Index | None,
    embedder: Embedder,
    settings: Config,
    titler: Titler | None,
    *,
    save_to: Path | None,
    quiet: bool,
) -> Brief:
    """Return a topic under the outline its evidence suggests, told of and saved as a brief to edit; or as it was where
    there is no more to say than one section.
    """
    from rag.pipeline import propose_outline
    from rag.plan.propose import save_outline

    brief = propose_outline(topic, index=index, embedder=embedder, config=settings, titler=titler)
    if save_to:
        save_outline(brief, save_to)
    if brief is not topic:
        titles = " · ".join(heading.title for heading in brief.headings)
        if save_to:
            where = tell(
                es=f"para cambiarlo, edita {save_to} y da ese archivo", en=f"to change it, edit {save_to} and give that"
            )
        else:
            where = tell(es="--outline FILE lo guarda", en="--outline FILE saves it")
        proposed = (
            tell(
                es="esquema propuesto con el modelo, por las fuentes",
                en="outline proposed with the model, from the sources",
            )
            if titler
            else tell(es="esquema propuesto por las fuentes", en="outline proposed from the sources")
        )
        remark(quiet, f"{proposed}: {titles}; {where}")
    return brief
