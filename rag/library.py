"""The library as it is used from Python and notebooks: open an index, search it, plan and write briefs from it.

What comes back shows itself: hits and plans as tables, texts as rendered Markdown. No stage is here; each method is one
call of the flows.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from rag.config import Config

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Sequence

    from langchain_core.retrievers import BaseRetriever
    from pandas import DataFrame

    from rag.embed import Embedder
    from rag.evaluate import Evaluation
    from rag.explore import Grouping, MapGrouping, Picture
    from rag.index import Index
    from rag.pipeline import IndexResult
    from rag.plan.propose import Titler
    from rag.records import Brief, Cost, Evidence, Excerpt, LeftOut, Report
    from rag.write import Writer


@dataclass(frozen=True, slots=True)
class Hits:
    """Excerpts that answer a query, best first: a sequence that shows as a table."""

    query: str
    excerpts: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...] = ()

    def __len__(self) -> int:
        return len(self.excerpts)

    def __iter__(self) -> Iterator[Excerpt]:
        return iter(self.excerpts)

    def __contains__(self, excerpt: object) -> bool:
        return excerpt in self.excerpts

    @overload
    def __getitem__(self, place: int) -> Excerpt: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Excerpt, ...]: ...
    def __getitem__(self, place: int | slice) -> Excerpt | tuple[Excerpt, ...]:
        return self.excerpts[place]

    def __repr__(self) -> str:
        from rag.render import excerpt_lines

        return "\n\n".join(excerpt_lines(excerpt, rank) for rank, excerpt in enumerate(self.excerpts, start=1))

    def _repr_html_(self) -> str:
        from rag.render import excerpt_table

        return excerpt_table(self.excerpts)

    def to_frame(self) -> DataFrame:
        """Return one row an excerpt, with its score's parts as columns. Needs pandas."""
        from rag.render import excerpt_json

        return _frame([_flat(excerpt_json(excerpt, rank)) for rank, excerpt in enumerate(self.excerpts, start=1)])

    def explain(self) -> DataFrame:
        """Return one row an excerpt found or left out next: what its score is made of, and why it fell out. Needs
        pandas.
        """
        return _frame(_explained(self.excerpts, self.left_out))

    def scores(self) -> Picture:
        """Draw what each score is made of. Needs matplotlib."""
        from rag.explore import scores

        return scores(self.excerpts, self.left_out, title=self.query, language="en")


@dataclass(frozen=True, slots=True)
class Plan:
    """The evidence a brief would be written from, heading by heading: a sequence that shows as a table."""

    brief: Brief
    sections: tuple[Evidence, ...]
    cost: Cost | None = None

    def __len__(self) -> int:
        return len(self.sections)

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self.sections)

    def __getitem__(self, place: int) -> Evidence:
        return self.sections[place]

    def __repr__(self) -> str:
        from rag.render import plan_lines

        return plan_lines(self.sections)

    def _repr_html_(self) -> str:
        from rag.render import plan_table

        return plan_table(self.sections)

    def to_frame(self) -> DataFrame:
        """Return one row an excerpt chosen, with the heading it serves. Needs pandas."""
        from rag.render import excerpt_json

        return _frame(
            [
                {"heading": section.heading.title, **excerpt_json(excerpt, rank)}
                for section in self.sections
                for rank, excerpt in enumerate(section.excerpts, start=1)
            ]
        )

    def explain(self) -> DataFrame:
        """Return one row an excerpt chosen or left out under a heading: what its score is made of, and why it fell
        out. Needs pandas.
        """
        rows = ((section.heading.title, _explained(section.excerpts, section.left_out)) for section in self.sections)
        return _frame([{"heading": title, **row} for title, held in rows for row in held])

    def periods(self) -> DataFrame:
        """Return one row a heading: from when to when its evidence reaches, and how many years old the newest is on
        the day the brief asks as of, else today. Needs pandas.
        """
        from rag.explore import periods

        today = self.brief.limits.as_of or datetime.datetime.now().astimezone().date()
        return _frame(periods(self.sections, today=today))

    def gaps(self) -> DataFrame:
        """Return one row a search that would mend what a heading lacks. Needs pandas."""
        from rag.explore import gaps

        return _frame(gaps(self.sections))

    def compare(self, before: Plan) -> DataFrame:
        """Return one row an excerpt of this plan or of one `before` of the same brief: published since the day that
        one was asked as of, added, moved, kept or gone. Needs pandas.
        """
        from rag.explore import changes

        return _frame(changes(before.sections, self.sections, as_of=before.brief.limits.as_of)).convert_dtypes()

    def timeline(self, *, by: Grouping = "language") -> Picture:
        """Draw every excerpt at its date, under its heading. Needs matplotlib."""
        from rag.explore import timeline

        return timeline(self.sections, topic=_subject(self.brief), language=self.brief.language, by=by)

    def heatmap(self) -> Picture:
        """Draw how many excerpts each source gives to each heading. Needs matplotlib."""
        from rag.explore import heatmap

        return heatmap(self.sections, topic=_subject(self.brief), language=self.brief.language)

    def scores(self, place: int = 0) -> Picture:
        """Draw what the scores under the heading at that place are made of. Needs matplotlib."""
        from rag.explore import scores

        held = self.sections[place]
        return scores(held.excerpts, held.left_out, title=held.heading.title, language=self.brief.language)


