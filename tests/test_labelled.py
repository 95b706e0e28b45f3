"""What a file of labelled claims promises: every line is read or named with what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import RagError
from rag.verify.labelled import read_labelled

if TYPE_CHECKING:
    from pathlib import Path

ROW: dict[str, Any] = {"claim": "Los datos son sintéticos.", "evidence": "Se generaron datos.", "label": "supports"}


def written(folder: Path, *rows: Any) -> Path:
    """Write rows as JSON lines."""
    path = folder / "claims.jsonl"
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def test_the_least_line_is_enough(tmp_path: Path) -> None:
    """Claim, evidence and label; languages are told from the texts, the group is the evidence."""
    (row,) = read_labelled(written(tmp_path, ROW))
    assert (row.claim, row.evidence, row.label) == (ROW["claim"], (ROW["evidence"],), "supports")
    assert row.language == "es"
    assert row.group == ROW["evidence"]


def test_what_is_known_is_taken(tmp_path: Path) -> None:
    """Several pieces of evidence, a group and languages, also where the texts do not tell them."""
    more = {"evidence": ["Data.", "More data."], "language": "es", "evidence_language": "en", "group": 7}
    (row,) = read_labelled(written(tmp_path, ROW | more))
    assert row.evidence == ("Data.", "More data.")
    assert (row.language, row.evidence_languages, row.group) == ("es", ("en", "en"), "7")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param(ROW | {"label": "true"}, r'label is "true"; give one of supports, partly', id="label"),
        pytest.param({"claim": "A", "evidence": "B"}, "label is null", id="no label"),
        pytest.param(ROW | {"claim": " "}, "claim is .*not empty", id="empty claim"),
        pytest.param(ROW | {"evidence": []}, "evidence is an empty list", id="no evidence"),
        pytest.param(ROW | {"evidence": ["B", 3]}, "evidence is 3", id="evidence of a number"),
        pytest.param(ROW | {"language": 4}, "language is 4", id="language of a number"),
        pytest.param([ROW], "not an object", id="list"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: Any, said: str) -> None:
    """The error names the file, the line, the field, what stands there and what should."""
    with pytest.raises(RagError, match=f"claims.jsonl:2: {said}"):
        read_labelled(written(tmp_path, ROW, row))


def test_what_is_no_json_lines_is_named(tmp_path: Path) -> None:
    """A broken line, an empty file, none at all, one that is no UTF-8."""
    path = tmp_path / "claims.jsonl"
    path.write_text('{"claim": \n', encoding="utf-8")
    with pytest.raises(RagError, match=r"claims\.jsonl:1: not JSON"):
        read_labelled(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(RagError, match="no labelled claim"):
        read_labelled(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RagError, match="UTF-8"):
        read_labelled(path)
    with pytest.raises(RagError, match="cannot be read"):
        read_labelled(tmp_path / "none.jsonl")


@given(st.text(min_size=1).filter(str.strip))
def test_a_group_falls_into_one_half(group: str) -> None:
    """Whatever its claims are."""
    from rag.verify.labelled import Labelled

    halves = {Labelled(claim, ("B",), "supports", "en", ("en",), group).half for claim in ("one", "two", "three")}
    assert len(halves) == 1
