"""Chat models: what goes over the wire, what does not, and what is said when it fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from langchain_core.runnables import RunnableLambda

from rag.errors import ModelError
from rag.llm import RequestError, answers, chat_model, describe, takes_schema, untraced
from tests.scripted_server import Cut, Delay, Reply, ScriptedServer, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_core.language_models import BaseChatModel

KEY = "sk-not-a-real-key-1234"


def model_at(url: str, *, name: str = "tiny", retries: int = 0, timeout: float = 5.0) -> BaseChatModel:
    """Return a model served there, or its provider's without a URL."""
    return chat_model(name, url=url, max_tokens=64, timeout=timeout, retries=retries)


def fault(*replies: Reply, retries: int = 0, timeout: float = 5.0) -> tuple[ModelError, int]:
    """Return the error that a call ends with, and how many requests it took."""
    with ScriptedServer(replies) as server:
        model = model_at(server.url, retries=retries, timeout=timeout)
        with pytest.raises(ModelError) as caught, untraced():
            answers(model).invoke("hola")
        assert server.url in str(caught.value)
        assert "tiny" in str(caught.value)
        assert "\n" not in str(caught.value)
        return caught.value, len(server.requests)


def test_a_request_carries_what_local_servers_read() -> None:
    """To a URL other than OpenAI's the limit goes out as max_tokens, beside the model, the temperature and no key."""
    with ScriptedServer(["hola"]) as server:
        assert answers(model_at(server.url)).invoke("¿qué tal?").text == "hola"
    (request,) = server.requests
    assert request.body["max_tokens"] == 64
    assert "max_completion_tokens" not in request.body
    assert (request.body["model"], request.body["temperature"]) == ("tiny", 0.0)
    assert request.headers["authorization"] == "Bearer none"


def test_chat_completions_is_what_a_server_is_asked_by_whatever_its_models_name() -> None:
    """A name that LangChain would take to OpenAI's other API is asked by chat completions where a URL is given."""
    with ScriptedServer(["hola"]) as server:
        assert answers(model_at(server.url, name="gpt-5.2-pro")).invoke("hola").text == "hola"


def test_openai_itself_gets_its_own_name_for_the_limit() -> None:
    """To api.openai.com the limit goes out as max_completion_tokens; nothing is sent by building the model."""
    model = model_at("https://api.openai.com/v1", name="m")
    payload = model._get_request_payload([])  # type: ignore[attr-defined]
    assert payload["max_completion_tokens"] == 64
    assert not payload.get("extra_body")


def test_the_key_of_the_environment_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_API_KEY goes to the server; neither the model's repr nor an error that quotes it shows it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with ScriptedServer(["hola", Status(400, f"Incorrect API key provided: {KEY}")]) as server:
        model = model_at(server.url)
        answers(model).invoke("hola")
        with pytest.raises(ModelError) as caught:
            answers(model).invoke("hola")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(caught.value) + repr(model)


def test_a_password_in_the_address_is_never_shown() -> None:
    """The name and password that an address may carry are in no message."""
    model = model_at("http://ana:secreto@127.0.0.1:9/v1")
    with pytest.raises(ModelError) as caught:
        answers(model).invoke("hola")
    assert "secreto" not in str(caught.value) + describe(model)
    assert "127.0.0.1:9" in str(caught.value)


