"""What changed between two runs: each change is told once and in its place, and both directions tell the same."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.brief import parse_brief
from rag.cli import main
from rag.config import Config
from rag.diff import Diff, SectionChange, Turnover, Writing, compare_writings, load_writing, same_source
from rag.errors import RagError
from rag.index import Index
from rag.pipeline import index_folder, write_brief
from rag.records import Citation, PublicationDate, Sentence, Source
from rag.render.diff import diff_json, diff_lines
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.records import CheckedSection

T = TypeVar("T")
BRIEF = """---
topic: Los datos sintéticos en los hospitales
words: 120
language: es
---
# Privacidad
La privacidad de los pacientes importa a los hospitales.
# Docencia
# Conclusión
"""
PRIVACY = """
La privacidad de los pacientes mejora cuando los hospitales comparten datos sintéticos en lugar de historias reales.
Un atacante reconoció en 2021 a 12 pacientes de un hospital a partir de datos sintéticos mal generados.
"""
TEACHING = """
La docencia de la medicina usa pacientes sintéticos para que los estudiantes practiquen sin riesgo.
Los profesores de docencia clínica prefieren casos sintéticos porque se pueden publicar con los exámenes.
"""
NEWER = """
La docencia con pacientes sintéticos redujo en 2024 los errores de los estudiantes de medicina en un tercio.
Los estudiantes de docencia clínica repiten con pacientes sintéticos los casos raros de la medicina.
"""


class Desk:
    """A folder of literature, an index and its runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.add("privacidad", "2021-05-03", PRIVACY)
        self.add("docencia", "2022", TEACHING)

    def add(self, name: str, date: str, text: str) -> None:
        """Put a document into the folder of literature."""
        path = self.folder / "corpus" / f"{name}.md"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"---\ntitle: Sobre {name}\ndate: {date}\nlanguage: es\n---\n{text}", encoding="utf-8")

    def write(self, name: str, brief: str = BRIEF, **chosen: Any) -> Writing:
        """Index, write the brief and return the run."""
        config, embedder, run = Config(judge="none", **chosen), WordEmbedder(), self.folder / "runs" / name
        index_folder(self.folder / "corpus", self.folder / "index", config=config, embedder=embedder)
        with Index(self.folder / "index") as index:
            asked = parse_brief(brief, name="brief.md", folder=self.folder)
            write_brief(asked, index=index, embedder=embedder, config=config, run_dir=run)
        return load_writing(run)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Literature on two of the brief's headings."""
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def first(desk: Desk) -> Writing:
    """The brief as it is written from two documents."""
    return desk.write("first")


@pytest.fixture(scope="module")
def second(first: Writing, desk: Desk) -> Writing:
    """The brief written again after a third document came."""
    desk.add("estudiantes", "2024-11-05", NEWER)
    return desk.write("second")


def section_of(diff: Diff, title: str) -> SectionChange:
    """Return what changed under a heading."""
    return next(one for one in diff.sections for held in (one.after or one.before,) if held.heading.title == title)  # type: ignore[union-attr]


def edited(writing: Writing, *sections: CheckedSection) -> Writing:
    """Return the writing with other sections."""
    return replace(writing, report=replace(writing.report, sections=sections))


def resaid(section: CheckedSection, place: int, **changed: Any) -> CheckedSection:
    """Return the section with one written sentence changed."""
    written = list(section.written)
    written[place] = replace(written[place], **changed)
    return replace(section, written=tuple(written))


def mirrored(diff: Diff) -> Diff:
    """Return a difference read backwards."""

    def back(turnover: Turnover[T]) -> Turnover[T]:
        return Turnover(turnover.gone, turnover.new)

    return Diff(
        diff.after,
        diff.before,
        tuple(replace(one, before=one.after, after=one.before) for one in diff.settings),
        tuple(
            SectionChange(
                one.after, one.before, one.place[::-1], one.moved, back(one.evidence), back(one.literature),
                tuple(replace(s, before=s.after, after=s.before, citations=back(s.citations)) for s in one.sentences),
            )
            for one in diff.sections
        ),
        back(diff.sources),
    )  # fmt: skip


def unordered(diff: Diff) -> tuple[Any, ...]:
    """Return a difference without the order it is told in, which follows the later text."""
    sections = (replace(one, sentences=tuple(sorted(one.sentences, key=repr))) for one in diff.sections)
    return set(diff.settings), sorted(sections, key=repr), diff.sources, diff.before, diff.after


