"""Claims about briefs in both their forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import indent

import pytest

from rag.brief import looks_like_brief, parse_brief, read_brief, topic_brief
from rag.errors import BriefError
from rag.records import Brief, TimeLimits

FOUNDING = Path(__file__).parent.parent / "briefs" / "brief-datos-sinteticos.txt"
SNIPPETS = "Mar 8, 2023 · Los datos sintéticos ayudan a la salud. Feb 27, 2024 · La privacidad sigue siendo un desafío."
OUTLINE = "# Uno\nTexto del autor, de su puño y letra.\n\n## Dos\n"


def parsed(text: str, *, retrieved: date | None = None, folder: Path = FOUNDING.parent) -> Brief:
    """Read a brief named b.md."""
    return parse_brief(text, name="b.md", folder=folder, retrieved=retrieved)


def markdown(*settings: str, outline: str = OUTLINE) -> str:
    """Return a brief in the Markdown form."""
    return "\n".join(["---", *settings, "---", "", outline])


def refusal(text: str, *, folder: Path = FOUNDING.parent) -> str:
    """Return the message with which a brief is refused."""
    with pytest.raises(BriefError) as error:
        parsed(text, folder=folder)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_founding_brief() -> None:
    """The founding brief is read whole: role, length, topic, headings, the author's line, four dated snippets."""
    brief = read_brief(FOUNDING)
    assert brief.topic == "Impacto de los datos sintéticos en la salud"
    assert brief.role == "Eres un redactor científico experto en IA y biotecnología."
    assert (brief.words, brief.language) == (500, "es")
    assert [(heading.line, heading.level) for heading in brief.headings] == [
        ("# Impacto de los datos sintéticos en la salud", 1),
        ("# Desafíos éticos y técnicos", 1),
        ("# Conclusión", 1),
    ]
    author = FOUNDING.read_text(encoding="utf-8").splitlines()[7].strip()
    assert author.startswith("Los datos sintéticos juegan un papel clave")
    assert [heading.author_text for heading in brief.headings] == [author, "", ""]
    assert [document.source.date.text for document in brief.material] == [
        "Mar 8, 2023",
        "Feb 27, 2024",
        "Oct 24, 2023",
        "1 día atrás",
    ]
    assert {document.source.paths for document in brief.material} == {("brief-datos-sinteticos.txt",)}


def test_the_tail_is_left_out_and_said_to_be() -> None:
    """What follows [/ASSIST] serves nobody, and a remark in the brief's language counts its words."""
    brief = read_brief(FOUNDING)
    tail = FOUNDING.read_text(encoding="utf-8").partition("[/ASSIST]")[2]
    assert brief.remarks == (f"No se ha usado lo que sigue a «[/ASSIST]» ({len(tail.split())} palabras).",)
    assert "persistentes" in tail
    assert "persistentes" not in repr(replace(brief, remarks=()))


def test_both_forms_say_the_same() -> None:
    """The founding brief's content in the Markdown form is the same brief, remarks apart."""
    founding = read_brief(FOUNDING, retrieved=date(2024, 6, 2))
    text = FOUNDING.read_text(encoding="utf-8")
    material = text.partition("<<<MATERIAL>>>")[2].partition("# Impacto")[0].strip()
    outline = "# Impacto" + text.partition("# Impacto")[2].partition("[/ASSIST]")[0]
    rewritten = markdown(
        "topic: Impacto de los datos sintéticos en la salud",
        f"role: {founding.role}",
        "retrieved: 2024-06-02",
        "material: |",
        indent(material, "  "),
        outline=outline.replace("\n        ", "\n"),
    )
    brief = parse_brief(rewritten, name=FOUNDING.name, folder=FOUNDING.parent)
    assert brief == replace(founding, remarks=())
    assert str(brief.material[3].source.date) == "2024-06-01"


