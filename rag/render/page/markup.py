"""Values → HTML. Only what passes `text` or `tag` is `Html`, so that no string of a source gets in unescaped.

Knows nothing of reports. What acts without being seen (controls, marks that turn the direction of writing) is left
out of every text and attribute.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NewType
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.records import Source

Html = NewType("Html", str)
Value = str | int | float | bool | None

NOTHING = Html("")
_VOID = frozenset({"meta", "col", "br"})
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_TORN = re.compile("[\ud800-\udfff]")
_KEPT_IN_ADDRESS = "%/:?#@!$&()*+,;=~-._"


def text(words: str) -> Html:
    """Return words as they are to be read, whatever they hold."""
    return Html(escape(_seen(words)))


def tag(name: str, /, *children: Html, **attributes: Value) -> Html:
    """Return an element. An attribute that is None or False is left out, True stands alone; `data_by` is `data-by`."""
    opened = "".join((name, *map(_attribute, attributes.items())))
    return Html(f"<{opened}>" if name in _VOID else f"<{opened}>{''.join(children)}</{name}>")


def joined(children: Iterable[Html], between: str = "") -> Html:
    """Return elements one after another, with plain words between them."""
    return Html(text(between).join(children))


def unheard(sign: str) -> Html:
    """Return a sign that is seen and not read aloud."""
    return tag("span", text(sign), aria_hidden="true")


def heard(words: str) -> Html:
    """Return words that are read aloud and not seen."""
    return tag("span", text(words), class_="heard")


def link(source: Source) -> Html:
    """Return the address of a DOI, else a web address, as a link out; any other address as plain text."""
    address = f"https://doi.org/{source.doi}" if source.doi else source.url.strip()
    target = quote(_seen(_TORN.sub("", address)), safe=_KEPT_IN_ADDRESS)
    if not (_on_the_web(address) and _on_the_web(target)):
        return text(address)
    return tag("a", text(address), href=target, rel="noopener noreferrer", target="_blank", class_="out")


def _on_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)


def _attribute(pair: tuple[str, Value]) -> str:
    name, value = pair[0].rstrip("_").replace("_", "-"), pair[1]
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(_seen(str(value)))}"'


def _seen(words: str) -> str:
    return _TORN.sub("\ufffd", _UNSEEN.sub("", words))
