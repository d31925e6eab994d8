import json

import numpy as np
import pytest
from helpers import nested, refused

from embedding_core import SGD, Adam, IndexedSlices, Variable, optimizers
from embedding_core.ground.configurable import serialize
from embedding_core.optimizers import schedules
from embedding_core.optimizers.schedules import ExponentialDecay, LearningRateSchedule


def test_an_exponential_decay_multiplies_once_in_so_many_steps():
    rate = ExponentialDecay(8.0, 2, 0.25)
    assert [rate(step) for step in range(5)] == [8, 4, 2, 1, 0.5]


def test_a_staircase_changes_at_whole_multiples_only():
    rate = ExponentialDecay(8.0, 2, 0.25, staircase=True)
    assert [rate(step) for step in range(5)] == [8, 8, 2, 2, 0.5]


def test_the_first_step_uses_the_initial_rate_and_each_later_one_the_steps_made():
    optimizer, variable = SGD(ExponentialDecay(8.0, 1, 0.5)), Variable([0.0])
    seen = []
    for _ in range(3):
        assert optimizer.learning_rate == 8 / 2**optimizer.iterations
        optimizer.apply([np.ones(1)], [variable])
        seen.append(variable.value[0])
    assert seen == [-8, -12, -14]


def test_weight_decay_uses_the_rate_of_its_step():
    optimizer = SGD(ExponentialDecay(0.5, 1, 0.5), weight_decay=1.0)
    variable = Variable([1.0])
    optimizer.apply([np.zeros(1)], [variable])
    assert variable.value[0] == 0.5
    optimizer.apply([np.zeros(1)], [variable])
    assert variable.value[0] == 0.375


def test_weight_decay_comes_before_the_update_and_the_constraint_after_it():
    def above_two(value):
        return np.maximum(value, 2.0)

    optimizer = SGD(0.5, weight_decay=1.0)
    variable = Variable([8.0, 4.0], constraint=above_two)
    optimizer.apply([np.array([2.0, 2.0])], [variable])
    assert variable.value.tolist() == [3, 2]


def test_a_schedule_survives_the_configuration():
    optimizer = Adam(ExponentialDecay(0.5, 100, 0.9, True, "slowly"))
    config = json.loads(json.dumps(serialize(optimizer)))
    again = optimizers.get(config)
    assert again.get_config() == optimizer.get_config()
    again.iterations = 100
    assert again.learning_rate == 0.5 * 0.9


def test_a_rate_given_as_a_schedule_can_only_be_replaced_by_another():
    optimizer = SGD(ExponentialDecay(0.5, 1, 0.5))
    with refused(TypeError, "sgd was given a schedule.*received 0.1. Set another", optimizer):
        optimizer.learning_rate = 0.1
    optimizer.learning_rate = ExponentialDecay(0.25, 1, 0.5)
    assert optimizer.learning_rate == 0.25
    number = SGD(0.1)
    number.learning_rate = ExponentialDecay(0.25, 1, 0.5)
    assert number.learning_rate == 0.25


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((-1, 1, 0.5), ValueError, "initial_learning_rate must be .* >= 0: received -1"),
        ((1, 0, 0.5), ValueError, "decay_steps must be a finite number > 0.*received 0"),
        ((1, None, 0.5), ValueError, "decay_steps must be a finite number > 0: received None"),
        ((1, 1, 0), ValueError, "decay_rate must be a finite number > 0.*received 0"),
        ((1, 1, "x"), TypeError, "decay_rate must be a number: received 'x'"),
        ((1, 1, 1, 2), TypeError, "staircase must be True or False: received 2"),
    ],
)
def test_arguments_outside_their_range_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        ExponentialDecay(*arguments)


def test_another_schedule_of_keras_is_refused_by_name():
    config = {"class_name": "CosineDecay", "config": {}}
    with pytest.raises(ValueError, match="unknown learning-rate schedule 'CosineDecay'"):
        SGD(config)
    with pytest.raises(NotImplementedError):
        LearningRateSchedule()(0)
    with pytest.raises(ValueError, match="unknown learning-rate schedule a list, nested too deep"):
        SGD({"class_name": nested(5000)})


def test_a_rate_beyond_all_floats_is_refused_with_its_step():
    schedule = ExponentialDecay(1.0, decay_steps=1, decay_rate=2.0)
    assert schedule(1023) == 2.0**1023
    with pytest.raises(ValueError, match="no learning rate for step 1024"):
        schedule(1024)


def test_a_rate_may_be_a_function_that_is_called_at_each_step():
    rates = iter([0.5, 0.25, 0.125])
    optimizer, variable = SGD(lambda: next(rates)), Variable([0.0])
    seen = []
    for _ in range(3):
        optimizer.apply([np.ones(1)], [variable])
        seen.append(variable.value[0])
    assert seen == [-0.5, -0.75, -0.875]


def test_a_function_may_take_the_place_of_a_number_and_a_number_that_of_a_function():
    optimizer = Adam(0.5)
    optimizer.learning_rate = lambda: 0.25
    assert optimizer.learning_rate == 0.25
    optimizer.learning_rate = 0.125
    assert optimizer.learning_rate == 0.125


def test_slices_move_a_table_like_their_dense_sum_at_the_rates_of_a_function():
    tables = [Variable(np.ones((4, 2))) for _ in range(2)]
    for table, kind in zip(tables, (lambda s: s, lambda s: s.dense()), strict=True):
        rates = iter([0.5, 0.1, 0.3, 0.2])
        optimizer = Adam(lambda rates=rates: next(rates))
        for row in (0, 2, 2, 0):
            slices = IndexedSlices(np.full((1, 2), 0.5), np.array([row]), (4, 2))
            optimizer.apply([kind(slices)], [table])
    assert np.allclose(tables[0].value, tables[1].value, rtol=1e-12)


@pytest.mark.parametrize(("rate", "error"), [(-1, ValueError), ("fast", TypeError)])
def test_what_a_function_returns_must_be_a_rate(rate, error):
    optimizer, variable = SGD(lambda: rate), Variable([1.0])
    match = f"what the learning_rate function returns must be .*: received {rate!r}"
    with pytest.raises(error, match=match):
        optimizer.apply([np.ones(1)], [variable])
    assert variable.value[0] == 1
    assert optimizer.iterations == 0


def test_a_function_cannot_be_written_into_a_configuration():
    with pytest.raises(ValueError, match=r"cannot write <function .* has no get_config"):
        SGD(lambda: 0.1).get_config()


@pytest.mark.parametrize("identifier", [None, abs])
def test_what_is_no_schedule_is_not_found(identifier):
    match = f"^learning_rate must be a number or a LearningRateSchedule: received {identifier!r}"
    with pytest.raises(TypeError, match=match):
        schedules.get(identifier)
