"""Losses and metrics, values and gradients."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec
from embedding_core import activations, losses, metrics

SHAPES = {"a column": ((20,), (20, 1)), "flat": ((20,), (20,)), "three": ((20, 3), (20, 3))}
WEIGHTS = np.linspace(0, 3, 20)


@pytest.mark.parametrize(("labels", "predictions"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("from_logits", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("soft", [True, False], ids=["soft labels", "hard labels"])
def test_binary_crossentropy_and_its_gradient(labels, predictions, from_logits, weights, soft):
    rng = np.random.default_rng(0)
    y_true = rng.uniform(size=labels) if soft else rng.integers(0, 2, labels).astype(float)
    y_pred = rng.uniform(0.001, 0.999, predictions)
    if from_logits:
        y_pred = rng.normal(0, 4, predictions)
    ours = ec.BinaryCrossentropy(from_logits)
    of_keras = keras.losses.BinaryCrossentropy(from_logits, dtype="float64")
    x = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        # Keras reads flat predictions as one sample of many outputs; a column says it plainly.
        column = x[:, None] if len(predictions) == 1 else x
        expected = of_keras(y_true.reshape(column.shape), column, weights)
    slope = tape.gradient(expected, x)
    assert ours(y_true, y_pred, weights) == pytest.approx(float(expected), rel=1e-6)
    gradient = ours.gradient(y_true, y_pred, weights)
    assert gradient.shape == predictions
    assert np.allclose(gradient, slope, rtol=1e-6)


@pytest.mark.parametrize("from_logits", [True, False])
def test_certainty_costs_the_same_in_float32(from_logits):
    y_pred = np.array([[0.0], [1.0], [1.0], [0.0]], "float32")
    y_pred = (2 * y_pred - 1) * 200 if from_logits else y_pred
    y_true = np.array([[1.0], [1.0], [0.0], [0.0]], "float32")
    expected = float(keras.losses.BinaryCrossentropy(from_logits)(y_true, y_pred))
    assert ec.BinaryCrossentropy(from_logits)(y_true, y_pred) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", losses._KNOWN)
def test_every_loss_that_is_known_here_is_known_to_keras(name):
    of_keras = keras.losses.get(name)
    y_true, y_pred = np.array([[1.0], [0.0]]), np.array([[0.7], [0.4]])
    if "ategorical" in name:
        y_pred = np.array([[0.7, 0.3], [0.4, 0.6]])
        y_true = y_true if "arse" in name else np.eye(2)
    assert losses.get(name)(y_true, y_pred) == pytest.approx(np.mean(of_keras(y_true, y_pred)))


def test_default_of_from_logits_is_keras():
    assert ec.BinaryCrossentropy().from_logits == keras.losses.BinaryCrossentropy().from_logits


@pytest.mark.parametrize("threshold", [0.5, 0.3])
@pytest.mark.parametrize("labels", [(20,), (20, 1)])
def test_binary_accuracy(threshold, labels):
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.integers(0, 2, labels), rng.uniform(size=(20, 1))
    y_pred[:5] = threshold
    of_keras = keras.metrics.BinaryAccuracy(threshold=threshold)
    of_keras.update_state(y_true, y_pred)
    ours = ec.BinaryAccuracy(threshold=threshold)
    assert ours(y_true, y_pred) == pytest.approx(float(of_keras.result()))
    assert ours.name == of_keras.name
    assert ec.BinaryAccuracy() == metrics.get("binary_accuracy")
    assert ec.BinaryAccuracy().threshold == keras.metrics.BinaryAccuracy().threshold


@pytest.mark.parametrize("labels", [(20,), (20, 1)])
@pytest.mark.parametrize("from_logits", [True, False])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_sparse_categorical_crossentropy_and_its_gradient(labels, from_logits, weights):
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 4, labels)
    y_pred = rng.normal(0, 4, (20, 4)) if from_logits else rng.uniform(0.01, 0.99, (20, 4))
    of_keras = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits, dtype="float64")
    ours = ec.SparseCategoricalCrossentropy(from_logits)
    assert_same_value_and_gradient(ours, of_keras, y_true, y_pred, weights)


def test_sparse_categorical_crossentropy_of_a_sequence():
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 4, (20, 3)), rng.normal(size=(20, 3, 4))
    of_keras = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    ours = ec.SparseCategoricalCrossentropy(from_logits=True)
    assert_same_value_and_gradient(ours, of_keras, y_true, y_pred, None)
    # Keras wants the axis of the weights spelled out where there is one more behind it.
    expected = float(of_keras(y_true, y_pred, WEIGHTS[:, None]))
    assert ours(y_true, y_pred, WEIGHTS) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("shape", [(20, 1), (20, 3)])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_mean_squared_error_and_its_gradient(shape, weights):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.normal(size=shape), rng.normal(size=shape)
    of_keras = keras.losses.MeanSquaredError(dtype="float64")
    assert_same_value_and_gradient(ec.MeanSquaredError(), of_keras, y_true, y_pred, weights)
    if shape[1] == 1:
        flat = y_true[:, 0]
        assert_same_value_and_gradient(ec.MeanSquaredError(), of_keras, flat, y_pred, weights)


def assert_same_value_and_gradient(ours, of_keras, y_true, y_pred, weights):
    x = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        expected = of_keras(y_true, x, weights)
    assert ours(y_true, y_pred, weights) == pytest.approx(float(expected), rel=1e-6)
    slope = tape.gradient(expected, x)
    assert np.allclose(ours.gradient(y_true, y_pred, weights), slope, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("labels", [(20,), (20, 1)])
def test_sparse_categorical_accuracy(labels):
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.integers(0, 3, labels), rng.uniform(size=(20, 3))
    y_pred[:5] = 0.5  # among equals the first one counts
    of_keras = keras.metrics.SparseCategoricalAccuracy()
    of_keras.update_state(y_true, y_pred)
    ours = ec.SparseCategoricalAccuracy()
    assert ours(y_true, y_pred) == pytest.approx(float(of_keras.result()))
    assert ours.name == of_keras.name
    one_hot = np.eye(3)[y_true.ravel()]
    of_keras = keras.metrics.CategoricalAccuracy()
    of_keras.update_state(one_hot, y_pred)
    ours = metrics.CategoricalAccuracy()
    assert ours(one_hot, y_pred) == pytest.approx(float(of_keras.result()))
    assert ours.name == of_keras.name


@pytest.mark.parametrize("name", ["accuracy", "acc"])
@pytest.mark.parametrize(
    ("labels", "outputs"),
    [((6,), 1), ((6, 1), 1), ((6,), 3), ((6, 1), 3), ((6, 3), 3)],
)
def test_accuracy_is_chosen_by_shape_as_in_keras(name, labels, outputs):
    rng = np.random.default_rng(2)
    y_true = rng.integers(0, max(outputs, 2) if labels != (6, 3) else 2, labels)
    y_pred = rng.uniform(size=(6, outputs)).astype("float32")
    chosen = keras.src.trainers.compile_utils.get_metric(name, y_true, y_pred)
    chosen.update_state(y_true, y_pred)
    ours = metrics.get(name)
    assert ours(y_true, y_pred) == pytest.approx(float(chosen.result()))
    assert ours.name == chosen.name


def test_mean():
    ours, of_keras = ec.Mean(), keras.metrics.Mean()
    assert ours.name == of_keras.name
    assert ours.result() == float(of_keras.result()) == 0
    batches = [(3.0, None), ([1.0, 5.0], [1, 3]), ([[1.0, 2.0], [3.0, 4.0]], [0.5, 2]), ([], None)]
    for values, weights in batches:
        for mean in (ours, of_keras):
            mean.update_state(values, weights)
        assert ours.result() == pytest.approx(float(of_keras.result()))


def test_softmax_and_its_gradient():
    rng = np.random.default_rng(3)
    x, gradient = rng.normal(0, 3, (5, 4)), rng.normal(size=(5, 4))
    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        expected = keras.activations.softmax(variable)
    slope = tape.gradient(expected, variable, gradient)
    softmax = activations.get("softmax")
    assert np.allclose(softmax(x), expected, rtol=1e-12)
    assert np.allclose(softmax.backward(softmax(x), gradient), slope, rtol=1e-9, atol=1e-12)
