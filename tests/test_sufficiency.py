"""What the gate promises: a topic the sources know nothing on stays silent, what they know is written."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.brief import read_brief
from rag.catalog import Catalog
from rag.embed import CachedEmbedder
from rag.evaluate.calibrate import examples, fit_sufficiency, shelve
from rag.evaluate.collection import Collection, read_collection
from rag.fitted import Fitted
from rag.index import Index
from rag.plan.headings import heading_query
from rag.plan.sufficiency import FEATURES, PURPOSE, FittedGate, figures, open_gate
from rag.records import Excerpt, Source, TimeLimits
from rag.retrieve import POOL, find
from tests.conftest import FOUNDING
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.embed import BundledEmbedder, Embedder
    from rag.plan import Judgement

CROPS = (
    "trigo",
    "cebada",
    "centeno",
    "avena",
    "maíz",
    "arroz",
    "mijo",
    "sorgo",
    "quinua",
    "teff",
    "alforfón",
    "espelta",
)
STARS = (
    "Sirio",
    "Vega",
    "Rigel",
    "Altair",
    "Deneb",
    "Antares",
    "Mira",
    "Polaris",
    "Spica",
    "Régulo",
    "Capella",
    "Cástor",
)


def excerpt(key: str, text: str, cosine: float, language: str = "es") -> Excerpt:
    """Return an excerpt found at that cosine."""
    source = Source(key, (key,), "text", language=language)
    return Excerpt(key, source, text, 0, len(text), parts=(("dense", cosine), ("lexical", 0.0)))


def told(query: str, found: list[Excerpt]) -> Mapping[str, float]:
    """Return the figures of a Spanish query."""
    return figures(query, vector=WordEmbedder().queries([query])[0], language="es", found=found, typical=())


def collection(folder: Path, nouns: tuple[str, ...], sentence: str, question: str) -> Collection:
    """Write and read a collection of one document and one question a noun."""
    folder.mkdir()
    documents = [{"_id": noun, "text": sentence.format(noun), "language": "es"} for noun in nouns]
    queries = [{"_id": noun, "text": question.format(noun), "language": "es"} for noun in nouns]
    for name, rows in (("corpus", documents), ("queries", queries)):
        text = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    pairs = "\n".join(f"{noun}\t{noun}\t1" for noun in nouns)
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{pairs}\n", encoding="utf-8")
    return read_collection(folder)


@pytest.fixture
def fields(tmp_path: Path) -> tuple[Collection, ...]:
    """Two collections of different fields."""
    return (
        collection(
            tmp_path / "crops", CROPS, "La harina de {} se muele en el molino del pueblo.", "¿Cómo se muele el {}?"
        ),
        collection(tmp_path / "stars", STARS, "La estrella {} brilla en el cielo del hemisferio.", "¿Dónde brilla {}?"),
    )


# The figures


def test_words_of_the_query_are_looked_for_in_the_nearest_excerpts() -> None:
    """Stems count, and one that every excerpt holds tells less than one that few hold."""
    found = [excerpt("a", "Los datos de los trigos", 0.9), *(excerpt(str(n), "Más datos", 0.5) for n in range(9))]
    assert told("datos trigo", found)["words"] == 1.0
    assert told("datos garbanzo", found)["words"] < told("trigo garbanzo", found)["words"] < 1.0


def test_words_tell_nothing_across_languages() -> None:
    """What is nearest is in another language: no word of the query can be expected there."""
    across = told("datos", [excerpt("a", "Data", 0.9, "en"), excerpt("b", "datos", 0.5)])
    assert across["foreign"] == 1.0
    assert "words" not in across
    assert told("datos", [excerpt("a", "datos", 0.9, "")])["foreign"] == 0.0


def test_a_lead_needs_a_field() -> None:
    """With a handful of excerpts there is nothing to lead."""
    few = [excerpt(str(number), "datos", 0.9) for number in range(4)]
    many = [excerpt(str(number), "datos", 0.9 if number == 0 else 0.5) for number in range(20)]
    assert "lead" not in told("datos", few)
    assert told("datos", many)["lead"] == pytest.approx(0.4)


# The fit


def test_a_fit_tells_what_is_gone_and_what_is_another_field(fields: tuple[Collection, ...]) -> None:
    """Made from collections with known answers, it is right on the half it has not seen."""
    embedder = WordEmbedder(dimension=512)
    with Catalog(None) as store:
        fitted = fit_sufficiency(fields, embedder, store=store, chunk_tokens=60)
    assert fitted.fingerprint == embedder.fingerprint
    assert fitted.features == FEATURES
    assert len(fitted.typical) == embedder.dimension
    assert min(fitted.measured["F1 of yes"], fitted.measured["F1 of no"]) > 0.8


def test_taking_documents_away_is_as_if_they_had_never_been_there(fields: tuple[Collection, ...]) -> None:
    """The figures are those of an index made without them, so a fit needs no index for each question."""
    crops, embedder = fields[0], WordEmbedder(dimension=512)
    with Catalog(None) as store:
        encoder = CachedEmbedder(embedder, store)
        whole = shelve(crops, embedder, encoder, chunk_tokens=60)
        gone = [
            one for one in examples((whole,), encoder, among=(), typical=whole.centre, most=12) if one.kind == "gone"
        ]
        for one in gone:
            if one.documents:
                continue
            query = one.query
            held = tuple(document for document in crops.documents if document.source.paths[0] not in query.relevant)
            anew = shelve(replace(crops, documents=held), embedder, encoder, chunk_tokens=60)
            found = find(query.text, shelves=(anew,), embedder=encoder, k=POOL, language="es", limits=TimeLimits())
            vector = encoder.queries([query.text])[0]
            expected = figures(query.text, vector=vector, language="es", found=found, typical=whole.centre)
            assert one.figures == pytest.approx(expected, abs=1e-5)
    assert len(gone) == len(crops.queries)


def test_one_collection_alone_is_enough_to_fit_on(fields: tuple[Collection, ...]) -> None:
    """Without another field what is gone is learnt alone."""
    with Catalog(None) as store:
        assert fit_sufficiency(fields[:1], WordEmbedder(), store=store, chunk_tokens=60).examples


# The gate


def test_an_embedder_nobody_fitted_has_no_gate() -> None:
    """A threshold of one encoder is never taken for another's."""
    with Catalog(None) as store:
        assert open_gate(WordEmbedder(dimension=48), store) is None


