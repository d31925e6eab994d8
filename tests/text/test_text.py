"""The text modules against a plain-Python vectorizer, hand-made answers and arithmetic."""

import copy
import hashlib
import json
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.text import (
    TextVectorization,
    hashing_trick,
    one_hot,
    pad_sequences,
    text_to_word_sequence,
)

# Few distinct characters, so that words repeat; each is here for a rule it could break.
ALPHABET = "abAB Z\t\n\v\f\r!'-_~\x00\x1c\x85\xa0éÉßİ한😀\u2028"
TEXTS = st.lists(st.text(ALPHABET, max_size=12), max_size=8)
PUNCTUATION = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"


def plain_words(text: str, standardize: str | None = "lower_and_strip_punctuation") -> list[str]:
    """The rules read aloud: ASCII case, ASCII punctuation, six kinds of ASCII white space."""
    if standardize in ("lower", "lower_and_strip_punctuation"):
        text = "".join(c.lower() if "A" <= c <= "Z" else c for c in text)
    if standardize in ("strip_punctuation", "lower_and_strip_punctuation"):
        text = "".join(c for c in text if c not in PUNCTUATION)
    return [word for word in re.split("[ \t\n\v\f\r]+", text) if word]


def plain_vocabulary(rows: list[list[str]], max_tokens: int | None = None) -> list[str]:
    counts = Counter(word for row in rows for word in row if word != "[UNK]")
    alphabetical = sorted(counts, key=str.encode, reverse=True)
    return ["", "[UNK]", *sorted(alphabetical, key=lambda w: -counts[w])][:max_tokens]


def plain_ids(rows: list[list[str]], vocabulary: list[str]) -> list[list[int]]:
    return [[vocabulary.index(w) if w in vocabulary else 1 for w in row] for row in rows]


def adapted(texts: list[str], **options: Any) -> TextVectorization:
    layer = TextVectorization(**options)
    layer.adapt(texts)
    return layer


class TestVocabulary:
    def test_is_ordered_by_count_then_backwards(self):
        layer = adapted(["b a c", "c b d", "c"])
        assert layer.get_vocabulary() == ["", "[UNK]", "c", "b", "d", "a"]
        assert layer.get_vocabulary(include_special_tokens=False) == ["c", "b", "d", "a"]
        assert layer.vocabulary_size() == 6

    def test_breaks_ties_in_byte_order(self):
        assert adapted(["z é 한 😀 ｡"]).get_vocabulary()[2:] == ["😀", "｡", "한", "é", "z"]

    def test_max_tokens_counts_the_special_tokens(self):
        assert adapted(["a b b c c c"], max_tokens=4).get_vocabulary() == ["", "[UNK]", "c", "b"]

    def test_is_replaced_by_the_next_adapt(self):
        layer = adapted(["a b"])
        layer.adapt(["c"])
        assert layer.get_vocabulary()[2:] == ["c"]
        assert layer(["a c"]).tolist() == [[1, 2]]

    def test_never_learns_the_unknown_token(self):
        layer = adapted(["[UNK] [UNK] a"], standardize=None)
        assert layer.get_vocabulary() == ["", "[UNK]", "a"]
        assert layer(["[UNK] a"]).tolist() == [[1, 2]]
        both = TextVectorization(standardize=None).adapt_and_call(["[UNK] [UNK] a"])
        assert np.array_equal(both, [[1, 1, 2]])

    def test_is_a_copy(self):
        layer = adapted(["a"])
        layer.get_vocabulary(include_special_tokens=False).append("b")
        assert layer.vocabulary_size() == 3

    @pytest.mark.parametrize("front", [[], ["", "[UNK]"]])
    def test_may_be_given(self, front):
        layer = TextVectorization(vocabulary=[*front, "wind", "earth"])
        assert layer.get_vocabulary() == ["", "[UNK]", "wind", "earth"]
        assert layer(["Earth, fire!", "wind"]).tolist() == [[3, 1], [2, 0]]

    def test_may_give_the_unknown_token_a_second_place(self):
        layer = TextVectorization(vocabulary=["a", "[UNK]"], standardize=None)
        assert layer(["a [UNK] b"]).tolist() == [[2, 3, 1]]

    def test_given_fills_max_tokens_exactly(self):
        assert TextVectorization(max_tokens=4, vocabulary=["a", "b"]).vocabulary_size() == 4

    @pytest.mark.parametrize(
        ("vocabulary", "error", "message"),
        [
            ([], ValueError, "at least one word"),
            (["", "[UNK]"], ValueError, "at least one word"),
            (["a", "b", "a"], ValueError, "'a' twice"),
            (["a", ""], ValueError, "word number 1"),
            (["a", "b", "c"], ValueError, "max_tokens=4.*received 3 words"),
            (["a", 3], TypeError, "int at position 1: 3"),
            ("words.txt", TypeError, "received str: 'words.txt'"),
            (["a", "\ud800"], ValueError, r"vocabulary\[1\].*surrogates"),
        ],
    )
    def test_refuses_and_stays(self, vocabulary, error, message):
        layer = adapted(["x y"], max_tokens=4)
        with pytest.raises(error, match=message):
            layer.set_vocabulary(vocabulary)
        assert layer.get_vocabulary() == ["", "[UNK]", "y", "x"]
        assert layer(["x"]).tolist() == [[3]]


