"""`gather`, `one_hot`, `scatter_add` and `IndexedSlices`, against loops written out by hand."""

import re

import numpy as np
import pytest
from helpers import add_up, refused
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import issparse
from strategies import FLOATS, gradients, ids_of, look_ups

from embedding_core.ops import IndexedSlices, gather, one_hot, scatter_add

TABLE = np.arange(12.0).reshape(4, 3)


@given(look_ups())
def test_gather_reads_one_row_for_each_id(drawn):
    table, ids = drawn
    before = table.copy()
    rows = gather(table, ids)
    assert rows.dtype == table.dtype
    assert rows.shape == (*ids.shape, table.shape[1])
    for at in np.ndindex(*ids.shape):
        assert rows[at].tolist() == table[int(ids[at])].tolist()
    assert (table == before).all()


@given(look_ups())
def test_gather_gives_a_copy_that_may_be_written(drawn):
    table, ids = drawn
    before = table.copy()
    gather(table, ids)[...] = 99
    gather(table, 0)[...] = 99
    assert (table == before).all()


@given(look_ups(), st.booleans())
def test_gather_writes_into_out_and_returns_it(drawn, as_list):
    table, ids = drawn
    out = np.full((*ids.shape, table.shape[1]), 99, table.dtype)
    asked = ids.tolist() if as_list else ids
    if not (as_list and ids.size == 0):  # an empty list forgets its later axes
        assert gather(table, asked, out) is out
        assert out.tolist() == gather(table, ids).tolist()


@given(look_ups())
def test_gather_is_the_one_hot_matrix_times_the_table(drawn):
    table, ids = drawn
    product = one_hot(ids, len(table), "float64") @ table.astype("float64")
    assert product.tolist() == gather(table, ids).reshape(product.shape).tolist()


def test_gather_copies_a_nan_only_to_those_who_asked_for_its_row():
    table = np.array([[1.0], [np.nan], [3.0]])
    assert gather(table, [0, 2]).tolist() == [[1.0], [3.0]]
    assert np.isnan(gather(table, [1])).all()


def test_gather_takes_plain_numbers_lists_and_tables_of_any_dtype():
    assert gather(TABLE, 2).tolist() == [6, 7, 8]
    assert gather(TABLE, [[3], [0]]).tolist() == [[[9, 10, 11]], [[0, 1, 2]]]
    assert gather(np.array([["a"], ["b"]]), [1, 0]).tolist() == [["b"], ["a"]]


@pytest.mark.parametrize(
    ("table", "ids"), [((3, 0), [1, 1]), ((3, 2), []), ((3, 0), []), ((0, 2), []), ((0, 0), [])]
)
def test_gather_of_no_ids_or_from_a_table_without_columns_gives_an_empty_array(table, ids):
    for wide in (1, 2):  # every second row and number of a wider array, too
        rows = gather(np.zeros(np.multiply(table, wide))[::wide, ::wide], ids)
        assert rows.shape == (len(ids), table[1])


@pytest.mark.parametrize("shape", [(), (3,), (2, 2, 2)])
def test_gather_refuses_what_is_no_table(shape):
    with pytest.raises(ValueError, match=r"two-dimensional array \(V, D\)") as error:
        gather(np.ones(shape), [0])
    assert f"shape {shape}" in str(error.value)


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("gap", [0, 1, 2, 3, 6])
@pytest.mark.parametrize("backwards", [False, True])
def test_gather_reads_rows_that_stand_apart_in_memory(width, gap, backwards):
    wide = np.arange(5.0 * (width + gap)).reshape(5, width + gap)
    first = [4 - i if backwards else i for i in (3, 0, 3)]
    expected = [[(width + gap) * i + j for j in range(width)] for i in first]
    table = wide[:: -1 if backwards else 1, :width]
    assert gather(table, [3, 0, 3]).tolist() == expected


@pytest.mark.parametrize(
    "out",
    [
        np.zeros((2, 4)),
        np.zeros((3, 3)),
        np.zeros((2, 3), "float32"),
        np.zeros((3, 2)).T,
        np.zeros((2, 6))[:, ::2],
        np.broadcast_to(np.zeros(3), (2, 3)),
    ],
    ids=["width", "length", "dtype", "Fortran", "strided", "read-only"],
)
def test_gather_refuses_an_out_it_cannot_fill(out):
    received = re.escape(f"received an array of shape {out.shape} and dtype {out.dtype}.")
    match = rf"out must be a writeable C-contiguous array of shape \(2, 3\) .*: {received}$"
    with refused(ValueError, match, out):
        gather(TABLE, [1, 2], out)


@given(st.data(), st.integers(1, 20), st.sampled_from((*FLOATS, "int64", "bool")))
def test_one_hot_has_a_one_at_each_id_and_zeros_elsewhere(data, num_classes, dtype):
    ids = data.draw(ids_of(num_classes))
    dense = one_hot(ids, num_classes, dtype, dense=True)
    assert dense.dtype == dtype
    assert dense.shape == (*ids.shape, num_classes)
    for at in np.ndindex(*ids.shape):
        assert dense[at].tolist() == [int(i == ids[at]) for i in range(num_classes)]


