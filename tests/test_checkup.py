"""Claims about what is found in a draft of ours: nothing while it is untouched, and what a hand put wrong."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.brief import parse_brief, read_brief
from rag.config import Config
from rag.dates import parse_date
from rag.drafts.checkup import Checkup, checkup_json, inspect_draft
from rag.drafts.draft import read_draft
from rag.errors import RagError
from rag.index import Index
from rag.pipeline import index_folder, write_brief
from rag.records import Brief, Citation, Draft, Evidence, Excerpt, Heading, Sentence, Source, TimeLimits, excerpt_hash
from rag.render import to_markdown
from rag.report import check
from rag.retrieve import search_index
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.embed import BundledEmbedder

FOUNDING = Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt"


def excerpt(text: str, *, date: str = "", title: str = "") -> Excerpt:
    """Return an excerpt of a source of its own."""
    published = parse_date(date, origin="prefix")
    source = Source(text[:32], ("a.txt",), "snippet", title=title, date=published, language="es")
    return Excerpt(excerpt_hash(source.id, text)[:6], source, text, 0, len(text))


TRIAL = excerpt(
    "El ensayo incluyó a 1.250 pacientes en 12 hospitales. El 37,5 % de ellos mejoró tras el tratamiento.",
    date="Mar 8, 2023",
)
REPORT = excerpt(
    "Los datos sintéticos se están volviendo cada vez más importantes en la sanidad. Este informe aborda los desafíos "
    "de la privacidad que aún persisten y sus limitaciones inherentes.",
    date="Feb 27, 2024",
)
MEDICINE = excerpt(
    "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades mientras se mantiene "
    "la confidencialidad de los pacientes. Su coste bajó de 40 a 15 euros por registro.",
)
EXCERPTS = (TRIAL, REPORT, MEDICINE)

DRAFT = f"""# Impacto
Los datos ayudan a quien investiga.

El ensayo incluyó a 1.250 pacientes en 12 hospitales [1]. La mejoría llegó a más de un tercio: el 37,5 % [1].

# Desafíos

Según una fuente del 27 de febrero de 2024: «Este informe aborda los desafíos de la privacidad que aún persisten» [2].

Los datos sintéticos se están volviendo cada vez más importantes en la sanidad [2]. Eso abre una pregunta.

Quien genera los registros protege además a los enfermos [3].

# Referencias

[1] Extracto sin título, 8 de marzo de 2023: «El ensayo …» `k:{TRIAL.key}`

[2] Extracto sin título, 27 de febrero de 2024: «Los datos …» `k:{REPORT.key}`

[3] Extracto sin título, sin fecha: «La generación …» `k:{MEDICINE.key}`
"""


def find(key: str) -> tuple[Excerpt, ...]:
    """Return the excerpts whose hash begins so."""
    return tuple(one for one in EXCERPTS if excerpt_hash(one.source.id, one.text).startswith(key))


def inspect(text: str, *, held: tuple[Excerpt, ...] = EXCERPTS) -> Checkup:
    """Check a draft where these excerpts are held; every search finds all of them."""
    return inspect_draft(text, find=lambda key: tuple(one for one in find(key) if one in held), search=lambda _: held)


def found(text: str, *, held: tuple[Excerpt, ...] = EXCERPTS) -> list[tuple[int, str, str]]:
    """Return what is found as (line, check, verdict)."""
    return [(one.line, one.check, one.verdict) for one in inspect(text, held=held).findings]


def changed(old: str, new: str) -> str:
    """Return the draft with one thing changed, which it must hold once."""
    assert DRAFT.count(old) == 1
    return DRAFT.replace(old, new)


# Untouched


def test_a_sound_draft_has_no_findings() -> None:
    """Verbatim sentences, a paraphrase, a quotation, a hinge and the author's own words are all left alone."""
    checkup = inspect(DRAFT)
    assert checkup.findings == ()
    assert (checkup.coverage.sentences, checkup.coverage.verbatim) == (7, 3)
    assert checkup.control is not None
    assert checkup.control.passed


