"""Claims about which passages of a document a sentence is checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.config import Config
from rag.drafts.passages import CHOSEN, NEAREST, SEARCHES, Stacks, by_words
from rag.embed import CachedEmbedder
from rag.index import Index
from rag.pipeline import index_folder
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTS = [f"El hospital número {n} de la comarca atendió a {1000 + n} pacientes con datos propios." for n in range(60)]


@pytest.fixture
def stacks(tmp_path: Path) -> Iterator[Stacks]:
    """A document of many passages, and a short one."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "largo.md").write_text("# Informe\n\n" + "\n\n".join(PARTS), encoding="utf-8")
    (tmp_path / "corpus" / "corto.md").write_text("# Nota\n\nUna frase sobre vinos de la comarca.", encoding="utf-8")
    embedder = WordEmbedder(max_tokens=20)
    index_folder(tmp_path / "corpus", tmp_path / "index", config=Config(), embedder=embedder)
    with Index(tmp_path / "index") as index:
        yield Stacks(index.catalog, CachedEmbedder(embedder, index.catalog))


def document(stacks: Stacks, path: str) -> str:
    """Return a document's id."""
    return next(one.id for one in stacks.sources() if one.paths == (path,))


def test_the_passages_that_share_a_sentences_words_are_chosen(stacks: Stacks) -> None:
    """So many at most, with those that hold its figures; what was not read is counted, and nothing is embedded."""
    found = stacks.passages(document(stacks, "largo.md"), "Atendió a 1042 pacientes.", language="es")
    assert any("1042" in one.text for one in found.excerpts)
    assert found.read == CHOSEN < found.held
    assert found.partial
    assert stacks.searches == 0


def test_a_search_by_meaning_adds_the_nearest(stacks: Stacks) -> None:
    """And no more than so many sentences are ever embedded."""
    long = document(stacks, "largo.md")
    more = stacks.passages(long, "Atendió a 1042 pacientes.", language="es", by_meaning=True)
    assert CHOSEN <= more.read <= 2 * CHOSEN + NEAREST
    assert stacks.searches == 1
    stacks.searches = SEARCHES
    assert stacks.passages(long, "Otra frase.", language="es", by_meaning=True).read >= CHOSEN


def test_a_short_document_is_read_whole(stacks: Stacks) -> None:
    """Neighbouring passages are one excerpt, so that a quotation may pass from one to the next."""
    found = stacks.passages(document(stacks, "corto.md"), "Vinos.", language="es", by_meaning=True)
    assert not found.partial
    assert len(found.excerpts) == 1
    assert stacks.passages("none", "Vinos.", language="es").held == 0


def test_rare_words_and_figures_weigh_most() -> None:
    """Ties keep their order."""
    texts = ["el hospital creció", "el hospital creció un 12", "el hospital de Soria", "nada"]
    assert by_words("El hospital de Soria creció un 12 %", texts, language="es") == [1, 2, 0, 3]
