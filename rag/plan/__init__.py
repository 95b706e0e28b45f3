"""A brief and shelves → evidence for each heading: what is looked for, found, enough, and missing."""

from rag.plan.evidence import LEAST, Gate, Judgement, Means, gather, nothing_said, share_words

__all__ = ["LEAST", "Gate", "Judgement", "Means", "gather", "nothing_said", "share_words"]
