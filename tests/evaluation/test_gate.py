"""Systems broken on purpose are caught, each by the measure that is about what is broken."""

import json
from dataclasses import replace

import pytest

from rag.errors import EvaluationError
from rag.evaluation.calibrating import Selective, apply_threshold, fit_threshold
from rag.evaluation.commands import compare, evaluate
from rag.evaluation.run import load_run
from tests.evaluation.fakes import (
    ITEMS,
    REFUSALS,
    AlwaysRefuses,
    InventedQuotes,
    NeverRefuses,
    Perfect,
    ShiftedQuotes,
    ShuffledRetrieval,
    make_corpus,
    make_set,
)


class Bench:
    """A folder with a set, a corpus and a baseline of the perfect system."""

    def __init__(self, folder):
        self.folder = folder
        self.corpus = make_corpus(folder / "corpus")
        for name in ("dev", "calibration"):
            make_set(folder / "questions" / f"{name}.jsonl", self.corpus)
        self.baseline = folder / "baseline.json"
        self.factory_calls = []

    def factory(self, system):
        def build(corpus, *, generator, refusal):
            self.factory_calls.append((generator, refusal))
            return system(corpus) if isinstance(system, type) else system

        return build

    def run(self, system, name="dev", **options):
        options.setdefault("run_dir", self.folder / "runs")
        options.setdefault("resume", False)
        return evaluate(
            name,
            assistant_factory=self.factory(system),
            corpus=self.corpus,
            folder=self.folder,
            **options,
        )

    def gated(self, system):
        self.run(Perfect, write_baseline=self.baseline)
        return self.run(system, baseline=self.baseline)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def fallen(outcome):
    assert not outcome.passed
    return {reason.split(":")[0] for reason in outcome.verdict.reasons}


def test_the_perfect_system_passes_its_own_gate(bench):
    outcome = bench.gated(Perfect)
    assert outcome.passed
    values = {name: one.value for name, one in outcome.summary.measures.items()}
    for name in ("correct", "citation_f1", "quote_validity", "statement_support", "refusal_recall"):
        assert values[name] == 1.0, name
    assert values["passage_mrr"] == values["evidence_recall"] == values["refusal_auroc"] == 1.0
    assert values["calibration_error"] == pytest.approx(0.05)
    assert outcome.summary.blames == {"right": len(ITEMS) + len(REFUSALS)}


def test_shuffled_retrieval_is_caught_by_the_ranking(bench):
    names = fallen(bench.gated(ShuffledRetrieval))
    assert {"passage_mrr", "passage_ndcg_10", "evidence_recall"} <= names
    assert not names & {"answer_correct", "citation_recall", "refusal_recall", "quote_validity"}


def test_shifted_quotes_are_caught_by_the_citations(bench):
    names = fallen(bench.gated(ShiftedQuotes))
    assert {"citation_precision", "citation_recall", "right_and_quoted"} <= names
    assert not names & {"passage_mrr", "answer_correct", "quote_validity", "refusal_recall"}


def test_invented_words_are_caught_by_quote_validity(bench):
    names = fallen(bench.gated(InventedQuotes))
    assert "quote_validity" in names
    assert not names & {"passage_mrr", "answer_correct", "citation_recall"}


def test_always_refusing_is_caught_by_its_cost(bench):
    outcome = bench.gated(AlwaysRefuses)
    names = fallen(outcome)
    assert {"wrongly_refused", "answer_correct", "refusal_precision"} <= names
    assert not names & {"refusal_recall", "passage_mrr"}
    assert outcome.summary.measures["refusal_precision"].value == pytest.approx(4 / 12)
    assert outcome.summary.blames["right evidence, but refused"] == len(ITEMS)


