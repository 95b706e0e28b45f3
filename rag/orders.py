"""Excerpts → those that may serve, and those set aside for an order they give to whoever writes from them.

Literature speaks in imperatives to its own reader ("Open the file", "Añada 5 ml"); so an imperative alone is no order.
One is told by what it is about: the answer of the one addressed ("your response"), what it was told before, its being a
machine, a genre nobody writes while reading, a link to be passed on, or marks that only a model's input has. Plain
questions pass, and so does what no rule foresees: what is cited is checked all the same.

Works on text folded (case, accents, look-alike letters, invisible characters), in Spanish and English whatever the
text's language, in time linear in its length.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.language import fold, say, sentence_spans
from rag.retrieve.choose import leave_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.records import Evidence, Excerpt, LeftOut

SHOWN = 160
"""Characters of an order that are shown to the reader."""

_SEEN_AS: dict[int, int | None] = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0xFEFF))
_SEEN_AS |= dict.fromkeys((*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)))
_SEEN_AS |= {0xE0000 + code: code for code in range(0x20, 0x7F)}
_SEEN_AS |= str.maketrans("авеѕіјкмнорстухԁԛԝαορνι", "abesijkmhopctyxdqwaopvi")
"""What cannot be seen is nothing, except tag characters, which models read as letters; look-alikes are Latin."""
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_SPACE = re.compile(r"[^\S\n]+")


def _any(*words: str) -> str:
    """Return a pattern of any of the words between spaces; in them "_" is a space."""
    return f"(?:{'|'.join(' '.join(words).split())})"


def _table(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for folded text, laid out with free space; in it "_" is a space or line end, "~" at most ninety
    characters of the same sentence.
    """
    gap = r"(?:[^.!?\n]|[.](?=\w)){0,90}?"
    return re.compile(pattern.replace("~", gap).replace("_", r"[ \n]"), re.VERBOSE)


_BEGINS = rf"""(?:^|[.!?:;)\]\n>*"'«“¿¡…-][ ]?)
    (?:{_any("please kindly now then also and finally por_favor ahora luego despues ademas y")},?_)?"""
"""Where a sentence or a clause begins, so that a verb after it is an imperative."""
_MACHINE = _any(
    r"a\.?i\.? llms? gpt chatgpt ias? chatbots? bots? (?:large_)?language_models? modelos?_(?:grande_)?de_lenguaje",
    "artificial_intelligence inteligencia_artificial asistente_(?:virtual|automatico|de_ia)",
    "(?:ai|virtual|automated|helpful)_(?:assistant|system|reader|reviewer|writer|model|agent)s?",
)
_COMMANDS = _any(
    "instructions? prompts? guidelines? rules orders directions directives messages? instruccion(?:es)?",
    "indicacion(?:es)? ordenes reglas directrices normas mensajes? peticiones",
)
_EARLIER = _any(
    "previous prior earlier preceding above foregoing you_(?:were|have_been|got|received) you[’']ve_been",
    "anterior(?:es)? previ[oa]s? precedentes? recibid[oa]s iniciales hasta_ahora de_antes te_dieron se_te te_han",
    "te_hayan ha_recibido has_recibido",
)
_IGNORE = _any(
    "ignor(?:e|a|en|ad) disregard forget override bypass overlook (?:do_not|don[’']t)_(?:follow|obey)",
    "olvid(?:a|e|en) desobede(?:ce|zca) descart(?:a|e) omit(?:e|a) (?:haz|haga)_caso_omiso",
    "no_(?:hagas?|tengas?|sigas?|obedezcas?)",
)
_OUTPUT = rf"(?:(?:\w+_){{0,2}}?{_any('answers? response reply output completion elucidation')}|message|summary)"
_SALIDA = _any("respuestas? contestacion redaccion resumen salida mensaje texto")
_CHANGE = _any(
    "add include integrate insert append augment enhance enrich modify replace convert substitute render introduce use",
    "incorporate embed weave remove group combine scramble jumble misspell rearrange anagram shuffle reverse encode",
    "translate begin start end finish make put provide give fill sprinkle capitali[sz]e adjust alter change rewrite",
    "mention attach close open format phrase deliver structure turn transform conclude follow prefix repeat apply",
    "encrypt cipher shift invert express spell rotate",
)
_CAMBIA = _any(
    "anad(?:e|a) inclu(?:ye|ya) integr(?:a|e) insert(?:a|e) agreg(?:a|ue) modifi(?:ca|que) sustitu(?:ye|ya)",
    "reemplaz(?:a|e) cambi(?:a|e) convi?(?:e|i)rt(?:e|a) codifi(?:ca|que) cifr(?:a|e) traduc(?:e|zca) termin(?:a|e)",
    "acab(?:a|e) empiez(?:a|e) comienz(?:a|e) mejor(?:a|e) enriquec(?:e|zca) pon(?:ga)? invi?(?:e|i)rt(?:e|a)",
    "incorpor(?:a|e) incrust(?:a|e) quit(?:a|e) elimin(?:a|e) adorn(?:a|e) complet(?:a|e) introdu(?:ce|zca) usa",
    "utili(?:za|ce) d(?:a|e) haz haga asegurate_de_que",
)
_CODE = "(?:following|subsequent|below)_code_(?:block|snippet|excerpt|section)s?"
_PROGRAM = _any("solution implementation codebase algorithm")
_HIDDEN = _any(
    "(?:system|hidden|initial|original|secret|developer)_(?:prompt|message|instructions?)",
    "(?:prompt|mensaje|instrucciones)_(?:del?_)?(?:sistema|iniciales|originales|ocultas)",
    r"(?:your|tus)_(?:\w+_)?(?:instructions|instrucciones)",
    "(?:instructions|instrucciones)_(?:that_)?(?:you_were|que_te|you_have)",
)
_SHOW = _any(
    "reveal print show repeat output display leak disclose recite tell_me reve(?:la|le) muestr(?:a|e) repi(?:te|ta)",
    "imprim(?:e|a) ensen(?:a|e) escrib(?:e|a) copi(?:a|e)",
)
_GENRE = _any(
    "poems? haikus? limericks? stor(?:y|ies) essays? letters? speech(?:es)? songs? jokes? raps? tweets? e-?mails?",
    "blog_posts? advertisements? slogans? recipes? sonnets? dialogues?",
)
_GENERO = _any(
    "poemas? cuentos? relatos? cartas? ensayos? discursos? cancion(?:es)? chistes? rimas? sonetos? correos? recetas?",
    "anuncios? esl[oó]gan(?:es)? programas?_que",
)
_TONGUE = _any(
    "french spanish german italian portuguese russian chinese japanese korean arabic latin hindi dutch klingon",
    "frances espanol aleman italiano portugues ruso chino japones arabe ingles catalan",
)
_CIPHER = _any(
    "base-?64 base_64 rot-?13 morse pig_latin hexadecimal caesar_cipher cifrado_cesar leet(?:speak)? ascii_codes",
)
_ONLY = _any("only solely exclusively just unicamente solo solamente exclusivamente")
_REPLY = _any("respond reply answer respond(?:e|a) contest(?:a|e)")
_THIS = _any("this the est[ea] el la")
_WORK = _any(
    "paper article text document page manuscript study work source excerpt articulo texto documento pagina estudio",
    "trabajo fuente extracto manuscrito",
)