@pytest.mark.parametrize(
    ("instruction", "topic", "words"),
    [
        ('Escribe un resumen (~500 palabras) sobre el tema "Datos abiertos":', "Datos abiertos", 500),
        ("Redacta unas 1.200 palabras sobre el tema «Datos abiertos».", "Datos abiertos", 1200),
        ("Write 300 words on the topic “Open data”:", "Open data", 300),
        ('Write about 1,500 words on the topic of "Open data":', "Open data", 1500),
        ('Write a 250-word summary about "Open data in 100 words"', "Open data in 100 words", 250),
        ('Sobre el tema "Datos en 100 palabras", escribe 400 palabras.', "Datos en 100 palabras", 400),
        ('Usa "comillas" y escribe sobre el tema "Datos abiertos"', "Datos abiertos", 500),
    ],
)
@pytest.mark.parametrize("material", ["", f"<<<MATERIAL>>>\n{SNIPPETS}\n"])
def test_instructions(instruction: str, topic: str, words: int, material: str) -> None:
    """Topic and length are read from the instruction in either language, with material or without."""
    brief = parsed(f"You are a writer.\n{instruction}\n\n{material}\n{OUTLINE}")
    assert (brief.topic, brief.words, brief.role) == (topic, words, "You are a writer.")
    assert len(brief.material) == (2 if material else 0)
    assert [heading.title for heading in brief.headings] == ["Uno", "Dos"]


@pytest.mark.parametrize("mark", ["[/ASSIST]", "[/INST]", "[ASSIST]"])
def test_tail_marks(mark: str) -> None:
    """Each mark that opens an answer ends the brief at the beginning of a line, not inside the author's sentence."""
    text = f'Write on the topic "Open data":\n\n# One\nThe mark {mark} is part of this sentence.\n  {mark} two words'
    brief = parsed(text)
    assert brief.headings[0].author_text == f"The mark {mark} is part of this sentence."
    assert brief.remarks == (f"What follows “{mark}” was left out (2 words).",)
    assert parsed(text.removesuffix(" two words")).remarks == ()


def test_material_ends_at_its_mark() -> None:
    """A closing mark ends the material, so that hashes in a snippet make no heading."""
    text = f'Escribe sobre el tema "Datos":\n<<<MATERIAL>>>\n{SNIPPETS}\n# almohadilla pegada\n<<<FIN>>>\n{OUTLINE}'
    brief = parsed(text)
    assert [heading.title for heading in brief.headings] == ["Uno", "Dos"]
    assert brief.material[1].text.endswith("# almohadilla pegada")


def test_every_setting() -> None:
    """Each setting of the front matter lands in the brief as its value."""
    brief = parsed(
        markdown(
            "topic: Open data",
            "role: You write for nurses.",
            "words: 800",
            "language: es",
            "since: 2023",
            "until: 2024-02",
            "as_of: 2024-06",
            "undated: keep",
            "retrieved: 2024-06-02",
            "pin: [abc234, notes/a.md]",
            "ban: xyz567",
            f"material: {SNIPPETS}",
        )
    )
    assert (brief.topic, brief.role, brief.words, brief.language) == ("Open data", "You write for nurses.", 800, "es")
    assert brief.limits == TimeLimits(date(2023, 1, 1), date(2024, 2, 29), date(2024, 6, 30), "keep")
    assert brief.retrieved == date(2024, 6, 2)
    assert (brief.pin, brief.ban) == (("abc234", "notes/a.md"), ("xyz567",))
    assert [str(document.source.date) for document in brief.material] == ["2023-03-08", "2024-02-27"]


def test_only_the_topic_is_required() -> None:
    """Without the others: 500 words, the outline's language, no limits, no material."""
    brief = parsed(markdown("topic: Datos"))
    assert brief == Brief(topic="Datos", headings=brief.headings, words=500, language="es")


def test_a_short_brief_is_in_the_language_of_its_role() -> None:
    """Where topic and outline are too short to tell, the role says the language; else it is English."""
    role = "role: Eres un redactor experto en la salud de los mayores."
    assert parsed(markdown("topic: GDPR", role, outline="# GDPR")).language == "es"
    assert parsed(markdown("topic: GDPR", outline="# GDPR")).language == "en"


