"""Articles in JATS XML."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.errors import SourceError
from rag.read.characters import decode
from rag.read.jats import read_jats

if TYPE_CHECKING:
    from rag.records import Document

ARTICLE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96)//EN" "JATS-journalpublishing1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" xml:lang="es">
<front><journal-meta><journal-title-group><journal-title>Revista de Salud</journal-title></journal-title-group>
  </journal-meta>
<article-meta>
 <article-id pub-id-type="doi">10.1590/abc</article-id>
 <title-group><article-title>Datos <italic>sintéticos</italic><xref ref-type="fn" rid="f1">*</xref></article-title>
  <subtitle>una revisión</subtitle>
  <trans-title-group xml:lang="en"><trans-title>Synthetic data</trans-title></trans-title-group></title-group>
 <contrib-group>
  <contrib contrib-type="author"><name><surname>García Pérez</surname><given-names>Ana</given-names></name>
   <xref ref-type="aff" rid="a1"><sup>1</sup></xref></contrib>
  <contrib><string-name>Luis Gil</string-name></contrib>
  <contrib contrib-type="author"><collab>Grupo ICV</collab></contrib>
  <contrib contrib-type="author"><name><surname>Ramos</surname><given-names>E.</given-names>
  <suffix>Jr.</suffix></name></contrib>
  <contrib contrib-type="translator"><name><surname>Nadie</surname><given-names>N.</given-names></name></contrib>
 </contrib-group>
 DATES
 <history><date date-type="received"><day>17</day><month>11</month><year>2020</year></date>
  <date date-type="corrected"><day>1</day><month>2</month><year>2024</year></date></history>
 <self-uri xlink:href="https://example.org/abc"/>
 <abstract><title>Resumen:</title><p>El resumen.</p></abstract>
 <trans-abstract xml:lang="en"><title>Abstract</title><sec><title>Aims</title>
  <p>The abstract.</p></sec></trans-abstract>
 <trans-abstract xml:lang="pt"><p>O resumo.</p></trans-abstract>
</article-meta></front>
<body><sec><label>1</label><title>Introducción</title>
 <p>Son 10<sup>3</sup> casos&nbsp;de CO<sub>2</sub><sup>
  <xref ref-type="bibr">1</xref>,<xref ref-type="bibr">2</xref></sup>
  (<xref ref-type="bibr">Gil, 2019</xref>).<fn><p>Una nota.</p></fn></p>
 <sec><title>Métodos</title><p>Antes:<list><list-item><p>uno</p></list-item><list-item><p>dos</p></list-item>
  </list>después.</p>
  <fig><label>Figura 1.</label><caption><title>Un dibujo</title></caption><graphic xlink:href="a.jpg"/></fig>
  <table-wrap><label>Tabla 1</label><caption><p>Los datos</p></caption>
   <table><tr><th>Año</th><th>Casos</th></tr><tr><td>2020</td><td>7</td></tr></table>
   <table-wrap-foot><fn><p>Fuente: nosotros.</p></fn></table-wrap-foot></table-wrap></sec></sec></body>
<back><ack><p>Gracias.</p></ack><ref-list><title>Referencias</title>
  <ref><mixed-citation>Gil 2019</mixed-citation></ref></ref-list>
 <app-group><app><title>Anexo</title><p>Las preguntas.</p></app></app-group></back>
<sub-article article-type="translation" xml:lang="en"><front-stub>
 <title-group><article-title>Synthetic data: a review</article-title></title-group>
 <abstract><p>The whole abstract.</p></abstract></front-stub><body><p>They are one thousand cases.</p></body>
  </sub-article>
<sub-article article-type="reviewer-report" xml:lang="en"><front-stub><title-group>
  <article-title>Review</article-title></title-group>
 <contrib-group><contrib contrib-type="author"><name><surname>Roe</surname><given-names>Jo</given-names></name>
  </contrib></contrib-group>
 </front-stub><body><p>I found it sound.</p></body></sub-article>
<response xml:lang="en"><front-stub><title-group><article-title>Only a title</article-title></title-group>
  </front-stub></response>
</article>"""
EPUB = '<pub-date date-type="pub"><day>16</day><month>03</month><year>2022</year></pub-date>'
ISSUE = '<pub-date date-type="collection"><season>Jan-Mar</season><year>2022</year></pub-date>'


def read(dates: str = EPUB + ISSUE) -> tuple[Document, ...]:
    """Read the article, dated so."""
    return read_jats(ARTICLE.replace("DATES", dates), path="a_1999.xml")


