"""What every optimizer does around its formula: checks, merging, constraints, counting."""

import json

import numpy as np
import pytest
from helpers import add_up, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import gradients

from embedding_core import SGD, Adam, IndexedSlices, Optimizer, Variable, optimizers
from embedding_core.configurable import serialize
from embedding_core.constraints import NonNeg, UnitNorm

MAKERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(0.1, momentum=0.9),
    "nesterov": lambda: SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(0.1),
}
every_optimizer = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def slices(values, indices, rows=3):
    return IndexedSlices(np.array(values, float), np.array(indices, int), (rows, 2))


@every_optimizer
@given(drawn=gradients(("float32", "float64"), min_axes=1, max_axes=1), steps=st.integers(1, 4))
def test_slices_with_repeated_ids_move_a_table_like_their_dense_sum(make, drawn, steps):
    table, ids, values = drawn
    by_slices, by_array = Variable(table), Variable(table)
    one, other = make(), make()
    for _ in range(steps):
        one.apply([IndexedSlices(values, ids, table.shape)], [by_slices])
        other.apply([add_up(values, ids, len(table)).astype(table.dtype)], [by_array])
        ids = ids[::-1]
    tolerance = 1e-13 if table.dtype == np.float64 else 1e-5
    assert np.allclose(by_slices.value, by_array.value, rtol=tolerance, atol=tolerance)


@every_optimizer
def test_slices_without_rows_are_a_gradient_of_zero(make):
    table = np.ones((3, 2))
    by_slices, by_array = Variable(table), Variable(table)
    one, other = make(), make()
    empty = slices(np.zeros((0, 2)), [])
    for gradient, same in [(slices([[1, 2]], [1]),) * 2, (empty, np.zeros((3, 2)))]:
        one.apply([gradient], [by_slices])
        other.apply([same], [by_array])
    assert np.allclose(by_slices.value, by_array.value, rtol=1e-13)
    assert one.iterations == 2


@every_optimizer
def test_several_variables_move_each_by_its_own_gradient(make):
    table, bias = Variable(np.ones((3, 2))), Variable(np.ones(4))
    optimizer = make()
    optimizer.build([table, bias])
    optimizer.apply([slices([[1, 1]], [2]), np.array([0.0, 1.0, 0.0, -1.0])])
    assert table.value[:2].tolist() == [[1, 1], [1, 1]]
    assert (table.value[2] < 1).all()
    assert bias.value[[0, 2]].tolist() == [1, 1]
    assert bias.value[1] < 1 < bias.value[3]
    assert optimizer.iterations == 1


@every_optimizer
def test_a_variable_without_a_gradient_is_left_alone(make):
    one, other = Variable(np.ones(2)), Variable(np.ones(2), constraint=UnitNorm())
    optimizer = make()
    optimizer.apply([np.ones(2), None], [one, other])
    assert (one.value < 1).all()
    assert other.value.tolist() == [1, 1]


@every_optimizer
def test_a_constraint_is_applied_to_the_whole_table_after_the_update(make):
    table = Variable(np.array([[-5.0, 1.0], [0.01, 2.0]]), constraint=NonNeg())
    make().apply([slices([[9, -9]], [1], rows=2)], [table])
    assert table.value[0].tolist() == [0, 1]
    assert table.value[1, 0] == 0
    assert table.value[1, 1] > 2


@every_optimizer
def test_apply_neither_reads_nor_clears_the_variables_own_gradient(make):
    variable = Variable(np.ones(2))
    variable.gradient = np.array([7.0, 7.0])
    make().apply([np.zeros(2)], [variable])
    assert variable.value.tolist() == [1, 1]
    assert variable.gradient.tolist() == [7, 7]


@every_optimizer
def test_a_gradient_is_not_changed_by_being_applied(make):
    gradient, repeated = np.array([[1.0, -2.0]] * 3), slices([[1, 2], [3, 4]], [1, 1])
    optimizer, variable = make(), Variable(np.ones((3, 2)))
    for _ in range(2):
        optimizer.apply([gradient], [variable])
        optimizer.apply([repeated], [variable])
    assert gradient.tolist() == [[1, -2]] * 3
    assert repeated.values.tolist() == [[1, 2], [3, 4]]
    assert repeated.indices.tolist() == [1, 1]


@every_optimizer
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_variable_keeps_its_dtype_whatever_the_gradients(make, dtype):
    variable = Variable(np.ones((3, 2), dtype))
    make().apply([[[1, 2], [3, 4], [5, 6]]], [variable])
    assert variable.dtype == dtype
    assert (variable.value < 1).all()


