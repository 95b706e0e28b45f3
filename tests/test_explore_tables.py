"""A text read sentence by sentence, two runs compared, and measures: what they show, for any source."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from rag.brief import parse_brief
from rag.config import Config
from rag.errors import RagError
from rag.evaluate import MEASURES, Estimate, Evaluation, Gain, Pair
from rag.explore import Reading, compare_runs, documents, intervals, measures, questions_needed
from rag.index import Index
from rag.pipeline import index_folder, write_brief
from rag.records import Brief, CheckedSection, Citation, Heading, NumberedSource, Report, Sentence
from tests.test_explore import HOSTILE, MONTH, excerpt, outside, texts
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path

ATTACK = "</summary><script>alert(1)</script><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """The elements of HTML, in order, and whether every one of them is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note an element."""
        self.names.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last one."""
        assert self.open.pop() == tag


# Reading


def report(*sentences: Sentence, text: str = "Antes. Los datos  sirven.\nDespués.", title: str = "Un título") -> Report:
    """Return a text of one section whose sentences may cite the excerpt `one`."""
    held = replace(excerpt("one", MONTH, title=title), text=text, page=3)
    section = CheckedSection(Heading(f"# {title}", title, 1), (), sentences)
    return Report(Brief("Tema", (), language="es"), (section,), (NumberedSource(1, held.source, (held,)),))


def test_a_sentence_opens_on_its_excerpts() -> None:
    """With verdict, date, title, page and key, and its words marked where they stand, however they were spaced."""
    shown = Reading(
        report(Sentence("Los datos sirven.", citations=(Citation("one"),), verdict="verbatim"))
    )._repr_html_()
    assert "<code>“” verbatim</code> Los datos sirven.</summary>" in shown
    assert "<b>2021-06 · Un título · p. 3 · k:one</b><br>Antes. <mark>Los datos sirven</mark>. Después." in shown


def test_a_quotation_is_marked_and_other_words_are_not() -> None:
    """A sentence in words of its own marks nothing; one that quotes marks the quotation."""
    own = Sentence("Otra cosa.", citations=(Citation("one"),), verdict="partly", reason="falta <algo>")
    quoting = replace(own, citations=(Citation("one", "datos sirven"), Citation("one", "no está"), Citation("gone")))
    assert "<mark>" not in Reading(report(own))._repr_html_()
    assert "<i>falta &lt;algo&gt;</i>" in Reading(report(own))._repr_html_()
    shown = Reading(report(quoting))._repr_html_()
    assert re.findall("<mark>(.+?)</mark>", shown) == ["datos sirven"]


def test_a_sentence_that_cites_nothing_does_not_open() -> None:
    """The author's is told apart; both forms say the same."""
    reading = Reading(report(Sentence("Del autor.", kind="author"), Sentence("Sin más.")))
    assert "<details>" not in reading._repr_html_()
    assert repr(reading).splitlines() == ["# Un título", "  author  Del autor.", "  – not checked  Sin más."]


def test_an_author_s_sentence_opens_on_what_it_could_cite() -> None:
    """With the reason; the sources' own words need none."""
    offered = Sentence("Del autor.", kind="author", offers=("one", "gone"), reason="puede citarse")
    shown = Reading(report(offered))._repr_html_()
    assert "<code>author</code> Del autor.</summary>" in shown
    assert "<i>puede citarse</i>" in shown
    assert "k:one" in shown
    assert "<i>" not in Reading(report(replace(offered, verdict="verbatim")))._repr_html_()


def test_sources_cannot_break_the_reading() -> None:
    """Whatever a title, an excerpt or a sentence holds, the elements are ours and all are closed."""
    sentence = Sentence(ATTACK, citations=(Citation("one", ATTACK),), reason=ATTACK)
    tags = Tags(Reading(report(sentence, text=f"x {ATTACK} y", title=ATTACK))._repr_html_())
    assert tags.names == ["p", "b", "details", "summary", "code", "div", "p", "i", "p", "b", "br", "mark"]
    assert not tags.open


# Runs

BRIEF = "---\ntopic: Los datos sintéticos\nwords: 100\nlanguage: es\n---\n# Privacidad de los pacientes\n# Docencia\n"
EARLIER = """
La privacidad de los pacientes mejora cuando los hospitales comparten datos sintéticos en lugar de historias reales.
La docencia de la medicina usa pacientes sintéticos para que los estudiantes practiquen sin riesgo.
"""
LATER = """
Un atacante reconoció en 2021 a doce pacientes, y su privacidad se perdió, en datos sintéticos mal generados.
La docencia clínica redujo con casos inventados los errores de los alumnos en un tercio.
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of a brief, the later one after a document came, in `first` and `second`; the index in `index`."""
    folder = tmp_path_factory.mktemp("runs")
    config, embedder = Config(judge="none"), WordEmbedder()
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, title, date, text in (("first", "Uno", "2021", EARLIER), ("second", ATTACK, "2024-11-05", LATER)):
        head = f'---\ntitle: "{title}"\ndate: {date}\nlanguage: es\n---\n'
        (corpus / f"{name}.md").write_text(head + text, encoding="utf-8")
        index_folder(corpus, folder / "index", config=config, embedder=embedder)
        with Index(folder / "index") as index:
            brief = parse_brief(BRIEF, name="brief.md", folder=folder)
            write_brief(brief, index=index, embedder=embedder, config=config, run_dir=folder / name)
    return folder


