"""In whose voice a sentence speaks: to its reader, or for its authors."""

from __future__ import annotations

import re

from rag.language import content_words
from rag.sentences.patterns import OPENING, QUOTED, TIME, WORK, table

_OWN_VOICE = {
    "es": table(rf"""
        \b(?:nosotr[oa]s|nuestr[oa]s?|nos|yo|m[íi]s?|me|conmigo)\b | \best[ea]_{WORK}\b |
        \b(?:el|la)_(?:presente_(?!{TIME})\w{{3,}} | tutorial\b | lecci[óo]n\b) |
        \b(?:creo|pienso|considero|quiero|puedo|debo|digo|propongo|analizo|presento|sugiero|he|estoy|soy|tengo)\b |
        (?-i:\b(?!(?:qu|caf|comit|beb|porqu|chal|pat|pur|canap|carn)é\b)[a-zñ]{{2,}}é\b)  # usé, intentaré"""),
    "en": table(rf"""
        \b(?:we|ours?|my|me|mine|ourselves|myself)\b | (?-i:\bus\b) |
        (?<!type_)(?<!phase_)(?<!class_)(?<!grade_)(?<!stage_)(?<!part_)(?<!level_)(?<!war_)(?<!group_)(?-i:\bI\b)
        (?![-.,;:)/]|$) | \b(?:this|(?:the_)?(?:present|current))_{WORK}\b | \bthe_(?:tutorial|lesson)\b"""),
}
_PLURAL_VERB = re.compile(r"\b(?:[a-züñ]+[aei]mos|\w+[áéí](?:ba|a|ra|se|re)mos|\w+[áé]monos|somos)\b")
_NO_VERB = re.compile(
    r"^(?:(?:kilo|mili|micro)?gr|tr|r|rac|extr|supr|pr|lim|recl|t|m|ult|prox|max|min|opt|anon|sinon|int|legit)[aei]mos$|^páramos$"
)

_PRODUCT = (
    "(?:courses?|modules?|tutorials?|lessons?|workshops?|curriculum|curricula|materials?|resources?|packages?|library|"
    "toolkit|toolbox|app|application|repository|project|manual|textbook|notebooks?|ecosystem|documentation|code|"
    "codebase|content|sessions?|exercises|assignments|labs?|training)"
)
_RESEARCH = (
    "(?:approach|method|model|algorithm|system|framework|tool|software|results?|findings|experiments?|participants|"
    "study|paper|review|dataset|data_set|evaluation|analysis|authors?|goal|aim|purpose|feedback|outcomes?)"
)
_SPECIFIED = "(?!_(?:of|that|which|who|for|to|used|needed|in_(?!this|that)|on|behind|by|from|with)_)"
_OWN_WORK = {
    "en": table(rf"""
        \bthe_(?:(?-i:[a-z-]+)_){{0,2}}{_PRODUCT}\b{_SPECIFIED} |
        ^(?:[^,]{{1,60}},_)?(?:(?:the|all|each)_(?:(?-i:[a-z-]+)_){{0,2}}{_RESEARCH})\b{_SPECIFIED} |
        ^(?:[a-z-]*modules|lessons|materials|sessions|exercises|notebooks|assignments|worksheets|lectures|content|results)_
        (?:are|were|have|has|is|was)_ |
        ^(?:all|each|every)_(?:(?-i:[a-z-]+)_){{0,2}}{_PRODUCT}\b"""),
    "es": table(r"""
        \b(?:el|la|los|las|del|al)_(?:curso|taller|módulo|manual|proyecto|paquete|material(?:es)?|repositorio|
        ejercicio|cuaderno)s?\b(?!_(?:de|del|que|para|en|sobre|(?-i:[A-Z]\w*))\b)"""),
}
"""What stands for the one work a source is about, as if the reader had it before him."""
_ANNOUNCES = {
    "en": table(rf"(?:in_)?(?:this|the(?:_present|_current)?)_{WORK}\b | (?:here,?_)?we_(?:present|describe)\b"),
    "es": table(
        rf"(?:en_)?(?:est[ea]|(?:el|la)(?:_presente)?)_{WORK}\b(?!_(?:de|del|que)\b) | (?:present|describ)[ai]mos\b"
    ),
}
"""A source that tells what it is going to do."""

