"""The command that measures retrieval: eval."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import ConfigOption, JsonOption, QuietOption, app, print_json, settings_of, shown
from rag.errors import RagError
from rag.language import tell

if TYPE_CHECKING:
    from rag.config import Config
    from rag.embed import Embedder
    from rag.evaluate import Collection, Evaluation
    from rag.fitted import Fitted
    from rag.progress import Progress

_Datasets = Annotated[
    list[Path] | None,
    typer.Argument(
        help=tell(
            es="Carpetas con corpus.jsonl, queries.jsonl y qrels.tsv.",
            en="Folders of corpus.jsonl, queries.jsonl and qrels.tsv.",
        ),
        show_default=False,
    ),
]

_HELP_EN = """Measure how well searching finds what you say is relevant: nDCG@10, R@10, RR and Success@1 by method.

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

With --support the argument is a file of labelled claims instead, a line each: {"claim": "...", "evidence": "...",
"label": "supports" | "partly" | "refutes" | "neither"}, if known "language", "evidence_language", "group". What a fit
made from one half of the claims reaches on the other is told; with --fit it is kept and used by write and check from
then on. Without a file it is told what the fit in use reached.
"""

_HELP_ES = """Mide si la búsqueda halla lo que tú dices que es pertinente: nDCG@10, R@10, RR y Success@1 por método.

\b
La carpeta contiene tres archivos, una entrada por línea, como los de BEIR:
  corpus.jsonl   {"_id": "d1", "text": "..."}
                 si se sabe "title", "language": "es", "date": "2023-05-17"
                 o "2023"
  queries.jsonl  {"_id": "q1", "text": "..."}
                 si se sabe "language", "group", "since", "until", "as_of"
  qrels.tsv      q1, d1 y 1, entre tabuladores: consulta, documento, cuánto
                 lo es (0: nada); sirve también qrels/test.tsv

Las consultas de un grupo van juntas (sobre un mismo artículo, por ejemplo): caen en una misma mitad y se sortean juntas
para los intervalos. Sin grupo, cada una va sola. Los documentos se dividen y codifican una vez y se guardan en la
carpeta de caché (RAG_CACHE); medir de nuevo cuesta solo las consultas.

Con --fit las carpetas, mejor si son de varios campos, enseñan cuándo las fuentes no dicen nada de un epígrafe, para
este codificador; lo aprendido se guarda en la carpeta de caché y lo usan plan y write desde entonces.

Con --support el argumento es un archivo de afirmaciones etiquetadas, una por línea: {"claim": "...", "evidence": "...",
"label": "supports" | "partly" | "refutes" | "neither"}, y si se sabe "language", "evidence_language", "group". Se dice
qué alcanza en una mitad lo ajustado con la otra; con --fit se guarda y lo usan write y check desde entonces. Sin
archivo se dice qué alcanzó el ajuste en uso.
"""
_HELP = tell(es=_HELP_ES, en=_HELP_EN)


class Part(StrEnum):
    """A half of the queries."""

    first = "first"
    second = "second"


_Embedder = Annotated[
    str,
    typer.Option(
        help=tell(
            es="Codificador que se mide: un nombre, una carpeta o una dirección.",
            en="Embedder to measure: a name, a folder or an address.",
        )
    ),
]
_Half = Annotated[
    Part | None,
    typer.Option(
        help=tell(
            es="Solo esta mitad de las consultas: elige los ajustes con una y mide con la otra.",
            en="Only this half of the queries: choose settings on one, report the other.",
        )
    ),
]
_Limit = Annotated[
    int,
    typer.Option(
        min=0,
        help=tell(
            es="Tantas consultas como mucho, tomadas por igual; 0: todas.",
            en="So many queries at most, evenly taken; 0: all.",
        ),
    ),
]
_Fit = Annotated[
    bool,
    typer.Option(
        "--fit",
        help=tell(es="Aprende de las carpetas cuándo no decir nada.", en="Learn from the folders when to say nothing."),
    ),
]
_Support = Annotated[
    bool,
    typer.Option(
        "--support",
        help=tell(
            es="La comprobación del sentido, con un archivo de afirmaciones.",
            en="The check of meaning, on a file of claims.",
        ),
    ),
]


@app.command("eval", help=_HELP, short_help=_HELP.partition("\n")[0])
def eval_command(
    dataset: _Datasets = None,
    embedder: _Embedder = "",
    half: _Half = None,
    limit: _Limit = 0,
    fit: _Fit = False,
    support: _Support = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Measure how well searching finds what a person says is relevant."""
    from rag.embed import open_embedder
    from rag.evaluate import as_values, read_collection, table
    from rag.render.columns import line_width

    settings = settings_of(config, embedder=embedder)
    opened = open_embedder(settings.embedder)
    given = dataset or []
    if support:
        _support(given, opened, fit=fit, as_json=as_json)
        return
    if not given:
        raise typer.BadParameter(
            tell(
                es="nombra una carpeta de documentos, consultas y lo que es pertinente",
                en="name a folder of documents, queries and what is relevant",
            ),
            param_hint="DATASET",
        )
    collections = [read_collection(folder) for folder in given]
    if fit:
        _fit(collections, opened, settings.chunk_tokens, as_json=as_json)
        return
    with shown(quiet) as progress:
        parts = [collection.part(half=half.value if half else None, limit=limit) for collection in collections]
        evaluations = [_evaluated(part, opened, settings, progress) for part in parts]
    if as_json:
        values = [as_values(evaluation) for evaluation in evaluations]
        print_json(values[0] if len(values) == 1 else {"evaluations": values})
    else:
        print("\n\n".join(table(evaluation, width=line_width()) for evaluation in evaluations))


