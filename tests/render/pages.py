"""A small report that holds every kind of thing a document sets, some of it hostile."""

from __future__ import annotations

from datetime import date

from rag.records import (
    Brief,
    CheckedSection,
    Citation,
    Excerpt,
    Heading,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
)

DAY = PublicationDate(date(2023, 3, 8), date(2023, 3, 8), "day", "prefix", "Mar 8, 2023")
MONTH = PublicationDate(date(2021, 6, 1), date(2021, 6, 30), "month", "front matter")
YEAR = PublicationDate(date(2021, 1, 1), date(2021, 12, 31), "year", "front matter")
AGO = PublicationDate(origin="prefix", text="1 día atrás")

AUTHOR = """Escribo $e^{i\\pi}+1=0$, **en negrita**, con una nota[^a].

| grupo | n |
|---|--:|
| control | 12 |

```python
print("[1]")
```"""
"""What an author may type: maths, a table, a footnote that another section explains, code."""

HOSTILE = (
    r"\input{/etc/passwd} $x^2$ <script>alert(1)</script> la tabla [3] #image(x) @chen2021 *a* _b_ `c` & % ~ ^ { } \\ "
    r"[@key] ![](http://a.b/c.png) [x](http://evil.example) <!-- h --> ^[nota] a--b ... -5 = fin"
)

ARTICLE = Source(
    "a" * 32, ("a.pdf",), "pdf", "Evaluación de la privacidad", ("Ana García Pérez", "José Luis Gil de la Vega"),
    MONTH, doi="10.1000/(a)b", journal="Revista de Salud", language="es",
)  # fmt: skip
SNIPPET = Source("b" * 32, ("b.txt",), "snippet", date=DAY, language="es")
RELATIVE = Source(
    "c" * 32, ("c.txt",), "snippet", "Datos y modelos", date=AGO, url="https://example.org/llm",
    retrieved=date(2026, 11, 26), language="es",
)  # fmt: skip
BODY = Source(
    "d" * 32, ("d.html",), "html", "Ethics of AI", ("World Health Organization",), YEAR, url="https://who.int/x"
)


def cited(number: int, source: Source, key: str, text: str = "Son importantes. Y más.") -> NumberedSource:
    """Return a numbered source with one excerpt."""
    return NumberedSource(number, source, (Excerpt(key, source, text, 0, len(text), page=4),))


def whole(language: str = "es", *, text: str = "Crecen cada año.") -> Report:
    """Return a report of two sections with four sources; one sentence of it says `text`."""
    first = Heading("# Uno *dos*", "Uno *dos*", 1, AUTHOR)
    second = Heading("## Tres", "Tres", 2, "[^a]: La nota del autor.")
    written = (
        Sentence(text, citations=(Citation("aaaaaa"), Citation("bbbbbb")), verdict="supported", opens_paragraph=True),
        Sentence("Según una fuente: «Son importantes».", citations=(Citation("bbbbbb", "Son importantes"),)),
        Sentence("Hay más.", citations=(Citation("cccccc"),), opens_paragraph=True),
    )
    own = Sentence("Escribo.", kind="author", offers=("dddddd",))
    sections = (
        CheckedSection(first, (own,), written, note="Una nota."),
        CheckedSection(second, (), (Sentence("Termina.", citations=(Citation("dddddd"),)),)),
    )
    sources = (
        cited(1, ARTICLE, "aaaaaa"),
        cited(2, SNIPPET, "bbbbbb"),
        cited(3, RELATIVE, "cccccc"),
        cited(4, BODY, "dddddd"),
    )
    brief = Brief('El "tema" \\x', (first, second), language=language)
    return Report(brief, sections, sources, remarks=("Digesto.",))
