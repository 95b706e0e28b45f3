"""The references: a table of the sources cited, each with its excerpts in their surroundings. Apparatus → HTML.

The panel shows what stands here; without scripts, and on paper, it is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.render.page.apparatus import excerpt_id, named
from rag.render.page.excerpts import passage, pictures
from rag.render.page.markup import NOTHING, Html, joined, link, tag, text
from rag.render.page.signs import ORIGINS
from rag.render.published import published
from rag.render.wording import authors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.records import Excerpt, NumberedSource, PublicationDate, Report, Source
    from rag.render.page.apparatus import Apparatus
    from rag.surroundings import Surrounding

EXCERPT_WORDS = 14
"""Words of an excerpt that stand for it."""


def references(report: Report, apparatus: Apparatus, around: Mapping[str, Surrounding]) -> Html:
    """Return the table of sources; a line where nothing is cited."""
    if not report.sources:
        return tag("p", text(apparatus.say(es="No se cita ninguna fuente.", en="No source is cited.")))
    heads = (
        ("number", apparatus.say(es="N.º", en="No.")),
        ("", apparatus.say(es="Fuente", en="Source")),
        ("date", apparatus.say(es="Fecha", en="Date")),
        ("use", apparatus.say(es="Citada", en="Cited")),
    )
    head = joined(
        tag(
            "th", text(name), scope="col", role="columnheader", data_sort=order or None, class_=f"c-{order or 'source'}"
        )
        for order, name in heads
    )
    titles = [section.heading.title for section in report.sections]
    rows = (_row(entry, apparatus, around, titles) for entry in report.sources)
    caption = apparatus.say(es="Las fuentes citadas y sus extractos", en="The sources cited and their excerpts")
    return tag(
        "table",
        tag("caption", text(caption), class_="heard"),
        tag("thead", tag("tr", head, role="row"), role="rowgroup"),
        tag("tbody", *rows, role="rowgroup"),
        class_="sources", id="sources", role="table",
    )  # fmt: skip


def _row(entry: NumberedSource, apparatus: Apparatus, around: Mapping[str, Surrounding], titles: list[str]) -> Html:
    source, language, cited = entry.source, apparatus.language, apparatus.cited(entry.number)
    excerpts = (_excerpt(entry, one, apparatus, around.get(one.key)) for one in entry.excerpts)
    sections = dict.fromkeys(use.section for use in apparatus.uses.get(entry.number, ()))
    where = "; ".join(titles[place] for place in sections)
    label = apparatus.say(es="citada", en="cited")
    return tag(
        "tr",
        tag("th", text(f"[{entry.number}]"), scope="row", role="rowheader", class_="c-number"),
        tag("td", _described(entry, apparatus), *excerpts, role="cell", class_="c-source"),
        tag("td", text(published(source, language)), role="cell", class_="c-date"),
        tag("td", text(str(cited)), role="cell", class_="c-use", title=where or None, data_label=label),
        id=f"source-{entry.number}", role="row", data_number=entry.number, data_date=str(source.date), data_use=cited,
    )  # fmt: skip


def _described(entry: NumberedSource, apparatus: Apparatus) -> Html:
    """Return what a source is: authors, title, journal, address, and how its date is known."""
    source = entry.source
    known = authors(source)
    title = source.title.removesuffix(".") or named(source, apparatus.language)
    parts = [
        tag("span", text(known), class_="authors") if known else NOTHING,
        tag("cite", text(title), lang=source.language if source.title and source.language else None),
        tag("span", text(source.journal), class_="journal") if source.journal else NOTHING,
        link(source) if source.doi or source.url else _file(source),
    ]
    return tag("p", joined((part for part in parts if part), ". "), class_="described")


def _file(source: Source) -> Html:
    return tag("span", text(source.paths[0]), class_="file") if source.paths else NOTHING


def _excerpt(entry: NumberedSource, excerpt: Excerpt, apparatus: Apparatus, around: Surrounding | None) -> Html:
    """Return an excerpt: how it begins, which opens it; and whole, with what is around it."""
    marked = apparatus.marks.get(excerpt.key, ())
    start = min((one.start for one in marked), default=0)
    words = excerpt.text[start:].split()
    begins = " ".join(words[:EXCERPT_WORDS]) + (" …" if words[EXCERPT_WORDS:] else "")
    quoted = apparatus.say(es=f"«{begins}»", en=f"“{begins}”")
    href = f"#{excerpt_id(excerpt.key)}"
    opener = tag("a", text(quoted), class_="cite open", href=href, data_keys=excerpt.key)
    shown = ", ".join(filter(None, (published(entry.source, apparatus.language), _page(excerpt, apparatus))))
    facts = (
        (apparatus.say(es="Apartado", en="Section"), " › ".join(excerpt.heading_path)),
        (apparatus.say(es="Fecha según", en="Date from"), _how_known(entry.source.date, apparatus)),
        (apparatus.say(es="Archivo", en="File"), excerpt.path),
        (apparatus.say(es="Clave", en="Key"), f"k:{excerpt.key}"),
    )
    whole = tag(
        "div",
        tag("p", text(shown), class_="when"),
        pictures(marked, around, apparatus),
        tag("blockquote", passage(excerpt, marked, around), lang=excerpt.language or None),
        tag("dl", *(_fact(name, value) for name, value in facts if value), class_="facts"),
        class_="whole",
    )
    head = tag("p", opener, class_="opener")
    return tag("article", head, whole, class_="excerpt", id=excerpt_id(excerpt.key), data_number=entry.number)


def _fact(name: str, value: str) -> Html:
    return tag("div", tag("dt", text(name)), tag("dd", text(value)))


def _page(excerpt: Excerpt, apparatus: Apparatus) -> str:
    return apparatus.say(es=f"página {excerpt.page}", en=f"page {excerpt.page}") if excerpt.page is not None else ""


def _how_known(date: PublicationDate, apparatus: Apparatus) -> str:
    """Say where a date comes from, in the source's own words where it has any."""
    if not date.known or date.origin is None:
        return ""
    origin = apparatus.say(es=ORIGINS[date.origin][0], en=ORIGINS[date.origin][1])
    return origin + (apparatus.say(es=f": «{date.text}»", en=f": “{date.text}”") if date.text else "")
