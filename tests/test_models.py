"""What comes out of `write` when a chat model behaves as models do: a real server plays it, the whole flow runs, and
what is looked at is what a reader gets.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.brief import read_brief
from rag.config import Config
from rag.errors import ModelError, RagError
from rag.llm import chat_model
from rag.pipeline import write_brief
from rag.records import Cost
from rag.render import to_markdown
from rag.run import Replies
from rag.write import ChainWriter
from tests.scripted_server import Cut, Delay, Reply, Script, ScriptedServer, Status
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.records import Brief, Report

BRIEF = read_brief(Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt")
FIRST, SECOND, THIRD = "Los modelos avanzan deprisa.", "La privacidad es un reto.", "Su importancia crece."
INVENTED = "Curan la diabetes por completo"
MARKER = re.compile(r"(?<![\\\w])\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader gets: the report, its text without the references, and what the server was asked."""

    report: Report
    markdown: str
    text: str
    requests: int

    def printed(self, number: int) -> list[str]:
        """Return the sentences printed in a section."""
        return [sentence.text for sentence in self.report.sections[number].written]

    def stands_in(self, number: int) -> bool:
        """Say whether a section holds the sources' own sentences and says that they are not the model's."""
        written = self.report.sections[number].written
        verbatim = all(sentence.verdict == "verbatim" for sentence in written)
        return bool(written) and verbatim and "frases literales de las fuentes, no del modelo" in self.note(number)

    def note(self, number: int) -> str:
        """Return the note of a section."""
        return self.report.sections[number].note


def outcome(*replies: Reply | Script, refuses: bool | str = False, retries: int = 0, timeout: float = 5.0) -> Outcome:
    """Write the founding brief's material with these replies, and check what holds whatever a model does."""
    with ScriptedServer(replies, refuses_format=refuses) as server:
        model = chat_model("tiny", url=server.url, max_tokens=256, timeout=timeout, retries=retries)
        report = write_brief(
            BRIEF, index=None, embedder=WordEmbedder(), writer=ChainWriter(model, continuations=0), config=Config()
        )
    markdown = to_markdown(report)
    text, _, references = markdown.rpartition("# Referencias")
    whatever_a_model_does(BRIEF, report, text, references)
    return Outcome(report, markdown, text, len(server.requests))


def whatever_a_model_does(brief: Brief, report: Report, text: str, references: str) -> None:
    """Assert that the outline stands, every sentence cites, every marker has its entry, and nothing invented is there.

    What is printed as verified is no more than was checked.
    """
    assert [line for line in text.splitlines() if line.startswith("#")] == [heading.line for heading in brief.headings]
    assert brief.headings[0].author_text in text
    assert set(MARKER.findall(text)) == set(re.findall(r"^\[(\d+)\]", references, re.MULTILINE))
    held = {excerpt.key for source in report.sources for excerpt in source.excerpts}
    for sentence in (sentence for section in report.sections for sentence in section.written):
        assert {citation.key for citation in sentence.citations} <= held
        assert sentence.citations
        assert sentence.verdict in {"not_checked", "verbatim"}
    assert INVENTED not in text + references
    assert "zzz777" not in text + references
    assert "diabetes" not in text + references


def keys_in(request: dict[str, Any]) -> list[str]:
    """Return the keys of the excerpts a request shows."""
    return re.findall(r"^clave: (\w+)$", request["messages"][-1]["content"], re.MULTILINE)


def saying(text: str, *, before: str = "", key: str = "", quote: str = "") -> Script:
    """Return a script that says a sentence, citing the first excerpt shown unless a key is given."""

    def reply(request: dict[str, Any]) -> str:
        item = {"text": text, "keys": [key or keys_in(request)[0]], "quote": quote}
        return before + json.dumps({"sentences": [item]}, ensure_ascii=False)

    return reply


ONE, TWO, THREE = saying(FIRST), saying(SECOND), saying(THIRD)


def test_a_model_that_answers_well_is_printed() -> None:
    """A sentence a section, cited; three calls, paid; no finding and no note but for the length."""
    good = outcome(ONE, TWO, THREE)
    assert [good.printed(n) for n in range(3)] == [[FIRST], [SECOND], [THIRD]]
    assert good.report.findings == ()
    assert good.report.cost == Cost(3, 300, 60)
    assert "El modelo llegó a" in good.text


