"""Files of a corpus → what each holds, read in worker processes: one that hangs, crashes or eats memory costs itself.

Does not read files itself (see `rag.worker`), and knows nothing of an index. Workers are plain child processes with a
pipe each, so that a silence or an end is that of exactly one file; they import nothing of the program that asks, and
end when it does.

Paths → Parsed.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Self

from rag.codec import loads
from rag.errors import RagError
from rag.language import tell
from rag.worker import OUT_OF_MEMORY, READY, Orders, Parsed, as_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

__all__ = ["Parsed", "Parsers"]

AHEAD = 4
"""Files a worker is given at a time: it need not wait for its next small one, and few wait behind a slow one."""
WORTH = 100
"""Waiting files for which one more worker pays: coming up costs it what reading some 25 papers costs."""
TICK = 0.1
"""Seconds between two looks at the clock while nobody answers."""
START = 60.0
"""Seconds after which a worker that has not come up never will."""
END = 1.0
"""Seconds a worker that closed its pipe has to be gone."""
PROGRAM = "import sys; sys.path[:] = {path!r}; from rag.worker import serve; serve()"


class _Worker:
    """A process that reads files. Whatever it says goes to `heard` as (worker, Parsed); its end as (worker, None).

    `waiting` are the paths it was given and has not answered: the first is being read `since` that moment. `silence`
    are the seconds from there to its end, 0 where it had nothing to do.
    """

    def __init__(self, orders: Orders, heard: queue.SimpleQueue[tuple[_Worker, Parsed | None]]) -> None:
        self.waiting: deque[str] = deque()
        self.since = time.monotonic()
        self.ready = False
        self.silence = 0.0
        self._limit = orders.megabytes * 2**20
        program = [sys.executable, "-c", PROGRAM.format(path=[str(place) for place in sys.path])]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._write(as_line(orders))
        self._listener = Thread(target=self._listen, args=(heard,), daemon=True)
        self._listener.start()

    def give(self, path: str) -> None:
        """Add a file to those it is to read."""
        if not self.waiting:
            self.since = max(self.since, time.monotonic())
        self.waiting.append(path)
        self._write(json.dumps(path).encode("ascii") + b"\n")

    def stop_if_late(self, seconds: float) -> None:
        """End the process if it should have spoken by now; its end is heard as any."""
        allowed = seconds if self.ready else START
        if (self.waiting or not self.ready) and time.monotonic() >= self.since + allowed:
            self.process.kill()

    def end(self) -> int:
        """Return the exit status of a process that is ending."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(END)
        self.stop()
        return self.process.returncode

    def stop(self) -> None:
        """End the process at once, whatever it does."""
        self.process.kill()
        self._listener.join()
        with suppress(OSError), self.process:  # closes its pipes
            pass

    def _write(self, line: bytes) -> None:
        if self.process.stdin:
            with suppress(OSError):  # it has ended; the listener says so
                self.process.stdin.write(line)
                self.process.stdin.flush()

    def _listen(self, heard: queue.SimpleQueue[tuple[_Worker, Parsed | None]]) -> None:
        """Pass on what it says. The clock of its next file starts here: the asker may be away for long."""
        with suppress(ValueError):  # words that are no answer: as good as its end
            self.ready = self._line() == READY
            self.since = time.monotonic()
            while self.ready and (line := self._line()):
                parsed = loads(Parsed, line)
                self.since = time.monotonic()
                heard.put((self, parsed))
        self.silence = time.monotonic() - self.since if self.waiting else 0.0
        heard.put((self, None))

    def _line(self) -> bytes:
        """Return its next whole line; nothing at its end, nor for one beyond all measure."""
        line = self.process.stdout.readline(self._limit) if self.process.stdout else b""
        return line if line.endswith(b"\n") else b""