_INSTRUCTION = {
    "es": table(r"""
        (?:haz|haga|ingresa|ingrese|abre|abra|selecciona|seleccione|elige|elija|escoge|escoja|pulsa|pulse|presiona|presione|escribe|
        descargue|instala|instale|ejecuta|ejecute|añade|añada|agrega|agregue|elimina|borra|navega|introduzca|busque|
        arrastra|reemplaza|edita|observa|recuerda|recuerde|imagina|intenta|intente|asegúrate|fíjate|localiza|identifica|
        obtén|comprueba|verifica|visite|consulte|repite|evite|mantenga|utilice|siga)\b(?!_se\b) |
        (?:pega|guarda|copia|descarga|introduce|vuelve|busca|mueve|nota|note|piensa|prueba|pruebe|ten|tenga|mira|lee|lea|
        revisa|visita|da|trate|trata|consulta|empieza|cierra|sigue|use|deje|cree|crea)
        _(?:\w+_)?(?:\w+[aei]r|el|la|los|las|l[oae]s?|una?|unos|tus?|sus?|en|que|a|al|con|clic|cuenta|si|no)\b |
        (?:explica|define|enumera|compara)_(?:cómo|qué|cuál(?:es)?|por_qué|brevemente)\b"""),
    "en": table(r"""
        (?:avoid|ensure|remember|consider|imagine|choose|remove|delete|insert|navigate|calculate|include|click|enter|
        write|read|keep|take|give|ask|put|make|please|do_not|don[’']t|be|go_to|try_to|note_that|notice)\b(?!_of\b) |
        (?:open|select|type|copy|paste|save|run|pick|press|add|change|replace|try|check|visit|use|let|look|think|set|
        start|follow|repeat|wash|stay|wait|turn|find|move|drag|load|do)
        _(?:your|this|that|these|it|them|up|if|all|any|sure|how|on|to|for|about|at|only|more|additional)\b |
        (?:explain|describe|discuss|define|compare|summari[sz]e|outline)_(?:how|what|why|whether|when|in|briefly)\b"""),
}
_VERB_AND_ARTICLE = table(r"""(?!\w+(?:ing|ly)_|(?:despite|among|within|unlike|like|besides|given|per|via|throughout|
    across|along|alongside|beyond|behind|near|towards?|upon|without|whether|whereas|unless|even|only|no|perhaps|either|
    neither|rather|since|though|half|part|almost|never|yet|around|outside|inside|except|till|amid|amidst|versus)_)
    (?P<verb>[a-z-]{3,})_(?:the|an?|each|every)_""")
"""English that opens with a content word and an article: only an instruction does ("Restart the program …")."""
_LEAD_IN = {
    "es": table(r"""(?:(?:también|además),?_|no_|
        (?:si|cuando|para|antes|después|primero|luego|ahora|entonces|finalmente|por_último|una_vez|en_(?:tu|el|la)|al)\b
        [^,;]*,_(?:[^,;]{1,30},_)?)?"""),
    "en": table(r"""(?:(?:also|then|please|just|now|and),?_|
        (?:if|when|for|to|once|after|before|next|first|then|now|finally|in|instead|again)\b[^,;]*,_)?"""),
}
_SECOND_PERSON = {
    "es": table(r"""
        \b(?:tú|tus?|te|ti|contigo|usted|ustedes|vosotr[oa]s|vuestr[oa]s?)\b | \b(?:haz|haga|da|dar|hacer)_clic\b |
        \b(?:puedes|podrías|debes|deberías|tienes|quieres|necesitas|haces|ves|sabes|vas|estás|has|eres|hayas|tengas|
        estés|sepas|quieras|hagas|veas|seas|encuentras|utilizas|usas|deseas|prefieres|conoces|trabajas)\b |
        \b(?!\w*(?:part|cart|fuert|suert|muert|iert|inert|mart|estandart|baluart)e\b)\w{2,}[aei]rte\b |
        \bal_(?:finalizar|terminar|concluir)_est[ea]_ | \bno_(?:presupone|asume|requiere_conocimientos) |
        \best[áa]_(?:pensad|dirigid)[oa]_(?:a|para)_ | \b(?:lección|tutorial)_(?:\w+_)?(?:cubrirá|asume|presupone)\b |
        \b(?!atrás|detrás|compás)\w{2,}rás\b | \b\w*[áéíóú]\w+[ae](?:te|n?se(?:l[oae]s?)?)\b"""),
    "en": table(r"""\b(?:you|yours?|yourself|yourselves|let[’']s)\b |
        \b(?:tutorial|lesson|course)_(?:\w+_)?(?:assumes|will_cover|is_(?:intended|aimed)|requires_no)\b"""),
}


def addresses_reader(sentence: str, *, language: str) -> bool:
    """Say whether a sentence speaks to its own reader: second person, or an instruction."""
    if language not in _SECOND_PERSON:
        return False
    said = QUOTED.sub("", sentence).lstrip(OPENING)
    lead_in = _LEAD_IN[language].match(said)
    places = {0, lead_in.end() if lead_in else 0}
    return bool(_SECOND_PERSON[language].search(said)) or any(_instructs(said, at, language) for at in places)


def _instructs(said: str, at: int, language: str) -> bool:
    verb = _VERB_AND_ARTICLE.match(said, at) if language == "en" else None
    return bool(_INSTRUCTION[language].match(said, at) or (verb and content_words(verb["verb"], "en")))


def speaks_for_authors(sentence: str, *, language: str) -> bool:
    """Say whether a sentence speaks in its authors' voice, so that in another's text it would lie.

    What it quotes is another's voice.
    """
    said = QUOTED.sub("", sentence).lstrip(OPENING)
    if language == "es":
        said = said[:1].lower() + said[1:]  # capitals are left to names: "el doctor Ramos"
        if any(not _NO_VERB.match(verb[0]) for verb in _PLURAL_VERB.finditer(said)):
            return True
    return language in _OWN_VOICE and bool(_OWN_VOICE[language].search(said))


def names_own_work(sentence: str, *, language: str) -> bool:
    """Say whether a sentence speaks of its source's own work as known ("The course …", "El paquete …"): elsewhere
    nobody knows which is meant.
    """
    found = _OWN_WORK[language].search(sentence) if language in _OWN_WORK else None
    return found is not None


def announces(sentence: str, *, language: str) -> bool:
    """Say whether a sentence is about the text it stands in, not about its subject ("This paper presents …")."""
    return language in _ANNOUNCES and bool(_ANNOUNCES[language].match(sentence.lstrip(OPENING)))
