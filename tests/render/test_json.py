"""Claims about the JSON of reports, hits and plans."""

from __future__ import annotations

import json
from datetime import date

from rag.records import (
    Brief,
    CheckedSection,
    Citation,
    Control,
    Cost,
    Coverage,
    Evidence,
    Excerpt,
    Finding,
    Gap,
    Heading,
    LeftOut,
    NumberedSource,
    PublicationDate,
    Report,
    Sentence,
    Source,
)
from rag.render import evidence_json, excerpt_json, finding_json, to_json

YEAR = PublicationDate(date(2023, 1, 1), date(2023, 12, 31), "year", "bibliography", "2023")
DAY = PublicationDate(date(2023, 3, 8), date(2023, 3, 8), "day", "prefix", "Mar 8, 2023")
AGO = PublicationDate(origin="prefix", text="1 día atrás")
AGAIN = PublicationDate(date(2024, 4, 1), date(2024, 4, 30), "month", "prefix", "abril de 2024")
PAPER = Source(
    "i" * 32,
    ("a.pdf", "copy.pdf"),
    "pdf",
    "Título",
    ("Ana Gil",),
    YEAR,
    doi="10.1000/a",
    language="es",
    republished=AGAIN,
)


def hit(key: str, published: PublicationDate = DAY, *, language: str = "es") -> Excerpt:
    """Return an excerpt of a snippet published then."""
    source = Source(key * 5, ("s.txt",), "snippet", date=published, language=language)
    return Excerpt(key, source, "Texto.", 3, 9, score=0.5, parts=(("dense", 0.75),))


CITED = Excerpt("aaaaaa", PAPER, "Texto citado.", 0, 13, heading_path=("Métodos", "Datos"), page=4)
REPORT = Report(
    brief=Brief("Datos", (), words=300, language="es"),
    sections=(
        CheckedSection(
            heading=Heading("## Uno", "Uno", 2, "Lo dice el autor.", words=150),
            author=(Sentence("Lo dice el autor.", kind="author", verdict="supported", offers=("aaaaaa",)),),
            written=(Sentence("Texto citado — y 3 más.", citations=(Citation("aaaaaa", "Texto"), Citation("zzzzzz"))),),
            note="Poco material.",
            evidence=(hit("bbbbbb", DAY), hit("cccccc", YEAR), hit("dddddd", AGO)),
        ),
    ),
    sources=(NumberedSource(4, PAPER, (CITED,)),),
    findings=(Finding("Uno", "Texto citado — y 3 más.", "number", "unsupported", "falta el 3", ("aaaaaa",)),),
    coverage=Coverage(1, 0, 1, 1, 0),
    cost=Cost(2, 100, 20),
    remarks=("Digesto.",),
    control=Control((("digit", 10, 9), ("source", 4, 0))),
)


def test_a_whole_report() -> None:
    """A report holds the agreed fields, by these names, with numbers for keys and null for what is not known."""
    assert to_json(REPORT) == {
        "language": "es",
        "digest": True,
        "words": {
            "asked": 300,
            "written": 9,
            "by_section": [{"title": "Uno", "asked": 150, "written": 9, "supportable": 0}],
        },
        "sections": [
            {
                "title": "Uno",
                "level": 2,
                "author_text": "Lo dice el autor.",
                "sentences": [
                    {
                        "text": "Lo dice el autor.",
                        "kind": "author",
                        "citations": [],
                        "verdict": "supported",
                        "reason": "",
                        "offers": ["aaaaaa"],
                    },
                    {
                        "text": "Texto citado — y 3 más.",
                        "kind": "written",
                        "citations": [
                            {"number": 4, "key": "aaaaaa", "quote": "Texto"},
                            {"number": None, "key": "zzzzzz", "quote": ""},
                        ],
                        "verdict": "not_checked",
                        "reason": "",
                        "offers": [],
                    },
                ],
                "evidence_from": "2023",
                "evidence_to": "2023",
                "note": "Poco material.",
            }
        ],
        "sources": [
            {
                "number": 4,
                "id": "i" * 32,
                "title": "Título",
                "authors": ["Ana Gil"],
                "date": "2023",
                "precision": "year",
                "origin": "bibliography",
                "date_text": "2023",
                "republished": "2024-04",
                "journal": "",
                "origins": {},
                "doi": "10.1000/a",
                "url": "",
                "path": "a.pdf",
                "excerpts": [{"key": "aaaaaa", "locator": "p. 4, Métodos › Datos", "text": "Texto citado."}],
            }
        ],
        "findings": [
            {
                "section": "Uno",
                "sentence": "Texto citado — y 3 más.",
                "check": "number",
                "verdict": "unsupported",
                "reason": "falta el 3",
                "offer": ["aaaaaa"],
            }
        ],
        "remarks": ["Digesto."],
        "coverage": {"sentences": 1, "verbatim": 0, "checkable": 1, "checked": 1, "supported": 0},
        "author_coverage": {"sentences": 0, "verbatim": 0, "checkable": 0, "checked": 0, "supported": 0},
        "control": {
            "passed": True,
            "kinds": [{"kind": "digit", "made": 10, "caught": 9}, {"kind": "source", "made": 4, "caught": 0}],
        },
        "cost": {"calls": 2, "input_tokens": 100, "output_tokens": 20, "price": None},
        "run_dir": None,
    }


