"""A sentence → whether it is whole, in whose voice it speaks, and what it needs around it to be understood.

Works by form and by the closed classes of Spanish and English (pronouns, connectives, endings); does not parse. Where
a form is ambiguous it decides against the sentence: one left out costs less than one that misleads. In other
languages only the rules of form hold.
"""

from __future__ import annotations

import re
from itertools import accumulate

from rag.language import content_words, count_words

SHORTEST, LONGEST = 6, 60
"""Words of a sentence that says something and can be read in one breath."""


def _table(pattern: str) -> re.Pattern[str]:
    """Compile a pattern laid out with free space and comments; in it a space is written "_"."""
    return re.compile(pattern.replace("_", "[ ]"), re.VERBOSE | re.IGNORECASE)


# Form

_WHOLE = re.compile(r"[«“\"]?[A-ZÁÉÍÓÚÜÑ0-9ÀÂÇÈÊÎÔÖ].*[^.…]\.[»”\")]?", re.DOTALL)
_CLUTTER = re.compile(r"https?://|www\.|\w@\w|[|{}\\•!]|\.{3}|…|[<>](?![=\s\d])|\w\(\)|\w_\w|==|--")
_GLUED = re.compile(r"[a-záéíóúñ)] (?:El|L[ao]s?|Una?|En|Se|Est[ea]|Para|Por|The|This|On|In|It|An|We|For) [a-záéíóúñ]")
"""A heading run into the sentence after it."""
_ENUMERATED = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*[.)]|[a-z]\)|\(?[ivx]{1,4}[.)]|[-–—*·]) ", re.IGNORECASE)
_LABEL = re.compile(r"^[^\W\d_][\w/-]*(?: [\w/-]+){0,3}:\s*(?=[A-ZÁÉÍÓÚÑ\d])")
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d[a-z]?(?: \w{3,4}(?: \d+)?)?;\s?\d"  # 2019 Mar;12
    r"|\b\d{1,4}\s?\(\d{1,3}\)\s?[:,]\s?e?\d"  # 12(3):45
    r"|\b(?i:doi|pmid|pmcid|issn|isbn|vol\. ?\d+|pp\. ?\d+)\b"
    r"|^\W*[A-ZÁÉÍÓÚÑ][\w-]+(?: [A-ZÁÉÍÓÚÑ][\w-]+)?,? (?:[A-Z]\.[ -]?){1,3}(?:[,;&(]|y |and |et al)"  # Pérez, J. and
    r"|^\W*(?!(?:L[oa]s|The|In|En) )[A-ZÁÉÍÓÚÑ][\w-]+(?: [A-ZÁÉÍÓÚÑ][\w-]+)? [A-Z]{1,3}(?:, [A-ZÁÉÍÓÚÑ]|\. [A-Z]|\.$)"
)
_IMPRINT = _table(r"""
    \bdeclaran?_.{0,40}inter[eé]s | \bdeclares?_.{0,40}interest | copyright_(?:\d|©|by) | © | todos_los_derechos_res |
    all_rights_reserved | palabras_clave: | keywords: | correspondencia: | correspondence_to: |
    ^\W*(?:\w+_)?(?:publicad|published|recibid|received|acept|accepted|revised)\w*\b.{0,40}\d{4}\W*$""")
_CUT_OFF = _table(r"""
    \b(?:figs?|tabs?|dra?|sra?|prof|vs|cf|et_al|ej|e\.g|i\.e|pp?|vols?|núms?|arts?|caps?|eds?|refs?)\.$""")
_BROKEN = (_CLUTTER, _GLUED, _ENUMERATED, _LABEL, _REFERENCE, _IMPRINT, _CUT_OFF)
_PROSE = re.compile(r"(?:(?<!\S)[a-záéíóúüñ]{2,}.*){3}", re.DOTALL)  # a list of names has fewer small letters
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))
_OPENING = '«“"(¡¿ '
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")

