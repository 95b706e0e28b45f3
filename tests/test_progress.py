"""Claims about what a terminal shows while a command works."""

from __future__ import annotations

import io
import sys

import pytest

from rag.progress import Bars, Progress


class Terminal(io.StringIO):
    """Takes what is written, and says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **environment: str) -> str:
    """Return what a run of every kind of progress writes."""
    for name, value in ({"TERM": "xterm", "COLUMNS": "80"} | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", stream)
    with Bars() as progress:
        progress.stage("gather")
        progress.stage("write")
        for done in range(4):
            progress.sections(done, 3)
        progress.stage("check")
        for count in (progress.files, progress.chunks, progress.queries):
            count(1, 2)
            count(2, 2)
    return stream.getvalue()


def test_a_terminal_shows_what_is_done_and_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections, files, chunks and queries by number; the cursor comes back."""
    told = shown(monkeypatch, Terminal())
    assert all(words in told for words in ("3/3 sections", "2/2 files", "2/2 chunks", "2/2 queries"))
    assert told.rstrip().endswith("\x1b[?25h")


def test_progress_speaks_spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """To whom that is the language."""
    told = shown(monkeypatch, Terminal(), RAG_LANGUAGE="es")
    assert all(words in told for words in ("3/3 secciones", "2/2 archivos", "2/2 fragmentos", "2/2 consultas"))


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves the bars and takes their colours."""
    told = shown(monkeypatch, Terminal(), NO_COLOR="1")
    assert "3/3 sections" in told
    assert "\x1b[3" not in told


@pytest.mark.parametrize(
    ("stream", "terminal"), [(io.StringIO(), "xterm"), (Terminal(), "dumb")], ids=["a file", "a dumb terminal"]
)
def test_elsewhere_nothing_is_shown(stream: io.StringIO, terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot move its cursor gets no bars."""
    assert shown(monkeypatch, stream, TERM=terminal) == ""


def test_what_a_person_should_know_is_said_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """But by who hears and says nothing."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    Bars().say("waiting")
    with Progress() as silent:
        silent.say("waiting")
    assert stream.getvalue() == "waiting\n"
