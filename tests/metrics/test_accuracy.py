import json

import numpy as np
import pytest

from embedding_core import metrics
from embedding_core.ground.configurable import serialize
from embedding_core.metrics import (
    Accuracy,
    BinaryAccuracy,
    SparseCategoricalAccuracy,
    binary_accuracy,
    sparse_categorical_accuracy,
)
from embedding_core.metrics.accuracy import accuracy, accuracy_by_shape


def test_a_prediction_counts_when_it_is_on_the_right_side_of_the_threshold():
    predictions = np.array([[0.9], [0.4], [0.6], [0.1]])
    assert binary_accuracy([1, 1, 0, 0], predictions).tolist() == [[1], [0], [0], [1]]


def test_a_prediction_on_the_threshold_counts_as_zero():
    assert binary_accuracy([0, 1], np.array([0.5, 0.5])).tolist() == [1, 0]
    assert binary_accuracy([0, 1], np.array([0.0, 0.1]), 0.0).tolist() == [1, 1]


def test_logits_need_the_threshold_zero():
    logits = np.array([[0.3], [-0.3]])
    assert BinaryAccuracy(threshold=0.0)([1, 0], logits) == 1
    assert BinaryAccuracy()([1, 0], logits) == 0.5


@pytest.mark.parametrize("labels", [[1, 0], [[1], [0]], np.array([True, False])])
def test_labels_may_be_flat_a_column_or_booleans(labels):
    assert binary_accuracy(labels, np.array([[0.7], [0.7]])).tolist() == [[1], [0]]


@pytest.mark.parametrize("labels", [[1], [1, 0, 1], np.ones((2, 2))])
def test_labels_that_do_not_match_are_refused(labels):
    with pytest.raises(ValueError, match=r"labels of shape .* predictions of shape \(2, 1\)"):
        BinaryAccuracy()(labels, np.array([[0.7], [0.7]]))


def test_it_is_reported_under_the_name_it_was_asked_by():
    assert metrics.get("accuracy").name == "accuracy"
    assert metrics.get("binary_accuracy").name == "binary_accuracy"
    assert BinaryAccuracy().name == "binary_accuracy"
    made = BinaryAccuracy("mine", threshold=0.25)
    assert metrics.get(made) is made
    assert (made.name, made.threshold) == ("mine", 0.25)


def test_a_configuration_gives_the_same_metric():
    made = BinaryAccuracy("mine", threshold=0.25)
    config = json.loads(json.dumps(serialize(made)))
    assert config["config"] == {"name": "mine", "dtype": None, "threshold": 0.25}
    assert metrics.get(config) == made


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"unknown metric 'acuracy'\. Did you mean 'accuracy'\?"):
        metrics.get("acuracy")


def test_the_largest_number_of_a_row_is_the_prediction():
    predictions = np.array([[0.1, 0.7, 0.2], [3.0, -1.0, 2.0], [0.4, 0.4, 0.2]])
    assert sparse_categorical_accuracy([1, 2, 0], predictions).tolist() == [1, 0, 1]
    assert sparse_categorical_accuracy([[1], [2], [0]], predictions).tolist() == [1, 0, 1]
    assert sparse_categorical_accuracy([], np.zeros((0, 3))).shape == (0,)
    with pytest.raises(ValueError, match=r"whole numbers in \[0, 3\).*received 3"):
        SparseCategoricalAccuracy()([0, 3, 1], predictions)


def test_accuracy_is_chosen_by_the_shapes():
    assert accuracy_by_shape([1, 0], np.array([[0.7], [0.7]])).tolist() == [[1], [0]]
    assert accuracy_by_shape([1, 0], np.array([0.7, 0.7])).tolist() == [1, 0]
    assert accuracy_by_shape([1, 0], np.array([[0.3, 0.7], [0.3, 0.7]])).tolist() == [1, 0]
    rows = np.array([[0.3, 0.7], [0.3, 0.7]])
    assert accuracy_by_shape([[0, 1], [1, 0]], rows).tolist() == [1, 0]
    assert metrics.get("acc").name == "acc"
    assert metrics.get(json.loads(json.dumps(serialize(metrics.get("accuracy"))))) == metrics.get(
        "accuracy"
    )


def test_a_prediction_that_equals_its_label_is_right():
    assert accuracy([1, 2, 3], [[1], [0], [3]]).tolist() == [[1], [0], [1]]
    assert Accuracy()([[1, 2], [3, 4]], [[0, 2], [3, 4]], [[1, 0], [0, 1]]) == 0.5
    assert metrics.get("Accuracy") == Accuracy("Accuracy")