_FINITE = _table(r"""
    \b(?:es|son|fue|era|eran|sea|se|hay|ha|han|est[áa]n?|va|van|da|dan|ve|hizo|dio|hubo|dijo|quiso|pudo|vino|
        cabe|había|tenía|podía|debía|existía|seguía|lleva|deja|llega|queda|busca|cambia|ayuda|trata|logra|evita|crea|
        mejora|supera|falta|basta|cuenta|aporta|garantiza|facilita|necesita|importa|suele|vale)\b |
    \w(?:ó|ron|aba|aban|ían|ría|rán?|mos|stuvo|tuvo|dujo|puso)\b |
    \b(?!\w*(?:gen|men|rden|ien|ven|plan|gran)\b)\w{2,}[ae]n\b |
    \b(?!(?:de|que|entre|sobre|desde|durante|ante|mediante|donde|para|contra|hacia|hasta|una)\b)\w+[ae]
        _(?:el|la|los|las|una?|sus?|más|que)\b |
    \b[a-zñ]+(?:iene|ene|ace|ige|uye|ece|one|uce|ibe|iste|ende|ere|ude|ede|ebe|alle|ica|iza|eja|enta|orma|ume|úa|igue)\b""")
"""What in a Spanish sentence can be its verb."""
_ADVERBS = _table(r"(?:sin|no|más|menos|además|incluso|a[uú]n|hoy|s[oó]lo|después|antes|luego|\w+mente)\b")
_RELATIVE = _table(r"\b(?:que|quien|cuy[oa]s?|donde)_(?:(?:se|les?|l[oa]s?|no|ha|han|había)_){0,3}\w+")

# Places in the source's own text

_PLACE = (
    "(?:figur[ae]|tabl[ae]|gráfic[oa]|graph|cuadro|image|imagen|diagrama?|chart|plot|apartado|secci[óo]n|section|paso|step|"
    "cap[íi]tulo|chapter|párrafo|paragraph|lista?|example|ejemplo|ecuación|equation|fórmula|código|code|comando|fragmento|"
    "captura|screenshot)"
)
_ELSEWHERE = _table(rf"""
    \b(?:figuras?|figures?|figs?|tablas?|tables?|gráficos?|cuadros?|box|ecuaci(?:ón|ones)|equations?|eqs?|imagen|image|
        ilustración|listing|panel|chart)\.?(?:_?S?\d|_(?-i:[A-Z]|[IVX]+)\b) | \((?:figura|figure|fig|tabla|table)s?\b |
    \b(?:est[ae]|siguiente|anterior|pr[óo]xim[oa]|this|next|previous|preceding|following|above)_{_PLACE}s?\b |
    \b{_PLACE}s?_(?:anterior|siguiente|previ[oa]|above|below)\b |
    \b(?:sections?|sección|secciones|apartados?|chapters?|cap[íi]tulos?)_\d[\d.]*+(?!,?_(?:of|del?)\b) |
    \bmás_(?:arriba|abajo|adelante)\b | \ba_continuación\b | \bap[eé]ndices?\b | \bappendi(?:x|ces)\b |
    \b(?:supplementary|suplementari[oa]s?)_(?:material|table|figure|file|data|tabla|figura)\w* |
    \((?:v[eé]ase|v[eé]anse|ver|v\.|cf\.?|see)\b | \bv[eé]an?se\b | \bver_(?:figura|tabla|anexo|nota|sección)\b |
    ^see_ | \b(?:refer|turn)_to_(?:the|figure|table|section)\b | \bas_follows\b | \babovementioned\b |
    (?<!from_)(?<!\d_)\b(?:above|below)(?=[,;)]|\.$|-mentioned) |
    \b(?:mentioned|described|discussed|shown|listed|noted|outlined|explained)_(?:above|below|earlier|previously)\b |
    \b(?:arriba|antes|anteriormente|previamente)_(?:mencionad|descrit|citad|expuest|señalad)[oa]s?\b |
    \b(?:mencionad|descrit|citad|expuest|señalad)[oa]s?_(?:arriba|abajo|antes|anteriormente|previamente)\b |
    \bcomo_se_(?:ha_)?\w+_(?:antes|anteriormente|arriba|previamente)\b |
    \[\d+(?:\s?[-–,;]\s?\d+)*\]  # a number of its own list of references""")

# Voices

