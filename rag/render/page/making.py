"""How the text was made: what was asked, by whom it was written, from which index, at what cost. Report, Run → HTML."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from rag.dates import format_date
from rag.endpoint import without_secrets
from rag.records import PublicationDate
from rag.render.page.markup import Html, joined, tag, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rag.records import Brief, Cost, Report
    from rag.render.page.apparatus import Apparatus
    from rag.run import Run

STAGES = {"plan": ("buscar", "search"), "write": ("escribir", "write"), "check": ("comprobar", "check")}


def making(report: Report, run: Run | None, apparatus: Apparatus) -> Html:
    """Return names and values; all settings and versions of a run stand folded below."""
    facts = [*_asked(report.brief, apparatus), *_made(report, run, apparatus), *_cost(report.cost, apparatus)]
    told = tag(
        "dl",
        *(tag("div", tag("dt", text(name)), tag("dd", text(value))) for name, value in facts if value),
        class_="facts",
    )
    if run is None:
        return told
    settings = apparatus.say(es="Todos los ajustes", en="All settings")
    versions = apparatus.say(es="Versiones", en="Versions")
    return joined([told, _folded(settings, run.settings), _folded(versions, run.versions)])


def _asked(brief: Brief, apparatus: Apparatus) -> Iterator[tuple[str, str]]:
    """Give what the brief asks for."""
    limits, say = brief.limits, apparatus.say
    yield say(es="Tema", en="Topic"), brief.topic
    yield say(es="Se escribe como", en="Written as"), brief.role
    yield say(es="Palabras pedidas", en="Words asked for"), str(brief.words)
    for name, day in (
        (say(es="Fuentes desde", en="Sources since"), limits.since),
        (say(es="Fuentes hasta", en="Sources until"), limits.until),
        (say(es="Visto a fecha de", en="Seen as of"), limits.as_of),
    ):
        if day is not None:
            yield name, format_date(PublicationDate(day, day, "day"), apparatus.language)
    for remark in brief.remarks:
        yield say(es="Del encargo", en="On the brief"), remark


def _made(report: Report, run: Run | None, apparatus: Apparatus) -> Iterator[tuple[str, str]]:
    say = apparatus.say
    digest = say(
        es="nadie: frases literales de las fuentes (digesto)", en="nobody: the sources’ own sentences (digest)"
    )
    named = _public(str(run.settings.get("model") or run.settings.get("model_url") or "")) if run else ""
    model = named or say(es="un modelo de lenguaje", en="a language model")
    yield say(es="Escrito por", en="Written by"), digest if report.digest else model
    if run is None:
        yield say(es="Carpeta", en="Folder"), _folder(report.run_dir)
        return
    day = PublicationDate(run.started.date(), run.started.date(), "day")
    yield say(es="Escrito el", en="Written on"), f"{format_date(day, apparatus.language)}, {run.started:%H:%M}"
    yield say(es="Vectores", en="Vectors"), _public(run.embedder)
    yield say(es="Índice", en="Index"), " · ".join(filter(None, (_folder(run.index), run.generation)))
    yield "rag", run.versions.get("rag", "")
    yield say(es="Carpeta", en="Folder"), _folder(report.run_dir)
    seconds = (
        f"{say(es=es, en=en)} {run.seconds[name]:.1f} s" for name, (es, en) in STAGES.items() if name in run.seconds
    )
    yield say(es="Tiempo", en="Time"), ", ".join(seconds)


def _cost(cost: Cost, apparatus: Apparatus) -> Iterator[tuple[str, str]]:
    if not cost.calls:
        return
    price = (
        apparatus.say(es="precio desconocido", en="price not known") if cost.price is None else f"{cost.price:.4f} $"
    )
    calls = apparatus.say(
        es=f"{cost.calls} preguntas, {cost.input_tokens} tókenes enviados y {cost.output_tokens} recibidos; {price}",
        en=f"{cost.calls} requests, {cost.input_tokens} tokens sent and {cost.output_tokens} received; {price}",
    )
    yield apparatus.say(es="Coste", en="Cost"), calls


def _folded(title: str, values: Mapping[str, str | int | float | bool] | Mapping[str, str]) -> Html:
    items: Iterable[Html] = (
        tag("div", tag("dt", text(name)), tag("dd", text(_public(str(value)) or "–")))
        for name, value in sorted(values.items())
    )
    return tag("details", tag("summary", text(title)), tag("dl", *items, class_="facts settings"))


def _folder(path: str) -> str:
    """Return a folder as it was named; of one that tells where on a machine it lies, its own name."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def _public(value: str) -> str:
    """Return a setting without keys; an address without what stands before an @ or after a ?."""
    return without_secrets(value.partition("?")[0] if "://" in value else value)
