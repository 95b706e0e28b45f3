"""What a writer's sentences become before they are checked."""

from __future__ import annotations

from dataclasses import replace

from rag.dates import interval
from rag.edit import edit, quotation
from rag.records import Brief, Citation, Draft, Excerpt, Heading, PublicationDate, Sentence, Source

AUTHOR = "Los datos sintéticos juegan un papel clave en la comprensión de las enfermedades."
STUDY = "En este estudio, investiguamos el potencial de los datos sintéticos en este campo."
GROWING = "Los datos sintéticos se están volviendo cada vez más importantes."


def excerpt(key: str, text: str) -> Excerpt:
    """Return an excerpt of a snippet of 8 March 2023."""
    date = replace(interval(2023, 3, 8), origin="prefix", text="Mar 8, 2023")
    return Excerpt(key, Source(key, ("a.txt",), "snippet", date=date, language="es"), text, 0, len(text))


EXCERPTS = {one.key: one for one in (excerpt("aaaaaa", STUDY), excerpt("bbbbbb", GROWING))}
HEADINGS = (Heading("# Uno", "Uno", 1, AUTHOR, 100), Heading("# Dos", "Dos", 1, "", 100))
BRIEF = Brief("Datos sintéticos", HEADINGS, language="es")


def edited(*texts: str, keys: tuple[str, ...] = ("aaaaaa", "bbbbbb")) -> tuple[Sentence, ...]:
    """Return what is left of sentences that a writer put under the first heading, each citing the keys."""
    drafts = (Draft(tuple(Sentence(text, citations=tuple(map(Citation, keys))) for text in texts)), Draft(()))
    return edit(BRIEF, drafts, EXCERPTS)[0][0].sentences


def test_a_copied_sentence_cites_only_what_it_is_copied_from() -> None:
    """Keys a model adds to a copied sentence fall away."""
    assert [c.key for c in edited(GROWING)[0].citations] == ["bbbbbb"]


def test_a_copied_sentence_under_a_wrong_key_cites_its_source() -> None:
    """The code knows where the words stand; a model's wrong key does not give them to somebody else."""
    assert [c.key for c in edited(GROWING, keys=("aaaaaa",))[0].citations] == ["bbbbbb"]
    wrong = Sentence(GROWING, citations=(Citation("aaaaaa"), Citation("zzzzzz")))
    _, (finding,) = edit(BRIEF, (Draft((wrong,)), Draft(())), EXCERPTS)
    assert (finding.check, finding.verdict) == ("key", "verbatim")
    assert finding.reason == "copiada de bbbbbb; citaba aaaaaa, zzzzzz"


def test_a_sentence_cites_the_source_whose_words_it_takes() -> None:
    """Eight words in a row of a source it does not cite are no chance: the source is cited too, and that is told."""
    label = "Las etiquetas que escribe un modelo de lenguaje no siempre son correctas, de modo que conviene comprobar."
    excerpts = {**EXCERPTS, "cccccc": excerpt("cccccc", label)}
    near = "Se sabe que la etiquetas que escribe un modelo de lenguaje no siempre son correctas en la salud."
    sentence = Sentence(near, citations=(Citation("bbbbbb"),))
    (draft, _), (finding,) = edit(BRIEF, (Draft((sentence,)), Draft(())), excerpts)
    assert [citation.key for citation in draft.sentences[0].citations] == ["bbbbbb", "cccccc"]
    assert finding.reason == "toma palabras de cccccc, que no citaba: se añade"


def test_a_copied_sentence_that_speaks_for_its_authors_becomes_their_quotation() -> None:
    """«Investiguamos» is never said as our own."""
    (sentence,) = edited(STUDY)
    assert sentence.text == f"Según una fuente del 8 de marzo de 2023: «{STUDY.removesuffix('.')}»."
    assert sentence.citations == (Citation("aaaaaa", STUDY.removesuffix(".")),)


def test_a_sentence_copied_to_its_sources_reader_is_left_out() -> None:
    """«Imagina que …», «al final podrás …»: a tutorial speaks to who reads the tutorial. Words of the writer's own, or
    in quotation marks, may speak to whom they like.
    """
    lesson = "Imagina que un compañero te pide que lo sustituyas en un seminario sobre fuentes primarias."
    excerpts = {**EXCERPTS, "cccccc": excerpt("cccccc", lesson)}
    own = Sentence("Imagina una historia clínica que nadie ha vivido.", citations=(Citation("cccccc"),))
    quoted = Sentence(f"Una lección comienza así: «{lesson.removesuffix('.')}».", citations=(Citation("cccccc"),))
    copied = Sentence(lesson, citations=(Citation("cccccc"),))
    (draft, _), (finding,) = edit(BRIEF, (Draft((copied, own, quoted)), Draft(())), excerpts)
    assert draft.sentences == (own, quoted)
    assert (finding.check, finding.verdict) == ("meaning", "not_checked")
    assert finding.reason == "habla al lector de su fuente"


def test_a_copied_question_is_left_out() -> None:
    """A question that stands in a source is no statement of the text, whoever put it there."""
    asking = {
        "cccccc": excerpt("cccccc", "Los registros ayudan. ¿Cómo funcionan los paneles solares? Los ataques persisten.")
    }
    asked = Sentence("¿Cómo funcionan los paneles solares?", citations=(Citation("cccccc"),))
    (draft, _), (finding,) = edit(BRIEF, (Draft((asked,)), Draft(())), asking)
    assert draft.sentences == ()
    assert finding.reason == "habla al lector de su fuente"


