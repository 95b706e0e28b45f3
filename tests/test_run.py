"""A run's folder: what it keeps, that it replays to the same bytes, and what is said when it cannot."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag import run as run_module
from rag.brief import read_brief
from rag.catalog import Catalog
from rag.codec import loads
from rag.config import Config
from rag.embed import CachedEmbedder
from rag.errors import RagError
from rag.extract import ExtractiveWriter
from rag.llm import chat_model
from rag.pipeline import plan_brief
from rag.records import Brief, Cost, Evidence, Exchange, LeftOut, Report
from rag.render import to_json, to_markdown
from rag.report import make_report
from rag.run import (
    Run,
    begin_run,
    find_excerpt,
    load_evidence,
    load_report,
    load_run,
    new_run_folder,
    save_run,
    versions,
)
from rag.write import ChainWriter
from tests.scripted_server import ScriptedServer
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.write import Manuscript

FOUNDING = Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt"
NOW = datetime(2024, 3, 8, 10, 15, tzinfo=UTC)
LATER = datetime(2024, 3, 8, 10, 16, tzinfo=UTC)
SECONDS = {"plan": 0.5, "write": 60.0}
NAMES = {"brief.json", "evidence.json", "exchanges.json", "report.json", "run.json"}


def run_of(config: Config | None = None) -> Run:
    """Return how the tests' runs come about."""
    return Run(NOW, asdict(config or Config()), "words/64", index="index", generation="3")


def evidence_of(brief: Brief) -> tuple[Evidence, ...]:
    """Return the evidence a brief's own material gives."""
    return plan_brief(brief, index=None, embedder=WordEmbedder(), config=Config()).sections


BRIEF = read_brief(FOUNDING)
EVIDENCE = evidence_of(BRIEF)


def digested(_: list[str]) -> Manuscript:
    """Write the digest."""
    with Catalog(None) as vectors:
        return ExtractiveWriter(CachedEmbedder(WordEmbedder(), vectors), foreign_share=0.2).write(BRIEF, EVIDENCE)


def modelled(secrets: list[str]) -> Manuscript:
    """Write with a server's replies, at an address that carries a password."""

    def reply(request: dict[str, Any]) -> str:
        key = request["messages"][-1]["content"].split("clave: ")[1][:6]
        said = f"Frase {len(server.requests)} sobre la privacidad."
        return json.dumps({"sentences": [{"text": said, "keys": [key, "zzz777"]}]})

    with ScriptedServer(reply) as server:
        url = server.url.replace("//", f"//{':'.join(secrets)}@") if secrets else server.url
        model = chat_model("tiny", url=url, max_tokens=256, timeout=5, retries=0)
        return ChainWriter(model).write(BRIEF, EVIDENCE)


def saved(folder: Path, manuscript: Manuscript, run: Run | None = None) -> Report:
    """Write a whole run of the founding brief; return its report."""
    run = run or run_of()
    report = replace(make_report(BRIEF, EVIDENCE, manuscript), run_dir=folder.as_posix())
    begin_run(folder, run, brief=BRIEF, evidence=EVIDENCE)
    save_run(folder, run, report=report, exchanges=manuscript.exchanges, ended=LATER, seconds=SECONDS)
    return report


def product(report: Report) -> bytes:
    """Return everything that is made of a report."""
    return (to_markdown(report) + json.dumps(to_json(report), ensure_ascii=False, indent=1)).encode()


