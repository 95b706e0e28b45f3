"""Gaps: what a heading's evidence lacks, why, and what one would type into a search engine."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog
from rag.dates import parse_date, time_limits
from rag.embed import CachedEmbedder
from rag.plan.gaps import LANGUAGES, MOST_SEARCHES, MOST_WORDS, by_meaning, find_gaps
from rag.records import UNDATED, Excerpt, Source
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.records import Gap

TOPIC = {"es": "Impacto de los datos sintéticos en la salud", "en": "Impact of synthetic data on health care"}
SPANISH = (
    "Los datos sintéticos no eliminan el riesgo de reidentificación de los pacientes. "
    "La privacidad diferencial limita el riesgo de reidentificación con los datos sintéticos."
)
ENGLISH = (
    "Synthetic data does not remove the risk of membership inference. "
    "With differential privacy the risk of membership inference is bounded, also where synthetic data is rare."
)
GENERAL = "Synthetic data helps hospitals to publish rare diagnoses. Many hospitals share synthetic data with schools."


def excerpt(
    text: str = SPANISH, *, source: str = "a", date: str = "2024", language: str = "es", authors: Sequence[str] = ()
) -> Excerpt:
    """Return an excerpt of a source."""
    published = parse_date(date, origin="front matter") if date else UNDATED
    held = Source(source, (f"{source}.md",), "markdown", source, tuple(authors), published, language=language)
    return Excerpt(f"{source}{len(text)}", held, text, 0, len(text))


def both(**changes: str) -> tuple[Excerpt, Excerpt]:
    """Return evidence that lacks nothing: two sources, two authors, two years, two languages."""
    return (
        excerpt(source="a", authors=["Ana"], date=changes.get("first", "2024")),
        excerpt(ENGLISH, source="b", authors=["Bo"], date=changes.get("second", "2025"), language="en"),
    )


def kinds(gaps: tuple[Gap, ...]) -> list[str]:
    """Return the kinds of gaps."""
    return [gap.kind for gap in gaps]


def strings(gap: Gap, language: str) -> list[str]:
    """Return the searches in a language."""
    return [words for side, words in gap.searches if side == language]


def test_sound_evidence_has_no_gap() -> None:
    """Two recent sources by different people in two languages that carry the words asked for."""
    assert find_gaps("Privacidad", both(), topic=TOPIC["es"], language="es", words=90, supportable_words=90) == ()


# Silent


def test_nothing_found_is_silence_and_nothing_else() -> None:
    """The reason names the heading; the topic and the heading's own words are searched for."""
    (gap,) = find_gaps("Vacunación contra la malaria", (), topic=TOPIC["es"], language="es", words=90)
    assert gap.kind == "silent"
    assert gap.reason == "No hay nada sobre «Vacunación contra la malaria»."
    assert strings(gap, "es")[0] == '"datos sintéticos" vacunación malaria'


def test_the_gate_makes_excerpts_silent() -> None:
    """What was found is then about something else: it is counted, and lends no narrower phrase."""
    (gap,) = find_gaps("Malaria", both(), topic=TOPIC["es"], language="es", says_nothing=True)
    assert gap.kind == "silent"
    assert "Ninguno de los 2 extractos" in gap.reason
    assert not re.search("privacidad|riesgo|privacy", str(gap.searches))


def test_silence_within_limits_says_so() -> None:
    """Outside the dates asked for there may be something."""
    limits = time_limits(since="2024")
    (gap,) = find_gaps("Privacy", (), topic=TOPIC["en"], language="en", limits=limits)
    assert gap.reason == "There is nothing on “Privacy” within the dates asked for."


# Thin


def test_one_source_is_thin() -> None:
    """The figures are in the reason."""
    gaps = find_gaps("Privacidad", both()[:1], topic=TOPIC["es"], language="es")
    assert kinds(gaps) == ["thin"]
    assert gaps[0].reason == "Solo 1 de las 2 fuentes que hacen falta."


def test_words_it_cannot_carry_are_thin() -> None:
    """Asked for and sayable are both told."""
    (gap,) = find_gaps("Privacy", both(), topic=TOPIC["en"], language="en", words=150, supportable_words=80)
    assert (gap.kind, gap.reason) == ("thin", "Carries some 80 of 150 words.")


# Old