def test_a_report_is_json() -> None:
    """What is given survives being written and read: no tuples, no dates, no records in it."""
    for value in (to_json(REPORT), excerpt_json(CITED, 1), finding_json(REPORT.findings[0])):
        assert json.loads(json.dumps(value)) == value


def test_a_run_without_a_control() -> None:
    """Where nothing was planted, the control is null."""
    assert to_json(Report(Brief("Datos", ()), (), ()))["control"] is None


def test_a_hit() -> None:
    """A hit holds the fields of `search`; its date is ISO and cut to its precision."""
    assert excerpt_json(hit("bbbbbb"), 2) == {
        "key": "bbbbbb",
        "rank": 2,
        "score": 0.5,
        "parts": {"dense": 0.75},
        "text": "Texto.",
        "path": "s.txt",
        "title": "",
        "authors": [],
        "date": "2023-03-08",
        "precision": "day",
        "origin": "prefix",
        "date_text": "Mar 8, 2023",
        "republished": None,
        "journal": "",
        "origins": {},
        "page": None,
        "start": 3,
        "end": 9,
        "language": "es",
    }


def test_an_undated_hit() -> None:
    """Undated is null, with the source's own words beside it."""
    undated = excerpt_json(hit("bbbbbb", AGO), 1)
    assert (undated["date"], undated["precision"], undated["date_text"]) == (None, None, "1 día atrás")


def test_a_republished_hit() -> None:
    """When the text appeared last is ISO and cut to its precision, as its first date is."""
    assert [excerpt_json(CITED, 1)[name] for name in ("date", "republished")] == ["2023", "2024-04"]


def test_a_section_of_a_plan() -> None:
    """A plan's section says what was found, left out and missing, from when to when and in which languages."""
    evidence = Evidence(
        Heading("# Uno", "Uno", 1, words=250),
        (hit("bbbbbb", DAY, language="es"), hit("cccccc", YEAR, language="en"), hit("dddddd", AGO, language="")),
        (LeftOut("eeeeee", "repetido"),),
        missing="Nada sobre costes.",
        supportable_words=120,
        sufficiency=0.25,
        gaps=(Gap("thin", "Solo una fuente.", (("es", "costes"),)),),
    )
    section = evidence_json(evidence, today=date(2024, 12, 31))
    assert [excerpt["rank"] for excerpt in section.pop("excerpts")] == [1, 2, 3]
    assert section == {
        "title": "Uno",
        "level": 1,
        "left_out": [
            {"key": "eeeeee", "reason": "repetido", "path": "", "title": "", "date": None, "score": 0.0, "parts": {}}
        ],
        "words": 250,
        "supportable_words": 120,
        "from": "2023",
        "to": "2023",
        "age_years": 1.0,
        "sources": 3,
        "sufficiency": 0.25,
        "gaps": [{"kind": "thin", "reason": "Solo una fuente.", "searches": [{"language": "es", "words": "costes"}]}],
        "languages": ["en", "es"],
        "undated": 1,
        "missing": "Nada sobre costes.",
    }
    nothing = evidence_json(Evidence(Heading("# Uno", "Uno", 1), (hit("dddddd", AGO),)))
    assert (nothing["from"], nothing["to"]) == (None, None)