REFUSAL = "Lo siento, no puedo ayudarte con eso."


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        pytest.param(REFUSAL, "el modelo se niega a escribir", id="refusal"),
        pytest.param("", "no contiene ninguna frase", id="empty"),
        pytest.param("   \n\n ", "no contiene ninguna frase", id="blank"),
        pytest.param("<think>La privacidad [k:", "no contiene ninguna frase", id="thought alone"),
        pytest.param(f"{INVENTED}.", "ninguna frase cita una clave", id="from memory"),
        pytest.param('{"sentences": [{"te', "el JSON no se puede leer", id="broken JSON"),
    ],
)
def test_a_reply_that_is_none_costs_one_more_call_or_leaves_a_note(bad: str, said: str) -> None:
    """Once: the second try is printed. Twice: the sources speak for themselves there, an honest line says so, and the
    others are written. Nothing of the bad reply is printed; every call is counted.
    """
    once = outcome(bad, ONE, TWO, THREE)
    assert [once.printed(n) for n in range(3)] == [[FIRST], [SECOND], [THIRD]]
    assert once.report.cost == Cost(4, 400, 80)
    assert once.note(0) == ""
    twice = outcome(ONE, bad, bad, THREE)
    assert (twice.printed(0), twice.printed(2)) == ([FIRST], [THIRD])
    assert twice.stands_in(1)
    assert twice.note(1).startswith(f"El modelo respondió dos veces sin un texto legible ({said}). ")
    assert f"\n> {twice.note(1)}\n" in twice.text
    assert twice.report.cost == Cost(4, 400, 80)
    assert not [finding for finding in twice.report.findings if finding.verdict == "unsupported"]
    assert "Lo siento" not in twice.markdown


def test_a_model_that_always_refuses_leaves_the_authors_text_and_says_why() -> None:
    """Headings, the author's words, the sources' own sentences under a note a section, a cost."""
    refused = outcome(*[REFUSAL] * 6)
    assert all(refused.stands_in(n) for n in range(3))
    assert refused.text.count("se niega a escribir") == 3
    assert refused.report.cost == Cost(6, 600, 120)


NOTHING = json.dumps({"sentences": [{"text": "", "keys": []}]})
INVENTIONS = [
    pytest.param(saying(f"El informe dice: «{INVENTED}»."), "quote", id="printed quote"),
    pytest.param(saying("Curan la diabetes.", quote=INVENTED), "quote", id="declared quote"),
    pytest.param(saying("Curan el 99 % de la diabetes."), "number", id="figure"),
    pytest.param(saying("En mayo de 1987 curaron la diabetes."), "date", id="date"),
    pytest.param(saying("Curan la diabetes.", key="zzz777"), "key", id="key"),
]


@pytest.mark.parametrize(("reply", "check"), INVENTIONS)
def test_what_a_model_invents_is_a_finding_and_not_printed(reply: Script, check: str) -> None:
    """A quotation, a figure, a date or a key that is nowhere, and nothing better when asked anew: the sentence goes,
    the section says so, the finding names sentence, section and reason, and the rest stays.
    """
    found = outcome(ONE, reply, THREE, NOTHING)
    assert (found.printed(0), found.printed(2)) == ([FIRST], [THIRD])
    assert found.stands_in(1)
    failed = [finding for finding in found.report.findings if finding.verdict == "unsupported"]
    assert check in {finding.check for finding in failed}
    assert {finding.section for finding in failed} == {BRIEF.headings[1].title}
    assert all("diabetes" in finding.sentence and finding.reason for finding in failed)
    assert "Frases retiradas por repetidas o por no sostenerse en lo que citan: 1." in found.note(1)
    assert found.report.cost == Cost(4, 400, 80)


@pytest.mark.parametrize(("reply", "check"), INVENTIONS)
def test_what_a_model_invents_is_asked_for_anew_once(reply: Script, check: str) -> None:
    """The writer is told the sentence and the reason; what it says then is checked, and printed where it stands. What
    fails again is removed, without another call.
    """
    told: list[str] = []

    def anew(request: dict[str, Any]) -> Reply:
        told.append(request["messages"][-1]["content"])
        return TWO(request)

    good = outcome(ONE, reply, THREE, anew)
    assert [good.printed(n) for n in range(3)] == [[FIRST], [SECOND], [THIRD]]
    assert re.search(r"frase: [^\n]*diabetes[^\n]*\nclaves: \w+\nmotivo: \S", told[0])
    assert good.note(1) == ""
    assert good.report.cost == Cost(4, 400, 80)
    again = outcome(ONE, reply, THREE, reply)
    assert (again.printed(0), again.printed(2)) == ([FIRST], [THIRD])
    assert again.stands_in(1)
    assert again.requests == 4
    assert check in {finding.check for finding in again.report.findings}


