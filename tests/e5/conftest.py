"""What the tests of the bundled encoder share: the encoder in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.e5 import BulkEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.embed import BundledEmbedder


@pytest.fixture(scope="session")
def in_bulk(bundled: BundledEmbedder, cache: Path) -> BulkEmbedder:
    """The real bundled encoder through onnxruntime."""
    bulk = bundled.in_bulk()
    assert isinstance(bulk, BulkEmbedder)
    return bulk
