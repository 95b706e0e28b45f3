"""The command line with an embedder that notes what it embeds, and where it is: what tests stop at some moment.

    python -m tests.noted_rag DIARY PAUSE DIMENSION index CORPUS …

The folder DIARY then holds `embedded`, a line of JSON for every text handed to the encoder, and `phase`, the name of
what is being done. Every batch takes PAUSE seconds. Starting it and looking at its folder are here as well.
"""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import cli, pipeline
from rag.catalog import Catalog
from rag.chroma import Chroma
from rag.index import Index
from rag.parse import Parsers
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Sequence

    from rag.embed import Vectors

ROOT = Path(__file__).parent.parent
WIDTH = 16
MARK = "RAG_TEST_RUN"
PHASES: tuple[tuple[type, str, str], ...] = (
    (Parsers, "__init__", "parsing"),
    (Catalog, "put_file", "putting files"),
    (Catalog, "remove_file", "putting files"),
    (Catalog, "put_chunks", "cutting anew"),
    (Chroma, "__init__", "opening Chroma"),
    (Chroma, "put", "Chroma write"),
    (Chroma, "remove", "Chroma write"),
    (Catalog, "mark_stored", "noting stored"),
    (Catalog, "switch_edition", "switching"),
    (Index, "_remove_other_editions", "removing old"),
)
"""What is named when it begins: class, method, phase."""


@dataclass(frozen=True, slots=True)
class Run:
    """A started `rag`: its process, its diary, and the mark all its processes bear."""

    process: subprocess.Popen[str]
    diary: Path
    mark: str

    @property
    def phase(self) -> str:
        """What it is doing."""
        return phase_of(self.diary)

    def wait_for(self, *phases: str, seconds: float = 60.0) -> None:
        """Wait until it is at one of these; where none is named, at any."""
        end = time.monotonic() + seconds
        while self.phase not in phases if phases else not self.phase:
            assert self.process.poll() is None, f"ended before {phases}: {self.process.communicate()}"
            assert time.monotonic() < end, f"no {phases} in {seconds} s"
            time.sleep(0.005)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes, as a terminal does."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End the command alone, as kill -9 does."""
        self.process.kill()
        self.process.communicate()

    def left_behind(self, seconds: float = 10.0) -> list[str]:
        """Return the commands of its processes that are alive after so many seconds at most."""
        end = time.monotonic() + seconds
        while (alive := _marked(self.mark)) and time.monotonic() < end:
            time.sleep(0.05)
        return alive


def start(diary: Path, *words: object, pause: float = 0.0, dimension: int = 64, **settings: Any) -> Run:
    """Start it, in a session of its own."""
    diary.mkdir(parents=True, exist_ok=True)
    (diary / "phase").write_bytes(b" " * WIDTH)
    mark = uuid.uuid4().hex
    command = [sys.executable, "-m", "tests.noted_rag", str(diary), str(pause), str(dimension), *map(str, words)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {MARK: mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **settings,
    )
    return Run(process, diary, mark)


def phase_of(diary: Path) -> str:
    """Return the phase a diary tells of."""
    return (diary / "phase").read_bytes().decode("ascii").strip()


def embedded(diary: Path) -> list[str]:
    """Return the texts that were embedded, in order, each with its embedder's name."""
    return (diary / "embedded").read_text(encoding="utf-8").splitlines() if (diary / "embedded").exists() else []


def _marked(mark: str) -> list[str]:
    """Return the commands of the living processes that bear a mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended, or is another's
            continue
    return found


class NotingEmbedder(WordEmbedder):
    """Notes every text before it embeds it, and takes its time."""

    def __init__(self, diary: Path, *, pause: float, dimension: int) -> None:
        super().__init__(dimension=dimension)
        self._diary = os.open(diary / "embedded", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._pause = pause

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages."""
        lines = "".join(json.dumps([self.fingerprint, text]) + "\n" for text in texts)
        os.write(self._diary, lines.encode("ascii"))
        _say("embedding")
        time.sleep(self._pause)
        return super().passages(texts)


def _say(phase: str) -> None:
    """Note the phase."""
    _page[:] = phase.encode("ascii").ljust(WIDTH)


def _named(method: Callable[..., Any], phase: str) -> Callable[..., Any]:
    def named(*arguments: Any, **settings: Any) -> Any:
        _say(phase)
        return method(*arguments, **settings)

    return named


if __name__ == "__main__":
    place, how_long, size = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    with (place / "phase").open("r+b") as file:
        _page = mmap.mmap(file.fileno(), WIDTH)
    for owner, name, told in PHASES:
        setattr(owner, name, _named(getattr(owner, name), told))
    noting = NotingEmbedder(place, pause=how_long, dimension=size)
    vars(pipeline)["open_embedder"] = lambda _="": noting  # in place of the one that is named
    sys.argv[1:] = sys.argv[4:]
    _say("started")
    cli.main()