@pytest.mark.parametrize("failure", [Status(401), Status(503), Cut()], ids=["no key", "busy", "cut connection"])
def test_a_model_that_fails_when_asked_anew_costs_no_text(failure: Reply) -> None:
    """All that was written and stands is printed; the section says what was removed and why, and the sources speak."""
    kept = outcome(ONE, saying("Curan el 99 % de la diabetes."), THREE, failure)
    assert (kept.printed(0), kept.printed(2)) == ([FIRST], [THIRD])
    assert kept.stands_in(1)
    assert "se han retirado sin corregir: el modelo falló (model tiny at http://127.0.0.1" in kept.note(1)
    assert kept.report.cost == Cost(3, 300, 60)


def test_a_quotation_that_is_the_sources_own_is_printed() -> None:
    """The control of the case above: the same form with words of the excerpt passes."""
    words = "Los LLMs transforman la medicina"

    def reply(request: dict[str, Any]) -> str:
        excerpts = request["messages"][-1]["content"].split("clave: ")[1:]
        key = next(excerpt[:6] for excerpt in excerpts if words in excerpt)
        return json.dumps({"sentences": [{"text": f"Un texto afirma: «{words}».", "keys": [key], "quote": words}]})

    good = outcome(reply, TWO, THREE)
    assert good.printed(0) == [f"Un texto afirma: «{words}»."]
    assert good.report.findings == ()


@pytest.mark.parametrize(
    "passing", [Status(429), Status(503), Cut(), Delay(2)], ids=["too many", "busy", "cut connection", "time-out"]
)
def test_what_passes_is_tried_again_and_leaves_no_trace(passing: Reply) -> None:
    """A 429, a 503, a cut connection or a late answer, then a good one: the text is the one without it; what was not
    answered is not counted.
    """
    later = outcome(ONE, passing, TWO, THREE, retries=1, timeout=1)
    assert later.requests == 4
    assert later.markdown == outcome(ONE, TWO, THREE).markdown
    assert later.report.cost == Cost(3, 300, 60)
    assert later.report.findings == ()


@pytest.mark.parametrize(
    ("lasting", "remedy"),
    [
        pytest.param(Status(429), "try again later", id="too many"),
        pytest.param(Cut(), "is the server running", id="cut connection"),
        pytest.param(Delay(1.5), "raise the timeout", id="time-out"),
        pytest.param(Status(401), "set OPENAI_API_KEY", id="missing key"),
        pytest.param(Status(404), "check the name", id="wrong model name"),
    ],
)
def test_what_does_not_pass_ends_in_one_line(lasting: Reply, remedy: str) -> None:
    """No half text: the run ends with one line that names the model, its address and the remedy."""
    with pytest.raises(ModelError, match=remedy) as caught:
        outcome(ONE, lasting, lasting, retries=1, timeout=0.4)
    assert re.match(r"model tiny at http://127\.0\.0\.1:\d+/v1: [^\n]+\Z", str(caught.value))


@pytest.mark.parametrize(
    "thought",
    [
        f'<think>{INVENTED} [k:zzz777]. ¿Qué más? {{"sentences": []}}</think>\n',
        f"{INVENTED}…\n</think>\n\n",
        f"<thinking>\n1. {INVENTED}.\n</thinking>Claro, aquí tienes el JSON:\n",
        f"Thinking...\n{INVENTED}.\n...done thinking.\n\n",
    ],
    ids=["think", "unopened", "thinking, then a preface", "ollama's"],
)
def test_thinking_before_the_answer_is_not_printed(thought: str) -> None:
    """Whatever a model thinks aloud, keys and JSON included, only its answer is text; one call."""
    thinking = outcome(ONE, saying(SECOND, before=thought), THREE)
    assert thinking.markdown == outcome(ONE, TWO, THREE).markdown
    assert thinking.report.findings == ()
    assert thinking.report.cost == Cost(3, 300, 60)


