"""Dates as documents and snippets write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.snippet_dates import judge, read_lines
from rag.dates import format_date, interval, parse_date, parse_limit, split_snippets
from rag.errors import DateError
from rag.records import UNDATED, PublicationDate

FRIDAY = date(2024, 5, 17)

ABSOLUTE = {
    "Mar 8, 2023": "2023-03-08",
    "Mar. 8, 2023": "2023-03-08",
    "March 8, 2023": "2023-03-08",
    "March 8th, 2023": "2023-03-08",
    "8 Mar 2023": "2023-03-08",
    "08 March 2023": "2023-03-08",
    "8th of March 2023": "2023-03-08",
    "8 de marzo de 2023": "2023-03-08",
    "8 de Marzo del 2023": "2023-03-08",
    "8 DE MARZO DE 2023": "2023-03-08",
    "marzo 8 de 2023": "2023-03-08",
    "8 mar 2023": "2023-03-08",
    "8 mar. 2023": "2023-03-08",
    " 8\u00a0mar\n2023 ": "2023-03-08",
    "8-mar-2023": "2023-03-08",
    "2023 Mar 8": "2023-03-08",
    "1º de enero de 2023": "2023-01-01",
    "1.º de enero de 2023": "2023-01-01",
    "13/03/2023": "2023-03-13",
    "03/13/2023": "2023-03-13",
    "05/05/2023": "2023-05-05",
    "13-03-2023": "2023-03-13",
    "08.03.2023": "2023-03-08",
    "2023-03-08": "2023-03-08",
    "2023/03/08": "2023-03-08",
    "2023/3/8": "2023-03-08",
    "2023-03-08T10:00:00+01:00": "2023-03-08",
    "2023-03-08T23:30:00Z": "2023-03-08",
    "2023-03-08 10:00:00.123": "2023-03-08",
    "Mar 8, 2023, 10:30 AM": "2023-03-08",
    "8 mar 2023 10:30 h": "2023-03-08",
    "Wed, 08 Mar 2023 10:00:00 GMT": "2023-03-08",
    "miércoles, 8 de marzo de 2023": "2023-03-08",
    "Wed, Mar 8, 2023": "2023-03-08",
    "mar, 7 mar 2023": "2023-03-07",
    "29 feb 2024": "2024-02-29",
    "12 setiembre 2023": "2023-09-12",
    "12 set. 2023": "2023-09-12",
    "12 sept. 2023": "2023-09-12",
    "Sep 12, 2023": "2023-09-12",
    "3 ene 2023": "2023-01-03",
    "3 ago. 2023": "2023-08-03",
    "24 dic. 2023": "2023-12-24",
    "1er janvier 2023": "2023-01-01",
    "14 août 2023": "2023-08-14",
    "5 de março de 2023": "2023-03-05",
    "8. März 2023": "2023-03-08",
    "24. Dez. 2023": "2023-12-24",
    "3 maggio 2023": "2023-05-03",
    "marzo de 2023": "2023-03",
    "Marzo 2023": "2023-03",
    "March 2023": "2023-03",
    "March, 2023": "2023-03",
    "mar 2023": "2023-03",
    "sept. de 2023": "2023-09",
    "2023 Mar": "2023-03",
    "2023-03": "2023-03",
    "03/2023": "2023-03",
    "2023": "2023",
    "08/03/2023": "2023",
    "12-11-2023": "2023",
}

RELATIVE = {
    "hoy": "2024-05-17",
    "Today": "2024-05-17",
    "ayer": "2024-05-16",
    "Yesterday": "2024-05-16",
    "anteayer": "2024-05-15",
    "hace 3 días": "2024-05-14",
    "Hace tres dias": "2024-05-14",
    "1 día atrás": "2024-05-16",
    "3 días atrás": "2024-05-14",
    "1 day ago": "2024-05-16",
    "a day ago": "2024-05-16",
    "20 days ago": "2024-04-27",
    "hace 5 horas": "2024-05-17",
    "hace 30 minutos": "2024-05-17",
    "3 hours ago": "2024-05-17",
    "30 hours ago": "2024-05-16",
    "5h ago": "2024-05-17",
    "hace 2 h": "2024-05-17",
    "ayer a las 10:30": "2024-05-16",
    "il y a 3 jours": "2024-05-14",
    "há 3 dias": "2024-05-14",
    "vor einem Tag": "2024-05-16",
    "2 giorni fa": "2024-05-15",
    "hier": "2024-05-16",
    "anteontem": "2024-05-15",
    "hace 1 año": "2023",
    "2 years ago": "2022",
}

UNRESOLVABLE = [
    "31 feb 2023",
    "29 de febrero de 2023",
    "Feb 30, 2023",
    "2023-13",
    "2023-00",
    "2023-03-32",
    "13/13/2023",
    "00/05/2023",
    "08/03/23",
    "8 mar 23",
    "hace un par de días",
    "0999",
    "2101",
    "99999",
    "8 mar",
    "8 de marzo",
    "2023-2024",
    "enero-marzo 2023",
    "s. f.",
    "[sin fecha]",
    "hace unos días",
    "hace mucho",
    "9999 years ago",
    "el 8 de marzo de 2023 en Madrid",
    "٨ mar 2023",
    "",
]


@pytest.mark.parametrize(("text", "expected"), ABSOLUTE.items(), ids=ABSOLUTE)
def test_a_date_of_the_calendar_is_read(text: str, expected: str) -> None:
    """It is as precise as it is certain, keeps the source's words, and does not depend on the day of retrieval."""
    found = parse_date(text, origin="front matter")
    assert (str(found), found.text, found.origin) == (expected, text.strip(), "front matter")
    assert parse_date(text, origin="front matter", retrieved=FRIDAY) == found
    assert found.resolved_against is None


