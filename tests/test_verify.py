"""Claims about the checks that need no model: each passes what stands in its source and catches what does not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.dates import parse_date
from rag.facts.compare import containment, find_quote, same_statement
from rag.records import Check, Citation, Control, Coverage, Excerpt, Sentence, Source, excerpt_hash
from rag.verify import Checked, check_author, check_sentence, coverage
from rag.verify.control import control

if TYPE_CHECKING:
    from collections.abc import Sequence


def excerpt(text: str, *, date: str = "", title: str = "", language: str = "es", document: str = "") -> Excerpt:
    """Return an excerpt of a source of its own."""
    published = parse_date(date, origin="prefix")
    source = Source(document or text, ("a.txt",), "snippet", title=title, date=published, language=language)
    return Excerpt(excerpt_hash(source.id, text)[:6], source, text, 0, len(text))


LLMS = excerpt(
    "Los avances recientes en los modelos de lenguaje grande (LLMs) han demostrado un desempeño excepcional en tareas "
    "como la respuesta a preguntas y la generación de código. Sin embargo, su eficacia en el sector de la salud sigue "
    "siendo incierta. En este estudio, investiguamos el potencial de los datos sintéticos en este campo.",
    date="Mar 8, 2023",
)
REPORT = excerpt(
    "Los datos sintéticos se están volviendo cada vez más importantes. Este informe aborda los desafíos de la "
    "privacidad que aún persisten y sus limitaciones inherentes. Explora la generación de datos sintéticos, abarcando "
    "métodos tradicionales.",
    date="Feb 27, 2024",
)
TESTING = excerpt(
    "Utilizamos los datos sintéticos como conjunto de prueba para reducir la sobreajuste y facilitar la selección del "
    "mejor modelo en el desarrollo de la AI. Mientras que los datos sintéticos se utilizan para aumentar el conjunto "
    "de entrenamiento, también se pueden usar como conjunto de prueba para facilitar la selección del mejor modelo en "
    "el desarrollo de la AI en ámbitos como la salud, donde los datos son limitados, sensibles y confidenciales.",
    date="Oct 24, 2023",
)
MEDICINE = excerpt(
    "Los LLMs transforman la medicina, pero dos desafíos persisten: mantenerse al día con el conocimiento médico en "
    "constante evolución y la capacidad de proporcionar argumentos verificables. La generación de datos sintéticos "
    "juega un papel clave en la comprensión de las enfermedades mientras se mantiene la confidencialidad de los "
    "pacientes.",
    date="1 día atrás",
)
TRIAL = excerpt(
    "In May 2021 the trial enrolled 1,250 patients in 12 hospitals; 37.5 % of them, aged 40–65, improved. "
    "It was not funded by industry. “Synthetic records were generated with GPT-4”, the authors write.",
    date="2022-06",
    title="Synthetic arms, 2015 to 2020",
    language="en",
)
EXCERPTS = {each.key: each for each in (LLMS, REPORT, TESTING, MEDICINE, TRIAL)}
AUTHOR = (
    "Los datos sintéticos juegan un papel clave en la comprensión de las enfermedades manteniendo la confidencialidad "
    "de los pacientes."
)


def checked(text: str, *cited: Excerpt, quote: str = "", language: str = "es") -> Checked:
    """Check one sentence that cites the excerpts."""
    citations = tuple(Citation(each.key, quote) for each in cited)
    return check_sentence(Sentence(text, citations=citations), section="A", excerpts=EXCERPTS, language=language)


def names(result: Checked) -> list[Check]:
    """Return which checks found something."""
    return [finding.check for finding in result.findings]


def sentences_of(each: Excerpt) -> list[str]:
    """Return the sentences of an excerpt."""
    return re.split(r"(?<=\.) ", each.text)


def test_a_key_that_leads_nowhere_is_found_and_dropped() -> None:
    """An unknown key is a finding that names it; the sentence rests on its known keys, and on nothing without one."""
    known = Citation(REPORT.key)
    sentence = Sentence("Persisten desafíos de privacidad.", citations=(Citation("qqqqqq"), known))
    result = check_sentence(sentence, section="A", excerpts=EXCERPTS, language="es")
    assert names(result) == ["key"]
    assert "qqqqqq" in result.findings[0].reason
    assert result.sentence.citations == (known,)
    assert result.sentence.verdict == "not_checked"
    alone = replace(sentence, citations=(Citation("qqqqqq"),))
    assert check_sentence(alone, section="A", excerpts=EXCERPTS, language="es").sentence.verdict == "unsupported"


@pytest.mark.parametrize(
    "text",
    ["La mitad mejora.", "Mejoran 25 pacientes.", "En 2023 hubo avances.", "Eso afirma la Comisión.",
     "la privacidad sigue siendo el primer obstáculo para quienes comparten los datos clínicos"],
)  # fmt: skip
def test_a_claim_without_citation_is_found(text: str) -> None:
    """A sentence that counts, dates, names or is long needs a citation."""
    result = checked(text)
    assert names(result) == ["uncited"]
    assert result.sentence.verdict == "unsupported"


@pytest.mark.parametrize(
    "text",
    [
        "The privacy of patients is still a challenge for all of the hospitals.",
        "A model that is trained on the records of some hospitals can also be used in others.",
    ],
)
def test_a_sentence_in_another_language_is_found(text: str) -> None:
    """An English sentence in a Spanish text fails, and is asked for anew; in an English text it does not."""
    assert [finding.check for finding in checked(text, LLMS).findings if finding.check == "language"] == ["language"]
    assert "language" not in {finding.check for finding in checked(text, LLMS, language="en").findings}


@pytest.mark.parametrize(
    "text",
    [
        "El artículo «Synthetic data in machine learning for medicine and healthcare» lo resume bien.",
        "Giuffrè y Shung titulan «Harnessing the power of synthetic data in healthcare» su revisión de 2023.",
        "Machine learning y deep learning: dos modas.",
        "La privacidad de los pacientes sigue siendo un reto para los hospitales.",
    ],
)
def test_names_and_titles_in_another_language_pass(text: str) -> None:
    """What is quoted, or too short to tell, is of no language."""
    assert "language" not in {finding.check for finding in checked(text, LLMS).findings}


@pytest.mark.parametrize("text", ["A ello se suma un problema de método.", "Uno de ellos es la privacidad.", ""])
def test_a_hinge_needs_no_citation(text: str) -> None:
    """A short sentence that names and counts nothing is not checkable, and no finding."""
    result = checked(text)
    assert result.findings == ()
    assert result.sentence.verdict == "not_checkable"


@pytest.mark.parametrize(
    "quote",
    [
        "su eficacia en el sector de la salud sigue siendo incierta",
        "Su eficacia en el  sector\nde la salud",
        "«su eficacia en el sector de la salud»",
        "su eficacia en el sector […] sigue siendo incierta",
        "su efi-\ncacia en el sector de la salud",
        "generacio\u0301n de co\u0301digo",
    ],
)
def test_a_quotation_survives_typesetting(quote: str) -> None:
    """Spaces, hyphenation, quotation marks, Unicode forms, a first capital and a marked ellipsis do not matter."""
    assert find_quote(quote, LLMS.text)
    assert checked("Su eficacia es incierta.", LLMS, quote=quote).findings == ()


@pytest.mark.parametrize(
    "quote",
    [
        "su eficacia en el sector de la salud no sigue siendo incierta",
        "su eficácia en el sector de la salud",
        "su eficacia en el Sector de la salud",
        "su eficacia en el sector sigue siendo incierta",
        "su eficacia […] sigue siendo incierta",
        "sigue siendo incierta […] su eficacia en el sector",
        "u eficacia en el sector de la salud",
        "la salud",
        "…",
    ],
)
def test_a_quotation_that_is_not_the_source_s_is_found(quote: str) -> None:
    """A negation, an accent, a capital, an unmarked gap, wrong order, half a word or too few words are not levelled."""
    assert find_quote(quote, LLMS.text) is None
    assert names(checked("Su eficacia es incierta.", LLMS, quote=quote)) == ["quote"]


@pytest.mark.parametrize(("quote", "text"), [
    ("5 patients improved", "In all 1.5 patients improved."),
    ("5 patients improved", "In all 15 patients improved."),
    ("5 points of change", "a mean of -5 points of change"),
    ("was equal to 102", "was equal to 10²"),
])  # fmt: skip
def test_a_quotation_does_not_cut_a_number(quote: str, text: str) -> None:
    """Part of a number is another number."""
    assert find_quote(quote, text) is None


def test_a_quotation_s_span_is_the_source_s() -> None:
    """The span counts characters of the source as stored, line breaks and all."""
    text = "Aquí los da-\ntos   sintéticos «ayudan» mucho."
    span = find_quote("datos sintéticos “ayudan”", text)
    assert span is not None
    assert text[slice(*span)] == "da-\ntos   sintéticos «ayudan"


def test_words_printed_as_a_quotation_are_checked() -> None:
    """Four words or more in quotation marks must be a cited excerpt's, declared or not; fewer are a term."""
    assert checked("Se dice que «su eficacia en el sector» es incierta.", LLMS).findings == ()
    assert names(checked("Se dice que «su eficacia en el hospital» es incierta.", LLMS)) == ["quote"]
    assert checked("Es la llamada «eficacia hospitalaria».", LLMS).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Participaron 1250 pacientes de doce hospitales.",
        "Participaron 1.250 pacientes, y mejoró el 37,5 %.",
        "Tenían entre 40 y 65 años.",
        "Lo generó GPT-4 en mayo de 2021.",
        "El ensayo, de junio de 2022, es uno de los mayores.",
        "Abarca de 2015 a 2020.",
        "El ensayo empezó en 2021.",
    ],
)
def test_figures_and_dates_of_the_source_pass(text: str) -> None:
    """A value may stand in the excerpt, the title or the publication date, written in the other language."""
    result = checked(text, TRIAL)
    assert result.findings == ()
    assert result.sentence.verdict == "not_checked"
    assert "sentido" in result.sentence.reason


