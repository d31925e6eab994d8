"""What a layer refuses, it calls by the name that the caller knows."""

import numpy as np
import pytest
import scipy

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.layers import EmbeddingBag, embedding_of
from embedding_core.optimizers import schedules
from embedding_core.text import WordVectors

WORDS = ["great"]
FLOATS = np.ones((2, 3, 4), "float32")
PRETRAINED = WordVectors(["good", "film"], np.ones((2, 3)))


def called(layer, inputs):
    layer(inputs)
    return layer


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Dense(2).call(WORDS), r"^inputs must "),
        (lambda: Dense(2, use_bias="no"), r"^use_bias must "),
        (lambda: Dense(2).add_weight("wide"), r"^shape must "),
        (lambda: Dense(2, trainable="no"), r"^trainable must "),
        (lambda: Embedding(3, 2, mask_zero="no"), r"^mask_zero must "),
        (lambda: Dense(2).build(()), r"received \(\)\.$"),
        (lambda: called(Dense(2), FLOATS).backward(WORDS), r"^gradient must "),
        (lambda: GlobalAveragePooling1D().call(WORDS), r"^inputs must "),
        (lambda: GlobalAveragePooling1D().call(FLOATS, mask=WORDS), r"^mask must "),
        (lambda: Embedding(3, 2, mask_zero=True).compute_mask(WORDS), r"^ids must "),
        (lambda: Embedding(3, 2, name="e").count_params(), r"^e has no weights yet"),
        (lambda: Sequential([Embedding(3, 2)]).count_params(), r"^the model has no weights yet"),
        (lambda: Embedding(3, 2).build_from_config({"shape": 1}), r"received {'shape': 1}\.$"),
        (
            lambda: Embedding(3, 2).build_from_config({"input_shape": "wide"}),
            r"must be a list of lengths: received 'wide'\.$",
        ),
        (lambda: Embedding(3, 2, weights=[WORDS]), r"^weights must "),
        (lambda: Embedding(3, 2, weights=[np.ones((2, 2))], name="e").build(), r"\be\b"),
        (lambda: EmbeddingBag(0, 2), r"^input_dim must "),
        (lambda: EmbeddingBag(2, 0), r"^output_dim must "),
        (lambda: EmbeddingBag(2, 2).call([[1, 0]]), r"received \[\[1, 0\]\]\. "),
        (lambda: embedding_of(PRETRAINED, [3]), r"^vocabulary must "),
        (
            lambda: embedding_of(PRETRAINED, weights=[]),
            r"^the vectors are the weights: leave weights out\.$",
        ),
        (
            lambda: embedding_of(PRETRAINED, ["good"], mask_zero=True),
            r"put '' in front of the vocabulary for padding, as "
            r"TextVectorization\.get_vocabulary\(\) does\.$",
        ),
        (lambda: schedules.ExponentialDecay(1.0, 2, 0.5)(-1), r"^step must "),
    ],
)
def test_the_message_names_it(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_the_warning_of_words_without_vectors_shows_five_of_them():
    with pytest.warns(UserWarning, match="words have a vector") as caught:
        embedding_of(PRETRAINED, list("abcdef"))
    assert str(caught[0].message) == (
        "0 of 6 words have a vector; ['a', 'b', 'c', 'd', 'e'] have none. Are words written alike "
        "on both sides, in upper or lower case?"
    )


def test_the_tables_name_is_the_one_that_a_saved_file_is_read_by():
    bag = EmbeddingBag(3, 2)
    bag(scipy.sparse.csr_array(np.eye(3, dtype="float32")))
    assert [weight.name for weight in bag.weights] == ["embeddings"]
    table = Embedding(3, 2)
    table.build()
    assert [weight.name for weight in table.weights] == ["embeddings"]
    table.quantize("int8")
    assert [weight.name for weight in table.weights] == ["embeddings", "embeddings_scale"]
