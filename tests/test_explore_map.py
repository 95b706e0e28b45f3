"""The map of chunks, and pictures as SVG: marks that say what they are, in light and in dark, from any source."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileState
from rag.errors import RagError
from rag.explore import Chunks, MapGrouping, Picture, chunk_map, embedded_chunks, timeline
from rag.explore.groups import NAMED, grouped
from rag.explore.nearness import main_components, places
from rag.explore.picture import DARK, PALETTE
from rag.records import Chunk, Document, Excerpt, PublicationDate, Source, document_id
from tests.test_explore import AGO, HOSTILE, MONTH, excerpt, outside, section, texts

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


def clouds(*sizes: int) -> np.ndarray:
    """Return unit vectors in as many clouds, far from each other."""
    random = np.random.default_rng(1)
    rows = [np.eye(32)[cloud] + 0.05 * random.normal(size=(size, 32)) for cloud, size in enumerate(sizes)]
    stacked = np.concatenate(rows)
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True), dtype=np.float32)


def published(year: int, *, path: str = "a.md", title: str = "", language: str = "es") -> Excerpt:
    """Return an excerpt of a source of that year."""
    date = PublicationDate(datetime.date(year, 1, 1), datetime.date(year, 12, 31), "year")
    return Excerpt(f"k{year}", Source(f"{path}{year}", (path,), "text", title, date=date, language=language), "T", 0, 1)


def mapped(*excerpts: Excerpt, by: MapGrouping = "source", marked: tuple[Excerpt, ...] = ()) -> Picture:
    """Return the English map of excerpts in one cloud."""
    return chunk_map(Chunks(excerpts, clouds(len(excerpts)), len(excerpts)), language="en", by=by, marked=marked)


def svg(picture: Picture) -> ElementTree.Element:
    """Return a picture's SVG, read."""
    return ElementTree.fromstring(picture._repr_html_())  # noqa: S314 - what is tested is ours


def titles(picture: Picture) -> list[str]:
    """Return what marks say under the pointer."""
    return [str(title.text) for title in svg(picture).iter(f"{SVG}title")]


# Places


