"""A chat model by name or URL, and one way to call it.

Builds LangChain chat models and turns whatever goes wrong with them into one clear line. Knows nothing of prompts or
replies, keeps no state, and sends nothing anywhere but to the model: LangSmith is off whatever the environment says, a
server on this machine is never reached through a proxy, and no redirection is followed.

A name or a URL → `BaseChatModel`; messages → a message, or `ModelError`.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.endpoint import api_key, first_line, host_of, http_client, without_secrets
from rag.errors import ModelError
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

_REFUSING = {400, 415, 422, 501}
_REFUSING_SCHEMA = {500}  # so llama-cpp-python's server refuses a response_format it does not know
_ELSEWHERE = range(300, 400)
_OBSOLETE = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
_GATEWAY = "LANGSMITH_GATEWAY"


class RequestError(ModelError):
    """The server does not take the request as it is: something in it that it does not know."""


def chat_model(
    name: str, *, url: str = "", max_tokens: int, temperature: float = 0.0, timeout: float, retries: int
) -> BaseChatModel:
    """Return the chat model of that name: at an OpenAI-compatible URL, or of any provider LangChain knows.

    Provider names are LangChain's (`openai:gpt-…`, `anthropic:claude-…`). The key comes from the environment; servers
    that ask for none get a placeholder. `timeout` is in seconds and holds for each of the `1 + retries` tries.
    """
    if url:
        return _at_url(name, url, max_tokens=max_tokens, temperature=temperature, timeout=timeout, retries=retries)
    return _of_provider(name, max_tokens=max_tokens, temperature=temperature, timeout=timeout, retries=retries)


def takes_schema(model: BaseChatModel) -> bool:
    """Say whether a JSON schema can be asked of this kind of model at all; its server may still refuse it."""
    return hasattr(model, "extra_body")


def answers(model: BaseChatModel, *, schema: dict[str, Any] | None = None) -> Runnable[LanguageModelInput, AIMessage]:
    """Return the step of a chain that asks the model, with a JSON schema for its reply where one is given.

    The schema goes into the request's body as it is. LangChain's own ways parse the reply on the client, and a reply
    that is cut short or not JSON, though paid for, is then gone.
    """
    from langchain_core.runnables import RunnableLambda

    asked: Runnable[LanguageModelInput, AIMessage] = model
    if schema is not None:
        form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
        asked = model.bind(extra_body={**(getattr(model, "extra_body", None) or {}), "response_format": form})
    refusing = _REFUSING if schema is None else _REFUSING | _REFUSING_SCHEMA
    return RunnableLambda(lambda messages: _ask(asked, messages, name=describe(model), refusing=refusing), name="model")


@contextmanager
def untraced() -> Iterator[None]:
    """Keep whatever chain runs inside from being sent to LangSmith, whatever the environment says."""
    from langchain_core.utils.env import env_var_is_set
    from langsmith import tracing_context

    for variable in filter(env_var_is_set, _OBSOLETE):
        raise ModelError(
            tell(
                es=f"{variable} está en el entorno y LangChain no funciona con ella: quítala",
                en=f"{variable} is set in the environment and LangChain does not run with it: unset it",
            )
        )
    with tracing_context(enabled=False):
        yield


def describe(model: BaseChatModel) -> str:
    """Return the model's name and address for a message, without anything secret."""
    name = getattr(model, "model_name", "") or getattr(model, "model", "") or type(model).__name__
    url = getattr(model, "openai_api_base", "") or ""
    return (
        tell(es=f"modelo {name} en {without_secrets(url)}", en=f"model {name} at {without_secrets(url)}")
        if url
        else tell(es=f"modelo {name}", en=f"model {name}")
    )


def _at_url(name: str, url: str, *, max_tokens: int, temperature: float, timeout: float, retries: int) -> BaseChatModel:
    host = host_of(url)
    if not host:
        raise ModelError(
            tell(
                es=f"{without_secrets(url)} no es la dirección de un modelo: da una como http://127.0.0.1:8080/v1",
                en=f"{without_secrets(url)} is not a model's address: give one like http://127.0.0.1:8080/v1",
            )
        )
    from langchain_openai import ChatOpenAI

    theirs = host.endswith((".openai.com", ".openai.azure.com"))
    return ChatOpenAI(
        model=name,
        base_url=url,
        api_key=api_key,
        max_completion_tokens=max_tokens if theirs else None,
        extra_body=None if theirs else {"max_tokens": max_tokens},
        temperature=temperature,
        timeout=timeout,
        max_retries=retries,
        use_responses_api=False,
        openai_proxy="",
        http_client=http_client(host),
    )


