"""Ctrl-C in `rag chat`: real signals, sent while an answer is written and at the prompt."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from rag.answering.assistant import Assistant
from rag.cli import asking, main
from rag.cli.interrupting import until_interrupted
from rag.types import Message, Token
from tests.answering.support import ScriptedGenerator
from tests.cli.test_commands import QUESTION, index, note  # noqa: F401
from tests.indexing.support import HashingEmbedder

RIGHT = "The Corvo hall has 250 seats. [S1]"


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Interrupted(ScriptedGenerator):
    """Somebody presses Ctrl-C so often in the middle of its first draft."""

    def __init__(self, times: int) -> None:
        super().__init__(RIGHT)
        self.times = times

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        for number, token in enumerate(super().stream(messages, grammar, max_tokens)):
            if number == 2 and len(self.asked) == 1:
                for _ in range(self.times):
                    press()
            yield token


@pytest.fixture(autouse=True)
def as_in_a_terminal() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C; these tests may be such a thing."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.fixture
def talked(index, monkeypatch) -> Callable[..., int]:  # noqa: F811
    """Talk with a generator; what is typed is a line, or what happens instead of one."""

    def talk(generator: ScriptedGenerator, *typed: object) -> int:
        lines = iter(typed)

        def read(prompt: str) -> str:
            line = next(lines)
            if isinstance(line, BaseException):
                raise line
            if line == "Ctrl-C":
                press()
            return str(line)

        monkeypatch.setattr("builtins.input", read)
        monkeypatch.setattr(
            asking, "open_assistant",
            lambda options: Assistant(index, embedder=HashingEmbedder(), generator=generator),
        )  # fmt: skip
        return main(["chat"])

    return talk


def test_an_answer_is_stopped_and_the_chat_goes_on(talked, capsys) -> None:
    generator = Interrupted(1)
    usual = signal.getsignal(signal.SIGINT)
    assert talked(generator, QUESTION, QUESTION, "") == 0
    shown = capsys.readouterr()
    assert shown.err.count("Stopped.") == 1 and shown.out.count("250 seats. [1]") == 1
    assert len(generator.asked) == 2
    assert generator.written < 2 * len(RIGHT.split()), "the first was not written to its end"
    assert signal.getsignal(signal.SIGINT) is usual


def test_what_was_stopped_is_no_part_of_the_talk(talked, capsys) -> None:
    talked(Interrupted(1), QUESTION, "And when did it open?", "")
    assert "understood as" not in capsys.readouterr().out


@pytest.mark.parametrize("end", [EOFError(), "Ctrl-C", ""])
def test_at_the_prompt_it_ends(talked, capsys, end) -> None:
    assert talked(ScriptedGenerator(RIGHT), QUESTION, end) == 0
    assert "Interrupted" not in capsys.readouterr().err


def test_a_second_one_ends_the_chat_whatever_holds_up(talked, capsys) -> None:
    assert talked(Interrupted(2), QUESTION, QUESTION) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_in_another_thread_nothing_is_changed() -> None:
    seen: list[bool] = []

    def work() -> None:
        with until_interrupted() as stop:
            seen.append(stop.is_set())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert seen == [False]
