"""Every setting, its default and the reason for it; read once by the command line, then passed on as values.

Order of precedence: command line > environment (`RAG_EMBEDDER=…`) > TOML file (`rag.toml` beside the caller, or
`--config`) > default. Unknown keys are refused by name. Keys of services are no settings: they stay in the environment.
"""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import RagError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

T = TypeVar("T")


def setting(default: T, *, en: str, es: str) -> T:
    """Return a field of settings with its default and, in English and Spanish, the reason for it."""
    return field(default=default, metadata={"en": en, "es": es})


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run."""

    embedder: str = setting(
        "bundled",
        en="multilingual, offline, in the package: works at once in Spanish and English",
        es="multilingüe, sin conexión, en el paquete: funciona enseguida en español e inglés",
    )
    chunk_tokens: int = setting(
        200,
        en="about 800 characters: one thought, and inside every encoder's window",
        es="unos 800 caracteres: una idea, y cabe en la ventana de cualquier codificador",
    )
    parse_seconds: float = setting(
        60.0,
        en="for one file: a book of 1,500 pages takes less, and one that hangs costs no more",
        es="por archivo: un libro de 1.500 páginas tarda menos, y el que se cuelga no cuesta más",
    )
    parse_megabytes: int = setting(
        1024,
        en="for one file, beyond what a reader holds anyway: books take a few hundred",
        es="por archivo, además de lo que ocupa el lector: los libros piden unos cientos",
    )
    excerpts: int = setting(
        8,
        en="per heading: what a section of 200 words can cite, and fits a window of 8k tokens",
        es="por epígrafe: lo que puede citar una sección de 200 palabras y cabe en 8000 tokens",
    )
    per_source: int = setting(
        3,
        en="of those from one source: a section leaning on a single paper is no review",
        es="de esos, de una misma fuente: una sección apoyada en un solo artículo no es una revisión",
    )
    reranker: str = setting(
        "",
        en="none: a cross-encoder that reads Spanish and English is a download of its own",
        es="ninguno: un codificador cruzado que lea español e inglés se descarga aparte",
    )
    nli: str = setting(
        "",
        en="none: a cross-encoder of entailment joins the check of meaning where it is named",
        es="ninguno: si se nombra un codificador cruzado de inferencia, ayuda a comprobar el sentido",
    )
    judge: str = setting(
        "embedder",
        en="checks meaning by a fit for the embedder; “model” asks the chat model, “none” nobody",
        es="comprueba el sentido con un ajuste del codificador; «model» pregunta al modelo de chat, «none» a nadie",
    )
    doubtful: str = setting(
        "flag",
        en="a sentence whose meaning its sources do not carry; “remove” takes it out of the text",
        es="frase cuyo sentido sus fuentes no sostienen; «remove» la quita del texto",
    )
    recent_years: float = setting(
        3.0,
        en="age from which evidence makes “recently” or “hoy” mislead: most fields have moved on",
        es="edad desde la que «recientemente» u «hoy» engañan: casi todos los campos han avanzado",
    )
    old_years: float = setting(
        5.0,
        en="age from which a section says how old its newest support is",
        es="edad desde la que una sección dice cuánto tiene su apoyo más nuevo",
    )
    foreign_share: float = setting(
        0.2,
        en="of a digest's words quoted in another language: readable without a translator",
        es="de las palabras de un digesto citadas en otra lengua: legible sin traductor",
    )
    model: str = setting(
        "",
        en="none: the digest needs none",
        es="ninguno: el digesto no lo necesita",
    )
    model_url: str = setting(
        "",
        en="none: nothing leaves the machine unasked",
        es="ninguna: nada sale de la máquina sin pedirlo",
    )
    model_window: int = setting(
        8192,
        en="tokens a prompt and its reply may take: small local models serve this",
        es="tokens de una petición con su respuesta: lo que sirven los modelos locales pequeños",
    )
    reply_tokens: int = setting(
        1024,
        en="of that window, kept for the reply: 500 words and their keys",
        es="de esa ventana, reservados para la respuesta: 500 palabras y sus claves",
    )
    model_timeout: float = setting(
        600.0,
        en="seconds for a reply: a small model on two cores takes minutes",
        es="segundos por respuesta: un modelo pequeño en dos núcleos tarda minutos",
    )
    model_retries: int = setting(
        3,
        en="after 429, 5xx and lost connections",
        es="tras 429, 5xx y conexiones perdidas",
    )
    at_once: int = setting(
        1,
        en="sections asked for side by side: more is quicker, and then none knows what the others say",
        es="secciones pedidas a la vez: más es más rápido, y entonces ninguna sabe qué dicen las otras",
    )
    continuations: int = setting(
        1,
        en="a section much too short for its evidence is continued once; 0: never, one call the less",
        es="una sección demasiado corta para su evidencia se continúa una vez; 0: nunca, una llamada menos",
    )
    most_tokens: int = setting(
        0,
        en="sent and received for one text, after which no section is begun; 0: no bound",
        es="enviados y recibidos por texto, tras los que no se empieza otra sección; 0: sin tope",
    )
    input_price: float = setting(
        0.0,
        en="dollars for a million tokens sent; 0: not known, and then no price is told",
        es="dólares por millón de tokens enviados; 0: no se sabe, y entonces no se dice precio",
    )
    output_price: float = setting(
        0.0,
        en="the same for tokens received",
        es="lo mismo por los recibidos",
    )


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
        raise RagError(
            tell(
                es=f"{path}: no se pueden leer los ajustes ({error}); corrige el archivo o quita --config",
                en=f"{path}: the settings cannot be read ({error}); mend the file or leave out --config",
            )
        ) from error
    unknown = [name for name in table if name not in _names()]
    if unknown:
        near = difflib.get_close_matches(unknown[0], _names(), n=1)
        hint = (
            tell(es=f"¿querías decir «{near[0]}»?", en=f"did you mean “{near[0]}”?")
            if near
            else tell(es=f"los que hay son {', '.join(_names())}", en=f"known are {', '.join(_names())}")
        )
        raise RagError(
            tell(
                es=f"{path}: ajuste desconocido: «{unknown[0]}»; {hint}",
                en=f"{path}: unknown setting “{unknown[0]}”; {hint}",
            )
        )
    return {name: _typed(name, value, where=str(path)) for name, value in table.items()}


def _parsed(name: str, raw: str) -> object:
    """Read a variable's words as the type of the setting's default."""
    where = tell(es=f"la variable de entorno RAG_{name.upper()}", en=f"the environment variable RAG_{name.upper()}")
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
    kinds = {
        int: tell(es="un número entero desde 0", en="a whole number from 0 on"),
        float: tell(es="un número desde 0", en="a number from 0 on"),
        str: tell(es="palabras entre comillas", en="words in quotes"),
    }
    return RagError(
        tell(
            es=f"{where}: «{name}» admite {kinds[type(getattr(Config(), name))]}, no {value!r}",
            en=f"{where}: “{name}” takes {kinds[type(getattr(Config(), name))]}, not {value!r}",
        )
    )
