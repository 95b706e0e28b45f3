"""How an OpenAI-compatible endpoint is reached, and what an embedder's endpoint is told to have gone wrong.

Of replies it reads the list of models alone. The key is read from the environment for each request and kept nowhere; a
server on this machine is never reached through a proxy; no redirection is followed.

An address → a client; an error → one line without secrets.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import EmbedderError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    import openai

_NO_KEY = "none"
_CONNECT = 5.0  # seconds to find out that nobody is there
_TOO_LONG = re.compile(
    r"too (?:long|large|many tokens)|(?:context|input|sequence).{0,20}length|less than \d+ tokens|context.size",
    re.IGNORECASE,
)
_TOO_LARGE = 413
_MOST_NAMED = 8
_ELSEWHERE = range(300, 400)


def host_of(address: str) -> str:
    """Return the host of an http(s) address, empty where it is no such address."""
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and parts.port != 0 and not re.search(r"\s", address)
    except ValueError:
        return ""
    return (parts.hostname or "") if valid else ""


def api_key() -> str:
    """Return OPENAI_API_KEY, or a placeholder for servers that ask for none."""
    return os.environ.get("OPENAI_API_KEY") or _NO_KEY


def http_client(host: str) -> httpx2.Client:
    """Return an HTTP client for that host: no redirections, no proxy to this machine, no connection left open."""
    import httpx2
    import openai

    return openai.DefaultHttpxClient(
        trust_env=not _on_this_machine(host), follow_redirects=False, limits=httpx2.Limits(max_keepalive_connections=0)
    )


def open_client(address: str, *, timeout: float, retries: int) -> openai.OpenAI:
    """Return a client of an embedder's endpoint; nothing is sent yet.

    `timeout` is in seconds and holds for each of the `1 + retries` tries. An address with a key in it is refused: the
    index keeps the address.
    """
    host = host_of(address)
    if not host or "@" in address or "?" in address:
        raise EmbedderError(
            tell(
                es=(
                    f"{without_secrets(address).partition('?')[0]} no es la dirección de un codificador: "
                    "da una como http://127.0.0.1:8080/v1#modelo, y la clave, si la necesita, en "
                    "OPENAI_API_KEY"
                ),
                en=(
                    f"{without_secrets(address).partition('?')[0]} is not an embedder's address: give one like "
                    "http://127.0.0.1:8080/v1#model, and the key, if it needs one, in OPENAI_API_KEY"
                ),
            )
        )
    import openai

    return openai.OpenAI(
        base_url=address,
        api_key=api_key,
        timeout=openai.Timeout(timeout, connect=min(timeout, _CONNECT)),
        max_retries=retries,
        http_client=http_client(host),
    )


def only_model(client: openai.OpenAI, *, address: str) -> str:
    """Return the name of the one model that an embedder's endpoint lists."""
    with asking(address, tell(es="una lista de modelos", en="a list of models")):
        listed = json.loads(client.models.with_raw_response.list().text)["data"]
        names = [str(model["id"]) for model in listed]
    if len(names) != 1:
        raise EmbedderError(
            tell(
                es=(
                    f"el codificador {address} sirve {len(names)} modelos "
                    f"({', '.join(names[:_MOST_NAMED])}): nombra uno tras su dirección: "
                    f"{address}#{names[0] if names else 'modelo'}"
                ),
                en=(
                    f"embedder {address} serves {len(names)} models ({', '.join(names[:_MOST_NAMED])}): name one after "
                    f"its address: {address}#{names[0] if names else 'model'}"
                ),
            )
        )
    return names[0]


@contextmanager
def asking(name: str, wanted: str) -> Iterator[None]:
    """Turn whatever goes wrong with an endpoint into one line."""
    import openai

    try:
        yield
    except openai.OpenAIError as error:
        raise EmbedderError(
            tell(es=f"codificador {name}: {_explained(error)}", en=f"embedder {name}: {_explained(error)}")
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        remedy = tell(
            es=(
                "comprueba que su dirección es la de una API compatible con la de OpenAI (casi todas "
                "acaban en /v1) con ese modelo"
            ),
            en="check that its address is that of an OpenAI-compatible API (most end in /v1) with such a model",
        )
        raise EmbedderError(
            tell(
                es=f"el codificador {name} ha respondido con algo que no es {wanted}: {remedy}",
                en=f"embedder {name} answered with something that is not {wanted}: {remedy}",
            )
        ) from error


def _explained(error: Exception) -> str:
    for kind, remedy in _remedies().items():
        if isinstance(error, kind):
            return remedy
    status, said = int(getattr(error, "status_code", 0)), first_line(error)
    if status == _TOO_LARGE or _TOO_LONG.search(said):
        return tell(
            es=f"un pasaje es más largo de lo que lee el modelo: baja RAG_CHUNK_TOKENS e indexa de nuevo ({said})",
            en=f"a passage is longer than the model reads: set RAG_CHUNK_TOKENS lower and index again ({said})",
        )
    if status in _ELSEWHERE:
        return tell(
            es=f"ha respondido {status}; no se siguen redirecciones: da la dirección a la que lleva",
            en=f"answered {status}; redirections are not followed: give the address it leads to",
        )
    return tell(
        es=f"ha respondido {status or type(error).__name__}: {said}; prueba más tarde, o mira el registro del servidor",
        en=f"answered {status or type(error).__name__}: {said}; try again later, or look at the server's log",
    )


def _remedies() -> dict[type[Exception], str]:
    """Return what went wrong and what mends it, by the kind of error; the first that fits counts."""
    import openai

    return {
        openai.APITimeoutError: tell(
            es="no ha respondido a tiempo: ¿está sobrecargado el servidor, o cargando aún el modelo?",
            en="no answer in time: is the server overloaded, or still loading the model?",
        ),
        openai.APIConnectionError: tell(
            es="no hay conexión: ¿está en marcha el servidor y es correcta su dirección?",
            en="no connection: is the server running, and is its address right?",
        ),
        openai.AuthenticationError: tell(
            es="la clave se rechaza: pon OPENAI_API_KEY", en="the key is refused: set OPENAI_API_KEY"
        ),
        openai.PermissionDeniedError: tell(
            es="la clave no da acceso a este modelo: usa otra clave u otro modelo",
            en="the key has no right to this model: use another key or another model",
        ),
        openai.NotFoundError: tell(
            es="no existe ese modelo o no hay una API ahí: comprueba el nombre tras la # y la dirección (…/v1)",
            en="no such model or no API there: check the name after the # and the address (…/v1)",
        ),
        openai.RateLimitError: tell(
            es="demasiadas peticiones, o se acabó el crédito: prueba más tarde",
            en="too many requests, or no credit left: try again later",
        ),
    }


def first_line(error: Exception) -> str:
    """Return the beginning of what an error says, in one line without secrets."""
    said = str(getattr(error, "message", "") or error).strip().partition("\n")[0]
    return without_secrets(said)[:200]


def without_secrets(text: str) -> str:
    """Return the text without keys, and its addresses without what stands before an @."""
    key = os.environ.get("OPENAI_API_KEY")
    text = text.replace(key, "…") if key else text
    return re.sub(r"\bsk-[\w*-]+", "…", re.sub(r"(?<=//)[^/\s@]*@", "", text))


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