@given(st.data(), st.integers(1, 20), st.sampled_from(("float32", "float64")))
def test_sparse_one_hot_stores_one_number_for_each_id(data, num_classes, dtype):
    ids = data.draw(ids_of(num_classes))
    sparse = one_hot(ids, num_classes, dtype)
    assert issparse(sparse)
    assert sparse.format == "csr"
    assert sparse.dtype == dtype
    assert sparse.nnz == ids.size
    assert sparse.shape == (ids.size, num_classes)
    dense = one_hot(ids, num_classes, dtype, dense=True)
    assert sparse.toarray().tolist() == dense.reshape(ids.size, num_classes).tolist()


def test_sparse_one_hot_may_be_as_wide_as_an_index_can_count():
    widest = np.iinfo(np.intp).max
    assert one_hot([5], widest).shape == (1, widest)
    with pytest.raises(ValueError, match=f"num_classes must be a whole number: received {2**63}"):
        one_hot([5], widest + 1)


@given(gradients())
def test_scatter_add_sums_the_gradients_of_repeated_ids(drawn):
    table, ids, values = drawn
    total = scatter_add(values, ids, len(table))
    assert total.dtype == values.dtype
    assert total.tolist() == add_up(values, ids, len(table)).tolist()


@pytest.mark.parametrize("ids", [2, [2, 0], [[2, 0, 2]], [[[0], [2]]]])
def test_scatter_add_takes_one_vector_for_each_id_whatever_the_shape_of_the_ids(ids):
    values = np.arange(4.0 * np.size(ids)).reshape(*np.shape(ids), 4)
    assert scatter_add(values, ids, 3).tolist() == add_up(values, np.array(ids), 3).tolist()


def test_a_single_number_is_no_vector_for_a_single_id():
    with pytest.raises(ValueError, match=r"for each id, shape \(\) \+ \(D,\): received \(\)\."):
        scatter_add(3.0, 1, 4)


@given(look_ups(("float64",)), st.data())
def test_scatter_add_is_the_transpose_of_gather(drawn, data):
    table, ids = drawn
    shape = (*ids.shape, table.shape[1])
    values = np.random.default_rng(data.draw(st.integers(0, 99))).normal(size=shape)
    forward = np.sum(gather(table, ids) * values)
    assert np.isclose(forward, np.sum(table * scatter_add(values, ids, len(table))))


def test_scatter_add_of_float16_is_summed_in_float32():
    # One by one in float16 the sum would stop at 2048: 2048 + 1 rounds to 2048.
    total = scatter_add(np.ones((5000, 1), "float16"), np.zeros(5000, int), 2)
    assert total.dtype == np.float16
    assert total.tolist() == [[5000], [0]]


@pytest.mark.parametrize("values", [np.ones((3, 2)), np.ones(2), np.ones(()), np.ones((2, 1, 1))])
def test_scatter_add_refuses_values_that_do_not_match_the_ids(values):
    with refused(ValueError, r"one vector for each id, shape \(2,\) \+ \(D,\): received", values):
        scatter_add(values, [0, 1], 4)


def slices(values, indices, rows=5, dtype="float64"):
    return IndexedSlices(np.array(values, dtype), np.array(indices, int), (rows, 2))


@given(gradients(min_axes=1, max_axes=1))
def test_merged_slices_have_each_touched_row_once_in_order_with_its_sum(drawn):
    table, ids, values = drawn
    merged = IndexedSlices(values, ids, table.shape).merged()
    assert merged.indices.tolist() == sorted({int(i) for i in ids})
    assert merged.indices.dtype == np.intp
    assert merged.values.dtype == table.dtype
    assert merged.dense_shape == table.shape
    total = add_up(values, ids, len(table))
    assert merged.values.tolist() == total[merged.indices].tolist()


@pytest.mark.long
@given(gradients(min_axes=1, max_axes=1))
def test_dense_slices_are_the_whole_gradient_merged_or_not(drawn):
    table, ids, values = drawn
    gradient = IndexedSlices(values, ids, table.shape)
    dense = gradient.dense()
    assert dense.shape == table.shape
    assert dense.dtype == table.dtype
    assert dense.tolist() == add_up(values, ids, len(table)).tolist()
    assert gradient.merged().dense().tolist() == dense.tolist()


def test_merging_does_not_change_the_slices_it_is_asked_of():
    gradient = slices([[1, 2], [3, 4], [5, 6]], [4, 0, 4])
    assert gradient.merged().values.tolist() == [[3, 4], [6, 8]]
    assert gradient.indices.tolist() == [4, 0, 4]
    assert gradient.values.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("indices", [[], [2], [0, 1, 4]])
def test_slices_that_are_merged_already_are_handed_back(indices):
    gradient = slices(np.ones((len(indices), 2)), indices)
    assert gradient.merged() is gradient


@pytest.mark.parametrize("indices", [[1, 1], [1, 0], [0, 2, 2], [2, 1, 0]])
def test_slices_with_a_repeated_or_an_unsorted_row_are_not_taken_for_merged(indices):
    merged = slices(np.ones((len(indices), 2)), indices).merged()
    assert merged.indices.tolist() == sorted(set(indices))
    assert merged.values[:, 0].tolist() == [indices.count(i) for i in sorted(set(indices))]


