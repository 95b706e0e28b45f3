"""A text edited by hand goes back in: what a person made of it stays theirs, and one section can be written anew."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.brief import parse_brief
from rag.config import Config
from rag.errors import RagError
from rag.pipeline import write_brief
from rag.render import to_markdown
from rag.revise import revise
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.records import Report

BRIEF = """---
topic: Datos sintéticos en hospitales
language: es
words: 200
material: |
  8 mar 2023 · Los hospitales publican registros sintéticos de pacientes. Las copias conservan las frecuencias de cada \
enfermedad. Los permisos de acceso se conceden en pocos días.
  5 may 2022 · La privacidad de los registros sintéticos se mide con ataques de inferencia. Los ataques reconocen a \
algunos miembros de la muestra. Las enfermedades raras quedan mal representadas en las copias.
  7 jun 2024 · Los comités de ética piden pruebas de privacidad antes de publicar. Los investigadores preparan su \
análisis sobre copias y lo ejecutan sobre datos reales.
---
# Usos en hospitales
Esta frase es del autor.
# Riesgos de privacidad
# Conclusión
"""
LEAVING = "Riesgos de privacidad"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run in it."""
    folder = tmp_path_factory.mktemp("kept") / "runs"
    brief = parse_brief(BRIEF, name="b.md", folder=folder.parent)
    (folder.parent / "b.md").write_text(BRIEF, encoding="utf-8")
    write_brief(brief, index=None, embedder=WordEmbedder(), config=Config(judge="none"), run_dir=folder / "first")
    return folder


@pytest.fixture(scope="module")
def printed(runs: Path) -> str:
    """The text as it was printed."""
    return to_markdown(again(runs / "first", runs))


def again(path: Path, runs: Path, *, section: str = "") -> Report:
    """Write a text again."""
    revision = revise(path, runs=runs, section=section)
    return write_brief(
        revision.brief, index=None, embedder=WordEmbedder(), config=Config(judge="none"), earlier=revision.earlier
    )


def edited(text: str, tmp_path: Path) -> Path:
    """Return a file of the text."""
    path = tmp_path / "edited.md"
    path.write_text(text, encoding="utf-8")
    return path


def bodies(text: str) -> dict[str, str]:
    """Return what stands under each heading, without what is said of the whole text."""
    parts = re.split(r"^# (.+)\n", text, flags=re.MULTILINE)
    held = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {title: re.sub(r"\n> (?:Digesto|El material)[^\n]*\n", "\n", body).rstrip() for title, body in held.items()}


def first_written(text: str, title: str) -> str:
    """Return the first sentence under a heading, with its markers."""
    found = re.search(r"\S[^\n.]*\[\d+\]\.", bodies(text)[title])
    assert found
    return found[0]


def test_a_text_written_again_unchanged_is_the_same(runs: Path, printed: str, tmp_path: Path) -> None:
    """Nothing of it is the person's, so all of it is written anew, from the same evidence."""
    assert to_markdown(again(edited(printed, tmp_path), runs)) == printed


def test_a_changed_sentence_is_the_authors(runs: Path, printed: str, tmp_path: Path) -> None:
    """It survives as typed, with its number; the wording it replaced is not said again; the others are written."""
    old = first_written(printed, LEAVING)
    new = old.replace(old.split()[0], "Ciertamente")
    report = again(edited(printed.replace(old, new), tmp_path), runs)
    assert new in to_markdown(report)
    assert old not in to_markdown(report)
    (own,) = [one for section in report.sections for one in section.written if one.kind == "author"]
    assert own.text == new
    assert own.citations
    assert {one.kind for section in report.sections for one in section.written} == {"author", "written"}


def test_an_added_sentence_survives_and_counts_as_the_authors(runs: Path, printed: str, tmp_path: Path) -> None:
    """With Markdown of the person's own, untouched by escapes; its words are in the section's count."""
    old = first_written(printed, LEAVING)
    report = again(edited(printed.replace(old, f"{old} Añado *esto* yo, sin citar nada."), tmp_path), runs)
    assert f"{old} Añado *esto* yo, sin citar nada." in to_markdown(report)


def test_a_removed_sentence_does_not_come_back(runs: Path, printed: str, tmp_path: Path) -> None:
    """What a person took out is not printed under any heading."""
    old = first_written(printed, LEAVING)
    report = again(edited(printed.replace(old, ""), tmp_path), runs)
    gone = re.sub(r" \[\d+\]\.", "", old)
    assert gone not in " ".join(one.text for section in report.sections for one in section.written)


