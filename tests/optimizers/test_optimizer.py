"""What every optimizer does around its formula: checks, merging, constraints, counting."""

import json

import numpy as np
import pytest
from helpers import add_up, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import gradients

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    IndexedSlices,
    LazyAdam,
    Optimizer,
    RMSprop,
    Variable,
    optimizers,
)
from embedding_core.constraints import NonNeg, UnitNorm
from embedding_core.ground.configurable import serialize
from embedding_core.optimizers import schedules

MAKERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(0.1, momentum=0.9),
    "nesterov": lambda: SGD(0.1, momentum=0.9, nesterov=True),
    "adagrad": lambda: Adagrad(0.1),
    "rmsprop": lambda: RMSprop(0.1),
    "rmsprop with momentum": lambda: RMSprop(0.1, rho=0.8, momentum=0.9),
    "centered rmsprop": lambda: RMSprop(0.1, epsilon=1e-2, centered=True),
    "rmsprop with all": lambda: RMSprop(0.1, momentum=0.5, epsilon=1e-2, centered=True),
    "adam": lambda: Adam(0.1),
    "adam, dense": lambda: Adam(0.1, beta_2=0.5),
    "clipnorm": lambda: Adam(0.1, clipnorm=1.0),
    "clipvalue": lambda: RMSprop(0.1, momentum=0.5, clipvalue=2.0),
    "global_clipnorm": lambda: SGD(0.1, momentum=0.5, global_clipnorm=1.0),
    "weight decay": lambda: Adam(0.1, weight_decay=0.1),
    "schedule": lambda: Adam(schedules.ExponentialDecay(0.1, 2, 0.5)),
}
STILL = {k: v for k, v in MAKERS.items() if k != "weight decay"}  # under a gradient of 0
SETTABLE = {k: v for k, v in MAKERS.items() if k != "schedule"}
every_optimizer = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
every_still_one = pytest.mark.parametrize("make", STILL.values(), ids=STILL)


def slices(values, indices, rows=3):
    return IndexedSlices(np.array(values, float), np.array(indices, int), (rows, 2))


@pytest.mark.long
@given(drawn=gradients(("float32", "float64"), min_axes=1, max_axes=1), steps=st.integers(1, 4))
def test_slices_with_repeated_ids_move_a_table_like_their_dense_sum(drawn, steps):
    """Of every optimizer: to draw an example takes longer than the steps of one of them."""
    for name, make in MAKERS.items():
        assert moves_like_its_dense_sum(make, steps, *drawn), name


def moves_like_its_dense_sum(make, steps, table, ids, values):
    by_slices, by_array = Variable(table), Variable(table)
    one, other = make(), make()
    for _ in range(steps):
        one.apply([IndexedSlices(values, ids, table.shape)], [by_slices])
        other.apply([add_up(values, ids, len(table)).astype(table.dtype)], [by_array])
        ids = ids[::-1]
    tolerance = 1e-13 if table.dtype == np.float64 else 1e-5
    return np.allclose(by_slices.value, by_array.value, rtol=tolerance, atol=tolerance)


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


@every_still_one
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


@every_still_one
def test_a_constraint_is_applied_to_the_whole_table_after_the_update(make):
    table = Variable(np.array([[-5.0, 1.0], [0.01, 2.0]]), constraint=NonNeg())
    make().apply([slices([[9, -9]], [1], rows=2)], [table])
    assert table.value[0].tolist() == [0, 1]
    assert table.value[1, 0] == 0
    assert table.value[1, 1] > 2


@every_still_one
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


@pytest.mark.parametrize("make", SETTABLE.values(), ids=SETTABLE)
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
@pytest.mark.parametrize("cls", [SGD, Adagrad, RMSprop, Adam])
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
    "the last, behind none": ([None, np.ones(3)], r"of bias must have shape \(2,\).*\(3,\)"),
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


def test_the_message_of_too_few_gradients_shows_them_with_the_cure():
    variables = [Variable(np.ones(2)), Variable(np.ones(2))]
    with pytest.raises(ValueError, match=r"2 variables, \[None\]: give one for each, or None\.$"):
        SGD().apply([None], variables)
    with pytest.raises(TypeError, match=r"^grads must be a list of gradients: received 3"):
        SGD().apply(3, variables)
    with pytest.raises(
        ValueError, match=r"^no gradient for .*trainable\. Received \[None, None\]\.$"
    ):
        SGD().apply([None, None], variables)


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        (3, TypeError, r"^variables must be a list of variables: received 3"),
        ([3], TypeError, r"^one of the variables must be a Variable: received 3"),
        ([Variable([1.0], "w")] * 2, ValueError, r"^w is .*, with the sum of its gradients\.$"),
    ],
)
def test_what_is_no_list_of_variables_is_named_with_the_cure(given, error, match):
    with pytest.raises(error, match=match):
        SGD().build(given)


