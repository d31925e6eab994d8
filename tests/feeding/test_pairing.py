"""Inputs, labels and weights: what belongs together, what is held back, what a class weighs."""

import numpy as np
import pytest
import scipy

from embedding_core.feeding import hold_back, samples

X, Y = np.arange(20).reshape(10, 2), np.arange(10) % 3
WEIGHT = np.linspace(0, 2, 10)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -1e-30])
@pytest.mark.parametrize("shape", [(10,), (10, 1), (10, 2)])
def test_weights_that_are_none_are_refused_with_their_place(bad, shape):
    weight = np.ones(shape)
    weight[7] = bad
    where = ", ".join(["7", "0"][: len(shape)]) + ("," if len(shape) == 1 else "")
    match = rf"finite numbers >= 0: received {bad} at position \({where}\)"
    with pytest.raises(ValueError, match=match):
        samples(X, Y, weight)
    with pytest.raises(ValueError, match=match):
        hold_back(X, Y, 0.0, (X, Y, weight), None, None)


@pytest.mark.parametrize("weight", [WEIGHT, WEIGHT.tolist(), WEIGHT[:, None], Y > 0, Y])
def test_weights_of_any_kind_stay_what_they_are(weight):
    np.testing.assert_array_equal(samples(X, Y, weight).weight, weight)


def test_samples_go_together_when_they_are_cut_and_ordered():
    data = samples(scipy.sparse.coo_array(X), Y, WEIGHT)
    first, last = data.batches(6, np.arange(10)[::-1])
    assert (len(first), len(last)) == (6, 4)
    assert first.x.toarray().tolist() == X[:3:-1].tolist()
    assert last.y.tolist() == Y[3::-1].tolist()
    assert last.weight.tolist() == WEIGHT[3::-1].tolist()


def test_the_last_samples_are_held_back_with_their_weights():
    train, held = hold_back(X, Y, 0.3, None, None, WEIGHT)
    assert train.weight.tolist() == WEIGHT[:7].tolist()
    assert held.x.tolist() == X[7:].tolist()
    assert held.weight.tolist() == WEIGHT[7:].tolist()
    train, held = hold_back(X, Y, 0.3, None, {0: 5.0}, None)
    assert train.weight.tolist() == [5, 1, 1, 5, 1, 1, 5]
    assert held.weight is None
    assert hold_back(X, Y, 0.0, None, None, None)[1] is None


@pytest.mark.parametrize(
    "labels",
    [
        [0, 1, 2],
        [[0], [1], [2]],
        [0.0, 1.0, 2.0],
        np.eye(3),
        [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0, 0, 1]],
        np.array([0, 1, 2], "uint8"),
    ],
)
@pytest.mark.parametrize("key", [1, 1.0, np.int64(1), np.float32(1), True])
def test_a_class_is_found_in_numbers_and_in_one_hot_rows(labels, key):
    assert samples(X[:3], labels, class_weight={key: 0.25}).weight.tolist() == [1, 0.25, 1]


@pytest.mark.parametrize(
    ("class_weight", "error", "match"),
    [
        ([1.0, 2.0], TypeError, r"a dictionary from a class's number.*received \[1.0, 2.0\]"),
        ({"good": 1.0}, TypeError, "a class in class_weight must be a number: received 'good'"),
        ({0.5: 1.0}, ValueError, "whole numbers: received 0.5"),
        ({0: -1.0}, ValueError, r"class_weight\[0\] must be a finite number >= 0: received -1.0"),
        ({0: np.nan}, ValueError, "received nan"),
        ({0: "1"}, TypeError, "must be a number: received '1'"),
    ],
)
def test_weights_of_classes_that_are_none_are_refused(class_weight, error, match):
    with pytest.raises(error, match=match):
        samples(X, Y, class_weight=class_weight)


@pytest.mark.parametrize("labels", [np.ones((10, 4)), np.ones((10, 3, 1)), np.zeros((10, 2))])
def test_labels_without_one_class_for_each_sample_have_no_weights_of_classes(labels):
    with pytest.raises(ValueError, match=r"one class for each sample.*Give sample_weight instead"):
        samples(X, labels, class_weight={0: 1.0})


def test_only_one_kind_of_weight_is_taken():
    with pytest.raises(ValueError, match="not both at the same time"):
        samples(X, Y, WEIGHT, {0: 1.0})
