"""Direction: whether a sentence says "increases" where its evidence says "decreases", or swaps the sides of "than".

Works on one pair of sentences that are about the same (`alignment`), by pairs of opposites in Spanish and English.
Where a sentence goes both ways, or denies, it says nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rag.facts.alignment import changes
from rag.facts.polarity import denies

if TYPE_CHECKING:
    from rag.facts.alignment import Statement

_NEAR = 3  # stems on either side of an opposite that tell what it is said of

_TABLE = """
amount + increas* raise raised raises raising rise rises rose risen rising higher high greater more larger elevat* grow*
amount + grew gain* upregulat* aument* increment* mayor mayores mas crece crecen crecio crecieron creciente crecimiento
amount + sube suben subio subieron subida eleva elevan elevo elevado elevada elevados elevadas elevacion superior
amount + superiores alto alta altos altas ascen*
amount - decreas* reduc* lower* low less fewer smaller declin* fall falls falling fell drop* diminish* downregulat*
amount - disminu* menor menores menos baja bajas bajan bajaron bajada bajos desciende descienden descendio descenso
amount - inferior inferiores caida cae caen decrec* loss
quality + improv* better mejor* benefi* advantag* ventaj* success* exito*
quality - wors* deteriorat* empeor* peor peores harm* dano danos danin* perjudic* perjuicio* disadvantag* desventaj*
quality - failure fracas*
speed + accelerat* faster speed* hasten* aceler* rapid* quick* shorten* acort* adelant*
speed - delay* slow* retras* ralentiz* lento lenta lentos lentas lentamente prolong* lengthen* alarg*
sign + positiv*
sign - negativ*
time + before prior antes previo previa previos previas previamente earlier early tempran*
time - after despues tras later late tardi* posterior*
stance + support* confirm* respald* apoy* accept* acept* corrobor*
stance - refut* contradic* disprov* reject* rechaz* oppos* desmient* desment*
effect + activat* induc* promot* stimulat* enhanc* trigger* favor* favour* activa* activo* promuev* promov* estimul*
effect + potenci* favorec* facilit* caus* provoc*
effect - inhib* suppress* block* prevent* inactivat* impair* abolish* suprim* bloque* previen* preven* impid* impedi*
effect - desactiv* inactiv* evit*
strength + strong* fuerte* strengthen* fortalec* refuerz* reforz*
strength - weak* debil*
presence + presence present presencia presente presentes
presence - absen* ausen*
response + sensitiv* sensible* sensibilidad
response - resistan* resisten*
permission + allow* permit* permis* authoris* authoriz* autoriz* legal*
permission - prohib* forbid* ban bans banned banning illegal* ilegal* impid* impedi*
majority + mayoria* majority
majority - minoria* minority
bounds + maximo maxima maximos maximas maximum
bounds - minimo minima minimos minimas minimum
inclusion + inclu*
inclusion - exclu*
safety + safe* seguro segura seguros seguras seguridad
safety - unsafe danger* peligr* insegur*
start + begin* began start* empez* empiez* comenz* comienz* inici*
start - end ends ended ending finish* termin* finaliz*
open + open* abre abren abrio abrieron abrir abierto abierta abiertos abiertas
open - clos* cierr* cerr*
"""
"""Axes and the words of their two ways, folded, Spanish and English; "*" stands for any ending."""
_THAN = ("than", "que")
_COMPARED = re.compile(
    r"\w+er|more|less|better|worse|mas|menos|mayor(?:es)?|menor(?:es)?|mejor(?:es)?|peor(?:es)?|superior|inferior"
)
_PAUSE = re.compile(r"[,;:().!?]|pero|but|while|whereas|mientras|aunque|although|and|y")
_PREFIXES = ("un", "in", "im", "ir", "non", "des", "dis")
_ADJECTIVE = re.compile(r"\w{3,}(?:bl[ey]|bles|tive|tively|ient|ientes?|sary|sari[oa]s?|tiv[oa]s?|az|aces|ain|ely|own)")


def reversed_direction(sentence: Statement, evidence: Statement) -> tuple[str, str] | None:
    """Return a word of the sentence and its opposite in the evidence, said of the same; None where there is none."""
    if turned := _turned(sentence, evidence):
        return turned
    if denies(sentence) or denies(evidence) or sides_swapped(sentence, evidence):
        return None
    for axis in _axes():
        mine, theirs = _ways(sentence, axis, but=evidence), _ways(evidence, axis, but=sentence)
        if len({way for _, way in mine}) == 1 and (pair := _opposed(sentence, mine, evidence, theirs)):
            return pair
    return _prefixed(sentence, evidence)


def _opposed(
    sentence: Statement, mine: list[tuple[int, bool]], evidence: Statement, theirs: list[tuple[int, bool]]
) -> tuple[str, str] | None:
    """Return a word of each that go opposite ways of the same thing, unless one of the evidence goes the sentence's.

    Across languages nothing tells what they are said of, so all must go the other way, and be as many.
    """
    same = [
        (one, other, way != another)
        for one, way in mine
        for other, another in theirs
        if sentence.language != evidence.language or _said_of_the_same(sentence, one, evidence, other)
    ]
    if not same or not all(opposed for _, _, opposed in same):
        return None
    if sentence.language != evidence.language and len(mine) != len(theirs):
        return None
    return sentence.tokens[same[0][0]], evidence.tokens[same[0][1]]


def _turned(sentence: Statement, evidence: Statement) -> tuple[str, str] | None:
    """Return the opposites that are the one thing two nearly equal sentences say differently."""
    told = [change for change in changes(sentence, evidence) if change.mine and change.theirs]
    if len(told) == 1 and len(told[0].mine) == len(told[0].theirs) == 1:
        (mine,), (theirs,) = told[0].mine, told[0].theirs
        for one, other in _axes().values():
            if (one.fullmatch(mine) and other.fullmatch(theirs)) or (other.fullmatch(mine) and one.fullmatch(theirs)):
                return mine, theirs
    return None


def opposites(sentence: Statement, evidence: Statement) -> int:
    """Count the pairs of opposites on which the two go only opposite ways, whatever they are said of."""
    ways = (({w for _, w in _ways(sentence, axis)}, {w for _, w in _ways(evidence, axis)}) for axis in _axes())
    return sum(len(mine) == len(theirs) == 1 and mine != theirs for mine, theirs in ways)


def sides_swapped(sentence: Statement, evidence: Statement) -> bool:
    """Say whether what stands before "than" in one stands after it in the other."""
    mine, theirs = _sides(sentence), _sides(evidence)
    if mine is None or theirs is None or sentence.language != evidence.language:
        return False
    crossed = bool(mine[1] and theirs[1]) and mine[1] <= theirs[0] and theirs[1] <= mine[0]
    return crossed and mine[1].isdisjoint(theirs[1])


def swapped_comparison(sentence: Statement, evidence: Statement) -> bool:
    """Say whether the sides of a comparison are swapped and its direction is not."""
    if not sides_swapped(sentence, evidence) or denies(sentence) or denies(evidence):
        return False
    return all(
        {way for _, way in _ways(sentence, axis)} == {way for _, way in _ways(evidence, axis)} for axis in _axes()
    )


@cache
def _axes() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return the patterns of the two ways of each axis."""
    words: dict[str, tuple[list[str], list[str]]] = {}
    for row in _TABLE.strip().splitlines():
        axis, way, *forms = row.split()
        words.setdefault(axis, ([], []))[way == "-"].extend(form.replace("*", r"\w*") for form in forms)
    return {axis: (re.compile("|".join(one)), re.compile("|".join(other))) for axis, (one, other) in words.items()}


