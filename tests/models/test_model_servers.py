"""Generators behind two real servers, each a process of its own, with the weights of the tests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Assistant
from rag.answering import grammar as answer_grammar
from rag.answering.verify import verify
from rag.documents import read
from rag.errors import ModelError
from rag.models.gbnf import compiled
from rag.models.remote import Abilities, RemoteGenerator, require_server
from rag.types import Message
from tests.indexing.support import HashingEmbedder
from tests.server.support import ALWAYS, QUESTION, write_papers

pytestmark = pytest.mark.slow

ASK = [
    Message("system", "Answer with yes or no."),
    Message("user", "Is water wet? Reply yes or no."),
]
GRAMMAR = answer_grammar.build(["S1", "S2"], statements=1)
XLLAMACPP = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_parallel = sys.argv[1], 2048, 1
params.hostnames, params.port, params.cpuparams.n_threads = ["127.0.0.1"], int(sys.argv[2]), 1
server = xllamacpp.Server(params)
while True: time.sleep(1)
"""


def command(kind: str, weights: Path, port: int) -> list[str]:
    if kind == "xllamacpp":
        return [sys.executable, "-c", XLLAMACPP, str(weights), str(port)]
    return [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--host", "127.0.0.1",
            "--port", str(port), "--n_ctx", "2048", "--logits_all", "true", "--n_threads", "1",
            "--verbose", "false"]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", params=["llama-cpp-python", "xllamacpp"])
def address(request, tiny_weights: Path, tmp_path_factory) -> Iterator[str]:
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    place = f"http://127.0.0.1:{port}"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command(request.param, tiny_weights, port), stdout=file, stderr=file
        )
    try:
        _wait_for(place, process, log)
        yield place
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(place: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 250
    while True:
        assert process.poll() is None and time.monotonic() < end, log.read_text()[-2000:]
        try:
            require_server(place)
            return
        except ModelError:
            time.sleep(0.2)


def test_a_real_server_is_held_to_the_grammar_and_tells_probabilities(
    address: str, tiny_generator
) -> None:
    generator = RemoteGenerator(address)
    assert generator.abilities == Abilities("grammar", True)
    tokens = list(generator.stream(ASK, GRAMMAR, 60))
    text = "".join(token.text for token in tokens)
    assert compiled(GRAMMAR).fullmatch(text) or len(tokens) >= 60
    assert all(token.logprob <= 0 for token in tokens)
    options = ["Yes", "No", "yes", "no"]
    here = tiny_generator.probabilities(ASK, options)
    there = generator.probabilities(ASK, options)
    assert max(here) > 0.05, "a question whose answer says something"
    for mine, theirs in zip(here, there, strict=True):
        # The least likely are not among the twenty that a server tells.
        assert theirs == pytest.approx(mine, abs=0.1)


def test_an_assistant_works_over_it(address: str, tmp_path: Path) -> None:
    index = write_papers(tmp_path / "papers")
    with Assistant(
        index, embedder=HashingEmbedder(), generator=address, confidence=ALWAYS
    ) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.provenance.generator.endswith(address.removeprefix("http://"))
    cited = [("answer", each) for each in (*answer.citations, *answer.nearest)]
    assert cited
    assert not [v for v in verify(cited, lambda path: read(path).text) if v.problem]
