"""Whether a sentence is one finished sentence of prose, and whether it points to another place of its own text."""

from __future__ import annotations

import re
from itertools import accumulate

from rag.language import content_words, count_words
from rag.sentences.patterns import table

SHORTEST, LONGEST = 6, 60
"""Words of a sentence that says something and can be read in one breath."""

_WHOLE = re.compile(r"[«“\"]?[A-ZÁÉÍÓÚÜÑ0-9ÀÂÇÈÊÎÔÖ].*[^.…]\.[»”\")]?", re.DOTALL)
_CLUTTER = re.compile(r"https?://|www\.|\w@\w|[|{}\\•!]|\.{3}|…|[<>](?![=\s\d])|\w\(\)|\w_\w|==|--")
_GLUED = re.compile(
    r"[a-záéíóúñ)] (?:El|L[ao]s?|Una?|En|Se|Est[ea]|Para|Por|The|This|On|In|It|An|We|For) [a-záéíóúñ]"
    r"|[a-z]-(?:The|El|La)\b"
)
"""A heading run into the sentence after it."""
_ENUMERATED = re.compile(
    r"^(?:\d{1,3}(?:\.\d{1,2})*[.)]|[a-z]\)|\(?[ivx]{1,4}[.)]|[-–—*·]) |^\d{1,3}(?-i:[A-Z][a-z])", re.IGNORECASE
)
_LABEL = re.compile(r"^[^\W\d_][\w/-]*(?: [\w/-]+){0,3} ?:\s*(?=[A-ZÁÉÍÓÚÑ\d])|^[^.:]{3,60}\):\s*(?=[A-ZÁÉÍÓÚÑ])")
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d[a-z]?(?: \w{3,4}(?: \d+)?)?;\s?\d"  # 2019 Mar;12
    r"|\b\d{1,4}\s?\(\d{1,3}\)\s?[:,]\s?e?\d"  # 12(3):45
    r"|\((?:[\w.]+ ){0,2}(?:19|20)\d\d\)[:,]\s?\d+\s?[-–]\d"  # (1 April 2020): 194–207
    r"|\([A-Z][\w .]+: [\w &.]+, (?:19|20)\d\d\)"  # (Madrid: Síntesis, 2015)
    r"|\b(?i:doi|pmid|pmcid|issn|isbn|vol\. ?\d+|pp\. ?\d+)\b"
    r"|^\W*[A-ZÁÉÍÓÚÑ][\w-]+(?: [A-ZÁÉÍÓÚÑ][\w-]+)?,? (?:[A-Z]\.[ -]?){1,3}(?:[,;&(]|y |and |et al)"  # Pérez, J. and
    r"|^\W*(?:[A-ZÁÉÍÓÚÑ][\w-]+ [A-ZÁÉÍÓÚÑ][\w-]+, ){2}"  # Ana Pérez, Juan Sanz,
    r"|^\W*(?!(?:L[oa]s|The|In|En) )[A-ZÁÉÍÓÚÑ][\w-]+(?: [A-ZÁÉÍÓÚÑ][\w-]+)? [A-Z]{1,3}(?:, [A-ZÁÉÍÓÚÑ]|\. [A-Z]|\.$)"
)
_IMPRINT = table(r"""
    \bdeclaran?_.{0,40}inter[eé]s | \bdeclares?_.{0,40}interest | copyright_(?:\d|©|by) | © | todos_los_derechos_res |
    all_rights_reserved | retains?_(?:the_)?copyright | licen[cs]ed_under | bajo_(?:una_)?licencia_creative |
    creative_commons_(?:attribution|atribuci[oó]n) |
    \b(?:available|released)_(?:\S+_){0,5}under_(?:\S+_){0,4}licen[cs]e\b | \bcontributed_equally |
    contribuciones_de_los_autores |
    author_contributions | \b(?:funded|supported)_(?:\w+_){0,3}by_(?:\S+_){0,6}(?:grants?|awards?|fellowships?)\b |
    \bfinanciad[oa]s?_(?:\S+_){0,8}(?:beca|ayuda|proyecto_[A-Z]*\d)\w*\b | \bagradec(?:e|en|emos)_(?:a|el|la)\b |
    palabras_clave: | keywords: | correspondencia: | correspondence_to: |
    ^(?-i:(?:[A-Z]\._?){2,}) |
    ^\W*(?:\w+_)?(?:publicad|published|recibid|received|acept|accepted|revised)\w*\b.{0,40}\d{4}\W*$""")
