"""The writer that uses a chat model: one chain per heading, in the brief's order or side by side.

A heading without evidence, or whose words the author has used up, costs no call. Nothing is checked here: that is
`rag.verify`'s. What a check then finds failing is asked for anew, once, and what is much too short is continued, once.

`Brief`, `Evidence` per heading → `Manuscript`; with faults per heading → `Manuscript`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.language import count_words
from rag.prompt import mending_prompt, section_prompt
from rag.records import Cost, Draft
from rag.write import notes
from rag.write.ask import Asker, places
from rag.write.cost import TOO_FEW_WORDS, price, words_left
from rag.write.manuscript import Forgetful, Manuscript
from rag.write.repeats import authored, said_of, sayings, within, without_repeats, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from langchain_core.language_models import BaseChatModel

    from rag.prompt import SectionPrompt
    from rag.records import Brief, Evidence, Exchange, Sentence
    from rag.write.manuscript import Memory

TOO_LONG = 1.1
"""How far past its words a section may run before it is cut, between sentences."""
TOO_SHORT = 0.75
"""Below this share of its words a section is continued, where it has evidence that is not cited yet."""


class ChainWriter:
    """Writes with a chat model that takes `window` tokens, of which `reply_tokens` are kept for its reply.

    `prices` are dollars for a million tokens sent and received, 0 where not known. Once `most_tokens` were sent and
    received, no further section is begun; 0: no such bound. What `memory` holds is not asked again. Up to `at_once`
    sections are asked for side by side; then none is told what the others say, and what is said twice is left out.
    Without `continuations` nothing is lengthened. `told` hears how many sections of all are written. What was `asked`
    before, of an outline, counts.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        window: int = 8192,
        reply_tokens: int = 1024,
        prices: tuple[float, float] = (0.0, 0.0),
        most_tokens: int = 0,
        memory: Memory | None = None,
        at_once: int = 1,
        continuations: int = 1,
        told: Callable[[int, int], None] = lambda *_: None,
        asked: Sequence[Exchange] = (),
    ) -> None:
        self._asker = Asker(model, memory or Forgetful())
        self._window, self._room, self._at_once = window, window - reply_tokens, at_once
        self._prices, self._most_tokens = prices, most_tokens
        self._continues = continuations > 0
        self._told = told
        self._asked_before = tuple(asked)

    def write(self, brief: Brief, evidence: Sequence[Evidence]) -> Manuscript:
        """Return the drafts the model writes, in the brief's order.

        Raises `ModelError` when the model cannot be reached. A reply that cannot be read is asked for once more; what
        fails again leaves its section empty, with a note.
        """
        drafts: list[Draft] = []
        exchanges = [*self._asked_before]
        for begin in range(0, len(evidence), self._at_once):
            self._told(len(drafts), len(evidence))
            rows = evidence[begin : begin + self._at_once]
            if self._is_spent(exchanges):
                drafts += [Draft((), note=notes.bounded(brief.language, self._most_tokens)) for _ in rows]
                continue
            said = written(evidence, drafts)
            for draft, asked in self._side_by_side(brief, rows, drafts, said):
                seen = [*sayings(brief), *written(evidence, drafts)]
                drafts.append(_without_repeats(draft, seen, brief.language))
                exchanges.extend(asked)
        self._told(len(drafts), len(evidence))
        return Manuscript(tuple(drafts), self._cost(exchanges), digest=False, exchanges=tuple(exchanges))

    def _side_by_side(
        self, brief: Brief, rows: Sequence[Evidence], before: Sequence[Draft], said: Sequence[str]
    ) -> list[tuple[Draft, list[Exchange]]]:
        """Ask for sections at once; those that were answered before one fails are kept by the memory."""
        if len(rows) == 1:
            return [self._section(brief, rows[0], before, said)]
        with ThreadPoolExecutor(len(rows)) as pool:
            return list(pool.map(lambda one: self._section(brief, one, before, said), rows))

    def _is_spent(self, exchanges: Sequence[Exchange]) -> bool:
        cost = self._cost(exchanges)
        return 0 < self._most_tokens <= cost.input_tokens + cost.output_tokens

    def _cost(self, exchanges: Sequence[Exchange]) -> Cost:
        sent = sum(exchange.input_tokens for exchange in exchanges)
        received = sum(exchange.output_tokens for exchange in exchanges)
        return Cost(len(exchanges), sent, received, price(sent, received, self._prices))

    def mend(
        self, brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, faults: Sequence[Mapping[str, str]]
    ) -> Manuscript:
        """Return the manuscript with its failing sentences as the model writes them anew, one call a section, or gone.

        What comes back empty, unreadable or said already is dropped and not asked for again. Raises no `ModelError`:
        the first ends the asking, and the sections left unmended say so.
        """
        kept = [_without(draft, reasons) for draft, reasons in zip(manuscript.drafts, faults, strict=True)]
        said = [*sayings(brief), *(sentence.text for draft in kept for sentence in draft.sentences)]
        drafts: list[Draft] = []
        exchanges: list[Exchange] = []
        error = ""
        for one, draft, standing, reasons in zip(evidence, manuscript.drafts, kept, faults, strict=True):
            failing = [(sentence, reasons[sentence.text]) for sentence in draft.sentences if sentence.text in reasons]
            anew: tuple[tuple[Sentence, ...], ...] = ()
            if failing and one.excerpts and not error and not self._is_spent([*manuscript.exchanges, *exchanges]):
                try:
                    anew, asked = self._anew(brief, one, standing, failing)
                    exchanges.append(asked)
                except ModelError as fault:
                    error = str(fault)
            note = notes.unmended(brief.language, error) if failing and error else ""
            drafts.append(_mended(draft, reasons, iter(anew), said, note))
        return self._with(manuscript, drafts, exchanges)

    def lengthen(
        self, brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, *, printed: Sequence[Draft]
    ) -> Manuscript:
        """Return the manuscript with sentences after those of each draft of which much too little is `printed`, one
        call a section, from evidence not cited there. Raises no `ModelError`: the first ends the asking.
        """
        drafts = list(manuscript.drafts)
        exchanges: list[Exchange] = []
        nothing = notes.nothing_new(brief.language)
        for row, (one, draft, stands) in enumerate(zip(evidence, manuscript.drafts, printed, strict=True)):
            prompt = self._continuing(brief, one, stands, drafts[:row])
            gave_up = draft.note and not draft.sentences and draft.note != nothing
            if prompt is None or gave_up or not self._continues or self._is_spent([*manuscript.exchanges, *exchanges]):
                continue
            try:
                answer = self._asker.ask(prompt)
            except ModelError:
                break
            exchanges.append(answer.exchange)
            new = without_repeats(answer.sentences, [*sayings(brief), *written(evidence, drafts)])
            added = within(new, int(prompt.values["words"]) * TOO_LONG)
            note = "" if draft.note == nothing and added else draft.note
            drafts[row] = replace(draft, sentences=(*draft.sentences, *added), note=note)
        return self._with(manuscript, drafts, exchanges)

    def _continuing(
        self, brief: Brief, evidence: Evidence, draft: Draft, before: Sequence[Draft]
    ) -> SectionPrompt | None:
        """Return what asks for the rest of a section; None where it is long enough, or all it rests on is cited. One
        that only repeated what stands before it is not shown that again.
        """
        asked = words_left(evidence)
        reached = sum(count_words(sentence.text) for sentence in draft.sentences)
        cited = {citation.key for sentence in draft.sentences for citation in sentence.citations}
        fresh = tuple(excerpt for excerpt in evidence.excerpts if excerpt.key not in cited)
        if not fresh or reached >= TOO_SHORT * asked or asked - reached < TOO_FEW_WORDS:
            return None
        said = [*said_of(fresh, before), *(sentence.text for sentence in draft.sentences)] if draft.sentences else ()
        fewer = replace(evidence, excerpts=fresh)
        return section_prompt(brief, fewer, earlier=said, words=asked - reached, room=self._room)

    def _with(self, manuscript: Manuscript, drafts: Sequence[Draft], exchanges: Sequence[Exchange]) -> Manuscript:
        asked = (*manuscript.exchanges, *exchanges)
        return replace(manuscript, drafts=tuple(drafts), cost=self._cost(asked), exchanges=asked)

    def _anew(
        self, brief: Brief, evidence: Evidence, standing: Draft, failing: Sequence[tuple[Sentence, str]]
    ) -> tuple[tuple[tuple[Sentence, ...], ...], Exchange]:
        """Ask for failing sentences anew; return what the reply has for each, in their order."""
        said = written([evidence], [standing])
        prompt = mending_prompt(brief, evidence, faults=failing, standing=said, room=self._room)
        answer = self._asker.ask(prompt)
        return places(answer, prompt), answer.exchange

    def _section(
        self, brief: Brief, evidence: Evidence, before: Sequence[Draft], said: Sequence[str]
    ) -> tuple[Draft, list[Exchange]]:
        if not evidence.excerpts:
            groups = authored(evidence.heading) or not evidence.heading.words
            return Draft((), note="" if groups else notes.silent(brief.language)), []
        words = words_left(evidence)
        if words < TOO_FEW_WORDS:
            return Draft(()), []
        earlier = said_of(evidence.excerpts, before)
        prompt = section_prompt(brief, evidence, earlier=earlier, words=words, room=self._room)
        unseen = len(evidence.excerpts) - len(prompt.keys)
        note = notes.unseen(brief.language, unseen, len(evidence.excerpts), self._window) if unseen else ""
        tries = self._asker.ask_twice(prompt)
        last, exchanges = tries[-1], [one.exchange for one in tries]
        if fault := last.exchange.fault:
            return Draft((), note=notes.unreadable(brief.language, fault)), exchanges
        new = without_repeats(last.sentences, [*sayings(brief), *said])
        return Draft(within(new, words * TOO_LONG), note=note or _nothing(new, brief.language)), exchanges


