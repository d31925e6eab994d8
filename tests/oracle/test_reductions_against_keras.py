"""How weights, masks and reductions count in losses and metrics: values and gradients."""

import inspect
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


METRICS = {
    "squared": (ec.metrics.MeanSquaredError, keras.metrics.MeanSquaredError, {}),
    "absolute": (ec.metrics.MeanAbsoluteError, keras.metrics.MeanAbsoluteError, {}),
    "accuracy": (ec.metrics.Accuracy, keras.metrics.Accuracy, {}),
    "binary": (ec.BinaryAccuracy, keras.metrics.BinaryAccuracy, {"threshold": 0.4}),
    "rows": (ec.CategoricalAccuracy, keras.metrics.CategoricalAccuracy, {}),
    "classes": (ec.SparseCategoricalAccuracy, keras.metrics.SparseCategoricalAccuracy, {}),
    "top k": (
        ec.metrics.TopKCategoricalAccuracy,
        keras.metrics.TopKCategoricalAccuracy,
        {"k": 2},
    ),
    "classes top k": (
        ec.metrics.SparseTopKCategoricalAccuracy,
        keras.metrics.SparseTopKCategoricalAccuracy,
        {"k": 2},
    ),
}


def judged(name, batch):
    rng = np.random.default_rng(len(name))
    y_pred = rng.integers(0, 4, (*batch, C)) / 4  # with equals among them
    if "classes" in name:
        return rng.integers(0, C, batch), y_pred
    if name in ("rows", "top k"):
        return np.eye(C)[rng.integers(0, C, batch)], y_pred
    return np.round(rng.uniform(size=(*batch, C))), np.round(
        y_pred
    ) if name == "accuracy" else y_pred


@pytest.mark.parametrize(("batch", "weights", "mask"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", METRICS)
def test_metrics_over_two_batches(name, batch, weights, mask):
    ours, theirs, settings = METRICS[name]
    ours, theirs = ours(**settings), theirs(**settings)
    assert ours.name == theirs.name
    y_true, y_pred = judged(name, batch)
    outputs = tf.convert_to_tensor(y_pred.astype("float32"))
    if mask is not None:
        keras.src.backend.set_keras_mask(outputs, tf.convert_to_tensor(mask != 0))
    theirs.update_state(y_true, outputs, weights)
    expected = float(theirs.result())
    assert ours(y_true, y_pred, weights, mask) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    theirs.update_state(y_true[:2], outputs.numpy()[:2])
    ours.update_state(y_true[:2], y_pred[:2])
    assert ours.result() == pytest.approx(float(theirs.result()), rel=1e-5, abs=1e-6)
    ours.reset_state()
    assert ours.result() == 0


@pytest.mark.parametrize("name", ["Mean", "Sum"])
@pytest.mark.parametrize(
    "weights",
    [None, 2.0, np.arange(3.0), np.arange(12.0).reshape(3, 4), np.arange(3.0)[:, None]],
    ids=np.shape,
)
def test_means_and_sums(name, weights):
    values = np.random.default_rng(0).normal(size=(3, 4, 2))
    ours, theirs = getattr(ec.metrics, name)(), getattr(keras.metrics, name)()
    assert ours(values, weights) == pytest.approx(float(theirs(values, weights)), rel=1e-5)


def test_arguments_and_defaults_are_those_of_keras():
    pairs = [
        *((cls, getattr(keras.losses, cls.__name__)) for cls in ec.losses.CLASSES.values()),
        *((cls, getattr(keras.metrics, cls.__name__)) for cls, _, _ in METRICS.values()),
        *((getattr(ec.metrics, name), getattr(keras.metrics, name)) for name in ("Mean", "Sum")),
        *((f, getattr(keras.losses, f.__name__)) for f in ec.losses.CLASSES),
        (ec.Loss, keras.Loss),
        (ec.Metric, keras.Metric),
        (ec.metrics.MeanMetricWrapper, keras.metrics.MeanMetricWrapper),
    ]
    for ours, theirs in pairs:
        mine, yours = (
            [(p.name, p.default) for p in inspect.signature(thing).parameters.values()]
            for thing in (ours, theirs)
        )
        assert mine == yours, ours


def test_sorted_ids():
    y_true, ids = np.array([2, 1, 0]), np.array([[1, 0, 3], [1, 2, 3], [3, 0, 1]])
    for k in (1, 2, 3):
        ours = ec.metrics.SparseTopKCategoricalAccuracy(k, from_sorted_ids=True)
        theirs = keras.metrics.SparseTopKCategoricalAccuracy(k, from_sorted_ids=True)
        assert ours(y_true, ids) == pytest.approx(float(theirs(y_true, ids)))
