"""Statements: runs of a source's own sentences, verbatim, quoted where they speak for their authors."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language import sentence_spans
from rag.records import UNDATED, Excerpt, PublicationDate, Source
from rag.sentences import (
    addresses_reader,
    announces,
    is_whole,
    leans,
    names_own_work,
    points_elsewhere,
    speaks_for_authors,
)
from rag.statements import MOST_SENTENCES, Statement, attribution, holds_a_sentence, statements
from tests.test_sentences import LEANS, NOT_WHOLE, OWN_VOICE, STANDS, WHOLE, rows

CLAIM = "Los modelos de lenguaje responden bien a preguntas médicas."
CAVEAT = "Sin embargo, su eficacia en la salud sigue siendo incierta."
PLAIN = "La privacidad preocupa a los hospitales de toda Europa."
OWN = "En este estudio investigamos tres generadores de tablas."


def excerpt(text: str, *, language: str = "es", start: int = 0) -> Excerpt:
    """Return an excerpt of a text."""
    return Excerpt("abcdef", Source("d", ("a.txt",), "text", language=language), text, start, start + len(text))


def texts(text: str, *, language: str = "es", into: str = "es") -> list[str]:
    """Return the texts of an excerpt's statements."""
    return [statement.text for statement in statements(excerpt(text, language=language), language=into)]


def test_a_leaning_sentence_brings_the_one_before_it() -> None:
    """A connective's sentence stands in one run with what it connects to."""
    (statement,) = statements(excerpt(f"{CLAIM} {CAVEAT}"), language="es")
    assert statement.sentences == (CLAIM, CAVEAT)
    assert statement.text == f"{CLAIM} {CAVEAT}"


def test_what_is_taken_back_is_not_said_alone() -> None:
    """Without its "Sin embargo, …" a claim would say more than its source; another connective leaves it alone."""
    assert CLAIM not in texts(f"{CLAIM} {CAVEAT}")
    assert texts(f"{CLAIM} Además, responden muy bien a preguntas de leyes.")[0] == CLAIM
    assert texts(f"{CLAIM}\n\n{CAVEAT}") == [CLAIM]


@pytest.mark.parametrize(
    ("text", "language", "holds"),
    [
        (CAVEAT, "es", True),
        ("• MyBinder is a free online service that runs notebooks for anyone.", "en", True),
        (
            "Fox, John. Regression Diagnostics: An Introduction. SAGE, 1991: 252.\n\nNisbet et. al., 74.",
            "en",
            False,
        ),
        ("Damien Irving\n\n1 Commonwealth Scientific and Industrial Research Organisation", "en", False),
        ("Objetivos:\n\n• Ordenar y transformar tablas históricas\n\n• Generar gráficos estáticos", "es", False),
        ("Der Datenschutz bleibt eine Frage.", "de", True),
    ],
)
def test_what_holds_no_sentence_is_told(text: str, language: str, holds: bool) -> None:
    """Lists of sources, of aims, of affiliations hold none; a sentence that leans is one, and so is a list's item."""
    assert holds_a_sentence(excerpt(text, language=language)) is holds


def test_a_cut_snippet_may_hold_a_sentence() -> None:
    """What a search engine cut off has no end, and is evidence all the same."""
    text = "Los datos sintéticos permiten a los hospitales …"
    assert holds_a_sentence(replace(excerpt(text), source=replace(excerpt(text).source, format="snippet")))


def test_a_leaning_sentence_without_support_is_no_statement() -> None:
    """At the excerpt's beginning, after a blank line, or after what cannot stand, there is nothing to lean on."""
    assert texts(CAVEAT) == []
    assert CAVEAT not in " ".join(texts(f"{PLAIN}\n\n{CAVEAT}"))
    assert texts(f"¿Responden los modelos de lenguaje a todo? {CAVEAT}") == []


