"""What changed between two writings, as lines for a terminal and as JSON: what `rag diff` prints. Diff -> str, dict.

Every text of a source, a model or a person stands on a line of ours, without control characters, cut where the line
ends; the JSON has it whole.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from rag.diff import lengths
from rag.language import tell
from rag.render.columns import columns, cut, line_width, padded, plain, seen
from rag.render.lines import DATE, day, verdict_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rag.diff import Cited, Diff, SectionChange, SentenceChange, Turnover, Writing
    from rag.records import Excerpt, Sentence, Source

T = TypeVar("T")
_CHANGES = {"added": "añadida", "removed": "quitada", "moved": "movida"}
_KINDS = {"author": "del autor", "written": "escrita"}

SHARED = 4
"""Words that both wordings of a long sentence begin with, shown before they part."""


def diff_lines(diff: Diff) -> str:
    """Return what changed, in lines no wider than the terminal: + is new, - is gone, ~ changed."""
    if not diff:
        return tell(es="nada ha cambiado", en="nothing differs")
    settings = (_line(2, f"{one.name}: {_value(one.before)} → {_value(one.after)}") for one in diff.settings)
    blocks = (
        [
            _line(0, *_writing(diff.before), tell(es="antes", en="before")),
            _line(0, *_writing(diff.after), tell(es="después", en="after")),
        ],
        _under(0, tell(es="hecho con", en="made with"), settings),
        *(list(_section(section)) for section in diff.sections),
        _under(0, tell(es="fuentes citadas", en="sources cited"), _turnover(2, diff.sources, _source)),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def diff_json(diff: Diff) -> dict[str, Any]:
    """Return what changed; `sections` are those that did, and `before` or `after` is null where there is none."""
    return {
        "before": _writing_json(diff.before),
        "after": _writing_json(diff.after),
        "settings": [{"name": one.name, "before": one.before, "after": one.after} for one in diff.settings],
        "sections": [_section_json(section) for section in diff.sections],
        "sources": _turnover_json(diff.sources, _source_json),
    }


# Lines


def _section(section: SectionChange) -> Iterator[str]:
    lines = [one.heading.line for one in (section.after, section.before) if one]
    yield _line(0, lines[0])
    if lines[0] != lines[-1]:
        yield _line(2, tell(es="antes:", en="before:"), lines[-1])
    if (change := _change(section)) != "kept":
        places = " → ".join(str(place + 1) for place in section.place if place is not None)
        yield _line(2, tell(es=f"{_CHANGES[change]}: sección {places}", en=f"{change}: section {places}"))
    before, after = lengths(section.before), lengths(section.after)
    if before != after:
        asked, written = (" → ".join(map(str, dict.fromkeys(pair))) for pair in zip(before, after, strict=True))
        words = tell(es=f"palabras: pedidas {asked}, escritas {written}", en=f"words: asked {asked}, written {written}")
        yield _line(2, words)
    new = (_marked(4, "+", *_source(one)) for one in section.literature.new)
    gone = (_marked(4, "-", *_source(one)) for one in section.literature.gone)
    yield from _under(2, tell(es="literatura nueva", en="new literature"), new)
    yield from _under(2, tell(es="literatura que ya no está", en="literature gone"), gone)
    yield from _under(2, tell(es="evidencia", en="evidence"), _turnover(4, section.evidence, _excerpt))
    yield from _under(
        2, tell(es="frases", en="sentences"), (line for one in section.sentences for line in _sentence(one))
    )


def _sentence(change: SentenceChange) -> Iterator[str]:
    """Give a sentence, in both wordings where they differ, then its kind, its verdict and what it cites."""
    before, after = change.before, change.after
    if before and after and before.text != after.text:
        was, now = _parting(before.text, after.text)
        yield _marked(4, "~", was)
        yield _marked(4, "→", now)
    else:
        mark = "~" if before and after else "+" if after else "-"
        yield from (_marked(4, mark, one.text) for one in (after or before,) if one)
    said = [(tell(es=_KINDS[one.kind], en=one.kind), verdict_words(one.verdict)) for one in (before, after) if one]
    whole = len(said) == 1
    fates = (dict.fromkeys(fate) for fate in zip(*said, strict=True))
    if words := ", ".join(" → ".join(fate) for fate in fates if whole or len(fate) > 1):
        yield _line(6, words)
    yield from _turnover(6, change.citations, _citation)


def _parting(before: str, after: str) -> tuple[str, str]:
    """Return two wordings from shortly before they part, where they do not both fit a line."""
    was, now = before.split(), after.split()
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))
    shared = len(list(alike)) - SHARED
    if shared <= 0 or max(columns(before), columns(after)) <= line_width() - 7:
        return before, after
    return " ".join(("…", *was[shared:])), " ".join(("…", *now[shared:]))


def _turnover(indent: int, turnover: Turnover[T], words: Callable[[T], tuple[str, ...]]) -> Iterator[str]:
    yield from (_marked(indent, "+", *words(one)) for one in turnover.new)
    yield from (_marked(indent, "-", *words(one)) for one in turnover.gone)


def _under(indent: int, title: str, lines: Iterable[str]) -> list[str]:
    """Return lines under a title of their own; nothing where there are none."""
    held = list(lines)
    return [_line(indent, title), *held] if held else []


def _marked(indent: int, mark: str, first: str, *parts: str) -> str:
    return _line(indent, f"{mark} {seen(first) or '–'}", *parts)


def _line(indent: int, *parts: str) -> str:
    """Return the parts on one line, without control characters, cut at the terminal's width."""
    return cut(" " * indent + "  ".join(seen(part) or "–" for part in parts), line_width()).rstrip()