def test_an_empty_table_and_one_of_a_single_column_say_how_they_are_updated():
    assert SGD().dense_because(Variable(np.ones((0, 2)))) == "the table is empty"
    assert SGD().dense_because(Variable(np.ones((3, 1)))) is None


def test_weight_decay_takes_its_share_times_the_learning_rate():
    variable = Variable([2.0])
    SGD(0.5, weight_decay=0.5).apply([np.zeros(1)], [variable])
    assert variable.value.tolist() == [1.5]


@every_optimizer
def test_a_gradient_that_is_no_array_of_numbers_is_refused_before_anything_moves(make):
    variables = [Variable(np.ones((3, 2))), Variable(np.ones(2))]
    optimizer = make()
    optimizer.apply([TABLE_GRADIENT, np.ones(2)], variables)
    match = "gradient of variable must be numbers: received dtype <U3"
    with refused(TypeError, match, optimizer, variables):
        optimizer.apply([TABLE_GRADIENT, ["one", "two"]], variables)


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


SHARED = {"weight_decay": None, "clipnorm": None, "global_clipnorm": None, "clipvalue": None}
MOMENTUM = {"momentum": 0.0, "nesterov": False}
BETAS = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False}
MEANS = {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}
CONFIGS = [
    (SGD(), {"name": "sgd", "learning_rate": 0.01, **MOMENTUM}),
    (
        SGD(0.5, 0.9, True, name="fast"),
        {"name": "fast", "learning_rate": 0.5, "momentum": 0.9, "nesterov": True},
    ),
    (
        Adagrad(clipnorm=2),
        {
            "name": "adagrad",
            "learning_rate": 0.001,
            "initial_accumulator_value": 0.1,
            "epsilon": 1e-7,
            "clipnorm": 2.0,
        },
    ),
    (RMSprop(), {"name": "rmsprop", "learning_rate": 0.001, **MEANS}),
    (
        RMSprop(0.1, 0.5, 0.25, 1e-3, True, global_clipnorm=3.0),
        {
            "name": "rmsprop",
            "learning_rate": 0.1,
            "rho": 0.5,
            "momentum": 0.25,
            "epsilon": 1e-3,
            "centered": True,
            "global_clipnorm": 3.0,
        },
    ),
    (Adam(clipvalue=1.5), {"name": "adam", "learning_rate": 0.001, **BETAS, "clipvalue": 1.5}),
    (
        Adam(0.5, 0.8, 0.7, 1e-3, True, weight_decay=0.25),
        {
            "name": "adam",
            "learning_rate": 0.5,
            "beta_1": 0.8,
            "beta_2": 0.7,
            "epsilon": 1e-3,
            "amsgrad": True,
            "weight_decay": 0.25,
        },
    ),
    (LazyAdam(), {"name": "lazyadam", "learning_rate": 0.001, **BETAS}),
]


@pytest.mark.parametrize(("optimizer", "config"), CONFIGS)
def test_a_configuration_gives_the_same_optimizer(optimizer, config):
    assert optimizer.get_config() == SHARED | config
    again = optimizers.get(json.loads(json.dumps(serialize(optimizer))))
    assert type(again) is type(optimizer)
    assert again.get_config() == SHARED | config
    assert again.iterations == 0


@pytest.mark.parametrize("cls", [SGD, Adagrad, RMSprop, Adam, LazyAdam])
def test_get_finds_by_name_and_hands_objects_back(cls):
    assert type(optimizers.get(cls.__name__)) is cls
    assert type(optimizers.get(cls.__name__.lower())) is cls
    made = cls()
    assert optimizers.get(made) is made


@pytest.mark.parametrize("cls", [SGD, Adagrad, RMSprop, Adam, LazyAdam])
def test_an_optimizer_begins_under_the_name_of_its_class_in_charge_of_nothing(cls):
    optimizer = cls()
    assert optimizer.name == cls.__name__.lower()
    assert optimizer.built is False
    optimizer.build([Variable(np.ones(2))])
    assert optimizer.built is True


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"unknown optimizer 'adamm'\. Did you mean 'adam'\?"):
        optimizers.get("adamm")


def test_what_cannot_make_a_step_is_no_optimizer():
    with pytest.raises(TypeError, match=r"^optimizer must have apply: received <function"):
        optimizers.get(lambda: None)


OFF = {
    "use_ema": (False, True),
    "ema_momentum": (0.99, 0.5),
    "ema_overwrite_frequency": (None, 3),
    "loss_scale_factor": (None, 2.0),
    "gradient_accumulation_steps": (None, 2),
}