def test_a_copied_piece_without_a_verb_is_left_out() -> None:
    """An item of a list of requirements is no sentence, whatever stop is put after it."""
    item = "R Studio con la versión 3.0 o superior de R instalado"
    listed = {"cccccc": excerpt("cccccc", f"Este tutorial requiere:\n\n{item}\n\nConocimiento básico de R")}
    (draft, _), (finding,) = edit(
        BRIEF, (Draft((Sentence(f"{item}.", citations=(Citation("cccccc"),)),)), Draft(())), listed
    )
    assert draft.sentences == ()
    assert finding.reason == "copia lo que no es una frase entera"


def test_a_reworded_sentence_that_speaks_for_its_authors_is_left_out() -> None:
    """Nobody prints «analizamos» of work that is not theirs; inside a quotation it may stand."""
    reworded = Sentence("Analizamos el potencial de los datos.", citations=(Citation("aaaaaa"),))
    quoted = Sentence("Un estudio declara: «investiguamos el potencial de los datos».", citations=(Citation("aaaaaa"),))
    (draft, _), (finding,) = edit(BRIEF, (Draft((reworded, quoted)), Draft(())), EXCERPTS)
    assert draft.sentences == (quoted,)
    assert (finding.check, finding.verdict) == ("meaning", "unsupported")


def test_a_sentence_of_the_writers_own_words_is_left_as_it_is() -> None:
    """Prose keeps its words and its keys."""
    own = Sentence("La importancia de los datos sintéticos crece.", citations=(Citation("bbbbbb"), Citation("zzzzzz")))
    drafts = (Draft((own,)), Draft(()))
    assert edit(BRIEF, drafts, EXCERPTS)[0][0].sentences == (own,)


def test_what_the_author_or_an_earlier_section_says_is_not_said_again() -> None:
    """A repeat is left out, wherever it stands, and reported as such."""
    again = Sentence("Los datos sintéticos juegan un papel clave en la comprensión de enfermedades.")
    growing = Sentence(GROWING, citations=(Citation("bbbbbb"),))
    drafts, left_out = edit(BRIEF, (Draft((again, growing)), Draft((growing,))), EXCERPTS)
    assert [len(draft.sentences) for draft in drafts] == [1, 0]
    assert [(finding.section, finding.check) for finding in left_out] == [("Uno", "repeat"), ("Dos", "repeat")]


def test_a_quotation_names_its_source_and_its_date() -> None:
    """Without title or authors the date is what is known; an undated one says so in the source's own words."""
    undated = replace(EXCERPTS["bbbbbb"].source, date=PublicationDate(origin="prefix", text="1 día atrás"))
    sentence = quotation(replace(EXCERPTS["bbbbbb"], source=undated), GROWING, language="es")
    assert sentence.text.startswith("Según una fuente sin fecha («1 día atrás»): «Los datos")
    assert quotation(EXCERPTS["bbbbbb"], GROWING, language="en").text.startswith(
        "According to a source of 8 March 2023, in Spanish: “Los datos"
    )


def test_a_sentence_that_ends_where_its_source_is_cut_off_is_left_out() -> None:
    """A half sentence is not made whole by a period; with its ellipsis, or before the cut, it may stand."""
    cut = excerpt("cccccc", "El informe abre con los riesgos. La privacidad de los pacientes depende de cómo se…")
    half = Sentence("La privacidad de los pacientes depende de cómo se.", citations=(Citation("cccccc"),))
    kept = Sentence("El informe abre con los riesgos.", citations=(Citation("cccccc"),))
    (draft, _), (finding,) = edit(BRIEF, (Draft((half, kept)), Draft(())), {"cccccc": cut})
    assert draft.sentences == (kept,)
    assert (finding.check, finding.verdict, finding.reason) == ("quote", "unsupported", "su fuente está cortada ahí")


def test_a_copied_sentence_in_another_language_becomes_a_marked_quotation() -> None:
    """It is its source's words, not the text's: said with its source and in quotation marks."""
    text = "Synthetic records keep the frequencies of each disease."
    source = Source("en", ("en.md",), "markdown", title="On records", date=interval(2023), language="en")
    english = Excerpt("eeeeee", source, text, 0, len(text))
    brief = Brief("Registros", (Heading("# Uno", "Uno", 1),), language="es")
    draft = Draft((Sentence(text, citations=(Citation("eeeeee"),)),))
    ((out,), _) = edit(brief, (draft,), {"eeeeee": english})
    (sentence,) = out.sentences
    assert "«Synthetic records keep the frequencies of each disease»" in sentence.text
    assert sentence.citations[0].quote == text.removesuffix(".")


def test_a_sentence_on_the_writers_own_task_is_left_out() -> None:
    """A small model wrote of "the author's text" and of an excerpt by its key; a source may be quoted as saying so."""
    said = (
        "The author’s text in this section does not say much.",
        "El texto del autor cita poco.",
        "El curso aaaaaa es bueno.",
        "Add a line on wealth to your reply.",
    )
    for text in said:
        assert edited(text) == ()
    assert len(edited("Según una fuente: «el texto del autor es claro».")) == 1
