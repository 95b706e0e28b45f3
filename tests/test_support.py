"""What the judge of support promises: what is carried is told from what is not, for an embedder somebody fitted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog
from rag.embed import CachedEmbedder
from rag.errors import RagError
from rag.fitted import keep_fit
from rag.verify.bearing import MOST, Cited, EvidenceReader, figures
from rag.verify.labelled import Labelled, fit_support
from rag.verify.nli import Entailment
from rag.verify.signs import against
from rag.verify.support import FittedJudge, Judge, NLIJudge, NoJudge, joined, open_judge, prepare, verdict_of
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.e5 import BundledEmbedder
    from rag.verify.labelled import Label

TOPICS = (
    ("Los datos sintéticos protegen la privacidad de los pacientes", "hospitales", "registros"),
    ("La vacuna redujo los ingresos por gripe en ancianos", "invierno", "residencias"),
    ("El modelo generó imágenes de lesiones de piel", "dermatología", "redes"),
    ("La ley europea exige el consentimiento informado", "reglamento", "ensayos"),
    ("El sueño corto se asocia con la obesidad infantil", "niños", "peso"),
    ("Los bosques maduros almacenan carbono durante siglos", "clima", "suelo"),
)
SOURCE = "{0}. El estudio trata de {1} y de {2}. Los autores piden más trabajos sobre {1}."


def source(topic: int) -> str:
    """Return a source of three sentences on a topic."""
    return SOURCE.format(*TOPICS[topic % len(TOPICS)])


def claim(topic: int) -> str:
    """Return what its first sentence says, in other words' order."""
    words = TOPICS[topic % len(TOPICS)][0].split()
    return " ".join([*words[len(words) // 2 :], *words[: len(words) // 2]]) + "."


def rows() -> list[Labelled]:
    """Return claims beside their source and beside another's, in groups that fall into both halves."""
    ways: tuple[tuple[int, Label], ...] = ((0, "supports"), (1, "neither"))
    return [
        Labelled(claim(topic), (source(topic + way * (1 + number)),), label, "es", ("es",), f"{topic} {number}")
        for number in range(4)
        for topic in range(len(TOPICS))
        for way, label in ways
    ]


@cache
def judge() -> FittedJudge:
    """Return a judge fitted for the embedder of words."""
    embedder, store = WordEmbedder(dimension=256), Catalog(None)
    fitted = fit_support(rows(), embedder, store=store, made_from=("topics",))
    return FittedJudge(fitted, EvidenceReader(embedder, CachedEmbedder(embedder, store)))


def judged(sentence: str, *evidence: str, by: Judge | None = None, language: str = "es") -> tuple[str, str]:
    """Return verdict and reason."""
    said = (by or judge()).judge(sentence, evidence, language=language, evidence_languages=[language] * len(evidence))
    return said.verdict, said.reason


def test_what_is_carried_is_told_from_what_is_not() -> None:
    """A sentence with the words of its source is supported; by a source on something else it is not."""
    assert judged(claim(0), source(0))[0] == "supported"
    assert judged(claim(0), source(1))[0] == "unsupported"


def test_the_reason_shows_the_nearest_sentence() -> None:
    """The reader sees what the source says that is nearest, and how likely that carries the sentence."""
    verdict, reason = judged(claim(0), source(0))
    assert verdict == "supported"
    assert "«Los datos sintéticos protegen la privacidad de los pacientes.» (0," in reason
    assert judged(claim(0), source(1))[1].startswith("lo más parecido que dice la fuente: «")
    assert judged(claim(0), source(1), language="en")[1].startswith("the nearest the source says: “")


def test_citations_are_judged_together_and_each() -> None:
    """One of two that carries it makes it supported; the other is of no use: ALCE's recall and precision."""
    said = judge().judge(claim(2), [source(3), source(2)], language="es", evidence_languages=["es", "es"])
    assert said.carried
    assert said.useful == (False, True)
    assert said.each[0] is not None
    assert said.each[1] is not None
    assert said.each[0] < said.each[1]


def test_two_that_carry_half_each_are_both_of_use() -> None:
    """A sentence that joins two sources needs both: neither is called useless."""
    both = f"{claim(0)[:-1]} y {claim(5)}"
    said = judge().judge(both, [source(0), source(5)], language="es", evidence_languages=["es", "es"])
    alone = max(one for one in said.each if one is not None)
    assert said.probability is not None
    assert said.probability >= alone
    assert said.useful == (True, True)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_more_evidence_never_makes_it_less_likely(topics: list[int], more: int) -> None:
    """What is cited besides cannot take away what carries it."""
    few = [source(topic) for topic in topics]
    one = judge().judge(claim(0), few, language="es", evidence_languages=["es"] * len(few))
    two = judge().judge(claim(0), [*few, source(more)], language="es", evidence_languages=["es"] * (len(few) + 1))
    assert one.probability is not None
    assert two.probability is not None
    assert two.probability >= min(one.probability, *(p for p in one.each if p is not None))


def test_an_embedder_nobody_fitted_judges_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No constant of another encoder takes its place: not checked, and the reason names the encoder."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    embedder = WordEmbedder(dimension=32)
    with Catalog(None) as store:
        by = open_judge(embedder, store)
        assert isinstance(by, NoJudge)
        said = by.judge(claim(0), [source(0)], language="es", evidence_languages=["es"])
        assert (said.probability, said.verdict) == (None, "not_checked")
        assert "words/32" in said.reason
        assert embedder.passages_seen == []


def test_a_users_fit_opens_a_judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What `fit_support` made and `keep_fit` kept is what the next run judges by."""
    monkeypatch.setenv("RAG_CACHE", str(tmp_path))
    keep_fit(judge().fitted)
    with Catalog(None) as store:
        by = open_judge(WordEmbedder(dimension=256), store)
        assert isinstance(by, FittedJudge)
        assert judged(claim(1), source(1), by=by) == judged(claim(1), source(1))


def test_too_few_claims_are_refused() -> None:
    """Where the half that makes the fit holds one answer alone, the person is told what to give."""
    one_group = [replace(row, group="one") for row in rows() if row.label == "supports"]
    with Catalog(None) as store, pytest.raises(RagError, match=r"claims\.jsonl: .*several groups"):
        fit_support(one_group, WordEmbedder(), store=store, made_from=("claims.jsonl",))


def test_nothing_is_embedded_twice() -> None:
    """Judging again, or each citation after the whole, asks the encoder for nothing."""
    embedder = WordEmbedder(dimension=256)
    with Catalog(None) as store:
        reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
        by = FittedJudge(judge().fitted, reader)
        cited = Cited(claim(0), (source(0), source(1)), "es", ("es", "es"))
        count = prepare(by, [cited])
        for _ in range(2):
            by.judge(claim(0), [source(0), source(1)], language="es", evidence_languages=["es", "es"])
        assert len(embedder.passages_seen) == len(set(embedder.passages_seen)) == count
        assert prepare(NoJudge(embedder.fingerprint), [cited]) == 0


def test_long_evidence_costs_a_dozen_sentences() -> None:
    """Of a long text the sentences with most of the sentence's words are embedded, in their order."""
    embedder = WordEmbedder(dimension=256, max_tokens=60)
    with Catalog(None) as store:
        reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
        text = " ".join(f"El párrafo {number} habla de jardines y de plantas." for number in range(60)) + " " + claim(0)
        (one,) = reader.pieces(Cited(claim(0), (text,), "es", ("es",)))
        assert len(one.sentences) == MOST
        assert one.sentences[-1] == claim(0)


def test_no_sentence_is_cut_off() -> None:
    """One that the encoder does not read whole is parted between words, and all of its words are embedded."""
    embedder = WordEmbedder(max_tokens=60)
    with Catalog(None) as store:
        reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
        text = " ".join(f"palabra{number}" for number in range(300)) + "."
        (one,) = reader.pieces(Cited("Palabra.", (text,), "es", ("es",)))
        assert " ".join(one.sentences) == text
        assert all(embedder.count_tokens(part) <= 60 for part in one.sentences)


def test_words_tell_nothing_across_languages() -> None:
    """Evidence in another language has cosines of its own, and of words only names and numbers."""
    embedder = WordEmbedder()
    with Catalog(None) as store:
        reader = EvidenceReader(embedder, CachedEmbedder(embedder, store))
        cited = Cited("La OMS contó 25 casos.", ("The OMS counted 25 cases.",), "es", ("en",))
        pieces, vectors = reader.read(cited)
        told = figures(cited.sentence, pieces, language="es", vectors=vectors, typical=())
        assert told["names_foreign"] == told["numbers_foreign"] == 1.0
        assert "share" not in told
        assert "best" not in told


def test_a_fit_without_other_languages_judges_none() -> None:
    """Where nobody taught it evidence in another language, such evidence is not checked, and the reason says so."""
    said = judge().judge("Synthetic data protect.", [source(0)], language="en", evidence_languages=["es"])
    assert (said.verdict, said.probability) == ("not_checked", None)
    assert "another language" in said.reason


@pytest.mark.parametrize(
    ("sentence", "evidence", "sign"),
    [
        pytest.param("El riesgo no aumentó.", "El riesgo aumentó en 2020.", "denies", id="denies"),
        pytest.param("El riesgo aumentó.", "El riesgo disminuyó en 2020.", "opposite", id="opposite"),
        pytest.param("Risk increased with age.", "El riesgo disminuyó con la edad.", "opposite", id="across languages"),
        pytest.param("El ministro dimitió.", "Es un bulo que el ministro dimitió.", "rejected", id="bulo"),
        pytest.param(
            "The minister left.", "There is no evidence that the minister left.", "rejected", id="no evidence"
        ),
    ],
)
def test_signs_speak_against_a_sentence(sentence: str, evidence: str, sign: str) -> None:
    """A denial, the other direction and a rejection are seen by form, and not where both say the same."""
    assert against(sentence, evidence, [evidence], nearness=0.5)[sign] > 0
    assert against(evidence, evidence, [evidence], nearness=0.5)[sign] <= 0


def test_verdicts_follow_the_cuts() -> None:
    """Below the lower cut unsupported, from the upper on supported, between them unclear and in part."""
    fitted = judge().fitted
    low, high = fitted.cuts
    assert 0 < low <= fitted.threshold <= high < 1
    assert verdict_of(fitted, low - 0.001) == "unsupported"
    assert verdict_of(fitted, high) == "supported"


class Says:
    """An NLI model with its answers ready, in turn."""

    def __init__(self, *answers: Entailment) -> None:
        self.answers = answers

    def judge(self, premises: Sequence[str], claim: str, *, languages: Sequence[str]) -> Sequence[Entailment]:
        """Return the answers."""
        del claim, languages
        return self.answers[: len(premises)]


def test_an_nli_model_joins_the_decision() -> None:
    """The mean of both, and never more than what its contradiction leaves."""
    assert joined(0.8, []) == 0.8
    assert joined(0.8, [Entailment(0.6, 0.1)]) == 0.7
    assert joined(0.9, [Entailment(0.05, 0.9)]) == pytest.approx(0.1)
    refuted = FittedJudge(judge().fitted, judge().reader, Says(Entailment(0.01, 0.98)))
    assert judged(claim(0), source(0), by=refuted)[0] == "unsupported"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        pytest.param(Entailment(0.9, 0.05), "supported", id="entailed"),
        pytest.param(Entailment(0.05, 0.9), "unsupported", id="contradicted"),
        pytest.param(Entailment(0.1, 0.1), "unsupported", id="neutral"),
        pytest.param(Entailment(0.4, 0.3), "unclear", id="undecided"),
    ],
)
def test_an_nli_model_alone_judges_by_its_likeliest_answer(said: Entailment, verdict: str) -> None:
    """An embedder without a fit does not keep it from judging."""
    assert judged(claim(0), source(0), by=NLIJudge(Says(said)))[0] == verdict


def test_what_cites_nothing_is_not_judged() -> None:
    """Neither supported nor unsupported: not checked."""
    assert judged(claim(0))[0] == "not_checked"
    assert judged(claim(0), by=NLIJudge(Says()))[0] == "not_checked"


SPANISH = (
    "Los datos sintéticos reproducen las propiedades estadísticas de los historiales clínicos. Así protegen la "
    "privacidad de los pacientes cuando los hospitales comparten información."
)
ENGLISH = (
    "Synthetic data reproduce the statistical properties of clinical records. They thus protect the privacy of "
    "patients when hospitals share information."
)
ELSEWHERE = "La cosecha de trigo dependió de las lluvias de abril. Los agricultores sembraron más tarde que otros años."


@pytest.mark.parametrize(
    ("evidence", "language", "verdict"),
    [
        pytest.param(SPANISH, "es", "supported", id="its own language"),
        pytest.param(ENGLISH, "en", "supported", id="another language"),
        pytest.param(ELSEWHERE, "es", "unsupported", id="something else"),
    ],
)
def test_the_bundled_encoder_comes_with_a_judge(
    bundled: BundledEmbedder, evidence: str, language: str, verdict: str
) -> None:
    """A Spanish sentence is judged by Spanish and by English evidence, and told from what is about something else."""
    sentence = "Los datos sintéticos protegen la privacidad de los pacientes cuando los hospitales comparten datos."
    with Catalog(None) as store:
        said = open_judge(bundled, store).judge(sentence, [evidence], language="es", evidence_languages=[language])
    assert said.verdict == verdict
