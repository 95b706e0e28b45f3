"""Words taken over from a source: from one that is not cited, or to say of the topic what it says of something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import Citation, Excerpt, Sentence, Source
from rag.verify import check_sentence

TOPIC = "Impacto de los datos sintéticos en la salud"


def excerpt(key: str, text: str, language: str = "es") -> Excerpt:
    """Return an excerpt."""
    return Excerpt(key, Source(key, ("a.md",), "snippet", language=language), text, 0, len(text))


LLMS = excerpt(
    "llms22",
    "Los LLMs transforman la medicina, pero dos desafíos persisten: mantenerse al día con el conocimiento médico en "
    "constante evolución y la capacidad de proporcionar argumentos verificables. La generación de datos sintéticos "
    "juega un papel clave.",
)
OTHER = excerpt("other2", "La privacidad diferencial introduce ruido controlado en el aprendizaje de los generadores.")
ANAPHORA = excerpt(
    "anaph2",
    "Los datos sintéticos imitan registros. Este recurso permite entrenar modelos predictivos sin exponer a los "
    "pacientes de los hospitales.",
)
EXCERPTS = {one.key: one for one in (LLMS, OTHER, ANAPHORA)}
MOVED = (
    "Los datos sintéticos deben mantenerse al día con el conocimiento médico en constante evolución, y es un reto de "
    "la privacidad."
)


def reasons(text: str, *keys: str, topic: str = TOPIC) -> dict[str, str]:
    """Return what is found of a sentence by check."""
    sentence = Sentence(text, citations=tuple(map(Citation, keys)))
    checked = check_sentence(sentence, section="Uno", excerpts=EXCERPTS, language="es", known=(topic, "Uno"))
    return {finding.check: finding.reason for finding in checked.findings}


def test_what_a_source_says_of_models_is_not_said_of_the_topic() -> None:
    """The fault of a small model on the founding brief: data instead of language models, in the source's own words."""
    assert "la fuente lo dice de «LLMs»" in reasons(MOVED, "llms22")["meaning"]


def test_words_of_a_source_that_is_not_cited_are_found() -> None:
    """Eight words in a row are no chance; cited, they pass this check."""
    text = "Los LLMs deben mantenerse al día con el conocimiento médico en constante evolución."
    assert "son palabras de llms22, que no cita" in reasons(text, "other2")["key"]
    assert "key" not in reasons(text, "llms22", "other2")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Los datos sintéticos permiten entrenar modelos predictivos sin exponer a los pacientes de los hospitales.",
         "anaph2"),
        ("Los LLMs afrontan retos: mantenerse al día con el conocimiento médico en constante evolución.", "llms22"),
        ("La privacidad diferencial introduce ruido controlado en el aprendizaje, útil para los datos sintéticos.",
         "other2"),
        ("Los datos sintéticos siguen el conocimiento médico.", "llms22"),
    ],
)  # fmt: skip
def test_what_keeps_its_subject_or_resolves_a_reference_passes(text: str, key: str) -> None:
    """Where the source begins with "este", what it speaks of may be named; few words in common are no copy."""
    assert not {"key", "meaning"} & reasons(text, key).keys()


ADDED = excerpt(
    "added2",
    "La disposición adicional decimoséptima de la Ley Orgánica 3/2018 se ocupa de los tratamientos de datos de salud.",
)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("La privacidad diferencial", True),
        ("Una disposición adicional, la", False),
        ("La Ley Orgánica, en su disposición", False),
    ],
)
def test_another_subject_before_a_sources_words_is_told(subject: str, told: bool) -> None:
    """What a small model made of a law's seventeenth provision: the words are its source's, what they are said of is
    not. A subject that is the source's own, however it is put, passes.
    """
    text = f"{subject} decimoséptima de la Ley Orgánica 3/2018 se ocupa de los tratamientos de datos de salud."
    sentence = Sentence(text, citations=(Citation("added2"),))
    checked = check_sentence(sentence, section="Uno", excerpts={"added2": ADDED}, language="es", known=(TOPIC, "Uno"))
    assert [finding.verdict for finding in checked.findings if "lo dice de" in finding.reason] == ["partly"] * told
    assert (checked.sentence.verdict == "partly") is told


RULES = excerpt(
    "rules2",
    "La simulación contiene lo que sus autores escribieron, por lo que no sirve para descubrir relaciones clínicas que "
    "todavía nadie conoce.",
)


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        ("La simulación es una herramienta útil", True),
        ("La simulación no sirve", False),
        ("Es inútil la simulación", False),
        ("Según sus autores, la simulación poco vale", False),
    ],
)
def test_words_that_their_source_denies_are_not_asserted(lead: str, told: bool) -> None:
    """A small model kept the words after "no sirve" and said the contrary before them."""
    text = f"{lead} para descubrir relaciones clínicas que todavía nadie conoce."
    sentence = Sentence(text, citations=(Citation("rules2"),))
    checked = check_sentence(sentence, section="Uno", excerpts={"rules2": RULES}, language="es", known=(TOPIC, "Uno"))
    found = [finding for finding in checked.findings if "la fuente lo niega" in finding.reason]
    assert [finding.verdict for finding in found] == ["unsupported"] * told


def test_without_a_topic_nothing_is_said_to_be_moved() -> None:
    """Drafts of others have none that is known."""
    assert "meaning" not in reasons(MOVED, "llms22", topic="")


@given(st.integers(0, 40), st.integers(1, 40))
def test_a_sources_own_sentence_is_never_blamed(start: int, length: int) -> None:
    """Any piece of a source, cited, is neither moved nor taken from elsewhere."""
    words = LLMS.text.split()[start : start + length]
    if words:
        assert not {"key", "meaning"} & reasons(" ".join(words), "llms22").keys()
