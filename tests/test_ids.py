"""What counts as a row number, what is refused, with which words, and which ids are equal."""

import numpy as np
import pytest
from bad_ids import REFUSED
from hypothesis import given
from hypothesis import strategies as st
from strategies import INTEGERS, ids_of

from embedding_core.ids import check_ids, distinct, grouped
from embedding_core.ops import gather, one_hot, scatter_add

pytestmark = pytest.mark.usefixtures("form")

V = 4
TABLE = np.arange(8.0).reshape(V, 2)


@pytest.mark.parametrize(("ids", "error", "match"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("operation", [check_ids, one_hot], ids=["check_ids", "one_hot"])
def test_bad_ids_are_refused_by_value_range_and_cure(operation, ids, error, match):
    with pytest.raises(error, match=match):
        operation(ids, V)


@pytest.mark.parametrize(("ids", "error", "match"), REFUSED.values(), ids=REFUSED)
def test_gather_refuses_bad_ids_and_leaves_out_as_it_was(ids, error, match):
    out = np.full((1, 2), 7.0)
    with pytest.raises(error, match=match):
        gather(TABLE, ids, out)
    assert (out == 7).all()
    assert (gather(TABLE, [3], out) == [6, 7]).all()


@pytest.mark.parametrize(("ids", "error", "match"), REFUSED.values(), ids=REFUSED)
def test_scatter_add_refuses_bad_ids(ids, error, match):
    with pytest.raises(error, match=match):
        scatter_add(np.ones((1, 2)), ids, V)


@pytest.mark.parametrize(
    ("dtype", "first_ambiguous"), [("float16", 2**11), ("float32", 2**24), ("float64", 2**53)]
)
def test_float_ids_end_where_the_dtype_stops_counting(dtype, first_ambiguous):
    last_good = np.array([first_ambiguous - 1], dtype)
    assert check_ids(last_good, 2**60).tolist() == [first_ambiguous - 1]
    with pytest.raises(TypeError, match=rf"below {first_ambiguous}, up to where {dtype} counts"):
        check_ids(np.array([first_ambiguous], dtype), 2**60)
    with pytest.raises(TypeError, match=f"is not below {first_ambiguous}"):
        check_ids(np.array([-first_ambiguous], dtype), 2**60)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_every_integer_dtype_counts_to_its_end_and_no_further(dtype):
    largest = np.iinfo(dtype).max
    ids = np.array([0, largest], dtype)
    if largest < 2**63:
        assert check_ids(ids, largest + 1).tolist() == [0, largest]
    with pytest.raises(IndexError, match=rf"id {largest} at position \(1,\)"):
        check_ids(ids, min(largest, 2**63))


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64"])
def test_negative_ids_are_refused_even_when_the_table_outgrows_the_dtype(dtype):
    smallest = np.iinfo(dtype).min
    for num_rows in (1, 300, 70_000, 2**40):
        with pytest.raises(IndexError, match=r"id -1 at position \(1,\)"):
            check_ids(np.array([0, -1], dtype), num_rows)
        with pytest.raises(IndexError, match=rf"id {smallest} at position \(0,\)"):
            check_ids(np.array([smallest], dtype), num_rows)


@pytest.mark.parametrize(
    ("bad", "cure"),
    [
        (-1, r"Ids count from 0; there is no counting from the end\.$"),
        (V, r"Make the table larger \(input_dim\), or map unknown words to one id\.$"),
    ],
)
def test_each_end_of_the_range_has_its_own_cure(bad, cure):
    with pytest.raises(IndexError, match=cure):
        check_ids([0, bad], V)


@pytest.mark.parametrize("dtype", [">i2", ">i4", ">u8", ">f4", "<i4"])
def test_byte_order_makes_no_difference(dtype):
    assert check_ids(np.array([0, 3, 1], dtype), V).tolist() == [0, 3, 1]
    with pytest.raises(IndexError, match=r"id 4 at position \(1,\)"):
        check_ids(np.array([0, 4], dtype), V)


@given(st.data(), st.integers(1, 300))
def test_good_ids_keep_their_values_and_shape_and_become_intp(data, num_rows):
    ids = data.draw(ids_of(num_rows))
    checked = check_ids(ids, num_rows)
    assert checked.dtype == np.intp
    assert checked.tolist() == ids.tolist()
    assert checked.shape == ids.shape


@given(st.data(), st.integers(1, 200), st.sampled_from(["float16", "float32", "float64"]))
def test_whole_floats_are_taken_as_the_ids_they_are(data, num_rows, dtype):
    ids = data.draw(ids_of(num_rows))
    assert check_ids(ids.astype(dtype), num_rows).tolist() == ids.tolist()


def test_ids_that_are_intp_already_are_not_copied():
    ids = np.array([3, 0, 3])
    assert check_ids(ids, V) is ids


@pytest.mark.parametrize(
    ("ids", "shape"), [([], (0,)), ([[], []], (2, 0)), ((), (0,)), (np.zeros((0, 3)), (0, 3))]
)
def test_no_ids_at_all_are_fine_even_for_an_empty_table(ids, shape):
    for num_rows in (0, V):
        checked = check_ids(ids, num_rows)
        assert checked.shape == shape
        assert checked.dtype == np.intp


def test_an_empty_table_has_no_row_zero():
    with pytest.raises(IndexError, match=r"id 0 at position \(0,\) is outside \[0, 0\)"):
        check_ids([0], 0)


@given(st.lists(st.sampled_from([0, 1, 2, 65_535, 65_536, 65_538, 2**32, 2**48 + 1, 2**62])))
def test_distinct_is_unique_with_its_inverse_however_large_the_ids(ids):
    ids = np.array(ids, np.intp)
    rows, position = distinct(ids)
    expected_rows, expected_position = np.unique(ids, return_inverse=True)
    assert rows.tolist() == expected_rows.tolist()
    assert position.tolist() == expected_position.tolist()


@pytest.mark.parametrize("largest", [50, 70_000, 2**40])
def test_distinct_of_more_ids_than_numpy_sorts_by_insertion(largest):
    # Up to sixteen numbers every sort of NumPy's is stable, which the second pass relies on.
    ids = np.random.default_rng(0).integers(0, largest, 5000)
    rows, position = distinct(ids)
    assert rows.tolist() == sorted({*ids.tolist()})
    assert rows[position].tolist() == ids.tolist()


@given(st.data(), st.integers(1, 200_000))
def test_distinct_of_ids_in_any_order_and_memory_layout(data, num_rows):
    ids = data.draw(ids_of(num_rows)).astype(np.intp).ravel()[::-1]
    rows, position = distinct(ids)
    assert rows.tolist() == sorted({*ids.tolist()})
    assert rows[position].tolist() == ids.tolist()


def test_a_number_of_rows_that_no_table_can_have_is_refused():
    with pytest.raises(ValueError, match=f"no table can have {1 << 80} rows"):
        check_ids([0], 1 << 80)
    with pytest.raises(ValueError, match="no table can have -4 rows"):
        check_ids([], -4)


@given(st.lists(st.integers(0, 1 << 40), max_size=30))
def test_equal_ids_stand_side_by_side_each_in_its_order(ids):
    order, starts = grouped(np.array(ids, np.intp))
    assert order.tolist() == sorted(range(len(ids)), key=ids.__getitem__)
    in_order = sorted(ids)
    assert starts.tolist() == sorted(in_order.index(i) for i in set(ids))


@pytest.mark.parametrize("rows", [2.5, 4.0, "4", None, True])
def test_the_number_of_rows_must_be_a_whole_number(rows):
    match = f"^the number of rows must be a whole number: received {rows!r}\\.$"
    with pytest.raises(TypeError, match=match):
        check_ids([0], rows)
