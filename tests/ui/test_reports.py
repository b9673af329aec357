"""Saved runs as the Evaluation tab shows them."""

from __future__ import annotations

import pytest

from rag.errors import EvaluationError
from rag.home import home
from rag.ui import reports
from tests.evaluation.fakes import NeverRefuses, Perfect
from tests.evaluation.test_gate import Bench
from tests.evaluation.test_report import Balanced, Hostile


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def saved(bench, system, name, **options):
    path = home().state / "evaluation" / f"{name}.jsonl"
    bench.run(system, save=path, **options)
    return path


def test_finished_runs_are_listed_and_torn_ones_are_not(bench):
    path = saved(bench, Perfect, "whole")
    torn = path.with_stem("torn")
    torn.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:3]), encoding="utf-8")
    path.with_stem("other").write_text("[1]\n", encoding="utf-8")
    assert reports.runs()["whole"] == path
    assert not {"torn", "other"} & set(reports.runs())
    with pytest.raises(EvaluationError, match="not finished"):
        reports.run_html(torn, "en")


def test_a_run_shows_its_curves_and_opens_each_question_that_failed(bench):
    markup = reports.run_html(saved(bench, Hostile, "hostile"), "en")
    parser = Balanced()
    parser.feed(markup)
    assert (parser.open, parser.scripts, parser.fetched) == ([], 0, [])
    assert markup.count("<svg") == 2 and "Risk-coverage curve" in markup
    assert markup.count('class="sb-failure"') == 5
    assert "Questions that failed: 5 of 12" in markup
    assert "&lt;script&gt;" in markup and "RuntimeError" in markup


def test_two_runs_are_compared_question_by_question(bench):
    better, worse = saved(bench, Perfect, "better"), saved(bench, NeverRefuses, "worse")
    markup = reports.comparison_html(worse, better, "en")
    assert "Right only in the newer run: 4" in markup
    assert "Right only in the earlier run: 0" in markup
    retrieval = saved(bench, Perfect, "retrieval", stage="retrieval")
    assert "<svg" not in reports.run_html(retrieval, "en")