@pytest.mark.parametrize(
    ("text", "check", "value"),
    [
        ("Participaron 1.350 pacientes.", "number", "1.350"),
        ("Mejoró el 375 %.", "number", "375 %"),
        ("Participaron 37,5 pacientes.", "unit", "37,5 pacientes"),
        ("Fue en doce o tres hospitales.", "number", "tres"),
        ("Mejoró la mitad.", "number", "mitad"),
        ("El ensayo empezó en mayo de 2022.", "date", "mayo de 2022"),
        ("El ensayo empezó en 2019.", "date", "2019"),
        ("El ensayo empezó el 3 de mayo de 2021.", "date", "3 de mayo de 2021"),
    ],
)
def test_figures_and_dates_of_nowhere_are_found(text: str, check: Check, value: str) -> None:
    """A value no source cited gives is a finding that names it; a date more precise than the source's is one too."""
    result = checked(text, TRIAL)
    assert names(result) == [check]
    assert value in result.findings[0].reason
    assert result.sentence.verdict == "unsupported"


def test_any_of_the_sources_cited_may_give_a_figure() -> None:
    """Figures of a sentence with two citations stand in their union."""
    assert checked("El informe de 2024 recoge 1250 casos.", REPORT, TRIAL).findings == ()
    assert names(checked("El informe de 2024 recoge 1250 casos.", REPORT)) == ["number"]


