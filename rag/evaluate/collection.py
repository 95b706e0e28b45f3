"""A folder of documents, queries and what is relevant to each → `Collection`.

Does not search. Three files, as BEIR lays them out (Thakur et al. 2021, arXiv 2104.08663):

    corpus.jsonl   {"_id": "d1", "text": "…"}; if known "title", "language" ("es"), "date" (2023, 2023-05, 2023-05-17)
    queries.jsonl  {"_id": "q1", "text": "…"}; if known "language", "group", "since", "until", "as_of"
    qrels.tsv      query-id ⇥ corpus-id ⇥ score, under a line of these names; qrels/test.tsv serves as well

A title is a heading over its text. Queries of one `group` hang together (of one article, say): they fall into one half
and are drawn together by the bootstrap. Scores are whole numbers, 0 for what was judged and is not relevant.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from rag.dates import parse_limit, time_limits
from rag.errors import DateError, RagError
from rag.language import detect, os_words, tell
from rag.read import clean
from rag.records import UNDATED, Document, Section, Source, TimeLimits, document_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Half = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the ids of its relevant documents and how relevant each is, 1 or more.

    `answers` are the languages of these documents, "es" or "en+es"; a language that cannot be told is empty.
    """

    id: str
    text: str
    language: str
    group: str
    limits: TimeLimits
    relevant: Mapping[str, int]
    answers: str

    @property
    def half(self) -> Half:
        """The half of its collection it belongs to: always the one of its group."""
        return "second" if hashlib.sha256(self.group.encode()).digest()[0] % 2 else "first"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, each with its id in the collection as its path, and the queries that have a relevant one.

    `half` says which half of the queries these are, None for all.
    """

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    half: Half | None = None

    @property
    def ids(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of documents by that of their source: several where they say the same."""
        ids: dict[str, tuple[str, ...]] = {}
        for document in self.documents:
            ids[document.source.id] = (*ids.get(document.source.id, ()), *document.source.paths)
        return ids

    def part(self, *, half: Half | None = None, limit: int = 0) -> Collection:
        """Return the collection with the queries of one half alone, and of these no more than `limit` (0: all), evenly
        taken over their order. Raises `RagError` where none is left.
        """
        queries = [query for query in self.queries if half in {None, query.half}]
        if not queries:
            raise RagError(
                tell(
                    es=(
                        f"{self.name}: ninguna consulta cae en la "
                        f"{'primera' if half == 'first' else 'segunda'} mitad; mide con "
                        "todas, o añade consultas"
                    ),
                    en=f"{self.name}: no query falls into the {half} half; measure all, or add queries",
                )
            )
        if 0 < limit < len(queries):
            queries = [queries[place * len(queries) // limit] for place in range(limit)]
        return replace(self, queries=tuple(queries), half=half)


def read_collection(folder: Path) -> Collection:
    """Read a collection. Queries without a relevant document are left out.

    Raises `RagError` naming the file, the line and the remedy.
    """
    corpus, asked, judged = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels.tsv"
    if not judged.exists():
        judged = folder / "qrels" / "test.tsv"
    if missing := [path.name for path in (corpus, asked) if not path.is_file()]:
        raise RagError(
            tell(
                es=f"{folder}: falta {' y falta '.join(missing)}; rag eval --help dice qué contiene una colección",
                en=f"{folder}: no {' and no '.join(missing)} here; rag eval --help tells what a collection holds",
            )
        )
    if not judged.is_file():
        raise RagError(
            tell(
                es=f"{folder}: no hay qrels.tsv ni qrels/test.tsv; escribe una línea por cada par pertinente",
                en=f"{folder}: neither qrels.tsv nor qrels/test.tsv here; write one line for each relevant pair",
            )
        )
    documents = {id_: _document(row, id_, where) for where, id_, row in _rows(corpus)}
    rows = {id_: (where, row) for where, id_, row in _rows(asked)}
    relevant = _relevant(judged, queries=rows, documents=documents)
    queries = tuple(
        _query(row, id_, where, relevant[id_], documents) for id_, (where, row) in rows.items() if relevant.get(id_)
    )
    if not queries:
        raise RagError(
            tell(
                es=(
                    f"{judged}: ninguna consulta tiene un documento pertinente; da a algún par una "
                    "puntuación de 1 o más"
                ),
                en=f"{judged}: no query has a relevant document; give some pair a score of 1 or more",
            )
        )
    return Collection(folder.resolve().name, tuple(documents.values()), queries)


def _document(row: dict[str, Any], id_: str, where: str) -> Document:
    title, body = clean(_text(row, "title", where)).strip(), clean(_text(row, "text", where)).strip()
    text = "\n\n".join(part for part in (title, body) if part)
    try:
        date = parse_limit(row["date"]) if _text(row, "date", where) else UNDATED
    except DateError as error:
        raise RagError(tell(es=f"{where}: «date»: {error}", en=f"{where}: “date”: {error}")) from error
    language = _text(row, "language", where) or detect(text)
    source = Source(document_id(text), (id_,), "text", title=title, date=date, language=language)
    return Document(source, text, (Section(0, 1, title),) if title else ())


def _query(
    row: dict[str, Any], id_: str, where: str, relevant: Mapping[str, int], documents: Mapping[str, Document]
) -> Query:
    text = _text(row, "text", where)
    if not text.strip():
        raise RagError(
            tell(
                es=f"{where}: su «text» está vacío; escribe ahí la pregunta",
                en=f"{where}: its “text” is empty; write the question there",
            )
        )
    try:
        limits = time_limits(**{name: _text(row, name, where) for name in ("since", "until", "as_of")})
    except DateError as error:
        raise RagError(f"{where}: {error}") from error
    answers = "+".join(sorted({documents[document].source.language or "?" for document in relevant}))
    language = _text(row, "language", where) or detect(text)
    return Query(id_, text, language, _text(row, "group", where) or id_, limits, relevant, answers)


def _text(row: dict[str, Any], name: str, where: str) -> str:
    """Return a text of a row, empty where it has none."""
    value = row.get(name)
    if not isinstance(value, str | None):
        raise RagError(
            tell(
                es=f"{where}: «{name}» no es un texto; ponlo entre comillas",
                en=f"{where}: “{name}” is no text; put it in quotes",
            )
        )
    return value or ""


def _rows(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the objects of a JSONL file with where they stand and their ids."""
    lines: dict[str, str] = {}
    for where, line in _lines(path):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise RagError(
                tell(
                    es=f"{where}: no es JSON ({error}); escribe un objeto por línea",
                    en=f"{where}: no JSON ({error}); write one object on each line",
                )
            ) from error
        if not isinstance(row, dict) or "text" not in row:
            raise RagError(
                tell(
                    es=f'{where}: no es un objeto con «text»; escribe por ejemplo {{"_id": "1", "text": "…"}}',
                    en=f'{where}: no object with a “text”; write for instance {{"_id": "1", "text": "…"}}',
                )
            )
        id_ = _text(row, "_id", where)
        if not id_:
            raise RagError(
                tell(
                    es=f"{where}: falta «_id»; ponle uno para que qrels pueda nombrarlo",
                    en=f"{where}: no “_id”; name it so that qrels can speak of it",
                )
            )
        if id_ in lines:
            raise RagError(
                tell(
                    es=f"{where}: su «_id» {id_} es también el de {lines[id_]}; da a cada uno el suyo",
                    en=f"{where}: its “_id” {id_} is that of {lines[id_]} too; give each its own",
                )
            )
        lines[id_] = where
        yield where, id_, row


def _relevant(
    path: Path, *, queries: Mapping[str, object], documents: Mapping[str, Document]
) -> dict[str, dict[str, int]]:
    """Return, by query, the relevant documents and how relevant each is."""
    relevant: dict[str, dict[str, int]] = {}
    kinds = tell(es="la consulta", en="query"), tell(es="el documento", en="document")
    for number, (where, line) in enumerate(_lines(path)):
        columns = [column.strip() for column in line.split("\t")]
        if number == 0 and columns[-1] == "score":
            continue
        if len(columns) != 3 or not columns[2].isdecimal():  # noqa: PLR2004 - named in the message
            raise RagError(
                tell(
                    es=f"{where}: no son tres columnas separadas por tabuladores: query-id, corpus-id, un entero",
                    en=f"{where}: not three columns parted by tabs: query-id, corpus-id, a whole number",
                )
            )
        query, document, score = columns
        for kind, id_, known in ((kinds[0], query, queries), (kinds[1], document, documents)):
            if id_ not in known:
                raise RagError(
                    tell(
                        es=f"{where}: no existe {kind} {id_}; corrige el identificador, o quita la línea",
                        en=f"{where}: there is no {kind} {id_}; mend the id, or take the line out",
                    )
                )
        if int(score):
            relevant.setdefault(query, {})[document] = int(score)
    return relevant


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file that hold something, each with where it stands."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line
    except UnicodeDecodeError as error:
        raise RagError(
            tell(
                es=f"{path}: no es UTF-8 ({error.reason}, byte {error.start}); guárdalo en UTF-8",
                en=f"{path}: no UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8",
            )
        ) from error
    except OSError as error:
        raise RagError(
            tell(es=f"{path}: no se puede leer ({os_words(error)})", en=f"{path}: cannot be read ({os_words(error)})")
        ) from error
