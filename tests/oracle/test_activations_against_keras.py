import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

from embedding_core import activations

# Corners at 0 and 6 are left out: a corner has no slope.
INPUTS = np.random.default_rng(0).normal(scale=4, size=(4, 3, 5)).astype("float32")
ARGUMENTS = [
    ("relu", {"negative_slope": 0.3}),
    ("relu", {"max_value": 2.5}),
    ("relu", {"max_value": 6}),
    ("relu", {"threshold": 1.5}),
    ("relu", {"threshold": -1.5}),
    ("relu", {"negative_slope": 0.3, "max_value": 2.5, "threshold": 1.5}),
    ("relu", {"negative_slope": -0.3, "threshold": -1.5}),
    ("leaky_relu", {"negative_slope": 0.05}),
    ("elu", {"alpha": 2.0}),
    ("softmax", {"axis": 0}),
    ("softmax", {"axis": (1, 2)}),
    ("softmax", {"axis": (0, 2)}),
    ("log_softmax", {"axis": 1}),
    ("log_softmax", {"axis": (0, 1)}),
]


@pytest.mark.parametrize("name", activations._KNOWN)
def test_values_and_slopes_are_those_of_keras(name):
    ours, of_keras = activations.get(name), keras.activations.get(name)
    weights = np.random.default_rng(1).normal(size=INPUTS.shape).astype("float32")
    with tf.GradientTape() as tape:
        x = tf.constant(INPUTS)
        tape.watch(x)
        expected = of_keras(x)
        slopes = tape.gradient(tf.reduce_sum(expected * weights), x)
    outputs = ours(INPUTS)
    assert outputs.dtype == expected.numpy().dtype
    assert np.allclose(outputs, expected, rtol=1e-5, atol=1e-6)
    # A slope read off an output that has reached its limit loses digits.
    assert np.allclose(ours.backward(outputs, weights), slopes, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("name", "arguments"), ARGUMENTS, ids=str)
def test_arguments_mean_what_they_mean_in_keras(name, arguments):
    ours = activations.get(name)(INPUTS, **arguments)
    expected = np.array(getattr(keras.activations, name)(tf.constant(INPUTS), **arguments))
    assert np.allclose(ours, expected, rtol=1e-5, atol=1e-6)