_WORK = (
    "(?:estudio|informe|trabajo|art[ií]culo|documento|cap[ií]tulo|revisi[oó]n|ensayo|proyecto|gu[ií]a|libro|manuscrito|"
    "tesis|nota|an[aá]lisis|investigaci[oó]n|encuesta|lecci[oó]n|tutorial|curso|taller|ley|reglamento|directiva|decreto|"
    "convenio|study|report|paper|article|work|chapter|review|essay|project|guide|book|thesis|note|survey|analysis|"
    "manuscript|research|lesson|course|regulation|directive|act)"
)
_TIME = "(?:año|siglo|mes|momento|día|semana|década|day|time|century|year|month|week|decade|moment)"
_OWN_VOICE = {
    "es": _table(rf"""
        \b(?:nosotr[oa]s|nuestr[oa]s?|nos|yo|m[íi]s?|me|conmigo)\b | \best[ea]_{_WORK}\b |
        \b(?:el|la)_(?:presente_(?!{_TIME})\w{{3,}} | tutorial\b | lecci[óo]n\b) |
        \b(?:creo|pienso|considero|quiero|puedo|debo|digo|propongo|analizo|presento|sugiero|he|estoy|soy|tengo)\b |
        (?-i:\b(?!(?:qu|caf|comit|beb|porqu|chal|pat|pur|canap|carn)é\b)[a-zñ]{{2,}}é\b)  # usé, intentaré"""),
    "en": _table(rf"""
        \b(?:we|ours?|my|me|mine|ourselves|myself)\b | (?-i:\bus\b) |
        (?<!type_)(?<!phase_)(?<!class_)(?<!grade_)(?<!stage_)(?<!part_)(?<!level_)(?<!war_)(?<!group_)(?-i:\bI\b)
        (?![-.,;:)/]|$) | \b(?:this|(?:the_)?(?:present|current))_{_WORK}\b | \bthe_(?:tutorial|lesson)\b"""),
}
_PLURAL_VERB = re.compile(r"\b(?:[a-züñ]+[aei]mos|\w+[áéí](?:ba|a|ra|se|re)mos|\w+[áé]monos|somos)\b")
_NO_VERB = re.compile(
    r"^(?:(?:kilo|mili|micro)?gr|tr|r|rac|extr|supr|pr|lim|recl|t|m|ult|prox|max|min|opt|anon|sinon|int|legit)[aei]mos$|^páramos$"
)

_INSTRUCTION = {
    "es": _table(r"""
        (?:haz|haga|abre|abra|selecciona|seleccione|elige|elija|escoge|escoja|pulsa|pulse|presiona|presione|escribe|
        descargue|instala|instale|ejecuta|ejecute|añade|añada|agrega|agregue|elimina|borra|navega|introduzca|busque|
        arrastra|reemplaza|edita|observa|recuerda|recuerde|imagina|intenta|intente|asegúrate|fíjate|localiza|identifica|
        obtén|comprueba|verifica|visite|consulte|repite|evite|mantenga|utilice|siga)\b(?!_se\b) |
        (?:pega|guarda|copia|descarga|introduce|vuelve|busca|mueve|nota|note|piensa|prueba|pruebe|ten|tenga|mira|lee|lea|
        revisa|visita|da|trate|trata|consulta|empieza|cierra|sigue|use|deje|cree|crea)
        _(?:\w+_)?(?:\w+[aei]r|el|la|los|las|l[oae]s?|una?|unos|tus?|sus?|en|que|a|al|con|clic|cuenta|si|no)\b"""),
    "en": _table(r"""
        (?:avoid|ensure|remember|consider|imagine|choose|remove|delete|insert|navigate|calculate|include|click|enter|
        write|read|keep|take|give|ask|put|make|please|do_not|don[’']t|be|go_to|try_to|note_that|notice)\b(?!_of\b) |
        (?:open|select|type|copy|paste|save|run|pick|press|add|change|replace|try|check|visit|use|let|look|think|set|
        start|follow|repeat|wash|stay|wait|turn|find|move|drag|load|do)
        _(?:your|this|that|these|it|them|up|if|all|any|sure|how|on|to|for|about|at|only|more|additional)\b"""),
}
_VERB_AND_ARTICLE = _table(r"""(?!\w+(?:ing|ly)_|(?:despite|among|within|unlike|like|besides|given|per|via|throughout|
    across|along|alongside|beyond|behind|near|towards?|upon|without|whether|whereas|unless|even|only|no|perhaps|either|
    neither|rather|since|though|half|part|almost|never|yet|around|outside|inside|except|till|amid|amidst|versus)_)
    (?P<verb>[a-z-]{3,})_(?:the|an?|each|every)_""")
