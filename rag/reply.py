"""A chat model's reply → the sentences it means, with the keys they cite.

Reads JSON as asked for, JSON inside prose or a fence, JSON cut short (whole sentences are kept), and plain sentences
with keys in brackets. Takes out what is not text: thinking, prefaces, headings, links, markup, numbers in brackets.
Does not judge: keys that exist nowhere stay, for verification to report. A reply it cannot read, or that refuses, is
`BadReply`; it raises nothing else, whatever the text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.errors import BadReply
from rag.language import count_words, fold, say, sentence_spans
from rag.plan.headings import is_framing
from rag.records import Citation, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text that rests on the same keys."""

    text: str
    keys: tuple[str, ...] = ()
    quote: str = ""


_THOUGHT = re.compile(
    r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)|\A.*</(?:think|thinking|thought|reasoning)>"
    r"|\A\s*thinking(?:\.\.\.|…).*done thinking\.?"
    r"|^\s*thinking(?:\.\.\.|…)[^\n]*$|</?(?:think|thinking|thought|reasoning)>",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_SPACE = re.compile(r"\s{3,}")  # a model caught in a loop ends its reply with thousands of line ends
_PREFACE = re.compile(
    r"\A\s*(?:(?:claro(?: que s[ií])?|por supuesto|desde luego|entendido|sure|certainly|of course|okay|understood)"
    r"\s*[,.!:][^\S\n]*(?:\n|(?=\w))"
    r"|(?:aqu[ií] (?:tienes?|est[aá]|va)|a continuaci[oó]n|here(?:'s|’s| is| are)|below (?:is|are))\b[^:\n]*"
    r"(?:secci|section|text|resum|summary|respuesta|response|reply|json|frases|sentences|borrador|draft)[^:\n]*:\s*)",
    re.IGNORECASE,
)
_POSTFACE = re.compile(r"(?:espero que|i hope this|let me know|avisame|¿?quieres que|would you like|¿?deseas que)\b")
_REFUSAL = re.compile(
    r"(?:lo siento\b|(?:i['’]?m|i am) (?:sorry|unable|not able)\b|sorry\b|i (?:can(?:no|['’])t|can not|won['’]t) \w"
    r"|as an ai\b|como (?:modelo de lenguaje|ia|inteligencia artificial)\b"
    r"|no (?:puedo|me es posible) (?:ayudar|cumplir|escribir|redactar|responder|proporcionar|generar|hacer|continuar))"
)
_REFERENCES = re.compile(
    r"^[ \t#*_]*(?:referencias|bibliografía|fuentes|references|bibliography|sources)[ \t*_]*:?[ \t*_]*$.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_LINES = re.compile(
    r"^[^\S\n]*(?:`{3,}.*|~{3,}.*|#{1,6}(?:[^\S\n].*)?|\*\*[^*\n]*[^*\n.!?…\])`]\*\*:?|[-=*_]{3,})[^\S\n]*$",
    re.MULTILINE,
)
_BULLET = re.compile(r"^[^\S\n]*(?:(?:#{1,6}|[-*+•>]|\d{1,2}[.)])[^\S\n]+)+", re.MULTILINE)
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)"), ""),
    (re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"<?\b(?:https?://|www\.)[^\s<>()\[\]]*[^\s<>()\[\].,;:!?»”\"]>?"), ""),
    (re.compile(r"</?(?:a|b|i|u|p|br|em|strong|sub|sup|span|div|h\d)\b[^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"[^\S\n]*\[\^?\d+(?:\s*[-–,;]\s*\d+)*\]"), ""),
    (re.compile(r"[^\S\n]*(?:\(\s*\)|\[\s*\])"), ""),
    (re.compile(r"[,;]\s*(?=[.!?])"), ""),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]*?\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]*[^\s*_])\1(?![\w*])"), r"\2"),
)
_MARK = re.compile(
    r"[^\S\n]*(?:\[[^\[\]\n]{4,200}\]|\([^()\n]{4,200}\)|`[^`\n]{4,200}`|\bk:[0-9a-z]{4,52}\b)", re.IGNORECASE
)
_NAMED = re.compile(r"k:([0-9a-z]{4,52})")
_LIKE_A_KEY = re.compile(r"(?=[a-z]*[2-7])(?=[2-7]*[a-z])[a-z2-7]{6,52}")
_AROUND_KEYS = {
    "y",
    "and",
    "clave",
    "claves",
    "key",
    "keys",
    "fuente",
    "fuentes",
    "source",
    "sources",
    "ver",
    "vease",
    "see",
}
_JSON = re.compile(r"""[\[{]\s*["{]""")
_CLOSED = re.compile(r"[.!?…。！？][»”\"’')\]]*$")
_ENDS = tuple(".!?…»”\"')")


def read_reply(text: str, *, keys: Collection[str], language: str) -> tuple[Sentence, ...]:
    """Return the sentences of a reply, in order; none where it says in due form that there is nothing to say.

    `keys` are those of the excerpts shown: they are known as keys also where the model left out the `k:`. A reply in
    which no sentence cites anything is not one: it is a refusal, a question, or written from the model's memory.
    """
    short = _SPACE.sub(lambda space: "\n\n" if "\n" in space[0] else " ", text)
    answer = _settled(short, lambda rest: _THOUGHT.sub("", rest))
    pieces = _json_pieces(answer)
    if pieces == []:
        return ()
    if pieces is None and _JSON.search(answer):
        raise BadReply(say(language, es="el JSON no se puede leer", en="the JSON cannot be read"), reply=text)
    sentences = [s for piece in pieces or [_prose(answer)] for s in _sentences(piece, keys, language)]
    if any(sentence.citations for sentence in sentences):
        return tuple(map(_closed, (one for one in sentences if one.citations or not _is_chatter(one.text))))
    raise BadReply(_fault(sentences, language), reply=text)


