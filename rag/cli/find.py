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
    RetrievedOption,
    SinceOption,
    UndatedOption,
    UntilOption,
    asked_brief,
    command,
    day_of,
    limits_of,
    opened_index,
    print_json,
    remark,
    remark_rebuilt,
    settings_of,
    shown,
)
from rag.cli.write import outlined
from rag.config import load_config
from rag.language import tell


@command("search", es="Halla los extractos que mejor responden a una consulta.")
def search_command(
    query: Annotated[
        str,
        typer.Argument(
            help=tell(es="Lo que se busca, en palabras corrientes.", en="What you look for, in plain words.")
        ),
    ],
    index: IndexOption = Path("index"),
    k: Annotated[int, typer.Option("-k", min=1, help=tell(es="Cuántos extractos.", en="How many excerpts."))] = 8,
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
        remark(quiet, tell(es="no se ha hallado nada", en="nothing found"))


_Brief = Annotated[
    str,
    typer.Argument(
        help=tell(es="El archivo de un encargo, o un tema entre comillas.", en="A brief's file, or a topic in quotes.")
    ),
]
_Outline = Annotated[
    Path | None,
    typer.Option(
        help=tell(
            es="Guarda como encargo el esquema propuesto para un tema: FILE.md.",
            en="Save a topic's proposed outline as a brief: FILE.md.",
        )
    ),
]


@command("plan", es="Muestra la evidencia de la que se escribiría cada epígrafe de un encargo, antes de escribir nada.")
def plan_command(
    brief: _Brief,
    index: IndexOption = Path("index"),
    retrieved: RetrievedOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    as_of: AsOfOption = "",
    undated: UndatedOption = "",
    model: ModelOption = "",
    model_url: ModelUrlOption = "",
    outline: _Outline = None,
    explain: ExplainOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the evidence each heading of a brief would be written from, before anything is written."""
    from rag.pipeline import chat_titler, plan_brief
    from rag.render import cost_line, plan_json, plan_lines

    settings = settings_of(config, model=model, model_url=model_url)
    asked = asked_brief(brief, 0, "", retrieved, limits_of(since, until, as_of, undated))
    with shown(quiet) as progress, opened_index(index, settings, quiet) as (opened, embedder):
        progress.stage("gather")
        if not Path(brief).is_file():
            asked = outlined(asked, opened, embedder, settings, chat_titler(settings), save_to=outline, quiet=quiet)
        plan = plan_brief(asked, index=opened, embedder=embedder, config=settings, runs=Path("runs"))
    if as_json:
        print_json(plan_json(plan.brief, plan.sections, plan.cost, today=day_of("")))
    else:
        print(plan_lines(plan.sections, explain=explain))
        if plan.cost:
            print(cost_line(plan.cost))
    remark(quiet, *plan.brief.remarks)
