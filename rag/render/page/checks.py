"""What was asked and written, and how far the checks saw: words, verdicts, control, findings. Report → HTML."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rag.language import count_words
from rag.render.page.markup import NOTHING, Html, joined, tag, text
from rag.render.page.signs import CONTROLS, VERDICTS, verdict_name, verdict_sign
from rag.verify import section_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.records import CheckedSection, Control, Coverage, Finding, Report
    from rag.render.page.apparatus import Apparatus


def words(report: Report, apparatus: Apparatus) -> Html:
    """Return a row a heading: words asked for, and the author's and those written."""
    heads = (
        apparatus.say(es="Apartado", en="Heading"),
        apparatus.say(es="Pedidas", en="Asked"),
        apparatus.say(es="Autor", en="Author’s"),
        apparatus.say(es="Escritas", en="Written"),
        apparatus.say(es="Total", en="In all"),
        apparatus.say(es="Posibles", en="Carried"),
    )
    counts = [_counts(section) for section in report.sections]
    titles = [(section.heading.title, section.heading.words) for section in report.sections]
    titles.append((apparatus.say(es="Todo", en="All"), report.brief.words))
    counts.append(tuple(map(sum, zip(*counts, strict=True))) if counts else (0, 0, 0))
    body = [
        (title, asked or "–", own, made, own + made, may or "–")
        for (title, asked), (own, made, may) in zip(titles, counts, strict=True)
    ]
    return table(heads, body, caption=apparatus.say(es="Palabras pedidas y escritas", en="Words asked for and written"))


def _counts(section: CheckedSection) -> tuple[int, ...]:
    """Return the author's words, the written ones, and those that the evidence carries."""
    whole = section_words(section)
    written = sum(count_words(one.text) for one in section.written if one.kind == "written")
    return whole - written, written, section.supportable_words


def verdicts(report: Report, apparatus: Apparatus) -> Html:
    """Return a row a verdict: its sign, what it means, and how many sentences bear it."""
    language = apparatus.language
    counts = Counter(sentence.verdict for section in report.sections for sentence in section.written)
    rows = (
        tag(
            "tr",
            tag("th", verdict_sign(verdict, language), text(f" {verdict_name(verdict, language)}"), scope="row"),
            tag("td", text(apparatus.say(es=sign.es_means, en=sign.en_means))),
            tag("td", text(str(counts[verdict] or "–")), class_="figure"),
        )
        for verdict, sign in VERDICTS.items()
    )
    heads = (
        apparatus.say(es="Veredicto", en="Verdict"),
        apparatus.say(es="Qué quiere decir", en="What it means"),
        apparatus.say(es="Frases", en="Sentences"),
    )
    caption = apparatus.say(es="Veredictos de las frases escritas", en="Verdicts on the written sentences")
    return tag("table", tag("caption", text(caption)), _head(heads), tag("tbody", *rows), class_="plain verdicts")


def coverage(report: Report, apparatus: Apparatus) -> Html:
    """Say how far the checks saw, of the written sentences and of the author's, and how the control went."""
    lines = [_covered(report.coverage, apparatus)]
    if report.author_coverage.sentences:
        author = report.author_coverage
        own = apparatus.say(es="Frases del autor", en="The author’s sentences")
        checked = apparatus.say(es="con veredicto", en="with a verdict")
        lines.append(f"{own}: {author.sentences}; {checked}: {author.checked}.")
    said = tag("p", text(" ".join(lines)))
    return joined([said, _control(report.control, apparatus)])


def _covered(seen: Coverage, apparatus: Apparatus) -> str:
    return apparatus.say(
        es=f"Frases escritas: {seen.sentences}; literales: {seen.verbatim}. Citan con otras palabras: "
        f"{seen.checkable}; de ellas con veredicto: {seen.checked}; sostenidas: {seen.supported}.",
        en=f"Sentences written: {seen.sentences}; verbatim: {seen.verbatim}. They cite in other words: "
        f"{seen.checkable}; of these with a verdict: {seen.checked}; supported: {seen.supported}.",
    )


def _control(control: Control | None, apparatus: Apparatus) -> Html:
    """Say whether the checks found the false sentences made on purpose, and which."""
    planted = [(kind, made, caught) for kind, made, caught in control.kinds if made] if control else []
    if control is None or not planted:
        none = apparatus.say(
            es="Sin control: no había de qué hacer frases falsas; los veredictos no prueban nada por sí solos.",
            en="No control: there was nothing to make false sentences of; the verdicts alone prove nothing.",
        )
        return tag("p", text(none))
    passed = apparatus.say(
        es="Control superado: las comprobaciones hallaron las frases falsas hechas a propósito con este texto.",
        en="Control passed: the checks found the false sentences made of this text on purpose.",
    )
    failed = apparatus.say(
        es="Sin comprobar: el control no ha superado sus propias pruebas, así que los veredictos no prueban nada.",
        en="Not checked: the control did not pass its own tests, so the verdicts prove nothing.",
    )
    heads = (
        apparatus.say(es="Error puesto a propósito", en="Error made on purpose"),
        apparatus.say(es="Puestos", en="Made"),
        apparatus.say(es="Hallados", en="Found"),
    )
    rows = [(apparatus.say(es=CONTROLS[kind][0], en=CONTROLS[kind][1]), made, caught) for kind, made, caught in planted]
    said = tag("p", text(passed if control.passed else failed))
    return joined([said, table(heads, rows, caption=apparatus.say(es="Control", en="Control"))])


def findings(found: Sequence[Finding], apparatus: Apparatus) -> Html:
    """Return what the checks found, also in sentences that were left out; nothing where they found nothing."""
    if not found:
        return NOTHING
    items = (
        tag(
            "li",
            verdict_sign(finding.verdict, apparatus.language),
            text(apparatus.say(es=f" «{finding.sentence}» ", en=f" “{finding.sentence}” ")),
            tag("span", text(f"{finding.reason} ({finding.section})"), class_="soft"),
        )
        for finding in found
    )
    title = apparatus.say(es=f"Lo que se halló ({len(found)})", en=f"What was found ({len(found)})")
    return tag("details", tag("summary", text(title)), tag("ul", *items, class_="findings"))


def table(heads: Sequence[str], rows: Iterable[Sequence[str | int]], *, caption: str) -> Html:
    """Return a table whose first column names its rows; figures stand to the right."""
    body = (
        tag("tr", tag("th", text(str(first)), scope="row"), *(_cell(value) for value in rest)) for first, *rest in rows
    )
    return tag("table", tag("caption", text(caption)), _head(heads), tag("tbody", *body), class_="plain")


def _head(heads: Sequence[str]) -> Html:
    return tag("thead", tag("tr", *(tag("th", text(name), scope="col") for name in heads)))


def _cell(value: str | int) -> Html:
    return tag("td", text(str(value)), class_="figure" if isinstance(value, int) or value == "–" else None)
