"""What changed between two writings: how they were made, and section by section evidence, sentences and length.

Sections are matched by their titles and where they stand, sentences by their words and then by what they say. A passage
that was cut anew or got another key is the same passage, a document read anew the same source. Nothing is judged, and
both directions tell the same: what is new in one is gone in the other. Two folders of runs → `Diff`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz.distance import LCSseq

from rag.errors import RagError
from rag.facts.compare import same_statement
from rag.language import fold, tell
from rag.run import load_report, load_run
from rag.verify import section_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.records import CheckedSection, Excerpt, Heading, Report, Sentence, Source
    from rag.run import Run

T = TypeVar("T")
Value = str | int | float | bool | None
Pair = tuple[int, int]
Said = tuple["Sentence", tuple["Cited", ...]]

SAME = 0.5
"""Share of words in the same order from which two sentences are one that changed, and two passages one cut anew. Of
6,900 pairs of other sentences on one topic, 99 in 100 share less than 0.27.
"""


@dataclass(frozen=True, slots=True)
class Turnover(Generic[T]):
    """What is new in the later of two writings, and what of the earlier is gone."""

    new: tuple[T, ...] = ()
    gone: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


@dataclass(frozen=True, slots=True)
class Writing:
    """A finished run: its folder, how it came about, and its text."""

    folder: str
    run: Run
    report: Report

    @property
    def words(self) -> Pair:
        """The words asked for and written, the author's included."""
        return self.report.brief.words, sum(map(section_words, self.report.sections))


@dataclass(frozen=True, slots=True)
class Setting:
    """Something asked for or used that differs; None where it was not set."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Cited:
    """A key that a sentence cites, with its excerpt; None where the key leads to none."""

    key: str
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence added (nothing before), removed (nothing after) or changed: in words, kind, verdict or citations."""

    before: Sentence | None
    after: Sentence | None
    citations: Turnover[Cited] = field(default_factory=Turnover)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section added (nothing before), removed (nothing after) or changed. `place` counts from 0.

    `literature` are the sources whose document served no section at all of the other writing.
    """

    before: CheckedSection | None
    after: CheckedSection | None
    place: tuple[int | None, int | None]
    moved: bool
    evidence: Turnover[Excerpt]
    literature: Turnover[Source]
    sentences: tuple[SentenceChange, ...]

    def __bool__(self) -> bool:
        """Whether anything differs but the place that other sections gave it."""
        if self.before is None or self.after is None or self.moved:
            return True
        one, other = ((each.heading.line, *lengths(each)) for each in (self.before, self.after))
        return bool(one != other or self.evidence or self.literature or self.sentences)


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs: settings, the sections that changed (the later text's order, then those removed), sources cited."""

    before: Writing
    after: Writing
    settings: tuple[Setting, ...]
    sections: tuple[SectionChange, ...]
    sources: Turnover[Source]

    def __bool__(self) -> bool:
        return bool(self.settings or self.sections or self.sources)


def load_writing(folder: Path) -> Writing:
    """Return a finished run; `RagError` says what is wrong with the folder."""
    run = load_run(folder)
    report = load_report(folder)
    if not run.finished:
        raise RagError(
            tell(
                es=f"{folder}: la ejecución se cortó antes de terminar; escribe su encargo de nuevo",
                en=f"{folder}: the run was cut short before it was finished; write its brief again",
            )
        )
    return Writing(folder.as_posix(), run, report)


def lengths(section: CheckedSection | None) -> Pair:
    """Return the words a section was asked for and those written, the author's included."""
    return (section.heading.words, section_words(section)) if section else (0, 0)


def compare_writings(before: Writing, after: Writing) -> Diff:
    """Return what changed from one writing to the other."""
    sections = _section_changes(before.report, after.report)
    cited, now = ([entry.source for entry in each.report.sources] for each in (before, after))
    sources = _turnover(cited, now, same_source)
    return Diff(before, after, _settings(before, after), tuple(filter(None, sections)), sources)


def same_source(one: Source, other: Source) -> bool:
    """Say whether two are one document, also one read anew: by its text, its DOI, its address, or its file and title.

    Search snippets may share a file, so untitled ones are told apart by their text alone.
    """
    if one.id == other.id:
        return True
    if one.doi and other.doi:
        return fold(one.doi) == fold(other.doi)
    if one.url and one.url == other.url:
        return True
    if not set(one.paths) & set(other.paths) or fold(one.title) != fold(other.title):
        return False
    return bool(one.title) or "snippet" not in {one.format, other.format}


