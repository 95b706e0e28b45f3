"""How surely entries of a reference list lead to their documents: `python -m benchmarks.references DATA`.

The papers that experts cite in scholarqa_multi, each written as an entry in several styles, against a library that
holds every second of them: entries of the held half must lead to their paper, those of the other half nowhere. Then
markers of author and year alone.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rag.bibliography import title_key
from rag.dates import interval
from rag.drafts.resolve import Works, surname
from rag.records import UNDATED, Source

if TYPE_CHECKING:
    from collections.abc import Callable


def papers(data: Path) -> list[Source]:
    """Return the papers cited, each title once, in the order of titles."""
    found: dict[str, Source] = {}
    for line in (data / "scholarqa_multi" / "scholarqa_multi.jsonl").read_text(encoding="utf-8").splitlines():
        for one in json.loads(line)["excerpts"]:
            key = title_key(one["title"] or "")
            names = one["authors"] or []
            authors = tuple(name["name"] if isinstance(name, dict) else name for name in names)
            year = int(one["year"] or 0)
            if key:
                date = interval(year) if year else UNDATED
                found.setdefault(key, Source(key, (key,), "text", one["title"], authors, date, url=one["url"] or ""))
    return [found[key] for key in sorted(found)]


def _family(name: str) -> str:
    given = name.split()
    return f"{given[-1]}, {' '.join(word[0] + '.' for word in given[:-1])}" if given[1:] else name


def _initials_first(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(word[0] + "." for word in given), family])


def apa(paper: Source) -> str:
    """Return an entry as APA has it."""
    names = ", ".join(_family(name) for name in paper.authors[:6])
    return f"{names} ({str(paper.date)[:4] or 'n. d.'}). {paper.title}. Journal of Things, 3(2), 11-19."


def vancouver(paper: Source) -> str:
    """Return an entry as Vancouver has it."""
    names = ", ".join(_family(name).replace(".", "").replace(",", "") for name in paper.authors[:6])
    return f"{names}. {paper.title}. J Things. {str(paper.date)[:4]};3(2):11-9."


def ieee(paper: Source) -> str:
    """Return an entry as IEEE has it, the title in capitals of its own."""
    names = " and ".join(_initials_first(name) for name in paper.authors[:3] if name)
    return f'{names}, "{paper.title.title()}," J. Things, vol. 3, no. 2, pp. 11-19, {str(paper.date)[:4]}.'


def mistyped(paper: Source) -> str:
    """Return an APA entry with two letters of its title wrong."""
    chance = random.Random(paper.id)  # noqa: S311 - no secret
    title = list(paper.title)
    for place in chance.sample(range(len(title)), 2):
        title[place] = "x"
    return apa(paper).replace(paper.title, "".join(title))


def untitled(paper: Source) -> str:
    """Return an entry of authors, year and journal alone."""
    return apa(paper).replace(f" {paper.title}.", "")


def address(paper: Source) -> str:
    """Return an entry that gives little but the address."""
    return f"Available at: {paper.url} (accessed 3 May 2024)."


def main() -> None:
    """Report each style."""
    everything = papers(Path(sys.argv[1]))
    held = everything[::2]
    absent = everything[1::2]
    started = time.perf_counter()
    works = Works(held)
    print(f"{len(held)} papers held, {len(absent)} not; laid out in {time.perf_counter() - started:.3f} s")
    styles: tuple[Callable[[Source], str], ...] = (apa, vancouver, ieee, mistyped, untitled, address)
    for style in styles:
        began = time.perf_counter()
        found = [(paper, works.of_entry(style(paper))) for paper in held]
        each = (time.perf_counter() - began) / len(held) * 1000
        right = sum([one.id for one in hit.sources] == [paper.id] for paper, hit in found)
        several = sum(hit.ambiguous and paper in hit.sources for paper, hit in found)
        wrong = sum(bool(hit.sources) and paper not in hit.sources for paper, hit in found)
        false = sum(bool(works.of_entry(style(paper)).sources) for paper in absent)
        print(
            f"{style.__name__:10} held: right {right / len(held):.3f}, ambiguous {several / len(held):.3f}, wrong "
            f"{wrong / len(held):.3f}; not held: led somewhere {false / len(absent):.3f}; {each:.2f} ms each"
        )
    named = [
        (paper, works.of_authors((surname(paper.authors[0]).split()[-1],), str(paper.date)))
        for paper in held
        if paper.authors and paper.date.known
    ]
    right = sum([one.id for one in hit.sources] == [paper.id] for paper, hit in named)
    several = sum(paper in hit.sources and hit.ambiguous for paper, hit in named)
    print(f"(Surname, year): right {right / len(named):.3f}, ambiguous {several / len(named):.3f} of {len(named)}")


if __name__ == "__main__":
    main()
