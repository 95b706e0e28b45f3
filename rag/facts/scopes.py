"""A sentence → its figures, each with the words around it that say what it counts, where, of whom and when.

The words are those of the figure's clause, without the ones that say nothing ("reaches", "is estimated at"). A
sentence that tells of its own study (its patients, its method, what was measured) gives none: no other text can
contradict it. Compares nothing. Text and language → `Said`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rag.facts.figures import figures
from rag.facts.quantities import dates
from rag.language import fold, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.facts.figures import Figure

LONGEST = 600
"""Characters of the longest sentence that is taken apart: what is longer is a table or a list."""
LEAST_BEGINNING = 5
"""Letters by which a word is known in two languages; of a shorter one all must be the same."""
NEAR = 3
"""Words after a preposition that it governs."""

_SAYS = (
    r"muestra\w*|mostr\w+|indica\w*|señala\w*|revel\w+|conclu\w+|estima\w*|afirma\w*|calcula\w*|encontr\w+|sugier\w+"
    r"|show\w*|report\w*|f[io]u?nd\w*|estimat\w+|suggest\w*|reveal\w*|conclud\w+|indicat\w+|state\w*"
)
_ATTRIBUTION = re.compile(
    r"^\W*(?:(?:seg[uú]n|de acuerdo con|according to)\b[^,:]{0,120}[,:]"
    rf"|[^,;:]{{0,120}}?\b(?:{_SAYS})\s+(?:that|que)\b)",
    re.IGNORECASE,
)
_SOURCE_AFTER = re.compile(r",\s+(?:seg[uú]n|de acuerdo con|according to)\b[^,;.]*", re.IGNORECASE)
_CITED = re.compile(r"\((?:[^()]*[^\W\d_]{3}[^()]*,?\s)?(?:19|20)\d\d[a-z]?\)|\[[\d, –-]{1,40}\]")
_ASIDE = re.compile(r"\([^()]*\)")
_CUT = re.compile(
    r"[;:()]|\s[—–-]\s|,\s+(?:pero|mientras|aunque|lo que|lo cual|que|una cifra|muy|which|but|while|whereas|although"
    r"|up from|down from|well|frente|compared|and|y|seg[uú]n|de acuerdo con|according to|half|twice|la mitad|el doble"
    r"|one of|un[oa] de)\b"
    r"|\s(?:mientras que|frente al?(?=\s\S*\d)|whereas|while|compared (?:to|with)|versus|vs)\b",
    re.IGNORECASE,
)
_ERA = re.compile(
    r"\b(?:1[0-9]|20)?\d0s\b|\bsiglos? [XVI]+\b|\b\d\dth century\b"
    r"|\baños (?:veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)\b"
    r"|\b(?:primer|segundo|tercer|cuarto|first|second|third|fourth)\w* (?:trimestre|semestre|quarter|half)\b"
    r"|\b(?:previous|prior|earlier|anteriormente|antes|previamente|formerly|originally|initially|inicialmente"
    r"|before|after|despu[eé]s|tras|since)\b",
    re.IGNORECASE,
)
_OWN_STUDY = re.compile(
    r"\b(?:we|our|us|nuestr[oa]s?|este (?:estudio|ensayo|trabajo|caso)|(?:this|the present) (?:study|trial|case)"
    r"|study (?:area|population|period|site)|[aá]rea de estudio"
    r"|\w+[aei]mos|el ensayo|the trial|la cohorte|the cohort|la muestra|the sample|el paciente|la paciente|the patient"
    r"|table|tabla|figura|figure|mean age|median age|edad media(?:na)?|aged|seguimiento|follow(?:ed|-?up)|baseline"
    r"|incluy\w+|includ\w+|enrol\w*|recrui?t\w*|reclut\w+|random\w*|aleatori\w+|survey\w*|encuest\w+|respond\w*"
    r"|interview\w*|entrevist\w+|particip\w+|administr\w+|dos[ei]s|doses?|questionnaire\w*|cuestionario\w*"
    r"|grupos?|groups?|arms?|brazos?|controls?|controles|lesi[oó]n(?:es)?|lesions?|tumou?r(?:s|es|aci[oó]n)?|masa|biops\w+"
    r"|explorac\w+|ingres[oó]\w*|varón|analítica|ecograf\w+|hemogra\w+|hemat[ií]es|ha?emoglobin\w*|interven\w+|chapter|cap[ií]tulo|cutoff|threshold|umbral"
    r"|ejemplo|example|suppos\w*|supong\w*)\b"
    r"|\b(?:mujer|hombre|niñ[oa]|paciente|joven)(?: \w+)? de \d+|\b\d+[- ]years?[- ]old",
    re.IGNORECASE,
)
_LOCAL = re.compile(  # "the course lasts", "el método propuesto": one text's own, whatever others say of theirs
    r"\b(?:the|el|la|los|las|del|al|our|its|their|su|sus)\s+"
    r"(?:(?:proposed|new|present|whole|full|entire|final|first|second|third|resulting|current|same|original|last|primer|"
    r"segundo|tercer|primera|segunda|tercera|nuevo|nueva)\s+)?"
    r"(?:method|approach|model|system|tool|package|library|software|platform|framework|algorithm|network|pipeline|"
    r"data ?set|corpus|database|course|lesson|module|class|lecture|workshop|project|program(?:me)?|curriculum|tutorial|"
    r"experiment|intervention|test|task|instrument|scale|index|device|plant|building|school|company|firm|team|committee|report|paper|"
    r"article|book|review|procedure|operation|surgery|treatment|therapy|protocol|prototype|application|app|site|website|file|"
    r"m[eé]todo|enfoque|modelo|sistema|herramienta|paquete|biblioteca|programa|plataforma|marco|algoritmo|conjunto|base|"
    r"curso|lecci[oó]n|m[oó]dulo|clase|taller|proyecto|tutorial|experimento|intervenci[oó]n|prueba|tarea|instrumento|escala|"
    r"dispositivo|edificio|escuela|empresa|compañ[ií]a|equipo|comit[eé]|informe|art[ií]culo|libro|revisi[oó]n|procedimiento|"
    r"operaci[oó]n|cirug[ií]a|tratamiento|terapia|protocolo|prototipo|aplicaci[oó]n|sitio|archivo|centro|clasificador|"
    r"classifier|encoder|estimator|simulation|simulaci[oó]n|entrevista|interview|participante|author|autor)e?s?\b"
    r"(?!\s+(?:(?-i:[A-ZÁÉÍÓÚÑ])|of\b|de\b|del\b|for\b|with\b|con\b))",
    re.IGNORECASE,
)
_TOLD = re.compile(  # past: what was measured once
    r"\b(?:was|were|had|did|lost|fell|rose|grew|cut|took|gave|made|saw|went|came|ran|left|led|met|held|kept|sold|paid|spent"
    r"|(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bbeen )(?<!\bhas )(?<!\bhave )(?<!ly )\w{3,}ed)\b"
    r"|\b(?:fue(?:ron)?|eran?|hab[ií]an?|tuv\w+|hubo|redujo|redujeron|obtuv\w+|dijo|hizo|\w{3,}(?:ó|aron|ieron|aban?))\b",
    re.IGNORECASE,
)
_SAMPLED = (
    "paciente caso sujeto individuo persona mujer hombre niño niña estudiante alumno ítem pregunta muestra ojo "
    "patient case subject individual person people woman women man men child children student item question sample eye"
)
_EMPTY = (
    "alcanzar alcanza alcanzó asciende ascendió llega llegó sitúa situó cuenta dispone tiene tenía tienen presenta "
    "presentan posee logra obtiene registra registró estima estimado calcula calculado cifra total aproximadamente "
    "alrededor cerca unos unas casi más menos actualmente hoy ya había hay quedan queda existen existe ser asciende "
    "tratamiento uso usa torno entorno aproximada anda ronda supone representa equivale igual demostró mostró nueva "
    "reach reaches reached achieves achieved achieve stand stands amounts amount total has have had there estimate "
    "estimated about approximately nearly roughly some currently now today only around exist exists remain remains "
    "put puts cent percent treatment use uses using called known say says equal equals represents accounts also "
    "muestra muestran mostró show shows showed shown frente against"
)
_PREPOSITIONS = (
    "con sin entre en para bajo tras sobre desde por contra segun de del with without among between in for under after "
    "over from by at on of within during who whose que whom where donde cuando when if si"
)
_CONCEPTS = (
    "prevalen incid|incidence mortal|mortality|letal|fatality eficac|effica|effectiv|efectiv sensib|sensitiv "
    "especific|specific exactitud|accura precisi exhaustiv|recall superviv|surviv cost|coste|costo|costar riesgo|risk "
    "tasa|rate latenc velocid|speed temperat peso|pesa|weigh longit|length superf|area|abarca|covers|extens "
    "poblac|populat duraci|durat|dura|lasts entren|train esperanza|expectan incubac|incubat desempl|paro|unempl "
    "pobrez|povert cobert|coverage acort|shorten reduc|reduj|lower aument|increas|raise crec|grow|grew adult "
    "nino|nina|child|children|infan|pediat mujer|women|woman|female|femen hombr|men|man|male|mascul|varon "
    "ancian|elder|older|mayor embaraz|pregnan alumn|student|estudi|pupil pacien|patient trabaj|worker urban rural "
    "fuma|fumador|smoke|smoker|smoking hospit vacun|vaccin enferm|disease sintom|symptom lectura|reading puntuac|score "
    "recuper|recover zona|zone ensayo|assay huella|footprint ansied|anxiet hiperten|hyperten modelo|model genera "
    "produc consum emit|emis"
)
"""How words begin that mean one thing in Spanish and English: what is measured, and in whom."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A figure with what surrounds it in its clause.

    `stems` are its words; `bound` those that limit it: names, and what a preposition governs. For another language:
    its `names` as written but for case, what is measured and in whom as `concepts`, the beginnings of the `plain` rest.
    `beside` are the clause's other figures.
    """

    figure: Figure
    stems: frozenset[str]
    bound: frozenset[str]
    names: frozenset[str]
    concepts: frozenset[str]
    plain: frozenset[str]
    beside: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence taken apart: its figures with their words, and the times it names."""

    scopes: tuple[Scope, ...]
    times: frozenset[str]