def _nothing(sentences: Collection[Sentence], language: str) -> str:
    return "" if sentences else notes.nothing_new(language)


def _without_repeats(draft: Draft, said: Sequence[str], language: str) -> Draft:
    """Return a draft without what sections written beside it say before it."""
    new = without_repeats(draft.sentences, said)
    if len(new) == len(draft.sentences):
        return draft
    return replace(draft, sentences=new, note=draft.note or _nothing(new, language))


def _without(draft: Draft, texts: Collection[str]) -> Draft:
    return replace(draft, sentences=tuple(sentence for sentence in draft.sentences if sentence.text not in texts))


def _mended(
    draft: Draft, failing: Collection[str], anew: Iterator[tuple[Sentence, ...]], said: list[str], note: str
) -> Draft:
    """Return a draft with what is new in each place instead of its failing sentences, and add that to what is said."""
    sentences: list[Sentence] = []
    for sentence in draft.sentences:
        if sentence.text not in failing:
            sentences.append(sentence)
            continue
        new = without_repeats(next(anew, ()), said)
        said.extend(one.text for one in new)
        sentences += [replace(one, opens_paragraph=sentence.opens_paragraph) for one in new[:1]]
        sentences += new[1:]
    return replace(draft, sentences=tuple(sentences), note=" ".join(filter(None, (draft.note, note))))