def test_nothing_found_is_nothing_there() -> None:
    """Where limits leave no excerpt, no vector is asked for."""
    numbers = (0.0,) * len(FEATURES)
    fitted = Fitted(PURPOSE, "x", FEATURES, numbers, (1.0,) * 4, numbers, 9.0, 0.5, date(2026, 1, 1), (), 0, {}, ())
    embedder = WordEmbedder()
    with Catalog(None) as store:
        judged = FittedGate(fitted, CachedEmbedder(embedder, store)).judge("trigo", (), language="es")
    assert judged == (0.0, False)
    assert not embedder.queries_seen


def judged(query: str, index: Index, embedder: Embedder, language: str = "es") -> Judgement:
    """Ask an index, and the gate about what was found."""
    gate = open_gate(embedder, index.catalog)
    assert gate is not None
    found = find(query, shelves=(index,), embedder=gate.embedder, k=POOL, language=language, limits=TimeLimits())
    return gate.judge(query, found, language=language)


def test_the_founding_brief_is_written_and_chickpeas_are_not(
    sample_index: Path, bundled: BundledEmbedder, tmp_path: Path
) -> None:
    """Over literature on synthetic health data all headings of the founding brief pass, recipes do not."""
    folder = shutil.copytree(sample_index, tmp_path / "index")
    brief = read_brief(FOUNDING)
    with Index(folder) as index:
        for heading in brief.headings:
            assert judged(heading_query(brief, heading), index, bundled).enough, heading.title
        for query in ("recetas con garbanzos", "Ingredientes. Recetas con garbanzos", "La liga de fútbol de 1987"):
            assert not judged(query, index, bundled).enough, query


def test_four_snippets_are_enough_for_the_founding_brief(bundled: BundledEmbedder) -> None:
    """The brief's own material, without an index, carries its three headings and no recipe."""
    brief = read_brief(FOUNDING)
    material = Collection("material", brief.material, ())
    with Catalog(None) as store:
        encoder = CachedEmbedder(bundled, store)
        gate = open_gate(bundled, store)
        assert gate is not None
        shelf = shelve(material, bundled, encoder, chunk_tokens=200)

        def enough(query: str) -> bool:
            found = find(query, shelves=(shelf,), embedder=encoder, k=POOL, language="es", limits=TimeLimits())
            return gate.judge(query, found, language="es").enough

        assert all(enough(heading_query(brief, heading)) for heading in brief.headings)
        assert not enough("recetas con garbanzos")