class TestCall:
    def test_pads_with_zeros_at_the_end(self):
        rows = adapted(["a b b"])(["b", "", "a b unseen"])
        assert rows.tolist() == [[2, 0, 0], [0, 0, 0], [3, 2, 1]]
        assert rows.dtype == np.int64

    def test_cuts_and_fills_to_output_sequence_length(self):
        layer = TextVectorization(output_sequence_length=2, vocabulary=["a", "b"])
        assert layer(["a b a", "b", ""]).tolist() == [[2, 3], [3, 0], [0, 0]]
        assert layer([]).shape == (0, 2)

    def test_ragged_gives_each_row_its_length(self):
        rows = TextVectorization(vocabulary=["a", "b"], ragged=True)(["a b c", "", "b"])
        assert [row.tolist() for row in rows] == [[2, 3, 1], [], [3]]
        assert all(row.dtype == np.int64 for row in rows)

    def test_ragged_is_cut_but_not_filled(self):
        layer = TextVectorization(vocabulary=["a"], ragged=True, output_sequence_length=2)
        assert [row.tolist() for row in layer(["a a a", "a"])] == [[2, 2], [2]]

    def test_of_nothing_is_empty(self):
        layer = adapted(["a"])
        assert layer([]).shape == (0, 0)
        assert layer(["", " "]).shape == (2, 0)
        assert TextVectorization(vocabulary=["a"], ragged=True)([]) == []

    def test_of_one_text_is_its_row(self):
        assert adapted(["a b b"])("a b").tolist() == [3, 2]

    def test_takes_arrays_and_generators(self):
        layer = adapted(["a b b"])
        assert layer(np.array(["a", "b"])).tolist() == [[3], [2]]
        assert layer(text for text in ["a", "b"]).tolist() == [[3], [2]]

    def test_learns_nothing(self):
        layer = adapted(["a"])
        layer(["b b b"])
        assert layer.get_vocabulary() == ["", "[UNK]", "a"]

    def test_keeps_case_and_spaces_outside_ascii(self):
        assert adapted(["ÉTÉ"]).get_vocabulary()[2:] == ["ÉtÉ"]
        assert adapted(["a\xa0b\x1cc"]).get_vocabulary()[2:] == ["a\xa0b\x1cc"]

    def test_drops_exactly_ascii_punctuation(self):
        everything = "".join(chr(i) for i in range(33, 0x2100))
        (word,) = adapted([everything]).get_vocabulary()[2:]
        kept = [c for c in everything if c not in PUNCTUATION]
        assert word == "".join(c.lower() if c.isascii() else c for c in kept)

    def test_character_split_makes_every_code_point_a_token(self):
        layer = adapted(["Ab é"], split="character")
        assert sorted(layer.get_vocabulary()[2:]) == [" ", "a", "b", "é"]
        assert adapted(["aab"], split="character")(["ba😀"]).tolist() == [[3, 2, 1]]

    @given(
        texts=TEXTS,
        others=TEXTS,
        max_tokens=st.none() | st.integers(3, 8),
        standardize=st.sampled_from(
            ["lower_and_strip_punctuation", "lower", "strip_punctuation", None]
        ),
    )
    def test_agrees_with_the_plain_rules(self, texts, others, max_tokens, standardize):
        texts = [*texts, "a"]
        rows = [plain_words(text, standardize) for text in texts]
        vocabulary = plain_vocabulary(rows, max_tokens)
        options = {"max_tokens": max_tokens, "standardize": standardize}
        layer = adapted(texts, **options)
        assert layer.get_vocabulary() == vocabulary
        for sample in (texts, others):
            sample_rows = [plain_words(text, standardize) for text in sample]
            ids = plain_ids(sample_rows, vocabulary)
            longest = max(map(len, ids), default=0)
            padded = np.array([row + [0] * (longest - len(row)) for row in ids], np.int64)
            assert np.array_equal(layer(sample), padded.reshape(len(ids), longest))
        together = TextVectorization(ragged=True, **options).adapt_and_call(texts)
        assert [row.tolist() for row in together] == plain_ids(rows, vocabulary)


