"""One SQLite file with its tables, its settings, and writes that happen whole or not at all.

Does not know what the tables hold. Path → open database; what SQLite refuses becomes an `IndexFault` with a remedy.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rag import fulltext, rows
from rag.errors import IndexFault
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Database:
    """One SQLite file (or memory, where `path` is None). Use as a context manager or call `close`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._db = self._open()
        version = self.setting("schema") or rows.SCHEMA_VERSION
        if version != rows.SCHEMA_VERSION:
            self.close()
            raise IndexFault(
                tell(
                    es=f"{path}: es de otra versión (esquema {version}); borra el índice y ejecuta: rag index",
                    en=f"{path}: made by another version (schema {version}); remove the index and run: rag index",
                )
            )
        self.set_setting("schema", rows.SCHEMA_VERSION)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        self.explain(error)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def explain(self, error: BaseException | None) -> None:
        """Raise an `IndexFault` where this error is SQLite's: the file is not what it was."""
        if isinstance(error, sqlite3.DatabaseError):
            remedy = tell(
                es="mira qué dice rag doctor; un índice dañado se aparta y se hace de nuevo con: rag index",
                en="see what rag doctor says of it; a damaged index is moved away and made anew with: rag index",
            )
            raise IndexFault(
                tell(
                    es=f"{self._path}: no se puede leer el catálogo ({error}); {remedy}",
                    en=f"{self._path}: the catalog cannot be read ({error}); {remedy}",
                )
            ) from error

    def damage(self) -> str:
        """Return the first fault SQLite finds in the file; empty for a sound one."""
        found = str(self._db.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if found == "ok" else found

    def _open(self) -> sqlite3.Connection:
        """Connect and see that the tables are there."""
        db = None
        try:
            db = sqlite3.connect(self._path or ":memory:", timeout=30)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(rows.SCHEMA + fulltext.SCHEMA)
        except sqlite3.Error as error:
            if db is not None:
                db.close()
            remedy = tell(
                es=(
                    "comprueba que se puede escribir en la carpeta; un índice dañado se borra y se hace "
                    "de nuevo con: rag index"
                ),
                en="see that the folder is writable; a damaged index is removed and made anew with: rag index",
            )
            raise IndexFault(
                tell(
                    es=f"{self._path}: no se puede abrir el catálogo ({error}); {remedy}",
                    en=f"{self._path}: the catalog cannot be opened ({error}); {remedy}",
                )
            ) from error
        return db

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Write all of a block or none of it."""
        try:
            with self._db:
                yield self._db
        except sqlite3.OperationalError as error:
            remedy = tell(
                es="comprueba que ningún otro proceso escribe en él y que queda sitio en el disco",
                en="see that no other run writes to it and that the disk has room",
            )
            raise IndexFault(
                tell(
                    es=f"{self._path}: no se puede escribir el catálogo ({error}); {remedy}",
                    en=f"{self._path}: the catalog cannot be written ({error}); {remedy}",
                )
            ) from error

    def setting(self, name: str) -> str:
        """Return a setting of the index, empty where it was never set."""
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting of the index."""
        if self.setting(name) != value:
            with self._change():
                self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        """Keep a setting, inside a change."""
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
