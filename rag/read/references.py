"""Which sections of a text list what it rests on: sources, not statements.

Goes by the whole title and by what stands under it: the word in a sentence, a table of contents or a chapter about
references in a programming language is none. str, str -> bool.
"""

from __future__ import annotations

import re

TITLES = (
    "references|references cited|cited references|list of references|bibliography|selected bibliography"
    "|works cited|literature cited|literature|referencias|referencias bibliográficas|lista de referencias"
    "|bibliografía|bibliografía citada|bibliografía consultada|bibliografía recomendada"
    "|literatura citada|obras citadas|fuentes|fuentes y bibliografía"
)
TITLE = re.compile(
    rf"(?:(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])[.):]?\s+)?(?:{TITLES.replace('í', '[íi]').replace('á', '[áa]')})\s*[.:]?",
    re.IGNORECASE,
)
TOKEN = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)|\bdoi\b|https?://|\b[sn]\. ?[df]\.", re.IGNORECASE)
LONGEST_ENTRY = 600
"""Characters that a list of sources hardly writes without a year or an address."""


def is_references_title(title: str) -> bool:
    """Say whether a whole title announces a list of sources.

    >>> is_references_title("7. References"), is_references_title("Referencias de los autores")
    (True, False)
    """
    title = title.strip()
    return bool(TITLE.fullmatch(title)) and not title[:1].islower()


def lists_sources(body: str) -> bool:
    """Say whether a text is as full of years and addresses as a list of sources is."""
    return len(TOKEN.findall(body)) * LONGEST_ENTRY >= len(body)
