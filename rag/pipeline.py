"""The two flows, each on one screen: index a folder, and write a brief."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag import read
from rag.catalog import FileState, Making
from rag.compose import settled, task_beside
from rag.desk import OFFERED, Desk, lay_out, offerable
from rag.drafts.checkup import Checkup, inspect_draft
from rag.drafts.copies import open_draft
from rag.drafts.fix import save_fixed
from rag.drafts.passages import Stacks
from rag.embed import CachedEmbedder, Embedder, open_embedder
from rag.errors import RagError
from rag.extract import ExtractiveWriter
from rag.folder import Changes, compare, corpus_files
from rag.index import Index, writing
from rag.language import tell
from rag.parse import Parsers
from rag.plan.groups import LEAST_GROUPS
from rag.plan.propose import propose, sections_for, with_evidence
from rag.plan.sufficiency import open_gate
from rag.progress import Progress
from rag.records import TimeLimits
from rag.report import Checking, Earlier, make_report
from rag.retrieve import POOL, find, search
from rag.retrieve.rerank import open_reranker
from rag.run import Replies, Run, begin_run, find_excerpt, save_run
from rag.split import split
from rag.surroundings import surroundings
from rag.verify.nli import open_nli
from rag.verify.referee import ChatJudge
from rag.verify.support import open_judge
from rag.write import expected_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from langchain_core.language_models import BaseChatModel

    from rag.config import Config
    from rag.embed import VectorStore
    from rag.parse import Parsed
    from rag.plan.propose import Titler
    from rag.records import Brief, Chunk, Cost, Document, Evidence, Excerpt, Exchange, Report
    from rag.surroundings import Surrounding
    from rag.verify.support import Judge
    from rag.write import ChatTitler, Writer

    Put = Callable[[FileState, Sequence[Document]], None]


@dataclass(frozen=True, slots=True)
class IndexResult:
    """What an indexing run did. The first three are what the index now holds; files are counted by what became of
    them, chunks by whether they were embedded in this run or their vectors were there already.
    """

    documents: int
    chunks: int
    undated: int
    new: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    embedded: int
    reused: int
    failed: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    seconds: float
    remarks: tuple[tuple[str, str], ...] = ()


def plan_index(corpus: Path, folder: Path, *, verify: bool = False) -> Changes:
    """Say what indexing would find new, changed, moved, removed and unchanged; read and embed nothing.

    Raises `RagError` where there is no corpus.
    """
    files = corpus_files(corpus)
    if not (folder / "catalog.sqlite3").exists():
        return compare({}, corpus, files)
    with Index(folder) as index:
        return _changes(index, corpus, files, verify=verify)


def index_folder(
    corpus: Path,
    folder: Path,
    *,
    config: Config,
    embedder: Embedder | None = None,
    verify: bool = False,
    progress: Progress | None = None,
) -> IndexResult:
    """Bring the index in `folder` in step with the files of `corpus`.

    Only new and changed files are read (changed by size, time or inode; with `verify` by every byte), only texts never
    seen are embedded. A file that cannot be read is named in the result and the rest goes on. What bibliographies and
    sidecars say reaches the documents they speak of without reading or embedding these again.

    Raises `RagError` where there is no corpus or the index cannot be written.
    """
    progress = progress or Progress()
    started, indexed_ns = time.monotonic(), time.time_ns()
    files = corpus_files(corpus)
    embedder = embedder or open_embedder(config.embedder)
    limit = min(config.chunk_tokens, embedder.max_tokens)

    def cut(document: Document) -> tuple[Chunk, ...]:
        return split(document, count_tokens=embedder.count_tokens, max_tokens=limit)

    def put(state: FileState, documents: Sequence[Document]) -> None:
        index.put_file(state, [(document, cut(document)) for document in documents], embedder)

    with writing(folder, progress), Index(folder, create=True) as index:
        _begin(index, indexed_ns)
        if verify:
            index.catalog.mend()
        encoder = CachedEmbedder(embedder, index.catalog)
        making = Making(config.embedder, embedder.fingerprint, f"{limit} tokens")
        index.adopt(making, encoder, split=cut, progress=progress)
        changes = _changes(index, corpus, files, verify=verify)
        for old, new in (*changes.moved, *zip(changes.touched, changes.touched, strict=True)):
            index.catalog.move_file(old, changes.found[new])
        for path in changes.removed:
            index.catalog.remove_file(path)
        for parsed in _parsed((*changes.new, *changes.changed), corpus, config, progress):
            _keep(index, changes.found[parsed.path], parsed, put)
        _join(index, put)
        index.catalog.set_setting("parser", str(read.PARSER_VERSION))
        index.catalog.set_setting("indexed", str(indexed_ns))
        index.catalog.set_setting("corpus", str(corpus.resolve()))
        if not index.settled():
            index.embed_waiting(encoder, progress)
        return _index_result(index, changes, encoder, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a brief would be written from: evidence heading by heading, what the reader should know of it, and what a
    model would be asked, as far as it can be told; None where none is named.
    """

    brief: Brief
    sections: tuple[Evidence, ...]
    cost: Cost | None = None


