"""Claims about the nodes a document is made of."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from rag.drafts.marks import cut_marks
from rag.render import tree


def kinds(value: Any) -> set[str]:
    """Return the kinds of all nodes in a value."""
    if isinstance(value, dict):
        return {value.get("t", "")} | kinds(list(value.values()))
    return {kind for one in value for kind in kinds(one)} if isinstance(value, list) else set()


def letters(nodes: list[tree.Node]) -> str:
    """Return what nodes print."""
    return "".join(" " if node["t"] == "Space" else node["c"] for node in nodes)


@given(st.text())
@example("[3] [@a] [^b] $x$ <b>")
@example("\ud800\ufffe\x00a\u2028b")
def test_no_text_is_more_than_words(text: str) -> None:
    """Its words become strings with spaces between, each letter as it was, and bytes that pandoc can read."""
    nodes = tree.words(text)
    assert kinds(nodes) <= {"Str", "Space"}
    assert "\n" not in letters(nodes)
    told = re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", text))
    assert letters(nodes).replace("\u2060", "") == told.replace("\u2060", "") or not told.strip()
    json.loads(tree.to_bytes([tree.paragraph(nodes)], {"title": text}))


@example("palabras² y fin.³ [1]-[2] [véase @a, p. 3]")
@given(st.text(alphabet="[]0129^@ab,;-?. ²³", max_size=30))
def test_no_text_makes_a_marker(text: str) -> None:
    """Whoever reads the document takes none of a source's brackets and raised numbers for a citation."""
    assert not cut_marks(letters(tree.words(text)))[1]


def test_a_persons_html_is_no_html() -> None:
    """A comment is gone, a line break is one, other tags stand as typed, a picture is a link."""
    picture = {"t": "Image", "c": [["", [], []], [tree.string("foto")], ["http://a.b/c.png", ""]]}
    block = tree.raw("<div>\nx\n</div>\n", "html")
    para = tree.paragraph([*(tree.raw_inline(said, "html") for said in ("<!-- no -->", "<br/>", "<b>")), picture])
    text, kept = tree.replaced([para, block])
    assert [node["t"] for node in text["c"]] == ["LineBreak", "Str", "Link"]
    assert text["c"][1]["c"] == "<b>"
    assert kept == {"t": "CodeBlock", "c": [["", [], []], "<div>\nx\n</div>"]}


def test_strings_are_respelled_everywhere_but_in_code() -> None:
    """Deep down, and with as many nodes as are wanted."""
    nodes = [tree.paragraph([tree.string("a"), tree.code("a"), tree.link([tree.string("a")], "a")])]
    (changed,) = tree.respelled(nodes, lambda _: [tree.string("b"), tree.string("c")])
    assert changed == tree.paragraph(
        [tree.string("b"), tree.string("c"), tree.code("a"), tree.link([tree.string("b"), tree.string("c")], "a")]
    )