class TestErrors:
    def test_before_there_is_a_vocabulary(self):
        layer = TextVectorization()
        assert layer.get_vocabulary() == ["", "[UNK]"]
        for texts in ([], ["a"], "a"):
            with pytest.raises(ValueError, match="call adapt"):
                layer(texts)

    @pytest.mark.parametrize("texts", [[], [""], [" \n", "!?"]])
    @pytest.mark.parametrize("method", ["adapt", "adapt_and_call"])
    def test_an_empty_corpus_changes_nothing(self, method, texts):
        layer = adapted(["a"])
        with pytest.raises(ValueError, match=f"{len(texts)} texts received.*pass texts"):
            getattr(layer, method)(texts)
        assert layer.get_vocabulary() == ["", "[UNK]", "a"]

    @pytest.mark.parametrize(
        ("texts", "error", "message"),
        [
            ("one text", TypeError, "received str: 'one text'"),
            (7, TypeError, "received int: 7"),
            (["b", 3.5], TypeError, "float at position 1: 3.5"),
            (["b", None], TypeError, "NoneType at position 1"),
            ([b"b"], TypeError, "bytes at position 0"),
            ([["b", "c"]], TypeError, "list at position 0"),
            (["b", "\ud800"], ValueError, r"texts\[1\].*surrogates"),
        ],
    )
    def test_bad_texts_change_nothing(self, texts, error, message):
        layer = adapted(["a"])
        with pytest.raises(error, match=message):
            layer.adapt(texts)
        if not isinstance(texts, str):
            with pytest.raises(error, match=message):
                layer(texts)
        assert layer.get_vocabulary() == ["", "[UNK]", "a"]
        assert layer(["a"]).tolist() == [[2]]

    def test_a_given_vocabulary_is_not_adapted(self):
        layer = TextVectorization(vocabulary=["a"])
        with pytest.raises(ValueError, match="set_vocabulary"):
            layer.adapt(["b"])
        assert layer.get_vocabulary()[2:] == ["a"]
        layer.set_vocabulary(["b"])
        assert layer.get_vocabulary()[2:] == ["b"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"output_mode": "multi_hot"}, "output_mode='multi_hot'.*output_mode='int'"),
            ({"ngrams": 2}, "ngrams=2.*None"),
            ({"sparse": True}, "sparse=True.*False"),
            ({"pad_to_max_tokens": True}, "pad_to_max_tokens=True.*False"),
            ({"idf_weights": [1.0]}, r"idf_weights=\[1.0\].*None"),
            ({"encoding": "latin-1"}, "encoding='latin-1'.*'utf-8'"),
            ({"split": None}, "split=None.*'whitespace' or 'character'"),
            ({"split": str.split}, "split=<method.*'whitespace'"),
            ({"standardize": "upper"}, "standardize='upper'.*'lower'.*None"),
            ({"standardize": ["lower"]}, "standardize=.*'lower'"),
            ({"ragged": 1}, "ragged=1.*True"),
            ({"max_tokens": 2}, "max_tokens must be at least 3.*received 2"),
            ({"output_sequence_length": 0}, "output_sequence_length must be at least 1.*0"),
        ],
    )
    def test_an_unsupported_option_is_named(self, options, message):
        with pytest.raises(ValueError, match=message):
            TextVectorization(**options)

    @pytest.mark.parametrize("value", [3.0, "3", True])
    @pytest.mark.parametrize("name", ["max_tokens", "output_sequence_length"])
    def test_a_size_is_an_integer(self, name, value):
        with pytest.raises(TypeError, match=f"{name} must be an int, received .*{value}"):
            TextVectorization(**{name: value})

    def test_a_numpy_integer_is_a_size(self):
        assert adapted(["a b c"], max_tokens=np.int32(3)).vocabulary_size() == 3


class TestConfig:
    def test_round_trip_keeps_the_vocabulary(self):
        layer = adapted(["B b a"], standardize="lower", output_sequence_length=3, max_tokens=9)
        config = json.loads(json.dumps(layer.get_config()))
        twin = TextVectorization.from_config(config)
        assert twin.get_config() == layer.get_config()
        assert (config["max_tokens"], config["output_sequence_length"]) == (9, 3)
        assert twin(["a B c d"]).tolist() == [[3, 2, 1]]

    def test_round_trip_before_adapt(self):
        options = {"split": "character", "standardize": None, "ragged": True}
        twin = TextVectorization.from_config(TextVectorization(**options).get_config())
        twin.adapt(["Aa"])
        assert isinstance(twin(["a"]), list)
        assert [row.tolist() for row in twin(["aA"])] == [[2, 3]]

    def test_copies_and_pickles(self):
        layer = adapted(["a b b"])
        for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
            assert twin(["a b c"]).tolist() == [[3, 2, 1]]


