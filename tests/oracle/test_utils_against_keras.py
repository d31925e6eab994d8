import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_side import assert_same_arguments

from embedding_core import utils


@pytest.mark.parametrize("shape", [(), (1,), (6,), (6, 1), (2, 3), (2, 3, 1)])
@pytest.mark.parametrize("num_classes", [None, 7])
def test_one_hot_rows_are_those_of_keras(shape, num_classes):
    labels = np.random.default_rng(0).integers(0, 5, shape)
    ours = utils.to_categorical(labels, num_classes)
    expected = keras.utils.to_categorical(labels, num_classes)
    assert ours.dtype == expected.dtype
    assert ours.shape == expected.shape
    assert (ours == expected).all()


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_normalized_vectors_are_those_of_keras(axis, order):
    x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    # As a tensor: see the next test.
    expected = keras.utils.normalize(tf.constant(x), axis, order)
    assert np.allclose(utils.normalize(x, axis, order), expected, rtol=1e-6)


def test_where_we_differ_keras_divides_an_array_by_another_axis_than_the_first():
    x = np.array([[3.0, 1.0], [4.0, 1.0]])
    assert not np.allclose(np.linalg.norm(keras.utils.normalize(x, axis=0), axis=0), 1)
    assert np.allclose(np.linalg.norm(utils.normalize(x, axis=0), axis=0), 1)


def test_where_we_differ_keras_makes_rows_of_labels_that_are_no_classes():
    assert keras.utils.to_categorical([-1, 0.9], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    with pytest.raises(IndexError):
        utils.to_categorical([-1], 3)
    with pytest.raises(TypeError):
        utils.to_categorical([0.9], 3)


@pytest.mark.parametrize("name", ["to_categorical", "normalize"])
def test_arguments_and_their_defaults_are_keras(name):
    assert_same_arguments(getattr(utils, name), getattr(keras.utils, name))
