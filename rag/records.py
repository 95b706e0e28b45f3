"""The nouns of the pipeline: frozen values that pass from stage to stage.

Holds no behaviour beyond facts derived from a value's own fields, and imports no stage.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime

Precision = Literal["day", "month", "year"]
Origin = Literal["prefix", "front matter", "bibliography", "article metadata", "text", "file name"]
Kind = Literal["author", "written"]
Verdict = Literal["verbatim", "supported", "partly", "unsupported", "unclear", "not_checkable", "not_checked"]
Check = Literal[
    "key", "quote", "number", "date", "unit", "name", "negation", "meaning", "language", "repeat", "uncited", "dangling"
]
Undated = Literal["keep", "drop"]
GapKind = Literal["silent", "thin", "old", "one-sided"]

KEY_LENGTH = 6
"""Letters of an excerpt key unless two excerpts share them: 32^6, about 10^9 keys."""


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A closed interval of days, `first` to `last`, with how it is known. Without an interval it is *undated*.

    `text` holds the source's own words ("1 día atrás"), also when they could not be resolved; `resolved_against` the
    day a relative date was counted from.
    """

    first: datetime.date | None = None
    last: datetime.date | None = None
    precision: Precision | None = None
    origin: Origin | None = None
    text: str = ""
    resolved_against: datetime.date | None = None

    @property
    def known(self) -> bool:
        """Whether there is an interval at all."""
        return self.first is not None

    def __str__(self) -> str:
        """ISO 8601 cut to the precision: 2023-03-08, 2023-03 or 2023; empty when undated."""
        if self.first is None or self.precision is None:
            return ""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


UNDATED = PublicationDate()
ADDED = {"added": True}
"""Marks a field that is not in what was stored before it was added: read from there it has its default."""


