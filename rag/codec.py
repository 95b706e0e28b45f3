"""Records ↔ JSON, by the types their fields declare.

Knows frozen dataclasses, tuples, mappings from words, unions, literals, days, moments, and what JSON has itself; no
record by name. It guesses nothing: what does not fit its type to the letter is refused. Only a field that its record
marks as added may be missing: what was written before it gets its default.

A record → a text that a person can read; such a text and its type → an equal record, or `ValueError` naming the field.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from rag.language import tell

T = TypeVar("T")

_DEFERRED = {"datetime": datetime, "Mapping": Mapping}
"""What modules of records import for the type checker alone."""
_SHOWN = 40


def dumps(value: object) -> str:
    """Return a record, or anything made of records, as indented JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=1)


def loads(kind: type[T], text: str | bytes) -> T:
    """Return the value of that type that a JSON text holds.

    >>> loads(tuple[datetime.date, ...], '["2023-03-08"]')
    (datetime.date(2023, 3, 8),)
    """
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise ValueError(tell(es="hay demasiados niveles anidados", en="it is nested too deep")) from error
    return cast("T", _typed(kind, raw, ""))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value.isoformat() if isinstance(value, datetime.date) else value


def _typed(kind: object, raw: object, place: str) -> object:
    """Return what stands at that place of a JSON text as a value of its type."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, raw, place)
    if compound := _COMPOUNDS.get(get_origin(kind)):
        return compound(get_args(kind), raw, place)
    if kind is datetime.date or kind is datetime.datetime:
        return _moment(kind, raw, place)
    if kind is float and type(raw) is int:
        return raw
    return _a(cast("type", kind), raw, place)


def _record(kind: type, raw: object, place: str) -> object:
    types, found = _types(kind), _a(dict, raw, place)
    for name in (*_needed(kind), *found):
        if name not in found or name not in types:
            raise ValueError(
                tell(
                    es=f"{'falta' if name in types else 'sobra'} «{_within(place, name)}»",
                    en=f"“{_within(place, name)}” is {'missing' if name in types else 'unknown'}",
                )
            )
    return kind(**{name: _typed(types[name], item, _within(place, name)) for name, item in found.items()})


@cache
def _types(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind, localns=_DEFERRED)
    return {field.name: hints[field.name] for field in fields(kind)}


@cache
def _needed(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if not field.metadata.get("added"))


def _tuple(kinds: tuple[Any, ...], raw: object, place: str) -> tuple[object, ...]:
    items = _a(list, raw, place)
    wanted = (kinds[0],) * len(items) if kinds[-1] is ... else kinds
    if len(wanted) != len(items):
        raise ValueError(
            tell(
                es=f"«{place}» contiene {len(items)} valores, no {len(wanted)}",
                en=f"“{place}” holds {len(items)} values, not {len(wanted)}",
            )
        )
    return tuple(_typed(kind, item, f"{place}[{i}]") for i, (kind, item) in enumerate(zip(wanted, items, strict=True)))


def _mapping(kinds: tuple[Any, ...], raw: object, place: str) -> dict[str, object]:
    return {name: _typed(kinds[1], item, _within(place, name)) for name, item in _a(dict, raw, place).items()}


def _either(kinds: tuple[Any, ...], raw: object, place: str) -> object:
    """Return the value as it is where its type is one of them, else as the first of them that is not None."""
    if type(raw) in kinds:
        return raw
    return _typed(next(kind for kind in kinds if kind is not NoneType), raw, place)


def _one_of(words: tuple[Any, ...], raw: object, place: str) -> object:
    if raw not in words:
        raise ValueError(
            tell(
                es=f"«{place}» es {_short(raw)}, ninguno de {', '.join(map(str, words))}",
                en=f"“{place}” is {_short(raw)}, none of {', '.join(map(str, words))}",
            )
        )
    return raw


_COMPOUNDS = {tuple: _tuple, Mapping: _mapping, Union: _either, UnionType: _either, Literal: _one_of}


def _moment(kind: type[datetime.date], raw: object, place: str) -> datetime.date:
    try:
        return kind.fromisoformat(_a(str, raw, place))
    except ValueError as error:
        raise ValueError(
            tell(
                es=f"«{place}» es {_short(raw)}, no una fecha como 2023-03-08",
                en=f"“{place}” is {_short(raw)}, not a date like 2023-03-08",
            )
        ) from error


def _a(kind: type[T], raw: object, place: str) -> T:
    if type(raw) is not kind:
        raise ValueError(
            tell(
                es=f"«{place or 'el conjunto'}» es {_short(raw)}, no de tipo {kind.__name__}",
                en=f"“{place or 'the whole'}” is {_short(raw)}, not of type {kind.__name__}",
            )
        )
    return raw


def _short(raw: object) -> str:
    words = repr(raw)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
