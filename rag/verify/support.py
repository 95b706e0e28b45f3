"""A sentence and the pieces of evidence it cites → whether they carry its meaning: all together, and each.

Figures of the evidence (`bearing`) go into a model fitted for the embedder (`rag.fitted`); an NLI model, where one
is configured, joins in. An embedder that nobody fitted judges nothing: a cosine of one means nothing in another.
What it tells is what ALCE asks (Gao et al. 2023, arXiv 2305.14627): whether the citations together carry the sentence
(recall), and whether each is of use (precision).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.embed import CachedEmbedder
from rag.fitted import Fitted, read_fit
from rag.language import say
from rag.verify.bearing import FOREIGN, Cited, EvidenceReader, figures, nearness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rag.embed import Embedder, VectorStore
    from rag.records import Verdict
    from rag.verify.nli import Entailment

PURPOSE = "support"
SHOWN = 160
"""Characters of a source's sentence that a reason shows."""
_HALF = 0.5
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Support:
    """What is judged of a sentence: how likely its citations carry it together, and each alone, 0 to 1.

    `useful` says of each citation whether it carries the sentence alone, or the others do not carry it without it: the
    share of these is ALCE's citation precision, `carried` its recall. A probability is None where none was judged.
    """

    probability: float | None
    each: tuple[float | None, ...]
    useful: tuple[bool, ...]
    verdict: Verdict
    reason: str

    @property
    def carried(self) -> bool:
        """Whether the citations together carry the sentence."""
        return self.verdict == "supported"


class Judge(Protocol):
    """Judges whether pieces of evidence carry a sentence."""

    def judge(
        self, sentence: str, evidence: Sequence[str], *, language: str, evidence_languages: Sequence[str]
    ) -> Support:
        """Judge a sentence by what it cites; one language for each piece of evidence."""


class Entailer(Protocol):
    """Judges premises by reading each together with the claim."""

    def judge(self, premises: Sequence[str], claim: str, *, languages: Sequence[str]) -> Sequence[Entailment]:
        """Return what each premise says of the claim."""


@dataclass(frozen=True, slots=True)
class FittedJudge:
    """Judges by a model fitted for the embedder, and an NLI model where there is one.

    The NLI model joins so: the mean of both probabilities, and never more than its probability that the evidence which
    says most on the sentence does not contradict it.
    """

    fitted: Fitted
    reader: EvidenceReader
    nli: Entailer | None = None

    def judge(
        self, sentence: str, evidence: Sequence[str], *, language: str, evidence_languages: Sequence[str]
    ) -> Support:
        """Judge a sentence by what it cites. Evidence added never makes it less likely to be carried."""
        if not evidence:
            return not_checked(0, say(language, es="no cita nada", en="it cites nothing"))
        if self._blind(language, evidence_languages):
            return not_checked(len(evidence), _blind_reason(language))
        cited = Cited(sentence, tuple(evidence), language, tuple(evidence_languages))
        pieces, vectors = self.reader.read(cited)
        said = self.nli.judge(evidence, sentence, languages=evidence_languages) if self.nli else ()

        def likely(*places: int) -> float:
            """Return how likely these pieces carry the sentence: together, or one of them alone."""
            if not places:
                return 0.0
            chosen = [pieces[place] for place in places]
            told = figures(sentence, chosen, language=language, vectors=vectors, typical=self.fitted.typical)
            together = joined(self.fitted.probability(told), [said[place] for place in places] if said else [])
            return max(together, *map(likely, places)) if len(places) > 1 else together

        likelihoods = _Likelihoods.of(likely, len(pieces))
        near = nearness(sentence, pieces, vectors=vectors, typical=self.fitted.typical).one
        verdict = verdict_of(self.fitted, likelihoods.whole)
        reason = _reason(verdict, near, likelihoods.whole, language)
        return likelihoods.support(self.fitted.threshold, verdict, reason)

    def _blind(self, language: str, evidence_languages: Sequence[str]) -> bool:
        """Say whether all evidence is in other languages and the fit was made without such."""
        taught = any(name.endswith(FOREIGN) for name in self.fitted.features)
        return not taught and all(other != language for other in evidence_languages)


@dataclass(frozen=True, slots=True)
class NLIJudge:
    """Judges by an NLI model alone, where the embedder has no fit: by the likeliest of its three answers."""

    nli: Entailer

    def judge(
        self, sentence: str, evidence: Sequence[str], *, language: str, evidence_languages: Sequence[str]
    ) -> Support:
        """Judge a sentence by what it cites."""
        if not evidence:
            return not_checked(0, say(language, es="no cita nada", en="it cites nothing"))
        said = self.nli.judge(evidence, sentence, languages=evidence_languages)
        likelihoods = _Likelihoods.of(lambda *places: max((said[p].entails for p in places), default=0.0), len(said))
        contradicts = max(said, key=lambda one: one.decided).contradicts
        whole = likelihoods.whole
        verdict: Verdict = "supported" if whole >= _HALF else "unclear"
        if whole < _HALF and (contradicts >= _HALF or 1 - whole - contradicts >= _HALF):
            verdict = "unsupported"
        return likelihoods.support(_HALF, verdict, _nli_reason(whole, contradicts, language))


