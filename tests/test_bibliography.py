"""Which documents entries speak of, and what they make of these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.bibliography import Joined, join, overlaid, title_key
from rag.dates import parse_date
from rag.read.entries import Entry, make_entry
from rag.records import UNDATED, Source

if TYPE_CHECKING:
    from rag.records import Origin, PublicationDate

LONG = "Synthetic data and the privacy of patients"
ABSTRACT = "We measure how well synthetic patients keep the privacy of real ones, and find that it depends."


def dated(words: str, origin: Origin = "bibliography") -> PublicationDate:
    """Read a date."""
    return parse_date(words, origin=origin) if words else UNDATED


def paper(path: str, title: str = "", year: str = "", doi: str = "", **more: Any) -> Source:
    """Return a source as its file knows it."""
    source = Source(id=path, paths=(path,), format="pdf", title=title, date=dated(year, "text"), doi=doi)
    return replace(source, **more)


def entry(title: str = "", year: str = "", doi: str = "", prose: str = "", **more: Any) -> Entry:
    """Return what a bibliography says of one source."""
    made = Entry(title=title, date=dated(year), doi=doi, **more)
    return make_entry(made, path="l.bib", format="bibtex", prose=(prose,))


def joined(*sources: Source, **entries: tuple[Entry, ...]) -> Joined:
    """Join entries of bibliographies, by names without suffix, to sources."""
    return join(sources, {f"{name}.bib": told for name, told in entries.items()})


def spoken_of(entry: Entry, *sources: Source, at: str = "l.bib") -> set[str]:
    """Return the ids of the sources an entry speaks of."""
    return set(join(sources, {at: [entry]}).said)


# By the file an entry names


@pytest.mark.parametrize(
    ("bibliography", "file", "corpus", "found"),
    [
        ("l.bib", "pdf/a.pdf", ["pdf/a.pdf", "b.pdf"], {"pdf/a.pdf"}),
        ("refs/l.bib", "files/12/a.pdf", ["refs/files/12/a.pdf", "files/12/a.pdf"], {"refs/files/12/a.pdf"}),
        ("refs/l.bib", "../pdf/a.pdf", ["pdf/a.pdf", "x/a.pdf"], {"pdf/a.pdf"}),
        ("l.bib", "../../../etc/passwd", ["etc/passwd.txt"], set()),
        ("refs/l.bib", "papers/a.pdf", ["papers/a.pdf", "x/a.pdf"], {"papers/a.pdf"}),
        (
            "l.bib",
            "/home/ana/Zotero/storage/AB/Gil 2020.pdf",
            ["papers/gil 2020.PDF", "b.pdf"],
            {"papers/gil 2020.PDF"},
        ),
        ("l.bib", "/home/ana/a.pdf", ["x/a.pdf", "y/a.pdf"], set()),
        ("l.bib", "gone.pdf", ["a.pdf"], set()),
    ],
)
def test_a_file_is_found_where_the_entry_says_or_by_its_only_name(
    bibliography: str, file: str, corpus: list[str], found: set[str]
) -> None:
    """Seen from the bibliography, then from the corpus; a name two files bear names neither."""
    assert spoken_of(entry("x", files=(file,)), *map(paper, corpus), at=bibliography) == found


def test_a_name_two_entries_give_names_no_file() -> None:
    """“Full Text.pdf” of two folders that are not here may be either's."""
    entries = (entry("Uno", files=("files/1/Full Text.pdf",)), entry("Dos", files=("files/2/Full Text.pdf",)))
    assert joined(paper("Full Text.pdf"), l=entries).said == {}


def test_a_name_alone_does_not_outweigh_another_doi() -> None:
    """At the very path it does: the person put it there."""
    source = paper("a.pdf", doi="10.1/other")
    assert spoken_of(entry("x", doi="10.1/x", files=("old/a.pdf",)), source) == set()
    assert spoken_of(entry("x", doi="10.1/x", files=("a.pdf",)), source) == {"a.pdf"}


def test_the_chapters_of_a_book_do_not_title_it() -> None:
    """Where several works name one file, none of them speaks of it, unless its DOI says which."""
    chapters = (entry("Uno", doi="10.1/a", files=("b.pdf",)), entry("Dos", doi="10.1/b", files=("b.pdf",)))
    assert joined(paper("b.pdf"), l=chapters).said == {}
    (told,) = joined(paper("b.pdf", doi="10.1/B"), l=chapters).said["b.pdf"]
    assert told.title == "Dos"


