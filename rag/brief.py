"""A brief file → `Brief`, in either of its forms: Markdown with front matter, or the founding form.

The founding form is a prompt: a role, an instruction with the length and the topic in quotes, pasted snippets after
<<<MATERIAL>>>, the outline, and sometimes a tail after [/ASSIST], which is left out and said to be. Nothing else of a
brief is dropped or mended: what cannot be placed is an error. It does not retrieve and does not share out the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rag.errors import BriefError, SourceError
from rag.front_matter import KEYS, FrontMatter, front_matter_end, read_front_matter
from rag.language import count_words, detect, detect_ours, function_words, os_words, say, spanish_or_english, tell
from rag.outline import dedent, read_headings, split_lines
from rag.read import read_file, snippet_documents
from rag.read.characters import decode
from rag.records import Brief, Document, Heading, TimeLimits, Undated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

WORDS = 500
"""The length of a text whose brief names none: the founding brief's."""

_HEADING = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*#{1,6}(?=[ \t\r\n]|\Z)")
_MATERIAL = re.compile(r"<<<[ \t]*MATERIAL(?:ES)?[ \t]*>>>", re.IGNORECASE)
_END_OF_MATERIAL = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*<<<[ \t]*(?:FIN|END|/)[^<>\r\n]*>>>", re.IGNORECASE)
_TAIL = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*(\[/(?:ASSIST|INST)\]|\[ASSIST\])", re.IGNORECASE)
_QUOTED = r"""(?:"([^"\r\n]+)"|«([^»\r\n]+)»|“([^”\r\n]+)”)"""
_ANY_QUOTED = re.compile(_QUOTED)
_TOPIC = re.compile(rf"\b(?:tema|topic|sobre|about|on)\b(?:\s+of)?\s*:?\s*{_QUOTED}", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?<![0-9.,])([0-9]{1,3}(?:[., ][0-9]{3})+|[0-9]{1,6})[\s-]*(?:palabras?|words?)\b", re.IGNORECASE
)
_FILE_NAME = re.compile(r"\S+\.\w{2,5}")
_INSTRUCTION = 2_000  # characters: it is short, so an article that quotes one further down is no brief


def read_brief(path: Path, *, retrieved: date | None = None) -> Brief:
    """Read a brief from a file; `retrieved`, the day its snippets were found, overrides the brief's own."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BriefError(
            tell(
                es=f"{path}: no se puede leer ({os_words(error)}); comprueba la ruta y los permisos",
                en=f"{path}: cannot be read ({os_words(error)}); check the path and its permissions",
            )
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BriefError(
            tell(
                es=f"{path}: línea {line}: no es UTF-8; guarda el encargo en UTF-8",
                en=f"{path}: line {line}: not UTF-8; save the brief as UTF-8",
            )
        ) from error
    return parse_brief(text, name=path.name, folder=path.parent, retrieved=retrieved)


def parse_brief(text: str, *, name: str, folder: Path, retrieved: date | None = None) -> Brief:
    """Read a brief from its text; `name` stands in messages and as its material's path, files lie in `folder`."""
    text = text.removeprefix("\ufeff")
    lines = split_lines(text)
    if _opens_front_matter(lines):
        return _markdown_form(lines, name=name, folder=folder, retrieved=retrieved)
    return _founding_form(text, name=name, retrieved=retrieved)


def topic_brief(topic: str, *, words: int = WORDS, language: str = "") -> Brief:
    """Make a brief of a topic alone: one heading of that title and no text of the author's."""
    title = " ".join(topic.split())
    if not title:
        raise BriefError(
            tell(
                es="el tema está vacío; da unas palabras o la ruta de un encargo",
                en="the topic is empty; give a few words or the path of a brief",
            )
        )
    heading = Heading(line=f"# {title}", title=title, level=1)
    return Brief(topic=title, headings=(heading,), words=words, language=language or _language(title))


