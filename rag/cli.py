"""The command line: words in, one call, words out.

The product goes to stdout, progress and remarks to stderr. Exit status: 0 done, 1 the input or the run failed (one
clear line), 2 usage, 3 findings under --strict.
"""

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

    from rag.checkup import Checkup
    from rag.embed import Embedder
    from rag.folder import Changes
    from rag.index import Index
    from rag.records import Brief, Report, TimeLimits

app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

IndexOption = Annotated[Path, typer.Option("--index", help="Folder of the index.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="TOML file of settings.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.")]
SinceOption = Annotated[str, typer.Option(help="Only sources published on or after this: 2023, 2023-05, 2023-05-17.")]
UntilOption = Annotated[str, typer.Option(help="Only sources published on or before this.")]
AsOfOption = Annotated[str, typer.Option(help="As if it were this day: nothing later exists.")]
UndatedOption = Annotated[str, typer.Option(help="Undated sources: keep or drop (default: drop under a limit).")]


@app.callback()
def _about() -> None:
    """Turn a folder of literature and dated search snippets into a written, cited, checked text."""


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

    settings = _settings(config, embedder=embedder or _embedder_of(index))
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
        _print_json(_fields(result) | {"failed": named, "skipped": skipped, "remarks": remarks})
    else:
        print(
            f"{result.documents} documents, {result.chunks} chunks, {result.undated} undated. Files: {result.new} new, "
            f"{result.changed} changed, {result.moved} moved, {result.removed} removed, {result.unchanged} unchanged. "
            f"Chunks: {result.embedded} embedded, {result.reused} reused. {result.seconds:.1f} s."
        )
        _remark(quiet, *(f"skipped {path}: {reason}" for path, reason in result.skipped))
        _remark(quiet, *(f"{path}: {remark}" for path, remark in result.remarks))
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
    day = _day(retrieved)
    if file == "-" and sys.stdin.isatty():
        _remark(quiet, "paste the search results, then press Ctrl-D (Windows: Ctrl-Z and Enter)")
    text = read_paste(sys.stdin.buffer.read() if file == "-" else Path(file))
    pasted = paste(text, retrieved=day, corpus=corpus)
    if as_json:
        _print_json(pasted_json(pasted))
    else:
        print(pasted_lines(pasted))
    _remark(quiet, *(f"left out: {line}" for line in pasted.left_out))


@app.command("search")
def search_command(
    query: str,
    index: IndexOption = Path("index"),
    k: Annotated[int, typer.Option("-k", min=1, help="How many excerpts.")] = 8,
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find the excerpts that answer a query best."""
    from rag.embed import open_embedder
    from rag.index import Index
    from rag.render import excerpt_json, excerpt_lines
    from rag.retrieve import search_index

    load_config(config)
    limits = _limits(since, until, as_of, undated)
    with Index(index) as opened:
        embedder = open_embedder(opened.embedder_name)
        opened.require(embedder)
        excerpts = search_index(query, opened, embedder=embedder, k=k, limits=limits)
        _remark_rebuilt(opened, quiet)
    if as_json:
        rows = [excerpt_json(excerpt, rank) for rank, excerpt in enumerate(excerpts, start=1)]
        _print_json({"query": query, "excerpts": rows})
    else:
        print("\n\n".join(excerpt_lines(excerpt, rank) for rank, excerpt in enumerate(excerpts, start=1)))
        if not excerpts:
            _remark(quiet, "nothing found")


@app.command("plan")
def plan_command(
    brief: Annotated[str, typer.Argument(help="A brief's file, or a topic in quotes.")],
    index: IndexOption = Path("index"),
    retrieved: Annotated[str, typer.Option(help="Day the material was retrieved: dates “1 day ago”.")] = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the evidence each heading of a brief would be written from, before anything is written."""
    from rag.pipeline import plan_brief
    from rag.render import evidence_json, plan_lines

    settings = load_config(config)
    asked = _asked(brief, 0, "", retrieved, _limits("", "", "", ""))
    with _opened(index, settings, quiet) as (opened, embedder):
        sections = plan_brief(asked, index=opened, embedder=embedder, config=settings)
    if as_json:
        _print_json({"sections": [evidence_json(section) for section in sections]})
    else:
        print(plan_lines(sections))
    _remark(quiet, *asked.remarks)


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
        status = _fields(read_status(opened))
    status |= {"from": status.pop("first") or None, "to": status.pop("last") or None}
    if as_json:
        _print_json(status)
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
        _print_json({"problems": [_fields(problem) for problem in problems]})
    else:
        print("\n".join(f"{one.where}: {one.what}. {one.remedy}" for one in problems) or "nothing found")
    if problems:
        raise typer.Exit(3)


@app.command("write")
def write_command(
    brief: Annotated[str, typer.Argument(help="A brief's file, or a topic in quotes.", show_default=False)] = "",
    index: IndexOption = Path("index"),
    words: Annotated[int, typer.Option(min=0, help="Length asked for; the brief's own by default.")] = 0,
    language: Annotated[str, typer.Option(help="Language of the text (es, en …); the brief's by default.")] = "",
    retrieved: Annotated[str, typer.Option(help="Day the material was retrieved: dates “1 day ago”.")] = "",
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    model: Annotated[str, typer.Option(help="A chat model's name; without one the digest is written.")] = "",
    model_url: Annotated[str, typer.Option(help="An OpenAI-compatible URL that serves it.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="FILE.md or FILE.json.")] = None,
    run_dir: Annotated[Path | None, typer.Option(help="Folder to keep the run in; a new one under runs/.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Render a kept run again, without model or index.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when a written sentence was unsupported.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a brief (or a topic) from the index and the brief's own material, cited and checked."""
    from rag.render import check_output, save, to_json, to_markdown
    from rag.run import load_report

    if bool(brief) == bool(replay):
        raise typer.BadParameter("give a brief, or a run with --replay", param_hint="BRIEF")
    settings = _settings(config, model=model, model_url=model_url)
    if output:
        check_output(output)
    if replay:
        report = load_report(replay)
    else:
        asked = _asked(brief, words, language, retrieved, _limits(since, until, as_of, undated))
        report = _written(asked, index, settings, run_dir, quiet)
    if output:
        save(report, output)
    if as_json:
        _print_json(to_json(report))
    elif not output:
        print(to_markdown(report), end="")
    findings = (f"{f.section}: {f.check}: {f.reason}: {f.sentence}" for f in report.findings)
    _remark(quiet, *report.brief.remarks, *findings)
    if strict and any(finding.verdict == "unsupported" for finding in report.findings):
        raise typer.Exit(3)


@app.command("check")
def check_command(
    draft: Annotated[Path, typer.Argument(help="A text that `rag write` made, perhaps edited by hand.")],
    index: IndexOption = Path("index"),
    runs: Annotated[Path, typer.Option(help="Folder of kept runs: where a brief's own material is found.")] = Path(
        "runs"
    ),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a draft against what it cites, line by line; exit 3 when something is found."""
    from rag.checkup import checkup_json
    from rag.pipeline import check_draft

    settings = load_config(config)
    with _opened(index, settings, quiet) as (opened, embedder):
        checkup = check_draft(draft, index=opened, embedder=embedder, runs=runs)
    if as_json:
        _print_json(checkup_json(checkup))
    else:
        lines = (f"{draft}:{one.line}: {one.check}: {one.reason}{_offered(one.offer)}" for one in checkup.findings)
        print("\n".join(lines) or "nothing found")
        _remark(quiet, _coverage_line(checkup))
    if checkup.findings:
        raise typer.Exit(3)


def main() -> None:
    """Run the command line: what a person can mend is one line on stderr and exit status 1."""
    try:
        app()
    except RagError as error:
        print(f"rag: {error}", file=sys.stderr)
        raise SystemExit(1) from error


def _settings(path: Path | None, *, embedder: str = "", model: str = "", model_url: str = "") -> Config:
    from dataclasses import replace

    settings = load_config(path)
    return replace(
        settings,
        embedder=embedder or settings.embedder,
        model=model or settings.model,
        model_url=model_url or settings.model_url,
    )


def _embedder_of(folder: Path) -> str:
    """Return the embedder an index was made with, so that adding to it needs no option; empty for a new index."""
    from rag.catalog import Catalog

    database = folder / "catalog.sqlite3"
    if not database.exists():
        return ""
    with Catalog(database) as catalog:
        return catalog.setting("embedder")


def _limits(since: str, until: str, as_of: str, undated: str) -> TimeLimits:
    from rag.dates import time_limits

    if undated not in {"", "keep", "drop"}:
        raise typer.BadParameter(f"{undated!r} is neither keep nor drop", param_hint="--undated")
    return time_limits(since=since, until=until, as_of=as_of, undated=undated)


def _day(words: str) -> date:
    """Return the day of `--retrieved`; today where none is given."""
    from datetime import datetime

    from rag.dates import parse_limit

    if not words:
        return datetime.now().astimezone().date()
    found = parse_limit(words)
    if found.precision != "day" or found.first is None:
        raise RagError(f"--retrieved: “{words}” is no day; write for instance 2024-05-17")
    return found.first


def _asked(name: str, words: int, language: str, retrieved: str, limits: TimeLimits) -> Brief:
    """Return the brief in a file, or one of a single section for a topic; what the command line says wins."""
    from dataclasses import fields, replace

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
    given = {f.name: getattr(limits, f.name) for f in fields(limits) if getattr(limits, f.name) is not None}
    brief = replace(brief, limits=replace(brief.limits, **given))
    return replace(brief, words=words or brief.words, language=language or brief.language)


def _written(brief: Brief, index: Path, settings: Config, run_dir: Path | None, quiet: bool) -> Report:
    """Write a brief and keep the run."""
    from datetime import datetime

    from rag.pipeline import chain_writer, write_brief
    from rag.run import new_run_folder

    writer = chain_writer(settings)
    kept = run_dir or new_run_folder(Path("runs"), brief.topic, now=datetime.now().astimezone())
    with _opened(index, settings, quiet) as (opened, embedder):
        return write_brief(brief, index=opened, embedder=embedder, writer=writer, config=settings, run_dir=kept)


@contextmanager
def _opened(folder: Path, settings: Config, quiet: bool) -> Iterator[tuple[Index | None, Embedder]]:
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
        _remark_rebuilt(index, quiet)


def _remark_rebuilt(index: Index, quiet: bool) -> None:
    if index.rebuilt:
        _remark(quiet, f"the vector store was damaged: {index.rebuilt} chunks were put back, none embedded")


def _print_changes(changes: Changes, *, as_json: bool) -> None:
    """Print what indexing would find: a line a file that is not unchanged, or the counts."""
    kinds = ("new", "changed", "moved", "removed", "unchanged")
    if as_json:
        _print_json({kind: len(getattr(changes, kind)) for kind in kinds})
        return
    for kind in kinds[:-1]:
        for path in getattr(changes, kind):
            print(f"{kind:8} {' -> '.join(path) if isinstance(path, tuple) else path}")
    print(f"{len(changes.unchanged)} unchanged")


def _remark(quiet: bool, *lines: str) -> None:
    if not quiet:
        for line in lines:
            print(line, file=sys.stderr)


def _offered(keys: tuple[str, ...]) -> str:
    return f" (could cite {', '.join(f'k:{key}' for key in keys)})" if keys else ""


def _coverage_line(checkup: Checkup) -> str:
    """Say how far the checks saw, beside what they found."""
    seen = checkup.coverage
    proven = checkup.control is not None and checkup.control.passed
    return (
        f"{seen.sentences} sentences: {seen.verbatim} verbatim, {seen.checkable} others cite something; their keys, "
        f"quotations, figures and dates were compared, their meaning was not. Control "
        f"{'passed' if proven else 'not passed: treat this as not checked'}."
    )


def _said(value: object) -> str:
    return ", ".join(f"{name} {count}" for name, count in value.items()) if isinstance(value, dict) else str(value)


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    from dataclasses import asdict

    return asdict(value)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
