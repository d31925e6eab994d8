import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_side import assert_same_arguments

from embedding_core import regularizers
from embedding_core.ground.configurable import serialize

WEIGHT = np.random.default_rng(0).normal(size=(6, 4))
CASES = [("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 0.3}), ("L1L2", {})]
CASES += [("L1L2", {"l1": 0.2, "l2": 0.7})]


@pytest.mark.parametrize(("name", "kwargs"), CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_penalties_and_gradients_are_the_same(name, kwargs, dtype):
    ours, of_keras = (getattr(m, name)(**kwargs) for m in (regularizers, keras.regularizers))
    weight = WEIGHT.astype(dtype)
    weight[0, 0] = 0
    x = tf.Variable(weight)
    with tf.GradientTape() as tape:
        expected = of_keras(x)
    slope = tape.gradient(expected, x)
    tolerance = 1e-5 if dtype == "float32" else 1e-6  # Keras keeps its factors in float32
    assert ours(weight) == pytest.approx(float(expected), rel=tolerance)
    assert np.allclose(ours.gradient(weight), 0 if slope is None else slope, rtol=tolerance)


@pytest.mark.parametrize("name", ["L1", "L2", "L1L2"])
def test_arguments_and_their_defaults_are_keras(name):
    assert_same_arguments(getattr(regularizers, name), getattr(keras.regularizers, name))


@pytest.mark.parametrize("name", regularizers._KNOWN)
def test_every_name_that_is_known_here_is_known_to_keras_with_the_same_settings(name):
    ours, of_keras = regularizers.get(name), keras.regularizers.get(name)
    assert type(ours).__name__ == type(of_keras).__name__
    assert ours.get_config() == pytest.approx(of_keras.get_config())
    again = keras.regularizers.get(serialize(ours))
    assert again.get_config() == pytest.approx(ours.get_config())


@pytest.mark.parametrize("factor", [-1.0, float("nan"), float("inf")])
def test_the_same_factors_are_refused(factor):
    for cls in (regularizers.L1, keras.regularizers.L1, regularizers.L2, keras.regularizers.L2):
        with pytest.raises(ValueError, match=r"l1|l2|[Rr]egulariz"):
            cls(factor)
