"""Bytes to text, and text to clean text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.characters import clean, decode, one_line

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
TEXT = "El diagnóstico clínico, según la comisión: 3,5 €"


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_clean_is_idempotent_and_leaves_nothing_unseen(text: str) -> None:
    """Whatever goes in, no control, surrogate or odd space comes out, and a second time changes nothing."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    categories = {unicodedata.category(character) for character in cleaned if character not in "\n "}
    assert not categories & {"Cc", "Cs", "Zs", "Zl", "Zp"}
    assert not set(cleaned) & set("\u00ad\u200b\u200d\u202e\u2066\ufeff\ufffe\U000e0041")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x01c", "abc"),
        ("sinte\u0301tico", "sintético"),
        ("sin\u00adtéticos\u200b", "sintéticos"),
        ("uno\r\ndos\rtres\u2028cuatro\fcinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("1\u202f000\u00a0€\t5", "1 000 € 5"),
        ("\ufeffTexto \ud800roto", "Texto roto"),
        ("eﬁciente ﬂujo", "eficiente flujo"),
        ("visible\U000e0048\U000e0049", "visible"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    """Each kind of unseen character goes; words stay apart where a line or a space stood."""
    assert clean(text) == expected


def test_one_line_joins_what_stands_on_many() -> None:
    """Line ends and runs of spaces are one space."""
    assert one_line("  uno \n\n dos\ttres ") == "uno dos tres"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_common_encodings_give_the_same_text(encoding: str) -> None:
    """UTF-8, UTF-16 and UTF-32 with their mark and the Western European code page are told apart."""
    assert clean(decode(TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_with_and_without_their_mark(encoding: str) -> None:
    """The zeros beside Western letters tell the side; a last unit torn in half is left out."""
    assert clean(decode(TEXT.encode(encoding))) == TEXT
    assert clean(decode(f"\ufeff{TEXT}".encode(encoding) + b"\0")) == TEXT


def test_zeros_strewn_in_a_text_do_not_make_it_wide() -> None:
    """They are removed as any control."""
    assert clean(decode("á\0b\0cdé\0f".encode())) == "ábcdéf"


def test_a_wide_text_that_is_none_is_refused() -> None:
    """The reason names the encoding and the remedy."""
    with pytest.raises(ValueError, match=r"no whole text in UTF-32; save the file as UTF-8"):
        decode(b"\xff\xfe\x00\x00\xff\xff\xff\xff")


def test_a_declared_encoding_is_believed_when_utf8_fails() -> None:
    """A page in another code page says so itself."""
    page = '<meta charset="iso-8859-2"><p>Łódź</p>'
    assert decode(page.encode("iso-8859-2")) == page


@pytest.mark.parametrize("data", [b"bien\n\xc3\xa1 mal \xff", b"uno\n\xe9\x00\x01", b"uno\n\x81\x8d"])
def test_what_is_no_text_is_refused_with_its_line(data: bytes) -> None:
    """Torn UTF-8 and binary data are not read as Western European text."""
    with pytest.raises(ValueError, match=r"line 2 .* save the file as UTF-8"):
        decode(data)
