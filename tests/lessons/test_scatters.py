"""The five ways to add up by row, against one addition at a time, and the way that forgets."""

import inspect

import numpy as np
import pytest
from helpers import add_up, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import gradients

from embedding_core import one_hot, scatter_add
from embedding_core.lessons.scatters import FIVE_WAYS, overwrite

WAYS = pytest.mark.parametrize("scatter", FIVE_WAYS.values(), ids=FIVE_WAYS)
ALL = pytest.mark.parametrize(
    "scatter", [*FIVE_WAYS.values(), overwrite], ids=[*FIVE_WAYS, "overwrite"]
)


def test_they_are_five():
    assert len(FIVE_WAYS) == len(set(FIVE_WAYS.values())) == 5


@ALL
def test_each_says_what_it_does_and_takes_what_scatter_add_takes(scatter):
    assert inspect.signature(scatter) == inspect.signature(scatter_add)
    assert "Arguments" in scatter.__doc__ or "Parameters" in scatter.__doc__
    assert scatter(values=np.ones((1, 2)), indices=[1], num_rows=2).tolist() == [[0, 0], [1, 1]]


@WAYS
@given(gradients())
def test_repeated_ids_add_up_in_any_shape_dtype_and_layout(scatter, drawn):
    table, ids, values = drawn
    total = scatter(values, ids, len(table))
    assert total.dtype == values.dtype
    assert total.tolist() == add_up(values, ids, len(table)).tolist()


@WAYS
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(0, 40), st.integers(1, 5))
def test_numbers_that_must_be_rounded_agree_with_the_product(scatter, seed, rows, n, width):
    rng = np.random.default_rng(seed)
    ids, values = rng.integers(0, rows, n), rng.normal(size=(n, width))
    product = one_hot(ids, rows, "float64", dense=True).T @ values
    np.testing.assert_allclose(scatter(values, ids, rows), product, rtol=0, atol=1e-13)


@ALL
def test_nothing_looked_up_gives_zeros(scatter):
    assert scatter(np.ones((0, 2)), [], 3).tolist() == [[0, 0]] * 3
    assert scatter(np.ones((2, 0)), [1, 1], 3).shape == (3, 0)


@WAYS
def test_one_row_gets_everything(scatter):
    values = np.array([[1.0], [5.0], [10.0]])
    assert scatter(values, [0, 0, 0], 1).tolist() == [[16]]


@ALL
def test_a_single_id_and_a_single_vector(scatter):
    assert scatter(np.array([1.0, 2.0]), 1, 2).tolist() == [[0, 0], [1, 2]]


@WAYS
def test_float16_is_summed_in_something_wider(scatter):
    # One by one in float16 the sum would stop at 2048: 2048 + 1 rounds to 2048.
    total = scatter(np.ones((5000, 2), "float16"), np.zeros(5000, int), 2)
    assert total.dtype == np.float16
    assert total.tolist() == [[5000, 5000], [0, 0]]


@ALL
def test_the_arguments_stay_as_they_were_and_the_result_is_new(scatter):
    values, ids = np.ones((3, 2), "float32"), np.array([2, 0, 1])
    total = scatter(values, ids, 3)
    assert total.flags.writeable
    total[...] = 9
    assert values.tolist() == [[1, 1]] * 3
    assert ids.tolist() == [2, 0, 1]


@ALL
@pytest.mark.parametrize(
    ("values", "ids", "error", "match"),
    [
        (np.ones((2, 2)), [0, 4], IndexError, r"id 4 at position \(1,\) is outside \[0, 4\)"),
        (np.ones((2, 2)), [0, -1], IndexError, "no counting from the end"),
        (np.ones((2, 2)), [True, False], TypeError, "ids must be integers"),
        (np.ones((3, 2)), [0, 1], ValueError, r"shape \(2,\) \+ \(D,\): received \(3, 2\)"),
        (np.ones(()), 0, ValueError, "one vector for each id"),
    ],
)
def test_what_is_refused(scatter, values, ids, error, match):
    with refused(error, match, values):
        scatter(values, ids, 4)


@given(gradients())
def test_overwrite_keeps_the_last_vector_of_each_row(drawn):
    table, ids, values = drawn
    last = dict(
        zip(ids.ravel().tolist(), values.reshape(ids.size, table.shape[1]).tolist(), strict=True)
    )
    expected = [last.get(row, [0.0] * table.shape[1]) for row in range(len(table))]
    assert overwrite(values, ids, len(table)).tolist() == expected


@given(st.permutations(range(6)), st.integers(0, 6))
def test_overwrite_is_right_as_long_as_no_id_repeats(order, n):
    values = np.arange(1.0, 2 * n + 1).reshape(n, 2)
    total = overwrite(values, order[:n], 6)
    assert total.tolist() == add_up(values, order[:n], 6).tolist()
