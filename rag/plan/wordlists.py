"""Words and endings that tell phrases from the rest of a sentence, in Spanish and English, folded. Tables only."""

from __future__ import annotations

import re

from rag.language import stems

# Folded words that part phrases as function words do: they count, point, join or do, and name nothing.
_PARTING_ES = (
    "no sin solo ademas etc vez veces asi ahora luego hoy aqui ahi alli antes despues siempre nunca casi aun incluso "
    "tal tales dicho dicha dichos dichas varios varias muchos muchas mucho mucha pocos pocas poco diferentes diversos "
    "diversas distintos distintas distinto distinta cualquier cualquiera ambos ambas demas cierto cierta ciertos "
    "ciertas mayor mayores menor mejor mejores peor gran nuevo nueva nuevos nuevas primer primera primero primeros "
    "segundo segunda tercer tercera ultimo ultima ultimos ultimas siguiente siguientes anterior anteriores posible "
    "posibles necesario necesaria principal principales importante importantes propio propia propios propias dos tres "
    "cuatro cinco seis siete ocho nueve diez cuanto cuanta cuantos cuantas bien mal sido traves respecto partir junto "
    "embargo ejemplo debido gracias acerca dentro fuera alrededor cerca lejos frente puede pueden podria podrian "
    "podemos pudo debe deben deberia deberian tiene tienen tenemos hace hacen hizo hecho va van vamos da dan dado "
    "dada dados dadas ve visto dice dicen quiere permite permiten ofrece ofrecen utiliza utilizan usa usan muestra "
    "muestran incluye incluyen requiere requieren existe existen presenta presentan mantiene mantienen sigue siguen "
    "suele suelen parece parecen queda quedan lleva llevan busca buscan crea crean sirve sirven explica explican "
    "describe describen trata tratan sugiere sugieren indica indican demuestra demuestran sostiene advierte senala "
    "afirma reune protege exige exigen ayuda ayudan basado basada basados basadas llamado llamada llamados llamadas "
    "mencionado mencionada ser decir mas manera modo sea nada algo alguien nadie puedes quieres debes tienes vas "
    "veras estas estaria estarian seria serian haria harian tendria tendrian"
)
_PARTING_EN = (
    "no not without only even still yet ever never always often usually many much several various different certain "
    "new novel one two three four five six seven eight nine ten first second third last next previous following main "
    "important possible available able good better best well however therefore thus moreover furthermore etc et al vs "
    "via per within across among along towards toward upon whether either neither rather since due based according "
    "together now today use uses used using make makes made making show shows shown showed provide provides provided "
    "providing include includes included including allow allows allowed allowing need needs needed get gets got go "
    "goes take takes taken give gives given see seen find finds found let lets want wants help helps keep keeps "
    "become becomes remain remains seem seems require requires required contain contains propose proposes proposed "
    "present presents suggest suggests indicate indicates argue argues conclude concludes demonstrate demonstrates "
    "describe describes described consider considered called known say says said come comes run runs enable enables "
    "offer offers like ll re ve isn won didn us every everyone something anything anyone someone nothing back away "
    "instead unlike beyond until around whose actually especially perhaps already almost else specific overall entire "
    "whole full less least few likely"
)
PARTING = {"es": frozenset(_PARTING_ES.split()), "en": frozenset(_PARTING_EN.split())}

# Folded words of any text: a phrase needs one that is none of these.
_COMMON_ES = (
    "estudio articulo trabajo informe resultado figura tabla seccion capitulo apartado tipo forma parte caso numero "
    "uso nivel ano dia mes momento tiempo cosa aspecto punto conjunto objetivo conclusion introduccion autor autora "
    "nota texto version informacion contenido grupo serie relacion proceso problema elemento caracteristica valor "
    "lugar cuenta general diferencia cantidad opcion pregunta respuesta tema area medida paso linea lista nombre "
    "pagina base necesidad capacidad posibilidad sentido falta impacto desafio reto ventaja contexto revision leccion "
    "permiso ejemplos razon hecho idea efecto papel mayoria total persona fin vista termino ayuda funcion tarea "
    "situacion condicion finalidad comun"
)
_COMMON_EN = (
    "study paper article work report result figure table section chapter example type form way part case number level "
    "year day month time thing aspect point set objective conclusion introduction author note text version "
    "information content group series relation process problem element feature value place general difference amount "
    "option question answer topic area measure step line list name page base sense lack impact challenge advantage "
    "context review range variety lot order addition purpose approach lesson issue end people person reason fact idea "
    "effect role majority total term view function task situation condition common goal aim use"
)
COMMON = {
    language: frozenset(stem for word in words.split() for stem in stems(word, language))
    for language, words in (("es", _COMMON_ES), ("en", _COMMON_EN))
}

_ADDRESS = (
    "college copyright department departamento facultad faculty hospital inc institute instituto laboratory licence "
    "license ltd press school universidad universitat universite university center centre centro journal"
)
PLACES = frozenset(_ADDRESS.split())
"""Folded words that make capitalised ones an address."""
OPENING = frozenset(("", *".:?!¿¡«“\"'(•-–—|*"))
"""What stands before a word that any word would be written with a capital after."""
NO_NOUN = {
    "es": re.compile(
        r"\w{2,}(?:aron|ieron|aban|[^aeiou]ó|[aei]rán?|[aei]rían|[aei]remos|[áéí]\w*mos|(?<!m)ando|[iy]endo|mente)|"
        r"\w{3,}(?:[aei]r|[áé]ndo|[áéí])(?:se|l[aeo]s?)"
    ),
    "en": re.compile(r"(?!(?:fami|assemb|supp|rep|anoma|ear|dai|week|month|year)ly)\w{3,}ly"),
}
"""Endings of verbs and adverbs that nouns do not share."""
DOUBTFUL = {
    "es": re.compile(r"\w{2,}(?:[aeií]r|(?<!g)(?<!m)(?<!rd)(?<!i)en|[ae]mos)|\w{3,}(?<!l)(?<!p)an"),
    "en": re.compile(r"(?!)"),
}
"""Endings that nouns share with verbs ("cáncer", "orden"): they speak against a noun until its neighbours speak up."""
NOUN = {
    "es": re.compile(
        r"\w*(?:ción|sión|dad|miento|ismo|ncia|logía)(?:e?s)?|\w+[bdfgjklptz]|\w*(?<![aei])[rl]|\w+[aei]l"
    ),
    "en": re.compile(r"\w+(?:acy|ity|ion|ment|ness|ism|ance|ence|ship|ics|logy|ies)s?"),
}
"""Endings that no verb has, whatever stands beside it."""
NO_END = {"es": re.compile(r"(?!)"), "en": re.compile(r"\w+(?<!e)ed")}
"""What stands in phrases but ends none: "supervised learning"."""


def _either(es: str, en: str) -> dict[str, frozenset[str]]:
    return {"es": frozenset(es.split()), "en": frozenset(en.split())}


BEFORE_VERB = _either(
    es="se no nos les le quien quienes que para",
    en="to not can could will would may might must should we they you he she who i",
)
AFTER_VERB = _either(
    es="el la los las un una unos unas al su sus este esta estos estas",
    en="the a an this these those how what whether each every your our their its it them us",
)
BEFORE_NOUN = _either(
    es="el la los las un una unos unas del al su sus este esta estos estas en con",
    en="the a an this these of in our their its your with on from",
)
AFTER_NOUN = _either(es="de del y o es son", en="of and or is are was were")
CLOSING = _either(es="es son y o . , ; : ) ? ! »", en="of is are was were . , ; : ) ? ! ”")