@pytest.mark.parametrize("each", [LLMS, REPORT, TESTING, MEDICINE, TRIAL])
def test_a_source_s_own_sentence_is_verbatim(each: Excerpt) -> None:
    """Every sentence of an excerpt that cites it is verbatim; citing another source it is not."""
    for text in sentences_of(each):
        assert checked(text, each).sentence.verdict == "verbatim"
        assert checked(text, LLMS if each is not LLMS else REPORT).sentence.verdict != "verbatim"


WORDS = "Este informe aborda los desafíos de la privacidad que aún persisten y sus limitaciones inherentes"


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (f"Según una fuente del 27 de febrero de 2024: «{WORDS}».", REPORT),
        (f"Según una fuente (27 de febrero de 2024): «{WORDS}.»", REPORT),
        (f"«{WORDS}».", REPORT),
        (f"Según una fuente sin fecha («1 día atrás»): «{sentences_of(MEDICINE)[0]}»", MEDICINE),
        ("Según «Synthetic arms, 2015 to 2020» (junio de 2022, en inglés): «It was not funded by industry».", TRIAL),
    ],
)
def test_an_attributed_quotation_is_verbatim(text: str, cited: Excerpt) -> None:
    """A lead-in that names the source and its date, before its words, leaves the sentence verbatim."""
    result = checked(text, cited)
    assert result.findings == ()
    assert result.sentence.verdict == "verbatim"