def _writing(writing: Writing) -> tuple[str, ...]:
    asked, written = writing.words
    words = tell(es=f"{written} de {asked} palabras", en=f"{written} of {asked} words")
    return f"{writing.run.started:%Y-%m-%d %H:%M}", words, writing.folder


def _source(source: Source) -> tuple[str, ...]:
    return padded(day(source.date), DATE), plain(source.title or source.url or "".join(source.paths[:1]))


def _excerpt(excerpt: Excerpt) -> tuple[str, ...]:
    date, title = _source(excerpt.source)
    return date, f"k:{excerpt.key}", title, plain(excerpt.text)


def _citation(cited: Cited) -> tuple[str, ...]:
    key = tell(es=f"cita k:{cited.key}", en=f"cites k:{cited.key}")
    return (key, *_source(cited.excerpt.source)) if cited.excerpt else (key, tell(es="sin extracto", en="no excerpt"))


def _value(value: object) -> str:
    return "–" if value in {None, ""} else str(value)


# JSON


def _writing_json(writing: Writing) -> dict[str, Any]:
    asked, written = writing.words
    started = writing.run.started.isoformat()
    return {"run": writing.folder, "started": started, "words": {"asked": asked, "written": written}}


def _section_json(section: SectionChange) -> dict[str, Any]:
    return {
        "change": _change(section),
        "before": _place_json(section, 0),
        "after": _place_json(section, 1),
        "literature": _turnover_json(section.literature, _source_json),
        "evidence": _turnover_json(section.evidence, _excerpt_json),
        "sentences": [_change_json(change) for change in section.sentences],
    }


def _place_json(section: SectionChange, side: int) -> dict[str, Any] | None:
    held, place = (section.before, section.after)[side], section.place[side]
    if held is None or place is None:
        return None
    asked, written = lengths(held)
    words = {"asked": asked, "written": written}
    return {"title": held.heading.title, "level": held.heading.level, "place": place + 1, "words": words}


def _change_json(change: SentenceChange) -> dict[str, Any]:
    return {
        "change": "changed" if change.before and change.after else "added" if change.after else "removed",
        "before": _sentence_json(change.before),
        "after": _sentence_json(change.after),
        "citations": _turnover_json(change.citations, _citation_json),
    }


def _sentence_json(sentence: Sentence | None) -> dict[str, Any] | None:
    if sentence is None:
        return None
    keys = [citation.key for citation in sentence.citations]
    return {"text": sentence.text, "kind": sentence.kind, "verdict": sentence.verdict, "keys": keys}


def _turnover_json(turnover: Turnover[T], form: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    return {"new": [form(one) for one in turnover.new], "gone": [form(one) for one in turnover.gone]}


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "authors": list(source.authors),
        "date": str(source.date) or None,
        "precision": source.date.precision,
        "doi": source.doi,
        "url": source.url,
        "path": source.paths[0] if source.paths else "",
    }


def _excerpt_json(excerpt: Excerpt) -> dict[str, Any]:
    return {"key": excerpt.key, "text": excerpt.text, "page": excerpt.page, "source": _source_json(excerpt.source)}


def _citation_json(cited: Cited) -> dict[str, Any]:
    return {"key": cited.key, "source": _source_json(cited.excerpt.source) if cited.excerpt else None}


def _change(section: SectionChange) -> str:
    if section.before is None or section.after is None:
        return "added" if section.after else "removed"
    return "moved" if section.moved else "kept"