def _evaluated(collection: Collection, embedder: Embedder, settings: Config, progress: Progress) -> Evaluation:
    from rag.evaluate import evaluate
    from rag.retrieve.rerank import open_reranker

    return evaluate(
        collection,
        embedder=embedder,
        chunk_tokens=settings.chunk_tokens,
        reranker=open_reranker(settings.reranker),
        progress=progress,
    )


def _fit(collections: list[Collection], embedder: Embedder, chunk_tokens: int, *, as_json: bool) -> None:
    """Fit when to say nothing, keep it, and say how right it is on what it has not seen."""
    from rag.catalog import Catalog
    from rag.e5.cache import cache_folder
    from rag.evaluate.calibrate import fit_sufficiency
    from rag.fitted import keep_fit

    cache_folder().mkdir(parents=True, exist_ok=True)
    with Catalog(cache_folder() / "fitting.sqlite3") as store:
        fitted = fit_sufficiency(collections, embedder, store=store, chunk_tokens=chunk_tokens)
    _tell(fitted, keep_fit(fitted), as_json=as_json)


def _support(files: list[Path], embedder: Embedder, *, fit: bool, as_json: bool) -> None:
    """Say how well support is told, by the fit in use or one made from labelled claims, which is kept where asked."""
    from rag.catalog import Catalog
    from rag.e5.cache import cache_folder
    from rag.fitted import keep_fit, read_fit
    from rag.verify.labelled import fit_support, read_labelled
    from rag.verify.support import PURPOSE

    if not files:
        fitted = read_fit(PURPOSE, embedder.fingerprint)
        if fitted is None:
            raise RagError(
                tell(
                    es="el codificador no tiene ajuste: da un archivo de afirmaciones etiquetadas, con --fit",
                    en="the embedder has no fit: give a file of labelled claims, with --fit",
                )
            )
        _tell(fitted, None, as_json=as_json)
        return
    rows = [row for file in files for row in read_labelled(file)]
    cache_folder().mkdir(parents=True, exist_ok=True)
    with Catalog(cache_folder() / "fitting.sqlite3") as store:
        fitted = fit_support(rows, embedder, store=store, made_from=[file.name for file in files])
    _tell(fitted, keep_fit(fitted) if fit else None, as_json=as_json)


def _tell(fitted: Fitted, path: Path | None, *, as_json: bool) -> None:
    """Say what a fit reached on what it has not seen, and where it is kept."""
    if as_json:
        kept = {"path": str(path)} if path else {}
        print_json(kept | {"threshold": fitted.threshold, "measured": dict(fitted.measured)})
        return
    print("\n".join(f"{name:32} {value:.3f}" for name, value in fitted.measured.items()))
    if path:
        print(tell(es=f"guardado en {path}", en=f"kept in {path}"))
