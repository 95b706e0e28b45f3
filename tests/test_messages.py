"""What the program itself says is said in Spanish and in English, as the environment asks."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.language import interface_language, os_words, tell

PACKAGE = Path(__file__).parent.parent / "rag"
ENDINGS = ("Error", "Fault", "Reply", "BadParameter")
"""What the names of errors end in."""
PROGRAMMERS = {"TypeError", "AttributeError", "NotImplementedError", "AssertionError", "KeyError", "IndexError"}
"""Errors that tell a programmer of a slip, and nobody else."""
ASKED = ("RAG_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def calls(path: Path, *names: str) -> list[ast.Call]:
    """Return the calls in a module of what goes by such a name, or ends in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func).rpartition(".")[2].endswith(names)]


def is_words(node: ast.expr) -> bool:
    """Say whether an expression is a literal with a word in it: a text in one language."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    said = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return any(len(word) > 1 and word.isalpha() and word != "rag" for word in re.findall(r"\w+", said))


MODULES = [pytest.param(path, id=path.relative_to(PACKAGE).as_posix()) for path in sorted(PACKAGE.rglob("*.py"))]
COMMANDS = [pytest.param(path, id=path.name) for path in sorted(PACKAGE.glob("cli/*.py"))]


@pytest.mark.parametrize("path", MODULES)
def test_no_error_speaks_one_language_alone(path: Path) -> None:
    """The message of every error comes from `tell` or `say`, or is put together from what does."""
    errors = [call for call in calls(path, *ENDINGS) if ast.unparse(call.func) not in PROGRAMMERS]
    assert not [f"line {word.lineno}" for call in errors for word in call.args if is_words(word)]


@pytest.mark.parametrize("path", COMMANDS)
def test_no_help_speaks_one_language_alone(path: Path) -> None:
    """Nor does what an option says of itself, a remark, or a line printed by a command."""
    said = [word.value for call in calls(path, "Option", "Argument") for word in call.keywords if word.arg == "help"]
    said += [word for call in calls(path, "remark", "print") for word in call.args]
    assert not [f"line {word.lineno}" for word in said if is_words(word)]


@pytest.mark.parametrize("path", MODULES)
def test_both_wordings_tell_the_same_things(path: Path) -> None:
    """What is put into the one is put into the other."""
    for call in calls(path, "tell"):
        wordings = {word.arg: word.value for word in call.keywords}
        if set(wordings) == {"es", "en"} and all(isinstance(one, ast.JoinedStr) for one in wordings.values()):
            es, en = (values(one) for one in (wordings["es"], wordings["en"]))
            assert es == en, f"line {call.lineno}"


def values(node: ast.expr) -> set[str]:
    """Return the names that a text is made with, but for tables of words."""
    names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)} - {"tell"}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "es-419"}, "es"),
        ({"LANG": "es_MX@euro"}, "es"),
        ({"LANG": "est"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB", "LC_ALL": "es_AR"}, "es"),
        ({"LC_ALL": "en_GB", "LANGUAGE": "fr:es:en"}, "es"),
        ({"LANGUAGE": "fr:en:es"}, "en"),
        ({"LANGUAGE": "", "LANG": "es_ES"}, "es"),
        ({"LANGUAGE": "en", "RAG_LANGUAGE": "es"}, "es"),
        ({"LANG": "es_ES", "RAG_LANGUAGE": "en"}, "en"),
        ({"LANG": "es_ES", "RAG_LANGUAGE": ""}, "es"),
    ],
)
def test_the_environment_chooses_the_language(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As gettext reads it, when a message is made; RAG_LANGUAGE before all."""
    for name in ASKED:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert interface_language() == tell(es="es", en="en") == language


def test_what_the_system_says_is_told_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its commonest words in Spanish; those that are not known here as they come; in English always as they come."""
    with pytest.raises(IsADirectoryError) as stopped:
        tmp_path.read_text(encoding="utf-8")
    assert os_words(stopped.value) == "Is a directory"
    monkeypatch.setenv("RAG_LANGUAGE", "es")
    assert os_words(stopped.value) == "es una carpeta"
    assert os_words(OSError(9999, "Something odd")) == "Something odd"
    assert os_words(OSError("no number")) == "no number"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "nada"), "nada: no existe esa carpeta; da la que contiene la literatura: rag index CARPETA"),
        (("search", "x"), "index: aquí no hay índice; haz uno con: rag index CORPUS --index index"),
        (("search", "x", "--since", "2023-13"), "«2023-13» no es una fecha del calendario"),
        (("plan", "esquema.md"), "esquema.md: línea 3: lenght: no es un ajuste de los encargos"),
        (("write", "nada.md"), "nada.md: no existe ese encargo; nombra un archivo que exista"),
        (("write", "Un tema"), "no hay índice y el encargo no trae material; haz un índice con: rag index CORPUS"),
        (("check", "nada.md"), "nada.md: no se puede leer ("),
        (("diff", "a", "b"), "a: no existe esa ejecución; nombra una carpeta de runs/"),
        (("eval", "nada"), "nada: falta corpus.jsonl y falta queries.jsonl; rag eval --help dice"),
        (("add", "nada.txt"), "nada.txt: no se puede abrir ("),
        (("search", "x", "--config", "no.toml"), "no.toml: no se pueden leer los ajustes ("),
    ],
)
def test_errors_in_spanish(
    arguments: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """One line with place and remedy, as in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_LANGUAGE", "es")
    Path("esquema.md").write_text("---\ntopic: Datos\nlenght: 100\n---\n# Uno\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["rag", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    assert (stopped.value.code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"rag: {said}")