@dataclass(frozen=True, slots=True)
class Text:
    """A written, checked text: shows as rendered Markdown; `report` holds every sentence, source and finding. From its
    `library` a page takes what stands around the excerpts.
    """

    report: Report
    library: Library | None = None

    def __str__(self) -> str:
        from rag.render import to_markdown

        return to_markdown(self.report)

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)

    def save(self, path: str | os.PathLike[str], *, style: str = "", citations: str = "") -> Path:
        """Write the text to a file whose ending says how (.md, .html, .docx, .pdf, .tex, .json, .csv, .bib, .csl.json);
        return its path. `style` sets references by apa, vancouver, ieee or a CSL file; `citations` are numbers,
        footnotes or keys.

        Raises `RagError` for another ending or a folder that cannot be written.
        """
        from rag.pipeline import surroundings_of
        from rag.render import save

        index = self.library.index if self.library else None
        around = surroundings_of(self.report, index) if Path(path).suffix.lower() == ".html" else {}
        return save(self.report, Path(path), style=style, citations=citations, surroundings=around)

    def to_frame(self) -> DataFrame:
        """Return one row a sentence: its section, text, kind, verdict, the numbers and keys it cites. Needs pandas."""
        from rag.render import to_json

        return _frame(
            [
                {
                    "section": section["title"],
                    **{name: sentence[name] for name in ("kind", "text", "verdict", "reason")},
                    "numbers": [citation["number"] for citation in sentence["citations"]],
                    "keys": [citation["key"] for citation in sentence["citations"]],
                }
                for section in to_json(self.report)["sections"]
                for sentence in section["sentences"]
            ]
        )


