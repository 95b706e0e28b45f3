"""What entries are made of, whatever their format."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.codec import dumps, loads
from rag.dates import parse_date
from rag.read.entries import Entry, attached_files, file_path, make_entry

ABSTRACT = "We measure how well synthetic patients keep the privacy of real ones.\n\nThey do not always."


@pytest.mark.parametrize(
    ("field", "paths"),
    [
        ("pdf/jose.00013.pdf", ("pdf/jose.00013.pdf",)),
        (":smith 2020.pdf:PDF", ("smith 2020.pdf",)),
        ("Full Text PDF:files/12/Gil et al. - 2020.pdf:application/pdf", ("files/12/Gil et al. - 2020.pdf",)),
        ("a:x/a.pdf:PDF;b:x/b.html:text/html", ("x/a.pdf", "x/b.html")),
        (
            r"PDF:C\:\\Users\\Ana\\Zotero\\storage\\AB12\\x.pdf:application/pdf",
            ("C:/Users/Ana/Zotero/storage/AB12/x.pdf",),
        ),
        ("C:/Users/Ana/x.pdf", ("C:/Users/Ana/x.pdf",)),
        (":home/ana/Mendeley/x.pdf:pdf", ("home/ana/Mendeley/x.pdf",)),
        (r"Notes\; of 2020.pdf", ("Notes; of 2020.pdf",)),
        ("", ()),
    ],
)
def test_attachments_as_reference_managers_write_them(field: str, paths: tuple[str, ...]) -> None:
    """Description and type are no part of the path; escapes and Windows' slashes are undone."""
    assert attached_files(field) == paths


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("file:///home/ana/a%20b.pdf", "home/ana/a b.pdf"),
        ("file://localhost/home/ana/a.pdf", "home/ana/a.pdf"),
        ("internal-pdf://0123/a.pdf", "0123/a.pdf"),
        ("https://example.org/a.pdf", ""),
        (" ..\\papers\\a.pdf ", "../papers/a.pdf"),
    ],
)
def test_addresses_of_files_are_paths_and_those_of_the_web_are_not(words: str, path: str) -> None:
    """What points to the web names no file."""
    assert file_path(words) == path


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_no_field_of_attachments_breaks_the_reading(field: str) -> None:
    """Whatever stands there gives paths without backslashes and without an address."""
    assert all(path and "\\" not in path and "://" not in path for path in attached_files(field))


def test_prose_becomes_a_document_with_the_metadata_of_its_entry() -> None:
    """The document says where its fields come from, and is in the language of its words, not of the work."""
    date = parse_date("2023-03", origin="bibliography")
    entry = make_entry(
        Entry(title=" Un  título ", authors=("Ana Gil", " "), date=date, language="es"),
        path="l.bib",
        format="bibtex",
        prose=(ABSTRACT, ""),
    )
    assert (entry.title, entry.authors) == ("Un título", ("Ana Gil",))
    assert entry.prose is not None
    source = entry.prose.source
    assert entry.prose.text == ABSTRACT
    assert (source.title, source.authors, source.date, source.language) == ("Un título", ("Ana Gil",), date, "en")
    assert dict(source.origins) == dict.fromkeys(("title", "authors", "date"), "bibliography")


def test_an_undated_entry_is_not_dated_by_the_name_of_its_bibliography() -> None:
    """A year in the name of a bibliography is when it was exported."""
    entry = make_entry(Entry(title="x"), path="refs-2019.ris", format="ris", prose=(ABSTRACT,))
    assert entry.prose is not None
    assert not entry.prose.source.date.known


def test_an_entry_survives_the_way_from_a_worker() -> None:
    """It is the same after it was written as JSON and read again."""
    entry = make_entry(Entry(files=("a.pdf",), title="T", doi="10.1/x"), path="l.ris", format="ris", prose=(ABSTRACT,))
    assert loads(Entry, dumps(entry)) == entry
