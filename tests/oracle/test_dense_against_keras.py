import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_side import arguments, assert_same_config

import embedding_core as ec

ACTIVATIONS = [None, "linear", "relu", "sigmoid", "tanh"]


def pair(dtype="float64", **kwargs):
    """Our layer and Keras's with the same weights, for inputs of four numbers."""
    ours, of_keras = (cls(3, dtype=dtype, **kwargs) for cls in (ec.Dense, keras.layers.Dense))
    ours.build((None, 4))
    of_keras.build((None, 4))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=w.shape).astype(dtype) for w in ours.weights]
    ours.set_weights(weights)
    of_keras.set_weights(weights)
    return ours, of_keras


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("shape", [(5, 4), (2, 3, 4)])
def test_outputs_and_all_gradients_are_the_same(activation, use_bias, shape):
    ours, of_keras = pair(activation=activation, use_bias=use_bias)
    rng = np.random.default_rng(1)
    inputs, gradient = rng.normal(size=shape), rng.normal(size=(*shape[:-1], 3))
    x = tf.Variable(inputs)
    with tf.GradientTape() as tape:
        expected = of_keras(x)
    sources = [x, *(w.value for w in of_keras.trainable_weights)]
    slopes = tape.gradient(expected, sources, gradient)
    assert np.allclose(ours(inputs), expected, rtol=1e-12)
    assert np.allclose(ours.backward(gradient), slopes[0], rtol=1e-10)
    for weight, slope in zip(ours.trainable_weights, slopes[1:], strict=True):
        assert np.allclose(weight.gradient, slope, rtol=1e-10), weight


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("ids", [np.array([3, 0, 3]), np.array([[1, 2], [2, 0]])])
def test_one_hot_times_a_kernel_is_the_same_look_up_in_both(dtype, ids):
    ours, of_keras = pair(dtype, use_bias=False)
    one_hot = ec.one_hot(ids, 4, dtype, dense=True)
    table = ec.Embedding(4, 3, weights=of_keras.get_weights(), dtype=dtype)
    assert one_hot.tolist() == keras.ops.one_hot(ids, 4, dtype=dtype).numpy().tolist()
    assert table(ids).tolist() == of_keras(one_hot).numpy().tolist()
    assert table(ids).tolist() == ours(one_hot).tolist()


def test_arguments_and_their_defaults_are_keras():
    here, there = arguments(ec.Dense), arguments(keras.layers.Dense)
    assert here == {name: there.get(name, "not in Keras") for name in here}
    missing = [name for name in there if name not in here]
    assert missing == ["activity_regularizer", "lora_rank", "lora_alpha", "quantization_config"]


@pytest.mark.parametrize(
    "kwargs",
    [
        {},
        {"activation": "sigmoid", "use_bias": False, "dtype": "float64"},
        {
            "kernel_initializer": "he_normal",
            "bias_initializer": "ones",
            "kernel_regularizer": "l1",
            "bias_regularizer": "l2",
            "kernel_constraint": "unit_norm",
            "bias_constraint": "non_neg",
        },
    ],
)
def test_configurations_have_the_same_names_and_values(kwargs):
    ours, of_keras = ec.Dense(3, name="d", **kwargs), keras.layers.Dense(3, name="d", **kwargs)
    assert_same_config(ours.get_config(), of_keras.get_config())


def test_weights_shapes_counts_and_penalties_are_the_same():
    ours, of_keras = pair(kernel_regularizer="l2", bias_regularizer="l1")
    assert [w.name for w in ours.weights] == [w.name for w in of_keras.weights]
    assert [w.shape for w in ours.weights] == [w.shape for w in of_keras.weights]
    assert ours.count_params() == of_keras.count_params() == 15
    assert ours.compute_output_shape((None, 7, 4)) == of_keras.compute_output_shape((None, 7, 4))
    assert np.allclose(sorted(ours.losses), sorted(float(x) for x in of_keras.losses))
