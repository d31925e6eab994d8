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


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_with_any_order_of_axes_means_and_gradients_are_the_same(data_format, keepdims, masked):
    arguments = {"data_format": data_format, "keepdims": keepdims}
    ours = ec.GlobalAveragePooling1D(**arguments)
    of_keras = keras.layers.GlobalAveragePooling1D(**arguments, dtype="float64")
    inputs = INPUTS if data_format == "channels_last" else INPUTS.swapaxes(1, 2)
    mask = MASK if masked else None
    x = tf.Variable(inputs)
    with tf.GradientTape() as tape:
        expected = of_keras(x, mask=None if mask is None else tf.constant(mask))
    gradient = np.random.default_rng(1).normal(size=expected.shape)
    slope = tape.gradient(expected, x, gradient)
    outputs = ours(inputs, mask)
    assert outputs.shape == tuple(expected.shape) == ours.compute_output_shape(inputs.shape)
    assert np.allclose(outputs, expected, rtol=1e-12)
    assert np.allclose(ours.backward(gradient), slope, rtol=1e-12)
    assert ours.get_config().items() >= arguments.items() <= of_keras.get_config().items()


@pytest.mark.parametrize(
    "dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32"]
)
def test_a_mask_of_any_numbers_marks_the_same_steps(dtype):
    mask = MASK.astype(dtype)
    expected = keras.layers.GlobalAveragePooling1D(dtype="float64")(INPUTS, mask=tf.constant(mask))
    outputs = ec.GlobalAveragePooling1D()(INPUTS, mask)
    assert np.allclose(outputs, expected, rtol=1e-12)
    assert outputs.tolist() == ec.GlobalAveragePooling1D()(INPUTS, MASK).tolist()
