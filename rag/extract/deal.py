"""Candidates → what each section says: statements are dealt to sections in turn, the emptiest first.

Each takes what is nearest to its heading, farthest from the other headings, from a source little used so far and
unlike what is said already. Puts nothing in order.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.extract.candidates import Candidate, is_foreign
from rag.facts.compare import same_statement

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from rag.extract.candidates import Pool

NOVELTY = 1.5
"""How much closeness to what is already said costs."""
SAME, SAME_TRANSLATED = 0.6, 0.5
"""Closeness from which two statements of one language, or of two, say the same in other words."""
SAME_SOURCE = 0.8
"""What each statement the section already has from a source costs the next from it."""
FAIR_SHARE = 0.8
"""What it costs that a source has said its fair share of the text: the words asked for, over the sources there are."""
QUOTED = 0.75
"""What having to be quoted costs: a text of quotations reads badly."""
ANNOUNCES = 1.0
"""What telling what a source is going to say costs, against saying it."""
GENERAL = 0.75
"""What being general is worth for the statement a section opens with."""
OFF_POINT = 0.0
"""Nearness below which a statement is off the heading's point: used only where the length is not reached without."""
FAR_OFF = -1.5
"""Nearness below which a statement is not used at all: shorter rather than padded."""
SLACK = 0.05
"""Share of its room by which a section may run over with its last statement."""
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(slots=True)
class Hand:
    """What a section has been dealt; `room` is how many words it may hold."""

    room: int
    chosen: list[Candidate] = field(default_factory=list)
    closed: bool = False

    @property
    def words(self) -> int:
        """The words it holds."""
        return sum(candidate.words for candidate in self.chosen)

    @property
    def fullness(self) -> float:
        """The share of its room that is taken."""
        return self.words / self.room if self.room > 0 else 1.0


def deal(
    pool: Pool, rooms: Sequence[int], *, closing: Container[int], language: str, foreign_words: float
) -> tuple[tuple[Candidate, ...], ...]:
    """Return what each section says, in the order dealt; `rooms` are the words each may hold, `foreign_words` how many
    words of the whole may be quoted in other languages. A section in `closing` gets no room that others leave.
    """
    dealer = _Dealer(pool, [Hand(room) for room in rooms], language, foreign_words)
    dealer.deal()
    dealer.share_spare_room([hand for row, hand in enumerate(dealer.hands) if hand.room > 0 and row not in closing])
    dealer.deal()
    return tuple(tuple(hand.chosen) for hand in dealer.hands)


class _Dealer:
    def __init__(self, pool: Pool, hands: list[Hand], language: str, foreign_room: float) -> None:
        self.hands = hands
        self._left, self._closeness = list(pool.candidates), pool.closeness
        self._language, self._foreign_room = language, foreign_room
        self._least_nearness = OFF_POINT
        self._said: Counter[str] = Counter()
        """Words said so far by each source."""
        sources = {candidate.source for candidate in pool.candidates}
        self._fair_share = max(sum(hand.room for hand in hands) / max(len(sources), 1), 1.0)

    def deal(self) -> None:
        """Give each section what it should say next until none has room or nothing that fits is left."""
        while open_ := [row for row, hand in enumerate(self.hands) if not hand.closed and hand.room > 0]:
            row = min(open_, key=lambda row: (round(self.hands[row].fullness, 6), row))
            best = min(self._fitting(row), key=lambda candidate: self._rank(candidate, row), default=None)
            if best is None:
                self.hands[row].closed = True
                continue
            self.hands[row].chosen.append(best)
            self._said[best.source] += best.words
            self._foreign_room -= best.words if is_foreign(best, self._language) else 0
            self._left = [other for other in self._left if not self._repeats(other, best)]

    def share_spare_room(self, takers: Sequence[Hand]) -> None:
        """Where much is left unsaid, give the room to some sections and let all say what is less to the point."""
        spare = sum(max(hand.room - hand.words, 0) for hand in self.hands)
        if spare <= SLACK * sum(max(hand.room, 0) for hand in self.hands):
            return
        self._least_nearness = FAR_OFF
        for hand in takers:
            hand.room = hand.words + round(spare / len(takers))
        for hand in self.hands:
            hand.closed = False

    def _fitting(self, row: int) -> list[Candidate]:
        hand = self.hands[row]
        limit = hand.room + max(4, round(SLACK * hand.room)) - hand.words
        sources = {chosen.source for chosen in hand.chosen}
        return [
            candidate
            for candidate in self._left
            if row in candidate.headings
            and candidate.nearness[row] >= self._least_nearness
            and candidate.words <= limit
            and (candidate.words <= self._foreign_room or not is_foreign(candidate, self._language))
            and (not hand.chosen or len(sources | {candidate.source}) > 1)  # never one source's sentences alone
        ]

    def _rank(self, candidate: Candidate, row: int) -> tuple[float, str, int]:
        """Return what sorts the most worthwhile first, ties by key and place."""
        excerpt, chosen = candidate.statement.excerpt, self.hands[row].chosen
        said = [other.row for hand in self.hands for other in hand.chosen]
        likeness = max((float(self._closeness[candidate.row, other]) for other in said), default=0.0)
        worth = float(candidate.pull[row]) - NOVELTY * max(likeness, 0.0) - QUOTED * candidate.statement.quoted
        worth -= ANNOUNCES * candidate.statement.announces
        worth -= SAME_SOURCE * sum(other.source == candidate.source for other in chosen)
        worth -= FAIR_SHARE * self._said[candidate.source] / self._fair_share
        worth += 0.0 if chosen else GENERAL * candidate.general
        return -round(worth, 4), excerpt.key, candidate.statement.start

    def _repeats(self, one: Candidate, other: Candidate) -> bool:
        """Say whether two statements share a sentence, say the same, or are close with the same figures."""
        foreign = one.statement.excerpt.language != other.statement.excerpt.language
        close = float(self._closeness[one.row, other.row]) >= (SAME_TRANSLATED if foreign else SAME)
        if close and _figures(one) == _figures(other):
            return True
        return any(
            a == b or same_statement(a, b, language=self._language)
            for a in one.statement.sentences
            for b in other.statement.sentences
        )


def _figures(candidate: Candidate) -> frozenset[str]:
    return frozenset(_FIGURE.findall(candidate.statement.text))