def test_what_an_article_says_of_itself() -> None:
    """Notes are no part of a title; translators and editors are no authors; groups are."""
    source = read()[0].source
    assert (source.title, source.journal, source.doi) == (
        "Datos sintéticos: una revisión",
        "Revista de Salud",
        "10.1590/abc",
    )
    assert source.authors == ("Ana García Pérez", "Luis Gil", "Grupo ICV", "E. Ramos Jr.")
    assert (source.language, source.url, str(source.updated)) == ("es", "https://example.org/abc", "2024-02-01")
    assert set(dict(source.origins).values()) == {"article metadata"}
    assert {"title", "authors", "date", "doi", "journal"} <= dict(source.origins).keys()


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        (EPUB + ISSUE, "2022-03-16"),
        (ISSUE + EPUB, "2022-03-16"),
        (ISSUE, "2022"),
        (EPUB + '<pub-date pub-type="ppub"><month>5</month><year>2021</year></pub-date>', "2021-05"),
        (EPUB + '<pub-date pub-type="ppub"><year>2022</year></pub-date>', "2022-03-16"),
        ('<pub-date pub-type="epub-ppub"><season>Jan</season><year>2017</year></pub-date>', "2017"),
        ("<pub-date><month>Marzo</month><year>2022</year></pub-date>" + ISSUE, "2022-03"),
        ('<pub-date iso-8601-date="2022-03-16T00:00:00" pub-type="epub"/>', "2022-03-16"),
        ('<pub-date date-type="received"><year>2020</year></pub-date>', "1999"),
        ('<pub-date pub-type="epub"><day>31</day><month>2</month><year>2022</year></pub-date>', ""),
    ],
)
def test_the_earliest_publication_of_the_article_dates_it(dates: str, published: str) -> None:
    """Its issue does where nothing else says when; received and accepted never; then the file's name may."""
    assert str(read(dates)[0].source.date) == published


def test_the_text_has_sections_captions_and_rows_and_no_references() -> None:
    """Powers stay apart from their base, marks of references go, named characters are read."""
    document = read()[0]
    assert document.text.split("\n\n") == [
        "Datos sintéticos: una revisión",
        "Resumen", "El resumen.",
        "Abstract (en)", "Aims", "The abstract.",
        "Abstract (pt)", "O resumo.",
        "Introducción", "Son 10³ casos de CO2 (Gil, 2019).",
        "Métodos", "Antes:", "uno", "dos", "después.",
        "Figura 1. Un dibujo", "Tabla 1 Los datos", "| Año | Casos", "| 2020 | 7",
        "Anexo", "Las preguntas.",
    ]  # fmt: skip
    levels = {section.title: section.level for section in document.sections}
    assert (levels["Introducción"], levels["Métodos"]) == (levels["Resumen"] + 1, levels["Resumen"] + 2)
    assert all(document.text[section.start :].startswith(section.title) for section in document.sections)


def test_a_translation_is_the_same_source_in_its_own_language() -> None:
    """With the article's authors, date and DOI, and its own title."""
    article, translation, _ = read()
    assert (translation.source.language, translation.source.title) == ("en", "Synthetic data: a review")
    for field in ("authors", "date", "doi", "journal"):
        assert getattr(translation.source, field) == getattr(article.source, field)
    assert "They are one thousand cases." in translation.text
    assert "one thousand" not in article.text


def test_a_review_is_a_source_of_its_own() -> None:
    """It is not dated or signed by the article; a title without a text is nothing."""
    *_, review = read()
    assert (review.source.title, review.source.authors, review.source.doi) == ("Review", ("Jo Roe",), "")
    assert str(review.source.date) != "2022-03-16"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<article><body><p>&a;</p></body></article>", "XML"),
        ("<article><body><p>x</body></article>", "XML"),
        ("<records><p>x</p></records>", "no article in JATS"),
        ("<article><front/></article>", "no text"),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><article><body><p>&x;</p></body></article>',
            "entities",
        ),
        ("<article>" + "<sec>" * 5000 + "</sec>" * 5000 + "</article>", "XML"),
    ],
)
def test_what_cannot_be_read_or_should_not_says_why(text: str, told: str) -> None:
    """Broken, bottomless, made-up entities, another kind of XML."""
    with pytest.raises(SourceError, match=r"a\.xml: ") as caught:
        read_jats(text, path="a.xml")
    assert told in str(caught.value)


@pytest.mark.data
def test_real_articles_say_what_they_are() -> None:
    """Every other one of a set of real articles: date, DOI, journal and language are the true ones."""
    if "RAG_TEST_DATA" not in os.environ:
        pytest.skip("RAG_TEST_DATA is not set")
    folder = Path(os.environ["RAG_TEST_DATA"]) / "scielo_jats"
    for line in (folder / "index.jsonl").read_text("utf-8").splitlines()[1::2]:
        truth = json.loads(line)
        article, *others = read_jats(decode((folder / truth["file"]).read_bytes()), path=truth["file"])
        said = article.source
        assert (str(said.date), said.doi, said.journal) == (truth["date"], truth["doi"], truth["journal"])
        assert said.language == truth["lang"]
        assert set(truth["translations"]) <= {other.source.language for other in others}
        assert len(article.text) > 0.9 * truth["body_chars"]
