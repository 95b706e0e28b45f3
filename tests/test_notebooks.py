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


@pytest.mark.filterwarnings("default")  # the notebook's own machinery warns of itself
def test_the_first_notebook_runs(sample_index: Path, tmp_path: Path) -> None:
    """Index, look, search, plan, write: each cell runs, and objects show themselves as tables and as text."""
    for name in ("corpus", "briefs", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(sample_index, tmp_path / "index")
    notebook = nbformat.read(tmp_path / "notebooks" / "01-first-look.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path / "notebooks")}}).execute()
    shown = outputs(notebook)
    assert "0 embedded now; not read: none" in shown
    assert "Library of 32 documents" in shown
    assert ">date</th>" in shown
    assert "'text/markdown': '# Impacto de los datos sintéticos en la salud" in shown
    assert (tmp_path / "out" / "summary.md").read_text(encoding="utf-8").startswith("# Impacto")
