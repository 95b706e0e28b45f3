"""A real HTTP server on 127.0.0.1 that speaks the OpenAI chat-completions protocol and answers by script.

Does no thinking: each request gets the next reply, and is kept for the test to look at. Any other path is answered 404
and kept too, so the same server shows what a program sends anywhere else.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP status with a body; clients that retry are told to do so at once."""

    code: int
    message: str = "scripted"
    headers: tuple[tuple[str, str], ...] = (("retry-after-ms", "1"),)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """A reply that comes late."""

    seconds: float
    text: str = "late"


@dataclass(frozen=True, slots=True)
class Cut:
    """A connection closed in the middle of the answer."""


Reply = str | Status | Delay | Cut
Script = Callable[[dict[str, Any]], Reply]


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was sent: header names in lower case; `body` empty where it was not a JSON object."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        """The contents of all its messages."""
        return "\n".join(message["content"] for message in self.body.get("messages", ()))


class ScriptedServer:
    """Answers chat requests with `replies` in order, or with what one function makes of each request, for ever.

    With `refuses_format` a request that carries `response_format` gets a 400 and uses up no reply.
    """

    def __init__(self, replies: Iterable[Reply | Script] | Script = (), *, refuses_format: bool | str = False) -> None:
        self._script = replies if callable(replies) else None
        self._replies = iter(()) if callable(replies) else iter(replies)
        self._refusal = "response_format is not supported" if refuses_format is True else refuses_format
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        """The base URL a client is given; ends in /v1."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: Request) -> Reply:
        """Return what the script says to this request."""
        if request.path != "/v1/chat/completions":
            return Status(404, "no such path")
        if self._refusal and "response_format" in request.body:
            return Status(400, self._refusal)
        reply = self._script or next(self._replies, Status(500, "the script has no reply left"))
        return reply(request.body) if callable(reply) else reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each request to the script and sends its reply."""

            def do_POST(self) -> None:
                request = Request(self.path, self._names(), _json(self._received()))
                outer.requests.append(request)
                self._send(outer.answer(request))

            do_GET = do_PATCH = do_POST  # noqa: N815 - the names http.server looks for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _names(self) -> dict[str, str]:
                return {name.lower(): value for name, value in self.headers.items()}

            def _received(self) -> bytes:
                return self.rfile.read(int(self.headers.get("content-length", 0)))

            def _send(self, reply: Reply) -> None:
                if isinstance(reply, Delay):
                    time.sleep(reply.seconds)
                    reply = reply.text
                body = _body(reply).encode()
                self.send_response(reply.code if isinstance(reply, Status) else 200)
                for name, value in reply.headers if isinstance(reply, Status) else ():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json" if body.startswith(b"{") else "text/html")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body[: len(body) // 2] if isinstance(reply, Cut) else body)
                except OSError:
                    return  # the client gave up waiting

        return Handler


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _body(reply: str | Status | Cut) -> str:
    if isinstance(reply, Status):
        return reply.body or json.dumps({"error": {"message": reply.message, "type": "scripted", "code": reply.code}})
    text = reply if isinstance(reply, str) else "cut"
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
    )