_MARKS = _table(r"""
    \[/?inst\] | <</?sys>> | <\|[a-z\x5f]{2,20}\|> | </?(?:system|assistant)> |
    (?:^|\n)\#{2,4}[ ]?(?:system|instructions?|assistant|human)[ ]?: |
    (?:^|\n)(?:system|assistant|sistema|asistente)(?:[ ](?:message|prompt|note))?:[ ](?=\S) |
    <<<[ ]?[a-z]{2} | \b(?:data|datos)-[0-9a-f]{6,64}[ ]?>>> | "sentences"[ ]?:[ ]?\[[ ]?\{ |
    (?:^|\n)(?:clave|key):[ ](?:k:)?(?=[a-z]{0,51}[2-7])[a-z2-7]{6,52}(?![^ \n])""")
"""What only a model's input has: turns of a dialogue, and what looks like our fences, keys and replies."""
_OVERRIDES = _table(rf"""
    (?:{_BEGINS}|\b(?:and|must|should|please|y|debes)_){_IGNORE}\b~\b{_EARLIER}_(?:\w+_){{0,2}}?{_COMMANDS}\b |
    {_BEGINS}{_IGNORE}_(?:~_)?(?:{_COMMANDS}~{_EARLIER} | (?:everything|all|todo|lo)_(?:~_)?{_EARLIER})\b |
    {_BEGINS}{_IGNORE}_~\b(?:(?:your|tus)_(?:\w+_)?{_COMMANDS}\b | lo_que_(?:se_)?te_)""")
