"""Every setting, its default and the reason for it; read once by the command line, then passed on as values.

Order of precedence: command line > environment (`RAG_EMBEDDER=…`) > TOML file (`rag.toml` beside the caller, or
`--config`) > default. Unknown keys are refused by name. Keys of services are no settings: they stay in the environment.
"""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from rag.errors import RagError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run."""

    embedder: str = "bundled"  # multilingual, offline, in the package: works at once in Spanish and English
    chunk_tokens: int = 200  # about 800 characters: one thought, and inside every encoder's window
    parse_seconds: float = 60.0  # for one file: a book of 1,500 pages takes less, and one that hangs costs no more
    parse_megabytes: int = 1024  # for one file, beyond what a reader holds anyway: books take a few hundred
    excerpts: int = 8  # per heading: what a section of 200 words can cite, and fits a window of 8k tokens
    per_source: int = 3  # of those from one source: a section leaning on a single paper is no review
    reranker: str = ""  # none: a cross-encoder that reads Spanish and English is a download of its own
    nli: str = ""  # none: a cross-encoder of entailment joins the check of meaning where it is named
    judge: str = "embedder"  # checks meaning by a fit for the embedder; "model" asks the chat model, "none" nobody
    doubtful: str = "flag"  # a sentence whose meaning its sources do not carry; "remove" takes it out of the text
    recent_years: float = 3.0  # age from which evidence makes "recently" or "hoy" mislead: most fields have moved on
    old_years: float = 5.0  # age from which a section says how old its newest support is
    foreign_share: float = 0.2  # of a digest's words quoted in another language: readable without a translator
    model: str = ""  # none: the digest needs none
    model_url: str = ""  # none: nothing leaves the machine unasked
    model_window: int = 8192  # tokens a prompt and its reply may take: small local models serve this
    reply_tokens: int = 1024  # of that window, kept for the reply: 500 words and their keys
    model_timeout: float = 600.0  # seconds for a reply: a small model on two cores takes minutes
    model_retries: int = 3  # after 429, 5xx and lost connections
    at_once: int = 1  # sections asked for side by side: more is quicker, and then none knows what the others say
    continuations: int = 1  # a section much too short for its evidence is continued once; 0: never, one call the less
    most_tokens: int = 0  # sent and received for one text, after which no section is begun; 0: no bound
    input_price: float = 0.0  # dollars for a million tokens sent; 0: not known, and then no price is told
    output_price: float = 0.0  # the same for tokens received


def load_config(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the settings from a TOML file (none: the defaults) and the environment.

    Raises `RagError` for a file that cannot be read, an unknown key, or a value of another type than its default's.
    """
    values = _from_file(path) if path else {}
    for name in _names():
        if (raw := environment.get(f"RAG_{name.upper()}")) is not None:
            values[name] = _parsed(name, raw)
    return Config(**values)


def _names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Config))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RagError(f"{path}: the settings cannot be read ({error}); mend the file or leave out --config") from error
    unknown = [name for name in table if name not in _names()]
    if unknown:
        near = difflib.get_close_matches(unknown[0], _names(), n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(_names())}"
        raise RagError(f"{path}: unknown setting “{unknown[0]}”; {hint}")
    return {name: _typed(name, value, where=str(path)) for name, value in table.items()}


def _parsed(name: str, raw: str) -> object:
    """Read a variable's words as the type of the setting's default."""
    where = f"the environment variable RAG_{name.upper()}"
    try:
        return _typed(name, type(getattr(Config(), name))(raw), where=where)
    except ValueError as error:
        raise _refusal(name, raw, where) from error


def _typed(name: str, value: object, *, where: str) -> object:
    """Return a value of the type of the setting's default; a whole number serves as a fraction too."""
    wanted = type(getattr(Config(), name))
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted or (isinstance(value, int | float) and not 0 <= value < math.inf):
        raise _refusal(name, value, where)
    return value


def _refusal(name: str, value: object, where: str) -> RagError:
    kinds = {int: "a whole number from 0 on", float: "a number from 0 on", str: "words in quotes"}
    return RagError(f"{where}: “{name}” takes {kinds[type(getattr(Config(), name))]}, not {value!r}")
