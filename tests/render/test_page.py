"""Claims about the report page as text: what stands in it, what its policy lets run, that nothing of a source acts."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from rag.records import (
    Brief,
    CheckedSection,
    Citation,
    Control,
    Excerpt,
    Heading,
    PublicationDate,
    Report,
    Sentence,
    Source,
    TimeLimits,
)
from rag.render.page import to_html
from rag.render.page.marks import Mark, cuts, marks
from rag.render.page.markup import link, tag, text
from rag.surroundings import Surrounding
from tests.render.shown_reports import AGO, HOSTILE, MONTH, RUN, excerpt, hostile, many, numbered, rich, source

ANYTHING = st.text(st.characters(codec=None), max_size=40)


def parsed(page: str) -> Any:
    """Return a page as a parser sees it."""
    return html.document_fromstring(page)


def rich_page() -> Any:
    """Return the page with all there is to show."""
    report, around = rich()
    return parsed(to_html(report, surroundings=around, run=RUN))


def words(element: Any) -> str:
    """Return the words of an element, on one line."""
    return " ".join(element.text_content().split())


def one(page: Any, id_: str) -> Any:
    """Return the only element of that id."""
    (found,) = page.xpath("//*[@id=$id]", id=id_)
    return found


def test_the_same_report_gives_the_same_bytes() -> None:
    """Also with pictures, and with 200 sources."""
    report, around = rich()
    assert to_html(report, surroundings=around, run=RUN) == to_html(report, surroundings=around, run=RUN)
    assert to_html(many(20)[0]) == to_html(many(20)[0])


def test_only_our_script_and_style_may_act() -> None:
    """The policy names the hashes of the one script and the one style that stand in the page, and allows no other."""
    report, around = rich()
    page = parsed(to_html(report, surroundings=around))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["base-uri"], rules["form-action"], rules["img-src"]) == ("'none'", "'none'", "data:")
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        (element,) = page.iter(name)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    first = [meta.get("http-equiv") or meta.get("charset") for meta in page.iter("meta")][:2]
    assert first == ["utf-8", "Content-Security-Policy"]


def assert_inert(page: Any) -> None:
    """Assert that nothing in a page acts but what is ours, and that it leads nowhere but to the web."""
    assert [len(list(page.iter(name))) for name in ("script", "style", "base", "iframe", "form", "img", "object")] == [
        1, 1, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name in {"style", "srcdoc", "action"}]
        target = element.get("href", "#")
        assert target.startswith(("#", "https://", "http://", "data:image/png;base64,")), target
        if target.startswith("http"):
            assert element.get("rel") == "noopener noreferrer"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_hostile_report_is_inert() -> None:
    """No text of a source, a model or a person makes an element, an attribute or an address."""
    report, around, run = hostile()
    page = to_html(report, surroundings=around, run=run)
    page.encode("utf-8")
    assert_inert(parsed(page))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", page)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, ANYTHING, st.text(max_size=20))
def test_any_text_anywhere_is_inert(title: str, body: str, key: str) -> None:
    """Whatever title, excerpt, key, address, language, verdict's reason or setting there is."""
    known = Source(
        "1", (title,), body, title=title, authors=(body, key), url=title, doi=body, language=key, journal=key
    )
    held = Excerpt(key, known, body, 0, len(body), (title,), 1)
    heading = Heading(title, title, 3, body)
    sentence = Sentence(title + body, citations=(Citation(key, body),), verdict="partly", reason=key)
    section = CheckedSection(heading, (Sentence(body, kind="author"),), (sentence,), key, (held,))
    report = Report(Brief(title, (heading,), language=key, role=body), (section,), (numbered(1, held),))
    page = to_html(report, surroundings={key: Surrounding(title, body)}, run=replace(RUN, settings={title: body}))
    assert_inert(parsed(page))


def test_an_address_is_a_link_only_where_it_leads_to_the_web() -> None:
    """Anything else stands there as text."""
    known = source(1)
    assert 'href="https://doi.org/10.1/a%22b"' in link(replace(known, doi='10.1/a"b'))
    assert link(replace(known, url="HTTPS://example.org/x?y=1&z")).startswith("<a ")
    for address in ("javascript:alert(1)", "data:text/html,x", "//example.org", "https:", "http://[x", "ht\ntp://x"):
        assert link(replace(known, url=address)) == text(address), address