@lru_cache(maxsize=4096)
def take_apart(text: str, language: str) -> Said:
    """Take a sentence apart; one that tells of its own study, or is too long, has no figures."""
    body = _CITED.sub(_blank, _SOURCE_AFTER.sub(_blank, text))
    if lead := _ATTRIBUTION.match(body):
        body = " " * lead.end() + body[lead.end() :]
    times = {str(mention.date) for mention in dates(body, language)} | {fold(m[0]) for m in _ERA.finditer(text)}
    if len(text) > LONGEST or _OWN_STUDY.search(body) or _LOCAL.search(body):
        return Said((), frozenset(times))
    found, sampled = figures(body, language), _stems(_SAMPLED, language)
    scopes = [_scope(figure, found, body, language) for figure in found if figure.noun not in sampled]
    lasting = tuple(scope for scope in scopes if scope.names or not _TOLD.search(body))
    return Said(lasting, frozenset(times))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _scope(figure: Figure, everything: Sequence[Figure], text: str, language: str) -> Scope:
    """Return a figure with the words of its clause, without figures and their units."""
    letters = list(text)
    for other in everything:
        letters[other.start : other.end] = " " * (other.end - other.start)
    cuts = [0, *(match.start() for match in _CUT.finditer(text)), len(text)]
    start = max(cut for cut in cuts if cut <= figure.start)
    end = min(cut for cut in cuts if cut >= figure.end)
    clause = _ASIDE.sub(" ", "".join(letters[start:end]))
    held, bound, names = _words(clause, language)
    noun = frozenset({figure.noun}) if figure.noun else frozenset()
    known = {word: _concept(word) for word in held}
    concepts = frozenset(concept for concept in known.values() if concept)
    plain = frozenset(word[:5] for word, concept in known.items() if not concept and word not in names)
    kept = frozenset(stem for word in held for stem in stems(word, language))
    kept -= _stems(_EMPTY, language)
    beside = tuple(other for other in everything if other != figure and start <= other.start < end)
    return Scope(figure, kept | noun, bound, names, concepts, plain, beside)


