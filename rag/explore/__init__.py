"""What an index, a plan, a search or two runs hold, as pictures and as rows of tables: when it was said, by whom, what
is like what, why it came up, what changed, how well it is found.

Evidence → figures (matplotlib, without pyplot and without global state) and plain rows. Chooses and measures nothing.
"""

from rag.explore.chunk_map import Chunks, chunk_map, embedded_chunks
from rag.explore.groups import MapGrouping
from rag.explore.heatmap import heatmap
from rag.explore.measured import intervals, measures, questions_needed
from rag.explore.picture import Picture
from rag.explore.reading import Reading
from rag.explore.runs import Comparison, compare_runs
from rag.explore.scores import scores
from rag.explore.summaries import changes, documents, gaps, periods
from rag.explore.timeline import Grouping, timeline

__all__ = [
    "Chunks", "Comparison", "Grouping", "MapGrouping", "Picture", "Reading", "changes", "chunk_map", "compare_runs",
    "documents", "embedded_chunks", "gaps", "heatmap", "intervals", "measures", "periods", "questions_needed", "scores",
    "timeline",
]  # fmt: skip