@pytest.mark.parametrize(("text", "expected"), RELATIVE.items(), ids=RELATIVE)
def test_a_relative_date_is_counted_from_the_day_of_retrieval(text: str, expected: str) -> None:
    """It says against which day it was resolved; without that day it is undated and keeps the source's words."""
    found = parse_date(text, origin="prefix", retrieved=FRIDAY)
    assert (str(found), found.resolved_against) == (expected, FRIDAY)
    assert parse_date(text, origin="prefix") == PublicationDate(origin="prefix", text=text)


@pytest.mark.parametrize("text", UNRESOLVABLE)
def test_what_is_no_certain_date_is_undated(text: str) -> None:
    """Days the calendar lacks, vague counts, two-digit years and other words are kept as words, never guessed."""
    assert parse_date(text, origin="text", retrieved=FRIDAY) == PublicationDate(origin="text", text=text)


@pytest.mark.parametrize(
    ("text", "retrieved", "first", "last", "precision"),
    [
        ("hace 2 meses", date(2024, 5, 20), date(2024, 2, 19), date(2024, 4, 5), "year"),
        ("hace un mes", date(2024, 5, 17), date(2024, 3, 17), date(2024, 5, 2), "year"),
        ("5 months ago", date(2024, 5, 17), None, None, None),
        ("hace una semana", date(2024, 5, 17), date(2024, 5, 4), date(2024, 5, 13), "month"),
        ("2 weeks ago", date(2024, 5, 17), date(2024, 4, 27), date(2024, 5, 6), "year"),
        ("hace 2 semanas", date(2024, 1, 17), None, None, None),
    ],
)
def test_weeks_and_months_are_an_interval_no_more_precise_than_they_are_certain(
    text: str, retrieved: date, first: date | None, last: date | None, precision: str | None
) -> None:
    """A count holds for rounding and cutting down alike; over New Year no calendar unit holds it."""
    found = parse_date(text, origin="prefix", retrieved=retrieved)
    assert (found.first, found.last, found.precision) == (first, last, precision)


@settings(deadline=None, max_examples=100)
@given(
    weeks=st.integers(1, 60),
    part=st.integers(-3, 6),
    retrieved=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)),
)
def test_weeks_hold_every_day_they_may_mean(weeks: int, part: int, retrieved: date) -> None:
    """Whether an engine rounds to the nearest week or cuts down, the day of publication lies in the interval."""
    published = retrieved - timedelta(days=7 * weeks + part)
    found = parse_date(f"{weeks} weeks ago", origin="prefix", retrieved=retrieved)
    assert not found.known or (found.first is not None and found.last is not None)
    if found.first and found.last:
        assert found.first <= published <= found.last
        assert all(
            str(interval(day.year, day.month)).startswith(str(found)) for day in (found.first, published, found.last)
        )


