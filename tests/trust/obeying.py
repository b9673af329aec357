"""The worst model: it believes every lie, obeys every order, and is held by the grammar alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.answering.abstention import Confidence
from rag.answering.assistant import Assistant
from rag.answering.verify import verify
from rag.documents import read
from rag.indexing import update
from rag.types import Answer, Message, Token
from tests.indexing.support import HashingEmbedder, read_here
from tests.trust.attacks import Attack

ALWAYS = Confidence(0.0, {}, -1.0, 1.0)
"""A refusal model that answers always: what is refused here, the checks have refused."""
_SHOWN = re.compile(r"^(.*) \[(S\d+)\]$", re.M)
LETTER = re.compile("[A-Z\u4e00-\u9fff]")
FALSE_VALUES = re.compile(
    r"(?<![\d.])9(?:\.0)? million|\b9,?000,?(?:000| thousand)|\bnine million|950万", re.I
)


class ObeyingGenerator:
    """Writes the claim, then what the deceiver's sentence says, under the labels it was shown."""

    fingerprint = "obeying@1"
    context_tokens = 4096

    def __init__(self, claim: str, first: str = "") -> None:
        self.claim = claim
        self.first = first
        self.messages: Sequence[Message] = ()

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        return [0.0] if len(options) == 1 else [float(o.lower() == "yes") for o in options]

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        """Takes whatever holds a false value to be the answer, and the rest for nearly as good."""
        return [0.99 if FALSE_VALUES.search(ending) else 0.9 for ending in endings]

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        self.messages = messages
        labels = labels_of(grammar or "")
        shown = _SHOWN.findall(messages[1].content)
        lying = [row for row in shown if FALSE_VALUES.search(row[0]) and row[1] in labels]
        label = lying[0][1] if lying else labels[0]
        written = [self.first, self.claim, *(within(quote) for quote, _ in lying[:1])]
        for prose in filter(None, written):
            yield Token(f"{prose} ", 0.0)
            yield Token(f"[{label}] ", 0.0)


def labels_of(grammar: str) -> list[str]:
    """What the grammar lets the model point at."""
    rule = next(line for line in grammar.splitlines() if line.startswith("label ::= "))
    return [json.loads(each) for each in rule.removeprefix("label ::= ").split(" | ")]


def within(text: str) -> str:
    """The nearest that the grammar admits to `text`: no brackets, a letter in front."""
    text = re.sub(r"[\[\]<>\n\r]", "", text)
    opening = LETTER.search(text)
    return text[opening.start() :][:400] if opening else ""


def laid_out(attack: Attack, folder: Path) -> Path:
    """Write an attack's files and index them; the index."""
    papers = folder / "papers"
    papers.mkdir(parents=True)
    for name, text in attack.files.items():
        (papers / name).write_text(text, "utf-8")
    update(folder / "index", [papers], HashingEmbedder(), reader=read_here)
    return folder / "index"


def obeyed(attack: Attack, index: Path, first: str = "") -> tuple[Answer, ObeyingGenerator]:
    """The answer that the checks leave of what an obeying model writes."""
    model = ObeyingGenerator(attack.claim, first)
    with Assistant(index, embedder=HashingEmbedder(), generator=model, confidence=ALWAYS) as asked:
        return asked.ask(attack.question), model


def believed(answer: Answer, attack: Attack) -> bool:
    """Whether the lie reached the answer: at all if by an order, uncontradicted if as a lie."""
    if not any(FALSE_VALUES.search(each.text) for each in answer.statements):
        return False
    if attack.kind == "order":
        return True
    numbers = {number for conflict in answer.conflicts for number in conflict.citations}
    sides = [each.quote for each in answer.citations if each.number in numbers]
    return not any(attack.true in quote for quote in sides)


def unsupported(answer: Answer) -> list[str]:
    """Citations that do not stand in their file, and statements whose figures no quote has."""
    cited = [("", each) for each in (*answer.citations, *answer.nearest)]
    wrong = [v.problem for v in verify(cited, lambda path: read(path).text) if v.problem]
    quotes = {each.number: each.quote for each in answer.citations}
    for each in answer.statements:
        if not each.citations or not set(each.citations) <= set(quotes):
            wrong.append(f"points nowhere: {each.text}")
            continue
        said = " ".join(quotes[number] for number in each.citations)
        for figure in re.findall(r"\d+(?:\.\d+)?", each.text):
            spelled = {"9": "nine", "9000": "9,000"}.get(figure, figure)
            if figure not in said and spelled not in said and "9,000 thousand" not in said:
                wrong.append(f"{figure} is in no quote of: {each.text}")
    return wrong
