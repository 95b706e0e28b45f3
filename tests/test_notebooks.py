"""The notebooks run from the first cell to the last, with public names only, and show what they promise."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient

from rag import evaluate, explore

ROOT = Path(__file__).parent.parent
WARNING = pytest.mark.filterwarnings("default")  # the notebooks' own machinery warns of itself
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def outputs(notebook: Any) -> str:
    """Return all that cells show, whatever its form."""
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(str(output.get("text", "")) + str(output.get("data", "")) for output in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    """What is in git is the notebook, not one person's run of it."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names(path: Path) -> None:
    """Only `rag` and what `rag.explore` names are imported, and no private name is touched."""
    source = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    for names in re.findall(r"^from rag\.explore import (.+)$", source, re.MULTILINE):
        assert set(names.split(", ")) <= set(explore.__all__)
    assert not re.search(r"from rag(?!\.explore import)|import rag\.|\._|\.(catalog|index)\b", source)


@pytest.fixture(scope="module")
def desk(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a person has it: sample corpus, briefs, notebooks, and an index, which all of them share."""
    folder = tmp_path_factory.mktemp("desk")
    for part in ("corpus", "briefs", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(sample_index, folder / "index")
    return folder


def run(name: str, desk: Path) -> Any:
    """Return a notebook as it is after its run; nothing in it may warn."""
    notebook = nbformat.read(desk / "notebooks" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(desk / "notebooks")}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output.text for output in shown if output.get("name") == "stderr"]
    return notebook


def pictures(notebook: Any) -> list[ElementTree.Element]:
    """Return the pictures a notebook shows, each as SVG that is well formed, and as PNG."""
    shown = [output.get("data", {}) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    drawn = [data for data in shown if "image/png" in data]
    assert all(data["image/png"].startswith("iVBORw0KGgo") for data in drawn)
    return [ElementTree.fromstring(data["text/html"]) for data in drawn]  # noqa: S314 - our own pictures


def titles(picture: ElementTree.Element) -> list[str]:
    """Return what the marks of a picture say under the pointer."""
    return [str(title.text) for title in picture.iterfind(".//{*}title")]


@WARNING
def test_a_folder_is_indexed_and_looked_at(desk: Path) -> None:
    """Each document is a row with its date; hits show as a table; a chain of one's own finds too."""
    shown = outputs(run("01-index-a-folder", desk))
    assert "0 embedded now; not read: none" in shown
    assert "Library of 32 documents" in shown
    assert "<td>front matter</td>" in shown
    assert ">date</th>" in shown
    assert "<th>score.dense</th>" in shown


@WARNING
def test_a_summary_is_read_with_its_evidence(desk: Path) -> None:
    """The text, each sentence over its excerpts with its words marked, what the checks saw, what was left out."""
    shown = outputs(run("02-a-summary-by-topic", desk))
    assert "'text/markdown': '# Impacto de los datos sintéticos en la salud" in shown
    assert "<details><summary><code>“” verbatim</code>" in shown
    assert "<mark>Las poblaciones sintéticas ayudan" in shown
    assert "Coverage(sentences=" in shown
    assert "<th>caught</th>" in shown
    assert "sirve a otro apartado" in shown
    assert (desk / "out" / "summary.md").read_text(encoding="utf-8").startswith("# Impacto")


@WARNING
def test_plans_maps_and_runs_are_explored(desk: Path) -> None:
    """Six pictures whose marks say what they are; why excerpts came up; what changed between two plans and two runs."""
    notebook = run("03-explore", desk)
    drawn = pictures(notebook)
    labels = [str(picture.get("aria-label")).partition(":")[0] for picture in drawn]
    like = "What is like what in meaning"
    assert labels == [
        "Qué se dijo cuándo", like, like, "Qué fuente sirve a qué apartado", "Por qué salió", "Qué se dijo cuándo",
    ]  # fmt: skip
    assert [len(titles(picture)) >= 72 for picture in drawn[1:3]] == [True, True]
    assert all(titles(picture) for picture in drawn)
    text = outputs(notebook)
    for column in ("age_years", "score.dense", "reason", "published since"):
        assert f"<th>{column}</th>" in text
    assert "brief.as_of</td>" in text
    assert "<summary>evidence: " in text
    assert len(list((desk / "runs").iterdir())) == 2


@WARNING
def test_ways_of_searching_are_measured(desk: Path) -> None:
    """Every method with its interval, how many questions it would take, and a collection of one's own."""
    notebook = run("04-measure", desk)
    (drawn,) = pictures(notebook)
    assert "es→en · hybrid · R@10" in {title.partition("\n")[0] for title in titles(drawn)}
    text = outputs(notebook)
    for column in ("nDCG@10", "for_0.05", "to_tell_gain"):
        assert f"<th>{column}</th>" in text
    collection = evaluate.read_collection(desk / "out" / "questions")
    assert len(collection.queries) == 2