def test_an_entry_of_several_keys_does_not_blind_the_control() -> None:
    """A marker names all excerpts of its source; falsehoods are planted against the one its sentence rests on."""
    control = inspect(changed(f"`k:{TRIAL.key}`", f"`k:{MEDICINE.key}` `k:{TRIAL.key}`")).control
    assert control is not None
    assert control.kinds[2] == ("key", 5, 5)


@dataclass(frozen=True, slots=True)
class Shop:
    """An index made by the word embedder."""

    index: Index
    embedder: WordEmbedder

    def write(self, outline: str) -> str:
        """Write a brief of this outline."""
        brief = parse_brief(f"---\ntopic: datos\nlanguage: es\nwords: 120\n---\n{outline}", name="b", folder=Path())
        return to_markdown(write_brief(brief, index=self.index, embedder=self.embedder, config=Config()))

    def inspect(self, draft: str) -> Checkup:
        """Check a draft against the index."""
        return inspect_draft(
            draft,
            find=self.index.catalog.by_key,
            search=lambda text: search_index(text, self.index, embedder=self.embedder, k=8, limits=TimeLimits()).chosen,
        )


NOTES = {
    "salud.md": "---\ndate: 2023-05-17\nauthor: Ana Gil\n---\n# Datos en salud\n\nLos datos sintéticos permiten "
    "compartir registros sin exponer a los pacientes. El estudio comparó 1.250 registros de 12 hospitales durante "
    "2021. Sin embargo, la calidad del conjunto depende de los registros de partida.\n\nEn este informe analizamos la "
    "privacidad de los registros hospitalarios.",
    "etica.md": "# Ética\n\nLa privacidad diferencial añade ruido para proteger a cada paciente [3]. Un 37,5 % de los "
    "comités de ética pide una evaluación previa de los datos sintéticos. El riesgo de reidentificación no desaparece.",
    "note.md": "# Synthetic data\n\nSynthetic data protect the privacy of patients in most hospitals. The study of "
    "2019 covered 40 hospitals in Spain and 3 in Portugal.",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A small corpus, indexed."""
    folder, embedder = tmp_path_factory.mktemp("shop"), WordEmbedder()
    (folder / "corpus").mkdir()
    for name, text in NOTES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    index_folder(folder / "corpus", folder / "index", config=Config(), embedder=embedder)
    with Index(folder / "index") as index:
        yield Shop(index, embedder)


TITLES = st.sampled_from(
    ["Privacidad de los pacientes", "Datos sintéticos", "Registros y hospitales", "Ética", "Vinos"]
)
AUTHOR = st.sampled_from(
    [
        "",
        "Los datos sintéticos permiten compartir registros sin exponer a los pacientes.",
        "La privacidad diferencial añade ruido para los pacientes.\n\n- El método tiene dos caras.\n- Y un precio.",
        "> Una nota propia.\n\nLo que sigue se entiende mejor con un ejemplo de un hospital cualquiera de la comarca.",
    ]
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TITLES, AUTHOR), min_size=1, max_size=3))
def test_a_digest_of_ours_has_no_findings(shop: Shop, sections: list[tuple[str, str]]) -> None:
    """Whatever the outline, while its author types no figure, date or marker."""
    draft = shop.write("\n".join(f"# {title}\n{text}\n" for title, text in sections))
    assert shop.inspect(draft).findings == ()


SAID = st.sampled_from(
    [
        "El ensayo incluyó a 1.250 pacientes en 12 hospitales.",
        "El ensayo incluyó a 1.205 pacientes en 12 hospitales.",
        "La mejoría llegó a más de un tercio: el 37,5 %.",
        "Este informe aborda los desafíos de la privacidad que aún persisten y sus limitaciones inherentes.",
        "Según el informe, «los desafíos de la privacidad que aún persisten», que no son pocos, importan.",
        "Según los expertos, la privacidad no basta.",
        "Los datos sintéticos se están volviendo cada vez más importantes en la sanidad.",
        "Los datos sintéticos ganan importancia en la sanidad, y con ellos quienes los generan en los hospitales.",
        "A ello se suma un problema de método.",
        "Su coste bajó de 40 a 15 euros por registro [sic] en 2024.",
        "Su coste bajó de 40 a 15 euros",
    ]
)
CITED = st.lists(st.sampled_from([*(one.key for one in EXCERPTS), "zzzzzz"]), max_size=2, unique=True)
DRAFTED = st.builds(lambda text, keys: Sentence(text, citations=tuple(map(Citation, keys))), SAID, CITED)


@settings(deadline=None, max_examples=100)
@given(st.lists(DRAFTED, min_size=1, max_size=6))
def test_what_the_checks_let_through_has_no_findings(sentences: list[Sentence]) -> None:
    """Whatever a model wrote, right or wrong: what was found wrong when it was written is not in the text."""
    heading = Heading("# Datos", "Datos", 1)
    brief = Brief("datos", (heading,), language="es")
    report = check(brief, [Evidence(heading, EXCERPTS)], [Draft(tuple(sentences))])
    text = to_markdown(report)
    if report.sections[0].written:
        assert found(text) == []


@pytest.fixture(scope="module")
def digest(
    sample_index: Path, bundled: BundledEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Callable[[str], tuple[Excerpt, ...]]]]:
    """The founding digest and a way to find its excerpts: in the index, and those of the brief's own material."""
    folder = tmp_path_factory.mktemp("copy") / "index"
    shutil.copytree(sample_index, folder)
    with Index(folder) as index:
        brief = replace(read_brief(FOUNDING), words=1200)  # long enough for figures and quotations
        report = write_brief(brief, index=index, embedder=bundled, config=Config())
        own = {
            one.key: one for source in report.sources for one in source.excerpts if not index.catalog.by_key(one.key)
        }
        assert own
        yield to_markdown(report), lambda key: index.catalog.by_key(key) or tuple(filter(None, [own.get(key)]))


def lines_found(draft: str, find: Callable[[str], tuple[Excerpt, ...]]) -> set[int]:
    """Return the lines on which something is found; a search finds nothing."""
    return {one.line for one in inspect_draft(draft, find=find, search=lambda _: ()).findings}


def body_matches(draft: str, pattern: str) -> Iterator[re.Match[str]]:
    """Give the matches in what is written, not in notes and references."""
    body = draft[: draft.rindex("# Referencias")]
    return (one for one in re.finditer(pattern, body) if body[body.rfind("\n", 0, one.start()) + 1] != ">")


def line_of(draft: str, place: int) -> int:
    """Return the line a place lies on."""
    return draft.count("\n", 0, place) + 1


def test_the_founding_digest_has_no_findings(digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]]) -> None:
    """As it was written, every sentence checks out, the planted falsehoods are caught, and nothing is searched that the
    notes already offer.
    """
    draft, find = digest
    checkup = inspect_draft(draft, find=find, search=lambda _: ())
    assert checkup.findings == ()
    assert checkup.coverage.verbatim >= 15
    assert checkup.control is not None
    assert checkup.control.passed