@settings(deadline=None, max_examples=100)
@given(
    months=st.integers(1, 60),
    part=st.floats(-0.5, 0.99),
    retrieved=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)),
)
def test_months_hold_every_day_they_may_mean(months: int, part: float, retrieved: date) -> None:
    """Months of 30 days or of the calendar, rounded or cut down: the day of publication lies in the interval."""
    for days in (30, 30.44):
        published = retrieved - timedelta(days=int(days * (months + part)))
        found = parse_date(f"hace {months} meses", origin="prefix", retrieved=retrieved)
        assert not found.first or not found.last or found.first <= published <= found.last


@settings(deadline=None, max_examples=100)
@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(2100, 12, 31)), language=st.sampled_from(["es", "en"]))
def test_a_written_date_reads_back(day: date, language: str) -> None:
    """`format_date` and `parse_date` agree for every day, month and year, in both languages."""
    for parts in ((day.year,), (day.year, day.month), (day.year, day.month, day.day)):
        published = interval(*parts)
        found = parse_date(format_date(published, language), origin="text")
        assert (found.first, found.last, found.precision) == (published.first, published.last, published.precision)


@settings(deadline=None, max_examples=100)
@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(2100, 12, 31)))
def test_figures_with_slashes_are_never_wrong(day: date) -> None:
    """Whichever order a source meant, the day it meant lies in what is read."""
    for text in (f"{day:%d/%m}/{day.year}", f"{day:%m/%d}/{day.year}"):
        found = parse_date(text, origin="text")
        assert found.first is not None
        assert found.last is not None
        assert found.first <= day <= found.last


@settings(deadline=None, max_examples=100)
@given(
    text=st.one_of(
        st.text(),
        st.text(alphabet="0123456789/-. :T+Z", max_size=20),
        st.builds(
            "{} {} {}".format,
            st.integers(0, 10**9),
            st.sampled_from(["mar", "de mayo de", "weeks ago", "años atrás"]),
            st.integers(0, 99999),
        ),
        st.builds("hace {} {}".format, st.integers(0, 99999), st.sampled_from(["horas", "semanas", "meses", "años"])),
    ),
    retrieved=st.one_of(st.none(), st.dates()),
)
def test_no_text_breaks_the_grammar(text: str, retrieved: date | None) -> None:
    """Any text gives an ordered interval within the years that count, or none; its words are always kept."""
    found = parse_date(text, origin="text", retrieved=retrieved)
    assert found.text == text.strip()
    assert (found.first is None) == (found.last is None) == (found.precision is None)
    if found.first and found.last:
        assert date(1000, 1, 1) <= found.first <= found.last <= date(2100, 12, 31)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-05-17", date(2023, 5, 17), date(2023, 5, 17)),
    ],
)
def test_a_limit_is_a_year_a_month_or_a_day(text: str, first: date, last: date) -> None:
    """A limit carries both its days: `since` counts from the first, `until` and `as_of` to the last."""
    limit = parse_limit(text)
    assert (limit.first, limit.last, str(limit)) == (first, last, text)


@pytest.mark.parametrize("text", ["", "mayo", "2023-13", "2023-5", "17/05/2023", "0000", "2023-02-30", "٢٠٢٣", "ayer"])
def test_another_limit_is_refused_with_the_three_forms(text: str) -> None:
    """The error names what was given and what is understood."""
    with pytest.raises(DateError, match="write 2023, 2023-05 or 2023-05-17") as error:
        parse_limit(text)
    assert f"“{text}”" in str(error.value)


@pytest.mark.parametrize(
    ("text", "spanish", "english"),
    [
        ("2023-03-08", "8 de marzo de 2023", "8 March 2023"),
        ("2023-03", "marzo de 2023", "March 2023"),
        ("2023", "2023", "2023"),
        ("1 día  atrás", "sin fecha («1 día atrás»)", "undated (“1 día atrás”)"),
        ("", "sin fecha", "undated"),
    ],
)
def test_a_date_is_written_as_precisely_as_it_is_known(text: str, spanish: str, english: str) -> None:
    """In Spanish, and in English for any other language."""
    published = parse_date(text, origin="text")
    written = [format_date(published, language) for language in ("es", "en", "fr")]
    assert written == [spanish, english, english]