def looks_like_brief(text: str) -> bool:
    """Say whether a text is a brief in either form: such files are no sources."""
    text = text.removeprefix("\ufeff")
    lines = split_lines(text)
    if _opens_front_matter(lines):
        end = front_matter_end(lines)
        keys = read_front_matter("".join(lines[1:end])).lines.keys() if end else set()
        return "topic" in keys and keys <= set(KEYS) and _HEADING.search("".join(lines[end:])) is not None
    parts = _founding_parts(text)
    instruction = parts.instruction[:_INSTRUCTION]
    asks = parts.material is not None or _LENGTH.search(instruction) is not None
    return asks and bool(parts.outline) and _TOPIC.search(instruction) is not None


@dataclass(frozen=True, slots=True)
class _FoundingParts:
    """A founding brief taken apart; `line` is the number of the outline's first line."""

    instruction: str
    material: str | None
    outline: str
    line: int
    tail_mark: str
    tail: str


def _founding_parts(text: str) -> _FoundingParts:
    opening = _MATERIAL.search(text)
    start = opening.end() if opening else 0
    tail = _TAIL.search(text, start)
    end = tail.start() if tail else len(text)
    closing = _END_OF_MATERIAL.search(text, start, end) if opening else None
    heading = _HEADING.search(text, start, end)
    before = closing.start() if closing else heading.start() if heading else end
    after = closing.end() if closing else before
    return _FoundingParts(
        instruction=text[: opening.start()] if opening else text[:before],
        material=text[start:before] if opening else None,
        outline=text[after:end],
        line=len(split_lines(text[:after] + ".")),
        tail_mark=tail[1] if tail else "",
        tail=text[tail.end() :] if tail else "",
    )


def _founding_form(text: str, *, name: str, retrieved: date | None) -> Brief:
    parts = _founding_parts(text)
    match = _TOPIC.search(parts.instruction) or _ANY_QUOTED.search(parts.instruction)
    if not match:
        raise BriefError(
            tell(
                es=(
                    f"{name}: línea 1: falta el tema; ponlo entre comillas encima del esquema (… sobre el "
                    'tema "…", … on the topic "…") o empieza el archivo con metadatos (---, topic: …, '
                    "---)"
                ),
                en=(
                    f'{name}: line 1: no topic; name it in quotes above the outline (… on the topic "…", … sobre el '
                    'tema "…")'
                    " or begin the file with front matter (---, topic: …, ---)"
                ),
            )
        )
    headings = read_headings(parts.outline, name=name, first_line=parts.line)
    topic = " ".join(next(filter(None, match.groups())).split())
    others = (line.strip() for line in split_lines(parts.instruction) if match[0] not in line)
    role = " ".join(filter(None, others))
    language = _language(topic, headings=headings, role=role)
    return Brief(
        topic=topic,
        headings=headings,
        words=_asked_words(parts.instruction.replace(match[0], " "), name=name),
        language=language,
        role=role,
        retrieved=retrieved,
        material=_snippets(parts.material or "", name=name, retrieved=retrieved),
        remarks=_tail_remark(parts.tail, mark=parts.tail_mark, language=language),
    )


def _asked_words(instruction: str, *, name: str) -> int:
    match = _LENGTH.search(instruction)
    words = int(re.sub("[^0-9]", "", match[1])) if match else WORDS
    if words < 1:
        raise BriefError(
            tell(
                es=f"{name}: la instrucción pide 0 palabras; pide una o más",
                en=f"{name}: the instruction asks for 0 words; ask for one or more",
            )
        )
    return words


def _tail_remark(tail: str, *, mark: str, language: str) -> tuple[str, ...]:
    words = count_words(tail)
    if not words:
        return ()
    remark = say(
        language,
        es=f"No se ha usado lo que sigue a «{mark}» ({words} {'palabra' if words == 1 else 'palabras'}).",
        en=f"What follows “{mark}” was left out ({words} {'word' if words == 1 else 'words'}).",
    )
    return (remark,)


def _opens_front_matter(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].rstrip() == "---"


