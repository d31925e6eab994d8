"""Gradients cut down to size. The oracle is arithmetic; Keras is asked in `oracle/`."""

import numpy as np
import pytest
from hypothesis import given
from strategies import gradients

from embedding_core import SGD, Adam, IndexedSlices, Variable
from embedding_core.optimizers.clipping import by_global_norm, by_norm, by_value


def slices(values, indices, rows=3):
    return IndexedSlices(np.array(values, float), np.array(indices), (rows, len(values[0])))


def moved(optimizer, *grads):
    """Apply to variables of zeros, and return minus what they became."""
    variables = [Variable(np.zeros((3, 2)) if np.ndim(g) != 1 else np.zeros(2)) for g in grads]
    optimizer.apply(list(grads), variables)
    return [-variable.value for variable in variables]


def test_a_length_above_the_limit_becomes_the_limit_and_one_below_stays():
    (long,) = moved(SGD(1, clipnorm=2.5), np.array([3.0, 4.0]))
    assert long.tolist() == [1.5, 2.0]
    (short,) = moved(SGD(1, clipnorm=5), np.array([3.0, 4.0]))
    assert short.tolist() == [3, 4]
    (zero,) = moved(SGD(1, clipnorm=5), np.zeros(2))
    assert zero.tolist() == [0, 0]


def test_each_variable_has_its_own_length_but_for_the_global_one():
    grads = np.array([3.0, 4.0]), np.array([0.0, 12.0])
    assert [m.tolist() for m in moved(SGD(1, clipnorm=5), *grads)] == [[3, 4], [0, 5]]
    assert [m.tolist() for m in moved(SGD(1, global_clipnorm=6.5), *grads)] == [[1.5, 2], [0, 6]]
    assert [m.tolist() for m in moved(SGD(1, global_clipnorm=13), *grads)] == [[3, 4], [0, 12]]


def test_each_number_is_cut_by_value():
    (cut,) = moved(SGD(1, clipvalue=1.5), np.array([-3.0, 1.0]))
    assert cut.tolist() == [-1.5, 1]


@pytest.mark.parametrize("limit", [{"clipnorm": 5}, {"global_clipnorm": 5}, {"clipvalue": 3.5}])
def test_repeated_ids_are_added_up_before_they_are_cut(limit):
    (table,) = moved(SGD(1, **limit), slices([[3, 4], [5, 1], [3, 4]], [0, 1, 0]))
    (dense,) = moved(SGD(1, **limit), np.array([[6.0, 8.0], [5.0, 1.0], [0.0, 0.0]]))
    assert np.allclose(table, dense, rtol=1e-15)
    assert np.abs(dense).max() < 5


def test_a_gradient_within_the_limit_is_handed_on_without_a_copy():
    gradient, rows = np.array([3.0, 4.0]), slices([[0, 4]], [1])
    assert by_norm(gradient, 5.0) is gradient
    assert by_norm(rows, 5.0) is rows
    one, other = by_global_norm([gradient, rows], 7.0)
    assert one is gradient
    assert other is rows


def test_clipping_comes_before_the_moments_of_adam():
    # A first step of Adam is as long whatever the gradient: only epsilon can tell.
    (cut,) = moved(Adam(1, epsilon=1.0, clipvalue=1.0), np.array([100.0, 1.0]))
    assert cut[0] == cut[1]


def test_the_squares_of_float16_do_not_overflow():
    gradient = np.full(4, 300, "float16")
    assert by_norm(gradient, 600.0).tolist() == [300] * 4
    assert by_norm(gradient, 300.0).tolist() == [150] * 4
    assert by_norm(gradient, 300.0).dtype == np.float16


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_length_that_is_not_finite_spoils_all_gradients_as_in_keras(bad):
    with np.errstate(invalid="ignore"):
        cut = by_global_norm([np.array([bad, 1.0]), np.array([2.0])], 1.0)
        assert np.isnan(np.concatenate(cut)).all()
        assert np.isnan(by_norm(np.array([bad, 1.0]), 1.0)[0])


@given(drawn=gradients(("float64",), min_axes=1, max_axes=1))
def test_merged_slices_and_their_dense_sum_are_cut_alike(drawn):
    table, ids, values = drawn
    merged = IndexedSlices(values, ids, table.shape).merged()
    for cut in (by_norm, by_value, lambda g, limit: by_global_norm([g], limit)[0]):
        assert np.allclose(cut(merged, 2.0).dense(), cut(merged.dense(), 2.0), rtol=1e-14)


def test_a_gradient_is_not_changed_by_being_cut():
    gradient = np.array([3.0, 4.0])
    for limit in ({"clipnorm": 1}, {"global_clipnorm": 1}, {"clipvalue": 1}):
        moved(SGD(1, **limit), gradient)
    assert gradient.tolist() == [3, 4]
