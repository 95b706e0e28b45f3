"""What a reader is told beside the text: of the whole, and of what was left out. Report → lines in its language.

It checks nothing: it counts what the checks found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.language import count_words, say
from rag.verify import section_words

if TYPE_CHECKING:
    from rag.records import Report

SHORT = 0.9
"""Below this share of the words asked for, the reader is told why."""


def text_remarks(report: Report, *, digest: bool) -> tuple[str, ...]:
    """Say what concerns the whole text: that it is a digest, shorter than asked and why, how far the checks saw."""
    language, asked, reached = report.brief.language, report.brief.words, sum(map(section_words, report.sections))
    remarks = []
    if digest:
        whole = say(
            language, es="Digesto de frases literales de las fuentes.", en="Digest of the sources' own sentences."
        )
        remarks.append(whole)
    if reached < SHORT * asked:
        excerpts = sum(len(source.excerpts) for source in report.sources)
        who = (
            ("El material alcanza para", "The material carries")
            if digest
            else ("El modelo llegó a", "The model reached")
        )
        remarks.append(
            say(
                language,
                es=f"{who[0]} {reached} de las {asked} palabras pedidas ({len(report.sources)} fuentes, "
                f"{excerpts} extractos citados). No se ha rellenado.",
                en=f"{who[1]} {reached} of the {asked} words asked for ({len(report.sources)} sources, "
                f"{excerpts} excerpts cited). Nothing was padded.",
            )
        )
    if quoted := foreign_remark(report):
        remarks.append(quoted)
    if not digest:
        remarks.append(_how_far(report))
    return (" ".join(remarks),) if remarks else ()


def _how_far(report: Report) -> str:
    """Say how far the checks saw, beside what they found; without a score where the control failed."""
    seen, language = report.coverage, report.brief.language
    if report.control is None or not report.control.passed:
        return say(
            language,
            es="Sin comprobar: el control no ha superado sus propias pruebas.",
            en="Not checked: the control did not pass its own tests.",
        )
    planted = {kind: f"{caught}/{made}" for kind, made, caught in report.control.kinds if made}
    names = (("digit", "cifras", "figures"), ("date", "fechas", "dates"), ("key", "claves", "keys"))
    control = ", ".join(
        say(language, es=f"{es} {planted[k]}", en=f"{en} {planted[k]}") for k, es, en in names if k in planted
    )
    return say(
        language,
        es=f"Comprobado: {seen.sentences} frases escritas, {seen.verbatim} literales; de {seen.checkable} que citan "
        f"con otras palabras, {seen.checked} con veredicto y {seen.supported} sostenidas. Errores puestos a prueba y "
        f"hallados: {control}.",
        en=f"Checked: {seen.sentences} written sentences, {seen.verbatim} verbatim; of {seen.checkable} that cite in "
        f"other words, {seen.checked} with a verdict and {seen.supported} supported. Errors planted and found: "
        f"{control}.",
    )


def told_removed(count: int, language: str) -> str:
    """Say how many sentences of a section were left out; nothing where none was."""
    if not count:
        return ""
    return say(
        language,
        es=f"Frases retiradas por repetidas o por no sostenerse en lo que citan: {count}.",
        en=f"Sentences removed as repeats or for not standing in what they cite: {count}.",
    )


def foreign_remark(report: Report) -> str:
    """Say how much of a text is quoted in other languages than its own; empty where nothing is."""
    language = report.brief.language
    excerpts = {excerpt.key: excerpt for entry in report.sources for excerpt in entry.excerpts}
    sentences = [one for section in report.sections for one in section.written]
    written = sum(count_words(sentence.text) for sentence in sentences)
    quoted = sum(
        count_words(citation.quote)
        for sentence in sentences
        for citation in sentence.citations
        if (excerpts[citation.key].language if citation.key in excerpts else language) not in ("", language)
    )
    if not quoted:
        return ""
    share = round(100 * quoted / written)
    return say(
        language,
        es=f"Citas en otras lenguas: {quoted} de {written} palabras ({share} %).",
        en=f"Quotations in other languages: {quoted} of {written} words ({share} %).",
    )
