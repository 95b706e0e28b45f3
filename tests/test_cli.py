"""The command line as a person or a script uses it: what it prints where, and its exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.cli import main
from rag.run import load_brief, load_report
from tests.scripted_server import Reply, ScriptedServer, Status

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
FOUNDING = ROOT / "briefs" / "brief-datos-sinteticos.txt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        value: dict[str, Any] = json.loads(self.out)
        return value


@pytest.fixture
def rag(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Outcome]:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return Outcome(int(stopped.value.code or 0), out, err)

    return run


@pytest.fixture
def index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the real index of the sample corpus."""
    return Path(shutil.copytree(sample_index, tmp_path / "index"))


def test_index_reports_what_it_did_in_json(rag: Callable[..., Outcome], index: Path) -> None:
    """A second run of the same folder reads and embeds nothing, and says what is held."""
    result = rag("index", ROOT / "corpus", "--index", index, "--json")
    assert result.code == 0
    assert {k: result.json[k] for k in ("new", "changed", "moved", "removed", "embedded", "reused", "failed")} == {
        "new": 0, "changed": 0, "moved": 0, "removed": 0, "embedded": 0, "reused": 0, "failed": [],
    }  # fmt: skip
    assert result.json["documents"] >= 12
    assert set(result.json) == {
        "documents", "chunks", "undated", "new", "changed", "moved", "removed", "unchanged",
        "embedded", "reused", "failed", "skipped", "seconds", "remarks",
    }  # fmt: skip


def test_a_plan_of_indexing_says_what_would_be_done_and_does_nothing(rag: Callable[..., Outcome]) -> None:
    """Before the first index all is new, and nothing is written; later changed and moved files are told apart."""
    corpus = Path("corpus")
    corpus.mkdir()
    for name in ("uno", "dos"):
        (corpus / f"{name}.txt").write_text(f"Nota {name}\n\nLos datos de {name} ayudan.", encoding="utf-8")
    assert rag("index", "--plan").out == "new      dos.txt\nnew      uno.txt\n0 unchanged\n"
    assert not Path("index").exists()
    rag("index")
    (corpus / "uno.txt").rename(corpus / "otro.txt")
    (corpus / "dos.txt").write_text("Nota dos\n\nLos datos cambian.", encoding="utf-8")
    counts = {"new": 0, "changed": 1, "moved": 1, "removed": 0, "unchanged": 0}
    assert rag("index", "--plan", "--json").json == rag("index", "--plan", "--verify", "--json").json == counts
    assert rag("index", "--plan").out == "changed  dos.txt\nmoved    uno.txt -> otro.txt\n0 unchanged\n"