def same_passage(one: Excerpt, other: Excerpt) -> bool:
    """Say whether two excerpts of one source share half of the shorter: whatever their keys, one was cut anew."""
    if one.source.id == other.source.id:
        shared = min(one.end, other.end) - max(one.start, other.start)
        return shared >= SAME * min(one.end - one.start, other.end - other.start)
    words = one.text.split(), other.text.split()
    return same_source(one.source, other.source) and LCSseq.similarity(*words) >= SAME * min(map(len, words))


def _turnover(before: Iterable[T], after: Iterable[T], same: Callable[[T, T], bool]) -> Turnover[T]:
    """Return what has no counterpart on the other side."""
    earlier, later = tuple(before), tuple(after)
    return Turnover(
        tuple(one for one in later if not any(same(one, other) for other in earlier)),
        tuple(one for one in earlier if not any(same(one, other) for other in later)),
    )


def _settings(before: Writing, after: Writing) -> tuple[Setting, ...]:
    one, other = _made_with(before), _made_with(after)
    names = dict.fromkeys((*one, *other))
    return tuple(Setting(name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name))


def _made_with(writing: Writing) -> dict[str, Value]:
    """Return all that was asked for and used, by name."""
    run, brief = writing.run, writing.report.brief
    limits = {name: getattr(brief.limits, name) for name in ("since", "until", "as_of", "undated")}
    return {
        **{f"brief.{name}": getattr(brief, name) for name in ("topic", "role", "language", "words")},
        **{f"brief.{name}": None if limit is None else str(limit) for name, limit in limits.items()},
        **{f"settings.{name}": value for name, value in sorted(run.settings.items())},
        "embedder": run.embedder,
        "index": run.index,
        "generation": run.generation,
        **{f"versions.{name}": version for name, version in sorted(run.versions.items())},
    }


# Sections


def _section_changes(before: Report, after: Report) -> Iterator[SectionChange]:
    """Give each section of the later text, then those removed."""
    earlier, later = ([section.heading for section in report.sections] for report in (before, after))
    pairs: list[Pair] = []
    for names in (_paths, _titles):
        pairs += _equal_pairs(*_unpaired(names(earlier), names(later), pairs))
    moved, came_from = _moved(pairs), {place: origin for origin, place in pairs}
    for place in range(len(later)):
        origin = came_from.get(place)
        yield _section_change(before, after, (origin, place), moved=(origin, place) in moved)
    for origin in _unpaired(earlier, later, pairs)[0]:
        yield _section_change(before, after, (origin, None), moved=False)


def _section_change(
    before: Report, after: Report, place: tuple[int | None, int | None], *, moved: bool
) -> SectionChange:
    earlier = None if place[0] is None else before.sections[place[0]]
    later = None if place[1] is None else after.sections[place[1]]
    old, new = (section.evidence if section else () for section in (earlier, later))
    language = before.brief.language if before.brief.language == after.brief.language else ""
    return SectionChange(
        earlier,
        later,
        place,
        moved,
        _turnover(old, new, same_passage),
        Turnover(_unknown(new, before), _unknown(old, after)),
        _sentence_changes(_cited(earlier, before), _cited(later, after), language),
    )


def _titles(headings: Iterable[Heading]) -> list[str]:
    return [" ".join(fold(heading.title).split()) for heading in headings]


def _paths(headings: Sequence[Heading]) -> list[tuple[str, ...]]:
    """Return each heading's title after those of the headings it stands under."""
    above: list[tuple[int, str]] = []
    paths = []
    for heading, title in zip(headings, _titles(headings), strict=True):
        above = [*(each for each in above if each[0] < heading.level), (heading.level, title)]
        paths.append(tuple(title for _, title in above))
    return paths


def _moved(pairs: Sequence[Pair]) -> frozenset[Pair]:
    """Return the pairs to take out so that the rest stands in one order: those that cross most others, one after the
    other; of two that crossed each other and nothing else, both.
    """
    staying = set(pairs)
    while staying:
        ranks = {
            pair: (sum((pair[0] - p[0]) * (pair[1] - p[1]) < 0 for p in staying), abs(pair[0] - pair[1]), sum(pair))
            for pair in staying
        }
        most = max(ranks.values())
        if not most[0]:
            break
        staying = {pair for pair in staying if ranks[pair] != most}
    return frozenset(pairs) - staying


