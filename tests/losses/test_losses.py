import json

import numpy as np
import pytest
from helpers import numeric_gradient
from scipy.special import expit, xlogy

from embedding_core import losses
from embedding_core.ground.configurable import serialize
from embedding_core.losses import BinaryCrossentropy

LABELS = np.array([1.0, 0.0, 0.25, 1.0])
PROBABILITIES = np.array([[0.9], [0.2], [0.5], [0.01]])
LOGITS = np.array([[2.0], [-3.0], [0.0], [-1.5]])
WEIGHTS = np.array([1.0, 0.0, 2.5, 0.5])
PROBABILITY_LOSS = BinaryCrossentropy()
LOGIT_LOSS = BinaryCrossentropy(from_logits=True)


def by_hand(labels, p, weights=1.0):
    p = np.ravel(p)
    return np.mean(-(xlogy(labels, p) + xlogy(1 - labels, 1 - p)) * weights)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_loss_is_the_mean_of_minus_log_probability(weights):
    expected = by_hand(LABELS, PROBABILITIES, 1.0 if weights is None else weights)
    assert PROBABILITY_LOSS(LABELS, PROBABILITIES, weights) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_logits_are_sent_through_a_sigmoid_first(weights):
    expected = by_hand(LABELS, expit(LOGITS), 1.0 if weights is None else weights)
    assert LOGIT_LOSS(LABELS, LOGITS, weights) == pytest.approx(expected, rel=1e-12)


def test_one_loss_worked_out_by_hand():
    assert PROBABILITY_LOSS([1], np.array([[0.25]])) == pytest.approx(np.log(4))
    assert LOGIT_LOSS([1], np.array([[0.0]])) == pytest.approx(np.log(2))
    assert PROBABILITY_LOSS([1, 0], np.array([0.5, 0.75]), [3, 1]) == pytest.approx(
        (3 * np.log(2) + np.log(4)) / 2
    )


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    ("loss", "predictions"), [(PROBABILITY_LOSS, PROBABILITIES), (LOGIT_LOSS, LOGITS)]
)
def test_gradient_agrees_with_finite_differences(loss, predictions, weights):
    gradient = loss.gradient(LABELS, predictions, weights)
    expected = numeric_gradient(lambda p: loss(LABELS, p, weights), predictions)
    assert gradient.shape == predictions.shape
    assert np.allclose(gradient, expected, rtol=1e-6, atol=1e-8)


def test_the_mean_goes_over_all_outputs_of_all_samples():
    labels, p = np.array([[1, 0], [0, 1], [1, 1]]), np.full((3, 2), 0.25)
    expected = (4 * np.log(4) + 2 * np.log(4 / 3)) / 6
    assert PROBABILITY_LOSS(labels, p) == pytest.approx(expected)
    weighted = (2 * (np.log(4) + np.log(4 / 3)) + 3 * 2 * np.log(4)) / 6
    assert PROBABILITY_LOSS(labels, p, [2, 0, 3]) == pytest.approx(weighted)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_certainty_gives_a_large_loss_and_gradient_but_never_nan(dtype):
    sure = np.array([[0.0], [1.0], [0.0], [1.0]], dtype)
    labels = [0, 1, 1, 0]
    # Half of it is right, half wrong by as much as 1e-7 allows: about 16.1 each.
    assert 7 < PROBABILITY_LOSS(labels, sure) < 9
    gradient = PROBABILITY_LOSS.gradient(labels, sure)
    assert np.isfinite(gradient).all()
    assert np.sign(gradient).ravel().tolist() == [1, -1, -1, 1]
    far = (2 * sure - 1) * 1e4
    assert LOGIT_LOSS(labels, far) == pytest.approx(5000, rel=1e-3)
    assert LOGIT_LOSS.gradient(labels, far).ravel().tolist() == [0, 0, -0.25, 0.25]


@pytest.mark.parametrize(
    "labels", [[1, 0], np.array([[1], [0]]), np.array([True, False]), np.array([1, 0], "uint8")]
)
def test_labels_may_be_flat_a_column_booleans_or_integers(labels):
    p = np.array([[0.5], [0.75]])
    expected = (np.log(2) + np.log(4)) / 2
    assert PROBABILITY_LOSS(labels, p) == pytest.approx(expected)
    assert PROBABILITY_LOSS(labels, p.ravel()) == pytest.approx(expected)
    assert PROBABILITY_LOSS.gradient(labels, p).shape == (2, 1)


def test_no_sample_has_no_loss_and_an_empty_gradient():
    none = np.zeros((0, 1))
    assert PROBABILITY_LOSS([], none) == 0
    assert PROBABILITY_LOSS.gradient([], none).shape == (0, 1)


REFUSED = {
    "fewer": ([1, 0], ValueError, r"labels of shape \(2,\).*predictions of shape \(4, 1\)"),
    "more": ([1] * 5, ValueError, r"shape \(5,\).*one label for each prediction"),
    "one for all": (1, ValueError, r"shape \(\)"),
    "two columns": (np.ones((4, 2)), ValueError, r"shape \(4, 2\)"),
    "a row": (np.ones((1, 4)), ValueError, r"shape \(1, 4\)"),
    "above 1": ([1, 0, 2, 1], ValueError, "between 0 and 1: received 2"),
    "below 0": ([1, 0, -1, 1], ValueError, "between 0 and 1: received -1"),
    "NaN": ([1, 0, np.nan, 1], ValueError, "between 0 and 1: received nan"),
    "strings": (["a", "b", "a", "b"], TypeError, "numbers between 0 and 1: received dtype <U1"),
    "None": ([1, 0, None, 1], TypeError, "received dtype object"),
}


@pytest.mark.parametrize(("labels", "error", "match"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("loss", [PROBABILITY_LOSS, LOGIT_LOSS], ids=["probability", "logit"])
def test_labels_that_do_not_match_are_refused(loss, labels, error, match):
    with pytest.raises(error, match=match):
        loss(labels, PROBABILITIES)
    with pytest.raises(error, match=match):
        loss.gradient(labels, PROBABILITIES)


@pytest.mark.parametrize("weights", [[1, 2], np.ones((4, 2)), np.ones(5)], ids=np.shape)
def test_sample_weights_that_do_not_match_are_refused(weights):
    match = r"sample_weight must have shape \(4,\), one for each sample: received"
    with pytest.raises(ValueError, match=match):
        PROBABILITY_LOSS(LABELS, PROBABILITIES, weights)
    with pytest.raises(ValueError, match=match):
        PROBABILITY_LOSS.gradient(LABELS, PROBABILITIES, weights)


@pytest.mark.parametrize("loss", [PROBABILITY_LOSS, LOGIT_LOSS])
def test_a_configuration_gives_the_same_loss(loss):
    config = json.loads(json.dumps(serialize(loss)))
    assert config["config"]["from_logits"] == loss.from_logits
    assert losses.get(config) == loss


@pytest.mark.parametrize("name", ["binary_crossentropy", "BinaryCrossentropy", "bce"])
def test_get_finds_by_name(name):
    assert losses.get(name) == PROBABILITY_LOSS
    assert losses.get(LOGIT_LOSS) is LOGIT_LOSS


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"unknown loss 'crossentropy'\. Did you mean"):
        losses.get("crossentropy")
    with pytest.raises(TypeError, match=r"loss must be an object, a name or a dictionary.*3"):
        losses.get(3)