def test_a_run_is_at_most_three_sentences() -> None:
    """A fourth sentence that leans on leaning ones is out of reach."""
    more = [f"Además, la norma número {n} exige otra prueba." for n in ("uno", "dos", "tres")]
    runs = [s.sentences for s in statements(excerpt(" ".join((PLAIN, *more))), language="es")]
    assert runs == [(PLAIN,), (PLAIN, more[0]), (PLAIN, more[0], more[1])]
    assert max(map(len, runs)) == MOST_SENTENCES


def test_own_voice_makes_the_whole_run_a_quotation() -> None:
    """A run that holds one sentence of its authors is theirs; its neighbour alone is not."""
    assert [s.quoted for s in statements(excerpt(f"{PLAIN} {OWN}"), language="es")] == [False, True]
    (run,) = statements(excerpt(f"{PLAIN} Sin embargo, no hemos medido el riesgo de fuga."), language="es")
    assert run.sentences[0] == PLAIN
    assert run.quoted


OWN_WORK = (
    ("en", "The course is focused on practical skills for ecologists."),
    ("en", "All content is free to use for any class of students."),
    ("en", "Lessons were designed to be given in two hours each."),
    ("en", "The general feedback was positive in all three years."),
    ("en", "Students can run the notebooks in their browser at home."),
    ("es", "Los alumnos siguen el curso desde su casa cada semana."),
)
NOT_OWN_WORK = (
    ("en", "The course of the disease depends on age and on weight."),
    ("en", "The Carpentries course teaches scientists to write programs."),
    ("en", "Notebooks combine text and code in a single document."),
    ("en", "The code of the generator was published by its authors."),
    ("es", "El curso de la enfermedad depende de la edad del paciente."),
    ("es", "La privacidad preocupa a los hospitales de toda Europa."),
)


@pytest.mark.parametrize(("language", "sentence"), OWN_WORK)
def test_a_work_nobody_else_knows_is_quoted_as_its_sources(language: str, sentence: str) -> None:
    """In its paper “the course” means one thing, in another text nothing."""
    assert [s.quoted for s in statements(excerpt(sentence, language=language), language=language)] == [True]


@pytest.mark.parametrize(("language", "sentence"), NOT_OWN_WORK)
def test_a_work_that_is_named_or_general_stands_as_it_is(language: str, sentence: str) -> None:
    """What the sentence itself specifies needs no quotation."""
    assert [s.quoted for s in statements(excerpt(sentence, language=language), language=language)] == [False]


@pytest.mark.parametrize(
    ("language", "sentence", "told"),
    [
        ("en", "This paper presents a new method for the sampling of streams.", True),
        ("en", "We present an open module for a course of one semester.", True),
        ("es", "Este informe explica qué son los datos sintéticos.", True),
        ("es", "La ley de protección de datos obliga a los hospitales.", False),
        ("en", "Papers on sampling present new methods every year.", False),
    ],
)
def test_what_a_source_announces_is_told_from_what_it_says(language: str, sentence: str, told: bool) -> None:
    """A sentence about its own text is no finding."""
    assert announces(sentence, language=language) is told


BOILERPLATE = (
    ("en", "Authors of papers retain copyright and release the work under a Creative Commons licence."),
    ("en", "Initial prototyping was funded by a grant from the State Technology Initiative."),
    ("en", "A. B. C. learned to implement the methods of the course during the summer."),
    ("en", "Digital Scholarship in the Humanities 35, no. 1 (1 April 2020): 194–207."),
    ("es", "Óscar Pereira, El análisis de la comunicación en español (Iowa: Kendall Hunt, 2015), 32."),
    ("es", "R Studio con la versión 3.0 o superior de R instalado."),
    ("es", "Cómo visualizar una red temporal usando el paquete NDTV de R."),
    ("en", "How to make a map from a table of old place names."),
    ("en", "As shown in the table, the best model is the smallest one."),
    ("es", "En el recuadro de la derecha, presiona el botón de verificar."),
)


@pytest.mark.parametrize(("language", "sentence"), BOILERPLATE)
def test_boilerplate_titles_and_instructions_are_in_no_statement(language: str, sentence: str) -> None:
    """They say nothing of the subject."""
    assert texts(sentence, language=language, into=language) == []