@pytest.mark.parametrize("write", [digested, modelled])
def test_a_run_renders_to_the_same_bytes(write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markdown and JSON of what is read from the folder are those of the report, made with no socket, also after the
    folder was moved.
    """
    report = saved(tmp_path / "run", write([]))
    (tmp_path / "run").rename(tmp_path / "moved")
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", None)
        assert product(load_report(tmp_path / "moved")) == product(report)
    assert load_report(tmp_path / "moved") == report
    assert any(section.written for section in report.sections)
    assert to_json(report)["run_dir"] == (tmp_path / "run").as_posix()


def test_a_run_keeps_all_that_went_into_a_text(tmp_path: Path) -> None:
    """Brief with its material, evidence whole, every prompt and raw reply, the report, and how it came about."""
    manuscript = modelled([])
    report = saved(tmp_path / "run", manuscript)
    files = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    assert set(files) == NAMES
    assert loads(Brief, files["brief.json"]) == BRIEF
    assert BRIEF.material
    assert load_evidence(tmp_path / "run") == EVIDENCE
    assert loads(tuple[Exchange, ...], files["exchanges.json"]) == manuscript.exchanges
    assert len(manuscript.exchanges) == 3
    kept = load_run(tmp_path / "run")
    assert (kept.started, kept.ended, kept.seconds, kept.finished) == (NOW, LATER, SECONDS, True)
    assert kept.settings == asdict(Config())
    assert (kept.embedder, kept.index, kept.generation) == ("words/64", "index", "3")
    assert kept.cost == report.cost == Cost(3, 300, 60)
    assert kept.versions == versions()
    assert {"python", "numpy", "langchain-openai"} <= set(kept.versions)


def test_the_files_are_for_people(tmp_path: Path) -> None:
    """Indented, with accents as accents, and whatever the model sent is stored."""
    saved(tmp_path / "a", digested([]))
    text = (tmp_path / "a" / "evidence.json").read_text("utf-8")
    assert '\n  "heading": {\n   "line": "# Impacto de los datos sintéticos en la salud",\n' in text
    broken = Exchange("Uno", (("system", "hola"),), "lone \ud800 surrogate\0\u2028")
    begin_run(tmp_path / "b", run_of(), brief=BRIEF, evidence=())
    report = Report(BRIEF, (), ())
    save_run(tmp_path / "b", run_of(), report=report, exchanges=[broken], ended=LATER, seconds={})
    assert loads(tuple[Exchange, ...], (tmp_path / "b" / "exchanges.json").read_bytes()) == (broken,)


def test_no_secret_lands_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the key of the environment, nor a password or a token in an address, be it the model's or the
    embedder's, is in any file; the addresses are.
    """
    key = "sk-not-a-real-key-1234"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    config = Config(
        embedder="https://eva:clave99@vectors.example/v1",
        model=key,
        model_url="http://ana:secreto@models.example:8080/v1?api-key=token77",
    )
    run = replace(run_of(config), embedder="openai/https://eva:clave99@vectors.example/v1/384")
    saved(tmp_path / "run", modelled(["ana", "secreto"]), run)
    begin_run(tmp_path / "begun", run, brief=BRIEF, evidence=EVIDENCE)
    everything = "".join(path.read_text("utf-8") for path in tmp_path.glob("*/*"))
    for secret in (key, "secreto", "clave99", "token77", "ana:", "eva:"):
        assert secret not in everything
    kept = load_run(tmp_path / "run")
    assert kept.settings["model_url"] == "http://models.example:8080/v1"
    assert kept.embedder == "openai/https://vectors.example/v1/384"


@pytest.mark.parametrize("steps", range(13))
def test_a_kill_leaves_a_readable_run_or_none(steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever step is the last one made, every file is whole, and what was cut short is said to be."""
    folder, manuscript, left = tmp_path / "run", digested([]), steps

    def counted(step: Any) -> Any:
        def made(*values: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return step(*values)

        return made

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "replace"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        try:
            saved(folder, manuscript)
            finished = True
        except KeyboardInterrupt:
            finished = False
    assert finished == (steps == 12)
    for path in folder.glob("[!.]*"):
        json.loads(path.read_bytes())
    if (folder / "report.json").exists():
        assert load_report(folder).sections
    else:
        with pytest.raises(RagError, match="cut short before" if steps >= 6 else "not the folder of a run"):
            load_report(folder)
    if steps >= 6:
        assert load_evidence(folder) == EVIDENCE
        assert load_run(folder).finished == finished


def test_a_run_that_failed_can_be_looked_into(tmp_path: Path) -> None:
    """Before the model is asked the brief and its evidence are kept, and the run is not said to be finished."""
    begin_run(tmp_path / "run", run_of(), brief=BRIEF, evidence=EVIDENCE)
    assert load_evidence(tmp_path / "run") == EVIDENCE
    assert not load_run(tmp_path / "run").finished
    with pytest.raises(RagError, match="write its brief again"):
        load_report(tmp_path / "run")


def test_no_run_is_written_over(tmp_path: Path) -> None:
    """A folder that holds a run is refused by name; one that is there and empty serves."""
    (tmp_path / "run").mkdir()
    saved(tmp_path / "run", digested([]))
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    with pytest.raises(RagError, match=r"run: holds a run already; .*--run-dir"):
        begin_run(tmp_path / "run", run_of(), brief=BRIEF, evidence=())
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


def one_line(error: pytest.ExceptionInfo[RagError]) -> str:
    """Return the message, which is one line."""
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where a file stands in the way, at the folder's place or above it, and where a file's place is taken."""
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(RagError) as caught:
            begin_run(folder, run_of(), brief=BRIEF, evidence=())
        assert one_line(caught).startswith(f"{folder}: the run cannot be written (")
        assert "--run-dir" in str(caught.value)
    (tmp_path / "taken" / ".brief.json.part").mkdir(parents=True)
    with pytest.raises(RagError, match="cannot be written"):
        begin_run(tmp_path / "taken", run_of(), brief=BRIEF, evidence=())


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    """Nothing there, a file, an empty folder, a folder of something else: one line each, with a remedy."""
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "empty").mkdir()
    for name, said in (("none", "no such run"), ("file", "no such run"), ("empty", "not the folder of a run")):
        for load in (load_report, load_evidence, load_run):
            with pytest.raises(RagError) as caught:
                load(tmp_path / name)
            assert one_line(caught).startswith(f"{tmp_path / name}: ")
            assert said in str(caught.value)
    (tmp_path / "odd" / "report.json").mkdir(parents=True)
    with pytest.raises(RagError, match="cannot be read"):
        load_report(tmp_path / "odd")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text[: len(text) // 2], "line"),
        (lambda text: "", "Expecting value"),
        (lambda text: text.replace('"verbatim":', '"literal":', 1), "“coverage.verbatim” is missing"),
        (lambda text: text.replace('"topic":', '"subject": 1, "topic":', 1), "“brief.subject” is unknown"),
        (lambda text: text.replace('"level": 1', '"level": "one"', 1), "“brief.headings[0].level” is 'one'"),
        (lambda text: text.replace('"first": "2023-03-08"', '"first": "ayer"'), "is 'ayer', not a date"),
    ],
)
def test_a_damaged_file_is_named_with_its_field(damage: Any, said: str, tmp_path: Path) -> None:
    """Cut short, emptied, a field renamed, added or of another type: the line names file, field and remedy."""
    saved(tmp_path / "run", digested([]))
    path = tmp_path / "run" / "report.json"
    text = path.read_text("utf-8")
    path.write_text(damage(text), "utf-8")
    assert damage(text) != text
    with pytest.raises(RagError) as caught:
        load_report(tmp_path / "run")
    message = one_line(caught)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert message.endswith("the file is damaged: write the brief again")


