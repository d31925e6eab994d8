"""What is said beside what was, in numbers small enough for the head."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from embedding_core.lessons.sentiment import fit_temperature, reliability, tempered


def test_two_bins_by_hand():
    found = reliability([0.1, 0.3, 0.5, 1.0], [0, 1, 1, 0], bins=2)
    assert found.count.tolist() == [2, 2]
    np.testing.assert_allclose(found.said, [0.2, 0.75])
    np.testing.assert_allclose(found.was, [0.5, 0.5])
    assert found.expected_error == pytest.approx(0.5 * 0.3 + 0.5 * 0.25)


def test_a_bin_weighs_as_much_as_it_holds():
    found = reliability([0.2, 0.9, 0.9, 0.9], [1, 1, 1, 1], bins=2)
    assert found.expected_error == pytest.approx((0.8 + 3 * 0.1) / 4)


def test_an_empty_bin_has_no_mean_and_no_weight():
    found = reliability([0.95, 0.95], [1, 0])
    assert np.isnan(found.said[:9]).all()
    assert found.expected_error == pytest.approx(0.45)


@given(st.lists(st.tuples(st.floats(0, 0.999), st.booleans()), min_size=1, max_size=30))
def test_the_bins_are_those_of_scikit_learn(drawn):
    p, y = np.array([p for p, _ in drawn]), np.array([y for _, y in drawn], int)
    # Away from the edges, which scikit-learn gives to the lower bin.
    p = np.where(np.isclose(p * 10, np.round(p * 10)), p + 0.0005, p)
    found = reliability(p, y)
    was, said = calibration_curve(y, p, n_bins=10)
    np.testing.assert_allclose(found.was[found.count > 0], was)
    np.testing.assert_allclose(found.said[found.count > 0], said)


def test_the_temperature_is_one_over_the_slope_of_a_logistic_regression():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=4000) * 3
    labels = (rng.random(4000) < 1 / (1 + np.exp(-logits / 2.5))).astype(int)
    slope = LogisticRegression(C=np.inf, fit_intercept=False).fit(logits[:, None], labels).coef_
    found = fit_temperature(1 / (1 + np.exp(-logits)), labels)
    assert found == pytest.approx(1 / slope[0, 0], rel=1e-3)


def test_a_temperature_mends_what_is_too_sure_and_changes_no_answer():
    rng = np.random.default_rng(1)
    truth = rng.random(5000)
    labels = rng.random(5000) < truth
    too_sure = tempered(truth, 0.4)
    mended = tempered(too_sure, fit_temperature(too_sure, labels))
    assert reliability(too_sure, labels).expected_error > 0.1
    assert reliability(mended, labels).expected_error < 0.03
    np.testing.assert_array_equal(mended > 0.5, truth > 0.5)


def test_certainty_has_a_temperature_too():
    assert np.isfinite(fit_temperature([0.0, 1.0, 1.0], [0, 1, 0]))
    assert tempered([0.0, 0.5, 1.0], 2)[1] == 0.5


@pytest.mark.parametrize(
    ("p", "y", "match"),
    [
        ([], [], "at least one probability"),
        ([0.5], [1, 0], r"shapes \(1,\) and \(2,\)"),
        ([[0.5]], [[1]], r"shapes \(1, 1\)"),
        ([1.5], [1], r"must lie in \[0, 1\]: received 1.5 to 1.5"),
        ([np.nan], [1], r"must lie in \[0, 1\]"),
        ([0.5], [2], r"labels must be 0 or 1: received \[2.0\]"),
    ],
)
def test_what_cannot_be_compared_is_refused(p, y, match):
    for use in (reliability, fit_temperature):
        with pytest.raises(ValueError, match=match):
            use(p, y)


@pytest.mark.parametrize("bins", [0, -1, 2.0, True])
def test_bins_are_a_positive_integer(bins):
    with pytest.raises(ValueError, match="bins must be a whole number from 1 on"):
        reliability([0.5], [1], bins)


@pytest.mark.parametrize("temperature", [0, -1, np.nan])
def test_a_temperature_is_above_zero(temperature):
    with pytest.raises(ValueError, match="temperature must be above 0"):
        tempered([0.5], temperature)