def test_broken_yaml_is_one_fault() -> None:
    """Front matter that cannot be read is said to be, not to lack a topic."""
    assert refusal("---\ntopic: a: b\n---\n# Uno\n").endswith("put the value in quotes")


def test_the_call_overrides_the_retrieval_day() -> None:
    """A retrieval day given by the caller outweighs the brief's own and dates relative snippets."""
    text = markdown("topic: Datos", "retrieved: 2020-01-01", "material: 1 día atrás · Los datos sintéticos ayudan.")
    brief = parsed(text, retrieved=date(2024, 6, 2))
    assert brief.retrieved == date(2024, 6, 2)
    assert str(brief.material[0].source.date) == "2024-06-01"
    assert str(parsed(text).material[0].source.date) == "2019-12-31"


def test_material_files(tmp_path: Path) -> None:
    """Files beside the brief are its material; their relative dates count from the brief's retrieval day."""
    (tmp_path / "a.txt").write_bytes(SNIPPETS.encode("cp1252"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "b.txt").write_text("hace 2 días · La privacidad importa mucho hoy.", encoding="utf-8")
    text = markdown("topic: Datos", "retrieved: 2024-06-02", "material: [a.txt, notes/b.txt]")
    brief = parsed(text, folder=tmp_path)
    assert [document.source.paths[0] for document in brief.material] == [
        "a.txt",
        "a.txt",
        "notes/b.txt",
    ]
    assert [str(document.source.date) for document in brief.material] == ["2023-03-08", "2024-02-27", "2024-05-31"]
    assert "sintéticos" in brief.material[0].text
    assert parsed(text.replace("[a.txt, notes/b.txt]", "a.txt"), folder=tmp_path).material == brief.material[:2]


def test_all_faults_at_once(tmp_path: Path) -> None:
    """One message names every fault of a front matter, with its line and what to do."""
    message = refusal(
        markdown(
            "tema: Datos",
            "wrods: 500",
            "words: -3",
            "since: last year",
            "retrieved: 2024-05",
            "undated: perhaps",
            "language: Spanish",
            "role: [a, b]",
            "pin: {a: b}",
            "material: [gone.txt, ../outside.txt]",
        ),
        folder=tmp_path,
    )
    assert message.startswith("b.md: line 2: tema: no setting of a brief; ")
    for part in (
        "line 3: wrods: no setting of a brief; did you mean “words”?",
        "line 4: words: “-3” is not understood; write a whole number above 0",
        "line 5: since: ",
        "line 6: retrieved: “2024-05” is no day; write it like 2023-05-17",
        "line 7: undated: “perhaps” is not understood; write keep or drop",
        "line 8: language: “Spanish” is not understood; write its two letters",
        "line 9: role: takes one value, not a list",
        "line 10: pin: takes text or a list of texts",
        "line 11: material: gone.txt: is not beside the brief",
        "line 11: material: ../outside.txt: lies outside the brief's folder",
        "topic: missing; add a line “topic: …”",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "b.md: line 1: no topic; name it in quotes"),
        ("# Only\ntext", "b.md: line 1: no topic; name it in quotes"),
        ('Write 0 words on the topic "Open data":\n# One', "b.md: the instruction asks for 0 words"),
        ('Write on the topic "Open data":\nand nothing else', "b.md: line 2: no heading"),
        ("---\ntopic: Datos\n# Uno\n", "b.md: line 1: the front matter does not end; close it with a line ---"),
        ("---\ntopic: a: b\n---\n# Uno\n", "b.md: line 2: the front matter is not YAML"),
        ("---\n- a\n---\n# Uno\n", "b.md: line 2: the front matter holds no settings"),
        ("---\n---\n# Uno\n", "b.md: line 1: topic: missing"),
        ("---\ntopic: a\ntopic: b\n---\n# Uno\n", "b.md: line 2: topic: given again in line 3; keep one of them"),
        ("---\ntopic: a\n---\nloose\n\n# Uno\n", "b.md: line 4: “loose” stands above the first heading"),
        ("---\ntopic: a\n---\n\nno heading", "b.md: line 4: no heading"),
        ("---\ntopic: " + "[" * 3000 + "\n---\n# Uno\n", "b.md: line "),
        ("---\ntopic: a\nmaterial: 'retrieved: once'\n---\n# Uno\n", "b.md: the material: line 1: “once” "),
        (f'Sobre el tema "D":\n<<<MATERIAL>>>\n{SNIPPETS}\n<<<FIN>>>\nsuelto\n# Uno', "b.md: line 5: “suelto” stands"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    """What is no brief is refused with its name, the line and a remedy."""
    assert refusal(text).startswith(message)


def test_unreadable_files(tmp_path: Path) -> None:
    """A file that is missing or not UTF-8 is refused by name."""
    latin = tmp_path / "latin.md"
    latin.write_bytes("---\ntopic: años\n---\n# Uno\n".encode("latin-1"))
    with pytest.raises(BriefError, match=r"gone\.md: cannot be read"):
        read_brief(tmp_path / "gone.md")
    with pytest.raises(BriefError, match=r"latin\.md: line 2: not UTF-8; save the brief as UTF-8"):
        read_brief(latin)


def test_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    """A file from Windows keeps its line ends in the author's text and is otherwise read the same."""
    path = tmp_path / "b.md"
    path.write_bytes(b"\xef\xbb\xbf---\r\ntopic: Datos\r\nwords: 90\r\n---\r\n# Uno\r\nprimera  \r\nsegunda\r\n")
    brief = read_brief(path)
    assert (brief.topic, brief.words) == ("Datos", 90)
    assert [(heading.line, heading.author_text) for heading in brief.headings] == [("# Uno", "primera  \r\nsegunda")]


def test_topic_brief() -> None:
    """A topic alone is a brief of one heading without text, in the topic's language unless told."""
    brief = topic_brief("El impacto de los datos sintéticos\n en la salud", words=120)
    assert (brief.topic, brief.words, brief.language) == ("El impacto de los datos sintéticos en la salud", 120, "es")
    assert [(heading.line, heading.title, heading.author_text) for heading in brief.headings] == [
        ("# El impacto de los datos sintéticos en la salud", brief.topic, "")
    ]
    assert topic_brief("Datos", language="fr").language == "fr"
    with pytest.raises(BriefError, match="the topic is empty"):
        topic_brief(" \n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FOUNDING.read_text(encoding="utf-8"), True),
        (markdown("topic: Datos"), True),
        ("\ufeff" + markdown("topic: Datos", "words: 200"), True),
        (f'Write 300 words on the topic "Open data":\n\n{OUTLINE}', True),
        (markdown("title: An article", "topic: Data"), False),
        (markdown("title: An article"), False),
        (markdown("topic: Datos", outline="no heading"), False),
        ("---\ntopic: never closed\n# One\n", False),
        ("---\ntopic: [\n---\n# One\n", False),
        (SNIPPETS, False),
        ("# Notes\nHe wrote 300 words on the topic “Open data” last year.\n", False),
        ("An essay on “Open data”.\n\n# One\n", False),
        ("", False),
    ],
)
def test_looks_like_brief(text: str, expected: bool) -> None:
    """Either form is known for a brief; articles, notes and snippets are not."""
    assert looks_like_brief(text) is expected


def test_keys_are_taken_as_printed() -> None:
    """`k:ABC234` and abc234 are one key."""
    text = "---\ntopic: Datos\nlanguage: es\npin: [k:ABC234]\nban: [k:def567]\n---\n# Uno\n"
    brief = parse_brief(text, name="b.md", folder=Path())
    assert (brief.pin, brief.ban) == (("abc234",), ("def567",))
    assert brief.remarks == ()


def test_a_few_words_tell_their_language() -> None:
    """Where a topic is too short to be sure of, its little words decide."""
    assert topic_brief("recetas con garbanzos").language == "es"
    assert topic_brief("recipes with chickpeas").language == "en"
