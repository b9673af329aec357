"""A retriever for LlamaIndex. Needs the extra `llamaindex`."""

from __future__ import annotations

import asyncio

from rag.adapters.passages import passages
from rag.errors import ExtraMissing
from rag.types import Filters
from rag.types.searching import Searchable

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ModuleNotFoundError as absent:
    if str(absent.name).partition(".")[0] != "llama_index":
        raise  # the library is there and lacks something itself
    raise ExtraMissing("llamaindex", "llama-index-core") from absent

_NOT_FOR_MODELS = ["document", "start", "end", "file_sha256", "url", "language"]


class SourceboundRetriever(BaseRetriever):  # type: ignore[misc]  # the library need not be there
    """Passages of an assistant as LlamaIndex nodes with scores, best first.

    The metadata hold document, start and end, so each text can be found again in its file; a model
    is shown title, date, outlet and author of them.
    """

    def __init__(
        self, assistant: Searchable, *, filters: Filters | None = None, limit: int = 8
    ) -> None:
        """`assistant` is a `rag.Assistant` (its errors pass through), `limit` 1 to 16."""
        super().__init__()
        self._assistant, self._filters, self._limit = assistant, filters, limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = passages(self._assistant, query_bundle.query_str, self._limit, self._filters)
        nodes = [
            TextNode(
                id_=each.identifier,
                text=each.text,
                metadata=each.metadata,
                start_char_idx=each.metadata["start"],
                end_char_idx=each.metadata["end"],
                excluded_llm_metadata_keys=_NOT_FOR_MODELS,
                excluded_embed_metadata_keys=_NOT_FOR_MODELS,
            )
            for each in found
        ]
        scores = [each.score for each in found]
        return [NodeWithScore(node=node, score=s) for node, s in zip(nodes, scores, strict=True)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)
