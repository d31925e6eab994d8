"""Texts as means of rows, against a plain loop; and a set of texts that is fair."""

import numpy as np
import pytest

from embedding_core.relatives.probes import balanced, mean_rows, mentions

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(20, 4))
TEXTS = RNG.integers(0, 20, size=(30, 9))


def test_mentions_looks_for_any_of_the_ids():
    found = mentions(TEXTS, {3, 17})
    assert found.tolist() == [3 in row or 17 in row for row in TEXTS.tolist()]
    assert 0 < found.sum() < 30
    assert found.dtype == bool


def test_the_mean_is_that_of_a_plain_loop():
    skip = (0, 5, 11)
    expected = np.zeros((30, 4))
    for at, row in enumerate(TEXTS.tolist()):
        kept = [id_ for id_ in row if id_ not in skip]
        for id_ in kept:
            expected[at] += TABLE[id_] / len(kept)
    np.testing.assert_allclose(mean_rows(TABLE, TEXTS, skip), expected)
    assert not np.allclose(mean_rows(TABLE, TEXTS), expected), "skipping makes a difference"


def test_a_text_of_which_nothing_is_left_has_the_mean_zero():
    assert mean_rows(TABLE, [[0, 0], [1, 0]], [0]).tolist() == [[0.0] * 4, TABLE[1].tolist()]
    assert mean_rows(TABLE, np.zeros((0, 3), int)).shape == (0, 4)


def test_balanced_takes_as_many_of_each_pair_as_the_rarest_has():
    first, second = np.array([0] * 30 + [1] * 30), np.array([0] * 20 + [1] * 15 + [0] * 25)
    places = balanced(first, second)
    pairs = list(zip(first[places].tolist(), second[places].tolist(), strict=True))
    assert {pair: pairs.count(pair) for pair in pairs} == {
        (0, 0): 5,
        (0, 1): 5,
        (1, 0): 5,
        (1, 1): 5,
    }
    assert len(set(places.tolist())) == 20
    assert places.tolist() == sorted(places.tolist())
    assert sorted(np.bincount(second[places])) == [10, 10], "one label says nothing of the other"


def test_a_seed_decides_who_is_taken():
    first, second = RNG.integers(0, 2, 200), RNG.integers(0, 2, 200)
    assert balanced(first, second, 1).tolist() == balanced(first, second, 1).tolist()
    assert balanced(first, second, 1).tolist() != balanced(first, second, 2).tolist()


def test_a_sample_without_one_of_the_pairs_cannot_be_balanced():
    with pytest.raises(ValueError, match=r"must occur: received \[2, 0, 1, 1\]"):
        balanced([0, 0, 1, 1], np.array([False, False, False, True]))


def test_labels_must_be_two_and_equally_many():
    with pytest.raises(ValueError, match=r"labels must be 0 or 1: received .*2"):
        balanced([0, 1, 2], [0, 1, 1])
    with pytest.raises(ValueError, match=r"received the shapes \(2,\) and \(3,\)"):
        balanced([0, 1], [0, 1, 1])


def test_what_is_no_array_of_texts_is_refused():
    with pytest.raises(ValueError, match=r"received the shape \(2,\) and 1 ids"):
        mentions([1, 2], [1])
    with pytest.raises(ValueError, match=r"and 0 ids"):
        mentions([[1, 2]], [])
    with pytest.raises(ValueError, match=r"received the shapes \(20, 4\) and \(2,\)"):
        mean_rows(TABLE, [1, 2])
    with pytest.raises(IndexError, match=r"id 20 at position \(0, 1\)"):
        mean_rows(TABLE, [[0, 20]])
