"""What language a text is in, and its sentences and words.

Takes a text and its language, gives spans, words and stems; also chooses the wording a reader gets: `say` that of a
text, `tell` that of who runs the program. It does not translate, does not correct, and changes no text: spans refer to
the text as given.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from py3langid.langid import LanguageIdentifier

LANGUAGES = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese", "de": "german", "it": "italian"}
"""The languages that are told apart and stemmed, with the names their stemmers go by."""

_SAMPLE = 20_000  # characters that are enough to tell a language; a book costs no more than its first pages
_FEW_WORDS = 4  # below this, only an unmistakable text is given a language
_LIKELY, _UNMISTAKABLE = 0.5, 0.95
_NEARLY = 0.4  # share of the likeliest language's chance from which Spanish or English is taken for it
_SPANISH_TOPIC = 0.65

# Function words only, folded: leaving them out must not change what a text is about ("no" and "sin" stay).
_SPANISH = (
    "el la los las lo un una unos unas al del de a ante bajo con contra desde durante en entre hacia hasta "
    "mediante para por segun sobre tras y e o u ni que si como cuando donde mientras aunque porque pues pero mas "
    "sino yo tu el ella ello nosotros ellos ellas usted ustedes me te se nos les le mi mis tus su sus nuestro "
    "nuestra nuestros nuestras este esta esto estos estas ese esa eso esos esas aquel aquella aquellos aquellas "
    "quien quienes cual cuales cuyo cuya cuyos cuyas es son era eran fue fueron ser sea sean sido siendo ha han "
    "habia habian haber hay he hemos esta estan estaba estar muy tan tanto tambien asi ya cada otro otra "
    "otros otras mismo misma mismos mismas algun alguna algunos algunas todo toda todos todas"
)
_ENGLISH = (
    "the a an of in on at by for with about against between into through during before after above below to from "
    "up down out over under again further then once here there when where why how and or but nor if because as "
    "until while although though that which who whom whose what this these those i you he she it we they me him "
    "her us them my your his its our their mine yours hers ours theirs myself yourself himself herself itself "
    "themselves is are was were be been being am has have had having do does did doing will would shall should "
    "can could may might must so than too very also just such same own each other another some any both all few "
    "more most don doesn didn isn aren wasn weren"
)
_STOPWORDS = {"es": frozenset(_SPANISH.split()), "en": frozenset(_ENGLISH.split())}

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]*[-*•][^\S\n])")  # a blank line, or the next item of a list
_BREAK = re.compile(r"[\s\ud800-\udfff]")
_ABBREVIATION = re.compile(
    r"\b(?:et al|cols?|coords?|eds?|trads?|aprox|approx|ca|cfr?|vs|dra?s?|sra?s?|profa?s?|p\.\s?ej|e\.\s?g|i\.\s?e)\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(  # "no. 5" goes on, "no. Vive" does not
    r"\b(?:vols?|figs?|tabs?|eqs?|refs?|caps?|secs?|chaps?|arts?|n[oú]ms?|nos?|nrs?|p[aá]gs?|pp?)\.$", re.IGNORECASE
)
_NUMERAL = re.compile(r"[A-Z]?\d|[IVX]{2,}\b")
_SHORT_WORD = re.compile(r"\b[^\W\d_]{1,5}\.$")
_ENUMERATOR = re.compile(r"^\W*(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$")
_OPENING = "«“‘([¿¡"
_MARKS = re.compile("[\u0300-\u036f]+")
_OS_WORDS = {
    errno.ENOENT: "no existe",
    errno.EACCES: "permiso denegado",
    errno.EPERM: "operación no permitida",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "no es una carpeta",
    errno.EEXIST: "ya existe",
    errno.EROFS: "es de solo lectura",
    errno.ENOSPC: "no queda sitio en el disco",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
}
_ASKED = ("RAG_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_LOCALE = re.compile("[-_.@]")  # es_ES.UTF-8, es-419
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")


def say(language: str, *, es: str, en: str) -> str:
    """Return the Spanish wording for Spanish, else the English one."""
    return es if language == "es" else en


def tell(*, es: str, en: str) -> str:
    """Return the wording for whoever runs the program: for what it says itself, in messages, tables and help."""
    return say(interface_language(), es=es, en=en)


def os_words(error: OSError) -> str:
    """Return what the operating system says of a failure, which it says in English, in the language of `tell`."""
    said = error.strerror or str(error)
    return tell(es=_OS_WORDS.get(error.errno or 0, said), en=said)


def interface_language() -> str:
    """Return "es" or "en": what RAG_LANGUAGE says, else the first of the two that the environment asks for, read as
    gettext reads it; English where it asks for neither.
    """
    asked = next(filter(None, map(os.environ.get, _ASKED)), "")
    spoken = (_LOCALE.split(locale.lower(), maxsplit=1)[0] for locale in asked.split(":"))
    return next((language for language in spoken if language in {"es", "en"}), "en")


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the text's language (one of `LANGUAGES`), or "" when it cannot be told.

    Fewer than four words get a language only when it is unmistakable: "datos" is Spanish and Portuguese.
    """
    sample = text[:_SAMPLE]
    language, probability = _identifier().classify(sample)
    needed = _UNMISTAKABLE if count_words(sample) < _FEW_WORDS else _LIKELY
    return str(language) if probability >= needed and _is_latin(sample) else ""


