"""What a writer makes of a brief, and what a writer is, what can mend and lengthen its text, what recalls replies.

Holds no writer. Brief, Evidence per heading → Manuscript.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.records import Brief, Cost, Draft, Evidence, Exchange

    Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What a writer made of a brief: a draft per heading in order, what it cost, whether it is a digest, and what was
    asked of a model and answered.
    """

    drafts: tuple[Draft, ...]
    cost: Cost
    digest: bool
    exchanges: tuple[Exchange, ...] = ()


class Writer(Protocol):
    """Turns evidence into text."""

    def write(self, brief: Brief, evidence: Sequence[Evidence]) -> Manuscript:
        """Return a draft for each heading's evidence, in order."""


@runtime_checkable
class Mender(Protocol):
    """Writes anew what a check found failing, and continues what is too short."""

    def mend(
        self, brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, faults: Sequence[Mapping[str, str]]
    ) -> Manuscript:
        """Return the manuscript with each failing sentence written anew or gone.

        `faults` hold, for each heading, the failing sentences' texts as its draft has them and why each fails, in the
        brief's language.
        """

    def lengthen(
        self, brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, *, printed: Sequence[Draft]
    ) -> Manuscript:
        """Return the manuscript with more sentences after those of each draft of which much too little is printed."""


class Memory(Protocol):
    """Keeps what a model answered, so that nothing is asked twice after a run was cut short."""

    def recall(self, messages: Messages) -> Exchange | None:
        """Return the exchange that these messages began, where it is kept."""

    def keep(self, exchange: Exchange) -> None:
        """Keep an exchange."""


class Forgetful:
    """Keeps nothing."""

    def recall(self, messages: Messages) -> Exchange | None:
        """Know nothing."""

    def keep(self, exchange: Exchange) -> None:
        """Keep nothing."""