def test_never_refusing_is_caught_by_recall_and_risk(bench):
    outcome = bench.gated(NeverRefuses)
    names = fallen(outcome)
    assert {"refusal_recall", "wrong_among_answered"} <= names
    assert not names & {"passage_mrr", "answer_correct", "citation_recall", "wrongly_refused"}
    assert outcome.summary.measures["wrong_among_answered"].value == pytest.approx(4 / 12)
    assert outcome.summary.blames["answered, though the documents do not say"] == len(REFUSALS)


def test_a_baseline_of_other_questions_is_refused(bench):
    bench.run(Perfect, write_baseline=bench.baseline)
    system = Perfect(bench.corpus.folder)
    with pytest.raises(EvaluationError, match="quick False, this run with True"):
        bench.run(system, baseline=bench.baseline, quick=True)
    assert system.asked == []  # told before the run, not after it
    with pytest.raises(EvaluationError, match="stage 'all', this run with 'retrieval'"):
        bench.run(Perfect, baseline=bench.baseline, stage="retrieval")
    bench.baseline.write_text("{}")
    with pytest.raises(EvaluationError, match="is not a baseline"):
        bench.run(Perfect, baseline=bench.baseline)


def test_a_measure_that_is_gone_fails_the_gate(bench):
    bench.run(Perfect, write_baseline=bench.baseline)
    baseline = json.loads(bench.baseline.read_text())
    baseline["measures"]["list_f1"] = {"value": 0.9, "tolerance": 0.1}
    bench.baseline.write_text(json.dumps(baseline))
    outcome = bench.run(Perfect, baseline=bench.baseline)
    assert outcome.verdict.reasons == ("list_f1: not measured, baseline 0.9000",)


def test_retrieval_alone_asks_nothing_and_needs_no_generator(bench):
    system = Perfect(bench.corpus.folder)
    outcome = bench.run(system, stage="retrieval")
    assert bench.factory_calls == [(False, True)]
    assert system.asked == []
    assert "passage_mrr" in outcome.summary.measures
    assert "correct" not in outcome.summary.measures


def test_quick_asks_a_fixed_few(bench, monkeypatch):
    monkeypatch.setattr("rag.evaluation.evaluating.QUICK_ANSWERS", 5)
    system = Perfect(bench.corpus.folder)
    outcome = bench.run(system, quick=True)
    assert len(system.asked) == 5
    assert outcome.summary.measures["correct"].questions == 5
    assert outcome.summary.measures["passage_mrr"].questions == len(ITEMS)


class DiesAfter(Perfect):
    def __init__(self, folder, questions):
        super().__init__(folder)
        self.left = questions

    def ask(self, question, history=(), filters=None):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return super().ask(question)


