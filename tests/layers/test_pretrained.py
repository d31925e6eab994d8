"""A layer of others' vectors: each id has the row of its word, and memory is taken once."""

import tracemalloc

import numpy as np
import pytest

from embedding_core import Embedding
from embedding_core.initializers import GlorotUniform
from embedding_core.layers import embedding_of
from embedding_core.text import TextVectorization, WordVectors

WORDS = ["the", "naïve", "猫", "don't", "..."]
VECTORS = np.array([[0.5, -1.25], [1e-3, 2e10], [0, -0.0], [3, 4], [-7.5, 0.1]], "float32")
PRETRAINED = WordVectors(WORDS, VECTORS)


def test_a_layer_of_the_words_of_the_file():
    layer = embedding_of(PRETRAINED, trainable=False, name="words")
    assert isinstance(layer, Embedding)
    assert layer([4, 0]).tolist() == VECTORS[[4, 0]].tolist()
    assert (layer.name, layer.trainable_weights) == ("words", [])
    assert layer.get_config() == {**Embedding(5, 2, name="words", trainable=False).get_config()}


def test_the_layer_has_numbers_of_its_own():
    vectors = VECTORS.copy()
    layer = embedding_of(WordVectors(WORDS, vectors))
    vectors[0] = 9
    layer.embeddings.assign_rows([1], [[7, 7]])
    assert layer([0]).tolist() == VECTORS[[0]].tolist()
    assert (vectors[1] == VECTORS[1]).all()


def test_a_layer_of_a_vocabulary_of_ones_own():
    vectorize = TextVectorization(vocabulary=["猫", "unseen", "the"])
    for vocabulary in (vectorize, vectorize.get_vocabulary()):
        layer = embedding_of(
            PRETRAINED,
            vocabulary,
            embeddings_initializer="ones",
            mask_zero=True,
            dtype="float64",
        )
        ids = np.asarray(vectorize(["the 猫 unseen"]))
        assert layer(ids)[0].tolist() == [VECTORS[0].tolist(), VECTORS[2].tolist(), [1, 1]]
        assert layer([0, 1]).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("true", [True, np.True_])
def test_a_mask_hides_padding_and_no_word_and_the_ids_are_those_of_the_vectorization(true):
    layer = embedding_of(PRETRAINED, mask_zero=true)
    ids = np.asarray(TextVectorization(vocabulary=WORDS, standardize=None)(["the 猫 unseen", "猫"]))
    assert layer(ids)[0, :2].tolist() == VECTORS[[0, 2]].tolist()
    assert layer.compute_mask(ids).tolist() == [[True, True, True], [True, False, False]]
    assert layer.input_dim == 7
    padded = WordVectors(["", *WORDS], np.vstack([np.zeros((1, 2)), VECTORS]))
    assert embedding_of(padded, mask_zero=true).embeddings.value.tolist() == padded.vectors.tolist()
    with pytest.raises(ValueError, match="masks id 0, which is the word 'the': put '' in front"):
        embedding_of(PRETRAINED, ["the", "猫"], mask_zero=true)


def test_few_words_or_none_are_warned_of():
    with pytest.warns(UserWarning, match=r"^0 of 1 words have a vector; \['new'\] have none"):
        assert embedding_of(PRETRAINED, ["new"])([0]).shape == (1, 2)
    with pytest.warns(UserWarning, match=r"^1 of 3 words have a vector; \['The', \"Don't\"\]"):
        embedding_of(PRETRAINED, ["", "[UNK]", "The", "Don't", "猫"], mask_zero=True)
    embedding_of(PRETRAINED, ["", "[UNK]", "The", "猫"], mask_zero=True)  # a half is enough
    embedding_of(PRETRAINED, ["", "[UNK]"])