def test_text_and_attributes_are_escaped() -> None:
    """And what is not seen is left out of both."""
    assert text("a<b>&\"'\u202e\x00\ud800") == "a&lt;b&gt;&amp;&quot;&#x27;\ufffd"
    assert tag("p", text("x"), data_by='"', hidden=True, lang=None, title=False) == '<p data-by="&quot;" hidden>x</p>'


# The text


def test_headings_stand_as_in_the_brief_and_no_level_is_skipped() -> None:
    """The page's title comes first; a level three right under a level one is set as the next one below."""
    page = rich_page()
    assert [(each.tag, words(each)) for each in page.xpath("//h1 | //*[@id='text']//h2 | //*[@id='text']//h3")] == [
        ("h1", "Datos sintéticos"), ("h2", "Datos"), ("h3", "Límites"),
    ]  # fmt: skip


def test_the_authors_text_is_marked_as_the_authors() -> None:
    """With its own line ends before the items of a list."""
    (author,) = rich_page().xpath("//div[@class='author']")
    assert author.get("aria-label") == "Texto del autor, sin comprobar"
    assert "<br>- uno<br>- dos" in html.tostring(author, encoding="unicode")


def test_an_authors_later_sentence_shows_its_markers_once() -> None:
    """Among the written ones, as the author's: its typed numbers become the marks that open an excerpt; its emphases
    are set, and what looks like HTML in it is text.
    """
    report, around = rich()
    first, *others = report.sections
    typed = Sentence("Lo digo **yo** con <b>fuerza</b> [1].", "author", (Citation("aaaaaa"),))
    changed = replace(report, sections=(replace(first, written=(typed, *first.written)), *others))
    page = parsed(to_html(changed, surroundings=around))
    (own,) = page.xpath("//span[@class='sentence own'][.//strong]")
    assert words(own).count("[1]") == 1
    assert "<b>fuerza</b>" in words(own)
    assert [strong.text for strong in own.xpath(".//strong")] == ["yo"]
    assert own.xpath(".//b") == []


def test_markers_stand_before_the_closing_punctuation() -> None:
    """One for each source, in ascending order, and lead to an excerpt that is in the page."""
    page = rich_page()
    assert words(one(page, "s0-0")).endswith("«los hospitales los prefieren cuando no pueden compartir sus historias "
                                             "clínicas» [1].=(literal)")  # fmt: skip
    assert words(one(page, "s0-3")) == "Frase verbatim de prueba [1][3].=(literal)"
    for marker in page.xpath("//a[contains(@class, 'cite')]"):
        assert one(page, marker.get("href")[1:]).get("class") == "excerpt"


def test_every_verdict_has_a_sign_and_a_name_of_its_own() -> None:
    """Whoever sees no colours, and whoever sees nothing, is told the same."""
    page = rich_page()
    signs = page.xpath("//*[@id='text']//span[contains(@class, 'verdict')]")
    told = {(each.get("class"), words(each)) for each in signs}
    assert len({name for name, _ in told}) == len({sign[0] for _, sign in told}) == len(told) == 7


def test_notes_say_what_is_offered_and_what_another_source_says() -> None:
    """They carry markers of their own."""
    notes = [words(each) for each in rich_page().xpath("//ul[@class='notes']/li")]
    assert notes == [
        "Una frase retirada.",
        "La frase inicial, del autor, dice lo mismo que una fuente: puede citarse [4].",
        "Sobre «Los modelos pequeños suelen aprender bien»: otra fuente da otra cifra [3].",
        "Las fuentes no dicen nada.",
    ]


# Marks


def test_what_is_marked() -> None:
    """The words quoted, else the whole sentence, else what it prints between quotation marks, else what is most like
    it; a quotation with an ellipsis is marked in its parts.
    """
    held = excerpt("aaaaaa", source(1), "Los datos crecen cada año. Los hospitales los usan sin permiso de nadie.")

    def marked(sentence: str, quote: str = "") -> list[tuple[str, bool]]:
        found = marks(sentence, held, by="s", quote=quote, language="es")
        return [(held.text[each.start : each.end], each.exact) for each in found]

    assert marked("Otra cosa.", "Los hospitales los usan") == [("Los hospitales los usan", True)]
    assert marked("Los datos crecen cada año.") == [("Los datos crecen cada año", True)]
    assert marked("Dicen: «los hospitales los usan».") == [("Los hospitales los usan", True)]
    assert marked("x", "Los datos […] los usan sin permiso") == [("Los datos", True), ("los usan sin permiso", True)]
    assert marked("Sin permiso, cada hospital usa datos que crecen.")[0][1] is False
    assert marked("El clima de Marte es frío y seco.") == []


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_parts_make_the_whole(length: int, spans: list[tuple[int, int]]) -> None:
    """Cut at its marks, a text is all there, once, and each part bears exactly the marks that lie over it."""
    held = [Mark(min(a, b, length), min(max(a, b), length), str(n)) for n, (a, b) in enumerate(spans)]
    parts = list(cuts(length, held))
    assert [place for start, end, _ in parts for place in range(start, end)] == list(range(length))
    for start, end, over in parts:
        for place in range(start, end):
            assert set(over) == {each for each in held if each.start <= place < each.end}


