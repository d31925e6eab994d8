"""Tables that somebody else has trained: read to the letter, or refused by file and line."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedding_core import Embedding
from embedding_core.layers import embedding_of
from embedding_core.text import (
    TextVectorization,
    WordVectors,
    read_glove,
    read_word2vec,
    write_projector,
)

WORDS = ["the", "naïve", "猫", "don't", "..."]
VECTORS = np.array([[0.5, -1.25], [1e-3, 2e10], [0, -0.0], [3, 4], [-7.5, 0.1]], "float32")


def lines_of(words, vectors):
    return [
        " ".join([w, *map(str, row)]) + "\n" for w, row in zip(words, vectors.tolist(), strict=True)
    ]


def written(path, lines):
    path.write_bytes("".join(lines).encode())
    return path


@pytest.mark.parametrize("end", ["\n", " \n", "\r\n", ""])
def test_both_formats_give_the_words_and_their_numbers(tmp_path, end):
    lines = lines_of(WORDS, VECTORS)
    lines = [line[:-1] + end for line in lines[:-1] if end] + [lines[-1][:-1] + end]
    words = WORDS if end else WORDS[-1:]
    header = f"{len(words)} 2\n"
    for read in (
        read_word2vec(written(tmp_path / "w", [header, *lines])),
        read_glove(written(tmp_path / "g", lines)),
        read_glove(str(tmp_path / "g"), dimension=2),
    ):
        assert read.words == words
        assert read.vectors.dtype == np.float32
        assert read.vectors.tobytes() == VECTORS[-len(words) :].tobytes()


word = st.text(st.characters(codec="utf-8", exclude_characters=" \n\r"), min_size=1, max_size=6)


@given(st.data(), st.lists(word, min_size=1, max_size=5, unique=True), st.integers(1, 4))
def test_what_is_written_is_read_back_to_the_last_bit(tmp_path_factory, data, words, width):
    finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
    vectors = data.draw(arrays("float32", (len(words), width), elements=finite))
    folder = tmp_path_factory.mktemp("w")
    lines = lines_of(words, vectors)
    for read in (
        read_word2vec(written(folder / "w", [f"{len(words)} {width}\n", *lines])),
        read_glove(written(folder / "g", lines)),
    ):
        assert read.words == words
        assert read.vectors.tobytes() == vectors.tobytes()


def test_a_word_of_glove_may_hold_spaces(tmp_path):
    path = written(tmp_path / "g", ["cat 1.0 2.0\n", ". . . 3.0 4.0\n", "at home 5 6\n"])
    read = read_glove(path)
    assert read.words == ["cat", ". . .", "at home"]
    assert read.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


GOOD = "cat 1.0 2.0\n"
BAD_LINES = {
    "too few numbers": ("dog 1.0\n", "line 3, must be a word and 2 numbers: received b'dog 1.0"),
    "too many numbers": ("dog 1.0 2.0 3.0\n", "line 3, must be a word and 2 numbers"),
    "empty": ("\n", "line 3, must be a word and 2 numbers"),
    "no word": (" 1.0 2.0\n", "line 3, must be a word and 2 numbers"),
    "no number": ("dog 1.0 x\n", "line 3, must be UTF-8 and end in 2 numbers: .*x"),
    "NaN": ("dog 1.0 nan\n", "line 3, must hold finite numbers"),
    "infinite": ("dog inf 1.0\n", "line 3, must hold finite numbers"),
    "beyond float32": ("dog 1e300 1.0\n", "line 3, must hold finite numbers"),
    "twice": (GOOD, "line 3, repeats the word 'cat' of line 2"),
}


@pytest.mark.parametrize(("line", "match"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_does_not_fit_is_named_by_file_and_number(tmp_path, line, match):
    path = written(tmp_path / "vectors.txt", ["2 2\n", GOOD, line])
    with pytest.raises(ValueError, match=rf"vectors\.txt, {match}.*Repair or remove the line"):
        read_word2vec(path)
    path = written(tmp_path / "vectors.txt", ["first 0.0 0.0\n", GOOD, line])
    with pytest.raises(ValueError, match=rf"vectors\.txt, {match}"):
        read_glove(path)


def test_a_word_that_is_no_utf8_is_named_by_file_and_number(tmp_path):
    path = tmp_path / "g"
    path.write_bytes(b"cat 1.0\n\xff\xfe 2.0\n")
    with pytest.raises(ValueError, match="line 2, must be UTF-8"):
        read_glove(path)


@pytest.mark.parametrize(
    "header",
    [
        *("", "2\n", "cat 1.0 2.0\n", "2 x\n", "-1 2\n", "0 2\n", "1 0\n"),
        *(f"2 {10**20}\n", "1" * 10_000 + " 2\n"),  # too long for an index, and for Python
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path, header):
    path = written(tmp_path / "w", [header, GOOD])
    with pytest.raises(ValueError, match="line 1, must be"):
        read_word2vec(path)


@pytest.mark.parametrize("count", [1, 3, 10**15])
def test_a_header_that_promises_another_number_of_words_is_refused(tmp_path, count):
    path = written(tmp_path / "w", [f"{count} 2\n", GOOD, "dog 1 2\n"])
    with pytest.raises(ValueError, match=f"line 1, promises {count} words, but 2 follow"):
        read_word2vec(path)


def test_a_header_takes_no_memory_for_what_it_promises(tmp_path):
    path = written(tmp_path / "w", [f"{10**15} {10**17}\n", GOOD])
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=f"line 2, must be a word and {10**17} numbers"):
            read_word2vec(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", ["", "\n", "cat\n"])
def test_a_glove_file_without_numbers_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match="line 1, must be a word and its numbers"):
        read_glove(written(tmp_path / "g", [content]))


def test_a_layer_of_the_words_of_the_file():
    layer = embedding_of(WordVectors(WORDS, VECTORS), trainable=False, name="words")
    assert isinstance(layer, Embedding)
    assert layer([4, 0]).tolist() == VECTORS[[4, 0]].tolist()
    assert (layer.name, layer.trainable_weights) == ("words", [])


def test_a_layer_of_a_vocabulary_of_ones_own():
    vectorize = TextVectorization(vocabulary=["猫", "unseen", "the"])
    layer = embedding_of(
        WordVectors(WORDS, VECTORS),
        vectorize.get_vocabulary(),
        embeddings_initializer="ones",
        mask_zero=True,
        dtype="float64",
    )
    ids = np.asarray(vectorize(["the 猫 unseen"]))
    expected = [VECTORS[0].tolist(), VECTORS[2].tolist(), [1, 1]]
    assert layer(ids)[0].tolist() == expected
    assert layer([0, 1]).tolist() == [[1, 1], [1, 1]]
    assert embedding_of(WordVectors(WORDS, VECTORS), ["new"])([0]).shape == (1, 2)


def test_what_makes_no_layer_is_refused():
    vectors = WordVectors(WORDS, VECTORS)
    with pytest.raises(ValueError, match="input_dim must be a positive integer: received 0"):
        embedding_of(vectors, [])
    with pytest.raises(ValueError, match=r"vectors are floats.*Quantize later"):
        embedding_of(vectors, dtype="int8_from_float32")


def test_the_projector_gets_a_row_and_a_label_for_each_word(tmp_path):
    write_projector(tmp_path / "new", ["", "[UNK]", "a b"], np.array([[0.1, 2], [3, 4], [5, 6]]))
    assert (tmp_path / "new/vectors.tsv").read_bytes() == b"0.1\t2.0\n3.0\t4.0\n5.0\t6.0\n"
    assert (tmp_path / "new/metadata.tsv").read_bytes() == b"[PAD]\n[UNK]\na b\n"
    write_projector(tmp_path, WORDS, VECTORS)
    again = np.loadtxt(tmp_path / "vectors.tsv", delimiter="\t", dtype="float32")
    assert again.tobytes() == VECTORS.tobytes()


@pytest.mark.parametrize(
    ("words", "vectors", "match"),
    [
        (["a\tb"], [[1.0]], r"word 0, 'a\\tb', holds a tab or a line break"),
        (["a", "b\n"], [[1.0], [2.0]], r"word 1, 'b\\n', holds a tab"),
        (["a\u2028b"], [[1.0]], "holds a tab or a line break"),
        (["a"], [[1.0], [2.0]], r"shape \(1, D\), a row for each word: received \(2, 1\)"),
        (["a"], [1.0], r"received \(1,\)"),
        (["a"], [[np.nan]], "must be finite"),
    ],
)
def test_what_the_projector_cannot_hold_is_refused_and_nothing_is_written(
    tmp_path, words, vectors, match
):
    with pytest.raises(ValueError, match=match):
        write_projector(tmp_path / "new", words, vectors)
    assert list(tmp_path.iterdir()) == []