# By DOI and title


def test_a_doi_gives_to_all_files_that_bear_it() -> None:
    """In any case of letters."""
    sources = (paper("a.pdf", doi="10.1/AB"), paper("b.pdf", doi="10.1/ab"), paper("c.pdf", doi="10.1/abc"))
    assert spoken_of(entry("x", doi="10.1/Ab"), *sources) == {"a.pdf", "b.pdf"}


@pytest.mark.parametrize(
    ("title", "year", "match"),
    [
        (LONG, "2020", True),
        (LONG.upper() + ".", "2021", True),
        (LONG, "2022", False),
        (LONG + " revisited", "2020", False),
        (LONG, "", True),
        ("", "2020", False),
    ],
)
def test_a_title_must_be_equal_and_its_year_within_one(title: str, year: str, match: bool) -> None:
    """A long title is enough where one year is unknown."""
    assert bool(spoken_of(entry(LONG, "2020"), paper("a.pdf", title, year))) == match


def test_a_short_title_needs_its_year() -> None:
    """Many things are called “Editorial”."""
    assert spoken_of(entry("Editorial", "2020"), paper("a.pdf", "Editorial")) == set()
    assert spoken_of(entry("Editorial", "2020"), paper("a.pdf", "Editorial", "2020")) == {"a.pdf"}


def test_a_title_does_not_outweigh_another_doi() -> None:
    """A preprint and its article share their title; two entries with two DOIs leave a file without either alone."""
    assert spoken_of(entry(LONG, "2020", "10.1/x"), paper("a.pdf", LONG, "2020", "10.1/y")) == set()
    two = (entry(LONG, "2020", "10.1/x"), entry(LONG, "2021", "10.1/y"))
    assert joined(paper("a.pdf", LONG, "2020"), l=two).said == {}


def test_snippets_and_other_entries_are_spoken_of_by_none() -> None:
    """They have their own metadata."""
    sources = [paper(f"a.{form}", LONG, "2020", "10.1/x", format=form) for form in ("snippet", "bibtex", "ris", "csl")]
    assert spoken_of(entry(LONG, "2020", "10.1/x", files=("a.snippet",)), *sources) == set()


def test_an_article_beside_its_translations_is_told_by_its_title() -> None:
    """The translation keeps its own title though it shares file and DOI; a sidecar gives both what is no text."""
    article = paper("a.xml", LONG, "2020", "10.1/x")
    translation = replace(article, id="t", title="Datos sintéticos y privacidad")
    assert spoken_of(entry(LONG, "2021", "10.1/x", files=("a.xml",)), article, translation) == {"a.xml"}
    told = Entry(place="sidecar", title="Mine", doi="10.1/z", language="en", authors=("Ana",))
    said = join([article, translation], {"a.xml.toml": [told]}).said
    assert said["t"] == (Entry(place="sidecar", doi="10.1/z"),) == said["a.xml"]


# Sidecars


def test_a_sidecar_speaks_of_the_file_beside_it_alone() -> None:
    """One without such a file, or beside a file of many snippets, is remarked upon."""
    told = Entry(place="sidecar", title="Mine")
    found = join(
        [paper("x/a.pdf"), paper("a.pdf"), paper("s.csv", format="snippet")],
        {"x/a.pdf.toml": [told], "b.pdf.toml": [told], "s.csv.toml": [told]},
    )
    assert found.said == {"x/a.pdf": (told,)}
    assert {path: bool(remark) for path, remark in found.remarks.items()} == {
        "x/a.pdf.toml": False,
        "b.pdf.toml": True,
        "s.csv.toml": True,
    }


# What an entry is besides


def test_an_entry_with_prose_is_a_source_only_where_its_file_is_not() -> None:
    """And the same work listed twice is one."""
    here = entry(LONG, "2020", prose=ABSTRACT, files=("a.pdf",))
    gone = entry("Otra cosa", "2020", "10.1/g", prose=ABSTRACT + " Sí.", files=("b.pdf",))
    again = entry("Otra cosa", "2020", "10.1/G", prose=ABSTRACT + " Otra vez.")
    found = joined(paper("a.pdf"), l=(here, gone), m=(again,))
    assert [document.source.title for document in found.own["l.bib"]] == ["Otra cosa"]
    assert found.own["m.bib"] == ()
    assert [document.source.paths for document in found.own["l.bib"]] == [("l.bib",)]


# What becomes of a source


