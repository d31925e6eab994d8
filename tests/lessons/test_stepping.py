"""lessons/stepping.py: steps with gradients given by hand."""

import numpy as np

from embedding_core import SGD, Adam, IndexedSlices
from embedding_core.lessons.stepping import after_steps


def test_sgd_subtracts_one_gradient_after_the_other():
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    slices = IndexedSlices(np.array([[1.0, 1.0]]), np.array([1]), (2, 2))
    ends = after_steps(SGD(0.5), start, [np.ones((2, 2)), slices])
    assert ends.tolist() == [[0.5, 1.5], [2.0, 3.0]]
    assert start.tolist() == [[1, 2], [3, 4]]


def test_rows_that_are_owed_steps_have_taken_them():
    """Adam's first step is 0.1 for any gradient; in the next, an idle row coasts 0.067."""
    step = [IndexedSlices(np.ones((1, 1)), np.array([row]), (2, 1)) for row in (0, 1)]
    ends = after_steps(Adam(0.1), np.zeros((2, 1)), step)
    m, v = 0.9 * 0.1 / (1 - 0.9**2), 0.999 * 0.001 / (1 - 0.999**2)
    assert np.allclose(ends[0, 0], -0.1 - 0.1 * m / v**0.5, atol=1e-6)
