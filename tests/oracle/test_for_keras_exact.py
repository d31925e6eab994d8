"""The update by rows beside Keras's dense one: as near to it as float32 is to float64."""

import os

import numpy as np
import pytest
import tensorflow as tf

from embedding_core import for_keras
from embedding_core.for_keras import memory
from embedding_core.keras_bridge import load_keras

keras = load_keras()
# 2,000 in `FOR_KERAS_STEPS=2000 pytest tests/oracle/test_for_keras_exact.py`.
STEPS = int(os.environ.get("FOR_KERAS_STEPS", "250"))
V, D, N = 400, 4, 24
CASES = [
    ("Adam", {}),
    ("Adam", {"beta_2": 0.99}),
    ("Adam", {"beta_1": 0.95, "epsilon": 1e-3}),
    ("Adam", {"beta_1": 0.0}),
    ("Adam", {"beta_1": 0.5, "beta_2": 0.9}),
    ("RMSprop", {}),
    ("RMSprop", {"rho": 0.5}),
    ("RMSprop", {"momentum": 0.8}),
    ("RMSprop", {"rho": 0.95, "momentum": 0.5, "centered": True, "epsilon": 1e-3}),
    ("Adagrad", {}),
    ("Adagrad", {"initial_accumulator_value": 0.0}),
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.7, "nesterov": True}),
    ("Adam", {"clipnorm": 0.5}),
    ("Adam", {"clipvalue": 0.05}),
    ("RMSprop", {"global_clipnorm": 0.5}),
]
IDS = ["-".join([name, *(f"{k}={v}" for k, v in given.items())]) for name, given in CASES]
rng = np.random.default_rng(0)
START = rng.normal(0, 0.05, (V, D))
# Zipf ids: the first rows many times in a batch, the last ones once in hundreds of steps.
NAMED = np.minimum(rng.zipf(1.3, (STEPS, N)) - 1, V - 1)
SIZES = 10.0 ** rng.uniform(-4, 0, (STEPS, 1, 1))
GRADIENTS = (rng.normal(size=(STEPS, N, D)) * SIZES).astype("float32")
RATES = 0.01 * (1 + np.sin(np.arange(STEPS) / 7)) * 0.999 ** np.arange(STEPS)


def trained(optimizer, table, as_slices, dtype="float32"):
    """Make all steps, and return where the table has got to.

    The loop is in the graph too: to call a graph for each step takes longer than its sums.
    """
    ids, gradients = tf.constant(NAMED, tf.int32), tf.constant(GRADIENTS, dtype)
    optimizer.build([table])

    rates = tf.constant(RATES, "float32")

    @tf.function
    def run():
        def step(i):
            optimizer.learning_rate = rates[i]
            slices = tf.IndexedSlices(gradients[i], ids[i], tf.constant([V, D], tf.int32))
            optimizer.apply([slices if as_slices else tf.convert_to_tensor(slices)], [table])
            return [i + 1]

        return tf.while_loop(lambda i: i < STEPS, step, [0], parallel_iterations=1)

    run()
    return np.asarray(table.numpy())


def start(dtype="float32"):
    return keras.Variable(START.astype(dtype), dtype=dtype)


def in_float64(name, given):
    """Let Keras make the same dense steps with 53 bits."""
    floatx = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        return trained(
            getattr(keras.optimizers, name)(0.01, **given), start("float64"), False, "float64"
        )
    finally:
        keras.config.set_floatx(floatx)


@pytest.mark.parametrize(("name", "given"), CASES, ids=IDS)
def test_the_error_is_at_most_twice_that_of_dense_float32(name, given):
    layer = for_keras.Embedding(V, D, weights=START)
    by_rows = trained(getattr(for_keras, name)(0.01, **given), layer.embeddings, True)
    dense = trained(getattr(keras.optimizers, name)(0.01, **given), start(), False)
    true = in_float64(name, given)
    assert np.abs(true - START).max() > 1e-2
    rounding = np.abs(dense - true).max()
    assert np.abs(by_rows - true).max() <= max(2 * rounding, 1e-7)
    slices = trained(getattr(keras.optimizers, name)(0.01, **given), start(), True)
    if name != "SGD" or given.get("clipnorm"):
        assert np.abs(slices - true).max() > 100 * rounding  # Keras, unmerged: another thing


@pytest.mark.parametrize("betas", [(0.9, 0.9), (0.9, 0.5), (0.99, 0.9), (0.9999, 0.999)])
def test_where_the_series_does_not_converge_the_update_is_dense_and_says_so(betas):
    layer = for_keras.Embedding(V, D, weights=START)
    settings = dict(zip(("beta_1", "beta_2"), betas, strict=True))
    with pytest.warns(UserWarning, match=r"densely.*beta_1=.*does not converge"):
        by_rows = trained(for_keras.Adam(0.01, **settings), layer.embeddings, True)
    dense = trained(keras.optimizers.Adam(0.01, **settings), start(), False)
    np.testing.assert_array_equal(by_rows, dense)


def test_a_table_in_float64_is_served_by_row_with_the_precision_of_float64():
    floatx = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        layer = for_keras.Embedding(V, D, weights=START, dtype="float64")
        by_rows = trained(for_keras.Adam(0.01), layer.embeddings, True, "float64")
    finally:
        keras.config.set_floatx(floatx)
    np.testing.assert_allclose(by_rows, in_float64("Adam", {}), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_all_rows_are_settled_every_so_often_and_piece_by_piece(name, monkeypatch):
    monkeypatch.setattr(memory, "LONGEST", 17)
    monkeypatch.setattr(memory, "_CHUNK", 3 * D)
    given = {"momentum": 0.9} if name == "SGD" else {}
    table, dense = for_keras.Embedding(V, D, weights=START).embeddings, start()
    optimizers = [getattr(o, name)(0.01, **given) for o in (for_keras, keras.optimizers)]
    clocks = []
    for ids, values in zip(NAMED[:40], GRADIENTS[:40], strict=True):
        slices = tf.IndexedSlices(tf.constant(values), tf.constant(ids), tf.constant([V, D]))
        optimizers[0].apply([slices], [table])
        optimizers[1].apply([tf.convert_to_tensor(slices)], [dense])
        clocks.append(int(table.memory._clock))
    assert clocks[15:19] == [16, 17, 1, 2]
    np.testing.assert_allclose(table.numpy(), dense.numpy(), rtol=0, atol=1e-6)
