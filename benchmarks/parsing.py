"""What worker processes cost and save, and what becomes of files made to break readers.

    python benchmarks/parsing.py hostile FOLDER…      a table: file → read or refused, why, seconds, peak memory
    python benchmarks/parsing.py speed FOLDER [ROUNDS] [SUFFIX]
    python benchmarks/parsing.py small [FILES] [ROUNDS]

`speed` reads the files of a folder in one fresh process, and from one with 1 and 2 workers, start-up included; `small`
does so with short texts made for it. Sides alternate in one run; printed are the medians of the rounds' ratios to
reading in one process, with the extremes, and the same of the work (processor seconds of all processes), which says
more on a machine that others use.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from rag.folder import corpus_files
from rag.parse import Parsed, Parsers
from rag.worker import read_source

SECONDS, MEGABYTES = 30.0, 1024


def read_measured(path: str, corpus: Path) -> Parsed:
    """Read a file, and say before the reason how long that took and how much memory the process had at most."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    started = time.perf_counter()
    parsed = read_source(path, corpus)
    seconds = time.perf_counter() - started
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return replace(parsed, reason=f"{seconds:.2f} s | {peak:.0f} MB | {parsed.reason}")


def names(corpus: Path, suffix: str = "") -> list[str]:
    """Return the paths of a folder's files as the workers are given them."""
    found = list(corpus_files(corpus))
    return [name for name in found if name.endswith(suffix)]


def hostile(corpus: Path) -> None:
    """Print what became of each file of a folder."""
    started = time.perf_counter()
    with Parsers(corpus, workers=2, seconds=SECONDS, megabytes=MEGABYTES, read="parsing:read_measured") as parsers:
        found = sorted(parsers.parse(names(corpus)), key=lambda parsed: parsed.path)
    for parsed in found:
        told = parsed.reason if " | " in parsed.reason else f"- | - | {parsed.reason}"
        letters = sum(len(document.text) for document in parsed.documents)
        print(f"| {parsed.path} | {parsed.state} | {letters:,} | {told} |")
    print(f"{len(found)} files in {time.perf_counter() - started:.1f} s")


def read_all(corpus: Path, workers: int, suffix: str) -> None:
    """Print the seconds until the first and the last file is read, and those all processes worked; without workers, in
    this process.
    """
    paths = names(corpus, suffix)
    started = time.perf_counter()
    if workers:
        with Parsers(corpus, workers=workers, seconds=SECONDS, megabytes=MEGABYTES) as parsers:
            moments = [time.perf_counter() - started for _ in parsers.parse(paths)]
    else:
        moments = [time.perf_counter() - started for path in paths if read_source(path, corpus)]
    assert len(moments) == len(paths)
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(moments[0], moments[-1], sum(one.ru_utime + one.ru_stime for one in used))


def taken(corpus: Path, workers: int, suffix: str) -> tuple[float, ...]:
    """Return what `read_all` prints in a process of its own, where no reader is loaded yet."""
    command = [sys.executable, __file__, "all", str(corpus), str(workers), suffix]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    return tuple(map(float, done.stdout.split()))


def speed(corpus: Path, rounds: int, suffix: str = "") -> None:
    """Print how long reading takes with workers, as a ratio to reading in this process."""
    taken(corpus, 0, suffix)  # warms the file cache
    timed = [[taken(corpus, workers, suffix) for workers in (0, 1, 2)] for _ in range(rounds)]
    here, files = median(sides[0][1] for sides in timed), len(names(corpus, suffix))
    print(f"{files} files, {here:.2f} s in one process, {1000 * here / files:.2f} ms a file")
    for workers in (1, 2):
        ratios = [sides[workers][1] / sides[0][1] for sides in timed]
        work = median(sides[workers][2] / sides[0][2] for sides in timed)
        first = median(sides[workers][0] for sides in timed)
        extremes = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{workers} workers: {median(ratios):.2f} ({extremes}), work {work:.2f}; first file after {first:.2f} s")


def small(files: int, rounds: int) -> None:
    """Print the speed for many short texts."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(files):
            text = f"Nota {number}\n\nLos datos sintéticos imitan a los reales sin copiarlos, y se miden aparte.\n"
            Path(folder, f"{number:05}.txt").write_text(text, encoding="utf-8")
        speed(Path(folder), rounds)


def main() -> None:
    """Do what the first word says."""
    what, *rest = sys.argv[1:]
    if what == "hostile":
        for folder in rest:
            hostile(Path(folder))
    elif what == "speed":
        speed(Path(rest[0]), int(rest[1]) if len(rest) > 1 else 3, *rest[2:3])
    elif what == "all":
        read_all(Path(rest[0]), int(rest[1]), rest[2])
    else:
        small(int(rest[0]) if rest else 2000, int(rest[1]) if len(rest) > 1 else 3)


if __name__ == "__main__":
    main()
