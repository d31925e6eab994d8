import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec

INPUTS = np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize("regularizer", ["l1", "l2"])
@pytest.mark.parametrize("activation", [None, "tanh"])
def test_the_penalty_on_outputs_and_its_gradients_are_those_of_keras(regularizer, activation):
    settings = {"activity_regularizer": regularizer, "kernel_regularizer": "l2", "dtype": "float64"}
    ours, of_keras = (m.Dense(2, activation, **settings) for m in (ec, keras.layers))
    x = tf.Variable(INPUTS)
    of_keras.build(INPUTS.shape)
    with tf.GradientTape() as tape:
        expected = of_keras(x)
        penalties = of_keras.losses  # that on the outputs first; those on weights a model adds
        total = tf.reduce_sum(expected) + penalties[0]
    ours.build(INPUTS.shape)
    ours.set_weights(of_keras.get_weights())
    outputs = ours(INPUTS)
    assert np.allclose(ours.losses, list(map(float, penalties)), rtol=1e-6)
    slopes = tape.gradient(total, [x, *of_keras.trainable_variables])
    back = ours.backward(np.ones_like(outputs))
    assert np.allclose(back, slopes[0], rtol=1e-6)
    for weight, slope in zip(ours.trainable_weights, slopes[1:], strict=True):
        assert np.allclose(weight.gradient, slope, rtol=1e-6)


def test_a_model_with_it_trains_along_the_path_of_keras():
    settings = {"activity_regularizer": keras.regularizers.L2(0.125), "use_bias": False}
    of_keras = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "tanh", **settings)])
    settings["activity_regularizer"] = ec.regularizers.L2(0.125)
    ours = ec.Sequential([ec.Dense(2, "tanh", **settings)])
    ours.build((None, 3))
    ours.set_weights(of_keras.get_weights())
    y = np.random.default_rng(1).normal(size=(5, 2))
    for model in (ours, of_keras):
        model.compile("sgd", "mse")
    for _ in range(5):
        losses = [model.train_on_batch(INPUTS, y) for model in (ours, of_keras)]
        assert np.allclose(*losses, rtol=1e-5)
    assert np.allclose(ours.get_weights()[0], of_keras.get_weights()[0], rtol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_where_we_differ_a_mixed_policy_is_refused_and_keras_computes_in_16_bits(policy):
    of_keras = keras.layers.Dense(2, dtype=policy)
    assert of_keras(INPUTS).dtype == policy.removeprefix("mixed_")
    assert {weight.dtype for weight in of_keras.weights} == {"float32"}
    for given in (policy, keras.DTypePolicy(policy)):
        with pytest.raises(TypeError, match=f"{policy}.*here weights and outputs have one dtype"):
            ec.Dense(2, dtype=given)