@pytest.mark.parametrize("cls", [SGD, Adagrad, RMSprop, Adam, LazyAdam])
@pytest.mark.parametrize(("name", "values"), OFF.items())
def test_what_keras_offers_beyond_this_is_refused_by_name_unless_it_is_off(cls, name, values):
    off, on = values
    assert cls(**{name: off}).get_config() == cls().get_config()
    match = f"{cls.__name__} does not offer Keras's {name}: received {on}. Leave it at {off}"
    with pytest.raises(ValueError, match=match):
        cls(**{name: on})


def test_amsgrad_is_known_to_adam_alone():
    assert Adam(amsgrad=False).get_config() == Adam().get_config()
    with pytest.raises(ValueError, match="SGD has no argument 'amsgrad': received False"):
        SGD(amsgrad=False)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: SGD(clipnorm=1.0, clipvalue=1.0), ValueError, "at most one of clipnorm, clipval"),
        (
            lambda: SGD(clipvalue=1.0, global_clipnorm=1.0),
            ValueError,
            "clipnorm, clipvalue, global_clipnorm may be given",
        ),
        (lambda: SGD(clipnorm=1.0, global_clipnorm=1.0), ValueError, "at most one of"),
        (lambda: SGD(clipnorm=0), ValueError, "clipnorm must be a finite number > 0.*received 0"),
        (lambda: SGD(clipvalue=-1), ValueError, "clipvalue must be .* or None.*received -1"),
        (lambda: SGD(global_clipnorm=np.inf), ValueError, "global_clipnorm must be .*inf"),
        (lambda: SGD(weight_decay=-0.1), ValueError, "weight_decay must be .* >= 0: received -0.1"),
        (lambda: SGD("fast"), TypeError, "learning_rate must be a number: received 'fast'"),
        (lambda: SGD(True), TypeError, "learning_rate must be a number: received True"),
        (lambda: SGD(None), TypeError, "learning_rate must be a number: received None"),
        (lambda: SGD([0.1]), TypeError, r"learning_rate must be a number: received \[0.1\]"),
        (lambda: SGD(float), TypeError, "learning_rate must be a number: received <class 'float'>"),
        (lambda: SGD(momentum="0.9"), TypeError, "^momentum must be a number: received '0.9'"),
        (lambda: SGD(clipnorm="1"), TypeError, "^clipnorm must be a number: received '1'"),
        (lambda: SGD(weight_decay=True), TypeError, "^weight_decay must be a number: received T"),
        (lambda: SGD(nesterov=0.9), TypeError, "nesterov must be True or False: received 0.9"),
        (lambda: RMSprop(rho=1.0), ValueError, r"rho must lie in \[0, 1\): received 1.0"),
        (lambda: RMSprop(momentum=-1), ValueError, r"momentum must lie in \[0, 1\): received -1"),
        (lambda: RMSprop(epsilon=-1), ValueError, "epsilon must be .* >= 0: received -1"),
        (lambda: RMSprop(centered=1), TypeError, "centered must be True or False: received 1"),
        (lambda: Adagrad(epsilon=np.nan), ValueError, "epsilon must be .* >= 0: received nan"),
        (
            lambda: Adagrad(initial_accumulator_value=-1),
            ValueError,
            "initial_accumulator_value must be .* >= 0: received -1",
        ),
        (lambda: Adam(epsilon=-1), ValueError, "epsilon must be .* >= 0: received -1"),
    ],
)
def test_an_argument_outside_its_range_is_refused(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_a_plain_optimizer_leaves_the_formula_to_its_subclasses():
    variable = Variable(np.ones(2))
    optimizer = Optimizer(0.1)
    with pytest.raises(NotImplementedError):
        optimizer.apply([np.ones(2)], [variable])
    assert variable.value.tolist() == [1, 1]


@pytest.mark.parametrize("make", [lambda: SGD(0.5, momentum=0.5), lambda: RMSprop(0.1), Adam])
def test_a_weight_that_is_a_single_number_is_trained(make):
    number, one = Variable(2.0), Variable([2.0])
    for optimizer, variable, gradient in [(make(), number, 0.5), (make(), one, [0.5])]:
        for _ in range(3):
            optimizer.apply([np.array(gradient)], [variable])
    assert number.value == one.value[0] != 2


def test_pairs_of_gradient_and_variable_make_the_same_step():
    a, b = ([Variable([1.0, 2.0]), Variable([[3.0]])] for _ in range(2))
    grads = [np.array([0.5, 1.0]), np.array([[2.0]])]
    first, second = Adam(0.1), Adam(0.1)
    for _ in range(2):
        first.apply(grads, a)
        second.apply_gradients(zip(grads, b, strict=True))
    assert [v.value.tolist() for v in a] == [v.value.tolist() for v in b]
    assert second.iterations == 2


def test_a_pair_without_a_gradient_is_left_alone_with_a_warning():
    kept, moved, still = Variable([1.0], "kept"), Variable([1.0]), Variable([1.0], "still")
    text = "no gradient for <Variable kept, .*>, <Variable still, .*>: left alone. Did the loss "
    with pytest.warns(UserWarning, match=text + r"depend on it\?$"):
        SGD(0.5).apply_gradients([(None, kept), (np.ones(1), moved), (None, still)])
    assert (kept.value[0], moved.value[0], still.value[0]) == (1, 0.5, 1)


@pytest.mark.parametrize(
    ("pairs", "error", "match"),
    [
        (5, TypeError, "grads_and_vars must be a list of pairs: received 5"),
        (
            [np.ones(1)],
            TypeError,
            "pairs of a gradient and a variable: received an array",
        ),
        ([(np.ones(1),)], TypeError, r"received \(array\(\[1.\]\),\)"),
        ([(None, Variable([1.0]))], ValueError, "no gradient for any variable"),
    ],
)
def test_what_is_no_list_of_pairs_is_refused(pairs, error, match):
    optimizer = SGD()
    with refused(error, match, optimizer):
        optimizer.apply_gradients(pairs)


def test_what_an_optimizer_remembers_is_listed_as_copies():
    optimizer, variable = Adam(0.25), Variable([1.0, 2.0])
    assert [v.value for v in optimizer.variables] == [0, 0.25]
    optimizer.apply([np.array([1.0, 0.0])], [variable])
    steps, rate, m, v = optimizer.variables
    names = [one.name for one in (steps, rate, m, v)]
    assert names == ["iterations", "learning_rate", "0/0", "0/1"]
    assert (steps.value, rate.value) == (1, 0.25)
    assert np.allclose(m.value, [0.1, 0])
    assert np.allclose(v.value, [0.001, 0])
    m.assign([7.0, 7.0])
    assert np.allclose(optimizer.variables[2].value, [0.1, 0])
    optimizer.learning_rate = schedules.ExponentialDecay(0.5, 1, 0.5)
    assert len(optimizer.variables) == 3
    optimizer.learning_rate = schedules.ExponentialDecay(0.5, 2, 0.5)
    assert len(SGD(lambda: 0.1).variables) == 1


def test_rows_that_are_owed_a_step_are_settled_before_what_is_remembered_is_listed():
    table = Variable(np.ones((3, 2)))
    optimizer, dense = SGD(0.1, momentum=0.5), SGD(0.1, momentum=0.5)
    other = Variable(np.ones((3, 2)))
    for row in (0, 1, 1):
        slices = IndexedSlices(np.ones((1, 2)), np.array([row]), (3, 2))
        optimizer.apply([slices], [table])
        dense.apply([slices.dense()], [other])
    assert np.allclose(optimizer.variables[2].value, dense.variables[2].value, rtol=1e-12)


def test_a_variable_that_is_given_twice_is_refused_and_nothing_moves():
    table, optimizer = Variable(np.ones((3, 2)), "table"), SGD(0.1)
    with refused(ValueError, "table is given twice: name each variable once", optimizer, table):
        optimizer.apply([TABLE_GRADIENT, TABLE_GRADIENT], [table, table])
    with pytest.raises(ValueError, match="given twice"):
        optimizer.build([table, table])


def test_a_step_that_leaves_the_weights_as_they_are_leaves_them_to_be_written():
    class Still(Optimizer):
        def move(self, value, slots, gradient, step_size):
            return [value]

    variable = Variable(np.ones(2))
    Still(0.1).apply([np.ones(2)], [variable])
    variable.assign([2.0, 3.0])
    assert variable.value.tolist() == [2, 3]


def test_a_constraint_may_keep_the_array_that_it_returns():
    kept = np.zeros(2)
    variable = Variable(np.ones(2), constraint=lambda value: kept)
    SGD(0.1).apply([np.ones(2)], [variable])
    variable.assign([2.0, 3.0])
    assert kept.tolist() == [0, 0]


def test_a_constraint_of_another_shape_is_refused_and_nothing_moves():
    variable, optimizer = Variable(np.ones(2), "w", constraint=lambda value: value[:1]), Adam(0.1)
    optimizer.build([variable])
    with refused(ValueError, r"w has shape \(2,\): received a value of shape \(1,\)", optimizer):
        optimizer.apply([np.ones(2)])
    assert variable.value.tolist() == [1, 1]


def test_an_array_to_be_read_back_that_holds_no_numbers_is_called_by_its_name():
    optimizer = SGD()
    with refused(TypeError, "^the array 0/0 must be numbers: received dtype <U3", optimizer):
        optimizer.load_own_variables({"iterations": np.array(0), "0/0": np.array(["one"])})