def test_neighbours_stay_neighbours() -> None:
    """In three clouds every row's nearest row is of its own cloud, and the trustworthiness says so."""
    spots, kept = places(clouds(20, 20, 20))
    distances = np.linalg.norm(spots[:, np.newaxis] - spots[np.newaxis], axis=2) + 1e9 * np.eye(60)
    assert (distances.argmin(axis=1) // 20).tolist() == [row // 20 for row in range(60)]
    assert kept is not None
    assert 0.9 < kept <= 1


def test_the_same_vectors_have_the_same_places() -> None:
    """Twice in one process, to the last digit."""
    vectors = clouds(15, 15)
    assert np.array_equal(places(vectors)[0], places(vectors)[0])


@given(st.integers(0, 22), st.integers(1, 4), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_few_vectors_have_places(rows: int, width: int, same: bool) -> None:
    """None, one, all alike, fewer dimensions than two: each has a finite place."""
    random = np.random.default_rng(rows)
    vectors = np.ones((rows, width)) if same else random.normal(size=(rows, width))
    spots, kept = places(np.asarray(vectors, dtype=np.float32))
    assert spots.shape == (rows, 2)
    assert np.isfinite(spots).all()
    assert kept is None or 0 <= kept <= 1


def test_components_are_turned_one_way() -> None:
    """The farthest row lies on the positive side, whatever sign the decomposition gives."""
    vectors = clouds(4, 1)
    assert (main_components(vectors).max(axis=0) >= -main_components(vectors).min(axis=0)).all()


# Groups


def test_sources_with_most_chunks_have_signs_of_their_own() -> None:
    """The rest are one group, last and hollow; every sign differs in colour or in shape; untitled ones go by path."""
    held = [published(2000 + copy, path=f"{name:02}.md") for name in range(20) for copy in range(20 - name)]
    names, signs = grouped(held, "source", "en")
    assert list(signs)[:2] == ["00.md", "01.md"]
    assert list(signs)[-1] == "9 other sources"
    assert len(signs) == NAMED == len(set(signs.values()))
    assert [name for name, sign in signs.items() if sign.hollow] == ["9 other sources"]
    assert set(names) == set(signs)


def test_years_are_put_together_in_order() -> None:
    """At most five spans that follow on each other, the newest the strongest; what is undated stands apart."""
    held = [published(year) for year in range(2000, 2024)] + [excerpt("ago", AGO)]
    names, signs = grouped(held, "year", "en")
    spans = [tuple(map(int, name.split("–"))) for name in signs if name != "undated"]
    assert len(spans) == 5
    assert all(before[-1] < after[0] for before, after in pairwise(spans))
    assert names[0].startswith("2000")
    assert names[-1] == "undated" == list(signs)[-1]
    assert grouped([published(2023)], "year", "en")[0] == ["2023"]


@given(st.lists(st.integers(1900, 2030), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_years_fall_into_their_span(years: list[int]) -> None:
    """The span's name holds the year, and every span has a sign."""
    names, signs = grouped([published(year) for year in years], "year", "es")
    for year, name in zip(years, names, strict=True):
        first, *last = map(int, name.split("–"))
        assert first <= year <= (last or [first])[0]
        assert name in signs
    assert len(signs) <= 5


def test_a_language_has_the_same_sign_on_every_map() -> None:
    """Spanish is not another sign because English is missing; an unknown one has its own."""
    both = grouped([published(1), published(2, language="en"), published(3, language="")], "language", "en")[1]
    assert both["es"] == grouped([published(1)], "language", "en")[1]["es"] != both["en"]
    assert both["es"].colour == PALETTE[0]
    assert list(both) == ["es", "en", "another or unknown"]


# The map


def test_every_chunk_is_a_mark_that_says_its_title() -> None:
    """Title, date, page and key, then how it begins; the legend's marks say their whole names."""
    held = tuple(published(2000 + number, title=f"Un título muy largo que no cabe {number}" * 3) for number in range(4))
    picture = mapped(*held)
    said = titles(picture)
    assert len(said) == 8
    assert f"{held[0].title}\n2000 · k:k2000\nT" in said
    assert held[3].title in said
    assert "4 of 4 chunks" in texts(picture)
    assert not any("Trustworthiness" in text for text in texts(picture))


def test_marked_chunks_have_a_ring() -> None:
    """Also where what was found reaches over two chunks; and the legend says so."""
    held = tuple(published(2000 + number) for number in range(3))
    (axes, _) = mapped(*held, marked=(held[1],)).axes
    assert len(axes.lines) == 4
    assert "marked" in texts(mapped(*held, marked=(held[1],)))
    assert "marked" not in texts(mapped(*held))


@pytest.mark.parametrize("by", ["source", "language", "year"])
def test_a_map_of_anything_fits_its_paper(by: MapGrouping) -> None:
    """One chunk, none, hostile titles: all text lies within, and the SVG is well formed."""
    hostile = tuple(excerpt(f"{HOSTILE}{number}", MONTH, title=HOSTILE + str(number)) for number in range(14))
    for held in ((), (published(2020),), hostile):
        picture = mapped(*held, by=by)
        assert not [*outside(picture)]
        svg(picture)
    assert "No excerpts" in texts(mapped())


def test_chunks_come_from_the_catalog_evenly() -> None:
    """With their vectors row by row; a chunk that waits for its vector is not there; of many, some are taken."""
    with Catalog(None) as catalog:
        for name in range(6):
            text = f"texto {name}"
            made = Document(Source(document_id(text), (f"{name}.txt",), "text"), text)
            chunk = Chunk(made.source.id, 0, len(text), text)
            catalog.put_file(FileState(f"{name}.txt", 1, 2, 3, str(name)), [(made, [chunk], [f"v{name}"])])
        catalog.keep_vectors({f"v{name}": np.full(3, name, dtype=np.float32) for name in range(5)})
        held, some = embedded_chunks(catalog), embedded_chunks(catalog, most=3)
    assert (len(held.excerpts), held.total) == (5, 6)
    assert [one.path for one in held.excerpts] == [f"{row[0]:.0f}.txt" for row in held.vectors]
    assert (len(some.excerpts) <= 3, some.total) == (True, 6)


# SVG


def test_text_of_sources_cannot_become_markup() -> None:
    """Nothing but drawing is in the SVG, nothing refers outside, and the title is there as it was, but unseen signs."""
    attack = "</title><script>alert(1)</script><a href='http://example.org'>&lt;b&gt; \ufffe\x00\u202e--> ]]>"
    picture = timeline((section(excerpt("one", title=attack)),), topic=attack, language="es")
    root = svg(picture)
    kinds = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert kinds <= {"svg", "defs", "style", "g", "path", "use", "text", "title", "clipPath", "rect"}
    said = "</title><script>alert(1)</script><a href='http://example.org'>&lt;b&gt; --> ]]>"
    assert titles(picture)[0].startswith(said)
    links = [value for node in root.iter() for name, value in node.items() if name.endswith("href")]
    assert all(value.startswith("#") for value in links)
    assert "url(#" in picture._repr_html_()
    assert "url(http" not in picture._repr_html_()


def test_two_pictures_on_one_page_do_not_share_names() -> None:
    """Ids and the class that rules refer to are a picture's own, and every reference leads to one of them."""
    one, other = (svg(timeline((section(excerpt(key)),), topic=key, language="es")) for key in ("a", "b"))
    ids = [{node.get("id") for node in root.iter() if node.get("id")} for root in (one, other)]
    assert not ids[0] & ids[1]
    assert one.get("class") != other.get("class")
    for root, known in zip((one, other), ids, strict=True):
        assert {str(node.get("href"))[1:] for node in root.iter(f"{SVG}use")} <= known


def test_a_picture_follows_the_page_into_the_dark() -> None:
    """Each colour that is light on a dark page has a rule, for system, Jupyter and VS Code; print is light."""
    shown = mapped(published(2020))._repr_html_()
    for when in ("prefers-color-scheme: dark", '[data-jp-theme-light="false"]', ".vscode-dark", "@media print"):
        assert when in shown
    for light, dark in DARK.items():
        assert f'[style*="fill: {light}"]' in shown
        assert dark in shown


def test_the_same_picture_has_the_same_bytes() -> None:
    """No date, no chance names; and drawing it changes neither settings nor marks."""
    picture = timeline((section(excerpt("one"), excerpt("two")),), topic="Tema", language="es")
    before = dict(mpl.rcParams)
    first = picture._repr_html_()
    assert first == picture._repr_html_()
    assert first == timeline((section(excerpt("one"), excerpt("two")),), topic="Tema", language="es")._repr_html_()
    assert dict(mpl.rcParams) == before
    assert [line.get_gid() for line in picture.axes[0].lines if line.get_gid()] == ["one", "two"]


def test_pictures_are_saved_by_the_ending_of_their_name(tmp_path: Path) -> None:
    """SVG, a page that lets nothing run, PNG; another ending and a folder in the way are said."""
    picture = mapped(published(2020, title="<Título>"))
    drawn = picture.save(tmp_path / "new" / "map.svg").read_text(encoding="utf-8")
    assert "&lt;Título&gt;" in drawn
    assert "default-src 'none'" in picture.save(tmp_path / "map.HTML").read_text(encoding="utf-8")
    assert picture.save(tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(RagError, match=r"\.svg, \.html or \.png"):
        picture.save(tmp_path / "map.pdf")
    with pytest.raises(RagError, match="cannot be written"):
        picture.save(tmp_path / "map.png" / "map.svg")


def test_colours_are_told_apart_in_grey() -> None:
    """The first two differ in lightness by a fifth at least: languages are told apart on a grey printer."""

    def lightness(colour: str) -> float:
        return float(np.dot([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], (0.2126, 0.7152, 0.0722)))

    assert abs(lightness(PALETTE[0]) - lightness(PALETTE[1])) > 0.2