def plan_brief(
    brief: Brief, *, index: Index | None, embedder: Embedder, config: Config, runs: Path | None = None
) -> Plan:
    """Return the evidence a brief would be written from, heading by heading.

    `runs` is where kept runs tell what a pinned key that is gone used to name. Raises `RagError` where there is nothing
    to write from, or a key leads nowhere.
    """
    with _desk(brief, index, embedder, config, runs, seek_gaps=True) as desk:
        cost = None
        if config.model or config.model_url:
            prices = (config.input_price, config.output_price)
            cost = expected_cost(
                desk.brief, desk.evidence, window=config.model_window, reply_tokens=config.reply_tokens, prices=prices
            )
        return Plan(desk.brief, desk.evidence, cost)


def propose_outline(
    brief: Brief, *, index: Index | None, embedder: Embedder, config: Config, titler: Titler | None = None
) -> Brief:
    """Return the brief of a topic alone under headings that its evidence suggests, each with evidence of its own; a
    titler's titles where they fit, else key phrases.

    It comes back as it is where the index says little on the topic or the words asked for carry one section.
    """
    if index is None or sections_for(brief.words) < LEAST_GROUPS:
        return brief
    with _desk(brief, index, embedder, config, None) as desk:
        if not desk.evidence[0].excerpts:
            return brief
        found = find(
            brief.topic, shelves=(index,), embedder=desk.encoder, k=2 * POOL, language=brief.language,
            limits=brief.limits,
        )  # fmt: skip
        proposed = propose(brief, found, desk.encoder, gate=open_gate(embedder, desk.store), titler=titler)
    with _desk(proposed, index, embedder, config, None) as desk:
        return with_evidence(brief, desk.evidence)


def write_brief(
    brief: Brief,
    *,
    index: Index | None,
    embedder: Embedder,
    writer: Writer | None = None,
    config: Config,
    run_dir: Path | None = None,
    runs: Path | None = None,
    earlier: Earlier | None = None,
    progress: Progress | None = None,
) -> Report:
    """Write a brief from the index and its own material, check every sentence, and number its sources.

    Without a `writer` the digest is made of the sources' own sentences. With a `run_dir` all that went into the text
    and came out is kept there. What stands from an `earlier` writing is not written again. Raises `RagError` where
    there is nothing to write from.
    """
    before, progress = earlier or Earlier(), progress or Progress()
    clock = _Clock()
    progress.stage("gather")
    with _desk(brief, index, embedder, config, runs) as desk:
        brief = desk.brief
        clock.lap("plan")
        place, generation = (str(index.folder), index.catalog.generation) if index else ("", "")
        run = Run(clock.started, asdict(config), embedder.fingerprint, index=place, generation=generation)
        if run_dir:
            begin_run(run_dir, run, brief=brief, evidence=desk.evidence)
        digest = ExtractiveWriter(desk.encoder, foreign_share=config.foreign_share)
        writer = writer or digest
        task = task_beside(brief, desk.evidence, before)
        progress.stage("write")
        manuscript = writer.write(task.brief, task.evidence)
        clock.lap("write")
        progress.stage("check")
        offers = offerable(brief, desk.shelves, desk.encoder)
        checking = _checking(config, embedder, desk.store, day=brief.limits.as_of or clock.started.date())
        made = partial(make_report, brief, desk.evidence, offers=offers, checking=checking, earlier=before)
        report, manuscript = settled(made, writer, manuscript, task, stand_in=digest)
        clock.lap("check")
    if run_dir:
        report = replace(report, run_dir=run_dir.as_posix())
        exchanges, ended = manuscript.exchanges, datetime.now().astimezone()
        save_run(run_dir, run, report=report, exchanges=exchanges, ended=ended, seconds=clock.seconds)
    return report


