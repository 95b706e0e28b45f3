"""Turns a folder of literature and dated search snippets into a written, cited, checked text.

library = rag.open("index")
library.search("privacidad de datos sintéticos", since="2023")
library.write(rag.read_brief("briefs/brief-datos-sinteticos.txt"))
"""

from rag.errors import RagError
from rag.library import Hits, Library, Plan, Text, index_folder, open, read_brief  # noqa: A004 - rag.open
from rag.records import Brief, Evidence, Excerpt, Heading, PublicationDate, Report, Source

__all__ = [
    "Brief",
    "Evidence",
    "Excerpt",
    "Heading",
    "Hits",
    "Library",
    "Plan",
    "PublicationDate",
    "RagError",
    "Report",
    "Source",
    "Text",
    "index_folder",
    "open",
    "read_brief",
]
