"""Confidence fitted to outcomes, and thresholds that keep their promise."""

from math import inf

import numpy as np
import pytest

from rag.errors import EvaluationError
from rag.evaluation.calibration import (
    binomial_tail,
    clopper_pearson_upper,
    fit_logistic,
    learn_then_test,
)

linear = pytest.importorskip("sklearn.linear_model")
stats = pytest.importorskip("scipy.stats")


def simulated(size, seed):
    random = np.random.default_rng(seed)
    features = random.normal(size=(size, 2)) * [1.0, 30.0]
    chance = 1 / (1 + np.exp(-(0.4 + 1.5 * features[:, 0] - 0.02 * features[:, 1])))
    return features, random.random(size) < chance


def test_logistic_against_scikit_learn():
    features, right = simulated(300, 1)
    own = fit_logistic(features.tolist(), right.tolist(), l2=1.0)
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    other = linear.LogisticRegression(C=1.0, tol=1e-10).fit(standard, right)
    assert own.weights == pytest.approx(other.coef_[0].tolist(), abs=1e-4)
    assert own.intercept == pytest.approx(other.intercept_[0], abs=1e-4)
    expected = other.predict_proba(standard)[:, 1]
    assert own.predict(features.tolist()) == pytest.approx(expected, abs=1e-4)


def test_logistic_survives_one_class_and_perfect_separation():
    assert fit_logistic([[0.0], [1.0]], [True, True]).predict([[0.5]])[0] > 0.99
    model = fit_logistic([[0.0], [1.0], [2.0], [3.0]], [False, False, True, True])
    low, high = model.predict([[0.0], [3.0]])
    assert 0 < low < 0.3 < 0.7 < high < 1
    with pytest.raises(EvaluationError, match="one row of numbers for each label"):
        fit_logistic([[1.0]], [True, False])


def test_binomial_figures_against_scipy():
    assert binomial_tail(1, 3, 0.5) == pytest.approx(0.5)
    for wrong, answered in [(0, 45), (2, 60), (7, 100)]:
        assert binomial_tail(wrong, answered, 0.05) == pytest.approx(
            stats.binom.cdf(wrong, answered, 0.05)
        )
        expected = stats.beta.ppf(0.9, wrong + 1, answered - wrong)
        assert clopper_pearson_upper(wrong, answered, 0.1) == pytest.approx(expected)
    assert clopper_pearson_upper(0, 0, 0.1) == clopper_pearson_upper(3, 3, 0.1) == 1.0


def test_learn_then_test_by_hand():
    # 0.95^44 = 0.105 and 0.95^45 = 0.0994: 45 right answers are the least that pass 5 %.
    assert not learn_then_test([0.9] * 44, [False] * 44).kept
    passing = learn_then_test([0.9] * 45, [False] * 45)
    assert (passing.value, passing.answered, passing.wrong) == (0.9, 45, 0)
    assert passing.bound == pytest.approx(1 - 0.1 ** (1 / 45))
    assert passing.bound <= 0.05


def test_learn_then_test_stops_at_the_first_level_that_fails():
    confidence = [0.9] * 50 + [0.8] * 20 + [0.7] * 500
    wrong = [False] * 50 + [True] * 5 + [False] * 515
    threshold = learn_then_test(confidence, wrong)
    assert (threshold.value, threshold.answered) == (0.9, 50)
    assert learn_then_test([0.9] * 100, [True] * 100).value == inf


def test_the_promise_of_learn_then_test_holds_in_simulation():
    broken, passing = 0, 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        confidence = random.random(150)
        wrong = random.random(150) < 0.25 * (1 - confidence)
        threshold = learn_then_test(confidence.tolist(), wrong.tolist(), risk=0.1, delta=0.1)
        if threshold.kept:
            passing += 1
            # The true risk above a threshold t is the mean of 0.25 (1 - c) for c in [t, 1].
            broken += 0.25 * (1 - threshold.value) / 2 > 0.1
    assert passing > 100
    assert broken <= 0.1 * 200


def test_shares_must_be_shares():
    with pytest.raises(EvaluationError, match="between 0 and 1"):
        learn_then_test([0.5], [False], risk=5)
