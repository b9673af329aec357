from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.parts import parts
from rag.answering.questions import has_parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Which tug did the port buy, and how many crew did the old contract allow?",
            ("Which tug did the port buy?", "How many crew did the old contract allow?"),
        ),
        (
            "Who are Norrland Steel's chairman and its chief engineer?",
            ("Who is Norrland Steel's chairman?", "Who is Norrland Steel's chief engineer?"),
        ),
        (
            "What were the length and the beam of the ferry?",
            ("What was the length of the ferry?", "What was the beam of the ferry?"),
        ),
        (
            "Who were the chairman of Norrland Steel and its designer?",
            ("Who was the chairman of Norrland Steel?", "Who was Norrland Steel's designer?"),
        ),
        (
            "What is the crane's reach and within how many days must it be tested?",
            ("What is the crane's reach?", "Within how many days must it be tested?"),
        ),
        (
            "When was the yard at Orm founded? And who is its current director there?",
            ("When was the yard at Orm founded?", "Who is Orm's current director there?"),
        ),
        (
            "Why did the ferry Corvo leave late, and on what date was it repaired?",
            ("Why did the ferry Corvo leave late?", "On what date was Corvo repaired?"),
        ),
        (
            "How much did Norrland Steel and Orm each earn in 2021?",
            ("How much did Norrland Steel earn in 2021?", "How much did Orm earn in 2021?"),
        ),
        (
            "What did Orm and Pell earn, respectively?",
            ("What did Orm earn?", "What did Pell earn?"),
        ),
        (
            "Orm versus Pell Yard: by how much did each one's sales grow?",
            ("By how much did Orm's sales grow?", "By how much did Pell Yard's sales grow?"),
        ),
    ],
)
def test_two_questions_in_one_are_parted(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected
    assert has_parts(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who sold the tug?",
        "Who sold the tug and when?",  # "when" alone asks nothing
        "Who asked for a grant and who delivered it?",
        "When and where is the next meeting?",
        "What are the aims and the costs?",
        "Who were the founder and the company's chairman?",  # of whom the founder is, is not said
        "Which ports and which lines did the strike of May close, and what did it cost, and to whom?",
        "Did the crane and the tug cost more?",
        "Compare aid of Norway and Chile to Orm: how much from each?",
        "Do Norway and Chile fish each year?",
        "吊车和拖船分别花了多少钱？",
    ],
)
def test_what_cannot_be_parted_stays_whole(question: str) -> None:
    assert parts(question) == (question,)


@given(st.text(max_size=80))
def test_any_text_gives_one_or_two_questions(text: str) -> None:
    found = parts(text)
    assert len(found) in (1, 2)
    assert all(isinstance(part, str) for part in found)
