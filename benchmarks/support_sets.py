"""Labelled claims with their evidence, out of the open data; and false ones made from true ones.

A claim's `kind` says whether its label is people's ("natural") or how it was made: evidence of "another source", a
"negation", "direction" or "digit" changed, or a sentence beside its "translation".
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.language import sentence_spans
from rag.verify.labelled import Labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rag.verify.labelled import Label

SETS = ("expertqa", "factores_es", "scifact", "scholarqa_multi", "tico19")
_MARKS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_NUMBERS = re.compile(r"\d+")
_AUXILIARY = {
    "en": re.compile(r"\b(is|are|was|were|can|could|may|might|will|would|should|has|have)\b(?! not\b)"),
    "es": re.compile(r"\b(?<!\bno )(es|son|está|están|fue|fueron|era|eran|ha|han|puede|pueden|tiene|tienen|será)\b"),
}
_OPPOSITES = {
    "en": (
        ("increases", "decreases"), ("increased", "decreased"), ("increase", "decrease"), ("higher", "lower"),
        ("more", "less"), ("improves", "worsens"), ("improve", "worsen"), ("reduces", "raises"), ("reduced", "raised"),
        ("reduce", "raise"), ("high", "low"), ("positive", "negative"), ("promotes", "inhibits"), ("before", "after"),
    ),
    "es": (
        ("aumenta", "disminuye"), ("aumentan", "disminuyen"), ("aumentó", "disminuyó"), ("aumento", "descenso"),
        ("mayor", "menor"), ("más", "menos"), ("mejora", "empeora"), ("sube", "baja"), ("alto", "bajo"),
        ("alta", "baja"), ("positivo", "negativo"), ("antes", "después"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled claim of a set, and where its label comes from."""

    name: str
    kind: str
    row: Labelled


def cases(data: Path, name: str) -> list[Case]:
    """Return the claims of a set, people's and made."""
    read: dict[str, Callable[[Path], Iterator[Case]]] = {
        "expertqa": _expertqa, "factores_es": _factores, "scifact": _scifact,
        "scholarqa_multi": _scholarqa, "tico19": _tico19,
    }  # fmt: skip
    natural = list(read[name](data))
    if name == "tico19":
        return natural
    true = [case for case in natural if case.row.label == "supports"]
    return [*natural, *_elsewhere(true), *_altered(true)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _expertqa(data: Path) -> Iterator[Case]:
    labels: dict[str, Label] = {"Complete": "supports", "Partial": "partly", "Incomplete": "neither"}
    for row in _rows(data / "expertqa" / "claims.jsonl"):
        claim = _MARKS.sub("", row["claim"]).strip()
        texts = tuple(dict.fromkeys(one["text"] for one in row["evidence"]))
        yield _natural("expertqa", "en", claim, texts, (labels[row["support"]], row["question"]))


def _factores(data: Path) -> Iterator[Case]:
    labels: dict[str, Label] = {"Positive": "supports", "Neutral": "neither", "Negative": "refutes"}
    for row in _rows(data / "factores_es" / "factores.jsonl"):
        told = labels[row["stance"]], str(row["claim_id"])
        yield _natural("factores_es", "es", row["claim"].strip(), (row["evidence"],), told)


def _scifact(data: Path) -> Iterator[Case]:
    for row in _rows(data / "scifact" / "scifact.jsonl"):
        yield _natural("scifact", "en", row["claim"], (row["abstract"],), (row["label"], row["title"]))


def _scholarqa(data: Path) -> Iterator[Case]:
    for row in _rows(data / "scholarqa_multi" / "scholarqa_multi.jsonl"):
        held = {
            one["n"]: one["text"] for one in row["excerpts"] if isinstance(one["text"], str) and one["text"].strip()
        }
        for start, end in sentence_spans(row["answer"], "en"):
            words = row["answer"][start:end]
            cited = [int(n) for mark in _MARKS.findall(words) for n in _NUMBERS.findall(mark)]
            texts = tuple(dict.fromkeys(held[n] for n in cited if n in held))
            claim = _MARKS.sub("", words).strip()
            if texts and len(claim.split()) > 4:
                yield _natural("scholarqa_multi", "en", claim, texts, ("supports", row["id"]))


def _tico19(data: Path) -> Iterator[Case]:
    """Give a sentence against five of the other language: with its translation among them, and five of elsewhere."""
    rows = [row for row in _rows(data / "tico19" / "tico19.jsonl") if row.get("en") and row.get("es")]
    chance = random.Random(5)  # noqa: S311 - a draw, no secret
    for doc in sorted({row["doc"] for row in rows} - {"CMU_1"}):
        own = [row for row in rows if row["doc"] == doc and len(row["en"].split()) > 7]
        blocks = [own[start : start + 5] for start in range(0, len(own) - 4, 5)]
        for number, block in enumerate(chance.sample(blocks, min(12, len(blocks)))):
            language, other = (("es", "en"), ("en", "es"))[number % 2]
            far = chance.choice([one for one in blocks if one is not block] or [block])
            claim = chance.choice(block)[language]
            ways: tuple[tuple[Label, list[dict[str, Any]]], ...] = (("supports", block), ("neither", far))
            for label, taken in ways:
                if label == "supports" or far is not block:
                    text = " ".join(row[other] for row in taken)
                    yield Case("tico19", "translation", Labelled(claim, (text,), label, language, (other,), doc))


def _natural(name: str, language: str, claim: str, texts: tuple[str, ...], judged: tuple[Label, str]) -> Case:
    """Return a case as people `judged` it: the label, and the group."""
    return Case(name, "natural", Labelled(claim, texts, judged[0], language, (language,) * len(texts), judged[1]))


def _elsewhere(true: Sequence[Case]) -> Iterator[Case]:
    """Give each true claim the evidence of another of its set, of another group but of the same half."""
    chance = random.Random(3)  # noqa: S311 - a draw, no secret
    for case in true:
        others = [one for one in true if one.row.group != case.row.group and one.row.half == case.row.half]
        other = chance.choice(others).row
        row = replace(case.row, evidence=other.evidence, evidence_languages=other.evidence_languages, label="neither")
        yield replace(case, kind="another source", row=row)


def _altered(true: Sequence[Case]) -> Iterator[Case]:
    for case in true:
        for kind, alter in (("negation", _negated), ("direction", _reversed), ("digit", _miscounted)):
            words = alter(case.row.claim, case.row.language)
            if words != case.row.claim:
                yield replace(case, kind=kind, row=replace(case.row, claim=words, label="refutes"))


def _negated(text: str, language: str) -> str:
    return _AUXILIARY[language].sub(r"no \1" if language == "es" else r"\1 not", text, count=1)


def _reversed(text: str, language: str) -> str:
    for pair in _OPPOSITES[language]:
        for word, other in (pair, pair[::-1]):
            if re.search(rf"\b{word}\b", text):
                return re.sub(rf"\b{word}\b", other, text, count=1)
    return text


def _miscounted(text: str, language: str) -> str:
    del language
    return re.sub(r"\d(?=\D*$)", lambda found: str((int(found[0]) + 3) % 10), text, count=1)
