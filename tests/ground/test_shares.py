"""Each text's share of each row, and the way back. The sums are written out by hand."""

import numpy as np
import pytest

from embedding_core.ground.shares import handed_back, mixed

pytestmark = pytest.mark.usefixtures("form")

# Three texts: the first names rows 2 and 0, the second none, the third row 2; nobody names row 3.
POSITION, BOUNDS = np.array([2, 0, 2]), np.array([0, 2, 2, 3])
both = pytest.mark.parametrize("dtype", ["float32", "float64"])


@both
def test_each_text_is_the_sum_of_its_rows_times_their_weights(dtype):
    rows, weights = np.arange(8, dtype=dtype).reshape(4, 2), np.array([1, 2, 3], dtype)
    texts = mixed(rows, weights, POSITION, BOUNDS)
    assert texts.dtype == dtype
    assert texts.tolist() == [[4, 7], [0, 0], [12, 15]]


@both
def test_each_row_gets_its_weights_times_the_gradients_of_the_texts_that_name_it(dtype):
    gradient, weights = np.array([[1, 10], [7, 7], [2, 20]], dtype), np.array([1, 2, 3], dtype)
    rows = handed_back(gradient, weights, POSITION, BOUNDS, 4)
    assert rows.dtype == dtype
    assert rows.tolist() == [[2, 20], [0, 0], [7, 70], [0, 0]]


def test_no_texts_and_no_rows_are_empty_sums():
    none, bounds = np.zeros(0), np.zeros(1, int)
    assert mixed(np.ones((4, 2)), none, none.astype(int), bounds).shape == (0, 2)
    assert handed_back(np.ones((0, 2)), none, none.astype(int), bounds, 4).tolist() == [[0, 0]] * 4