def test_a_new_heading_and_its_text_are_kept(runs: Path, printed: str, tmp_path: Path) -> None:
    """The outline of an edited text is the person's: a heading they added stands where they put it."""
    text = printed.replace("# Conclusión\n", "# Costes\n\nLos costes los pongo yo.\n\n# Conclusión\n")
    report = again(edited(text, tmp_path), runs)
    assert [section.heading.title for section in report.sections] == [
        "Usos en hospitales", LEAVING, "Costes", "Conclusión"
    ]  # fmt: skip
    assert report.sections[2].heading.author_text == "Los costes los pongo yo."


def test_lists_and_code_of_the_persons_stay_whole(runs: Path, printed: str, tmp_path: Path) -> None:
    """What is no running text is kept byte for byte, blank lines inside code too."""
    mine = "- uno\n- dos [1]\n\n```\nx = 1\n\n\ny = [1]\n```"
    old = first_written(printed, LEAVING)
    report = again(edited(printed.replace(old, f"{old}\n\n{mine}\n\n"), tmp_path), runs)
    assert mine in to_markdown(report)


def test_one_section_anew_leaves_the_others(runs: Path, printed: str, tmp_path: Path) -> None:
    """Byte for byte, with their numbers, though edited by hand, lines rewrapped and marked up; it is cited in full."""
    changed = "Esta frase es **del autor**\ny la cambié.\n\n\n> Y una nota mía."
    mine = printed.replace("Esta frase es del autor.", changed)
    old = first_written(mine, "Usos en hospitales")
    mine = mine.replace(old, old.replace(" ", "\n", 1))
    after = to_markdown(again(edited(mine, tmp_path), runs, section="riesgos de PRIVACIDAD"))
    before, now = bodies(mine), bodies(after)
    for title in ("Usos en hospitales", "Conclusión"):
        assert now[title] == before[title]
    numbers = {n for title, body in now.items() if title != "Referencias" for n in re.findall(r"\[(\d+)\]", body)}
    assert numbers == set(re.findall(r"^\[(\d+)\]", now["Referencias"], re.MULTILINE))


def test_a_brief_or_a_run_serves_as_well(runs: Path, printed: str) -> None:
    """Its newest run is found by its outline, and then one section can be written anew."""
    for path in (runs.parent / "b.md", runs / "first"):
        after, before = bodies(to_markdown(again(path, runs, section=LEAVING))), bodies(printed)
        assert all(after[title] == before[title] for title in ("Usos en hospitales", "Conclusión"))


@pytest.mark.parametrize(
    ("section", "told"), [("Nada", "is no heading there; there are: Usos"), ("Conclusión", "more than once")]
)
def test_a_section_that_cannot_be_told(runs: Path, printed: str, tmp_path: Path, section: str, told: str) -> None:
    """No such heading, or two of it, is an error that names those there are."""
    twice = printed.replace("# Referencias", "# Conclusión\n\n# Referencias")
    with pytest.raises(RagError, match=re.escape(told)):
        revise(edited(twice, tmp_path), runs=runs, section=section)


def test_a_text_whose_run_is_gone_is_refused(printed: str, tmp_path: Path) -> None:
    """Its brief is not in the text; the error says what to give instead."""
    with pytest.raises(RagError, match=r"not under .*give its run's folder"):
        revise(edited(printed, tmp_path), runs=tmp_path / "none")


WORDS = st.text(st.sampled_from("abcdefg ñé*_[]#>`1.-"), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), WORDS), max_size=4))
def test_whatever_is_typed_between_words_survives(
    runs: Path, printed: str, tmp_path: Path, typed: list[tuple[int, str]]
) -> None:
    """Words put anywhere into the prose of a section are printed again, in order, and nothing breaks."""
    body = bodies(printed)[LEAVING]
    letters = [" ".join(re.sub("[^a-zñé ]", "", text).split()) for _, text in typed]
    words = [f"Yo digo {said} número{place}." for place, said in enumerate(letters)]
    pieces = re.split(r"(?<=\]\.) ", body)
    for (place, _), mine in sorted(zip(typed, words, strict=True), key=lambda item: -item[0][0]):
        pieces.insert(min(place, len(pieces)), mine)
    report = again(edited(printed.replace(body, " ".join(pieces)), tmp_path), runs)
    section = to_markdown(replace(report, sections=report.sections[1:2]))
    assert all(" ".join(mine.split()) in " ".join(section.split()) for mine in words)
