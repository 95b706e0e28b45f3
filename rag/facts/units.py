"""Numbers with what they count: units across Spanish and English, brought to one base so that 0,5 kg is 500 g.

Takes a text and its language, gives `Measure` values. A unit that is in no table here is no unit: of such a number
nothing is said. It converts lengths, masses, volumes, times, temperatures and data sizes, and no money.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.quantities import BETWEEN, Quantity, numbers
from rag.language import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MEASURED = """
mass 1/1000000000: ng nanogramo nanogram
mass 1/1000000: µg μg mcg microgramo microgram
mass 1/1000: mg miligramo milligram
mass 1: g gramo gram
mass 1000: kg kilo kilogramo kilogram
mass 1000000: tonelada tonne
mass 45359/100 imperial: lb lbs libra pound
mass 2835/100 imperial: oz onza ounce
length 1/1000000000: nm nanómetro nanometre nanometer
length 1/1000000: µm μm micra micrómetro micron micrometre micrometer
length 1/1000: mm milímetro millimetre millimeter
length 1/100: cm centímetro centimetre centimeter
length 1: m metro metre meter
length 1000: km kilómetro kilometre kilometer
length 160934/100 imperial: milla mile
length 3048/10000 imperial: ft pies foot feet
length 254/10000 imperial: pulgada inch inches
area 1: m² m2
area 10000: ha hectárea hectare
area 1000000: km² km2
volume 1/1000000: µl μl µL μL microlitro microlitre microliter
volume 1/1000: ml mL cc mililitro millilitre milliliter
volume 1/10: dl dL decilitro decilitre deciliter
volume 1: l L litro litre liter
volume 3785/1000 imperial: galón gallon
time 1/1000: ms milisegundo millisecond
time 1: s seg segundo second sec
time 60: min minuto minute
time 3600: h hora hour hr hrs
time 86400: día day
time 604800: semana week
time 1209600: fortnight
time 2629800 calendar: mes month
time 7889400 calendar: trimestre quarter
time 15778800 calendar: semestre
time 31557600 calendar: año year
time 157788000 calendar: lustro quinquenio
time 315576000 calendar: década decade
time 3155760000 calendar: siglo century centuries
temperature 1: °C ºC
temperature 5/9 fahrenheit: °F ºF
data 1: byte
data 1000: kB KB kilobyte
data 1000000: MB megabyte
data 1000000000: GB gigabyte
data 1000000000000: TB terabyte
frequency 1: Hz hercio hertz
frequency 1000: kHz
frequency 1000000: MHz
frequency 1000000000: GHz
points 1: p.p. puntos_porcentuales punto_porcentual percentage_point
"""
"""Kind, size in the base of the kind, system where it converts roundly: symbols, Spanish and English words."""
_COUNTED = """
money euro: € euro EUR
money dollar: $ US$ dólar dollar USD
money pound: £ GBP
money yen: ¥ yen JPY
money: peso MXN
person: paciente patient participante participant persona people individuo individual sujeto subject adulto adult
person: encuestado respondent voluntario volunteer habitante inhabitant ciudadano citizen trabajador worker
person: estudiante student niño children usuario user víctima victim miembro member experto expert
person woman: mujer women
person man: hombre men
person dead: muerte death fallecimiento fallecido muerto
person case: caso case contagio infection infección
study: estudio study studies ensayo trial artículo article paper publicación publication investigación trabajo
study: revisión review documento document experimento experiment
site: hospital centro center centre clínica clinic
country: país country countries nación nation
company: empresa company companies compañía
school: escuela school colegio universidad university universities
mouse: ratón mice
rat: rata rat
gene: gen gene
protein: proteína protein
image: imagen image
question: pregunta question
fold: veces times fold
"""
"""Kind, and its part where parts may not stand for each other: what is counted, in the singular."""
_NO_PLURAL = frozenset({"people", "women", "men", "mice", "children", "times", "fold", "veces", "yen"})
_SHORT_WORDS = frozenset({"mes", "día", "año", "gen", "rat", "day", "dia", "ano", "men"})
_SHORT = 3  # letters of a symbol at most; longer forms are words
_ROUNDED = Fraction(3, 200)  # between systems people round: 5 miles are 8 km, a year is 365 days

_ARTICLE = re.compile(
    r"\b(?:una?|an?|one)(?=\s+(?:d[eé]cada|siglo|decade|century|año|year|semana|week|mes|month|hora|hour)\b)"
)
_IN_NAME = re.compile(r"[^\W\d_][-‐‑]?$")  # COVID-19
_OF = r"(?:\s+(?:de|of)(?:\s+l[oa]s)?)?"
_NEAR = r"[\s\u00a0\u2009\u202f-]{0,2}"
_ADJECTIVE = r"(?:\s(?!(?:more|less|per|years?|days?|times|from|with|than|that|were|have)\b)[a-z]{4,})?"
_PER = re.compile(r"\s?/\s?|\s+(?:por|per|al?|cada|each|every|an)\s+(?:el\s+|la\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts. `member` parts a kind whose parts may not stand for each other; empty stands for any.

    `factor` is its size in its kind's base, None for what is only counted; `system` parts units that convert roundly.
    """

    kind: str
    member: str = ""
    factor: Fraction | None = None
    system: str = ""

    def may_be(self, other: Unit) -> bool:
        """Say whether one number may count both."""
        if self.kind != other.kind:
            return False
        return self.factor == other.factor and (not self.member or not other.member or self.member == other.member)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit and what it is per ("mg/kg"); both None where no known unit stands there.

    `end` is where its unit ends in the text.
    """

    quantity: Quantity
    end: int
    unit: Unit | None = None
    per: Unit | None = None

    def equals(self, other: Measure) -> bool:
        """Say whether both give the same amount of the same thing, whatever its units. Unknown units equal nothing."""
        if self.unit is None or other.unit is None or not _same_per(self, other):
            return False
        if self.unit.factor is None or other.unit.factor is None or self.unit.kind != other.unit.kind:
            return self.unit.may_be(other.unit) and _same_value(self.quantity, other.quantity)
        exact = self.unit.system == other.unit.system
        return any(
            one == another or (not exact and abs(one - another) <= _ROUNDED * abs(another))
            for one in _amounts(self)
            for another in _amounts(other)
        )

    def clashes(self, other: Measure) -> bool:
        """Say whether both give one number, each with a known unit, and the units cannot be the same."""
        if self.unit is None or other.unit is None or not _same_value(self.quantity, other.quantity):
            return False
        may_be_per = self.per is None or other.per is None or self.per.may_be(other.per)
        return not self.equals(other) and not (self.unit.may_be(other.unit) and may_be_per)


def measures(text: str, language: str) -> tuple[Measure, ...]:
    """Return every number of the text in order with its unit, and "una década", "a year" as one of them.

    >>> [(str(one.quantity.values[0]), one.unit.kind) for one in measures("5 mg in 12 hospitals", "en") if one.unit]
    [('5', 'mass'), ('12', 'site')]
    """
    return _measures(text, language)


def is_loose(measure: Measure) -> bool:
    """Say whether it is "one", a pronoun more often than a figure, or "el doble", which sources say by verbs."""
    quantity = measure.quantity
    return quantity.in_words and (
        quantity.values == (Fraction(1),) or quantity.text.lower() in {"doble", "double", "triple"}
    )


def holds(held: Sequence[Measure], one: Measure) -> bool:
    """Say whether a figure is held: the same value, or the same amount in another unit."""
    return any(one.quantity.matches(other.quantity) or one.equals(other) for other in held)


def misfits(stated: Sequence[Measure], held: Sequence[Measure]) -> tuple[Measure, ...]:
    """Return the measures whose number is held only with units that cannot be theirs."""
    return tuple(one for one in stated if _is_misfit(one, held))


def _is_misfit(one: Measure, held: Sequence[Measure]) -> bool:
    if one.unit is None or any(one.equals(other) for other in held):
        return False
    if one.quantity.in_words and one.unit.factor is None:  # "dos casos" sums up more often than it copies
        return False
    same = [other for other in held if _same_value(one.quantity, other.quantity)]
    return bool(same) and all(one.clashes(other) for other in same)


@lru_cache(maxsize=4096)
def _measures(text: str, language: str) -> tuple[Measure, ...]:
    found = [_measure(quantity, text) for quantity in numbers(text, language)]
    taken = [range(one.quantity.start, one.quantity.end) for one in found]
    for article in _ARTICLE.finditer(text.lower() if len(text.lower()) == len(text) else text):
        if not any(article.start() in span for span in taken):
            one = Quantity((Fraction(1),), "number", *article.span(), text[slice(*article.span())])
            found.append(_measure(one, text))
    return tuple(_with_shared_units(sorted(found, key=lambda one: one.quantity.start), text))


def _measure(quantity: Quantity, text: str) -> Measure:
    if quantity.kind == "percent":
        return Measure(quantity, quantity.end, Unit("percent", factor=Fraction(1)))
    if _IN_NAME.search(text[max(0, quantity.start - 2) : quantity.start]):
        return Measure(quantity, quantity.end)
    before = text[max(0, quantity.start - 4) : quantity.start].rstrip()
    for symbol in ("€", "$", "£", "¥", "EUR", "USD", "GBP"):
        if before.endswith(symbol):
            return Measure(quantity, quantity.end, _unit(symbol))
    unit, end = _unit_at(text, quantity.end, counted=True)
    if unit is None or unit.factor is None:
        return Measure(quantity, end, unit)
    per = _PER.match(text, end)
    return Measure(quantity, end, unit, _unit_at(text, per.end(), counted=False)[0] if per else None)


def _unit_at(text: str, place: int, *, counted: bool) -> tuple[Unit | None, int]:
    """Return the unit that stands there and where it ends."""
    match = re.compile(rf"{_NEAR}{_OF}{_NEAR}({_symbols()})(?![\w²³])").match(text, place)
    if match:
        return _unit(match[1]), match.end()
    tail = text[place : place + 60]
    tail = fold(tail) if len(fold(tail)) == len(tail) else tail.lower()
    words = re.match(rf"{_NEAR}{_OF}{_NEAR}({_words(counted=False)})(?!\w)", tail)
    if words is None and counted:
        words = re.match(rf"{_NEAR}{_OF}{_ADJECTIVE}{_NEAR}({_words(counted=True)})(?!\w)", tail)
    return (_unit(words[1]), place + words.end()) if words else (None, place)


def _with_shared_units(found: list[Measure], text: str) -> Iterator[Measure]:
    """Give the first end of a range the unit that stands after its last: "5-10 mg"."""
    for place, one in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        near = following and BETWEEN.fullmatch(text, one.quantity.end, following.quantity.start)
        yield replace(one, unit=following.unit, per=following.per) if following and near and not one.unit else one


def _amounts(measure: Measure) -> Iterator[Fraction]:
    """Give the readings of a measure in the base of its kind."""
    unit, scale = measure.unit, measure.per.factor if measure.per and measure.per.factor else Fraction(1)
    if unit and unit.factor:
        shift = Fraction(32) if unit.system == "fahrenheit" else Fraction(0)
        yield from ((value - shift) * unit.factor / scale for value in measure.quantity.values)


def _same_value(one: Quantity, other: Quantity) -> bool:
    return not set(one.values).isdisjoint(other.values)


def _same_per(one: Measure, other: Measure) -> bool:
    """Say whether both are per the same kind of thing; where one is per nothing, it may be."""
    return one.per is None or other.per is None or one.per.kind == other.per.kind


@lru_cache(maxsize=1)
def _table() -> dict[str, Unit]:
    """Return the units by symbol as written and by word folded, with its plurals."""
    table: dict[str, Unit] = {}
    for row in _MEASURED.strip().splitlines():
        (kind, factor, *system), forms = (part.split() for part in row.split(":"))
        unit = Unit(kind, factor=Fraction(factor), system="".join(system))
        table |= {each: unit for form in forms for each in (form.replace("_", " "), *_plurals(form))}
    for row in _COUNTED.strip().splitlines():
        (kind, *member), forms = (part.split() for part in row.split(":"))
        unit = Unit(kind, "".join(member))
        table |= {each: unit for form in forms for each in _plurals(form)[1:] or (form,)}
        table |= {form: unit for form in forms if kind == "money"}
    return table


def _plurals(form: str) -> tuple[str, ...]:
    """Return a word folded and the plurals it may have in either language; nothing for symbols and fixed forms."""
    word = form.replace("_", " ")
    if form in _NO_PLURAL or not (form in _SHORT_WORDS or (len(form) > _SHORT and form.islower())):
        return ()
    return (fold(word), fold(word) + "s", fold(word) + "es", re.sub("y$", "ies", word))


def _unit(form: str) -> Unit:
    return _table()[form]


@lru_cache(maxsize=1)
def _symbols() -> str:
    """Return the pattern of the units whose letter case matters: symbols and codes."""
    return _alternatives([form for form in _table() if _is_symbol(form)])


@lru_cache(maxsize=2)
def _words(*, counted: bool) -> str:
    """Return the pattern of the units that are words: of the measured, or of the counted."""
    return _alternatives(
        [form for form, unit in _table().items() if not _is_symbol(form) and (unit.factor is None) == counted]
    )


def _is_symbol(form: str) -> bool:
    return form not in _SHORT_WORDS and (len(form) < _SHORT or not form.islower() or "." in form)


def _alternatives(forms: list[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
