"""A query → dated excerpts: lists by meaning and by word, fused, in any language; each statement once, and diverse."""

from rag.retrieve.hybrid import POOL, Reranker, Shelf, explain, find, search, search_index

__all__ = ["POOL", "Reranker", "Shelf", "explain", "find", "search", "search_index"]