def _markdown_form(lines: Sequence[str], *, name: str, folder: Path, retrieved: date | None) -> Brief:
    end = front_matter_end(lines)
    if not end:
        raise BriefError(
            tell(
                es=f"{name}: línea 1: los metadatos no terminan; ciérralos con una línea ---",
                en=f"{name}: line 1: the front matter does not end; close it with a line ---",
            )
        )
    front = read_front_matter("".join(lines[1:end]))
    topic, role = " ".join(front.text("topic").split()), front.text("role")
    if not topic and (front.lines or not front.faults):
        front.fault(
            "topic",
            tell(
                es="falta; añade una línea «topic: …» a los metadatos",
                en="missing; add a line “topic: …” to the front matter",
            ),
        )
    limits = _limits(front)
    words = front.choice(
        "words",
        "0*[1-9][0-9]{0,6}",
        remedy=tell(es="escribe un número entero mayor que 0, como 500", en="write a whole number above 0, like 500"),
    )
    language = front.choice(
        "language",
        "[a-z]{2}",
        remedy=tell(es="escribe sus dos letras, como es o en", en="write its two letters, like es or en"),
    )
    retrieved = front.day("retrieved") if retrieved is None else retrieved
    pin, ban = front.texts("pin"), front.texts("ban")
    material = _material(front, name=name, folder=folder, retrieved=retrieved)
    if front.faults:
        raise BriefError(f"{name}: {'; '.join(front.faults)}")
    headings = read_headings("".join(lines[end + 1 :]), name=name, first_line=end + 2)
    language = language or _language(topic, headings=headings, role=role)
    return Brief(
        topic=topic,
        headings=headings,
        words=int(words or WORDS),
        language=language,
        role=role,
        limits=limits,
        retrieved=retrieved,
        material=material,
        pin=tuple(key.lower().removeprefix("k:") for key in pin),
        ban=tuple(key.lower().removeprefix("k:") for key in ban),
    )


def _limits(front: FrontMatter) -> TimeLimits:
    undated = front.choice("undated", "keep|drop", remedy=tell(es="escribe keep o drop", en="write keep or drop"))
    return TimeLimits(
        since=front.limit("since").first,
        until=front.limit("until").last,
        as_of=front.limit("as_of").last,
        undated=cast("Undated | None", undated or None),
    )


def _material(front: FrontMatter, *, name: str, folder: Path, retrieved: date | None) -> tuple[Document, ...]:
    """Read the brief's own material: snippet text, or files beside the brief."""
    value = front.values.get("material", "")
    if isinstance(value, str) and not _FILE_NAME.fullmatch(value.strip()):
        return _snippets(value, name=name, retrieved=retrieved)
    documents: list[Document] = []
    for file in front.texts("material"):
        try:
            documents += _file_documents(file, folder=folder.resolve(), retrieved=retrieved)
        except SourceError as error:
            front.fault("material", str(error))
    return tuple(documents)


def _file_documents(file: str, *, folder: Path, retrieved: date | None) -> tuple[Document, ...]:
    path = (folder / file).resolve()
    if not path.is_relative_to(folder):
        raise SourceError(
            file,
            tell(
                es="está fuera de la carpeta del encargo; ponlo junto al encargo",
                en="lies outside the brief's folder; put it beside the brief",
            ),
        )
    if not path.is_file():
        raise SourceError(
            file,
            tell(
                es="no está junto al encargo; corrige el nombre o quítalo",
                en="is not beside the brief; mend its name or take it out",
            ),
        )
    documents = read_file(path, corpus=folder)
    if retrieved and any(document.source.format == "snippet" for document in documents):
        return snippet_documents(
            decode(path.read_bytes()), path=path.relative_to(folder).as_posix(), retrieved=retrieved
        )
    return documents


def _snippets(text: str, *, name: str, retrieved: date | None) -> tuple[Document, ...]:
    plain = dedent(text).strip()
    try:
        return snippet_documents(plain, path=name, retrieved=retrieved) if plain else ()
    except SourceError as error:
        raise BriefError(
            tell(es=f"{name}: el material: {error.reason}", en=f"{name}: the material: {error.reason}")
        ) from error


def _language(topic: str, *, headings: Sequence[Heading] = (), role: str = "") -> str:
    """Return the language of topic and outline; where they are too short, of the role, or the topic's little words."""
    outline = "\n\n".join(f"{heading.title}\n\n{heading.author_text}" for heading in headings)
    return detect_ours(f"{topic}\n\n{outline}") or detect(role) or function_words(topic) or spanish_or_english(topic)
