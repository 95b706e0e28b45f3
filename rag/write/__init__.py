"""Evidence → text with a chat model: one chain per heading, and what it will cost; titles for a topic without any."""

from rag.write.chain import ChainWriter
from rag.write.cost import TOO_FEW_WORDS, expected_cost, price, words_left
from rag.write.manuscript import Manuscript, Memory, Mender, Writer
from rag.write.titler import ChatTitler

__all__ = [
    "TOO_FEW_WORDS",
    "ChainWriter",
    "ChatTitler",
    "Manuscript",
    "Memory",
    "Mender",
    "Writer",
    "expected_cost",
    "price",
    "words_left",
]