def chat_titler(config: Config, *, run_dir: Path | None = None) -> ChatTitler | None:
    """Return who asks the chat model the settings name for titles; None where they name none. What a run in `run_dir`
    was answered is not asked again.
    """
    model = _chat_model(config)
    if model is None:
        return None
    from rag.write import ChatTitler

    return ChatTitler(model, Replies(run_dir)) if run_dir else ChatTitler(model)


def chain_writer(
    config: Config,
    *,
    run_dir: Path | None = None,
    progress: Progress | None = None,
    asked: Sequence[Exchange] = (),
) -> Writer | None:
    """Return the writer that asks the chat model the settings name; None where they name none. What a run in `run_dir`
    that was cut short was answered is not asked again. `progress` hears of each section. What was `asked` before is
    told and counted with the rest.
    """
    model = _chat_model(config)
    if model is None:
        return None
    from rag.write import ChainWriter

    return ChainWriter(
        model,
        window=config.model_window,
        reply_tokens=config.reply_tokens,
        prices=(config.input_price, config.output_price),
        most_tokens=config.most_tokens,
        at_once=max(1, config.at_once),
        continuations=config.continuations,
        memory=Replies(run_dir) if run_dir else None,
        told=(progress or Progress()).sections,
        asked=asked,
    )


def _chat_model(config: Config) -> BaseChatModel | None:
    """Return the chat model the settings name; None where they name none."""
    if not config.model and not config.model_url:
        return None
    from rag.llm import chat_model

    return chat_model(
        config.model or "default",
        url=config.model_url,
        max_tokens=config.reply_tokens,
        timeout=config.model_timeout,
        retries=config.model_retries,
    )


def _checking(config: Config, embedder: Embedder, store: VectorStore, *, day: date) -> Checking:
    """Return how a text is checked by the settings."""
    judge = open_meaning(config, embedder, store)
    return Checking(judge, config.doubtful == "remove", day, config.recent_years, config.old_years)


def open_meaning(config: Config, embedder: Embedder, store: VectorStore) -> Judge | None:
    """Return who judges meaning by the settings: the fit for the embedder, the chat model, or nobody.

    Raises `RagError` for another name.
    """
    if config.judge == "none":
        return None
    if config.judge == "embedder":
        return open_judge(embedder, store, nli=open_nli(config.nli))
    if config.judge != "model":
        raise RagError(
            tell(
                es=f"el ajuste «judge» es embedder, model o none, no «{config.judge}»",
                en=f"the setting “judge” is embedder, model or none, not “{config.judge}”",
            )
        )
    from rag.llm import asking_text

    model = _chat_model(config)
    if model is None:
        raise RagError(
            tell(
                es="el ajuste «judge» es model, y no se nombra ninguno: da model o model_url",
                en="the setting “judge” is model, and no model is named: set model or model_url",
            )
        )
    return ChatJudge(asking_text(model))


def surroundings_of(report: Report, index: Index | None) -> dict[str, Surrounding]:
    """Return what stands around the excerpts a report cites, as far as the index and its corpus are here."""
    corpus = index.catalog.setting("corpus") if index else ""
    return surroundings(report, holdings=index.catalog if index else None, corpus=Path(corpus) if corpus else None)


def check_draft(
    path: Path,
    *,
    index: Index | None,
    embedder: Embedder,
    runs: Path,
    config: Config,
    fixed: Path | None = None,
    progress: Progress | None = None,
) -> Checkup:
    """Check a draft, ours or anyone's, against what it cites: excerpts and documents of the index, and excerpts of the
    runs that are kept. With `fixed`, write a copy with the citations offered, and say in the remarks what was done.

    Raises `RagError` where the draft cannot be read or holds no sentence, or the copy cannot be made.
    """
    if fixed is not None and (fixed.suffix.lower() == ".docx") != (path.suffix.lower() == ".docx"):
        raise RagError(
            tell(
                es=f"{fixed}: la copia es del mismo tipo que el borrador; llámala *{path.suffix}",
                en=f"{fixed}: the copy is of the draft's own kind; name it *{path.suffix}",
            )
        )
    draft, copy = open_draft(path)
    (progress or Progress()).stage("check")
    kept = lru_cache(maxsize=None)(partial(_kept, runs))
    if index is None:
        checkup = inspect_draft(draft, find=kept, search=lambda _: ())
    else:
        encoder = CachedEmbedder(embedder, index.catalog)
        stacks = Stacks(index.catalog, encoder)

        def find(key: str) -> tuple[Excerpt, ...]:
            return index.catalog.by_key(key) or kept(key)

        def look(sentence: str) -> tuple[Excerpt, ...]:
            if not stacks.may_search():
                return ()
            return search(sentence, shelves=(index,), embedder=encoder, k=OFFERED, limits=TimeLimits())

        judge = open_meaning(config, embedder, index.catalog)
        checkup = inspect_draft(draft, find=find, search=look, shelves=stacks, judge=judge)
    return checkup if fixed is None else save_fixed(fixed, draft, checkup, copy)