def _of_provider(name: str, *, max_tokens: int, temperature: float, timeout: float, retries: int) -> BaseChatModel:
    from langchain_core.utils.env import env_var_is_set

    if env_var_is_set(_GATEWAY):
        raise ModelError(
            tell(
                es=(
                    f"{_GATEWAY} está puesta y enviaría el texto a través de LangSmith: quítala, o da la "
                    "URL de un modelo"
                ),
                en=f"{_GATEWAY} is set and would send the text through LangSmith: unset it, or give a model's URL",
            )
        )
    import openai
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(
            name, max_tokens=max_tokens, temperature=temperature, timeout=timeout, max_retries=retries
        )
    except ImportError as error:
        raise ModelError(
            tell(
                es=f"el modelo {name} necesita un paquete que no está instalado: {first_line(error)}",
                en=f"model {name} needs a package that is not installed: {first_line(error)}",
            )
        ) from error
    except openai.OpenAIError as error:
        remedy = tell(
            es="pon OPENAI_API_KEY en el entorno, o da la URL de un modelo",
            en="set OPENAI_API_KEY in the environment, or give a model's URL",
        )
        raise ModelError(
            tell(es=f"el modelo {name} no tiene clave: {remedy}", en=f"model {name} has no key: {remedy}")
        ) from error
    except ValueError as error:
        remedy = tell(
            es="nómbralo como proveedor:modelo (openai:gpt-…, ollama:qwen…) y pon la clave del proveedor en el entorno",
            en="name it as provider:model (openai:gpt-…, ollama:qwen…) and set the provider's key in the environment",
        )
        raise ModelError(
            tell(
                es=f"el modelo {name} no se puede preparar: {remedy}, o da la URL de un modelo",
                en=f"model {name} cannot be set up: {remedy}, or give a model's URL",
            )
        ) from error


def asking_text(model: BaseChatModel) -> Callable[[str], str]:
    """Return a way to ask the model for words. Raises `ModelError` when it is asked and cannot be reached."""
    runnable = answers(model, schema=None)

    def ask(prompt: str) -> str:
        with untraced():
            return str(runnable.invoke(prompt).text)

    return ask


def _ask(
    asked: Runnable[LanguageModelInput, AIMessage], messages: LanguageModelInput, *, name: str, refusing: set[int]
) -> AIMessage:
    import openai
    from langchain_core.exceptions import ModelError as LangChainModelError

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*structured output feature")
            return asked.invoke(messages)
    except (LangChainModelError, openai.OpenAIError, OSError) as error:
        raise _explained(error, name, refusing) from error
    except (ValueError, LookupError, TypeError) as error:
        remedy = tell(
            es="comprueba que su dirección es la de una API compatible con la de OpenAI (casi todas acaban en /v1)",
            en="check that its address is that of an OpenAI-compatible API (most end in /v1)",
        )
        raise ModelError(
            tell(
                es=f"{name} ha respondido con algo que no es una respuesta de chat: {remedy}",
                en=f"{name} answered with something that is not a chat completion: {remedy}",
            )
        ) from error


def _explained(error: Exception, name: str, refusing: set[int]) -> ModelError:
    for kind, remedy in _remedies().items():
        if isinstance(error, kind):
            return ModelError(f"{name}: {remedy}", retryable=getattr(kind, "is_retryable", True))
    status = int(getattr(error, "status_code", 0))
    said = tell(
        es=f"{name} ha respondido {status or type(error).__name__}: {first_line(error)}",
        en=f"{name} answered {status or type(error).__name__}: {first_line(error)}",
    )
    if status in refusing:
        return RequestError(said)
    if status in _ELSEWHERE:
        return ModelError(
            tell(
                es=f"{said}; no se siguen redirecciones: da la dirección a la que lleva",
                en=f"{said}; redirections are not followed: give the address it leads to",
            )
        )
    return ModelError(
        tell(
            es=f"{said}; prueba más tarde, o mira el registro del servidor",
            en=f"{said}; try again later, or look at the server's log",
        ),
        retryable=status not in range(400, 500),
    )


def _remedies() -> dict[type[Exception], str]:
    """Return what went wrong and what mends it, by the kind of error; the first that fits counts."""
    from langchain_core import exceptions as known

    return {
        known.ContextOverflowError: tell(
            es="la petición es más larga que la ventana del modelo: da una ventana menor",
            en="the prompt is longer than the model's window: set a smaller window",
        ),
        known.ModelAuthenticationError: tell(
            es="la clave se rechaza: pon OPENAI_API_KEY, o la variable del proveedor",
            en="the key is refused: set OPENAI_API_KEY, or the provider's own variable",
        ),
        known.ModelPermissionDeniedError: tell(
            es="la clave no da acceso a este modelo: usa otra clave u otro modelo",
            en="the key has no right to this model: use another key or another model",
        ),
        known.ModelNotFoundError: tell(
            es="no existe ese modelo o no hay una API ahí: comprueba el nombre y la URL (casi todas acaban en /v1)",
            en="no such model or no API there: check the name, and the URL (most end in /v1)",
        ),
        known.ModelRateLimitError: tell(
            es="demasiadas peticiones, o se acabó el crédito: prueba más tarde",
            en="too many requests, or no credit left: try again later",
        ),
        known.ModelTimeoutError: tell(
            es="no ha respondido a tiempo: dale más tiempo, o pide menos palabras",
            en="no answer in time: raise the timeout, or ask for fewer words",
        ),
        known.ModelConnectionError: tell(
            es="no hay conexión, o se ha cortado: ¿está en marcha el servidor y es correcta su dirección?",
            en="no connection, or one cut short: is the server running, and is its address right?",
        ),
        OSError: tell(
            es="no hay conexión: ¿está en marcha el servidor y es correcta su dirección?",
            en="no connection: is the server running, and is its address right?",
        ),
    }