def test_old_support_is_told_by_the_corpus_not_by_the_clock() -> None:
    """Five years before the newest document; with a day given, before that day; as of a day, before it."""
    old = both(first="2018", second="2019-03-08")
    find = partial(find_gaps, "Privacidad", topic=TOPIC["es"], language="es")
    span = (dt.date(2010, 1, 1), dt.date(2025, 6, 1))
    (gap,) = find(old, covered=span)
    assert gap.kind == "old"
    assert gap.reason == "Lo más reciente es de 8 de marzo de 2019, 6 años antes de 2025."
    assert [words[-4:] for words in strings(gap, "es")] == ["2025", "2024", "2023"]
    assert find(old) == ()
    assert kinds(find(old, today=dt.date(2024, 3, 8))) == ["old"]
    assert find(old, today=dt.date(2024, 3, 7)) == ()
    assert find(old, covered=span, limits=time_limits(as_of="2020")) == ()


def test_a_hole_in_the_years_is_told() -> None:
    """The years to search for are the missing ones, the latest first; two missing years are chance."""
    find = partial(find_gaps, "Privacy", topic=TOPIC["en"], language="en")
    (gap,) = find(both(first="2020", second="2025"))
    assert (gap.kind, gap.reason) == ("old", "There is no source between 2021 and 2024.")
    assert [words[-4:] for words in strings(gap, "en")] == ["2024", "2023", "2022"]
    assert find(both(first="2022", second="2025")) == ()


def test_undated_evidence_is_not_called_old() -> None:
    """Nothing is known of its age."""
    gaps = find_gaps("Privacy", both(first="", second=""), topic="", language="en", today=dt.date(2026, 1, 1))
    assert "old" not in kinds(gaps)


# One-sided


def test_what_all_sources_share_is_one_sided() -> None:
    """One author, one language and one year, each with the count; the other language is searched first."""
    shared = [excerpt(source=name, authors=["Ana", name]) for name in "xyz"]
    (gap,) = find_gaps("Privacidad", shared, topic=TOPIC["es"], language="es")
    assert gap.kind == "one-sided"
    assert gap.reason == "Las 3 fuentes son de Ana; las 3 fuentes están en español; las 3 fuentes son de 2024."
    assert gap.searches[0][0] == "en"
    assert all("revisión" in words for words in strings(gap, "es"))


def test_english_alone_is_one_sided_only_for_other_readers() -> None:
    """An English text may rest on English sources; a Spanish one would be all quotation."""
    english = [excerpt(ENGLISH, source=name, date=f"202{row}", language="en") for row, name in enumerate("45", 4)]
    assert find_gaps("Privacy", english, topic=TOPIC["en"], language="en") == ()
    (gap,) = find_gaps("Privacidad", english, topic=TOPIC["es"], language="es")
    assert gap.reason == "Las 2 fuentes están en inglés."
    assert gap.searches[0][0] == "es"


# Searches


def test_each_language_speaks_in_its_own_sources_words() -> None:
    """English strings rest on English excerpts, Spanish ones on the heading and Spanish excerpts."""
    evidence = (*both(), excerpt(GENERAL, source="c", language="en"))
    (gap,) = find_gaps("Privacidad", evidence, topic=TOPIC["es"], language="es", words=90)
    assert strings(gap, "es")[:2] == [
        '"datos sintéticos" privacidad',
        '"datos sintéticos" riesgo reidentificación',
    ]
    assert strings(gap, "en")[0] == '"synthetic data" risk membership inference'


def test_others_lend_what_the_evidence_has_not() -> None:
    """A phrase of theirs must stand in two of them."""
    others = [excerpt(text, source=text[:9] + text[-9:], language="en") for text in (ENGLISH, ENGLISH + " ", GENERAL)]
    thin = find_gaps("Privacidad", both()[:1], topic=TOPIC["es"], language="es", others=others)[0]
    assert strings(thin, "en")[0] == '"synthetic data" risk membership inference'
    thin = find_gaps("Privacidad", both()[:1], topic=TOPIC["es"], language="es", others=others[1:])[0]
    assert "inference" not in str(strings(thin, "en"))


def test_others_without_a_subject_in_common_lend_nothing() -> None:
    """They are about anything; the brief's own phrases are searched for instead."""
    themes = ("Tidal turbines", "Parish registers", "Lambda terms", "Beam bending")
    others = [
        excerpt(f"{one} are rare in our time and place, says the book.", source=one, language="en") for one in themes
    ]
    thin = find_gaps("Privacidad", both()[:1], topic=TOPIC["es"], language="es", others=others)[0]
    assert all(words.startswith('"datos sintéticos"') for words in strings(thin, "en"))


