"""Texts → their key phrases, told by the words' endings and neighbours: no model, no list of terms. Spanish, English.

A *phrase* is what can stand as a heading or be typed into a search engine: a noun with what belongs to it. Candidates
are scored by C-value (Frantzi, Ananiadou & Mima 2000) in the form that admits single words (Barrón-Cedeño, Sierra,
Drouin & Ananiadou 2009, made for Spanish), times their rarity in the corpus at large. Knows no excerpts or headings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from rag.language import content_words, fold, sentence_spans, stems
from rag.plan.wordlists import (
    AFTER_NOUN,
    AFTER_VERB,
    BEFORE_NOUN,
    BEFORE_VERB,
    CLOSING,
    COMMON,
    DOUBTFUL,
    NO_END,
    NO_NOUN,
    NOUN,
    OPENING,
    PARTING,
    PLACES,
)
from rag.sentences import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_WORDS = 4
"""Content words of a phrase at most: longer ones are sentences without a verb."""
LONGEST_WORD = 40
"""Letters of a word at most: longer ones are codes and addresses."""
MOST_WORDS_ONCE = 2
"""Content words of a phrase seen only once at most: only what returns shows that longer ones belong together."""
SINGLE = 0.5
"""A single word's weight, against log2(1 + n) for n words: it is rarely what one would search for."""
DECIMALS = 6
"""Scores are rounded before ranking."""

_TOKEN = re.compile(r"\S*(?:@|://|www\.|\w\.\w|\w_\w|\w/\w)\S*|[^\W_]+(?:[-’'][^\W_]+)*|\S")
"""An address, path or name of a program; a word; a mark."""
_WORD = re.compile(r"(?![a-z]{1,2}(?!\w))[^\W\d_]+(?:[-’'][^\W\d_]+)*(?:-\d{1,3})?|[A-Z]+\d|\dD")
"""A word that can be in a phrase: of two letters only in capitals, with digits only as in COVID-19, PM2, 3D."""
_PLURAL = re.compile(r"(?<![siu])s$")
_OPERATORS = frozenset(("AND", "AROUND", "NEAR", "NOT", "OR"))
"""What search engines take for operators where it is written in capitals."""
_LINK = {"es": re.compile("(?:de|del|de l[ao]s?|de el|y)"), "en": re.compile("of|for")}
"""What may stand between two words of a phrase."""
_MOST_LINKS = 2

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of so many texts of the corpus at large each stem stands."""

    texts: int = 0
    holding: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency, log2(1 + texts / holding); 1 where nothing is known."""
        return math.log2(1 + self.texts / max(self.holding.get(stem, 1), 1)) if self.texts else 1.0


NOTHING_KNOWN = Background()


def background_of(texts: Iterable[str], *, language: str) -> Background:
    """Count in how many texts each stem stands."""
    held = [frozenset(stems(text, language)) for text in texts]
    return Background(len(held), Counter(stem for text in held for stem in text))


def key_phrases(
    texts: Sequence[str],
    *,
    language: str,
    most: int = 10,
    background: Background = NOTHING_KNOWN,
    without: Iterable[str] = (),
    least: int = 1,
) -> tuple[str, ...]:
    """Return the `most` telling phrases of texts in Spanish or English, best first; none in other languages.

    Each is written as it is most often, in lower case but for names and acronyms, and holds no mark but inner hyphens
    and apostrophes. None is part of one before it, none holds a word of `without` (the authors' names), each
    stands in `least` texts or more. The order of the texts does not matter.
    """
    if language not in PARTING:
        return ()
    tokens = [_sentences(text, language) for text in texts]
    banned = frozenset(word for name in without for word in content_words(name, ""))
    words = _Words([sentence for text in tokens for sentence in text], language, banned)
    found = [[phrase for sentence in text for phrase in words.phrases(sentence)] for text in tokens]
    held = Counter(key for text in found for key in {phrase.key for phrase in text})
    scores = {key: score for key, score in _scores(found, background).items() if held[key] >= least}
    chosen: list[_Key] = []
    for key in sorted(scores, key=lambda key: (-scores[key], key)):
        if len(chosen) < most and not any(_repeats(key, other) for other in chosen):
            chosen.append(key)
    spellings = _spellings(found)
    return tuple(spellings[key] for key in chosen)


