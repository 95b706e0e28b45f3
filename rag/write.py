"""The writer that uses a chat model: one chain per heading: prompt, model, parser.

Asks for each heading in turn, in the brief's order, showing what is said already. A heading without evidence, or whose
words the author has used up, costs no call. Keys the model cites are passed on as given and nothing is checked here:
that is `rag.verify`'s. What a check then finds failing is asked for anew, once. What was asked and answered is kept,
readable or not.

`Brief`, `Evidence` per heading → `Manuscript`; with faults per heading → `Manuscript`.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rag.errors import BadReply, ModelError
from rag.language import count_words, fold, say, sentence_spans
from rag.llm import RequestError, answers, takes_schema, untraced
from rag.prompt import SectionPrompt, mending_prompt, prompt_tokens, reminder, reply_schema, section_prompt, template
from rag.prompt import reply_tokens as expected_reply
from rag.records import Cost, Draft, Exchange
from rag.reply import read_reply

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.prompt_values import PromptValue

    from rag.records import Brief, Evidence, Sentence

    Messages = tuple[tuple[str, str], ...]

TOO_FEW_WORDS = 8
"""Words left after the author's text below which a heading is full: no sentence fits."""
TOO_LONG = 1.25
"""How far past its words a section may run before it is cut, between sentences."""
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_ITEM = re.compile(r"""\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}""", re.DOTALL)
"""A JSON object that holds no other: one sentence of a reply."""


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
    """Writes anew what a check found failing."""

    def mend(
        self, brief: Brief, evidence: Sequence[Evidence], manuscript: Manuscript, faults: Sequence[Mapping[str, str]]
    ) -> Manuscript:
        """Return the manuscript with each failing sentence written anew or gone.

        `faults` hold, for each heading, the failing sentences' texts as its draft has them and why each fails, in the
        brief's language.
        """


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


@dataclass(frozen=True, slots=True)
class _Answer:
    """A reply as read: its sentences, none where the exchange has a fault."""

    sentences: tuple[Sentence, ...]
    exchange: Exchange