_CUT_OFF = table(r"""
    \b(?:figs?|tabs?|dra?|sra?|prof|vs|cf|et_al|ej|e\.g|i\.e|pp?|vols?|núms?|arts?|caps?|eds?|refs?)\.$""")
_BROKEN = (_CLUTTER, _GLUED, _ENUMERATED, _LABEL, _REFERENCE, _IMPRINT, _CUT_OFF)
_PROSE = re.compile(r"(?:(?<!\S)[a-záéíóúüñ]{2,}.*){3}", re.DOTALL)  # a list of names has fewer small letters
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))

_FINITE = table(r"""
    \b(?:es|son|fue|era|eran|sea|se|hay|ha|han|est[áa]n?|va|van|da|dan|ve|hizo|dio|hubo|dijo|quiso|pudo|vino|
        cabe|había|tenía|podía|debía|existía|seguía|lleva|deja|llega|queda|busca|cambia|ayuda|trata|logra|evita|crea|
        mejora|supera|falta|basta|cuenta|aporta|garantiza|facilita|necesita|importa|suele|vale)\b |
    \w(?:ó|ron|aba|aban|ían|ría|rán?|mos|stuvo|tuvo|dujo|puso)\b |
    \b(?!\w*(?:gen|men|rden|ien|ven|plan|gran)\b)\w{2,}[ae]n\b |
    \b(?!(?:de|que|entre|sobre|desde|durante|ante|mediante|donde|para|contra|hacia|hasta|una)\b)\w+[ae]
        _(?:el|la|los|las|una?|sus?|más|que)\b |
    \b[a-zñ]+(?:iene|ene|ace|ige|uye|ece|one|uce|ibe|iste|ende|ere|ude|ede|ebe|alle|ica|iza|eja|enta|orma|ume|úa|igue)\b""")
"""What in a Spanish sentence can be its verb."""
_ADVERBS = table(r"(?:sin|no|más|menos|además|incluso|a[uú]n|hoy|s[oó]lo|después|antes|luego|\w+mente)\b")
_LETTER = re.compile("[B-DF-NP-TV-XZ]")
"""A capital that is no word: a name, as of a language ("R con la versión 3.0 …")."""
_TITLE = {
    "es": table(r"c[oó]mo_\w+[aei]r(?:se|l[oae]s?)?\b | de_(?:\w+_)+(?:a|al)_[^,.]*:"),
    "en": table(r"(?:how|what|when|where|why)_to_ | from_(?:\w+_)+to_[^,.]*:"),
}
"""What begins a title or a line of a list of aims."""
_RELATIVE = table(r"\b(?:que|quien|cuy[oa]s?|donde)_(?:(?:se|les?|l[oa]s?|no|ha|han|había)_){0,3}\w+")


