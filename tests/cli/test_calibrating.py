"""`rag eval calibrate` from saved runs: what it fits, what it says, what it refuses."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.abstention import FEATURES, Confidence, never_refusing
from rag.cli import main
from rag.cli.calibrating import _empirical, cross_fitted, fit
from rag.evaluation.records import Result, Run
from rag.evaluation.run import save_run


def result(number: int, judged: float, right: bool) -> Result:
    signals = dict.fromkeys(FEATURES, 0.0) | {"judged": judged, "kind": float(number % 2)}
    answer = {
        "state": "answered",
        "reason": None,
        "confidence": 0.5,
        "timings": {},
        "provenance": {},
        "signals": signals,
    }
    scores = {"correct": (float(right), 1.0)}
    return Result(
        f"q{number}", "fact", "md", right, True, None, None, answer, None, 0.1, scores, None
    )


def results(count: int = 120) -> list[Result]:
    """The judge is right where it is far from zero and mistaken now and then near it."""
    chance = random.Random(1)
    margins = [chance.gauss(0, 3) for _ in range(count)]
    return [result(n, m, m + chance.gauss(0, 1) > 0) for n, m in enumerate(margins)]


def saved(path: Path, texts: bool = False, **header: object) -> Path:
    first = {"name": "one", "set": "calibration", "system": "no-calibration", "refusal": True}
    save_run(Run(first | header, tuple(results()), {}), path, texts)
    return path


def test_a_saved_run_without_texts_is_enough(tmp_path, capsys):
    run = saved(tmp_path / "run.jsonl")
    store = tmp_path / "confidence.json"
    words = ["eval", "calibrate", str(run), "--risk", "0.1", "--store", str(store)]
    assert main([*words, "--index", str(tmp_path / "none")]) == 0
    said = capsys.readouterr().out
    assert "for at most 10% wrong among answered" in said
    assert "On calibration: answers " in said
    kept = Confidence.from_json(store.read_text())
    assert kept.risk == 0.1 and 0 < kept.threshold < 1
    assert kept.weights["judged"] > 0.5


@pytest.mark.parametrize(("count", "risk", "how"), [(400, 0.2, "chosen by"), (40, 0.01, "too few")])
def test_cross_fitted_scores_are_called_an_estimate(count, risk, how):
    """The weights kept were fitted on the very questions that the threshold is chosen on."""
    _, told = fit(results(count), risk)
    assert told.startswith("An estimate from cross-fitted scores") and how in told
    assert "certif" not in told and "probability" not in told


def test_a_signal_that_comes_out_against_its_meaning_is_left_out():
    def against(one: Result) -> Result:
        signals = one.answer["signals"] | {"coverage": -2.0 * one.correct, "refusal": 0.1}
        return replace(one, answer=one.answer | {"signals": signals})

    fitted, _ = fit([against(one) for one in results()], 0.1)
    assert fitted.weights["coverage"] == 0.0
    assert fitted.weights["judged"] > 0.5


def test_the_threshold_keeps_the_risk_on_scores_of_other_folds():
    fitted, _ = fit(results(), 0.1)
    above = [one for one in cross_fitted(results()) if one.confidence >= fitted.threshold]
    assert len(above) > 30
    assert sum(not one.correct for one in above) <= 0.1 * len(above)


def test_no_right_answer_that_would_be_shown_is_refused_before_it_is_written():
    fitted, _ = fit(results(), 0.1)
    shown = [one for one in cross_fitted(results()) if one.confidence >= fitted.threshold / 2]
    judged = [one.answer["signals"]["judged"] for one in shown if one.correct]
    assert fitted.least_judged == min(judged)
    assert any(one.answer["signals"]["judged"] < min(judged) for one in results() if one.correct)
    assert Confidence.from_json(fitted.to_json()) == fitted
    assert never_refusing(fitted).least_judged < -100
    wrong = [replace(one, scores={"correct": (0.0, 1.0)}) for one in results()]
    assert fit(wrong, 0.1)[0].least_judged < -9


def test_answers_that_are_equally_sure_are_kept_or_refused_together():
    sure = [(0.9, True)] * 4 + [(0.5, True), (0.5, False)]
    scored = [
        replace(one, answer={**one.answer, "confidence": score})
        for (score, right), one in ((pair, result(0, 0.0, pair[1])) for pair in sure)
    ]
    assert _empirical(scored, 0.1) == 0.9
    assert _empirical(scored, 0.2) == 0.5
    assert _empirical(scored[-1:], 0.2) == 1.0


def test_no_question_has_a_say_in_its_own_score():
    before = results()
    other = replace(before[7], scores={"correct": (float(not before[7].correct), 1.0)})
    after = cross_fitted([*before[:7], other, *before[8:]])
    assert after[7].confidence == cross_fitted(before)[7].confidence
    assert after[8].confidence != cross_fitted(before)[8].confidence


def test_what_was_refused_takes_no_part():
    refused = replace(results()[0], answer={"state": "abstained", "confidence": 0.2})
    scored = cross_fitted([refused, *results()])
    assert scored[0] is refused
    assert [one.confidence for one in scored[1:]] == [
        one.confidence for one in cross_fitted(results())
    ]


@pytest.mark.parametrize("system", ["sourcebound", "plain"])
def test_a_run_with_refusals_is_not_fitted_on(tmp_path, capsys, system):
    run = saved(tmp_path / "run.jsonl", system=system)
    assert main(["eval", "calibrate", str(run)]) == 1
    assert "--system no-calibration" in capsys.readouterr().err


def test_a_run_of_before_has_no_signals(tmp_path, capsys):
    run = saved(tmp_path / "run.jsonl")
    whole = run.read_text()
    for name in ("signals", "judged"):
        lines = whole.replace(f'"{name}"', '"were"')
        run.write_text(lines)
        assert json.loads(lines.splitlines()[0])
        assert main(["eval", "calibrate", str(run)]) == 1
        assert "Ask again" in capsys.readouterr().err
