"""What tests share: closed sockets, one real index of the sample corpus, and the count of what was embedded."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

os.environ["RAG_LANGUAGE"] = "en"  # messages are compared, and help is worded at import

from rag.brief import read_brief
from rag.config import Config
from rag.embed import BulkEmbedder, BundledEmbedder, SentenceTransformerEmbedder
from rag.index import Index
from rag.pipeline import index_folder, write_brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parent.parent
FOUNDING = ROOT / "briefs" / "brief-datos-sinteticos.txt"
MOST_EMBEDDED = 750
"""Texts that all tests together may have a real encoder embed: the suite must stay fast on two cores."""

_embedded = 0


def _counted(encode: Callable[..., Any]) -> Callable[..., Any]:
    def count(self: object, texts: Sequence[str]) -> Any:
        global _embedded  # noqa: PLW0603 - one count for the whole session
        _embedded += len(texts)
        return encode(self, texts)

    return count


for _encoder, _name in (
    (BundledEmbedder, "passages"),
    (BundledEmbedder, "queries"),
    (BulkEmbedder, "passages"),
    (SentenceTransformerEmbedder, "passages"),
    (SentenceTransformerEmbedder, "queries"),
):
    setattr(_encoder, _name, _counted(getattr(_encoder, _name)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was embedded."""
    terminalreporter.write_line(f"texts embedded by real encoders: {_embedded} (at most {MOST_EMBEDDED})")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that embedded more than it may."""
    if _embedded > MOST_EMBEDDED:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache that only these tests see, so that the encoder's fast form is built once for all of them."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAG_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def bundled() -> BundledEmbedder:
    """The real bundled encoder, loaded once."""
    return BundledEmbedder()


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, bundled: BundledEmbedder) -> Path:
    """The folder of a real index of the sample corpus, from which the founding brief was written once, so that writing
    it again embeds nothing. Copy it before writing to it.
    """
    folder = tmp_path_factory.mktemp("sample") / "index"
    index_folder(ROOT / "corpus", folder, config=Config(), embedder=bundled)
    with Index(folder) as index:
        write_brief(read_brief(FOUNDING), index=index, embedder=bundled, config=Config())
    return folder