def test_words_without_a_vector_get_rows_of_the_initializer_and_a_seed_repeats():
    vocabulary = ["new", *WORDS, "newer"]
    first, second = (
        embedding_of(PRETRAINED, vocabulary, embeddings_initializer={**UNIFORM}) for _ in range(2)
    )
    table = first.embeddings.value
    assert table[1:-1].tolist() == VECTORS.tolist()
    assert ((table[[0, -1]] >= 2) & (table[[0, -1]] < 3)).all()
    assert len(set(table[[0, -1]].ravel().tolist())) == 4
    assert second.embeddings.value.tolist() == table.tolist()
    assert first.get_config()["embeddings_initializer"] == UNIFORM


UNIFORM = {"class_name": "RandomUniform", "config": {"minval": 2.0, "maxval": 3.0, "seed": 7}}


def test_lora_and_half_precision_may_be_asked_for():
    layer = embedding_of(WordVectors(WORDS[3:], VECTORS[3:]), lora_rank=1, dtype="float16")
    assert layer([0]).tolist() == [[3, 4]]
    assert layer.lora_enabled


def test_what_makes_no_layer_is_refused():
    with pytest.raises(ValueError, match="there is no word to make a row for: received <Wo"):
        embedding_of(PRETRAINED, [])
    for masked in (True, False):
        with pytest.raises(ValueError, match="received <WordVectors of 0 words, 2 dimensions>"):
            embedding_of(WordVectors([], VECTORS[:0]), mask_zero=masked)
    with pytest.raises(ValueError, match=r"vectors are floats.*Quantize later"):
        embedding_of(PRETRAINED, dtype="int8_from_float32")
    with pytest.raises(ValueError, match="leave weights out"):
        embedding_of(PRETRAINED, weights=VECTORS)
    with pytest.raises(TypeError, match="pretrained must be WordVectors"):
        embedding_of(VECTORS)


@pytest.mark.parametrize("arguments", [{}, {"mask_zero": True}, {"dtype": "float64"}])
def test_memory_is_taken_for_the_layers_own_table_and_no_other(arguments):
    pretrained = WordVectors(map(str, range(5000)), np.ones((5000, 200), "float32"))
    embedding_of(pretrained, **arguments)
    tracemalloc.start()
    try:
        layer = embedding_of(pretrained, **arguments)
        assert tracemalloc.get_traced_memory()[1] < 1.1 * layer.embeddings.value.nbytes + 2**20
    finally:
        tracemalloc.stop()


def test_rows_that_are_drawn_have_the_layers_precision():
    """A number drawn in float32 has 29 zeros at the end of its 52 bits."""
    layer = embedding_of(PRETRAINED, ["new", "the"], dtype="float64")
    drawn = layer([0])
    assert (drawn != drawn.astype("float32")).any()


@pytest.mark.filterwarnings("ignore:0 of 1 words")
def test_something_truthy_is_no_mask_zero():
    with pytest.raises(TypeError, match="mask_zero"):
        embedding_of(PRETRAINED, ["new"], mask_zero=1)


GLOROT = {"class_name": "GlorotUniform", "config": {"seed": 3}}


@pytest.mark.parametrize("unknown", [["new"], ["new", "newer"]])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rows_are_drawn_as_for_a_table_of_the_words_without_a_vector_alone(unknown, dtype):
    # "the" has row 0 of the file, which is a row like the others.
    layer = embedding_of(
        PRETRAINED, ["the", "猫", *unknown], embeddings_initializer=GLOROT, dtype=dtype
    )
    drawn = GlorotUniform(seed=3)((len(unknown), 2), dtype)
    np.testing.assert_array_equal(layer.embeddings.value, [*VECTORS[[0, 2]], *drawn])


def test_wide_vectors_come_over_one_by_one():
    vectors = np.arange(3.0)[:, None] + np.zeros(70_000, "float32")
    layer = embedding_of(WordVectors(["a", "b", "c"], vectors), ["c", "a", "b"])
    assert layer.embeddings.value[:, -1].tolist() == [2, 0, 1]