_ROLES = _table(rf"""
    \b{_any("you_are you[’']re eres act_as act_like pretend_to_be actua_como finge_ser comportate_como")}_
        (?:now_|ahora_)?(?:an?_|una?_|el_|la_|the_)?(?:\w+_){{0,2}}?
        (?:{_MACHINE}|assistant|asistente|pirat[ae]|hacker|dan|jailbroken|expert_(?:writer|reviewer))\b |
    \b(?:if|si)_(?:you|eres|es_usted)_(?:are_)?(?:an?_|una?_)?{_MACHINE}\b |
    \b(?:as|como)_(?:an?_)?{_MACHINE},?_(?:you|debes?|tienes|has_de|tu|please)\b |
    \b(?:from_now_on|from_this_point_on|a_partir_de_(?:ahora|aqui|este_momento)),?_
        {_any("you your always only answer reply respond eres tu debes solo contest obedec escrib")} |
    \b{_any("note attention message instructions? nota atencion mensaje instruccion(?:es)? aviso")}
        (?:_(?:to|for|para)_|,_|:_|_a_){_any("any_ all_ the_ el_ la_ los_ las_ cualquier_")}?
        (?:{_MACHINE}|assistant|asistente|model|modelo)\b |
    \b(?:any|every|the|dear|cualquier|querid[oa])_{_MACHINE}_
        {_any("reading summari[sz]ing processing reviewing that_reads que_(?:lea|resuma|procese|redacte)")} |
    \b(?:quien|whoever)_{_any("lea resuma procese redacte reads summari[sz]es processes")}_~\b(?:debe|must|should)_""")
_OUTPUTS = _table(rf"""
    \b{_CHANGE}_~\byour_{_OUTPUT}\b | \bin_your_{_OUTPUT},?_(?!to\b)\w |
    \b(?:letters|words|vowels|keywords|spaces)_(?:of|in|from)_your_ |
    {_BEGINS}{_CAMBIA}_~\b[ts]us?_(?:\w+_)?{_SALIDA}\b | \ben_tu_{_SALIDA}\b |
    {_BEGINS}escrib[ea]_[ts]u_respuesta_(?:al_reves|en_(?:{_TONGUE}|{_CIPHER}|verso|rima))\b |
    {_BEGINS}{_CHANGE}_~\b{_CODE}~\byour_(?:{_PROGRAM}|{_OUTPUT}) |
    \b{_CODE}_(?:\w+_){{0,6}}?(?:in(?:to|side)?|within|of|with|to)_(?:\w+_){{0,6}}?your_(?:\w+_)?
        (?:{_PROGRAM}|code|{_OUTPUT})\b |
    \byour_(?:code|{_PROGRAM})_~\bthe_{_CODE} |
    \btu_(?:solucion|implementacion)_~\bsiguiente_(?:bloque|fragmento)_de_""")
_FORMS = _table(rf"""
    {_BEGINS}(?:you_(?:must|should|will)_)?(?:siempre_|always_)?{_REPLY}_(?:siempre_ |
        (?:\w+_){{0,4}}?(?:{_ONLY}\b | (?:in|en|using|with|con)_
        (?:{_TONGUE}|{_CIPHER}|{_any("reverse rhymes? verse uppercase json emojis? mayusculas rima verso")})\b)) |
    \b(?:can|could|will|please|puedes|podrias)_(?:you_)?{_REPLY}_(?:in|en)_{_TONGUE}\b |
    {_BEGINS}write_your_(?:answer|response|reply)_(?:backwards?|in_reverse|upside_down|in_{_TONGUE})\b |
    {_BEGINS}(?:say|diga?|output|print|imprime)_{_ONLY}_ |
    {_BEGINS}(?:encode|encrypt|codifica|cifra|decode|descifra)_~\b(?:in|as|using|with|en|como|con)_{_CIPHER}\b |
    \b{_any("say write answer reply_with escrib[ae] conteste diga? responda?")}_{_ONLY}_[«“"'] |
    \bnothing_else(?=[.!]|$) | \bno_(?:digas?|escribas?)_nada_mas\b""")
_REQUESTS = _table(rf"""
    {_BEGINS}{_SHOW}_~\b{_HIDDEN}\b |
    {_BEGINS}(?:(?:can|could|would|will)_you_(?:please_)?)?
        {_any("write compose draft generate create provide develop make_up tell give produce craft invent")}_
        (?:me_|us_)?(?:an?_|another_|some_|the_)?(?:\w+_){{0,3}}?{_GENRE}\b
        (?=_{_any("about on of for to from that based in praising")}\b|[.!?]|$) |
    {_BEGINS}(?:podrias_|puedes_)?
        {_any("escrib(?:e|a|ir|irme) redact(?:a|e|ar|arme) compon(?:ga)? invent(?:a|e|ate) cuentame genera crea")}_
        (?:un|una|otro|otra|el|la)_(?:\w+_)?{_GENERO}\b |
    {_BEGINS}(?:translate|traduc(?:e|zca|ir))_{_any("the this el la este esta lo it everything todo")}_~
        \b(?:to|into|in|al|en)_{_TONGUE}\b |
    \b(?:podrias|puedes)_(?:por_favor_)?\w+[ae]rme\b | {_BEGINS}dime_(?:cual|que|quien|como|donde|cuando)_ |
    \bcan_you_(?:please_)?(?:show|give|write|help|explain_to)_me\b | \bin_simple_terms(?=[.!?]|$) |
    \b(?:how_do_you_say|what(?:[’']s|_is|_does))_[‘'"“«][^.!?\n]{{1,60}}[’'"”»]_(?:mean_)?in_{_TONGUE}\b |
    \b(?:spanish|english|french|german)_equivalent_for_['"‘“]""")
