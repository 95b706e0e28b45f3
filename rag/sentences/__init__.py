"""A sentence → whether it is whole, in whose voice it speaks, and what it needs around it to be understood.

Works by form and by the closed classes of Spanish and English (pronouns, connectives, endings); does not parse. Where
a form is ambiguous it decides against the sentence: one left out costs less than one that misleads. In other
languages only the rules of form hold.
"""

from rag.sentences.form import LONGEST, SHORTEST, is_whole, points_elsewhere
from rag.sentences.leaning import leans
from rag.sentences.voice import addresses_reader, announces, names_own_work, speaks_for_authors

__all__ = [
    "LONGEST",
    "SHORTEST",
    "addresses_reader",
    "announces",
    "is_whole",
    "leans",
    "names_own_work",
    "points_elsewhere",
    "speaks_for_authors",
]