def own_phrases(text: str, *, language: str) -> tuple[str, ...]:
    """Return the phrases of a title or a query in their order, each as long as it goes.

    What only says how it is looked at is left out: "uso de", "impacto de los".
    """
    if language not in PARTING:
        return ()
    words = _Words([], language)
    runs = [words.trimmed(run, links) for run, links, _ in words.runs(_tokens(text))]
    return tuple(dict.fromkeys(_join(run[:MOST_WORDS], links[:MOST_WORDS]) for run, links in runs if run))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A candidate where it stands: whether a phrase can begin and end there, and is believed when seen only once."""

    key: _Key
    text: str
    opens: bool
    closes: bool
    solid: bool


def _sentences(text: str, language: str) -> list[list[str]]:
    """Return the tokens of each sentence. What is no sentence (addresses, references, tables) counts only if all is."""
    sentences = [text[start:end] for start, end in sentence_spans(text, language)]
    whole = [sentence for sentence in sentences if is_whole(sentence, language=language)]
    return [_tokens(sentence) for sentence in whole or sentences]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def _join(words: Sequence[str], links: Sequence[str]) -> str:
    """Write words with what links each to the one before; the first has nothing before it."""
    return words[0] + "".join(
        f" {link} {word}" if link else f" {word}" for word, link in zip(words[1:], links[1:], strict=True)
    )


class _Words:
    """What sentences tell of their words: which are verbs, which are written with a capital."""

    def __init__(self, sentences: Sequence[Sequence[str]], language: str, banned: frozenset[str] = frozenset()) -> None:
        self._language = language
        self._banned = banned
        self._nounness: Counter[str] = Counter()
        self._cases: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            lower = ["", *(token.lower() for token in sentence), ""]
            for place, (before, word, after) in enumerate(zip(lower, lower[1:], lower[2:], strict=False)):
                self._nounness[word] += (before in BEFORE_NOUN[language]) + (after in AFTER_NOUN[language])
                self._nounness[word] -= (before in BEFORE_VERB[language]) + (after in AFTER_VERB[language])
                if before not in OPENING:
                    self._cases[word][sentence[place]] += 1

    def phrases(self, sentence: Sequence[str]) -> Iterator[_Phrase]:
        """Give every candidate of a sentence: the stretches of its runs that could be phrases somewhere."""
        for words, links, after in self.runs(sentence):
            size = len(words)
            for first in range(size):
                for last in range(first, min(first + MOST_WORDS, size)):
                    stretch, inner = words[first : last + 1], links[first + 1 : last + 1]
                    opens, closes = first == 0 or links[first] != "", last + 1 == size or links[last + 1] != ""
                    if self._could_be(stretch, inner) and (len(stretch) > 1 or (opens and closes)):
                        key = tuple(" ".join(stems(word, self._language)) for word in stretch)
                        text = _join(stretch, links[first : last + 1])
                        following = after if last + 1 == size else links[last + 1].split(" ")[0] or words[last + 1]
                        yield _Phrase(key, text, opens, closes, self._is_solid(stretch, inner, following))

    def _could_be(self, words: Sequence[str], links: Sequence[str]) -> bool:
        """Say whether words make a phrase by themselves, wherever they stand."""
        if sum(map(bool, links)) > _MOST_LINKS or NO_END[self._language].fullmatch(words[-1]):
            return False
        if len(words) == 1 and words[0].islower() and self._nounness[words[0]] <= 0:
            return False
        if any(fold(word) in PLACES and not word.islower() for word in words):
            return False
        return not all(self._is_common(word) for word in words)

    def _is_solid(self, words: Sequence[str], links: Sequence[str], after: str) -> bool:
        """Say whether words seen together only once may be a phrase: two, of which the noun says something.

        The second is less likely a verb where what is `after` them follows nouns, and where they agree in number in
        Spanish or the first is no plural in English.
        """
        if len(words) != MOST_WORDS_ONCE or "y" in links:
            return False
        head = words[0] if self._language == "es" or any(links) else words[-1]
        if self._is_common(head):
            return False
        if any(links):
            return True
        if after not in CLOSING[self._language]:
            return False
        plurals = [_PLURAL.search(word) is not None for word in words]
        return plurals[0] == plurals[1] if self._language == "es" else not plurals[0]

    def trimmed(self, words: Sequence[str], links: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        """Return a run without the common words that only link to the rest; nothing where all are common."""
        if all(map(self._is_common, words)):
            return (), ()
        first = 0
        while links[first + 1 : first + 2] not in ([], [""], ["y"]) and self._is_common(words[first]):
            first += 1
        return words[first:], links[first:]

    def _is_common(self, word: str) -> bool:
        return " ".join(stems(word, self._language)) in COMMON[self._language]

    def runs(self, sentence: Sequence[str]) -> Iterator[tuple[list[str], list[str], str]]:
        """Give runs of content words, each word with what links it to the one before, and the token after the run."""
        words: list[str] = []
        links: list[str] = []
        between: list[str] = []
        for place, token in enumerate(sentence):
            if not self._is_content(token):
                between.append(token.lower())
                continue
            link = " ".join(between)
            if words and link and not _LINK[self._language].fullmatch(link):
                yield words, links, between[0]
                words, links = [], []
            words.append(self._in_place(sentence, place))
            links.append(link if len(words) > 1 else "")
            between = []
        if words:
            yield words, links, between[0] if between else ""

    def _in_place(self, sentence: Sequence[str], place: int) -> str:
        """Return a word as it stands, without the capital that its place alone gives it."""
        named = place + 1 < len(sentence) and sentence[place + 1].istitle()
        opens = place == 0 or sentence[place - 1] in OPENING
        return self._written(sentence[place]) if opens and not named else sentence[place]

    def _is_content(self, token: str) -> bool:
        folded = fold(token)
        if len(token) > LONGEST_WORD or token in _OPERATORS or not _WORD.fullmatch(token):
            return False
        if folded in PARTING[self._language] or folded in self._banned or not stems(token, self._language):
            return False
        return not self._is_verb(self._written(token))

    def _is_verb(self, word: str) -> bool:
        if not word.islower() or NOUN[self._language].fullmatch(word):
            return False
        doubt = 1 if DOUBTFUL[self._language].fullmatch(word) else 0
        return bool(NO_NOUN[self._language].fullmatch(word)) or self._nounness[word] < doubt

    def _written(self, token: str) -> str:
        """Write a word as it is mostly written inside sentences; where it never is, only acronyms keep capitals."""
        cases = self._cases.get(token.lower())
        if cases:
            return min(cases, key=lambda form: (-cases[form], form.swapcase()))
        return token.lower() if token[1:].islower() else token


def _scores(found: Sequence[Sequence[_Phrase]], background: Background) -> dict[_Key, float]:
    """Return the C-value of each phrase that opens and closes somewhere, times its rarity; positive ones alone."""
    every = [phrase for text in found for phrase in text]
    times = Counter(phrase.key for phrase in every)
    framed = {phrase.key for phrase in every if phrase.opens} & {phrase.key for phrase in every if phrase.closes}
    framed &= {phrase.key for phrase in every if phrase.solid or times[phrase.key] > 1}
    often: dict[_Key, float] = defaultdict(float)
    for text in found:
        for key, count in Counter(phrase.key for phrase in text).items():
            if key in framed:
                often[key] += math.log2(1 + count)
    around: defaultdict[_Key, list[float]] = defaultdict(list)
    for key, value in often.items():
        for part in _parts(key):
            around[part].append(value)
    scores = {}
    for key, value in often.items():
        nested = math.fsum(around[key]) / len(around[key]) if around[key] else 0.0
        rarity = math.fsum(background.rarity(part) for stem in key for part in stem.split()) / len(key)
        length = math.log2(1 + len(key)) if len(key) > 1 else SINGLE
        scores[key] = round(length * (value - nested) * rarity, DECIMALS)
    return {key: score for key, score in scores.items() if score > 0}


def _parts(key: _Key) -> Iterator[_Key]:
    """Give the shorter stretches of a phrase."""
    for size in range(1, len(key)):
        for first in range(len(key) - size + 1):
            yield key[first : first + size]


def _spellings(found: Sequence[Sequence[_Phrase]]) -> dict[_Key, str]:
    """Return for each phrase how it is mostly written."""
    forms: defaultdict[_Key, Counter[str]] = defaultdict(Counter)
    for text in found:
        for phrase in text:
            forms[phrase.key][phrase.text] += 1
    return {key: min(texts, key=lambda text: (-texts[text], text.swapcase())) for key, texts in forms.items()}


def _repeats(key: _Key, chosen: _Key) -> bool:
    """Say whether a phrase is part of a chosen one, or a chosen one of two words and more is part of it."""
    return set(key) <= set(chosen) or (len(chosen) > 1 and set(chosen) <= set(key))
