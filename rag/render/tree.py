"""The nodes of a document as pandoc reads them (pandoc-types 1.23), made of plain words: no text can make one.

It knows no report. str -> list of nodes; nodes -> the bytes that `pandoc --from json` takes
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Node = dict[str, Any]
"""A block, an inline or a value of the metadata: "t" names its kind, "c" holds what it is made of."""

JOINER = "\u2060"
"""Prints nothing; set inside a "[3]", a "[@key]" or a "word³" that a source says, it keeps these from being markers."""

API = [1, 23]
SPACE: Node = {"t": "Space"}
_GAP = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_MARKER = re.compile(r"\[(?=\s*[\d^])")
_RAISED = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=\w[.,;:!?»”)]))(?=[⁰¹²³⁴⁵⁶⁷⁸⁹])")
_KEYED = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")


def words(text: str) -> list[Node]:
    """Return a text on one line, each word as it is but for joiners in what could be a marker."""
    safe = _MARKER.sub(f"[{JOINER}", _NO_CHARACTER.sub("\ufffd", text))
    safe = _RAISED.sub(JOINER, safe)
    safe = _KEYED.sub(lambda found: found[0].replace("@", f"@{JOINER}"), safe)
    nodes: list[Node] = []
    for word in _GAP.split(safe):
        nodes += [SPACE, string(word)] if nodes else [string(word)]
    return [node for node in nodes if node != string("")]


def string(text: str) -> Node:
    """Return letters set as they are."""
    return {"t": "Str", "c": text}


def code(text: str) -> Node:
    """Return letters in the type of a machine."""
    return {"t": "Code", "c": [_attributes(), text]}


def link(inside: Sequence[Node], target: str) -> Node:
    """Return a link to an address or, after "#", to a name in the document."""
    return {"t": "Link", "c": [_attributes(), list(inside), [target, ""]]}


def span(inside: Sequence[Node], *, name: str = "", kind: str = "") -> Node:
    """Return inlines with a name that links lead to, or of a kind."""
    return {"t": "Span", "c": [_attributes(name, kind), list(inside)]}


def footnote(blocks: Sequence[Node]) -> Node:
    """Return the call of a footnote, with the footnote."""
    return {"t": "Note", "c": list(blocks)}


def citation(items: Iterable[tuple[str, str]]) -> Node:
    """Return a citation of works by their ids, each with where in it ("p. 3") or nothing."""
    cited = [
        {
            "citationId": name,
            "citationPrefix": [],
            "citationSuffix": [string(","), SPACE, *words(where)] if where else [],
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        for name, where in items
    ]
    return {"t": "Cite", "c": [cited, [string("; ".join(f"@{one['citationId']}" for one in cited))]]}


def paragraph(inside: Sequence[Node]) -> Node:
    """Return a paragraph."""
    return {"t": "Para", "c": list(inside)}


def heading(level: int, inside: Sequence[Node]) -> Node:
    """Return a heading; level 1 is the largest."""
    return {"t": "Header", "c": [level, _attributes(), list(inside)]}


def group(blocks: Sequence[Node], *, name: str = "", kind: str = "", style: str = "") -> Node:
    """Return blocks that belong together; `style` is Word's."""
    return {"t": "Div", "c": [_attributes(name, kind, style), list(blocks)]}


def quotation(blocks: Sequence[Node]) -> Node:
    """Return blocks set apart as a quotation."""
    return {"t": "BlockQuote", "c": list(blocks)}


def raw(text: str, language: str) -> Node:
    """Return a block in a format's own words; nothing of a source's or a model's may stand in it."""
    return {"t": "RawBlock", "c": [language, text]}


def raw_inline(text: str, language: str) -> Node:
    """Return an inline in a format's own words, under the same condition."""
    return {"t": "RawInline", "c": [language, text]}


def meta(value: object) -> Node:
    """Return plain values as metadata: text is no markup there either."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, str):
        return {"t": "MetaInlines", "c": [string(value)] if value.isascii() and " " not in value else words(value)}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {key: meta(one) for key, one in value.items()}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [meta(one) for one in value]}
    return {"t": "MetaString", "c": str(value)}


def to_bytes(blocks: Sequence[Node], about: Mapping[str, object]) -> bytes:
    """Return the whole document with its metadata."""
    held = {key: meta(value) for key, value in about.items()}
    whole = {"pandoc-api-version": API, "meta": held, "blocks": list(blocks)}
    return json.dumps(whole, ensure_ascii=False).encode()


def respelled(inside: Any, change: Callable[[Node], list[Node]]) -> Any:  # noqa: ANN401 - what nodes are made of
    """Return nodes with what `change` makes of each string, deep down; code stays."""
    if isinstance(inside, dict):
        return inside if inside.get("t") == "Code" else {key: respelled(one, change) for key, one in inside.items()}
    if not isinstance(inside, list):
        return inside
    made: list[Any] = []
    for one in inside:
        is_string = isinstance(one, dict) and one.get("t") == "Str"
        made += change(one) if is_string else [respelled(one, change)]
    return made


def replaced(nodes: Iterable[Node]) -> Iterator[Node]:
    """Give nodes that a person's Markdown made, deep down without what only a browser knows: a comment is left out, a
    line break of HTML is one, other HTML stands as typed, and a picture is a link to its file, which is not read.
    """
    for node in nodes:
        kind, inside = node["t"], node.get("c", [])
        if kind in {"RawInline", "RawBlock"}:
            yield from _html(inside[1], block=kind == "RawBlock")
        elif kind == "Image":
            target = inside[2][0]
            yield link([*replaced(inside[1])] or [string(target)], target)
        else:
            yield {"t": kind, "c": _deep(inside)} if "c" in node else node


def _deep(inside: Any) -> Any:  # noqa: ANN401 - what nodes are made of
    if isinstance(inside, list):
        if inside and all(isinstance(one, dict) and "t" in one for one in inside):
            return [*replaced(inside)]
        return [_deep(one) for one in inside]
    return inside


def _html(text: str, *, block: bool) -> Iterator[Node]:
    if re.fullmatch(r"\s*<!--.*-->\s*", text, re.DOTALL):
        return
    if not block and re.fullmatch(r"<br\s*/?>", text, re.IGNORECASE):
        yield {"t": "LineBreak"}
    elif block:
        yield {"t": "CodeBlock", "c": [_attributes(), text.rstrip("\n")]}
    else:
        yield from words(text)


def _attributes(name: str = "", kind: str = "", style: str = "") -> list[Any]:
    return [name, [kind] if kind else [], [["custom-style", style]] if style else []]
