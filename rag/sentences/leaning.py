"""Whether a sentence needs the one before it to be understood."""

from __future__ import annotations

from rag.language import content_words, stems
from rag.sentences.patterns import OPENING, TIME, WORK, table

_CONNECTIVES = {
    "es": table(r"""(?:
        sin_embargo | no_obstante | además(?!_de) | asimismo | también | tampoco | igualmente | posteriormente |
        anteriormente | bueno(?=,) | en_realidad | por_lo_que | seguidamente | finalmente | entonces |
        luego(?!_de) | después(?!_de) | más_tarde | mientras_tanto |
        así(?!_como) | pero | y | e | ni | aun_así | aún_así | ahora_bien | eso_sí | (?:primero|segundo|tercero)(?=,) |
        por_(?:ello|eso|esto|tanto|lo_tanto|consiguiente|el_contrario|último|ejemplo|su_parte|todo_ello|
            (?:un|el|otro)_lado|(?:una|otra)_parte) |
        en_(?:otr[oa]s?|cambio|consecuencia|efecto|particular|concreto|ambos|ambas|resumen|conclusión|definitiva|suma|síntesis|
            otras_palabras|(?:primer|segundo|tercer|último)_(?:lugar|término)) |
        de_(?:hecho|ahí|igual_(?:modo|forma|manera)|(?:manera|forma)_similar) | del_mismo_modo | a_su_vez |
        es_(?:decir|más) | con_(?:ello|todo(?=,)) | al_(?:mismo_tiempo|contrario|día_siguiente) | a_ello |
        en_donde | al_cual | (?:(?:en|con|de|por|a|para|sobre|según|tras|ante)_)?(?:el|la|los|las|lo)_cual(?:es)? |
        (?:en|con|por|sobre)_(?:el|la|los|las)_que |
        como_(?:resultado|consecuencia)(?!_de) | un[oa]_de_ell[oa]s | (?:todos|todas)_ell[oa]s |
        (?:\w+_)?(?:días?|semanas?|meses|mes|años?|horas?|minutos?)_(?:después|más_tarde|antes)(?!_del?\b) |
        ell[oa]s? | él | aquí | ahí | allí | sus? | ambos | ambas | otr[oa]s? | una?_(?:segund|tercer)[oa]? |
        en_(?:la_misma_(?:línea|dirección)|el_mismo_sentido) | lo_(?:primero|segundo|mismo|anterior) |
        (?:el|la|los|las)_(?:primer[oa]s?|segund[oa]s?|tercer[oa]?|últim[oa]s?|mism[oa]s?|otr[oa]s?|demás|resto|
            siguientes?|anterior(?:es)?)(?!_(?:vez|días?|semanas?|mes(?:es)?|años?|décadas?|siglos?)) |
        tal(?:es)?(?!_(?:como|y_como|vez))
        )\b"""),
    "en": table(r"""(?:
        (?:(?:in|of|by|for|from|with|to|on|at)_)?which | whose |
        however | moreover | furthermore | further(?=,) | in_addition(?!_to) | additionally | also | therefore |
        thus | hence |
        consequently | accordingly | as_a_(?:result|consequence)(?!_of) | as_such | nevertheless | nonetheless |
        (?:still|later|besides|again|first|firstly|second|secondly|third|thirdly)(?=,) | yet | but | and | or | nor |
        so(?!_far|-) | instead(?!_of) | (?:in|by)_contrast(?!_(?:to|with)) | conversely | similarly | likewise |
        (?:for|by_way_of)_(?:example|instance) | what[’']s_more | (?:earlier|later)_that |
        in_(?:another|the_following|particular|fact|summary|conclusion|short|other_words|turn) |
        specifically | indeed | finally | lastly | then | next | meanwhile | subsequently | afterwards? | thereafter |
        on_the_(?:other|one)_hand | otherwise | to_(?:do|achieve)_(?:so|this|that) | that | namely | it | they | he |
        she | its | their | his | her | such(?!_as) | both(?!_[^.,]{1,40}_and_) |
        those(?!_(?:who|with|most|over|under|aged)) |
        an?_(?:second|third|fourth|further|similar) | the_(?:former|latter|first_one|same|others?|second|third|last|
            next(?!_gen)|previous|following|remaining|rest) | here(?!,?_(?:we|I)\b) | another | others? |
        there(?!_(?:is|are|was|were|has|have|had|may|might|can|could|will|would|should|must|exists?)\b)
        )\b"""),
}
_DEMONSTRATIVES = {
    "es": table(rf"""(?:(?!y_|e_|o_)\S+_){{1,7}}amb[oa]s\b | .*\botr[oa]s?_de_l[oa]s\b |
        (?:\S+_){{1,4}}(?:es|son)_otr[oa]s?\b |
        (?:el|la|los|las)_más_\w+_(?:es|son|fue)\b |
        (?:\S+_){{0,7}}(?<!\bdel_)(?<!\bal_)(?:est[aeo]s?\b(?!_(?:{WORK}|{TIME}|que|de)\b) |
        (?:es[aeo]s?|dich[oa]s?|aquell?[oa]s?|aquel|ello|ell[oa]s)\b(?!_(?:que|de)\b))"""),
    "en": table(rf"""(?:\S+_){{0,7}}the_(?:former|latter)\b | (?:\S+_){{0,12}}(?:another|one|some|many|most|all|each|
        both)_of_(?:these|those|them)\b | (?:\S+_){{0,7}}(?:this|these)\b(?!_(?:{WORK}|{TIME})\b) |
        (?:\S+_){{1,4}}such(?!_as)\b |
        (?:\S+_){{0,3}}that_(?:same_)?{TIME}\b"""),
}
_PRONOUNS = {
    "es": table(r"""(?:en|con|de|por|para|según|a|desde|tras|entre|sobre|durante|si|cuando|aunque|como|porque)_
        (?:sus?|ell[oa]s?|él)\b | (?:para|al|tras)_\w+rl[oae]s?\b | (?:si|cuando|aunque|como|porque)_no_l[oae]s?_"""),
    "en": table(r"""(?:(?:in|with|for|of|by|at|on|from|as|if|when|while|although|though|because|since|after|before|
        despite|unlike|among|under|through|according|due|to|once|unless|until|whereas|all|most|many|some|one|each|both|
        none|several)_){1,3}(?:it|its|they|them|their|he|she|his|her)\b |
        (?:in|by|during|after|since|as_of|at|on|from)_[^.;]{1,80},_(?:it|they|he|she)\b"""),
}
_WITHIN = {
    "es": table(r"""[^,;:]{3,80}(?<!_y)(?<!_e)(?<!_que)(?<!_pero),_(?:sin_embargo|no_obstante|por_(?:lo_)?tanto|
        en_cambio|además|asimismo|a_su_vez|por_su_parte|en_consecuencia|por_ejemplo), |
        (?:\S+_){0,7}(?:la_paciente|el_paciente_(?:\w+_){0,3}(?:fue|había|estaba|tenía|\w+(?:ó|aba)))\b"""),
    "en": table(r""".*\bthroughout[,.] | [^,;:]{3,80}(?<!_and)(?<!_that)(?<!_but),_
        (?:however|therefore|though|moreover|for_(?:example|instance)), |
        (?:\S+_){0,7}the_patient_(?:was|had|did|\w+ed)\b"""),
}
_POINTS = {
    "es": table(
        rf"\b(?:dich[oa]s?|(?:en|de|con|a|para|por)_(?:est[eao]s?|es[eao]s?|aquell[oa]s))_(?!(?:{WORK}|{TIME}|que|de)\b)(?P<noun>\w+)"
    ),
    "en": table(rf"\b(?:this|these|such_an?)_(?!(?:{WORK}|{TIME}|is|was|has|can|may|will|does|means)\b)(?P<noun>\w+)"),
}
_LEANING = (_CONNECTIVES, _DEMONSTRATIVES, _PRONOUNS, _WITHIN)
_EXPLETIVE = table(r"""
    (?P<lead>[^,]{1,40},_)?(?:\w+_){0,2}it_(?:is|was|(?:has|had|can|could|may|should|must)_(?:been|be)|
    remains|seems|appears|follows|turns_out)_(?:(?:\w+_){0,3}(?:that|whether) | (?:\w+ly_|very_|not_|also_|most_)?
    (?:important|necessary|possible|impossible|essential|difficult|easy|easier|hard|crucial|vital|advisable|useful|
    reasonable|better|best|worth|critical|helpful|recommended|feasible|common)_(?:to|that|for_(?!\w+ing\b)[^.,]{1,40}_to)_)""")