def test_marks_of_several_sentences_are_told_apart() -> None:
    """Each stretch names all sentences that take it."""
    held = excerpt("aaaaaa", source(1), "Uno dos tres cuatro cinco seis siete.")
    sentences = (
        Sentence("Una.", citations=(Citation("aaaaaa", "Uno dos tres cuatro"),)),
        Sentence("Otra.", citations=(Citation("aaaaaa", "tres cuatro cinco"),)),
    )
    section = CheckedSection(Heading("# T", "T", 1), (), sentences)
    page = parsed(to_html(Report(Brief("T", (section.heading,)), (section,), (numbered(1, held),))))
    assert [(words(each), each.get("data-by")) for each in page.iter("mark")] == [
        ("Uno dos", "s0-0"), ("tres cuatro", "s0-0 s0-1"), ("cinco", "s0-1"),
    ]  # fmt: skip


def test_a_picture_has_a_box_for_each_run_of_marked_words() -> None:
    """Words on one line share one; the picture is part of the page."""
    page = rich_page()
    (picture,) = page.xpath("//*[@id='x-aaaaaa']//svg")
    assert picture.get("aria-label").startswith("Imagen de la página 1")
    assert picture.xpath("image/@href")[0].startswith("data:image/png;base64,iVBOR")
    assert len(picture.xpath("rect[contains(@data-by, 's0-0')]")) == 2
    assert "el archivo ha cambiado" in words(one(page, "x-bbbbbb"))


def test_a_replay_on_another_machine_shows_the_excerpts_alone() -> None:
    """Without surroundings and without a run the page is whole."""
    report, _ = rich()
    page = parsed(to_html(report))
    assert_inert(page)
    assert "los hospitales los prefieren" in words(one(page, "x-aaaaaa"))
    assert not page.xpath("//image | //*[@class='around']")
    assert "un modelo de lenguaje" in words(one(page, "made"))


# What stands below


def test_sources_can_be_sorted_by_what_they_bear() -> None:
    """Number, ISO date and how many written sentences cite it; the date in words as precise as known."""
    rows = one(rich_page(), "sources").xpath("tbody/tr")
    assert [(row.get("data-number"), row.get("data-date"), row.get("data-use")) for row in rows] == [
        ("1", "2023-03-08", "8"), ("2", "2021-06", "1"), ("3", "2018", "7"), ("4", "", "0"),
    ]  # fmt: skip
    dates = [words(row.xpath("td[contains(@class, 'c-date')]")[0]) for row in rows]
    assert dates == ["8 de marzo de 2023", "junio de 2021", "2018", "sin fecha («1 día atrás»)"]


def test_the_timeline_tells_cited_from_found_and_days_from_years() -> None:
    """Once for wide screens and once for narrow ones; what is undated stands beside the axis."""
    (figure,) = rich_page().xpath("//figure[@class='timeline']")
    for drawing in figure.xpath("svg"):
        assert drawing.get("aria-label") == (
            "Cronología: 4 fuentes citadas y 1 halladas sin citar, de 2018 a 2023; 1 sin fecha"
        )
        marked = {each.xpath("title")[0].text: each for each in drawing.xpath("rect[title]")}
        place = {name: float(each.get("x")) for name, each in marked.items()}
        width = {name: float(each.get("width")) for name, each in marked.items()}
        day, month, year, undated = (
            next(name for name in marked if name.startswith(f"[{number}]")) for number in (1, 2, 3, 4)
        )
        assert place[year] < place[month] < place[day] < place[undated]
        assert width[year] > 4 * width[day]
        assert [each.get("class") for name, each in marked.items() if name[0] != "["] == ["found"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dates(), min_size=1, max_size=12))
