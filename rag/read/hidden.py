"""What a page holds and does not show → taken out of its tree: by element, attribute, style, or a plain rule of its own
style sheet.

Does not lay out pages: text behind a picture, beside the screen or hidden by a script stays. What readers can open
(details, tabs) stays as well. For web pages and for the pages of an EPUB.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Element = Any  # lxml comes without types

UNSEEN_ELEMENTS = (
    "self::script[not(@type='application/ld+json')] or self::style or self::template or self::dialog[not(@open)]"
)
LANDMARK = "self::main or self::article or .//main or .//article or .//h1"
"""What no page means to keep from those who hear it: a dialog that was open when it was saved marks all the rest so."""
BRACE = re.compile(r"([{}])")
WORD = re.compile(r"[\w-]+")
NAME = re.compile(r"\w*([.#])([\w-]+)")
LENGTH = re.compile(r"(\d*\.?\d+)(px|pt|r?em|%)?")
LEGIBLE: Mapping[str, float] = {"px": 2, "pt": 2, "em": 0.15, "rem": 0.15, "%": 15}
"""Sizes of letters below which nobody reads them; 0 has no unit."""
HEARD = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"}
"""Classes that by convention are for who hears a page; "hidden" and the like hide on some screens alone."""
WHITE = {"white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent"}


def drop_hidden(tree: Element) -> None:
    """Take out of a page what it does not show; what follows a hidden element stays."""
    names = _hidden_names(tree)
    for element in tree.xpath(f"//*[local-name()='body']//*[{_any_namespace(UNSEEN_ELEMENTS)}]"):
        drop(element)
    for element in tree.xpath("//*[local-name()='body']//*[@hidden or @style or @class or @id]"):
        if _is_hidden(element, names):
            drop(element)
    for element in tree.xpath(f"//*[@aria-hidden='true'][not({_any_namespace(LANDMARK)})]"):
        drop(element)


def drop(element: Element) -> None:
    """Take an element out of its tree and leave the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _any_namespace(test: str) -> str:
    """Return a test of elements that also holds in XHTML, whose names have a namespace."""
    return re.sub(r"(self::|\.//)([a-z][a-z0-9]*)", r"\1*[local-name()='\2']", test)


def _is_hidden(element: Element, names: set[str]) -> bool:
    classes = element.get("class", "").split()
    if element.get("hidden") is not None or HEARD & set(classes):
        return True
    style = _declarations(element.get("style", ""))
    own = {f".{name}" for name in classes} | {f"#{element.get('id', '')}"}
    return _hides(style) or bool(names & own) or (style.get("color") in WHITE and _on_paper(element))


def _hides(style: Mapping[str, str]) -> bool:
    """Say whether these declarations leave nothing to see."""
    size, opacity = (LENGTH.fullmatch(style.get(name, "")) for name in ("font-size", "opacity"))
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or (opacity is not None and float(opacity[1]) == 0)
        or (size is not None and float(size[1]) <= LEGIBLE.get(size[2] or "", 0))
    )


def _on_paper(element: Element) -> bool:
    """Say whether nothing can give an element another ground than white: no style, colour or class around it."""
    around = (element, *element.iterancestors())
    return not any(
        place.get("class") or place.get("bgcolor") or place.get("background") for place in around
    ) and not any(name.startswith("background") for place in around for name in _declarations(place.get("style", "")))


def _declarations(style: str) -> dict[str, str]:
    """Return what a style says by property, without spaces and !important."""
    parts = ("".join(part.lower().split()).partition(":") for part in style.split(";"))
    return {name: value.removesuffix("!important") for name, _, value in parts}


def _hidden_names(tree: Element) -> set[str]:
    """Return the classes (".a") and ids ("#a") a page's own style sheet hides, whose name nothing else there speaks of:
    else it may show them again.
    """
    styles, scripts = (" ".join(tree.xpath(f"//*[local-name()='{name}']/text()")) for name in ("style", "script"))
    said, *commented = styles.split("/*")
    styles = said + "".join(comment.partition("*/")[2] for comment in commented)
    mentions = Counter(WORD.findall(styles + " " + scripts))
    names: set[str] = set()
    for selectors, style in _rules(styles):
        if _hides(_declarations(style)):
            found = (NAME.fullmatch(selector.strip()) for selector in selectors.split(","))
            names |= {match[1] + match[2] for match in found if match and mentions[match[2]] == 1}
    return names


def _rules(styles: str) -> Iterator[tuple[str, str]]:
    """Give the rules of a style sheet without comments that always hold, as selectors and declarations."""
    pieces = BRACE.split(styles)
    around: list[str] = []
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            around.append(text)
        elif around:
            selectors = around.pop()
            if not around:
                yield selectors, text
