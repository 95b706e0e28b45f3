"""Citations and references set by a style of the Citation Style Language: nodes -> nodes, by pandoc's citeproc.

APA, Vancouver and IEEE come along; any other style is a file. They speak the text's language.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.language import tell
from rag.render import pandoc, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.render.tree import Node

STYLES = ("apa", "vancouver", "ieee")

_SPANISH = (
    (
        '<date-part name="month"/>\n      <date-part name="day" prefix=" "/>',
        '<date-part name="day" suffix=" de "/>\n      <date-part name="month"/>',
    ),
    ('and="symbol" delimiter-precedes-last="always"', 'and="text" delimiter-precedes-last="never"'),
    ('and="symbol"', 'and="text"'),
    ('<term name="from">de</term>', '<term name="from">de</term><term name="retrieved">recuperado el</term>'),
)
"""What APA has otherwise in Spanish, and no locale can say: 9 de octubre; Gil, A. y Paz, E."""


def check_style(name: str) -> None:
    """Raise `RagError` where a style is neither one that comes along nor the file of a whole one."""
    if name and name not in STYLES:
        _own_style(Path(name))


def styled(blocks: Sequence[Node], items: Sequence[Mapping[str, Any]], *, style: str, language: str) -> list[Node]:
    """Return the blocks with their citations written out and the references set where the group "refs" stands."""
    with _file(style, language) as path:
        data = tree.to_bytes(blocks, {"lang": language, "references": list(items)})
        made = pandoc.convert(data, "--citeproc", f"--csl={path}", to="json")
    return list(json.loads(made)["blocks"])


@contextmanager
def _file(style: str, language: str) -> Iterator[Path]:
    if style not in STYLES:
        yield _own_style(Path(style))
        return
    text = (files("rag.render") / "csl" / f"{style}.csl").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{style}.csl"
        path.write_text(_spanish(text) if (style, language) == ("apa", "es") else text, encoding="utf-8")
        yield path


def _own_style(path: Path) -> Path:
    """Return the file of a CSL style. Raises `RagError` where it is none, or points to the style it depends on."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RagError(
            tell(
                es=f"{path}: no es un estilo; nombra {', '.join(STYLES)} o un archivo CSL",
                en=f"{path}: no style; name {', '.join(STYLES)} or a CSL file",
            )
        ) from error
    if "http://purl.org/net/xbiblio/csl" not in text or "<citation" not in text:
        raise RagError(
            tell(
                es=f"{path}: no es un estilo CSL entero; consigue el estilo del que depende en https://citationstyles.org",
                en=f"{path}: not a whole CSL style; get the one it depends on from https://citationstyles.org",
            )
        )
    return path


def _spanish(style: str) -> str:
    for old, new in _SPANISH:
        style = style.replace(old, new)
    return style