def split(text: str, retrieved: date | None = None) -> list[tuple[str, str]]:
    """Return the words that date each snippet, and the snippet."""
    return [(snippet.date.text, snippet.text) for snippet in split_snippets(text, retrieved=retrieved)]


def test_snippets_on_one_line_are_told_apart() -> None:
    """The founding form: English months before Spanish text, a relative date last, all on one line."""
    text = (
        "\n  Mar 8, 2023 · Los avances son grandes. En este estudio, investiguamos. "
        "Feb 27, 2024 · Este informe explora. Oct 24, 2023 · Utilizamos los datos. "
        "1 día atrás · Los LLMs transforman la medicina.\n"
    )
    snippets = split_snippets(text)
    assert [(str(snippet.date), snippet.date.text, snippet.text) for snippet in snippets] == [
        ("2023-03-08", "Mar 8, 2023", "Los avances son grandes. En este estudio, investiguamos."),
        ("2024-02-27", "Feb 27, 2024", "Este informe explora."),
        ("2023-10-24", "Oct 24, 2023", "Utilizamos los datos."),
        ("", "1 día atrás", "Los LLMs transforman la medicina."),
    ]
    assert {snippet.date.origin for snippet in snippets} == {"prefix"}
    assert str(split_snippets(text, retrieved=FRIDAY)[-1].date) == "2024-05-16"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 mar 2023 — Uno", [("8 mar 2023", "Uno")]),
        ("8 mar. 2023 - Uno", [("8 mar. 2023", "Uno")]),
        ("hace 3 días – Uno", [("hace 3 días", "Uno")]),
        ("hace 3 días · uno", [("hace 3 días", "uno")]),
        ("8 mar 2023 | Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023 • Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023·Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023 ·\nUno", [("8 mar 2023", "Uno")]),
        ("8 de marzo de 2023: Uno", [("8 de marzo de 2023", "Uno")]),
        ("2023 · Uno solo.", [("2023", "Uno solo.")]),
        ("2023 — Uno solo…", [("2023", "Uno solo…")]),
        ("8 mar · Uno solo.", [("8 mar", "Uno solo.")]),
        ("8 mar 2023—Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023 -- Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023 ... uno", [("8 mar 2023", "uno")]),
        ("8 mar 2023 &middot; Uno", [("8 mar 2023", "Uno")]),
        ("8 mar 2023\nUno", [("8 mar 2023", "Uno")]),
        ("Madrid, 8 de marzo de 2023.- Uno", [("8 de marzo de 2023", "Uno")]),
        ("Actualizado el 8 mar 2023 · Uno", [("8 mar 2023", "Uno")]),
        ("Published: Mar 8, 2023 — Uno", [("Mar 8, 2023", "Uno")]),
        ("Un Diario · 8 mar 2023 · Uno", [("8 mar 2023", "Uno")]),
        ("Un Diario - hace 3 horas - Uno", [("hace 3 horas", "Uno")]),
        ("www.a.example › b — 8 mar 2023 · Uno", [("8 mar 2023", "Uno")]),
        ("[PDF] 8 mar 2023 · Uno", [("8 mar 2023", "Uno")]),
        ("Citado por 120 · 8 mar 2023 · 5 min · Uno", [("8 mar 2023", "Uno")]),
        ("Uno.\nsin fecha · Dos", [("", "Uno."), ("", "Dos")]),
        ("Wed, Mar 8, 2023, 10:30 AM · Uno", [("Wed, Mar 8, 2023, 10:30 AM", "Uno")]),
        ("31 feb 2023 · Uno", [("31 feb 2023", "Uno")]),
        ("8. März 2023 · Eins", [("8. März 2023", "Eins")]),
        ("Un título. 3 days ago · Uno", [("", "Un título."), ("3 days ago", "Uno")]),
        ("Un título\n3 days ago · Uno", [("", "Un título"), ("3 days ago", "Uno")]),
        ("hoy · Uno… ayer · Dos... 8 mar 2023 · Tres", [("hoy", "Uno…"), ("ayer", "Dos..."), ("8 mar 2023", "Tres")]),
        ("hoy · «Uno.» ayer · (Dos.) hoy · Tres", [("hoy", "«Uno.»"), ("ayer", "(Dos.)"), ("hoy", "Tres")]),
        ("- May 1, 2023 · Uno\n- 2 mayo 2023 · Dos", [("May 1, 2023", "Uno"), ("2 mayo 2023", "Dos")]),
        ("1. May 1, 2023 · Uno\n\n2) hoy · Dos", [("May 1, 2023", "Uno"), ("hoy", "Dos")]),
        ("May 1, 2023 · 3 de cada 4 - o más", [("May 1, 2023", "3 de cada 4 - o más")]),
        ("May 1, 2023 · \n\n hoy · Dos", [("hoy", "Dos")]),
    ],
)
def test_a_prefix_is_a_date_and_a_mark(text: str, expected: list[tuple[str, str]]) -> None:
    """At the beginning of a text, a line or a sentence; what stands before the first is a snippet without a date."""
    assert split(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Los datos sintéticos · un resumen - con marcas",
        "2023 fue un año de avances.",
        "8 de marzo de 2023, Madrid – Los datos",
        "Mar 8, 2023 was a Wednesday - a good one",
        "Vale desde el 8 de marzo de 2023 - fecha de publicación",
        "Entró en vigor. El 8 de marzo de 2023 - día de fiesta - se supo.",
        "2023 - fecha de entrada",
        "2019 – 2022 fueron años duros",
        "enero 2020 – diciembre 2022: estudio",
        "8 mar 2023 – 10 mar 2023 en Madrid",
        "Hoy — más que nunca — importa",
        "Hoy: nada",
        "2023: el año de los datos",
        "Acabó. 8 de marzo de 2023: notas",
        "2023 | 45 | 60",
        "1945 · Una novela",
        "1984 · Una novela sobre la vigilancia.",
        "20 de noviembre · calle y metro",
        "8 de marzo: Día de la Mujer",
        "Hace 3 días — más o menos — llovió",
        "Hoy… nada",
        "Un Diario · 2023 · Uno",
        "El aire - 8 mar 2023 - limpio",
        "8 de marzo de 2023\n- una lista",
        "Vale desde el 8 mar. 2023 - Fecha de publicación",
        "Gilt ab dem 8. März 2023 · Datum",
        "Mar 8, 2023 ·",
        "Un texto. Mar 8, 2023 ·",
    ],
)
def test_a_sentence_that_holds_a_date_is_no_snippet(text: str) -> None:
    """Dates in a sentence, ranges, tables and headings do not date what follows."""
    assert split_snippets(text) == ()