def prose(text: str) -> Script:
    """Return a script that says a sentence as small models do, with its key in brackets after a repeated heading."""
    return lambda request: f"# Conclusión\n{text.removesuffix('.')} [k:{keys_in(request)[0]}]."


@pytest.mark.parametrize("refuses", [True, "response_format: json_schema is not supported by this server"])
def test_a_server_without_schemas_gives_the_same_text(refuses: bool | str) -> None:
    """The refused request is repeated without the schema, once for the whole text, and is not paid; plain sentences
    with keys in brackets make the same text as JSON does.
    """
    plain = outcome(prose(FIRST), prose(SECOND), prose(THIRD), refuses=refuses)
    assert plain.requests == 4
    assert plain.markdown == outcome(ONE, TWO, THREE).markdown
    assert plain.report.cost == Cost(3, 300, 60)


# A run cut short


def kept(url: str, run: Path, *, most_tokens: int = 0) -> Report:
    """Write the founding brief's material, keeping the run in a folder."""
    model = chat_model("tiny", url=url, max_tokens=256, timeout=5.0, retries=0)
    writer = ChainWriter(model, memory=Replies(run), most_tokens=most_tokens, continuations=0)
    return write_brief(BRIEF, index=None, embedder=WordEmbedder(), writer=writer, config=Config(), run_dir=run)


def test_a_run_cut_short_goes_on_and_asks_nothing_twice(tmp_path: Path) -> None:
    """The server dies at each section in turn: what was answered is kept, and with the same folder the text becomes
    that of the run which was not cut short, each question asked once.
    """
    said = [ONE, TWO, THREE]
    with ScriptedServer(said) as server:
        whole = to_markdown(kept(server.url, tmp_path / "whole"))
    for lives in range(3):
        run = tmp_path / f"cut-{lives}"
        with ScriptedServer([*said[:lives], Status(500)]) as server, pytest.raises(ModelError):
            kept(server.url, run)
        with ScriptedServer(said[lives:]) as server:
            assert to_markdown(kept(server.url, run)) == whole
            assert len(server.requests) == 3 - lives
        assert not (run / "replies.json").exists()
        with pytest.raises(RagError, match="holds a run already"):
            kept("http://127.0.0.1:9/v1", run)


def test_a_bound_on_tokens_stops_between_sections(tmp_path: Path) -> None:
    """What is written by then stays; the next sections say why they are empty."""
    with ScriptedServer([ONE, TWO, THREE]) as server:
        report = kept(server.url, tmp_path / "run", most_tokens=1)
        assert len(server.requests) == 1
    assert [len(section.written) for section in report.sections] == [1, 0, 0]
    assert "tope de 1 tokens" in report.sections[1].note


def command(url: str, run: Path) -> list[str]:
    """Return the command line that writes the founding brief from its material alone."""
    brief = str(Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt")
    named = ("--index", "none", "--model-url", url, "--model", "tiny", "--run-dir", str(run))
    return [sys.executable, "-m", "rag", "write", brief, *named, "--quiet"]


def test_a_run_killed_in_any_section_ends_in_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed (-9) while the model is asked for each section; the same command then goes on, and asks nothing twice."""
    monkeypatch.setenv("RAG_JUDGE", "none")  # so that nothing is asked but the three sections
    monkeypatch.setenv("RAG_CONTINUATIONS", "0")
    said = [ONE, TWO, THREE]
    with ScriptedServer(said) as server:
        whole = subprocess.run(command(server.url, tmp_path / "whole"), cwd=tmp_path, capture_output=True, check=True)
    for lives in range(3):
        run = tmp_path / f"killed-{lives}"
        with ScriptedServer([*said[:lives], Delay(60)]) as server:
            process = subprocess.Popen(command(server.url, run), cwd=tmp_path, stdout=subprocess.DEVNULL)
            while len(server.requests) <= lives and process.poll() is None:
                time.sleep(0.05)
            process.kill()
            process.wait()
        with ScriptedServer(said[lives:]) as server:
            again = subprocess.run(command(server.url, run), cwd=tmp_path, capture_output=True, check=True)
            assert len(server.requests) == 3 - lives
        assert again.stdout == whole.stdout
