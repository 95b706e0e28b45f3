"""The library as it is used from Python: what it returns, and how that shows itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rag
from tests.scripted_server import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FOUNDING = ROOT / "briefs" / "brief-datos-sinteticos.txt"


@pytest.fixture(scope="module")
def library(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[rag.Library]:
    """A library over a copy of the real index."""
    folder = tmp_path_factory.mktemp("library") / "index"
    shutil.copytree(sample_index, folder)
    with rag.open(folder) as opened:
        yield opened


def test_hits_are_a_sequence_of_excerpts(library: rag.Library) -> None:
    """Fields are named as in the JSON; a slice is a tuple; limits are written as people write them."""
    hits = library.search("privacidad de datos sintéticos", since="2023", k=3)
    assert len(hits) == 3
    assert isinstance(hits[0], rag.Excerpt)
    assert hits[:2] == tuple(hits)[:2]
    assert all(str(hit.date) >= "2023" for hit in hits)
    assert {hit.path for hit in hits} <= {source.paths[0] for source in library.index.catalog.sources()}


def test_hits_show_as_a_table_and_as_a_frame(library: rag.Library) -> None:
    """A row an excerpt; score parts are columns; nothing a source says can be markup."""
    hits = library.search("privacidad de datos sintéticos", since="2023", k=3)
    assert hits._repr_html_().count("<tr>") == 4
    assert repr(hits).startswith("1. ")
    frame = hits.to_frame()
    assert list(frame["key"]) == [hit.key for hit in hits]
    assert {"date", "path", "score", "score.dense", "score.lexical"} <= set(frame.columns)
    assert "parts" not in frame.columns


def test_a_plan_shows_each_headings_evidence(library: rag.Library) -> None:
    """A row a heading in the table, a row an excerpt in the frame, a line each in text."""
    brief = rag.read_brief(FOUNDING)
    plan = library.plan(brief)
    assert [section.heading.title for section in plan] == [heading.title for heading in brief.headings]
    assert len(plan) == 3
    assert plan._repr_html_().count("<tr>") == 4
    assert repr(plan).count("  k:") == len(plan.to_frame()) == sum(len(section.excerpts) for section in plan)
    assert plan[0].heading.words > 0


def test_the_plan_is_what_write_uses(library: rag.Library) -> None:
    """Every citation is of an excerpt the plan chose for its heading; under a conclusion for any, since that rests on
    what all sections do.
    """
    brief = rag.read_brief(FOUNDING)
    plan, text = library.plan(brief), library.write(brief)
    chosen = [{excerpt.key for excerpt in planned.excerpts} for planned in plan]
    for own, section in zip(chosen, text.report.sections, strict=True):
        keys = {citation.key for sentence in section.written for citation in sentence.citations}
        assert keys <= (set().union(*chosen) if section.heading.title == "Conclusión" else own)


def test_a_text_shows_saves_and_frames_itself(library: rag.Library, tmp_path: Path) -> None:
    """Rendered Markdown in a notebook, a file by its ending, a row a sentence."""
    text = library.write(rag.read_brief(FOUNDING))
    assert text._repr_markdown_() == str(text) == repr(text)
    assert text.save(tmp_path / "new" / "out.md").read_text(encoding="utf-8") == str(text)
    assert json.loads(text.save(tmp_path / "out.json").read_text(encoding="utf-8"))["language"] == "es"
    frame = text.to_frame()
    assert set(frame["verdict"]) == {"verbatim", "not_checked"}
    with pytest.raises(rag.RagError, match=r"out\.xyz"):
        text.save(tmp_path / "out.xyz")
    (tmp_path / "file").write_text("x")
    with pytest.raises(rag.RagError, match="cannot be written"):
        text.save(tmp_path / "file" / "out.md")


def test_a_model_writes_through_the_library(library: rag.Library) -> None:
    """A URL and a name are enough; a topic is written under itself, and asked for once more where nothing came."""
    with ScriptedServer(lambda _: json.dumps({"sentences": []})) as server:
        text = library.write("Datos sintéticos", model="tiny", model_url=server.url, words=60)
    assert not text.report.digest
    assert str(text).startswith("# Datos sintéticos\n")
    assert len(server.requests) == 2


def test_the_retriever_is_langchains(library: rag.Library) -> None:
    """Its documents carry key, date, path and page."""
    found = library.as_retriever(k=2).invoke("leyes europeas")
    assert len(found) == 2
    assert set(found[0].metadata) >= {"key", "date", "path", "page"}
    assert found[0].page_content


def test_opening_what_is_no_index_names_the_remedy(tmp_path: Path) -> None:
    """One line says which command makes one."""
    with pytest.raises(rag.RagError, match="rag index"):
        rag.open(tmp_path)
