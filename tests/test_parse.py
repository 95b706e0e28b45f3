"""Reading files in worker processes, with readers that hang, crash, eat and chatter."""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.codec import loads
from rag.errors import RagError
from rag.folder import corpus_files
from rag.parse import Parsed, Parsers
from rag.worker import OUT_OF_MEMORY, READY, Orders, answer, as_line, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
ODD = "tests.odd_readers:read_oddly"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="this system bounds no process's memory")


def open_odd(corpus: Path, *, workers: int = 1, seconds: float = 60.0) -> Parsers:
    """Return workers whose reader does what the files' names say."""
    return Parsers(corpus, workers=workers, seconds=seconds, megabytes=512, read=ODD)


def fates(paths: list[str], corpus: Path, *, workers: int = 1, seconds: float = 60.0) -> dict[str, Parsed]:
    """Return what became of each file."""
    with open_odd(corpus, workers=workers, seconds=seconds) as parsers:
        return {parsed.path: parsed for parsed in parsers.parse(paths)}


def is_gone(pid: int, seconds: float = 10.0) -> bool:
    """Say whether a process ends within so many seconds; one that nobody has buried yet has ended."""
    until, stat = time.monotonic() + seconds, Path(f"/proc/{pid}/stat")
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            if stat.exists() and stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def pid_in(parsed: Parsed) -> int:
    """Return the process that the reader `tell` ran in."""
    return int(parsed.reason.split()[0])


# Files


def test_workers_read_what_reading_here_gives() -> None:
    """Every file of the sample corpus gives the same documents from a worker as from this process."""
    paths = list(corpus_files(CORPUS))
    with Parsers(CORPUS, workers=2, seconds=60, megabytes=1024) as parsers:
        found = {parsed.path: parsed for parsed in parsers.parse(paths)}
    assert found == {path: read_source(path, CORPUS) for path in paths}


def test_a_file_that_ends_its_worker_costs_itself(tmp_path: Path) -> None:
    """A reader that leaves, crashes or raises fails with its reason in one line; the files after it are read."""
    remedy = "perhaps for want of memory; save it anew or in another format"
    found = fates(["leave", "tell-1", "crash", "tell-2", "fail", "nowhere.txt", "tell-3"], tmp_path)
    assert {path: parsed.state for path, parsed in found.items() if parsed.path.startswith("tell")} == dict.fromkeys(
        ("tell-1", "tell-2", "tell-3"), "read"
    )
    assert {path: parsed.reason for path, parsed in found.items() if parsed.state == "failed"} == {
        "leave": f"its reader crashed twice (exit status 3), {remedy}",
        "crash": f"its reader crashed twice (SIGSEGV), {remedy}",
        "fail": "its reader failed (ValueError: a fault of two lines); save it anew or in another format",
        "nowhere.txt": "it cannot be opened (No such file or directory); check who may read it",
    }


def test_a_file_that_hangs_is_stopped(tmp_path: Path) -> None:
    """A reader that sleeps, and one that runs where no Python code gets a turn, fail by the clock; the next is read."""
    started = time.monotonic()
    found = fates(["hang", "sleep", "tell"], tmp_path, seconds=1.5)
    assert (
        found["hang"].reason
        == found["sleep"].reason
        == ("reading it was stopped after 1.5 seconds; save it anew, split it, or allow more")
    )
    assert found["tell"].state == "read"
    assert time.monotonic() - started >= 3


@LINUX
def test_a_file_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    """A reader that allocates without end fails at its limit; the next file has the whole limit again."""
    found = fates(["eat-1", "tell", "eat-2"], tmp_path)
    reason = "reading it takes more than 512 MB of memory; save it anew, split it, or allow more"
    assert [found[path].reason for path in ("eat-1", "eat-2")] == [reason, reason]
    assert found["tell"].state == "read"


def test_a_worker_killed_once_costs_nothing(tmp_path: Path) -> None:
    """A file at which a worker ended is read again: what ended it may have nothing to do with the file."""
    assert fates(["once", "tell"], tmp_path)["once"] == Parsed("once")


def test_an_idle_worker_killed_costs_nothing(tmp_path: Path) -> None:
    """Workers killed while they have nothing to do are replaced, and no file is blamed."""
    with open_odd(tmp_path) as parsers:
        for number in range(3):
            [told] = parsers.parse([f"tell-{number}"])
            assert told.state == "read"
            os.kill(pid_in(told), signal.SIGKILL)


