"""A sentence that cites nothing → whether it asks for a citation, and which sources say the same.

It offers only what says (nearly) the same, and changes nothing. DraftSentence, Desk -> DraftFinding
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.drafts.claims import STRONG, forms
from rag.drafts.loose import DraftFinding
from rag.facts.compare import find_quote
from rag.language import fold, say
from rag.records import Excerpt, Sentence, Verdict, excerpt_hash
from rag.verify import check_author, check_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.drafts.cited import Desk
    from rag.drafts.claims import Form
    from rag.drafts.draft import DraftSection, DraftSentence
    from rag.records import Source

OFFERS = 3
"""Keys offered for a sentence at most."""

_FORMS: dict[Form, tuple[str, str]] = {
    "figure": ("da una cifra", "it gives a figure"),
    "date": ("da una fecha", "it gives a date"),
    "quotation": ("cita palabras", "it quotes"),
    "attribution": ("dice lo que otros dicen", "it says what others say"),
    "cause": ("afirma una causa o un efecto", "it claims a cause or an effect"),
    "comparison": ("compara", "it compares"),
    "superlative": ("generaliza", "it generalises"),
}
_SHARED = 0.4  # words parted at a line's end, and other forms of a word, are not found


def uncited(sentence: DraftSentence, section: DraftSection, desk: Desk) -> tuple[Sentence, list[DraftFinding]]:
    """Find what asks for a citation in a sentence of the person's own: a claim that a reader will ask the source of, or
    the words of a source, unless a note of the section offers that source already. In a draft of ours a hinge was let
    through when it was written, and is left alone.
    """
    text, language = sentence.text, desk.language
    own = Sentence(text, "author", verdict="not_checkable", reason=say(language, es="del autor", en="the author's own"))
    bare = Sentence(text, kind="author")
    hinge = not check_sentence(bare, section="", excerpts={}, language=language).findings
    claims = () if hinge and desk.ours else forms(text, language=language)
    if claims or not hinge:
        offer = same(text, tuple(pool(text, desk).values()), language)
    else:
        offer = same(text, [one for one in desk.printed.values() if stands_in(text, one.text)], language)
    if not claims:
        noted = [hash_ for note in section.notes for mark in note.marks for hash_ in desk.mark(mark).hashes]
        offered = [desk.excerpts[hash_] for hash_ in noted if hash_ in desk.excerpts]
        if not offer or same(text, offered, language):
            return own, []
    verdict: Verdict = "unsupported" if STRONG.intersection(claims) else "unclear"
    return own, [DraftFinding(sentence.line, text, "uncited", verdict, _why(claims, offer, desk), offer)]


def _why(claims: Sequence[Form], offer: Sequence[str], desk: Desk) -> str:
    """Say why a sentence without a citation is found, with the sources that could be cited."""
    given = ", ".join(say(desk.language, es=_FORMS[claim][0], en=_FORMS[claim][1]) for claim in claims)
    near = say(
        desk.language, es="una fuente dice casi lo mismo: puede citarse", en="a source says nearly the same: cite it"
    )
    offered = {one.key: one.source for one in desk.excerpts.values() if one.key in offer}
    sources = "; ".join(dict.fromkeys(name_source(offered[key], desk.language) for key in offer if key in offered))
    said = [say(desk.language, es=f"{given} y no cita nada", en=f"{given} and cites nothing")] * bool(claims)
    return "; ".join([*said, *[f"{near} ({sources})" if sources else near] * bool(offer)])


def pool(text: str, desk: Desk) -> dict[str, Excerpt]:
    """Return the excerpts whose keys may be offered: the draft's own and those found for the text, by hash."""
    found = {excerpt_hash(one.source.id, one.text): one for one in desk.search(text)}
    desk.excerpts |= {hash_: one for hash_, one in found.items() if hash_ not in desk.excerpts}
    words = _folded(text)
    return found | {hash_: one for hash_, one in desk.printed.items() if _shares(words, one.text)}


def same(text: str, excerpts: Sequence[Excerpt], language: str) -> tuple[str, ...]:
    """Return the keys of the excerpts that say the same as a text, or nearly."""
    offered = (key for one in check_author(text, excerpts=excerpts, language=language) for key in one.sentence.offers)
    return tuple(dict.fromkeys(offered))[:OFFERS]


def stands_in(words: str, text: str) -> bool:
    """Say whether a sentence stands in a text, word for word."""
    return _shares(_folded(words), text) and find_quote(words.rstrip("."), text) is not None


def _shares(words: frozenset[str], text: str) -> bool:
    """Say whether a text holds enough of some words to say the same: else it need not be read."""
    return len(words & _folded(text)) >= _SHARED * len(words)


@lru_cache(maxsize=50_000)
def _folded(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def name_source(source: Source, language: str) -> str:
    """Return a source as a reader names it: its first author, its title or path, its date."""
    more = " et al." if source.authors[1:] else ""
    title = source.title or (source.paths[0] if source.paths else source.id)
    date = format_date(source.date, language) if source.date.known else ""
    return ", ".join(filter(None, (source.authors[0] + more if source.authors else "", f"«{title}»", date)))
