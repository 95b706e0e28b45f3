"""Negation and hedging: whether a sentence denies what its evidence says, or asserts what it only supposes.

Works on one pair of sentences that are about the same (`alignment`), by the words of negation and doubt and what
stands right after them. It knows no irony and no negation by prefix, and says nothing where a cue is ambiguous.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.alignment import changes
from rag.language import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.facts.alignment import Statement

_REACH = 2  # stems after a cue that it is taken to bear on
_BOUND = re.compile(r"[,;:().—–!?¿¡]|pero|but|aunque|although|mientras|while|whereas|sino|because|porque|since")


def _words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over folded tokens, laid out with free space; in it a space is written "_"."""
    laid_out = "".join(pattern.split()).replace("_", " ")
    return re.compile(rf"(?<!\S)(?:{laid_out})(?!\S)")


_NEUTRAL = _words(r"""
    no_solo|no_solamente|no_unicamente|not_only|not_just|not_merely|no_obstante|sin_embargo|no_hay_duda(?:_de)?|
    sin_duda(?:_alguna)?|no_cabe_duda(?:_de)?|(?:there_is_|is_)?no_doubt|without_(?:a_)?doubt|whether_or_not|or_not|o_no|
    si_no|not_to_mention|no_(?:mas|menos|menor|mayor)_(?:de|del|que|a)|no_(?:more|less|fewer|later|earlier|longer)_than|
    no_\.|sin_(?:precedentes?|contar)|nada_mas|no_longer|ya_no|al_menos|not_necessarily|no_necesariamente|
    (?:no|not|never|nunca|cannot|\w+n't)_(?:\w+_){0,2}(?:without|sin|lack\w*|fail\w*|carec\w*|ausencia|absence|im?n?posible|
    impossible|unlikely|improbable|unless|until|hasta|a_menos|mas_que|sino|but|except|excepto)""")
"""What holds a word of negation and denies nothing, or denies a denial."""
_DENIAL = _words(r"""
    no|nunca|jamas|sin|tampoco|ni|ningun[oa]?|nadie|nada|carec\w+_de|carencia_de|ausencia_de|falta_de|
    not|never|without|neither|nor|none|cannot|\w+n't|fail(?:s|ed|ing)?_to|failure_to|lack(?:s|ed|ing)?(?:_of)?|
    (?:in_)?(?:the_)?absence_of|unable_to|incapa(?:z|ces)_de""")
_CONCORD = frozenset(
    {"nunca", "jamas", "ni", "ningun", "ninguno", "ninguna", "nadie", "nada", "tampoco"}
)  # after "no" they deny no more
_SOFT = _words(r"""
    apenas|hardly|barely|scarcely|rarely|seldom|raramente|rara_vez|unlikely|improbable|imposible|impossible|few|little|
    poc[oa]s?|except\w*|excepto|salvo|unless|menos_que|instead|lugar_de|rather|evit\w+|avoid\w*|prevent\w*|impid\w+|
    impedi\w+|negativ\w+|neg[oa]\w*|niega\w*|den(?:y|ied|ies)|absent|ausent\w+|missing|exclu\w+|only|solo|unicamente|
    solamente|until|hasta|free_of|libres?_de|refus\w+|reject\w*|rechaz\w+|stop\w*|dej\w+|nor?|non|minor|insignifica\w+|
    uncertain\w*|unclear|unknown|desconoc\w+|inciert\w+|dificil\w*|difficult\w*|false|fals[oa]s?|neither|either|tampoco""")
"""What may deny in other words: beside one of them nothing is said."""

_PREFIXED = _words(
    r"(?:un|dis|non|des|asi|asy|sin|in[a-z]{2,}bl)\w+|out_of|fuera_de|other_than|less|all_but|away|against|contra"
)
_UNFIT = _words(
    r"in(?:util|utiles|eficaz|eficaces|adequate|adecuad[oa]s?|suficientes?|sufficient|effective)|"
    r"un(?:able|suitable|fit|necessary|helpful)|useless|innecesari[oa]s?|dispensable"
)

_DOUBT = _words(r"""
    (?<!\bof\s)(?<!\bin\s)may(?!_\d)|might|could|perhaps|maybe|possibly|presumably|suggest\w*|seem(?:s|ed)?|
    appear(?:s|ed)?_to|potentially|hypothesi[sz]\w+|speculat\w+|is_thought_to|are_thought_to|
    pued[ea]n?|podria\w*|pudiera\w*|quizas?|tal_vez|posiblemente|probablemente|probably|likely|sugier\w+|sugir\w+|
    parec(?:e|en|ia|ian)|supuestamente|presuntamente|se_cree_que""")
_ANY_DOUBT = _words(r"""
    may|might|could|can|would|should|perhaps|maybe|possib\w+|presum\w+|suggest\w*|seem\w*|appear\w*|potential\w*|
    hypothe\w+|speculat\w+|thought|believed?|expected|likely|probabl\w+|proposed?|indicat\w+|implic\w+|
    pued\w+|pod[ri]\w+|pudi\w+|quizas?|tal_vez|posib\w+|sugi\w+|sugerid\w*|parec\w+|supuest\w+|presunt\w+|cree\w*|
    potencial\w*|hipot\w+|proponen?|propuest\w+|indican?|capa(?:z|ces)|able|permit\w+|allow\w*|help\w*|
    ayud\w+|tiend\w+|tend\w*|deberi\w+|\w{2,}ri(?:a|an)""")
