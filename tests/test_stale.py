"""Claims about time in sentences: "now" over old evidence, years told from a source's own day, old sections."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates import parse_date
from rag.facts.quantities import dates
from rag.facts.stale import now_words, relative_years, section_age, stale_findings
from rag.records import Citation, Excerpt, Finding, Sentence, Source, excerpt_hash

LABELLED = Path(__file__).parent / "labelled" / "time-words.jsonl"
ROWS = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
DAY = dt.date(2026, 11, 26)


def excerpt(date: str, document: str = "") -> Excerpt:
    """Return an excerpt published then."""
    source = Source(document or date, ("a.txt",), "snippet", date=parse_date(date, origin="prefix"))
    return Excerpt(excerpt_hash(source.id, date)[:6], source, "texto", 0, 5)


OLD, FRESH, UNDATED = excerpt("8 de marzo de 2018"), excerpt("2026-02"), excerpt("")
EXCERPTS = {each.key: each for each in (OLD, FRESH, UNDATED)}


def findings(text: str, *cited: Excerpt, language: str = "es", years: float = 3) -> tuple[Finding, ...]:
    """Return what is found in a sentence that cites the excerpts."""
    sentence = Sentence(text, citations=tuple(Citation(each.key) for each in cited))
    return stale_findings(sentence, excerpts=EXCERPTS, day=DAY, years=years, section="A", language=language)


def test_now_over_old_evidence_is_told_with_its_date_and_age() -> None:
    """The reader learns what the word rests on; the sentence stays."""
    (finding,) = findings("Recientemente se ha propuesto cifrarlos.", OLD)
    assert (finding.check, finding.verdict) == ("date", "partly")
    assert finding.reason == (
        "«Recientemente» se apoya en una fuente del 8 de marzo de 2018: 8 años antes del 26 de noviembre de 2026"
    )
    assert (
        "rests on a source of 8 March 2018: 8 years before"
        in findings("It is new today.", OLD, language="en")[0].reason
    )


def test_fresh_or_undated_evidence_and_plain_words_are_left_alone() -> None:
    """One fresh source carries the word; of undated ones no age is known."""
    assert not findings("Actualmente se usa.", OLD, FRESH)
    assert not findings("Actualmente se usa.", UNDATED)
    assert not findings("Actualmente se usa.")
    assert not findings("Se usa.", OLD)
    assert not findings("Actualmente se usa.", OLD, years=9)


def test_words_quoted_with_their_date_keep_their_own_time() -> None:
    """A quotation is of its day where the sentence names it, and not where it does not."""
    assert not findings("Según una fuente del 8 de marzo de 2018: «Recientemente subió el año pasado».", OLD)
    assert findings("Según una fuente: «Recientemente subió».", OLD)
    assert not findings("En 2018, los estudios recientes lo negaban.", OLD)


def test_a_year_counted_from_its_source_is_told() -> None:
    """Last year in a source of 2018 is 2017, three years ago about 2015; in one of this year it is what it says."""
    assert findings("El año pasado subió.", OLD)[0].reason.endswith("del 8 de marzo de 2018: es 2017")
    assert findings("Sales fell three years ago.", OLD, language="en")[0].reason.endswith("it means about 2015")
    assert findings("El mes pasado subió.", OLD)[0].reason.endswith("cuenta desde la fuente, del 8 de marzo de 2018")
    assert not findings("El año pasado subió.", FRESH)


def test_a_section_says_how_old_its_support_is() -> None:
    """Only where the newest is older than the age set, or where all of several sources are of one date."""
    same = [excerpt("2026", str(number)) for number in range(3)]
    assert section_age((OLD, UNDATED), day=DAY, years=5, language="es") == (
        "Lo más reciente en que se apoya esta sección es del 8 de marzo de 2018: "
        "8 años antes del 26 de noviembre de 2026."
    )
    assert section_age((OLD, FRESH), day=DAY, years=5, language="es") == ""
    assert (
        section_age((), day=DAY, years=5, language="es")
        == section_age((UNDATED,), day=DAY, years=5, language="es")
        == ""
    )
    assert section_age(same, day=DAY, years=5, language="en") == "All 3 sources of this section are of 2026."
    assert section_age(same[:2], day=DAY, years=5, language="en") == ""


@pytest.mark.parametrize(("kind", "other", "find"), [("now", "not", now_words), ("relative", "plain", relative_years)])
def test_labelled_words_of_time_are_told(kind: str, other: str, find: Any) -> None:
    """Of the sentences by hand, nine in ten are told, and of those without such a word hardly any is taken for one."""
    said = {
        row["id"]: bool(find(row["text"], row["language"])) and not dates(row["text"], row["language"]) for row in ROWS
    }
    wanted = [said[row["id"]] for row in ROWS if row["kind"] == kind]
    unwanted = [said[row["id"]] for row in ROWS if row["kind"] == other]
    assert sum(wanted) >= 0.9 * len(wanted)
    assert sum(unwanted) <= 0.15 * len(unwanted)


@given(st.text(max_size=200), st.sampled_from(["es", "en", "", "pt"]), st.dates(), st.floats(0, 50))
def test_any_text_on_any_day(text: str, language: str, day: dt.date, years: float) -> None:
    """No text and no day stops it; words found stand in the text, in order, apart."""
    for words in (now_words(text, language), relative_years(text, language)):
        assert all(text[each.start : each.end] == each.text for each in words)
        assert all(one.end <= other.start for one, other in pairwise(words))
    sentence = Sentence(text, citations=(Citation(OLD.key),))
    given_once = stale_findings(sentence, excerpts=EXCERPTS, day=day, years=years, section="", language=language)
    assert given_once == stale_findings(
        sentence, excerpts=EXCERPTS, day=day, years=years, section="", language=language
    )
    assert isinstance(section_age((OLD, UNDATED), day=day, years=years, language=language), str)
