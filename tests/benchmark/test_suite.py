"""The suite over small systems and the tiny model: what is counted, in which order, and the report."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rag.benchmark import suite
from rag.benchmark.limits import BareModel, arithmetic, memory_bandwidth
from rag.benchmark.metering import Call, Metered
from rag.benchmark.report import Report, markdown, stages_of, write_report
from rag.benchmark.starting import folder_mb, run_process
from rag.benchmark.suite import Asked, against, ask_in_turn, measure_limits
from rag.errors import EvaluationError
from rag.evaluation.questions import Question
from rag.models.generator import LlamaGenerator
from rag.types import Answer, Message, Provenance, Timings, Token


class Scripted:
    """A generator that writes three tokens and evaluates ten for each message."""

    fingerprint = "scripted@1"
    context_tokens = 100
    evaluated_tokens = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        self.evaluated_tokens += 10 * len(messages)
        for text in ("one", "two", "three"):
            self.evaluated_tokens += 1
            yield Token(text, -0.1)

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        self.evaluated_tokens += 10 * len(messages)
        return [0.5] * len(options)

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        self.evaluated_tokens += 10 * len(endings)
        return [0.5] * len(endings)


class System:
    """Asks its generator as told, and notes the order."""

    def __init__(self, name: str, meter: Metered, probes: int, order: list[str]) -> None:
        self.name, self.meter, self.probes, self.order = name, meter, probes, order

    def ask(self, question: str, history: object = (), filters: object = None) -> Answer:
        self.order.append(f"{self.name} {question}")
        messages = [Message("user", question)]
        for _ in range(self.probes):
            self.meter.probabilities(messages, ["yes"])
        list(self.meter.stream(messages))
        return Answer(
            question, "answered", None, "", (), (), (), 1.0, (),
            Timings(0.1, 0.2, 0.3, 1.0 if self.probes else 2.0), Provenance("", "", "", "", ""),
        )  # fmt: skip

    def retrieve(self, question: str, history: object = (), filters: object = None) -> object:
        raise NotImplementedError


def question(name: str) -> Question:
    return Question(name, "group", "fact", f"What is {name}?", (("x",),), (), True)


@pytest.fixture
def run() -> tuple[list[Asked], list[str]]:
    meter = Metered(Scripted())
    order: list[str] = []
    systems = {"ours": System("ours", meter, 2, order), "plain": System("plain", meter, 0, order)}
    return ask_in_turn(systems, meter, [question("a"), question("b")]), order


def test_systems_take_turns_and_the_first_round_is_not_counted(
    run: tuple[list[Asked], list[str]],
) -> None:
    asked, order = run
    assert [(one.system, one.question) for one in asked] == [
        ("plain", "a"), ("ours", "a"), ("ours", "b"), ("plain", "b"),
    ]  # fmt: skip
    assert order[:2] == ["ours What is a?", "plain What is a?"]
    ours = next(one for one in asked if one.system == "ours")
    assert [call.kind for call in ours.calls] == ["probabilities", "probabilities", "stream"]
    assert (ours.tokens_in, ours.tokens_out) == (30, 3)
    assert [call.evaluated for call in ours.calls] == [10, 10, 13]


def test_ratios_are_ours_over_the_others(run: tuple[list[Asked], list[str]]) -> None:
    ratios = against(run[0], "ours", "plain")
    assert ratios["total, median"].value == 0.5
    assert ratios["tokens in"].value == 3.0
    assert ratios["tokens out"].value == 1.0


def test_stages_add_up_to_the_total() -> None:
    calls = (
        Call("probabilities", 5, 10, 0, 2.0, 2.0),
        Call("stream", 5, 3, 3, 0.5, 1.5),
        Call("probabilities", 5, 10, 0, 0.75, 0.75),
    )
    one = Asked("a", "ours", "answered", 0.25, 0.25, 2.5, 5.0, calls)
    assert list(stages_of(one).values()) == [0.25, 2.5, 1.0, 0.75, 0.5]


def test_the_report_says_what_was_found(run: tuple[list[Asked], list[str]], tmp_path: Path) -> None:
    asked = tuple(run[0])
    ratios = against(asked, "ours", "plain")
    report = Report({"cores": "2"}, "abc", {"rag --help, s": 0.1234}, asked, ratios, None)
    written = write_report(tmp_path / "reports", report)
    table = markdown(report)
    assert "| rag --help, s | 0.12 |" in table and "| total s | 2.00 | 1.00 |" in table
    assert "| total, median | 0.50 (0.50 to 0.50, n = 2) |" in table
    assert json.loads(written[1].read_text())["asked"][0]["question"] == "a"
    for picture in written[2:]:
        assert len(ElementTree.fromstring(picture.read_text())) > 3


def test_the_model_against_its_limits(tiny_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "PREFILL", 48)
    monkeypatch.setattr(suite, "DECODE", 4)
    monkeypatch.setattr("rag.benchmark.limits._BUFFER", 1 << 20)
    generator = LlamaGenerator(tiny_weights, context_tokens=256, threads=1)
    bare = BareModel(tiny_weights, 1, 256)
    limits = measure_limits(Metered(generator), bare, tiny_weights.stat().st_size, 1, 1)
    generator.close(), bare.close()
    assert min(limits.bare_prefill, limits.bare_decode, limits.float32_gflop_s) > 0
    assert limits.prefill_ratio.pairs == limits.decode_ratio.pairs == 1
    assert limits.decode_bound == pytest.approx(
        limits.memory_gb_s * 1e9 / tiny_weights.stat().st_size
    )


def test_memory_and_arithmetic_are_positive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.benchmark.limits._BUFFER", 1 << 16)
    assert memory_bandwidth(2, 1) > 0 and arithmetic(64, 1) > 0


def test_a_process_is_measured_by_the_system() -> None:
    small = run_process(["-c", "print('done')"])
    large = run_process(["-c", "held = bytearray(60_000_000); print(len(held))"])
    assert small.output == "done\n" and small.seconds > 0
    assert small.peak_mb < 40 and 55 < large.peak_mb - small.peak_mb < 80
    with pytest.raises(EvaluationError, match="code 3"):
        run_process(["-c", "raise SystemExit(3)"])


def test_a_folder_counts_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one").write_bytes(b"x" * 500_000)
    (tmp_path / "same").hardlink_to(tmp_path / "deep" / "one")
    (tmp_path / "link").symlink_to(sys.executable)
    assert folder_mb(tmp_path) == 0.5
