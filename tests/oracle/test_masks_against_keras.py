"""How far a mask gets, in Keras and in our Sequential, and what each says about it."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

from embedding_core import (
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    Layer,
    MeanSquaredError,
    Sequential,
)
from embedding_core.keras_bridge import mask_journey, to_keras

TABLE = np.array([[9.0], [1.0], [2.0], [3.0]], "float32")
IDS = np.array([[1, 2, 0, 0]])


class Unaware(Layer):
    """Change nothing and know nothing of masks."""

    def call(self, inputs, mask=None):
        return inputs


def journey(layer, mask_zero=True):
    embedding = keras.layers.Embedding(4, 1, mask_zero=mask_zero, weights=[TABLE])
    return mask_journey([embedding, layer, keras.layers.GlobalAveragePooling1D()], IDS)


def test_a_mask_passes_a_layer_that_supports_it_and_ends_at_the_mean():
    embedding, dropout, mean = journey(keras.layers.Dropout(0.5))
    assert [stop.layer for stop in (embedding, dropout, mean)] == [
        "Embedding",
        "Dropout",
        "GlobalAveragePooling1D",
    ]
    for stop in (embedding, dropout):
        assert stop.mask.tolist() == [[True, True, False, False]]
        assert stop.outputs.ravel().tolist() == [1, 2, 9, 9]
    assert mean.mask is None
    assert mean.outputs.item() == 1.5
    assert not any(stop.warning for stop in (embedding, dropout, mean))


def test_a_layer_without_mask_support_loses_it_with_a_warning_and_no_exception():
    embedding, reshape, mean = journey(keras.layers.Reshape((4, 1)))
    assert embedding.mask is not None
    assert reshape.mask is None
    assert "does not support masking" in reshape.warning
    assert mean.outputs.item() == 5.25


def test_without_mask_zero_there_is_nothing_to_lose():
    stops = journey(keras.layers.Reshape((4, 1)), mask_zero=False)
    assert [stop.mask for stop in stops] == [None] * 3
    assert not any(stop.warning for stop in stops)


def test_ours_loses_it_in_the_same_place_to_the_same_result():
    table = Embedding(4, 1, mask_zero=True, weights=TABLE)
    unaware = Sequential([table, Unaware(), GlobalAveragePooling1D()])
    with pytest.warns(UserWarning, match="does not support masking"):
        assert unaware(IDS).item() == journey(keras.layers.Reshape((4, 1)))[-1].outputs.item()
    aware = Sequential([table, Dense(1, kernel_initializer="ones"), GlobalAveragePooling1D()])
    assert aware(IDS).item() == journey(keras.layers.Dropout(0.5))[-1].outputs.item()


def test_ours_does_not_warn_where_there_is_no_mask():
    table = Embedding(4, 1, weights=TABLE)
    assert Sequential([table, Unaware(), GlobalAveragePooling1D()])(IDS).item() == 5.25


@pytest.mark.parametrize(
    ("ours", "of_keras"),
    [
        (Dense(1), keras.layers.Dense(1)),
        (GlobalAveragePooling1D(), keras.layers.GlobalAveragePooling1D()),
        (Layer(), keras.layers.Layer()),
    ],
)
def test_the_same_layers_support_masks(ours, of_keras):
    assert ours.supports_masking == of_keras.supports_masking


INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_ids_of_every_integer_dtype_have_the_mask_of_keras(dtype):
    ids = np.array([[3, 0, 1], [0, 0, 2]], dtype)
    of_keras = keras.layers.Embedding(4, 2, mask_zero=True)
    expected = np.array(of_keras.compute_mask(ids))
    mask = Embedding(4, 2, mask_zero=True).compute_mask(ids)
    assert mask.dtype == expected.dtype == bool
    assert mask.tolist() == expected.tolist()


@pytest.mark.parametrize("dtype", [*INTEGERS, "bool", "float32"])
def test_a_mask_of_any_numbers_leaves_out_of_a_loss_what_keras_leaves_out(dtype):
    labels = np.array([[0.0, 1.0], [1.0, 1.0]], "float32")
    outputs = np.array([[0.2, 0.9], [0.4, 0.6]], "float32")
    mask = np.array([[1, 0], [1, 1]], dtype)
    carrier = tf.constant(outputs[..., None])
    carrier._keras_mask = tf.constant(mask)
    expected = float(keras.losses.MeanSquaredError()(labels[..., None], carrier))
    ours = MeanSquaredError()(labels[..., None], outputs[..., None], mask=mask)
    assert np.isclose(ours, expected, rtol=1e-6)


RANDOM = np.random.default_rng(0)
X, Y = RANDOM.integers(0, 9, (20, 5)), RANDOM.integers(0, 3, (20, 5))
WEIGHTS = {
    "a step": RANDOM.random((20, 5)),
    "a step, in columns": RANDOM.random((20, 5, 1)),
    "a sample, in a column": RANDOM.random((20, 1)),
}


@pytest.mark.parametrize("held_back", ["split", "data"])
@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
@pytest.mark.parametrize(
    ("loss", "labels"),
    [
        ("sparse_categorical_crossentropy", Y),
        ("sparse_categorical_crossentropy", Y[..., None]),
        ("categorical_crossentropy", np.eye(3, dtype="float32")[Y]),
    ],
)
def test_a_mask_weights_and_what_is_held_back_go_together(loss, labels, weights, held_back):
    ours = Sequential([Embedding(9, 2, mask_zero=True), Dense(3, "softmax")], seed=0)
    ours.compile("sgd", loss, ["accuracy"])
    ours.build((None, 5))
    theirs = to_keras(ours)
    theirs.run_eagerly = True  # to trace a graph takes longer than these few steps
    given = {"sample_weight": weights, "validation_split": 0.3}
    if held_back == "data":
        given = {"validation_data": (X[:6], labels[:6], weights[:6])}
    runs = [
        m.fit(X, labels, 4, 2, shuffle=False, verbose=0, **given).history for m in (ours, theirs)
    ]
    assert set(runs[0]) == set(runs[1]) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for name, expected in runs[1].items():
        np.testing.assert_allclose(runs[0][name], expected, rtol=1e-5, atol=1e-6)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