DATES = st.sampled_from([text for text in (*ABSOLUTE, *RELATIVE, "31 feb 2023") if not text.isalnum()]).map(
    lambda text: " ".join(text.split())
)
WORDS = ("Los", "datos", "—", "de", "2023", "-", "2024", "«sirven»,", "etc.,", "(3,5 %)", "·", "y el 8 mar. 2023", "no")
TEXTS = st.lists(st.sampled_from(WORDS)).map(lambda words: " ".join(["Texto", *words, "final."]))


@settings(deadline=None, max_examples=100)
@given(
    pairs=st.lists(st.tuples(DATES, TEXTS), min_size=1, max_size=5),
    mark=st.sampled_from([" · ", " — ", " – ", " - ", " | ", " • "]),
    space=st.sampled_from([" ", "\n", "\n\n", "\n- ", "\r\n"]),
)
def test_joined_snippets_come_apart_again(pairs: list[tuple[str, str]], mark: str, space: str) -> None:
    """Whatever the dates and the marks between, splitting gives back what was joined."""
    assert split(space.join(f"{words}{mark}{text}" for words, text in pairs)) == pairs


@settings(deadline=None, max_examples=100)
@given(
    pieces=st.lists(
        st.one_of(DATES, TEXTS, st.text(max_size=8), st.sampled_from([" · ", " - ", ": ", "\n", ". ", " ", "1. "]))
    )
)
def test_snippets_lie_in_their_text(pieces: list[str]) -> None:
    """For any text the spans are in order, in bounds, and hold just the snippet; only the first can be undated."""
    text = "".join(pieces)
    snippets = split_snippets(text, retrieved=FRIDAY)
    edges = [0, *(offset for snippet in snippets for offset in (snippet.start, snippet.end)), len(text)]
    assert edges == sorted(edges)
    assert all(text[snippet.start : snippet.end] == snippet.text.strip() != "" for snippet in snippets)
    assert all(snippet.date != UNDATED for snippet in snippets[1:])
    assert all(snippet.prefix for snippet in snippets[1:])
    assert len(snippets) != 1 or snippets[0].date != UNDATED


