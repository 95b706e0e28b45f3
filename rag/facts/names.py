"""Names of a sentence that its evidence does not hold: acronyms, names with digits, proper names.

Takes a sentence and its evidence, gives the names missing. It tells names by their form alone, so the first word of a
sentence is none unless its form is a name's; across languages it asks only for names that do not translate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.language import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAME = """
oms who|organizacion mundial de la salud|world health organization
ue eu|union europea|european union
ia ai|inteligencia artificial|artificial intelligence
eeuu us usa|ee uu|u s|estados unidos|united states|estadounidense|american
ru uk|reino unido|united kingdom|britain|british
onu un|naciones unidas|united nations
cdc|centros para el control
adn dna
arn rna
arnm mrna
vih hiv
sida aids
otan nato
uci icu
epp epi ppe
pib gdp
fmi imf
ong ngo
ops paho
sdra ards
sras sars
rm mri
tac ct
imc bmi
epoc copd
ods sdg
rgpd gdpr
pln nlp
"""
"""Names that are one: short forms, then the longer ones, Spanish and English, folded."""
_PLACES = """
espan spain spanish hispan | franc french | aleman german | itali | portug | ingl engl britan brit | europ | americ
mexic mejic | argentin | chil | peru | colomb | venez | ecuad | boliv | urugu | paragu | brasil brazil | cub | chin
japon japan | core kore | indi | rus | ucran ukrain | turqu turk | iran | irak iraq | israel | egip egypt
marru marroq moroc | afric | asia | austral | canad | suiz swiss switz | suec swed | norueg norw
dinam dane danish denm | holand holland neerland paises netherl dutch | belg | austri | pol | greci grieg greek greec
irland irish irel | escoc scot | latin | occident west | orient east | nort | sur south sout | singap | tailand thai
vietn | filip phil | indon | pakist | hungr hungar | rumani roman | checo czech | ara | saud | sudafric
"""
"""Countries and parts of the world with their people, by how the words begin; between bars one place."""
_CAPITALS = """
i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio
julio agosto septiembre octubre noviembre diciembre mr mrs ms dr dra sr sra prof st internet web earth tierra god dios
north south east west norte sur este oeste english spanish ingles espanol ph fig table tabla figura figure
section seccion chapter capitulo et al etc ok tv id vs
"""
_CAPITAL = frozenset(_CAPITALS.split())
"""Words with a capital in English, and titles, that name nobody."""
_ROMAN = re.compile(r"[IVXLCDM]+")
_UNIT = re.compile(
    r"\d.*|(?i:fig|table?|figur[ea]|tabla|eq|ref)\d+|[kKMGTmµμnp]?(?:Hz|B|W|Wh|L|l|g|m|Pa|Da|J|V|A|mol|M)|ºC|°C|[A-Z]\d?|CO2|H2O"
)
_WORD = re.compile(r"[^\W_](?:[\w'’]|[-‐‑–](?=\w))*")
_OPENS = re.compile(r"(?:^|[.!?:;«“\"'‘(\[¿¡—–•*/\n]|\d[.)]|\s-)\s*$")
_RUN = re.compile(  # words with capitals and what joins them: "Organización Mundial de la Salud"
    r"[A-ZÁÉÍÓÚÑ][\w-]+(?:\s+(?:(?:de|del|la|las|los|of|the|and|for|y)\s+){0,2}[A-ZÁÉÍÓÚÑ][\w-]+){1,6}"
)
_TITLE_SHARE = 0.5  # of a sentence's longer words with capitals: then capitals tell nothing
_PREFIX = 4  # letters by which a name is known again in its derivations
_LEAST = 3  # letters of a proper name
_MIXED = 5  # letters of a name with capitals inside that is no short form
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text. `coded` ones are told by their form (GPT-4, CTGAN) and not by a capital letter alone."""

    text: str
    start: int
    coded: bool


@lru_cache(maxsize=4096)  # the control asks of the same excerpts hundreds of times
def names(text: str) -> tuple[Name, ...]:
    """Return the names of a sentence in order.

    >>> [name.text for name in names("Según la OMS, el modelo GPT-4 gustó a Ana.")]
    ['OMS', 'GPT-4', 'Ana']
    """
    words = list(_WORD.finditer(text))
    long = [word for word in words[1:] if len(word[0]) > _LEAST]
    titled = len(long) > _LEAST and sum(word[0][0].isupper() for word in long) > _TITLE_SHARE * len(long)
    return tuple(_names(text, words, titled=titled))


def missing_names(sentence: str, evidence: Sequence[str], *, same_language: bool) -> tuple[str, ...]:
    """Return the names of the sentence that none of the texts holds, in any of their forms.

    Across languages only names with digits or mixed capitals are asked for; there ACE2 may be ECA2.
    """
    held = _held("\n".join(evidence))
    asked = [name for name in names(sentence) if same_language or _stays(name.text)]
    missing = [name.text for name in asked if not _holds(held, name, sentence)]
    return tuple(dict.fromkeys(text for text in missing if same_language or not _is_permuted(text, held)))


@dataclass(frozen=True, slots=True)
class _Held:
    """What a text holds: its words folded, squeezed together, and the first letters of neighbouring words."""

    text: str
    line: str
    words: frozenset[str]
    beginnings: frozenset[str]
    initials: str


@lru_cache(maxsize=512)
def _held(text: str) -> _Held:
    words = re.findall(r"[^\W_]+", fold(text))
    singular = {word.removesuffix("s") for word in words} | {word.removesuffix("es") for word in words}
    initials = "".join(word[0] for word in words if word not in _SMALL)
    return _Held(
        text=text,
        line=" " + " ".join(words) + " ",
        words=frozenset(words) | singular,
        beginnings=frozenset(word[:_PREFIX] for word in words),
        initials=initials,
    )


