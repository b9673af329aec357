"""What the judge is trained on holds together, and holds nothing that it is measured by."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.tools.judge_pairs import written_rows

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "models" / "training").glob("*.json"))


def content(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_place_is_there_and_no_sentence_is_two_things_to_a_question(path: Path):
    articles = content(path)["articles"]
    places = {(a, s) for a, one in enumerate(articles) for s in range(len(one["sentences"]))}
    for question in content(path)["questions"]:
        kinds = [{tuple(place) for place in question.get(k, [])} for k in ("yes", "near", "skip")]
        assert set().union(*kinds) <= places, question["q"]
        assert sum(map(len, kinds)) == len(set().union(*kinds)), question["q"]


def test_there_are_many_and_two_fifths_have_no_answer():
    questions = [question for path in FILES for question in content(path)["questions"]]
    unanswered = sum(not question["yes"] for question in questions)
    assert len(questions) >= 700
    assert 0.3 <= unanswered / len(questions) <= 0.5


def test_nothing_of_the_evaluation_is_trained_on():
    asked = {
        json.loads(line)["question"].casefold()
        for path in (ROOT / "eval" / "questions").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }
    corpus = "\n".join(
        path.read_text("utf-8", errors="ignore")
        for path in (ROOT / "eval" / "corpus").rglob("*")
        if path.suffix in {".txt", ".md", ".html", ".csv", ".eml"}
    )
    assert len(asked) > 500 and len(corpus) > 100_000
    for path in FILES:
        assert not {question["q"].casefold() for question in content(path)["questions"]} & asked
        for article in content(path)["articles"]:
            assert article["title"] not in corpus
            assert not [sentence for sentence in article["sentences"] if sentence in corpus]


def test_a_row_has_what_answers_and_what_misleads(tmp_path: Path):
    sentences = ["Rowan weighs 3 t.", "Alder weighs 5 t.", "Both are tugs."]
    path = tmp_path / "tugs.json"
    path.write_text(
        json.dumps(
            {
                "articles": [{"title": "Tugs", "published": "2025-01-02", "sentences": sentences}],
                "questions": [
                    {"q": "How heavy is Rowan?", "yes": [[0, 0]], "near": [[0, 1]]},
                    {"q": "Which is heavier, Rowan or Alder?", "yes": [[0, 0], [0, 1]], "near": []},
                    {"q": "Who built Rowan?", "yes": [], "near": [[0, 0], [0, 2]]},
                ],
            }
        )
    )
    one, both, none = written_rows(path, random.Random(1))
    heading = "From “Tugs” (2025-01-02):\n"
    assert set(one.texts) == {(heading + sentences[0], True), (heading + sentences[1], False)}
    assert [answers for _, answers in both.texts].count(True) == 2
    assert len(both.texts) == 3
    assert [answers for _, answers in none.texts] == [False, False]