def test_without_sources_names_stand_in() -> None:
    """An acronym means the same in both languages; the brief's own phrases are quoted."""
    (gap,) = find_gaps("Redes GAN y CTGAN", (), topic="Datos sintéticos", language="es")
    assert strings(gap, "en")[:2] == ['"datos sintéticos" GAN', '"datos sintéticos" CTGAN']


def test_order_by_meaning_puts_first_what_the_heading_is_about(tmp_path: Path) -> None:
    """Nearness decides among the other language's phrases, ties by the phrase."""
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        order = by_meaning(CachedEmbedder(WordEmbedder(), catalog))
        assert order("differential privacy", ["risk", "privacy", "differential privacy"])[0] == "differential privacy"
        assert order("x", []) == []


def test_an_order_sorts_the_other_language_alone() -> None:
    """The brief's own words stay first in its language."""
    evidence = (*both(), excerpt(GENERAL, source="c", language="en"))
    ask = partial(find_gaps, "Privacidad", evidence, topic=TOPIC["es"], language="es", words=90)
    (as_told,), (turned,) = ask(), ask(order=lambda _, phrases: phrases[::-1])
    assert strings(as_told, "es") == strings(turned, "es")
    assert strings(as_told, "en") != strings(turned, "en")


def test_no_sign_of_a_source_or_a_brief_reaches_a_search() -> None:
    """Quotation marks, minus signs, fields and operators of untrusted text are gone; ours enclose words alone."""
    text = 'The "inference attack" site:evil.org -privacy OR filetype:exe (inference attack) is bad\x00 for you.\n' * 2
    gaps = find_gaps(
        'site:x.com "privacy" -risk\nOR *', [excerpt(text, language="en")], topic='"a" AND b-data', language="en"
    )
    for gap in gaps:
        for _, words in gap.searches:
            assert not re.search(r"[:*()\n\x00]|(?:^| )-|\bOR\b|\bAND\b|evil", words)
            assert words.count('"') in {0, 2}


ANY_TEXT = st.text(max_size=60) | st.sampled_from(
    (SPANISH, ENGLISH, 'x" OR -y site:z', "Privacidad de datos\nen la UE")
)
ANY_EXCERPT = st.builds(
    excerpt,
    ANY_TEXT,
    source=st.sampled_from("abc"),
    date=st.sampled_from(("", "1993", "2016-04", "2024-07-24", "2031")),
    language=st.sampled_from(("es", "en", "fr", "")),
    authors=st.lists(st.sampled_from(("Ana", "Bo")), max_size=2),
)


@given(
    st.lists(ANY_EXCERPT, max_size=4), st.lists(ANY_EXCERPT, max_size=3), ANY_TEXT, st.sampled_from(("es", "en", "fr"))
)
@settings(deadline=None, max_examples=60)
def test_searches_are_short_clean_and_told_once(
    chosen: list[Excerpt], others: list[Excerpt], title: str, language: str
) -> None:
    """Whatever the texts: at most one gap of a kind, few strings of few words, none twice, no control character."""
    for nothing in (False, True):
        find = partial(find_gaps, title, topic=TOPIC["es"] + title[::-1], language=language, says_nothing=nothing)
        gaps = find(chosen, words=50, others=others)
        assert gaps == find(chosen, words=50, others=others)
        assert len({*kinds(gaps)}) == len(gaps)
        assert all(gap.reason.endswith(".") and "\n" not in gap.reason for gap in gaps)
        assert all(len(strings(gap, side)) <= MOST_SEARCHES for gap in gaps for side in LANGUAGES)
        every = [words for gap in gaps for _, words in gap.searches]
        assert len(every) == len({words.casefold() for words in every})
        for words in every:
            assert 0 < len(words.split()) <= MOST_WORDS
            assert all(word.isalnum() for word in re.split("[ -]|[’']", words.replace('"', ""))), words
            assert words.count('"') in {0, 2}
            assert not re.search(r"\b(?:review|revisión) (?:review|revisión)\b", words)


@given(
    st.permutations(
        [*both(), excerpt(source="c", date="2015"), excerpt(ENGLISH, source="d", date="2020", language="en")]
    )
)
@settings(deadline=None, max_examples=20)
def test_the_order_of_the_evidence_does_not_matter(evidence: list[Excerpt]) -> None:
    """The same excerpts in any order lack the same."""
    find = partial(find_gaps, "Privacidad", topic=TOPIC["es"], language="es", words=999)
    assert find(evidence) == find(evidence[::-1])
