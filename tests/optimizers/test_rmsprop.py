"""RMSprop number by number. Whole tables are in `test_optimizers_memory.py`."""

import numpy as np
import pytest

from embedding_core import IndexedSlices, RMSprop, Variable


def path(optimizer, gradients, start=0.0):
    variable = Variable([start])
    values = []
    for gradient in gradients:
        optimizer.apply([np.array([gradient])], [variable])
        values.append(float(variable.value[0]))
    return values


def remembered(optimizer):
    store = {}
    optimizer.save_own_variables(store)
    return {name: array.tolist() for name, array in store.items()}


def test_a_step_is_the_gradient_over_the_root_of_the_mean_of_its_square():
    # Means of the square: 16 / 4 = 4, 3/4 * 4 + 4 / 4 = 4, 3/4 * 4 = 3.
    optimizer = RMSprop(0.5, rho=0.75, epsilon=0.0)
    assert path(optimizer, [4.0, -2.0, 0.0]) == [-1.0, -0.5, -0.5]
    assert remembered(optimizer) == {"iterations": 3, "0/0": [3]}


def test_epsilon_is_added_under_the_root_and_not_remembered():
    # Under the roots: 16 / 4 + 5 = 9, 3/4 * 4 + 4 / 4 + 5 = 9.
    optimizer = RMSprop(0.5, rho=0.75, epsilon=5.0)
    assert path(optimizer, [4.0, -2.0]) == pytest.approx([-2 / 3, -1 / 3], rel=1e-15)
    assert remembered(optimizer)["0/0"] == [4]


def test_momentum_makes_a_share_of_the_last_step_again():
    # Steps alone: 1, -0.5, 0; with a quarter of the last one: 1, -0.25, -0.0625.
    optimizer = RMSprop(0.5, rho=0.75, momentum=0.25, epsilon=0.0)
    assert path(optimizer, [4.0, -2.0, 0.0]) == [-1.0, -0.75, -0.6875]
    assert remembered(optimizer) == {"iterations": 3, "0/0": [3], "0/1": [-0.0625]}


def test_centered_it_divides_by_the_root_of_the_variance():
    # Mean squares 64 / 2 = 32, 16 + 16 / 2 = 24; means 8 / 2 = 4, 2 - 4 / 2 = 0;
    # variances 32 - 16 = 16, 24 - 0 = 24, and under the roots 16 + 9 = 25, 24 + 9 = 33.
    optimizer = RMSprop(1.0, rho=0.5, epsilon=9.0, centered=True)
    steps = [8 / 5, -4 / np.sqrt(33)]
    assert path(optimizer, [8.0, -4.0]) == pytest.approx(-np.cumsum(steps), rel=1e-14)
    assert path(RMSprop(1.0, 0.5, 0.0, 9.0, True), [8.0]) == [-1.6]


def test_the_mean_keeps_the_gradients_sign_and_stands_last():
    optimizer = RMSprop(1.0, rho=0.5, momentum=0.5, epsilon=9.0, centered=True)
    path(optimizer, [-8.0])
    assert remembered(optimizer) == {"iterations": 1, "0/0": [32], "0/1": [-1.6], "0/2": [-4]}


def test_by_default_nine_tenths_are_kept_and_the_learning_rate_is_a_thousandth():
    # The first step is 0.001 * g / sqrt(g * g / 10 + 1e-7), whatever g is but for 1e-7.
    assert path(RMSprop(), [1e6]) == pytest.approx([-0.001 * np.sqrt(10)], rel=1e-10)
    assert path(RMSprop(), [1e-3]) == pytest.approx([-1e-6 / np.sqrt(2e-7)], rel=1e-10)


def test_repeated_ids_are_added_before_they_are_squared_and_a_row_coasts_on_its_momentum():
    table = Variable(np.zeros((3, 1)))
    optimizer = RMSprop(0.5, rho=0.75, momentum=0.25, epsilon=5.0)
    for values, rows in ([[1.0], [3.0]], [2, 2]), ([[4.0]], [0]), ([[4.0]], [0]):
        optimizer.apply([IndexedSlices(np.array(values), np.array(rows), (3, 1))], [table])
    # Row 2: a first step of 0.5 * 4 / 3, then a quarter of it, then a quarter of that.
    assert table.value[1:].ravel().tolist() == pytest.approx([0, -2 / 3 * (1 + 1 / 4 + 1 / 16)])
    kept = remembered(optimizer)
    assert kept["0/0"][2] == pytest.approx([4 * 0.75**2])
    assert kept["0/1"][2] == pytest.approx([2 / 3 / 16])


@pytest.mark.parametrize("epsilon", [0.0, 1e-60])
def test_without_epsilon_every_row_is_updated(epsilon):
    table = Variable(np.ones((3, 1), "float32"))
    assert RMSprop(epsilon=epsilon).dense_because(table) == f"epsilon={epsilon} is 0 in float32"
