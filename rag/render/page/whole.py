"""The report page: one HTML file that opens from disk and asks nobody for anything. Report → str, the same bytes again.

Its policy lets run one script and one style, both known by their hash, and shows only pictures that it holds; nothing
of a source can add to these. All there is to read stands in the page itself: the script only opens, steps and sorts.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from rag.language import fold
from rag.render.page.apparatus import Apparatus, apparatus
from rag.render.page.chart import timeline
from rag.render.page.checks import coverage, findings, verdicts, words
from rag.render.page.making import making
from rag.render.page.markup import Html, joined, tag, text
from rag.render.page.panel import panel
from rag.render.page.prose import prose
from rag.render.page.references import references
from rag.verify import section_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.records import Report
    from rag.run import Run
    from rag.surroundings import Surrounding

NONE: Mapping[str, Surrounding] = MappingProxyType({})


def to_html(report: Report, *, surroundings: Mapping[str, Surrounding] = NONE, run: Run | None = None) -> str:
    """Return the page; `surroundings` by key show excerpts in their documents, `run` tells how the text was made."""
    from rag.report import notable  # with all checks, which showing what a search found does not need

    told = {place: notable(section, report.findings) for place, section in enumerate(report.sections)}
    ties = apparatus(report, told)
    say = ties.say
    parts = (
        ("timeline", say(es="Cronología", en="Timeline"), timeline(report, ties)),
        ("references", say(es="Referencias", en="References"), references(report, ties, surroundings)),
        ("words", say(es="Palabras", en="Words"), words(report, ties)),
        (
            "checks",
            say(es="Comprobación", en="Checks"),
            joined([verdicts(report, ties), coverage(report, ties), findings(report.findings, ties)]),
        ),
        ("made", say(es="Cómo se hizo", en="How it was made"), making(report, run, ties)),
    )
    written = tag("div", prose(report, ties, told), class_="prose", id="text")
    main = tag("main", written, *(_titled(*part) for part in parts), tabindex=-1)
    skip = tag("a", text(say(es="Ir al texto", en="Skip to the text")), href="#text", class_="skip")
    contents = _contents([(id_, title) for id_, title, _ in parts], ties)
    page = tag("div", _header(report, ties), contents, main, class_="page leads" if _leads(report) else "page")
    body = tag("body", skip, page, panel(ties), tag("script", Html(_part("script.js"))))
    document = tag("html", _head(report), body, lang=report.brief.language)
    return f"<!DOCTYPE html>\n{document}\n"


def _head(report: Report) -> Html:
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash('script.js')}'",
            f"style-src '{_hash('style.css')}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", text(report.brief.topic)),
        tag("style", Html(_part("style.css"))),
    )


def _header(report: Report, ties: Apparatus) -> Html:
    """Return the page's title, not shown where the first heading says the same, and the report in one line."""
    title = tag("h1", text(report.brief.topic), class_="heard" if _leads(report) else None)
    kind = ties.say(es="Digesto", en="Digest") if report.digest else ties.say(es="Informe", en="Report")
    written = sum(map(section_words, report.sections))
    count = len(report.sources)
    cited = (
        ties.say(es="fuente citada", en="source cited")
        if count == 1
        else ties.say(es="fuentes citadas", en="sources cited")
    )
    years = sorted(str(entry.source.date)[:4] for entry in report.sources if entry.source.date.known)
    period = f", {'–'.join(dict.fromkeys((years[0], years[-1])))}" if years else ""
    facts = (
        kind,
        ties.say(es=f"{written} de {report.brief.words} palabras", en=f"{written} of {report.brief.words} words"),
        f"{count} {cited}{period}",
    )
    return tag("header", title, tag("p", text(" · ".join(facts)), class_="kicker"))


def _titled(id_: str, title: str, part: Html) -> Html:
    heading = tag("h2", text(title), id=f"{id_}-title")
    return tag("section", heading, part, id=id_, class_="part", aria_labelledby=f"{id_}-title")


def _leads(report: Report) -> bool:
    """Say whether the first heading is the topic."""
    first = report.sections[0].heading.title if report.sections else ""
    return fold(first).split() == fold(report.brief.topic).split()


def _contents(parts: list[tuple[str, str]], ties: Apparatus) -> Html:
    items = (tag("li", tag("a", text(title), href=f"#{id_}")) for id_, title in parts)
    return tag("nav", tag("ul", *items), class_="contents", aria_label=ties.say(es="Partes", en="Parts"))


@cache
def _part(name: str) -> str:
    return files("rag.render.page").joinpath(name).read_text(encoding="utf-8")


def _hash(name: str) -> str:
    return f"sha256-{b64encode(sha256(_part(name).encode()).digest()).decode('ascii')}"