def test_new_literature_is_told_under_the_headings_it_serves(first: Writing, second: Writing) -> None:
    """What came since is named with its date where it is evidence, and the sentences it gave are added."""
    diff = compare_writings(first, second)
    teaching = section_of(diff, "Docencia")
    assert [(one.title, str(one.date)) for one in teaching.literature.new] == [("Sobre estudiantes", "2024-11-05")]
    assert all(one.title == "Sobre estudiantes" for each in diff.sections for one in each.evidence.new)
    assert not any(each.literature.gone for each in diff.sections)
    added = [one for one in teaching.sentences if one.before is None and one.after and one.after.text in NEWER]
    assert added
    assert all(one.citations.new for one in added)
    assert [one.title for one in diff.sources.new] == ["Sobre estudiantes"]
    assert "    + 2024-11-05  Sobre estudiantes\n" in diff_lines(diff)
    assert [one.name for one in diff.settings] == ["generation"]


def test_a_run_does_not_differ_from_itself(first: Writing) -> None:
    """There is nothing to tell."""
    diff = compare_writings(first, first)
    assert not diff
    assert diff_lines(diff) == "nothing differs"


def test_the_same_written_twice_does_not_differ(second: Writing, desk: Desk) -> None:
    """Two runs of one brief over one index say the same, whenever they were."""
    assert not compare_writings(second, desk.write("third"))


def test_the_other_direction_mirrors(first: Writing, second: Writing) -> None:
    """What is new in one direction is gone in the other."""
    assert unordered(mirrored(compare_writings(first, second))) == unordered(compare_writings(second, first))


def test_text_cut_anew_is_neither_new_nor_gone(tmp_path: Path) -> None:
    """Smaller chunks give other keys; the passages and citations stay what they are, the setting is named."""
    desk = Desk(tmp_path)
    large, small = desk.write("large", per_source=8), desk.write("small", per_source=8, chunk_tokens=20)
    keys = [{one.key for each in writing.report.sections for one in each.evidence} for writing in (large, small)]
    diff = compare_writings(large, small)
    assert keys[1] - keys[0]
    assert ("settings.chunk_tokens", 200, 20) in {(one.name, one.before, one.after) for one in diff.settings}
    assert not diff.sources
    assert not any(each.literature for each in diff.sections)
    assert not any(each.evidence.new for each in diff.sections)
    kept = [one for each in diff.sections for one in each.sentences if one.before and one.after]
    assert not any(one.citations for one in kept)