def test_what_readers_print_is_lost(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A reader that prints, writes to the bare descriptors and reads the input disturbs neither screen nor answers."""
    assert fates(["chatter", "tell"], tmp_path)["chatter"] == Parsed("chatter")
    assert capfd.readouterr() == ("", "")


def test_the_clock_of_a_file_is_its_own(tmp_path: Path) -> None:
    """Whoever asks may be away for longer than a file may take: what was read meanwhile is not lost."""
    states = []
    with open_odd(tmp_path, seconds=1.5) as parsers:
        for parsed in parsers.parse([f"tell-{number}" for number in range(10)]):
            states.append(parsed.state)
            if parsed.path in {"tell-0", "tell-6"}:
                time.sleep(2)
    assert states == ["read"] * 10


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parsers]:
    """Workers that all examples of a property share."""
    with open_odd(tmp_path_factory.mktemp("corpus"), workers=2) as parsers:
        yield parsers


@settings(deadline=None, max_examples=6)
@given(
    tricks=st.lists(st.sampled_from(["tell", "fail", "full", "leave", "no\nsuch", "ñ\udce9"]), max_size=6),
    many=st.sampled_from([0, 0, 100]),
)
def test_every_file_is_answered_once(shared: Parsers, tricks: list[str], many: int) -> None:
    """Whatever the readers do, each path comes back exactly once."""
    paths = [f"{trick}-{number}" for number, trick in enumerate(tricks + ["tell"] * many)]
    assert sorted(parsed.path for parsed in shared.parse(paths)) == sorted(paths)


def test_many_files_get_more_workers(tmp_path: Path) -> None:
    """A few files are read by one process, many by as many as are allowed and no more."""
    with open_odd(tmp_path, workers=2) as parsers:
        assert len({pid_in(parsed) for parsed in parsers.parse([f"tell-{number}" for number in range(9)])}) == 1
        assert len({pid_in(parsed) for parsed in parsers.parse([f"tell-{number}" for number in range(2000)])}) == 2


# Processes


def test_closing_ends_every_worker(tmp_path: Path) -> None:
    """After an error in the asker's own code no worker is left, not even one that hangs."""
    told: list[int] = []

    def ask() -> None:
        with open_odd(tmp_path) as parsers:
            for parsed in parsers.parse(["tell", "hang"]):
                told.append(pid_in(parsed))
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask()
    assert is_gone(told[0], 0.5)


def test_an_asker_may_stop_listening(tmp_path: Path) -> None:
    """Answers nobody waited for do not mix with those to the next question."""
    with open_odd(tmp_path, workers=2) as parsers:
        for _ in parsers.parse([f"tell-{number}" for number in range(200)]):
            break
        assert [parsed.path for parsed in parsers.parse(["tell-new"])] == ["tell-new"]


SCRIPT = f"""
import os, sys, time
from pathlib import Path
from rag.folder import corpus_files
from rag.parse import Parsers
print("begun", flush=True)
with Parsers(Path("."), workers=1, seconds={{seconds}}, megabytes=512, read="{ODD}") as parsers:
    for parsed in parsers.parse(["tell", "hang"]):
        print(parsed.state, parsed.reason, flush=True)
"""


def start(*arguments: str, seconds: float) -> subprocess.Popen[str]:
    """Start a script that asks about a file that tells of its process and one that hangs."""
    script = SCRIPT.format(seconds=seconds)
    return subprocess.Popen(
        [sys.executable, *(argument or script for argument in arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("as_file", [True, False])
def test_any_script_may_ask(tmp_path: Path, *, as_file: bool) -> None:
    """A script without a guard around its main part runs once, and workers run none of it."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(seconds=0.5), encoding="utf-8")
    with start(*([str(path)] if as_file else ["-c", ""]), seconds=0.5) as asker:
        out, err = asker.communicate(timeout=60)
    begun, told, late = out.splitlines()
    assert (begun, told.split()[2:], err) == ("begun", ["none"], "")
    assert late.startswith("failed reading it was stopped")


def test_workers_are_light(tmp_path: Path) -> None:
    """A worker imports no vector store, encoder, chain or command line."""
    assert fates(["tell"], tmp_path)["tell"].reason.split()[1:] == ["none"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "seconds"), [(signal.SIGINT, 60.0), (signal.SIGKILL, 1.0)])
def test_workers_end_with_their_asker(number: signal.Signals, seconds: float) -> None:
    """Ctrl-C ends asker and workers at once; after kill -9 a worker that hangs ends soon after its file's time."""
    with start("-c", "", seconds=seconds) as asker:
        assert asker.stdout
        assert asker.stdout.readline() == "begun\n"
        pid = int(asker.stdout.readline().split()[1])
        if number == signal.SIGINT:
            os.killpg(asker.pid, number)
        else:
            asker.kill()
        asker.wait(20)
        assert is_gone(pid)


def test_workers_that_do_not_come_up_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot start is the run's fault and not a file's, and the error says how to see why."""
    said = pytest.raises(RagError, match=r"exit status 1\); see what this says: .*import rag\.worker")
    with said, Parsers(tmp_path, workers=1, seconds=1, megabytes=512, read="no.such:reader") as parsers:
        list(parsers.parse(["any"]))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RagError, match="no process can be started"):
        open_odd(tmp_path)


def test_words_that_are_no_answer_are_as_good_as_an_end(tmp_path: Path) -> None:
    """A worker that a file made say something else is replaced, and nothing it said is taken."""
    found = fates(["babble", "tell"], tmp_path)
    assert found["babble"].state == "failed"
    assert found["tell"].state == "read"


# Inside a worker


def ask_here(*paths: str, corpus: Path) -> tuple[int, list[bytes]]:
    """Return the exit status of a worker's work done in this process, and the lines of its answers."""
    orders = Orders(str(corpus), ODD, seconds=60, megabytes=512)
    outbox = io.BytesIO()
    status = answer(io.BytesIO(b"".join(map(as_line, (orders, *paths)))), outbox)
    ready, *lines = outbox.getvalue().splitlines(keepends=True)
    assert ready == READY
    return status, lines


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The limits on memory that are asked for; none is set on this process."""
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: asked.append(limit))
    return asked


def test_answers_are_one_line_each(tmp_path: Path, limits: list[tuple[int, int]]) -> None:
    """A text with any line break, and a path that is no proper text, come back equal from one line."""
    (tmp_path / "two.txt").write_text("Uno\n\ndos\u2028tres\x85cuatro.\n", encoding="utf-8")
    status, lines = ask_here("two.txt", "fail-\udce9\n", corpus=tmp_path)
    assert status == 0
    assert loads(Parsed, lines[0]) == read_source("two.txt", tmp_path)
    assert loads(Parsed, lines[1]).path == "fail-\udce9\n"
    assert loads(Parsed, lines[1]).reason.startswith("its reader failed (ValueError: a fault of two lines)")


def test_want_of_memory_ends_a_worker(tmp_path: Path, limits: list[tuple[int, int]]) -> None:
    """A file that takes too much is not answered: the worker's exit status tells, and its memory is free."""
    assert ask_here("tell", "full", "tell", corpus=tmp_path)[0] == OUT_OF_MEMORY


@LINUX
def test_memory_is_bounded_for_each_file(tmp_path: Path, limits: list[tuple[int, int]]) -> None:
    """Each file may take the limit beyond what the worker holds by then."""
    ask_here("tell", "tell", corpus=tmp_path)
    assert len(limits) == 2
    assert all(soft > 512 * 2**20 for soft, _ in limits)


def test_a_system_without_limits_reads_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory cannot be bounded nor an alarm set, files are read all the same."""

    def refuse(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.delattr(signal, "setitimer")
    assert ask_here("tell", corpus=tmp_path)[0] == 0


def test_briefs_are_skipped() -> None:
    """A brief that lies in the corpus is no source, and says so."""
    parsed = read_source("brief-datos-sinteticos.txt", ROOT / "briefs")
    assert (parsed.state, parsed.documents, parsed.reason) == ("skipped", (), "a brief, not a source")


# Real files made to break readers


@pytest.mark.data
def test_hostile_files_cost_themselves() -> None:
    """Among bombs, broken and odd files every one is answered, within bounds, and the good ones are read."""
    data = os.environ.get("RAG_TEST_DATA")
    if not data:
        pytest.skip("RAG_TEST_DATA is not set")
    corpus = Path(data) / "hostile_files" / "files"
    paths = list(corpus_files(corpus))
    with Parsers(corpus, workers=2, seconds=30, megabytes=256) as parsers:
        found = {parsed.path: parsed for parsed in parsers.parse(paths)}
    assert sorted(found) == sorted(paths)
    assert {found[path].state for path in ("ok.txt", "ok.pdf", "owner_locked.pdf", "dup/one.txt")} == {"read"}
    assert {found[path].state for path in ("bomb_form.pdf", "locked.pdf", "empty.pdf", "bomb.docx")} == {"failed"}
    assert all(parsed.reason for parsed in found.values() if parsed.state != "read")
