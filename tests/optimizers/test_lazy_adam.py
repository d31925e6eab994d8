"""Adam that lets rows rest. The oracle is Adam on the rows alone."""

import numpy as np
import pytest

from embedding_core import Adam, IndexedSlices, LazyAdam, Variable

pytestmark = pytest.mark.usefixtures("form")


def test_a_row_without_a_gradient_rests_moments_and_all():
    table, optimizer, alone = Variable(np.zeros((2, 1))), LazyAdam(0.1), []
    m = v = value = 0.0
    for t, gradient in enumerate([1.0, 0.0, 0.0, -2.0, 0.0, 0.5], start=1):
        rows = [0] if gradient else [1]
        optimizer.apply(
            [IndexedSlices(np.array([[gradient or 3.0]]), np.array(rows), (2, 1))], [table]
        )
        if gradient:
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
            rate = 0.1 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            value -= rate * m / (np.sqrt(v) + 1e-7)
        alone.append(value)
        assert np.isclose(table.value[0, 0], value, rtol=1e-12, atol=0)
    assert len(set(alone)) == 3


def test_given_arrays_it_is_adam():
    here, there = Variable(np.ones((3, 2))), Variable(np.ones((3, 2)))
    lazy, adam = LazyAdam(0.1), Adam(0.1)
    for gradient in np.random.default_rng(0).normal(size=(5, 3, 2)):
        lazy.apply([gradient], [here])
        adam.apply([gradient], [there])
    assert here.value.tolist() == there.value.tolist()
