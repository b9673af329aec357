"""An assistant over a small real index, with parts that need no weights."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag import Assistant
from rag.answering.abstention import Confidence
from rag.indexing import update
from rag.types import Message, Token
from tests.indexing.support import ForgetfulEmbedder, read_here

HARBOUR = """# Velmark harbour report

Published 2024-03-05

The port of Velmark moved 4.2 million containers in 2023. Traffic had stood at
3.9 million a year earlier. The board declined to renew its contract with Osterlund Cranes.
"""
SURVEY = """# Survey of cable engineers

Published 2023-06-01

The Halden Institute asked 250 engineers about sea cables. Most of them expect more cuts.
"""
QUESTION = "How many containers did the port of Velmark move in 2023?"
OTHER = "How many engineers did the Halden Institute ask?"
ALWAYS = Confidence(0.0, {}, -1.0, 1.0)


class RepeatingGenerator:
    """Writes the evidence sentence that shares most words with the question, and its label.

    Stateless but for counts of calls that run side by side and of tokens. `gate`, when given, is waited for
    before the first token, so that a test decides how long a generation takes.
    """

    fingerprint = "repeating@1"
    context_tokens = 4096

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.gate = gate
        self.running = 0
        self.most_running = 0
        self.written = 0
        self.stopped = threading.Event()

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if self.gate is not None:
                self.gate.wait(100)
            for piece in re.findall(r"\s?\S+", _best(messages[-1].content)):
                self.written += 1
                yield Token(piece, -0.1)
        finally:
            self.running -= 1
            self.stopped.set()

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        if len(options) == 1:
            return [0.01]
        return [0.9 if each.lower() == "yes" else 0.1 for each in options]

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        return [0.9 for _ in endings]


def _best(prompt: str) -> str:
    body, _, question = prompt.rpartition("Question: ")
    wanted = set(question.casefold().split())
    lines = re.findall(r"^(.+) \[(S\d+)\]$", body, re.MULTILINE)
    if not lines:
        return ""  # it is asked to translate, which it cannot
    text, label = max(lines, key=lambda line: len(wanted & set(line[0].casefold().split())))
    return f"{text} [{label}]"


def write_papers(folder: Path) -> Path:
    """The two papers and their index; returns the index's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "survey.md").write_text(SURVEY, encoding="utf-8")
    update(folder / "index", [folder], ForgetfulEmbedder(), reader=read_here)
    return folder / "index"


def open_assistant(index: Path, generator: RepeatingGenerator | None = None) -> Assistant:
    return Assistant(
        index,
        embedder=ForgetfulEmbedder(),
        generator=generator or RepeatingGenerator(),
        confidence=ALWAYS,
    )
