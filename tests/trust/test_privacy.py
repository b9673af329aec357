"""Nothing leaves the machine: index, ask, evaluate and serve without a network, each call traced."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_offline import ROOT, without_network

SECRET = "Quincemouth"
ARTICLE = f"""Harbour dues of {SECRET}

The council of {SECRET} raised the harbour dues to 4.20 crowns a ton on 3 March 2024. The former
rate was 3.90 crowns. Fishing boats under ten metres pay nothing, the harbour master said.
"""
QUESTION = f"What are the dues at {SECRET} per ton?"
QUOTE = f"The council of {SECRET} raised the harbour dues to 4.20 crowns a ton on 3 March 2024."
ASKED = {
    "id": "own-1", "group": "own", "kind": "number", "question": QUESTION,
    "answers": [["4.20 crowns"]], "answerable": True,
    "gold": [[{"document": "dues.md", "start": ARTICLE.index(QUOTE),
               "end": ARTICLE.index(QUOTE) + len(QUOTE), "quote": QUOTE}]],
}  # fmt: skip

# Runs in a child. A network namespace of its own has no loopback either until it is switched on.
CHILD = """
import fcntl, json, socket, struct, sys, threading, time, urllib.request
from pathlib import Path

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    request = struct.pack("16sh14x", b"lo", 0x49)
    try:
        fcntl.ioctl(control, 0x8914, request)
    except PermissionError:
        pass  # not in a namespace of its own: the loopback is up already

from rag.cli import main
papers, embedder, generator, question, questions = sys.argv[1:]
models = ["--embedder", embedder]
assert main(["index", papers, *models]) == 0
models += ["--generator", generator]
assert main(["ask", question, "--json", *models]) == 0
assert main(["eval", questions, "--corpus", papers, *models]) == 0

from rag import Assistant
from rag.server.gate import Limits
from rag.server.running import serve
from rag.ui import launch

def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]

def fetched(port, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    for _ in range(600):
        try:
            return urllib.request.urlopen(request, timeout=600).read()
        except OSError:
            time.sleep(0.2)

factory = lambda: Assistant(embedder=embedder, generator=generator)
page, api = free_port(), free_port()
threading.Thread(target=launch, args=(factory,), kwargs={"port": page}, daemon=True).start()
assert b"<html" in fetched(page, "/").lower()
given = {"host": "127.0.0.1", "port": api, "limits": Limits()}
threading.Thread(target=serve, args=(factory,), kwargs=given, daemon=True).start()
assert b"state" in fetched(api, "/ask", {"question": question})
print("SERVED", file=sys.stderr, flush=True)
import os
os._exit(0)
"""


def outside(trace: str) -> list[str]:
    """Traced calls that name an address off this machine."""
    found = []
    for line in trace.splitlines():
        address = re.search(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', line)
        host = (address[1] or address[2]) if address else "::1"
        if not host.startswith(("127.", "0.0.0.0")) and host not in ("::1", "::"):
            found.append(line.strip())
    return found


@pytest.mark.slow
@pytest.mark.timeout(1800)  # a minute on a quiet machine
def test_index_ask_evaluate_and_serve_make_no_outside_call(
    tmp_path: Path, isolated: Path, tiny_weights: Path, embedder_weights: Path
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "dues.md").write_text(ARTICLE, "utf-8")
    questions = tmp_path / "own.jsonl"
    questions.write_text(json.dumps(ASKED) + "\n", "utf-8")
    trace = tmp_path / "trace"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "passive"}
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "GRADIO_ANALYTICS_ENABLED",
                 "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):  # fmt: skip
        environment.pop(name, None)
    command = [*without_network(), "strace", "-f", "-qq", "--seccomp-bpf",
               "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(trace)]  # fmt: skip
    command += [sys.executable, "-c", CHILD, str(papers), str(embedder_weights)]
    command += [str(tiny_weights), QUESTION, str(questions)]
    child = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=1700)

    assert child.returncode == 0, child.stderr[-3000:]
    assert "SERVED" in child.stderr
    calls = trace.read_text("utf-8", "replace")
    assert "127.0.0.1" in calls, "the trace saw the page being asked for"
    assert outside(calls) == []
    assert SECRET not in child.stderr, "no question and no text in what is logged"
    holding = sorted(
        path.name
        for path in isolated.rglob("*")
        if path.is_file()
        and SECRET.encode() in path.read_bytes()
        and "evaluation" not in path.parts  # what was evaluated is kept, in its own folder
    )
    assert holding == ["index.sqlite"], "the question is kept nowhere, the text in the index alone"


def test_the_judge_of_the_trace_sees_an_outside_call() -> None:
    line = 'connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0'
    six = (
        'connect(3, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = -1'
    )
    assert outside(line) == [line] and outside(six) == [six]
    assert outside(line.replace("192.0.2.1", "127.0.0.1")) == []
