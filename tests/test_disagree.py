"""Claims about disagreement: two dated figures for one quantity are shown together, others are left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.dates import parse_date
from rag.facts.disagree import MOST, differing_figures, disagreement_finding, disagreement_reason, disagreements
from rag.records import Citation, Excerpt, Sentence, Source, excerpt_hash

LABELLED = Path(__file__).parent / "labelled" / "figure-pairs.jsonl"
PAIRS = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def excerpt(text: str, *, date: str = "", language: str = "es", document: str = "") -> Excerpt:
    """Return an excerpt of a source of its own."""
    source = Source(document or text, ("a.txt",), "snippet", date=parse_date(date, origin="prefix"), language=language)
    return Excerpt(excerpt_hash(source.id, text)[:6], source, text, 0, len(text))


OLD = excerpt("La prevalencia de asma infantil en Bilbao es del 14 %. Los pinos crecen.", date="2021-03")
NEW = excerpt("En Bilbao, la prevalencia de asma infantil alcanza el 18 %.", date="3 de mayo de 2024")
UNKNOWN = excerpt("En Bilbao, la prevalencia de asma infantil es del 25 %.")
OTHER = excerpt("La prevalencia de asma infantil en Vitoria es del 40 %.", date="2024")
EVIDENCE = (OLD, NEW, UNKNOWN, OTHER)
EXCERPTS = {each.key: each for each in EVIDENCE}
WRITTEN = Sentence("La prevalencia de asma infantil en Bilbao es del 14 %.", citations=(Citation(OLD.key),))


def found(pair: dict[str, Any], *, turned: bool = False) -> tuple[tuple[str, str], ...]:
    """Return what a labelled pair disagrees about, either way round."""
    a, b = (pair["b"], pair["a"]) if turned else (pair["a"], pair["b"])
    return differing_figures(a["text"], b["text"], language=a["language"], other_language=b["language"])


def test_another_source_is_shown_with_both_dates_the_newest_first() -> None:
    """Each source that gives another figure is offered, dated ones before undated, never the one cited."""
    first, second = disagreements(WRITTEN, excerpts=EXCERPTS, evidence=EVIDENCE, language="es")
    assert (first.key, first.figure, first.other_key, first.other_figure) == (OLD.key, "14 %", NEW.key, "18 %")
    assert second.other_key == UNKNOWN.key
    assert disagreement_reason(first, "es") == (
        "otra fuente, del 3 de mayo de 2024, da «18 %», la citada, de marzo de 2021, «14 %»"
    )
    assert disagreement_reason(second, "en") == (
        "the one cited, of March 2021, “14 %”, another source, undated, gives “25 %”"
    )


def test_a_finding_offers_the_other_source() -> None:
    """It is a remark on a number, and takes nothing away from the sentence."""
    first = disagreements(WRITTEN, excerpts=EXCERPTS, evidence=EVIDENCE, language="es")[0]
    finding = disagreement_finding(first, section="Asma", language="es")
    assert (finding.check, finding.verdict, finding.offer) == ("number", "partly", (NEW.key,))
    assert finding.sentence == WRITTEN.text


def test_an_authors_sentence_is_set_against_all_evidence() -> None:
    """Without a citation there is no date of its own, and any source may differ."""
    author = Sentence("La prevalencia de asma infantil en Bilbao es del 30 %.", kind="author")
    shown = disagreements(author, excerpts={}, evidence=EVIDENCE, language="es")
    assert [each.other_key for each in shown] == [NEW.key, OLD.key, UNKNOWN.key]
    assert disagreement_reason(shown[0], "es").endswith("da «18 %» donde la frase dice «30 %»")


def test_a_quotation_is_compared_by_its_words() -> None:
    """The date in its lead-in is the source's, not the figure's."""
    quoted = Sentence(f"Según una fuente de 2021: «{WRITTEN.text}»", citations=WRITTEN.citations)
    assert disagreements(quoted, excerpts=EXCERPTS, evidence=EVIDENCE, language="es")


def test_one_source_is_shown_once_and_few_of_many() -> None:
    """Several sentences of a source are one voice."""
    many = [excerpt(f"La prevalencia de asma infantil en Bilbao es del {n} %.", date="2020") for n in range(20, 60, 4)]
    twice = excerpt(f"{NEW.text} La prevalencia de asma infantil en Bilbao es del 19 %.", date="2024")
    assert len(disagreements(WRITTEN, excerpts=EXCERPTS, evidence=[twice], language="es")) == 1
    assert len(disagreements(WRITTEN, excerpts=EXCERPTS, evidence=many, language="es")) == MOST


@pytest.mark.parametrize(
    "other",
    [
        "La prevalencia de asma infantil en Bilbao fue del 18 % en 2010.",
        "La prevalencia de asma infantil en Bilbao es de entre el 10 y el 20 %.",
        "La prevalencia de asma infantil en Bilbao es del 14,3 %.",
        "La prevalencia de asma adulta en Bilbao es del 18 %.",
        "La prevalencia de asma infantil en Bilbao es del 18 % en varones y del 14 % en total.",
        "Incluimos en Bilbao a niños cuya prevalencia de asma infantil es del 18 %.",
    ],
)
def test_what_may_be_another_quantity_is_left_alone(other: str) -> None:
    """Another year, a range around it, a rounding, other people, both figures, one study's own: none disagrees."""
    assert differing_figures(WRITTEN.text, other, language="es", other_language="es") == ()


def test_hardly_any_labelled_pair_is_wrongly_said_to_disagree() -> None:
    """Of 257 pairs by hand, seven in ten of those that disagree are found, and of the others hardly any is."""
    disagreeing = [pair for pair in PAIRS if pair["kind"] == "disagree"]
    assert sum(bool(found(pair)) for pair in disagreeing) >= 0.7 * len(disagreeing)
    assert sum(bool(found(pair)) for pair in PAIRS if pair["kind"] != "disagree") <= 2


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["id"]))
def test_disagreement_has_no_direction(pair: dict[str, Any]) -> None:
    """A pair turned round disagrees about the same figures."""
    assert sorted((b, a) for a, b in found(pair, turned=True)) == sorted(found(pair))


PIECES = "la tasa de asma en Bilbao es del 14 18 % 2019 más niños rate of 3,5 km ( ) ; según que"
WORDS = st.lists(st.sampled_from(PIECES.split()))


@given(WORDS.map(" ".join) | st.text(max_size=80), WORDS.map(" ".join) | st.text(max_size=80), st.data())
def test_any_two_texts_are_compared(one: str, other: str, data: st.DataObject) -> None:
    """No text stops the comparison; it is the same both ways, and no text disagrees with itself."""
    mine, theirs = data.draw(st.tuples(*[st.sampled_from(["es", "en", "", "de"])] * 2))
    pairs = differing_figures(one, other, language=mine, other_language=theirs)
    turned = differing_figures(other, one, language=theirs, other_language=mine)
    assert sorted(pairs) == sorted((b, a) for a, b in turned)
    assert differing_figures(one, one, language=mine, other_language=mine) == ()
