import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_side import arguments, assert_same_arguments

import embedding_core as ec
from embedding_core import constraints
from embedding_core.optimizers.options import Options

STEPS = 200
EXACT = {"learning_rate": 0.0625, "beta_1": 0.75, "beta_2": 0.9375, "epsilon": 2.0**-10}
# Keras passes its settings through float32. All but those of "adam" are the same number there,
# and the paths agree to the last digits that float64 has to spare.
CASES = {
    "sgd": ("SGD", {"learning_rate": 0.0625}, 1e-12),
    "momentum": ("SGD", {"learning_rate": 0.0625, "momentum": 0.875}, 1e-12),
    "nesterov": ("SGD", {"learning_rate": 0.0625, "momentum": 0.875, "nesterov": True}, 1e-12),
    "nesterov without momentum": ("SGD", {"learning_rate": 0.0625, "nesterov": True}, 1e-12),
    "amsgrad": ("Adam", EXACT | {"amsgrad": True}, 1e-12),
    "adagrad": ("Adagrad", {"learning_rate": 0.0625}, 1e-6),
    "own adagrad": (
        "Adagrad",
        {"learning_rate": 0.5, "initial_accumulator_value": 0.5, "epsilon": 2.0**-10},
        1e-12,
    ),
    "rmsprop": ("RMSprop", {}, 1e-6),
    "slow rmsprop": (
        "RMSprop",
        {"learning_rate": 0.0625, "rho": 0.9375, "epsilon": 2.0**-10},
        1e-12,
    ),
    "rmsprop with momentum": (
        "RMSprop",
        {"learning_rate": 2.0**-7, "rho": 0.75, "momentum": 0.875, "epsilon": 2.0**-10},
        1e-12,
    ),
    "centered rmsprop": (
        "RMSprop",
        {"learning_rate": 2.0**-7, "rho": 0.75, "epsilon": 0.125, "centered": True},
        1e-11,
    ),
    "rmsprop with everything": (
        "RMSprop",
        {
            "learning_rate": 2.0**-7,
            "rho": 0.75,
            "momentum": 0.5,
            "epsilon": 0.125,
            "centered": True,
        },
        1e-11,
    ),
    "adam": ("Adam", {}, 1e-6),
    "clipnorm": ("Adam", EXACT | {"clipnorm": 0.5}, 1e-11),
    "clipvalue": ("SGD", {"learning_rate": 0.0625, "momentum": 0.875, "clipvalue": 0.5}, 1e-12),
    "global_clipnorm": ("SGD", {"learning_rate": 0.0625, "global_clipnorm": 2.0}, 1e-11),
    "adam, global_clipnorm": ("Adam", EXACT | {"global_clipnorm": 0.5}, 1e-11),
    "weight decay": ("Adam", EXACT | {"weight_decay": 0.25}, 1e-12),
    "sgd, weight decay": (
        "SGD",
        {"learning_rate": 0.0625, "momentum": 0.875, "weight_decay": 0.125, "clipnorm": 1.0},
        1e-11,
    ),
    "fast adam": (
        "Adam",
        {"learning_rate": 0.125, "beta_1": 0.75, "beta_2": 0.9375, "epsilon": 2.0**-10},
        1e-12,
    ),
}
every_case = pytest.mark.parametrize(("name", "kwargs", "in_float64"), CASES.values(), ids=CASES)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def pair(name, kwargs):
    return getattr(ec, name)(**kwargs), getattr(keras.optimizers, name)(**kwargs)


def take_steps(optimizer, variables, gradients):
    """Take Keras's steps, one after the other, in a graph, as `fit` does.

    The loop is in the graph too: to call 200 graphs from Python takes longer than their sums.

    Parameters
    ----------
    gradients
        For each variable an array of shape (steps, ...).
    """
    optimizer.build(variables)
    steps = len(gradients[0])

    @tf.function
    def run(*gradients):
        def one(step):
            optimizer.apply([each[step] for each in gradients], variables)
            return [step + 1]

        return tf.while_loop(lambda step: step < steps, one, [0], parallel_iterations=1)

    run(*(tf.constant(each) for each in gradients))


def assert_close(ours, of_keras, tolerance):
    """The largest difference, measured by the largest number."""
    expected = of_keras.numpy()
    assert np.abs(ours.value - expected).max() <= tolerance * np.abs(expected).max()


@every_case
@every_dtype
def test_200_steps_with_dense_gradients_lead_to_the_same_place(name, kwargs, in_float64, dtype):
    rng = np.random.default_rng(0)
    ours, of_keras = pair(name, kwargs)
    start = [rng.normal(size=shape).astype(dtype) for shape in ((6, 3), (4,))]
    here, there = [ec.Variable(v) for v in start], [keras.Variable(v, dtype=dtype) for v in start]
    taken = []
    for _ in range(STEPS):
        # Sizes over four decades, and sometimes nothing at all.
        sizes = 10 ** rng.uniform(-2, 2) * (rng.random((6, 1)) < 0.7)
        grads = [rng.normal(size=(6, 3)) * sizes, rng.normal(size=4)]
        grads = [g.astype(dtype) for g in grads]
        ours.apply(grads, here)
        taken.append(grads)
    take_steps(of_keras, there, [np.stack(each) for each in zip(*taken, strict=True)])
    assert ours.iterations == int(of_keras.iterations) == STEPS
    for one, other in zip(here, there, strict=True):
        assert_close(one, other, in_float64 if dtype == "float64" else 1e-5)


