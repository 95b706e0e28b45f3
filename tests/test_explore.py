"""Pictures and tables of evidence: what they hold, for any source and any brief."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import style
from matplotlib.dates import num2date
from matplotlib.patches import Rectangle
from PIL import Image

from rag.errors import RagError
from rag.explore import Picture, changes, gaps, heatmap, periods, scores, timeline
from rag.explore.picture import fit, wrap
from rag.library import Hits, Plan
from rag.records import UNDATED, Brief, Evidence, Excerpt, Gap, Heading, LeftOut, PublicationDate, Source, TimeLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

DAY = PublicationDate(datetime.date(2023, 3, 8), datetime.date(2023, 3, 8), "day")
MONTH = PublicationDate(datetime.date(2021, 6, 1), datetime.date(2021, 6, 30), "month")
YEAR = PublicationDate(datetime.date(2018, 1, 1), datetime.date(2018, 12, 31), "year")
AGO = PublicationDate(text="1 día atrás")
PARTS = (("dense", 0.9), ("lexical", 4.0), ("recency", 0.04))
HOSTILE = "$\\frac{1}{0}$ <b>_x^2</b> & %d {0} \\n \x00\u202e\u0007 日本語 🧬 ﷽ " + "W" * 300


def excerpt(
    key: str, date: PublicationDate = DAY, *, title: str = "Un título", source: str = "", language: str = "es"
) -> Excerpt:
    """Return an excerpt of a source of its own, or of a named one."""
    held = Source(source or key, (f"{key}.md",), "markdown", title=title, date=date, language=language)
    return Excerpt(key, held, f"Texto de {key}.", 0, 20, score=0.8, parts=(*PARTS, ("diversity", -0.1)))


def section(*excerpts: Excerpt, title: str = "Apartado", left_out: tuple[LeftOut, ...] = ()) -> Evidence:
    """Return evidence under a heading."""
    return Evidence(Heading(f"# {title}", title, 1), excerpts, left_out)


def drawn(sections: tuple[Evidence, ...]) -> Picture:
    """Return the Spanish timeline."""
    return timeline(sections, topic="Tema", language="es")


def texts(picture: Picture) -> list[str]:
    """Return all that is written on a picture beside its axes."""
    return [text.get_text() for text in picture.texts]


def marks(picture: Picture) -> dict[str, Artist]:
    """Return the mark of each excerpt by its key."""
    held = (artist for axes in picture.axes for artist in (*axes.lines, *axes.patches))
    return {str(artist.get_gid()): artist for artist in held if artist.get_gid()}


def image(picture: Picture) -> Image.Image:
    """Return a picture as a notebook shows it."""
    return Image.open(io.BytesIO(picture._repr_png_()[0])).convert("RGB")


def outside(picture: Picture) -> Iterator[str]:
    """Give the texts that do not lie within the picture."""
    picture.draw_without_rendering()
    for text in picture.texts:
        box = text.get_window_extent()
        if not (box.x0 >= 0 and box.y0 >= 0 and box.x1 <= picture.bbox.x1 and box.y1 <= picture.bbox.y1):
            yield text.get_text()


def test_each_excerpt_is_a_mark_at_its_date() -> None:
    """A day is a point, a month and a year are bars over all their days, the undated lies beside the axis."""
    picture = drawn(
        (section(excerpt("day"), excerpt("month", MONTH)), section(excerpt("year", YEAR), excerpt("ago", AGO)))
    )
    held = marks(picture)
    assert set(held) == {"day", "month", "year", "ago"}
    assert num2date(held["day"].get_xdata()[0]).date() == DAY.first  # type: ignore[attr-defined]
    for key, date in (("month", MONTH), ("year", YEAR)):
        bar = held[key]
        assert isinstance(bar, Rectangle)
        assert num2date(bar.get_x()).date() == date.first
        assert num2date(bar.get_x() + bar.get_width() - 1).date() == date.last
    axis, strip = picture.axes
    assert held["ago"].axes is strip
    assert all(held[key].axes is axis for key in ("day", "month", "year"))


def test_rows_are_headings_and_their_excerpts_by_date() -> None:
    """The oldest comes first and the undated last, with the source's own words for its date; each has its key."""
    picture = drawn((section(excerpt("ago", AGO), excerpt("day"), excerpt("month", MONTH)),))
    written = [text for text in texts(picture) if text.startswith(("k:", "20", "«1"))]
    assert written == ["2021-06", "k:month", "2023-03-08", "k:day", "«1 día atrás»", "k:ago"]
    assert "Apartado" in texts(picture)