class Parsers:
    """Worker processes that read files of a corpus, at most `workers`: one starts with the object, so make it early and
    go on with what else takes time; more as they are worth it. Use as a context manager or call `close`.

    A file may take `seconds` and `megabytes` beyond what a worker holds anyway (on Linux; elsewhere memory has no
    bound of its own). Raises `RagError` where processes cannot be started.
    """

    def __init__(
        self, corpus: Path, *, workers: int, seconds: float, megabytes: int, read: str = "rag.worker:read_source"
    ) -> None:
        self._orders = Orders(str(corpus), read, seconds, megabytes)
        self._most = max(workers, 1)
        self._heard: queue.SimpleQueue[tuple[_Worker, Parsed | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._hire(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers at once."""
        while self._workers:
            self._workers.pop().stop()

    def parse(self, paths: Iterable[str]) -> Iterator[Parsed]:
        """Give what became of each file, once, as they are done: in no order to rely on.

        A file at which a worker ended by itself is tried once more before it counts as failed: something else may have
        ended it.
        """
        todo, tried = deque(paths), set[str]()
        try:
            while todo or any(worker.waiting for worker in self._workers):
                self._hand_out(todo)
                worker, parsed = self._hear()
                if parsed:
                    worker.waiting.popleft()
                else:
                    parsed = self._bury(worker, todo, tried)
                if parsed:
                    yield parsed
        finally:
            for worker in [worker for worker in self._workers if worker.waiting]:  # nobody waits for these any more
                self._workers.remove(worker)
                worker.stop()

    def _hire(self, wanted: int) -> None:
        """Start the workers that are missing, as far as so many are allowed."""
        try:
            while len(self._workers) < min(wanted, self._most):
                self._workers.append(_Worker(self._orders, self._heard))
        except OSError as error:
            self.close()
            raise RagError(
                tell(
                    es=f"no se puede iniciar ningún proceso para leer archivos ({error}); cierra otros programas",
                    en=f"no process can be started to read files ({error}); close other programs",
                )
            ) from error

    def _hand_out(self, todo: deque[str]) -> None:
        """Give the paths to whoever has least to do, a few to each."""
        if todo:
            self._hire(1 + len(todo) // WORTH)
        while todo and len((worker := min(self._workers, key=lambda one: len(one.waiting))).waiting) < AHEAD:
            worker.give(todo.popleft())

    def _hear(self) -> tuple[_Worker, Parsed | None]:
        """Return the next answer, or the next end, of a worker; end one that is over its time."""
        while True:
            try:
                worker, parsed = self._heard.get(timeout=TICK)
            except queue.Empty:  # only now: an answer not yet taken is no silence
                for worker in self._workers:
                    worker.stop_if_late(self._orders.seconds)
                continue
            asked = next(iter(worker.waiting), None)
            if worker in self._workers and (parsed is None or parsed.path == asked):
                return worker, parsed

    def _bury(self, worker: _Worker, todo: deque[str], tried: set[str]) -> Parsed | None:
        """Return what became of the file at which a worker ended; those it had not come to go back to the others."""
        status = worker.end()
        self._workers.remove(worker)
        if not worker.ready:
            check = f"{sys.executable} -c 'import rag.worker'"
            raise RagError(
                tell(
                    es=f"no arranca ningún proceso para leer archivos ({_words(status)}); mira qué dice esto: {check}",
                    en=f"no process comes up to read files ({_words(status)}); see what this says: {check}",
                )
            )
        todo.extendleft(reversed(worker.waiting))
        reason = self._reason(worker, status, tried)
        return Parsed(todo.popleft(), state="failed", reason=reason) if reason else None

    def _reason(self, worker: _Worker, status: int, tried: set[str]) -> str:
        """Say why the file a worker was at cannot be read; nothing where it is not to blame, or not yet."""
        path = next(iter(worker.waiting), "")
        if not path:
            return ""
        if worker.silence >= self._orders.seconds:
            told = tell(
                es=f"su lectura se detuvo a los {self._orders.seconds:g} segundos",
                en=f"reading it was stopped after {self._orders.seconds:g} seconds",
            )
            return tell(
                es=f"{told}; guárdalo de nuevo, divídelo o permite más",
                en=f"{told}; save it anew, split it, or allow more",
            )
        if status == OUT_OF_MEMORY:
            told = tell(
                es=f"leerlo exige más de {self._orders.megabytes} MB de memoria",
                en=f"reading it takes more than {self._orders.megabytes:,} MB of memory",
            )
            return tell(
                es=f"{told}; guárdalo de nuevo, divídelo o permite más",
                en=f"{told}; save it anew, split it, or allow more",
            )
        if path in tried:
            told = tell(
                es=f"su lector falló dos veces ({_words(status)}), quizá por falta de memoria",
                en=f"its reader crashed twice ({_words(status)}), perhaps for want of memory",
            )
            return tell(
                es=f"{told}; guárdalo de nuevo o en otro formato", en=f"{told}; save it anew or in another format"
            )
        tried.add(path)
        return ""


def _words(status: int) -> str:
    """Return an exit status in words: the signal's name where it was one."""
    with suppress(ValueError):
        return signal.Signals(-status).name
    return tell(es=f"estado de salida {status}", en=f"exit status {status}")