class Library:
    """An index opened for reading, with its embedder. Use as a context manager, or call `close`.

    Raises `RagError` where there is no index, or another embedder made it.
    """

    def __init__(self, folder: str | os.PathLike[str] = "index", *, config: Config | None = None) -> None:
        from rag.embed import open_embedder
        from rag.index import Index

        self.config = config or Config()
        self.index: Index = Index(Path(folder))
        self.embedder: Embedder = open_embedder(self.index.embedder_name)
        self.index.require(self.embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = self.index.catalog.counts()
        from rag.language import tell

        return tell(
            es=f"Biblioteca de {counts.documents} documentos, {counts.chunks} fragmentos ({self.index.folder})",
            en=f"Library of {counts.documents} documents, {counts.chunks} chunks ({self.index.folder})",
        )

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def search(
        self, query: str, *, k: int = 8, since: str = "", until: str = "", as_of: str = "", undated: str = ""
    ) -> Hits:
        """Return the `k` excerpts that answer a query best; dates are 2023, 2023-05 or 2023-05-17."""
        from rag.dates import time_limits
        from rag.retrieve import search_index
        from rag.retrieve.rerank import open_reranker

        limits = time_limits(since=since, until=until, as_of=as_of, undated=undated)
        found = search_index(
            query, self.index, embedder=self.embedder, k=k, limits=limits, reranker=open_reranker(self.config.reranker)
        )
        return Hits(query, found.chosen, found.left_out)

    def plan(self, brief: Brief | str) -> Plan:
        """Return the evidence a brief would be written from; of a topic alone, under the outline it suggests."""
        from rag.pipeline import chat_titler, plan_brief

        asked = self._brief(brief, words=0, titler=chat_titler(self.config) if isinstance(brief, str) else None)
        planned = plan_brief(asked, index=self.index, embedder=self.embedder, config=self.config)
        return Plan(planned.brief, planned.sections, planned.cost)

    def write(
        self,
        brief: Brief | str,
        *,
        model: str = "",
        model_url: str = "",
        words: int = 0,
        run_dir: str | os.PathLike[str] = "",
    ) -> Text:
        """Write a brief, or a topic under the outline its evidence suggests: with a chat model where one is named, else
        as a digest. All that went in and came out is kept in `run_dir` where one is named.
        """
        from rag.pipeline import chain_writer, chat_titler, write_brief

        config = replace(self.config, model=model or self.config.model, model_url=model_url or self.config.model_url)
        place = Path(run_dir) if run_dir else None
        titler = chat_titler(config, run_dir=place) if isinstance(brief, str) else None
        asked = self._brief(brief, words=words, titler=titler)
        writer: Writer | None = chain_writer(config, run_dir=place, asked=titler.exchanges if titler else ())
        report = write_brief(
            asked, index=self.index, embedder=self.embedder, writer=writer, config=config, run_dir=place
        )
        return Text(report, self)

    def rewrite(
        self,
        text: str | os.PathLike[str],
        *,
        section: str = "",
        runs: str | os.PathLike[str] = "runs",
        model: str = "",
        model_url: str = "",
    ) -> Text:
        """Write a text again that was edited by hand, or a run's folder: what the person changed or added stays, what
        they took out is not said again. With a `section`, by its title, all others stay as they are.
        """
        from rag.pipeline import chain_writer, write_brief
        from rag.revise import revise

        again = revise(Path(text), runs=Path(runs), section=section)
        config = replace(self.config, model=model or self.config.model, model_url=model_url or self.config.model_url)
        report = write_brief(
            again.brief, index=self.index, embedder=self.embedder, writer=chain_writer(config), config=config,
            earlier=again.earlier,
        )  # fmt: skip
        return Text(report, self)

    def to_frame(self) -> DataFrame:
        """Return one row a document: date and how it is known, title, authors, language, format, number of chunks.
        Needs pandas.
        """
        from rag.explore import documents

        return _frame(documents(self.index.catalog))

    def map(self, *, by: MapGrouping = "source", marked: Collection[Excerpt] = (), language: str = "en") -> Picture:
        """Draw every chunk, those alike in meaning near each other, with a ring around those `marked` (hits, say).
        Needs matplotlib.
        """
        from rag.explore import chunk_map, embedded_chunks

        return chunk_map(embedded_chunks(self.index.catalog), by=by, marked=marked, language=language)

    def evaluate(self, folder: str | os.PathLike[str], *, limit: int = 0) -> Evaluation:
        """Measure by every way of searching how well this library's embedder finds what a folder of documents, queries
        and relevance says is relevant (see `rag eval --help`), with so many queries at most (0: all).
        """
        from rag.evaluate import evaluate, read_collection
        from rag.progress import Progress
        from rag.retrieve.rerank import open_reranker

        return evaluate(
            read_collection(Path(folder)).part(limit=limit),
            embedder=self.embedder,
            chunk_tokens=self.config.chunk_tokens,
            reranker=open_reranker(self.config.reranker),
            progress=Progress(),
        )

    def _brief(self, brief: Brief | str, *, words: int, titler: Titler | None) -> Brief:
        """Return a brief of that length (0: its own); of a topic, the one its evidence and a titler suggest."""
        from rag.brief import topic_brief
        from rag.pipeline import propose_outline

        asked = topic_brief(brief) if isinstance(brief, str) else brief
        asked = replace(asked, words=words or asked.words)
        if not isinstance(brief, str):
            return asked
        return propose_outline(asked, index=self.index, embedder=self.embedder, config=self.config, titler=titler)

    def as_retriever(self, *, k: int = 8, since: str = "", until: str = "", as_of: str = "") -> BaseRetriever:
        """Return a LangChain retriever over this library; its documents carry key, date, path and page."""
        from rag.retriever import make_retriever

        return make_retriever(lambda query: self.search(query, k=k, since=since, until=until, as_of=as_of))


def open(folder: str | os.PathLike[str] = "index", *, config: Config | None = None) -> Library:  # noqa: A001 - rag.open
    """Open the index in a folder."""
    return Library(folder, config=config)


def read_brief(path: str | os.PathLike[str]) -> Brief:
    """Read a brief from its file, in either form."""
    from rag.brief import read_brief as read

    return read(Path(path))


def index_folder(
    corpus: str | os.PathLike[str] = "corpus",
    folder: str | os.PathLike[str] = "index",
    *,
    embedder: str = "",
    config: Config | None = None,
) -> IndexResult:
    """Bring an index in step with a folder of literature; return what was done."""
    from rag import pipeline

    settings = config or Config()
    settings = replace(settings, embedder=embedder or settings.embedder)
    return pipeline.index_folder(Path(corpus), Path(folder), config=settings)


def _subject(brief: Brief) -> str:
    """Return a brief's topic, and the day it is asked as of where there is one."""
    from rag.language import say

    day = brief.limits.as_of
    return brief.topic + (say(brief.language, es=f" (a {day})", en=f" (as of {day})") if day else "")


def _explained(excerpts: Sequence[Excerpt], left_out: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """Return excerpts chosen and left out alike, each with the parts of its score."""
    from rag.render import excerpt_json, left_out_json

    chosen = (excerpt_json(excerpt, rank) | {"reason": ""} for rank, excerpt in enumerate(excerpts, start=1))
    rows = (*chosen, *({"rank": None} | left_out_json(left) for left in left_out))
    names = ("rank", "key", "date", "path", "title", "reason", "score", "parts")
    return [_flat({name: row[name] for name in names}) for row in rows]


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the parts of its score as columns."""
    return row | {f"score.{name}": part for name, part in row.pop("parts").items()}


def _frame(rows: Sequence[dict[str, Any]]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