@every_case
@every_dtype
def test_200_steps_with_repeated_ids_are_those_of_the_dense_sum(name, kwargs, in_float64, dtype):
    rng = np.random.default_rng(1)
    ours, of_keras = pair(name, kwargs)
    start = rng.normal(size=(8, 3)).astype(dtype)
    here, there = ec.Variable(start), keras.Variable(start, dtype=dtype)
    repeated, taken = 0, []
    for _ in range(STEPS):
        ids = np.minimum(rng.zipf(1.5, rng.integers(0, 12)) - 1, 7)
        repeated += len(ids) - len(set(ids))
        values = rng.normal(size=(ids.size, 3)).astype(dtype)
        dense = np.zeros((8, 3))
        for row, vector in zip(ids, values, strict=True):
            dense[row] += vector
        ours.apply([ec.IndexedSlices(values, ids, (8, 3))], [here])
        taken.append(dense.astype(dtype))
    take_steps(of_keras, [there], [np.stack(taken)])
    assert repeated > 400
    assert_close(here, there, in_float64 if dtype == "float64" else 1e-5)


def test_where_we_differ_keras_squares_the_gradients_of_repeated_ids_one_by_one():
    gradient = [1.0], [2.0], [5.0]
    table = np.ones((3, 1), "float32")
    here, there = ec.Variable(table), keras.Variable(table)
    ec.Adam(0.1).apply([ec.IndexedSlices(np.array(gradient), np.array([0, 0, 2]), (3, 1))], [here])
    slices = tf.IndexedSlices(tf.constant(gradient), tf.constant([0, 0, 2]), tf.constant([3, 1]))
    keras.optimizers.Adam(0.1).apply([slices], [there])
    assert np.allclose(here.value, [[0.9], [1.0], [0.9]], atol=1e-5)
    assert np.allclose(there.numpy(), [[0.86584], [1.0], [0.9]], atol=1e-5)


@pytest.mark.parametrize("constraint", ["unit_norm", "non_neg"])
@every_case
def test_constraints_are_applied_at_the_same_point(name, kwargs, in_float64, constraint):
    rng = np.random.default_rng(2)
    ours, of_keras = pair(name, kwargs)
    start = rng.normal(size=(5, 3))
    here = ec.Variable(start, constraint=constraints.get(constraint))
    there = keras.Variable(start, dtype="float64")
    there.constraint = keras.constraints.get(constraint)
    for _ in range(20):
        gradient = rng.normal(size=(5, 3))
        ours.apply([gradient], [here])
        of_keras.apply([tf.constant(gradient)], [there])
    assert_close(here, there, max(in_float64, 1e-10))


ALL = ["SGD", "Adagrad", "RMSprop", "Adam"]


@pytest.mark.parametrize("name", ALL)
def test_arguments_and_their_defaults_are_keras(name):
    ours, of_keras = getattr(ec, name), getattr(keras.optimizers, name)
    assert_same_arguments(ours, of_keras)
    shared = arguments(Options)
    assert list(shared) == [key for key in arguments(of_keras) if key in shared]
    config = of_keras(name=name.lower()).get_config()
    assert ours().get_config() == pytest.approx({key: config[key] for key in ours().get_config()})


@pytest.mark.parametrize("name", ALL)
def test_a_configuration_of_keras_makes_the_same_optimizer(name):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.5, 100, 0.25, staircase=True)
    of_keras = getattr(keras.optimizers, name)(schedule, weight_decay=0.25, clipnorm=2.0)
    config = of_keras.get_config()
    ours = ec.optimizers.get({"class_name": name, "config": config})
    again = ours.get_config()
    assert again["learning_rate"]["config"] == config["learning_rate"]["config"]
    again = {key: value for key, value in again.items() if key != "learning_rate"}
    assert again == {key: config[key] for key in again}


@pytest.mark.parametrize("name", sorted({*ec.optimizers._KNOWN} - {"LazyAdam", "lazyadam"}))
def test_every_name_that_is_known_here_is_known_to_keras(name):
    ours, of_keras = ec.optimizers.get(name), keras.optimizers.get(name)
    assert type(ours).__name__ == type(of_keras).__name__
    assert ours.learning_rate == pytest.approx(float(of_keras.learning_rate))


@pytest.mark.parametrize("staircase", [False, True])
def test_an_exponential_decay_gives_the_rates_of_keras(staircase):
    ours = ec.optimizers.schedules.ExponentialDecay(0.3, 7, 0.9, staircase)
    of_keras = keras.optimizers.schedules.ExponentialDecay(0.3, 7, 0.9, staircase)
    assert_same_arguments(type(ours), type(of_keras))
    for step in range(50):
        assert ours(step) == pytest.approx(float(of_keras(step)), rel=1e-5)
    assert ours.get_config() == of_keras.get_config()


@pytest.mark.parametrize("name", ALL)
def test_a_schedule_is_asked_at_the_step_that_keras_asks_it(name):
    decay = 0.5, 1, 0.5
    ours = getattr(ec, name)(ec.optimizers.schedules.ExponentialDecay(*decay))
    of_keras = getattr(keras.optimizers, name)(keras.optimizers.schedules.ExponentialDecay(*decay))
    here, there = ec.Variable([1.0]), keras.Variable([1.0], dtype="float64")
    for gradient in (1.0, 0.5, -2.0):
        assert ours.learning_rate == float(of_keras.learning_rate)
        ours.apply([np.array([gradient])], [here])
        of_keras.apply([tf.constant([gradient], "float64")], [there])
        assert_close(here, there, 1e-4)  # rates differ by a factor
