"""What a plan or a search found, as pictures and as rows of tables: when it was said, by whom, why it came up.

Evidence → figures (matplotlib, without pyplot and without global state) and plain rows. Chooses and measures nothing.
"""

from rag.explore.heatmap import heatmap
from rag.explore.picture import Picture
from rag.explore.scores import scores
from rag.explore.summaries import changes, gaps, periods
from rag.explore.timeline import Grouping, timeline

__all__ = ["Grouping", "Picture", "changes", "gaps", "heatmap", "periods", "scores", "timeline"]