def test_a_proxy_of_the_environment_gets_nothing_meant_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server on this machine is reached directly, whatever proxy the environment names."""
    with ScriptedServer(["hola"]) as server, ScriptedServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert answers(model_at(server.url)).invoke("hola").text == "hola"
    assert not proxy.requests


def test_a_redirection_is_not_followed() -> None:
    """A server that points elsewhere gets the text, the place it points to does not."""
    with ScriptedServer() as elsewhere:
        error, calls = fault(Status(307, headers=(("location", f"{elsewhere.url}/chat/completions"),)))
    assert "redirections are not followed" in str(error)
    assert calls == 1
    assert not elsewhere.requests


@pytest.mark.parametrize(
    ("reply", "remedy", "retryable"),
    [
        pytest.param(Status(401), "OPENAI_API_KEY", False, id="key refused"),
        pytest.param(Status(403), "no right to this model", False, id="no right"),
        pytest.param(Status(404), "check the name", False, id="no such model"),
        pytest.param(Status(409), "answered 409", False, id="conflict"),
        pytest.param(Status(400, "context_length_exceeded"), "smaller window", False, id="too long"),
        pytest.param(Status(429), "try again later", True, id="too many"),
        pytest.param(Status(500), "server", True, id="server failed"),
        pytest.param(Status(503), "server", True, id="server busy"),
        pytest.param(Cut(), "is the server running", True, id="cut"),
        pytest.param(Status(200, body="<html>welcome</html>"), "/v1", False, id="a web page"),
        pytest.param(Status(200, body='{"choices": []}'), "/v1", False, id="no choices"),
        pytest.param(Status(200, body='{"choices": null}'), "/v1", False, id="null choices"),
        pytest.param(Status(200, body='{"error": {"message": "no"}}'), "/v1", False, id="an error as a success"),
        pytest.param(Status(200, body='{"choices": ['), "/v1", False, id="broken JSON"),
    ],
)
def test_every_failure_is_one_line_with_a_remedy(reply: Reply, remedy: str, *, retryable: bool) -> None:
    """Whatever the server does wrong is one line that names model and address, and says what to do."""
    error, _ = fault(reply)
    assert remedy in str(error)
    assert error.retryable is retryable


def test_a_late_answer_is_a_timeout_in_time() -> None:
    """The timeout is kept to, and said to be one."""
    begun = time.perf_counter()
    error, _ = fault(Delay(60), timeout=0.2)
    assert time.perf_counter() - begun < 60
    assert error.retryable
    assert "raise the timeout" in str(error)


def test_no_server_is_said_to_be_none() -> None:
    """A refused connection asks whether the server runs, and may be tried again."""
    with ScriptedServer() as server:
        url = server.url
    with pytest.raises(ModelError, match="is the server running") as caught:
        answers(model_at(url)).invoke("hola")
    assert caught.value.retryable


def test_what_may_pass_is_tried_again_as_often_as_asked() -> None:
    """With two retries a third answer is the one returned; without success the last error is."""
    with ScriptedServer([Status(429), Status(500), "hola"]) as server:
        assert answers(model_at(server.url, retries=2)).invoke("hola").text == "hola"
    assert fault(Status(429), Status(429), retries=1)[1] == 2
    assert fault(Status(401), "never asked", retries=1)[1] == 1


@pytest.mark.parametrize("status", [400, 415, 422, 501])
def test_a_request_the_server_does_not_take_is_told_apart(status: int) -> None:
    """What the server says of a request it does not understand is passed on, under its own type."""
    error, _ = fault(Status(status, "no response_format here"))
    assert isinstance(error, RequestError)
    assert "no response_format here" in str(error)


def test_openais_own_refusal_of_schemas_is_no_warning() -> None:
    """LangChain warns beside raising; the warning is not let through (warnings are errors in these tests)."""
    text = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    assert isinstance(fault(Status(400, text))[0], RequestError)


def test_a_schema_goes_out_beside_the_limit_and_a_bad_reply_comes_back() -> None:
    """A schema is sent as response_format, max_tokens stays, and a reply that breaks it is returned as it is."""
    schema = {"type": "object"}
    with ScriptedServer(['{"cut": "sho']) as server:
        model = model_at(server.url)
        assert takes_schema(model)
        assert answers(model, schema=schema).invoke("hola").text == '{"cut": "sho'
    body = server.requests[0].body
    assert body["response_format"]["json_schema"]["schema"] == schema
    assert body["max_tokens"] == 64


def forget_environment() -> None:
    """Have LangSmith read the environment anew."""
    from langsmith import utils

    forget: Callable[[], None] = getattr(utils.get_env_var, "cache_clear")  # noqa: B009 - the cached function has no typed attribute
    forget()


def trace_to(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask by environment that every run be sent to that server as to LangSmith."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
        monkeypatch.setenv(name, server.url.removesuffix("/v1"))
    monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_not_a_key")
    forget_environment()


@pytest.mark.parametrize("kept_in", [True, False], ids=["untraced", "control"])
@pytest.mark.filterwarnings("ignore")
def test_nothing_goes_to_langsmith_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, *, kept_in: bool
) -> None:
    """With tracing asked for by environment, a chain sends its text to the model alone; the control shows it would."""
    from contextlib import nullcontext

    from langchain_core.tracers.langchain import wait_for_all_tracers

    with ScriptedServer(["hola"]) as server, ScriptedServer() as elsewhere:
        trace_to(elsewhere, monkeypatch)
        with untraced() if kept_in else nullcontext():
            (RunnableLambda(str) | answers(model_at(server.url)) | RunnableLambda(str)).invoke("secreto")
        wait_for_all_tracers()
        assert len(server.requests) == 1
        assert (not elsewhere.requests) is kept_in
    monkeypatch.undo()
    forget_environment()


@pytest.mark.parametrize("variable", ["LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"])
def test_the_obsolete_tracing_variables_are_named(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """LangChain refuses to run with its first tracing variables; the line names the one to unset."""
    monkeypatch.setenv(variable, "true")
    with pytest.raises(ModelError, match=f"{variable} is set"), untraced():
        pass


def test_the_langsmith_gateway_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """LANGSMITH_GATEWAY would route a provider's model through LangSmith: refused by name, and void with a URL."""
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    monkeypatch.setenv("LANGSMITH_GATEWAY_API_KEY", "lsv2_not_a_key")
    with pytest.raises(ModelError, match="LANGSMITH_GATEWAY"):
        model_at("", name="openai:m")
    with ScriptedServer(["hola"]) as server:
        answers(model_at(server.url)).invoke("hola")
    assert server.requests[0].headers["authorization"] == "Bearer none"


def test_a_provider_name_builds_that_providers_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """openai:NAME is LangChain's own OpenAI model, at the address its own variables name."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with ScriptedServer(["hola"]) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        assert answers(model_at("", name="openai:tiny")).invoke("hola").text == "hola"
    assert server.requests[0].body["model"] == "tiny"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-such-model", "provider:model"),
        ("nobody:model", "provider:model"),
        ("openai:tiny", "OPENAI_API_KEY"),
        ("anthropic:claude", "pip install langchain-anthropic"),
    ],
)
def test_a_provider_that_cannot_be_set_up_says_what_is_missing(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name, a missing key and a missing package are one line each."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError) as caught:
        model_at("", name=name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:8080/v1", "ftp://host/v1", "http://", "/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """A URL without scheme or host is told what one looks like."""
    with pytest.raises(ModelError, match="http://127"):
        model_at(url)