def _ways(sentence: Statement, axis: str, *, but: Statement | None = None) -> list[tuple[int, bool]]:
    """Return where the sentence speaks of an axis, in words that another has not, and which way it goes."""
    one, other = _axes()[axis]
    found = []
    for place, token in enumerate(sentence.tokens):
        following = sentence.tokens[place + 1 : place + 3]
        if axis == "amount" and following and following[0] in ("than", "de", "del") and following[-1][0].isdigit():
            continue  # "más de 50" bounds a figure and says nothing of more or less
        if but is not None and token in but.tokens:
            continue
        if one.fullmatch(token):
            found.append((place, True))
        elif other.fullmatch(token):
            found.append((place, False))
    return found


def _said_of_the_same(sentence: Statement, place: int, evidence: Statement, other: int) -> bool:
    """Say whether the stems around the two places are the same on either side."""
    before, after = _around(sentence, place)
    their_before, their_after = _around(evidence, other)
    return bool(before[-1:] and before[-1] in their_before[-_NEAR:]) or bool(
        after[:1] and after[0] in their_after[:_NEAR]
    )


def _around(sentence: Statement, place: int) -> tuple[list[str], list[str]]:
    before = [stem for stem in sentence.stems[:place] if stem]
    after = [stem for stem in sentence.stems[place + 1 :] if stem]
    return before, after


def _prefixed(sentence: Statement, evidence: Statement) -> tuple[str, str] | None:
    """Return an adjective that one of the two has with a prefix of negation and the other without."""
    mine, theirs = set(sentence.tokens), set(evidence.tokens)
    if sentence.language != evidence.language:
        return None
    for token in sorted(token for token in mine ^ theirs if _ADJECTIVE.fullmatch(token)):
        other = theirs - mine if token in mine else mine - theirs
        opposite = next((prefix + token for prefix in _PREFIXES if prefix + token in other), "")
        if opposite:
            return (token, opposite) if token in mine else (opposite, token)
    return None


def _sides(sentence: Statement) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the stems before and after "than" in a comparison, up to the nearest pause; None without one."""
    for place, token in enumerate(sentence.tokens):
        compared = any(_COMPARED.fullmatch(word) for word in sentence.tokens[max(0, place - 4) : place])
        if token in _THAN and compared:
            before = _until_pause(sentence, range(place - 1, -1, -1))
            after = _until_pause(sentence, range(place + 1, len(sentence.tokens)))
            return before, after
    return None


def _until_pause(sentence: Statement, places: range) -> frozenset[str]:
    stems: list[str] = []
    for place in places:
        if _PAUSE.fullmatch(sentence.tokens[place]):
            break
        if sentence.stems[place] and not _COMPARED.fullmatch(sentence.tokens[place]):
            stems.append(sentence.stems[place])
    return frozenset(stems)