def test_every_digit_changed_is_found_on_its_line(digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]]) -> None:
    """Each digit of the founding digest made the next one, one at a time, markers apart."""
    draft, find = digest
    digits = [one for one in body_matches(draft, r"\d") if not re.match(r"\d*\]", draft[one.start() :])]
    assert len(digits) > 5
    for one in digits:
        other = draft[: one.start()] + str((int(one[0]) + 1) % 10) + draft[one.end() :]
        assert line_of(draft, one.start()) in lines_found(other, find), draft[one.start() - 40 : one.end() + 10]


def test_every_word_changed_in_a_quotation_is_found(digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]]) -> None:
    """Each word of the founding digest's quotations made another, one at a time."""
    draft, find = digest
    quotations = [one for one in body_matches(draft, "«[^»]+»") if len(one[0].split()) > 4]
    words = [(q.start() + w.start(), w[0]) for q in quotations for w in re.finditer(r"\w+", q[0])]
    assert len(words) > 5
    for place, word in words:
        other = f"{draft[:place]}zanahoria{draft[place + len(word) :]}"
        assert line_of(draft, place) in lines_found(other, find), word


def test_every_entry_deleted_is_found_where_it_was_cited(
    digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]],
) -> None:
    """All lines with its marker, notes too, and those lines alone."""
    draft, find = digest
    for entry in re.findall(r"^\[(\d+)\] .*\n", draft, re.MULTILINE):
        other = re.sub(rf"(?m)^\[{entry}\] .*\n", "\n", draft)
        body = other[: other.rindex("# Referencias")].split("\n")
        assert lines_found(other, find) == {n for n, line in enumerate(body, 1) if f"[{entry}]" in line}