_PROMOTIONS = _table(rf"""
    {_BEGINS}{_any("include add insert share inclu(?:ye|ya) anad(?:e|a) insert(?:e|a) comparte")}_
        (?:this|the_following|este|el_siguiente)_(?:link|url|enlace|vinculo)\b |
    \b(?:summari[sz]ing|reviewing|quoting)_th(?:is|e)_{_WORK},?_(?:please_)?
        {_any("tell say include add mention write state recommend")}\b |
    \bal_(?:resumir|citar|redactar|revisar)_{_THIS}_{_WORK},?_
        {_any("di diga incluy menciona escrib anad afirm recomiend")} |
    {_BEGINS}(?:resum(?:e|a)|summari[sz]e)_{_THIS}_{_WORK}_(?:in|en|as|como)_ |
    {_BEGINS}{_any("give write recommend califi(?:ca|que) recom(?:ie|e)nd(?:a|e)")}_(?:a_|an_|only_)?(?:very_)?
        (?:positive_review|accepting_th|acceptance_of_this|{_THIS}_{_WORK}_(?:con|como)_) |
    \bpositive_review_only\b |
    \b(?:debes|you_(?:must|should))_(?:recommend|recomendar)_(?:accept|acceptance|que_se_acepte) |
    {_BEGINS}(?:cite|cita)_{_any("only always siempre solo unicamente exclusively")}_{_THIS}_{_WORK}\b |
    {_BEGINS}(?:do_not|don[’']t|never|no|nunca)_
        {_any("mention highlight cite menci(?:ones|one) cit(?:es|e) destaques")}_~
        \b(?:in_your|en_[ts]u|limitations_of_this|negatives?\b)""")
_RULES = (_MARKS, _OVERRIDES, _ROLES, _OUTPUTS, _FORMS, _REQUESTS, _PROMOTIONS)


@lru_cache(maxsize=20_000)
def gives_order(text: str) -> bool:
    """Say whether a text holds an order to whoever writes from it."""
    folded = _folded(text)
    return any(rule.search(folded) for rule in _RULES)


def find_order(text: str, *, language: str) -> str:
    """Return the first sentence of a text that gives an order, on one line and shortened; "" where none does.

    An order that only shows across the seam of two sentences is shown by the beginning of the text.
    """
    if not gives_order(text):
        return ""
    sentences = (text[start:end] for start, end in sentence_spans(text, language))
    told = " ".join(next(filter(gives_order, sentences), text).split())
    return told if len(told) <= SHOWN else f"{told[:SHOWN].rstrip()} …"


def order_in(excerpt: Excerpt) -> str:
    """Return the order that an excerpt, its source's title or an author's name gives, as `find_order` does; or ""."""
    texts = (excerpt.text, excerpt.title, *excerpt.authors)
    return next(filter(None, (find_order(text, language=excerpt.language) for text in texts)), "")


def set_aside(excerpts: Iterable[Excerpt], *, language: str) -> tuple[tuple[Excerpt, ...], tuple[LeftOut, ...]]:
    """Part excerpts into those that give no order, in their order, and the others with the order as the reason."""
    kept: list[Excerpt] = []
    left: list[LeftOut] = []
    for excerpt in excerpts:
        if order := order_in(excerpt):
            left.append(leave_out(excerpt, f"{_reason(language)}: {say(language, es=f'«{order}»', en=f'“{order}”')}"))
        else:
            kept.append(excerpt)
    return tuple(kept), tuple(left)


def order_remarks(evidence: Iterable[Evidence], *, language: str) -> tuple[str, ...]:
    """Name each excerpt that was set aside once, by its key and its file: none of its words, nor of its title."""
    reason = _reason(language)
    held = {left.key: left.path for each in evidence for left in each.left_out if left.reason.startswith(reason)}
    return tuple(
        say(language, es=f"Extracto apartado, k:{key} ({path})", en=f"Excerpt set aside, k:{key} ({path})")
        + f": {reason}."
        for key, path in held.items()
    )


def _reason(language: str) -> str:
    return say(language, es="contiene una orden a quien lo lea", en="contains an order to whoever reads it")


def _folded(text: str) -> str:
    """Return text in lower case, without accents, invisible characters and letters that only look Latin; a run of
    space is one space, or one line end where it holds any.
    """
    if not text.isascii():
        text = fold(unicodedata.normalize("NFKC", text).lower().translate(_SEEN_AS))
    return _SPACE.sub(" ", _BREAK.sub("\n", text.lower()))
