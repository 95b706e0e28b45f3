"""Bytes to text, and text to the characters every later stage may count on.

Does not look at what the text says: encodings, control characters, line ends and normal form only. bytes -> str.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from rag.language import tell

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
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZEROS = (
    ("utf-32-le", 4, {1, 2, 3}),
    ("utf-32-be", 4, {0, 1, 2}),
    ("utf-16-le", 2, {1}),
    ("utf-16-be", 2, {0}),
)
"""Encodings by the places of a unit in which Western text has zeros."""
MOSTLY = 0.7
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

    UTF-8; UTF-16 and UTF-32 with their mark or by where their zeros stand; what an HTML page declares; else cp1252,
    unless that shows controls or torn UTF-8.
    """
    if encoding := _wide(data[:HEAD]):
        try:
            return data[: len(data) // 4 * 4 if "32" in encoding else len(data) // 2 * 2].decode(
                encoding, "surrogatepass"
            )
        except UnicodeDecodeError as error:
            raise ValueError(
                tell(
                    es=f"no es un texto completo en {encoding.upper()}; guarda el archivo en UTF-8",
                    en=f"it is no whole text in {encoding.upper()}; save the file as UTF-8",
                )
            ) from error
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    text = _declared(data) or _western(data)
    if text is None:
        raise ValueError(
            tell(
                es=f"la línea {line} no está en UTF-8 ni en otra codificación conocida; guarda el archivo en UTF-8",
                en=f"line {line} is neither UTF-8 nor another encoding known here; save the file as UTF-8",
            )
        )
    return text


def _wide(head: bytes) -> str:
    """Return the encoding of a text in units of two or four bytes; empty for any other.

    Without a mark it is known by its zeros: most letters of our languages have a zero beside them, always on one side.
    """
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    for encoding, width, zeros in ZEROS:
        shares = [part.count(0) / len(part) for place in range(width) if (part := head[place::width])]
        if len(shares) == width and all((share > MOSTLY) is (place in zeros) for place, share in enumerate(shares)):
            return encoding
    return ""


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