def _words(clause: str, language: str) -> tuple[list[str], frozenset[str], frozenset[str]]:
    """Return the words of a clause that carry content, the stems of those that limit it, and its names, folded.

    A word limits when it stands within three words of a preposition, or is a name.
    """
    prepositions, empty = _PREPOSITIONS.split(), _stems(_EMPTY, language)
    held: list[str] = []
    bound: set[str] = set()
    names: set[str] = set()
    since = NEAR + 1
    for row, word in enumerate(re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", clause)):
        folded = fold(word)
        since = 0 if folded in prepositions else since + 1
        found = [stem for stem in stems(word, language) if stem not in empty]
        if not found:
            continue
        named = any(letter.isupper() for letter in (word[1:] if row == 0 else word))
        held.append(word.lower())
        if named:
            names.add(word.lower())
        if named or since <= NEAR:
            bound.update(found)
    return held, frozenset(bound), frozenset(names)


@lru_cache(maxsize=8192)
def _concept(word: str) -> str:
    """Return what a word means in both languages, where it is one of those that are measured or lived by."""
    folded = fold(word)
    return next((group for group in _CONCEPTS.split() if any(_begins(folded, each) for each in group.split("|"))), "")


def _begins(word: str, start: str) -> bool:
    """Say whether a word begins so; a short beginning must be all of it but for the plural."""
    return word.startswith(start) and (len(start) >= LEAST_BEGINNING or word.removesuffix("s") == start)


@cache
def _stems(words: str, language: str) -> frozenset[str]:
    return frozenset(stems(words, language))