def test_verify_sees_a_change_that_size_and_time_hide(rag: Callable[..., Outcome]) -> None:
    """Other bytes of the same length under the same time are found when every byte is compared."""
    Path("corpus").mkdir()
    note = Path("corpus/uno.txt")
    note.write_text("Nota\n\nLos datos ayudan.", encoding="utf-8")
    os.utime(note, (1, 1))  # long ago: what was written just now is compared anyway
    rag("index")
    stat = note.stat()
    note.write_text("Nota\n\nLos datos dañann", encoding="utf-8")
    os.truncate(note, stat.st_size)
    os.utime(note, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert rag("index", "--plan", "--json").json["changed"] == 0
    assert rag("index", "--verify", "--json").json["changed"] == 1


def test_search_prints_dated_excerpts(rag: Callable[..., Outcome], index: Path) -> None:
    """The fields are those others rely on; dates are ISO cut to their precision."""
    result = rag("search", "reglamento europeo de inteligencia artificial", "-k", 3, "--json")
    assert result.code == 0
    first = result.json["excerpts"][0]
    assert (first["path"], first["date"], first["precision"]) == ("reglamento-ia-2024.html", "2024-06-13", "day")
    assert set(first) >= {
        "key", "rank", "score", "parts", "text", "path", "title", "authors", "date", "precision", "origin",
        "date_text", "page", "start", "end", "language",
    }  # fmt: skip
    assert len(result.json["excerpts"]) == 3


def test_search_within_a_time(rag: Callable[..., Outcome], index: Path) -> None:
    """Under `--as-of 2019` nothing later exists."""
    result = rag("search", "datos sintéticos en la salud", "--as-of", "2019", "--json")
    dates = [excerpt["date"] for excerpt in result.json["excerpts"]]
    assert dates
    assert max(dates) < "2020"


def test_write_leaves_a_file_and_keeps_stdout_for_the_product(
    rag: Callable[..., Outcome], index: Path, tmp_path: Path
) -> None:
    """With `-o` the text goes to the file; remarks, such as the tail left out, go to stderr."""
    result = rag("write", FOUNDING, "-o", tmp_path / "out" / "summary.md")
    assert (result.code, result.out) == (0, "")
    assert "[/ASSIST]" in result.err
    text = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# Impacto de los datos sintéticos en la salud\n")
    quiet = rag("write", FOUNDING, "--quiet")
    assert (quiet.out, quiet.err) == (text, "")


def test_a_markdown_brief_gives_the_same_text_as_the_founding_form(
    rag: Callable[..., Outcome], index: Path, tmp_path: Path
) -> None:
    """The two forms are one."""
    material, outline = FOUNDING.read_text(encoding="utf-8").split("<<<MATERIAL>>>")[1].strip().split("\n", 1)
    lines = [line.removeprefix("        ") for line in outline.partition("[/ASSIST]")[0].strip().splitlines()]
    front = f"topic: Impacto de los datos sintéticos en la salud\nlanguage: es\nmaterial: |\n  {material}\n"
    (tmp_path / "brief.md").write_text(f"---\n{front}---\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert rag("write", "brief.md", "--quiet").out == rag("write", FOUNDING, "--quiet").out


def test_write_json_has_the_fields_others_rely_on(rag: Callable[..., Outcome], index: Path) -> None:
    """Sections, sentences, sources, words, coverage, control, cost."""
    product = rag("write", FOUNDING, "--json").json
    assert set(product) >= {
        "language", "words", "sections", "sources", "coverage", "author_coverage", "control", "cost", "run_dir",
    }  # fmt: skip
    sentence = product["sections"][0]["sentences"][-1]
    assert set(sentence) >= {"text", "kind", "citations", "verdict", "reason"}
    assert set(sentence["citations"][0]) >= {"number", "key", "quote"}
    assert set(product["sources"][0]) >= {
        "number", "id", "title", "authors", "date", "precision", "origin", "date_text", "doi", "url", "path",
        "excerpts",
    }  # fmt: skip
    assert product["control"]["passed"] is True


def test_a_topic_in_quotes_is_written_under_itself(rag: Callable[..., Outcome], index: Path) -> None:
    """One section, the topic as its heading."""
    result = rag("write", "Privacidad de los datos sintéticos", "--words", 80, "--quiet")
    assert result.out.startswith("# Privacidad de los datos sintéticos\n")
    assert "\n# Referencias\n" in result.out


def test_a_model_writes_the_same_brief(
    rag: Callable[..., Outcome], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--model-url` and `--model` let a server write; what it cites to nothing is reported, and --strict says 3."""
    monkeypatch.setenv("RAG_CONTINUATIONS", "0")
    reply = json.dumps({"sentences": [{"text": "La privacidad sigue siendo un reto para todos.", "keys": ["zzz777"]}]})
    with ScriptedServer(lambda _: reply) as server:
        result = rag("write", FOUNDING, "--model-url", server.url, "--model", "tiny", "--strict")
    assert result.code == 3
    assert "zzz777" in result.err
    assert len(server.requests) == 6  # a section each, and each asked for anew


FILES = {
    "empty/.hidden": "",
    "no-topic.md": "---\nwords: 100\n---\n# Uno\n",
    "no-headings.md": "---\ntopic: Datos\n---\nSolo texto.\n",
    "unknown-key.md": "---\ntopic: Datos\nlenght: 100\n---\n# Uno\n",
    "bad-date.md": "---\ntopic: Datos\nsince: ayer\n---\n# Uno\n",
    "blocked": "a file where a folder should be",
}
SEARCH = ("search", "x")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("index", "nowhere"), "nowhere: no such folder", id="no corpus"),
        pytest.param(("index", "empty"), "empty: the folder holds no files", id="empty corpus"),
        pytest.param(("index", ROOT / "briefs", "--index", "blocked/index"), "blocked/index: ", id="no place to write"),
        pytest.param(SEARCH, "index: no index here", id="no index"),
        pytest.param(("status",), "index: no index here", id="no index to describe"),
        pytest.param(("write", "brief.md"), "brief.md: no such brief", id="a mistyped brief"),
        pytest.param(("write", "folder/brief"), "folder/brief: no such brief", id="a path that is none"),
        pytest.param(("plan", "no-topic.md"), "no-topic.md", id="no topic"),
        pytest.param(("plan", "no-headings.md"), "no-headings.md", id="no headings"),
        pytest.param(("plan", "unknown-key.md"), "lenght", id="an unknown key"),
        pytest.param(("plan", "bad-date.md"), "ayer", id="a bad date in a brief"),
        pytest.param(("write", "Datos sintéticos"), "rag index", id="a topic without an index"),
        pytest.param(("write", FOUNDING, "--retrieved", "mañana"), "mañana", id="a bad date"),
        pytest.param((*SEARCH, "--since", "2023-13"), "2023-13", id="a month that is none"),
        pytest.param(("write", FOUNDING, "-o", "out.xyz"), "out.xyz", id="an output of no known kind"),
        pytest.param(("write", FOUNDING, "-o", "blocked/out.md"), "blocked/out.md", id="an output with no place"),
        pytest.param(("write", FOUNDING, "--model-url", "http://127.0.0.1:9/v1"), "127.0.0.1:9", id="no model there"),
        pytest.param(("write", FOUNDING, "--model-url", "nonsense"), "nonsense", id="an address that is none"),
        pytest.param(("write", FOUNDING, "--model", "openai:gpt-5"), "OPENAI_API_KEY", id="a missing key"),
        pytest.param(("write", FOUNDING, "--model", "no-such-model"), "no-such-model", id="no such model"),
        pytest.param(("index", ROOT / "corpus", "--embedder", "no/such"), "no/such", id="no such embedder"),
        pytest.param(("check", "no-draft.md"), "no-draft.md", id="no draft"),
        pytest.param((*SEARCH, "--config", "no.toml"), "no.toml", id="no settings file"),
    ],
)
def test_what_a_person_can_mend_is_one_line(
    rag: Callable[..., Outcome], arguments: tuple[object, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 1, one line on stderr that names the culprit, nothing on stdout."""
    for name, text in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("RAG_MODEL_RETRIES", "0")
    result = rag(*arguments)
    assert result.code == 1, result.err
    assert result.out == ""
    assert [line for line in result.err.splitlines() if line.startswith("rag: ")] == result.err.splitlines()[-1:]
    assert said in result.err.splitlines()[-1]


def test_a_wrong_model_name_is_one_line(rag: Callable[..., Outcome]) -> None:
    """A server that does not know the model is named with it."""
    with ScriptedServer(lambda _: Status(404, "no such model")) as server:
        result = rag("write", FOUNDING, "--model-url", server.url, "--model", "qwen99")
    assert (result.code, result.out) == (1, "")
    assert "qwen99" in result.err.splitlines()[-1]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(rag: Callable[..., Outcome]) -> None:
    """Its line says why; --strict says 3."""
    Path("corpus").mkdir()
    Path("corpus/good.txt").write_text("Nota breve\n\nLos datos sintéticos ayudan a la docencia.", encoding="utf-8")
    Path("corpus/bad.pdf").write_bytes(b"%PDF-1.7 broken")
    result = rag("index", "--strict")
    assert result.code == 3
    assert result.out.startswith("1 documents")
    assert "bad.pdf" in result.err


def test_plan_shows_what_write_would_use(rag: Callable[..., Outcome], index: Path) -> None:
    """The fields others rely on; the excerpts' fields are those of search."""
    sections = rag("plan", FOUNDING, "--json").json["sections"]
    assert [section["title"] for section in sections][1] == "Desafíos éticos y técnicos"
    assert set(sections[0]) >= {
        "title", "level", "excerpts", "left_out", "words", "supportable_words", "from", "to", "languages", "undated",
        "missing",
    }  # fmt: skip
    assert {"key", "text", "path", "date"} <= set(sections[0]["excerpts"][0])
    assert {"key", "reason", "title", "date", "parts"} <= set(sections[0]["left_out"][0])
    assert rag("plan", FOUNDING).out.count("\n# ") == 2
    assert "expected" in rag("plan", FOUNDING, "--json", "--model", "tiny").json


def test_search_explains_each_score_and_what_came_next(rag: Callable[..., Outcome], index: Path) -> None:
    """The parts stand beside each excerpt, and what fell out is named with the reason."""
    explained = rag("search", "privacidad", "-k", "1", "--explain")
    assert "dense" in explained.out
    assert "rank 2, 1 asked for" in explained.out
    shown = rag("search", "privacidad", "-k", "1", "--explain", "--json").json
    assert set(shown) == {"query", "excerpts", "left_out"}
    assert {"dense", "lexical"} <= set(shown["left_out"][0]["parts"])
    assert "dense" in rag("plan", FOUNDING, "--explain").out


def test_a_topic_gets_an_outline_to_edit_and_a_model_names_it_once(rag: Callable[..., Outcome], index: Path) -> None:
    """Where a topic's evidence parts into groups, they become headings; the outline is saved as a brief beside the run
    and is what the text follows. With a model its titles head the text, in its order; the question is told with the
    rest, and a run that is cut short and goes on does not ask it again.
    """
    topic = ("Impacto de los datos sintéticos en la salud", "--words", "600")
    digest = rag("write", *topic, "--run-dir", "digest")
    assert digest.code == 0
    lines = Path("digest/proposed.md").read_text(encoding="utf-8").splitlines()
    headings = [line for line in lines if line.startswith("# ")]
    assert [line for line in digest.out.splitlines() if line.startswith("# ")] == [*headings, "# Referencias"]
    phrases = [one.title for one in load_brief(Path("digest")).headings[:-1]]
    titles = [{"group": number, "title": title} for number, title in enumerate(phrases, start=1)][::-1]

    def reply(request: dict[str, Any]) -> Reply:
        rules, asked = (message["content"] for message in request["messages"])
        if "Propones los epígrafes" in rules:
            return json.dumps(titles)
        if "Conclusión»" in asked and len(server.requests) <= len(phrases) + 2:
            return Status(401)
        key = re.findall(r"^clave: (\w+)$", asked, re.MULTILINE)[0]
        text = f"La sección {len(server.requests)} habla de datos sintéticos."
        return json.dumps({"sentences": [{"text": text, "keys": [key]}]})

    with ScriptedServer(reply) as server:
        told = ("--model-url", server.url, "--model", "tiny", "--run-dir", "named")
        cut = rag("write", *topic, *told)
        assert "--run-dir named" in cut.err
        assert "propuesto con el modelo" in cut.err or "proposed with the model" in cut.err
        result = rag("write", *topic, *told)
        assert result.code == 0
        outlines = [one for one in server.requests if "Propones los epígrafes" in one.prompt]
    assert len(outlines) == 1
    headings = [line for line in result.out.splitlines() if line.startswith("# ")]
    assert headings == [*(f"# {title}" for title in reversed(phrases)), "# Conclusión", "# Referencias"]
    assert load_report(Path("named")).cost.calls >= len(phrases) + 2


def test_status_and_doctor(rag: Callable[..., Outcome], index: Path) -> None:
    """What is held, and that nothing ails it; exit 3 when something does."""
    assert set(rag("status", "--json").json) >= {
        "documents", "chunks", "embedded", "waiting", "failed", "undated", "languages", "formats", "from", "to",
        "embedder", "fingerprint",
    }  # fmt: skip
    assert "es 2" in rag("status").out
    healthy = rag("doctor", "--json")
    assert (healthy.code, healthy.json) == (0, {"problems": []})
    ill = rag("doctor", "--index", "nowhere", "--json")
    assert ill.code == 3
    assert set(ill.json["problems"][0]) == {"what", "where", "remedy"}


def test_a_run_is_kept_and_replayed_to_the_same_bytes(
    rag: Callable[..., Outcome], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written by a model, rendered again without model, index or settings; its folder holds no key."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    reply = json.dumps({"sentences": [{"text": "La privacidad sigue siendo un reto.", "keys": ["24lxn5"]}]})
    with ScriptedServer(lambda _: reply) as server:
        url = server.url.replace("http://", "http://ana:clave@")
        first = rag("write", FOUNDING, "--model-url", url, "--model", "tiny", "--run-dir", "kept")
    shutil.rmtree(index)
    again = rag("write", "--replay", "kept")
    assert (again.code, again.out, again.err) == (0, first.out, first.err)
    kept = "".join(path.read_text(encoding="utf-8") for path in sorted(Path("kept").rglob("*.json")))
    assert "sk-secret-of-mine" not in kept
    assert "clave@" not in kept
    assert "La privacidad sigue siendo un reto." in kept
    assert rag("write", "--replay", "kept", "--json").json["run_dir"] == "kept"
    assert rag("write", FOUNDING, "--run-dir", "kept").code == 1


def test_check_finds_what_a_hand_edit_broke(rag: Callable[..., Outcome], index: Path) -> None:
    """An untouched text of ours has no findings; a changed figure is found on its line, exit 3."""
    rag("write", FOUNDING, "--words", "1200", "-o", "text.md", "--quiet")
    fine = rag("check", "text.md", "--json")
    assert (fine.code, fine.json["findings"]) == (0, [])
    assert set(fine.json) == {"findings", "coverage", "control", "sentences", "remarks"}
    text = Path("text.md").read_text(encoding="utf-8")
    assert "27 de febrero de 2024" in text
    Path("text.md").write_text(text.replace("27 de febrero de 2024", "28 de febrero de 2024"), encoding="utf-8")
    broken = rag("check", "text.md", "--json")
    assert broken.code == 3
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "27 de febrero de 2024" in words)
    assert {(f["line"], f["check"]) for f in broken.json["findings"]} == {(line, "date")}
    assert set(broken.json["findings"][0]) == {"line", "sentence", "check", "verdict", "reason", "offer"}
    assert "text.md:" in rag("check", "text.md").out


def test_every_writing_leaves_a_run(rag: Callable[..., Outcome], index: Path) -> None:
    """Under runs/, named by time and topic."""
    named = rag("write", FOUNDING, "--json").json["run_dir"]
    (run,) = Path("runs").iterdir()
    assert run.as_posix() == named
    assert run.name.endswith("-impacto-de-los-datos-sinteticos-en-la-salud")


def test_usage_errors_exit_with_two(rag: Callable[..., Outcome]) -> None:
    """An unknown option, and a value that is none of the allowed."""
    assert rag("search", "x", "--nope").code == 2
    assert rag("search", "x", "--undated", "maybe").code == 2
    assert rag("write").code == 2
    assert rag("write", FOUNDING, "--replay", "runs/x").code == 2


def test_help_imports_nothing_heavy() -> None:
    """`--help` starts without chromadb, LangChain, torch, pandas or numpy."""
    program = (
        "import sys; sys.argv = ['rag', '--help']\nfrom rag.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = ('chromadb', 'langchain', 'langchain_core', 'torch', 'pandas', 'numpy')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_search_does_not_import_langchain(index: Path) -> None:
    """A search pays for the index and the encoder alone."""
    program = (
        f"import sys; sys.argv = ['rag', 'search', 'privacidad', '--index', {str(index)!r}]\nfrom rag.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('langchain', 'langchain_core', 'torch', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_a_model_no_socket_is_opened(
    rag: Callable[..., Outcome], sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexing and writing need no network, whatever the environment asks to be traced."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    shutil.copytree(sample_index, "index")
    assert rag("index", ROOT / "corpus").code == 0
    assert rag("write", FOUNDING).out.startswith("# Impacto")


def test_add_saves_dated_snippets_once(rag: Callable[..., Outcome]) -> None:
    """Relative dates are resolved by the day they were found; the same paste again adds nothing."""
    Path("corpus").mkdir()
    Path("found.txt").write_text(
        "1 día atrás · Los datos ayudan a la salud.\nMar 8, 2023 · Otra frase entera.", "utf-8"
    )
    added = rag("add", "found.txt", "--retrieved", "2024-05-02", "--json").json
    assert [(one["date"], one["text"]) for one in added["new"]] == [
        ("2024-05-01", "Los datos ayudan a la salud."),
        ("2023-03-08", "Otra frase entera."),
    ]
    assert added["path"] == "corpus/snippets/2024-05-02.txt"
    again = rag("add", "found.txt", "--retrieved", "2024-05-02")
    assert (again.code, again.out) == (0, "nothing new (2 known)\n")
    assert rag("index").code == 0
    assert rag("search", "datos salud", "-k", 1).out.startswith("1.  2024-05-01  snippets/2024-05-02.txt\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("missing.txt",), "missing.txt: it cannot be opened (No such file or directory)"),
        (("found.txt", "--retrieved", "2024-05"), "--retrieved: “2024-05” is no day"),
        (("found.txt", "--corpus", "nowhere"), "nowhere: no such folder"),
    ],
)
def test_add_says_what_is_wrong(rag: Callable[..., Outcome], arguments: tuple[str, ...], line: str) -> None:
    """One line, and nothing is saved."""
    Path("corpus").mkdir()
    Path("found.txt").write_text("Mar 8, 2023 · Otra frase entera.", "utf-8")
    result = rag("add", *arguments)
    assert result.code == 1
    assert result.err.startswith(f"rag: {line}")
    assert not list(Path("corpus").iterdir())


def test_a_reader_of_spanish_is_spoken_to_in_spanish(
    rag: Callable[..., Outcome], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command line itself says follows the reader; names in JSON stay, and so does the text written."""
    written = rag("write", FOUNDING, "--quiet").out
    monkeypatch.setenv("RAG_LANGUAGE", "es")
    assert rag("status").out.startswith("documentos ")
    assert rag("doctor").out == "nada que señalar\n"
    assert "se pidieron 1" in rag("search", "privacidad", "-k", "1", "--explain").out
    assert " palabras; evidencia para " in rag("plan", FOUNDING).out
    assert "documents" in rag("status", "--json").json
    result = rag("write", FOUNDING)
    assert result.out == written
    assert "palabras en total" in result.err


def test_tables_keep_to_the_columns(rag: Callable[..., Outcome], index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What search, plan, status and the table of words print is no wider than the terminal says it is."""
    for width in ("60", "80"):
        monkeypatch.setenv("COLUMNS", width)
        for command in (("search", "privacidad"), ("search", "privacidad", "--explain"), ("status",)):
            assert max(map(len, rag(*command).out.splitlines())) <= int(width)
        lines = [line for line in rag("plan", FOUNDING).out.splitlines() if not line.startswith("    ")]
        assert max(map(len, lines)) <= int(width)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("rag\nst", "status"),
        ("rag\nsearch\n--un", "--until\n--undated"),
        ("rag\nwrite\ntext.md\n--section\nDes", "Desafíos\\ y\\ límites"),
        ('rag\nwrite\ntext.md\n--section\n"Des', "Desafíos y límites"),
        ("rag\nwrite\nmissing.md\n--section\n", ""),
    ],
)
def test_a_shell_completes(typed: str, completed: str, tmp_path: Path) -> None:
    """Commands, options, and the headings of the text named, as one word; nothing where there is no such text."""
    (tmp_path / "text.md").write_text("# Impacto\n\n# Desafíos y límites\n", encoding="utf-8")
    words = {"_RAG_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count("\n"))}
    program = "import sys; sys.argv = ['rag']\nfrom rag.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={**os.environ, **words, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (completed, "")
