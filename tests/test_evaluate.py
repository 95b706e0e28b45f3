"""Retrieval measured on labelled questions: the files, the ways of searching, the measures and their intervals."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli import main
from rag.errors import RagError
from rag.evaluate import Query, as_values, bench, estimates, evaluate, query_values, read_collection, table
from rag.evaluate.methods import DEPTH, best_documents
from rag.progress import Progress
from rag.records import Excerpt, Source, TimeLimits
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rag.evaluate import Evaluation

    Row = Mapping[str, object]

GARDEN = [
    {"_id": "rosas", "text": "Las rosas piden sol y riego.\n\n" + "El jardín descansa en invierno.", "language": "es"},
    {"_id": "figs", "text": "Fig trees bear fruit twice a year.", "language": "en", "date": "2019"},
    {"_id": "vines", "title": "Vines", "text": "Prune them in winter.", "language": "en", "date": "2021-03"},
]
ASKED = [
    {"_id": "q1", "text": "¿Cuánto sol piden las rosas?", "language": "es", "group": "a"},
    {"_id": "q2", "text": "¿Cuándo dan fruto los fig trees?", "language": "es", "group": "b"},
    {"_id": "q3", "text": "When are vines pruned in winter?", "language": "en", "group": "b"},
]
PAIRS = [("q1", "rosas", 1), ("q2", "figs", 1), ("q3", "vines", 2)]


def written(
    folder: Path, documents: Sequence[Row] = GARDEN, queries: Sequence[Row] = ASKED, pairs: Sequence[Any] = PAIRS
) -> Path:
    """Write a collection and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus", documents), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = ("\t".join(map(str, pair)) for pair in (("query-id", "corpus-id", "score"), *pairs))
    (folder / "qrels.tsv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def measured(folder: Path, embedder: WordEmbedder | None = None, **settings: Any) -> Evaluation:
    """Evaluate a collection with the embedder of words."""
    return evaluate(
        read_collection(folder), embedder=embedder or WordEmbedder(), chunk_tokens=12, progress=Progress(), **settings
    )


def asked(id_: str, relevant: Mapping[str, int]) -> Query:
    """Return a query of which only its relevant documents matter."""
    return Query(id_, "?", "es", id_, TimeLimits(), relevant, "es")


@pytest.fixture
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds nothing yet."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


# Measures


def test_measures_are_those_of_the_textbook() -> None:
    """Relevant documents at places 2 and 4 of a list, and a third not found: DCG 1/log2(3) + 1/log2(5) over the ideal
    1 + 1/log2(3) + 1/log2(4); recall 2/3; the first at place 2.
    """
    (values,) = query_values([asked("q", {"b": 1, "d": 1, "z": 1})], {"q": ("a", "b", "c", "d")})
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert values.tolist() == pytest.approx([(1 / math.log2(3) + 1 / math.log2(5)) / ideal, 2 / 3, 1 / 2, 0.0])


def test_a_more_relevant_document_counts_more() -> None:
    """With grades 2 and 1 the better first gives an nDCG of 1, the other way round less: (1 + 2/log2(3)) over
    (2 + 1/log2(3)).
    """
    queries = [asked("right", {"a": 2, "b": 1}), asked("wrong", {"a": 2, "b": 1})]
    values = query_values(queries, {"right": ("a", "b"), "wrong": ("b", "a")})
    assert values[:, 0].tolist() == pytest.approx([1.0, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))])


def test_a_query_that_finds_nothing_counts_as_nothing() -> None:
    """It is not left out of the mean."""
    values = query_values([asked("q", {"a": 1}), asked("none", {"a": 1})], {"q": ("a",), "none": ()})
    assert values.tolist() == [[1.0] * 4, [0.0] * 4]


def test_documents_rank_where_their_best_excerpt_does() -> None:
    """Later excerpts of a document add nothing; documents of one text stand together; ten are enough."""
    excerpts = [Excerpt("k", Source(id_, (), "text"), "t", 0, 1) for id_ in ("b", "a", "b", *map(str, range(20)))]
    ids = {"a": ("A",), "b": ("B", "B again")} | {str(number): (str(number),) for number in range(20)}
    found = best_documents(excerpts, ids)
    assert found[:4] == ("B", "B again", "A", "0")
    assert len(found) == DEPTH