def test_an_axis_of_years_is_written_in_years() -> None:
    """Ticks are whole years over years, months over one; never more than fit, never a time of day."""
    for dates, expected in (((YEAR, DAY), "2019"), ((DAY, DAY), "2023-03")):
        picture = drawn((section(*(excerpt(f"e{n}", date) for n, date in enumerate(dates))),))
        picture.draw_without_rendering()
        ticks = [label.get_text() for label in picture.axes[0].get_xticklabels()]
        assert expected in ticks
        assert len(picture.axes[0].get_xticks()) <= 9


def test_languages_have_the_same_colour_in_every_timeline() -> None:
    """Spanish is not another colour because English is missing; formats can be told apart instead."""
    both = marks(drawn((section(excerpt("es"), excerpt("en", language="en")),)))
    one = marks(drawn((section(excerpt("es")),)))
    assert both["es"].get_color() == one["es"].get_color() != both["en"].get_color()  # type: ignore[attr-defined]
    assert "markdown" in texts(timeline((section(excerpt("es")),), topic="", language="en", by="format"))


def test_a_source_without_a_title_is_named_by_its_first_words() -> None:
    """Snippets of one file would all be called the same by their path."""
    assert "«Texto de one.»" in texts(drawn((section(excerpt("one", title="")),)))


@pytest.mark.parametrize("sections", [(), (section(),), (section(), section(title="Otro"))], ids=len)
def test_an_empty_plan_is_drawn_as_one(sections: tuple[Evidence, ...]) -> None:
    """It says that there is nothing, in the brief's language; no axis pretends to dates."""
    for picture in (drawn(sections), heatmap(sections, topic="Tema", language="es")):
        assert "Sin extractos" in texts(picture)
        assert not marks(picture)
        image(picture)
    assert "No excerpts" in texts(scores((), (), title="", language="en"))


def test_only_undated_evidence_leaves_the_axis_empty() -> None:
    """No year is written where no date is known."""
    picture = drawn((section(excerpt("one", AGO), excerpt("two", UNDATED)),))
    axis, strip = picture.axes
    assert len(axis.get_xticks()) == 0
    assert next(label.get_text() for label in strip.get_xticklabels()) == "sin fecha"
    assert {"«1 día atrás»", "sin fecha"} <= set(texts(picture))
    image(picture)


def test_a_heading_without_evidence_says_so() -> None:
    """Under it stands what the plan says is missing."""
    silent = replace(section(), missing="Nada sobre esto.")
    assert "Nada sobre esto." in texts(drawn((silent, section(excerpt("one")))))


def test_a_heat_map_counts_excerpts_of_each_source() -> None:
    """Sources are rows by date, the undated last; a number stands where a source serves a heading, nothing else."""
    sections = (
        section(
            excerpt("a1", source="a", title="A"), excerpt("a2", source="a", title="A"), excerpt("b", AGO, title="B")
        ),
        section(excerpt("a3", source="a", title="A"), excerpt("c", YEAR, title="C"), title="Otro"),
    )
    picture = heatmap(sections, topic="Tema", language="es")
    assert [text for text in texts(picture) if text in "ABC"] == ["C", "A", "B"]
    (axes,) = picture.axes
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells == {(0, 1): "2", (0, 2): "1", (1, 1): "1", (1, 0): "1"}
    assert len(axes.patches) == 6


def test_each_part_of_a_score_has_an_axis_of_its_own() -> None:
    """Full dots are chosen, hollow ones left out; beside each of these its reason."""
    left = tuple(
        LeftOut(f"l{n}", f"motivo {n}", f"l{n}.md", "", DAY, 0.5, (("dense", 0.0), ("lexical", 2.0), ("recency", 0.01)))
        for n in range(12)
    )
    picture = scores((excerpt("one"), excerpt("two")), left, title="Apartado", language="es", most=3)
    written = texts(picture)
    assert [text for text in written if text in {"puntuación", "coseno", "BM25", "novedad", "diversidad"}] == [
        "puntuación", "coseno", "BM25", "novedad", "diversidad",
    ]  # fmt: skip
    assert [text for text in written if text.startswith("motivo")] == ["motivo 0", "motivo 1", "motivo 2"]
    assert [text for text in written if text.startswith("k:")] == ["k:one", "k:two", "k:l0", "k:l1", "k:l2"]
    assert [len(_dots(axes)) for axes in picture.axes] == [5, 2, 5, 5, 2]