def test_every_two_markers_swapped_are_found_on_both_lines(
    digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]],
) -> None:
    """In a digest sentences are their sources' own words, so that another number is seen to be another source's."""
    draft, find = digest
    markers = list(body_matches(draft, r"\[\d+\]"))
    pairs = [(one, other) for one, other in pairwise(markers) if one[0] != other[0]]
    assert len(pairs) > 5
    for one, other in pairs:
        swapped = draft[: one.start()] + other[0] + draft[one.end() : other.start()] + one[0] + draft[other.end() :]
        assert {line_of(draft, one.start()), line_of(draft, other.start())} <= lines_found(swapped, find)


def test_a_sentence_invented_is_found_on_its_line(digest: tuple[str, Callable[[str], tuple[Excerpt, ...]]]) -> None:
    """A figure without a source, put after each paragraph in turn."""
    draft, find = digest
    for one in body_matches(draft, r"\n\n(?=[^>#\n])"):
        other = f"{draft[: one.end()]}El coste bajó un 83 % en dos años.\n\n{draft[one.end() :]}"
        assert lines_found(other, find) == {line_of(draft, one.end())}


# Edited


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.250", "1.251", [(4, "number", "unsupported")]),
        ("1.250", "1.350", [(4, "number", "unsupported")]),
        ("37,5", "38", [(4, "number", "unsupported")]),
        ("del 27 de febrero", "del 28 de febrero", [(8, "date", "unsupported")]),
        ("aún persisten", "ya no existen", [(8, "quote", "unsupported")]),
        (": «Este", " (2019): «Este", [(8, "date", "unsupported")]),
        (" en la sanidad [2]", " en la sanidad [1]", [(10, "key", "unsupported")]),
        (" en la sanidad [2]", " en la sanidad", [(10, "uncited", "unclear")]),
        (" en la sanidad [2]", " en la sanidad [7]", [(10, "dangling", "unsupported")]),
        (" hospitales [1]", " hospitales", [(4, "uncited", "unsupported")]),
        ("enfermos [3]", "enfermos", [(20, "dangling", "not_checkable")]),
        ("[3] Extracto", "[4] Extracto", [(12, "dangling", "unsupported"), (20, "dangling", "not_checkable")]),
        ("[3] Extracto", "[2] Extracto", [(12, "dangling", "unsupported"), (20, "dangling", "unclear")]),
        (f" `k:{MEDICINE.key}`", "", [(20, "dangling", "not_checkable")]),
        (f"k:{MEDICINE.key}", "k:aaaaaa", [(12, "key", "unsupported"), (20, "dangling", "unsupported")]),
        (f"`k:{MEDICINE.key}`", f"`k:aaaaaa` `k:{MEDICINE.key}`", [(20, "dangling", "unsupported")]),
        (f"k:{MEDICINE.key}", f"k:{MEDICINE.key} ", []),
        ("investiga.", "investiga [3].", []),
        ("una pregunta.", "una pregunta. Ya en 2019 la planteó la OMS.", [(10, "uncited", "unsupported")]),
    ],
)
def test_what_a_hand_put_wrong_is_found_on_its_line(old: str, new: str, expected: list[tuple[int, str, str]]) -> None:
    """Each by the check it fails, and nothing else is."""
    assert found(changed(old, new)) == expected