def test_each_field_comes_from_the_weightiest_that_has_it() -> None:
    """And says from where; what nobody says stays."""
    source = paper("a.pdf", "Read from the page", "2019", origins=(("title", "first page"), ("date", "first page")))
    said = (
        Entry(place="sidecar", authors=("Ana Gil",)),
        entry("Listed", "2020-05", "10.1/x", authors=("A. Gil",), journal="Revista"),
    )
    made = overlaid(source, said)
    assert (made.title, made.authors, str(made.date), made.doi) == ("Listed", ("Ana Gil",), "2020-05", "10.1/x")
    assert made.journal == "Revista"
    assert dict(made.origins) == {
        "authors": "sidecar",
        **dict.fromkeys(("title", "date", "doi", "journal"), "bibliography"),
    }
    assert overlaid(source, ()) == source


def test_the_language_of_a_bibliography_is_not_that_of_the_file() -> None:
    """What lies here may be a translation; the person's own word counts."""
    source = paper("a.pdf", language="es")
    assert overlaid(source, (entry("x", language="en"),)).language == "es"
    assert overlaid(source, (Entry(place="sidecar", language="pt"),)).language == "pt"


@pytest.mark.parametrize(
    ("own", "origin", "listed", "date"),
    [
        ("2020-03-08", "article metadata", "2020", "2020-03-08"),
        ("2021-03-08", "article metadata", "2020", "2020"),
        ("2020-03-08", "text", "2020", "2020"),
        ("2020", "article metadata", "2020-05", "2020-05"),
        ("2020", "text", "in press", "2020"),
    ],
)
def test_a_finer_date_of_the_article_is_kept_within_a_bibliographys(
    own: str, origin: Origin, listed: str, date: str
) -> None:
    """Reference managers often know the year alone; what was read off a page is not that sure."""
    source = paper("a.xml", date=dated(own, origin))
    assert str(overlaid(source, (entry("x", listed),)).date) == date


def test_of_two_bibliographies_the_finer_date_counts() -> None:
    """Where they do not contradict each other."""
    found = joined(
        paper("a.pdf"), l=(entry("x", "2020", files=("a.pdf",)),), m=(entry("x", "2020-05", files=("a.pdf",)),)
    )
    assert str(overlaid(paper("a.pdf"), found.said["a.pdf"]).date) == "2020-05"


def test_a_sidecars_date_is_its_own() -> None:
    """A person who says 2020 says 2020."""
    source = paper("a.xml", date=dated("2020-03-08", "article metadata"))
    assert str(overlaid(source, (Entry(place="sidecar", date=dated("2020")),)).date) == "2020"


# Whatever the order

TITLES = st.sampled_from(["", "Uno", "Uno.", LONG, "Dos"])
YEARS = st.sampled_from(["", "2019", "2020", "2022"])
DOIS = st.sampled_from(["", "10.1/a", "10.1/A", "10.1/b"])
PATHS = st.sampled_from(["a.pdf", "x/a.pdf", "b.pdf", "x/c.pdf"])
ENTRIES = st.builds(
    entry, title=TITLES, year=YEARS, doi=DOIS, prose=st.sampled_from(["", ABSTRACT]), files=st.tuples(PATHS)
)


@given(
    sources=st.lists(st.builds(paper, path=PATHS, title=TITLES, year=YEARS, doi=DOIS), unique_by=lambda one: one.id),
    entries=st.dictionaries(st.sampled_from(["l.bib", "x/m.bib", "n.ris"]), st.lists(ENTRIES, max_size=4)),
    chance=st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=100)
def test_the_order_in_which_they_came_does_not_matter(sources: list[Source], entries: Any, chance: Any) -> None:
    """The same files give the same; a work is never both joined and a source of its own; no DOI is contradicted by
    what rests on a title.
    """
    found = join(sources, entries)
    shuffled = chance.sample(sources, len(sources))
    again = join(shuffled, dict(chance.sample(list(entries.items()), len(entries))))
    assert (found.said, found.own) == (again.said, again.own)
    for source in sources:
        for told in found.said.get(source.id, ()):
            if told.doi and source.doi and told.doi.lower() != source.doi.lower():
                named = [one for listed in entries.values() for one in listed if one.doi == told.doi]
                assert any(source.paths[0].endswith(one.files[0]) for one in named)


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=100)
def test_a_title_is_its_own_key(title: str) -> None:
    """Case, accents and punctuation do not tell titles apart."""
    assert title_key(f" «{title.lower()}». ") == title_key(title.lower())
    assert title_key(title_key(title)) == title_key(title)