_PLACE = (
    "(?:figur[ae]|tabl[ae]|gráfic[oa]|graph|cuadro|image|imagen|diagrama?|chart|plot|apartado|secci[óo]n|section|paso|step|"
    "cap[íi]tulo|chapter|párrafo|paragraph|lista?|example|ejemplo|ecuación|equation|fórmula|código|code|comando|fragmento|"
    "captura|screenshot)"
)
_ELSEWHERE = table(rf"""
    \b(?:figuras?|figures?|figs?|tablas?|tables?|gráficos?|cuadros?|box|ecuaci(?:ón|ones)|equations?|eqs?|imagen|image|
        ilustración|listing|panel|chart)\.?(?:_?S?\d|_(?-i:[A-Z]|[IVX]+)\b) | \((?:figura|figure|fig|tabla|table)s?\b |
    \b(?:est[ae]|siguiente|anterior|pr[óo]xim[oa]|this|next|previous|preceding|following|above)_{_PLACE}s?\b |
    \b{_PLACE}s?_(?:anterior|siguiente|previ[oa]|above|below)\b |
    \b(?:sections?|sección|secciones|apartados?|chapters?|cap[íi]tulos?)_\d[\d.]*+(?!,?_(?:of|del?)\b) |
    \bmás_(?:arriba|abajo|adelante)\b | \ba_continuación\b | \bap[eé]ndices?\b | \bappendi(?:x|ces)\b |
    \b(?:supplementary|suplementari[oa]s?)_(?:material|table|figure|file|data|tabla|figura)\w* |
    \((?:v[eé]ase|v[eé]anse|ver|v\.|cf\.?|see)\b | \bv[eé]an?se\b | \bver_(?:figura|tabla|anexo|nota|sección)\b |
    \b(?:in_the|en_la|en_el)_(?:table|figure|appendix|listing|tabla|figura|gráfico|anexo)\b | \bin_the_\w+_section\b |
    \b(?:methods|steps|examples|instructions)_(?:above|below)\b |
    ^see_ | \b(?:refer|turn)_to_(?:the|figure|table|section)\b | \bas_follows\b | \babovementioned\b |
    (?<!from_)(?<!\d_)\b(?:above|below)(?=[,;)]|\.$|-mentioned) |
    \b(?:mentioned|described|discussed|shown|listed|noted|outlined|explained)_(?:above|below|earlier|previously)\b |
    \b(?:arriba|antes|anteriormente|previamente)_(?:mencionad|descrit|citad|expuest|señalad)[oa]s?\b |
    \b(?:mencionad|descrit|citad|expuest|señalad)[oa]s?_(?:arriba|abajo|antes|anteriormente|previamente)\b |
    \bcomo_se_(?:ha_)?\w+_(?:antes|anteriormente|arriba|previamente)\b |
    \[\d+(?:\s?[-–,;]\s?\d+)*\]  # a number of its own list of references""")


def is_whole(sentence: str, *, language: str) -> bool:
    """Say whether this is one finished sentence of prose: no heading, label, list item, reference, code or imprint."""
    if not (_WHOLE.fullmatch(sentence) and SHORTEST <= count_words(sentence) <= LONGEST and _PROSE.search(sentence)):
        return False
    if not _is_balanced(sentence) or any(pattern.search(sentence) for pattern in _BROKEN):
        return False
    if language in _TITLE and _TITLE[language].match(sentence):
        return False
    return language != "es" or not _is_fragment(sentence)


def points_elsewhere(sentence: str) -> bool:
    """Say whether a sentence sends its reader to another place of its own text: a figure, a section, a reference."""
    return bool(_ELSEWHERE.search(sentence))


def _is_fragment(sentence: str) -> bool:
    """Say whether Spanish that opens with a bare noun or participle ("Varón de 63 años …") has no verb of its own."""
    first = sentence.split(maxsplit=1)[0]
    bare = (content_words(first, "es") or _LETTER.fullmatch(first)) and not _ADVERBS.match(sentence)
    return bool(bare) and not _FINITE.search(_RELATIVE.sub("", sentence))


def _is_balanced(sentence: str) -> bool:
    """Say whether every bracket and quotation mark has its partner."""
    return sentence.count('"') % 2 == 0 and all(_nests(sentence, opening, closing) for opening, closing in _PAIRS)


def _nests(sentence: str, opening: str, closing: str) -> bool:
    steps = ((character == opening) - (character == closing) for character in sentence)
    depths = list(accumulate(steps, initial=0))
    return min(depths) == depths[-1] == 0
