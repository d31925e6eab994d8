"""Adagrad number by number. Whole tables are in `test_optimizers_memory.py`."""

import numpy as np
import pytest

from embedding_core import Adagrad, IndexedSlices, Variable


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


def test_a_step_is_the_gradient_over_the_root_of_all_its_squares_so_far():
    # Sums of squares: 9, 9 + 16 = 25, 25, 25 + 144 = 169.
    optimizer = Adagrad(0.5, initial_accumulator_value=0.0, epsilon=0.0)
    steps = [0.5 * 3 / 3, -0.5 * 4 / 5, 0.0, 0.5 * 12 / 13]
    assert path(optimizer, [3.0, -4.0, 0.0, 12.0]) == pytest.approx(-np.cumsum(steps), rel=1e-14)
    assert remembered(optimizer) == {"iterations": 4, "0/0": [169]}


def test_the_sum_begins_where_it_is_told_and_epsilon_is_added_under_the_root_only():
    # Roots: 5 + 4 + 16 = 25, and 5 + 4 + 24 + 16 = 49.
    optimizer = Adagrad(1.0, initial_accumulator_value=5.0, epsilon=16.0)
    assert path(optimizer, [2.0, np.sqrt(24)]) == pytest.approx([-0.4, -0.4 - np.sqrt(24) / 7])
    assert remembered(optimizer)["0/0"] == pytest.approx([33])


def test_by_default_the_sum_begins_at_a_tenth_and_the_learning_rate_is_a_thousandth():
    # Of 0.001 * g / sqrt(0.1 + g * g + 1e-7), with a large g and with one that lets 1e-7 count.
    assert path(Adagrad(), [1e6]) == pytest.approx([-0.001], rel=1e-10)
    assert path(Adagrad(), [0.5]) == pytest.approx([-0.0005 / np.sqrt(0.3500001)], rel=1e-12)


def test_a_row_without_a_gradient_stays_and_repeated_ids_are_added_before_they_are_squared():
    table = Variable(np.ones((3, 1)))
    optimizer = Adagrad(1.0, 0.0, 16.0)
    rows = IndexedSlices(np.array([[1.0], [3.0], [2.0]]), np.array([2, 0, 2]), (3, 1))
    optimizer.apply([rows], [table])
    assert table.value.tolist() == pytest.approx(np.array([[1 - 3 / 5], [1], [1 - 3 / 5]]))
    assert remembered(optimizer)["0/0"] == [[9], [0], [9]]


@pytest.mark.parametrize(
    ("initial", "epsilon", "reason"),
    [
        (0.0, 0.0, "initial_accumulator_value and epsilon are 0 in float32"),
        (0.0, 1e-60, "initial_accumulator_value and epsilon are 0 in float32"),
        (1e-60, 0.0, "initial_accumulator_value and epsilon are 0 in float32"),
        (1e-7, 0.0, None),
        (0.0, 1e-7, None),
        (1e-7, 1e-7, None),
    ],
)
def test_only_with_nothing_under_the_root_is_every_row_updated(initial, epsilon, reason):
    table = Variable(np.ones((3, 1), "float32"))
    assert Adagrad(0.1, initial, epsilon).dense_because(table) == reason
