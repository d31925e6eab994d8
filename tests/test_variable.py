import copy
import pickle

import numpy as np
import pytest
from helpers import refused
from hypothesis import given
from strategies import gradients

from embedding_core import IndexedSlices, Variable
from embedding_core.constraints import NonNeg
from embedding_core.regularizers import L2

TABLE = np.arange(8.0).reshape(4, 2)


def test_a_variable_holds_its_own_copy_of_the_first_value():
    first = TABLE.copy()
    variable = Variable(first, "table")
    first[...] = 0
    assert variable.value.tolist() == TABLE.tolist()
    assert variable.shape == (4, 2)
    assert variable.dtype == np.float64
    assert variable.name == "table"
    assert repr(variable) == "<Variable table, shape=(4, 2), dtype=float64>"


def test_a_variable_keeps_what_it_is_given_beside_the_value():
    plain = Variable([1.0])
    assert (plain.trainable, plain.regularizer, plain.constraint) == (True, None, None)
    assert plain.gradient is None
    regularizer, constraint = L2(), NonNeg()
    full = Variable([1.0], "w", False, regularizer, constraint)
    assert full.trainable is False
    assert full.regularizer is regularizer
    assert full.constraint is constraint


def test_the_value_cannot_be_written_from_outside():
    variable = Variable(TABLE)
    with pytest.raises(ValueError, match="read-only"):
        variable.value[0, 0] = 99
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(variable)[0, 0] = 99
    with pytest.raises(AttributeError):
        variable.value = np.zeros((4, 2))
    assert variable.value.tolist() == TABLE.tolist()


def test_assign_replaces_the_whole_value_and_keeps_the_dtype():
    variable = Variable(np.zeros((2, 2), "float32"))
    new = np.array([[1, 2], [3, 4]])
    variable.assign(new)
    new[...] = 0
    assert variable.value.tolist() == [[1, 2], [3, 4]]
    assert variable.dtype == np.float32


@pytest.mark.parametrize("value", [np.zeros(2), np.zeros((1, 2)), 3.0, np.zeros((4, 2, 1)), []])
def test_assign_refuses_another_shape_even_one_that_would_spread(value):
    variable = Variable(TABLE, "table")
    with refused(ValueError, r"table has shape \(4, 2\): received a value of shape", variable):
        variable.assign(value)
    variable.assign(TABLE + 1)
    assert variable.value.tolist() == (TABLE + 1).tolist()


def test_assign_writes_nothing_when_only_the_last_number_is_none():
    variable = Variable([1.0, 2.0])
    match = r"of variable must be numbers: received dtype <U21, \[3, 'x'\]"
    with refused(TypeError, match, variable):
        variable.assign([3, "x"])
    with refused(TypeError, match, variable):
        variable.assign_rows([0, 1], [3, "x"])


def test_rows_reads_a_copy_of_some_rows():
    variable = Variable(TABLE)
    rows = variable.rows([[3], [0]])
    assert rows.tolist() == [[[6, 7]], [[0, 1]]]
    rows[...] = 99
    assert variable.value.tolist() == TABLE.tolist()
    with refused(IndexError, r"id 4 at position \(0,\) is outside \[0, 4\)", variable):
        variable.rows([4])


def test_assign_rows_replaces_some_rows_and_leaves_the_others_alone():
    variable = Variable(TABLE)
    variable.assign_rows([3, 1], [[60, 70], [20, 30]])
    assert variable.value.tolist() == [[0, 1], [20, 30], [4, 5], [60, 70]]
    variable.assign_rows(0, [-1, -2])
    assert variable.value[0].tolist() == [-1, -2]
    variable.assign_rows([], np.zeros((0, 2)))
    assert variable.value[0].tolist() == [-1, -2]


@pytest.mark.parametrize(
    ("ids", "rows", "error", "match"),
    [
        ([0, 4], np.zeros((2, 2)), IndexError, r"id 4 at position \(1,\)"),
        ([-1], np.zeros((1, 2)), IndexError, "id -1"),
        ([True], np.zeros((1, 2)), TypeError, "boolean"),
        (
            [0, 1],
            np.zeros((1, 2)),
            ValueError,
            r"shape \(2,\) need rows of shape \(2, 2\).*\(1, 2\)",
        ),
        ([0], np.zeros(2), ValueError, r"table: ids of shape \(1,\) need rows of shape \(1, 2\)"),
        ([0], [[1.0]], ValueError, r"received \(1, 1\)"),
    ],
)
def test_assign_rows_refuses_bad_ids_and_rows_and_writes_nothing(ids, rows, error, match):
    variable = Variable(TABLE, "table")
    with refused(error, match, variable):
        variable.assign_rows(ids, rows)