"""English "it" that stands for nothing."""
_PURPOSE = table(r"para_\w+[aei]r(?:se)?\b[^,;]*,_(?!se_)")
_VERB_FIRST = table(r"""
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


def leans(sentence: str, *, language: str) -> bool:
    """Say whether a sentence cannot be understood without the one before it."""
    said = sentence.lstrip(OPENING)
    if language == "en" and (expletive := _EXPLETIVE.match(said)):
        return bool(expletive["lead"] and _CONNECTIVES["en"].match(said))
    if language == "es" and _begins_with_verb(said):
        return True
    return any(form[language].match(said) for form in _LEANING if language in form) or _names_again(said, language)


def _names_again(sentence: str, language: str) -> bool:
    """Say whether a sentence points by "this", "these" or "dicho" at a thing that it has not named itself."""
    for found in _POINTS[language].finditer(sentence) if language in _POINTS else ():
        before = stems(sentence[: found.start()], language)
        if not set(stems(found["noun"], language)) & set(before):
            return True
    return False


def _begins_with_verb(sentence: str) -> bool:
    """Say whether Spanish opens with its verb, if need be after its purpose ("Para mover una pista, usa …")."""
    purpose = _PURPOSE.match(sentence)
    found = _VERB_FIRST.match(sentence, purpose.end() if purpose else 0)
    return bool(found and (not found["present"] or content_words(found["present"], "es")))
