"""Search results pasted from the clipboard or a pipe -> a file of dated snippets under the corpus.

Stamps them with the day they were retrieved, the only moment at which "2 days ago" can be resolved; splits, dates and
drops what is there already. It neither indexes nor fetches anything, and changes no file that exists.

str, date, folder -> Pasted.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING

from rag.dates import Snippet, split_snippets
from rag.errors import RagError, SourceError
from rag.language import os_words, tell
from rag.read import clean, read_file, snippet_documents
from rag.read.characters import decode
from rag.read.snippets import split_retrieved
from rag.records import UNDATED, Document, document_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

FOLDER = "snippets"
"""Where pasted snippets lie in a corpus."""

_ADDRESS = re.compile(r"^[^\S\n]*https?://[^\s›]+(?:[^\S\n]*›[^\n]*)?$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?…][»”\")]?\s*\Z")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a paste: the file written (None where nothing was new) and its documents as they will be read,
    those that lay in the corpus already or came twice, and lines that hold no text to save: bare addresses.
    """

    path: Path | None
    retrieved: date
    new: tuple[Document, ...] = ()
    known: tuple[Document, ...] = ()
    left_out: tuple[str, ...] = ()


def read_paste(given: bytes | Path) -> str:
    """Return the text of a file, or of bytes that were piped in. Raises `RagError` where it cannot be read."""
    name = tell(es="lo pegado", en="the paste") if isinstance(given, bytes) else str(given)
    try:
        return decode(given if isinstance(given, bytes) else given.read_bytes())
    except OSError as error:
        raise RagError(
            tell(
                es=f"{name}: no se puede abrir ({os_words(error)}); nombra un archivo, o pasa el texto por la entrada",
                en=f"{name}: it cannot be opened ({os_words(error)}); name a file, or pipe the text in",
            )
        ) from error
    except ValueError as error:
        raise RagError(f"{name}: {error}") from error


def paste(text: str, *, retrieved: date, corpus: Path) -> Pasted:
    """Save the snippets of a paste as `corpus`/snippets/YYYY-MM-DD.txt, or -2 and so on where that exists.

    A first line "retrieved: 2024-05-01" outweighs `retrieved`. What has no date of its own is saved as undated, never
    under its neighbour's. A text that is there already is left out unless its date is another: then it was published
    again. Raises `RagError` for a paste without words and a corpus that is none.
    """
    if not corpus.is_dir():
        raise RagError(
            tell(
                es=f"{corpus}: no existe esa carpeta; nombra el corpus, o créala antes",
                en=f"{corpus}: no such folder; name the corpus, or make it first",
            )
        )
    day, body = split_retrieved(clean(text), path=tell(es="lo pegado", en="the paste"), retrieved=retrieved)
    day = day or retrieved
    if not any(character.isalnum() for character in body):
        raise RagError(
            tell(
                es="lo pegado no contiene palabras; copia los resultados de la búsqueda y pega de nuevo",
                en="the paste holds no words; copy the search results and paste again",
            )
        )
    entries, left_out = _entries(body, day)
    held = [document for path in _files(corpus) for document in _held(path, corpus)]
    fresh: list[str] = []
    known: list[Document] = []
    for entry in entries:
        documents = snippet_documents(entry, path="", retrieved=day)
        new = [document for document in documents if not any(_tells_nothing_new(document, old) for old in held)]
        if new:
            fresh.append(entry)
            held += new
        else:
            known += documents
    if not fresh:
        return Pasted(None, day, known=tuple(known), left_out=left_out)
    saved = "\n\n".join((f"retrieved: {day.isoformat()}", *fresh)) + "\n"
    path = _save(saved, corpus / FOLDER, day.isoformat())
    new_documents = snippet_documents(saved, path=path.relative_to(corpus).as_posix(), retrieved=None)
    return Pasted(path, day, new_documents, tuple(known), left_out)


