"""What chapters 3 and 4 say of Keras's source must be true of the Keras that is installed."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest

from embedding_core.keras_bridge import add_weight_calls, operations, source

CHAPTER_3 = "chapter 3 (book/03_build_add_weight.ipynb) is no longer true of this Keras: "
CHAPTER_4 = "chapter 4 (book/04_call_gather.ipynb) is no longer true of this Keras: "


def layer_of(V=4, D=2, **arguments):
    layer = keras.layers.Embedding(V, D, **arguments)
    layer.build()
    return layer


def test_the_matrix_is_made_in_build_by_one_call_of_add_weight():
    layer = keras.layers.Embedding(5, 2)
    assert layer.weights == [], CHAPTER_3 + "there is a weight before build"
    calls = add_weight_calls(layer, (None, 3))
    assert len(calls) == 1, CHAPTER_3 + f"build called add_weight {len(calls)} times"
    assert calls[0]["shape"] == (5, 2), CHAPTER_3 + f"the matrix has shape {calls[0]['shape']}"
    assert len(layer.weights) == 1, CHAPTER_3 + "build made other weights"
    assert layer.weights[0] is layer.embeddings, CHAPTER_3 + "add_weight made another weight"


def test_the_lines_that_chapter_3_shows_are_there():
    build = source(keras.layers.Embedding.build)
    assert "self.add_weight(" in build, CHAPTER_3 + "build's lines do not call add_weight"
    steps = source(keras.layers.Layer.add_weight, begin="if shape is None", end="return variable")
    for step in ("glorot_uniform", "initializers.get", "Variable(", "regularizers.get"):
        assert step in steps, CHAPTER_3 + f"add_weight has no step {step}"
    assert "constraints.get" in steps, CHAPTER_3 + "add_weight attaches no constraint"


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "float32"])
def test_call_takes_rows_once_and_does_not_multiply(dtype):
    names = [step.name for step in operations(layer_of(), np.array([[3, 1, 3]], dtype))]
    assert names.count("take") == 1, CHAPTER_4 + f"ids of {dtype} went through {names}"
    assert not {"matmul", "one_hot"} & set(names), CHAPTER_4 + f"call multiplies: {names}"
    is_cast_first = names.index("take") > 0
    assert is_cast_first == (dtype not in ("int32", "int64")), CHAPTER_4 + f"the casts: {names}"


def test_the_lines_that_chapter_4_shows_are_there():
    assert "ops.take" in source(keras.layers.Embedding.call), CHAPTER_4 + "call has no ops.take"
    ends_in = source(keras.src.backend.numpy.take, begin="indices = fix_negative_indices(convert")
    assert "tf.gather" in ends_in, CHAPTER_4 + "take does not end in tf.gather"


def test_rows_that_are_not_asked_for_take_no_part():
    table = np.full((4, 2), np.nan, "float32")
    table[[1, 3]] = 1
    outputs = np.asarray(layer_of(weights=[table])(np.array([3, 1, 3])))
    assert np.isfinite(outputs).all(), CHAPTER_4 + "other rows reach the output"


def test_the_walkthrough_notices_a_keras_that_changed(monkeypatch):
    """The two checks above can fail: on a layer that does what the thread's first answer says."""

    def multiply(self, inputs):
        return keras.ops.matmul(keras.ops.one_hot(inputs, self.input_dim), self.embeddings)

    monkeypatch.setattr(keras.layers.Embedding, "call", multiply)
    with pytest.raises(AssertionError, match="chapter 4"):
        test_call_takes_rows_once_and_does_not_multiply("int64")
    monkeypatch.setattr(keras.layers.Embedding, "build", lambda self, shape=None: None)
    with pytest.raises(AssertionError, match="chapter 3"):
        test_the_matrix_is_made_in_build_by_one_call_of_add_weight()