def test_a_run_of_another_version_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file does not fit and another version made it, that is the reason given."""
    run = replace(run_of(), versions={"rag": "0.0.1"})
    saved(tmp_path / "run", digested([]), run)
    assert load_report(tmp_path / "run").sections
    path = tmp_path / "run" / "report.json"
    path.write_text(path.read_text("utf-8").replace('"run_dir":', '"folder":'), "utf-8")
    monkeypatch.setattr(run_module, "versions", lambda: {"rag": "9.0"})
    with pytest.raises(RagError, match=r"“run_dir” is missing; rag 0\.0\.1 made this run, this is rag 9\.0: use that"):
        load_report(tmp_path / "run")


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        (
            "Impacto de los datos sintéticos en la salud",
            "2024-03-08T101500-impacto-de-los-datos-sinteticos-en-la-salud",
        ),
        ("../../etc/passwd\n; ¿qué?", "2024-03-08T101500-etc-passwd-que"),
        ("合成データ", "2024-03-08T101500-text"),
        ("palabra " * 20, "2024-03-08T101500-palabra-palabra-palabra-palabra-palabra-palabra"),
    ],
)
def test_a_run_is_named_by_its_moment_and_topic(topic: str, name: str, tmp_path: Path) -> None:
    """A name that sorts by time and serves on every file system, never one that is taken."""
    assert new_run_folder(tmp_path, topic, now=NOW) == tmp_path / name
    for again in (name, f"{name}-2"):
        (tmp_path / again).mkdir()
    assert new_run_folder(tmp_path, topic, now=NOW) == tmp_path / f"{name}-3"


def test_an_excerpt_is_found_by_its_key_in_the_newest_run(tmp_path: Path) -> None:
    """Among the evidence of finished and unfinished runs, and among what a text offers; the newest run wins."""
    excerpt = EVIDENCE[0].excerpts[0]
    newer = replace(excerpt, source=replace(excerpt.source, title="Newer"))
    runs = tmp_path / "runs"
    assert find_excerpt(runs, excerpt.key) is None
    saved(runs / "2024-03-08T101500-a", digested([]))
    assert find_excerpt(runs, excerpt.key) == excerpt
    changed = (replace(EVIDENCE[0], excerpts=(newer,)),)
    begin_run(runs / "2024-03-09T101500-b", run_of(), brief=BRIEF, evidence=changed)
    assert find_excerpt(runs, excerpt.key) == newer
    assert find_excerpt(runs, "zzz777") is None
    offered = replace(EVIDENCE[1].excerpts[0], key="qqq222")
    report = load_report(runs / "2024-03-08T101500-a")
    source = replace(report.sources[0], excerpts=(offered,))
    begin_run(runs / "2024-03-07T101500-c", run_of(), brief=BRIEF, evidence=())
    save_run(
        runs / "2024-03-07T101500-c",
        run_of(),
        report=replace(report, sources=(source,)),
        exchanges=(),
        ended=LATER,
        seconds={},
    )
    assert find_excerpt(runs, "qqq222") == offered


def test_runs_that_cannot_be_read_do_not_hide_others(tmp_path: Path) -> None:
    """A damaged run, one that only left the excerpt out, and a folder of something else are passed over."""
    excerpt = EVIDENCE[0].excerpts[0]
    saved(tmp_path / "1", digested([]))
    for name in ("2", "3", "4"):
        (tmp_path / name).mkdir()
    (tmp_path / "2" / "evidence.json").write_text(f'["{excerpt.key}"]')
    begin_run(
        tmp_path / "3",
        run_of(),
        brief=BRIEF,
        evidence=(replace(EVIDENCE[0], excerpts=(), left_out=(LeftOut(excerpt.key, "again"),)),),
    )
    (tmp_path / "5").write_text(excerpt.key)
    assert find_excerpt(tmp_path, excerpt.key) == excerpt