def _entries(body: str, retrieved: date) -> tuple[list[str], tuple[str, ...]]:
    """Return a block of the file for each snippet, and the lines that hold no text."""
    entries: list[str] = []
    left_out: list[str] = []
    for snippet in split_snippets(body, retrieved=retrieved) or (Snippet(UNDATED, body, 0, len(body)),):
        own, *rest = _parts(snippet.text, dated=snippet.date != UNDATED)
        entries += [_entry(snippet.prefix, own, snippet.title, snippet.url)] if own else []
        for part in rest:
            title, url, words = _undated_result(part)
            if words:
                entries.append(_entry("", words, title, url))
            else:
                left_out += part.split("\n")
    return entries, tuple(left_out)


def _parts(text: str, *, dated: bool) -> Iterator[str]:
    """Give a snippet's own text (empty where it has no date), then what follows a blank line or an address in it."""
    first, *rest = _BLANK_LINE.split(text)
    address = _ADDRESS.search(first) if dated else None
    if address:
        start = _title_start(first, address.start())
        first, rest = first[:start], [first[start:], *rest]
    yield first.strip() if dated else ""
    yield from (part.strip() for part in (rest if dated else [first, *rest]) if part.strip())


def _title_start(text: str, address: int) -> int:
    """Return where the line above an address begins if it can be its title: not the snippet's own, nor its end."""
    above = text.rfind("\n", 0, max(address - 1, 0)) + 1
    return address if above == 0 or _SENTENCE_END.search(text[above:address]) else above


def _undated_result(part: str) -> tuple[str, str, str]:
    """Return the title, address and words of a result without a date; no words where it is but an address."""
    lines = part.split("\n")
    row = next((row for row, line in enumerate(lines[:2]) if _ADDRESS.fullmatch(line)), None)
    if row is None or (row and _SENTENCE_END.search(lines[0])):
        return "", "", part
    title, url = lines[0].strip() if row else "", lines[row].split("›")[0].strip()
    return title, url, "\n".join(lines[row + 1 :]).strip()


def _entry(prefix: str, words: str, title: str, url: str) -> str:
    """Return a block that reads back as one snippet: its title and address, its prefix as the source wrote it, its
    text. Where only the place it stood in made that a prefix, it is kept among the words of an undated one.
    """
    header = f"{title}\n{url}\n" if title and url else f"{url}\n" if url else ""
    entry = f"{header}{prefix}{words}"
    if prefix and len(split_snippets(entry)) == 1:
        return entry
    return f"{header}undated · {' '.join((prefix + words).split())}"


def _files(corpus: Path) -> Iterable[Path]:
    return sorted(path for path in (corpus / FOLDER).rglob("*") if path.is_file() and not path.name.startswith("."))


def _held(path: Path, corpus: Path) -> tuple[Document, ...]:
    """Return what a file holds; nothing where it cannot be read: the index says why."""
    with suppress(SourceError):
        return read_file(path, corpus=corpus)
    return ()


def _tells_nothing_new(one: Document, held: Document) -> bool:
    """Say whether a text lies there with a date that may be the same and is as precise."""
    new, old = one.source.date, held.source.date
    if document_id(one.text) != document_id(held.text):
        return False
    if not (new.first and new.last and old.first and old.last):
        return not new.known
    return new.first <= old.last and old.first <= new.last and new.last - new.first >= old.last - old.first


def _save(text: str, folder: Path, name: str) -> Path:
    """Write a file whole, under the first name of its kind that is free."""
    try:
        folder.mkdir(exist_ok=True)
        draft = folder / f".{token_hex(8)}"
        try:
            with draft.open("xb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            return _take_name(draft, folder, name)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise RagError(
            tell(
                es=(
                    f"{folder}: no se puede guardar lo pegado ({os_words(error)}); haz que se pueda "
                    "escribir en la carpeta"
                ),
                en=f"{folder}: the paste cannot be saved ({os_words(error)}); make the folder writable",
            )
        ) from error


def _take_name(draft: Path, folder: Path, name: str) -> Path:
    """Give a written file its name; a link fails where the name is taken, also by somebody else's paste just now."""
    for number in count(1):
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
            return path
    raise AssertionError  # the numbers do not end
