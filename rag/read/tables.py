"""A table of dated snippets (CSV, TSV, JSONL) -> a Document of format "snippet" for each row that holds text.

Knows its columns by their names, in Spanish and English; a first row that names none of text is an error, never guessed
at. Numbers and empty cells are no text. Text -> Documents.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.dates import parse_date
from rag.errors import SourceError
from rag.language import detect, fold, tell
from rag.read.characters import clean, one_line
from rag.read.compose import Block, compose
from rag.read.details import bare_doi, language_code, split_authors, web_link
from rag.read.told import Told, source
from rag.records import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from rag.records import Document

COLUMNS = {
    "text": ("text", "texto", "snippet", "extracto", "fragmento", "excerpt", "abstract", "resumen", "contenido"),
    "date": ("date", "fecha", "published", "publicado", "fecha de publicacion", "publication date", "year", "ano"),
    "title": ("title", "titulo"),
    "authors": ("authors", "autores", "author", "autor", "autora", "autor(es)", "author(s)", "byline"),
    "url": ("url", "enlace", "link"),
    "doi": ("doi",),
    "journal": ("source", "fuente", "medio", "journal", "revista", "publisher"),
    "language": ("language", "idioma", "lang"),
    "retrieved": ("retrieved", "accessed", "recuperado", "consultado"),
}  # fmt: skip
DELIMITERS = ",;\t|"
CELL = 10_000_000
"""Characters of a cell at most; the csv module's own limit of 131,072 is below a book."""
PARAGRAPH = re.compile(r"\n\s*\n")

Row = tuple[int, "Mapping[str, str]"]


def read_table(text: str, *, path: str) -> tuple[Document, ...]:
    """Return the documents of a table's rows, in their order."""
    text = text.removeprefix("\ufeff").strip("\r\n")
    rows = tuple(_json_rows(text, path) if text.lstrip().startswith("{") else _cells(text, path))
    columns = _columns(tuple(dict.fromkeys(name for _, row in rows for name in row)), path)
    documents = (_document(number, row, columns, path=path) for number, row in rows)
    found = tuple(document for document in documents if document)
    if not found:
        raise SourceError(
            path,
            tell(
                es=f"su columna «{columns['text']}» está vacía; quita el archivo o complétala",
                en=f"its column “{columns['text']}” is empty; remove the file or fill it in",
            ),
        )
    return found


def _columns(names: Sequence[str], path: str) -> dict[str, str]:
    """Return the column for each field; of two for one field that whose name comes first above."""
    by_name = {" ".join(fold(name).replace("_", " ").split()): name for name in reversed(names)}
    columns = {
        field: next(by_name[known] for known in known_as if known in by_name)
        for field, known_as in COLUMNS.items()
        if not by_name.keys().isdisjoint(known_as)
    }
    if "text" not in columns:
        told = ", ".join(name or tell(es="(sin nombre)", en="(no name)") for name in names) or "none"
        raise SourceError(
            path,
            tell(
                es=f"no tiene una columna de texto; llama a una «text» o «texto» (hay: {told})",
                en=f"it has no column of text; name one “text” or “texto” (found: {told})",
            ),
        )
    return columns


def _cells(text: str, path: str) -> Iterator[Row]:
    """Give the line and the cells by column of each row under the first."""
    csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        names = [one_line(name) for name in next(reader, [])]
        yield 1, dict.fromkeys(names, "")
        for cells in reader:
            if len(cells) > len(names):
                reason = tell(
                    es=f"la línea {reader.line_num} tiene {len(cells)} celdas bajo {len(names)} columnas",
                    en=f"line {reader.line_num} has {len(cells)} cells under {len(names)} columns",
                )
                raise SourceError(
                    path,
                    tell(
                        es=f"{reason}; pon entre comillas dobles las celdas que contienen el separador",
                        en=f"{reason}; put cells that hold the delimiter in double quotes",
                    ),
                )
            yield reader.line_num, dict(zip(names, map(clean, cells), strict=False))
    except csv.Error as error:
        raise SourceError(
            path,
            tell(
                es=f"la línea {reader.line_num} no se puede leer ({error}); cierra sus comillas dobles",
                en=f"line {reader.line_num} cannot be read ({error}); close its double quotes",
            ),
        ) from error


def _delimiter(text: str) -> str:
    """Return what parts the first row into columns that are known, as many as possible."""
    known = {name for names in COLUMNS.values() for name in names}
    first = fold(text.splitlines()[0] if text else "").replace('"', "").replace("_", " ")

    def count(delimiter: str) -> tuple[int, int]:
        names = first.split(delimiter)
        return sum(name.strip() in known for name in names), len(names)

    return max(DELIMITERS, key=count)


def _json_rows(text: str, path: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(
                path,
                tell(
                    es=f"la línea {number} no es JSON ({error}); escribe un objeto por línea",
                    en=f"line {number} is no JSON ({error}); write one object a line",
                ),
            ) from error
        if not isinstance(row, dict):
            raise SourceError(
                path,
                tell(
                    es=f'la línea {number} no es un objeto; escribe uno por línea, como {{"text": "…"}}',
                    en=f'line {number} is no object; write one a line, as {{"text": "…"}}',
                ),
            )
        yield number, {name: _words(value) for name, value in row.items()}


def _words(value: object) -> str:
    """Return a value's words: a list of names as one line, nothing for what has none."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, value)))
    return clean(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _document(number: int, row: Mapping[str, str], columns: Mapping[str, str], *, path: str) -> Document | None:
    fields = {field: row.get(column, "").strip() for field, column in columns.items()}
    if not one_line(fields["text"]):
        return None
    retrieved = _retrieved(fields.get("retrieved", ""), number, path)
    told = Told(
        "bibliography",
        title=one_line(fields.get("title", "")),
        authors=split_authors(fields.get("authors", "")),
        date=parse_date(words, origin="bibliography", retrieved=retrieved)
        if (words := fields.get("date", ""))
        else UNDATED,
        retrieved=retrieved,
        doi=bare_doi(fields.get("doi", "")),
        url=web_link(fields.get("url", "")),
        journal=one_line(fields.get("journal", "")),
    )
    language = language_code(fields.get("language", "")) or detect(fields["text"])
    its = replace(source("snippet", path, told), language=language)
    return compose(map(Block, PARAGRAPH.split(fields["text"])), its)


def _retrieved(words: str, number: int, path: str) -> date | None:
    """Return the day a row was found on, from which its relative date is counted."""
    if not words:
        return None
    day = parse_date(words, origin="bibliography")
    if day.precision != "day":
        raise SourceError(
            path,
            tell(
                es=f"línea {number}: «{words}» no es un día de consulta; escribe por ejemplo 2024-05-01",
                en=f"line {number}: “{words}” is not a day of retrieval; write for instance 2024-05-01",
            ),
        )
    return day.first