class TestPadSequences:
    def test_pads_and_cuts_at_the_front(self):
        assert pad_sequences([[1], [2, 3], [4, 5, 6]]).tolist() == [[0, 0, 1], [0, 2, 3], [4, 5, 6]]
        assert pad_sequences([[1], [4, 5, 6]], maxlen=2).tolist() == [[0, 1], [5, 6]]

    def test_pads_and_cuts_at_the_end(self):
        ends = {"padding": "post", "truncating": "post", "value": -1}
        assert pad_sequences([[1], [4, 5, 6]], maxlen=2, **ends).tolist() == [[1, -1], [4, 5]]

    def test_dtypes(self):
        assert pad_sequences([[1]]).dtype == np.int32
        assert pad_sequences([[1], [1.5, 2]], dtype="float32").tolist() == [[0, 1], [1.5, 2]]
        words = pad_sequences([["a"], ["b", 2]], dtype=object, value="-")
        assert words.tolist() == [["-", "a"], ["b", 2]]

    def test_elements_may_be_vectors(self):
        rows = [np.ones((1, 2)), [], np.ones((3, 2))]
        padded = pad_sequences(rows, maxlen=2)
        assert padded.shape == (3, 2, 2)
        assert padded[:, :, 0].tolist() == [[0, 1], [0, 0], [1, 1]]

    def test_nothing_and_empty(self):
        assert pad_sequences([]).shape == (0, 0)
        assert pad_sequences([], maxlen=3).shape == (0, 3)
        assert pad_sequences([[], []]).shape == (2, 0)
        assert pad_sequences([[], []], maxlen=2).tolist() == [[0, 0], [0, 0]]

    def test_leaves_its_input_alone(self):
        rows = [np.arange(3), np.arange(2)]
        padded = pad_sequences(rows, dtype="int64")
        padded[:] = 9
        assert [row.tolist() for row in rows] == [[0, 1, 2], [0, 1]]

    @given(
        rows=st.lists(st.lists(st.integers(-9, 9), max_size=6), max_size=6),
        maxlen=st.none() | st.integers(1, 7),
        padding=st.sampled_from(["pre", "post"]),
        truncating=st.sampled_from(["pre", "post"]),
    )
    def test_agrees_with_list_arithmetic(self, rows, maxlen, padding, truncating):
        padded = pad_sequences(rows, maxlen, padding=padding, truncating=truncating, value=7)
        width = maxlen or max(map(len, rows), default=0)
        assert padded.shape == (len(rows), width)
        for row, line in zip(rows, padded.tolist(), strict=True):
            kept = row[max(0, len(row) - width) :] if truncating == "pre" else row[:width]
            fill = [7] * (width - len(kept))
            assert line == (fill + kept if padding == "pre" else kept + fill)

    @pytest.mark.parametrize(
        ("sequences", "options", "error", "message"),
        [
            ([1, 2], {}, TypeError, r"int at position 0: 1; .*\[sequence\]"),
            ("ab", {}, TypeError, "received str: 'ab'"),
            (["ab"], {}, TypeError, "str at position 0: 'ab'"),
            (5, {}, TypeError, "received int: 5"),
            ([[1], [2.5]], {}, ValueError, "int32, received 2.5"),
            ([[2**40]], {}, ValueError, "int32, received 1099511627776"),
            ([[1], [2**70]], {}, ValueError, f"int32, received {2**70}"),
            ([[float("nan")]], {}, ValueError, "int32, received nan"),
            ([["a"]], {}, ValueError, "int32, received 'a'"),
            ([[None]], {}, ValueError, "int32, received None"),
            ([[1]], {"value": 0.5}, ValueError, "value must fit dtype int32, received 0.5"),
            ([[1]], {"value": "1"}, ValueError, "value must fit dtype int32, received '1'"),
            ([[2]], {"dtype": "bool"}, ValueError, "bool, received 2"),
            ([[-1]], {"dtype": "uint8"}, ValueError, "uint8, received -1"),
            ([[[1, 2]], [3]], {}, ValueError, r"shape \(2,\).*\(\) in sequences\[1\]"),
            ([[[1], [1, 2]]], {}, ValueError, r"sequences\[0\] is not an array"),
            ([[1]], {"maxlen": 0}, ValueError, "maxlen must be at least 1.*received 0"),
            ([[1]], {"maxlen": 2.0}, TypeError, "maxlen must be an int.*2.0"),
            ([], {"padding": "left"}, ValueError, "padding must be 'pre' or 'post'.*'left'"),
            ([], {"truncating": "end"}, ValueError, "truncating must be .*'end'"),
        ],
    )
    def test_refuses(self, sequences, options, error, message):
        with pytest.raises(error, match=message):
            pad_sequences(sequences, **options)