def _dots(axes: Axes) -> list[Artist]:
    return [line for line in axes.lines if line.get_marker() == "o"]


def test_a_cosine_that_was_not_measured_is_no_dot() -> None:
    """Nought in a list that did not have the excerpt would stretch the axis and say that it is far."""
    cosines = (0.9, 0.8, 0.0)
    chosen = tuple(replace(excerpt(f"e{row}"), parts=(("dense", cosine),)) for row, cosine in enumerate(cosines))
    axes = scores(chosen, (), title="", language="en").axes[1]
    assert len(_dots(axes)) == 2
    assert axes.get_xlim()[0] > 0.7


def test_text_of_sources_is_drawn_as_it_is() -> None:
    """No mathematics, no TeX, no sign that draws backwards; signs the font lacks are boxes, all within the picture."""
    hostile = replace(excerpt("one", PublicationDate(text=HOSTILE), title=HOSTILE), key=HOSTILE)
    left = LeftOut(HOSTILE, HOSTILE, HOSTILE, HOSTILE, UNDATED, 0.1, PARTS)
    held = (section(hostile, title=HOSTILE, left_out=(left,)),)
    for picture in (
        timeline(held, topic=HOSTILE, language="es"),
        heatmap(held, topic=HOSTILE, language="es"),
        scores((hostile,), (left,), title=HOSTILE, language=HOSTILE),
    ):
        assert not [*outside(picture)]
        assert any(text.startswith("$\\frac{1}{0}$ <b>_x^2</b>") for text in texts(picture))
        image(picture)


def test_columns_do_not_run_into_each_other() -> None:
    """Eight long headings with eight long titles each: no two texts of a picture overlap."""
    long = "Una evaluación exhaustiva de la generación de historias clínicas sintéticas " * 3
    held = tuple(
        section(*(excerpt(f"k{n}{m}", MONTH, title=f"{n}{m} {long}") for m in range(8)), title=f"{n} {long}")
        for n in range(8)
    )
    left = tuple(LeftOut(f"l{n}", long, long, long, DAY, 0.3, PARTS) for n in range(8))
    pictures = (
        drawn(held),
        heatmap(held, topic=long, language="es"),
        scores(held[0].excerpts, left, title=long, language="es"),
    )
    for picture in pictures:
        picture.draw_without_rendering()
        boxes = sorted((text.get_window_extent() for text in picture.texts), key=lambda box: (-box.y0, box.x0))
        assert not [
            1 for row, one in enumerate(boxes) for other in boxes[row + 1 :] if one.shrunk(0.98, 0.8).overlaps(other)
        ]


def test_a_picture_is_read_alike_in_light_and_in_dark() -> None:
    """Paper and ink are its own, whatever style is set: the same picture, to the pixel."""
    held = (section(excerpt("one"), excerpt("ago", AGO)),)
    plainly = image(drawn(held))
    with mpl.rc_context(style.library["dark_background"]):
        assert image(drawn(held)).tobytes() == plainly.tobytes()
    with mpl.rc_context({"savefig.transparent": True, "axes.grid": True, "font.family": "serif"}):
        assert image(drawn(held)).tobytes() == plainly.tobytes()
    assert plainly.getpixel((1, 1)) == (255, 255, 255)


def test_drawing_leaves_nothing_behind() -> None:
    """No setting of matplotlib is changed, no figure is registered: pyplot is never imported."""
    before = dict(mpl.rcParams)
    image(drawn((section(excerpt("one")),)))
    assert dict(mpl.rcParams) == before


