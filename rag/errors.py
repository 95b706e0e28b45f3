"""What went wrong, where, and what the reader should do about it.

Every error a person can cause or mend derives from `RagError`; its text is one line that names the file, the place
and the remedy. `rag.cli` alone turns it into a line on stderr and exit status 1; anything else is a bug.
"""

from __future__ import annotations


class RagError(Exception):
    """The input or the run failed in a way the reader can mend."""


class BriefError(RagError):
    """A brief cannot be understood."""


class SourceError(RagError):
    """One file of the corpus cannot be read; the rest of the corpus can.

    `reason` says why in words for the person who owns the file, without its path.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class DateError(RagError):
    """A date given as a limit or a setting is not 2023, 2023-05 or 2023-05-17."""


class IndexFault(RagError):
    """The index is missing, was made by another embedder, or cannot be used as it is."""


class EmbedderError(RagError):
    """An embedder cannot be loaded or does not answer."""


class ModelError(RagError):
    """A chat model cannot be reached or does not answer; `retryable` where a later try may succeed."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class BadReply(RagError):
    """A chat model answered with nothing that can be read as sentences; keeps the raw `reply`."""

    def __init__(self, message: str, *, reply: str) -> None:
        super().__init__(message)
        self.reply = reply
