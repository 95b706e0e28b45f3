"""Words that a sentence takes over from a source: from one it does not cite, or to say of the topic what the source
says of something else.

A run of words that stands so in one sentence of a source is taken to come from there. Only languages with a list of
function words are judged, and a source's sentence that begins with "this" or "su" is not: what it speaks of stands
before it. Sentence, sources → reasons
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts.polarity import denial_in, may_deny
from rag.language import content_words, fold, say, sentence_spans, stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.records import Excerpt

RUN = 8
"""Words in a row that two sentences do not share by chance."""
CONTENT = 4
"""Words of these that carry content."""
NEAR = 4
"""Words before a run of which a negation bears on it."""
NAMED = 2
"""Content words of a subject at least: one may be a verb."""
SUBJECT = 6
"""Words of a subject at most: more are a clause."""
PUT_IN = 2
"""Words of the topic that stand where the source names something else."""
_NAME = re.compile(r"\b(?=\w*[A-ZÁÉÍÓÚÑ]\w*[A-ZÁÉÍÓÚÑ])\w+")
"""A name in capitals: LLMs, GPT, VIH."""
_REFERRING = re.compile(
    r"(?:est[aeo]s?|es[aeo]s?|aquel\w*|dich[oa]s?|ello|ellas?|ellos|el|su|sus|ambos|ambas|asi|tal|tales|lo"
    r"|this|these|those|that|it|its|they|their|he|she|his|her|such|both|here|there|we|our)\b"
)
_ARTICLE = re.compile(r"(?:el|lo)\s+(?!que\b|mismo\b|cual\b)")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A run of words of a sentence as it stands in a sentence of a source."""

    words: str
    source: str
    excerpt: Excerpt


def uncited(sentence: str, *, cited: Sequence[Excerpt], others: Sequence[Excerpt], language: str) -> Iterator[str]:
    """Find words that stand so in a source the sentence does not cite, and in none that it cites."""
    for key, words in lent(sentence, cited=cited, others=others, language=language):
        yield say(
            language,
            es=f"«{words}» son palabras de {key}, que no cita",
            en=f"“{words}” are words of {key}, which it does not cite",
        )
        return


def lent(
    sentence: str, *, cited: Sequence[Excerpt], others: Sequence[Excerpt], language: str
) -> Iterator[tuple[str, str]]:
    """Give the key of each source that the sentence takes words from and does not cite, with the words, which stand in
    none that it cites.
    """
    for taken in _runs(sentence, others, language):
        if not any(_flat(taken.words) in _flat(one.text) for one in cited):
            yield taken.excerpt.key, taken.words


def moved(sentence: str, *, sources: Sequence[Excerpt], topic: str, language: str) -> Iterator[str]:
    """Find words that their source says of something with a name of its own, which the sentence leaves out and puts two
    words of the topic in its place that the source's sentence does not hold.
    """
    said = set(stems(sentence, language))
    for taken in _runs(sentence, sources, language):
        before = _before(taken.words, taken.source)
        named = [name for name in _NAME.findall(before) if not (set(stems(name, language)) & said)]
        held = set(stems(taken.source, language))
        put_in = {stem for stem in stems(topic, language) if stem in said and stem not in held}
        if named and len(put_in) >= PUT_IN and not _refers(taken.source):
            yield say(
                language,
                es=f"la fuente lo dice de «{named[0]}», no de lo que dice la frase",
                en=f"its source says it of “{named[0]}”, not of what the sentence speaks of",
            )
            return


def renamed(sentence: str, *, sources: Sequence[Excerpt], language: str) -> Iterator[str]:
    """Find words that end their source's sentence and are said of something else than its subject, which is left out:
    something that its excerpt does not speak of.
    """
    said = set(stems(sentence, language))
    for taken in _runs(sentence, sources, language):
        subject, put_in = _before(taken.words, taken.source), _before(taken.words, sentence)
        lost, new = (set(stems(text, language)) for text in (subject, put_in))
        held = set(stems(f"{taken.excerpt.title}. {taken.excerpt.text}", language))
        if (
            _flat(taken.source).endswith(_flat(taken.words))
            and _may_be_subject(subject) and _may_be_subject(put_in)
            and len(lost) >= NAMED and new and not new & held and not lost & said
            and not _refers(taken.source)
        ):  # fmt: skip
            yield say(
                language,
                es=f"la fuente lo dice de «{subject.strip()}», no de «{put_in.strip()}»",
                en=f"its source says it of “{subject.strip()}”, not of “{put_in.strip()}”",
            )
            return


def undenied(sentence: str, *, sources: Sequence[Excerpt], language: str) -> Iterator[str]:
    """Find words that their source denies right before them, in a sentence that denies nothing."""
    for taken in _runs(sentence, sources, language):
        near = _before(taken.words, taken.source).split()[-NEAR:]
        before, after = sentence.split(taken.words, 1) if taken.words in sentence else (sentence, "")
        if denial_in(" ".join(near)) and not may_deny(before) and not may_deny(after):
            yield say(
                language,
                es=f"la fuente lo niega: «{' '.join(near)} {_short(taken.words)} …»",
                en=f"its source denies it: “{' '.join(near)} {_short(taken.words)} …”",
            )
            return


def _short(text: str) -> str:
    """Return the first words of a text."""
    return " ".join(text.split()[:NEAR])


def _may_be_subject(text: str) -> bool:
    return len(text.split()) <= SUBJECT and not re.search(r"[,;:]", text)


def _before(words: str, text: str) -> str:
    """Return what stands in a text before words that stand in it."""
    starts = [match.start() for match in re.finditer(r"\w+", text)]
    theirs, run = f" {_flat(text)} ", f" {_flat(words)} "
    return text[: starts[theirs[: theirs.find(run)].count(" ")]]


def _refers(sentence: str) -> bool:
    """Say whether a sentence begins by referring to one before it."""
    words = fold(sentence).lstrip("«“\"'¿¡( ")
    return _REFERRING.match(words) is not None and _ARTICLE.match(words) is None


def _runs(sentence: str, excerpts: Sequence[Excerpt], language: str) -> Iterator[_Taken]:
    """Give the longest run that the sentence shares with each source's sentences, where it is long enough."""
    words, mine = sentence.split(), _stretches(sentence)
    for excerpt in excerpts:
        if excerpt.language not in {"", language} or mine.isdisjoint(_stretches(excerpt.text)):
            continue
        for said in _sentences(excerpt.text, language):
            run = "" if mine.isdisjoint(_stretches(said)) else _longest(words, said)
            if len(run.split()) >= RUN and len(content_words(run, language)) >= CONTENT:
                yield _Taken(run, said, excerpt)


def _longest(words: Sequence[str], said: str) -> str:
    """Return the longest run of the words that stands in the text said, without outer punctuation."""
    theirs, best, start = _flat(said), "", 0
    for end in range(1, len(words) + 1):
        while start < end and f" {_flat(' '.join(words[start:end]))} " not in f" {theirs} ":
            start += 1
        run = " ".join(words[start:end])
        best = max(best, run, key=lambda one: len(one.split()))
    return best.strip(' .,;:…»”")(«“')


@lru_cache(maxsize=4096)
def _stretches(text: str) -> frozenset[str]:
    """Return every `RUN` words in a row of a text: what shares none of them shares no run, and that is told at once."""
    words = _flat(text).split()
    return frozenset(" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


@lru_cache(maxsize=4096)
def _flat(text: str) -> str:
    """Return the words of a text alone, folded."""
    return " ".join(re.findall(r"\w+", fold(text)))


@lru_cache(maxsize=4096)
def _sentences(text: str, language: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text, language))