def test_slices_plus_slices_concatenate_in_order():
    both = slices([[1, 2]], [3]) + slices([[5, 6], [7, 8]], [3, 0])
    assert isinstance(both, IndexedSlices)
    assert both.indices.tolist() == [3, 3, 0]
    assert both.values.tolist() == [[1, 2], [5, 6], [7, 8]]
    assert both.dense_shape == (5, 2)


def test_slices_and_an_array_add_up_to_an_array_from_either_side():
    array = np.arange(10.0).reshape(5, 2)
    expected = array.copy()
    expected[3] += [11, 22]
    gradient = slices([[1, 2], [10, 20]], [3, 3])
    assert (gradient + array).tolist() == expected.tolist()
    assert (array + gradient).tolist() == expected.tolist()


def test_slices_of_different_tables_do_not_add():
    one, other = slices([[1, 2]], [3]), slices([[1, 2]], [3], rows=6)
    with refused(ValueError, r"tables \(5, 2\) and \(6, 2\)", one, other):
        one + other


@pytest.mark.parametrize("other", [np.ones(2), np.ones((1, 2)), 3.0], ids=str)
def test_slices_do_not_spread_an_array_of_another_shape(other):
    gradient = slices([[1, 2]], [3])
    match = rf"shape \(5, 2\): received an array of shape {re.escape(str(np.shape(other)))}\."
    with refused(ValueError, match, gradient):
        gradient + other


@pytest.mark.parametrize(
    ("values", "indices", "error", "match"),
    [
        (np.ones((1, 2)), [5], IndexError, r"id 5 at position \(0,\) is outside \[0, 5\)"),
        (np.ones((1, 2)), [-1], IndexError, "id -1"),
        (np.ones((1, 2)), [0.5], TypeError, "float id 0.5"),
        (np.ones((2, 2)), [1], ValueError, r"values must have shape \(n, 2\).*\(2, 2\) and \(1,\)"),
        (np.ones((1, 3)), [1], ValueError, r"received \(1, 3\) and \(1,\)"),
        (np.ones((1, 1, 2)), [[1]], ValueError, r"received \(1, 1, 2\) and \(1, 1\)"),
        (np.ones(2), 1, ValueError, r"received \(2,\) and \(\)"),
    ],
)
def test_slices_that_do_not_fit_their_table_are_refused(values, indices, error, match):
    with pytest.raises(error, match=match):
        IndexedSlices(values, np.array(indices), (5, 2))


def test_slices_print_their_rows_values_and_table():
    text = repr(slices([[1, 2], [3, 4]], [4, 0]))
    assert text == "IndexedSlices(rows [4 0], values [[1. 2.] [3. 4.]], of a (5, 2) table)"


def test_slices_print_twenty_numbers_and_of_more_only_the_first_and_the_last():
    assert "..." not in repr(IndexedSlices(np.ones((10, 2)), np.arange(10), (10, 2)))
    assert "..." in repr(IndexedSlices(np.ones((7, 3)), np.arange(7), (7, 3)))


@pytest.mark.parametrize("size", [-2, 2.5, True, "4"])
def test_one_hot_refuses_a_size_that_is_none(size):
    with pytest.raises(ValueError, match=f"num_classes must be .*: received {size!r}"):
        one_hot([0], size)


def test_one_hot_into_no_classes_blames_the_size_and_not_the_id():
    with pytest.raises(ValueError, match="num_classes must be positive: received 0"):
        one_hot([0], 0)
    assert one_hot([], 0).shape == (0, 0)


def test_what_is_wrong_is_called_by_its_name():
    with pytest.raises(TypeError, match=r"^dense must be True or False: received 1\."):
        one_hot([0], 2, dense=1)
    slices = IndexedSlices(np.ones((1, 2), "float32"), np.array([0]), (3, 2))
    with pytest.raises(TypeError, match=r"^what is added to a gradient must be numbers: .*'cat'"):
        slices + "cat"


@pytest.mark.parametrize(
    ("shape", "received"),
    [([2, 1], r"\[2, 1\]"), ((2,), r"\(2,\)"), ((2, 1.5), r"\(2, 1.5\)"), (2, "2")],
)
def test_a_shape_that_is_no_tables_is_refused(shape, received):
    match = rf"^dense_shape must be the table's \(V, D\): received {received}\.$"
    with pytest.raises(TypeError, match=match):
        IndexedSlices([[1.0]], [0], shape)


def test_lists_become_arrays_and_words_are_refused_by_name():
    slices = IndexedSlices([[1.0]], [0], (2, 1))
    assert isinstance(slices.values, np.ndarray)
    assert slices.indices.dtype == np.intp
    with pytest.raises(TypeError, match=r"^values must be numbers"):
        IndexedSlices([["one"]], [0], (2, 1))
    with pytest.raises(TypeError, match=r"^values must be numbers"):
        scatter_add([["one"]], [0], 2)
