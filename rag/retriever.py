"""A search → a LangChain retriever, for chains of one's own. Imported only when asked for: LangChain loads slowly."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from rag.records import Excerpt


class ExcerptRetriever(BaseRetriever):
    """Finds excerpts; each is a LangChain document whose metadata hold key, date, path, page, title, authors, score."""

    find: Callable[[str], Iterable[Excerpt]]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        return [_document(excerpt) for excerpt in self.find(query)]


def make_retriever(find: Callable[[str], Iterable[Excerpt]]) -> BaseRetriever:
    """Return a retriever over a search function."""
    return ExcerptRetriever(find=find)


def _document(excerpt: Excerpt) -> Document:
    return Document(
        page_content=excerpt.text,
        id=excerpt.key,
        metadata={
            "key": excerpt.key,
            "date": str(excerpt.date),
            "path": excerpt.path,
            "page": excerpt.page,
            "title": excerpt.title,
            "authors": list(excerpt.authors),
            "language": excerpt.language,
            "score": excerpt.score,
        },
    )