def test_a_lead_in_with_another_date_is_found() -> None:
    """The date a lead-in gives is the source's, or a finding."""
    assert names(checked(f"Según una fuente del 28 de febrero de 2024: «{WORDS}».", REPORT)) == ["date"]


def test_a_lead_in_that_claims_more_is_not_verbatim() -> None:
    """What stands before the quotation may only name the source."""
    result = checked(f"Según una fuente que cura el cáncer: «{WORDS}».", REPORT)
    assert result.sentence.verdict == "not_checked"


def test_reasons_speak_the_reader_s_language() -> None:
    """Reasons are Spanish in a Spanish text and English in another."""
    assert "cifra" in checked("Mejoró el 99 %.", TRIAL).findings[0].reason
    assert "no source" in checked("It improved 99 %.", TRIAL, language="en").findings[0].reason


def test_the_author_s_sentence_is_offered_its_source() -> None:
    """The founding author's sentence is offered the snippet that says it, alone, and stays as typed."""
    (result,) = check_author(AUTHOR, excerpts=tuple(EXCERPTS.values()), language="es")
    assert result.sentence.offers == (MEDICINE.key,)
    assert (result.sentence.text, result.sentence.kind) == (AUTHOR, "author")
    assert result.sentence.verdict == "not_checked"


def test_the_author_s_text_is_kept_and_one_key_a_source_is_offered() -> None:
    """Markdown stays as typed; two excerpts of one source make one offer, and at most three are made."""
    text = f"- **Ojo**: nada que ver.\n- {AUTHOR}\n\n---\n"
    copies = [excerpt(AUTHOR, document=f"d{number}") for number in range(5)]
    twin = excerpt(f"{AUTHOR} Y más.", document="d0")
    results = check_author(text, excerpts=(*copies, twin), language="es")
    assert all(result.sentence.text in text for result in results)
    offers = results[-1].sentence.offers
    assert len(offers) == 3
    assert not {copies[0].key, twin.key} <= set(offers)


def test_a_source_in_another_language_is_not_offered() -> None:
    """Nearness is judged within a language."""
    english = replace(MEDICINE, source=replace(MEDICINE.source, language="en"))
    assert check_author(AUTHOR, excerpts=(english,), language="es")[0].sentence.offers == ()


def test_the_third_snippet_says_one_thing_twice() -> None:
    """Its two sentences are one statement, either way round."""
    one, other = sentences_of(TESTING)
    assert same_statement(one, other, language="es")
    assert same_statement(other, one, language="es")
    assert containment(one, other, language="es") >= 0.75


def test_unrelated_sentences_of_the_brief_are_other_statements() -> None:
    """No other pair of the founding sentences is taken for one statement."""
    everything = [AUTHOR, *(text for each in (LLMS, REPORT, TESTING, MEDICINE) for text in sentences_of(each))]
    pairs = {
        frozenset((one, other))
        for one in everything
        for other in everything
        if one != other and same_statement(one, other, language="es")
    }
    assert pairs == {frozenset(sentences_of(TESTING)), frozenset((AUTHOR, sentences_of(MEDICINE)[1]))}


@pytest.mark.parametrize(("before", "after"), [("25", "30"), ("2021", "2022"), ("mejoran", "no mejoran")])
def test_other_figures_or_a_negation_are_other_statements(before: str, after: str) -> None:
    """Sentences that differ in a figure, a date or a negation never say the same."""
    one = "En 2021 los datos sintéticos de los hospitales mejoran el diagnóstico en el 25 % de los pacientes."
    assert same_statement(one, one, language="es")
    assert not same_statement(one, one.replace(before, after), language="es")