def _unknown(excerpts: Iterable[Excerpt], other: Report) -> tuple[Source, ...]:
    """Return the sources of excerpts that are in no section's evidence of the other text."""
    known = {excerpt.source.id: excerpt.source for section in other.sections for excerpt in section.evidence}
    mine = {excerpt.source.id: excerpt.source for excerpt in excerpts}
    return _turnover(known.values(), mine.values(), same_source).new


# Sentences


def _cited(section: CheckedSection | None, report: Report) -> list[Said]:
    """Return a section's sentences, the author's first, each with what it cites."""
    if section is None:
        return []
    excerpts = {one.key: one for each in report.sections for one in each.evidence}
    excerpts |= {one.key: one for entry in report.sources for one in entry.excerpts}
    return [
        (sentence, tuple(Cited(key, excerpts.get(key)) for key in dict.fromkeys(c.key for c in sentence.citations)))
        for sentence in (*section.author, *section.written)
    ]


def _sentence_changes(before: Sequence[Said], after: Sequence[Said], language: str) -> tuple[SentenceChange, ...]:
    """Return the sentences added or changed in the later section's order, then those removed."""
    earlier, later = ([sentence.text for sentence, _ in each] for each in (before, after))
    pairs = _equal_pairs(*_unpaired(earlier, later, ()))
    pairs += _similar_pairs(*_unpaired(earlier, later, pairs), language)
    came_from = {place: origin for origin, place in pairs}
    changes = []
    for place, (sentence, cites) in enumerate(after):
        old, cited = before[came_from[place]] if place in came_from else (None, ())
        change = SentenceChange(old, sentence, _turnover(cited, cites, _same_cited))
        if old is None or change.citations or _seen(old) != _seen(sentence):
            changes.append(change)
    gone, _ = _unpaired(before, after, pairs)
    removed = (SentenceChange(sentence, None, Turnover(gone=cites)) for sentence, cites in gone.values())
    return (*changes, *removed)


def _seen(sentence: Sentence) -> tuple[str, str, str]:
    return sentence.text, sentence.kind, sentence.verdict


def _same_cited(one: Cited, other: Cited) -> bool:
    if one.excerpt is None or other.excerpt is None:
        return one.key == other.key
    return same_passage(one.excerpt, other.excerpt)


def _similar_pairs(before: Mapping[int, str], after: Mapping[int, str], language: str) -> list[Pair]:
    """Pair what is most alike first, each once; of equals what stands nearest."""
    likeness = {(i, j): _likeness(before[i], after[j], language) for i, j in product(before, after)}
    ranked = sorted(likeness, key=lambda pair: (-likeness[pair], abs(pair[0] - pair[1]), sum(pair)))
    pairs: dict[int, int] = {}
    for origin, place in ranked:
        if likeness[origin, place] and origin not in pairs and place not in pairs.values():
            pairs[origin] = place
    return list(pairs.items())


def _likeness(one: str, other: str, language: str) -> float:
    """Return the share of words in the same order, 1 more where two sentences state the same; 0 where they are two."""
    words = fold(one).split(), fold(other).split()
    share = round(2 * LCSseq.similarity(*words) / max(sum(map(len, words)), 1), 4)
    if same_statement(one, other, language=language) or same_statement(other, one, language=language):
        return 1 + share
    return share if share >= SAME else 0.0


# Pairs


def _equal_pairs(before: Mapping[int, object], after: Mapping[int, object]) -> list[Pair]:
    """Pair the places of what is equal, the first with the first."""
    waiting: defaultdict[object, deque[int]] = defaultdict(deque)
    for place, one in after.items():
        waiting[one].append(place)
    return [(place, waiting[one].popleft()) for place, one in before.items() if waiting[one]]


def _unpaired(before: Sequence[T], after: Sequence[T], pairs: Iterable[Pair]) -> tuple[dict[int, T], dict[int, T]]:
    """Return what no pair holds, on both sides, by its place."""
    left = dict(enumerate(before)), dict(enumerate(after))
    for origin, place in pairs:
        del left[0][origin], left[1][place]
    return left
