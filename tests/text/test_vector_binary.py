"""word2vec's binary form: to the last bit, or refused."""

import gzip

import numpy as np
import pytest

from embedding_core.text import read_word2vec

WORDS = ["the", "naïve", "猫", "don't", "..."]
VECTORS = np.array([[0.5, -1.25], [1e-3, 2e10], [0, -0.0], [3, 4], [-7.5, 0.1]], "float32")


def binary(words, vectors, end=b""):
    rows = (
        w.encode() + b" " + v.astype("<f4").tobytes() for w, v in zip(words, vectors, strict=True)
    )
    return b"%d %d\n" % vectors.shape + b"".join(row + end for row in rows)


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["as gensim writes", "as word2vec writes"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["unpacked", "gzip"])
def test_the_binary_form_is_read_to_the_last_bit(tmp_path, end, pack):
    path = tmp_path / "vectors.bin"
    path.write_bytes(pack(binary(WORDS, VECTORS, end)))
    read = read_word2vec(path, binary=True)
    assert read.words == WORDS
    assert read.vectors.tobytes() == VECTORS.tobytes()
    some = read_word2vec(path, binary=True, vocabulary=["...", "猫"])
    assert (some.words, some.vectors.tolist()) == (["猫", "..."], VECTORS[[2, 4]].tolist())
    assert read_word2vec(path, binary=True, limit=2).words == WORDS[:2]


BINARY = binary(["cat", "dog"], VECTORS[:2])
BAD_BINARY = {
    "cut in a vector": (BINARY[:-3], "word 2, must have 2 numbers, but the file ends"),
    "cut behind a word": (BINARY[:-12], "line 1, promises 2 words, but 1 follow"),
    "cut in a word": (BINARY[:-11], "word 2, has no blank behind it: received b'd'"),
    "more than promised": (BINARY + b"fish", "line 1, promises 2 words, but more follow"),
    "twice": (binary(["cat", "cat"], VECTORS[:2]), "word 2, repeats the word 'cat' of word 1"),
    "no UTF-8": (BINARY.replace(b"dog", b"d\xffg"), "word 2, must be UTF-8"),
    "no first word": (BINARY.replace(b"cat", b""), "word 1, is the empty word"),
    "no word": (BINARY.replace(b"dog", b""), "word 1, has no word behind its 2 numbers"),
    "NaN": (binary(["cat"], VECTORS[:1] * np.nan), "word 1, must hold finite numbers"),
    "text": (b"2 2\ncat 1.0 2.0\ndog 3.0 4.0\n", "vector in plain text. Leave out binary=True"),
    "promises a vector beyond memory": (b"1 %d\ncat \x00" % 10**17, "word 1, must have 1000"),
    "a word without end": (b"1 2\n" + b"a" * 30_000, "word 1, has no blank behind it"),
}


@pytest.mark.parametrize(("content", "match"), BAD_BINARY.values(), ids=BAD_BINARY)
def test_a_file_that_is_not_the_binary_form_is_refused(tmp_path, content, match):
    path = tmp_path / "vectors.bin"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"vectors\.bin, .*{match}"):
        read_word2vec(path, binary=True)


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["as gensim writes", "as word2vec writes"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["unpacked", "gzip"])
@pytest.mark.parametrize("promised", [1, 3])
@pytest.mark.parametrize("limit", [1, 2, None])
def test_a_width_that_does_not_hold_is_refused_where_the_words_are_not_counted_too(
    tmp_path, end, pack, promised, limit
):
    path = tmp_path / "vectors.bin"
    content = binary(["cat", "dog", "cat", "eel"], VECTORS[[3, 3, 2, 3]], end)
    path.write_bytes(pack(content.replace(b"4 2\n", b"4 %d\n" % promised, 1)))
    with pytest.raises(ValueError, match=f"has no word behind its {promised} numbers. Is the head"):
        read_word2vec(path, binary=True, limit=limit, duplicates="first", errors="replace")


def test_what_is_kept_of_a_packed_file_is_the_first_of_each_word_up_to_the_limit(tmp_path):
    path = tmp_path / "vectors.bin.gz"
    words, vectors = ["a", "b", "a", "c", "b"], np.arange(10, dtype="float32").reshape(5, 2)
    path.write_bytes(gzip.compress(binary(words, vectors, b"\n")))
    read = read_word2vec(path, binary=True, limit=4, duplicates="first", vocabulary=["c", "b", "a"])
    assert (read.words, read.vectors.tolist()) == (["a", "b", "c"], vectors[[0, 1, 3]].tolist())
    # The limit counts the words of the file, and not those that are kept.
    read = read_word2vec(path, binary=True, limit=3, duplicates="first", vocabulary=["c", "b"])
    assert (read.words, read.vectors.tolist()) == (["b"], vectors[[1]].tolist())
    with pytest.raises(ValueError, match="word 3, repeats the word 'a' of word 1"):
        read_word2vec(path, binary=True, limit=3)
    assert read_word2vec(path, binary=True, limit=2).words == ["a", "b"]


def test_text_is_told_from_the_binary_form(tmp_path):
    path = tmp_path / "vectors.bin"
    for vectors in (VECTORS, np.random.default_rng(0).standard_normal((9, 60), dtype="float32")):
        path.write_bytes(binary([f"w{i}" for i in range(len(vectors))], vectors))
        with pytest.raises(ValueError, match="read_word2vec takes binary=True"):
            read_word2vec(path)
