"""What a reader is told of a section that a model did not write, or not as asked. Values → a line in their language."""

from __future__ import annotations

from rag.language import say


def silent(language: str) -> str:
    """Say that there is no evidence."""
    return say(
        language,
        es="El corpus no dice nada sobre este apartado; no se ha escrito nada.",
        en="The corpus says nothing on this section; nothing was written.",
    )


def nothing_new(language: str) -> str:
    """Say that the model wrote nothing new."""
    return say(
        language,
        es="El modelo no halló en los extractos nada que añadir aquí.",
        en="The model found nothing in the excerpts to add here.",
    )


def unreadable(language: str, fault: str) -> str:
    """Say that two replies could not be read, and why."""
    return say(
        language,
        es=f"El modelo respondió dos veces sin un texto legible ({fault}).",
        en=f"The model answered twice without a readable text ({fault}).",
    )


def unseen(language: str, left_out: int, found: int, window: int) -> str:
    """Say that the model's window did not take all evidence."""
    return say(
        language,
        es=f"El modelo vio {found - left_out} de los {found} extractos: los demás no caben en {window} tokens.",
        en=f"The model saw {found - left_out} of the {found} excerpts: the others do not fit {window} tokens.",
    )


def bounded(language: str, tokens: int) -> str:
    """Say that the bound on tokens was reached."""
    return say(
        language,
        es=f"No se ha escrito: se alcanzó el tope de {tokens} tokens.",
        en=f"Not written: the bound of {tokens} tokens was reached.",
    )


def stood_in(language: str) -> str:
    """Say that the sources speak where the model wrote nothing that stands."""
    return say(
        language,
        es="Lo escrito aquí son frases literales de las fuentes, no del modelo.",
        en="What stands here are the sources' own sentences, not the model's.",
    )


def unmended(language: str, error: str) -> str:
    """Say that failing sentences could not be asked for anew."""
    return say(
        language,
        es=f"Las frases que no se sostenían en lo que citan se han retirado sin corregir: el modelo falló ({error}).",
        en=f"The sentences that did not stand in what they cite were removed unmended: the model failed ({error}).",
    )