def verdicts(*wanted: str) -> Sequence[Sentence]:
    """Return sentences that cite and carry the verdicts, by name; "uncited" cites nothing."""
    cited = (Citation("aaaaaa"),)
    return [
        Sentence("x", citations=() if verdict in {"uncited", "not_checkable"} else cited,
                 verdict="unsupported" if verdict == "uncited" else verdict)  # type: ignore[arg-type] # names above
        for verdict in wanted
    ]  # fmt: skip


def test_coverage_counts_what_was_seen() -> None:
    """Verbatim stands apart, hinges and uncited claims are not checkable, and not_checked is not checked."""
    counted = coverage(
        verdicts("verbatim", "supported", "partly", "unsupported", "uncited", "not_checkable", "not_checked")
    )
    assert counted == Coverage(sentences=7, verbatim=1, checkable=4, checked=3, supported=1)
    assert coverage(()) == Coverage()


def test_the_planted_control_is_caught() -> None:
    """Wrong digits, dates and dead keys made from good sentences are all caught, the same in every run."""
    texts = [
        ("Participaron 1.250 pacientes de 12 hospitales.", TRIAL),
        ("El ensayo empezó en mayo de 2021.", TRIAL),
        (f"Según una fuente del 27 de febrero de 2024: «{WORDS}».", REPORT),
        (sentences_of(LLMS)[1], LLMS),
    ]
    good = [checked(text, cited).sentence for text, cited in texts]
    result = control(good, excerpts=EXCERPTS, language="es")
    kinds = {kind: (made, caught) for kind, made, caught in result.kinds}
    assert set(kinds) == {"digit", "date", "key", "unit", "name", "negation", "direction", "source"}
    assert kinds["digit"] == (2, 2)
    assert kinds["date"] == (5, 5)
    assert kinds["key"] == (4, 4)
    assert kinds["source"][0] == 4
    assert result.passed
    assert result == control(good, excerpts=EXCERPTS, language="es")


def test_a_control_that_misses_or_plants_nothing_does_not_pass() -> None:
    """Below nine in ten of one kind, or with nothing planted, there is no score to print."""
    assert Control((("digit", 10, 9), ("date", 0, 0), ("key", 3, 3), ("source", 3, 0))).passed
    assert not Control((("digit", 10, 8), ("key", 3, 3))).passed
    assert not control((), excerpts=EXCERPTS, language="es").passed
    failed = checked("Mejoró el 99 %.", TRIAL).sentence
    assert not any(made for _, made, _ in control([failed], excerpts=EXCERPTS, language="es").kinds)


def test_a_control_without_checks_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the checks see nothing, the control says so."""
    monkeypatch.setattr("rag.verify.checks._CHECKS", ())
    good = [Sentence("Participaron 1.250 pacientes.", citations=(Citation(TRIAL.key),))]
    assert not control(good, excerpts=EXCERPTS, language="es").passed


EXCERPT = st.sampled_from(list(EXCERPTS.values()))


@settings(deadline=None, max_examples=100)
@given(EXCERPT, st.data())
def test_any_piece_of_an_excerpt_is_found_and_with_another_digit_is_not(each: Excerpt, data: st.DataObject) -> None:
    """Words from space to space are found; a digit changed makes them another's words."""
    words = each.text.split()
    start = data.draw(st.integers(0, len(words) - 1))
    quote = " ".join(words[start : start + data.draw(st.integers(1, 20))])
    assume(len(quote.strip("“”().,;")) >= 12)
    assert find_quote(quote, each.text) is not None
    for place in [place for place, character in enumerate(quote) if character.isdigit()]:
        changed = quote[:place] + str((int(quote[place]) + 1) % 10) + quote[place + 1 :]
        assert find_quote(changed, each.text) is None


COHORT = excerpt(
    "In the cohort, vitamin D supplements may reduce the risk of falls by 20 % in older adults after 3 years. "
    "The CTGAN model does not reproduce rare events in the hospital records of the Karolinska clinic. "
    "Some hospitals of the region share their anonymised records with the research network.",
    title="The Ramón study",
    language="en",
)


