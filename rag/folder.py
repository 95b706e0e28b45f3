"""A corpus folder against the files an index knows: what is new, changed, moved, removed, unchanged; and what
in it is no source.

Reads files' bytes only where size, time or inode say that they may be others; parses nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.brief import looks_like_brief
from rag.errors import RagError
from rag.read import find_files
from rag.read.details import file_name_date
from rag.rows import FileState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OUR_TEXT = re.compile(r"^\[\d+\] .*`k:[a-z2-7]{6,}`$", re.MULTILINE)
"""A line of references as `rag write` prints it."""
_MAY_BE_OURS = {".md", ".markdown", ".txt"}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a folder's files are against the index: by path, moved ones as (old, new). `touched` are unchanged ones
    whose time or inode is another than noted.
    """

    found: Mapping[str, FileState]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    touched: tuple[str, ...]


def corpus_files(corpus: Path) -> tuple[Path, ...]:
    """Return the files of a corpus; `RagError` where there is no folder or nothing in it."""
    if not corpus.is_dir():
        raise RagError(f"{corpus}: no such folder; name the folder that holds the literature: rag index FOLDER")
    paths = find_files(corpus)
    if not paths:
        raise RagError(f"{corpus}: the folder holds no files; put literature there and run: rag index {corpus}")
    return paths


def compare(known: Mapping[str, FileState], corpus: Path, paths: Iterable[Path], *, verify: bool = False) -> Changes:
    """Say what became of every file, old and new. What looks untouched is not opened, unless asked to `verify`."""
    found = {state.path: state for state in (_state(path, corpus, known, verify=verify) for path in paths)}
    fresh = [name for name in found if name not in known]
    gone = {name: known[name] for name in known if name not in found}
    moved: list[tuple[str, str]] = []
    for name in fresh:
        if old := next((old for old, state in gone.items() if _is_moved(state, found[name])), None):
            moved.append((old, name))
            del gone[old]
    arrived = {new for _, new in moved}
    stayed = [name for name in found if name in known]
    return Changes(
        found,
        new=tuple(name for name in fresh if name not in arrived),
        changed=tuple(name for name in stayed if found[name].sha256 != known[name].sha256),
        moved=tuple(moved),
        removed=tuple(gone),
        unchanged=tuple(name for name in stayed if found[name].sha256 == known[name].sha256),
        touched=tuple(n for n in stayed if found[n] != known[n] and found[n].sha256 == known[n].sha256),
    )


def why_no_source(path: Path) -> str:
    """Return why a file is left out though it could be read: a brief, or a text of ours. Empty for a source."""
    if path.suffix.lower() not in _MAY_BE_OURS:
        return ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""  # for the reader to explain
    if looks_like_brief(text):
        return "a brief, not a source"
    return "a text written by rag, not a source" if OUR_TEXT.search(text) else ""


def _state(path: Path, corpus: Path, known: Mapping[str, FileState], *, verify: bool) -> FileState:
    name, stat = path.relative_to(corpus).as_posix(), path.stat()
    before = known.get(name)
    size, time, inode = stat.st_size, stat.st_mtime_ns, stat.st_ino
    if before and not verify and (before.size, before.mtime_ns, before.inode) == (size, time, inode):
        return before
    sha256 = _sha256(path)
    if before and before.sha256 == sha256:
        return replace(before, size=size, mtime_ns=time, inode=inode)
    return FileState(name, size, time, inode, sha256)


def _is_moved(old: FileState, new: FileState) -> bool:
    """Say whether a new file is one that went away, under a name that says the same of its kind and date."""
    return (
        old.state == "read"
        and old.sha256 == new.sha256
        and Path(old.path).suffix == Path(new.path).suffix
        and file_name_date(old.path) == file_name_date(new.path)
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # reading it will say why
