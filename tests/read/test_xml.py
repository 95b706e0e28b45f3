"""XML without what it could make of a few bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.read.xml import attribute, children, local_name, named, named_characters, nearest, parse_xml

TREE = '<a xmlns:x="urn:x"><x:b x:i="1">uno</x:b><!-- no --><c><b j="2"/><tbl><b/></tbl></c></a>'


def test_names_are_those_without_name_space() -> None:
    """Old and new editions of a format have other name spaces and the same names."""
    root = parse_xml(TREE, path="a.xml")
    assert [attribute(found, "i") for found in named(root, "b")] == ["1", "", ""]
    assert [local_name(child) for child in children(root, "b", "c")] == ["b", "c"]
    assert len(list(nearest(root, "b"))) == 2  # none of the table's
    assert parse_xml(TREE.encode(), path="a.xml")[0].text == "uno"


def test_a_text_that_names_the_encoding_it_had_is_read() -> None:
    """It is text already."""
    assert parse_xml('\n<?xml version="1.0" encoding="utf-16"?><a>ñ</a>', path="a.xml").text == "ñ"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a>", r"cannot be read \(.*\); save it anew"),
        ("", "cannot be read"),
        ("<a>&b;</a>", "Entity 'b' not defined"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "makes up entities"),
        ('<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/hostname"> %b;]><a/>', "makes up entities"),
        ("<a>" * 300 + "</a>" * 300, "elements in elements without end"),
    ],
)
def test_what_is_no_plain_xml_is_refused(text: str, reason: str) -> None:
    """With the file's path and a remedy."""
    with pytest.raises(SourceError, match=rf"a\.xml: its XML.*{reason}"):
        parse_xml(text, path="a.xml")


def test_a_doctype_alone_is_harmless() -> None:
    """Pages and articles name theirs; nothing is fetched."""
    assert (
        parse_xml('<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://example.invalid/x.dtd"><html/>', path="a").tag == "html"
    )


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("&;ampltLTñ nbsp#160x<>"), max_size=30))
def test_characters_of_xml_itself_stay_named(text: str) -> None:
    """What is written anew has the same marks and no new one."""
    written = named_characters(text)
    assert written.count("<") == text.count("<")
    assert written.count("&amp;") == text.count("&amp;")
    assert named_characters("&LT;b&AMP;") == "&lt;b&amp;"
    assert named_characters("a&nbsp;b&eacute;&lt;&unknown;") == "a\xa0bé&lt;&unknown;"