class ChainWriter:
    """Writes with a chat model that takes `window` tokens, of which `reply_tokens` are kept for its reply.

    `prices` are dollars for a million tokens sent and received, 0 where not known. Once `most_tokens` were sent and
    received, no further section is begun; 0: no such bound. What `memory` holds is not asked again.
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
    ) -> None:
        self._model = model
        self._room = window - reply_tokens
        self._prices, self._most_tokens = prices, most_tokens
        self._memory = memory or Forgetful()
        self._by_schema = takes_schema(model)

    def write(self, brief: Brief, evidence: Sequence[Evidence]) -> Manuscript:
        """Return the drafts the model writes, one section after the other.

        Raises `ModelError` when the model cannot be reached. A reply that cannot be read is asked for once more; what
        fails again leaves its section empty, with a note.
        """
        drafts: list[Draft] = []
        exchanges: list[Exchange] = []
        for one in evidence:
            if self._is_spent(exchanges):
                drafts.append(Draft((), note=_bounded(brief.language, self._most_tokens)))
                continue
            draft, asked = self._section(brief, one, _written(evidence, drafts))
            drafts.append(draft)
            exchanges.extend(asked)
        return Manuscript(tuple(drafts), self._cost(exchanges), digest=False, exchanges=tuple(exchanges))

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
        said = [*_sayings(brief), *(sentence.text for draft in kept for sentence in draft.sentences)]
        drafts: list[Draft] = []
        exchanges: list[Exchange] = []
        error = ""
        for one, draft, standing, reasons in zip(evidence, manuscript.drafts, kept, faults, strict=True):
            failing = [(sentence, reasons[sentence.text]) for sentence in draft.sentences if sentence.text in reasons]
            places: tuple[tuple[Sentence, ...], ...] = ()
            if failing and one.excerpts and not error and not self._is_spent([*manuscript.exchanges, *exchanges]):
                try:
                    places, asked = self._anew(brief, one, standing, failing)
                    exchanges.append(asked)
                except ModelError as fault:
                    error = str(fault)
            note = _unmended(brief.language, error) if failing and error else ""
            drafts.append(_mended(draft, reasons, iter(places), said, note))
        asked_in_all = (*manuscript.exchanges, *exchanges)
        return replace(manuscript, drafts=tuple(drafts), cost=self._cost(asked_in_all), exchanges=asked_in_all)

    def _anew(
        self, brief: Brief, evidence: Evidence, standing: Draft, failing: Sequence[tuple[Sentence, str]]
    ) -> tuple[tuple[tuple[Sentence, ...], ...], Exchange]:
        """Ask for failing sentences anew; return what the reply has for each, in their order."""
        said = _written([evidence], [standing])
        prompt = mending_prompt(brief, evidence, faults=failing, standing=said, room=self._room)
        answer = self._asked(prompt)
        return _places(answer, prompt), answer.exchange

    def _section(self, brief: Brief, evidence: Evidence, earlier: Sequence[str]) -> tuple[Draft, list[Exchange]]:
        if not evidence.excerpts:
            return Draft((), note=_silent(brief.language)), []
        words = words_left(evidence)
        if words < TOO_FEW_WORDS:
            return Draft(()), []
        prompt = section_prompt(brief, evidence, earlier=earlier, words=words, room=self._room)
        tries = self._asked_twice(prompt)
        last, exchanges = tries[-1], [one.exchange for one in tries]
        if fault := last.exchange.fault:
            return Draft((), note=_unreadable(brief.language, fault)), exchanges
        new = _without_repeats(last.sentences, [*_sayings(brief), *earlier])
        note = "" if new else _nothing_new(brief.language)
        return Draft(_within(new, words * TOO_LONG), note=note), exchanges

    def _asked_twice(self, prompt: SectionPrompt) -> tuple[_Answer, ...]:
        """Ask; where the reply cannot be read, ask once more and say why."""
        first = self._asked(prompt)
        if not first.exchange.fault:
            return (first,)
        return first, self._asked(prompt, again=reminder(prompt.language, first.exchange.fault))

    def _asked(self, prompt: SectionPrompt, *, again: str = "") -> _Answer:
        """Ask by schema where the server takes it; that it does not is found out once and remembered."""
        if not self._by_schema:
            return self._chained(prompt, again)
        try:
            return self._chained(prompt, again, schema=reply_schema(prompt.keys))
        except RequestError:
            answer = self._chained(prompt, again)
        self._by_schema = False
        return answer

    def _chained(self, prompt: SectionPrompt, again: str, *, schema: dict[str, Any] | None = None) -> _Answer:
        from langchain_core.runnables import RunnableLambda

        def timed(sent: PromptValue) -> _Answer:
            messages = tuple((asked.type, str(asked.text)) for asked in sent.to_messages())
            if known := self._memory.recall(messages):
                return _answer(known, prompt)
            begun = time.monotonic()
            message = model.invoke(sent)
            exchange = _exchange(prompt.values["heading"], messages, message, seconds=time.monotonic() - begun)
            self._memory.keep(exchange)
            return _answer(exchange, prompt)

        model = answers(self._model, schema=schema)
        chain = template(prompt.language, mending=prompt.mending) | RunnableLambda(timed, name="answer")
        with untraced():
            return chain.invoke({**prompt.values, "reminder": again})


def expected_cost(
    brief: Brief, evidence: Sequence[Evidence], *, window: int, reply_tokens: int, prices: tuple[float, float]
) -> Cost:
    """Foresee the calls and tokens of writing a brief, each section asked for once and nothing mended; an estimate
    from above.

    `prices` are dollars for a million tokens sent and received, 0 where they are not known.
    """
    sent = received = calls = 0
    for row, one in enumerate(evidence):
        words = words_left(one)
        if one.excerpts and words >= TOO_FEW_WORDS:
            written = [
                excerpt.text for earlier in evidence[:row] for excerpt in earlier.excerpts
            ]  # stands for the sections
            prompt = section_prompt(brief, one, earlier=written, words=words, room=window - reply_tokens)
            calls, sent, received = calls + 1, sent + prompt_tokens(prompt), received + expected_reply(words)
    return Cost(calls, sent, received, price(sent, received, prices))


def price(sent: int, received: int, prices: tuple[float, float]) -> float | None:
    """Return dollars for tokens sent and received; None where prices are not known."""
    return round((sent * prices[0] + received * prices[1]) / 1e6, 6) if any(prices) else None


def words_left(evidence: Evidence) -> int:
    """Return how many words are to be written: the heading's less the author's, and no more than evidence carries."""
    left = evidence.heading.words - count_words(evidence.heading.author_text)
    return min(left, evidence.supportable_words or left)


def _exchange(heading: str, messages: Messages, message: AIMessage, *, seconds: float) -> Exchange:
    """Return a reply with what it answers."""
    usage = message.usage_metadata
    sent, received = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
    return Exchange(heading, messages, str(message.text), round(seconds, 3), sent, received)


def _answer(exchange: Exchange, prompt: SectionPrompt) -> _Answer:
    """Read a reply; where it cannot be read, the exchange says why."""
    try:
        return _Answer(read_reply(exchange.reply, keys=prompt.keys, language=prompt.language), exchange)
    except BadReply as fault:
        return _Answer((), replace(exchange, fault=str(fault)))


def _places(answer: _Answer, prompt: SectionPrompt) -> tuple[tuple[Sentence, ...], ...]:
    """Return what a reply has for each sentence asked for anew: nothing where it is empty or cites nothing.

    Where the reply is not JSON its sentences take the places in order.
    """
    if answer.exchange.fault:
        return ()
    items = [item for item in _ITEM.findall(_THOUGHT_ENDS.split(answer.exchange.reply)[-1]) if '"text"' in item]
    return tuple(_read(item, prompt) for item in items) or tuple((sentence,) for sentence in answer.sentences)


def _read(reply: str, prompt: SectionPrompt) -> tuple[Sentence, ...]:
    try:
        return read_reply(reply, keys=prompt.keys, language=prompt.language)
    except BadReply:
        return ()


def _without(draft: Draft, texts: Collection[str]) -> Draft:
    return replace(draft, sentences=tuple(sentence for sentence in draft.sentences if sentence.text not in texts))


def _mended(
    draft: Draft, failing: Collection[str], places: Iterator[tuple[Sentence, ...]], said: list[str], note: str
) -> Draft:
    """Return a draft with what is new in each place instead of its failing sentences, and add that to what is said."""
    sentences: list[Sentence] = []
    for sentence in draft.sentences:
        if sentence.text not in failing:
            sentences.append(sentence)
            continue
        new = _without_repeats(next(places, ()), said)
        said.extend(one.text for one in new)
        sentences += [replace(one, opens_paragraph=sentence.opens_paragraph) for one in new[:1]]
        sentences += new[1:]
    return replace(draft, sentences=tuple(sentences), note=" ".join(filter(None, (draft.note, note))))


def _written(evidence: Sequence[Evidence], drafts: Sequence[Draft]) -> list[str]:
    """Return what the sections so far say, the author's text and the sentences written after it."""
    said: list[str] = []
    for one, draft in zip(evidence, drafts, strict=False):
        said.extend([*filter(None, [one.heading.author_text]), *(sentence.text for sentence in draft.sentences)])
    return said