LOST = (
    ("en", "The next chunk of material is then presented to the class."),
    ("en", "To perform the latter operations, one needs the type of the series."),
    ("en", "Instead of general skills, such a workshop would teach programming."),
    ("en", "There is no need, since threads share memory, for this macro."),
    ("en", "It is also useful for connecting the map to other sources."),
    ("en", "Reproducible skills are emphasized throughout, ending in a project."),
    ("en", "Accordingly, it would be important to apply such enhancers early."),
    ("en", "Further, most analyses of calibration focus on other models."),
    ("es", "Una cadena de custodia, otra de las medidas propuestas, ayuda a mantener la trazabilidad."),
    ("es", "Una forma de combinar ambas metodologías es la búsqueda de patrones."),
    ("es", "El más reciente es del otoño de 2018 y funciona sin permisos."),
    ("es", "El paquete de animación hace el cálculo que precede a dicha representación."),
)


@pytest.mark.parametrize(("language", "sentence"), LOST)
def test_a_sentence_whose_referent_is_missing_is_no_statement(language: str, sentence: str) -> None:
    """Alone in its excerpt it has nothing to lean on."""
    assert texts(sentence, language=language, into=language) == []


def test_what_names_again_what_it_named_itself_stands() -> None:
    """Where a sentence names “buffers” first, its “these buffers” needs no other."""
    own = "Programs that copy buffers to many other machines slow down where these buffers are large."
    assert texts(own, language="en", into="en") == [own]


def test_another_language_is_quoted() -> None:
    """English stands in a Spanish text only between marks, and unmarked in an English one."""
    english = "Synthetic data can be shared where real records cannot."
    assert [s.quoted for s in statements(excerpt(english, language="en"), language="es")] == [True]
    assert [s.quoted for s in statements(excerpt(english, language="en"), language="en")] == [False]


def test_quotation_marks_inside_a_quotation_are_avoided() -> None:
    """A plain statement may hold «…»; one that must be quoted itself may not."""
    inner = "La norma llama «anónimo» al dato que no identifica."
    assert texts(inner) == [inner]
    assert texts(f"{OWN[:-1]} que la ley llama «anónimos».") == []
    assert texts("The rule calls “anonymous” what cannot identify anyone.", language="en") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "El error de los tres modelos se resume en la Tabla 1 del anexo.",
        "Puedes medir el error de los tres modelos en tu ordenador.",
    ],
)
def test_what_needs_its_own_page_or_reader_is_in_no_statement(sentence: str) -> None:
    """A pointer or an address is left out, alone and as what a leaning sentence rests on."""
    assert texts(f"{PLAIN} {sentence}\n\n{CLAIM}") == [PLAIN, CLAIM]
    assert texts(f"{sentence} Además, la norma exige otra prueba de utilidad.") == []


def test_the_start_is_the_place_in_the_document() -> None:
    """A statement's start counts from its document's beginning."""
    whole = excerpt(f"{PLAIN} {CLAIM}", start=100)
    assert [s.start for s in statements(whole, language="es")] == [100, 100 + len(PLAIN) + 1]


@pytest.mark.parametrize(("language", "sentence"), rows(NOT_WHOLE))
def test_broken_sentences_are_in_no_statement(language: str, sentence: str) -> None:
    """What is no sentence is not carried along by a good neighbour either."""
    found = texts(f"{sentence}\n\n{PLAIN}", language=language, into=language)
    assert not any(sentence in text for text in found)


PARAGRAPHS = st.lists(
    st.sampled_from([line for table in (LEANS, NOT_WHOLE, OWN_VOICE, STANDS, WHOLE) for _, line in rows(table)]),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=100)
