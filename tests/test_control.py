"""Claims about planted falsehoods: made of true sentences by table, in both languages, and caught in near-copies."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.records import Citation, Excerpt, Sentence, Source, excerpt_hash
from rag.verify import check_sentence
from rag.verify.control import control
from rag.verify.distortions import denied, names_of, other_names, other_units, turned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def excerpt(text: str, language: str) -> Excerpt:
    """Return an excerpt of a source of its own."""
    source = Source(text, ("a.txt",), "text", language=language)
    return Excerpt(excerpt_hash(source.id, text)[:6], source, text, 0, len(text))


SPANISH = excerpt(
    "La vacuna reduce el riesgo de ingreso hospitalario un 20 % en mayores de 65 años, según Martínez. "
    "El modelo CTGAN genera registros clínicos sintéticos y aumenta la utilidad en 12 hospitales. "
    "El método es seguro para los registros de pacientes reales.",
    "es",
)
ENGLISH = excerpt(
    "The drug improved survival by 30 % over 5 years in 1,250 patients of the cohort led by Okafor. "
    "The TVAE generator is slower than expected and produces 500 mg equivalents of noise.",
    "en",
)
EXCERPTS = {each.key: each for each in (SPANISH, ENGLISH)}
NEAR_COPIES = {
    "es": [
        (
            "Así, la vacuna reduce el riesgo de ingreso hospitalario un 20 % en mayores de 65 años, según Martínez.",
            SPANISH,
        ),
        ("El modelo CTGAN genera registros clínicos sintéticos y aumenta mucho la utilidad en 12 hospitales.", SPANISH),
        ("Además, el método es seguro para los registros de pacientes reales.", SPANISH),
    ],
    "en": [
        (
            "Thus, the drug improved survival by 30 % over 5 years in 1,250 patients of the cohort led by Okafor.",
            ENGLISH,
        ),
        ("The TVAE generator is slower than expected and produces 500 mg equivalents of pure noise.", ENGLISH),
    ],
}


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_kind_is_planted_and_caught_in_near_copies(language: str) -> None:
    """Units, names, denials and directions are planted in both languages and all caught; the sentences pass."""
    made = [Sentence(text, citations=(Citation(cited.key),)) for text, cited in NEAR_COPIES[language]]
    sound = [check_sentence(one, section="", excerpts=EXCERPTS, language=language) for one in made]
    assert all(one.findings == () for one in sound)
    kinds = {kind: (n, caught) for kind, n, caught in control(made, excerpts=EXCERPTS, language=language).kinds}
    for kind in ("unit", "name", "negation", "direction"):
        assert kinds[kind][0] > 0, kind
        assert kinds[kind][0] == kinds[kind][1], kind


@pytest.mark.parametrize(
    ("plant", "text", "language", "false"),
    [
        (other_units, "Duró 5 años.", "es", "Duró 5 meses."),
        (other_units, "It rose 20 %.", "en", "It rose 20 percentage points."),
        (denied, "La vacuna es segura.", "es", "La vacuna no es segura."),
        (denied, "La vacuna no es segura.", "es", "La vacuna es segura."),
        (denied, "It is not safe.", "en", "It is safe."),
        (denied, "It has worked.", "en", "It has not worked."),
        (turned, "Hay más riesgo.", "es", "Hay menos riesgo."),
        (turned, "It improves sleep.", "en", "It worsens sleep."),
    ],
)
def test_one_place_is_changed(plant: Callable[[str, str], Iterator[str]], text: str, language: str, false: str) -> None:
    """A falsehood differs from its sentence in one place."""
    assert list(plant(text, language)) == [false]


def test_a_name_is_lent_by_another_source() -> None:
    """A code is changed for a code and a person for a person, of another source where it has one."""
    strangers = names_of([ENGLISH.text])
    assert strangers == ("Okafor", "TVAE")
    assert list(other_names("El CTGAN gustó a Ana.", strangers)) == ["El TVAE gustó a Ana.", "El CTGAN gustó a Okafor."]
    assert list(other_names("El CTGAN gustó.", ())) == ["El QRX-8 gustó."]


@settings(deadline=None, max_examples=100)
@given(st.text(), st.sampled_from(["es", "en", "fr", ""]))
def test_no_falsehood_is_the_sentence_itself(text: str, language: str) -> None:
    """Whatever the text, what is planted differs from it."""
    plants = (other_units, denied, turned, lambda words, _: other_names(words, ()))
    assert text not in chain.from_iterable(partial(plant, text, language)() for plant in plants)