def test_a_text_read_anew_is_the_same_source(first: Writing) -> None:
    """Another id of the document, and so another key, makes no passage new where file and title are the same."""

    def anew(section: CheckedSection) -> CheckedSection:
        evidence = tuple(
            replace(one, key=f"z{one.key}", source=replace(one.source, id=f"z{one.source.id}"), start=one.start + 7)
            for one in section.evidence
        )
        return replace(section, evidence=evidence)

    diff = compare_writings(first, edited(first, *map(anew, first.report.sections)))
    assert not any(one.evidence or one.literature for one in diff.sections)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"doi": "10.1/ab"}, {"doi": "10.1/AB"}, True),
        ({"doi": "10.1/ab", "paths": ("a.pdf",)}, {"doi": "10.1/cd", "paths": ("a.pdf",)}, False),
        ({"url": "https://a.org"}, {"url": "https://a.org", "doi": "10.1/ab"}, True),
        ({"paths": ("a.pdf",)}, {"paths": ("b.pdf", "a.pdf")}, True),
        ({"paths": ("a.pdf",), "title": "A"}, {"paths": ("a.pdf",), "title": "B"}, False),
        ({"paths": ("s.txt",), "format": "snippet"}, {"paths": ("s.txt",), "format": "snippet"}, False),
        ({"title": "A"}, {"title": "A"}, False),
    ],
)
def test_a_source_is_known_by_what_identifies_it(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    """DOI, address, then file and title; snippets of one file are apart. Both ways alike."""
    plain: dict[str, Any] = {"paths": (), "format": "pdf"}
    a, b = Source(id="a", **(plain | one)), Source(id="b", **(plain | other))
    assert same_source(a, b) == same_source(b, a) == same


def test_sections_added_removed_and_moved_are_named(desk: Desk, second: Writing) -> None:
    """The heading that left its place is moved, those it passed are not."""
    other = desk.write("outline", BRIEF.partition("# Privacidad")[0] + "# Conclusión\n# Privacidad\n# Ética\n")
    diff = compare_writings(second, other)
    told = diff_lines(diff)
    assert "# Ética\n  added: section 3\n" in told
    assert "# Docencia\n  removed: section 2\n" in told
    assert "# Conclusión\n  moved: section 3 → 1\n" in told
    changes = [one["change"] for one in diff_json(diff)["sections"]]
    assert sorted(changes) in (["added", "moved", "moved", "removed"], ["added", "kept", "moved", "removed"])


def test_equal_titles_are_told_apart_by_what_they_stand_under(first: Writing) -> None:
    """A section goes with the heading above it, also where an equal one before it is left out."""
    one, other, last = first.report.sections

    def under(section: CheckedSection, title: str, level: int) -> CheckedSection:
        heading = replace(section.heading, title=title, line=f"{'#' * level} {title}", level=level)
        return replace(section, heading=heading)

    a, results_a = under(last, "A", 1), under(one, "Resultados", 2)
    b, results_b = under(last, "B", 1), under(other, "Resultados", 2)
    diff = compare_writings(edited(first, a, results_a, b, results_b), edited(first, b, results_b))
    assert [(each.before, each.after) for each in diff.sections] == [(a, None), (results_a, None)]
    renamed = compare_writings(edited(first, a, results_a), edited(first, b, results_a))
    assert [(each.before, each.after) for each in renamed.sections] == [(None, b), (a, None)]


def test_a_sentence_that_changed_is_one_change(first: Writing) -> None:
    """Another word, a verdict, a kind, a citation: told with what was before; what is untouched is not told."""
    privacy, teaching, last = first.report.sections
    place = next(i for i, one in enumerate(teaching.written) if "pacientes" in one.text)
    sentence = teaching.written[place]
    changed = resaid(
        teaching,
        place,
        text=sentence.text.replace("pacientes", "enfermos"),
        kind="author",
        verdict="partly",
        citations=(Citation("zzzzzz"),),
    )
    diff = compare_writings(first, edited(first, privacy, changed, last))
    (change,) = section_of(diff, "Docencia").sentences
    assert (change.before, change.after) == (sentence, changed.written[place])
    assert [one.key for one in change.citations.new] == ["zzzzzz"]
    assert [one.key for one in change.citations.gone] == [one.key for one in sentence.citations]
    told = diff_lines(diff)
    assert "written → author, verbatim → partly\n" in told
    assert "+ cites k:zzzzzz  no excerpt\n" in told
    assert len(diff.sections) == 1


def test_a_long_sentence_is_shown_where_it_parts(first: Writing) -> None:
    """The words that both wordings begin with are cut, those that differ are seen."""
    privacy, *rest = first.report.sections
    long = "Los hospitales que comparten datos sintéticos con centros de otros países y con empresas " * 2
    old, new = (resaid(privacy, 0, text=f"{long} tienen {number} pacientes.") for number in (12, 14))
    told = diff_lines(compare_writings(edited(first, old, *rest), edited(first, new, *rest)))
    assert "    ~ … y con empresas tienen 12 pacientes.\n    → … y con empresas tienen 14 pacientes." in told


def test_other_words_and_limits_are_told(desk: Desk, second: Writing) -> None:
    """What was asked of the whole and of each section, and what was written."""
    brief = BRIEF.replace("words: 120", "words: 60").replace("language: es", "language: es\nsince: 2022")
    diff = compare_writings(second, desk.write("short", brief))
    told = {(one.name, one.before, one.after) for one in diff.settings}
    assert told >= {("brief.words", 120, 60), ("brief.since", None, "2022-01-01")}
    product = diff_json(diff)
    assert product["before"]["words"]["asked"] == 120
    assert product["after"]["words"] == {"asked": 60, "written": diff.after.words[1]}
    halves = [one for one in product["sections"] if one["before"]["title"] == "Docencia"]
    assert halves[0]["before"]["words"]["asked"] > halves[0]["after"]["words"]["asked"]
    privacy = section_of(diff, "Privacidad")
    assert [one.title for one in privacy.literature.gone] == ["Sobre privacidad"]


HOSTILE = st.text(st.characters(exclude_categories=()), max_size=250) | st.sampled_from(
    ["x\n    + 2024  Otro", "\x1b[31mrojo\x07", "a\u202eb\u200bc\u2028d", "palabra" * 40]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=HOSTILE, title=HOSTILE)
def test_untrusted_text_stays_on_its_line(first: Writing, text: str, title: str) -> None:
    """No line is over 100 characters, holds a control character, or is made by a text itself."""
    plain = edited(first, *hostile(first, "texto", "título"))
    told = diff_lines(compare_writings(first, edited(first, *hostile(first, text, title))))
    lines = told.split("\n")
    assert all(len(line) <= 100 and line.isprintable() for line in lines)
    assert len(lines) == len(diff_lines(compare_writings(first, plain)).split("\n"))


def hostile(writing: Writing, text: str, title: str) -> tuple[CheckedSection, ...]:
    """Return the sections with one added whose every text is given."""
    model = writing.report.sections[0]
    source = Source(id="new", paths=(title,), format="pdf", title=title, date=PublicationDate(text=text))
    excerpt = replace(model.evidence[0], key="newkey", source=source, text=text)
    heading = replace(model.heading, line=f"# {title}", title=f"+{title}")
    said = Sentence(text, citations=(Citation("newkey"),))
    added = replace(model, heading=heading, author=(), written=(said,), evidence=(excerpt,))
    return (*writing.report.sections, added)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seeds=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
def test_any_two_texts_mirror(second: Writing, seeds: tuple[int, int]) -> None:
    """Sections shuffled, left out and repeated, sentences mixed and changed: both directions tell the same, and a text
    does not differ from itself.
    """
    one, other = (shuffled(second, random.Random(seed)) for seed in seeds)  # noqa: S311 - nothing is secret
    assert unordered(mirrored(compare_writings(one, other))) == unordered(compare_writings(other, one))
    assert not compare_writings(one, one)


def shuffled(writing: Writing, chance: random.Random) -> Writing:
    """Return the writing mixed by chance."""
    pool = [sentence for section in writing.report.sections for sentence in section.written]
    sections = []
    for section in chance.choices(writing.report.sections, k=chance.randint(0, 5)):
        said = [
            replace(one, text=" ".join(word for word in one.text.split() if chance.random() < 0.8))
            for one in chance.choices(pool, k=chance.randint(0, 4))
        ]
        level = chance.randint(1, 3)
        evidence = tuple(chance.sample(section.evidence, k=chance.randint(0, len(section.evidence))))
        heading = replace(section.heading, level=level)
        sections.append(replace(section, heading=heading, written=(*said, *section.written[:1]), evidence=evidence))
    return edited(writing, *sections)


def test_the_command_prints_lines_or_one_object(
    first: Writing, second: Writing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stdout, with nothing on stderr; the object names both runs and holds sentences whole."""
    runs = [first.folder, second.folder]
    monkeypatch.setattr(sys, "argv", ["rag", "diff", *runs])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    assert (stopped.value.code or 0, err) == (0, "")
    assert out == diff_lines(compare_writings(first, second)) + "\n"
    monkeypatch.setattr(sys, "argv", ["rag", "diff", *runs, "--json"])
    with pytest.raises(SystemExit):
        main()
    product = json.loads(capsys.readouterr().out)
    assert [product[side]["run"] for side in ("before", "after")] == runs
    assert set(product) == {"before", "after", "settings", "sections", "sources"}
    texts = [one["after"]["text"] for each in product["sections"] for one in each["sentences"] if one["after"]]
    assert any(text in NEWER for text in texts)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (("run.json", "report.json"), "is not the folder of a run"),
        (("report.json",), "cut short before its text was written"),
        ((), "cut short before it was finished"),
    ],
)
def test_what_is_no_finished_run_is_refused(
    first: Writing, tmp_path: Path, missing: tuple[str, ...], said: str
) -> None:
    """The folder and what is wrong with it are named."""
    for path in Path(first.folder).iterdir():
        if path.name not in missing:
            (tmp_path / path.name).write_bytes(path.read_bytes().replace(b'"finished": true', b'"finished": false'))
    with pytest.raises(RagError, match=said) as refused:
        load_writing(tmp_path)
    assert str(tmp_path) in str(refused.value)
    with pytest.raises(RagError, match="there is no such run"):
        load_writing(tmp_path / "nowhere")