@dataclass(frozen=True, slots=True)
class NoJudge:
    """Judges nothing, and says why: nobody fitted the embedder."""

    fingerprint: str

    def judge(
        self, sentence: str, evidence: Sequence[str], *, language: str, evidence_languages: Sequence[str]
    ) -> Support:
        """Return "not checked"."""
        del sentence, evidence_languages
        reason = say(
            language,
            es=f"el sentido no se ha comprobado: nadie ha ajustado el codificador {self.fingerprint}",
            en=f"its meaning has not been checked: nobody fitted the encoder {self.fingerprint}",
        )
        return not_checked(len(evidence), reason)


@dataclass(frozen=True, slots=True)
class _Likelihoods:
    """How likely the pieces carry a sentence: all, each alone, and all but each."""

    whole: float
    each: tuple[float, ...]
    without: tuple[float, ...]

    @classmethod
    def of(cls, likely: Callable[..., float], count: int) -> _Likelihoods:
        places = range(count)
        return cls(
            likely(*places),
            tuple(likely(place) for place in places),
            tuple(likely(*(other for other in places if other != place)) for place in places),
        )

    def support(self, threshold: float, verdict: Verdict, reason: str) -> Support:
        useful = tuple(
            alone >= threshold or self.whole >= threshold > rest
            for alone, rest in zip(self.each, self.without, strict=True)
        )
        return Support(self.whole, self.each, useful, verdict, reason)


def open_judge(embedder: Embedder, store: VectorStore, *, nli: Entailer | None = None) -> Judge:
    """Return the judge for an embedder: by its fit, else by the NLI model alone, else one that judges nothing."""
    fitted = read_fit(PURPOSE, embedder.fingerprint)
    if fitted:
        return FittedJudge(fitted, EvidenceReader(embedder, CachedEmbedder(embedder, store)), nli)
    return NLIJudge(nli) if nli else NoJudge(embedder.fingerprint)


def prepare(judge: Judge, many: Iterable[Cited]) -> int:
    """Embed ahead what judging these sentences needs, much faster than one by one; return how many texts that are."""
    return len(judge.reader.prepare(many)) if isinstance(judge, FittedJudge) else 0


def verdict_of(fitted: Fitted, probability: float) -> Verdict:
    """Return the verdict on a probability: the fit's cuts part unsupported, what is in doubt, and supported.

    In doubt, what is likelier carried than not is carried in part, and the rest is unclear.
    """
    low, high = fitted.cuts or (fitted.threshold, fitted.threshold)
    if probability >= high:
        return "supported"
    if probability < low:
        return "unsupported"
    return "partly" if probability >= fitted.threshold else "unclear"


def joined(probability: float, said: Sequence[Entailment]) -> float:
    """Join the fit's probability with what an NLI model says of the pieces; unchanged where it was not asked."""
    if not said:
        return probability
    contradicts = max(said, key=lambda one: one.decided).contradicts
    return round(min((probability + max(one.entails for one in said)) / 2, 1 - contradicts), _DECIMALS)


def not_checked(citations: int, reason: str) -> Support:
    """Return that nothing was judged, and why. No citation is called useless."""
    return Support(None, (None,) * citations, (True,) * citations, "not_checked", reason)


def _blind_reason(language: str) -> str:
    return say(
        language,
        es="el sentido no se ha comprobado: el ajuste del codificador se hizo sin pruebas en otra lengua",
        en="its meaning has not been checked: the encoder's fit was made without evidence in another language",
    )


def _reason(verdict: Verdict, near: str, probability: float, language: str) -> str:
    """Return what the source says that is nearest, with how likely the sentence is carried."""
    number = say(language, es=f"{probability:.2f}".replace(".", ","), en=f"{probability:.2f}")
    if len(near) > SHOWN:
        near = near[:SHOWN].rsplit(" ", 1)[0] + " …"
    lead_es = {"supported": "lo dice la fuente", "partly": "en parte; lo más parecido que dice la fuente"}
    lead_en = {"supported": "the source says so", "partly": "in part; the nearest the source says"}
    return say(
        language,
        es=f"{lead_es.get(verdict, 'lo más parecido que dice la fuente')}: «{near}» ({number})",
        en=f"{lead_en.get(verdict, 'the nearest the source says')}: “{near}” ({number})",
    )


def _nli_reason(entails: float, contradicts: float, language: str) -> str:
    shown = [f"{100 * share:.0f}" for share in (entails, contradicts)]
    return say(
        language,
        es=f"según el modelo de inferencia, se sigue de la fuente: {shown[0]} %; la contradice: {shown[1]} %",
        en=f"by the inference model, it follows from the source: {shown[0]} %; contradicts it: {shown[1]} %",
    )
