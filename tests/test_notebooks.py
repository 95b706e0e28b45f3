"""The notebooks run from the first cell to the last, with public names only, and show what they promise."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
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
    """Only `rag` itself is imported, and no private name is touched."""
    source = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert not re.search(r"from rag|import rag\.|\._", source)


def run(name: str, index: Path, folder: Path) -> Any:
    """Return a notebook as it is after its run beside the sample corpus, its briefs and an index."""
    for part in ("corpus", "briefs", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(index, folder / "index")
    notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder / "notebooks")}}).execute()
    return notebook


@pytest.mark.filterwarnings("default")  # the notebook's own machinery warns of itself
def test_the_first_notebook_runs(sample_index: Path, tmp_path: Path) -> None:
    """Index, look, search, plan, write: each cell runs, and objects show themselves as tables and as text."""
    shown = outputs(run("01-first-look", sample_index, tmp_path))
    assert "0 embedded now; not read: none" in shown
    assert "Library of 32 documents" in shown
    assert ">date</th>" in shown
    assert "'text/markdown': '# Impacto de los datos sintéticos en la salud" in shown
    assert (tmp_path / "out" / "summary.md").read_text(encoding="utf-8").startswith("# Impacto")


@pytest.mark.filterwarnings("default")  # as above
def test_the_second_notebook_shows_pictures(sample_index: Path, tmp_path: Path) -> None:
    """Five pictures, each a PNG; tables of periods, scores, gaps and changes; no warning beside them."""
    notebook = run("02-what-was-said-when", sample_index, tmp_path)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    pictures = [output.data["image/png"] for output in shown if "image/png" in output.get("data", {})]
    assert len(pictures) == 5
    assert all(picture.startswith("iVBORw0KGgo") for picture in pictures)
    assert not [output for output in shown if output.get("name") == "stderr"]
    text = outputs(notebook)
    for column in ("age_years", "score.dense", "reason", "search", "change"):
        assert f"<th>{column}</th>" in text
    assert "published since" in text
