"""How well searching finds what people say is relevant: documents, queries and relevance → measures by method.

Does not tune and writes nothing but its own indexes in the user's cache. Dense, lexical and hybrid search, hybrid made
diverse by MMR, and reranked where something reranks, side by side on the same index and the same queries.
"""

from rag.evaluate.collection import Collection, Half, Query, read_collection
from rag.evaluate.evaluation import Evaluation, Gain, Pair, evaluate
from rag.evaluate.measures import MEASURES, Estimate, estimates, query_values
from rag.evaluate.table import as_values, interval, table

__all__ = [
    "MEASURES", "Collection", "Estimate", "Evaluation", "Gain", "Half", "Pair", "Query", "as_values", "estimates",
    "evaluate", "interval", "query_values", "read_collection", "table",
]  # fmt: skip
