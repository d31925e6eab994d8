"""What is compared when a table from texts without labels begins a model's training."""

import numpy as np
import pytest

from embedding_core.relatives.pretraining import (
    prepared,
    rarity_weighted,
    shuffled,
    words_present,
)

IDS = np.array([[2, 3, 2, 0], [3, 1, 0, 0], [3, 4, 0, 0]])


def test_a_word_that_occurs_twice_in_a_text_is_there_once_and_no_word_is_not_there():
    expected = [[0, 0, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 1]]
    np.testing.assert_array_equal(words_present(IDS, 5).toarray(), expected)
    assert words_present(IDS, 5, skip=(0,)).toarray()[1, 1] == 1


def test_a_text_without_a_word_is_a_row_of_zeros():
    assert words_present([[0, 1], [2, 0]], 3).toarray().tolist() == [[0, 0, 0], [0, 0, 1]]


def test_rare_words_weigh_more_and_what_is_everywhere_weighs_nothing():
    weighted = rarity_weighted(words_present(IDS, 5)).toarray()
    np.testing.assert_allclose(weighted[0], [0, 0, np.log(3 / 2), 0, 0])
    np.testing.assert_allclose(weighted[2], [0, 0, 0, 0, np.log(3 / 2)])


def test_a_prepared_table_has_no_mean_row_and_rows_of_one_length():
    table = np.random.default_rng(0).normal(3, 1, (5, 2))
    ids = np.array([[2, 2, 3, 0], [4, 1, 0, 0]])
    rows = prepared(table, ids, 10)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 10)
    mean = (2 * table[2] + table[3] + table[4]) / 4  # as often as they occur
    unscaled = table - mean
    np.testing.assert_allclose(rows, 10 * unscaled / np.linalg.norm(unscaled, axis=1)[:, None])


def test_a_row_that_is_the_mean_becomes_zeros_not_nan():
    rows = prepared([[0, 0], [0, 0], [1, 1], [1, 1], [4, 1]], [2, 3], 1)
    np.testing.assert_array_equal(rows[2:4], 0)
    np.testing.assert_array_equal(rows[4], [1, 0])


def test_shuffling_deals_out_the_same_rows():
    table = np.arange(40.0).reshape(20, 2)
    dealt = shuffled(table, seed=1)
    assert sorted(map(tuple, dealt)) == sorted(map(tuple, table))
    assert (dealt != table).any()
    np.testing.assert_array_equal(dealt, shuffled(table, seed=1))
    assert (dealt != shuffled(table, seed=2)).any()


@pytest.mark.parametrize(
    ("use", "error", "match"),
    [
        (lambda: words_present([2, 3], 5), ValueError, r"shape \(texts, words\): received \S+ \(2"),
        (lambda: words_present(IDS, 4), IndexError, "id 4"),
        (
            lambda: words_present([[]], -4),
            ValueError,
            "input_dim must be a positive .*: received -4",
        ),
        (lambda: prepared([[np.nan, 1]] * 5, IDS, 1), ValueError, "finite numbers: received nan"),
        (lambda: prepared([1.0, 2], IDS, 1), ValueError, r"received shape \(2,\)"),
        (lambda: prepared(np.ones((3, 2)), IDS, 1), IndexError, "id 3"),
        (lambda: prepared(np.ones((5, 2)), [0, 1], 1), ValueError, "ids must hold a word"),
    ],
)
def test_bad_input_is_refused(use, error, match):
    with pytest.raises(error, match=match):
        use()