_SOME = _words(
    r"algun[oa]?s?|some|several|many|much[oa]s|most|(?:la_)?mayoria|majority|vari[oa]s|often|sometimes|a_menudo|a_veces"
)
_ALL = _words(r"tod[oa]s?|all|every|always|siempre|cada")


@dataclass(frozen=True, slots=True)
class _Cue:
    """A word of negation or doubt, and the stems it bears on."""

    words: str
    stems: tuple[str, ...]


def negation(sentence: Statement, evidence: Statement) -> str:
    """Return the words of negation that one of the two has alone, over what the other asserts; else nothing."""
    if inserted := _inserted(sentence, evidence):
        return inserted
    mine, theirs = _denials(sentence), _denials(evidence)
    if bool(mine) == bool(theirs) or _SOFT.search(_line(evidence if mine else sentence)):
        return ""
    asserted = evidence if mine else sentence
    if sentence.language != evidence.language:
        return _plain_denial(mine or theirs, asserted)
    for cue in mine or theirs:
        if cue.stems and set(cue.stems) <= asserted.content:
            return cue.words
    return ""


def _inserted(sentence: Statement, evidence: Statement) -> str:
    """Return a negation that is all the content by which one of two nearly equal sentences differs there."""
    for change in changes(sentence, evidence):
        mine, theirs = (_DENIAL.search(_blanked(" ".join(tokens))) for tokens in (change.mine, change.theirs))
        longer = sentence if mine else evidence
        found = mine or theirs
        if (
            found
            and not (mine and theirs)
            and change.my_stems == change.their_stems
            and found[0] in _line(longer).split()
        ):
            return found[0]
    return ""


def _plain_denial(denials: tuple[_Cue, ...], asserted: Statement) -> str:
    """Return a single plain negation that the other language's sentence has in no word, nor in any prefix."""
    plain = len(denials) == 1 and re.fullmatch(r"no|nunca|not|never|cannot|\w+n't", denials[0].words)
    return denials[0].words if plain and not _PREFIXED.search(_line(asserted)) else ""


def doubt_lost(sentence: Statement, evidence: Statement) -> str:
    """Return the word of doubt that the evidence has over what the sentence asserts flatly; else nothing."""
    if sentence.language != evidence.language or _ANY_DOUBT.search(_line(sentence)):
        return ""
    cues = _cues(evidence, _DOUBT)
    return next((cue.words for cue in cues if cue.stems and set(cue.stems) <= sentence.content), "")


def doubt_gained(sentence: Statement, evidence: Statement) -> bool:
    """Say whether the sentence only supposes what the evidence asserts."""
    return bool(doubt_lost(evidence, sentence))


def generalised(sentence: Statement, evidence: Statement) -> str:
    """Return the word that says "some" or "many" in the evidence of what the sentence says "all" of; else nothing."""
    if sentence.language != evidence.language or _ALL.search(_line(evidence)) or _SOME.search(_line(sentence)):
        return ""
    bearing = {stem for cue in _cues(sentence, _ALL) for stem in cue.stems[:1]}
    return next((cue.words for cue in _cues(evidence, _SOME) if bearing & set(cue.stems[:1])), "")


def denial_in(text: str) -> bool:
    """Say whether a piece of a sentence holds a plain word of negation that denies."""
    line = _NEUTRAL.sub(" ", _tokens(text))
    return _DENIAL.search(line) is not None


def may_deny(text: str) -> bool:
    """Say whether a piece of a sentence holds any word that denies, or may in other words."""
    line = _tokens(text)
    return any(pattern.search(line) for pattern in (_DENIAL, _SOFT, _UNFIT))


def _tokens(text: str) -> str:
    return " ".join(re.findall(r"[\w'’]+|[^\w\s]", fold(text)))


def denies(sentence: Statement) -> bool:
    """Say whether the sentence holds a negation."""
    return bool(_denials(sentence))


@lru_cache(maxsize=8192)
def _denials(sentence: Statement) -> tuple[_Cue, ...]:
    """Return the negations of a sentence, each once: "no … nunca" is one."""
    cues: list[_Cue] = []
    for cue in _cues(sentence, _DENIAL):
        if not (cues and cue.words in _CONCORD):
            cues.append(cue)
    return tuple(cues)


def _cues(sentence: Statement, pattern: re.Pattern[str]) -> Iterator[_Cue]:
    """Give where a pattern stands in the sentence, with the stems that follow up to the next pause."""
    line = _line(sentence)
    for match in pattern.finditer(line):
        first = line.count(" ", 0, match.end())
        following: list[str] = []
        for token, stem in zip(sentence.tokens[first + 1 :], sentence.stems[first + 1 :], strict=True):
            if _BOUND.fullmatch(token) or len(following) == _REACH:
                break
            if stem:
                following.append(stem)
        yield _Cue(match[0], tuple(following))


@lru_cache(maxsize=8192)
def _line(sentence: Statement) -> str:
    """Return the tokens in one line, neutral phrases blanked by as many blank tokens."""
    return _blanked(" ".join(sentence.tokens))


def _blanked(line: str) -> str:
    return _NEUTRAL.sub(lambda match: " ".join("_" * len(match[0].split())), line)
