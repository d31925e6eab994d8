"""Sparse categorical cross-entropy and mean squared error; for the binary one see test_losses."""

import json

import numpy as np
import pytest
from helpers import numeric_gradient, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import INTEGERS, LAYOUTS, laid_out, whole_numbers

from embedding_core import (
    Dense,
    MeanSquaredError,
    Sequential,
    SparseCategoricalCrossentropy,
    losses,
)
from embedding_core.ground.configurable import serialize

CLASSES = np.array([2, 0, 1, 2])
PROBABILITIES = np.array([[0.2, 0.3, 0.5], [0.7, 0.1, 0.2], [0.3, 0.3, 0.4], [0.9, 0.05, 0.05]])
LOGITS = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, 4.0], [-1.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
NUMBERS = np.array([[1.0], [-2.0], [0.5], [3.0]])
WEIGHTS = np.array([1.0, 0.0, 2.5, 0.5])
PROBABILITY_LOSS = SparseCategoricalCrossentropy()
LOGIT_LOSS = SparseCategoricalCrossentropy(from_logits=True)
SQUARED = MeanSquaredError()
CASES = {
    "probability": (PROBABILITY_LOSS, CLASSES, PROBABILITIES),
    "logit": (LOGIT_LOSS, CLASSES, LOGITS),
    "squared": (SQUARED, np.array([0.0, 1.0, 2.0, 3.5]), NUMBERS),
}
every_case = pytest.mark.parametrize(("loss", "labels", "outputs"), CASES.values(), ids=CASES)
both = pytest.mark.parametrize("loss", [PROBABILITY_LOSS, LOGIT_LOSS], ids=["probability", "logit"])


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_loss_is_minus_log_probability_of_the_right_class(weights):
    w = np.ones(4) if weights is None else weights
    right = PROBABILITIES[np.arange(4), CLASSES]
    expected = np.mean(-np.log(right) * w)
    assert PROBABILITY_LOSS(CLASSES, PROBABILITIES, weights) == pytest.approx(expected, rel=1e-12)
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    expected = np.mean(-np.log(p[np.arange(4), CLASSES]) * w)
    assert LOGIT_LOSS(CLASSES, LOGITS, weights) == pytest.approx(expected, rel=1e-12)


def test_losses_worked_out_by_hand():
    assert LOGIT_LOSS([1], np.array([[0.0, 0.0, 0.0, 0.0]])) == pytest.approx(np.log(4))
    assert PROBABILITY_LOSS([0], np.array([[0.25, 0.25]])) == pytest.approx(np.log(2))
    assert SQUARED([1, 2], np.array([[1.0], [5.0]])) == 4.5
    assert SQUARED([1, 2], np.array([3.0, 5.0]), [3, 1]) == (3 * 4 + 9) / 2
    assert SQUARED([[0, 0], [3, 4]], np.zeros((2, 2))) == 25 / 4


@every_case
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_gradient_agrees_with_finite_differences(loss, labels, outputs, weights):
    gradient = loss.gradient(labels, outputs, weights)
    expected = numeric_gradient(lambda p: loss(labels, p, weights), outputs)
    assert gradient.shape == outputs.shape
    assert np.allclose(gradient, expected, rtol=1e-6, atol=1e-8)


def test_sequences_of_classes_have_the_mean_over_all_of_them():
    labels, logits = np.array([[0, 1], [1, 1]]), np.array([[[0.0, 1], [2, 3]], [[1, 1], [4, 0]]])
    flat = LOGIT_LOSS(labels.ravel(), logits.reshape(4, 2))
    assert LOGIT_LOSS(labels, logits) == pytest.approx(flat)
    flat = LOGIT_LOSS(labels.ravel(), logits.reshape(4, 2), [2, 2, 0, 0])
    assert LOGIT_LOSS(labels, logits, [2, 0]) == pytest.approx(flat)
    gradient = LOGIT_LOSS.gradient(labels, logits, [2, 0])
    assert gradient.shape == logits.shape
    assert not gradient[1].any()


@given(st.data(), st.sampled_from([*INTEGERS, "float32", "bool"]), st.sampled_from(LAYOUTS))
def test_labels_may_have_any_dtype_and_layout(data, dtype, layout):
    n = data.draw(st.integers(0, 5))
    drawn = np.array(data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype)
    logits = laid_out(data.draw(whole_numbers((n, 3))), layout)
    expected = LOGIT_LOSS(drawn.astype(int), logits.copy())
    assert LOGIT_LOSS(laid_out(drawn, layout), logits) == expected
    assert LOGIT_LOSS(drawn[:, None], logits) == expected
    assert LOGIT_LOSS.gradient(drawn, logits).shape == (n, 3)


@every_case
def test_no_sample_has_no_loss_and_an_empty_gradient(loss, labels, outputs):
    assert loss(labels[:0], outputs[:0]) == 0
    assert loss.gradient(labels[:0], outputs[:0]).shape == outputs[:0].shape


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_certainty_gives_a_large_loss_and_gradient_but_never_nan(dtype):
    sure = np.array([[1.0, 0.0], [1.0, 0.0]], dtype)
    assert 7 < PROBABILITY_LOSS([0, 1], sure) < 9
    gradient = PROBABILITY_LOSS.gradient([0, 1], sure)
    assert np.isfinite(gradient).all()
    assert gradient[1, 0] > 0 > gradient[1, 1]
    assert LOGIT_LOSS([0, 1], sure * 1e4) == pytest.approx(5000, rel=1e-3)
    assert LOGIT_LOSS.gradient([0, 1], sure * 1e4).tolist() == [[0, 0], [0.5, -0.5]]
    assert SQUARED([1e3], np.array([-1e3], dtype)) == 4e6  # more than float16 holds


REFUSED = {
    "too large": ([2, 0, 3, 1], ValueError, r"whole numbers in \[0, 3\).*received 3"),
    "negative": ([2, 0, -1, 1], ValueError, "received -1"),
    "fraction": ([2, 0.5, 1, 1], ValueError, r"received 0\.5"),
    "NaN": ([2, 0, np.nan, 1], ValueError, "received nan"),
    "fewer": ([1, 0], ValueError, r"labels of shape \(2,\).*predictions of shape \(4, 3\)"),
    "one-hot rows": (np.eye(3)[CLASSES], ValueError, r"shape \(4, 3\).*one class number"),
    "strings": (["a", "b", "a", "b"], TypeError, r"whole numbers in \[0, 3\): received dtype <U1"),
    "None": ([1, 0, None, 1], TypeError, "received dtype object"),
}


@pytest.mark.parametrize(("labels", "error", "match"), REFUSED.values(), ids=REFUSED)
@both
def test_labels_that_are_no_classes_are_refused(loss, labels, error, match):
    for use in (loss, loss.gradient):
        with pytest.raises(error, match=match):
            use(labels, PROBABILITIES)


@pytest.mark.parametrize(
    ("labels", "error", "match"),
    [
        ([1, 2, np.nan, 0], ValueError, "must be finite numbers: received nan"),
        ([1, 2, np.inf, 0], ValueError, "received inf"),
        ([1, 2], ValueError, r"shape \(2,\) do not match predictions of shape \(4, 1\)"),
        (list("abcd"), TypeError, "finite numbers: received dtype <U1"),
    ],
)
def test_numbers_that_do_not_match_are_refused(labels, error, match):
    for use in (SQUARED, SQUARED.gradient):
        with pytest.raises(error, match=match):
            use(labels, NUMBERS)


@every_case
def test_sample_weights_that_do_not_match_are_refused(loss, labels, outputs):
    match = r"sample_weight must have shape \(4,\), one for each sample: received"
    for weights in ([1, 2], np.ones((4, 2)), np.ones((1, 4))):
        for use in (loss, loss.gradient):
            with pytest.raises(ValueError, match=match):
                use(labels, outputs, weights)


@every_case
def test_a_configuration_gives_the_same_loss(loss, labels, outputs):
    assert losses.get(json.loads(json.dumps(serialize(loss)))) == loss


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("mse", MeanSquaredError),
        ("mean_squared_error", MeanSquaredError),
        ("sparse_categorical_crossentropy", SparseCategoricalCrossentropy),
        ("SparseCategoricalCrossentropy", SparseCategoricalCrossentropy),
    ],
)
def test_get_finds_by_name(name, cls):
    assert losses.get(name) == cls()


def test_a_model_learns_classes_and_refuses_a_bad_one_before_the_first_step():
    x = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    model = Sequential([Dense(3, "softmax")], seed=0)
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    model.optimizer.learning_rate = 0.1
    history = model.fit(x, [0, 1, 2, 0, 1, 2], epochs=60, verbose=0)
    assert history.history["accuracy"][-1] == 1
    with refused(ValueError, r"in \[0, 3\).*received 3", model, caches=False):
        model.fit(x, [0, 1, 2, 0, 1, 3], verbose=0, batch_size=2)


def test_a_single_number_is_no_prediction_of_classes():
    with pytest.raises(ValueError, match=r"shape \(\.\.\., C\) for C classes: received \(\)"):
        SparseCategoricalCrossentropy()(0, 0.5)