def test_what_is_uncertain_dates_nothing() -> None:
    """Figures in either order, a year of two digits, no year, and a day after the day of retrieval: undated, with the
    source's words; a day later may be tomorrow's date elsewhere.
    """
    for words in ("08/03/2023", "8 mar 23", "8 mar", "12 dic 2049", "19 may 2024"):
        (snippet,) = split_snippets(f"{words} · Una frase entera.", retrieved=FRIDAY)
        assert (snippet.date.known, snippet.date.text) == (False, words)
    assert split_snippets("18 may 2024 · Uno.", retrieved=FRIDAY)[0].date.known


def test_of_two_labelled_dates_the_publication_counts() -> None:
    """The earlier one, whichever stands first."""
    for text in (
        "Publicado: 3 ene 2022 · Actualizado: 8 mar 2023 · Uno",
        "Updated Mar 8, 2023 · Published Jan 3, 2022 · Uno",
    ):
        (snippet,) = split_snippets(text)
        assert (str(snippet.date), snippet.text) == ("2022-01-03", "Uno")


RESULT = "Una guía\nhttps://a.example/guia\n8 mar 2023 — Uno."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RESULT, [("Una guía", "https://a.example/guia", "Uno.")]),
        ("https://a.example/x\n8 mar 2023 — Uno.", [("", "https://a.example/x", "Uno.")]),
        ("https://a.example/x\nUna guía\n8 mar 2023 — Uno.", [("Una guía", "https://a.example/x", "Uno.")]),
        (
            "Una guía\nSitio\nhttps://www.sitio.example › b\nhoy · Uno.",
            [("Una guía", "https://www.sitio.example", "Uno.")],
        ),
        ("sitio.example › b\nhoy · Uno.", [("", "", "Uno.")]),
        (
            f"{RESULT}\nOtra\nhttps://b.example/y\nhoy · Dos.",
            [("Una guía", "https://a.example/guia", "Uno."), ("Otra", "https://b.example/y", "Dos.")],
        ),
        ("hoy · Uno.\nhttps://a.example/x\nayer · Dos.", [("", "", "Uno.\nhttps://a.example/x"), ("", "", "Dos.")]),
        ("hoy · Uno.\nhttps://a.example/x\n\nayer · Dos.", [("", "", "Uno.\nhttps://a.example/x"), ("", "", "Dos.")]),
        (
            "Fin de otra\nUna guía\nhttps://a.example/x\nhoy · Uno.",
            [("", "", "Fin de otra\nUna guía\nhttps://a.example/x"), ("", "", "Uno.")],
        ),
    ],
)
def test_a_title_and_an_address_above_a_snippet_are_its_own(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Where the form leaves no doubt; an address under a snippet is not taken for the next one's."""
    assert [(snippet.title, snippet.url, snippet.text) for snippet in split_snippets(text)] == expected


OUTCOMES = tuple(judge(line) for line in read_lines())


def test_no_labelled_snippet_is_silently_misdated() -> None:
    """Over the whole labelled set no date is read that no acceptable label has."""
    assert len(OUTCOMES) == 495
    assert [outcome.line.text for outcome in OUTCOMES if outcome.wrong] == []


def test_labelled_snippets_are_dated_and_cut_right() -> None:
    """All of the half the grammar was developed on, and of the other what was reached: 233 of 247 before its failures
    were read, 246 since.
    """
    right = {half: sum(o.line.half == half and o.result == "right" for o in OUTCOMES) for half in ("odd", "even")}
    assert right["odd"] == 248
    assert right["even"] >= 246