def _fault(sentences: Collection[Sentence], language: str) -> str:
    """Say what is wrong with a reply of which no sentence cites anything."""
    if not sentences:
        return say(language, es="no contiene ninguna frase", en="there is no sentence in it")
    if any(_REFUSAL.match(fold(sentence.text)) for sentence in sentences):
        return say(language, es="el modelo se niega a escribir", en="the model refuses to write")
    return say(language, es="ninguna frase cita una clave", en="no sentence cites a key")


def _json_pieces(text: str) -> list[_Piece] | None:
    """Return what the JSON objects in a text hold, whole ones inside a broken one too; None where there are none."""
    decoder = json.JSONDecoder(strict=False)
    found: list[_Piece] | None = None
    start = text.find("{")
    while start >= 0:
        end = start + 1
        try:
            value, after = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            value = None
        if value is not None and (pieces := _pieces(value)) is not None:
            found, end = [*(found or []), *pieces], after
        start = text.find("{", end)
    return found


def _pieces(value: dict[str, Any]) -> list[_Piece] | None:
    if isinstance(items := value.get("sentences"), list):
        return [_piece(item if isinstance(item, dict) else {"text": item}) for item in items]
    return [_piece(value)] if "text" in value else None


def _piece(item: dict[str, Any]) -> _Piece:
    text, keys, quote = item.get("text"), item.get("keys"), item.get("quote")
    named = keys if isinstance(keys, list) else [keys]
    return _Piece(
        text=text if isinstance(text, str) else "",
        keys=tuple(key for name in named if isinstance(name, str | int) for key in _normal_keys(str(name))),
        quote=quote.strip() if isinstance(quote, str) else "",
    )


def _normal_keys(name: str) -> list[str]:
    return [part for part in re.findall(r"[^\W_]+", name.lower().replace("k:", " ")) if part]


def _prose(answer: str) -> _Piece:
    body = _LINES.sub("\n", _REFERENCES.sub("", answer))
    return _Piece(_settled(body, lambda rest: _PREFACE.sub("", rest)))


def _sentences(piece: _Piece, keys: Collection[str], language: str) -> Iterator[Sentence]:
    text, marks = _without_marks(_settled(_BULLET.sub("\n", _LINES.sub("\n", piece.text)), _without_markup), keys)
    spans = sentence_spans(text, language)
    cited: list[list[str]] = [list(piece.keys) for _ in spans]
    for place, key in marks:
        if spans:
            cited[_owner(place, spans, text)].append(key)
    for (start, end), own in zip(spans, cited, strict=True):
        sentence = _settled(text[start:end], lambda rest: _tidy(rest, keys))
        if count_words(sentence):
            quotes = (piece.quote, *[""] * len(own))
            yield Sentence(sentence, citations=tuple(map(Citation, dict.fromkeys(own), quotes)))


def _without_marks(text: str, keys: Collection[str]) -> tuple[str, list[tuple[int, str]]]:
    """Take the keys out of a text, also from inside other brackets; return it with each key and where it stood."""
    kept: list[str] = []
    marks: list[tuple[int, str]] = []
    length = done = at = 0
    while match := _MARK.search(text, at):
        at = match.start() + 1
        if named := _keys_in(match[0].strip(), keys):
            kept.append(text[done : match.start()])
            length += len(kept[-1])
            marks.extend((length, key) for key in named)
            done = at = match.end()
    return "".join([*kept, text[done:]]), marks


def _keys_in(mark: str, keys: Collection[str]) -> list[str]:
    """Return the keys a bracket holds; none when it holds anything else."""
    words = [word for word in re.split(r"[^\w:]+", fold(mark)) if word and word.rstrip(":") not in _AROUND_KEYS]
    named = [_NAMED.sub(r"\1", word) for word in words]
    guess = mark[0] in "[`"
    sure = [
        word != key or key in keys or (guess and _LIKE_A_KEY.fullmatch(key))
        for word, key in zip(words, named, strict=True)
    ]
    return named if all(sure) else []


def _owner(place: int, spans: tuple[tuple[int, int], ...], text: str) -> int:
    """Return which sentence a key that stood there belongs to: the one before it, or the one whose line it opens."""
    before, _, _ = text[:place].rpartition("\n")
    opens = not text[len(before) : place].strip() and text[place:].partition("\n")[0].strip()
    if opens:
        return min((i for i, (_, end) in enumerate(spans) if end > place), default=len(spans) - 1)
    return max((i for i, (start, _) in enumerate(spans) if start < place), default=0)


def _tidy(text: str, keys: Collection[str]) -> str:
    flat = " ".join(_without_markup(_without_marks(text, keys)[0]).split())
    plain = _BULLET.sub("", flat).strip(" `|")
    label, _, rest = plain.partition(": ")
    return rest[:1].upper() + rest[1:] if rest and is_framing(label) else plain


def _without_markup(text: str) -> str:
    for pattern, plain in _MARKUP:
        text = pattern.sub(plain, text)
    return text


def _closed(sentence: Sentence) -> Sentence:
    """Return a sentence with the full stop that its writer left out."""
    if _CLOSED.search(sentence.text):
        return sentence
    return replace(sentence, text=f"{sentence.text.rstrip(' ,;:')}.")


def _is_chatter(text: str) -> bool:
    """Say whether a sentence that cites nothing speaks to the reader of the reply, or is a heading."""
    folded = fold(text)
    return not text.endswith(_ENDS) or _POSTFACE.match(folded) is not None or _REFUSAL.match(folded) is not None


def _settled(text: str, change: Callable[[str], str]) -> str:
    """Apply a change that only takes away until nothing is left to take."""
    while (changed := change(text)) != text:
        text = changed
    return text
