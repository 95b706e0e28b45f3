"""What a fit promises: probabilities, one file a purpose and embedder, and none for an embedder nobody fitted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import RagError
from rag.fitted import SHIPPED, Fitted, best_threshold, fit, keep_fit, read_fit, shares_right

if TYPE_CHECKING:
    from pathlib import Path

PURPOSE, EMBEDDER = "a purpose", "an embedder/64"
EXAMPLES = [({"near": 0.1 * number, "long": 1.0}, number >= 5) for number in range(10)]


@cache
def fitted() -> Fitted:
    """Return a fit on numbers that part at a half."""
    return fit(PURPOSE, EMBEDDER, EXAMPLES, features=("near", "long"), made_from=("numbers",), typical=(0.5, 0.25))


def test_a_fit_parts_what_it_was_taught() -> None:
    """What was yes is likelier than the threshold, what was no is not."""
    made = fitted()
    assert [made.probability(figures) >= made.threshold for figures, _ in EXAMPLES] == [yes for _, yes in EXAMPLES]
    assert shares_right(made, EXAMPLES)["F1 of yes"] == shares_right(made, EXAMPLES)["F1 of no"] == 1.0


def test_yes_and_no_weigh_the_same() -> None:
    """A hundred more of the same no leave the threshold between yes and no."""
    skewed = fit(PURPOSE, EMBEDDER, EXAMPLES + EXAMPLES[:5] * 20, features=("near",), made_from=())
    assert all((skewed.probability(figures) >= skewed.threshold) is yes for figures, yes in EXAMPLES)


def test_a_missing_figure_counts_as_the_mean() -> None:
    """Where a figure cannot be had, the others decide."""
    made = fitted()
    mean = dict(zip(made.features, made.means, strict=True))
    assert made.probability({"near": 0.9}) == made.probability({"near": 0.9, "long": mean["long"]})
    assert made.probability({}) == made.probability(mean)


@given(st.dictionaries(st.sampled_from(["near", "long", "other"]), st.floats(-1e30, 1e30, allow_nan=False)))
def test_a_probability_is_between_0_and_1(figures: dict[str, float]) -> None:
    """No figure, however far off, breaks the model."""
    assert 0.0 <= fitted().probability(figures) <= 1.0


def test_examples_of_one_answer_are_refused() -> None:
    """Nothing can be learnt from yes alone, and the person is told."""
    with pytest.raises(RagError, match="one answer alone"):
        fit(PURPOSE, EMBEDDER, [({"near": 1.0}, True)] * 3, features=("near",), made_from=())


def test_the_threshold_lies_in_the_middle_of_what_parts_best() -> None:
    """Between the last no and the first yes, at neither."""
    assert best_threshold([0.1, 0.2, 0.8, 0.9], [False, False, True, True]) == pytest.approx(0.5, abs=0.02)


def test_a_fit_is_read_as_it_was_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user's fit lies in their cache folder, one file for each purpose and embedder."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    made = fitted()
    assert keep_fit(made).is_relative_to(tmp_path)
    assert read_fit(PURPOSE, EMBEDDER) == made
    assert read_fit(PURPOSE, "another/64") is None
    assert read_fit("another purpose", EMBEDDER) is None


def test_the_users_fit_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who fits their embedder on their own collections is not overruled by what the package brings."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "own"))
    monkeypatch.setattr("rag.fitted.SHIPPED", tmp_path / "shipped")
    shipped = fit(PURPOSE, EMBEDDER, EXAMPLES, features=("near",), made_from=("shipped",))
    keep_fit(shipped, tmp_path / "shipped")
    assert read_fit(PURPOSE, EMBEDDER) == shipped
    keep_fit(fitted())
    assert read_fit(PURPOSE, EMBEDDER) == fitted()


def test_a_damaged_fit_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fit that cannot be read stops the run in one line; a wrong constant never takes its place."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    path = keep_fit(fitted())
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(RagError, match=f"{path.name}.*remove it"):
        read_fit(PURPOSE, EMBEDDER)


def test_where_no_fit_can_be_written_the_person_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file in the folder's place is named, with what to do."""
    (tmp_path / "fits").write_text("", encoding="utf-8")
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    with pytest.raises(RagError, match="RAG_CACHE"):
        keep_fit(fitted())


def test_shipped_fits_are_whole() -> None:
    """Every fit the package brings can be read by its purpose and embedder, and says what it was measured by."""
    paths = sorted(SHIPPED.glob("*.json"))
    assert paths
    for path in paths:
        purpose = path.name.rpartition("-")[0]
        raw = path.read_text(encoding="utf-8")
        fingerprint = raw.split('"fingerprint": "')[1].split('"')[0]
        made = read_fit(purpose, fingerprint)
        assert made is not None
        assert made.measured
        assert 0 < made.threshold < 1