def document_id(text: str) -> str:
    """Return the id of a document: 32 hexadecimal digits of the SHA-256 of its text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def excerpt_hash(document: str, text: str) -> str:
    """Return the whole hash (52 base32 letters, lower case) whose beginning is an excerpt's key.

    It rests on the document's id and the excerpt's text alone, not on how the document was numbered or cut elsewhere.
    """
    digest = hashlib.sha256(f"{document}\0{text}".encode()).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Source:
    """What identifies a document to its reader: who wrote what, when, and where it lies.

    `paths` are relative to the corpus, with forward slashes; several when one text lies in several files. `language`
    is an ISO 639-1 code or empty. `format` is the reader that made it ("snippet", "markdown", "pdf" …). `republished`
    is when the same text appeared last, where that is surely later than `date`. `origins` names where fields came from,
    as (field, place) pairs: title, authors, date, doi, journal … from "sidecar", "bibliography", "article metadata",
    "first page", "embedded", "file name"; a date also says so itself.
    """

    id: str
    paths: tuple[str, ...]
    format: str
    title: str = ""
    authors: tuple[str, ...] = ()
    date: PublicationDate = UNDATED
    updated: PublicationDate = UNDATED
    retrieved: datetime.date | None = None
    doi: str = ""
    url: str = ""
    language: str = ""
    republished: PublicationDate = field(default=UNDATED, metadata=ADDED)
    journal: str = field(default="", metadata=ADDED)
    origins: tuple[tuple[str, str], ...] = field(default=(), metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading inside a document: `start` is the offset of its title in the document's text."""

    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text: paragraphs separated by a blank line, markup removed, each heading a paragraph.

    `pages` holds the offset at which each page begins (empty when the format has none).
    """

    source: Source
    text: str
    sections: tuple[Section, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document: `document.text[start:end] == text`. `page` counts from 1."""

    document_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A chunk as retrieved, with its source, its key, and a score with the parts it is made of."""

    key: str
    source: Source
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    score: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def path(self) -> str:
        """The first of the source's paths."""
        return self.source.paths[0] if self.source.paths else ""

    @property
    def title(self) -> str:
        """The source's title, empty where it has none."""
        return self.source.title

    @property
    def authors(self) -> tuple[str, ...]:
        """The source's authors."""
        return self.source.authors

    @property
    def date(self) -> PublicationDate:
        """The source's publication date; its `str` is ISO, empty when undated."""
        return self.source.date

    @property
    def language(self) -> str:
        """The source's language."""
        return self.source.language

    @property
    def cut(self) -> bool:
        """Whether a search engine cut the text off: its last sentence is not whole and never printed as if it were."""
        return self.source.format == "snippet" and self.text.rstrip(' \n»”")]').endswith(("…", "..."))


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """Words a person put among the written ones, as typed, markers included; `keys` are the excerpts that its markers
    lead to. `place` is the share of the section's written sentences that stood before it, 0 to 1.
    """

    text: str
    keys: tuple[str, ...] = ()
    place: float = 0.0
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the brief. `line` is its line as typed (without indentation common to the whole brief and without
    its line end); `author_text` what stood under it, byte for byte without outer blank lines; `words` its share of
    the length asked for, the author's words included (0 until it is shared out).

    Where a text was edited by hand before it is written again, `own` are the sentences the person changed or added
    there, and `removed` the written ones that are gone, which are not said again.
    """

    line: str
    title: str
    level: int
    author_text: str = ""
    words: int = 0
    own: tuple[OwnSentence, ...] = field(default=(), metadata=ADDED)
    removed: tuple[str, ...] = field(default=(), metadata=ADDED)


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Which publication dates may serve as evidence; each limit is a `PublicationDate`'s own interval.

    `since` keeps what ends on or after its first day, `until` what begins on or before its last day, `as_of` only
    what ends on or before its last day. `undated` is None where the person left it to the default: kept without a
    limit, dropped under one.

    A text that appeared several times is judged by its earliest date: printed again, its words are no newer. So no
    limit lets a reprint of an old text pass as recent.
    """

    since: datetime.date | None = None
    until: datetime.date | None = None
    as_of: datetime.date | None = None
    undated: Undated | None = None

    @property
    def limited(self) -> bool:
        """Whether any limit is set."""
        return self.since is not None or self.until is not None or self.as_of is not None

    def allows(self, published: PublicationDate) -> bool:
        """Say whether a source published then may serve."""
        if published.first is None or published.last is None:
            return (self.undated or ("drop" if self.limited else "keep")) == "keep"
        return (
            (self.since is None or published.last >= self.since)
            and (self.until is None or published.first <= self.until)
            and (self.as_of is None or published.last <= self.as_of)
        )


