"""A tree → documents, by pandoc and typst, which come with the extra `documents`; and a person's Markdown → a tree.

Both programs run on what they are given alone: no other file, no network, no filter. bytes -> bytes
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.language import tell
from rag.render.tree import replaced

if TYPE_CHECKING:
    from rag.render.tree import Node

REMEDY = "pip install '.[documents]' in the project's folder"
MARKDOWN = (
    "commonmark-yaml_metadata_block+pipe_tables+footnotes+tex_math_dollars+strikeout+task_lists+autolink_bare_uris"
)
"""The Markdown a person may type: what `rag` reads as its outline, with tables, footnotes and maths."""
SECONDS = 300
EPOCH = "315532800"
"""1980-01-01, the first day a ZIP archive knows: a document made twice is the same to the byte."""


def check_installed(ending: str, *, pdf: bool = False) -> None:
    """Raise `RagError` where the programs that make such a file are not installed."""
    missing = [name for name in ("pypandoc", *(("typst",) if pdf else ())) if find_spec(name) is None]
    if missing:
        raise RagError(
            tell(
                es=f"los {ending} los hace pandoc, que no está instalado: {REMEDY}; o nombra un .md",
                en=f"a {ending} file is made by pandoc, which is not installed: {REMEDY}; or name a .md file",
            )
        )
    _program()


def convert(data: bytes, *options: str, to: str, source: str = "json") -> bytes:
    """Return a document in another format. Raises `RagError` with pandoc's own words where it cannot be made."""
    return _run(data, "--sandbox", "--from", source, "--to", to, "--output", "-", *options)


def default(name: str) -> bytes:
    """Return a file that comes with pandoc."""
    return _run(b"", f"--print-default-data-file={name}")


def read_markdown(text: str) -> list[Node]:
    """Return the blocks of a person's Markdown, without what only a browser knows."""
    held = json.loads(convert(text.encode("utf-8", "replace"), to="json", source=MARKDOWN))
    return [*replaced(held["blocks"])]


def to_pdf(source: str) -> bytes:
    """Return a page description in typst as PDF."""
    import typst

    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.typ"
        page.write_text(source, encoding="utf-8", newline="")
        try:
            return typst.compile(str(page), root=folder, timestamp=int(EPOCH))
        except typst.TypstError as error:
            raise RagError(
                tell(es=f"typst no pudo hacer el PDF: {error}", en=f"typst could not make the PDF: {error}")
            ) from error


def _run(data: bytes, *options: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - the program is the extra's own, options are ours, texts come by stdin
            [_program(), *options],
            input=data,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RagError(
            tell(
                es=f"pandoc no arranca ({error}); instálalo de nuevo: {REMEDY}",
                en=f"pandoc cannot be run ({error}); install it anew: {REMEDY}",
            )
        ) from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise RagError(
            tell(es=f"pandoc no pudo hacer el documento: {said}", en=f"pandoc could not make the document: {said}")
        )
    return done.stdout


@lru_cache(maxsize=1)
def _program() -> str:
    """Return pandoc's own path."""
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise RagError(
            tell(es=f"pandoc no está instalado: {REMEDY}", en=f"pandoc is not installed: {REMEDY}")
        ) from error
