"""What the NLI model promises: labels by their names, nothing cut off in silence, nothing fetched."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

from rag.errors import EmbedderError
from rag.verify.nli import CrossEncoderNLI, open_nli
from tests.tiny_cross_encoder import make_cross_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIM = "privacidad datos"
LONG = "Leyes europeas privacidad. " * 30 + "Riesgo no piel."


@cache
def folder() -> Path:
    """Return a model with three outputs, contradiction, entailment, neutral in this order."""
    return make_cross_encoder(Path(mkdtemp()), labels=3)


@cache
def model() -> CrossEncoderNLI:
    """Return it opened."""
    return CrossEncoderNLI(str(folder()))


def relabelled(place: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> str:
    """Return a copy of the model's folder with other names for its outputs."""
    for path in folder().rglob("*"):
        if path.is_file():
            target = place / path.relative_to(folder())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    config = json.loads((place / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = change(config["id2label"])
    config["label2id"] = {name: int(number) for number, name in config["id2label"].items()}
    (place / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return str(place)


def test_probabilities_are_of_one_whole() -> None:
    """Entailment and contradiction are probabilities, and leave room for saying nothing."""
    for one in model().judge(["privacidad pacientes", "riesgo piel"], CLAIM, languages=["es", "es"]):
        assert 0 < one.entails < 1
        assert 0 < one.contradicts < 1
        assert one.entails + one.contradicts < 1


def test_outputs_are_known_by_name(tmp_path: Path) -> None:
    """A model whose first output is entailment is read so: models differ in the order, never in the names."""
    swapped = {"contradiction": "Entailment", "entailment": "CONTRADICTION", "neutral": "neutral"}
    other = CrossEncoderNLI(relabelled(tmp_path, lambda labels: {n: swapped[name] for n, name in labels.items()}))
    (one,), (two,) = (each.judge(["riesgo piel"], CLAIM, languages=["es"]) for each in (model(), other))
    assert (one.entails, one.contradicts) == (two.contradicts, two.entails)


def test_outputs_without_names_are_refused(tmp_path: Path) -> None:
    """Where the model does not say which output means what, none is guessed."""
    with pytest.raises(EmbedderError, match=r"LABEL_0.*id2label"):
        CrossEncoderNLI(relabelled(tmp_path, lambda labels: {number: f"LABEL_{number}" for number in labels}))


def test_a_long_premise_is_read_to_its_end() -> None:
    """What stands behind the model's window counts as if it stood alone."""
    model_ = model()
    assert not model_.fits(LONG, CLAIM)
    windows = model_._windows(LONG, CLAIM, "es")
    assert " ".join(windows).split() == LONG.split()
    assert all(model_.fits(window, CLAIM) for window in windows)
    (whole,) = model_.judge([LONG], CLAIM, languages=["es"])
    parts = model_.judge(windows, CLAIM, languages=["es"] * len(windows))
    assert whole == max(parts, key=lambda one: one.decided)


def test_a_sentence_longer_than_the_window_is_parted_between_words() -> None:
    """Also a table row of a thousand words is read whole."""
    words = "privacidad datos piel " * 60
    windows = model()._windows(words, CLAIM, "es")
    assert " ".join(windows).split() == words.split()
    assert all(model().fits(window, CLAIM) for window in windows)


def test_a_claim_that_fills_the_window_is_entailed_by_nothing() -> None:
    """Where there is no room for a premise beside the claim, nothing is read and nothing is said to be entailed."""
    (one,) = model().judge(["riesgo piel"], "datos " * 80, languages=["es"])
    assert (one.entails, one.contradicts) == (0.0, 0.0)
    assert model().judge([], CLAIM, languages=[]) == ()


def test_no_model_is_opened_unless_named() -> None:
    """It is a choice: the empty name opens none, and a name not on this machine is an error, not a download."""
    assert open_nli("") is None
    with pytest.raises(EmbedderError, match="not on this machine"):
        open_nli("nobody/has-this-model")
