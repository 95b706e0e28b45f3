"""The command that measures retrieval: eval."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import ConfigOption, JsonOption, QuietOption, app, print_json, settings_of

if TYPE_CHECKING:
    from rag.config import Config
    from rag.embed import Embedder
    from rag.evaluate import Collection, Evaluation
    from rag.progress import Progress

_Datasets = Annotated[list[Path], typer.Argument(help="Folders of corpus.jsonl, queries.jsonl and qrels.tsv.")]

_HELP = """Measure how well searching finds what you say is relevant: nDCG@10, R@10, RR and Success@1 by method.

\b
The folder holds three files, one entry on each line, as BEIR lays them out:
  corpus.jsonl   {"_id": "d1", "text": "..."}
                 if known "title", "language": "es", "date": "2023-05-17" or "2023"
  queries.jsonl  {"_id": "q1", "text": "..."}
                 if known "language", "group", "since", "until", "as_of"
  qrels.tsv      q1, d1 and 1, parted by tabs: query, document, how relevant
                 (0: not); qrels/test.tsv serves as well

Queries of one group hang together (on one article, say): they fall into one half and are drawn together for the
intervals. Without a group each stands alone. The documents are cut and embedded once and kept in the cache folder
(RAG_CACHE); measuring again costs the queries alone.

With --fit the folders, at best of several fields, teach when the sources say nothing on a heading, for this embedder;
what is learnt is kept in the cache folder and used by plan and write from then on.
"""


class Part(StrEnum):
    """A half of the queries."""

    first = "first"
    second = "second"


@app.command("eval", help=_HELP)
def eval_command(
    dataset: _Datasets,
    embedder: Annotated[str, typer.Option(help="Embedder to measure: a name, a folder or an address.")] = "",
    half: Annotated[
        Part | None, typer.Option(help="Only this half of the queries: choose settings on one, report the other.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="So many queries at most, evenly taken; 0: all.")] = 0,
    fit: Annotated[bool, typer.Option("--fit", help="Learn from the folders when to say nothing.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Measure how well searching finds what a person says is relevant."""
    from rag.embed import open_embedder
    from rag.evaluate import as_values, read_collection, table
    from rag.progress import Bars, Progress

    settings = settings_of(config, embedder=embedder)
    opened = open_embedder(settings.embedder)
    collections = [read_collection(folder) for folder in dataset]
    if fit:
        _fit(collections, opened, settings.chunk_tokens, as_json=as_json)
        return
    with Progress() if quiet else Bars() as progress:
        parts = [collection.part(half=half.value if half else None, limit=limit) for collection in collections]
        evaluations = [_evaluated(part, opened, settings, progress) for part in parts]
    if as_json:
        values = [as_values(evaluation) for evaluation in evaluations]
        print_json(values[0] if len(values) == 1 else {"evaluations": values})
    else:
        print("\n\n".join(map(table, evaluations)))


def _evaluated(collection: Collection, embedder: Embedder, settings: Config, progress: Progress) -> Evaluation:
    from rag.evaluate import evaluate
    from rag.rerank import open_reranker

    return evaluate(
        collection,
        embedder=embedder,
        chunk_tokens=settings.chunk_tokens,
        reranker=open_reranker(settings.reranker),
        progress=progress,
    )


def _fit(collections: list[Collection], embedder: Embedder, chunk_tokens: int, *, as_json: bool) -> None:
    """Fit when to say nothing, keep it, and say how right it is on what it has not seen."""
    from rag.calibrate import fit_sufficiency
    from rag.catalog import Catalog
    from rag.e5.cache import cache_folder
    from rag.fitted import keep_fit

    cache_folder().mkdir(parents=True, exist_ok=True)
    with Catalog(cache_folder() / "fitting.sqlite3") as store:
        fitted = fit_sufficiency(collections, embedder, store=store, chunk_tokens=chunk_tokens)
    path = keep_fit(fitted)
    if as_json:
        print_json({"path": str(path), "threshold": fitted.threshold, "measured": dict(fitted.measured)})
    else:
        print("\n".join(f"{name:24} {value:.3f}" for name, value in fitted.measured.items()))
        print(f"kept in {path}")
