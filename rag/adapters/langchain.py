"""A retriever for LangChain. Needs the extra `langchain`."""

from __future__ import annotations

from typing import Any

from rag.adapters.passages import passages
from rag.errors import ExtraMissing
from rag.types import Filters

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ModuleNotFoundError as absent:
    if str(absent.name).partition(".")[0] != "langchain_core":
        raise  # the library is there and lacks something itself
    raise ExtraMissing("langchain", "langchain-core") from absent


class SourceboundRetriever(BaseRetriever):  # type: ignore[misc]  # the library need not be there
    """Passages of an assistant as LangChain documents, best first.

    `assistant` is a `rag.Assistant` (its errors pass through), `filters` a `rag.Filters`, `limit`
    1 to 16. The metadata hold document, start and end, so each text can be found again in its file.
    """

    assistant: Any
    filters: Filters | None = None
    limit: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                page_content=found.text,
                id=found.identifier,
                metadata=found.metadata | {"score": found.score},
            )
            for found in passages(self.assistant, query, self.limit, self.filters)
        ]