"""English that opens with a content word and an article: only an instruction does ("Restart the program …")."""
_LEAD_IN = {
    "es": _table(r"""(?:(?:también|además),?_|no_|
        (?:si|cuando|para|antes|después|primero|luego|ahora|entonces|finalmente|por_último|una_vez|en_tu|al)\b[^,;]*,_)?"""),
    "en": _table(r"""(?:(?:also|then|please|just|now|and),?_|
        (?:if|when|for|to|once|after|before|next|first|then|now|finally|in|instead|again)\b[^,;]*,_)?"""),
}
_SECOND_PERSON = {
    "es": _table(r"""
        \b(?:tú|tus?|te|ti|contigo|usted|ustedes|vosotr[oa]s|vuestr[oa]s?)\b | \b(?:haz|haga|da|dar|hacer)_clic\b |
        \b(?:puedes|podrías|debes|deberías|tienes|quieres|necesitas|haces|ves|sabes|vas|estás|has|eres|hayas|tengas|
        estés|sepas|quieras|hagas|veas|seas|encuentras|utilizas|usas|deseas|prefieres|conoces|trabajas)\b |
        \b(?!atrás|detrás|compás)\w{2,}rás\b | \b\w*[áéíóú]\w+[ae](?:te|n?se(?:l[oae]s?)?)\b"""),
    "en": _table(r"\b(?:you|yours?|yourself|yourselves|let[’']s)\b"),
}