def test_what_only_meaning_tells_is_not_found() -> None:
    """Honestly: a paraphrase that cites the wrong source, and a copied sentence reworded, pass; the second is no longer
    counted as verbatim.
    """
    assert found(changed("a los enfermos [3]", "a los enfermos [1][3]")) == []
    swapped = DRAFT.replace("37,5 % [1]", "tercio de ellos [3]").replace(
        "La mejoría llegó a más de un tercio: el tercio de ellos", "La mejoría llegó a muchos de ellos"
    )
    assert found(swapped.replace("enfermos [3]", "enfermos [1]")) == []
    reworded = changed("cada vez más importantes", "poco a poco más importantes")
    assert found(reworded) == []
    assert inspect(reworded).coverage.verbatim == inspect(DRAFT).coverage.verbatim - 1


def test_a_source_gone_is_found_on_its_line_and_on_those_that_rest_on_it() -> None:
    """The entry's key leads nowhere, and each sentence that cites nothing else is left without support."""
    assert found(DRAFT, held=(REPORT, MEDICINE)) == [
        (4, "key", "unsupported"),
        (4, "key", "unsupported"),
        (16, "dangling", "unsupported"),
    ]


def test_what_part_of_a_source_cannot_decide_is_unclear() -> None:
    """A sentence that also cites what is gone may be right: it is not called unsupported."""
    both = changed("12 hospitales [1]", "12 hospitales [1][3]")
    assert (4, "number", "unclear") in found(both, held=(REPORT, MEDICINE))
    gone = [one for one in inspect(both, held=(REPORT, MEDICINE)).findings if one.check == "number"]
    assert "falta parte de lo que cita" in gone[0].reason


def test_a_key_of_several_excerpts_is_ambiguous() -> None:
    """Said once, on the entry's line, with the keys that tell them apart; a passage found twice is one."""
    other = replace(MEDICINE, key="longerkey", text="Otro texto.")

    def both(key: str) -> tuple[Excerpt, ...]:
        return (*find(key), *find(key), other) if key == MEDICINE.key else find(key)

    findings = inspect_draft(DRAFT, find=both, search=lambda _: ()).findings
    assert [(one.line, one.check, one.verdict) for one in findings] == [(20, "dangling", "unclear")]
    assert set(findings[0].offer) == {MEDICINE.key, "longerkey"}


def test_a_marker_in_a_note_needs_an_entry_and_uses_it() -> None:
    """Notes offer citations: their markers count, both ways."""
    assert found(changed("enfermos [3].", "enfermos.\n\n> Puede citarse [3][9].")) == [(14, "dangling", "unsupported")]


# What is offered

COPIED = (
    "Los datos sintéticos juegan un papel clave en la comprensión de las enfermedades manteniendo la confidencialidad "
    "de los pacientes."
)


def test_a_sentence_of_ones_own_that_a_source_says_is_offered_its_key() -> None:
    """Also a source that the draft does not cite yet; a note of the section that offers it already is enough."""
    mine = changed("Los datos ayudan a quien investiga.", COPIED)
    (finding,) = inspect(mine).findings
    assert (finding.line, finding.check, finding.verdict, finding.offer) == (2, "uncited", "unclear", (MEDICINE.key,))
    without = re.sub(r"Quien genera.*\n\n|\[3\] Extracto.*\n", "", mine)
    assert [one.offer for one in inspect(without).findings] == [(MEDICINE.key,)]
    assert found(mine.replace("# Desafíos", "> Puede citarse [3].\n\n# Desafíos")) == []