@given(PARAGRAPHS, st.sampled_from([" ", "\n", "\n\n"]), st.sampled_from(["es", "en"]), st.sampled_from(["es", "en"]))
def test_statements_are_verbatim_runs_that_can_stand(lines: list[str], gap: str, language: str, into: str) -> None:
    """For any text: verbatim, made of its sentences, first not leaning, each fit to stand, quoted where it must be."""
    text = gap.join(lines)
    known = [text[a:b] for a, b in sentence_spans(text, language)]
    for statement in statements(excerpt(text, language=language), language=into):
        assert statement.text in text
        assert all(sentence in known for sentence in statement.sentences)
        assert 1 <= len(statement.sentences) <= MOST_SENTENCES
        assert not leans(statement.sentences[0], language=language)
        assert all(leans(sentence, language=language) for sentence in statement.sentences[1:])
        assert "\n\n" not in statement.text
        for sentence in statement.sentences:
            assert is_whole(sentence, language=language)
            assert not points_elsewhere(sentence)
            assert not addresses_reader(sentence, language=language)
        own = any(
            speaks_for_authors(sentence, language=language) or names_own_work(sentence, language=language)
            for sentence in statement.sentences
        )
        assert statement.quoted == (language != into or own)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_gives_statements_of_its_own(text: str) -> None:
    """No text makes it fail or say something the text does not."""
    found: tuple[Statement, ...] = statements(excerpt(text), language="es")
    assert all(statement.text in text for statement in found)


DAY = PublicationDate(dt.date(2023, 3, 8), dt.date(2023, 3, 8), "day", "prefix", "Mar 8, 2023")
YEAR = PublicationDate(dt.date(2023, 1, 1), dt.date(2023, 12, 31), "year", "bibliography", "2023")
AGO = PublicationDate(text="1 día atrás", origin="prefix")


@pytest.mark.parametrize(
    ("source", "spanish", "english"),
    [
        pytest.param(
            Source("d", (), "snippet", date=DAY),
            "Según una fuente del 8 de marzo de 2023",
            "According to a source of 8 March 2023",
            id="day",
        ),
        pytest.param(
            Source("d", (), "snippet", date=YEAR),
            "Según una fuente de 2023",
            "According to a source of 2023",
            id="year",
        ),
        pytest.param(
            Source("d", (), "snippet", date=AGO),
            "Según una fuente sin fecha («1 día atrás»)",
            "According to a source, undated (“1 día atrás”)",
            id="undated",
        ),
        pytest.param(
            Source("d", (), "pdf", title="Sintéticos", date=YEAR),
            "Según «Sintéticos» (2023)",
            "According to “Sintéticos” (2023)",
            id="title",
        ),
        pytest.param(
            Source("d", (), "pdf", title="Sintéticos", authors=("A. Ruiz",), date=YEAR),
            "Según A. Ruiz (2023)",
            "According to A. Ruiz (2023)",
            id="author",
        ),
        pytest.param(
            Source("d", (), "pdf", authors=("A. Ruiz", "B. Sanz"), date=YEAR),
            "Según A. Ruiz y B. Sanz (2023)",
            "According to A. Ruiz and B. Sanz (2023)",
            id="two authors",
        ),
        pytest.param(
            Source("d", (), "pdf", authors=("A. Ruiz", "B. Sanz", "C. Gil"), date=UNDATED),
            "Según A. Ruiz y otros (sin fecha)",
            "According to A. Ruiz and others (undated)",
            id="more authors",
        ),
    ],
)
def test_a_quotation_is_led_in_by_who_and_when(source: Source, spanish: str, english: str) -> None:
    """Authors before the title, the title before nothing, the date as precise as known, in the reader's language."""
    assert attribution(source, language="es") == spanish
    assert attribution(source, language="en") == english


def test_a_foreign_source_is_said_to_be_foreign() -> None:
    """The lead-in names the language of words in another one."""
    source = Source("d", (), "pdf", authors=("A. Ruiz",), date=YEAR, language="en")
    assert attribution(source, language="es") == "Según A. Ruiz (2023, en inglés)"
    assert attribution(source, language="en") == "According to A. Ruiz (2023)"
