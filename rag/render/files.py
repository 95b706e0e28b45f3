"""A report → a file whose ending says how. Written whole or not at all; beside it the bibliography it cites by key."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.language import tell
from rag.render.json_output import to_json
from rag.render.ledger import to_ledger
from rag.render.markdown import to_markdown
from rag.render.references import bibliography, to_csl_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rag.records import Report
    from rag.render.documents import Setting
    from rag.run import Run
    from rag.surroundings import Surrounding

BIBLIOGRAPHY = ".bib"
PAGE = ".html"
BY_PANDOC = (".docx", ".tex", ".pdf", BIBLIOGRAPHY)
CSL = ".csl.json"
SET = (".md", ".docx", ".tex", ".pdf")
"""Texts, whose citations can be set in several ways."""
OURS = "% Cited by {}. Written by rag, which writes it anew.\n"

_MADE: dict[str, Callable[[Report], str]] = {
    ".md": to_markdown,
    ".json": lambda report: json.dumps(to_json(report), ensure_ascii=False, indent=1),
    ".csv": lambda report: "\ufeff" + to_ledger(report),  # with the mark by which Excel knows UTF-8
    CSL: lambda report: to_csl_json(bibliography(report)),
}
ENDINGS = (*_MADE, PAGE, *BY_PANDOC)


def check_output(path: Path, *, style: str = "", citations: str = "") -> None:
    """Raise `RagError` where this file cannot be written: asked before anything is spent on what goes into it."""
    from rag.render import documents, pandoc  # which only a text that is written needs

    ending, setting = _ending(path), documents.Setting(citations, style)
    if fault := _fault(path, ending, setting):
        raise RagError(f"{path}: {fault}")
    if ending in BY_PANDOC or setting.special:
        pandoc.check_installed(ending, pdf=ending == ".pdf")
    documents.check_setting(setting, ending)
    if _keyed(ending, setting):
        _check_bibliography(path.with_suffix(BIBLIOGRAPHY))
    _write(path, b"")


def _fault(path: Path, ending: str, setting: Setting) -> str:
    """Say what is wrong with the file's name, nothing where all is well."""
    endings, texts = ", ".join(ENDINGS), ", ".join(SET)
    if ending not in ENDINGS:
        return tell(
            es=f"esta versión escribe {endings}; nombra un archivo así",
            en=f"this version writes {endings}; name such a file",
        )
    if path.is_dir():
        return tell(es="una carpeta se llama así; nombra otro archivo", en="a folder has this name; name another file")
    if not setting.plain and ending not in SET:
        return tell(
            es=f"un estilo es para textos ({texts}); quítalo o nombra un archivo así",
            en=f"a style sets texts ({texts}); leave it out, or name such a file",
        )
    return ""


def save(
    report: Report,
    path: Path,
    *,
    style: str = "",
    citations: str = "",
    surroundings: Mapping[str, Surrounding] | None = None,
    run: Run | None = None,
) -> Path:
    """Write the report; return the path. `style` is a CSL style's name or file, `citations` numbers, footnotes or keys;
    `surroundings` stand around the excerpts on a page, which also says how the `run` went.

    Raises `RagError` for another ending, a folder that cannot be written, or where a program is missing.
    """
    from rag.render import documents

    check_output(path, style=style, citations=citations)
    ending, setting = _ending(path), documents.Setting(citations, style)
    if ending == PAGE:
        from rag.render.page import to_html

        product = to_html(report, surroundings=surroundings or {}, run=run).encode()
    else:
        product = _product(report, path, ending, setting)
    if _keyed(ending, setting):
        head = OURS.format(path.name).encode()
        _write(path.with_suffix(BIBLIOGRAPHY), head + documents.to_bibtex(report))
    _write(path, product)
    return path


def _product(report: Report, path: Path, ending: str, setting: Setting) -> bytes:
    from rag.render import documents

    beside = path.with_suffix(BIBLIOGRAPHY).name
    if ending == ".docx":
        return documents.to_docx(report, setting)
    if ending == ".pdf":
        return documents.to_pdf(report, setting)
    if ending == ".tex":
        return documents.to_tex(report, setting, beside=beside)
    if ending == BIBLIOGRAPHY:
        return documents.to_bibtex(report)
    if setting.special:
        return documents.to_pandoc_markdown(report, setting, beside=beside)
    return _MADE[ending](report).encode()


def _ending(path: Path) -> str:
    return CSL if path.name.lower().endswith(CSL) else path.suffix.lower()


def _keyed(ending: str, setting: Setting) -> bool:
    """Say whether the text reads a bibliography beside it."""
    return setting.citations == "keys" or (ending == ".tex" and setting.plain)


def _check_bibliography(beside: Path) -> None:
    """Raise `RagError` where a bibliography of this name is not ours to write anew."""
    try:
        first = beside.read_text(encoding="utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError):
        first = ""
    if not first.startswith("% Cited by ") or "Written by rag" not in first:
        raise RagError(
            tell(
                es=f"{beside}: el texto lleva una bibliografía de este nombre, y esta no es de rag; nombra otro",
                en=f"{beside}: the text comes with a bibliography of this name, and this is not rag's; name another",
            )
        )


def _write(path: Path, product: bytes) -> None:
    """Write a file beside its place and move it there; an empty product only tries whether that can be done."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(product)
        if product:
            beside.replace(path)
    except OSError as error:
        raise RagError(
            tell(
                es=f"{path}: no se puede escribir ({error.strerror}); nombra otro lugar",
                en=f"{path}: cannot be written ({error.strerror}); name another place",
            )
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink()
