"""One question to a chat model: prompt, model and parser as one chain, the reply read. SectionPrompt → Answer.

What was asked and answered is kept, readable or not. Keys the model cites are passed on as given; nothing is checked.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.errors import BadReply
from rag.llm import RequestError, answers, takes_schema, untraced
from rag.prompt import SectionPrompt, reminder, reply_schema, template
from rag.records import Exchange
from rag.reply import read_reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.prompt_values import PromptValue

    from rag.records import Sentence
    from rag.write.manuscript import Memory, Messages

_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_ITEM = re.compile(r"""\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}""", re.DOTALL)
"""A JSON object that holds no other: one sentence of a reply."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as read: its sentences, none where the exchange has a fault."""

    sentences: tuple[Sentence, ...]
    exchange: Exchange


class Asker:
    """Asks a chat model; what `memory` holds is not asked again. May be used from several threads."""

    def __init__(self, model: BaseChatModel, memory: Memory) -> None:
        self._model, self._memory = model, memory
        self._by_schema = takes_schema(model)

    def ask_twice(self, prompt: SectionPrompt) -> tuple[Answer, ...]:
        """Ask; where the reply cannot be read, ask once more and say why. Raises `ModelError`."""
        first = self.ask(prompt)
        if not first.exchange.fault:
            return (first,)
        return first, self.ask(prompt, again=reminder(prompt.language, first.exchange.fault))

    def ask(self, prompt: SectionPrompt, *, again: str = "") -> Answer:
        """Ask by schema where the server takes it; that it does not is found out once and remembered."""
        if not self._by_schema:
            return self._chained(prompt, again)
        try:
            return self._chained(prompt, again, schema=reply_schema(prompt.keys))
        except RequestError:
            answer = self._chained(prompt, again)
        self._by_schema = False
        return answer

    def _chained(self, prompt: SectionPrompt, again: str, *, schema: dict[str, Any] | None = None) -> Answer:
        from langchain_core.runnables import RunnableLambda

        def timed(sent: PromptValue) -> Answer:
            messages = tuple((asked.type, str(asked.text)) for asked in sent.to_messages())
            if known := self._memory.recall(messages):
                return _answer(known, prompt)
            begun = time.monotonic()
            message = model.invoke(sent)
            exchange = exchange_of(prompt.values["heading"], messages, message, seconds=time.monotonic() - begun)
            self._memory.keep(exchange)
            return _answer(exchange, prompt)

        model = answers(self._model, schema=schema)
        chain = template(prompt.language, mending=prompt.mending) | RunnableLambda(timed, name="answer")
        with untraced():
            return chain.invoke({**prompt.values, "reminder": again})


def places(answer: Answer, prompt: SectionPrompt) -> tuple[tuple[Sentence, ...], ...]:
    """Return what a reply has for each sentence asked for anew: nothing where it is empty or cites nothing.

    Where the reply is not JSON its sentences take the places in order.
    """
    if answer.exchange.fault:
        return ()
    items = [item for item in _ITEM.findall(_THOUGHT_ENDS.split(answer.exchange.reply)[-1]) if '"text"' in item]
    return tuple(_read(item, prompt) for item in items) or tuple((sentence,) for sentence in answer.sentences)


def exchange_of(heading: str, messages: Messages, message: AIMessage, *, seconds: float) -> Exchange:
    """Return a reply with what it answers, under the heading it was asked for."""
    usage = message.usage_metadata
    sent, received = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
    return Exchange(heading, messages, str(message.text), round(seconds, 3), sent, received)


def _answer(exchange: Exchange, prompt: SectionPrompt) -> Answer:
    """Read a reply; where it cannot be read, the exchange says why."""
    try:
        return Answer(read_reply(exchange.reply, keys=prompt.keys, language=prompt.language), exchange)
    except BadReply as fault:
        return Answer((), replace(exchange, fault=str(fault)))


def _read(reply: str, prompt: SectionPrompt) -> tuple[Sentence, ...]:
    try:
        return read_reply(reply, keys=prompt.keys, language=prompt.language)
    except BadReply:
        return ()
