"""A server that is stopped: the answer at hand ends or says that it does not; who waits is told."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.errors import Stopping
from rag.server.line import Line, Question
from tests.server.running import serving
from tests.server.support import OTHER, QUESTION, RepeatingGenerator, open_assistant
from tests.server.test_line import SECONDS, until
from tests.test_offline import ROOT
from tests.tools.load import ask

CHILD = """
import sys, time
from pathlib import Path
from rag.server.gate import Limits
from rag.server.running import serve
from tests.server.support import RepeatingGenerator, open_assistant

class Slow(RepeatingGenerator):
    def stream(self, *given, **named):
        for token in super().stream(*given, **named):
            print("writing", flush=True)
            time.sleep(0.05)
            yield token

with open_assistant(Path(sys.argv[1]), Slow()) as assistant:
    serve(assistant, host="127.0.0.1", port=int(sys.argv[2]), limits=Limits())
"""


def streamed(address: str, question: str) -> list[dict]:
    """The events of a stream, to its end."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
    body = json.dumps({"question": question})
    connection.request("POST", "/ask_stream", body, {"Content-Type": "application/json"})
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return [json.loads(line) for line in lines if line]


def test_the_answer_at_hand_ends_and_those_who_wait_are_told(papers) -> None:
    generator = RepeatingGenerator(threading.Event())
    with open_assistant(papers, generator) as assistant, ThreadPoolExecutor() as pool:
        with serving(assistant) as address:
            first = pool.submit(ask, address, QUESTION)
            until(lambda: generator.running == 1)
            waiting = [pool.submit(ask, address, OTHER), pool.submit(streamed, address, OTHER)]
            time.sleep(0.5)  # both are in the line
            threading.Timer(0.5, generator.gate.set).start()
        status, answer = first.result(SECONDS)
        refused, told = waiting[0].result(SECONDS)
        events = waiting[1].result(SECONDS)
    assert status == 200 and "4.2 million" in answer["text"]
    assert refused == 503 and told["error"]["type"] == "stopping"
    assert "was not answered" in told["error"]["message"]
    assert not [each for each in events if each.get("event") == "answer"]
    assert "was not answered" in events[-1]["error"]["message"]
    assert generator.most_running == 1


def test_an_answer_that_takes_too_long_is_not_sent_half(papers) -> None:
    generator = RepeatingGenerator(threading.Event())
    with open_assistant(papers, generator) as assistant, ThreadPoolExecutor() as pool:
        with serving(assistant, grace=0.2) as address:
            first = pool.submit(ask, address, QUESTION)
            until(lambda: generator.running == 1)
            threading.Timer(0.8, generator.gate.set).start()
        status, told = first.result(SECONDS)
    assert status == 503 and told["error"]["type"] == "stopping"


def test_a_line_that_stops_takes_no_more(papers) -> None:
    with open_assistant(papers) as assistant:
        line = Line(lambda: assistant)
        assert "4.2 million" in line.submit(Question(QUESTION)).result(SECONDS).text
        line.stop(0.0)
        with pytest.raises(Stopping):
            line.submit(Question(QUESTION))
        line.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_answer_end(papers: Path, number: signal.Signals) -> None:
    """The process that `rag serve` is, in the middle of an answer."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(papers), str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        # A shell starts what runs in its background with this signal ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with ThreadPoolExecutor() as pool:
        until(lambda: child.poll() is not None or _health(address))
        asked = pool.submit(ask, address, QUESTION)
        assert child.stdout is not None and child.stdout.readline() == "writing\n"
        child.send_signal(number)
        status, answer = asked.result(SECONDS)
    _, said = child.communicate(timeout=SECONDS)
    assert status == 200 and "4.2 million" in answer["text"]
    assert child.returncode != 0 and "Fatal" not in said, said
    assert not _health(address), "it is gone"


def _health(address: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
