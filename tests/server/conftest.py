from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag import Assistant
from rag.server.application import create_app
from rag.server.gate import Limits
from tests.server.support import RepeatingGenerator, open_assistant, write_papers

Serve = Callable[..., TestClient]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index over two papers."""
    return write_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="session")
def assistant(papers: Path) -> Iterator[Assistant]:
    with open_assistant(papers) as opened:
        yield opened


@pytest.fixture
def serve(papers: Path) -> Iterator[Serve]:
    """A client of an application of its own: `serve(generator, limits, most_waiting=...)`."""
    opened: list[Assistant] = []

    def make(
        generator: RepeatingGenerator | None = None, limits: Limits | None = None, **options: int
    ) -> TestClient:
        opened.append(open_assistant(papers, generator))
        app = create_app(opened[-1], limits, **options)
        return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    yield make
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def client(assistant: Assistant) -> TestClient:
    """A client of an application without keys or low limits."""
    app = create_app(assistant, Limits(per_minute=100_000))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