@given(st.dates(), st.dates(), st.sampled_from(["day", "month", "year"]))
@settings(max_examples=20, deadline=None)
def test_any_dates_can_be_drawn(one: datetime.date, other: datetime.date, precision: str) -> None:
    """From the year 1 to 9999, in either order."""
    first, last = sorted((one, other))
    spans = PublicationDate(first, last, precision)  # type: ignore[arg-type]
    picture = drawn((section(excerpt("one", spans), excerpt("two", replace(spans, first=last))),))
    picture.draw_without_rendering()
    assert len(marks(picture)) == 2


@given(st.text(max_size=80), st.floats(0.3, 4))
@settings(max_examples=50, deadline=None)
def test_any_text_fits_its_room(text: str, room: float) -> None:
    """A line is never longer than its room but for the sign that says it was cut; a short one is left whole."""
    from rag.explore.picture import _inches

    assert _inches(fit(text, room, size=8), 8, bold=False) <= max(room, 0.15)
    lines = wrap(text, room, lines=3, size=8)
    assert len(lines) <= 3
    assert all(_inches(line, 8, bold=False) <= max(room, 0.15) for line in lines)


def test_periods_say_from_when_to_when_and_how_old() -> None:
    """Age is counted to the newest date's last day; nothing dated has none."""
    rows = periods(
        (section(excerpt("day"), excerpt("year", YEAR), excerpt("ago", AGO)), section()),
        today=datetime.date(2026, 3, 8),
    )
    assert rows[0] == {
        "heading": "Apartado", "excerpts": 3, "from": "2018", "to": "2023-03-08", "age_years": 3.0, "undated": 1,
        "sources": 3, "languages": ["es"],
    }  # fmt: skip
    assert (rows[1]["from"], rows[1]["age_years"]) == (None, None)


def test_gaps_are_a_row_a_search() -> None:
    """A gap without a search keeps its row."""
    gap = Gap("old", "Lo más reciente es de 2018.", (("es", "datos 2024"), ("en", "data 2024")))
    rows = gaps((replace(section(), gaps=(gap, Gap("thin", "Poco."))),))
    assert [(row["gap"], row["language"], row["search"]) for row in rows] == [
        ("old", "es", "datos 2024"), ("old", "en", "data 2024"), ("thin", "", ""),
    ]  # fmt: skip


def test_changes_are_told_heading_by_heading() -> None:
    """What was published since is told from what was there and is chosen now, here or under another heading before."""
    before = (section(excerpt("a", YEAR), excerpt("b", YEAR)), section(excerpt("c", MONTH), title="Otro"))
    chosen = (excerpt("new"), excerpt("a", YEAR), excerpt("c", MONTH), excerpt("d", YEAR), excerpt("ago", AGO))
    after = (section(*chosen), section(title="Otro"))
    rows = changes(before, after, as_of=datetime.date(2022, 12, 31))
    assert [(row["key"], row["change"], row["before"], row["after"]) for row in rows] == [
        ("new", "published since", None, 1), ("a", "kept", 1, 2), ("c", "moved", None, 3), ("d", "added", None, 4),
        ("ago", "added", None, 5), ("b", "gone", 2, None), ("c", "gone", 1, None),
    ]  # fmt: skip
    assert "published since" not in [row["change"] for row in changes(before, after)]


def test_plans_of_different_briefs_are_not_compared() -> None:
    """Headings that do not pair would be paired by chance."""
    with pytest.raises(RagError, match="one brief"):
        changes((section(title="A"),), (section(title="B"),))


def test_plans_and_hits_draw_themselves() -> None:
    """Methods of what the library returns; age is counted from the day a plan is asked as of."""
    limits = TimeLimits(as_of=datetime.date(2024, 3, 8))
    plan = Plan(Brief("Tema", (), language="es", limits=limits), (section(excerpt("one")),))
    assert plan.periods()["age_years"].tolist() == [1.0]
    assert plan.gaps().empty
    assert plan.compare(plan)["change"].tolist() == ["kept"]
    titles = [texts(picture)[0] for picture in (plan.timeline(), plan.heatmap(), plan.scores())]
    assert titles == [
        "Qué se dijo cuándo: Tema (a 2024-03-08)", "Qué fuente sirve a qué apartado: Tema (a 2024-03-08)",
        "Por qué salió: Apartado",
    ]  # fmt: skip
    assert texts(Hits("what", (excerpt("one"),)).scores())[0] == "Why it came up: what"
