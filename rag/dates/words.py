"""The words dates are made of, folded: months, weekdays, counts, units and labels in six languages.

Spanish and English as fully as they are met; French, Portuguese, German and Italian where a word tells what is meant.
"""

from __future__ import annotations


def numbered(*groups: str) -> dict[str, int]:
    """Return the words of each group with the group's number, from 1."""
    return {word: number for number, group in enumerate(groups, start=1) for word in group.split()}


SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
ENGLISH = "January February March April May June July August September October November December"
MONTHS = numbered(
    "enero ene january jan janvier janv janeiro januar jaenner janner gennaio genn gen",
    "febrero feb febr february fevrier fevr fev fevereiro februar febbraio febbr",
    "marzo mar march mars marco marz maerz mrz",
    "abril abr april apr avril avr aprile",
    "mayo may mai maio maggio mag",
    "junio jun june juin junho juni giugno giu",
    "julio jul july juillet juil julho juli luglio lug",
    "agosto ago agto august aug aout",
    "septiembre setiembre septembre setembro settembre september sept sep set sett",
    "octubre oct october octobre outubro out oktober okt ottobre ott",
    "noviembre nov november novembre novembro",
    "diciembre dic december dec decembre dezembro dez dezember dicembre",
)
WEEKDAYS = (
    "lunes martes miercoles jueves viernes sabado domingo lun mar mie jue vie sab dom "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "lundi mardi mercredi jeudi vendredi samedi dimanche mer jeu ven sam dim "
    "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira segunda terca quarta quinta sexta "
    "seg ter qua qui sex "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica gio"
)
DAYS_BACK = {
    **dict.fromkeys(("hoy", "today", "aujourd'hui", "hoje", "heute", "oggi"), 0),
    **dict.fromkeys(("ayer", "yesterday", "hier", "ontem", "gestern", "ieri"), 1),
    **dict.fromkeys(("anteayer", "antes de ayer", "antier", "avant-hier", "anteontem", "vorgestern"), 2),
    **dict.fromkeys(("l'altro ieri", "the day before yesterday"), 2),
}
COUNTS = numbered(
    "un una uno a an one une um uma ein eine einem einer einen",
    "dos two deux dois duas zwei due",
    "tres three trois drei tre",
    "cuatro four quatre quatro vier quattro",
    "cinco five cinq funf cinque",
    "seis six sechs sei",
    "siete seven sept sete sieben sette",
    "ocho eight huit oito acht otto",
    "nueve nine neuf nove neun",
    "diez ten dix dez zehn dieci",
)
VAGUE = (
    "unos|unas|varios|varias|algunos|algunas|pocos|pocas|un par de|several|some|a few|few|a couple of"
    "|quelques|plusieurs|alguns|poucos|einigen|wenigen|alcuni|alcune|pochi|poche"
)
UNITS = {
    "second": "segundos?|seconds?|secs?|secondes?|sekunden?|secondi|secondo",
    "minute": "minutos?|minutes?|mins?|minuten?|minuti",
    "hour": "horas?|hours?|hrs?|h|heures?|stunden?|ore|ora",
    "day": "dias?|days?|d|jours?|tag|tagen?|giorni|giorno",
    "week": "semanas?|weeks?|wks?|sem|semaines?|wochen?|settimane|settimana",
    "month": "mes|meses|months?|mois|monat|monaten?|mesi|mese",
    "year": "anos?|years?|yrs?|ans?|annees?|jahr|jahren?|anni|anno",
}
PUBLISHED = (
    r"(?:(?:first|originally) )?(?:published|posted)(?: by \w+)?|publication(?: date)?"
    r"|publicad[oa](?: por \w+)?|publicacion|posteado|fecha(?: de publicacion)?|date|publie|veroffentlicht"
    r"|pubblicato|data di pubblicazione|data de publicacao"
)
UPDATED = (
    r"(?:last )?(?:updated|modified|reviewed|revised)|last update|actualizad[oa]|modificado|revisado"
    r"|ultima (?:fecha de )?(?:actualizacion|modificacion|revision)|mis a jour|derniere mise a jour|modifie"
    r"|atualizado|ultima atualizacao|(?:zuletzt )?aktualisiert|stand|aggiornato|ultimo aggiornamento"
)
_MANY = (
    "citas|citations|comentarios?|comments?|views?|reviews?|resenas|opiniones|visitas|visualizaciones|vistas"
    "|respuestas|answers|replies|votos|votes"
)
COUNTED = (
    r"(?:citad[oa] por|cited by|cite par|cite|zitiert von|citato da|citazioni)[: ]\s?[\d.,]+"
    rf"|[\d.,]+ ?(?:{_MANY})"
    r"|\d+ ?min(?:utos?|utes?)?(?: ?(?:de lectura|read|de lecture|de leitura|lesezeit|di lettura))?"
    r"|(?:lectura|tiempo de lectura|reading time)[: ]\s?\d+ ?min(?:utos?|utes?)?"
    r"|\d{1,2}:\d\d(?::\d\d)?(?: ?h| ?[ap]\.? ?m\.?)?|\[?(?:pdf|html|doc|libro|book|cita|citation)\]?"
    r"|(?:rating|calificacion|valoracion|puntuacion|bewertung|note)[: ]\s?\d(?:[.,]\d)?(?: ?/ ?\d+)?"
    r"|\d(?:[.,]\d)? ?(?:★|estrellas|stars)"
)
"""What search engines count or name beside a date: citations, comments, minutes, hours, ratings, formats."""
