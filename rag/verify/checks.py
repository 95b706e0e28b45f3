"""Every sentence against what it cites, without a model: keys, quotations, figures, dates, units, names, denials.

Sentence and excerpts -> the sentence with its verdict, and findings; the author's text -> sentences with citations on
offer. It sees whether what is printed stands in the source and is plainly contradicted there, not whether the sentence
means what the source means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.facts.alignment import Passage
from rag.facts.borrowed import moved, renamed, uncited, undenied
from rag.facts.compare import containment, find_quote, find_words, same_statement
from rag.facts.contradictions import (
    absent_names,
    denials,
    overstatements,
    reversals,
    wrong_units,
)
from rag.facts.quantities import dates
from rag.facts.stated import stated
from rag.facts.units import Measure, is_loose, measures, misfits
from rag.language import count_words, detect, fold, function_words, say, sentence_spans
from rag.outline import without_markers
from rag.records import Check, Coverage, Excerpt, Finding, Sentence, Verdict
from rag.verify.bearing import Cited
from rag.verify.support import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rag.records import CheckedSection
    from rag.verify.support import Judge

__all__ = [
    "Checked", "check_author", "check_sentence", "containment", "coverage", "find_quote", "judge_meaning",
    "same_statement",
]  # fmt: skip

_HINGE_WORDS = 10  # a sentence without citation may be this long, if it names and counts nothing
_PRINTED_QUOTE_WORDS = 4  # fewer words in quotation marks are a term, not a quotation
_TELLING_WORDS = 6  # fewer words may be a name or a title in any language
_OFFERS = 3
_PRINTED = re.compile(r"«([^»]+)»|“([^”]+)”|\"([^\"]+)\"")
_ATTRIBUTED = re.compile(r"(?:(?P<lead>.*?:)\s*)?[«“\"](?P<words>.+)[»”\"][.\s]*", re.DOTALL)
_ATTRIBUTION = re.compile(
    r"\d+|segun|de|del|acuerdo|con|una?|el|la|en|y|e|et|al|otros|fuente|texto|documento|articulo|informe|estudio|extracto"
    r"|sin|fecha|titulo|titulado|publicad[oa]|fechad[oa]|ingles|espanol|frances|portugues|aleman|italiano"
    r"|according|to|an?|the|of|from|in|and|others|source|text|document|article|report|study|excerpt|dated|undated"
    r"|untitled|published|english|spanish|french|portuguese|german|italian"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with its verdict and reason, and what the checks found in it; `judged` says that the verdict is one on
    its meaning, which can be wrong.
    """

    sentence: Sentence
    findings: tuple[Finding, ...] = ()
    judged: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence with the excerpts it cites. `own` is its text without the words that stand so in one of them."""

    sentence: Sentence
    excerpts: Mapping[str, Excerpt]
    cited: tuple[Excerpt, ...]
    language: str
    own: str
    known: tuple[str, ...] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What it cites, with its language: the sentence's own where it could not be told."""
        return tuple(Passage(each.text, each.language or self.language) for each in self.cited)

    @property
    def held(self) -> tuple[Measure, ...]:
        """The figures that any excerpt cited gives, or its source, with their units."""
        return tuple(measure for each in self.cited for measure in stated(each).figures)


def check_sentence(
    sentence: Sentence, *, section: str, excerpts: Mapping[str, Excerpt], language: str, known: Sequence[str] = ()
) -> Checked:
    """Check a written sentence against the excerpts it cites, by key.

    Citations whose key leads nowhere are dropped from the sentence; the finding stays. They make it unsupported only
    where no other key is left. Names in `known`, such as the topic's, need not stand in what is cited.
    """
    held = tuple(citation for citation in sentence.citations if citation.key in excerpts)
    cited = tuple(excerpts[key] for key in dict.fromkeys(citation.key for citation in held))
    claim = _Claim(sentence, excerpts, cited, language, _own_words(sentence, cited), tuple(known))
    found = [
        Finding(section, sentence.text, name, verdict, reason)
        for name, verdict, check in _CHECKS
        for reason in check(claim)
    ]
    verdict, reason = _verdict(claim, [finding for finding in found if finding.check != "key" or not cited])
    return Checked(replace(sentence, citations=held, verdict=verdict, reason=reason), tuple(found))


