"""A report → a file whose ending says how. Written whole or not at all."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.render.json_output import to_json
from rag.render.markdown import to_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from rag.records import Report

ENDINGS = (".md", ".json")


def check_output(path: Path) -> None:
    """Raise `RagError` where this file cannot be written: asked before anything is spent on what goes into it."""
    if path.suffix not in ENDINGS:
        raise RagError(f"{path}: this version writes {' and '.join(ENDINGS)}; name such a file")
    if path.is_dir():
        raise RagError(f"{path}: a folder has this name; name another file")
    _write(path, "")


def save(report: Report, path: Path) -> Path:
    """Write the report; return the path. Raises `RagError` for another ending or a folder that cannot be written."""
    check_output(path)
    _write(
        path,
        json.dumps(to_json(report), ensure_ascii=False, indent=1) if path.suffix == ".json" else to_markdown(report),
    )
    return path


def _write(path: Path, product: str) -> None:
    """Write a file beside its place and move it there; an empty product only tries whether that can be done."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(product, encoding="utf-8", newline="")
        if product:
            beside.replace(path)
    except OSError as error:
        raise RagError(f"{path}: cannot be written ({error.strerror}); name another place") from error
    finally:
        with suppress(OSError):
            beside.unlink()