# Intervals


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abcdef")), min_size=1, max_size=30))
def test_intervals_lie_within_what_was_measured(rows: list[tuple[float, str]]) -> None:
    """A bound is a mean of sampled queries, so never below the least nor above the greatest; the same each time."""
    values, groups = np.array([[value] for value, _ in rows]), [group for _, group in rows]
    (estimate,) = estimates(values, groups)
    assert values.min() - 1e-6 <= estimate.low <= estimate.high <= values.max() + 1e-6
    assert estimate.mean == pytest.approx(values.mean(), abs=1e-6)
    assert estimates(values, groups) == (estimate,)


def test_whole_groups_are_drawn() -> None:
    """Four queries of two groups tell no more than two: the interval reaches from one group's mean to the other's."""
    values = np.array([[1.0], [1.0], [0.0], [0.0]])
    (grouped,), (single,) = estimates(values, ["a", "a", "b", "b"]), estimates(values, ["a", "b", "c", "d"])
    assert (grouped.low, grouped.high) == (0.0, 1.0)
    (many,) = estimates(np.repeat(values, 25, axis=0), [str(row) for row in range(100)])
    assert (many.low, many.high) == pytest.approx((0.4, 0.6), abs=0.02)  # binomial: 0.5 ± 1.96 * 0.05
    assert single.mean == many.mean == 0.5


def test_gain_is_told_query_by_query_over_the_better_of_the_two(tmp_path: Path) -> None:
    """It is the difference of the means, and names what it is over."""
    for pair in measured(written(tmp_path / "garden")).pairs:
        found = dict(pair.methods)
        for column, gain in enumerate(pair.gains):
            means = {method: found[method][column].mean for method in ("dense", "lexical", "hybrid")}
            assert means[gain.over] == max(means["dense"], means["lexical"])
            assert gain.estimate.mean == pytest.approx(means["hybrid"] - means[gain.over], abs=2e-6)


# Files


def test_a_collection_is_read_with_what_is_told_of_it(tmp_path: Path) -> None:
    """Titles are headings, dates and times intervals, languages told or detected, scores of 0 no answers."""
    queries = [*ASKED, {"_id": "q4", "text": "¿Qué árboles dan higos en el jardín?", "since": "2019", "as_of": "2020"}]
    pairs = [*PAIRS, ("q4", "figs", 1), ("q4", "rosas", 1), ("q4", "vines", 0)]
    collection = read_collection(written(tmp_path / "garden", queries=queries, pairs=pairs))
    vines, asked_last = collection.documents[2], collection.queries[3]
    assert (vines.text, vines.sections[0].title) == ("Vines\n\nPrune them in winter.", "Vines")
    assert str(vines.source.date) == "2021-03"
    assert (asked_last.language, asked_last.answers, asked_last.group) == ("es", "en+es", "q4")
    assert dict(asked_last.relevant) == {"figs": 1, "rosas": 1}
    assert (str(asked_last.limits.since), str(asked_last.limits.as_of)) == ("2019-01-01", "2020-12-31")


