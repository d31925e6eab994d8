import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec

INPUTS = np.random.default_rng(0).normal(size=(4, 5, 3))
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 1]], bool)


@pytest.mark.parametrize("mask", [None, MASK], ids=["no mask", "mask"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_means_and_gradients_are_the_same(mask, dtype):
    ours = ec.GlobalAveragePooling1D()
    of_keras = keras.layers.GlobalAveragePooling1D(dtype=dtype)
    gradient = np.random.default_rng(1).normal(size=(4, 3)).astype(dtype)
    x = tf.Variable(INPUTS.astype(dtype))
    with tf.GradientTape() as tape:
        expected = of_keras(x, mask=None if mask is None else tf.constant(mask))
    slope = tape.gradient(expected, x, gradient)
    tolerance = 1e-5 if dtype == "float32" else 1e-12
    outputs = ours(INPUTS.astype(dtype), mask)
    assert outputs.dtype == dtype
    assert np.allclose(outputs, expected, rtol=tolerance, atol=tolerance)
    assert np.allclose(ours.backward(gradient), slope, rtol=tolerance, atol=tolerance)


def test_shapes_and_the_end_of_the_mask_are_the_same():
    ours, of_keras = ec.GlobalAveragePooling1D(), keras.layers.GlobalAveragePooling1D()
    assert ours.compute_output_shape((None, 5, 3)) == of_keras.compute_output_shape((None, 5, 3))
    assert ours.compute_mask(INPUTS, MASK) is of_keras.compute_mask(INPUTS, MASK) is None
    assert ours.supports_masking is of_keras.supports_masking is True


def test_whole_numbers_have_the_same_mean():
    inputs = np.array([[[1], [4]]])
    expected = keras.layers.GlobalAveragePooling1D()(inputs).numpy()
    outputs = ec.GlobalAveragePooling1D()(inputs)
    assert outputs.tolist() == expected.tolist() == [[2.5]]
    assert outputs.dtype == expected.dtype


def test_where_we_differ_a_row_of_padding_alone_is_nan_in_keras_and_zero_here():
    nothing = np.zeros((4, 5), bool)
    expected = keras.layers.GlobalAveragePooling1D()(INPUTS, mask=tf.constant(nothing))
    assert np.isnan(expected).all()
    assert (ec.GlobalAveragePooling1D()(INPUTS, nothing) == 0).all()
