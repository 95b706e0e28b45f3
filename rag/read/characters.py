"""Bytes to text, and text to the characters every later stage may count on.

Does not look at what the text says: encodings, control characters, line ends and normal form only. bytes -> str.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, zero width, direction, BOM
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"  # annotations, no characters, lone surrogates
    "\U000e0000-\U000e007f]"  # tags, which can spell out text nobody sees
)
LIGATURES = re.compile("[\ufb00-\ufb06]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
UTF8_SEQUENCE = re.compile(rb"[\xc3-\xef][\x80-\xbf]")
CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
HEAD = 2048
"""Bytes in which an HTML page declares its encoding; the standard says 1024, pages in the wild are later."""


def clean(text: str) -> str:
    r"""Return the text in NFC: "\n" its only line end, " " its only other space, no unseen character, no ligature.

    >>> clean("sinte\u0301\u00adticos\r\n\x00fin")
    'sintéticos\nfin'
    """
    text = UNSEEN.sub("", SPACES.sub(" ", LINE_ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text))


def one_line(text: str) -> str:
    """Return the text cleaned, its runs of spaces and line ends made one space."""
    return " ".join(clean(text).split())


def decode(data: bytes) -> str:
    """Return the text the bytes stand for, or raise ValueError with the reason.

    UTF-8; UTF-16 with its mark; what an HTML page declares; else cp1252, unless that shows controls or torn UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "surrogatepass")
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text = _declared(data) or _western(data)
    if text is None:
        raise ValueError(f"line {line} is neither UTF-8 nor another encoding known here; save the file as UTF-8")
    return text


def _declared(data: bytes) -> str | None:
    found = CHARSET.search(data[:HEAD])
    try:
        return data.decode(found[1].decode("ascii")) if found else None
    except (LookupError, ValueError):
        return None


def _western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if CONTROLS.search(text) or UTF8_SEQUENCE.search(data) else text