def test_any_dates_fit_on_the_timeline(days: list[date]) -> None:
    """From year 1 to 9999, all marks and labels lie inside the drawing."""
    dates = [PublicationDate(day, day, "day") for day in days]
    excerpts = tuple(excerpt(f"k{n:05}", source(n, when), "x") for n, when in enumerate(dates))
    section = CheckedSection(Heading("# T", "T", 1), (), (), "", excerpts)
    page = parsed(to_html(Report(Brief("T", (section.heading,)), (section,), ())))
    for drawing in page.xpath("//figure[@class='timeline']/svg"):
        _, _, width, height = map(float, drawing.get("viewbox").split())
        assert height < 400
        for mark in drawing.xpath("rect"):
            assert 0 <= float(mark.get("x")) <= float(mark.get("x")) + float(mark.get("width")) <= width
            assert 0 <= float(mark.get("y")) <= height
        assert all(0 <= float(label.get("x")) <= width for label in drawing.xpath("text"))


def test_words_checks_and_making_are_told() -> None:
    """Figures of the report, a control that passed, findings also of sentences that are gone; no secrets."""
    page = rich_page()
    table = [" ".join(map(words, row)) for row in one(page, "words").xpath(".//tbody/tr")]
    assert table == ["Datos 120 6 54 60 –", "Límites 80 0 0 0 –", "Todo 200 6 54 60 –"]
    checks = words(one(page, "checks"))
    for said in ("Frases escritas: 10; literales: 2", "Control superado", "sentido contrario41", "nombre ausente"):
        assert said in checks
    made = words(one(page, "made"))
    for said in ("prosa-7b", "multilingual-e5-small", "1200 tókenes", "escribir 12.5 s", "http://127.0.0.1:8080/v1"):
        assert said in made
    assert "clave" not in made
    assert "secreto" not in made


def test_a_failed_control_says_not_checked() -> None:
    """And one that planted nothing says that."""
    report, _ = rich()
    failed = replace(report, control=Control((("digit", 10, 2), ("key", 10, 10))))
    assert "Sin comprobar: el control no ha superado" in to_html(failed)
    assert "Sin control" in to_html(replace(report, control=None))


def test_the_interface_speaks_the_briefs_language() -> None:
    """English for any language but Spanish; the page says which it is in, and each excerpt which it is in."""
    report, around = rich()
    english = replace(report, brief=replace(report.brief, language="en", limits=TimeLimits(until=date(2024, 5, 1))))
    page = parsed(to_html(english, surroundings=around, run=RUN))
    assert page.get("lang") == "en"
    shown = words(page.xpath("//body")[0])
    for said in (
        "References",
        "8 March 2023, page 1",
        "meaning not checked",
        "How it was made",
        "Sources until1 May 2024",
    ):
        assert said in shown
    assert not re.search(r"Fuente|Página|Palabras|Veredicto", shown)
    assert page.xpath("//*[@id='x-aaaaaa']//blockquote/@lang") == ["es"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_empty_report_is_a_page(language: str) -> None:
    """Without sources, without sentences, even without sections."""
    heading = Heading("# T", "T", 1)
    for sections in ((), (CheckedSection(heading, (), (), "Nada."),)):
        page = parsed(to_html(Report(Brief("T", (heading,), language=language), sections, ())))
        assert_inert(page)
        assert not page.xpath("//table[@id='sources']")


def test_an_author_is_shown_with_the_verdicts_there_are() -> None:
    """A sentence of the author's that was checked bears its sign."""
    heading = Heading("# T", "T", 1, "Crece. Y baja.")
    author = (Sentence("Crece.", kind="author", verdict="supported"), Sentence("Y baja.", kind="author"))
    page = parsed(to_html(Report(Brief("T", (heading,), language="es"), (CheckedSection(heading, author, ()),), ())))
    (block,) = page.xpath("//div[@class='author']")
    assert words(block) == "Texto del autorCrece.✓(sostenida) Y baja."


def test_a_page_of_two_hundred_sources_is_small() -> None:
    """Without pictures it stays under a megabyte."""
    report, around = many(200)
    assert len(to_html(report, surroundings=around)) < 1_000_000


def test_undated_and_monthly_sources_alone_have_a_timeline() -> None:
    """Also where no day is known."""
    for when in (AGO, MONTH):
        section = CheckedSection(Heading("# T", "T", 1), (), (), "", (excerpt("aaaaaa", source(1, when), HOSTILE),))
        assert parsed(to_html(Report(Brief("T", (section.heading,)), (section,), ()))).xpath("//figure//rect")