def detect_ours(text: str) -> str:
    """Return what `detect` does, or "es" or "en" where that is nearly as likely: a topic of four words is often as much
    Portuguese as Spanish by its letters, and the interface speaks two languages.
    """
    found = detect(text)
    if found in {"", *_STOPWORDS}:
        return found
    chances = dict(_identifier().rank(text[:_SAMPLE]))
    nearest = max(_STOPWORDS, key=lambda language: float(chances[language]))
    return nearest if chances[nearest] >= _NEARLY * chances[found] else found


def function_words(text: str) -> str:
    """Return "es" or "en" by which language's function words a few words hold more of; "" where none leads.

    Far quicker than `detect`, and surer on a question of five words.
    """
    words = fold(text).split()
    counts = {
        language: sum(word.strip("¿?¡!,.;:") in known for word in words) for language, known in _STOPWORDS.items()
    }
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] > counts[second] else ""


def spanish_or_english(text: str) -> str:
    """Return "es" or "en" for a text of a word or two, which `detect` leaves open: a guess, right for 29 of 30 topics
    tried ("Vaccines" is taken for Spanish).
    """
    chances = dict(_identifier().rank(text.lower()))
    return "es" if chances["es"] >= _SPANISH_TOPIC * (chances["es"] + chances["en"]) else "en"


ROW = "| "
"""What a row of a table or a line of code begins with in a document's text."""


def sentence_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence begins and ends, in order, without outer space.

    Every character but space lies in exactly one sentence. A blank line or a list item always begins a new one; a
    single line break does not. A piece without letter or digit belongs to the sentence before it, where its paragraph
    has one. A row of a table or of code, which readers mark with "| ", is one.
    """
    gaps = [(gap.start(), gap.end()) for gap in _PARAGRAPH.finditer(text)]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
    return tuple(
        (start + first, start + last)
        for start, end in zip(starts, ends, strict=True)
        for first, last in (
            [(0, len(text[start:end].rstrip()))]
            if text.startswith(ROW, start)
            else _sentences(text[start:end], language)
        )
    )


def fold(text: str) -> str:
    """Return the text in lower case without accents; ñ becomes n."""
    return text.lower() if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def count_words(text: str) -> int:
    """Count the pieces between spaces that hold a letter or a digit."""
    return sum(_has_word(piece) for piece in text.split())


def content_words(text: str, language: str) -> tuple[str, ...]:
    """Return the folded words of two characters or more that are no function words of the language, in order.

    Numbers are kept whatever their length, and whole: "3,5" is one word. Only Spanish and English have a list of
    function words.
    """
    return tuple(fold(word) for word in _content(text, language))


def stems(text: str, language: str) -> tuple[str, ...]:
    """Return the `content_words` by their stems, in order; in an unknown language as they are."""
    return tuple(_stem(word, language) for word in _content(text, language))


def _sentences(paragraph: str, language: str) -> list[tuple[int, int]]:
    """Return the spans of a paragraph's sentences: the splitter's pieces, joined where it parted one sentence."""
    spans: list[tuple[int, int]] = []
    before = ""
    for first, last in _pieces(paragraph, language):
        piece = paragraph[first:last]
        if spans and _belong_together(before, piece):
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
        before = piece if _has_word(piece) else before
    return spans


def _pieces(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Give the splitter's pieces without outer space, an opening mark always with what it opens."""
    from sentencex import get_sentence_boundaries  # half a second

    start = 0
    boundaries = get_sentence_boundaries(language or "en", _BREAK.sub(" ", paragraph))
    for end in [*(int(boundary["end_index"]) for boundary in boundaries[:-1]), len(paragraph)]:
        piece = paragraph[start:end]
        if end < len(paragraph):
            piece = piece.rstrip().rstrip(_OPENING)
        first = start + len(piece) - len(piece.lstrip())
        start += len(piece)
        if piece.strip():
            yield first, first + len(piece.strip())


def _belong_together(before: str, after: str) -> bool:
    """Say whether two neighbouring pieces are one sentence."""
    if not _has_word(before) or not _has_word(after):
        return True
    if _ABBREVIATION.search(before) or _ENUMERATOR.match(before):
        return True
    if _NUMBERED.search(before):
        return _NUMERAL.match(after) is not None
    word = after.split(maxsplit=1)[0].rstrip(",;:.")
    return _SHORT_WORD.search(before) is not None and word.isalpha() and word.islower()


def _content(text: str, language: str) -> Iterator[str]:
    """Give the words that carry content, in lower case with their accents (stemmers need them)."""
    stopwords = _STOPWORDS.get(language, frozenset())
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        folded = fold(word)
        if folded not in stopwords and (len(folded) > 1 or folded.isdigit()):
            yield word


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    """Return a word's stem, folded. A stemmer keeps a cursor, so each call has its own: threads may share the cache."""
    if language not in LANGUAGES:
        return fold(word)
    from snowballstemmer import stemmer  # 60 ms

    return fold(str(stemmer(LANGUAGES[language]).stemWord(word)))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Return the language identifier, loaded once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # its model takes a second

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def _has_word(piece: str) -> bool:
    """Say whether there is a letter or a digit."""
    return any(character.isalnum() for character in piece)


def _is_latin(text: str) -> bool:
    """Say whether most letters are Latin ones, as in all of `LANGUAGES`."""
    letters = [character for character in fold(text) if character.isalpha()]
    return 2 * sum(character.isascii() for character in letters) > len(letters)