class TestHashing:
    def test_md5_is_the_digest_modulo_the_buckets(self):
        words = ["the", "cat", "sat", "on", "the", "mat"]
        ids = [int(hashlib.md5(w.encode()).hexdigest(), 16) % 49 + 1 for w in words]
        assert hashing_trick("The cat sat: on the mat!", 50, "md5") == ids

    def test_one_hot_is_pythons_hash_and_no_vector(self):
        assert one_hot("the cat", 100) == [hash("the") % 99 + 1, hash("cat") % 99 + 1]
        assert hashing_trick("the cat", 100) == one_hot("the cat", 100)

    @pytest.mark.long
    def test_one_hot_changes_with_the_process_and_md5_does_not(self):
        code = (
            "from embedding_core.text import hashing_trick, one_hot\n"
            "words = ' '.join(map(str, range(50)))\n"
            "print(one_hot(words, 10**6), '|', hashing_trick(words, 10**6, 'md5'))"
        )
        outputs = []
        for seed in "123":
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            command = [sys.executable, "-c", code]
            result = subprocess.run(command, env=environment, capture_output=True, check=True)
            outputs.append(result.stdout.split(b"|"))
        assert len({by_hash for by_hash, _ in outputs}) == 3
        assert len({by_md5 for _, by_md5 in outputs}) == 1

    def test_takes_any_function_and_any_analyzer(self):
        assert hashing_trick("a bb ccc", 3, len) == [2, 1, 2]
        assert hashing_trick("a bb", 100, ord, analyzer=list) == [98, 33, 99, 99]
        assert one_hot("aXb", 9, analyzer=lambda text: text.split("X")) == one_hot("a b", 9)
        with pytest.raises(TypeError, match="analyzer must be None or callable, received 'list'"):
            hashing_trick("a", 9, analyzer="list")

    def test_words_of_a_text(self):
        assert text_to_word_sequence("It's a\tTEST, é-É!") == ["it's", "a", "test", "é", "é"]
        assert text_to_word_sequence("A,b", filters="", lower=False, split=",") == ["A", "b"]
        assert text_to_word_sequence("") == []

    @given(text=st.text(), n=st.integers(2, 20))
    def test_ids_leave_zero_free(self, text, n):
        ids = one_hot(text, n)
        assert len(ids) == len(text_to_word_sequence(text))
        assert all(1 <= number < n for number in ids)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("a", 1), ValueError, "n must be at least 2.*received 1"),
            (("a", 2.5), TypeError, "n must be an int, received float: 2.5"),
            (("a", True), TypeError, "n must be an int, received bool"),
            ((["a"], 5), TypeError, r"one str, received list: \['a'\]"),
            (("a", 5, "sha1"), ValueError, "None, 'md5' or a callable, received 'sha1'"),
            (("a", 5, 3), TypeError, "None, 'md5' or a callable, received int: 3"),
            (("a", 5, "md5", "", True, ""), ValueError, "at least one character"),
            (("a", 5, "md5", "", True, 3), TypeError, "split must be a str, received int: 3"),
        ],
    )
    def test_refuses(self, arguments, error, message):
        with pytest.raises(error, match=message):
            hashing_trick(*arguments)


@pytest.mark.parametrize("make", [list, tuple, np.array])
def test_texts_may_stand_in_a_column(make):
    layer = TextVectorization()
    column = make([["good film"], ["a bad film"]])
    layer.adapt(column)
    flat = TextVectorization()
    flat.adapt(["good film", "a bad film"])
    assert layer.get_vocabulary() == flat.get_vocabulary()
    assert layer(column).tolist() == flat(["good film", "a bad film"]).tolist()
    assert layer.adapt_and_call(column).tolist() == layer(column).tolist()


@pytest.mark.parametrize("texts", [[["good", "film"]], [["good"], "film"], [[["good"]]], [[5]]])
def test_texts_in_another_shape_are_refused(texts):
    with pytest.raises(TypeError, match="texts must hold str only, received"):
        TextVectorization().adapt(texts)
