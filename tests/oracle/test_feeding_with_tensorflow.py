"""What people hand to `fit` who come from TensorFlow: taken, or refused with a cure that works."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential

X, Y = np.random.default_rng(0).integers(0, 9, (12, 3)), np.arange(12) % 2


def model():
    made = Sequential([Embedding(9, 2), GlobalAveragePooling1D(), Dense(1, "sigmoid")], seed=0)
    made.compile("sgd", "binary_crossentropy", ["accuracy"])
    return made


def loss_of(x, y):
    return model().fit(x, y, shuffle=False, verbose=0).history["loss"]


@pytest.mark.parametrize(
    "convert",
    [tf.constant, tf.Variable, keras.ops.convert_to_tensor, pd.DataFrame, np.ndarray.tolist, tuple],
)
def test_tensors_frames_and_lists_are_taken(convert):
    labels = pd.Series(Y) if convert is pd.DataFrame else convert(Y)
    assert loss_of(convert(X), labels) == loss_of(X, Y)


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, nth):
        return X[4 * nth : 4 * nth + 4], Y[4 * nth : 4 * nth + 4]


def dataset():
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)


def generator():
    yield from (Batches()[nth] for nth in range(3))


@pytest.mark.parametrize("make", [dataset, Batches, generator])
@pytest.mark.parametrize("method", ["fit", "evaluate", "predict", "train_on_batch"])
def test_what_gives_batches_is_refused_by_name_before_anything_is_built(make, method):
    fresh = model()
    given = make()
    with pytest.raises(TypeError, match=f"x must be an array.*{type(given).__name__}.*Collect the"):
        getattr(fresh, method)(given)
    assert not fresh.built
    with pytest.raises(TypeError, match=f"validation_data.*{type(given).__name__}.*Collect"):
        fresh.fit(X, Y, validation_data=make(), verbose=0)
    assert not fresh.built


@pytest.mark.parametrize("make", [dataset, Batches])
def test_the_cure_works_as_it_is_written(make):
    data = make()
    with pytest.raises(TypeError) as refusal:
        model().fit(data)
    cure = str(refusal.value).partition("x, y = ")[2].removesuffix(".")
    x, y = eval(cure, {"np": np, "data": data})
    assert loss_of(x, y) == loss_of(X, Y)


def test_the_cure_for_a_generator_works_too():
    import itertools

    data = generator()
    with pytest.raises(TypeError) as refusal:
        model().fit(data)
    cure = str(refusal.value).partition("x, y = ")[2].partition(". Or make")[0]
    x, y = eval(cure, {"np": np, "itertools": itertools, "data": data, "number_of_batches": 3})
    assert loss_of(x, y) == loss_of(X, Y)


def test_ragged_and_sparse_tensors_are_refused_with_a_cure():
    ragged = tf.ragged.constant([[1, 2], [3]])
    with pytest.raises(TypeError, match=r"RaggedTensor.*\.to_tensor\(\)\.numpy\(\)"):
        model().fit(ragged, [0, 1])
    with pytest.raises(TypeError, match=r"SparseTensor.*tf\.sparse\.to_dense"):
        model().fit(tf.sparse.from_dense(np.eye(3)), [0, 1, 1])
