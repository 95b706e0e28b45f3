"""A corpus folder against the files an index knows: what is new, changed, moved, removed, unchanged; and what
in it is no source.

Reads files' bytes only where size, time or inode say that they may be others; parses nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.brief import looks_like_brief
from rag.errors import RagError
from rag.language import os_words, tell
from rag.read.details import file_name_date
from rag.rows import FileState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OUR_TEXT = re.compile(r"^\[\d+\] .*`k:[a-z2-7]{6,}`$", re.MULTILINE)
"""A line of references as `rag write` prints it."""
JUST_NOW = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system (FAT's). A file may have changed that long after it was read and
still bear the same time."""
OURS_AT_MOST = 1_000_000
"""Bytes of a file that are looked at for whether it is a brief or a text of ours."""
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


def corpus_files(corpus: Path) -> dict[str, os.stat_result]:
    """Return the files of a corpus by path, in order; `RagError` where there is no folder or nothing in it.

    Hidden files and folders are left out, and so is what leads out of the corpus; linked folders are not entered.
    """
    if not corpus.is_dir():
        raise RagError(
            tell(
                es=f"{corpus}: no existe esa carpeta; da la que contiene la literatura: rag index CARPETA",
                en=f"{corpus}: no such folder; name the folder that holds the literature: rag index FOLDER",
            )
        )
    try:
        files = dict(sorted(_walk(corpus, "", corpus.resolve())))
    except OSError as error:
        raise RagError(
            tell(
                es=f"{corpus}: no se puede abrir la carpeta ({os_words(error)}); comprueba quién puede leerla",
                en=f"{corpus}: the folder cannot be opened ({os_words(error)}); check who may read it",
            )
        ) from error
    if not files:
        raise RagError(
            tell(
                es=f"{corpus}: la carpeta no tiene archivos; pon en ella la literatura y ejecuta: rag index {corpus}",
                en=f"{corpus}: the folder holds no files; put literature there and run: rag index {corpus}",
            )
        )
    return files


def _walk(folder: Path | str, prefix: str, home: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Give the files of a folder and of those inside; one that cannot be opened as if it were a file, to be named."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        name = prefix + _printable(entry.name)
        with suppress(FileNotFoundError):  # it went away just now
            if entry.is_dir(follow_symlinks=False):
                try:
                    yield from _walk(entry.path, f"{name}/", home)
                except PermissionError:
                    yield name, entry.stat()
            elif _is_inside(entry, home):
                yield name, entry.stat()


def _is_inside(entry: os.DirEntry[str], home: Path) -> bool:
    """Say whether an entry is a file of the corpus, not a link that leads out, nowhere or round."""
    try:
        return entry.is_file() and (not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(home))
    except (OSError, RuntimeError):  # a link to itself
        return False


def _printable(name: str) -> str:
    """Return a file's name as text; one that is not UTF-8 with its odd bytes spelt out, under which it is not found."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def compare(
    known: Mapping[str, FileState],
    corpus: Path,
    files: Mapping[str, os.stat_result],
    *,
    indexed_ns: int = 0,
    verify: bool = False,
) -> Changes:
    """Say what became of every file, old and new. What looks untouched is not opened, unless asked to `verify`, or
    touched so shortly before the last run, at `indexed_ns`, that its time may hide a change.
    """
    doubtful = 0 if verify else indexed_ns - JUST_NOW if indexed_ns else None
    found = {name: _state(name, stat, corpus, known.get(name), doubtful) for name, stat in files.items()}
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
        with path.open("rb") as file:
            text = file.read(OURS_AT_MOST).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""  # for the reader to explain
    if looks_like_brief(text):
        return tell(es="un encargo, no una fuente", en="a brief, not a source")
    return (
        tell(es="un texto escrito por rag, no una fuente", en="a text written by rag, not a source")
        if OUR_TEXT.search(text)
        else ""
    )


def _state(name: str, stat: os.stat_result, corpus: Path, before: FileState | None, doubtful: int | None) -> FileState:
    """Return a file as it is now; one whose time is before `doubtful` (None: any) is what it was if all looks so."""
    size, time, inode = stat.st_size, stat.st_mtime_ns, stat.st_ino
    same = before is not None and (before.size, before.mtime_ns, before.inode) == (size, time, inode)
    if before and same and (doubtful is None or time < doubtful):
        return before
    sha256 = _sha256(corpus / name)
    if before and before.sha256 == sha256:
        return before._replace(size=size, mtime_ns=time, inode=inode)
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