def test_changes_between_runs_are_rows(runs: Path) -> None:
    """Settings, then section by section sentences and evidence, then sources cited: one row each, dated where it is."""
    compared = compare_runs(runs / "first", runs / "second")
    rows = compared.rows()
    assert compared
    assert {tuple(row) for row in rows} == {("section", "what", "change", "date", "before", "after")}
    assert rows[0]["what"] == "generation"
    added = [row for row in rows if (row["what"], row["change"]) == ("excerpt", "added")]
    assert {row["section"] for row in added} <= {"Privacidad de los pacientes", "Docencia"}
    assert {row["date"] for row in added} == {"2024-11-05"}
    assert all(row["before"] is None for row in rows if row["change"] == "added")
    assert ATTACK in [row["after"] for row in rows if row["what"] == "source"]


def test_comparing_back_tells_the_same(runs: Path) -> None:
    """What is added one way is removed the other."""
    there, back = (compare_runs(runs / one, runs / other) for one, other in (("first", "second"), ("second", "first")))
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    forth = sorted((row["what"], row["change"], str(row["before"]), str(row["after"])) for row in there.rows())
    assert forth == sorted(
        (row["what"], turned[row["change"]], str(row["after"]), str(row["before"])) for row in back.rows()
    )


def test_a_comparison_shows_itself(runs: Path) -> None:
    """As a table whose elements are ours, with evidence behind a click; as lines; nothing where nothing differs."""
    compared = compare_runs(runs / "first", runs / "second")
    tags = Tags(compared._repr_html_())
    assert set(tags.names) <= {"table", "tbody", "tr", "th", "td", "details", "summary", "ins", "del"}
    assert not tags.open
    assert "<td" in compared._repr_html_()
    assert "+ " in repr(compared)
    same = compare_runs(runs / "first", runs / "first")
    assert (bool(same), same.rows(), same._repr_html_()) == (False, [], "nothing differs")


def test_a_sentence_that_changed_shows_both_wordings(runs: Path) -> None:
    """What is gone is struck out and what is new underlined, in one line."""
    from rag.explore.runs import _parted

    assert _parted("ayuda a 12 <b> casos", "ayuda a 13 <b> casos hoy") == (
        "ayuda a <del>12</del> <ins>13</ins> &lt;b&gt; casos <ins>hoy</ins>"
    )


def test_only_finished_runs_are_compared(tmp_path: Path) -> None:
    """Another folder is said."""
    with pytest.raises(RagError, match="there is no such run"):
        compare_runs(tmp_path / "no", tmp_path / "no")


def test_documents_are_rows_by_date(runs: Path) -> None:
    """With how the date is known and how many chunks there are."""
    with Index(runs / "index") as index:
        rows = documents(index.catalog)
    assert [(row["date"], row["date_from"], row["title"], row["chunks"], row["path"]) for row in rows] == [
        ("2021", "front matter", "Uno", 1, "first.md"), ("2024-11-05", "front matter", ATTACK, 1, "second.md"),
    ]  # fmt: skip


# Measures


def pair(name: str = "es→es", queries: int = 40, *, half: float = 0.1, gain: float = 0.05) -> Pair:
    """Return what four methods reach, each with an interval so wide."""
    methods = tuple(
        (method, tuple(Estimate(0.8, 0.8 - half, 0.8 + half) for _ in MEASURES))
        for method in ("dense", "lexical", "hybrid", "hybrid+MMR")
    )
    gains = tuple(Gain(measure, "dense", Estimate(gain, gain - half, gain + half)) for measure in MEASURES)
    return Pair(name, queries, queries, methods, gains)  # type: ignore[arg-type]


def evaluation(*pairs: Pair, name: str = "questions") -> Evaluation:
    """Return an evaluation of pairs of languages."""
    return Evaluation(name, None, "e", 50, 60, pairs)


def test_measures_are_rows() -> None:
    """One a pair, method and measure, with the bounds of its interval."""
    rows = measures(evaluation(pair(), pair("es→en")))
    assert len(rows) == 2 * 4 * len(MEASURES)
    assert rows[0] == {
        "pair": "es→es", "questions": 40, "method": "dense", "measure": "nDCG@10", "mean": 0.8, "low": 0.7, "high": 0.9,
    } | {"low": 0.8 - 0.1, "high": 0.8 + 0.1}  # fmt: skip


def test_half_the_width_takes_four_times_the_questions() -> None:
    """Off by 0.1 with 40 questions: 160 for 0.05, as many to tell a gain of 0.05 from none."""
    row = questions_needed(evaluation(pair()))[0]
    assert (row["off_by"], row["for_0.05"], row["to_tell_gain"]) == (0.1, 160, 160)
    assert questions_needed(evaluation(pair()), within=0.1)[0]["for_0.1"] == 40


def test_no_gain_and_no_interval_need_no_number() -> None:
    """Questions that would never be enough are not counted."""
    assert questions_needed(evaluation(pair(gain=0.0)))[0]["to_tell_gain"] is None
    row = questions_needed(evaluation(pair(half=0.0)))[0]
    assert (row["for_0.05"], row["to_tell_gain"]) == (None, None)


def test_intervals_are_drawn_by_method_and_measure() -> None:
    """A dot and a line each, a gain under each measure; nothing overlaps and all is within the paper."""
    picture = intervals(evaluation(pair("all"), pair("es→en", 10, half=0.2), name=HOSTILE), language="es")
    assert len(picture.axes) == 2 * len(MEASURES)
    assert all(len(axes.get_lines()) == 12 for axes in picture.axes)
    assert texts(picture).count("dense +.050 [-.050 .150]") == len(MEASURES)
    assert {"all: 40 preguntas", "es→en: 10 preguntas"} <= set(texts(picture))
    assert not [*outside(picture)]
    boxes = [text.get_window_extent() for text in picture.texts]
    labels = [label.get_window_extent() for axes in picture.axes for label in axes.get_xticklabels()]
    every = [*boxes, *labels]
    assert not [
        1 for row, one in enumerate(every) for other in every[row + 1 :] if one.shrunk(0.95, 0.8).overlaps(other)
    ]