_CONNECTIVES = {
    "es": _table(r"""(?:
        sin_embargo | no_obstante | además(?!_de) | asimismo | también | tampoco | igualmente | posteriormente |
        anteriormente | bueno(?=,) | en_realidad | por_lo_que | seguidamente | finalmente | entonces |
        luego(?!_de) | después(?!_de) | más_tarde | mientras_tanto |
        así(?!_como) | pero | y | e | ni | aun_así | aún_así | ahora_bien | eso_sí | (?:primero|segundo|tercero)(?=,) |
        por_(?:ello|eso|esto|tanto|lo_tanto|consiguiente|el_contrario|último|ejemplo|su_parte|todo_ello|
            (?:un|el|otro)_lado|(?:una|otra)_parte) |
        en_(?:otr[oa]s?|cambio|consecuencia|efecto|particular|concreto|ambos|ambas|resumen|conclusión|definitiva|suma|síntesis|
            otras_palabras|(?:primer|segundo|tercer|último)_(?:lugar|término)) |
        de_(?:hecho|ahí|igual_(?:modo|forma|manera)|(?:manera|forma)_similar) | del_mismo_modo | a_su_vez |
        es_(?:decir|más) | con_(?:ello|todo(?=,)) | al_(?:mismo_tiempo|contrario|día_siguiente) | a_ello | lo_cual |
        como_(?:resultado|consecuencia)(?!_de) | un[oa]_de_ell[oa]s | (?:todos|todas)_ell[oa]s |
        (?:\w+_)?(?:días?|semanas?|meses|mes|años?|horas?|minutos?)_(?:después|más_tarde|antes)(?!_del?\b) |
        ell[oa]s? | él | aquí | ahí | allí | sus? | ambos | ambas | otr[oa]s? | una?_(?:segund|tercer)[oa]? |
        en_(?:la_misma_(?:línea|dirección)|el_mismo_sentido) | lo_(?:primero|segundo|mismo|anterior) |
        (?:el|la|los|las)_(?:primer[oa]s?|segund[oa]s?|tercer[oa]?|últim[oa]s?|mism[oa]s?|otr[oa]s?|demás|resto|
            siguientes?|anterior(?:es)?)(?!_(?:vez|días?|semanas?|mes(?:es)?|años?|décadas?|siglos?)) |
        tal(?:es)?(?!_(?:como|y_como|vez))
        )\b"""),
    "en": _table(r"""(?:
        however | moreover | furthermore | in_addition(?!_to) | additionally | also | therefore | thus | hence |
        consequently | accordingly | as_a_(?:result|consequence)(?!_of) | as_such | nevertheless | nonetheless |
        (?:still|later|besides|again|first|firstly|second|secondly|third|thirdly)(?=,) | yet | but | and | or | nor |
        so(?!_far|-) | instead(?!_of) | (?:in|by)_contrast(?!_(?:to|with)) | conversely | similarly | likewise |
        (?:for|by_way_of)_(?:example|instance) | what[’']s_more | (?:earlier|later)_that |
        in_(?:another|the_following|particular|fact|summary|conclusion|short|other_words|turn) |
        specifically | indeed | finally | lastly | then | next | meanwhile | subsequently | afterwards? | thereafter |
        on_the_(?:other|one)_hand | otherwise | to_(?:do|achieve)_(?:so|this|that) | that | namely | it | they | he |
        she | its | their | his | her | such(?!_as) | both(?!_[^.,]{1,40}_and_) |
        those(?!_(?:who|with|most|over|under|aged)) |
        an?_(?:second|third|fourth|further|similar) | the_(?:former|latter|same|others?|second|third|last|following|
            remaining|rest) | here(?!,?_(?:we|I)\b) | another | others? |
        there(?!_(?:is|are|was|were|has|have|had|may|might|can|could|will|would|should|must|exists?)\b)
        )\b"""),
}
_DEMONSTRATIVES = {
    "es": _table(rf"""(?:\S+_){{0,7}}(?<!\bdel_)(?<!\bal_)(?:est[aeo]s?\b(?!_(?:{_WORK}|{_TIME}|que|de)\b) |
        (?:es[aeo]s?|dich[oa]s?|aquell?[oa]s?|aquel|ello|ell[oa]s)\b(?!_(?:que|de)\b))"""),
    "en": _table(rf"""(?:\S+_){{0,7}}(?:this|these)\b(?!_(?:{_WORK}|{_TIME})\b) | (?:\S+_){{1,4}}such(?!_as)\b |
        (?:\S+_){{0,3}}that_(?:same_)?{_TIME}\b"""),
}
_PRONOUNS = {
    "es": _table(r"""(?:en|con|de|por|para|según|a|desde|tras|entre|sobre|durante|si|cuando|aunque|como|porque)_
        (?:sus?|ell[oa]s?|él)\b | (?:para|al|tras)_\w+rl[oae]s?\b | (?:si|cuando|aunque|como|porque)_no_l[oae]s?_"""),
    "en": _table(r"""(?:(?:in|with|for|of|by|at|on|from|as|if|when|while|although|though|because|since|after|before|
        despite|unlike|among|under|through|according|due|to|once|unless|until|whereas|all|most|many|some|one|each|both|
        none|several)_){1,3}(?:it|its|they|them|their|he|she|his|her)\b |
        (?:in|by|during|after|since|as_of|at|on|from)_[^,]{1,40},_(?:it|they|he|she)\b"""),
}
_WITHIN = {
    "es": _table(r"""[^,;:]{3,80}(?<!_y)(?<!_e)(?<!_que)(?<!_pero),_(?:sin_embargo|no_obstante|por_(?:lo_)?tanto|
        en_cambio|además|asimismo|a_su_vez|por_su_parte|en_consecuencia|por_ejemplo), |
        (?:\S+_){0,7}(?:la_paciente|el_paciente_(?:\w+_){0,3}(?:fue|había|estaba|tenía|\w+(?:ó|aba)))\b"""),
    "en": _table(r"""[^,;:]{3,80}(?<!_and)(?<!_that)(?<!_but),_
        (?:however|therefore|though|moreover|for_(?:example|instance)), |
        (?:\S+_){0,7}the_patient_(?:was|had|did|\w+ed)\b"""),
}
_LEANING = (_CONNECTIVES, _DEMONSTRATIVES, _PRONOUNS, _WITHIN)
_EXPLETIVE = _table(r"""(?:[^,]{1,40},_)?(?:\w+_){0,2}it_(?:is|was|(?:has|had|can|could|may|should|must)_(?:been|be)|
    remains|seems|appears|follows|turns_out)_(?:(?:\w+_){0,3}(?:that|whether) | (?:\w+ly_|very_|not_|also_|most_)?
    (?:important|necessary|possible|impossible|essential|difficult|easy|easier|hard|crucial|vital|advisable|useful|
    reasonable|better|best|worth|critical|helpful|recommended|feasible|common))\b""")