def judge_meaning(
    checked: Sequence[Checked], judge: Judge, *, section: str, excerpts: Mapping[str, Excerpt], language: str
) -> tuple[Checked, ...]:
    """Ask a judge whether meaning is carried, of the sentences that no check settled; what it needs is embedded at
    once.
    """
    asked = {
        row: _cited(one.sentence, excerpts, language)
        for row, one in enumerate(checked)
        if one.sentence.verdict == "not_checked" and one.sentence.citations
    }
    prepare(judge, asked.values())
    return tuple(_judged(one, asked[row], judge, section) if row in asked else one for row, one in enumerate(checked))


def _cited(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Cited:
    """Return a sentence with the texts it cites, each once."""
    held = [excerpts[key] for key in dict.fromkeys(citation.key for citation in sentence.citations)]
    texts, tongues = tuple(each.text for each in held), tuple(each.language or language for each in held)
    return Cited(sentence.text, texts, language, tongues)


def _judged(checked: Checked, cited: Cited, judge: Judge, section: str) -> Checked:
    """Return a sentence with the judge's verdict, and what is to be told of it: that it is not carried, and citations
    that are of no use beside the others.
    """
    sentence, language = checked.sentence, cited.language
    said = judge.judge(cited.sentence, cited.evidence, language=language, evidence_languages=cited.evidence_languages)
    doubts: list[tuple[Verdict, str]] = []
    if said.verdict in {"unsupported", "partly", "unclear"}:
        doubts.append((said.verdict, said.reason))
    keys = list(dict.fromkeys(citation.key for citation in sentence.citations))
    idle = [key for key, useful in zip(keys, said.useful, strict=True) if not useful]
    if said.carried and idle and len(idle) < len(keys):
        named = ", ".join(idle)
        doubts.append(("unclear", say(language, es=f"no aporta nada: {named}", en=f"carries nothing: {named}")))
    findings = [Finding(section, sentence.text, "meaning", *doubt) for doubt in doubts]
    judged = replace(sentence, verdict=said.verdict, reason=said.reason)
    return Checked(judged, (*checked.findings, *findings), judged=True)


def check_author(text: str, *, excerpts: Sequence[Excerpt], language: str) -> tuple[Checked, ...]:
    """Part the author's text into its sentences, unaltered, and offer each the keys of sources that say the same.

    At most three keys, the nearest first, one for each source.
    """
    sentences = (text[start:end] for start, end in sentence_spans(text, language))
    return tuple(Checked(_author_sentence(words, excerpts, language)) for words in sentences if count_words(words))


def section_words(section: CheckedSection) -> int:
    """Count a section's words: the author's and the written sentences."""
    prose = (without_markers(one.text) if one.kind == "author" else one.text for one in section.written)
    return count_words(section.heading.author_text) + sum(map(count_words, prose))


def coverage(sentences: Iterable[Sentence]) -> Coverage:
    """Count how far the checks saw."""
    everything = tuple(sentences)
    rest = [sentence for sentence in everything if sentence.verdict != "verbatim"]
    checkable = [sentence for sentence in rest if sentence.citations and sentence.verdict != "not_checkable"]
    checked = [sentence for sentence in checkable if sentence.verdict != "not_checked"]
    supported = [sentence for sentence in checked if sentence.verdict == "supported"]
    return Coverage(len(everything), len(everything) - len(rest), len(checkable), len(checked), len(supported))


def _unknown_keys(claim: _Claim) -> Iterator[str]:
    """Find keys that lead to no excerpt."""
    keys = dict.fromkeys(citation.key for citation in claim.sentence.citations)
    if unknown := ", ".join(key for key in keys if key not in claim.excerpts):
        yield say(claim.language, es=f"no llevan a ningún extracto: {unknown}", en=f"leads to no excerpt: {unknown}")


def _uncited(claim: _Claim) -> Iterator[str]:
    """Find a claim without any citation."""
    if not claim.sentence.citations and _claims_something(claim.sentence.text, claim.language):
        yield say(claim.language, es="afirma algo y no cita nada", en="it makes a claim and cites nothing")


def _missing_quotes(claim: _Claim) -> Iterator[str]:
    """Find quotations, declared or printed, that do not stand in what is cited for them."""
    declared = [
        citation.quote
        for citation in claim.sentence.citations
        if citation.key in claim.excerpts
        and citation.quote
        and not find_quote(citation.quote, claim.excerpts[citation.key].text)
    ]
    printed = _printed_quotes(claim.own) if claim.cited else ()
    for words in dict.fromkeys((*declared, *printed)):
        yield say(
            claim.language,
            es=f"la cita «{words}» no está así en el extracto, o es demasiado corta",
            en=f"the quotation “{words}” does not stand so in the excerpt, or is too short",
        )


def _missing_numbers(claim: _Claim) -> Iterator[str]:
    """Find figures outside quotations that no excerpt cited states, nor its source, whatever the unit."""
    held = [stated(excerpt) for excerpt in claim.cited]
    figures = measures(claim.own, claim.language)
    misfitting = misfits(figures, claim.held)
    for one in figures:
        if held and not is_loose(one) and one not in misfitting and not any(each.holds_figure(one) for each in held):
            words = one.quantity.text.strip()
            yield say(
                claim.language, es=f"la cifra «{words}» no está en lo que cita", en=f"no source cited says “{words}”"
            )


def _missing_dates(claim: _Claim) -> Iterator[str]:
    """Find dates outside quotations that no excerpt cited states, and that are no source's own."""
    held = [stated(excerpt) for excerpt in claim.cited]
    for mention in dates(claim.own, claim.language):
        if held and not any(each.holds_date(mention) for each in held):
            yield say(
                claim.language,
                es=f"la fecha «{mention.text}» no está en lo que cita",
                en=f"no source cited gives the date “{mention.text}”",
            )


def _wrong_units(claim: _Claim) -> Iterator[str]:
    """Find figures that stand in what is cited with another unit only."""
    return wrong_units(claim.own, claim.language, claim.held)


def _absent_names(claim: _Claim) -> Iterator[str]:
    """Find names that stand neither in what is cited, nor in what is known of its sources, nor in the topic."""
    sources = (each.source for each in claim.cited)
    told = [part for source in sources for part in (source.title, *source.authors, source.journal)]
    return absent_names(claim.own, claim.language, claim.passages, (*told, *claim.known))


def _denials(claim: _Claim) -> Iterator[str]:
    """Find a negation that only the sentence has, or only what it cites."""
    return denials(claim.own, claim.language, claim.passages)


def _reversals(claim: _Claim) -> Iterator[str]:
    """Find a direction that is the other way in what is cited."""
    return reversals(claim.own, claim.language, claim.passages)


def _overstatements(claim: _Claim) -> Iterator[str]:
    """Find what is only supposed in what is cited, and asserted here."""
    return overstatements(claim.own, claim.language, claim.passages)


def _borrowed_uncited(claim: _Claim) -> Iterator[str]:
    """Find words of a source that is not cited."""
    others = [each for each in claim.excerpts.values() if each not in claim.cited]
    return uncited(claim.own, cited=claim.cited, others=others if claim.cited else (), language=claim.language)


def _moved(claim: _Claim) -> Iterator[str]:
    """Find words that their source says of something else than the topic."""
    topic = claim.known[0] if claim.known else ""
    return moved(claim.own, sources=tuple(claim.excerpts.values()), topic=topic, language=claim.language)


def _undenied(claim: _Claim) -> Iterator[str]:
    """Find words that what is cited denies."""
    return undenied(claim.own, sources=claim.cited, language=claim.language)


def _renamed(claim: _Claim) -> Iterator[str]:
    """Find words that what is cited says of another subject."""
    return renamed(claim.own, sources=claim.cited, language=claim.language)


def _other_language(claim: _Claim) -> Iterator[str]:
    """Find a sentence in another language than the text's; what it quotes may be in any."""
    words = _PRINTED.sub(" ", claim.own)
    found = function_words(words)
    if found and found != claim.language and count_words(words) >= _TELLING_WORDS and detect(words) == found:
        yield say(claim.language, es=f"está en otro idioma ({found})", en=f"it is in another language ({found})")


_CHECKS: tuple[tuple[Check, Verdict, Callable[[_Claim], Iterator[str]]], ...] = (
    ("key", "unsupported", _unknown_keys),
    ("key", "unsupported", _borrowed_uncited),
    ("uncited", "unsupported", _uncited),
    ("quote", "unsupported", _missing_quotes),
    ("number", "unsupported", _missing_numbers),
    ("date", "unsupported", _missing_dates),
    ("language", "unsupported", _other_language),
    ("unit", "unsupported", _wrong_units),
    ("name", "unsupported", _absent_names),
    ("negation", "unsupported", _denials),
    ("negation", "unsupported", _undenied),
    ("meaning", "unsupported", _reversals),
    ("meaning", "unsupported", _moved),
    ("meaning", "partly", _overstatements),
    ("meaning", "partly", _renamed),
)


def _verdict(claim: _Claim, findings: Sequence[Finding]) -> tuple[Verdict, str]:
    """Return the verdict that follows from what was found, and its reason for the reader."""
    if findings:
        worst: Verdict = "unsupported" if any(one.verdict == "unsupported" for one in findings) else "partly"
        return worst, "; ".join(one.reason for one in findings)
    if not claim.sentence.citations:
        return "not_checkable", say(claim.language, es="no afirma nada que citar", en="it claims nothing to be cited")
    if _is_verbatim(claim):
        return "verbatim", say(claim.language, es="palabras de la fuente", en="the source's own words")
    return "not_checked", say(
        claim.language,
        es="claves, citas, cifras, fechas, unidades y nombres están en lo que cita; el sentido no se ha comprobado",
        en="keys, quotations, figures, dates, units and names stand in what it cites; its meaning has not been checked",
    )


def _is_verbatim(claim: _Claim) -> bool:
    """Say whether the sentence is an excerpt's own words, alone or after "Según …:" and nothing else."""
    if not claim.own:
        return True
    match = _ATTRIBUTED.fullmatch(claim.sentence.text)
    return match is not None and any(
        find_words(match["words"], excerpt.text) and _attributes(match["lead"] or "", excerpt, claim.language)
        for excerpt in claim.cited
    )


def _attributes(lead: str, excerpt: Excerpt, language: str) -> bool:
    """Say whether a lead-in names the source and says nothing else."""
    described = " ".join((excerpt.title, *excerpt.authors, excerpt.date.text, format_date(excerpt.date, language)))
    known = set(re.findall(r"\w+", fold(described)))
    return all(word in known or _ATTRIBUTION.fullmatch(word) for word in re.findall(r"\w+", fold(lead)))


def _own_words(sentence: Sentence, cited: Sequence[Excerpt]) -> str:
    """Return the sentence's text without what stands in an excerpt cited: all of it, or the quotations printed."""
    if any(find_words(sentence.text, excerpt.text) for excerpt in cited):
        return ""

    def kept(match: re.Match[str]) -> str:
        words = next(filter(None, match.groups()))
        return " " if any(_says(excerpt, words) for excerpt in cited) else match[0]

    return _PRINTED.sub(kept, sentence.text)


def _says(excerpt: Excerpt, words: str) -> bool:
    """Say whether the words in quotation marks are the excerpt's, or its source's title or date as found."""
    names = [name for name in (excerpt.title, excerpt.date.text) if name]
    return find_quote(words, excerpt.text) is not None or any(find_words(words, name) for name in names)


def _printed_quotes(text: str) -> Iterator[str]:
    """Give the words in quotation marks that are long enough to be a quotation."""
    for match in _PRINTED.finditer(text):
        words = next(filter(None, match.groups()))
        if count_words(words) >= _PRINTED_QUOTE_WORDS:
            yield words


def _claims_something(text: str, language: str) -> bool:
    """Say whether a sentence counts, dates or names something, or is too long for a hinge."""
    words = re.findall(r"[^\W\d_]\w*", text)
    return (
        count_words(text) > _HINGE_WORDS
        or any(character.isdigit() for character in text)
        or any(word[0].isupper() for word in words[1:])
        or any(not is_loose(found) for found in measures(text, language))
    )


def _author_sentence(words: str, excerpts: Sequence[Excerpt], language: str) -> Sentence:
    """Return a sentence of the author's with the keys it could cite."""
    offers = _offers(words, excerpts, language)
    reason = (
        say(language, es="una fuente dice casi lo mismo: puede citarse", en="a source says nearly the same: cite it")
        if offers
        else say(language, es="del autor; no se ha comprobado", en="the author's own; not checked")
    )
    return Sentence(words, kind="author", reason=reason, offers=offers)


def _offers(words: str, excerpts: Sequence[Excerpt], language: str) -> tuple[str, ...]:
    """Return the keys of the excerpts that say the same, the nearest first, one for each source."""
    nearness: dict[str, float] = {}
    for excerpt in excerpts:
        if excerpt.language in ("", language):
            spans = sentence_spans(excerpt.text, language)
            said = [excerpt.text[start:end] for start, end in spans]
            near = [
                containment(words, s, language=language) for s in said if same_statement(words, s, language=language)
            ]
            if near:
                nearness[excerpt.key] = round(max(near), 6)
    sources = {excerpt.key: excerpt.source.id for excerpt in excerpts}
    ranked = sorted(nearness, key=lambda key: (-nearness[key], key))
    best = {sources[key]: key for key in reversed(ranked)}
    return tuple(key for key in ranked if best[sources[key]] == key)[:_OFFERS]
