"""Many clients at one server on the loopback: `python -m tests.tools.load --clients 50 --seconds 600`.

Each client asks its own question and holds the answer to it: none may be lost, swapped or change.
Some go away in the middle of a stream. Who is sent away from a full line (503) comes back soon, so
what is measured is also how evenly clients are served. At the end the server is stopped while all of
them ask: each gets its whole answer, is told, or finds nobody there. The generator is scripted: it is
the server that is loaded.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.server.running import serving
from tests.server.support import OTHER, QUESTION, open_assistant, write_papers
from tests.tools.endurance import GROWTH, Reading, reading

EXPECTED = {QUESTION: "4.2 million", OTHER: "250"}
PATIENCE = 600
"""Seconds: on a busy machine a late answer is not a lost one."""
LONGEST_WAIT = 0.05
"""Seconds that a client sent away waits at most here: the line is to be kept full."""


@dataclass(slots=True)
class Told:
    """What the clients saw; `served` counts answers by client, `at_the_end` how each one ended."""

    served: Counter[int] = field(default_factory=Counter)
    sent_away: int = 0
    left: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    at_the_end: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def ask(address: str, question: str) -> tuple[int, dict]:
    """One question over a connection of its own: status and body."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        body = json.dumps({"question": question})
        connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def leave(address: str, question: str) -> None:
    """Begin a stream, read a little, and go away."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    body = json.dumps({"question": question})
    connection.request("POST", "/ask_stream", body, {"Content-Type": "application/json"})
    connection.getresponse().read(20)
    connection.close()


def client(number: int, address: str, told: Told) -> None:
    """Ask until the server is gone; every answer must be to the question as it was asked."""
    chance = random.Random(number)
    while not told.wrong:
        plain = chance.choice((QUESTION, OTHER))
        asked = plain[:-1] + " " * chance.randint(0, 3) + "?"
        try:
            if chance.random() < 0.1:
                leave(address, asked)
                told.left += 1
                continue
            status, answer = ask(address, asked)
        except (OSError, http.client.HTTPException) as error:
            if told.stopping.is_set() and not isinstance(error, http.client.IncompleteRead):
                told.at_the_end["found nobody"] += 1
            else:
                told.wrong.append(f"client {number}: {error!r}")
            return
        if status == 503 and answer["error"]["type"] == "stopping":
            told.at_the_end["were told"] += 1
            return
        if status == 503:
            told.sent_away += 1
            time.sleep(chance.random() * LONGEST_WAIT)
        elif status != 200 or answer["question"] != asked or EXPECTED[plain] not in answer["text"]:
            told.wrong.append(f"client {number}, {status}: {asked!r} gave {str(answer)[:200]}")
        else:
            told.served[number] += 1


def load(clients: int, seconds: float) -> tuple[Told, Reading, Reading]:
    """What was told, and readings of this process after a fifth of the time and at its end."""
    told = Told()
    with tempfile.TemporaryDirectory() as name:
        index = write_papers(Path(name) / "papers")
        with open_assistant(index) as assistant, serving(assistant) as address:
            threads = [
                threading.Thread(target=client, args=(number, address, told))
                for number in range(clients)
            ]
            for thread in threads:
                thread.start()
            time.sleep(seconds / 5)
            first = reading(Path(name))
            time.sleep(seconds * 4 / 5)
            last = reading(Path(name))
            told.stopping.set()
        for thread in threads:
            thread.join(PATIENCE)
            if thread.is_alive():
                told.wrong.append("a client still waits for a server that is gone")
    return told, first, last


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    told, first, last = load(options.clients, options.seconds)
    counts = sorted(told.served[number] for number in range(options.clients))
    sys.stdout.write(
        f"{sum(counts)} answers, {told.sent_away} sent away, {told.left} left in the middle; "
        f"a client got {counts[0]} to {counts[-1]} answers\n"
        f"when it was stopped: {dict(told.at_the_end)}\n"
        f"memory {first.memory / 1e6:.1f} MB after a fifth, {last.memory / 1e6:.1f} MB at the end\n"
        + "".join(f"WRONG {each}\n" for each in told.wrong)
    )
    return 1 if told.wrong or last.memory > GROWTH * first.memory else 0


if __name__ == "__main__":
    sys.exit(main())