"""English "it" that stands for nothing."""
_PURPOSE = _table(r"para_\w+[aei]r(?:se)?\b[^,;]*,_(?!se_)")
_VERB_FIRST = _table(r"""
    (?:(?:aunque|como|si|porque|cuando)_(?:no_)?)?(?:es|son|fue|fueron|era|eran|será|serán|está|están|estaba)_(?!(?:\w+mente_|muy_|más_)?(?:necesari|posible|importante|
        fundamental|imprescindible|preciso|probable|conveniente|evidente|ciert|claro|habitual|frecuente|común|difícil|
        fácil|esencial|crucial|recomendable|obligatori|obvi|sabid|conocid)) |
    (?:ha|han|había|habían|tiene|tienen|tenía|tuvo|carecía|refería|padecía|consta|constan|consiste|consisten|contiene|
        incluye|dispone|presenta|presentaba|sirve|sirven|funciona|funcionan|depende|dependen|ofrece|permite|permiten|
        aborda|explora|describe)_ |
    se_(?:\w+mente_)?\w+_(?:en|de|del|por|como|para|con|principalmente)\b |
    (?!\w+mente\b)\w{2,}(?:ó|aron|eron|aba|aban|arán?|erán?|irán?)_ | (?:dijo|hizo|hicieron|estuvo|puso|quiso|pudo)_ |
    (?!\w+mente\b|existen?|falta|cabe|queda|hace|basta)(?P<present>\w+(?:a|e|an|en))_(?:el|la|los|las|una?|que|cómo)_""")
"""Spanish that begins with its verb, so that its subject was named before."""


def is_whole(sentence: str, *, language: str) -> bool:
    """Say whether this is one finished sentence of prose: no heading, label, list item, reference, code or imprint."""
    if not (_WHOLE.fullmatch(sentence) and SHORTEST <= count_words(sentence) <= LONGEST and _PROSE.search(sentence)):
        return False
    if not _is_balanced(sentence) or any(pattern.search(sentence) for pattern in _BROKEN):
        return False
    return language != "es" or not _is_fragment(sentence)


def points_elsewhere(sentence: str) -> bool:
    """Say whether a sentence sends its reader to another place of its own text: a figure, a section, a reference."""
    return bool(_ELSEWHERE.search(sentence))


def addresses_reader(sentence: str, *, language: str) -> bool:
    """Say whether a sentence speaks to its own reader: second person, or an instruction."""
    if language not in _SECOND_PERSON:
        return False
    said = _QUOTED.sub("", sentence).lstrip(_OPENING)
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
    said = _QUOTED.sub("", sentence).lstrip(_OPENING)
    if language == "es":
        said = said[:1].lower() + said[1:]  # capitals are left to names: "el doctor Ramos"
        if any(not _NO_VERB.match(verb[0]) for verb in _PLURAL_VERB.finditer(said)):
            return True
    return language in _OWN_VOICE and bool(_OWN_VOICE[language].search(said))


def leans(sentence: str, *, language: str) -> bool:
    """Say whether a sentence cannot be understood without the one before it."""
    said = sentence.lstrip(_OPENING)
    if language == "en" and _EXPLETIVE.match(said):
        return False
    if language == "es" and _begins_with_verb(said):
        return True
    return any(table[language].match(said) for table in _LEANING if language in table)


def _begins_with_verb(sentence: str) -> bool:
    """Say whether Spanish opens with its verb, if need be after its purpose ("Para mover una pista, usa …")."""
    purpose = _PURPOSE.match(sentence)
    found = _VERB_FIRST.match(sentence, purpose.end() if purpose else 0)
    return bool(found and (not found["present"] or content_words(found["present"], "es")))


def _is_fragment(sentence: str) -> bool:
    """Say whether Spanish that opens with a bare noun or participle ("Varón de 63 años …") has no verb of its own."""
    bare = content_words(sentence.split(maxsplit=1)[0], "es") and not _ADVERBS.match(sentence)
    return bool(bare) and not _FINITE.search(_RELATIVE.sub("", sentence))


def _is_balanced(sentence: str) -> bool:
    """Say whether every bracket and quotation mark has its partner."""
    return sentence.count('"') % 2 == 0 and all(_nests(sentence, opening, closing) for opening, closing in _PAIRS)


def _nests(sentence: str, opening: str, closing: str) -> bool:
    steps = ((character == opening) - (character == closing) for character in sentence)
    depths = list(accumulate(steps, initial=0))
    return min(depths) == depths[-1] == 0