def test_gradients_add_up_until_they_are_cleared():
    variable = Variable(TABLE)
    one = np.ones((4, 2))
    variable.add_gradient(one)
    variable.add_gradient(2 * one)
    assert variable.gradient.tolist() == (3 * one).tolist()
    assert one.tolist() == np.ones((4, 2)).tolist()
    variable.gradient = None
    variable.add_gradient(one)
    assert variable.gradient.tolist() == one.tolist()


@given(gradients(("float64",), min_axes=1, max_axes=1))
def test_slices_stay_slices_until_an_array_joins_them(drawn):
    table, ids, values = drawn
    variable = Variable(table)
    slices = IndexedSlices(values, ids, table.shape)
    variable.add_gradient(slices)
    variable.add_gradient(slices)
    assert isinstance(variable.gradient, IndexedSlices)
    assert variable.gradient.indices.tolist() == [*ids.tolist(), *ids.tolist()]
    variable.add_gradient(np.ones(table.shape))
    assert variable.gradient.tolist() == (2 * slices.dense() + 1).tolist()


def test_numpy_functions_take_a_variable_as_its_array():
    variable = Variable(TABLE)
    assert np.sum(variable) == 28
    assert np.array(variable, "float32").dtype == np.float32
    copied = np.array(variable)
    copied[...] = 0
    assert variable.value.tolist() == TABLE.tolist()


@pytest.mark.parametrize("remake", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_a_copied_and_a_pickled_variable_are_independent_of_the_first(remake):
    variable = Variable(TABLE, "table", regularizer=L2(0.5), constraint=NonNeg())
    other = remake(variable)
    variable.assign(np.zeros((4, 2)))
    assert other.value.tolist() == TABLE.tolist()
    assert (other.name, other.regularizer, other.constraint) == ("table", L2(0.5), NonNeg())


LOOKS = {
    "value": (lambda v: v.value, None),
    "array": (np.asarray, None),
    "rows": (lambda v: v.rows([3, 1, 3]), [3, 1, 3]),
    "assign": (lambda v: v.assign(np.zeros((4, 2))), None),
    "assign_rows": (lambda v: v.assign_rows([2], np.zeros((1, 2))), [2]),
    "copy": (copy.copy, None),
    "deepcopy": (copy.deepcopy, None),
    "pickle": (pickle.dumps, None),
}


@pytest.mark.parametrize(("look", "expected"), LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("moves", [False, True])
def test_what_is_deferred_is_settled_before_anybody_looks(look, expected, moves):
    asked = []
    variable = Variable(TABLE)
    home = np.empty((8, 2))[::2] if moves else None
    variable.defer(lambda ids: asked.append(ids if ids is None else ids.tolist()), home)
    look(variable)
    assert asked == [expected]


def test_another_who_defers_lets_the_first_settle_everything():
    first, second = [], []
    variable = Variable(TABLE)
    variable.defer(first.append)
    variable.defer(second.append)
    assert (first, second) == ([None], [])
    assert variable.value.tolist() == TABLE.tolist()
    assert (first, second) == ([None], [None])


def test_a_value_that_moved_lives_in_its_new_home():
    variable, home = Variable(TABLE), np.empty((8, 2))[::2]
    variable.defer(lambda ids: None, home)
    variable.assign_rows([2], [[7, 7]])
    assert home[2].tolist() == [7, 7]
    assert home[[0, 1, 3]].tolist() == TABLE[[0, 1, 3]].tolist()


@pytest.mark.parametrize("bad", [0.5, 128.0, -129.0, np.nan, np.inf])
def test_an_integer_variable_takes_no_number_that_it_would_change(bad):
    variable = Variable(np.array([[1, 2]], np.int8), "q")
    for write in (variable.assign, lambda rows: variable.assign_rows([0], rows)):
        with pytest.raises(ValueError, match=rf"-128 to 127: received {bad} at position \(0, 1\)"):
            write([[7.0, bad]])
    assert variable.value.tolist() == [[1, 2]]
    variable.assign([[127.0, -128.0]])
    assert variable.value.tolist() == [[127, -128]]


def test_a_gradient_of_another_shape_is_refused():
    variable = Variable(np.ones((2, 3)), name="table")
    for gradient in (np.ones((3, 2)), IndexedSlices(np.ones((1, 3)), np.array([0]), (4, 3))):
        with pytest.raises(ValueError, match=r"of table must have shape \(2, 3\): received \("):
            variable.add_gradient(gradient)
        assert variable.gradient is None
