"""Indexing with its stages timed."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

from rag import pipeline
from rag.catalog import Catalog
from rag.chroma import Chroma
from rag.config import Config
from rag.index import Index
from rag.parse import Parsers
from rag.pipeline import index_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rag.embed import Embedder
    from rag.parse import Parsed
    from rag.pipeline import IndexResult

TIMED: tuple[tuple[type, str], ...] = (
    (Catalog, "put_file"),
    (Catalog, "waiting"),
    (Catalog, "stored_chunks"),
    (Catalog, "excerpts"),
    (Catalog, "vectors"),
    (Catalog, "keep_vectors"),
    (Catalog, "mark_stored"),
    (Chroma, "__init__"),
    (Chroma, "put"),
    (Index, "_note"),
)
"""What stages are timed by: class and method."""


class Stages:
    """Adds up the seconds spent in stages while it is entered; what one stage calls of another counts for both."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._before: list[tuple[object, str, Any]] = []

    def __enter__(self) -> Self:
        for owner, name in TIMED:
            self._replace(owner, name, self._timed(getattr(owner, name), f"{owner.__name__}.{name}"))
        self._replace(pipeline, "split", self._timed(vars(pipeline)["split"], "split"))
        parse = Parsers.parse

        def parsed(this: Parsers, paths: Iterable[str]) -> Iterator[Parsed]:
            answers = parse(this, paths)
            while True:
                started = time.perf_counter()
                one = next(answers, None)
                self.seconds["parsing"] += time.perf_counter() - started
                if one is None:
                    return
                yield one

        self._replace(Parsers, "parse", parsed)
        return self

    def __exit__(self, *_: object) -> None:
        for owner, name, method in self._before:
            setattr(owner, name, method)

    def _replace(self, owner: object, name: str, method: Any) -> None:  # noqa: ANN401 - any method
        self._before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, method)

    def _timed(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **settings: Any) -> Any:  # noqa: ANN401 - any method's
            started = time.perf_counter()
            try:
                return method(*arguments, **settings)
            finally:
                self.seconds[name] += time.perf_counter() - started

        return timed

    def table(self, total: float) -> str:
        """Return the stages, the longest first."""
        ranked = sorted(self.seconds.items(), key=lambda item: -item[1])
        return "\n".join(f"  {name:24}{seconds:8.2f} s {100 * seconds / total:5.1f} %" for name, seconds in ranked)


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def ran(corpus: Path, folder: Path, embedder: Embedder) -> tuple[IndexResult, float]:
    """Index; return the result and the seconds."""
    started = time.perf_counter()
    result = index_folder(corpus, folder, config=Config(), embedder=embedder)
    return result, time.perf_counter() - started
