"""How weights, masks and reductions count in losses and metrics: values and gradients."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec
from embedding_core.losses import reduction as reduction_module

RNG = np.random.default_rng(0)
REDUCTIONS = reduction_module.REDUCTIONS
LOSSES = {
    "mse": (ec.MeanSquaredError, keras.losses.MeanSquaredError, {}),
    "mae": (ec.MeanAbsoluteError, keras.losses.MeanAbsoluteError, {}),
    "bce": (ec.BinaryCrossentropy, keras.losses.BinaryCrossentropy, {}),
    "bce logits": (ec.BinaryCrossentropy, keras.losses.BinaryCrossentropy, {"from_logits": True}),
    "bce smooth": (
        ec.BinaryCrossentropy,
        keras.losses.BinaryCrossentropy,
        {"label_smoothing": 0.3},
    ),
    "cce": (ec.CategoricalCrossentropy, keras.losses.CategoricalCrossentropy, {}),
    "cce logits": (
        ec.CategoricalCrossentropy,
        keras.losses.CategoricalCrossentropy,
        {"from_logits": True, "label_smoothing": 0.2},
    ),
    "scce": (ec.SparseCategoricalCrossentropy, keras.losses.SparseCategoricalCrossentropy, {}),
    "scce ignore": (
        ec.SparseCategoricalCrossentropy,
        keras.losses.SparseCategoricalCrossentropy,
        {"from_logits": True, "ignore_class": -1},
    ),
    "scce ignore 1": (
        ec.SparseCategoricalCrossentropy,
        keras.losses.SparseCategoricalCrossentropy,
        {"ignore_class": 1},
    ),
}
N, STEPS, C = 5, 4, 3
KEPT = np.arange(N * STEPS).reshape(N, STEPS) % 3 != 0
FLAT = {
    "none": (None, None),
    "a number": (2.5, None),
    "(n,)": (RNG.uniform(0, 2, N), None),
    "(n, 1)": (RNG.uniform(0, 2, (N, 1)), None),
    "zeros": (np.zeros(N), None),
    "negative": (RNG.normal(size=N), None),
    "mask": (None, KEPT[:, 0]),
    "int8 mask": (None, KEPT[:, 0].astype("int8")),
    "no word": (None, np.zeros(N, bool)),
    "(n, 1) mask and weights": (RNG.uniform(0, 2, N), KEPT[:, :1]),
    "mask and (n, 1) weights": (RNG.uniform(0, 2, (N, 1)), KEPT[:, 0]),
    "mask and a number": (3.0, KEPT[:, 0]),
}
STEPWISE = {
    "none": (None, None),
    "a number": (0.5, None),
    "(n, 1)": (RNG.uniform(0, 2, (N, 1)), None),
    "(n, steps)": (RNG.uniform(0, 2, (N, STEPS)), None),
    "(n, steps, 1)": (RNG.uniform(0, 2, (N, STEPS, 1)), None),
    "(1, steps)": (RNG.uniform(0, 2, (1, STEPS)), None),
    "mask": (None, KEPT),
    "uint8 mask": (None, KEPT.astype("uint8")),
    "float mask": (None, KEPT.astype("float32")),
    "no word": (None, np.zeros_like(KEPT)),
    "mask and (n, 1)": (RNG.uniform(0, 2, (N, 1)), KEPT),
    "mask and (n, steps)": (RNG.uniform(0, 2, (N, STEPS)), KEPT),
    "mask and a number": (2.0, KEPT),
}
CASES = {
    **{f"flat, {name}": ((N,), *case) for name, case in FLAT.items()},
    **{f"steps, {name}": ((N, STEPS), *case) for name, case in STEPWISE.items()},
}


def drawn(name, batch, settings):
    rng = np.random.default_rng(len(name))
    shape = (*batch, C)
    y_pred = rng.normal(0, 2, shape) if settings.get("from_logits") else rng.uniform(0.01, 1, shape)
    if name.startswith("scce"):
        y_true = rng.integers(0, C, batch)
        if settings.get("ignore_class") == -1:
            y_true[rng.uniform(size=batch) < 0.4] = -1
        return y_true, y_pred
    if name.startswith("cce"):
        return np.eye(C)[rng.integers(0, C, batch)], y_pred
    return rng.integers(0, 2, shape).astype(float), y_pred


def of_keras(loss, y_true, y_pred, weights, mask):
    x = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        outputs = tf.convert_to_tensor(x)
        if mask is not None:
            keras.src.backend.set_keras_mask(outputs, tf.convert_to_tensor(mask != 0))
        value = loss(y_true, outputs, weights)
        total = tf.reduce_sum(value)
    slope = tape.gradient(total, x)
    return value.numpy(), tf.convert_to_tensor(slope).numpy()


@pytest.mark.parametrize(("batch", "weights", "mask"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient(name, batch, weights, mask):
    if "ignore" in name and np.ndim(mask) > len(batch):
        pytest.skip("Keras lays a column beside what it ignores, and makes a square of them")
    ours, theirs, settings = LOSSES[name]
    y_true, y_pred = drawn(name, batch, settings)
    for reduction in REDUCTIONS:
        loss = ours(reduction=reduction, **settings)
        of_theirs = theirs(reduction=reduction, dtype="float64", **settings)
        value, slope = of_keras(of_theirs, y_true, y_pred, weights, mask)
        assert np.allclose(loss(y_true, y_pred, weights, mask), value, rtol=1e-6, atol=1e-9)
        assert np.shape(loss(y_true, y_pred, weights, mask)) == np.shape(value)
        gradient = loss.gradient(y_true, y_pred, weights, mask)
        assert gradient.shape == y_pred.shape
        assert np.allclose(gradient, slope, rtol=1e-5, atol=1e-9)
