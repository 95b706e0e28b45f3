"""Evidence → a digest: the sources' own statements, verbatim and cited, within the length. Needs no model.

By the data's way: `candidates` lists what may be said and how near it is to each heading, `deal` gives statements to
headings, `order` puts a section's in reading order, `writer` prints them.
"""

from rag.extract.writer import ExtractiveWriter

__all__ = ["ExtractiveWriter"]
