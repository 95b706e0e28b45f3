"""Claims about settings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from rag.config import Config, load_config
from rag.errors import RagError

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "rag.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_environment_the_defaults_hold() -> None:
    """Nothing set means the defaults; other variables mean nothing."""
    assert load_config(None, {"RAG_TEST_DATA": "x", "HOME": "y"}) == Config()


def test_the_file_overrides_defaults_and_the_environment_the_file(tmp_path: Path) -> None:
    """The order is environment, file, default."""
    path = written(tmp_path, 'chunk_tokens = 150\nexcerpts = 5\nmodel = "qwen"\nforeign_share = 1\n')
    config = load_config(path, {"RAG_EXCERPTS": "6", "RAG_MODEL_URL": "http://localhost:1/v1"})
    assert (config.chunk_tokens, config.excerpts, config.per_source) == (150, 6, Config().per_source)
    assert (config.model, config.model_url) == ("qwen", "http://localhost:1/v1")
    assert config.foreign_share == 1.0
    assert isinstance(config.foreign_share, float)


def test_every_setting_can_come_from_the_environment() -> None:
    """Each setting has a variable of its name in capitals."""
    for field in fields(Config):
        config = load_config(None, {f"RAG_{field.name.upper()}": "7"})
        assert str(getattr(config, field.name)) in {"7", "7.0"}


def test_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    """A misspelt key is named with its file and the one that was meant."""
    path = written(tmp_path, 'embeder = "x"\n')
    with pytest.raises(RagError, match=r"rag\.toml: unknown setting “embeder”; did you mean “embedder”\?"):
        load_config(path, {})
    with pytest.raises(RagError, match="known are embedder, chunk_tokens"):
        load_config(written(tmp_path, "zzz = 1\n"), {})


@pytest.mark.parametrize(
    "line",
    ["excerpts = 2.5", 'excerpts = "8"', "excerpts = true", "model = 5", "excerpts = [1]", "[excerpts]", "excerpts=-1"],
)
def test_a_value_of_another_type_is_refused(tmp_path: Path, line: str) -> None:
    """A value the setting cannot mean is refused, not bent into shape."""
    with pytest.raises(RagError, match=r"rag\.toml: “(excerpts|model)” takes"):
        load_config(written(tmp_path, line), {})


@pytest.mark.parametrize("value", ["many", "", "2.5", "-3"])
def test_a_variable_that_is_no_number_is_refused(value: str) -> None:
    """The message names the variable."""
    with pytest.raises(RagError, match="the environment variable RAG_EXCERPTS: “excerpts” takes"):
        load_config(None, {"RAG_EXCERPTS": value})


@pytest.mark.parametrize("value", ["nan", "-0.1", "inf"])
def test_a_share_is_a_number(value: str) -> None:
    """What cannot be counted with is refused."""
    with pytest.raises(RagError, match="foreign_share"):
        load_config(None, {"RAG_FOREIGN_SHARE": value})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing, broken or undecodable file is one line with a remedy."""
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"model = '\xff'")
    for path in (tmp_path / "missing.toml", written(tmp_path, "= 1"), bad, tmp_path):
        with pytest.raises(RagError, match="the settings cannot be read") as caught:
            load_config(path, {})
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