@pytest.mark.parametrize("torn", [b"", "港".encode()[:2]], ids=["word", "character"])
def test_a_killed_run_goes_on(bench, torn):
    with pytest.raises(KeyboardInterrupt):
        bench.run(DiesAfter(bench.corpus.folder, 7))
    (path,) = (bench.folder / "runs").glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"result": {"id": "half a li' + torn)
    with pytest.raises(EvaluationError):
        load_run(path)
    system, seen = Perfect(bench.corpus.folder), []
    outcome = bench.run(system, resume=True, progress=seen.append)
    assert len(system.asked) == 5
    assert [(one.done, one.total) for one in seen] == [(n, 12) for n in range(8, 13)]
    assert seen[-1].remaining_s == 0.0
    whole = bench.run(Perfect)
    assert [one.scores for one in outcome.run.results] == [one.scores for one in whole.run.results]
    assert [one.scores for one in load_run(path).results] == [
        one.scores for one in whole.run.results
    ]


def test_the_same_run_twice_gives_the_same_figures(bench):
    def figures():
        measures = bench.run(NeverRefuses).summary.measures.values()
        return [repr(one) for one in measures if not one.name.endswith(("_s", "_mb"))]

    assert figures() == figures()


class Crashes(Perfect):
    def ask(self, question, history=(), filters=None):
        if question == ITEMS[0][0]:
            raise RuntimeError("out of memory")
        return super().ask(question)


def test_a_missing_answer_is_wrong_and_shown(bench):
    outcome = bench.run(Crashes)
    assert outcome.summary.measures["answer_correct"].value == pytest.approx(7 / 8)
    assert outcome.summary.errors == 1
    assert outcome.summary.blames["failed"] == 1
    assert "out of memory" in outcome.run.results[0].error


def test_two_runs_are_compared_by_question(bench):
    bench.run(Perfect, save=bench.folder / "a.jsonl")
    bench.run(NeverRefuses, save=bench.folder / "b.jsonl")
    comparison = compare(bench.folder / "a.jsonl", bench.folder / "b.jsonl")
    assert comparison.lost == ("n0", "n1", "n2", "n3")
    assert comparison.gained == ()
    assert comparison.p_value == pytest.approx(0.125)
    assert comparison.differences["correct"].change == pytest.approx(-4 / 12)
    assert comparison.differences["correct"].interval.high < 0
    assert comparison.differences["answer_correct"].interval == (0.0, 0.0)


def test_a_saved_run_of_others_texts_holds_none_of_them(bench):
    path = bench.folder / "questions" / "bare.jsonl"
    make_set(path, bench.corpus)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        for group in line["gold"]:
            for span in group:
                del span["quote"]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    bench.run(Perfect, name="bare", save=bench.folder / "saved.jsonl")
    saved = (bench.folder / "saved.jsonl").read_text()
    assert "Lin Wei" not in saved
    assert '"correct"' in saved
    bench.run(Perfect, name="dev", save=bench.folder / "own.jsonl")
    assert "Lin Wei" in (bench.folder / "own.jsonl").read_text()
    assert load_run(bench.folder / "saved.jsonl").results[0].correct


def test_a_threshold_is_fitted_where_nothing_was_refused_for_doubt(bench):
    results = bench.run(NeverRefuses, stage="answer", refusal=False).run.results
    assert bench.factory_calls == [(True, False)]
    threshold = fit_threshold(results, risk=0.3, delta=0.2)
    assert (threshold.value, threshold.questions, threshold.answered) == (0.95, 12, 8)
    selective = apply_threshold(results, threshold.value, "dev")
    assert selective == Selective("dev", 12, 8, 8, 0, 8, 4)
    # What is fair to say of an unanswerable question is no right answer to an answerable one.
    fair = [replace(one, answerable=False) if one.correct else one for one in results]
    counted = apply_threshold(fair, threshold.value, "dev")
    assert (counted.right, counted.wrong, counted.answered) == (0, 0, 8)
    refused = bench.run(AlwaysRefuses, stage="answer", refusal=False).run.results
    assert fit_threshold(refused, risk=0.3).questions == 0


def test_an_unknown_set_is_named(bench):
    with pytest.raises(EvaluationError, match="found calibration, dev in"):
        bench.run(Perfect, name="final")


class Corrects(Perfect):
    """Answers the first unanswerable question with what is really so."""

    def refuses(self, question):
        return super().refuses(question) and question != REFUSALS[0]


def test_a_corrected_false_premise_is_right(bench):
    path = bench.folder / "questions" / "dev.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        if line["id"] == "n0":
            line.update(kind="false_premise", answers=[["7 metres"]])
    path.write_text("\n".join(json.dumps(line) for line in lines))
    measures = bench.run(Corrects).summary.measures
    assert measures["correct"].value == measures["refusal_precision"].value == 1.0
    assert (measures["refusal_recall"].value, measures["refusal_recall"].questions) == (1.0, 3)
    assert measures["wrong_among_answered"].value == 0.0


class Broken(Perfect):
    def ask(self, question, history=(), filters=None):
        raise RuntimeError("no such method")


def test_a_system_that_never_works_is_given_up(bench):
    with pytest.raises(EvaluationError, match=r"(?s)each of the first 5 questions.*no such method"):
        bench.run(Broken)
