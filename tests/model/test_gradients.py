"""A whole model against finite differences, with masks, padding, regularizers and weights."""

import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import (
    SGD,
    BinaryCrossentropy,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    IndexedSlices,
    Sequential,
)

IDS = np.array([[1, 3, 3, 0], [2, 0, 0, 0], [4, 4, 1, 2], [0, 0, 0, 0]])
LABELS = np.array([1.0, 0.0, 0.0, 1.0])
WEIGHTS = np.array([1.0, 0.5, 2.0, 3.0])


def model_of(activation, mask_zero, regularizer=None):
    rng = np.random.default_rng(0)
    model = Sequential(
        [
            Embedding(6, 3, "normal", regularizer, mask_zero=mask_zero, dtype="float64"),
            GlobalAveragePooling1D(dtype="float64"),
            Dense(4, "tanh", kernel_regularizer=regularizer, dtype="float64"),
            Dense(1, activation, bias_regularizer=regularizer, dtype="float64"),
        ]
    )
    model.build((None, 4))
    for weight in model.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    return model


@pytest.mark.parametrize("mask_zero", [True, False])
@pytest.mark.parametrize("regularizer", [None, "l2", "l1"])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("from_logits", [True, False])
def test_every_gradient_agrees_with_finite_differences(
    mask_zero, regularizer, weights, from_logits
):
    model = model_of(None if from_logits else "sigmoid", mask_zero, regularizer)
    loss = BinaryCrossentropy(from_logits)

    def total(variable, value):
        variable.assign(value)
        penalty = sum(sum(layer.losses) for layer in model.layers)
        return loss(LABELS, model(IDS), weights) + penalty

    trained = model.trainable_weights
    assert len(trained) == 5
    start = [w.value.copy() for w in trained]
    expected = []
    for weight, value in zip(trained, start, strict=True):
        expected.append(numeric_gradient(lambda v, w=weight: total(w, v), value))
        weight.assign(value)
    model.backward(loss.gradient(LABELS, model(IDS), weights))
    for weight, gradient in zip(trained, expected, strict=True):
        found = weight.gradient
        found = found.dense() if isinstance(found, IndexedSlices) else found
        assert np.allclose(found, gradient, atol=1e-8), weight


def test_the_gradient_of_the_table_is_sparse_unless_a_regularizer_makes_it_dense():
    for regularizer, kind in [(None, IndexedSlices), ("l2", np.ndarray)]:
        model = model_of("sigmoid", True, regularizer)
        model.backward(np.ones_like(model(IDS)))
        assert isinstance(model.trainable_weights[0].gradient, kind)


def test_padding_does_not_change_an_output_when_masked_and_does_when_not():
    longer = np.hstack([IDS, np.zeros((4, 3), int)])
    masked, plain = model_of("sigmoid", True), model_of("sigmoid", False)
    assert np.allclose(masked(IDS), masked(longer), rtol=1e-13)
    assert not np.allclose(plain(IDS[:3]), plain(longer[:3]), rtol=1e-3)


def test_row_zero_does_not_move_behind_a_mask():
    model = model_of("sigmoid", True)
    before = model.layers[0].embeddings.value.copy()
    model.compile(SGD(1.0), "binary_crossentropy")
    model.train_on_batch(IDS, LABELS)
    after = model.layers[0].embeddings.value
    assert after[0].tolist() == before[0].tolist()
    assert (after[1:5] != before[1:5]).all()
    assert after[5].tolist() == before[5].tolist()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_one_row_of_padding_alone_produces_no_nan_anywhere(dtype, optimizer):
    model = Sequential(
        [
            Embedding(5, 2, mask_zero=True, embeddings_constraint="unit_norm", dtype=dtype),
            GlobalAveragePooling1D(),
            Dense(1, "sigmoid", dtype=dtype),
        ],
        seed=1,
    )
    model.compile(optimizer, "binary_crossentropy", ["accuracy"])
    history = model.fit(IDS, LABELS, batch_size=2, epochs=5, verbose=0, validation_split=0.25)
    assert all(np.isfinite(values).all() for values in history.history.values())
    assert all(np.isfinite(weight.value).all() for weight in model.trainable_weights)
    assert np.isfinite(model.predict(IDS)).all()


def test_a_mask_reaches_a_pooling_behind_a_dense_layer():
    model = Sequential(
        [Embedding(5, 2, mask_zero=True), Dense(2, "relu"), GlobalAveragePooling1D()], seed=2
    )
    assert np.allclose(model([[3, 4, 0, 0]]), model([[3, 4]]), rtol=1e-6)


def test_backward_starts_from_nothing_in_each_training_step():
    once, twice = model_of("sigmoid", True), model_of("sigmoid", True)
    for model in (once, twice):
        model.compile(SGD(0.0), "binary_crossentropy")
    once.train_on_batch(IDS, LABELS)
    twice.train_on_batch(IDS[:2], LABELS[:2])
    twice.train_on_batch(IDS, LABELS)
    for one, other in zip(once.trainable_weights, twice.trainable_weights, strict=True):
        if isinstance(one.gradient, IndexedSlices):
            assert one.gradient.dense().tolist() == other.gradient.dense().tolist()
        else:
            assert one.gradient.tolist() == other.gradient.tolist()