@dataclass(frozen=True, slots=True)
class Brief:
    """What a person asks for: a topic, a length in words, a language and an outline, with their own material.

    `material` are documents that serve this brief only. `remarks` say what was recognised and left out (the tail
    after `[/ASSIST]`), in the brief's language.
    """

    topic: str
    headings: tuple[Heading, ...]
    words: int = 500
    language: str = "en"
    role: str = ""
    limits: TimeLimits = field(default_factory=TimeLimits)
    retrieved: datetime.date | None = None
    material: tuple[Document, ...] = ()
    pin: tuple[str, ...] = ()
    ban: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An excerpt that was found and not chosen: why, and what it was weighed by."""

    key: str
    reason: str
    path: str = field(default="", metadata=ADDED)
    title: str = field(default="", metadata=ADDED)
    date: PublicationDate = field(default=UNDATED, metadata=ADDED)
    score: float = field(default=0.0, metadata=ADDED)
    parts: tuple[tuple[str, float], ...] = field(default=(), metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Gap:
    """What a heading's evidence lacks, and what to type into a search engine to mend it.

    `searches` are (language, words) pairs, the most promising first.
    """

    kind: GapKind
    reason: str
    searches: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """For one heading: the excerpts chosen, those left out and why, what is missing, the words they can carry.

    `sufficiency` is how likely the corpus says anything on it, 0 to 1; None where that is not fitted for the embedder.
    """

    heading: Heading
    excerpts: tuple[Excerpt, ...]
    left_out: tuple[LeftOut, ...] = ()
    missing: str = ""
    supportable_words: int = 0
    sufficiency: float | None = field(default=None, metadata=ADDED)
    gaps: tuple[Gap, ...] = field(default=(), metadata=ADDED)

    def age_years(self, day: datetime.date) -> float | None:
        """Return how old the newest excerpt is on a day, in years to one decimal; None where none is dated."""
        newest = max((excerpt.date.last for excerpt in self.excerpts if excerpt.date.last), default=None)
        return round(max((day - newest).days, 0) / 365.25, 1) if newest else None


@dataclass(frozen=True, slots=True)
class Citation:
    """An excerpt a sentence rests on, by its key; `quote` are words printed (or claimed) as the excerpt's own."""

    key: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text, without markers. `offers` are keys the author's own sentence could cite.

    `opens_paragraph` says that the renderer starts a new paragraph with it.
    """

    text: str
    kind: Kind = "written"
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = "not_checked"
    reason: str = ""
    offers: tuple[str, ...] = ()
    opens_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer made of one heading: its sentences in order, and a note for the reader where there is one."""

    sentences: tuple[Sentence, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found: in which section and sentence, by which check, and what could be done."""

    section: str
    sentence: str
    check: Check
    verdict: Verdict
    reason: str
    offer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A heading with the sentences of the author's text, then the written ones, each with its verdict, and what was
    removed. Among the written stand the author's later ones (`Heading.own`), of their kind.

    `supportable_words` are those its evidence carries. `body`, where there is one, is what stands under the heading as
    the person left it, and is printed as it is.
    """

    heading: Heading
    author: tuple[Sentence, ...]
    written: tuple[Sentence, ...]
    note: str = ""
    evidence: tuple[Excerpt, ...] = ()
    supportable_words: int = field(default=0, metadata=ADDED)
    body: str = field(default="", metadata=ADDED)


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source as it stands in the references, with the excerpts of it that the text cites."""

    number: int
    source: Source
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the checks saw. Verbatim sentences stand apart: they are the sources' own words.

    `sentences` of this kind there are; of those `verbatim`; of the rest `checkable` make a claim that cites
    something; of those `checked` got a verdict; of those `supported` were found supported.
    """

    sentences: int = 0
    verbatim: int = 0
    checkable: int = 0
    checked: int = 0
    supported: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """How well the checks found false sentences made on purpose out of this run's own good ones.

    `kinds` holds (kind, made, caught) for each kind of falsehood: digit, date, key, source, unit, name, negation,
    direction.
    """

    kinds: tuple[tuple[str, int, int], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether something was planted, and nine in ten of each of wrong digits, dates and keys were caught.

        Otherwise the checks of this run prove nothing: print "not checked" instead of a score. The other kinds are
        counted and not asked for, since only a check of meaning sees them all.
        """
        asked = [(made, caught) for kind, made, caught in self.kinds if kind in {"digit", "date", "key"} and made]
        return bool(asked) and all(10 * caught >= 9 * made for made, caught in asked)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run asked of a chat model; `price` in dollars, None where unknown."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a chat model about a section, and its reply as it came.

    `messages` are (role, text) in the order sent; `fault` says why the reply could not be read, in the brief's
    language.
    """

    section: str
    messages: tuple[tuple[str, str], ...]
    reply: str
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A checked text: sections in the brief's order, numbered sources, findings, and how far the checks saw.

    `digest` says that no model wrote it. `remarks` concern the whole text, in its language. `run_dir` is the folder
    its run is kept in, empty where it is not.
    """

    brief: Brief
    sections: tuple[CheckedSection, ...]
    sources: tuple[NumberedSource, ...]
    findings: tuple[Finding, ...] = ()
    coverage: Coverage = Coverage()
    author_coverage: Coverage = Coverage()
    cost: Cost = Cost()
    digest: bool = True
    remarks: tuple[str, ...] = ()
    control: Control | None = None
    run_dir: str = ""
