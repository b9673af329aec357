"""Sets in the forms of others, loaded by path."""

import json

import pytest

from rag.errors import EvaluationError
from rag.evaluation.commands import evaluate
from rag.evaluation.jsonlines import write_json_lines
from rag.evaluation.loaders import load_others, load_squad
from tests.evaluation.fakes import Found

CONTEXT = "Vell has a harbour. 港口很深。 The harbour of Vell was dug in 1904."


def squad(path, question, **item):
    answers = [{"text": "1904", "answer_start": CONTEXT.index("1904")}] * 2
    qas = [
        {"id": "a", "question": question, "answers": answers, **item},
        {"id": "b", "question": "Who dug it?", "answers": [], "is_impossible": True},
    ]
    data = [{"title": "Vell", "paragraphs": [{"context": CONTEXT, "qas": qas}]}]
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    return path


def test_squad(tmp_path):
    loaded = load_others(squad(tmp_path / "dev.json", "When?"), tmp_path / "corpus")
    first, second = loaded.questions.questions
    (span,) = first.gold[0]
    assert (loaded.corpus / span.document).read_text(encoding="utf-8")[
        span.start : span.end
    ] == "1904"
    assert first.answers == (("1904",),)
    assert (second.answerable, second.gold, second.kind) == (False, (), "none_near")
    assert not loaded.questions.publishes_text


def test_questions_of_one_language_over_paragraphs_of_another(tmp_path):
    chinese = squad(tmp_path / "zh.json", "什么时候？")
    loaded = load_squad(squad(tmp_path / "en.json", "When?"), tmp_path / "corpus", chinese)
    assert loaded.questions.questions[0].question == "什么时候？"


def test_beir(tmp_path):
    write_json_lines(
        tmp_path / "set" / "corpus.jsonl",
        [{"_id": "x", "title": "Tin", "text": "Tin melts."}, {"_id": "../y", "title": "", "text": "Zinc."}],
    )  # fmt: skip
    queries = [{"_id": "1", "text": "metal"}, {"_id": "2", "text": "unjudged"}]
    write_json_lines(tmp_path / "set" / "queries_test.jsonl", queries)
    rows = "query-id\tcorpus-id\tscore\n1\tx\t1\n1\t../y\t1\n2\tx\t0\n"
    (tmp_path / "set" / "qrels_test.tsv").write_text(rows)
    loaded = load_others(tmp_path / "set", tmp_path / "corpus")
    (question,) = loaded.questions.questions
    assert question.documents == ("000000.txt", "000001.txt")
    assert len(question.gold) == 2
    assert (tmp_path / "corpus" / "000000.txt").read_text() == "Tin\n\nTin melts.\n"
    assert question.gold[0][0].end == len("Tin\n\nTin melts.\n")


def test_news_with_articles_taken_out(tmp_path):
    write_json_lines(
        tmp_path / "n" / "corpus.jsonl", [{"id": "u1", "title": "T", "text": "Lin won."}]
    )
    base = {"date": "2025-01-02", "question": "Who won?"}
    lines = [
        {**base, "id": "1", "task": "answerable", "gold": ["Lin"], "gold_docs": ["u1"]},
        {
            **base,
            "id": "2",
            "task": "unanswerable",
            "gold": [],
            "gold_docs": [],
            "removed_answer": ["Wu"],
        },
    ]
    write_json_lines(tmp_path / "n" / "questions.jsonl", lines)
    first, second = load_others(tmp_path / "n", tmp_path / "corpus").questions.questions
    assert first.question == "(2025-01-02) Who won?"
    assert first.answers == (("Lin",),)
    assert not second.answerable


def test_what_is_none_of_these_is_refused(tmp_path):
    with pytest.raises(EvaluationError, match="no set that can be loaded"):
        load_others(tmp_path, tmp_path / "corpus")
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(EvaluationError, match="not SQuAD JSON"):
        load_others(tmp_path / "x.json", tmp_path / "corpus")


def test_a_set_of_others_runs_by_its_path(tmp_path):
    squad(tmp_path / "dev.json", "When?")
    asked = []

    class Silent:
        def retrieve(self, question, history=(), filters=None):
            asked.append(question)
            return Found((), ())

    outcome = evaluate(
        tmp_path / "dev.json",
        assistant_factory=lambda corpus, *, generator, refusal: Silent(),
        stage="retrieval",
        run_dir=tmp_path / "runs",
        folder=tmp_path,
    )
    assert asked == ["When?", "Who dug it?"]
    assert outcome.summary.measures["passage_recall_20"].value == 0.0
    (texts,) = (tmp_path / "runs" / "texts").iterdir()
    assert [path.name for path in texts.iterdir()] == ["000000.txt"]


def test_rgb(tmp_path):
    path = tmp_path / "en.json"
    lines = [
        {"id": 0, "query": "Who and when?", "answer": [["Lin", "Wei Lin"], "1904"], "positive": ["Lin dug it in 1904."], "negative": ["It rained."]},
        {"id": 1, "query": "How deep?", "answer": ["4 m"], "positive": [], "negative": ["It rained.", "It blew."]},
    ]  # fmt: skip
    write_json_lines(path, lines)
    loaded = load_others(path, tmp_path / "corpus")
    first, second = loaded.questions.questions
    assert first.answers == (("Lin", "Wei Lin"), ("1904",))
    assert first.documents == ("000000.txt",)
    assert (second.answerable, second.gold) == (False, ())
    assert len(list(loaded.corpus.iterdir())) == 3


def beir(folder, query, row):
    write_json_lines(folder / "corpus.jsonl", [{"_id": "x", "text": "Tin melts."}])
    write_json_lines(folder / "queries.jsonl", [query])
    (folder / "qrels_test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{row}\n")
    return folder


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda f: beir(f, {"_id": "1"}, "1\tx\t1"), r"queries.jsonl, line 1: no text"),
        (lambda f: beir(f, {"_id": "1", "text": "tin"}, "1\tx\thigh"), r"line 2: the score is 'high'"),
        (lambda f: beir(f, {"_id": "1", "text": "tin"}, "2\tx\t1"), "no question with a text"),
        (lambda f: squad(f / "s.json", None), "the question 'a' has no text"),
        (lambda f: squad(f / "s.json", "When?", id="b"), "the question id 'b' occurs more than once"),
        (lambda f: squad(f / "s.json", "When?", answers=[{"text": "1904"}]), "not SQuAD JSON.*answer_start"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(tmp_path, make, message):
    with pytest.raises(EvaluationError, match=message):
        load_others(make(tmp_path), tmp_path / "texts")


def test_a_set_without_answers_is_for_retrieval_alone(tmp_path):
    beir(tmp_path / "set", {"_id": 1, "text": "tin"}, "1\tx\t1")
    with pytest.raises(EvaluationError, match="Add: --stage retrieval"):
        evaluate(tmp_path / "set", assistant_factory=None, run_dir=tmp_path, folder=tmp_path)
