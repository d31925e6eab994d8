"""The text modules give what the installed Keras gives, on random texts and on real reviews."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras.src.legacy.preprocessing import text as legacy

from embedding_core.datasets import load_reviews
from embedding_core.text import (
    TextVectorization,
    hashing_trick,
    one_hot,
    pad_sequences,
    text_to_word_sequence,
)

STANDARDIZE = ["lower_and_strip_punctuation", "lower", "strip_punctuation", None]
SPLIT = ["whitespace", "character"]
# NUL is out because Keras reads its vocabulary back through NumPy strings, which drop it.
CHARACTERS = st.sampled_from("aAbB zZ\t\n\v\f\r\x1c\x85\xa0!'-_~éÉßİ한😀") | st.characters(
    exclude_categories=["Cs"], exclude_characters="\x00"
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=15), max_size=6)
# TensorFlow's first calls are slow, and no example is.
UNHURRIED = settings(deadline=None, max_examples=60)


def of_keras(texts, **options):
    layer = keras.layers.TextVectorization(**options)
    layer.adapt(texts)
    return layer


def of_ours(texts, **options):
    layer = TextVectorization(**options)
    layer.adapt(texts)
    return layer


class TestTextVectorization:
    @given(
        texts=TEXTS,
        others=TEXTS,
        max_tokens=st.none() | st.integers(3, 9),
        standardize=st.sampled_from(STANDARDIZE),
        split=st.sampled_from(SPLIT),
        length=st.none() | st.integers(1, 9),
    )
    @UNHURRIED
    def test_random_texts(self, texts, others, max_tokens, standardize, split, length):
        texts = [*texts, "a"]
        options = {
            "max_tokens": max_tokens,
            "standardize": standardize,
            "split": split,
            "output_sequence_length": length,
        }
        theirs, ours = of_keras(texts, **options), of_ours(texts, **options)
        assert ours.get_vocabulary() == theirs.get_vocabulary()
        assert ours.get_vocabulary(False) == theirs.get_vocabulary(False)
        assert ours.vocabulary_size() == theirs.vocabulary_size()
        for sample in (texts, others):
            expected = theirs(tf.constant(sample, dtype=tf.string, shape=[len(sample)])).numpy()
            received = ours(sample)
            assert received.dtype == expected.dtype
            assert received.shape == expected.shape
            assert np.array_equal(received, expected)
        assert np.array_equal(TextVectorization(**options).adapt_and_call(texts), theirs(texts))

    @given(texts=TEXTS, length=st.none() | st.integers(1, 4))
    @UNHURRIED
    def test_ragged(self, texts, length):
        options = {"vocabulary": ["a", "b"], "ragged": True, "output_sequence_length": length}
        theirs = keras.layers.TextVectorization(**options)
        ours = TextVectorization(**options)
        expected = theirs(tf.constant(texts, dtype=tf.string, shape=[len(texts)])).to_list()
        assert [row.tolist() for row in ours(texts)] == expected

    @pytest.mark.parametrize("standardize", STANDARDIZE)
    def test_every_code_point(self, standardize):
        # One long text: what separates cuts it, what vanishes or changes case changes a word.
        text = "".join(chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
        theirs = of_keras([text], standardize=standardize)
        ours = of_ours([text], standardize=standardize)
        assert ours.get_vocabulary() == theirs.get_vocabulary()

    def test_every_rotten_tomatoes_sentence(self):
        texts = load_reviews("rotten_tomatoes").texts
        theirs, ours = of_keras(texts), of_ours(texts)
        assert ours.get_vocabulary() == theirs.get_vocabulary()
        assert np.array_equal(ours(texts), theirs(texts))

    def test_imdb_reviews(self):
        # 2,000 reviews of both labels; the vocabulary is learned from half of them.
        texts = load_reviews("imdb").texts[11_500:13_500]
        options = {"max_tokens": 5_000, "output_sequence_length": 256}
        theirs, ours = of_keras(texts[::2], **options), of_ours(texts[::2], **options)
        assert ours.get_vocabulary() == theirs.get_vocabulary()
        assert np.array_equal(ours(texts), theirs(texts))

    def test_one_text_is_its_row(self):
        options = {"vocabulary": ["a", "b"]}
        expected = keras.layers.TextVectorization(**options)("b c a")
        assert np.array_equal(TextVectorization(**options)("b c a"), expected)

    @pytest.mark.parametrize("vocabulary", [["b", "a"], ["", "[UNK]", "b"], ["a", "[UNK]", "B"]])
    def test_given_vocabulary(self, vocabulary):
        options = {"vocabulary": vocabulary, "standardize": None}
        theirs = keras.layers.TextVectorization(**options)
        ours = TextVectorization(**options)
        assert ours.get_vocabulary() == theirs.get_vocabulary()
        texts = ["a b B [UNK] c", ""]
        assert np.array_equal(ours(texts), theirs(texts))

    @pytest.mark.parametrize("vocabulary", [[], ["a", "a"], ["a", ""], ["a", "b", "c"]])
    def test_refuses_the_vocabularies_that_keras_refuses(self, vocabulary):
        for layer in (keras.layers.TextVectorization, TextVectorization):
            with pytest.raises(ValueError):
                layer(max_tokens=4, vocabulary=vocabulary)

    def test_a_given_vocabulary_is_not_adapted_by_either(self):
        for layer in (keras.layers.TextVectorization, TextVectorization):
            with pytest.raises(ValueError):
                layer(vocabulary=["a"]).adapt(["b"])

    def test_configurations_are_read_by_the_other_side(self):
        texts = ["It's a test; a TEST", ""]
        ours = of_ours(texts, max_tokens=9, output_sequence_length=4)
        theirs = keras.layers.TextVectorization.from_config(ours.get_config())
        assert np.array_equal(theirs(texts), ours(texts))
        given_to_keras = keras.layers.TextVectorization(vocabulary=["test", "a"], standardize=None)
        back = TextVectorization.from_config(given_to_keras.get_config())
        assert np.array_equal(back(texts), given_to_keras(texts))


class TestPadSequences:
    @given(
        rows=st.lists(st.lists(st.integers(-99, 99), max_size=7), min_size=1, max_size=7),
        maxlen=st.none() | st.integers(1, 8),
        dtype=st.sampled_from(["int8", "int32", "int64", "float32", object]),
        padding=st.sampled_from(["pre", "post"]),
        truncating=st.sampled_from(["pre", "post"]),
        value=st.integers(-9, 9),
    )
    @UNHURRIED
    def test_random_rows(self, rows, **options):
        expected = keras.utils.pad_sequences(rows, **options)
        received = pad_sequences(rows, **options)
        assert received.dtype == expected.dtype
        assert received.shape == expected.shape
        assert np.array_equal(received, expected)

    def test_vectors_and_strings(self):
        rows = [np.ones((3, 2)), np.zeros((0, 2)), np.full((1, 2), 0.5)]
        expected = keras.utils.pad_sequences(rows, maxlen=2, dtype="float32")
        assert np.array_equal(pad_sequences(rows, maxlen=2, dtype="float32"), expected)
        words = [["a", 1], ["b", "cc", "d"]]
        expected = keras.utils.pad_sequences(words, dtype=object, value="-")
        assert np.array_equal(pad_sequences(words, dtype=object, value="-"), expected)


class TestHashing:
    @given(
        text=st.text(CHARACTERS),
        n=st.integers(2, 50),
        lower=st.booleans(),
        split=st.sampled_from([" ", ",", "ab"]),
        filters=st.sampled_from(["", "!'-_~\t\n", "a."]),
    )
    @UNHURRIED
    def test_random_texts(self, text, n, **options):
        expected = legacy.text_to_word_sequence(text, **options)
        assert text_to_word_sequence(text, **options) == expected
        assert one_hot(text, n, **options) == legacy.one_hot(text, n, **options)
        for function in (None, "md5", len):
            expected = legacy.hashing_trick(text, n, function, **options)
            assert hashing_trick(text, n, function, **options) == expected

    @given(text=st.text())
    @UNHURRIED
    def test_defaults(self, text):
        assert text_to_word_sequence(text) == legacy.text_to_word_sequence(text)
        assert one_hot(text, 1000) == legacy.one_hot(text, 1000)
        analyzer = str.split
        expected = legacy.one_hot(text, 1000, analyzer=analyzer)
        assert one_hot(text, 1000, analyzer=analyzer) == expected
