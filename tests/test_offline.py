"""After the weights are fetched nothing needs the network: index and ask with it switched off."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

ARTICLE = """Harbour dues of Elmsund

The council of Elmsund raised the harbour dues to 4.20 crowns a ton on 3 March 2024. The former
rate was 3.90 crowns. Fishing boats under ten metres pay nothing, the harbour master said.
"""

# Runs in a child: every way out of the machine is an error there, in all threads.
CHILD = """
import os, socket, sys
from pathlib import Path

def refuse(self, address, *rest):
    print("TOUCHED", address, file=sys.stderr, flush=True)
    os._exit(70)

socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = lambda host, *rest, **more: refuse(None, host)

from rag import Assistant
from rag.answering.serialise import to_json
from rag.home import home
from rag.indexing import update
from rag.models.loading import as_embedder

articles, embedder_folder, generator, question = sys.argv[1:]
embedder = as_embedder(embedder_folder, home())
assert update(home().index, [Path(articles)], embedder).new == 1
with Assistant(embedder=embedder, generator=generator) as assistant:
    print(to_json(assistant.ask(question)))
"""


def without_network() -> list[str]:
    """A prefix that runs a command in a network namespace with no way out, where that is allowed."""
    prefix = ["unshare", "--user", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        return []
    allowed = subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return prefix if allowed else []


def test_index_and_ask_without_a_network(
    tmp_path: Path, isolated: Path, tiny_weights: Path, embedder_weights: Path
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "elmsund.md").write_text(ARTICLE, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "passive"}
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        environment.pop(name, None)  # the program itself has to set what it needs
    command = [*without_network(), sys.executable, "-c", CHILD]
    command += [str(articles), str(embedder_weights), str(tiny_weights), "What are the dues?"]

    child = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=200)

    assert child.returncode == 0, child.stderr
    answer = json.loads(child.stdout)
    shown = [*answer["citations"], *answer["nearest"]]
    assert shown, "an answer cites and a refusal shows the nearest sentences"
    assert all(citation["quote"] in " ".join(ARTICLE.split()) for citation in shown)


def test_the_guard_of_this_test_works() -> None:
    """The child would be ended if anything connected: shown by something that does."""
    code = CHILD.split("from rag import")[0] + "socket.create_connection(('127.0.0.1', 9))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert child.returncode == 70
    assert "TOUCHED" in child.stderr
