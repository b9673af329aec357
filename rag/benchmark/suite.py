"""The measurements: the same questions to two systems in turn, and the model against its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.benchmark.limits import BareModel, arithmetic, memory_bandwidth
from rag.benchmark.metering import Call, Metered
from rag.benchmark.ratios import Ratio, paired_ratio
from rag.evaluation.questions import Question
from rag.evaluation.records import Answerer
from rag.types import Message

PREFILL, DECODE = 512, 24
_PROSE = r'root ::= [A-Za-z] [^\[\]<>\n]{200,400} "[S1]"'
"""Of the shape of the grammar that answers are held to, and long enough to be measured."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one system. Seconds from the question; None when there was no such."""

    question: str
    system: str
    state: str
    retrieve_s: float
    first_quote_s: float | None
    first_token_s: float | None
    total_s: float
    calls: tuple[Call, ...]

    @property
    def tokens_in(self) -> int:
        """Tokens that had to be evaluated, those written left out."""
        return max(0, sum(call.evaluated for call in self.calls) - self.tokens_out)

    @property
    def tokens_out(self) -> int:
        return sum(call.written for call in self.calls)


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates of this machine, and ours over those of the bare model (1.0: nothing is lost)."""

    memory_gb_s: float
    float32_gflop_s: float
    bare_prefill: float
    bare_decode: float
    decode_bound: float
    """Tokens a second if reading the weights once a token were all there is to do."""
    prefill_ratio: Ratio
    decode_ratio: Ratio


def ask_in_turn(
    systems: Mapping[str, Answerer],
    meter: Metered,
    questions: Iterable[Question],
    progress: Callable[[str], None] = lambda _: None,
) -> list[Asked]:
    """Each question to each system, the first to be asked changing from question to question.

    The systems share one generator, behind `meter`. One question that is not counted comes first,
    so that neither system pays for what is loaded late.
    """
    listed = list(questions)
    order = list(systems)
    found: list[Asked] = []
    for number, question in enumerate([*listed[:1], *listed]):
        for name in order:
            progress(f"{number}/{len(listed)} {name}: {question.question}")
            meter.taken()
            answer = systems[name].ask(question.question, question.history)
            seconds = answer.timings
            asked = Asked(
                question.id, name, answer.state, seconds.retrieve_s, seconds.first_quote_s,
                seconds.first_token_s, seconds.total_s, tuple(meter.taken()),
            )  # fmt: skip
            found += [asked] if number else []
        order.reverse()
    return found


def against(asked: Sequence[Asked], ours: str, other: str) -> dict[str, Ratio]:
    """Ours over the other's: total time (median and 95th percentile) and tokens, by question."""

    def column(system: str, value: Callable[[Asked], float]) -> list[float]:
        return [max(value(one), 1e-9) for one in asked if one.system == system]

    def ratio(value: Callable[[Asked], float], quantile: float = 0.5) -> Ratio:
        return paired_ratio(column(ours, value), column(other, value), quantile)

    return {
        "total, median": ratio(lambda one: one.total_s),
        "total, 95th percentile": ratio(lambda one: one.total_s, 0.95),
        "time to the first quote": ratio(lambda one: one.first_quote_s or one.total_s),
        "tokens in": ratio(lambda one: one.tokens_in),
        "tokens out": ratio(lambda one: one.tokens_out + 1),
    }


def measure_limits(
    meter: Metered, bare: BareModel, model_bytes: int, threads: int, rounds: int
) -> Limits:
    """Our generator and the bare model in turn, and what memory and arithmetic allow."""
    ours: list[tuple[float, float]] = []
    alone: list[tuple[float, float]] = []
    for number in range(rounds):
        ours.append(_rates(meter, number))
        alone.append((bare.prefill(PREFILL), bare.decode(PREFILL, DECODE)))
    bandwidth = memory_bandwidth(threads)
    return Limits(
        memory_gb_s=bandwidth,
        float32_gflop_s=arithmetic(),
        bare_prefill=max(prefill for prefill, _ in alone),
        bare_decode=max(decode for _, decode in alone),
        decode_bound=bandwidth * 1e9 / model_bytes,
        prefill_ratio=paired_ratio([one for one, _ in ours], [one for one, _ in alone]),
        decode_ratio=paired_ratio([two for _, two in ours], [two for _, two in alone]),
    )


def _rates(meter: Metered, number: int) -> tuple[float, float]:
    """Tokens a second of a new prompt of about PREFILL tokens, and of writing after it."""
    words = (f"{number} " + "harbour " * PREFILL).split(" ")
    while meter.count_tokens(" ".join(words)) > PREFILL - 8:
        words = words[: len(words) * 9 // 10]
    messages = [Message("user", " ".join(words))]
    meter.taken()
    meter.probabilities(messages, ["yes"])
    for _ in meter.stream(messages, _PROSE, DECODE):
        pass
    read, written = meter.taken()
    return read.evaluated / read.total_s, (written.written - 1) / (
        written.total_s - written.first_s
    )
