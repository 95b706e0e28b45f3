"""What is made once and kept in the user's cache: (name, how to make it) → its bytes, or a folder.

Does not know what it keeps. What is there is whole or is made again: it is written under another name and renamed, so
that a kill or two processes at once leave nothing half made. The place is `RAG_CACHE`, else the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGEST = hashlib.sha256().digest_size


def cache_folder() -> Path:
    """Return the folder for what is made once; it need not exist."""
    from platformdirs import user_cache_path

    return Path(os.environ.get("RAG_CACHE") or user_cache_path("rag", appauthor=False))


def kept_bytes(name: str, make: Callable[[], bytes]) -> bytes:
    """Return the bytes kept under a name, made if they are missing or damaged; unkept where nothing can be written."""
    path = cache_folder() / name
    if (found := _whole(path)) is not None:
        return found
    made = make()
    with suppress(OSError):  # a cache that cannot be written costs the making, no more
        _write(path, made)
    return made


def kept_folder(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder kept under a name, made if it is missing. Raises `OSError` where it cannot be written."""
    path = cache_folder() / name
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=path.parent) as folder:
            made = Path(folder, "made")
            make(made)
            try:
                made.rename(path)
            except OSError:
                if not path.is_dir():  # else another process was first
                    raise
    return path


def _whole(path: Path) -> bytes | None:
    """Return the bytes of a kept file, none if it is missing, cannot be read or is not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    made = data[_DIGEST:]
    return made if hashlib.sha256(made).digest() == data[:_DIGEST] else None


def _write(path: Path, made: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(hashlib.sha256(made).digest())
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
