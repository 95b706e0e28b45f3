"""Records to JSON and back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.codec import dumps, loads
from rag.records import (
    UNDATED,
    Citation,
    Document,
    Evidence,
    Exchange,
    Heading,
    PublicationDate,
    Report,
    Sentence,
    Source,
)
from rag.run import Run


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return any value of a type, records included."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind, localns={"datetime": datetime, "Mapping": Mapping})
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return (
            st.lists(values(arguments[0]), max_size=2).map(tuple)
            if arguments[-1] is ...
            else st.tuples(*map(values, arguments))
        )
    if get_origin(kind) is Mapping:
        return st.dictionaries(st.text(max_size=5), values(arguments[1]), max_size=2)
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of([values(one) for one in arguments])
    if kind is float:
        return st.floats(allow_nan=False)
    return st.text(max_size=8) if kind is str else st.from_type(kind)


RECORDS = (Report, Evidence, Exchange, Document, PublicationDate, Run)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(record=st.sampled_from(RECORDS).flatmap(values))
def test_any_record_comes_back_equal(record: object) -> None:
    """What is written is read as the same value of the same type, and written again as the same text."""
    text = dumps(record)
    back = loads(type(record), text)
    assert back == record
    assert dumps(back) == text


def test_the_text_is_for_people_too() -> None:
    """Fields by name, days as ISO 8601, letters as they are, a number as it was written."""
    day = PublicationDate(datetime.date(2023, 3, 8), datetime.date(2023, 3, 8), "day", "prefix", "8 de marzo, España")
    assert json.loads(dumps(day))["first"] == "2023-03-08"
    assert "España" in dumps(day)
    assert dumps(loads(tuple[float, ...], "[0, 0.5, 1.0]")) == "[\n 0,\n 0.5,\n 1.0\n]"


@dataclass(frozen=True, slots=True)
class Thing:
    """A record with every kind of field."""

    words: str
    number: int = 1
    kind: Literal["a", "b"] = "a"
    pair: tuple[str, int] = ("x", 1)
    day: datetime.date | None = None
    setting: str | int | bool = ""
    parts: tuple[Citation, ...] = ()


GOOD = json.loads(dumps(Thing("palabras", parts=(Citation("abc234"),))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": 1}, "“words” is 1, not of type str"),
        ({"words": None}, "“words” is None"),
        ({"number": True}, "“number” is True, not of type int"),
        ({"number": 1.5}, "“number” is 1.5"),
        ({"number": "x" * 99}, "“number” is 'xxxxxxx"),
        ({"kind": "c"}, "“kind” is 'c', none of a, b"),
        ({"kind": []}, "“kind” is []"),
        ({"pair": ["x"]}, "“pair” holds 1 values, not 2"),
        ({"pair": "xy"}, "“pair” is 'xy', not of type list"),
        ({"pair": ["x", "y"]}, "“pair[1]” is 'y'"),
        ({"day": "8 de marzo"}, "“day” is '8 de marzo', not a date"),
        ({"day": 2023}, "“day” is 2023, not a date"),
        ({"setting": []}, "“setting” is []"),
        ({"parts": [{"key": "abc234"}]}, "“parts[0].quote” is missing"),
        ({"parts": [{"key": "abc234", "quote": "", "colour": 1}]}, "“parts[0].colour” is unknown"),
        ({"parts": [None]}, "“parts[0]” is None, not of type dict"),
        ({"other": 1}, "“other” is unknown"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    """A value of another type, a missing and an unknown field are named by the path that leads to them."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are asserted below
        loads(Thing, json.dumps(GOOD | change))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, b"\xff\xfe\xff", '"' + "x" * 999 + '"'])
def test_what_is_no_record_at_all_is_refused(text: str | bytes) -> None:
    """Whatever a file holds, the error is a ValueError of one short line."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any words will do
        loads(Sentence, text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_the_fields_of_a_record_are_all_asked_for() -> None:
    """Also one that has a default: a run of another version is told apart, not completed by guess."""
    raw = json.loads(dumps(Heading("# Uno", "Uno", 1)))
    assert loads(Heading, json.dumps(raw)) == Heading("# Uno", "Uno", 1)
    del raw["words"]
    with pytest.raises(ValueError, match="“words” is missing"):
        loads(Heading, json.dumps(raw))


def test_a_field_marked_as_added_may_be_missing() -> None:
    """A run kept before the field was there is read with its default; every other field is still asked for, and the
    field too is told apart where it does not fit.
    """
    day = PublicationDate(datetime.date(2024, 4, 2), datetime.date(2024, 4, 2), "day")
    source = Source("i", ("a.txt",), "snippet", republished=day)
    raw = json.loads(dumps(source))
    assert loads(Source, json.dumps(raw)) == source
    with pytest.raises(ValueError, match=r"“republished\.first” is 2024, not a date"):
        loads(Source, json.dumps(raw | {"republished": raw["republished"] | {"first": 2024}}))
    del raw["republished"]
    assert loads(Source, json.dumps(raw)) == replace(source, republished=UNDATED)
    del raw["language"]
    with pytest.raises(ValueError, match="“language” is missing"):
        loads(Source, json.dumps(raw))
