"""Losses and metrics, values and gradients."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec
from embedding_core import losses, metrics

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
    assert ours(y_true, y_pred).mean() == pytest.approx(float(of_keras.result()))
    assert ours.name == of_keras.name
    assert ec.BinaryAccuracy() == metrics.get("binary_accuracy")
    assert ec.BinaryAccuracy().threshold == keras.metrics.BinaryAccuracy().threshold