_SMALL_WORDS = "de del la las los el y e of the and for to in on a en para por"
_SMALL = frozenset(_SMALL_WORDS.split())


def _names(text: str, words: Sequence[re.Match[str]], *, titled: bool) -> Iterator[Name]:
    for word in words:
        bare = re.sub(r"['’]s?$|(?:-[a-záéíóúñ]{3,})+$|^(?:[a-záéíóúñ]{3,}-)+", "", word[0])
        if fold(bare) in _CAPITAL or _ROMAN.fullmatch(bare) or _UNIT.fullmatch(bare):
            continue
        start = word.start() + word[0].index(bare)
        if _is_coded(bare):
            yield Name(bare, start, coded=True)
        elif bare[0].isupper() and len(bare) >= _LEAST and not titled and not _OPENS.search(text[:start]):
            yield Name(bare, start, coded=False)


def _is_coded(word: str) -> bool:
    """Say whether the form is a name's wherever it stands: two capitals, one inside, or a capital with a digit."""
    inner = any(letter.isupper() for part in re.split(r"[-‐‑–]", word) for letter in part[1:])
    return inner or (any(letter.isupper() for letter in word) and any(letter.isdigit() for letter in word))


def _stays(name: str) -> bool:
    """Say whether a name is the same in both languages by its form: digits beside letters, or capitals inside."""
    name = re.sub(r"(?<=[A-Z])s$", "", name)
    letters = [letter for letter in name if letter.isalpha()]
    mixed = any(letter.islower() for letter in letters) and sum(letter.isupper() for letter in letters) > 1
    digits = any(letter.isdigit() for letter in name)
    one = "-" not in name.strip("0123456789-")
    return one and ((digits and len(letters) > 1) or (mixed and len(letters) >= _MIXED))


def _is_permuted(name: str, held: _Held) -> bool:
    """Say whether the text holds a code with the same digits and most letters of the name's: ICD-10, CIE-10."""
    digits, letters = "".join(re.findall(r"\d", name)), set(fold(name)) & _LETTERS
    codes = re.findall(r"[^\W\d_]+[-‐‑– ]?\d+", held.text) if digits else []
    return any(
        "".join(re.findall(r"\d", code)) == digits and len(set(fold(code)) & letters) >= min(2, len(letters))
        for code in codes
    )


def _holds(held: _Held, name: Name, sentence: str) -> bool:
    """Say whether a text holds a name: as it is, in another of its forms, spelt out, or shortened."""
    parts = re.findall(r"[^\W_]+", fold(name.text))
    if f" {' '.join(parts)} " in held.line or "".join(parts) in held.words or _squeezed(parts, held):
        return True
    if any(any(f" {form} " in held.line for form in row) for row in _rows("".join(parts))):
        return True
    if not name.coded:
        return all(_is_known(part, held) for part in parts) or _is_shortened(name, sentence, held)
    letters = re.sub(r"(?<=[A-Z])s$", "", name.text)
    if letters.isalpha() and letters in held.text:  # QA in TriviaQA
        return True
    return (
        letters.isupper() and letters.isalnum() and (fold(letters) in held.initials or _is_spelt_here(name, sentence))
    )


def _squeezed(parts: Sequence[str], held: _Held) -> bool:
    """Say whether the parts of a name stand there joined or parted otherwise: COVID19, GPT 4."""
    pieces = [piece for part in parts for piece in re.findall(r"[^\W\d]+|\d+", part)]
    plural = "s?" if pieces and not pieces[-1].isdigit() else ""
    pattern = r" ?".join(re.escape(piece) for piece in pieces)
    return (
        bool(pieces)
        and re.search(rf"(?<![a-z0-9]){pattern.removesuffix('s')}{plural}(?![a-z0-9])", held.line) is not None
    )


def _rows(form: str) -> Iterator[tuple[str, ...]]:
    """Give the rows of equal names that a form stands in."""
    for row in _SAME.strip().splitlines():
        short, *longer = row.split("|")
        forms = (*short.split(), *longer)
        if form in forms:
            yield forms


def _is_known(part: str, held: _Held) -> bool:
    """Say whether a word of a proper name is there, singular or plural, as a place's people, or in a derivation."""
    if part in held.words or part.removesuffix("s") in held.words or len(part) < _LEAST:
        return True
    rows = (row.split() for row in re.split(r"[|\n]", _PLACES) if row.strip())
    place = next((row for row in rows if part.startswith(tuple(row))), None)
    if place:
        return any(word.startswith(tuple(place)) for word in held.words)
    return part[:_PREFIX] in held.beginnings


def _is_shortened(name: Name, sentence: str, held: _Held) -> bool:
    """Say whether the words with capitals around the name are there by their first letters: OMS, WHO."""
    around = next((run[0] for run in _RUN.finditer(sentence) if run.start() <= name.start < run.end()), "")
    words = [fold(word) for word in re.findall(r"[^\W_]+", around)]
    initials = "".join(word[0] for word in words if word not in _SMALL)
    return len(initials) > 1 and initials in held.words


def _is_spelt_here(name: Name, sentence: str) -> bool:
    """Say whether the sentence spells the short form out itself, before or after it in brackets."""
    words = [fold(word) for word in re.findall(r"[^\W_]+", sentence)]
    return fold(name.text).removesuffix("s") in "".join(
        word[0] for word in words if word not in _SMALL and word != fold(name.text)
    )
