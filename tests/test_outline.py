"""Claims about the outline of a brief."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.errors import BriefError
from rag.outline import dedent, read_headings, split_lines

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
WORDS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
PARAGRAPH = st.lists(WORDS.map("x".__add__), min_size=1, max_size=3)
BLOCK = st.one_of(
    PARAGRAPH,
    st.sampled_from(
        [
            ["```markdown", "# not a heading", "", "  ## nor this", "```"],
            ["~~~", "# left as it is", "~~~  "],
            ["<!--", "# not a heading", "", "# nor this", "-->"],
            ["<div>", "# not a heading", "</div>", "", "after the blank line that ends HTML"],
            ["> # quoted"],
            ["- # in a list", "  # so is this"],
            ["    # indented code"],
            ["a line  ", "with trailing space \t"],
            ["already cited [3], [12].", "[3]: http://example.org"],
            ["Title of old", "==="],
            ["| a | b |", "|---|---|"],
            ["#hashtag, ####### seven"],
        ]
    ),
)
SECTION = st.tuples(st.integers(1, 6), WORDS, st.lists(BLOCK, max_size=3))
OUTLINE = st.lists(SECTION, min_size=1, max_size=5)


def typed(sections: list[tuple[int, str, list[list[str]]]], end: str) -> list[tuple[str, str]]:
    """Return each heading's line and the author's text under it."""
    return [
        (f"{'#' * level} {title}", f"{end}{end}".join(end.join(lines) for lines in blocks))
        for level, title, blocks in sections
    ]


def joined(parts: list[tuple[str, str]], end: str) -> str:
    """Return the outline of these headings and texts."""
    return end.join(f"{line}{end}{text}" if text else line for line, text in parts)


@settings(deadline=None, max_examples=100)
@given(OUTLINE, LINE_ENDS)
@example([(1, "a", [["x\x85y\u2028z\x0b"]]), (2, "", [])], "\r")
def test_every_byte_comes_back(sections: list[tuple[int, str, list[list[str]]]], end: str) -> None:
    """Heading lines and the author's texts, put in order, are the outline again, whatever its characters."""
    parts = typed(sections, end)
    headings = read_headings(joined(parts, end), name="b")
    assert [(heading.line, heading.author_text) for heading in headings] == parts
    assert [heading.level for heading in headings] == [level for level, _, _ in sections]
    assert joined([(heading.line, heading.author_text) for heading in headings], end) == joined(parts, end)


@settings(deadline=None, max_examples=100)
@given(
    OUTLINE,
    LINE_ENDS,
    st.sampled_from(["  ", "        ", "\t", " \t"]),
    st.integers(0, 2),
    st.sampled_from(["indented", "bare"]),
)
def test_indentation_and_outer_blank_lines_are_no_text(
    sections: list[tuple[int, str, list[list[str]]]], end: str, indent: str, blanks: int, blank_lines: str
) -> None:
    """Indenting the whole outline and setting blank lines around each text changes no heading and no text."""
    parts = typed(sections, end)
    gap = f"{end} " * blanks
    airy = f" {end}" * blanks + end.join(f"{line}{gap}{end}{text}{gap}" for line, text in parts)
    lines = split_lines(airy)
    indented = "".join(indent + line if blank_lines == "indented" or line.strip(" \r\n") else line for line in lines)
    assert read_headings(indented, name="b") == read_headings(joined(parts, end), name="b")


HEADINGS = ("# a", "## b ##", "   # c", "    # code", "\t# tab", "#", "#x", "\\# no")
OPENERS = ("```", "~~~~", "<!--", "-->", "<script>", "</script>", "<p>", "> # q", "> ```", "> <!--")
OTHERS = ("text", "", " ", "- # item", "  # in it", "1. # one", "===", "---")
FRAGMENTS = (*HEADINGS, *OPENERS, *OTHERS)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12), LINE_ENDS)
def test_nothing_is_lost_in_silence(lines: list[str], end: str) -> None:
    """Of any lines, each that is not blank is a heading or an author's text, or the brief is refused."""
    outline = end.join(lines)
    try:
        headings = read_headings(outline, name="b")
    except BriefError:
        return
    kept = [line for heading in headings for line in (heading.line, *split_lines(heading.author_text))]
    assert [line.strip() for line in kept if line.strip()] == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# Impacto de los datos", "Impacto de los datos"),
        ("##  spaces  ", "spaces"),
        ("### closed ###", "closed"),
        ("# closed #########  ", "closed"),
        ("# C#", "C#"),
        ("# C #", "C"),
        ("# *cursiva* y `código`", "*cursiva* y `código`"),
        ("#", ""),
        ("## ##", ""),
        ("   ###### six", "six"),
        ("#\ttab", "tab"),
    ],
)
def test_titles(line: str, title: str) -> None:
    """A title is what stands between the hashes, inline markup left as typed; the line stays whole."""
    (heading,) = read_headings(f"{line}\ntext", name="b")
    assert (heading.title, heading.line) == (title, dedent(f"{line}\ntext").split("\n")[0])


def test_underlined_titles_are_text() -> None:
    """A line underlined with equals signs is the author's text: only hashes make a heading."""
    (heading,) = read_headings("# One\nTwo\n===\nThree\n---\n", name="b")
    assert heading.author_text == "Two\n===\nThree\n---"


@pytest.mark.parametrize(
    ("outline", "message"),
    [
        ("", "b.md: line 7: no heading"),
        ("just text", "b.md: line 7: no heading"),
        ("\n\nloose words\n# One", "b.md: line 9: “loose words” stands above the first heading; give it a heading"),
        ("# One\n\n```python\nx = 1\n# Two", "b.md: line 9: a block of code or HTML begins here and does not end"),
        ("# One\n<!-- to do\n# Two", "b.md: line 8: a block of code or HTML begins here"),
    ],
)
def test_what_cannot_be_placed_is_refused(outline: str, message: str) -> None:
    """No heading, text above the first one, or a block left open: an error that names the line and the remedy."""
    with pytest.raises(BriefError) as error:
        read_headings(outline, name="b.md", first_line=7)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
