"""Files of vectors, beside gensim: we read what it writes, and it reads what we read alike."""

import gzip

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedding_core.text import read_glove, read_word2vec

# gensim cuts a line at white space of every kind: words of letters are read alike.
WORD = st.text(st.characters(categories=["L", "N", "P", "S"], codec="utf-8"), min_size=1)
FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


# gensim leaves the file open for Python to close.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def same(ours, theirs):
    # For a repeated word gensim keeps a row of zeros at the end, whose word is None.
    words = [word for word in theirs.index_to_key if word is not None]
    assert ours.words == words
    assert ours.vectors.dtype == theirs.vectors.dtype
    assert ours.vectors.tobytes() == theirs.vectors[: len(words)].tobytes()


@given(st.data(), st.lists(WORD, min_size=1, max_size=5, unique=True), st.integers(2, 4))
@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_what_gensim_writes_is_read_as_gensim_reads_it(
    tmp_path_factory, binary, data, words, width
):
    vectors = data.draw(arrays("float32", (len(words), width), elements=FINITE))
    theirs = KeyedVectors(width)
    theirs.add_vectors(words, vectors)
    path = tmp_path_factory.mktemp("gensim") / "vectors"
    theirs.save_word2vec_format(str(path), binary=binary)
    same(
        read_word2vec(path, binary=binary),
        KeyedVectors.load_word2vec_format(str(path), binary=binary),
    )


def test_a_glove_file_and_a_packed_one_are_read_as_gensim_reads_them(tmp_path):
    rng = np.random.default_rng(0)
    lines = [
        f"w{i} " + " ".join(f"{x:.5g}" for x in rng.standard_normal(7)) + "\n" for i in range(50)
    ]
    (tmp_path / "glove").write_text("".join(lines))
    theirs = KeyedVectors.load_word2vec_format(tmp_path / "glove", no_header=True)
    same(read_glove(tmp_path / "glove"), theirs)
    packed = tmp_path / "vectors.gz"
    packed.write_bytes(gzip.compress("".join(["50 7\n", *lines]).encode()))
    same(read_word2vec(packed), KeyedVectors.load_word2vec_format(packed))


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_the_first_n_and_the_first_of_a_word_are_those_that_gensim_keeps(tmp_path, binary):
    text = b"4 2\ncat 1.5 2.5\ndog 3.5 4.5\ncat 5.5 6.5\nat 7.5 8.5\n"
    if binary:
        rows = np.arange(8, dtype="<f4").reshape(4, 2) + 0.5
        words = (b"cat", b"dog", b"cat", b"at")
        text = b"4 2\n" + b"".join(w + b" " + r.tobytes() for w, r in zip(words, rows, strict=True))
    path = tmp_path / "vectors"
    path.write_bytes(text)
    for limit in (None, 1, 2, 3):
        same(
            read_word2vec(path, binary=binary, limit=limit, duplicates="first"),
            KeyedVectors.load_word2vec_format(str(path), binary=binary, limit=limit),
        )


@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_bytes_that_are_no_utf8_become_what_gensim_makes_of_them(tmp_path, errors):
    path = tmp_path / "vectors"
    path.write_bytes(b"2 2\nca\x97t 1.5 2.5\ndog 3.5 4.5\n")
    same(
        read_word2vec(path, errors=errors),
        KeyedVectors.load_word2vec_format(str(path), unicode_errors=errors),
    )
