"""A writer's sentences → sentences fit to print, by rule: what is copied cites what it copies, what speaks for its
source's authors is quoted as theirs or, reworded, left out, and so is what is said already.

Rewrites no sentence and judges no support: that is `rag.verify`'s.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.facts.borrowed import lent
from rag.facts.compare import ends_at_cut, find_quote, same_statement
from rag.language import count_words, say
from rag.outline import author_says
from rag.records import Citation, Draft, Finding, Sentence
from rag.sentences import LONGEST, SHORTEST, addresses_reader, is_whole, speaks_for_authors
from rag.statements import attribution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.records import Brief, Check, Excerpt, Verdict


_TASK = re.compile(
    r"\b(?:the author['’]s text|el texto del autor|excerpts? (?:it|they) rests? on|extractos? en que se apoya"
    r"|(?:in|to|of|with) your (?:reply|response|answer|output)|(?:en|a|de|con) tu (?:respuesta|salida))\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")


def quotation(excerpt: Excerpt, words: str, *, language: str) -> Sentence:
    """Return words of an excerpt as one attributed quotation, without their final period."""
    words = words.removesuffix(".")
    lead = attribution(excerpt.source, language=language)
    marked = say(language, es=f"«{words}»", en=f"“{words}”")
    return Sentence(f"{lead}: {marked}.", citations=(Citation(excerpt.key, quote=words),))


def edit(
    brief: Brief, drafts: Sequence[Draft], excerpts: Mapping[str, Excerpt]
) -> tuple[tuple[Draft, ...], tuple[Finding, ...]]:
    """Return the drafts fit to print, and findings: what was left out, and copies that cited what they are not from."""
    language = brief.language
    said = list(author_says(brief))
    edited: list[Draft] = []
    findings: list[Finding] = []
    for heading, draft in zip(brief.headings, drafts, strict=True):
        kept: list[Sentence] = []
        for sentence in draft.sentences:
            voiced = _in_its_voice(sentence, excerpts, language)
            if fault := _fault(sentence.text, voiced.text, said, excerpts, language):
                findings.append(Finding(heading.title, sentence.text, *fault))
                continue
            said.append(sentence.text)
            findings += _miscited(heading.title, sentence, voiced, excerpts, language)
            kept.append(voiced)
        edited.append(replace(draft, sentences=tuple(kept)))
    return tuple(edited), tuple(findings)


def _fault(
    text: str, voiced: str, said: Sequence[str], excerpts: Mapping[str, Excerpt], language: str
) -> tuple[Check, Verdict, str] | None:
    """Return by which check, with which verdict and why a sentence is left out; None where it may stand."""
    if any(same_statement(text, other, language=language) for other in said):
        return "repeat", "not_checked", say(language, es="ya está dicho en el texto", en="the text says so already")
    if any(one.cut and ends_at_cut(text, one.text) for one in excerpts.values()):
        return "quote", "unsupported", say(language, es="su fuente está cortada ahí", en="its source is cut off there")
    if _copies_an_address(text, excerpts, language):  # a copy is not written anew
        told = say(language, es="habla al lector de su fuente", en="it speaks to its source's own reader")
        return "meaning", "not_checked", told
    if _copies_a_fragment(text, excerpts, language):
        told = say(language, es="copia lo que no es una frase entera", en="it copies what is no whole sentence")
        return "meaning", "not_checked", told
    if _speaks_of_task(text, excerpts):
        reason = say(language, es="habla de lo que se le pidió, no del tema", en="it speaks of its own task")
    elif speaks_for_authors(_QUOTATION.sub("", voiced), language=language):
        reason = say(language, es="habla por los autores de su fuente", en="it speaks for its source's authors")
    else:
        return None
    return "meaning", "unsupported", reason


def _speaks_of_task(text: str, excerpts: Mapping[str, Excerpt]) -> bool:
    """Say whether a sentence names an excerpt by its key, or what only the writer's instructions speak of."""
    plain = _QUOTATION.sub("", text)
    return _TASK.search(plain) is not None or any(word in excerpts for word in re.findall(r"[a-z2-7]{6,}", plain))


def _copies_an_address(text: str, excerpts: Mapping[str, Excerpt], language: str) -> bool:
    """Say whether a sentence speaks to a reader, or asks, in words that are its source's: "Imagine that …"."""
    plain = _QUOTATION.sub("", text)
    asks = plain.endswith("?")
    return any(
        (asks or addresses_reader(plain, language=one.language or language))
        and find_quote(plain.rstrip(".:?").lstrip("¿"), one.text)
        for one in excerpts.values()
    )


def _copies_a_fragment(text: str, excerpts: Mapping[str, Excerpt], language: str) -> bool:
    """Say whether a sentence copies a list's item or another piece without a verb."""
    if not SHORTEST <= count_words(text) <= LONGEST:
        return False
    return any(
        not is_whole(text, language=one.language or language) and find_quote(text.rstrip(".:"), one.text)
        for one in excerpts.values()
    )


def _miscited(
    section: str, before: Sentence, after: Sentence, excerpts: Mapping[str, Excerpt], language: str
) -> tuple[Finding, ...]:
    """Tell of a copied sentence whose writer cited another source for it, or none that exists; and of a source cited
    now because its words are there.
    """
    named, true = [citation.key for citation in before.citations], [citation.key for citation in after.citations]
    if true[: len(named)] == named and (added := true[len(named) :]):
        reason = say(
            language,
            es=f"toma palabras de {added[0]}, que no citaba: se añade",
            en=f"takes words of {added[0]}, which it did not cite: added",
        )
        return (Finding(section, before.text, "key", "verbatim", reason),)
    if named == true or (all(key in excerpts for key in named) and set(true) <= set(named)):
        return ()
    told = ", ".join(named) or "–"
    reason = say(language, es=f"copiada de {true[0]}; citaba {told}", en=f"copied from {true[0]}; it cited {told}")
    return (Finding(section, before.text, "key", "verbatim", reason),)


def _in_its_voice(sentence: Sentence, excerpts: Mapping[str, Excerpt], language: str) -> Sentence:
    """Let a copied sentence cite the excerpt it is copied from, whatever the writer said, and quote it where it speaks
    for its source's authors.
    """
    cited = [excerpts[citation.key] for citation in sentence.citations if citation.key in excerpts]
    words = sentence.text.rstrip(".")
    origin = next((one for one in (*cited, *excerpts.values()) if find_quote(words, one.text)), None)
    if origin is None:
        return _with_lenders(sentence, cited, excerpts, language)
    tongue = origin.language or language
    if tongue != language or speaks_for_authors(sentence.text, language=tongue):
        return quotation(origin, sentence.text, language=language)
    return replace(sentence, citations=(Citation(origin.key),))


def _with_lenders(
    sentence: Sentence, cited: Sequence[Excerpt], excerpts: Mapping[str, Excerpt], language: str
) -> Sentence:
    """Let a sentence cite also the first source whose words it takes in a row, where it cites another for them."""
    others = [one for one in excerpts.values() if one not in cited]
    taken = lent(_QUOTATION.sub("", sentence.text), cited=cited, others=others, language=language) if cited else ()
    added = (Citation(key) for key, _ in taken)
    return replace(sentence, citations=(*sentence.citations, *itertools.islice(added, 1)))