def test_a_wrong_marker_is_offered_the_right_key() -> None:
    """The key of the source that says it, never one the sentence cites already."""
    for new in ("[1]", "[9]"):
        (finding,) = inspect(changed("en la sanidad [2]", f"en la sanidad {new}")).findings
        assert finding.offer == (REPORT.key,)
    (finding,) = inspect(
        changed("cada vez más importantes en la sanidad [2]", "cada vez más importantes en 2 [2]")
    ).findings
    assert finding.offer == ()


def test_a_source_cited_already_is_not_offered() -> None:
    """A quotation altered by a word is nearly what its own source says: that is no way to mend it."""
    said = "El informe «aborda los desafíos de la privacidad que hoy persisten y sus limitaciones inherentes» [2]."
    (finding,) = inspect(changed("Eso abre una pregunta.", said)).findings
    assert (finding.check, finding.offer) == ("quote", ())
    (finding,) = inspect(changed("Eso abre una pregunta.", said.replace("[2]", "[1]"))).findings
    assert (finding.check, finding.offer) == ("quote", (REPORT.key,))


def test_nothing_is_searched_for_a_sound_draft() -> None:
    """A search costs an embedding: only sentences that may be offered something are asked about."""
    asked: list[str] = []

    def search(text: str) -> tuple[Excerpt, ...]:
        asked.append(text)
        return ()

    inspect_draft(DRAFT, find=find, search=search)
    assert asked == []
    inspect_draft(changed("1.250", "1.251"), find=find, search=search)
    assert asked == ["El ensayo incluyó a 1.251 pacientes en 12 hospitales."]


# Input and output


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# Solo un título\n", "```\ncódigo\n```\n", "Un\0texto.", "> nota\n", "· —"]
)
def test_what_holds_no_sentence_is_an_error_of_one_line(text: str) -> None:
    """An empty file, headings alone and binary data are told from a draft."""
    with pytest.raises(RagError, match=r"^the draft holds no sentence to check; [^\n]*$"):
        inspect(text)


def test_a_text_without_references_is_ones_own() -> None:
    """Nothing is resolved and no control can be run; a marker has no entry."""
    assert inspect("Una frase propia.").control is None
    assert found("Las ventas crecieron un 4 %.\n\nLo dice la ley [1].") == [
        (1, "uncited", "unsupported"),
        (3, "dangling", "unsupported"),
    ]


def test_reasons_are_in_the_drafts_language() -> None:
    """Spanish for Spanish, else English."""
    assert (
        inspect(changed("en la sanidad [2]", "en la sanidad [9]")).findings[0].reason
        == "[9] no está en las referencias"
    )
    english = "The new law has changed the market for good [9]."
    assert inspect(english).findings[0].reason == "[9] is not among the references"


def test_the_json_has_the_fields_promised() -> None:
    """`findings`, `coverage` and `control`, and each finding's six fields, all plain values."""
    product = checkup_json(inspect(changed("1.250", "1.251")))
    assert list(product) == ["findings", "coverage", "control", "sentences", "remarks"]
    assert product["findings"] == [
        {
            "line": 4,
            "sentence": "El ensayo incluyó a 1.251 pacientes en 12 hospitales.",
            "check": "number",
            "verdict": "unsupported",
            "reason": "la cifra «1.251» no está en lo que cita",
            "offer": [],
        }
    ]
    assert product["coverage"]["sentences"] == len(read_draft(DRAFT).sections[0].sentences) + 4
    assert product["control"]["passed"] is True
    assert {kind["kind"] for kind in product["control"]["kinds"]} >= {"digit", "date", "key", "source", "unit", "name"}
    assert checkup_json(inspect("Una frase propia."))["control"] is None
