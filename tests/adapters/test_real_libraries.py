"""The retrievers inside the real LangChain and LlamaIndex (make test-adapters)."""

from __future__ import annotations

import asyncio
import importlib.util
import threading

import pytest

from rag.adapters.passages import passages
from rag.errors import QuestionError, UsageError
from rag.types import Filters
from tests.server.support import OTHER, QUESTION, open_assistant, write_papers

pytestmark = pytest.mark.adapters


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    missing = [n for n in ("langchain_core", "llama_index") if importlib.util.find_spec(n) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed; run: make test-adapters")


class Watched:
    """An assistant that remembers which threads asked it."""

    def __init__(self, assistant) -> None:
        self.assistant, self.threads = assistant, []

    def retrieve(self, question, history=(), filters=None):
        self.threads.append(threading.current_thread())
        return self.assistant.retrieve(question, history, filters)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    with open_assistant(write_papers(tmp_path_factory.mktemp("papers"))) as opened:
        yield opened


def expected(assistant, question, limit=8, filters=None):
    return [
        (p.identifier, p.text, p.metadata) for p in passages(assistant, question, limit, filters)
    ]


def test_langchain_invokes_batches_and_chains_it(assistant) -> None:
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnablePassthrough

    from rag.adapters.langchain import SourceboundRetriever

    retriever = SourceboundRetriever(assistant=assistant, limit=2)
    documents = retriever.invoke(QUESTION)
    told = [
        (d.id, d.page_content, {k: v for k, v in d.metadata.items() if k != "score"})
        for d in documents
    ]
    assert told == expected(assistant, QUESTION, 2)
    assert documents[0].metadata["score"] >= documents[1].metadata["score"]
    first, second = retriever.batch([QUESTION, OTHER])
    assert first == documents and "250 engineers" in second[0].page_content

    join = retriever | (lambda found: "\n".join(each.page_content for each in found))
    chain = {"context": join, "question": RunnablePassthrough()} | ChatPromptTemplate.from_template(
        "{context}\n\n{question}"
    )
    assert "4.2 million" in chain.invoke(QUESTION).to_string()


def test_langchain_filters_awaits_and_lets_errors_through(assistant) -> None:
    from rag.adapters.langchain import SourceboundRetriever

    survey = Filters(documents=("survey.md",))
    filtered = SourceboundRetriever(assistant=assistant, filters=survey).invoke(QUESTION)
    assert {each.metadata["title"] for each in filtered} == {"Survey of cable engineers"}
    watched = Watched(assistant)
    found = asyncio.run(SourceboundRetriever(assistant=watched).ainvoke(QUESTION))
    assert "4.2 million" in found[0].page_content
    assert watched.threads and threading.main_thread() not in watched.threads
    with pytest.raises(QuestionError):
        SourceboundRetriever(assistant=assistant).invoke("")
    with pytest.raises(UsageError):
        SourceboundRetriever(assistant=assistant, limit=0).invoke(QUESTION)


def test_llamaindex_retrieves_and_answers_with_it(assistant) -> None:
    from llama_index.core import get_response_synthesizer
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.schema import MetadataMode

    from rag.adapters.llamaindex import SourceboundRetriever

    retriever = SourceboundRetriever(assistant, limit=2)
    nodes = retriever.retrieve(QUESTION)
    told = [(n.node.node_id, n.node.text, n.node.metadata) for n in nodes]
    assert told == expected(assistant, QUESTION, 2)
    assert nodes[0].score >= nodes[1].score
    node = nodes[0].node
    assert (
        assistant.file_text(node.metadata["document"])[node.start_char_idx : node.end_char_idx]
        == node.text
    )
    shown = node.get_content(MetadataMode.LLM)
    assert node.metadata["title"] in shown and node.metadata["file_sha256"] not in shown
    synthesizer = get_response_synthesizer(llm=MockLLM(), response_mode="compact")
    engine = RetrieverQueryEngine.from_args(
        retriever, response_synthesizer=synthesizer, llm=MockLLM()
    )
    response = engine.query(QUESTION)
    assert "4.2 million" in str(response)  # the mock repeats its prompt
    assert [each.node.node_id for each in response.source_nodes] == [n.node.node_id for n in nodes]


def test_llamaindex_filters_awaits_and_lets_errors_through(assistant) -> None:
    from rag.adapters.llamaindex import SourceboundRetriever

    survey = Filters(documents=("survey.md",))
    filtered = SourceboundRetriever(assistant, filters=survey).retrieve(QUESTION)
    assert {each.node.metadata["title"] for each in filtered} == {"Survey of cable engineers"}
    watched = Watched(assistant)
    found = asyncio.run(SourceboundRetriever(watched).aretrieve(QUESTION))
    assert "4.2 million" in found[0].node.text
    assert watched.threads and threading.main_thread() not in watched.threads
    with pytest.raises(QuestionError):
        SourceboundRetriever(assistant).retrieve("")
    with pytest.raises(UsageError):
        SourceboundRetriever(assistant, limit=17).retrieve(QUESTION)
