"""Signs by form that evidence speaks against a sentence: a denial, the other direction, a rejection.

Takes a sentence, the evidence nearest to it and the whole of it, each in Spanish or English; gives figures. It knows
lists of words and no grammar: what negates what, it cannot tell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.language import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGATION = (
    r"no nunca jamas sin ni tampoco ningun[oa]?s? nadie nada carecen? ausencia imposible "
    r"not never without nor cannot neither none nobody nothing \w+n't lacks? lacking absence absent failed fails? "
    r"unable unlikely impossible"
)
_FALSEHOOD = (
    r"fals[oa]s? falsedad bulos? desinforma\w+ enganos[oa]s? montajes? manipulad[oa]s? desm(?:ient|int)\w+ "
    r"inventad[oa]s? suplanta\w+ incorrect[oa]s? erronea(?:mente)? descontextualizad[oa]s? neg(?:o|ado|aron) "
    r"no\ es\ (?:cierto|verdad|real) "
    r"no\ (?:hay|existen?|se\ han?)\ (?:\w+\ ){0,2}(?:pruebas?|evidencias?|constancia|datos) "
    r"hoax debunk\w* fake misleading misinformation disinformation untrue false\ (?:claim|rumou?r|statement)s? myth "
    r"is\ incorrect denied\ that refut\w+ no\ (?:evidence|proof)\ (?:that|of|for)"
)
_MORE = (
    r"aument\w* increment\w* crec\w+ sub(?:e|en|io|ieron|ida) ascen\w+ elev\w+ mas mayor\w* alt[oa]s? "
    r"increas\w* rais\w+ gr[oe]w\w* ris(?:e|es|ing|en) rose higher more greater enhanc\w* promot\w* stimulat\w* "
    r"activat\w* upregulat\w* high"
)
_LESS = (
    r"disminu\w+ redu[cjz]\w+ descen\w+ decrec\w+ baj\w+ menos menor\w* "
    r"decreas\w* declin\w* fall(?:s|ing|en)? fell lower\w* less fewer inhibit\w* suppress\w* attenuat\w* "
    r"downregulat\w* diminish\w* low prevent\w* block\w*"
)
_BETTER = r"improv\w* mejor\w* benefi\w+ better safe\w* segur[oa]s? effective\w* eficaz"
_WORSE = r"wors\w+ empeor\w* peor\w* impair\w* harm\w* dan(?:o|os|in\w+) danger\w* peligros\w* ineffective ineficaz"
_AXES = (
    (_MORE, _LESS),
    (_BETTER, _WORSE),
    (r"positiv\w+", r"negativ\w+"),
    (r"before antes prior earlier", r"after despues later"),
    (r"allow\w* permi\w+ obligator\w+ mandatory autoriz\w+", r"prohib\w+ ban(?:s|ned)? forbid\w* voluntari\w+"),
    (r"all every todos todas cada siempre always", r"some few several algun[oa]s? poc[oa]s varios varias"),
)
"""Words that point to opposite ends: more and less, better and worse …"""


def against(sentence: str, near: str, evidence: Sequence[str], *, nearness: float) -> dict[str, float]:
    """Return what speaks against a sentence.

    `denies`: it negates and what is `near` to it does not. `opposite`: they point to opposite ends, 1, or to the same,
    -1. Both count by how near that is. `rejected`: the evidence calls something false, and the sentence does not.
    """
    turned = [way for axis in _AXES if (way := _turned(axis, sentence, near))]
    return {
        "denies": nearness * (_holds(_NEGATION, sentence) and not _holds(_NEGATION, near)),
        "opposite": nearness * sum(turned) / max(len(turned), 1),
        "rejected": float(any(_holds(_FALSEHOOD, text) for text in evidence) and not _holds(_FALSEHOOD, sentence)),
    }


def _turned(axis: tuple[str, str], sentence: str, near: str) -> int:
    """Return 1 where two texts name opposite ends of an axis, -1 where the same, else 0."""
    mine = [_holds(end, sentence) for end in axis]
    theirs = [_holds(end, near) for end in axis]
    if sum(mine) != 1 or sum(theirs) != 1:
        return 0
    return -1 if mine == theirs else 1


def _holds(words: str, text: str) -> bool:
    return _table(words).search(_level(text)) is not None


@lru_cache(maxsize=32)
def _table(words: str) -> re.Pattern[str]:
    """Compile a list of patterns parted by spaces; a space within one has a backslash before it."""
    return re.compile(r"\b(?:" + "|".join(re.split(r"(?<!\\) ", words)) + r")\b")


@lru_cache(maxsize=4096)
def _level(text: str) -> str:
    return fold(text).replace("’", "'")
