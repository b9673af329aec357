"""`rag eval score`: a file of answers against a file of questions."""

import json

import pytest

from rag.errors import EvaluationError
from rag.evaluation import score_batch

QUESTIONS = [
    {"id": "a", "kind": "number", "question": "How many antennas?", "answers": [["four|\\b4\\b"]], "snippets": ["four new antennas"]},
    {"id": "b", "kind": "fact", "question": "Who and where?", "answers": [["Lin"], ["Oslo"]], "snippets": ["Lin moved"]},
    {"id": "c", "kind": "none", "question": "Which mayor?", "answers": [], "snippets": []},
    {"id": "d", "kind": "none", "question": "What colour?", "answers": [], "snippets": []},
    {"id": "e", "kind": "fact", "question": "Which port?", "answers": [["Riga"]], "snippets": ["Riga"]},
    {"id": "f", "kind": "fact", "question": "Which ship?", "answers": [["Vega"]], "snippets": ["Vega"]},
]  # fmt: skip


def answer(identifier, text, *quotes, state="answered"):
    citations = [{"number": number, "quote": quote} for number, quote in enumerate(quotes, 1)]
    return {"id": identifier, "state": state, "text": text, "citations": citations}


def write(path, objects):
    path.write_text("\n".join(json.dumps(line) for line in objects) + "\n\n", encoding="utf-8")
    return path


def test_each_outcome_is_counted_once(tmp_path):
    answers = [
        answer("a", "FOUR antennas [1].", "It will build four  new\nantennas there."),
        answer("b", "Lin did [1].", "Lin moved to Oslo."),
        answer("c", "Not found.", state="abstained"),
        answer("d", "It is red [1].", "Red paint."),
        answer("e", "", state="abstained"),
    ]
    score = score_batch(write(tmp_path / "q", QUESTIONS), write(tmp_path / "a", answers))
    totals = {name: value for name, value in score.items() if isinstance(value, int)}
    assert totals == {
        "questions": 6, "answerable": 4, "unanswerable": 2, "right": 1, "quoted": 2,
        "right_and_quoted": 1, "wrong": 2, "refused": 1, "wrongly_refused": 1, "missing": 1,
    }  # fmt: skip
    assert score["kinds"]["none"]["refused"] == 1
    assert [failure["id"] for failure in score["questions_failed"]] == ["b", "d", "e", "f"]


def test_a_citation_marker_is_not_an_answer(tmp_path):
    answers = [answer("a", "Several antennas [4].", "four new antennas")]
    score = score_batch(write(tmp_path / "q", QUESTIONS[:1]), write(tmp_path / "a", answers))
    assert (score["right"], score["quoted"]) == (0, 1)


def test_a_bad_line_is_named(tmp_path):
    (tmp_path / "a").write_text('{"id": "a"}\nnot json\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 2: not JSON"):
        score_batch(write(tmp_path / "q", QUESTIONS), tmp_path / "a")
    with pytest.raises(EvaluationError, match="line 1: no answers, kind, question"):
        score_batch(write(tmp_path / "q", [{"id": "a"}]), write(tmp_path / "a", []))
    for answers, told in (
        ([["("]], "no regular expression"), ([[4]], "no regular expression"),
        (["Lin"], "list of lists"), ("Lin", "list of lists"),
    ):  # fmt: skip
        with pytest.raises(EvaluationError, match=f"line 2: .*{told}"):
            asked = [QUESTIONS[0], {**QUESTIONS[1], "answers": answers}]
            score_batch(write(tmp_path / "q", asked), write(tmp_path / "a", []))
    with pytest.raises(EvaluationError, match="cannot be read"):
        score_batch(tmp_path / "absent", tmp_path / "a")
