import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_side import assert_same_arguments, assert_same_config

import embedding_core as ec

IDS = {"one axis": np.array([3, 0, 3, 4]), "two axes": np.array([[1, 4, 1], [0, 2, 2]])}
every_shape = pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def pair(dtype="float32", seed=0, **kwargs):
    """Our layer and Keras's with the same table of five rows."""
    table = np.random.default_rng(seed).normal(size=(5, 3)).astype(dtype)
    ours = ec.Embedding(5, 3, weights=table, dtype=dtype, **kwargs)
    of_keras = keras.layers.Embedding(5, 3, weights=[table], dtype=dtype, **kwargs)
    return ours, of_keras


@every_shape
@every_dtype
@pytest.mark.parametrize("id_dtype", ["int32", "int64", "uint8", "float32"])
def test_outputs_are_equal_bit_by_bit(ids, dtype, id_dtype):
    ours, of_keras = pair(dtype)
    ids = ids.astype(id_dtype)
    outputs, expected = ours(ids), of_keras(ids).numpy()
    assert outputs.dtype == expected.dtype
    assert outputs.shape == expected.shape
    assert outputs.tobytes() == expected.tobytes()


@every_shape
@every_dtype
def test_the_gradient_has_the_same_rows_and_values_and_sums(ids, dtype):
    ours, of_keras = pair(dtype)
    gradient = np.random.default_rng(1).normal(size=(*ids.shape, 3)).astype(dtype)
    with tf.GradientTape() as tape:
        outputs = of_keras(ids)
    expected = tape.gradient(outputs, of_keras.embeddings.value, gradient)
    ours(ids)
    slices = ours.backward(gradient)
    assert slices.indices.tolist() == expected.indices.numpy().ravel().tolist()
    assert slices.values.tobytes() == expected.values.numpy().tobytes()
    assert slices.dense_shape == tuple(expected.dense_shape.numpy())
    assert np.allclose(slices.dense(), tf.convert_to_tensor(expected), rtol=1e-6)


def test_arguments_and_their_defaults_are_keras():
    assert_same_arguments(ec.Embedding, keras.layers.Embedding)


@pytest.mark.parametrize(
    "kwargs",
    [
        {},
        {"mask_zero": True, "name": "words", "trainable": False, "dtype": "float64"},
        {
            "embeddings_initializer": "glorot_uniform",
            "embeddings_regularizer": "l2",
            "embeddings_constraint": "max_norm",
        },
    ],
)
def test_configurations_have_the_same_names_and_values(kwargs):
    ours, of_keras = ec.Embedding(5, 3, **kwargs), keras.layers.Embedding(5, 3, **kwargs)
    config = ours.get_config()
    if "name" not in kwargs:
        assert config.pop("name").startswith("embedding")
    assert_same_config(config, of_keras.get_config())


@every_shape
@pytest.mark.parametrize("mask_zero", [True, False])
def test_masks_are_the_same(ids, mask_zero):
    ours, of_keras = pair(mask_zero=mask_zero)
    mask, expected = ours.compute_mask(ids), of_keras.compute_mask(ids)
    if mask_zero:
        assert mask.tolist() == expected.numpy().tolist()
    else:
        assert mask is None
        assert expected is None


def test_the_life_of_the_table_is_the_same():
    ours, of_keras = ec.Embedding(5, 3), keras.layers.Embedding(5, 3)
    for layer in (ours, of_keras):
        assert not layer.built
        assert layer.weights == []
        with pytest.raises(ValueError, match="build"):
            layer.count_params()
        layer.build()
        assert layer.count_params() == 15
        assert [w.name for w in layer.weights] == ["embeddings"]
        assert np.abs(layer.get_weights()[0]).max() <= 0.05
        assert layer.get_weights()[0].dtype == np.float32
        assert layer.compute_output_shape((None, 7)) == (None, 7, 3)


@pytest.mark.parametrize("regularizer", ["l1", "l2", "l1l2"])
def test_penalties_are_the_same_and_vanish_when_frozen(regularizer):
    ours, of_keras = pair(embeddings_regularizer=regularizer)
    assert np.allclose(ours.losses, [float(loss) for loss in of_keras.losses], rtol=1e-6)
    assert len(ours.losses) == len(of_keras.losses) == 1
    ours.trainable = of_keras.trainable = False
    assert ours.losses == of_keras.losses == []


@pytest.mark.parametrize("constraint", ["non_neg", "max_norm", "unit_norm", "min_max_norm"])
def test_a_constraint_acts_on_the_whole_table_after_an_update_only(constraint):
    ours, of_keras = pair(embeddings_constraint=constraint)
    before = ours.get_weights()[0]
    assert before.tolist() == of_keras.get_weights()[0].tolist()
    ids, gradient = np.array([1, 1, 3]), np.ones((3, 3), "float32")
    ours(ids)
    ec.SGD(0.1).apply([ours.backward(gradient)], ours.trainable_weights)
    slices = tf.IndexedSlices(tf.constant(gradient), tf.constant(ids), tf.constant([5, 3]))
    keras.optimizers.SGD(0.1).apply([slices], of_keras.trainable_variables)
    after = ours.get_weights()[0]
    assert np.allclose(after, of_keras.get_weights()[0], rtol=1e-5, atol=1e-7)
    assert np.abs(after - before).max(axis=1).min() > 0  # the rows that nobody looked up too


def test_a_frozen_layer_has_no_trainable_weights():
    ours, of_keras = pair(trainable=False)
    assert ours.trainable_weights == of_keras.trainable_weights == []
    assert len(ours.non_trainable_weights) == len(of_keras.non_trainable_weights) == 1


def test_where_we_differ_negative_ids_wrap_in_keras_and_are_refused_here():
    ours, of_keras = pair()
    assert of_keras(np.array([-1])).numpy().tolist() == of_keras(np.array([4])).numpy().tolist()
    with pytest.raises(IndexError, match="id -1"):
        ours(np.array([-1]))


def test_where_we_differ_lists_are_refused_by_keras_and_taken_here():
    ours, of_keras = pair()
    with pytest.raises(ValueError, match=r"list|tensor"):
        of_keras([1, 2])
    assert ours([1, 2]).tolist() == of_keras(np.array([1, 2])).numpy().tolist()
