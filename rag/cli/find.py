"""Commands that find: search, plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.options import (
    AsOfOption,
    ConfigOption,
    ExplainOption,
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
    day_of,
    limits_of,
    opened_index,
    print_json,
    remark,
    remark_rebuilt,
    settings_of,
)
from rag.cli.write import outlined
from rag.config import load_config


@app.command("search")
def search_command(
    query: str,
    index: IndexOption = Path("index"),
    k: Annotated[int, typer.Option("-k", min=1, help="How many excerpts.")] = 8,
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    explain: ExplainOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find the excerpts that answer a query best."""
    from rag.embed import open_embedder
    from rag.index import Index
    from rag.render import excerpt_json, excerpt_lines, explain_lines, left_out_json
    from rag.retrieve import search_index
    from rag.retrieve.rerank import open_reranker

    settings = load_config(config)
    limits = limits_of(since, until, as_of, undated)
    with Index(index) as opened:
        embedder = open_embedder(opened.embedder_name)
        opened.require(embedder)
        reranker = open_reranker(settings.reranker)
        found = search_index(query, opened, embedder=embedder, k=k, limits=limits, reranker=reranker)
        remark_rebuilt(opened, quiet)
    if as_json:
        rows = [excerpt_json(excerpt, rank) for rank, excerpt in enumerate(found.chosen, start=1)]
        after = {"left_out": [left_out_json(left) for left in found.left_out]} if explain else {}
        print_json({"query": query, "excerpts": rows} | after)
        return
    if explain:
        print(explain_lines(found.chosen, found.left_out))
    else:
        print("\n\n".join(excerpt_lines(excerpt, rank) for rank, excerpt in enumerate(found.chosen, start=1)))
    if not found.chosen:
        remark(quiet, "nothing found")


@app.command("plan")
def plan_command(
    brief: Annotated[str, typer.Argument(help="A brief's file, or a topic in quotes.")],
    index: IndexOption = Path("index"),
    retrieved: Annotated[str, typer.Option(help="Day the material was retrieved: dates “1 day ago”.")] = "",
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    model: ModelOption = "",
    model_url: ModelUrlOption = "",
    outline: Annotated[Path | None, typer.Option(help="Save a topic's proposed outline as a brief: FILE.md.")] = None,
    explain: ExplainOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the evidence each heading of a brief would be written from, before anything is written."""
    from rag.pipeline import plan_brief
    from rag.render import cost_line, plan_json, plan_lines

    settings = settings_of(config, model=model, model_url=model_url)
    asked = asked_brief(brief, 0, "", retrieved, limits_of(since, until, as_of, undated))
    with opened_index(index, settings, quiet) as (opened, embedder):
        if not Path(brief).is_file():
            asked = outlined(asked, opened, embedder, settings, save_to=outline, quiet=quiet)
        plan = plan_brief(asked, index=opened, embedder=embedder, config=settings, runs=Path("runs"))
    if as_json:
        print_json(plan_json(plan.brief, plan.sections, plan.cost, today=day_of("")))
    else:
        print(plan_lines(plan.sections, explain=explain))
        if plan.cost:
            print(cost_line(plan.cost))
    remark(quiet, *plan.brief.remarks)