@pytest.mark.parametrize(
    ("text", "check", "verdict"),
    [
        ("Supplements may reduce the risk of falls by 20 % in older adults after 3 months.", "unit", "unsupported"),
        ("Los suplementos reducen las caídas un 20 % al cabo de 3 meses.", "unit", "unsupported"),
        ("The TVAE model does not reproduce rare events in hospital records.", "name", "unsupported"),
        ("El modelo WaveGAN2 no reproduce sucesos raros.", "number", "unsupported"),
        ("The CTGAN model reproduces rare events in the hospital records.", "negation", "unsupported"),
        ("Vitamin D supplements may increase the risk of falls by 20 % in older adults.", "meaning", "unsupported"),
        ("Vitamin D supplements reduce the risk of falls by 20 % in older adults.", "meaning", "partly"),
        ("All hospitals of the region share anonymised records with the network.", "meaning", "partly"),
    ],
)
def test_what_its_source_speaks_against_is_found(text: str, check: Check, verdict: str) -> None:
    """Another unit, an unknown name, a denial and the other direction fail; a lost reservation is only partly held."""
    excerpts = {COHORT.key: COHORT}
    language = "es" if "ó" in text or text.startswith(("Los", "El")) else "en"
    sentence = Sentence(text, citations=(Citation(COHORT.key),))
    result = check_sentence(sentence, section="A", excerpts=excerpts, language=language)
    assert check in names(result)
    assert result.sentence.verdict == verdict
    assert result.findings[0].reason in result.sentence.reason


@pytest.mark.parametrize(
    "text",
    [
        "Supplements may reduce falls by 20 % among older adults after 36 months.",
        "Los suplementos de vitamina D pueden reducir las caídas un 20 % en tres años.",
        "According to the Ramón study, the CTGAN model fails to reproduce rare events in hospital records.",
        "The CTGAN model cannot reproduce rare events in the hospital records of Karolinska.",
        "In the Topical project, the CTGAN model does not reproduce rare events in hospital records.",
    ],
)
def test_the_same_in_other_words_passes(text: str) -> None:
    """An equal amount, the other language, a denial in other words, the source's title and the topic's names pass."""
    language = "es" if text.startswith("Los") else "en"
    sentence = Sentence(text, citations=(Citation(COHORT.key),))
    result = check_sentence(
        sentence, section="A", excerpts={COHORT.key: COHORT}, language=language, known=("The Topical project",)
    )
    assert result.findings == ()


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text(), st.sampled_from([*EXCERPTS, "qqqqqq", ""]), st.sampled_from(["es", "en", "fr", ""]))
def test_checking_never_raises(text: str, quote: str, key: str, language: str) -> None:
    """Any text with any quotation and key gets a verdict, and a finding exactly when it is not wholly held."""
    sentence = Sentence(text, citations=(Citation(key, quote),) if key else ())
    result = check_sentence(sentence, section="A", excerpts=EXCERPTS, language=language)
    assert bool(result.findings) == (result.sentence.verdict in {"unsupported", "partly"})
    assert result.sentence.text == text


@settings(deadline=None, max_examples=60)
@given(st.text(), st.sampled_from(["es", "en", ""]))
def test_any_text_is_verbatim_in_itself(text: str, language: str) -> None:
    """A sentence that is its excerpt is verbatim, whatever the characters, unless nothing of it can be compared."""
    itself = excerpt(text, language=language)
    assume(any(character.isalnum() for character in text))
    sentence = Sentence(text, citations=(Citation(itself.key),))
    result = check_sentence(sentence, section="A", excerpts={itself.key: itself}, language=language)
    assert result.sentence.verdict == "verbatim"


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text())
def test_sameness_is_symmetric(one: str, other: str) -> None:
    """Containment lies between 0 and 1 and does not depend on the order, nor does sameness."""
    assert 0 <= containment(one, other, language="es") == containment(other, one, language="es") <= 1
    assert same_statement(one, other, language="es") == same_statement(other, one, language="es")
