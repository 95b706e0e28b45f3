"""Full text of chunks in SQLite FTS5: put, remove, and match by BM25 (Robertson & Zaragoza 2009).

Does not fuse or filter by meaning. A second column holds stems, since FTS5 cannot be given a tokenizer from Python;
accents are folded in both. Query terms are always quoted: a query is words, never FTS5 syntax.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rag.language import content_words, stems

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

QUERY_TERMS = 12
"""Terms of a query at most: long queries cost more than they find."""
COMMON = 0.1
"""A term in more than this share of the chunks tells little; it is asked for only when nothing rarer remains."""
_SEAM = re.compile(r"[.,]")
DECIMALS = 9
"""Scores are rounded before ranking, so that ties do not hang on the machine."""

SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS full_text USING fts5 (text, stems, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE IF NOT EXISTS term USING fts5vocab (full_text, col);
"""


COUNT = "SELECT count(*) FROM full_text_docsize"
"""The statement that counts the texts."""


def put(db: sqlite3.Connection, chunk_id: int, text: str, *, context: Sequence[str], language: str) -> None:
    """Add a chunk's text; its `context` (the headings over it) is found by stem alone."""
    stemmed = " ".join(stems(" \n\n".join((*context, text)), language))
    db.execute("INSERT INTO full_text (rowid, text, stems) VALUES (?, ?, ?)", (chunk_id, text, stemmed))


def remove(db: sqlite3.Connection, chunk_ids: Sequence[int]) -> None:
    """Remove chunks' texts."""
    db.executemany("DELETE FROM full_text WHERE rowid = ?", [(id_,) for id_ in chunk_ids])


def clear(db: sqlite3.Connection) -> None:
    """Remove all texts, whatever state they are in."""
    db.execute("DROP TABLE term")
    db.execute("DROP TABLE full_text")
    for statement in SCHEMA.strip().split("\n"):
        db.execute(statement)


def is_damaged(db: sqlite3.Connection) -> bool:
    """Say whether FTS5 finds its own structure at fault."""
    import sqlite3 as sqlite

    try:
        db.execute("INSERT INTO full_text (full_text) VALUES ('integrity-check')")
    except sqlite.DatabaseError:
        return True
    finally:
        db.rollback()
    return False


def match(db: sqlite3.Connection, query: str, *, language: str, k: int, among: str = "") -> list[tuple[int, float]]:
    """Return the best `k` chunk ids with their BM25 scores (higher is better), best first, ties by key.

    `among` is a condition on the ids ("IN" something), written by code alone.
    """
    expression = _expression(db, query, language=language)
    if not expression:
        return []
    rows = db.execute(
        f"""
        WITH matched AS MATERIALIZED (
            SELECT rowid AS id, round(bm25(full_text), {DECIMALS}) AS score FROM full_text
            WHERE full_text MATCH ? {among and f"AND +rowid {among}"})
        SELECT matched.id, score FROM matched CROSS JOIN chunk ON chunk.id = matched.id
        WHERE score <= coalesce((SELECT score FROM matched ORDER BY score LIMIT 1 OFFSET ?), 0)
        ORDER BY score, key_hash, matched.id LIMIT ?""",  # noqa: S608 - put in are constants
        (expression, k - 1, k),
    )
    return [(chunk_id, -score) for chunk_id, score in rows]


def _expression(db: sqlite3.Connection, query: str, *, language: str) -> str:
    """Write the FTS5 expression for the query's rarest terms; empty when it has no word the index knows."""
    terms = dict.fromkeys(("text", word) for word in content_words(query, language))
    for side in dict.fromkeys((language, "es", "en")):
        terms |= dict.fromkeys(("stems", stem) for stem in stems(query, side))
    frequency = _frequencies(db, tuple(terms))
    total = db.execute("SELECT count(*) FROM chunk").fetchone()[0]
    found = sorted((term for term in terms if frequency[term]), key=lambda term: frequency[term])
    rare = [term for term in found if frequency[term] <= COMMON * total] or found
    return " OR ".join(f'{column} : "{word}"' for column, word in rare[:QUERY_TERMS])


def _frequencies(db: sqlite3.Connection, terms: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Count the chunks that hold each word in its column; FTS5 knows "3,5" by its two halves, so the rarer of them
    tells.
    """
    parts = sorted({part for _, word in terms for part in _SEAM.split(word)})
    query = "SELECT col, term, doc FROM term WHERE term IN (SELECT value FROM json_each(?))"
    held = {(column, part): int(count) for column, part, count in db.execute(query, (json.dumps(parts),))}
    return {(column, word): min(held.get((column, part), 0) for part in _SEAM.split(word)) for column, word in terms}
