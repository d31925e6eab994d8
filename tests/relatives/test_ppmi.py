"""Counting neighbours and factoring the matrix, against loops and NumPy's dense algebra."""

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics
from embedding_core.relatives.ppmi import cooccurrences, ppmi_vectors, shifted_ppmi

TINY = [[2, 3, 2, 4], [4, 3], [5, 5, 2, 3, 5]]


def count_with_loops(texts, num_rows, window):
    counts = np.zeros((num_rows, num_rows))
    for text in texts:
        for i, word in enumerate(text):
            for j, near in enumerate(text):
                distance = abs(i - j)
                if 1 <= distance <= window:
                    counts[word, near] += (window + 1 - distance) / window
    return counts


@given(st.lists(st.lists(st.integers(0, 4), max_size=8), max_size=4), st.integers(1, 9))
def test_the_product_of_one_hot_matrices_counts_as_loops_do(texts, window):
    counts = cooccurrences(texts, 5, window).toarray()
    np.testing.assert_allclose(counts, count_with_loops(texts, 5, window), atol=1e-12)


def test_ids_to_skip_are_taken_out_before_distances_are_counted():
    counts = cooccurrences([[2, 0, 1, 3]], 4, window=1, skip=(0, 1)).toarray()
    assert counts.nonzero()[0].tolist() == [2, 3]
    assert counts[2, 3] == counts[3, 2] == 1


def dense_ppmi(counts, negatives):
    drawn = counts.sum(axis=0) ** 0.75
    joint = counts / counts.sum()
    of_words = joint.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.log(joint / (of_words * drawn / drawn.sum())) - np.log(negatives)
    return np.where(information > 0, information, 0)


@pytest.mark.parametrize("negatives", [1, 2])
def test_the_information_is_that_of_dense_arithmetic(negatives):
    counts = cooccurrences(TINY, 6, window=2)
    expected = dense_ppmi(count_with_loops(TINY, 6, 2), negatives)
    assert expected.any()
    np.testing.assert_allclose(shifted_ppmi(counts, negatives).toarray(), expected, atol=1e-12)


def test_the_vectors_are_numpys_singular_vectors_times_the_roots():
    vectors = ppmi_vectors(TINY, 6, 3, window=2, negatives=1)
    left, sizes, _ = np.linalg.svd(dense_ppmi(count_with_loops(TINY, 6, 2), 1))
    expected = left[:, :3] * np.sqrt(sizes[:3])
    signs = np.sign((vectors * expected).sum(axis=0))
    np.testing.assert_allclose(vectors * signs, expected, atol=1e-9)


def test_words_of_one_topic_lie_together_and_the_result_repeats():
    texts, _ = texts_of_two_topics(40)
    vectors = ppmi_vectors(texts, 12, 4, negatives=1)
    assert neighbours_alike(vectors, np.arange(12) // 6) == 1
    np.testing.assert_array_equal(vectors, ppmi_vectors(texts, 12, 4, negatives=1))


@pytest.mark.parametrize("texts", [[], [[]], [[1], [2]]])
def test_texts_without_neighbours_are_refused(texts):
    with pytest.raises(ValueError, match="no two words are neighbours"):
        ppmi_vectors(texts, 6, 2)


def test_a_shift_that_leaves_nothing_is_refused_with_the_cure():
    with pytest.raises(ValueError, match=r"negatives=1000 leaves no pair above 0.*fewer"):
        ppmi_vectors(TINY, 6, 2, negatives=1000)


def test_more_directions_than_words_are_refused():
    with pytest.raises(ValueError, match=r"output_dim must be below the number of ids, 6: .* 6"):
        ppmi_vectors(TINY, 6, 6)


@pytest.mark.parametrize("argument", ["vocabulary_size", "output_dim", "window", "negatives"])
def test_a_size_must_be_a_positive_integer(argument):
    arguments = {"vocabulary_size": 6, "output_dim": 2, "window": 2, "negatives": 1}
    with pytest.raises(ValueError, match=f"{argument} must be a positive integer: received 0"):
        ppmi_vectors(TINY, **arguments | {argument: 0})


def test_counts_that_are_not_sparse_are_refused():
    with pytest.raises(TypeError, match="counts must be a sparse matrix: received"):
        shifted_ppmi(np.eye(3))


def test_a_matrix_of_zeros_has_no_neighbours():
    with pytest.raises(ValueError, match="no two words are neighbours in these texts"):
        shifted_ppmi(scipy.sparse.csr_array((3, 3)))
