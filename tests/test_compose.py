"""A draft on its way to the text: what is added for length must stand, and where nothing stands the sources speak."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.compose import Task, settled
from rag.embed import CachedEmbedder
from rag.extract import ExtractiveWriter
from rag.llm import chat_model
from rag.records import Brief, Evidence, Excerpt, Heading, Source
from rag.report import Checking, make_report
from rag.verify.support import Support
from rag.write import ChainWriter
from tests.scripted_server import ScriptedServer
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records import Report

TEXTS = {
    "abc234": "La privacidad de los pacientes preocupa a todos los hospitales de Europa.",
    "def567": "Los registros sintéticos permiten enseñar sin permiso de cada paciente.",
    "ghi234": "Las enfermedades raras están mal representadas en los registros sintéticos.",
}
HEADING = Heading("# Registros", "Registros", 1, "", 60)
BRIEF = Brief("Registros sintéticos", (HEADING,), 60, "es")
EXCERPTS = tuple(
    Excerpt(key, Source(key, ("a.md",), "text", language="es"), text, 0, len(text)) for key, text in TEXTS.items()
)
EVIDENCE = (Evidence(HEADING, EXCERPTS, supportable_words=60),)


class Doubtful:
    """A judge that doubts whatever is called crucial."""

    def judge(
        self, sentence: str, evidence: Sequence[str], *, language: str, evidence_languages: Sequence[str]
    ) -> Support:
        """Look for the word."""
        del language, evidence_languages
        doubted = "crucial" in sentence
        return Support(
            0.1 if doubted else 0.9, tuple(0.5 for _ in evidence), tuple(True for _ in evidence),
            "unsupported" if doubted else "supported", "por la palabra",
        )  # fmt: skip


def reply(*texts: str, key: str) -> str:
    """Return a reply whose sentences cite one excerpt."""
    return json.dumps({"sentences": [{"text": text, "keys": [key]} for text in texts]})


def text_of(*replies: str) -> Report:
    """Write and settle the brief with a model that gives these replies; the last is given for ever."""
    said = iter(replies)
    last = replies[-1]
    with ScriptedServer(lambda _: next(said, last)) as server:
        writer = ChainWriter(chat_model("tiny", url=server.url, max_tokens=256, timeout=5.0, retries=0))
        digest = ExtractiveWriter(CachedEmbedder(WordEmbedder(), Catalog(None)), foreign_share=0.2)

        make = partial(make_report, BRIEF, EVIDENCE, checking=Checking(Doubtful()))
        report, _ = settled(make, writer, writer.write(BRIEF, EVIDENCE), Task(BRIEF, EVIDENCE), stand_in=digest)
    return report


def printed(report: Report) -> list[str]:
    """Return the sentences of the one section."""
    return [sentence.text for sentence in report.sections[0].written]


def test_what_is_added_for_length_and_doubted_goes() -> None:
    """A first draft's doubtful sentence is flagged, by default; one that only makes a short text longer is padding."""
    first = reply("Los hospitales se preocupan por la intimidad.", key="abc234")
    more = reply("Enseñar con registros inventados es más fácil.", "La formación es crucial en todo.", key="def567")
    report = text_of(first, more)
    assert printed(report) == [
        "Los hospitales se preocupan por la intimidad.",
        "Enseñar con registros inventados es más fácil.",
    ]
    assert [(finding.check, finding.verdict) for finding in report.findings] == [("meaning", "unsupported")]
    assert "Frases retiradas por repetidas o por no sostenerse en lo que citan: 1." in report.sections[0].note
    assert report.cost.calls == 2


def test_where_nothing_stands_the_sources_speak() -> None:
    """Invented keys, asked anew in vain: the section holds the sources' own sentences, cited, and says so."""
    report = text_of(reply("Todo está resuelto desde hace años.", key="zzz777"))
    assert printed(report)
    assert set(printed(report)) <= set(TEXTS.values())
    assert {sentence.verdict for sentence in report.sections[0].written} == {"verbatim"}
    assert "frases literales de las fuentes, no del modelo" in report.sections[0].note
    assert "zzz777" in " ".join(finding.reason for finding in report.findings)
    assert not report.digest


def test_silence_is_an_answer() -> None:
    """A model that says in due form that the excerpts hold nothing for the section is not overruled."""
    report = text_of(json.dumps({"sentences": []}))
    assert printed(report) == []
    assert "nada que añadir" in report.sections[0].note


def test_what_stands_is_left_to_the_model() -> None:
    """A section with one sentence that stands gets none of the sources' own."""
    report = text_of(reply("Los hospitales se preocupan por la intimidad.", key="abc234"), reply(key="abc234"))
    assert printed(report) == ["Los hospitales se preocupan por la intimidad."]
    assert "no del modelo" not in report.sections[0].note
