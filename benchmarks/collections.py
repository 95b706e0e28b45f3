"""Open data → collections that `rag eval` reads: corpus.jsonl, queries.jsonl, qrels.tsv, a folder each.

    python -m benchmarks.collections DATA FOLDER [NAME …]

A collection has one direction where its set has several: xquad-es-en holds English paragraphs and Spanish questions.
`xquad-both` and `casimedicos-both` hold both languages at once, each query's answer in either of them. Queries that
share a source share a `group`, so that halves split by it are independent. `periods` binds titles to the year their
text appeared in, over three dated folders at once.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.read import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LANGUAGES = ("es", "en")
SENTENCES = 6
"""Consecutive sentences of a TICO-19 document that make a passage."""


@dataclass(slots=True)
class Collection:
    """Rows as they are written: documents, queries, and (query, document) pairs that belong together."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, Any]] = field(default_factory=list)
    relevant: list[tuple[str, str]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the three files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in (("corpus", self.documents), ("queries", self.queries)):
            lines = (json.dumps(row, ensure_ascii=False) for row in rows)
            (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        lines = (f"{query}\t{document}\t1" for query, document in self.relevant)
        (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(lines) + "\n", encoding="utf-8")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def xquad(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield question → paragraph, in each direction and over both languages; groups are articles."""
    paragraphs = list(rows(data / "xquad" / "corpus.jsonl"))
    questions = list(rows(data / "xquad" / "queries.jsonl"))

    def made(asked: Iterable[str], held: Iterable[str]) -> Collection:
        texts = [row for row in paragraphs if row["lang"] in held]
        documents = [{"_id": row["doc_id"], "text": row["text"], "language": row["lang"]} for row in texts]
        chosen = [row for row in questions if row["lang"] in asked]
        queries = [_query(row["query_id"], row["question"], row["lang"], row["para"][:3]) for row in chosen]
        relevant = [(row["query_id"], f"{row['para']}.{language}") for row in chosen for language in held]
        return Collection(documents, queries, relevant)

    yield from _directions("xquad", made)


def casimedicos(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield clinical case → a doctor's explanation of it; groups are cases."""
    cases = list(rows(data / "casimedicos" / "casimedicos.jsonl"))

    def made(asked: Iterable[str], held: Iterable[str]) -> Collection:
        texts = [row for row in cases if row["lang"] in held]
        documents = [
            {"_id": f"{row['doc']}.{row['lang']}", "text": row["explanation"], "language": row["lang"]} for row in texts
        ]
        chosen = [row for row in cases if row["lang"] in asked]
        queries = [_query(f"{row['doc']}.{row['lang']}", row["case"], row["lang"], row["doc"]) for row in chosen]
        relevant = [(f"{row['doc']}.{row['lang']}", f"{row['doc']}.{language}") for row in chosen for language in held]
        return Collection(documents, queries, relevant)

    yield from _directions("casimedicos", made)


def _directions(
    name: str, made: Callable[[Iterable[str], Iterable[str]], Collection]
) -> Iterator[tuple[str, Collection]]:
    for asked, held in product(LANGUAGES, repeat=2):
        yield f"{name}-{asked}-{held}", made((asked,), (held,))
    yield f"{name}-both", made(LANGUAGES, LANGUAGES)


def tico19(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a sentence → the passage it stands in, in the other language; groups are documents."""
    sentences: dict[str, list[dict[str, Any]]] = {}
    for row in rows(data / "tico19" / "tico19.jsonl"):
        if row.get("es") and row.get("en"):
            sentences.setdefault(row["doc"], []).append(row)
    starts = [(doc, held, start) for doc, held in sentences.items() for start in range(0, len(held), SENTENCES)]
    passages = [(doc, held[start : start + SENTENCES]) for doc, held, start in starts]
    for asked, held in (("es", "en"), ("en", "es")):
        made = Collection()
        for number, (doc, passage) in enumerate(passages):
            text = " ".join(row[held] for row in passage)
            made.documents.append({"_id": f"p{number}", "text": text, "language": held})
            middle = passage[len(passage) // 2]
            made.queries.append(_query(middle["id"], middle[asked], asked, doc))
            made.relevant.append((middle["id"], f"p{number}"))
        yield f"tico19-{asked}-{held}", made


def programming_historian(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a lesson's title or abstract → the lesson, in its own and in the other language; groups are lessons."""
    lessons = list(rows(data / "programming_historian" / "index.jsonl"))
    texts = {row["file"]: _text(data / "programming_historian" / row["file"]) for row in lessons}
    for asked, held in product(LANGUAGES, repeat=2):
        made = Collection()
        in_group = {row["group"]: row["file"] for row in lessons if row["lang"] == held}
        for row in lessons:
            if row["lang"] == held:
                made.documents.append({"_id": row["file"], "text": texts[row["file"]], "language": held})
            if row["lang"] == asked and row["group"] in in_group:
                for kind in ("title", "abstract"):
                    if row.get(kind):
                        made.queries.append(_query(f"{row['file']}#{kind}", row[kind], asked, row["group"]))
                        made.relevant.append((f"{row['file']}#{kind}", in_group[row["group"]]))
        yield f"historian-{asked}-{held}", made


def pubmedqa(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a research question → the abstract it was made from."""
    made = Collection()
    for row in rows(data / "pubmedqa" / "pubmedqa.jsonl"):
        text = "\n\n".join(part["text"] for part in row["sections"])
        dated = {"date": str(row["year"])} if row["year"] else {}
        made.documents.append({"_id": row["pmid"], "text": text, "language": "en", **dated})
        made.queries.append(_query(row["pmid"], row["question"], "en", row["pmid"]))
        made.relevant.append((row["pmid"], row["pmid"]))
    yield "pubmedqa", made


def scifact(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a claim → the abstract that supports or refutes it; groups are abstracts."""
    made = Collection()
    ids: dict[str, str] = {}
    for row in rows(data / "scifact" / "scifact.jsonl"):
        if row["title"] not in ids:
            ids[row["title"]] = row["id"]
            made.documents.append({"_id": row["id"], "title": row["title"], "text": row["abstract"], "language": "en"})
        made.queries.append(_query(row["id"], row["claim"], "en", ids[row["title"]]))
        made.relevant.append((row["id"], ids[row["title"]]))
    yield "scifact", made


def timeqa(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a question with a time in it → the paragraph that answers it for that time; groups are articles.

    The times stand in the text, not in the paragraphs' dates: this is retrieval without a filter.
    """
    made = Collection()
    for row in rows(data / "timeqa" / "timeqa.jsonl"):
        for number, text in enumerate(row["paras"]):
            if len(text.split()) > len(row["title"].split()) + 3:  # titles of sections are no answers
                made.documents.append(
                    {"_id": f"{row['id']}:{number}", "title": row["title"], "text": text, "language": "en"}
                )
        held = {document["_id"] for document in made.documents}
        for number, question in enumerate(row["questions"]):
            answers = {f"{row['id']}:{answer['para']}" for answer in question["answers"]} & held
            if answers:
                made.queries.append(_query(f"{row['id']}?{number}", question["q"], "en", row["id"]))
                made.relevant += [(f"{row['id']}?{number}", answer) for answer in sorted(answers)]
    yield "timeqa", made


def scholarqa(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a literature question → the excerpts its expert cited, among all of them; groups are questions."""
    made = Collection()
    ids: dict[str, str] = {}
    for row in rows(data / "scholarqa_multi" / "scholarqa_multi.jsonl"):
        made.queries.append(_query(row["id"], row["question"], "en", row["id"]))
        for excerpt in row["excerpts"]:
            if not isinstance(excerpt["text"], str):
                continue  # one has none
            if excerpt["text"] not in ids:
                ids[excerpt["text"]] = f"{row['id']}:{excerpt['n']}"
                dated = {"date": str(excerpt["year"])} if excerpt.get("year") else {}
                made.documents.append(
                    {"_id": ids[excerpt["text"]], "text": excerpt["text"], "title": excerpt["title"] or "",
                     "language": "en", **dated}
                )  # fmt: skip
            pair = (row["id"], ids[excerpt["text"]])
            if pair not in made.relevant:
                made.relevant.append(pair)
    yield "scholarqa", made


def periods(data: Path) -> Iterator[tuple[str, Collection]]:
    """Yield a title bound to the year it appeared in → its text, over three dated folders.

    The same title asked of another year has no answer there: what comes then is counted by `benchmarks.retrieval`.
    """
    made = Collection()
    for folder in ("programming_historian", "pdf_folder_en", "scielo_jats"):
        for row in rows(data / folder / "index.jsonl"):
            published = row.get("translation_date") or row["date"]
            if not published:
                continue
            id_ = f"{folder}/{row['file']}"
            text = _text(data / folder / row["file"])
            made.documents.append({"_id": id_, "text": text, "language": row.get("lang", "en"), "date": published})
            year = published[:4]
            group = row.get("group", id_)
            query = _query(f"{id_}#{year}", row["title"], row.get("lang", "en"), group) | {"since": year, "until": year}
            made.queries.append(query)
            made.relevant.append((query["_id"], id_))
    yield "periods", made


SETS: tuple[Callable[[Path], Iterator[tuple[str, Collection]]], ...] = (
    xquad, casimedicos, tico19, programming_historian, pubmedqa, scifact, timeqa, scholarqa, periods,
)  # fmt: skip


def _query(id_: str, text: str, language: str, group: str) -> dict[str, Any]:
    return {"_id": id_, "text": text, "language": language, "group": group}


def _text(path: Path) -> str:
    return max((document.text for document in read_file(path, corpus=path.parent)), key=len)


def main() -> None:
    """Write the collections named, or all."""
    data, folder, *names = sys.argv[1:]
    for make in SETS:
        if not names or make.__name__ in names:
            for name, collection in make(Path(data)):
                collection.write(Path(folder) / name)
                print(f"{name}: {len(collection.documents)} documents, {len(collection.queries)} queries")


if __name__ == "__main__":
    main()
