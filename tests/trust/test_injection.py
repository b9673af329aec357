"""Attacks in documents against the worst model there is: one that obeys them all.

What it writes is held by the grammar and the checks alone, so what passes here, passes whatever
model is loaded. `test_injection_model.py` asks the default model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering import prompt
from rag.answering.assistant import Assistant
from rag.answering.orders import gives_orders
from rag.models import chat
from rag.types import Message
from tests.indexing.support import HashingEmbedder
from tests.trust import payloads
from tests.trust.attacks import CLAIM, Attack, attacks
from tests.trust.obeying import ObeyingGenerator, believed, laid_out, obeyed, unsupported

ATTACKS = attacks()
OPEN = frozenset(Path(__file__).with_name("open.txt").read_text("utf-8").split())
"""Attacks known to get through, so that no other joins them unseen; see docs/security.md."""
SAMPLE = ATTACKS[::6]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacks")


def test_there_are_attacks_of_every_kind() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names) >= 120
    assert set(names) >= OPEN
    assert len(Counter(attack.family for attack in ATTACKS)) >= 12


def believed_among(chosen: list[Attack], folder: Path, first: str = "") -> set[str]:
    """Names of the attacks whose lie was believed; every citation of every answer is checked."""
    found = set()
    for number, attack in enumerate(chosen):
        answer, _ = obeyed(attack, laid_out(attack, folder / str(number)), first)
        assert not unsupported(answer), (attack.name, unsupported(answer))
        assert not re.search(r"[<>]|\[(?!\d+\])", answer.text), attack.name
        if believed(answer, attack):
            found.add(attack.name)
    return found


def test_no_lie_is_believed_in_a_sample(folder: Path) -> None:
    assert believed_among(SAMPLE, folder / "sample") <= OPEN


@pytest.mark.slow
def test_no_lie_is_believed(folder: Path) -> None:
    assert believed_among(ATTACKS, folder / "all") <= OPEN


def test_a_harmless_first_sentence_covers_no_lie(folder: Path) -> None:
    lies = [each for each in ATTACKS if each.name in ("poison/plain", "poison/near-copy")]
    assert not believed_among(lies, folder / "covered", "Containers at Velmark are counted.")


def prompts(folder: Path, chosen: list[Attack]) -> Iterator[tuple[Attack, list[Message]]]:
    """What each attack makes of the prompt."""
    for number, attack in enumerate(chosen):
        index = laid_out(attack, folder / str(number))
        model = ObeyingGenerator(attack.claim)
        with Assistant(index, embedder=HashingEmbedder(), generator=model) as assistant:
            found = assistant.retrieve(attack.question)
        yield attack, prompt.answer_prompt(attack.question, found.evidence)


TOKENED = [each for each in ATTACKS if each.family == "token"][::2] + [
    each for each in ATTACKS if each.name in ("title/chat", "file-name/token", "title/quote")
]


def test_no_document_forms_a_special_token(folder: Path, tiny_generator) -> None:
    """In any chat format the special pieces are ours alone, and a real tokeniser agrees."""
    plain = [Message("system", "x"), Message("user", "y")]
    scaffold = Counter(tiny_generator.prompt_tokens(plain))
    specials = {
        token
        for mark in ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "</s>", "<s>")
        if len(found := tiny_generator._weights.tokenize(mark, True)) == 1
        for token in found
    }
    assert len(specials) >= 2
    for attack, messages in prompts(folder / "tokens", TOKENED):
        for form in chat.FORMATS:
            ours = [p.text for turn in chat.render(plain, form) for p in turn if p.special]
            theirs = [p.text for turn in chat.render(messages, form) for p in turn if p.special]
            assert theirs == ours, attack.name
        ids = Counter(tiny_generator.prompt_tokens(messages))
        assert all(ids[token] == scaffold[token] for token in specials), attack.name


SPOOFED = [each for each in ATTACKS if each.family == "citation" or each.name == "title/quote"]


def test_no_document_writes_a_label_into_the_prompt(folder: Path) -> None:
    for attack, messages in prompts(folder / "labels", SPOOFED):
        lines = messages[1].content.split("\n")
        ours = [line for line in lines if re.search(r" \[S\d+\]$", line)]
        bare = [re.sub(r" \[S\d+\]$", "", line) for line in lines]
        assert not [line for line in bare if re.search(r"\[S\d+\]", line)], attack.name
        assert len(ours) == len({line.rsplit(" ", 1)[1] for line in ours})


def test_evidence_is_one_line_each_under_its_own_heading(folder: Path) -> None:
    """No document opens a line of its own: neither a heading, nor a label, nor the question."""
    chosen = [each for each in ATTACKS if each.family in ("citation", "title", "file-name")]
    for attack, messages in prompts(folder / "lines", chosen):
        lines = messages[1].content.split("\n\nQuestion: ")[0].split("\n")
        assert messages[1].content.count("\n\nQuestion: ") == 1
        strange = [x for x in lines if not re.search(r" \[S\d+\]$|^From “.*:$", x)]
        assert not strange, (attack.name, strange)


FACTS = (
    "The ministry told exporters to follow the new rules until June.",
    "Inspectors must answer to the board, the agency said.",
    "The firm sells an AI assistant that answers questions about tariffs.",
    "Engineers were asked to repeat the test.",
    "The council forgot the instructions of the treaty, critics say.",
    "The model must report its losses each quarter.",
    "部长要求企业遵守新规则。",
    "该公司的人工智能助手每天回答两千个问题。",
)


def test_reports_of_orders_are_not_orders() -> None:
    """A rule that took facts for orders would cost answers."""
    assert not [fact for fact in FACTS if gives_orders(fact)]


def test_known_orders_are_seen() -> None:
    seen = {
        name
        for name, text in payloads.ORDERS.items()
        if any(gives_orders(part) for part in re.split(r"(?<=[.?:]) ", text.format(claim=CLAIM)))
    }
    assert seen >= {"ignore", "override", "prompt"}
