"""The command that writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    AsOfOption,
    ConfigOption,
    IndexOption,
    JsonOption,
    ModelOption,
    ModelUrlOption,
    QuietOption,
    SinceOption,
    UndatedOption,
    UntilOption,
    app,
    asked_brief,
    limits_of,
    opened_index,
    overridden,
    print_json,
    remark,
    settings_of,
)

if TYPE_CHECKING:
    from rag.config import Config
    from rag.embed import Embedder
    from rag.index import Index
    from rag.records import Brief, Report, TimeLimits
    from rag.report import Earlier


@app.command("write")
def write_command(
    brief: Annotated[
        str, typer.Argument(help="A brief, a topic in quotes, or a text or run to write again.", show_default=False)
    ] = "",
    index: IndexOption = Path("index"),
    words: Annotated[int, typer.Option(min=0, help="Length asked for; the brief's own by default.")] = 0,
    language: Annotated[str, typer.Option(help="Language of the text (es, en …); the brief's by default.")] = "",
    retrieved: Annotated[str, typer.Option(help="Day the material was retrieved: dates “1 day ago”.")] = "",
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    model: ModelOption = "",
    model_url: ModelUrlOption = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="FILE.md or FILE.json.")] = None,
    run_dir: Annotated[Path | None, typer.Option(help="Folder to keep the run in; a new one under runs/.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Render a kept run again, without model or index.")] = None,
    section: Annotated[str, typer.Option(help="Write this heading's section anew; the others stay as they are.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when a written sentence was unsupported.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a brief (or a topic) from the index and the brief's own material, cited and checked."""
    from rag.render import check_output, save, to_json, to_markdown, words_lines
    from rag.run import load_report

    if bool(brief) == bool(replay):
        raise typer.BadParameter("give a brief, or a run with --replay", param_hint="BRIEF")
    settings = settings_of(config, model=model, model_url=model_url)
    if output:
        check_output(output)
    if replay:
        report = load_report(replay)
    else:
        limits = limits_of(since, until, as_of, undated)
        asked, again = _asked(brief, section, words, language, retrieved, limits)
        is_topic = again is None and not Path(brief).is_file()
        report = _written(asked, index, settings, run_dir, quiet, is_topic=is_topic, earlier=again)
    if output:
        save(report, output)
    if as_json:
        print_json(to_json(report))
    elif not output:
        print(to_markdown(report), end="")
    findings = (f"{f.section}: {f.check}: {f.reason}: {f.sentence}" for f in report.findings)
    remark(quiet, *report.brief.remarks, *findings, words_lines(report))
    if strict and any(finding.verdict == "unsupported" for finding in report.findings):
        raise typer.Exit(3)


def _asked(
    name: str, section: str, words: int, language: str, retrieved: str, limits: TimeLimits
) -> tuple[Brief, Earlier | None]:
    """Return what to write, and where that was written before what its earlier writing hands on."""
    from rag.errors import RagError
    from rag.revise import is_our_text, revise

    path = Path(name)
    if not (section or path.is_dir() or is_our_text(path)):
        return asked_brief(name, words, language, retrieved, limits), None
    if not path.exists():
        raise RagError(f"{name}: does not exist; --section takes a text, a brief written before, or a run's folder")
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

    from rag.errors import ModelError
    from rag.pipeline import chain_writer, write_brief
    from rag.run import new_run_folder

    kept = run_dir or new_run_folder(Path("runs"), brief.topic, now=datetime.now().astimezone())
    writer = chain_writer(settings, run_dir=kept)
    with opened_index(index, settings, quiet) as (opened, embedder):
        if is_topic:
            brief = outlined(brief, opened, embedder, settings, save_to=kept / "proposed.md", quiet=quiet)
        try:
            return write_brief(
                brief, index=opened, embedder=embedder, writer=writer, config=settings, run_dir=kept,
                runs=Path("runs"), earlier=earlier,
            )  # fmt: skip
        except ModelError as error:
            raise ModelError(
                f"{error}; what was answered is kept: go on with the same command and --run-dir {kept}"
            ) from error


def outlined(
    topic: Brief, index: Index | None, embedder: Embedder, settings: Config, *, save_to: Path | None, quiet: bool
) -> Brief:
    """Return a topic under the outline its evidence suggests, told of and saved as a brief to edit; or as it was where
    there is no more to say than one section.
    """
    from rag.pipeline import propose_outline
    from rag.plan.propose import save_outline

    brief = propose_outline(topic, index=index, embedder=embedder, config=settings)
    if save_to:
        save_outline(brief, save_to)
    if brief is not topic:
        titles = " · ".join(heading.title for heading in brief.headings)
        where = f"; to change it, edit {save_to} and give that" if save_to else "; --outline FILE saves it"
        remark(quiet, f"outline proposed from the sources: {titles}{where}")
    return brief
