"""The right class among the k likeliest, by hand; beside Keras: tests/oracle."""

import numpy as np
import pytest

from embedding_core.metrics import (
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)

SCORES = np.array([[0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.2, 0.1, 0.7]])
CLASSES = np.array([2, 0, 1])


@pytest.mark.parametrize(("k", "right"), [(1, [0, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1])])
def test_it_counts_when_fewer_than_k_are_likelier(k, right):
    assert sparse_top_k_categorical_accuracy(CLASSES, SCORES, k).tolist() == right
    assert sparse_top_k_categorical_accuracy(CLASSES[:, None], SCORES, k).tolist() == right
    assert top_k_categorical_accuracy(np.eye(3)[CLASSES], SCORES, k).tolist() == right
    assert TopKCategoricalAccuracy(k)(np.eye(3)[CLASSES], SCORES) == np.mean(right)
    assert SparseTopKCategoricalAccuracy(k)(CLASSES, SCORES) == np.mean(right)


def test_a_score_that_is_no_number_is_never_right():
    scores = np.array([[np.nan, 1.0], [np.inf, 1.0], [1.0, 1.0]])
    assert sparse_top_k_categorical_accuracy([0, 0, 0], scores, 2).tolist() == [0, 0, 1]


def test_sorted_ids_are_looked_through_up_to_k():
    ids = np.array([[1, 0, 3], [1, 2, 3]])
    for k, right in ((1, [0, 1]), (2, [0, 1]), (3, [1, 1])):
        made = sparse_top_k_categorical_accuracy([3, 1], ids, k, from_sorted_ids=True)
        assert made.tolist() == right
    with pytest.raises(
        ValueError, match=r"labels of shape \(3,\) .* one class number for each row"
    ):
        sparse_top_k_categorical_accuracy([3, 1, 1], ids, 1, from_sorted_ids=True)


def test_sequences_keep_their_shape():
    scores, classes = np.stack([SCORES, SCORES]), np.stack([CLASSES, CLASSES])
    assert sparse_top_k_categorical_accuracy(classes, scores, 2).tolist() == [[1, 1, 0]] * 2
    assert top_k_categorical_accuracy(np.eye(3)[classes], scores, 2).tolist() == [[1, 1, 0]] * 2


@pytest.mark.parametrize("k", [0, -1, 1.5, True, None])
def test_k_must_be_a_positive_whole_number(k):
    for make in (TopKCategoricalAccuracy, SparseTopKCategoricalAccuracy):
        with pytest.raises(ValueError, match="k must be a positive integer"):
            make(k)


def test_scores_of_no_class_are_refused():
    for wrong in (0.5, np.zeros((2, 0))):
        with pytest.raises(ValueError, match=r"predictions must have shape \(\.\.\., C\)"):
            top_k_categorical_accuracy(wrong, wrong)
