"""Patterns laid out to be read, and the closed classes that several rules share."""

from __future__ import annotations

import re


def table(pattern: str) -> re.Pattern[str]:
    """Compile a pattern laid out with free space and comments; in it a space is written "_"."""
    return re.compile(pattern.replace("_", "[ ]"), re.VERBOSE | re.IGNORECASE)


WORK = (
    "(?:estudio|informe|trabajo|art[ií]culo|documento|cap[ií]tulo|revisi[oó]n|ensayo|proyecto|gu[ií]a|libro|manuscrito|"
    "tesis|nota|an[aá]lisis|investigaci[oó]n|encuesta|lecci[oó]n|tutorial|curso|taller|ley|reglamento|directiva|decreto|"
    "convenio|study|report|paper|article|work|chapter|review|essay|project|guide|book|thesis|note|survey|analysis|"
    "manuscript|communication|commentary|editorial|research|lesson|course|regulation|directive|act)"
)
TIME = "(?:año|siglo|mes|momento|día|semana|década|day|time|century|year|month|week|decade|moment)"
"""A text that speaks of itself, and words of time that stand where one could."""
OPENING = '«“"(¡¿ '
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
