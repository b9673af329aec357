"""Quotes to offsets, groups to splits, seeds without text."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents.fold import fold
from rag.errors import EvaluationError
from rag.evaluation import commands
from rag.evaluation.check import check_sets, counts_table
from rag.evaluation.compile import compile_questions, compile_seeds, split
from rag.evaluation.corpus import find_all, fold_with_map
from rag.evaluation.jsonlines import write_json_lines
from rag.evaluation.measures.spans import Span
from rag.evaluation.questions import Question, load_set, sample
from tests.evaluation.fakes import TEXTS, make_corpus, read_plain

PORT = "harbour.txt"
MIXED = st.text(alphabet="ab \n\t中文。.", max_size=30)


@settings(deadline=None)
@given(MIXED)
def test_the_map_folds_as_fold_does(text):
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)


@settings(deadline=None)
@given(MIXED, st.data())
def test_a_folded_piece_is_found_where_it_is(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = fold(text[start:end])
    places = find_all(text, quote)
    assert all(fold(text[a:b]) == quote for a, b in places)
    assert bool(places) == bool(quote)


def authored(identifier, quote, **more):
    return {
        "id": identifier, "group": "harbour", "kind": "number", "question": f"Question {identifier}?",
        "answers": [["2.4 million tonnes"]], "gold": [[{"document": PORT, "quote": quote}]],
        "answerable": True, "origin": "text", **more,
    }  # fmt: skip


def test_a_wrapped_quote_gets_its_offsets(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    quote = "handled 2,400,000 tonnes of grain in 2024"
    write_json_lines(tmp_path / "authored" / "a.jsonl", [authored("q1", quote)])
    splits = compile_questions(tmp_path / "authored", corpus, tmp_path / "out")
    (question,) = [one for group in splits.values() for one in group]
    (span,) = question.gold[0]
    assert fold(TEXTS[PORT][span.start : span.end]) == quote == span.quote
    (name,) = [name for name, group in splits.items() if group]
    assert load_set(name, tmp_path / "out").questions == (question,)


def test_every_bad_line_is_named(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    lines = [
        authored("q1", "no such words"),
        authored("q2", "The quay"),
        authored("q3", "The quay", gold=[[{"document": "absent.txt", "quote": "x"}]]),
        authored("q4", "The harbour", kind="riddle"),
    ]
    write_json_lines(tmp_path / "authored" / "a.jsonl", lines)
    with pytest.raises(EvaluationError) as caught:
        compile_questions(tmp_path / "authored", corpus, tmp_path / "out")
    message = str(caught.value)
    assert "a.jsonl, line 1 (q1): the quote 'no such words' is 0 times" in message
    assert "line 2 (q2): the quote 'The quay' is 2 times" in message
    assert "line 3 (q3): No document 'absent.txt'" in message
    assert "line 4 (q4): not a question" in message
    assert not (tmp_path / "out").exists()


def test_a_repeated_quote_is_looked_up_in_its_sentence(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    sentence = "The quay was rebuilt by Lin Wei."
    gold = [[{"document": PORT, "quote": "The quay", "sentence": sentence}]]
    line = authored("q1", "", gold=gold, answers=[["quay"]])
    write_json_lines(tmp_path / "authored" / "a.jsonl", [line])
    splits = compile_questions(tmp_path / "authored", corpus, tmp_path / "out")
    (question,) = [one for group in splits.values() for one in group]
    assert question.gold[0][0].start == TEXTS[PORT].index(sentence)


def make_question(number, group):
    return Question(f"q{number:03d}", group, "fact", f"Which {number}?", (("x",),), (), True)


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=300))
def test_a_group_is_never_torn_apart(groups):
    questions = [make_question(number, f"g{group}") for number, group in enumerate(groups)]
    splits = split(questions)
    assert sorted(one.id for part in splits.values() for one in part) == [q.id for q in questions]
    homes = [{one.group for one in part} for part in splits.values()]
    assert sum(len(home) for home in homes) == len(set.union(*homes))
    assert split(questions[::-1]) == splits


def test_splits_have_their_sizes():
    splits = split([make_question(number, f"g{number // 3}") for number in range(300)])
    assert {name: len(part) for name, part in splits.items()} == {
        "dev": 120, "calibration": 81, "test": 99,
    }  # fmt: skip


def test_seeds_carry_offsets_and_no_text(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    lines = [
        {"id": "d1", "kind": "number", "question": "How much grain?", "answers": [["2,?400,?000"]], "document": PORT, "snippets": ["tonnes of grain"]},
        {"id": "e1", "kind": "none", "question": "How much rye?", "answers": [], "document": None, "snippets": []},
    ]  # fmt: skip
    write_json_lines(tmp_path / "seed.jsonl", lines)
    first, second = compile_seeds(tmp_path / "seed.jsonl", corpus, tmp_path / "seeds.jsonl")
    span = first.gold[0][0]
    assert TEXTS[PORT][span.start : span.end].startswith("The harbour of Vell")
    assert TEXTS[PORT][span.start : span.end].endswith("2024.")
    assert not second.answerable
    written = [json.loads(line) for line in (tmp_path / "seeds.jsonl").read_text().splitlines()]
    assert written[0]["gold"] == [[{"document": PORT, "start": span.start, "end": span.end}]]
    assert not load_set("seeds", tmp_path).publishes_text


def test_check_finds_each_fault(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    start = TEXTS[PORT].index("The harbour")
    gold = [[{"document": PORT, "start": start, "end": start + 19, "quote": "The harbour of Vell"}]]
    shifted = [
        [{"document": PORT, "start": start + 1, "end": start + 20, "quote": "The harbour of Vell"}]
    ]
    base = {"group": "g", "kind": "fact", "answers": [["Vell"]], "answerable": True, "gold": gold}
    write_json_lines(
        tmp_path / "dev.jsonl",
        [
            {**base, "id": "ok", "question": "Which harbour?"},
            {**base, "id": "moved", "question": "Which one?", "gold": shifted},
            {**base, "id": "absent", "question": "Which two?", "answers": [["Oslo"]]},
            {**base, "id": "spoilt", "question": "Which three?", "rejected": ["re:vell handled"]},
        ],
    )
    refusal = {"group": "h", "kind": "none_far", "answerable": False}
    write_json_lines(
        tmp_path / "test.jsonl",
        [
            {**base, "id": "twice", "question": "which harbour"},
            {**refusal, "id": "mute", "question": "Who sings?"},
        ],
    )
    sets = {name: load_set(name, tmp_path) for name in ("dev", "test")}
    report = check_sets(sets, corpus, full=False)
    starts = [problem.split(":")[0] for problem in report.problems]
    assert starts == [
        "dev moved", "dev absent", "dev spoilt", "test mute", "test twice", "test twice",
    ]  # fmt: skip
    assert "1 of its answers not in the gold sentences" in report.problems[1]
    assert "its own gold sentence counts as wrong" in report.problems[2]
    assert "the same question as dev ok" in report.problems[4]
    assert "| fact | 4 | 1 | 5 |" in counts_table(report)
    full = check_sets(sets, corpus).problems
    assert "too few questions: found 6, expected at least 300" in full
    assert "no split calibration" in full


def test_a_sample_is_stable_and_takes_the_kinds_in_turn():
    questions = [make_question(number, "g") for number in range(10)]
    others = [Question(f"n{n}", "g", "none_far", f"No {n}?", (), (), False) for n in range(10)]
    chosen = sample([*questions, *others], 6)
    assert sum(one.answerable for one in chosen) == 3
    assert sample([*others, *questions], 6) != chosen
    assert {one.id for one in sample([*others, *questions], 6)} == {one.id for one in chosen}
    assert len(sample(questions, None)) == len(sample(questions, 99)) == 10


def test_paths_come_back_to_documents(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    for given_path in (PORT, str(corpus.folder / PORT), f"elsewhere/{PORT}"):
        assert corpus.name(given_path) == PORT
    assert corpus.name("/other/place/unknown.txt") == "/other/place/unknown.txt"
    assert corpus.sentence(Span(PORT, 5, 6)).start == 0
    with pytest.raises(EvaluationError, match="No document"):
        corpus.text("../outside.txt")


def test_the_reader_is_injected(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    assert corpus.file(PORT) == read_plain(corpus.folder / PORT)


def test_the_table_of_counts_is_kept_current(tmp_path):
    corpus = make_corpus(tmp_path / "corpus")
    lines = [
        authored(
            f"q{n}",
            "The harbour of Vell",
            group=f"g{n}",
            question=f"Which {n}?",
            answers=[["Vell"]],
        )
        for n in range(6)
    ]
    write_json_lines(tmp_path / "questions" / "authored" / "a.jsonl", lines)
    commands.compile_questions(corpus=corpus, folder=tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text(f"Before\n{commands.COUNTS_BEGIN}\nold\n{commands.COUNTS_END}\nAfter\n")

    def stale(**options):
        problems = commands.check(corpus=corpus, folder=tmp_path, **options).problems
        return any("table of counts is stale" in problem for problem in problems)

    assert stale()
    assert not stale(write=True)
    assert not stale()
    text = readme.read_text()
    assert text.startswith("Before\n") and text.endswith("\nAfter\n")
    assert "| **all** |" in text and "old" not in text
    readme.write_text("no markers")
    with pytest.raises(EvaluationError, match="needs the lines"):
        stale()