def test_the_layout_of_beir_is_read(tmp_path: Path) -> None:
    """Relevance in qrels/test.tsv, empty texts, and queries nobody judged, which are left out."""
    folder = written(
        tmp_path / "beir",
        [*GARDEN, {"_id": "none", "title": "", "text": "", "metadata": {}}],
        [*ASKED, {"_id": "q9", "text": "of the training half", "metadata": {}}],
    )
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert [query.id for query in read_collection(folder).queries] == ["q1", "q2", "q3"]
    assert measured(folder).documents == 4


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("corpus.jsonl", b"{", "corpus.jsonl:4: no JSON"),
        ("corpus.jsonl", b"[1]", "corpus.jsonl:4: no object with a “text”"),
        ("corpus.jsonl", b'{"_id": "x", "text": NaN}', "corpus.jsonl:4: “text” is no text; put it in quotes"),
        ("corpus.jsonl", b'{"text": "x"}', "corpus.jsonl:4: no “_id”"),
        ("corpus.jsonl", b'{"_id": "figs", "text": "x"}', "corpus.jsonl:4: its “_id” figs is that of"),
        ("corpus.jsonl", b'{"_id": "x", "text": "x", "date": "May"}', "corpus.jsonl:4: “date”: “May” is no date"),
        ("corpus.jsonl", b'{"_id": "\xff", "text": "x"}', "corpus.jsonl: no UTF-8"),
        ("queries.jsonl", b'{"_id": "x", "text": " "}', "queries.jsonl:4: its “text” is empty"),
        ("queries.jsonl", b'{"_id": "x", "text": "x", "since": "May"}', "queries.jsonl:4: “May” is no date"),
        ("queries.jsonl", b'{"_id": 7, "text": "x"}', "queries.jsonl:4: “_id” is no text; put it in quotes"),
        ("qrels.tsv", b"q1 rosas 1", "qrels.tsv:5: not three columns parted by tabs"),
        ("qrels.tsv", b"q1\trosas\thigh", "qrels.tsv:5: not three columns parted by tabs"),
        ("qrels.tsv", b"q7\trosas\t1", "qrels.tsv:5: there is no query q7"),
        ("qrels.tsv", b"q1\tcactus\t1", "qrels.tsv:5: there is no document cactus"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(tmp_path: Path, name: str, line: bytes, said: str) -> None:
    """The line as an editor counts it, and what to do."""
    folder = written(tmp_path / "garden", pairs=[*PAIRS, ("x", "figs", 1)][: 4 if name == "queries.jsonl" else 3])
    with (folder / name).open("ab") as file:
        file.write(b"\n" + line)
    with pytest.raises(RagError) as fault:
        read_collection(folder)
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """What is missing is named; a collection without a relevant pair cannot be measured."""
    with pytest.raises(RagError, match=r"no corpus\.jsonl and no queries\.jsonl here"):
        read_collection(tmp_path / "nowhere")
    folder = written(tmp_path / "garden", pairs=[("q1", "rosas", 0)])
    with pytest.raises(RagError, match="no query has a relevant document"):
        read_collection(folder)
    (folder / "qrels.tsv").unlink()
    with pytest.raises(RagError, match=r"neither qrels\.tsv nor qrels/test\.tsv"):
        read_collection(folder)


def test_halves_part_the_queries_by_group(tmp_path: Path) -> None:
    """Each query is in one half, a group's in the same; and a limit takes some of all over."""
    queries = [{"_id": f"q{number}", "text": "sol", "group": f"g{number // 3}"} for number in range(60)]
    folder = written(tmp_path / "garden", queries=queries, pairs=[(query["_id"], "rosas", 1) for query in queries])
    whole = read_collection(folder)
    first, second = whole.part(half="first"), whole.part(half="second")
    assert {query.id for query in first.queries} ^ {query.id for query in second.queries} == {
        query.id for query in whole.queries
    }
    assert not {query.group for query in first.queries} & {query.group for query in second.queries}
    assert min(len(first.queries), len(second.queries)) > 12
    assert [query.id for query in whole.part(limit=3).queries] == ["q0", "q20", "q40"]
    with pytest.raises(RagError, match="no query falls into the"):
        whole.part(limit=1).part(half="second" if whole.queries[0].half == "first" else "first")


# Searching


def test_a_small_collection_is_measured_end_to_end(tmp_path: Path) -> None:
    """Every method finds what shares its words; pairs are told apart by the languages of question and answer."""
    evaluation = measured(written(tmp_path / "garden"))
    assert (evaluation.documents, evaluation.chunks) == (3, 3)
    assert [(pair.name, pair.queries, pair.groups) for pair in evaluation.pairs] == [
        ("all", 3, 2), ("en→en", 1, 1), ("es→en", 1, 1), ("es→es", 1, 1),
    ]  # fmt: skip
    assert [method for method, _ in evaluation.pairs[0].methods] == ["dense", "lexical", "hybrid", "hybrid+MMR"]
    assert all(estimate.mean == 1.0 for _, found in evaluation.pairs[0].methods for estimate in found)


def test_measuring_again_embeds_nothing(tmp_path: Path, fresh_cache: Path) -> None:
    """The index is found again, its vectors and those of the queries with it; an index that other code cut is cut anew
    from the vectors it holds; another text is another index.
    """
    folder, embedder = written(tmp_path / "garden"), WordEmbedder()
    first = measured(folder, embedder)
    seen = [*embedder.passages_seen, *embedder.queries_seen]
    assert len(seen) == len(set(seen))
    assert measured(folder, embedder) == first
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(bench, "_code", lambda: "another")
        assert measured(folder, embedder) == first
    assert [*embedder.passages_seen, *embedder.queries_seen] == seen
    written(folder, [{**GARDEN[0], "text": "Otro texto sobre rosas al sol."}, *GARDEN[1:]])
    measured(folder, embedder)
    assert len(list((fresh_cache / "evaluations").glob("garden-*"))) == 2


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable that names another."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "file"))
    with pytest.raises(RagError, match=r"cannot be kept here.*RAG_CACHE"):
        measured(written(tmp_path / "garden"))


def test_queries_keep_their_own_times(tmp_path: Path) -> None:
    """What a query's limits forbid is not found by any method."""
    limited = [{**ASKED[1], "until": "2018"}, {**ASKED[2], "since": "2020"}]
    evaluation = measured(written(tmp_path / "garden", queries=limited, pairs=PAIRS[1:]))
    found = {pair.name: [estimates[1].mean for _, estimates in pair.methods] for pair in evaluation.pairs}
    assert found["es→en"] == [0.0] * 4
    assert found["en→en"] == [1.0] * 4


class FigsFirst:
    """A reranker that knows one thing."""

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """Prefer figs."""
        return [float("Fig" in text) for text in texts]


def test_a_reranker_is_measured_beside_the_others(tmp_path: Path) -> None:
    """It orders what hybrid search found."""
    queries = [{**ASKED[2], "text": "winter vines fruit"}]
    evaluation = measured(written(tmp_path / "garden", queries=queries, pairs=PAIRS[2:]), reranker=FigsFirst())
    scores = {method: found[2].mean for method, found in evaluation.pairs[0].methods}
    assert list(scores) == ["dense", "lexical", "hybrid", "hybrid+MMR", "reranked"]
    assert scores["reranked"] < scores["hybrid"]


def test_texts_that_stand_twice_are_one_document(tmp_path: Path) -> None:
    """Either of their ids is an answer."""
    twin = {**GARDEN[1], "_id": "figs again"}
    evaluation = measured(written(tmp_path / "garden", [*GARDEN, twin], pairs=[("q2", "figs again", 1)]))
    assert (evaluation.documents, evaluation.chunks) == (4, 3)
    assert dict(evaluation.pairs[0].methods)["dense"][1].mean == 1.0


# The command


@pytest.fixture
def rag(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Any]:
    """Run a command; return its exit status and what it printed where."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return int(stopped.value.code or 0), *capsys.readouterr()

    return run


def test_the_command_prints_a_table_or_one_object(rag: Callable[..., Any], tmp_path: Path) -> None:
    """Of at most 100 columns; both say the same, with the bundled embedder unless another is named."""
    folder = written(tmp_path / "garden", GARDEN[1:], ASKED[1:], PAIRS[1:])
    code, out, _ = rag("eval", folder)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100
    assert out.startswith("garden: 2 documents, 2 chunks\nmultilingual-e5-small-q4")
    code, as_json, _ = rag("eval", folder, "--json", "--half", "first", "--limit", 5)
    told = json.loads(as_json)
    assert (code, told["collection"], told["half"], told["documents"]) == (0, "garden", "first", 2)
    hybrid = told["pairs"][0]["methods"]["hybrid"]
    assert list(hybrid) == ["nDCG@10", "R@10", "RR", "Success@1"]
    assert set(hybrid["RR"]) == {"mean", "low", "high"}
    assert set(told["pairs"][0]["gain"]["RR"]) == {"over", "mean", "low", "high"}


def test_the_table_holds_what_the_object_holds(tmp_path: Path) -> None:
    """Means with three digits, gains with their sign; extremes fit the line too."""
    evaluation = measured(written(tmp_path / "garden", pairs=[("q1", "figs", 1), ("q2", "figs", 1)]))
    values, lines = as_values(evaluation), table(evaluation).splitlines()
    dense = values["pairs"][0]["methods"]["dense"]["RR"]
    assert any(f"{dense['mean']:.3f} [" in line for line in lines)
    assert max(map(len, lines)) <= 100
    assert sum(line.startswith("gain ") for line in lines) == len(evaluation.pairs)


def test_the_command_explains_the_files_and_names_faults(rag: Callable[..., Any], tmp_path: Path) -> None:
    """Help shows a line of each file; a fault is one line and status 1."""
    _, out, _ = rag("eval", "--help")
    assert all(name in out for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv", "as_of", "BEIR"))
    code, out, err = rag("eval", tmp_path / "nowhere")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "no corpus.jsonl" in err