@every_optimizer
def test_the_learning_rate_may_be_set_between_steps(make):
    variable, optimizer = Variable(np.ones(2)), make()
    optimizer.learning_rate = 0
    optimizer.apply([np.ones(2)], [variable])
    assert variable.value.tolist() == [1, 1]
    optimizer.learning_rate = 0.5
    optimizer.apply([np.ones(2)], [variable])
    assert (variable.value < 1).all()
    with refused(ValueError, "learning_rate must be a finite number >= 0: received -1", optimizer):
        optimizer.learning_rate = -1


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf])
@pytest.mark.parametrize("cls", [SGD, Adam])
def test_a_learning_rate_must_be_finite_and_not_negative(cls, rate):
    with pytest.raises(ValueError, match=f"learning_rate must be .* >= 0: received {rate}"):
        cls(rate)


TABLE_GRADIENT = np.ones((3, 2))
REFUSED = {
    "none of two": ([], r"received 0 gradients for 2 variables"),
    "one of two": ([TABLE_GRADIENT], "received 1 gradients for 2 variables"),
    "too many": ([TABLE_GRADIENT, np.ones(2), np.ones(2)], "received 3 gradients for 2"),
    "only None": ([None, None], "no gradient for any variable: run backward before apply"),
    "transposed": ([TABLE_GRADIENT.T, None], r"of table must have shape \(3, 2\).*\(2, 3\)"),
    "one number": ([1.0, None], r"of table must have shape \(3, 2\): received \(\)"),
    "the last of two": ([TABLE_GRADIENT, np.ones(3)], r"of bias must have shape \(2,\).*\(3,\)"),
    "slices of another table": (
        [slices([[1, 1]], [0], rows=4), None],
        r"of table must have shape \(3, 2\): received \(4, 2\)",
    ),
}


@pytest.mark.parametrize(("grads", "match"), REFUSED.values(), ids=REFUSED)
@every_optimizer
def test_gradients_that_do_not_match_are_refused_and_nothing_moves(make, grads, match):
    variables = [Variable(np.ones((3, 2)), "table"), Variable(np.ones(2), "bias")]
    optimizer = make()
    with refused(ValueError, match, optimizer, variables):
        optimizer.apply(grads, variables)
    optimizer.apply([TABLE_GRADIENT, np.ones(2)], variables)
    with refused(ValueError, match, optimizer, variables):
        optimizer.apply(grads)
    optimizer.apply([TABLE_GRADIENT, None])
    assert optimizer.iterations == 2


@every_optimizer
def test_a_variable_it_was_not_built_for_is_refused(make):
    known, stranger = Variable(np.ones(2), "known"), Variable(np.ones(2), "stranger")
    optimizer = make()
    optimizer.build([known])
    match = "stranger is unknown to this optimizer: build it with all variables"
    with refused(ValueError, match, optimizer, known, stranger):
        optimizer.apply([np.ones(2), np.ones(2)], [known, stranger])
    optimizer.apply([np.ones(2)])
    assert (known.value < 1).all()


@pytest.mark.parametrize(
    ("optimizer", "config"),
    [
        (SGD(), {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False}),
        (SGD(0.5, 0.9, True), {"learning_rate": 0.5, "momentum": 0.9, "nesterov": True}),
        (Adam(), {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
        (
            Adam(0.5, 0.8, 0.7, 1e-3),
            {"learning_rate": 0.5, "beta_1": 0.8, "beta_2": 0.7, "epsilon": 1e-3},
        ),
    ],
)
def test_a_configuration_gives_the_same_optimizer(optimizer, config):
    assert optimizer.get_config() == config
    again = optimizers.get(json.loads(json.dumps(serialize(optimizer))))
    assert type(again) is type(optimizer)
    assert again.get_config() == config
    assert again.iterations == 0


def test_get_finds_by_name_and_hands_objects_back():
    assert isinstance(optimizers.get("sgd"), SGD)
    assert isinstance(optimizers.get("SGD"), SGD)
    assert isinstance(optimizers.get("adam"), Adam)
    assert isinstance(optimizers.get("Adam"), Adam)
    made = Adam()
    assert optimizers.get(made) is made
    with pytest.raises(ValueError, match=r"unknown optimizer 'adamm'\. Did you mean 'adam'\?"):
        optimizers.get("adamm")


def test_a_plain_optimizer_leaves_the_formula_to_its_subclasses():
    variable = Variable(np.ones(2))
    optimizer = Optimizer(0.1)
    with pytest.raises(NotImplementedError):
        optimizer.apply([np.ones(2)], [variable])
    assert variable.value.tolist() == [1, 1]
