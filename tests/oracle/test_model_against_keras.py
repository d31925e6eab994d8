"""A whole model with the same first weights and the same batches trains like Keras's."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest

import embedding_core as ec

RNG = np.random.default_rng(0)
IDS = RNG.integers(1, 40, (70, 8))
IDS[RNG.random((70, 8)) < 0.4] = 0
IDS[:, 0] = np.maximum(IDS[:, 0], 1)  # no row of padding alone: Keras would answer with NaN
LABELS = (IDS.max(axis=1) > 33).astype("float32")
WEIGHTS = RNG.uniform(0.1, 2, 70).astype("float32")


def pair(optimizer, logits=False, **kwargs):
    """Our model and Keras's, compiled, with the same weights."""
    models = []
    for library, optimizers, losses in [
        (ec, ec, ec),
        (keras.layers, keras.optimizers, keras.losses),
    ]:
        layers = [
            library.Embedding(40, 6, **kwargs),
            library.GlobalAveragePooling1D(),
            library.Dense(5, "tanh"),
            library.Dense(1, None if logits else "sigmoid"),
        ]
        model = ec.Sequential(layers) if library is ec else keras.Sequential(layers)
        model.build((None, 8))
        name, settings = optimizer
        model.compile(
            getattr(optimizers, name)(**settings),
            losses.BinaryCrossentropy(from_logits=logits),
            metrics=["accuracy"],
        )
        models.append(model)
    ours, of_keras = models
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, 0.5, w.shape).astype("float32") for w in ours.trainable_weights]
    for weight, value in zip(ours.trainable_weights, weights, strict=True):
        weight.assign(value)
    of_keras.set_weights(weights)
    return ours, of_keras


def assert_same(ours, of_keras, tolerance):
    for one, other in zip(ours.trainable_weights, of_keras.get_weights(), strict=True):
        assert np.allclose(one.value, other, rtol=tolerance, atol=tolerance), one


# With Adam the gradient of the table has to be dense on Keras's side, as L2(0) makes it.
RUNS = {
    "sgd": (("SGD", {"learning_rate": 0.5}), {}),
    "sgd, masked": (("SGD", {"learning_rate": 0.5}), {"mask_zero": True}),
    "nesterov, masked": (
        ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
        {"mask_zero": True},
    ),
    "adam, regularized": (
        ("Adam", {"learning_rate": 0.01}),
        {"embeddings_regularizer": "l2", "mask_zero": True},
    ),
    "adam, constrained, logits": (
        ("Adam", {"learning_rate": 0.01}),
        {"embeddings_regularizer": "l2", "embeddings_constraint": "max_norm", "logits": True},
    ),
}


@pytest.mark.parametrize(("optimizer", "kwargs"), RUNS.values(), ids=RUNS)
def test_losses_accuracies_and_weights_stay_together(optimizer, kwargs):
    ours, of_keras = pair(optimizer, **kwargs)
    settings = {"batch_size": 16, "epochs": 8, "shuffle": False, "verbose": 0}
    settings["validation_split"] = 0.2
    here = ours.fit(IDS, LABELS, **settings)
    there = of_keras.fit(IDS, LABELS, **settings)
    assert here.epoch == there.epoch
    assert sorted(here.history) == sorted(there.history)
    for name, values in there.history.items():
        assert np.allclose(here.history[name], values, rtol=1e-4, atol=1e-5), name
    assert here.history["loss"][-1] < here.history["loss"][0]
    assert_same(ours, of_keras, 1e-3)
    assert np.allclose(ours.predict(IDS), of_keras.predict(IDS, verbose=0), atol=1e-4)


def test_sample_weights_have_the_same_effect():
    ours, of_keras = pair(("SGD", {"learning_rate": 0.5}), mask_zero=True)
    settings = {"batch_size": 16, "epochs": 5, "shuffle": False, "verbose": 0}
    here = ours.fit(IDS, LABELS, sample_weight=WEIGHTS, **settings)
    there = of_keras.fit(IDS, LABELS, sample_weight=WEIGHTS, **settings)
    for name, values in there.history.items():
        assert np.allclose(here.history[name], values, rtol=1e-4, atol=1e-5), name
    assert_same(ours, of_keras, 1e-4)


def test_one_step_and_one_measurement_give_the_same_numbers():
    ours, of_keras = pair(("SGD", {"learning_rate": 0.5}), embeddings_regularizer="l2")
    both = (ours, {}), (of_keras, {"verbose": 0})
    assert np.allclose(
        ours.evaluate(IDS, LABELS), of_keras.evaluate(IDS, LABELS, verbose=0), rtol=1e-5
    )
    weighted = [m.evaluate(IDS, LABELS, sample_weight=WEIGHTS, **v) for m, v in both]
    assert np.allclose(*weighted, rtol=1e-5)
    assert not np.isclose(weighted[0][0], ours.evaluate(IDS, LABELS)[0])
    here, there = ours.train_on_batch(IDS, LABELS), of_keras.train_on_batch(IDS, LABELS)
    assert len(here) == len(there) == 2
    assert np.allclose(here, there, rtol=1e-5)
    assert_same(ours, of_keras, 1e-5)


def test_an_embedding_trains_like_a_dense_layer_on_one_hot_ids_here_and_not_in_keras():
    one_hot = ec.one_hot(IDS[:, 0], 40, dense=True)
    rng = np.random.default_rng(2)
    table = rng.normal(0, 0.5, (40, 6)).astype("float32")
    kernel = rng.normal(0, 0.5, (6, 1)).astype("float32")

    def gap(library, sequential, adam):
        """Largest difference between the two tables after five epochs of Adam."""
        tables = []
        for first, inputs in [
            (library.Embedding(40, 6), IDS[:, 0]),
            (library.Dense(6, use_bias=False), one_hot),
        ]:
            last = library.Dense(1, "sigmoid", use_bias=False)
            model = sequential([first, last])
            model.build(inputs.shape)
            first.set_weights([table])
            last.set_weights([kernel])
            model.compile(adam(0.05), "binary_crossentropy")
            model.fit(inputs, LABELS, batch_size=35, epochs=5, shuffle=False, verbose=0)
            tables.append(first.get_weights()[0])
        return np.abs(tables[0] - tables[1]).max()

    assert gap(ec, ec.Sequential, ec.Adam) < 1e-5
    assert gap(keras.layers, keras.Sequential, keras.optimizers.Adam) > 1e-3