def _kept(runs: Path, key: str) -> tuple[Excerpt, ...]:
    found = find_excerpt(runs, key)
    return (found,) if found else ()


# Indexing


def _changes(index: Index, corpus: Path, files: Mapping[str, os.stat_result], *, verify: bool) -> Changes:
    indexed = int(index.catalog.setting("indexed") or 0)
    return compare(_known(index), corpus, files, indexed_ns=indexed, verify=verify)


def _begin(index: Index, indexed_ns: int) -> None:
    """Note of a new index what else would be noted at the end, so that a first run that is killed loses nothing."""
    if not index.catalog.setting("indexed"):
        index.catalog.set_setting("parser", str(read.PARSER_VERSION))
        index.catalog.set_setting("indexed", str(indexed_ns))


def _keep(index: Index, file: FileState, parsed: Parsed, put: Put) -> None:
    """Keep what a file holds. Which entries of a bibliography are documents is known when all files are."""
    file = file._replace(state=parsed.state, reason=parsed.reason)
    index.catalog.put_entries(parsed.path, parsed.entries)
    if parsed.entries:
        index.catalog.note_file(file)
    else:
        put(file, parsed.documents)


def _join(index: Index, put: Put) -> None:
    """Let what bibliographies and sidecars say reach the documents, where not all of it has."""
    if not index.catalog.joined:
        for file, documents in index.catalog.join():
            put(file, documents)
        index.catalog.set_setting("joined", "yes")


def _known(index: Index) -> dict[str, FileState]:
    """Return the files of the index; where other readers read them, as if all had changed."""
    files = index.catalog.files()
    if index.catalog.setting("parser") == str(read.PARSER_VERSION):
        return files
    return {path: file._replace(size=-1, sha256="") for path, file in files.items()}


def _parsed(paths: Sequence[str], corpus: Path, config: Config, progress: Progress) -> Iterator[Parsed]:
    """Read files in processes of their own, as many as there are cores; none are started for nothing."""
    if not paths:
        return
    workers = min(len(paths), os.cpu_count() or 1)
    with Parsers(corpus, workers=workers, seconds=config.parse_seconds, megabytes=config.parse_megabytes) as parsers:
        for done, parsed in enumerate(parsers.parse(paths), start=1):
            yield parsed
            progress.files(done, len(paths))


def _index_result(index: Index, changes: Changes, encoder: CachedEmbedder, seconds: float) -> IndexResult:
    counts, unread = index.catalog.counts(), index.catalog.unread()
    return IndexResult(
        counts.documents,
        counts.chunks,
        counts.undated,
        new=len(changes.new),
        changed=len(changes.changed),
        moved=len(changes.moved),
        removed=len(changes.removed),
        unchanged=len(changes.unchanged),
        embedded=encoder.embedded,
        reused=encoder.reused,
        failed=tuple((file.path, file.reason) for file in unread if file.state == "failed"),
        skipped=tuple((file.path, file.reason) for file in unread if file.state == "skipped"),
        seconds=round(seconds, 3),
        remarks=index.catalog.remarks(),
    )


# Writing


class _Clock:
    """Measures the stages of a run, in seconds."""

    def __init__(self) -> None:
        self.started = datetime.now().astimezone()
        self.seconds: dict[str, float] = {}
        self._lap = time.monotonic()

    def lap(self, stage: str) -> None:
        """Note that a stage ended."""
        now = time.monotonic()
        self.seconds[stage], self._lap = round(now - self._lap, 3), now


def _desk(
    brief: Brief, index: Index | None, embedder: Embedder, config: Config, runs: Path | None, *, seek_gaps: bool = False
) -> AbstractContextManager[Desk]:
    return lay_out(
        brief,
        index,
        embedder,
        chunk_tokens=config.chunk_tokens,
        excerpts=config.excerpts,
        per_source=config.per_source,
        reranker=open_reranker(config.reranker),
        runs=runs,
        seek_gaps=seek_gaps,
    )