def _sayings(brief: Brief) -> list[str]:
    """Return the author's sentences and titles, which no section may say again."""
    texts = [heading.author_text for heading in brief.headings]
    spans = [(text, span) for text in texts for span in sentence_spans(text, brief.language)]
    return [*(text[start:end] for text, (start, end) in spans), *(heading.title for heading in brief.headings)]


def _without_repeats(sentences: Iterable[Sentence], said: Iterable[str]) -> tuple[Sentence, ...]:
    seen = {_folded(text) for text in said}
    new: list[Sentence] = []
    for sentence in sentences:
        if (folded := _folded(sentence.text)) not in seen:
            seen.add(folded)
            new.append(sentence)
    return tuple(new)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _within(sentences: Sequence[Sentence], words: float) -> tuple[Sentence, ...]:
    """Return the sentences that begin the text within so many words; the first one whatever its length."""
    kept = 0
    for sentence in sentences:
        words -= count_words(sentence.text)
        if words < 0:
            break
        kept += 1
    return tuple(sentences[: max(kept, 1)])


def _silent(language: str) -> str:
    return say(
        language,
        es="El corpus no dice nada sobre este apartado; no se ha escrito nada.",
        en="The corpus says nothing on this section; nothing was written.",
    )


def _nothing_new(language: str) -> str:
    return say(
        language,
        es="El modelo no halló en los extractos nada que añadir aquí.",
        en="The model found nothing in the excerpts to add here.",
    )


def _unreadable(language: str, fault: str) -> str:
    return say(
        language,
        es=f"El modelo respondió dos veces sin un texto legible ({fault}); no se ha escrito nada.",
        en=f"The model answered twice without a readable text ({fault}); nothing was written.",
    )


def _bounded(language: str, tokens: int) -> str:
    return say(
        language,
        es=f"No se ha escrito: se alcanzó el tope de {tokens} tokens.",
        en=f"Not written: the bound of {tokens} tokens was reached.",
    )


def _unmended(language: str, error: str) -> str:
    return say(
        language,
        es=f"Las frases que no se sostenían en lo que citan se han retirado sin corregir: el modelo falló ({error}).",
        en=f"The sentences that did not stand in what they cite were removed unmended: the model failed ({error}).",
    )
