"""A ZIP archive (DOCX, ODT, EPUB) → its parts, inflated within bounds. Nothing is ever unpacked to disk.

Does not trust what an archive says of its sizes, nor its names: a part is asked for by the name a format gives it. What
lies in an archive inside is not opened.

bytes → Archive.
"""

from __future__ import annotations

import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from rag.errors import SourceError
from rag.language import tell
from rag.read.xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    Element = Any  # lxml comes without types

MOST_MEMBERS = 20_000
"""A book in EPUB has some hundreds of parts, one with a picture on every page a few thousand."""
MOST_INFLATED = 64 * 2**20
"""Bytes of text and markup read from one archive: a book of 1,500 pages in DOCX takes 20 MB, and its tree ten times as
much memory."""
MOST_RATIO = 200
"""How many times larger a part may become: markup of real documents becomes 5 to 50 times larger, zeros 1,000."""
SMALL = 2**20
"""Bytes up to which a part may be of any ratio: an empty table is little else than repetition."""
BOMB = {
    "en": "it inflates beyond all measure, as archives made to do harm; save it anew from the program it comes from",
    "es": "se infla más de lo razonable, como los hechos para dañar; guárdalo de nuevo desde el programa del que viene",
}


@dataclass(slots=True)
class Archive:
    """The parts of an archive by name. `inflated` counts what has been read so far."""

    path: str
    file: ZipFile
    names: frozenset[str]
    inflated: int = field(default=0)

    def read(self, name: str) -> bytes:
        """Return a part; nothing where there is none. `SourceError` where it cannot be read within bounds."""
        if name not in self.names:
            return b""
        info = self.file.getinfo(name)
        left = min(MOST_INFLATED - self.inflated, max(SMALL, info.compress_size * MOST_RATIO))
        if info.flag_bits & 1:
            raise SourceError(
                self.path,
                tell(
                    es="está protegido con contraseña; guárdalo sin ella",
                    en="it is locked by a password; save it without",
                ),
            )
        try:
            with self.file.open(info) as part:
                data = part.read(left + 1)
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise SourceError(
                self.path,
                tell(
                    es=f"su parte {name} está dañada ({error}); guárdalo o descárgalo de nuevo",
                    en=f"its part {name} is damaged ({error}); save or download it anew",
                ),
            ) from error
        if len(data) > left:
            raise SourceError(self.path, tell(**BOMB))
        self.inflated += len(data)
        return data

    def xml(self, name: str) -> Element | None:
        """Return the root of an XML part; None where there is no such part."""
        data = self.read(name)
        return parse_xml(data, path=self.path) if data else None


@contextmanager
def open_archive(data: bytes, *, path: str) -> Iterator[Archive]:
    """Give the archive that these bytes are."""
    try:
        file = ZipFile(io.BytesIO(data))
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SourceError(
            path,
            tell(
                es=f"su archivo comprimido está dañado ({error}); guárdalo o descárgalo de nuevo",
                en=f"its archive is damaged ({error}); save or download it anew",
            ),
        ) from error
    with file:
        names = frozenset(file.namelist())
        if len(names) > MOST_MEMBERS:
            raise SourceError(
                path,
                tell(
                    es=f"contiene más de {MOST_MEMBERS} partes; guárdalo de nuevo o divídelo",
                    en=f"it holds more than {MOST_MEMBERS:,} parts; save it anew or split it",
                ),
            )
        yield Archive(path, file, names)
